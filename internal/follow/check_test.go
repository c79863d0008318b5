package follow_test

import (
	"errors"
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func TestCheck(t *testing.T) {
	d := &record.Demand{
		ID: "d", Made: record.On("2001-02-01"), Steps: essential("a"),
		Addressees: []record.DemandAddressee{{Key: "office"}},
	}
	f := follow.OfDemand(d, on("2001-01-10"))
	today := dayOf("2001-06-01")
	for _, test := range []struct {
		name, field, key string
		a                *record.Assessment
	}{
		{"as it should be", "", "", progress("1", "a", record.Met, "2001-05-01", to("office"), happened("2001-04"))},
		{"of today", "", "", progress("1", "a", record.Met, "2001-06-01")},
		{"done before it was asked", "", "", progress("1", "a", record.Met, "2001-05-01", happened("2001-01-20"))},
		{"done in the month of the attack", "", "", progress("1", "a", record.Met, "2001-05-01", happened("2001-01"))},
		{"of another demand", "of", "invalid.choice", progress("1", "a", record.Met, "2001-05-01", func(a *record.Assessment) { a.Of.ID = "other" })},
		{"of a step that is not there", "step", "invalid.unknown", progress("1", "b", record.Met, "2001-05-01")},
		{"of an addressee that is not there", "addressee", "invalid.unknown", progress("1", "a", record.Met, "2001-05-01", to("king"))},
		{"before it was asked", "on", "invalid.before_asked", progress("1", "a", record.Met, "2001-01-31")},
		{"of tomorrow", "on", "invalid.future", progress("1", "a", record.Met, "2001-06-02")},
		{"done before the attack", "happened", "invalid.before_event", progress("1", "a", record.Met, "2001-05-01", happened("2000"))},
		{"done tomorrow", "happened", "invalid.future", progress("1", "a", record.Met, "2001-05-01", happened("2001-07"))},
		{"looked for tomorrow", "looked", "invalid.future", progress("1", "a", record.NoActionFound, "2001-05-01", func(a *record.Assessment) { a.Looked = []record.Looked{{On: "2001-07-01"}} })},
	} {
		err := f.Check(test.a, today)
		invalid, refused := errors.AsType[*record.Invalid](err)
		switch {
		case test.field == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.field != "" && (!refused || len(invalid.Fields) != 1 || invalid.Fields[0].Field != test.field || invalid.Fields[0].Key != test.key):
			t.Errorf("%s: %v, want %s %s", test.name, err, test.field, test.key)
		}
	}
	// Where nobody knows when it was asked, the attack is the bound.
	d.Made = record.When{}
	f = follow.OfDemand(d, on("2001-01-10"))
	if err := f.Check(progress("1", "a", record.Met, "2001-01-09"), today); err == nil {
		t.Error("a judgement before the attack is accepted")
	}
	m := follow.OfCommitment(&record.Commitment{ID: "c", Steps: essential("a")}, edtf.Date{})
	if err := m.Check(progress("1", "a", record.Met, "1990-01-01", func(a *record.Assessment) { a.Of = m.Ref }), today); err != nil {
		t.Errorf("of a commitment nobody dated: %v", err)
	}
}
