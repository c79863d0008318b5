package followup

import (
	"cmp"
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

// shownLines is how many overdue and silent lines an overview has; lists of their own have
// the rest.
const shownLines = 50

// Due lists clocks, the earliest day first, and how many there are: all, or those
// of one timeliness; "late" is both kinds of overdue.
func (d *Desk) Due(ctx context.Context, v access.Viewer, timeliness string, offset, limit int) (out []DueLine, n int, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		all := s.due(timeliness)
		n, out = len(all), values(page(all, offset, limit))
		return nil
	})
	return out, n, err
}

// Late asks [Desk.Due] for whatever is overdue, however long.
const Late = "late"

// due lists the clocks of one timeliness.
func (s *state) due(timeliness string) []*DueLine {
	switch timeliness {
	case "":
		return s.clocks
	case Late:
		return s.late
	}
	var out []*DueLine
	for _, l := range s.clocks {
		if l.Timeliness == timeliness {
			out = append(out, l)
		}
	}
	return out
}

func (l *DueLine) isLate() bool {
	return l.Timeliness == string(follow.Overdue) || l.Timeliness == string(follow.LongOverdue)
}

// Silences lists who has said nothing, the longest silence first, and how many there
// are; party "" is everybody. Who has been handed nothing is not in it.
func (d *Desk) Silences(ctx context.Context, v access.Viewer, party record.PartyID, offset, limit int) (out []SilenceLine, n int, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		all := s.silences(party)
		n, out = len(all), values(page(all, offset, limit))
		return nil
	})
	return out, n, err
}

// silences lists who has said nothing, the longest silence first: one party, "" everybody.
func (s *state) silences(party record.PartyID) []*SilenceLine {
	if party == "" {
		return s.quiet
	}
	var out []*SilenceLine
	for _, q := range s.quiet {
		if q.Party == party || slices.Contains(q.also, party) {
			out = append(out, q)
		}
	}
	return out
}

// unkept is the silence of those who promised, nil where they owe no word.
func (l *CommitmentLine) unkept() *SilenceLine {
	if !silent(l.Silence) || len(l.Commitment.By) == 0 || done(l.ProgressBy(record.ByOrganisation)) {
		return nil // what was kept needs no further word
	}
	by := l.Commitment.By[0]
	q := &SilenceLine{
		Of: l.Commitment.Ref(), Text: l.Commitment.Text, Slug: l.Commitment.Slug, Party: by.Party, Office: by.Office, Person: by.Person,
		Silence: l.Silence,
	}
	for _, p := range l.Commitment.By[1:] {
		q.also = append(q.also, p.Party)
	}
	return q
}

// done reports whether nothing more is waited for.
func done(p record.ProgressValue) bool { return p == record.Met || p == record.Superseded }

func newSummary(by record.Assessor) Summary {
	return Summary{
		By: by, Response: map[record.ResponseValue]int{}, Progress: map[record.ProgressValue]int{}, Timeliness: map[string]int{},
	}
}

func (s *Summary) add(st *Standing, q *Silence) {
	s.All++
	s.Response[st.ResponseBy(s.By)]++
	p := st.ProgressBy(s.By)
	s.Progress[p]++
	if p == record.NotAssessed {
		s.NotAssessed++
	} else {
		s.Assessed++
	}
	s.Timeliness[st.Timeliness]++
	switch {
	case !q.Started:
		s.NotStarted++
	case silent(*q):
		s.Silent++
	}
	s.LastChecked = max(s.LastChecked, st.Checked)
}

func summaries(demands []*DemandLine, commitments []*CommitmentLine, by record.Assessor) (Summary, Summary) {
	a, b := newSummary(by), newSummary(by)
	for _, l := range demands {
		if l.Apart {
			a.Practice++
			continue
		}
		a.add(&l.Standing, &l.Silence)
	}
	for _, l := range commitments {
		b.add(&l.Standing, &l.Silence)
	}
	return a, b
}

func promised(lines []*CommitmentLine) []*record.Commitment {
	out := make([]*record.Commitment, len(lines))
	for i, l := range lines {
		out[i] = l.Commitment
	}
	return out
}

// Overview reads the page "what was promised, what was done", counting the words of
// one assessor ("" the organisation).
func (d *Desk) Overview(ctx context.Context, v access.Viewer, by record.Assessor) (*Overview, error) {
	if by == "" {
		by = record.ByOrganisation
	}
	o := &Overview{Today: d.now().UTC().Format("2006-01-02")}
	err := d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		a := s.account(by)
		o.Demands, o.Commitments, o.Authorities = a.demands, a.commitments, slices.Clone(a.authorities)
		o.Amounts = slices.Clone(s.amounts())
		o.Overdue = values(page(s.late, 0, shownLines))
		o.Silent = values(page(s.quiet, 0, shownLines))
		var refs []record.Ref
		for _, l := range o.Authorities {
			refs = append(refs, l.Party.Ref)
		}
		for _, l := range o.Silent {
			refs = append(refs, partyRef(l.Party), record.Ref{Kind: record.KindPerson, ID: string(l.Person)})
		}
		if o.Links, err = casework.LinksIn(ctx, r, v, refs...); err != nil {
			return err
		}
		o.Authorities = slices.DeleteFunc(o.Authorities, func(l AuthorityLine) bool { return o.Links[l.Party.Ref].Slug == "" })
		for i, l := range o.Authorities {
			o.Authorities[i].Party = o.Links[l.Party.Ref]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// authorities counts by party what it was asked and promised, those asked most
// first.
func (s *state) authorities(by record.Assessor) []AuthorityLine {
	at := map[record.PartyID]*AuthorityLine{}
	var order []record.PartyID
	of := func(id record.PartyID) *AuthorityLine {
		if at[id] == nil {
			at[id] = &AuthorityLine{Party: casework.Link{Ref: partyRef(id)}}
			order = append(order, id)
		}
		return at[id]
	}
	count := func(a *AuthorityLine, st *Standing, q *Silence) {
		if done := st.ProgressBy(by); done == record.Met {
			a.Met++
		}
		if st.Timing.IsLate() {
			a.Overdue++
		}
		if silent(*q) {
			a.Silent++
			a.LongestSilence = max(a.LongestSilence, q.Days)
		}
	}
	for _, l := range s.demands {
		if l.Apart {
			continue
		}
		seen := map[record.PartyID]bool{}
		for _, q := range l.silences {
			if q.Party == "" || seen[q.Party] {
				continue
			}
			seen[q.Party] = true
			a := of(q.Party)
			a.Demands++
			count(a, &l.Standing, &q.Silence)
		}
	}
	for _, l := range s.commitments {
		seen := map[record.PartyID]bool{}
		for _, p := range l.Commitment.By {
			if p.Party == "" || seen[p.Party] {
				continue
			}
			seen[p.Party] = true
			a := of(p.Party)
			a.Commitments++
			count(a, &l.Standing, &l.Silence)
		}
	}
	out := make([]AuthorityLine, len(order))
	for i, id := range order {
		out[i] = *at[id]
	}
	slices.SortStableFunc(out, func(a, b AuthorityLine) int {
		return cmp.Or(cmp.Compare(b.Demands+b.Commitments, a.Demands+a.Commitments), cmp.Compare(a.Party.Ref.ID, b.Party.Ref.ID))
	})
	return out
}

// maxPassed bounds how many offices an authority can have taken over from.
const maxPassed = 20

// Authority reads everything a party was asked, said and did, by its slug, an old
// slug or its identifier. What was asked of an office that was abolished is shown with its successor,
// but for what was asked of its holder in person. Of each list it has up to limit lines after
// the first offset ones, all of them where limit is negative; sums are of all.
func (d *Desk) Authority(ctx context.Context, v access.Viewer, slug string, by record.Assessor, offset, limit int) (*AuthorityPage, error) {
	if by == "" {
		by = record.ByOrganisation
	}
	p := &AuthorityPage{}
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := bySlug[*record.Party](ctx, r, v, slug)
		if err != nil {
			return err
		}
		p.Party = item.Rec
		if p.Party.Successor != "" {
			next, err := store.One[*record.Party](ctx, r, v, p.Party.Successor)
			if err == nil {
				p.Successor = next.Rec
			} else if !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
				return err
			}
		}
		if p.Passed, err = passed(ctx, r, v, p.Party.ID); err != nil {
			return err
		}
		s, err := d.state(ctx, r, v)
		if err != nil {
			return err
		}
		var asked []*DemandLine
		var given []*CommitmentLine
		for _, l := range s.demands {
			if l.asks(p.Party.ID) || slices.ContainsFunc(p.Passed, func(o *record.Party) bool { return l.asksOffice(o.ID) }) {
				asked = append(asked, l)
			}
		}
		for _, l := range s.commitments {
			if slices.ContainsFunc(l.Commitment.By, func(q record.Promiser) bool { return q.Party == p.Party.ID }) {
				given = append(given, l)
			}
		}
		p.AskedAll, p.GivenAll = len(asked), len(given)
		p.Asked, p.Given = values(page(asked, offset, limit)), values(page(given, offset, limit))
		p.Demands, p.Commitments = summaries(asked, given, by)
		p.Amounts = follow.Sums(promised(given))
		var quiet []*SilenceLine
		for _, q := range s.quiet {
			if q.Party == p.Party.ID || slices.ContainsFunc(p.Passed, func(o *record.Party) bool { return o.ID == q.Party }) {
				quiet = append(quiet, q)
			}
		}
		p.SilenceAll, p.Silence = len(quiet), values(page(quiet, offset, limit))
		items, _, err := r.ProceedingsOf(ctx, v, string(p.Party.ID), 0, 100)
		if err != nil {
			return err
		}
		if p.Proceedings, err = proceedingLines(ctx, r, v, items); err != nil {
			return err
		}
		p.Today = d.newBenchToday(calendar.ZoneOf(p.Party.Country))
		var refs []record.Ref
		for _, l := range p.Asked {
			refs = append(refs, casework.References(l.Demand)...)
			refs = append(refs, l.Demand.Of)
		}
		for _, l := range p.Given {
			refs = append(refs, casework.References(l.Commitment)...)
		}
		refs = slices.DeleteFunc(refs, func(ref record.Ref) bool { return ref.Kind == record.KindClaim || ref.Kind == record.KindSource })
		p.Links, err = casework.LinksIn(ctx, r, v, refs...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (d *Desk) newBenchToday(zone string) string {
	day, _ := d.newClock().Today(zone)
	return dayText(day)
}

// asks reports whether a demand asks a party.
func (l *DemandLine) asks(id record.PartyID) bool {
	return slices.ContainsFunc(l.Demand.Addressees, func(a record.DemandAddressee) bool { return a.Party == id })
}

// asksOffice reports whether a demand asks a party as an institution.
func (l *DemandLine) asksOffice(id record.PartyID) bool {
	return slices.ContainsFunc(l.Demand.Addressees, func(a record.DemandAddressee) bool { return a.Party == id && !a.Personal })
}

// passed returns the offices that were abolished in favour of one, those before
// them too.
func passed(ctx context.Context, r *store.Reader, v access.Viewer, id record.PartyID) ([]*record.Party, error) {
	var out []*record.Party
	for ask := []record.PartyID{id}; len(ask) > 0 && len(out) < maxPassed; ask = ask[1:] {
		found, err := r.Succeeded(ctx, v, ask[0])
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if p.Rec.Abolished.IsZero() || p.Rec.ID == id || slices.ContainsFunc(out, func(o *record.Party) bool { return o.ID == p.Rec.ID }) {
				continue
			}
			out = append(out, p.Rec)
			ask = append(ask, p.Rec.ID)
		}
	}
	return out, nil
}

// Matrix reads the demands of a petition by addressee.
func (d *Desk) Matrix(ctx context.Context, v access.Viewer, slug string) (*Matrix, error) {
	m := &Matrix{}
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := bySlug[*record.Petition](ctx, r, v, slug)
		if err != nil {
			return err
		}
		m.Petition = item.Rec
		demands, err := r.DemandsOf(ctx, v, string(item.Rec.ID))
		if err != nil {
			return err
		}
		b, err := d.bench(ctx, r, v, demands, nil, false)
		if err != nil {
			return err
		}
		lines, err := petitionDemands(ctx, r, v, item.Rec)
		if err != nil {
			return err
		}
		order := map[string]int{}
		for i, l := range lines {
			order[l.Key] = i
		}
		m.Unfollowed = unfollowed(lines)
		slices.SortStableFunc(demands, func(a, b DemandItem) int { return order[a.Rec.Key] - order[b.Rec.Key] })
		for _, it := range demands {
			for _, a := range it.Rec.Addressees {
				if !slices.ContainsFunc(m.Addressees, func(o record.DemandAddressee) bool { return o.Key == a.Key }) {
					m.Addressees = append(m.Addressees, a)
				}
			}
		}
		var refs []record.Ref
		for _, it := range demands {
			row := MatrixRow{DemandLine: b.demand(it), Cells: make([]*AddresseeView, len(m.Addressees))}
			views := b.addressees(it.Rec, follow.NewBoard(b.judged[string(it.Rec.ID)]))
			for i := range views {
				at := slices.IndexFunc(m.Addressees, func(o record.DemandAddressee) bool { return o.Key == views[i].Addressee.Key })
				row.Cells[at] = &views[i]
				refs = append(refs, partyRef(views[i].Addressee.Party), partyRef(views[i].Now))
			}
			m.Rows = append(m.Rows, row)
		}
		m.Today = d.newBenchToday("")
		if len(m.Addressees) > 0 {
			m.Today = d.newBenchToday(zoneOf(m.Addressees[0], record.Due{}))
		}
		m.Links, err = casework.LinksIn(ctx, r, v, refs...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}
