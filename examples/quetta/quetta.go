// Package quetta holds the example that comes with Gawah: a casefile of two
// attacks on Hazaras in Pakistan, in Quetta in January 2013 and at Mach in
// January 2021, and of what followed them.
//
// The facts are those that published sources give, each with its source. No copy
// of a source is held, names of victims are not kept without a public role, and
// summaries and statements are in our own words. What is not sourced is said to
// be a gap.
package quetta

import "embed"

// Files is the casefile as a folder: casefile.json and one file for each kind of
// record.
//
//go:embed casefile.json party.json person.json source.json event.json total.json claim.json involvement.json tie.json petition.json endorsement.json demand.json commitment.json assessment.json proceeding.json
var Files embed.FS

// Reason says, in each language of the example, why its petition is published
// with what the check before publication leaves open.
var Reason = map[string]string{
	"en":    "An example for trying out: no copy of any source is held here, the groups it names are named by the sources it cites, and no speaker has checked the translations.",
	"ur":    "آزمانے کے لیے ایک مثال: یہاں کسی ماخذ کی نقل محفوظ نہیں، جن گروہوں کا نام ہے وہ حوالہ دیے گئے ماخذوں نے لیے ہیں، اور ترجموں کی کسی اہلِ زبان نے جانچ نہیں کی۔",
	"fa-AF": "نمونه\u200cای برای آزمودن: نسخه\u200cای از هیچ منبع این\u200cجا نگهداری نمی\u200cشود، گروه\u200cهای نام\u200cبرده را منابع ذکرشده نام برده\u200cاند، و هیچ اهل زبانی ترجمه\u200cها را بررسی نکرده است.",
}
