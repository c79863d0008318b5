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
//go:embed casefile.json party.json person.json source.json event.json total.json claim.json involvement.json tie.json
var Files embed.FS
