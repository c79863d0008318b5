package casework

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Enter makes several new records in one go, such as a claim with the event it
// starts: all of them or none.
func (h *House) Enter(ctx context.Context, v access.Viewer, reason string, recs ...record.Record) error {
	if len(recs) == 0 {
		return nil
	}
	need := access.ActEnter
	for _, rec := range recs {
		if !enterable(rec) {
			need = access.ActEdit
		}
	}
	last := recs[len(recs)-1].Ref()
	return h.do(ctx, v, need, "make "+string(last.Kind), reason, func(w *Work) error {
		w.about(last)
		for _, rec := range recs {
			if err := w.Create(rec); err != nil {
				return err
			}
			if err := w.allow(rec, 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// slugWords and slugLength bound a suggested address.
const (
	slugWords  = 9
	slugLength = 70
)

// FreeSlug suggests the readable end of an address for a record of a kind, made
// of some words and, where another record has it, a number. Letters that are not
// Latin are left out, because an address is typed on any keyboard; words without
// any give the kind's own name.
func (h *House) FreeSlug(ctx context.Context, kind record.Kind, words string) (string, error) {
	var parts []string
	length := 0
	for _, t := range names.Tokens(words) {
		t = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, t)
		if t == "" || len(parts) == slugWords || length+len(t) > slugLength {
			continue
		}
		parts, length = append(parts, t), length+len(t)+1
	}
	if len(parts) == 0 {
		parts = []string{string(kind)}
	}
	slug := strings.Join(parts, "-")
	err := h.view(ctx, func(r *store.Reader) error {
		for n := 1; n < 1000; n++ {
			try := slug
			if n > 1 {
				try = fmt.Sprintf("%s-%d", slug, n)
			}
			taken, err := slugTaken(ctx, r, kind, try)
			if err != nil {
				return err
			}
			if !taken {
				slug = try
				return nil
			}
		}
		id, err := h.NewID()
		slug = slug + "-" + strings.ReplaceAll(id, "-", "")[20:]
		return err
	})
	return slug, err
}

// slugTaken reports whether any record has or had the slug.
func slugTaken(ctx context.Context, r *store.Reader, kind record.Kind, slug string) (bool, error) {
	var err error
	switch all := access.House(); kind {
	case record.KindEvent:
		_, err = store.BySlug[*record.Event](ctx, r, all, slug)
	case record.KindPerson:
		_, err = store.BySlug[*record.Person](ctx, r, all, slug)
	case record.KindParty:
		_, err = store.BySlug[*record.Party](ctx, r, all, slug)
	case record.KindTotal:
		_, err = store.BySlug[*record.Total](ctx, r, all, slug)
	case record.KindPetition:
		_, err = store.BySlug[*record.Petition](ctx, r, all, slug)
	case record.KindDemand:
		_, err = store.BySlug[*record.Demand](ctx, r, all, slug)
	case record.KindCommitment:
		_, err = store.BySlug[*record.Commitment](ctx, r, all, slug)
	case record.KindProceeding:
		_, err = store.BySlug[*record.Proceeding](ctx, r, all, slug)
	case record.KindTrendStatement:
		_, err = store.BySlug[*record.TrendStatement](ctx, r, all, slug)
	default:
		return false, nil
	}
	switch {
	case err == nil, errors.Is(err, record.ErrGone):
		return true, nil
	case errors.Is(err, record.ErrNotFound):
		return false, nil
	}
	return false, err
}
