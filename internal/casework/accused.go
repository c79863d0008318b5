package casework

import (
	"context"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Accusation is what stands beside the name of somebody accused: how far the
// matter went and what they answer.
type Accusation struct {
	// Status is the part's; empty where a case stands behind it, whose page says how
	// far it went.
	Status record.AccusedStatus
	Reply  record.Text
	// At is the event or the case.
	At Link
}

// accusedPeople are the living whom some records accuse.
type accusedPeople struct {
	answers map[record.PersonID][]Accusation
	// called holds the folded words of each spelling of their names.
	called map[record.PersonID][][]string
	dead   map[record.PersonID]bool
}

// accusedAround reads who is accused, as the viewer sees it, among the people whom
// claims name and in the events that claims or other records are about.
func accusedAround(ctx context.Context, r *store.Reader, v access.Viewer, claims []store.Item[*record.Claim], events ...record.EventID) (*accusedPeople, error) {
	var persons []record.PersonID
	for _, c := range claims {
		for _, ref := range []record.Ref{c.Rec.Subject, c.Rec.Value.Ref} {
			switch ref.Kind {
			case record.KindPerson:
				persons = append(persons, record.PersonID(ref.ID))
			case record.KindEvent:
				events = append(events, record.EventID(ref.ID))
			}
		}
	}
	slices.Sort(persons)
	slices.Sort(events)
	persons, events = slices.Compact(persons), slices.Compact(events)
	a := &accusedPeople{answers: map[record.PersonID][]Accusation{}, called: map[record.PersonID][][]string{}, dead: map[record.PersonID]bool{}}
	parts, err := r.AccusedIn(ctx, v, events...)
	if err != nil {
		return nil, err
	}
	more, err := r.AccusationsOf(ctx, v, persons...)
	if err != nil {
		return nil, err
	}
	cases, err := r.CasesOver(ctx, v, events...)
	if err != nil {
		return nil, err
	}
	against, err := r.CasesAgainst(ctx, v, persons...)
	if err != nil {
		return nil, err
	}
	var at []record.Ref
	for _, i := range append(parts, more...) {
		at = append(at, record.Ref{Kind: record.KindEvent, ID: string(i.Rec.Event)})
	}
	named, err := links(ctx, r, v, at)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, i := range append(parts, more...) {
		if k := i.Rec; !seen[string(k.ID)] {
			seen[string(k.ID)] = true
			a.answers[k.Person] = append(a.answers[k.Person], Accusation{k.Status, k.Reply, named[record.Ref{Kind: record.KindEvent, ID: string(k.Event)}]})
		}
	}
	for _, c := range append(cases, against...) {
		if k := c.Rec; !seen[string(k.ID)] {
			seen[string(k.ID)] = true
			a.answers[k.Person] = append(a.answers[k.Person], Accusation{Reply: k.Reply, At: linkTo(k)})
		}
	}
	people, err := store.Get[*record.Person](ctx, r, v, append(slices.Collect(maps.Keys(a.answers)), persons...)...)
	if err != nil {
		return nil, err
	}
	for id, p := range people {
		if p.Rec.Vital == record.Dead {
			a.dead[id] = true
			delete(a.answers, id)
			continue
		}
		if len(a.answers[id]) == 0 {
			continue
		}
		for _, n := range p.Rec.Names {
			if n.Kind != record.NameShort {
				a.called[id] = append(a.called[id], names.Tokens(n.Text))
			}
		}
	}
	return a, nil
}

// claimed lists the living whom a claim accuses, or who are accused and whom it
// names, by reference or in its words.
func (a *accusedPeople) claimed(c *record.Claim) []record.PersonID {
	found := map[record.PersonID]bool{}
	if id := accuses(c); id != "" && !a.dead[id] {
		found[id] = true
	}
	for _, ref := range []record.Ref{c.Subject, c.Value.Ref} {
		if id := record.PersonID(ref.ID); ref.Kind == record.KindPerson && len(a.answers[id]) > 0 {
			found[id] = true
		}
	}
	a.worded(found, c.Statement, c.Passage.Quote(), c.Value.Text, c.Words)
	return slices.Sorted(maps.Keys(found))
}

// names reports whether a text names somebody accused.
func (a *accusedPeople) names(t record.Text) bool {
	found := map[record.PersonID]bool{}
	a.worded(found, t)
	return len(found) > 0
}

func (a *accusedPeople) worded(found map[record.PersonID]bool, t record.Text, more ...string) {
	if len(a.called) == 0 {
		return
	}
	for _, l := range t {
		more = append(more, l.Text)
	}
	for _, s := range more {
		words := names.Tokens(s)
		for id, spellings := range a.called {
			if !found[id] && slices.ContainsFunc(spellings, func(name []string) bool { return runs(words, name) }) {
				found[id] = true
			}
		}
	}
}

// runs reports whether the words of a name follow each other in a text.
func runs(words, name []string) bool {
	for i := 0; len(name) > 0 && i+len(name) <= len(words); i++ {
		if slices.Equal(words[i:i+len(name)], name) {
			return true
		}
	}
	return false
}

// BesideAccused gathers what belongs beside the names of the accused in claims, as
// the viewer sees it, where what read the claims did not: [Said] of a list has it.
func (h *House) BesideAccused(ctx context.Context, v access.Viewer, lines []*ClaimLine) (beside map[record.ClaimID][]Accusation, err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		beside, err = besideAccused(ctx, r, v, lines)
		return err
	})
	return beside, err
}

func besideAccused(ctx context.Context, r *store.Reader, v access.Viewer, lines []*ClaimLine) (map[record.ClaimID][]Accusation, error) {
	items := make([]store.Item[*record.Claim], len(lines))
	for i, line := range lines {
		items[i].Rec = line.Claim
	}
	a, err := accusedAround(ctx, r, v, items)
	if err != nil {
		return nil, err
	}
	beside := map[record.ClaimID][]Accusation{}
	for _, line := range lines {
		for _, id := range a.claimed(line.Claim) {
			beside[line.Claim.ID] = append(beside[line.Claim.ID], a.answers[id]...)
		}
	}
	return beside, nil
}
