package petitions

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// Invalidation is a decision that signatures are not counted.
type Invalidation = store.Item[*record.Invalidation]

// VoidPreview is what an invalidation would do, rounded down to tens: a heap of
// fewer than ten, none included, is 0. An exact number for conditions of one's own
// choice would tell who has signed.
type VoidPreview struct {
	// Matching would be taken out of the count: Confirmed of them count now, the
	// others wait for their confirmation, because whoever attacks a petition stores
	// some up.
	Matching, Confirmed int64
	// Untouched match too and stand as they are: withdrawn, repeated, out already.
	Untouched int64
}

// tens rounds a number down to tens.
func tens(n int64) int64 { return n - n%10 }

// mayVoid is the right to propose or judge about abuse: a moderator's. The owners
// of a petition may propose.
func (d *Desk) mayVoid(v access.Viewer, p *record.Petition) error {
	if v.May(access.ActVoid) || v.May(access.ActSigners) && owns(v, p) {
		return nil
	}
	return fmt.Errorf("judge about signatures: %w", record.ErrForbidden)
}

func voidAction(v access.Viewer) access.Action {
	if v.May(access.ActVoid) {
		return access.ActVoid
	}
	return access.ActSigners
}

// PreviewVoid counts roughly what an invalidation would do. It changes nothing,
// and the petition's log says who looked for what.
func (d *Desk) PreviewVoid(ctx context.Context, v access.Viewer, id record.PetitionID, where record.VoidWhere) (VoidPreview, error) {
	out, err := d.previewVoid(ctx, v, id, where)
	if err != nil {
		return out, err
	}
	return out, d.Note(ctx, v, id, "counted what an invalidation would match: "+conditions(where))
}

// conditions writes what signatures are looked for by.
func conditions(w record.VoidWhere) string {
	var out []string
	for _, c := range []struct{ name, value string }{
		{"country", w.Country},
		{"mail domain", w.Domain},
		{"from", hourText(w.From)},
		{"to", hourText(w.To)},
		{"batch", string(w.Batch)},
		{"network", w.Network},
	} {
		if c.value != "" {
			out = append(out, c.name+" "+c.value)
		}
	}
	return strings.Join(out, ", ")
}

// hourText writes an hour since 1970, "" for none.
func hourText(hour int64) string {
	if hour == 0 {
		return ""
	}
	return time.Unix(hour*3600, 0).UTC().Format("2006-01-02 15") + " h"
}

func (d *Desk) previewVoid(ctx context.Context, v access.Viewer, id record.PetitionID, where record.VoidWhere) (VoidPreview, error) {
	var out VoidPreview
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return out, err
	}
	if err := d.mayVoid(v, p.Rec); err != nil {
		return out, err
	}
	w, err := d.where(ctx, p.Rec, where)
	if err != nil {
		return out, err
	}
	states, err := d.signing.Matching(ctx, p.Rec.Number, w)
	if err != nil {
		return out, err
	}
	for state, n := range states {
		switch state {
		case signature.Confirmed:
			out.Confirmed += n
			out.Matching += n
		case signature.Pending:
			out.Matching += n
		default:
			out.Untouched += n
		}
	}
	return VoidPreview{Matching: tens(out.Matching), Confirmed: tens(out.Confirmed), Untouched: tens(out.Untouched)}, nil
}

// where turns a record's conditions into those of signing. None at all is refused:
// it would mean every signature.
func (d *Desk) where(ctx context.Context, p *record.Petition, w record.VoidWhere) (signing.Where, error) {
	out := signing.Where{Country: w.Country, Domain: strings.ToLower(strings.TrimSpace(w.Domain)), From: w.From, To: w.To}
	switch {
	case w == (record.VoidWhere{}):
		return out, wrong("where", "required")
	case w.Country != "" && !isCountry(w.Country):
		return out, wrong("country", "country", "code", w.Country)
	case w.From < 0 || w.To < 0 || w.To != 0 && w.To < w.From:
		return out, wrong("to", "order")
	}
	if out.Domain != "" {
		if _, err := signature.ParseAddress("a@"+out.Domain, signature.DefaultRules()); err != nil {
			return out, wrong("domain", "domain")
		}
	}
	if w.Network != "" {
		net, err := hex.DecodeString(w.Network)
		if err != nil || len(net) == 0 || len(net) > 32 {
			return out, wrong("network", "hash")
		}
		out.Network = net
	}
	if w.Batch != "" {
		err := d.view(ctx, func(r *store.Reader) error {
			b, err := store.One[*record.Batch](ctx, r, access.House(), w.Batch)
			if err == nil && b.Rec.Petition != p.ID {
				err = record.ErrNotFound
			}
			if err == nil {
				out.Batch = b.Rec.Number
			}
			return err
		})
		if errors.Is(err, record.ErrNotFound) {
			return out, wrong("batch", "choice")
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// ProposeVoid proposes to take signatures out of the count for a public reason.
// Nothing happens until a second person agrees. Whether a few match is not told:
// conditions that match nothing are carried out on nothing. A mail domain that
// few people use has to match [trendLeast] or more.
func (d *Desk) ProposeVoid(ctx context.Context, v access.Viewer, id record.PetitionID, reason record.VoidReason, summary record.Text, where record.VoidWhere) (record.InvalidationID, error) {
	preview, err := d.previewVoid(ctx, v, id, where)
	if err != nil {
		return "", err
	}
	if domain := strings.ToLower(strings.TrimSpace(where.Domain)); domain != "" && !mailProviders[domain] && preview.Matching < trendLeast {
		return "", wrong("where", "few_match")
	}
	rid, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	i := &record.Invalidation{
		ID: record.InvalidationID(rid), Petition: id, Reason: reason, Summary: summary, Where: where, State: record.VoidProposed,
		Matching: preview.Matching, Proposed: v.User, Visibility: record.Internal,
	}
	err = d.do(ctx, v, voidAction(v), "propose invalidation", "", func(w *casework.Work) error {
		i.Made = w.At()
		return w.Create(i)
	})
	if err != nil {
		return "", err
	}
	return i.ID, nil
}

// errOwnProposal says who agrees with an invalidation.
var errOwnProposal = fmt.Errorf("somebody else than whoever proposed it agrees with an invalidation: %w", record.ErrForbidden)

// AgreeVoid decides that a proposed invalidation is carried out, which begins at
// once and survives a restart. Whoever proposed it may agree only in a house
// where nobody else could, and it is marked so.
func (d *Desk) AgreeVoid(ctx context.Context, v access.Viewer, id record.InvalidationID, rev int) error {
	err := d.decideVoid(ctx, v, "agree to invalidation", "", id, rev, func(w *casework.Work, i *record.Invalidation) error {
		if i.State != record.VoidProposed {
			return wrong("state", "petition_state")
		}
		if i.Proposed != "" && i.Proposed == v.User {
			others, err := judgesBeside(ctx, &w.Tx().Reader, v.User)
			if err != nil {
				return err
			}
			if others {
				return errOwnProposal
			}
			i.OneReviewer = true
		}
		i.State, i.Second = record.VoidAgreed, v.User
		return nil
	})
	if err != nil {
		return err
	}
	return d.CarryOut(ctx)
}

// AgreesAlone reports whether nobody but the viewer could agree with what they
// proposed.
func (d *Desk) AgreesAlone(ctx context.Context, v access.Viewer) (alone bool, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		others, err := judgesBeside(ctx, r, v.User)
		alone = v.May(access.ActVoid) && !others
		return err
	})
	return alone, err
}

// judgesBeside reports whether another account could agree.
func judgesBeside(ctx context.Context, r *store.Reader, user record.UserID) (bool, error) {
	all, err := r.Accounts(ctx)
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if a.ID != user && !a.Closed && a.Password != "" && (access.Viewer{User: a.ID, Role: access.Role(a.Role)}).May(access.ActVoid) {
			return true, nil
		}
	}
	return false, nil
}

// RefuseVoid turns a proposed invalidation down.
func (d *Desk) RefuseVoid(ctx context.Context, v access.Viewer, id record.InvalidationID, rev int, reason string) error {
	return d.decideVoid(ctx, v, "refuse invalidation", reason, id, rev, func(_ *casework.Work, i *record.Invalidation) error {
		if i.State != record.VoidProposed {
			return wrong("state", "petition_state")
		}
		i.State, i.Second = record.VoidRefused, v.User
		return nil
	})
}

// UndoVoid puts the signatures that an invalidation took out back to what they
// were, but for those that were withdrawn meanwhile. It needs a reason.
func (d *Desk) UndoVoid(ctx context.Context, v access.Viewer, id record.InvalidationID, rev int, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return wrong("reason", "required")
	}
	err := d.decideVoid(ctx, v, "undo invalidation", reason, id, rev, func(_ *casework.Work, i *record.Invalidation) error {
		if i.State != record.VoidDone && i.State != record.VoidAgreed {
			return wrong("state", "petition_state")
		}
		i.State = record.VoidUndoing
		return nil
	})
	if err != nil {
		return err
	}
	return d.CarryOut(ctx)
}

func (d *Desk) decideVoid(ctx context.Context, v access.Viewer, action, reason string, id record.InvalidationID, rev int, fn func(*casework.Work, *record.Invalidation) error) error {
	return d.do(ctx, v, access.ActVoid, action, reason, func(w *casework.Work) error {
		item, err := store.One[*record.Invalidation](ctx, &w.Tx().Reader, v, id)
		if err != nil {
			return err
		}
		if rev != 0 && rev != item.Rev {
			return fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrConflict)
		}
		now := *item.Rec
		if err := fn(w, &now); err != nil {
			return err
		}
		return w.Change(&now, item.Rev)
	})
}

// Invalidations lists what was proposed and decided about a petition, oldest
// first, for moderators and its owners.
func (d *Desk) Invalidations(ctx context.Context, v access.Viewer, id record.PetitionID) (out []Invalidation, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if err := d.mayVoid(v, p.Rec); err != nil {
			return err
		}
		out, err = r.InvalidationsOf(ctx, v, id)
		return err
	})
	return out, err
}

// CarryOut carries out what was decided about signatures and has not come to its
// end. Every step may be done again, by several processes at once.
func (d *Desk) CarryOut(ctx context.Context) error {
	var open []Invalidation
	numbers := map[record.PetitionID]*record.Petition{}
	err := d.view(ctx, func(r *store.Reader) error {
		err := store.Each(ctx, r, access.House(), func(i Invalidation) error {
			if i.Rec.State == record.VoidAgreed || i.Rec.State == record.VoidUndoing {
				open = append(open, i)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, i := range open {
			p, err := store.One[*record.Petition](ctx, r, access.House(), i.Rec.Petition)
			if err != nil {
				return err
			}
			numbers[i.Rec.Petition] = p.Rec
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, i := range open {
		if err := d.carryOut(ctx, numbers[i.Rec.Petition], i); err != nil && !errors.Is(err, record.ErrConflict) {
			return fmt.Errorf("carry out %s: %w", i.Rec.Ref(), err)
		}
	}
	return nil
}

func (d *Desk) carryOut(ctx context.Context, p *record.Petition, i Invalidation) error {
	end := record.VoidDone
	var left int64
	if i.Rec.State == record.VoidUndoing {
		end = record.VoidUndone
		if _, err := d.signing.Unvoid(ctx, p.Number, string(i.Rec.ID)); err != nil {
			return err
		}
	} else {
		w, err := d.where(ctx, p, i.Rec.Where)
		if err != nil {
			return err
		}
		// What came after the decision was not decided about.
		if until := hourOf(i.At); w.To == 0 || w.To > until {
			w.To = until
		}
		if _, err := d.signing.Void(ctx, p.Number, w, string(i.Rec.ID)); err != nil {
			return err
		}
		err = d.view(ctx, func(r *store.Reader) error {
			states, err := r.CountWhere(ctx, store.SignatureWhere{Petition: p.Number, Voided: string(i.Rec.ID)})
			left = states[signature.Voided]
			return err
		})
		if err != nil {
			return err
		}
	}
	return d.do(ctx, access.House(), access.ActVoid, "carry out invalidation", "", func(w *casework.Work) error {
		now := *i.Rec
		now.State, now.Voided = end, tens(left)
		return w.Change(&now, i.Rev)
	})
}
