package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// FigureCheck is a short check of a figure: its numbers and the claims it rests
// on. Two figures with one check are the same for every purpose of citing.
func FigureCheck(f *figure.Figure) string {
	h := sha256.New()
	number := func(n *int64) {
		if n == nil {
			_, _ = io.WriteString(h, "-;") // a hash does not fail
			return
		}
		_, _ = fmt.Fprintf(h, "%d;", *n)
	}
	number(f.Low)
	number(f.Best)
	number(f.High)
	_, _ = fmt.Fprintf(h, "%t;%t;%d;%s;%s;%s;", f.Open, f.Approx, f.Origins, f.Status, f.Rule, f.Measure)
	for _, id := range f.UsedClaims() {
		_, _ = fmt.Fprintf(h, "%s;", id)
	}
	return hex.EncodeToString(h.Sum(nil)[:5])
}

// CitedFigure is a figure as it stood at a journal entry, worked out again from
// the versions of that time.
type CitedFigure struct {
	Event  *record.Event // as it is called today
	Figure figure.Figure
	Entry  int64
	At     int64 // when the entry was written, microseconds UTC
	// Same says that the check of the address fits: these are the numbers that
	// were cited. It is false when a claim of that time has been erased, hidden or
	// moved since, and then the numbers are those that can still be worked out.
	Same bool
	Said
}

// FigureAt works out an event's figure as the public saw it at a journal entry:
// from the versions that were public then and are not hidden or erased today.
func (h *House) FigureAt(ctx context.Context, slug string, m record.Measure, rule figure.Rule, scope record.Scope, entry int64, check string) (*CitedFigure, error) {
	out := &CitedFigure{Entry: entry}
	err := h.view(ctx, func(r *store.Reader) error {
		v := access.Anyone()
		event, err := findBySlug[*record.Event](ctx, r, v, slug)
		if err != nil {
			return err
		}
		out.Event = event.Rec
		line, ok, err := r.EntryOf(ctx, entry)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("journal entry %d: %w", entry, record.ErrNotFound)
		}
		out.At = dayOf(line.At)
		ids, err := clusterAt(ctx, r, event.Rec.ID, entry)
		if err != nil {
			return err
		}
		claims, err := r.ClaimsAbout(ctx, v, ids...)
		if err != nil {
			return err
		}
		said, then, err := saidAt(ctx, r, claims, ids, entry)
		if err != nil {
			return err
		}
		out.Figure = figure.Compute(rule, m, scope, said)
		out.Same = FigureCheck(&out.Figure) == check
		out.Said, err = saidOf(ctx, r, v, then)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// clusterAt is the event with all those that accepted proposals connected to it
// at the entry, directly or over others and whichever stood first in a proposal.
// Of those that are not public today nothing will be found.
func clusterAt(ctx context.Context, r *store.Reader, event record.EventID, entry int64) ([]string, error) {
	ids := []string{string(event)}
	for i := 0; i < len(ids); i++ {
		sames, err := r.Sames(ctx, access.House(), record.EventID(ids[i]))
		if err != nil {
			return nil, err
		}
		for _, s := range sames {
			then, _, err := versionAt[*record.Same](ctx, r, s.Rec.Ref(), entry)
			if err != nil {
				return nil, err
			}
			if then == nil || then.State != record.SameAccepted {
				continue
			}
			for _, id := range []string{string(then.A), string(then.B)} {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids, nil
}

// saidAt gives the claims as they stood at the entry, with the sources of that
// time, leaving out what was not public then and what depends on something that
// is not public today.
func saidAt(ctx context.Context, r *store.Reader, claims []store.Item[*record.Claim], events []string, entry int64) ([]figure.Said, []store.Item[*record.Claim], error) {
	var then []store.Item[*record.Claim]
	var olds []*record.Claim
	for _, c := range claims {
		old, rev, err := publicAt[*record.Claim](ctx, r, c.Rec.Ref(), entry)
		if err != nil {
			return nil, nil, err
		}
		if old == nil || old.Kind != record.KindMeasure || !slices.Contains(events, old.Subject.ID) {
			continue
		}
		c.Rec, c.Rev = old, rev
		then, olds = append(then, c), append(olds, old)
	}
	seen, err := stillSeen(ctx, r, access.Anyone(), olds)
	if err != nil {
		return nil, nil, err
	}
	var out []figure.Said
	var shown []store.Item[*record.Claim]
	sources := map[record.SourceID]*record.Source{}
	for i, c := range then {
		if !seen[i] {
			continue
		}
		src, ok := sources[c.Rec.Source]
		if !ok {
			src, _, err = publicAt[*record.Source](ctx, r, record.Ref{Kind: record.KindSource, ID: string(c.Rec.Source)}, entry)
			if err != nil {
				return nil, nil, err
			}
			sources[c.Rec.Source] = src
		}
		if src == nil {
			continue
		}
		out = append(out, saidBy(c.Rec, store.Voice{Outlet: store.OutletKey(src), Source: src}))
		shown = append(shown, c)
	}
	return out, shown, nil
}

// publicAt is a record as it stood at a journal entry, when that version was
// ever public. An earlier one that was is not taken in its place: at the entry it
// was no longer what stood there.
func publicAt[T record.Record](ctx context.Context, r *store.Reader, ref record.Ref, entry int64) (T, int, error) {
	var none T
	rec, p, err := versionAt[T](ctx, r, ref, entry)
	if err != nil || p.Body == nil || p.Level != access.LevelPublic || rec.Seen() != record.Public {
		return none, 0, err
	}
	return rec, p.Rev, nil
}

// versionAt is a record as it stood at a journal entry, nil when there was none
// yet, or when it has been erased or hidden.
func versionAt[T record.Record](ctx context.Context, r *store.Reader, ref record.Ref, entry int64) (T, store.Past, error) {
	var none T
	past, err := r.History(ctx, access.House(), ref)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return none, store.Past{}, nil
	}
	if err != nil {
		return none, store.Past{}, err
	}
	for _, p := range past {
		if p.Entry > entry {
			continue
		}
		if p.Body == nil || p.Hidden {
			return none, store.Past{}, nil
		}
		rec, err := decodePast(ref, p)
		if err != nil {
			return none, store.Past{}, err
		}
		return rec.(T), p, nil
	}
	return none, store.Past{}, nil
}
