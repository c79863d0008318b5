package quetta

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func load(t *testing.T) (*exchange.Casefile, map[record.Ref]record.Record) {
	t.Helper()
	c, problems, err := exchange.ReadCasefile(Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("line %d, %s: %s", p.Line, p.Column, p.Reason)
	}
	for _, r := range c.Missing {
		t.Errorf("refers to %s, which is not in the casefile", r)
	}
	all := map[record.Ref]record.Record{}
	for _, r := range c.Records {
		all[r.Ref()] = r
	}
	return c, all
}

func TestLoadsWhole(t *testing.T) {
	c, _ := load(t)
	got := map[record.Kind]int{}
	for _, r := range c.Records {
		got[r.Ref().Kind]++
	}
	want := map[record.Kind]int{
		record.KindParty: 39, record.KindPerson: 6, record.KindSource: 61, record.KindEvent: 30, record.KindTotal: 3,
		record.KindClaim: 271, record.KindInvolvement: 49, record.KindTie: 11, record.KindPetition: 1, record.KindEndorsement: 3,
		record.KindDemand: 15, record.KindCommitment: 16, record.KindAssessment: 6, record.KindProceeding: 4,
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s: %d records, want %d", k, got[k], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("kinds %v, want %v", got, want)
	}
	if len(c.Files) != 0 {
		t.Error("the example holds copies of sources, and must not")
	}
}

// coverage lists, for each thing the two documents do by hand, the records of
// the example that hold it. Petitions, demands and commitments are statements by
// claim here.
var coverage = map[string][]string{
	"P1 addressees and alert":               {"source @petition-2021", "event @petition-2021", "involvement @petition-government", "involvement @petition-pm-office", "involvement @petition-pm", "tie @imran-khan-pm", "claim @p3-hashtag"},
	"P2 Mach, and a pattern for decades":    {"event @mach-2021-01-03", "claim @p4-targeted", "claim @p5-pattern", "claim @p6-decades", "total @hazaras-shias-decades"},
	"P3 sum, reports, reproduced threat":    {"total @hazaras-2003-2017", "claim @nchr-killed", "claim @p7-killed", "source @hrw-2014", "source @lej-public-threat", "event @lej-public-threat", "claim @p9-threat", "claim @p10-threat"},
	"P4 groups, affiliates, communities":    {"party @lej", "party @ttp", "party @islamic-state", "party @sipah-e-sahabah", "party @affiliates-2021", "tie @ttp-affiliates", "claim @p12-boast-lej", "claim @p13-sunni", "claim @p13-hindu"},
	"P5 impunity, even in custody":          {"claim @p11-impunity", "claim @p11-custody", "claim @p12-consequences"},
	"P6 duties":                             {"claim @p14-protect", "claim @p14-belief", "claim @p14-iccpr", "claim @p14-icescr", "claim @p15-failed", "claim @p15-unwilling"},
	"P7 demands and an apology":             {"claim @p17-secure", "claim @p17-prosecute", "claim @p17-incitement", "claim @p18-networks", "claim @p18-disarm", "claim @p18-account", "claim @p19-education", "claim @p19-family", "claim @p19-treatment", "claim @p20-apology"},
	"P8 compensation already promised":      {"claim @p19-promised", "claim @promise-2021-amount", "claim @promise-2021-federal", "claim @promise-2021-provincial", "claim @agreement-2021-amount", "event @announcement-2021-01-04", "event @agreement-2021-01-09"},
	"P9 three organisations":                {"party @amba", "party @sfsr", "party @imi", "involvement @petition-amba", "involvement @petition-sfsr", "involvement @petition-imi"},
	"P10 footnotes":                         {"source @nchr-2018", "source @hrw-2014"},
	"R1 two blasts":                         {"event @alamdar-road-2013-01-10", "event @alamdar-road-first-blast", "event @alamdar-road-second-blast", "claim @a9-explosions"},
	"R2 conflicting numbers and sums":       {"claim @a1-bodies", "claim @a4-victims", "claim @a9-killed", "claim @a9-injured", "claim @a12-killed", "claim @a12-injured", "claim @a12-heaviest", "total @hazaras-lej", "event @quetta-2013-01-10", "event @bacha-khan-chowk-2013-01-10"},
	"R3 sit-in":                             {"event @sit-in-quetta-2013-01", "claim @a1-refusal", "claim @a4-condition", "claim @a5-third-night", "claim @a5-rain", "event @sit-in-mach-2021-01"},
	"R4 protests and rallies":               {"event @protests-2013-01", "event @protest-karachi-2013-01", "event @protest-lahore-2013-01", "event @protest-peshawar-2013-01", "event @protest-islamabad-2013-01", "claim @a4-thousands", "claim @massmob-jan-participants", "event @rallies-planned-2013-01", "claim @a32-au", "claim @a32-af", "claim @a32-us", "claim @a32-gb"},
	"R5 hashtags":                           {"claim @a8-we-are-all-hazara", "claim @a8-shia-genocide"},
	"R6 coverage and a competing march":     {"claim @a8-coverage", "claim @a29-coverage", "claim @a29-media", "claim @a30-coverage", "event @long-march-2013-01"},
	"R7 banned group, ties, warnings":       {"claim @a14-banned", "tie @lej-aswj", "tie @lej-al-qaeda", "tie @lej-rally-groups", "event @lej-warnings-quetta", "claim @a13-warned", "involvement @warnings-lej"},
	"R8 only increasing":                    {"claim @a13-intensifying", "claim @a20-trend", "claim @a3-increasing"},
	"R9 no prosecution, an escape":          {"claim @a23-prosecuted", "event @escape-masterminds", "claim @a24-escaped", "claim @a24-date", "involvement @escape-two", "claim @a14-impunity", "claim @a22-immunity"},
	"R10 demands, negotiation, promises":    {"claim @a15-dissolve", "claim @a15-army", "event @negotiation-quetta-2013-01", "claim @a16-outcome", "claim @a17-promises", "event @pm-visit-quetta-2013-01", "event @promises-2013-01-14", "claim @promise-compensation-date", "claim @promise-governors-rule", "event @compensation-2013-01-10"},
	"R11 judiciary silent, army criticised": {"claim @a28-silent", "claim @a27-leverage", "claim @a27-assets"},
	"R12 a campaigner and families":         {"person @irfan-ali-khudi", "claim @a33-death", "involvement @khudi-killed", "involvement @khudi-rescuer", "involvement @alamdar-families", "claim @a15-lost"},
	"February 2013, as far as sourced":      {"event @quetta-2013-02", "event @protests-2013-02", "claim @massmob-feb-participants"},
}

func TestCoverage(t *testing.T) {
	_, all := load(t)
	for row, names := range coverage {
		for _, name := range names {
			if find(all, name) == nil {
				t.Errorf("%s: there is no record %q", row, name)
			}
		}
	}
	if len(coverage) != 23 {
		t.Errorf("%d rows are covered, want the 22 of the two documents and February 2013", len(coverage))
	}
}

// What the terms of a source forbid to pass on, and what is planned, must not be
// public; every claim of the example says where it stands and, where accepted,
// why.
func TestCarefulWithSources(t *testing.T) {
	c, all := load(t)
	for _, r := range c.Records {
		if p, ok := r.(*record.Person); ok && p.PublicRole.IsZero() {
			t.Errorf("%s is named without a public role", p.Slug)
		}
		m, ok := r.(*record.Claim)
		if !ok {
			continue
		}
		s := all[record.Ref{Kind: record.KindSource, ID: string(m.Source)}].(*record.Source)
		if s.Terms == record.TermsInternal && m.Visibility != record.Internal {
			t.Errorf("claim %s is %s although the terms of its source are internal", m.ID, m.Visibility)
		}
		if m.Visibility == record.Public && all[m.Subject].Seen() != record.Public {
			t.Errorf("claim %s is public and its subject is not", m.ID)
		}
		if m.Passage.Held() || m.Passage.Locator == "" {
			t.Errorf("claim %s needs a locator, since no copy is held", m.ID)
		}
		if dataset := s.Type == record.TypeRow; dataset != (m.Review.State == record.Compiled) {
			t.Errorf("claim %s of a %s is %s", m.ID, s.Type, m.Review.State)
		}
		if m.Kind == record.KindMeasure && m.Role.Compiled() != (s.Type == record.TypeRow) {
			t.Errorf("claim %s of a %s has the role %s", m.ID, s.Type, m.Role)
		}
		if m.Review.Reason == "" {
			t.Errorf("claim %s is %s without a reason", m.ID, m.Review.State)
		}
	}
}

// The dead of the January attack, as the sources give them, must be enough to
// show what a register is for: many numbers, of several scopes, origins and days.
func TestJanuaryIsInConflict(t *testing.T) {
	c, _ := load(t)
	id := func(name string) record.Ref {
		return record.Ref{Kind: record.KindEvent, ID: exchange.CasefileID("quetta", record.KindEvent, name)}
	}
	subjects := map[record.Ref]bool{
		id("quetta-2013-01-10"): true, id("alamdar-road-2013-01-10"): true, id("bacha-khan-chowk-2013-01-10"): true,
		id("alamdar-road-first-blast"): true, id("alamdar-road-second-blast"): true,
	}
	claims, scopes, sources, days, numbers := 0, map[string]bool{}, map[record.SourceID]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range c.Records {
		m, ok := r.(*record.Claim)
		if !ok || !subjects[m.Subject] || m.Measure != record.Killed {
			continue
		}
		claims++
		scopes[m.ScopePrinted] = true
		sources[m.Source] = true
		days[m.AsOf.Date.String()] = true
		numbers[m.Words] = true
	}
	if claims < 26 || len(scopes) < 10 || len(sources) < 12 || len(days) < 4 || len(numbers) < 12 {
		t.Errorf("%d claims, %d scopes, %d sources, %d days, %d numbers", claims, len(scopes), len(sources), len(days), len(numbers))
	}
}

// The example goes through the same door as anybody's casefile: as a folder, and
// as the ZIP that another installation would get.
func TestTravels(t *testing.T) {
	c, _ := load(t)
	folder, problems, err := exchange.OpenCasefile(".")
	if err != nil || len(problems) > 0 || len(folder.Records) != len(c.Records) {
		t.Fatalf("as a folder: %d records, problems %v, error %v", len(folder.Records), problems, err)
	}
	defer folder.Close()
	path := filepath.Join(t.TempDir(), "quetta.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := exchange.WriteCasefile(f, c.Manifest, c.All(), nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	z, problems, err := exchange.OpenCasefile(path)
	if err != nil || len(problems) > 0 {
		t.Fatalf("as a ZIP: problems %v, error %v", problems, err)
	}
	defer z.Close()
	var want []record.Record
	for r := range c.All() {
		want = append(want, r)
	}
	same := cmp.Comparer(func(a, b edtf.Date) bool { return a == b })
	if d := cmp.Diff(want, z.Records, same); d != "" {
		t.Error(d)
	}
}
