package follow

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Office is a party that is asked, as far as succession needs it.
type Office struct {
	ID        record.PartyID
	Abolished edtf.Date      // the zero Date while it exists
	Successor record.PartyID // "" if nobody took over
}

// Holding is one person in one office for a time.
type Holding struct {
	Office record.PartyID
	Person record.PersonID
	When   edtf.Date // the zero Date when it is not known
}

// HoldingOf reads a tie of a person to the office held, either way round; false for any other.
func HoldingOf(t *record.Tie) (Holding, bool) {
	if t.Kind != record.TieHoldsOffice {
		return Holding{}, false
	}
	from, to := t.From, t.To
	if from.Kind == record.KindParty {
		from, to = to, from
	}
	if from.Kind != record.KindPerson || to.Kind != record.KindParty {
		return Holding{}, false
	}
	return Holding{Office: record.PartyID(to.ID), Person: record.PersonID(from.ID), When: t.When.Date}, true
}

// Answerer is who has to answer on a day.
type Answerer struct {
	// Personal says that it stays with the person who was asked, in office or not.
	Personal bool
	// Office is the office that answers, through Via from the one that was asked (which is the
	// first of Via); Via is empty while the office asked still exists.
	Office record.PartyID
	Via    []record.PartyID
	// Holders are those who can have held the office on that day: several when the dates are not
	// exact, none when nobody is recorded.
	Holders []record.PersonID
	// Changed says that somebody else answers than was asked.
	Changed bool
	// Paused says that the office was abolished without a successor; Since is the first day
	// without it, "" if that is not known.
	Paused bool
	Since  string
}

// Answers works out who answers for an addressee on a day: a personal demand stays
// with the person, an institutional one is with whoever holds the office then, and
// passes to the successor of an office that was abolished. Offices that follow each
// other in a circle, or an abolished one without a successor, leave nobody and pause.
//
// An office whose abolition is dated in part counts as there until the last day it can mean.
func Answers(a record.DemandAddressee, offices map[record.PartyID]Office, holdings []Holding, on edtf.Day) Answerer {
	if a.Personal {
		out := Answerer{Personal: true, Office: a.Party}
		if a.Person != "" {
			out.Holders = []record.PersonID{a.Person}
		}
		return out
	}
	out := Answerer{Office: a.Party}
	if a.Party == "" {
		if a.Person != "" {
			out.Holders = []record.PersonID{a.Person}
		}
		return out
	}
	for {
		o, ok := offices[out.Office]
		if !ok || !gone(o, on) {
			break
		}
		if o.Successor == "" || o.Successor == out.Office || slices.Contains(out.Via, o.Successor) {
			out.Paused = true
			if last, ok := o.Abolished.Latest(); ok {
				out.Since = calendar.DayText(last + 1)
			}
			return out
		}
		out.Via = append(out.Via, out.Office)
		out.Office = o.Successor
	}
	out.Holders = holders(holdings, out.Office, on)
	out.Changed = len(out.Via) > 0 || a.Person != "" && len(out.Holders) > 0 && !slices.Contains(out.Holders, a.Person)
	return out
}

func gone(o Office, on edtf.Day) bool {
	if o.Abolished.IsZero() {
		return false
	}
	last, ok := o.Abolished.Latest()
	return ok && last < on
}

// holders returns those recorded as holding the office on the day; those without a
// date only when nobody is dated to it. Each once, those who came last first.
func holders(all []Holding, office record.PartyID, on edtf.Day) []record.PersonID {
	var dated, undated []Holding
	for _, h := range all {
		switch {
		case h.Office != office:
		case h.When.IsZero():
			undated = append(undated, h)
		case h.When.ContainsDay(on):
			dated = append(dated, h)
		}
	}
	if dated == nil {
		dated = undated
	}
	slices.SortStableFunc(dated, func(a, b Holding) int {
		return cmp.Or(-a.When.Compare(b.When), cmp.Compare(a.Person, b.Person))
	})
	var out []record.PersonID
	for _, h := range dated {
		if !slices.Contains(out, h.Person) {
			out = append(out, h.Person)
		}
	}
	return out
}

// Pauses returns the spells in which an addressee cannot answer: those that were
// entered for it or for all, and the one since its office was abolished without a
// successor.
func Pauses(entered []record.ClockPause, addressee string, who Answerer) []Spell {
	var out []Spell
	for _, p := range entered {
		if p.Addressee == "" || p.Addressee == addressee {
			out = append(out, Spell{From: p.From, To: p.To})
		}
	}
	if who.Paused && who.Since != "" {
		out = append(out, Spell{From: who.Since})
	}
	return out
}
