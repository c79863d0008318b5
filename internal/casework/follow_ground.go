package casework

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// proceedingClaims lists every claim that a proceeding rests on, once each.
func proceedingClaims(p *record.Proceeding) []record.ClaimID {
	ids := slices.Clone(p.Claims)
	for _, s := range p.Steps {
		ids = append(ids, s.Claims...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// groundedProceeding reports whether a proceeding may be public: it names no
// person, or it has the ground that an accusing part in an event would need.
func (w *Work) groundedProceeding(p *record.Proceeding) (bool, error) {
	if p.Person == "" {
		return true, nil
	}
	claims, err := store.Get[*record.Claim](w.ctx, &w.tx.Reader, access.House(), proceedingClaims(p)...)
	if err != nil {
		return false, err
	}
	person := record.Ref{Kind: record.KindPerson, ID: string(p.Person)}
	var ground []store.Item[*record.Claim]
	for _, c := range claims {
		event := c.Rec.Subject.Kind == record.KindEvent && slices.Contains(p.Events, record.EventID(c.Rec.Subject.ID))
		about := c.Rec.Subject == person || c.Rec.Value.Ref == person || event && c.Rec.Kind != record.KindMeasure
		if about && c.Rec.Review.State.Counts() && c.Level == access.LevelPublic {
			ground = append(ground, c)
		}
	}
	slices.SortFunc(ground, func(a, b store.Item[*record.Claim]) int { return cmp.Compare(a.Rec.ID, b.Rec.ID) })
	return w.enough(ground, p.Official)
}

// GroundedProceeding is the check of a named accused for another room of use
// cases: whether a proceeding may be public.
func (w *Work) GroundedProceeding(p *record.Proceeding) (bool, error) { return w.groundedProceeding(p) }

// accusedStage is how far a case is, as its furthest step says.
func accusedStage(p *record.Proceeding) string {
	if len(p.Steps) == 0 {
		return ""
	}
	return string(p.Steps[len(p.Steps)-1].Kind)
}

// weakenProceeding notes that the ground of a proceeding has to be looked at again
// before the work ends.
func (w *Work) weakenProceeding(p *record.Proceeding) {
	if p.Person != "" {
		w.weaker[p.Ref()] = true
	}
}

// regroundProceedings takes back named proceedings that lost their ground: those
// noted themselves, and those of people and events about whom a claim counts for
// less now.
func (w *Work) regroundProceedings() error {
	found := map[record.ProceedingID]bool{}
	for ref := range w.weaker {
		if ref.Kind == record.KindProceeding {
			found[record.ProceedingID(ref.ID)] = true
			delete(w.weaker, ref)
			continue
		}
		ids, err := w.tx.ProceedingsTied(w.ctx, ref.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			found[id] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if _, err := w.ungroundProceeding(id); err != nil {
			return err
		}
	}
	return nil
}

// ungroundProceeding takes back a proceeding unless it has its ground, and returns
// it when it did.
func (w *Work) ungroundProceeding(id record.ProceedingID) (*record.Proceeding, error) {
	got, err := store.Get[*record.Proceeding](w.ctx, &w.tx.Reader, access.House(), id)
	if err != nil {
		return nil, err
	}
	item, ok := got[id]
	if !ok || item.Rec.Visibility != record.Public || item.Rec.Person == "" {
		return nil, nil
	}
	if ok, err := w.groundedProceeding(item.Rec); err != nil || ok {
		return nil, err
	}
	back := *item.Rec
	back.Visibility = record.Internal
	return &back, w.Change(&back, item.Rev)
}

// takeBackProceeding is [publication.takeBackAccusations] for one proceeding.
func (p *publication) takeBackProceeding(ref record.Ref) error {
	back, err := p.work.ungroundProceeding(record.ProceedingID(ref.ID))
	if err != nil || back == nil {
		return err
	}
	p.Accused = append(p.Accused, p.finding(back, "publish.accused", accusedStage(back)))
	return nil
}
