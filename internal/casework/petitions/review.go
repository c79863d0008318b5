package petitions

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// judges reports whether the viewer may refuse a petition: editors, moderators
// and admins, not those who run it.
func judges(v access.Viewer, p *record.Petition) bool {
	if !v.May(access.ActReview) && !v.May(access.ActModerate) {
		return false
	}
	return v.User == "" || !slices.Contains(p.Owners, v.User)
}

// judging is the right under which somebody judges: each use case names one.
func judging(v access.Viewer) access.Action {
	if v.May(access.ActReview) {
		return access.ActReview
	}
	return access.ActModerate
}

// SendToReview hands a draft over to be looked at by others than its owners, and
// asks the initiators who have an account whether they agree.
func (d *Desk) SendToReview(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, reason string) error {
	return d.run(ctx, v, "send petition to review", reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionDraft && p.Publication != record.PetitionRejected || p.Edition > 0 {
			return wrong("publication", "petition_state")
		}
		p.Publication, p.Visibility = record.PetitionReview, record.Internal
		return d.askAgreement(ctx, w.Tx(), p)
	})
}

// TakeBack makes a petition that is in review a draft again.
func (d *Desk) TakeBack(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, reason string) error {
	return d.run(ctx, v, "take petition back", reason, id, rev, func(_ *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionReview {
			return wrong("publication", "petition_state")
		}
		p.Publication = record.PetitionDraft
		return nil
	})
}

// Reject refuses to publish a petition that is in review, for a public reason in
// words. It is listed with title and reason, unless the reason is one that
// endangers somebody: then not even its title is.
func (d *Desk) Reject(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, code record.RejectionCode, details record.Text) error {
	return d.change(ctx, v, judging(v), "reject petition", "", id, rev, func(_ *casework.Work, p *record.Petition) error {
		if !judges(v, p) {
			return fmt.Errorf("somebody else than its owners refuses a petition: %w", record.ErrForbidden)
		}
		if p.Publication != record.PetitionReview {
			return wrong("publication", "petition_state")
		}
		appeal := record.Text(nil)
		if p.Rejection != nil {
			appeal = p.Rejection.Appeal
		}
		p.Publication, p.Rejection = record.PetitionRejected, &record.Rejection{Code: code, Details: details, Appeal: appeal}
		p.Visibility = record.Public
		if code.Hides() {
			p.Visibility = record.Internal
		}
		return nil
	})
}

// Appeal records what the owners reply to a refusal, in public beside it, and
// hands the petition in again.
func (d *Desk) Appeal(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, words record.Text) error {
	return d.run(ctx, v, "appeal", "", id, rev, func(_ *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionRejected || p.Rejection == nil {
			return wrong("publication", "petition_state")
		}
		if words.IsZero() {
			return wrong("appeal", "required")
		}
		refused := *p.Rejection
		refused.Appeal = words
		p.Rejection, p.Publication, p.Visibility = &refused, record.PetitionReview, record.Internal
		return nil
	})
}

// Stop takes a published petition back, with a public reason: its page stays and
// says why, and signing ends. Owners may, and whoever judges petitions.
func (d *Desk) Stop(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, code record.RejectionCode, details record.Text) error {
	need := access.ActPetition
	if !v.May(need) {
		need = judging(v)
	}
	return d.change(ctx, v, need, "stop petition", "", id, rev, func(w *casework.Work, p *record.Petition) error {
		if !owns(v, p) && !judges(v, p) {
			return errNotOwner
		}
		if p.Publication != record.PetitionPublished {
			return wrong("publication", "petition_state")
		}
		p.Publication, p.Rejection = record.PetitionStopped, &record.Rejection{Code: code, Details: details}
		p.Collection = record.CollectClosed
		endPause(p, w.At())
		return nil
	})
}

// Approve records that an initiator agrees with the draft as it stands. hash is
// that of the text they read; when it has changed since, the error is
// [record.ErrConflict]. The initiator's own account agrees for itself; for one
// without an account an owner records it, with words on the proof, which stay in
// the house.
func (d *Desk) Approve(ctx context.Context, v access.Viewer, id record.PetitionID, initiator, hash, proof string) error {
	need := access.ActPetition
	if !v.May(need) {
		need = access.ActEnter // an initiator may have a smaller account
	}
	return d.change(ctx, v, need, "approve petition", "", id, 0, func(w *casework.Work, p *record.Petition) error {
		i := slices.IndexFunc(p.Initiators, func(i record.Initiator) bool { return i.Key == initiator })
		if i < 0 {
			return fmt.Errorf("initiator %q: %w", initiator, record.ErrNotFound)
		}
		account := p.Initiators[i].Account
		switch {
		case p.Initiators[i].Original:
			return wrong("initiator", "original")
		case account != "" && account == v.User:
			proof = ""
		case account != "":
			return fmt.Errorf("an initiator with an account agrees with it: %w", record.ErrForbidden)
		case !owns(v, p):
			return errNotOwner
		case proof == "":
			return wrong("proof", "required")
		}
		now, err := petition.DraftHash(p)
		if err != nil {
			return err
		}
		if hash != now {
			return fmt.Errorf("the text was changed after it was read: %w", record.ErrConflict)
		}
		// One of the text in force stays: it may still be opened.
		p.Approvals = append(slices.DeleteFunc(p.Approvals, func(a record.Approval) bool { return a.Initiator == initiator && a.Hash == now }),
			record.Approval{Initiator: initiator, Hash: now, At: w.At(), By: account, Proof: proof})
		return nil
	})
}

// SetOwners names who runs a petition. At least one stays; a second one is asked
// for, so that nobody is locked out. An owner adds others and may leave; nobody but
// an admin puts another one out, or one owner would be all that two are for.
func (d *Desk) SetOwners(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, owners []record.UserID) error {
	people, err := d.People(ctx, v)
	if err != nil {
		return err
	}
	return d.run(ctx, v, "name owners", "", id, rev, func(_ *casework.Work, p *record.Petition) error {
		owners = slices.Compact(slices.Sorted(slices.Values(owners)))
		if len(owners) == 0 {
			return wrong("owners", "required")
		}
		for _, o := range p.Owners {
			if o != v.User && v.User != "" && v.Role != access.Admin && !slices.Contains(owners, o) {
				return wrong("owners", "owner_stays")
			}
		}
		for _, o := range owners {
			if !slices.Contains(p.Owners, o) && !slices.ContainsFunc(people, func(a casework.Account) bool { return a.ID == o }) {
				return wrong("owners", "choice")
			}
		}
		p.Owners = owners
		return nil
	})
}

// Note adds to the moderator's log of a petition: words for the house only.
func (d *Desk) Note(ctx context.Context, v access.Viewer, id record.PetitionID, words string) error {
	rid, err := d.house.NewID()
	if err != nil {
		return err
	}
	need := access.ActPetition
	if !v.May(need) {
		need = access.ActVoid
	}
	return d.do(ctx, v, need, "remark", "", func(w *casework.Work) error {
		if _, err := store.One[*record.Petition](ctx, &w.Tx().Reader, v, id); err != nil {
			return err
		}
		return w.Create(&record.Remark{
			ID: record.RemarkID(rid), About: record.Ref{Kind: record.KindPetition, ID: string(id)}, Words: words, By: v.User, Made: w.At(), Visibility: record.Internal,
		})
	})
}

// LogLine is one line of a petition's log: a remark, or an entry of the journal.
type LogLine struct {
	At     int64 // microseconds UTC
	Actor  string
	Role   string
	Action string // of the journal; empty for a remark
	About  record.Ref
	Words  string // the remark, or the reason given
}

// maxLog bounds how many entries of the journal a log shows.
const maxLog = 500

// Log returns what was done about a petition and remarked on it, newest first,
// for those who run or judge petitions.
func (d *Desk) Log(ctx context.Context, v access.Viewer, id record.PetitionID) ([]LogLine, error) {
	if !v.May(access.ActPetition) && !v.May(access.ActVoid) {
		return nil, fmt.Errorf("the log of a petition: %w", record.ErrForbidden)
	}
	refs := []record.Ref{{Kind: record.KindPetition, ID: string(id)}}
	var remarks []store.Item[*record.Remark]
	err := d.view(ctx, func(r *store.Reader) error {
		if _, err := store.One[*record.Petition](ctx, r, v, id); err != nil {
			return err
		}
		parts, err := partsOf(ctx, r, v, id)
		if err != nil {
			return err
		}
		refs = append(refs, parts...)
		remarks, err = r.RemarksAbout(ctx, v, string(id))
		return err
	})
	if err != nil {
		return nil, err
	}
	lines, err := d.house.JournalOf(ctx, v, "en", 0, maxLog, refs...)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx, remarks)
	if err != nil {
		return nil, err
	}
	var out []LogLine
	for _, l := range lines {
		out = append(out, LogLine{At: l.At, Actor: l.Actor, Role: l.Role, Action: l.Action, About: l.Subject.Ref, Words: l.Note})
	}
	for _, r := range remarks {
		out = append(out, LogLine{At: r.Rec.Made, Actor: names[r.Rec.By], Role: r.Role, About: r.Rec.About, Words: r.Rec.Words})
	}
	slices.SortStableFunc(out, func(a, b LogLine) int { return int(min(1, max(-1, b.At-a.At))) })
	return out, nil
}

// names are those of the accounts that made remarks.
func (d *Desk) names(ctx context.Context, remarks []store.Item[*record.Remark]) (map[record.UserID]string, error) {
	out := map[record.UserID]string{}
	if len(remarks) == 0 {
		return out, nil
	}
	err := d.view(ctx, func(r *store.Reader) error {
		all, err := r.Accounts(ctx)
		for _, a := range all {
			out[a.ID] = a.Name
		}
		return err
	})
	return out, err
}

// partsOf lists what belongs to a petition and that the viewer may see.
func partsOf(ctx context.Context, r *store.Reader, v access.Viewer, id record.PetitionID) ([]record.Ref, error) {
	var out []record.Ref
	editions, err := r.EditionsOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	endorsements, err := r.EndorsementsOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	deliveries, err := r.DeliveriesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	replies, err := r.RepliesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	updates, err := r.UpdatesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	batches, err := r.BatchesOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	voids, err := r.InvalidationsOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	out = appendRefs(out, editions)
	out = appendRefs(out, endorsements)
	out = appendRefs(out, deliveries)
	out = appendRefs(out, replies)
	out = appendRefs(out, updates)
	out = appendRefs(out, batches)
	return appendRefs(out, voids), nil
}

func appendRefs[T record.Record](refs []record.Ref, items []store.Item[T]) []record.Ref {
	for _, i := range items {
		refs = append(refs, i.Rec.Ref())
	}
	return refs
}
