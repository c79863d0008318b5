package follow_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
)

// TestDuty finds the day from which a cited duty is owed.
func TestDuty(t *testing.T) {
	basis := func(state, force string) record.LegalBasis {
		b := record.LegalBasis{Key: "basis", Instrument: record.Plain("en", "Covenant of Examples"), State: state}
		if force != "" {
			b.InForce = record.On(force)
		}
		return b
	}
	office := record.DemandAddressee{Key: "office", Country: "PK"}
	personal := record.DemandAddressee{Key: "holder", Country: "PK", Personal: true}
	for _, test := range []struct {
		name  string
		made  string
		due   record.Due
		bases []record.LegalBasis
		to    record.DemandAddressee
		want  string
		kind  follow.StartKind
	}{
		{"a demand alone", "2001-03-05", record.Due{}, nil, office, "", ""},
		{"a duty without a day", "2001-03-05", record.Due{}, []record.LegalBasis{basis("PK", "")}, office, "2001-03-05", follow.StartCited},
		{"a duty of every state", "2001-03-05", record.Due{}, []record.LegalBasis{basis("", "")}, office, "2001-03-05", follow.StartCited},
		{"in force long before", "2001-03-05", record.Due{}, []record.LegalBasis{basis("PK", "1976-03-23")}, office, "2001-03-05", follow.StartCited},
		{"in force later", "2001-03-05", record.Due{}, []record.LegalBasis{basis("PK", "2010-09-23")}, office, "2010-09-23", follow.StartCited},
		{"the first of two in force", "2001-03-05", record.Due{}, []record.LegalBasis{basis("PK", "2010-09-23"), basis("PK", "2005")}, office, "2005-12-31", follow.StartCited},
		{"asked in a year", "2001", record.Due{}, []record.LegalBasis{basis("PK", "")}, office, "2001-12-31", follow.StartCited},
		{"nobody knows when it was cited", "", record.Due{}, []record.LegalBasis{basis("PK", "1976-03-23")}, office, "", ""},
		{"of another state", "2001-03-05", record.Due{}, []record.LegalBasis{basis("AF", "")}, office, "", ""},
		{"of a state, to one whose country is not known", "2001-03-05", record.Due{}, []record.LegalBasis{basis("AF", "")}, record.DemandAddressee{Key: "a"}, "2001-03-05", follow.StartCited},
		{"asked of the person", "2001-03-05", record.Due{}, []record.LegalBasis{basis("PK", "")}, personal, "", ""},
		{"with a day by law", "2001-03-05", record.Due{Day: "2001-04-01", Zone: "Asia/Karachi", Origin: record.DueLegal}, []record.LegalBasis{basis("PK", "")}, office, "2001-04-01", follow.StartDuty},
		{"with a day that somebody set", "2001-03-05", record.Due{Day: "2001-04-01", Zone: "Asia/Karachi", Origin: record.DueHouse}, []record.LegalBasis{basis("PK", "")}, office, "2001-03-05", follow.StartCited},
		{"with a day that somebody set and no duty", "2001-03-05", record.Due{Day: "2001-04-01", Zone: "Asia/Karachi", Origin: record.DueStated}, nil, office, "", ""},
	} {
		m := &record.Demand{ID: "demand", Due: test.due, Bases: test.bases, Addressees: []record.DemandAddressee{test.to}}
		if test.made != "" {
			m.Made = record.On(test.made)
		}
		got, ok := follow.Duty(m, test.to)
		if got.On != test.want || got.Kind != test.kind || ok != (test.want != "") || ok && got.Ref != m.Ref() {
			t.Errorf("%s: %+v %v, want %q from %q", test.name, got, ok, test.kind, test.want)
		}
	}
}
