package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Save makes a record (rev 0) or changes it (rev is the revision the change was
// made on), for the viewer and with a reason. It is the one way in which forms,
// the API and scripts write register records; what each kind asks for beyond its
// own validity is in allow.
func (h *House) Save(ctx context.Context, v access.Viewer, rec record.Record, rev int, reason string) error {
	need := access.ActEdit
	if enterable(rec) {
		need = access.ActEnter
	}
	action := "make"
	if rev > 0 {
		action = "change"
	}
	err := h.do(ctx, v, need, action+" "+string(rec.Ref().Kind), reason, func(w *Work) error { return w.save(rec, rev) })
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

func (w *Work) save(rec record.Record, rev int) error {
	if c, ok := rec.(*record.Claim); ok {
		// What the review becomes is decided here, not by the caller's record.
		own := *c
		rec = &own
	}
	if err := w.allow(rec, rev); err != nil {
		return err
	}
	if rev == 0 {
		return w.Create(rec)
	}
	return w.rewrite(rec, rev)
}

// errUnchanged ends a change that would change nothing: a form that was saved as
// it was makes no version and no journal entry.
var errUnchanged = errors.New("nothing was changed")

// rewrite changes a record as a person wrote it, and what is worked out from it
// in other records. A record that stands like that already is [errUnchanged].
func (w *Work) rewrite(rec record.Record, rev int) error {
	stands, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), rec.Ref())
	if err != nil {
		return err
	}
	if same, err := sameRecord(stands.Rec, rec); err != nil || same && stands.Rev == rev {
		if err == nil {
			err = errUnchanged
		}
		return err
	}
	source, ok := rec.(*record.Source)
	if !ok {
		return w.Change(rec, rev)
	}
	if err := w.Change(rec, rev); err != nil {
		return err
	}
	return w.reread(stands.Rec.(*record.Source), source)
}

// enterable reports whether a contributor may write such a record: sources and
// their copies, suggested claims, and drafts of anything else in the register.
func enterable(rec record.Record) bool {
	switch r := rec.(type) {
	case *record.Source, *record.Capture:
		return rec.Seen() != record.Public
	case *record.Claim:
		return r.Review.State == record.Suggested && r.Visibility != record.Public
	case *record.Event, *record.Person, *record.Party, *record.Involvement, *record.Tie, *record.Total:
		return rec.Seen() == record.Draft
	}
	return false
}

// MayChange reports whether the viewer may change a record of the register as it
// stands: editors may, others what they entered themselves while it is theirs.
func MayChange(v access.Viewer, rec record.Record, author record.UserID) bool {
	return v.May(access.ActEdit) || v.May(access.ActEnter) && enterable(rec) && author == v.User
}

// MayKeep reports whether the viewer may leave a record of the register at a
// visibility.
func MayKeep(v access.Viewer, rec record.Record, at record.Visibility) bool {
	return v.May(access.ActEdit) || v.May(access.ActEnter) && enterable(seenAs(rec, at))
}

// allow holds the rules that need more than the record itself.
func (w *Work) allow(rec record.Record, rev int) error {
	if ofPetition(rec) {
		return fmt.Errorf("a %s is written at the desk of petitions: %w", rec.Ref().Kind, record.ErrForbidden)
	}
	if ofFollowUp(rec) {
		return fmt.Errorf("a %s is written at the desk of following up: %w", rec.Ref().Kind, record.ErrForbidden)
	}
	var old record.Record
	if rev > 0 {
		item, err := store.AnyOne(w.ctx, &w.tx.Reader, w.viewer, rec.Ref())
		if err != nil {
			return err
		}
		old = item.Rec
		// Changing takes the same right over what stands as over what is to stand.
		if !enterable(old) {
			if err := require(w.viewer, access.ActEdit); err != nil {
				return err
			}
		} else if !MayChange(w.viewer, old, item.Author) {
			return fmt.Errorf("change what somebody else entered: %w", record.ErrForbidden)
		}
	}
	publishes := rec.Seen() == record.Public && (old == nil || old.Seen() != record.Public)
	if publishes {
		if err := require(w.viewer, access.ActPublish); err != nil {
			return err
		}
	}
	if err := w.allowKind(rec, old); err != nil {
		return err
	}
	if err := w.namesNobodyHidden(rec, old); err != nil {
		return err
	}
	if publishes && w.viewer.User != "" {
		// A person reads first what would be public by it: see [House.PublishCheck].
		return &record.Invalid{Fields: []record.FieldError{{Field: "visibility", Key: "invalid.through_publishing"}}}
	}
	return nil
}

// namesNobodyHidden refuses words before the public that name somebody who is hidden on
// request. A person's own record is hidden as a whole.
func (w *Work) namesNobodyHidden(rec, old record.Record) error {
	if _, person := rec.(*record.Person); person || rec.Seen() != record.Public {
		return nil
	}
	if old != nil && old.Seen() == record.Public {
		if same, err := sameRecord(old, rec); err != nil || same {
			return err
		}
	}
	hidden, err := w.hiddenNames()
	if err != nil {
		return err
	}
	for _, n := range hidden {
		named, err := n.inRecord(rec)
		if err != nil {
			return err
		}
		if named {
			return &record.Invalid{Fields: []record.FieldError{{Field: "visibility", Key: "invalid.words_hidden"}}}
		}
	}
	return nil
}

// allowKind holds the rules of one kind of record.
func (w *Work) allowKind(rec, old record.Record) error {
	switch r := rec.(type) {
	case *record.Claim:
		return w.allowClaim(r, old)
	case *record.Event:
		return w.allowEvent(r)
	case *record.Involvement:
		return w.allowInvolvement(r)
	case *record.Person:
		if was, ok := old.(*record.Person); ok && was.Hidden && !r.Hidden {
			// Only the decision about the request that hid a person shows them again.
			return fmt.Errorf("a person hidden on request is shown again by deciding the request: %w", record.ErrForbidden)
		} else if ok {
			return w.keepsRefusals(was, r)
		}
	}
	return nil
}

// allowClaim keeps review in the hands of reviewers and a source's terms over
// what is made of it. A claim that counts and is given other words, numbers or
// attribution was not reviewed as it now stands: unless whoever changes it is the
// house's only reviewer, it waits for another's review and leaves the public.
func (w *Work) allowClaim(c *record.Claim, old record.Record) error {
	was, changed := old.(*record.Claim)
	switch {
	case !changed && c.Review.State == record.Suggested:
		c.Review = record.Review{State: record.Suggested}
	case !changed:
		if err := w.reviewOwn(c, c.Review); err != nil {
			return err
		}
	case was.Review.State != c.Review.State:
		return fmt.Errorf("a claim's state is changed by reviewing it: %w", record.ErrForbidden)
	default:
		c.Review = was.Review
		if was.Review.State.Counts() && !sameContent(was, c) {
			switch err := w.reviewOwn(c, was.Review); {
			case errors.Is(err, errOwnWork):
				c.Review = record.Review{State: record.Suggested}
				c.Visibility = record.Internal
			case err != nil:
				return err
			}
		}
	}
	if c.Visibility == record.Public {
		ok, err := w.groundedClaim(c)
		if err != nil {
			return err
		}
		if !ok {
			return &record.Invalid{Fields: []record.FieldError{{Field: "visibility", Key: "invalid.accused"}}}
		}
	}
	src, err := store.One[*record.Source](w.ctx, &w.tx.Reader, access.House(), c.Source)
	if err != nil {
		return fmt.Errorf("the claim's source: %w", err)
	}
	if c.Visibility == record.Public && src.Rec.Terms == record.TermsInternal {
		return &record.Invalid{Fields: []record.FieldError{{Field: "visibility", Key: "invalid.terms"}}}
	}
	return nil
}

// reviewOwn makes the viewer the reviewer of a claim they have just written, with
// the state and reason given, if the house lets them.
func (w *Work) reviewOwn(c *record.Claim, r record.Review) error {
	if err := require(w.viewer, access.ActReview); err != nil {
		return errOwnWork
	}
	if w.viewer.User == "" {
		c.Review = r // the house itself, which takes in what was reviewed elsewhere
		return nil
	}
	n, err := reviewers(w.ctx, &w.tx.Reader)
	if err != nil {
		return err
	}
	ok, only := w.viewer.MayReview(w.viewer.User, n)
	if !ok {
		return errOwnWork
	}
	c.Review = record.Review{State: r.State, By: w.viewer.User, At: w.at, Reason: r.Reason, OneReviewer: only}
	return nil
}

// sameContent reports whether two versions of a claim say the same: who sees it,
// the internal note and the review aside.
func sameContent(a, b *record.Claim) bool {
	x, y := *a, *b
	x.Visibility, x.Note, x.Review = y.Visibility, y.Note, y.Review
	same, err := sameRecord(&x, &y)
	return err == nil && same
}

// sameRecord reports whether two records are kept as the same bytes.
func sameRecord(a, b record.Record) (bool, error) {
	one, err := ledger.Canonical(a)
	if err != nil {
		return false, err
	}
	two, err := ledger.Canonical(b)
	return err == nil && bytes.Equal(one, two), err
}

// allowEvent refuses an event that would be part of itself by way of others:
// nobody would find any of them.
func (w *Work) allowEvent(e *record.Event) error {
	for id, depth := e.PartOf, 0; id != "" && depth < 100; depth++ {
		if id == e.ID {
			return &record.Invalid{Fields: []record.FieldError{{Field: "part_of", Key: "invalid.itself"}}}
		}
		above, err := store.Get[*record.Event](w.ctx, &w.tx.Reader, access.House(), id)
		if err != nil {
			return err
		}
		whole, ok := above[id]
		if !ok {
			return nil
		}
		id = whole.Rec.PartOf
	}
	return nil
}

// allowInvolvement keeps accusations of living people out of the public unless
// they have the ground the house asks for: an official or court source, or two
// independent origins.
func (w *Work) allowInvolvement(v *record.Involvement) error {
	if v.Visibility != record.Public || v.Person == "" || !v.Role.Accuses() {
		return nil
	}
	ok, err := w.grounded(v)
	if err != nil {
		return err
	}
	if !ok {
		return &record.Invalid{Fields: []record.FieldError{{Field: "visibility", Key: "invalid.accused"}}}
	}
	return nil
}

// ofPetition reports whether a record is a petition or belongs to one: these
// have their own use cases, with rules that a general save does not know.
func ofPetition(rec record.Record) bool {
	switch rec.(type) {
	case *record.Petition, *record.Edition, *record.Endorsement, *record.Batch, *record.Invalidation, *record.Delivery, *record.Reply, *record.Update, *record.Remark:
		return true
	}
	return false
}

// ofFollowUp reports whether a record belongs to following up, which has its own
// use cases too.
func ofFollowUp(rec record.Record) bool {
	switch rec.(type) {
	case *record.Demand, *record.Commitment, *record.Assessment, *record.Proceeding, *record.Coverage, *record.Feed,
		*record.TrendStatement, *record.HolidayCalendar:
		return true
	}
	return false
}
