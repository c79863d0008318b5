package casework

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// MaxPublished bounds how many records one act makes public or takes back, so
// that others who write wait seconds at most: each takes along what belongs to it.
const MaxPublished = 500

// Finding is one line of what publishing would do or what stands in its way.
type Finding struct {
	Ref record.Ref
	// Label names the record in the language it was entered in.
	Label string
	// Key is a message key of the catalogue; Detail is what it is about: a basis of
	// consent, a sentence.
	Key    string
	Detail string
	// Claim is the claim that it is about, which is known by what it says.
	Claim *record.Claim
}

// Findings is what an editor reads before publishing.
type Findings struct {
	// Becomes lists every record that would become public, Persons every person
	// named by one of them.
	Becomes []Finding
	Persons []Finding
	// Accused lists named people who would be shown as accused without the ground
	// the house asks for, Uncited the sentences in our own words that state
	// something no public accepted claim says.
	Accused []Finding
	Uncited []Finding
	// Worded lists claims that say who did wrong in words alone, one of each wording:
	// the ground for naming somebody is looked for by records, so a reader has to see
	// whether a living person is named.
	Worded []Finding
	// Blocked lists what of the records asked for cannot be public; while there is
	// any, nothing is published. Stays lists what belongs to them and remains as it
	// is.
	Blocked []Finding
	Stays   []Finding
	// Drafts lists what would go along were it not a draft: sources, with the claims
	// from them among Stays, and parts in an event. It can be asked for too.
	Drafts []Finding
	// Checked names the wording that a change was checked in: whoever has read the
	// findings says so by it, and a change made after that is checked again.
	Checked string
}

// errTried ends the transaction in which publishing was only tried.
var errTried = errors.New("tried only")

// PublishCheck works out what [House.Publish] would do with the same records.
// It publishes them in a transaction that it then takes back, so what it shows
// is what would happen.
func (h *House) PublishCheck(ctx context.Context, v access.Viewer, refs []record.Ref) (*Findings, error) {
	p := &publication{}
	err := h.do(ctx, v, access.ActPublish, "try to publish", "", func(w *Work) error {
		p.work = w
		if err := p.publish(refs); err != nil {
			return err
		}
		if err := p.explain(); err != nil {
			return err
		}
		if err := p.nameEnds(); err != nil {
			return err
		}
		return errTried
	})
	if err != nil && !errors.Is(err, errTried) {
		return nil, err
	}
	return &p.Findings, nil
}

// Publish makes records public with what belongs to them: an event, a total or a
// party takes along the accepted and compiled claims about it and their sources, an
// event also the parts that parties, groups and people already public had in it,
// unless they are drafts.
// People are never taken along. When any of the records asked for cannot be
// public, nothing is done and the error is a [*record.Invalid] with the reasons.
func (h *House) Publish(ctx context.Context, v access.Viewer, refs []record.Ref, reason string) error {
	return h.do(ctx, v, access.ActPublish, "publish", reason, func(w *Work) error {
		p := &publication{work: w}
		if err := p.publish(refs); err != nil {
			return err
		}
		if len(p.Blocked) == 0 {
			return nil
		}
		e := &record.Invalid{}
		for _, b := range p.Blocked {
			e.Fields = append(e.Fields, record.FieldError{Field: b.Ref.String(), Key: b.Key})
		}
		return e
	})
}

// Unpublish takes records back into the house. What depends on them goes with
// them, and accusations that lose their ground too.
func (h *House) Unpublish(ctx context.Context, v access.Viewer, refs []record.Ref, reason string) error {
	if len(refs) > MaxPublished {
		return tooMany("records", MaxPublished)
	}
	return h.do(ctx, v, access.ActPublish, "unpublish", reason, func(w *Work) error {
		for _, ref := range refs {
			item, err := store.AnyOne(ctx, &w.tx.Reader, v, ref)
			if err != nil {
				return err
			}
			if item.Rec.Seen() != record.Public {
				continue
			}
			rec, err := withVisibility(item.Rec, record.Internal)
			if err != nil {
				return err
			}
			if err := w.Change(rec, item.Rev); err != nil {
				return err
			}
			if e, ok := rec.(*record.Event); ok {
				if err := w.rejoin(e.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func tooMany(field string, limit int) error {
	return &record.Invalid{Fields: []record.FieldError{{Field: field, Key: "invalid.many", Args: map[string]string{"limit": fmt.Sprint(limit)}}}}
}

// withVisibility returns a copy of a record with another visibility, of the kinds that
// can be published by themselves.
func withVisibility(rec record.Record, to record.Visibility) (record.Record, error) {
	if kind := rec.Ref().Kind; !slices.Contains(publishOrder, kind) {
		return nil, fmt.Errorf("a %s is never public: %w", kind, record.ErrForbidden)
	}
	return seenAs(rec, to), nil
}

// seenAs returns a copy of a record of any kind with another visibility.
func seenAs(rec record.Record, to record.Visibility) record.Record {
	c := reflect.New(reflect.TypeOf(rec).Elem())
	c.Elem().Set(reflect.ValueOf(rec).Elem())
	c.Elem().FieldByName("Visibility").Set(reflect.ValueOf(to))
	return c.Interface().(record.Record)
}

// publication is one act of publishing on its way.
type publication struct {
	Findings
	work  *Work
	asked map[record.Ref]bool
	// chosen are the records whose own visibility changes, by the order in which
	// kinds depend on each other.
	chosen map[record.Ref]store.Item[record.Record]
	// before are the levels of everything that may become public by it.
	before map[record.Ref]access.Level
	recs   map[record.Ref]record.Record
	// hidden are the names of those who are hidden on request.
	hidden []naming
}

// publishOrder are the kinds that can be published, with what others depend on first.
var publishOrder = []record.Kind{
	record.KindParty, record.KindPerson, record.KindSource, record.KindCapture, record.KindEvent, record.KindTotal, record.KindClaim,
	record.KindInvolvement, record.KindTie, record.KindRelease,
	record.KindHolidayCalendar, record.KindCommitment, record.KindDemand, record.KindAssessment, record.KindProceeding,
	record.KindCoverage, record.KindTrendStatement,
}

func (p *publication) publish(refs []record.Ref) error {
	w := p.work
	if len(refs) > MaxPublished {
		return tooMany("records", MaxPublished)
	}
	p.asked, p.chosen = map[record.Ref]bool{}, map[record.Ref]store.Item[record.Record]{}
	p.before, p.recs = map[record.Ref]access.Level{}, map[record.Ref]record.Record{}
	var err error
	if p.hidden, err = w.hiddenNames(); err != nil {
		return err
	}
	for _, ref := range refs {
		p.asked[ref] = true
	}
	for _, ref := range refs {
		item, err := store.AnyOne(w.ctx, &w.tx.Reader, w.viewer, ref)
		if err != nil {
			return err
		}
		if err := p.choose(item); err != nil {
			return err
		}
		switch item.Rec.(type) {
		case *record.Event, *record.Total, *record.Party:
			if err := p.withClaims(ref); err != nil {
				return err
			}
		}
		if e, ok := item.Rec.(*record.Event); ok {
			if err := p.withInvolvements(e); err != nil {
				return err
			}
		}
	}
	if err := p.copiesStay(); err != nil {
		return err
	}
	if err := p.remember(); err != nil {
		return err
	}
	var events []record.EventID
	for _, kind := range publishOrder {
		for _, item := range p.inOrder(kind) {
			if err := p.make(item); err != nil {
				return err
			}
			if kind == record.KindEvent {
				events = append(events, record.EventID(item.Rec.Ref().ID))
			}
		}
	}
	for _, id := range events {
		if err := w.rejoin(id); err != nil {
			return err
		}
	}
	return p.takeBackAccusations()
}

// inOrder returns the chosen records of a kind by identifier, so that an act is
// the same each time.
func (p *publication) inOrder(kind record.Kind) []store.Item[record.Record] {
	var out []store.Item[record.Record]
	for ref, item := range p.chosen {
		if ref.Kind == kind {
			out = append(out, item)
		}
	}
	slices.SortFunc(out, func(a, b store.Item[record.Record]) int { return strings.Compare(a.Rec.Ref().ID, b.Rec.Ref().ID) })
	return out
}

func (p *publication) choose(item store.Item[record.Record]) error {
	ref := item.Rec.Ref()
	if _, err := withVisibility(item.Rec, record.Public); err != nil {
		return err
	}
	p.chosen[ref] = item
	return nil
}

// withClaims chooses the claims that an event, a total or a party takes along, and
// their sources.
func (p *publication) withClaims(about record.Ref) error {
	w, all := p.work, access.House()
	r := &w.tx.Reader
	claims, err := r.ClaimsAbout(w.ctx, all, about.ID)
	if err != nil {
		return err
	}
	var sources []record.SourceID
	for _, c := range claims {
		sources = append(sources, c.Rec.Source)
	}
	found, err := store.Get[*record.Source](w.ctx, r, all, sources...)
	if err != nil {
		return err
	}
	for _, c := range claims {
		s, ok := found[c.Rec.Source]
		switch {
		case !c.Rec.Review.State.Counts():
			p.stays(c.Rec, "publish.stays."+string(c.Rec.Review.State))
			continue
		case c.Rec.Visibility == record.Draft:
			p.stays(c.Rec, "publish.stays.draft")
			continue
		case !ok || s.Rec.Terms == record.TermsInternal:
			p.stays(c.Rec, "publish.stays.terms")
			continue
		case s.Rec.Sensitivity != record.Open:
			p.stays(c.Rec, "publish.stays.source")
			continue
		case s.Rec.Visibility == record.Draft && !p.asked[s.Rec.Ref()]:
			p.stays(c.Rec, "publish.stays.source")
			p.draft(s.Rec)
			continue
		}
		if err := p.choose(c.Any()); err != nil {
			return err
		}
		if err := p.choose(s.Any()); err != nil {
			return err
		}
	}
	return nil
}

// copiesStay notes the copies of the chosen sources: they are published one by one,
// since a copy may hold what its source may not be quoted with.
func (p *publication) copiesStay() error {
	var sources []record.SourceID
	for _, item := range p.inOrder(record.KindSource) {
		sources = append(sources, record.SourceID(item.Rec.Ref().ID))
	}
	copies, err := p.work.tx.CapturesOf(p.work.ctx, access.House(), sources...)
	if err != nil {
		return err
	}
	for _, c := range copies {
		p.stays(c.Rec, "publish.stays.copy")
	}
	return nil
}

// withInvolvements chooses the parts in an event that it takes along.
func (p *publication) withInvolvements(e *record.Event) error {
	w := p.work
	in, err := w.tx.InvolvementsIn(w.ctx, access.House(), e.ID)
	if err != nil {
		return err
	}
	for _, i := range in {
		named, err := p.mayName(i.Rec)
		switch {
		case err != nil:
			return err
		case len(i.Rec.Claims) == 0:
			p.stays(i.Rec, "publish.stays.claims")
		case !named:
			p.stays(i.Rec, "publish.stays.person")
		case i.Rec.Visibility == record.Draft && !p.asked[i.Rec.Ref()]:
			p.stays(i.Rec, "publish.stays.draft")
			p.draft(i.Rec)
		default:
			if err := p.choose(i.Any()); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayName reports whether the person of an involvement, if it has one, is public
// or was asked for.
func (p *publication) mayName(i *record.Involvement) (bool, error) {
	if i.Person == "" {
		return true, nil
	}
	ref := record.Ref{Kind: record.KindPerson, ID: string(i.Person)}
	if p.asked[ref] {
		return true, nil
	}
	levels, err := p.work.tx.Levels(p.work.ctx, []record.Ref{ref})
	return levels[ref] == access.LevelPublic, err
}

func (p *publication) stays(rec record.Record, key string) {
	if p.asked[rec.Ref()] || rec.Seen() == record.Public {
		return
	}
	p.Stays = append(p.Stays, p.finding(rec, key, ""))
}

func (p *publication) draft(rec record.Record) {
	if !slices.ContainsFunc(p.Drafts, func(f Finding) bool { return f.Ref == rec.Ref() }) {
		p.Drafts = append(p.Drafts, p.finding(rec, "", ""))
	}
}

func (p *publication) finding(rec record.Record, key, detail string) Finding {
	f := Finding{Ref: rec.Ref(), Label: nameOf(rec).Title.In("en").Text, Key: key, Detail: detail}
	f.Claim, _ = rec.(*record.Claim)
	return f
}

// nameEnds labels what has no words of its own: a part in an event and a tie by whom
// it is about, a claim by its source.
func (p *publication) nameEnds() error {
	r := &p.work.tx.Reader
	named := map[record.Ref]string{}
	nameOfEnd := func(ref record.Ref) (string, error) {
		name, ok := named[ref]
		if ok {
			return name, nil
		}
		end, err := store.AnyOne(p.work.ctx, r, access.House(), ref)
		if err != nil {
			return "", err
		}
		named[ref] = nameOf(end.Rec).Title.In("en").Text
		return named[ref], nil
	}
	for _, list := range [][]Finding{p.Becomes, p.Accused, p.Worded, p.Blocked, p.Stays, p.Drafts} {
		for i, f := range list {
			var rec record.Record
			switch {
			case f.Claim != nil:
				rec = f.Claim
			case f.Label == "":
				item, err := store.AnyOne(p.work.ctx, r, access.House(), f.Ref)
				if err != nil {
					return err
				}
				rec = item.Rec
			default:
				continue
			}
			var ends []string
			for _, ref := range endsOf(rec) {
				name, err := nameOfEnd(ref)
				if err != nil {
					return err
				}
				ends = append(ends, name)
			}
			list[i].Label = strings.Join(ends, " – ")
		}
	}
	return nil
}

// endsOf are the records by which one without words of its own is known.
func endsOf(rec record.Record) []record.Ref {
	switch r := rec.(type) {
	case *record.Claim:
		return []record.Ref{{Kind: record.KindSource, ID: string(r.Source)}}
	case *record.Involvement:
		switch {
		case r.Person != "":
			return []record.Ref{{Kind: record.KindPerson, ID: string(r.Person)}}
		case r.Party != "":
			return []record.Ref{{Kind: record.KindParty, ID: string(r.Party)}}
		}
	case *record.Tie:
		return []record.Ref{r.From, r.To}
	}
	return nil
}

func (p *publication) worded(c *record.Claim) {
	for _, f := range p.Worded {
		if f.Detail == c.Value.Text {
			return
		}
	}
	p.Worded = append(p.Worded, p.finding(c, "publish.worded", c.Value.Text))
}

// remember notes the levels of everything that this may make public.
func (p *publication) remember() error {
	for ref, item := range p.chosen {
		p.before[ref], p.recs[ref] = item.Level, item.Rec
		deps, err := p.work.dependants(ref)
		if err != nil {
			return err
		}
		refs := make([]record.Ref, len(deps))
		for i, d := range deps {
			refs[i] = d.Ref()
		}
		levels, err := p.work.tx.Levels(p.work.ctx, refs)
		if err != nil {
			return err
		}
		for _, d := range deps {
			p.before[d.Ref()], p.recs[d.Ref()] = levels[d.Ref()], d
		}
	}
	return nil
}

// make makes one record public, or notes why it cannot be.
func (p *publication) make(item store.Item[record.Record]) error {
	w := p.work
	ref := item.Rec.Ref()
	if item.Rec.Seen() == record.Public {
		return nil
	}
	key, err := p.obstacle(item.Rec)
	if err != nil {
		return err
	}
	if key == "" {
		rec, err := withVisibility(item.Rec, record.Public)
		if err != nil {
			return err
		}
		err = rec.Validate()
		if err == nil {
			return w.Change(rec, item.Rev)
		}
		e, ok := errors.AsType[*record.Invalid](err)
		if !ok {
			return err
		}
		key = strings.Replace(e.Fields[0].Key, "invalid.", "publish.blocked.", 1)
	}
	if p.asked[ref] {
		p.Blocked = append(p.Blocked, p.finding(item.Rec, key, ""))
	} else {
		p.stays(item.Rec, key)
	}
	return nil
}

// obstacle returns the message key of why a valid record must not be public, ""
// when it may.
func (p *publication) obstacle(rec record.Record) (string, error) {
	if person, ok := rec.(*record.Person); ok {
		if person.Hidden {
			return "publish.blocked.hidden", nil
		}
		return "", nil
	}
	for _, n := range p.hidden {
		if named, err := n.inRecord(rec); err != nil || named {
			return "publish.blocked.words", err
		}
	}
	switch r := rec.(type) {
	case *record.Claim:
		if !r.Review.State.Counts() {
			return "publish.blocked.review", nil
		}
		ok, err := p.work.groundedClaim(r)
		if err != nil {
			return "", err
		}
		if !ok {
			p.Accused = append(p.Accused, p.finding(rec, "publish.accused", string(r.Attribute)))
			return "publish.blocked.accused", nil
		}
		return p.terms(r.Source)
	case *record.Capture:
		return p.terms(r.Source)
	case *record.Involvement:
		if r.Person == "" || !r.Role.Accuses() {
			return "", nil
		}
		ok, err := p.work.grounded(r)
		if err != nil || ok {
			return "", err
		}
		p.Accused = append(p.Accused, p.finding(rec, "publish.accused", string(r.Status)))
		return "publish.blocked.accused", nil
	case *record.Assessment:
		if r.Review.State != record.Accepted {
			return "publish.blocked.review", nil
		}
	case *record.Proceeding:
		ok, err := p.work.groundedProceeding(r)
		if err != nil || ok {
			return "", err
		}
		p.Accused = append(p.Accused, p.finding(rec, "publish.accused", accusedStage(r)))
		return "publish.blocked.accused", nil
	}
	return "", nil
}

func (p *publication) terms(source record.SourceID) (string, error) {
	s, err := store.One[*record.Source](p.work.ctx, &p.work.tx.Reader, access.House(), source)
	if err != nil {
		return "", err
	}
	if s.Rec.Terms == record.TermsInternal {
		return "publish.blocked.terms", nil
	}
	return "", nil
}

// takeBackAccusations looks at what was public by itself before and becomes seen
// only now: an accusation among it needs its ground like any other.
func (p *publication) takeBackAccusations() error {
	for ref := range p.recs {
		if ref.Kind == record.KindProceeding {
			if err := p.takeBackProceeding(ref); err != nil {
				return err
			}
		}
		if ref.Kind != record.KindInvolvement {
			continue
		}
		item, err := store.One[*record.Involvement](p.work.ctx, &p.work.tx.Reader, access.House(), ref.ID)
		if err != nil {
			return err
		}
		i := item.Rec
		if i.Visibility != record.Public || i.Person == "" || !i.Role.Accuses() {
			continue
		}
		ok, err := p.work.grounded(i)
		if err != nil {
			return err
		}
		if ok {
			continue
		}
		p.Accused = append(p.Accused, p.finding(i, "publish.accused", string(i.Status)))
		if err := p.work.ungroundOne(item); err != nil {
			return err
		}
	}
	return nil
}

// explain fills in what became public and who is named by it.
func (p *publication) explain() error {
	w := p.work
	refs := make([]record.Ref, 0, len(p.recs))
	for ref := range p.recs {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b record.Ref) int {
		if d := slices.Index(publishOrder, a.Kind) - slices.Index(publishOrder, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	after, err := w.tx.Levels(w.ctx, refs)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, ref := range refs {
		if p.before[ref] == access.LevelPublic || after[ref] != access.LevelPublic {
			continue
		}
		rec := p.recs[ref]
		p.Becomes = append(p.Becomes, p.finding(rec, "publish.becomes."+string(ref.Kind), ""))
		if c, ok := rec.(*record.Claim); ok && accusesInWords(c) {
			p.worded(c)
		}
		for _, id := range personsIn(rec) {
			named[id] = true
		}
		if err := p.uncited(rec); err != nil {
			return err
		}
	}
	return p.people(slices.Collect(maps.Keys(named)))
}

// people notes persons who are named, with whether they are dead and the basis on
// which they may be.
func (p *publication) people(ids []string) error {
	w := p.work
	slices.Sort(ids)
	people, err := store.Get[*record.Person](w.ctx, &w.tx.Reader, access.House(), ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if item, ok := people[id]; ok {
			p.Persons = append(p.Persons, p.finding(item.Rec, personKey(item.Rec), basisOf(item.Rec)))
		}
	}
	return nil
}

func personKey(p *record.Person) string {
	if p.Vital == record.Dead {
		return "publish.person.dead"
	}
	return "publish.person.living"
}

// basisOf is the basis on which a person may be published, "" without one.
func basisOf(p *record.Person) string {
	if !p.May(record.ToPublish) {
		return ""
	}
	for _, c := range p.Consents {
		if c.Purpose == record.ToPublish && c.Given && c.Withdrawn.IsZero() {
			return string(c.Basis)
		}
	}
	return ""
}

// personsIn lists the people a record names by reference.
func personsIn(rec record.Record) []string {
	var out []string
	add := func(ref record.Ref) {
		if ref.Kind == record.KindPerson && ref.ID != "" {
			out = append(out, ref.ID)
		}
	}
	person := func(id record.PersonID) { add(record.Ref{Kind: record.KindPerson, ID: string(id)}) }
	switch r := rec.(type) {
	case *record.Person:
		person(r.ID)
	case *record.Claim:
		add(r.Subject)
		add(r.Value.Ref)
		person(r.AttributedTo.Person)
	case *record.Involvement:
		person(r.Person)
	case *record.Tie:
		add(r.From)
		add(r.To)
	case *record.Proceeding:
		person(r.Person)
	case *record.Demand:
		for _, a := range r.Addressees {
			person(a.Person)
		}
	case *record.Commitment:
		for _, b := range r.By {
			person(b.Person)
		}
	}
	return out
}
