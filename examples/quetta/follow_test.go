package quetta

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// TestRowsOfTheFollowUp checks the table of docs/method.md: each row is held by the
// records that it names, which the public sees.
func TestRowsOfTheFollowUp(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "method.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(doc), "## The follow-up of both attacks\n")
	if !ok {
		t.Fatal("docs/method.md has no chapter on the follow-up of both attacks")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	_, all := load(t)
	rows := rowLine.FindAllStringSubmatch(section, -1)
	if len(rows) != 13 {
		t.Fatalf("%d rows, want P5 to P8 and R3 to R11", len(rows))
	}
	for _, row := range rows {
		for part := range strings.SplitSeq(row[2], "; ") {
			m := rowPart.FindStringSubmatch(strings.TrimSpace(part))
			if m == nil {
				t.Errorf("%s: %q names no kind of thing", row[1], part)
				continue
			}
			for _, name := range rowNames.FindAllStringSubmatch(m[2], -1) {
				switch m[1] {
				case "basis":
					if !hasBasis(all, name[1]) {
						t.Errorf("%s: no demand rests on %s", row[1], name[1])
					}
				case "internal":
					if r := find(all, "event @"+name[1]); r == nil || r.Seen() != record.Internal {
						t.Errorf("%s: %s is not kept internal", row[1], name[1])
					}
				default:
					if r := find(all, m[1]+" @"+name[1]); r == nil || r.Seen() != record.Public {
						t.Errorf("%s: the example has no public %s %s", row[1], m[1], name[1])
					}
				}
			}
		}
	}
}

func hasBasis(all map[record.Ref]record.Record, key string) bool {
	for _, r := range all {
		if d, ok := r.(*record.Demand); ok && slices.ContainsFunc(d.Bases, func(b record.LegalBasis) bool { return b.Key == key && len(b.Sources) > 0 }) {
			return true
		}
	}
	return false
}

// TestGapsStayGaps keeps what sources leave open open, and every word in the three
// languages of the public pages.
func TestGapsStayGaps(t *testing.T) {
	_, all := load(t)
	commitment := func(name string) *record.Commitment {
		t.Helper()
		m, ok := find(all, "commitment @"+name).(*record.Commitment)
		if !ok {
			t.Fatalf("no commitment %s", name)
		}
		return m
	}
	for _, name := range []string{"earlier-promises", "promised-basic-compensation"} {
		if m := commitment(name); !m.Unidentified || len(m.By) > 0 || len(m.Amounts) > 0 || !m.Due.IsZero() {
			t.Errorf("%s says more than its source", name)
		}
	}
	// The two sums for the families of Mach stand in conflict, each with its claim.
	var whole []int64
	for _, a := range commitment("compensation-mach").Amounts {
		if a.Part.IsZero() {
			whole = append(whole, a.Value)
		}
		if a.Currency != "PKR" || len(a.Claims) == 0 {
			t.Errorf("amount %+v", a)
		}
	}
	if !slices.Equal(whole, []int64{2_500_000, 1_500_000}) {
		t.Errorf("sums are %v", whole)
	}
	if m := commitment("offer-2013-partial"); m.Offer == nil || m.Offer.Answer != record.OfferRefused {
		t.Errorf("the offer is %+v", m.Offer)
	}
	for name, day := range map[string]string{"promise-2013-governors-rule": "2013-01-14", "promise-2013-compensation-date": "2013-01-31", "promise-2021-meeting": "2021-01-08"} {
		if m := commitment(name); m.Due.Day != day || m.Due.Origin != record.DueStated || m.Due.Zone == "" {
			t.Errorf("%s is due %+v", name, m.Due)
		}
	}
	p, ok := find(all, "proceeding @two-masterminds").(*record.Proceeding)
	if !ok || p.Person != "" || p.Group.Low == nil || *p.Group.Low != 2 {
		t.Error("the two who escaped are not kept by their number")
	}
	spoken := func(what, name string, text record.Text) {
		if text.IsZero() {
			return
		}
		for _, tag := range []string{"en", "ur", "fa-AF"} {
			if !slices.ContainsFunc(text, func(w record.LangText) bool { return w.Lang == tag && w.Text != "" }) {
				t.Errorf("%s: the %s lacks %s", name, what, tag)
			}
		}
	}
	for ref, r := range all {
		switch r := r.(type) {
		case *record.Demand:
			spoken("text", r.Slug, r.Text)
			spoken("asker", r.Slug, r.ByText)
			for _, a := range r.Addressees {
				spoken("office", r.Slug, a.Office)
			}
			if r.Of.Kind == record.KindPetition && (r.Key == "" || !r.Due.IsZero()) {
				t.Errorf("%s: key %q, due %+v, which the petition of 2021 does not say", r.Slug, r.Key, r.Due)
			}
		case *record.Commitment:
			spoken("text", r.Slug, r.Text)
			spoken("beneficiary", r.Slug, r.ToText)
			spoken("condition", r.Slug, r.Conditions)
		case *record.Assessment:
			spoken("reason", ref.ID, r.Reason)
			if r.Review.State != record.Accepted || !r.Review.OneReviewer {
				t.Errorf("assessment %s is not marked as by one reviewer", ref.ID)
			}
		case *record.Proceeding:
			spoken("title", r.Slug, r.Title)
			spoken("jurisdiction", r.Slug, r.Jurisdiction)
		}
	}
}

// TestEveryPromiseIsCarried counts what was promised after each attack.
func TestEveryPromiseIsCarried(t *testing.T) {
	_, all := load(t)
	attack := func(name string) record.EventID {
		return record.EventID(exchange.CasefileID("quetta", record.KindEvent, name))
	}
	got := map[record.EventID]int{}
	for _, r := range all {
		if m, ok := r.(*record.Commitment); ok {
			got[m.Attack]++
			if len(m.Claims) == 0 {
				t.Errorf("%s rests on no claim", m.Slug)
			}
		}
	}
	// Seven promises and one offer of January 2013; of 2021 two sums for one thing, five more, and
	// what the petition calls promised already; earlier promises belong to no attack.
	if got[attack("alamdar-road-2013-01-10")] != 8 || got[attack("mach-2021-01-03")] != 7 || got[""] != 1 {
		t.Errorf("promises by attack: %v", got)
	}
}
