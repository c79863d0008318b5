package followup

import (
	"context"
	"errors"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// PlanSteps returns the ready-made steps of a plan, for a form to begin with.
func (d *Desk) PlanSteps(plan record.Plan) []record.Step { return follow.Plan(plan) }

// MakeDemand begins to follow a demand; its identifier and address are given here.
// With a plan and no steps it begins with the steps of that plan.
func (d *Desk) MakeDemand(ctx context.Context, v access.Viewer, rec *record.Demand, reason string) (record.DemandID, error) {
	next := *rec
	id, err := d.begin(ctx, record.KindDemand, next.Text, next.Plan, &next.Slug, &next.Steps)
	if err != nil {
		return "", err
	}
	next.ID = record.DemandID(id)
	if err := d.put(ctx, v, &next, 0, reason, d.checkDemand(ctx, v, &next)); err != nil {
		return "", err
	}
	return next.ID, nil
}

// begin gives a new demand or commitment its identifier, and what it does not have yet: an address
// made of its text, and the steps of its plan.
func (d *Desk) begin(ctx context.Context, kind record.Kind, text record.Text, plan record.Plan, slug *string, steps *[]record.Step) (id string, err error) {
	if id, err = d.house.NewID(); err != nil {
		return "", err
	}
	if *slug == "" {
		if *slug, err = d.house.FreeSlug(ctx, kind, text.In("en").Text); err != nil {
			return "", err
		}
	}
	if len(*steps) == 0 {
		*steps = follow.Plan(plan)
	}
	return id, nil
}

// checkSteps settles the deadline and the steps of a demand or a commitment in the work that writes
// it. A new one cites what its maker sees; one that stood keeps the steps that were assessed.
func checkSteps(ctx context.Context, w *casework.Work, v access.Viewer, rec, old record.Record, due *record.Due, steps *[]record.Step) error {
	*steps = slices.Clone(*steps)
	if err := settle(ctx, w, due, *steps); err != nil {
		return err
	}
	if old == nil {
		return cited(ctx, w, v, rec)
	}
	return keepsSteps(ctx, w, rec.Ref().ID, *steps)
}

// SaveDemand changes a demand; rev is the revision the change was made on.
func (d *Desk) SaveDemand(ctx context.Context, v access.Viewer, rec *record.Demand, rev int, reason string) error {
	next := *rec
	return d.put(ctx, v, &next, max(rev, 1), reason, d.checkDemand(ctx, v, &next))
}

func (d *Desk) checkDemand(ctx context.Context, v access.Viewer, rec *record.Demand) func(*casework.Work, record.Record) error {
	return func(w *casework.Work, old record.Record) error {
		for _, a := range rec.Addressees {
			if err := zone("addressees", a.Zone); err != nil {
				return err
			}
		}
		if err := exists(ctx, w, v, "of", rec.Of); err != nil {
			return err
		}
		if rec.Of.Kind == record.KindPetition {
			p, err := store.One[*record.Petition](ctx, &w.Tx().Reader, v, rec.Of.ID)
			if err != nil {
				return err
			}
			if old == nil && !slices.ContainsFunc(flatDemands(p.Rec.Demands, 0), func(l PetitionDemandLine) bool { return l.Key == rec.Key }) {
				return wrong("key", "unknown")
			}
			followed, err := w.Tx().DemandsOf(ctx, access.House(), rec.Of.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(followed, func(o DemandItem) bool { return o.Rec.Key == rec.Key && o.Rec.ID != rec.ID }) {
				return wrong("key", "taken")
			}
		}
		return checkSteps(ctx, w, v, rec, old, &rec.Due, &rec.Steps)
	}
}

// flatDemands lists the demands of a petition, each before its parts.
func flatDemands(list []record.PetitionDemand, depth int) []PetitionDemandLine {
	var out []PetitionDemandLine
	for _, p := range list {
		out = append(out, PetitionDemandLine{Key: p.Key, Text: p.Text, Depth: depth})
		out = append(out, flatDemands(p.Parts, depth+1)...)
	}
	return out
}

// asked finds a demand of a petition, a part with what it takes from its whole.
func asked(list []record.PetitionDemand, key string) (record.PetitionDemand, bool) {
	for _, p := range list {
		if p.Key == key {
			return p, true
		}
		if found, ok := asked(p.Parts, key); ok {
			if len(found.Addressee) == 0 {
				found.Addressee = p.Addressee
			}
			return found, true
		}
	}
	return record.PetitionDemand{}, false
}

// PetitionDemands lists what a petition asks and which of it is followed.
func (d *Desk) PetitionDemands(ctx context.Context, v access.Viewer, id record.PetitionID) (out []PetitionDemandLine, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		out, err = petitionDemands(ctx, r, v, p.Rec)
		return err
	})
	return out, err
}

// petitionDemands lists the demands of the edition in force, or of the draft before
// there is one.
func petitionDemands(ctx context.Context, r *store.Reader, v access.Viewer, p *record.Petition) ([]PetitionDemandLine, error) {
	demands, _, _, err := inForce(ctx, r, v, p)
	if err != nil {
		return nil, err
	}
	followed, err := r.DemandsOf(ctx, v, string(p.ID))
	if err != nil {
		return nil, err
	}
	out := flatDemands(demands, 0)
	for i := range out {
		for _, f := range followed {
			if f.Rec.Key == out[i].Key {
				out[i].Followed = f.Rec
			}
		}
	}
	return out, nil
}

// unfollowed returns the demands that nobody follows. One whose parts are all
// followed is followed through them.
func unfollowed(lines []PetitionDemandLine) []PetitionDemandLine {
	open := make([]bool, len(lines))
	for i := len(lines) - 1; i >= 0; i-- {
		open[i] = lines[i].Followed == nil
		parts, missing := 0, 0
		for j := i + 1; j < len(lines) && lines[j].Depth > lines[i].Depth; j++ {
			if lines[j].Depth == lines[i].Depth+1 {
				parts++
				if open[j] {
					missing++
				}
			}
		}
		if parts > 0 && missing == 0 {
			open[i] = false
		}
	}
	var out []PetitionDemandLine
	for i, l := range lines {
		if open[i] {
			out = append(out, l)
		}
	}
	return out
}

// inForce returns what a petition asks, of whom and on which bases: as published,
// or as drafted before publication.
func inForce(ctx context.Context, r *store.Reader, v access.Viewer, p *record.Petition) ([]record.PetitionDemand, []record.Addressee, []record.LegalBasis, error) {
	e, err := r.EditionOf(ctx, v, p.ID, 0)
	switch {
	case err == nil:
		return e.Rec.Demands, e.Rec.Addressees, e.Rec.Bases, nil
	case errors.Is(err, record.ErrNotFound) && v.Sees() == access.LevelPublic && p.Foreign == nil:
		return nil, nil, nil, nil // what is only drafted is nobody's outside
	case errors.Is(err, record.ErrNotFound):
		return p.Demands, p.Addressees, p.Bases, nil
	}
	return nil, nil, nil, err
}

// FollowPetition begins to follow demands of a published petition: those with the
// keys, all when none are given. A part is followed by itself, and a demand that has parts through
// them unless its key is given. Those followed already stay as they are. The new records are
// internal until somebody publishes them.
func (d *Desk) FollowPetition(ctx context.Context, v access.Viewer, id record.PetitionID, reason string, keys ...string) ([]record.DemandID, error) {
	if !enters(v) {
		return nil, require(v, access.ActPetition)
	}
	var made []*record.Demand
	err := d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if err := ownsPetition(ctx, r, v, p.Rec.Ref()); err != nil {
			return err
		}
		if p.Rec.Publication != record.PetitionPublished {
			return wrong("publication", "not_published")
		}
		demands, addressees, bases, err := inForce(ctx, r, v, p.Rec)
		if err != nil {
			return err
		}
		followed, err := r.DemandsOf(ctx, access.House(), string(id))
		if err != nil {
			return err
		}
		for _, l := range flatDemands(demands, 0) {
			q, _ := asked(demands, l.Key)
			if slices.ContainsFunc(followed, func(f DemandItem) bool { return f.Rec.Key == l.Key }) {
				continue
			}
			if len(keys) > 0 && !slices.Contains(keys, l.Key) || len(keys) == 0 && len(q.Parts) > 0 {
				continue
			}
			made = append(made, fromPetition(p.Rec, q, addressees, bases))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		raw, err := d.house.NewID()
		if err != nil {
			return nil, err
		}
		m.ID = record.DemandID(raw)
		if m.Slug, err = d.house.FreeSlug(ctx, record.KindDemand, m.Text.In("en").Text); err != nil {
			return nil, err
		}
	}
	distinct(made)
	ids := make([]record.DemandID, len(made))
	err = d.do(ctx, v, access.ActEnter, "follow petition", reason, func(w *casework.Work) error {
		for i, m := range made {
			if err := d.checkDemand(ctx, v, m)(w, nil); err != nil {
				return err
			}
			if err := w.Create(m); err != nil {
				return err
			}
			ids[i] = m.ID
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// distinct gives demands made in one go addresses of their own.
func distinct(made []*record.Demand) {
	taken := map[string]bool{}
	for _, m := range made {
		if taken[m.Slug] {
			m.Slug += "-" + m.Key
		}
		taken[m.Slug] = true
	}
}

// fromPetition is a followed demand as a petition has it.
func fromPetition(p *record.Petition, q record.PetitionDemand, addressees []record.Addressee, bases []record.LegalBasis) *record.Demand {
	m := &record.Demand{
		Text: q.Text, Of: p.Ref(), Key: q.Key, Claims: q.Claims, Visibility: record.Internal,
		Made: made(p),
	}
	for _, ref := range p.Subject {
		if ref.Kind == record.KindEvent {
			m.Attack = record.EventID(ref.ID)
			break
		}
	}
	for _, i := range p.Initiators {
		if i.Party != "" {
			m.By = append(m.By, i.Party)
		}
	}
	for _, a := range addressees {
		if len(q.Addressee) > 0 && !slices.Contains(q.Addressee, a.Key) {
			continue
		}
		m.Addressees = append(m.Addressees, record.DemandAddressee{
			Key: a.Key, Party: a.Party, Office: a.Office, Holder: a.Holder, HeldOn: a.HeldOn, Personal: q.Personal,
			Country: a.Country, Zone: calendar.ZoneOf(a.Country), Lang: a.Lang,
		})
	}
	for _, b := range bases {
		if len(b.Demands) == 0 || slices.Contains(b.Demands, q.Key) {
			b.Demands = nil
			m.Bases = append(m.Bases, b)
		}
	}
	if last, ok := q.Deadline.Date.Latest(); ok && !q.Deadline.IsZero() {
		at := "UTC"
		if len(m.Addressees) > 0 && m.Addressees[0].Zone != "" {
			at = m.Addressees[0].Zone
		}
		m.Due = record.Due{Day: dayText(last), Zone: at, Printed: q.Deadline.Date.String(), Origin: record.DueStated}
	}
	return m
}

// Demand reads a demand's page by its slug, an old slug or its identifier.
func (d *Desk) Demand(ctx context.Context, v access.Viewer, slug string) (*DemandPage, error) {
	p := &DemandPage{}
	err := d.view(ctx, func(r *store.Reader) (err error) {
		if p.Item, err = bySlug[*record.Demand](ctx, r, v, slug); err != nil {
			return err
		}
		return d.readDemand(ctx, r, v, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// bySlug takes an identifier too, which is what records link by.
func bySlug[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, name string) (store.Item[T], error) {
	if record.ValidID(name) {
		return store.One[T](ctx, r, v, name)
	}
	return store.BySlug[T](ctx, r, v, name)
}

func (d *Desk) readDemand(ctx context.Context, r *store.Reader, v access.Viewer, p *DemandPage) error {
	rec := p.Item.Rec
	b, err := d.bench(ctx, r, v, []DemandItem{p.Item}, nil, false)
	if err != nil {
		return err
	}
	if err := b.holders(ctx, r, v); err != nil {
		return err
	}
	if p.Assessments, err = b.full(ctx, r, v, string(rec.ID)); err != nil {
		return err
	}
	p.DemandLine = b.demand(p.Item)
	f := follow.OfDemand(rec, dateless)
	board := follow.NewBoard(b.judged[string(rec.ID)])
	p.StepViews = b.stepViews(&f, board, sole(rec.Addressees))
	p.Addressees = b.addressees(rec, board)
	if len(rec.Addressees) > 0 {
		p.Today = b.today(zoneOf(rec.Addressees[0], rec.Due))
	}
	var linked []CommitmentItem
	for _, l := range rec.Commitments {
		c, err := store.Get[*record.Commitment](ctx, r, v, l.Commitment)
		if err != nil {
			return err
		}
		if it, ok := c[l.Commitment]; ok {
			linked = append(linked, it)
		}
	}
	promised, err := d.bench(ctx, r, v, nil, linked, false)
	if err != nil {
		return err
	}
	for _, it := range linked {
		line := promised.commitment(it)
		for _, l := range rec.Commitments {
			if l.Commitment == it.Rec.ID {
				line.How = l.How
			}
		}
		p.Commitments = append(p.Commitments, line)
	}
	if rec.Of.Kind == record.KindPetition {
		id := record.PetitionID(rec.Of.ID)
		petition, err := store.Get[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if it, ok := petition[id]; ok {
			p.Petition = it.Rec
		}
		for _, x := range b.deliveries[id] {
			if slices.ContainsFunc(rec.Addressees, func(a record.DemandAddressee) bool { return a.Key == x.Addressee }) {
				p.Deliveries = append(p.Deliveries, x)
			}
		}
		for _, y := range b.replies[id] {
			if len(y.Demands) == 0 || slices.Contains(y.Demands, rec.Key) {
				p.Replies = append(p.Replies, y)
			}
		}
	}
	p.Said, p.Links, err = mentioned(ctx, r, v, rec, p.Assessments)
	if err != nil {
		return err
	}
	var also []record.Ref
	for _, a := range p.Addressees {
		also = append(also, partyRef(a.Now))
		for _, h := range a.Answerer.Holders {
			also = append(also, record.Ref{Kind: record.KindPerson, ID: string(h)})
		}
	}
	return p.linkMore(ctx, r, v, append(also, rec.Of)...)
}

func (p *DemandPage) linkMore(ctx context.Context, r *store.Reader, v access.Viewer, refs ...record.Ref) error {
	more, err := casework.LinksIn(ctx, r, v, refs...)
	for ref, l := range more {
		p.Links[ref] = l
	}
	return err
}

func partyRef(id record.PartyID) record.Ref {
	return record.Ref{Kind: record.KindParty, ID: string(id)}
}

// mentioned reads the claims that a record and its assessments cite, and the names
// of everything they refer to.
func mentioned(ctx context.Context, r *store.Reader, v access.Viewer, rec record.Record, assessments []AssessmentItem) (casework.Said, casework.Links, error) {
	recs := []record.Record{rec}
	for _, a := range assessments {
		recs = append(recs, a.Rec)
	}
	return mentionedBy(ctx, r, v, recs)
}

func mentionedBy(ctx context.Context, r *store.Reader, v access.Viewer, recs []record.Record) (casework.Said, casework.Links, error) {
	var claims []record.ClaimID
	var refs []record.Ref
	seen := map[record.Ref]bool{}
	for _, rec := range recs {
		for _, ref := range casework.References(rec) {
			switch {
			case seen[ref]:
			case ref.Kind == record.KindClaim:
				claims = append(claims, record.ClaimID(ref.ID))
			default:
				refs = append(refs, ref)
			}
			seen[ref] = true
		}
		if p, ok := rec.(*record.Proceeding); ok && p.Person != "" {
			refs = append(refs, record.Ref{Kind: record.KindPerson, ID: string(p.Person)})
		}
	}
	said, err := casework.SaidIn(ctx, r, v, claims, refs...)
	if err != nil {
		return said, nil, err
	}
	return said, said.Links, nil
}

// full replaces the light judgements of a demand or commitment by whole
// assessments, and returns all that the viewer sees, the newest first.
func (b *bench) full(ctx context.Context, r *store.Reader, v access.Viewer, id string) ([]AssessmentItem, error) {
	all, err := r.AssessmentsOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	b.judged[id] = nil
	for _, a := range all {
		if a.Rec.Review.State == record.Accepted {
			b.judged[id] = append(b.judged[id], a.Rec)
		}
	}
	return all, nil
}

// holders reads who held the offices asked.
func (b *bench) holders(ctx context.Context, r *store.Reader, v access.Viewer) error {
	for id := range b.offices {
		ties, err := r.TiesOf(ctx, v, string(id))
		if err != nil {
			return err
		}
		for _, t := range ties {
			if h, ok := follow.HoldingOf(t.Rec); ok {
				b.holdings = append(b.holdings, h)
			}
		}
	}
	slices.SortFunc(b.holdings, func(a, c follow.Holding) int { return -a.When.Compare(c.When) })
	return nil
}

// Demands lists demands, the latest first and those that are only tried out last, and how many there are.
func (d *Desk) Demands(ctx context.Context, v access.Viewer, f Filter, offset, limit int) (out []DemandLine, n int, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		lines, all := s.demandsOf(f, offset, limit)
		out, n = values(lines), all
		return nil
	})
	return out, n, err
}

// demandsOf is a page of those that a filter lets through, and how many these are.
func (s *state) demandsOf(f Filter, offset, limit int) ([]*DemandLine, int) {
	return pageOf(s.demands, wording(f.Words, f.demand, func(l *DemandLine) *folded { return l.words }), offset, limit)
}

// demand reports whether a filter lets a demand through.
func (f Filter) demand(l *DemandLine) bool {
	m := l.Demand
	switch {
	case f.Party != "" && !slices.ContainsFunc(m.Addressees, func(a record.DemandAddressee) bool { return a.Party == f.Party }),
		f.Attack != "" && m.Attack != f.Attack && m.Of.ID != string(f.Attack),
		f.Petition != "" && m.Of.ID != string(f.Petition),
		f.Plan != "" && m.Plan != f.Plan,
		f.Amounts || f.Offers,
		f.Real && l.Practice,
		l.Apart && (f.Silent || f.Timeliness != ""),
		!f.stands(&l.Standing, &l.Silence):
		return false
	}
	return true
}

func offices(m *record.Demand) []record.Text {
	var out []record.Text
	for _, a := range m.Addressees {
		out = append(out, a.Office, a.Holder)
	}
	return out
}

// stands reports whether a filter lets something through for where it stands.
func (f Filter) stands(s *Standing, q *Silence) bool {
	switch {
	case f.Response != "" && s.ResponseBy(record.ByOrganisation) != f.Response,
		f.Progress != "" && s.ProgressBy(record.ByOrganisation) != f.Progress,
		f.Timeliness != "" && s.Timeliness != f.Timeliness,
		f.Silent && !silent(*q):
		return false
	}
	return true
}
