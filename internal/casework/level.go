package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// parents lists the records that a record can be no more visible than: a claim
// is not public before its source and its subject are.
func parents(r record.Record) []record.Ref {
	var refs []record.Ref
	add := func(k record.Kind, id string) {
		if id != "" {
			refs = append(refs, record.Ref{Kind: k, ID: id})
		}
	}
	switch r := r.(type) {
	case *record.Claim:
		add(record.KindSource, string(r.Source))
		refs = append(refs, r.Subject)
		if r.Value.Ref.Kind == record.KindPerson {
			refs = append(refs, r.Value.Ref)
		}
		add(record.KindPerson, string(r.AttributedTo.Person))
	case *record.Capture:
		add(record.KindSource, string(r.Source))
	case *record.Involvement:
		add(record.KindEvent, string(r.Event))
		add(record.KindPerson, string(r.Person))
		add(record.KindParty, string(r.Party))
	case *record.Tie:
		refs = append(refs, r.From, r.To)
	case *record.Edition:
		add(record.KindPetition, string(r.Petition))
	case *record.Endorsement:
		add(record.KindPetition, string(r.Petition))
	case *record.Delivery:
		add(record.KindPetition, string(r.Petition))
	case *record.Reply:
		add(record.KindPetition, string(r.Petition))
	case *record.Update:
		add(record.KindPetition, string(r.Petition))
	case *record.Batch:
		add(record.KindPetition, string(r.Petition))
	case *record.Invalidation:
		add(record.KindPetition, string(r.Petition))
	case *record.Remark:
		refs = append(refs, r.About)
	case *record.Demand:
		refs = append(refs, r.Of)
	case *record.Assessment:
		refs = append(refs, r.Of)
	case *record.Proceeding:
		add(record.KindPerson, string(r.Person))
	case *record.Coverage:
		add(record.KindEvent, string(r.Event))
	}
	return refs
}

// tied lists the further records that one is no more visible than while they
// exist: whom a demand asks, the negotiation in which something was promised, the
// attacks a proceeding is about. Once they were erased it stands without them.
func tied(r record.Record) []record.Ref {
	var refs []record.Ref
	add := func(k record.Kind, id string) {
		if id != "" {
			refs = append(refs, record.Ref{Kind: k, ID: id})
		}
	}
	switch r := r.(type) {
	case *record.Demand:
		for _, a := range r.Addressees {
			add(record.KindParty, string(a.Party))
			add(record.KindPerson, string(a.Person))
		}
		for _, p := range r.By {
			add(record.KindParty, string(p))
		}
		add(record.KindEvent, string(r.Attack))
	case *record.Commitment:
		for _, p := range r.By {
			add(record.KindParty, string(p.Party))
			add(record.KindPerson, string(p.Person))
		}
		for _, p := range r.To {
			add(record.KindParty, string(p))
		}
		add(record.KindEvent, string(r.Attack))
		add(record.KindEvent, string(r.In))
	case *record.Assessment:
		for _, e := range r.Events {
			add(record.KindEvent, string(e))
		}
		for _, y := range r.Replies {
			add(record.KindReply, string(y))
		}
	case *record.Proceeding:
		add(record.KindParty, string(r.Party))
		add(record.KindParty, string(r.Of))
		for _, e := range r.Events {
			add(record.KindEvent, string(e))
		}
	}
	return refs
}

// carries reports whether records of a kind have others that are no more visible
// than they, although they themselves depend on some.
func carries(k record.Kind) bool {
	switch k {
	case record.KindTie, record.KindDemand, record.KindCommitment, record.KindReply:
		return true
	}
	return false
}

// level works out a record's effective level.
func (w *Work) level(r record.Record) (access.Level, error) {
	level := access.Of(r)
	needed, refs := parents(r), tied(r)
	refs = append(refs, needed...)
	var unknown []record.Ref
	for _, ref := range refs {
		if _, ok := w.levels[ref]; !ok {
			unknown = append(unknown, ref)
		}
	}
	if len(unknown) > 0 {
		got, err := w.tx.Levels(w.ctx, unknown)
		if err != nil {
			return 0, err
		}
		for _, ref := range unknown {
			l, ok := got[ref]
			if !ok && !slices.Contains(needed, ref) {
				continue
			}
			if !ok {
				return 0, fmt.Errorf("%s refers to a %s that does not exist: %w", r.Ref().Kind, ref.Kind, record.ErrNotFound)
			}
			w.levels[ref] = l
		}
	}
	for _, ref := range refs {
		// What does not exist hides nothing.
		level = max(level, w.levels[ref])
	}
	return level, nil
}

// relevel works out again who sees what depends on a record whose own level has
// changed, and what depends on that: the claims about a tie, the assessments of a
// demand.
func (w *Work) relevel(ref record.Ref) error {
	dependants, err := w.dependants(ref)
	if err != nil {
		return err
	}
	for _, d := range dependants {
		level, err := w.level(d)
		if err != nil {
			return err
		}
		if err := w.tx.SetLevel(w.ctx, d.Ref(), level); err != nil {
			return err
		}
		w.levels[d.Ref()] = level
		if c, ok := d.(*record.Claim); ok && level > access.LevelPublic {
			w.weaken(c)
		}
		if err := w.touch(d); err != nil {
			return err
		}
		if p, ok := d.(*record.Proceeding); ok {
			w.weakenProceeding(p)
		}
		if carries(d.Ref().Kind) {
			if err := w.relevel(d.Ref()); err != nil {
				return err
			}
		}
	}
	return nil
}

// dependants returns the records that are no more visible than a record.
func (w *Work) dependants(ref record.Ref) ([]record.Record, error) {
	var dependants []record.Record
	all := access.House()
	r := &w.tx.Reader
	gather := func(err error, recs ...record.Record) error {
		dependants = append(dependants, recs...)
		return err
	}
	var err error
	switch ref.Kind {
	case record.KindSource:
		claims, e := r.ClaimsOf(w.ctx, all, record.SourceID(ref.ID), 1_000_000)
		err = gather(e, recs(claims)...)
		if err == nil {
			captures, e := r.CapturesOf(w.ctx, all, record.SourceID(ref.ID))
			err = gather(e, recs(captures)...)
		}
		if err == nil {
			about, e := r.ClaimsAbout(w.ctx, all, ref.ID)
			err = gather(e, recs(about)...)
		}
	case record.KindEvent:
		claims, e := r.ClaimsAbout(w.ctx, all, ref.ID)
		err = gather(e, recs(claims)...)
		if err == nil {
			in, e := r.InvolvementsIn(w.ctx, all, record.EventID(ref.ID))
			err = gather(e, recs(in)...)
		}
	case record.KindTotal, record.KindTie:
		claims, e := r.ClaimsAbout(w.ctx, all, ref.ID)
		err = gather(e, recs(claims)...)
	case record.KindPerson, record.KindParty:
		claims, e := r.ClaimsAbout(w.ctx, all, ref.ID)
		err = gather(e, recs(claims)...)
		if err == nil {
			pointing, e := r.ClaimsPointingAt(w.ctx, all, ref.ID, 1_000_000)
			err = gather(e, recs(pointing)...)
		}
		if err == nil {
			in, e := r.InvolvementsOf(w.ctx, all, ref)
			err = gather(e, recs(in)...)
		}
		if err == nil {
			ties, e := r.TiesOf(w.ctx, all, ref.ID)
			err = gather(e, recs(ties)...)
		}
		if err == nil && ref.Kind == record.KindPerson {
			// A claim that quotes somebody hidden is hidden with them.
			quoting, e := r.ClaimsQuoting(w.ctx, all, record.PersonID(ref.ID))
			err = gather(e, recs(quoting)...)
		}
	case record.KindPetition:
		parts, e := petitionParts(w.ctx, r, record.PetitionID(ref.ID))
		err = gather(e, parts...)
	}
	if err == nil {
		followed, e := r.FollowedWith(w.ctx, ref)
		err = gather(e, followed...)
	}
	if err != nil {
		return nil, fmt.Errorf("find what depends on %s: %w", ref, err)
	}
	remarks, err := r.RemarksAbout(w.ctx, all, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("find the remarks about %s: %w", ref, err)
	}
	return append(dependants, recs(remarks)...), nil
}

// petitionParts returns everything that belongs to a petition.
func petitionParts(ctx context.Context, r *store.Reader, id record.PetitionID) ([]record.Record, error) {
	var out []record.Record
	all := access.House()
	editions, err := r.EditionsOf(ctx, all, id)
	out = append(out, recs(editions)...)
	if err == nil {
		var list []store.Item[*record.Endorsement]
		list, err = r.EndorsementsOf(ctx, all, id)
		out = append(out, recs(list)...)
	}
	if err == nil {
		var list []store.Item[*record.Delivery]
		list, err = r.DeliveriesOf(ctx, all, id)
		out = append(out, recs(list)...)
	}
	if err == nil {
		var list []store.Item[*record.Reply]
		list, err = r.RepliesOf(ctx, all, id)
		out = append(out, recs(list)...)
	}
	if err == nil {
		var list []store.Item[*record.Update]
		list, err = r.UpdatesOf(ctx, all, id)
		out = append(out, recs(list)...)
	}
	if err == nil {
		var list []store.Item[*record.Batch]
		list, err = r.BatchesOf(ctx, all, id)
		out = append(out, recs(list)...)
	}
	if err == nil {
		var list []store.Item[*record.Invalidation]
		list, err = r.InvalidationsOf(ctx, all, id)
		out = append(out, recs(list)...)
	}
	return out, err
}

func recs[T record.Record](items []store.Item[T]) []record.Record {
	out := make([]record.Record, len(items))
	for i, it := range items {
		out[i] = it.Rec
	}
	return out
}
