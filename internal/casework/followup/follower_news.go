package followup

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// targets are those whose followers a fact concerns, by identifier.
type targets map[Following]map[string]bool

func (t targets) add(what Following, id string) {
	if id == "" {
		return
	}
	if t[what] == nil {
		t[what] = map[string]bool{}
	}
	t[what][id] = true
}

// public is what following up shows to everybody, with what facts need of it.
type public struct {
	demands     map[string]*record.Demand
	commitments map[string]*record.Commitment
	cases       map[string]*record.Proceeding
	asked       map[string][]*record.Demand // which demands a commitment answers
	late        map[string]bool             // "ID STEP DAY"
	causes      map[record.EventID][]record.EventID
	trends      []*TrendView // the latest first
}

// resolve reads facts as the public sees them now; what was taken back since is
// not told.
func (d *Desk) resolve(ctx context.Context, r *store.Reader, n *news, facts []store.FollowFact) error {
	p, err := d.public(ctx, r, facts)
	if err != nil {
		return err
	}
	for _, f := range facts {
		item, err := p.item(ctx, r, f)
		if err != nil {
			return err
		}
		if item.line != nil {
			n.items = append(n.items, item)
		}
	}
	return nil
}

func (d *Desk) public(ctx context.Context, r *store.Reader, facts []store.FollowFact) (*public, error) {
	s, err := d.state(ctx, r, access.Anyone())
	if err != nil {
		return nil, err
	}
	p := &public{
		demands: map[string]*record.Demand{}, commitments: map[string]*record.Commitment{}, cases: map[string]*record.Proceeding{},
		asked: map[string][]*record.Demand{}, late: map[string]bool{},
	}
	events := map[record.EventID]bool{}
	for _, m := range s.demands {
		p.demands[string(m.Demand.ID)] = m.Demand
		for _, c := range m.Demand.Commitments {
			p.asked[string(c.Commitment)] = append(p.asked[string(c.Commitment)], m.Demand)
		}
		if m.Demand.Of.Kind == record.KindEvent {
			events[record.EventID(m.Demand.Of.ID)] = true
		}
	}
	for _, m := range s.commitments {
		p.commitments[string(m.Commitment.ID)] = m.Commitment
		if m.Commitment.In != "" {
			events[m.Commitment.In] = true
		}
	}
	var ids []record.ProceedingID
	for _, f := range facts {
		if f.Of.Kind == record.KindProceeding {
			ids = append(ids, record.ProceedingID(f.Of.ID))
		}
	}
	slices.Sort(ids)
	cases, err := store.Get[*record.Proceeding](ctx, r, access.Anyone(), slices.Compact(ids)...)
	if err != nil {
		return nil, fmt.Errorf("cases that followers are told of: %w", err)
	}
	for id, c := range cases {
		p.cases[string(id)] = c.Rec
	}
	for _, c := range s.late {
		p.late[c.Of.ID+" "+c.Step+" "+c.Day] = true
	}
	if slices.ContainsFunc(facts, func(f store.FollowFact) bool { return f.Of.Kind == record.KindTrendStatement }) {
		if p.trends, err = d.trendsAsSeen(ctx, r, access.Anyone()); err != nil {
			return nil, err
		}
	}
	p.causes, err = causes(ctx, r, events)
	return p, err
}

// causes reads what events answer, and what those answer, as far as everybody sees it: a
// negotiation answers a sit-in that answers an attack.
func causes(ctx context.Context, r *store.Reader, of map[record.EventID]bool) (map[record.EventID][]record.EventID, error) {
	out := map[record.EventID][]record.EventID{}
	ask := slices.Sorted(maps.Keys(of))
	for depth := 0; depth <= responseDepth && len(ask) > 0; depth++ {
		got, err := store.Get[*record.Event](ctx, r, access.Anyone(), ask...)
		if err != nil {
			return nil, fmt.Errorf("the attacks whose followers are told: %w", err)
		}
		ask = nil
		for id, e := range got {
			out[id] = e.Rec.ResponseTo
			for _, c := range e.Rec.ResponseTo {
				if _, known := out[c]; !known && !of[c] {
					ask = append(ask, c)
				}
			}
		}
		slices.Sort(ask)
		ask = slices.Compact(ask)
	}
	return out, nil
}

// attack adds an event and what it answers.
func (p *public) attack(t targets, id record.EventID) {
	seen, next := map[record.EventID]bool{}, []record.EventID{id}
	for depth := 0; depth <= responseDepth && len(next) > 0; depth++ {
		var more []record.EventID
		for _, e := range next {
			if !seen[e] {
				seen[e] = true
				t.add(FollowAttack, string(e))
				more = append(more, p.causes[e]...)
			}
		}
		next = more
	}
}

// item says whom a fact concerns and what is said of it; without a line nobody is told.
func (p *public) item(ctx context.Context, r *store.Reader, f store.FollowFact) (item newsItem, err error) {
	item = newsItem{fact: f, targets: targets{}}
	if f.Of.Kind == record.KindTrendStatement {
		p.ofTrend(&item)
		return item, nil
	}
	of, addressee := f.Of, ""
	var a *record.Assessment
	if f.Kind == factJudged {
		got, err := store.One[*record.Assessment](ctx, r, access.Anyone(), f.Of.ID)
		if absent(err) {
			return item, nil
		}
		if err != nil {
			return item, fmt.Errorf("an assessment that followers are told: %w", err)
		}
		if a = got.Rec; a.Review.State != record.Accepted {
			return item, nil
		}
		of, addressee = a.Of, a.Addressee
	}
	var text record.Text
	var steps []record.Step
	switch demand, promise, c := p.demands[of.ID], p.commitments[of.ID], p.cases[of.ID]; {
	case demand != nil:
		text, steps = demand.Text, demand.Steps
		p.ofDemand(item.targets, demand, addressee)
		if item.practice, err = practising(ctx, r, demand.Ref()); err != nil {
			return item, err
		}
	case promise != nil:
		text, steps = promise.Text, promise.Steps
		p.ofCommitment(item.targets, promise)
	case c != nil:
		text = casework.CaseText(c)
		p.ofCase(item.targets, c)
	default:
		return item, nil
	}
	item.line = p.line(f, a, text, steps)
	return item, nil
}

// line writes a fact, nil where it does not hold any more.
func (p *public) line(f store.FollowFact, a *record.Assessment, text record.Text, steps []record.Step) func(*lang.Printer) string {
	simple := func(key string) func(*lang.Printer) string {
		return func(l *lang.Printer) string { return l.T(key, "what", clipped(text.In(l.Tag()).Text)) }
	}
	switch f.Kind {
	case factJudged:
		return func(l *lang.Printer) string { return judgedLine(l, a, text, steps) }
	case factAsked:
		return simple("follower.line.asked")
	case factPromised:
		return simple("follower.line.promised")
	case factCase:
		return simple("follower.line.case")
	case factChain:
		c := p.cases[f.Of.ID]
		i := slices.Index(chainKeys(c), f.Step)
		if i < 0 {
			return nil
		}
		return func(l *lang.Printer) string { return chainLine(l, text, c.Steps[i]) }
	case factOverdue:
		if p.late[f.Of.ID+" "+f.Step+" "+f.Day] {
			return func(l *lang.Printer) string {
				return l.T("follower.line.overdue", "what", whole(l, text, steps, f.Step), "day", l.Date(f.Day))
			}
		}
	}
	return nil
}

// ofTrend says of a statement that it was published, to those too who follow an earlier one of the
// same frame, or that its numbers changed because events were hidden. A result that was replaced since is
// not told.
func (p *public) ofTrend(item *newsItem) {
	i := slices.IndexFunc(p.trends, func(t *TrendView) bool { return t.Item.Rec.Ref() == item.fact.Of })
	if i < 0 || p.trends[i].Result == nil {
		return
	}
	rec, key := p.trends[i].Item.Rec, "follower.line.trend"
	item.targets.add(FollowTrend, string(rec.ID))
	switch item.fact.Kind {
	case factWithout:
		if key = "follower.line.trend_without"; p.trends[i].Without() != item.fact.Step {
			return
		}
	default:
		for _, earlier := range p.trends[i+1:] {
			if earlier.sameFrame(rec) {
				item.targets.add(FollowTrend, string(earlier.Item.Rec.ID))
			}
		}
	}
	item.line = func(l *lang.Printer) string { return l.T(key, "what", clipped(rec.Title.In(l.Tag()).Text)) }
}

// ofDemand adds whom a demand concerns: those it asks, or the one that is meant.
func (p *public) ofDemand(t targets, m *record.Demand, addressee string) {
	t.add(FollowDemand, string(m.ID))
	p.attack(t, m.Attack)
	switch m.Of.Kind {
	case record.KindPetition:
		t.add(FollowPetition, m.Of.ID)
	case record.KindEvent:
		p.attack(t, record.EventID(m.Of.ID))
	}
	for _, a := range m.Addressees {
		if addressee == "" || a.Key == addressee {
			t.add(FollowAuthority, string(a.Party))
		}
	}
}

// ofCommitment adds whom a commitment concerns: those who made it, and the demands that it
// answers.
func (p *public) ofCommitment(t targets, m *record.Commitment) {
	t.add(FollowCommitment, string(m.ID))
	p.attack(t, m.Attack)
	p.attack(t, m.In)
	for _, by := range m.By {
		t.add(FollowAuthority, string(by.Party))
	}
	for _, asked := range p.asked[string(m.ID)] {
		t.add(FollowDemand, string(asked.ID))
		if asked.Of.Kind == record.KindPetition {
			t.add(FollowPetition, asked.Of.ID)
		}
	}
}

// ofCase adds whom a case concerns: its attacks, and the parties on whose pages it stands.
func (p *public) ofCase(t targets, c *record.Proceeding) {
	t.add(FollowCase, string(c.ID))
	for _, e := range c.Events {
		p.attack(t, e)
	}
	for _, id := range []record.PartyID{c.Party, c.Of, c.Court} {
		t.add(FollowAuthority, string(id))
	}
	for _, s := range c.Steps {
		t.add(FollowAuthority, string(s.By))
	}
}

// chainLine says what happened in a case, when, and how it was decided.
func chainLine(l *lang.Printer, title record.Text, s record.ChainStep) string {
	what, step := clipped(title.In(l.Tag()).Text), l.T("follow.step."+string(s.Kind))
	if s.Verdict != "" {
		step = l.T("follower.line.verdict", "step", step, "verdict", l.T("follow.verdict."+string(s.Verdict)))
	}
	day := s.On.Printed
	if !s.On.Date.IsZero() {
		day = l.When(s.On.Date)
	}
	if day == "" {
		return l.T("follower.line.chain_undated", "what", what, "step", step)
	}
	return l.T("follower.line.chain", "what", what, "step", step, "day", day)
}
