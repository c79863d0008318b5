package petitions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Publishing says how a draft becomes an edition.
type Publishing struct {
	// Reason says in public why it is published with open findings; without any it
	// is left out.
	Reason record.Text
	// Substance says that what is asked or claimed is another thing than in the
	// edition before. Then the signatures given so far count only once their signers
	// agree again, and Reconsent has to say that this is meant: the other way is a
	// new petition ([Desk.Copy]). Where title, demands, addressees or legal bases
	// differ it is asked for, unless somebody publishes who may publish anything and
	// does not run this petition.
	Substance bool
	Reconsent bool
	// Changes says in words, to those who have signed, what changed. It is asked for
	// from the second edition on.
	Changes record.Text
}

// Checked is what a check before publication found.
type Checked struct {
	Findings []record.PetitionFinding
	// Hash is that of the draft that was checked, which initiators agree with.
	Hash     string
	Unagreed []record.Initiator
	// Unprinted lists the values that cannot be printed; a text with one cannot be
	// published.
	Unprinted []petition.Citation
}

// Check returns what stands open in a petition as it is saved, judged by what the
// public sees of the register now.
func (d *Desk) Check(ctx context.Context, v access.Viewer, id record.PetitionID) (*Checked, error) {
	if !v.SignedIn() {
		return nil, fmt.Errorf("the check of a petition: %w", record.ErrForbidden)
	}
	var out *Checked
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		out, err = d.check(ctx, r, item.Rec)
		return err
	})
	return out, err
}

// check is [Desk.Check] in a snapshot or transaction.
func (d *Desk) check(ctx context.Context, r *store.Reader, p *record.Petition) (*Checked, error) {
	out := &Checked{}
	var err error
	if out.Hash, err = petition.DraftHash(p); err != nil {
		return nil, err
	}
	if out.Unagreed, err = petition.Unagreed(p); err != nil {
		return nil, err
	}
	var cited []record.Cited
	if p.Edition > 0 {
		e, err := r.EditionOf(ctx, access.House(), p.ID, p.Edition)
		if err != nil {
			return nil, err
		}
		cited = e.Rec.Cited
	}
	g := newRegister(ctx, r, access.Anyone())
	for _, t := range p.Texts {
		_, _, unprinted, err := petition.Resolve(t, g, printers(t.Lang))
		if err != nil {
			return nil, err
		}
		out.Unprinted = append(out.Unprinted, unprinted...)
	}
	known, public, err := accused(ctx, r)
	if err != nil {
		return nil, err
	}
	out.Findings, err = petition.Check(petition.Checking{Petition: p, Resolver: g, Printer: printers, Accused: known, Previous: cited})
	if err != nil {
		return nil, err
	}
	for i, f := range out.Findings {
		// Findings that stay open are published; whom the house suspects is not.
		if f.Kind == record.FoundAccused && !public[f.About] {
			out.Findings[i].About = ""
		}
	}
	return out, g.err
}

// maxAccused bounds how many accusations a check looks at.
const maxAccused = 20_000

// accused lists who is connected with a deed: people and parties in a role that
// accuses, and every armed group, under all their names. public holds the keys of
// those who are public in that role.
func accused(ctx context.Context, r *store.Reader) (list []petition.Accused, public map[string]bool, err error) {
	public = map[string]bool{}
	found, err := r.Accusations(ctx, access.House(), maxAccused)
	if err != nil {
		return nil, nil, err
	}
	called := map[string][]string{}
	add := func(ref record.Ref, names []record.Name, open bool) {
		key := string(ref.Kind) + ":" + ref.ID
		public[key] = public[key] || open
		if called[key] == nil {
			for _, n := range names {
				called[key] = append(called[key], n.Text)
			}
			list = append(list, petition.Accused{Key: key, Names: called[key]})
		}
	}
	var persons []record.PersonID
	var parties []record.PartyID
	seen := map[string]bool{}
	for _, i := range found {
		if i.Rec.Person != "" {
			persons = append(persons, i.Rec.Person)
		}
		if i.Rec.Party != "" {
			parties = append(parties, i.Rec.Party)
		}
		if i.Level == access.LevelPublic {
			seen[string(i.Rec.Person)+string(i.Rec.Party)] = true
		}
	}
	byPerson, err := store.Get[*record.Person](ctx, r, access.House(), persons...)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(byPerson)) {
		add(byPerson[id].Rec.Ref(), byPerson[id].Rec.Names, seen[string(id)])
	}
	byParty, err := store.Get[*record.Party](ctx, r, access.House(), parties...)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(byParty)) {
		add(byParty[id].Rec.Ref(), byParty[id].Rec.Names, seen[string(id)])
	}
	groups, err := r.Parties(ctx, access.House(), record.ArmedGroup, 0, maxAccused)
	if err != nil {
		return nil, nil, err
	}
	for _, g := range groups {
		add(g.Rec.Ref(), g.Rec.Names, g.Level == access.LevelPublic)
	}
	return list, public, nil
}

// Draft resolves a petition's texts as publication would, saved or not, and says
// what the check finds. Values that cannot be printed stand in it as they are
// written.
func (d *Desk) Draft(ctx context.Context, v access.Viewer, p *record.Petition) (*record.Edition, error) {
	if !v.May(access.ActPetition) {
		return nil, fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	e := &record.Edition{
		Petition: p.ID, Number: p.Edition + 1, Made: d.micros(), Addressees: p.Addressees, Bases: p.Bases, Demands: p.Demands,
		Initiators: p.Initiators, Tags: p.Tags, Visibility: record.Internal,
	}
	err := d.view(ctx, func(r *store.Reader) error {
		g := newRegister(ctx, r, access.Anyone())
		seen := map[string]bool{}
		for i, t := range p.Texts {
			text, cited, _, err := petition.Resolve(t, g, printers(t.Lang))
			if err != nil {
				return err
			}
			text.Lags = i > 0 && t.Of != petition.TextHash(p.Texts[0])
			e.Texts = append(e.Texts, text)
			for _, c := range cited {
				if !seen[c.Key] {
					seen[c.Key] = true
					e.Cited = append(e.Cited, c)
				}
			}
		}
		checked, err := d.check(ctx, r, p)
		if err != nil {
			return err
		}
		e.Findings = checked.Findings
		return g.err
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Publish makes the draft the edition that readers see and signers sign, and
// returns it. Everything in it is frozen: numbers as printed, claims with their
// revisions, the rule, what the check left open and why. What changes later in the
// register does not change it; the next check says so.
func (d *Desk) Publish(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, how Publishing) (*record.Edition, error) {
	eid, err := d.house.NewID()
	if err != nil {
		return nil, err
	}
	var made *record.Edition
	err = d.do(ctx, v, access.ActPetition, "publish petition", "", func(w *casework.Work) error {
		r := &w.Tx().Reader
		item, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		p := *item.Rec
		switch {
		case rev != 0 && item.Rev != rev:
			return fmt.Errorf("%s: %w", p.Ref(), record.ErrConflict)
		case p.Foreign != nil:
			return errForeign
		case !owns(v, &p) && !v.May(access.ActPublish):
			return errNotOwner
		case p.Publication == record.PetitionRejected, p.Publication == record.PetitionStopped:
			return wrong("publication", "petition_state")
		}
		checked, err := d.check(ctx, r, &p)
		if err != nil {
			return err
		}
		if err := allowEdition(&p, how, checked); err != nil {
			return err
		}
		g := newRegister(ctx, r, access.Anyone())
		e, err := petition.Freeze(&p, petition.Freezing{
			ID: record.EditionID(eid), Number: p.Edition + 1, Made: w.At(), Resolver: g, Printer: printers,
			Findings: checked.Findings, Reason: how.Reason, Substance: how.Substance, Changes: how.Changes, Visibility: record.Public,
		})
		if u, ok := errors.AsType[*petition.Unprinted](err); ok {
			return wrong("texts", "unprinted", "line", fmt.Sprint(u.Values[0].Line), "words", petition.Brace(u.Values[0]))
		}
		if err = errors.Join(err, g.err); err != nil {
			return err
		}
		if p.Edition > 0 {
			last, err := r.EditionOf(ctx, access.House(), id, p.Edition)
			if err != nil {
				return err
			}
			if sameSay(last.Rec, e) {
				return wrong("texts", "nothing_new")
			}
			if err := allowSuccessor(v, &p, how, last.Rec, e, checked); err != nil {
				return err
			}
		}
		p.Publication, p.Rejection, p.Visibility = record.PetitionPublished, nil, record.Public
		p.Edition, p.Title = e.Number, titles(p.Texts)
		if how.Substance && e.Number > 1 {
			p.Reconsent = e.Number
		}
		// Organisers decide with the first edition from when signatures are kept.
		if p.Collection == "" {
			p.Collection = record.CollectNotOpen
		}
		if err := w.Change(&p, item.Rev); err != nil {
			return err
		}
		made = e
		return w.Create(e)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// allowEdition holds the rules about a new edition that are asked of its
// publisher.
func allowEdition(p *record.Petition, how Publishing, checked *Checked) error {
	var faults []record.FieldError
	add := func(field, key string) {
		faults = append(faults, record.FieldError{Field: field, Key: "invalid." + key})
	}
	if len(checked.Findings) > 0 && how.Reason.IsZero() {
		add("reason", "required")
	}
	if len(p.Addressees) == 0 {
		add("addressees", "no_addressee")
	}
	if len(p.Demands) == 0 {
		add("demands", "no_demand")
	}
	if p.Edition > 0 {
		if how.Changes.IsZero() {
			add("changes", "required")
		}
		if how.Substance && !how.Reconsent {
			add("reconsent", "reconsent")
		}
	} else if how.Substance {
		add("substance", "first_edition")
	}
	if len(faults) > 0 {
		return &record.Invalid{Fields: faults}
	}
	return nil
}

// allowSuccessor holds the rules about an edition that takes the place of one that
// people may have signed. Nobody's name goes under a text they have not agreed
// with, neither an initiator's nor a signer's.
func allowSuccessor(v access.Viewer, p *record.Petition, how Publishing, before, after *record.Edition, checked *Checked) error {
	if p.Collection == record.CollectNotOpen || p.Collection == "" {
		return nil
	}
	if len(checked.Unagreed) > 0 {
		return wrong("initiators", "unagreed")
	}
	// Whoever wrote the text does not judge alone that it asks for the same.
	second := v.May(access.ActPublish) && !owns(v, p)
	if !how.Substance && !second && slices.ContainsFunc(petition.Substantial(before, after), petition.Substance.Plain) {
		return wrong("substance", "substantial")
	}
	return nil
}

// sameSay reports whether two editions say the same and rest on the same.
func sameSay(a, b *record.Edition) bool {
	x, y := *a, *b
	for _, e := range []*record.Edition{&x, &y} {
		e.ID, e.Number, e.Made, e.Hash, e.Visibility = "", 0, 0, "", ""
		e.Draft = ""
		e.Findings, e.Reason, e.Substance, e.Changes = nil, nil, false, nil
	}
	one, err := petition.Hash(&x)
	if err != nil {
		return false
	}
	two, err := petition.Hash(&y)
	return err == nil && one == two
}

// Since says what changed between the edition somebody signed and the one in
// force.
type Since struct {
	From, To *record.Edition
	// Lang is the language the texts were compared in.
	Lang   string
	Change petition.Change
	// Substance says that one of the editions after From changed what is asked.
	Substance bool
	// Counts says that a signature under From still counts.
	Counts bool
	// Words are what organisers said of each edition after From, the earliest first.
	Words []record.Text
}

// ChangedSince compares the edition somebody signed, by its number, with the one
// in force, in the language they saw, or the original where that is not in both.
// It is nil when they signed the one in force.
func (d *Desk) ChangedSince(ctx context.Context, v access.Viewer, id record.PetitionID, edition int, tag string) (*Since, error) {
	var out *Since
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if edition == item.Rec.Edition {
			return nil
		}
		from, err := r.EditionOf(ctx, v, id, edition)
		if err != nil {
			return err
		}
		all, err := r.EditionsOf(ctx, v, id)
		if err != nil {
			return err
		}
		s := &Since{From: from.Rec, Counts: edition >= item.Rec.Reconsent}
		for _, e := range slices.Backward(all) {
			if e.Rec.Number <= edition || e.Rec.Number > item.Rec.Edition {
				continue
			}
			s.To, s.Substance = e.Rec, s.Substance || e.Rec.Substance
			if !e.Rec.Changes.IsZero() {
				s.Words = append(s.Words, e.Rec.Changes)
			}
		}
		if s.To == nil {
			return fmt.Errorf("edition: %w", record.ErrNotFound)
		}
		before, after, lang := textsIn(s.From, s.To, tag)
		s.Lang, s.Change = lang, petition.Diff(before, after)
		out = s
		return nil
	})
	return out, err
}

// textsIn returns two editions' texts in one language.
func textsIn(a, b *record.Edition, tag string) (x, y record.EditionText, lang string) {
	find := func(e *record.Edition, tag string) int {
		return slices.IndexFunc(e.Texts, func(t record.EditionText) bool { return t.Lang == tag })
	}
	if i, j := find(a, tag), find(b, tag); i >= 0 && j >= 0 {
		return a.Texts[i], b.Texts[j], tag
	}
	original := a.Texts[0].Lang
	if j := find(b, original); j >= 0 {
		return a.Texts[0], b.Texts[j], original
	}
	return a.Texts[0], b.Texts[0], b.Texts[0].Lang
}

// OpenPractice publishes and opens the drafts that are marked as private copies
// for trying out: nobody but visitors on this machine can sign them, and their
// mail never leaves the house. reason is why they are published with what the
// check leaves open.
func (d *Desk) OpenPractice(ctx context.Context, v access.Viewer, reason record.Text) error {
	all, err := d.All(ctx, v)
	if err != nil {
		return err
	}
	for _, item := range all {
		p := item.Rec
		if !p.Practice || p.Publication != record.PetitionDraft {
			continue
		}
		if _, err := d.Publish(ctx, v, p.ID, item.Rev, Publishing{Reason: reason}); err != nil {
			return fmt.Errorf("publish %s: %w", p.Slug, err)
		}
		if err := d.Open(ctx, v, p.ID, 0, 0, 0, ""); err != nil {
			return fmt.Errorf("open %s: %w", p.Slug, err)
		}
	}
	return nil
}
