package casework

import (
	"errors"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// takenIn is a record of another house's casefile as it comes to live in this one.
// Whoever made the casefile may have written anything into it: accounts of another
// house mean nobody here, or somebody who never decided what is said of them, and two
// events are shown as one only when somebody here decided so.
func (w *Work) takenIn(rec record.Record, fresh map[record.Ref]bool, most record.Visibility) (record.Record, error) {
	rec, err := w.settles(withoutAccounts(rec))
	if err != nil {
		return nil, err
	}
	if s, ok := rec.(*record.Same); ok && s.State == record.SameAccepted {
		a, b := record.Ref{Kind: record.KindEvent, ID: string(s.A)}, record.Ref{Kind: record.KindEvent, ID: string(s.B)}
		if !fresh[a] || !fresh[b] {
			proposed := *s
			proposed.State, proposed.Review = record.SameProposed, record.Review{}
			rec = &proposed
		}
	}
	return noMoreThan(rec, most), nil
}

// openness orders visibilities.
var openness = []record.Visibility{record.Draft, record.Internal, record.Public}

// noMoreThan returns a record that no more people see than most, which is empty for
// no bound. Parts of a petition are no more visible than it, and stay as they are.
func noMoreThan(rec record.Record, most record.Visibility) record.Record {
	if most == "" || slices.Index(openness, rec.Seen()) <= slices.Index(openness, most) {
		return rec
	}
	if kind := rec.Ref().Kind; kind != record.KindPetition && !slices.Contains(publishOrder, kind) {
		return rec
	}
	return seenAs(rec, most)
}

// withoutAccounts is a record without the accounts of the house that it is from.
func withoutAccounts(rec record.Record) record.Record {
	switch r := rec.(type) {
	case *record.Claim:
		c := *r
		c.ScopeReadBy, c.Review.By = "", ""
		return &c
	case *record.Capture:
		c := *r
		c.By = ""
		return &c
	case *record.Same:
		s := *r
		s.Review.By = ""
		return &s
	case *record.Assessment:
		a := *r
		a.Review.By = ""
		return &a
	}
	return rec
}

// holdBack makes internal again the claims of a casefile that may not be public
// here: those that accuse somebody without the ground the house asks for, and those
// of sources whose terms keep them in the house.
func (w *Work) holdBack(records []record.Record) error {
	terms := map[record.SourceID]record.Terms{}
	for _, rec := range records {
		c, ok := rec.(*record.Claim)
		if !ok || c.Visibility != record.Public {
			continue
		}
		of, known := terms[c.Source]
		if !known {
			src, err := store.One[*record.Source](w.ctx, &w.tx.Reader, access.House(), c.Source)
			if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
				continue // the claim was refused, too
			}
			if err != nil {
				return err
			}
			of = src.Rec.Terms
			terms[c.Source] = of
		}
		if of != record.TermsInternal && accuses(c) == "" {
			continue
		}
		item, err := store.One[*record.Claim](w.ctx, &w.tx.Reader, access.House(), c.ID)
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			continue
		}
		if err != nil {
			return err
		}
		if item.Rec.Visibility != record.Public {
			continue
		}
		if of != record.TermsInternal {
			if ok, err := w.groundedClaim(item.Rec); err != nil || ok {
				if err != nil {
					return err
				}
				continue
			}
		}
		back := *item.Rec
		back.Visibility = record.Internal
		if err := w.Change(&back, item.Rev); err != nil {
			return err
		}
	}
	return nil
}
