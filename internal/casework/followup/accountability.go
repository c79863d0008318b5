package followup

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/trend"
)

const (
	// maxProceedings bounds how many cases one measure reads.
	maxProceedings = 20_000
	// maxAccounts bounds for how many parties a measure of their own is worked out.
	maxAccounts = 30
	// alpha is the level of the intervals: 95 %.
	alpha = 0.05
	// indexYears is the window of the index per million.
	indexYears = 10
)

// LegalStatus is what a group was in law over time, by accepted claims, the
// earliest first. Claims that say the same of the same time are one line.
func (d *Desk) LegalStatus(ctx context.Context, v access.Viewer, party record.PartyID) (out []StatusLine, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		out, err = legalStatus(ctx, r, v, party)
		return err
	})
	return out, err
}

func legalStatus(ctx context.Context, r *store.Reader, v access.Viewer, party record.PartyID) ([]StatusLine, error) {
	claims, err := r.ClaimsAbout(ctx, v, string(party))
	if err != nil {
		return nil, err
	}
	var out []StatusLine
	for _, it := range claims {
		c := it.Rec
		if c.Attribute != record.AttrLegalStatus || !c.Review.State.Counts() {
			continue
		}
		when := c.Value.When
		if when.IsZero() {
			when = c.AsOf
		}
		l := StatusLine{From: when, Country: c.Value.Place.Country, Words: c.Statement, Claims: []record.ClaimID{c.ID}}
		if l.Words.IsZero() {
			l.Words = record.Plain(c.Language, c.Value.Text)
		}
		if when.Date.IsInterval() {
			start, end := when.Date.Ends()
			l.From.Date, l.To = start, record.When{Date: end}
		}
		same := slices.IndexFunc(out, func(o StatusLine) bool {
			return o.From.Date == l.From.Date && o.To.Date == l.To.Date && o.Country == l.Country && slices.Equal(o.Words, l.Words)
		})
		if same >= 0 {
			out[same].Claims = append(out[same].Claims, c.ID)
			continue
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b StatusLine) int {
		return cmp.Or(a.From.Date.Compare(b.From.Date), cmp.Compare(a.Claims[0], b.Claims[0]))
	})
	return out, nil
}

// Accountability measures how far cases went over the attacks that a filter
// names. An attack of which nobody looked for an outcome is unknown and counted in neither way.
func (d *Desk) Accountability(ctx context.Context, v access.Viewer, f AccountabilityFilter) (*Accountability, error) {
	in := store.AttackFilter{Struck: f.Community, By: f.Party, Country: f.Country}
	for field, at := range map[string]struct {
		day string
		to  *int64
	}{"from": {f.From, &in.From}, "to": {f.To, &in.To}} {
		if at.day == "" {
			continue
		}
		day, err := calendar.ParseDay(at.day)
		if err != nil {
			return nil, wrong(field, "date")
		}
		*at.to = int64(day)
	}
	if f.Population < 0 {
		return nil, wrong("population", "negative")
	}
	today, _ := d.newClock().Today("")
	key := struct {
		AccountabilityFilter
		today edtf.Day
	}{f, today}
	var a *Accountability
	err := d.view(ctx, func(r *store.Reader) (err error) {
		a, err = settledFor(ctx, &d.settled, r, v, key, func() (*Accountability, error) { return d.accountability(ctx, r, v, f, in, today) })
		return err
	})
	if err != nil {
		return nil, err
	}
	own := *a
	return &own, nil
}

func (d *Desk) accountability(ctx context.Context, r *store.Reader, v access.Viewer, f AccountabilityFilter, in store.AttackFilter, today edtf.Day) (*Accountability, error) {
	a := &Accountability{From: f.From, To: f.To}
	attacks, err := r.Attacks(ctx, v, in)
	if err != nil {
		return nil, err
	}
	all, err := d.docket(ctx, r, v)
	if err != nil {
		return nil, err
	}
	if err := measure(a, attacks, all.cases, f.Population, today); err != nil {
		return nil, err
	}
	a.Proceedings = within(all.lines, attacks, all.cases)
	if a.Loose, err = loose(ctx, r, v, all, attacks, f); err != nil {
		return nil, err
	}
	a.steps()
	a.waits(today)
	return a, d.accounts(ctx, r, v, a, in, all.cases)
}

// docket is every case that somebody sees, the latest first, and by attack.
type docket struct {
	lines []ProceedingLine
	cases map[record.EventID][]*record.Proceeding
}

type docketKey struct{}

func (d *Desk) docket(ctx context.Context, r *store.Reader, v access.Viewer) (*docket, error) {
	return settledFor(ctx, &d.settled, r, v, docketKey{}, func() (*docket, error) {
		items, _, err := r.ProceedingsOf(ctx, v, "", 0, maxProceedings)
		if err != nil {
			return nil, err
		}
		out := &docket{}
		if out.cases, err = casesOf(ctx, r, v, items); err != nil {
			return nil, err
		}
		out.lines, err = proceedingLines(ctx, r, v, items)
		return out, err
	})
}

// casesOf joins proceedings with the attacks they are about; one about a part is about
// the whole.
func casesOf(ctx context.Context, r *store.Reader, v access.Viewer, items []ProceedingItem) (map[record.EventID][]*record.Proceeding, error) {
	var ids []record.EventID
	for _, it := range items {
		ids = append(ids, it.Rec.Events...)
	}
	whole, err := r.PartsOf(ctx, v, ids...)
	if err != nil {
		return nil, err
	}
	out := map[record.EventID][]*record.Proceeding{}
	for _, it := range items {
		of := map[record.EventID]bool{}
		for _, id := range it.Rec.Events {
			if of := whole[id]; of != "" {
				id = of
			}
			if !of[id] {
				of[id] = true
				out[id] = append(out[id], it.Rec)
			}
		}
	}
	return out, nil
}

// within are the cases about any of some attacks.
func within(all []ProceedingLine, attacks []store.Dated, cases map[record.EventID][]*record.Proceeding) []ProceedingLine {
	in := map[record.ProceedingID]bool{}
	for _, a := range attacks {
		for _, p := range cases[a.Event] {
			in[p.ID] = true
		}
	}
	var out []ProceedingLine
	for i := range all {
		if in[all[i].Proceeding.ID] {
			out = append(out, all[i])
		}
	}
	return out
}

// loose are the cases about no attack that the reader sees, which no selection
// of attacks can hold: all of them, or those against one party.
func loose(ctx context.Context, r *store.Reader, v access.Viewer, all *docket, attacks []store.Dated, f AccountabilityFilter) ([]ProceedingLine, error) {
	if f.Community != "" || f.Country != "" || f.From != "" || f.To != "" {
		return nil, nil
	}
	if f.Party != "" {
		var err error
		if attacks, err = r.Attacks(ctx, v, store.AttackFilter{}); err != nil {
			return nil, err
		}
	}
	tied := map[record.ProceedingID]bool{}
	for _, l := range within(all.lines, attacks, all.cases) {
		tied[l.Proceeding.ID] = true
	}
	var out []ProceedingLine
	for _, l := range all.lines {
		if p := l.Proceeding; !tied[p.ID] && (f.Party == "" || p.Party == f.Party || p.Of == f.Party) {
			out = append(out, l)
		}
	}
	return out, nil
}

func measure(a *Accountability, attacks []store.Dated, cases map[record.EventID][]*record.Proceeding, population int64, today edtf.Day) error {
	a.Attacks = len(attacks)
	tried, checked, unsolved := 0, 0, 0
	for _, at := range attacks {
		outcome := follow.AttackOutcome(cases[at.Event])
		if outcome == follow.NoConviction && edtf.Day(at.Day) > today-indexYears*365-indexYears/4 {
			unsolved++
		}
		known, charged := false, false
		for _, p := range cases[at.Event] {
			c := follow.ReadChain(p)
			known = known || c.Checked || c.State == follow.Reached
			charged = charged || reached(p, record.StepCharge)
		}
		if known {
			checked++
		}
		if charged {
			tried++
		}
	}
	var err error
	if a.NoConvict, err = impunity(attacks, cases); err != nil {
		return err
	}
	if a.Prosecuted, err = share(tried, checked, a.Attacks-checked); err != nil {
		return err
	}
	if population > 0 {
		index, err := follow.UnsolvedPerMillion(unsolved, population)
		if err != nil {
			return err
		}
		if index.Listed {
			a.PerMillion = index.Index
		}
	}
	return nil
}

// impunity is the share of attacks with no known conviction among those whose
// outcome was looked for.
func impunity(attacks []store.Dated, cases map[record.EventID][]*record.Proceeding) (Share, error) {
	none, convicted, unknown := 0, 0, 0
	for _, at := range attacks {
		switch follow.AttackOutcome(cases[at.Event]) {
		case follow.NoConviction:
			none++
		case follow.Convicted:
			convicted++
		default:
			unknown++
		}
	}
	return share(none, none+convicted, unknown)
}

// share is of of all checked, with unknown more.
func share(of, all, unknown int) (Share, error) {
	s := Share{Of: of, All: all, Unknown: unknown, Value: math.NaN()}
	if all+unknown == 0 {
		return s, nil
	}
	t, err := trend.ShareOf(int64(of), int64(all-of), int64(unknown), alpha)
	if err != nil {
		return s, err
	}
	s.BoundLow, s.BoundHigh = float64(t.Bounds.Low), float64(t.Bounds.High)
	if t.Of != nil {
		s.Value, s.Low, s.High = float64(*t.Of), float64(t.Interval.Low), float64(t.Interval.High)
	}
	return s, nil
}

// reached reports whether a case came as far as a step, or beyond it.
func reached(p *record.Proceeding, kind record.StepKind) bool {
	order := record.ChainKinds()
	at := slices.Index(order, kind)
	return slices.ContainsFunc(p.Steps, func(s record.ChainStep) bool {
		return !follow.WayOut(s.Kind) && slices.Index(order, s.Kind) >= at
	})
}

// steps counts how many cases reached each step, and how many left the chain.
func (a *Accountability) steps() {
	for _, kind := range record.ChainKinds() {
		if follow.WayOut(kind) || kind == record.StepTransfer {
			continue
		}
		n := 0
		for _, l := range a.Proceedings {
			if reached(l.Proceeding, kind) {
				n++
			}
		}
		a.Reached = append(a.Reached, ReachedLine{Step: kind, N: n})
	}
	for _, l := range a.Proceedings {
		for _, s := range l.Proceeding.Steps {
			switch s.Kind {
			case record.StepEscape:
				a.Escapes++
			case record.StepRelease:
				a.Released++
			case record.StepKilledBefore:
				a.KilledFirst++
			}
		}
	}
}

// accounts works out the measure for the parties accused, those with most cases
// first.
func (d *Desk) accounts(ctx context.Context, r *store.Reader, v access.Viewer, a *Accountability, in store.AttackFilter, cases map[record.EventID][]*record.Proceeding) error {
	n := map[record.PartyID]int{}
	var refs []record.Ref
	recs := make([]record.Record, 0, len(a.Proceedings))
	for _, l := range slices.Concat(a.Proceedings, a.Loose) {
		recs = append(recs, l.Proceeding)
		for _, id := range []record.PartyID{l.Proceeding.Party, l.Proceeding.Of} {
			if id != "" {
				n[id]++
			}
		}
	}
	accused, err := r.Accusations(ctx, v, 1000)
	if err != nil {
		return err
	}
	for _, i := range accused {
		if i.Rec.Party != "" {
			n[i.Rec.Party]++
		}
	}
	ids := make([]record.PartyID, 0, len(n))
	for id := range n {
		if in.By == "" || in.By == id {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(x, y record.PartyID) int { return cmp.Or(cmp.Compare(n[y], n[x]), cmp.Compare(x, y)) })
	for _, id := range ids[:min(len(ids), maxAccounts)] {
		of := in
		of.By = id
		attacks, err := r.Attacks(ctx, v, of)
		if err != nil {
			return err
		}
		acc := PartyAccount{Party: casework.Link{Ref: partyRef(id)}, Attacks: len(attacks)}
		if acc.NoConvict, err = impunity(attacks, cases); err != nil {
			return err
		}
		if acc.Status, err = legalStatus(ctx, r, v, id); err != nil {
			return err
		}
		a.Parties = append(a.Parties, acc)
		refs = append(refs, partyRef(id))
	}
	for _, rec := range recs {
		refs = append(refs, slices.DeleteFunc(casework.References(rec), func(ref record.Ref) bool { return ref.Kind == record.KindClaim })...)
	}
	for _, l := range slices.Concat(a.Proceedings, a.Loose) {
		refs = append(refs, record.Ref{Kind: record.KindPerson, ID: string(l.Proceeding.Person)})
	}
	if a.Links, err = casework.LinksIn(ctx, r, v, refs...); err != nil {
		return err
	}
	a.Parties = slices.DeleteFunc(a.Parties, func(p PartyAccount) bool { return a.Links[p.Party.Ref].Slug == "" })
	for i := range a.Parties {
		a.Parties[i].Party = a.Links[a.Parties[i].Party.Ref]
	}
	return nil
}
