package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ChangeCheck works out what [House.Save] of a change would put before the public at
// once: people whom a public record names only now, sentences that no claim bears
// out, wrongdoers in words, other records that become public by it. It is nil where
// the public would read nothing new of that sort. Like [House.PublishCheck] it makes
// the change and takes it back.
func (h *House) ChangeCheck(ctx context.Context, v access.Viewer, rec record.Record, rev int) (*Findings, error) {
	return h.changeCheck(ctx, v, rec.Ref(), func(w *Work) error { return w.save(rec, rev) })
}

// RestoreCheck is ChangeCheck for [House.RestoreVersion].
func (h *House) RestoreCheck(ctx context.Context, v access.Viewer, ref record.Ref, rev, current int) (*Findings, error) {
	return h.changeCheck(ctx, v, ref, func(w *Work) error { return w.restore(ref, rev, current) })
}

func (h *House) changeCheck(ctx context.Context, v access.Viewer, ref record.Ref, change func(*Work) error) (*Findings, error) {
	p := &publication{}
	err := h.do(ctx, v, access.ActEnter, "try to change", "", func(w *Work) error {
		p.work = w
		if err := p.change(ref, change); err != nil {
			return err
		}
		return errTried
	})
	switch {
	case errors.Is(err, errTried):
	case errors.Is(err, errUnchanged):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if len(p.Becomes)+len(p.Persons)+len(p.Uncited)+len(p.Worded) == 0 {
		return nil, nil
	}
	return &p.Findings, nil
}

// change makes a change and notes what the public reads by it that it did not read
// before.
func (p *publication) change(ref record.Ref, change func(*Work) error) error {
	w := p.work
	was, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if err != nil {
		return err
	}
	p.chosen = map[record.Ref]store.Item[record.Record]{ref: was}
	p.before, p.recs = map[record.Ref]access.Level{}, map[record.Ref]record.Record{}
	if err := p.remember(); err != nil {
		return err
	}
	if err := p.uncited(was.Rec); err != nil {
		return err
	}
	had := p.Uncited
	p.Uncited = nil
	if err := change(w); err != nil {
		return err
	}
	now, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if err != nil || now.Level != access.LevelPublic {
		return err
	}
	if p.Checked, err = digestOf(now.Rec); err != nil {
		return err
	}
	p.recs[ref] = now.Rec
	if err := p.explain(); err != nil {
		return err
	}
	if was.Level != access.LevelPublic {
		return p.nameEnds() // all of it is new, and explained as such
	}
	if err := p.uncited(now.Rec); err != nil {
		return err
	}
	p.Uncited = slices.DeleteFunc(p.Uncited, func(f Finding) bool {
		return slices.ContainsFunc(had, func(o Finding) bool { return o.Detail == f.Detail })
	})
	if c, ok := now.Rec.(*record.Claim); ok && accusesInWords(c) {
		if before := was.Rec.(*record.Claim); !accusesInWords(before) || before.Value.Text != c.Value.Text {
			p.worded(c)
		}
	}
	if err := p.people(namedAnew(was.Rec, now.Rec)); err != nil {
		return err
	}
	return p.nameEnds()
}

// namedAnew lists the people whom a record names and did not name, and a person of
// whom it says something else.
func namedAnew(was, now record.Record) []string {
	if p, ok := now.(*record.Person); ok {
		old := was.(*record.Person)
		if reflect.DeepEqual(p.Names, old.Names) && reflect.DeepEqual(p.About, old.About) && reflect.DeepEqual(p.PublicRole, old.PublicRole) {
			return nil
		}
		return []string{string(p.ID)}
	}
	before := personsIn(was)
	return slices.DeleteFunc(personsIn(now), func(id string) bool { return slices.Contains(before, id) })
}

// digestOf tells one wording of a record from another. Who reviewed a claim, and
// when, is not part of what is worded.
func digestOf(rec record.Record) (string, error) {
	if c, ok := rec.(*record.Claim); ok {
		own := *c
		own.Review = record.Review{}
		rec = &own
	}
	body, err := ledger.Canonical(rec)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}
