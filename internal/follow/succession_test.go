package follow_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnswers(t *testing.T) {
	held := func(office record.PartyID, who record.PersonID, when string) follow.Holding {
		h := follow.Holding{Office: office, Person: who}
		if when != "" {
			h.When = on(when)
		}
		return h
	}
	offices := map[record.PartyID]follow.Office{
		"office": {ID: "office"},
		"old":    {ID: "old", Abolished: on("2001-06-30"), Successor: "office"},
		"older":  {ID: "older", Abolished: on("1999"), Successor: "old"},
		"ended":  {ID: "ended", Abolished: on("2001-06-30")},
		"egg":    {ID: "egg", Abolished: on("2000"), Successor: "hen"},
		"hen":    {ID: "hen", Abolished: on("2000"), Successor: "egg"},
	}
	holdings := []follow.Holding{
		held("office", "first", "2000-01-01/2001-03-31"), held("office", "second", "2001-04-01/.."), held("old", "third", "1990/.."), held("other", "fourth", ""),
	}
	asked := func(office record.PartyID, who record.PersonID) record.DemandAddressee {
		return record.DemandAddressee{Key: "a", Party: office, Person: who}
	}
	personal := asked("office", "first")
	personal.Personal = true
	for _, test := range []struct {
		name string
		a    record.DemandAddressee
		day  string
		want follow.Answerer
	}{
		{"the one who was asked", asked("office", "first"), "2001-03-31", follow.Answerer{Office: "office", Holders: []record.PersonID{"first"}}},
		{"the next holder", asked("office", "first"), "2001-04-01", follow.Answerer{Office: "office", Holders: []record.PersonID{"second"}, Changed: true}},
		{"an apology stays", personal, "2010-01-01", follow.Answerer{Personal: true, Office: "office", Holders: []record.PersonID{"first"}}},
		{"a person by name alone stays", record.DemandAddressee{Personal: true, Holder: record.Plain("en", "Test Holder")}, "2010-01-01", follow.Answerer{Personal: true}},
		{"a person without office", asked("", "first"), "2010-01-01", follow.Answerer{Holders: []record.PersonID{"first"}}},
		{"an office in words", record.DemandAddressee{Office: record.Plain("en", "Office of Examples")}, "2010-01-01", follow.Answerer{}},
		{"nobody recorded", asked("office", ""), "1995-01-01", follow.Answerer{Office: "office"}},
		{"dated by nothing", asked("other", ""), "2001-01-01", follow.Answerer{Office: "other", Holders: []record.PersonID{"fourth"}}},
		{"on the last day of an office", asked("old", "third"), "2001-06-30", follow.Answerer{Office: "old", Holders: []record.PersonID{"third"}}},
		{"after it", asked("old", "third"), "2001-07-01", follow.Answerer{Office: "office", Via: []record.PartyID{"old"}, Holders: []record.PersonID{"second"}, Changed: true}},
		{"through two", asked("older", ""), "2001-07-01", follow.Answerer{Office: "office", Via: []record.PartyID{"older", "old"}, Holders: []record.PersonID{"second"}, Changed: true}},
		{"in a year in which it may still be", asked("older", ""), "1999-12-31", follow.Answerer{Office: "older"}},
		{"without successor", asked("ended", ""), "2001-07-01", follow.Answerer{Office: "ended", Paused: true, Since: "2001-07-01"}},
		{"in a circle", asked("egg", ""), "2001-07-01", follow.Answerer{Office: "hen", Via: []record.PartyID{"egg"}, Paused: true, Since: "2001-01-01"}},
	} {
		if diff := cmp.Diff(test.want, follow.Answers(test.a, offices, holdings, dayOf(test.day))); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	// Two who may both have been in office on the day are both named, the later first.
	got := follow.Answers(asked("x", ""), nil, []follow.Holding{held("x", "a", "2000/2001"), held("x", "b", "2001/2002"), held("x", "b", "2001")}, dayOf("2001-05-01"))
	if diff := cmp.Diff([]record.PersonID{"b", "a"}, got.Holders); diff != "" {
		t.Error(diff)
	}
}

// TestAnswersEnds: however offices follow each other, somebody or nobody answers.
func TestAnswersEnds(t *testing.T) {
	keys := []record.PartyID{"a", "b", "c", "d", ""}
	rapid.Check(t, func(t *rapid.T) {
		offices := map[record.PartyID]follow.Office{}
		for _, k := range keys[:4] {
			o := follow.Office{ID: k, Successor: rapid.SampledFrom(keys).Draw(t, "successor")}
			if rapid.Bool().Draw(t, "abolished") {
				o.Abolished = on("2000")
			}
			offices[k] = o
		}
		got := follow.Answers(record.DemandAddressee{Party: "a"}, offices, nil, dayOf("2001-01-01"))
		if gone := !offices[got.Office].Abolished.IsZero(); gone != got.Paused {
			t.Fatalf("%+v answers", got)
		}
	})
}

func TestHoldingOf(t *testing.T) {
	person, office := record.Ref{Kind: record.KindPerson, ID: "p"}, record.Ref{Kind: record.KindParty, ID: "o"}
	want := follow.Holding{Office: "o", Person: "p", When: on("2001/..")}
	for _, test := range []struct {
		tie record.Tie
		ok  bool
	}{
		{record.Tie{From: person, To: office, Kind: record.TieHoldsOffice, When: record.On("2001/..")}, true},
		{record.Tie{From: office, To: person, Kind: record.TieHoldsOffice, When: record.On("2001/..")}, true},
		{record.Tie{From: person, To: office, Kind: record.TieMember}, false},
		{record.Tie{From: office, To: office, Kind: record.TieHoldsOffice}, false},
		{record.Tie{From: person, To: person, Kind: record.TieHoldsOffice}, false},
	} {
		if h, ok := follow.HoldingOf(&test.tie); ok != test.ok || ok && h != want {
			t.Errorf("%+v: %+v %v", test.tie, h, ok)
		}
	}
}

func TestPauses(t *testing.T) {
	entered := []record.ClockPause{{From: "2001-01-01", To: "2001-01-31"}, {Addressee: "a", From: "2001-03-01"}, {Addressee: "b", From: "2001-05-01"}}
	got := follow.Pauses(entered, "a", follow.Answerer{Paused: true, Since: "2001-07-01"})
	if diff := cmp.Diff([]follow.Spell{{From: "2001-01-01", To: "2001-01-31"}, {From: "2001-03-01"}, {From: "2001-07-01"}}, got); diff != "" {
		t.Error(diff)
	}
	equal(t, "written", got[0].String(), "2001-01-01/2001-01-31")
	equal(t, "since nobody knows when", len(follow.Pauses(nil, "a", follow.Answerer{Paused: true})), 0)
}
