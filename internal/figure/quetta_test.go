package figure_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// alamdarRoad is what published sources gave for the dead of the two blasts on
// Alamdar Road, Quetta, 10 January 2013, at the site. Four of the nine reports
// quote police officers; police is how a claim names its one.
func alamdarRoad(police func(as string) change) []figure.Said {
	return []figure.Said{
		say("ap", "El Djoumhouria", exactly(52), police("a police officer"), asOf("2013-01-10T20:00+05:00"), published("2013-01-11")),
		say("bbc", "BBC", exactly(81), police("police"), asOf("2013-01-10"), published("2013-01-10")),
		say("guardian", "The Guardian", exactly(81), asOf("2013-01-10"), published("2013-01-10")),
		say("dawn", "Dawn", exactly(81), asOf("2013-01-11"), published("2013-01-11")), // printed "as many as"
		say("dig", "Dawn", exactly(81), police("DIG Hamid Shakeel"), asOf("2013-01-11"), published("2013-01-11")),
		say("ccpo", "AFP", exactly(81), police("CCPO Mir Zubair Mehmood"), asOf("2013-01-11"), published("2013-01-11")),
		say("news", "The News", number(record.AtLeast, 80), published("2013-01-11")),
		say("satp", "South Asia Terrorism Portal", exactly(105), published("2013-02")),
		say("takreem", "Takreem-e-Shuhada", number(record.MoreThan, 80), published("2013-04")),

		say("pbc", "Pakistan Body Count", number(record.Between, 51, 93), role(record.CompiledRange)),
		say("ucdp", "UCDP GED", number(record.Between, 96, 105, 96), role(record.CompiledRange)),
		say("gtd", "GTD", exactly(54), role(record.CompiledSingle)),
		say("gtd second row", "GTD", exactly(53), role(record.CompiledSingle), source("second row")),

		say("city a", "Outlet A", exactly(92), scope(quettaThatDay)),
		say("city b", "Outlet B", exactly(93), scope(quettaThatDay)),
		say("city c", "Outlet C", number(record.AtLeast, 96), scope(quettaThatDay)),
		say("city d", "Outlet D", number(record.MoreThan, 100), scope(quettaThatDay)),
		say("city e", "Outlet E", exactly(117), scope(quettaThatDay)),
	}
}

var quettaThatDay = record.Scope{Area: record.AreaCity, Place: "quetta", Period: "2013-01-10"}

func apart(as string) change { return quoting(as) }

func one(string) change { return quotingParty("quetta police") }

// The range over all reports is 52 to 105, open. gawah/1 gives the same bounds
// as long as each officer is an origin of his own, for the officer of the first
// evening never spoke again. Once an editor says that all four speak for one
// police force, the early 52 is that force's out-of-date count and the range is
// 80 to 105, open: what the register of claims calls "52 superseded". The best
// is 81 either way; no dataset and no city-wide count has any part in it.
func TestAlamdarRoad(t *testing.T) {
	for _, tc := range []struct {
		name   string
		police func(string) change
		rule   figure.Rule
		scope  record.Scope
		want   string
	}{
		{"officers apart", apart, figure.Gawah1, record.Scope{}, "52–105+ best 81, 9 disputed"},
		{"one police force", one, figure.Gawah1, record.Scope{}, "80–105+ best 81, 6 disputed"},
		{"officers apart", apart, figure.ACLED1, record.Scope{}, "52–52 best 52, 9 disputed"},
		{"one police force", one, figure.ACLED1, record.Scope{}, "80–80 best 80, 6 disputed"},
		{"newest source", one, figure.GTD1, record.Scope{}, "81–81 best 81, 6 disputed"},
		{"lowest of equally reliable", one, figure.UCDP1, record.Scope{}, "80–105 best 80, 6 disputed"},
		{"minimum and maximum", one, figure.IBC1, record.Scope{}, "80–105 best none, 6 disputed"},
		{"the city is another scope", one, figure.Gawah1, quettaThatDay, "92–117+ best none, 5 disputed"},
	} {
		f := figure.Compute(tc.rule, record.Killed, tc.scope, alamdarRoad(tc.police))
		if got := text(&f); got != tc.want {
			t.Errorf("%s, %s: got %s, want %s", tc.rule, tc.name, got, tc.want)
		}
	}

	f := figure.Compute(figure.Gawah1, record.Killed, record.Scope{}, alamdarRoad(one))
	for id, want := range map[string]figure.Use{
		"ap":     {Reason: figure.OutOfDate, Of: "ccpo"},
		"bbc":    {Reason: figure.OutOfDate, Of: "ccpo"},
		"ccpo":   {Reason: figure.Used, Used: true},
		"dig":    {Reason: figure.Repeats, Of: "ccpo"},
		"dawn":   {Reason: figure.Used, Used: true},
		"ucdp":   {Reason: figure.CompiledBeside},
		"city e": {Reason: figure.OtherScope},
	} {
		if got := reasonOf(&f, id); got.Reason != want.Reason || got.Used != want.Used || got.Of != want.Of {
			t.Errorf("%s is %s of %q, want %s of %q", id, got.Reason, got.Of, want.Reason, want.Of)
		}
	}

	// Without its reports the attack has only what datasets say of it.
	var datasets []figure.Said
	for _, s := range alamdarRoad(one) {
		if s.Claim.Role.Compiled() {
			datasets = append(datasets, s)
		}
	}
	f = killed(datasets...)
	if got := text(&f); got != "51–105 best none, 0 compiled" {
		t.Errorf("datasets alone: got %s", got)
	}
}

// The injured: 101 to 200, open above, no number that two origins share.
func TestAlamdarRoadInjured(t *testing.T) {
	injured := measure(record.Injured)
	said := []figure.Said{
		say("a", "El Djoumhouria", number(record.MoreThan, 100), quoting("a police officer"), injured),
		say("b", "The Guardian", exactly(110), injured),
		say("c", "BBC", number(record.MoreThan, 120), quoting("police"), injured),
		say("d", "Dawn", exactly(120), quoting("DIG Hamid Shakeel"), injured),
		say("e", "Dawn", exactly(121), injured),
		say("f", "Outlet F", exactly(200), injured),
		say("g", "Outlet G", exactly(169), injured),
		say("h", "Outlet H", number(record.MoreThan, 100), injured),
	}
	f := figure.Compute(figure.Gawah1, record.Injured, record.Scope{}, said)
	if got := text(&f); got != "101–200+ best none, 8 disputed" {
		t.Errorf("got %s", got)
	}
	f = figure.Compute(figure.ACLED1, record.Injured, record.Scope{}, said)
	if f.Known() {
		t.Errorf("acled gives %s for the injured", text(&f))
	}
}
