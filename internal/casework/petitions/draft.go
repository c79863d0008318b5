package petitions

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// DefaultKeepDays is how long after delivery a new petition keeps signers' data.
const DefaultKeepDays = 180

// MaxListed bounds how many petitions the desk lists at once.
const MaxListed = 1000

// All returns this house's petitions that the viewer may see, newest first.
func (d *Desk) All(ctx context.Context, v access.Viewer) (list []Petition, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		list, err = r.Petitions(ctx, v, store.PetitionFilter{Now: d.micros(), Ours: true}, 0, MaxListed)
		return err
	})
	return list, err
}

// Elsewhere returns a part of the petitions of other sites that the viewer may see, those
// with the most signatures there first, and how many there are.
func (d *Desk) Elsewhere(ctx context.Context, v access.Viewer, offset, limit int) (list []Petition, all int, err error) {
	f := store.PetitionFilter{Now: d.micros(), Theirs: true}
	err = d.view(ctx, func(r *store.Reader) error {
		if all, err = r.CountPetitions(ctx, v, f); err != nil {
			return err
		}
		list, err = r.Petitions(ctx, v, f, offset, limit)
		return err
	})
	return list, all, err
}

// People returns the accounts that can be owner or initiator of a petition.
func (d *Desk) People(ctx context.Context, v access.Viewer) ([]casework.Account, error) {
	return d.house.Colleagues(ctx, v, access.ActPetition)
}

// Make begins a draft with its title in its first language. Its public number is
// allotted with it and never given again.
func (d *Desk) Make(ctx context.Context, v access.Viewer, lang, title string) (record.PetitionID, error) {
	p := &record.Petition{
		Title: record.Plain(lang, title), Texts: []record.PetitionText{{Lang: lang, Title: title}},
		Publication: record.PetitionDraft, Collection: record.CollectNotOpen, Signers: record.SignBoth, Pace: record.PaceSteps,
		KeepDays: DefaultKeepDays, Visibility: record.Internal,
	}
	return d.create(ctx, v, "make petition", "", p)
}

// create writes a new petition: its identifier, number, address and owner are
// given here.
func (d *Desk) create(ctx context.Context, v access.Viewer, action, reason string, p *record.Petition) (record.PetitionID, error) {
	id, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	p.ID = record.PetitionID(id)
	if p.Slug == "" {
		if p.Slug, err = d.house.FreeSlug(ctx, record.KindPetition, p.Title.In("en").Text); err != nil {
			return "", err
		}
	}
	if v.User != "" {
		p.Owners = []record.UserID{v.User}
	}
	err = d.do(ctx, v, access.ActPetition, action, reason, func(w *casework.Work) error {
		last, err := w.Tx().LastPetitionNumber(ctx)
		if err != nil {
			return err
		}
		if p.Number, err = freeNumber(ctx, &w.Tx().Reader, last+1); err != nil {
			return err
		}
		return w.Create(p)
	})
	if err != nil {
		return "", err
	}
	return p.ID, nil
}

// Copy begins a new petition from another one's working text: for a change of
// substance that is to be signed anew, or for another addressee. Approvals,
// dates and signatures stay with the old one.
func (d *Desk) Copy(ctx context.Context, v access.Viewer, id record.PetitionID, reason string) (record.PetitionID, error) {
	old, err := d.ByID(ctx, v, id)
	if err != nil {
		return "", err
	}
	p := *old.Rec
	p.Slug, p.Approvals, p.Rejection, p.Pauses, p.Owners, p.Foreign = "", nil, nil, nil, nil, nil
	p.Publication, p.Collection, p.Visibility = record.PetitionDraft, record.CollectNotOpen, record.Internal
	p.Opens, p.Closes, p.Edition, p.Reconsent, p.Destroyed, p.Practice = 0, 0, 0, 0, 0, false
	return d.create(ctx, v, "copy petition", reason, &p)
}

// owns reports whether the viewer runs a petition: its owners do, the house and
// its admins; one without owners belongs to everybody who runs petitions.
func owns(v access.Viewer, p *record.Petition) bool {
	switch {
	case !v.May(access.ActPetition):
		return false
	case v.User == "" || v.Role == access.Admin || len(p.Owners) == 0:
		return true
	}
	return slices.Contains(p.Owners, v.User)
}

// errNotOwner says whose a petition is.
var errNotOwner = fmt.Errorf("the petition is run by its owners: %w", record.ErrForbidden)

// errForeign says that a petition from elsewhere is for reading.
var errForeign = fmt.Errorf("a petition of another site is for reading only: %w", record.ErrForbidden)

// wrong is an error about one field, with the message key of the catalogue.
func wrong(field, key string, args ...string) error {
	return &record.Invalid{Fields: []record.FieldError{fieldError(field, key, args...)}}
}

func fieldError(field, key string, args ...string) record.FieldError {
	f := record.FieldError{Field: field, Key: "invalid." + key}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}

// run is how every use case of an owner about one petition is done: fn changes
// the petition as it stands, which is then written. rev is the revision that the
// person saw, 0 where it does not matter.
func (d *Desk) run(ctx context.Context, v access.Viewer, action, reason string, id record.PetitionID, rev int, fn func(*casework.Work, *record.Petition) error) error {
	return d.change(ctx, v, access.ActPetition, action, reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		if !owns(v, p) {
			return errNotOwner
		}
		return fn(w, p)
	})
}

// change is run for others than owners: need is the right it takes.
func (d *Desk) change(ctx context.Context, v access.Viewer, need access.Action, action, reason string, id record.PetitionID, rev int, fn func(*casework.Work, *record.Petition) error) error {
	return d.do(ctx, v, need, action, reason, func(w *casework.Work) error {
		item, err := store.One[*record.Petition](ctx, &w.Tx().Reader, v, id)
		if err != nil {
			return err
		}
		if rev != 0 && item.Rev != rev {
			return fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrConflict)
		}
		p := *item.Rec
		if p.Foreign != nil {
			return errForeign
		}
		p.Approvals, p.Pauses = slices.Clone(p.Approvals), slices.Clone(p.Pauses)
		switch err := fn(w, &p); {
		case errors.Is(err, errUnchanged):
			return nil
		case err != nil:
			return err
		}
		return w.Change(&p, item.Rev)
	})
}

// errUnchanged ends a use case that has nothing to write.
var errUnchanged = errors.New("nothing to change")

// Save changes what is being worked on: texts, addressees, bases, demands,
// initiators, and how signatures are to be taken. rev is the revision the change
// was made on. Where the petition stands, its number and its approvals are
// changed by their own use cases, not by this. What readers see of a published
// petition stays as it is until the next edition.
//
// An approval is of a text: one whose text has changed is void, unless that text
// is the one in force.
func (d *Desk) Save(ctx context.Context, v access.Viewer, p *record.Petition, rev int, reason string) error {
	return d.run(ctx, v, "change petition", reason, p.ID, rev, func(w *casework.Work, now *record.Petition) error {
		signed := ""
		if now.Edition > 0 {
			e, err := w.Tx().EditionOf(ctx, access.House(), now.ID, now.Edition)
			if err != nil {
				return err
			}
			signed = e.Rec.Draft
		}
		next, err := redraft(now, p, signed)
		if err != nil {
			return err
		}
		*now = *next
		return nil
	})
}

// redraft is a petition with the working parts of another version of it. signed is
// the hash of the draft in force, "" before publication.
func redraft(now, p *record.Petition, signed string) (*record.Petition, error) {
	next := *p
	next.ID, next.Number, next.Publication, next.Rejection = now.ID, now.Number, now.Publication, now.Rejection
	next.Collection, next.Opens, next.Closes, next.Pauses = now.Collection, now.Opens, now.Closes, now.Pauses
	next.Edition, next.Reconsent, next.Destroyed = now.Edition, now.Reconsent, now.Destroyed
	next.Foreign, next.Visibility, next.Practice, next.Owners = now.Foreign, now.Visibility, now.Practice, now.Owners
	if now.Publication == record.PetitionStopped || now.Publication == record.PetitionRejected && now.Edition > 0 {
		return nil, wrong("publication", "petition_over")
	}
	if now.Edition == 0 {
		next.Title = titles(next.Texts)
	} else {
		next.Title = now.Title
		// Whoever has signed relies on how it was done.
		if now.Pace == record.PaceSteps && next.Pace == record.PaceLive {
			return nil, wrong("pace", "loosened")
		}
		if next.KeepDays > now.KeepDays {
			return nil, wrong("keep_days", "loosened")
		}
		if len(now.Recipients) > 0 && len(next.Recipients) == 0 {
			return nil, wrong("recipients", "loosened")
		}
	}
	hash, err := petition.DraftHash(&next)
	if err != nil {
		return nil, err
	}
	next.Approvals = slices.DeleteFunc(slices.Clone(now.Approvals), func(a record.Approval) bool {
		return a.Hash != hash && a.Hash != signed || !slices.ContainsFunc(next.Initiators, func(i record.Initiator) bool { return i.Key == a.Initiator })
	})
	return &next, nil
}

// titles is the title of every text.
func titles(texts []record.PetitionText) record.Text {
	var t record.Text
	for _, x := range texts {
		t = append(t, record.LangText{Lang: x.Lang, Text: x.Title})
	}
	return t
}

// TextHash is the hash by which a translation names the text it follows.
func (d *Desk) TextHash(t record.PetitionText) string { return petition.TextHash(t) }
