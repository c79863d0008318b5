package followup

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// maxMoved is of how many demands and commitments at most the standing is worked out by
// itself after a change: of more, that of all is as soon.
const maxMoved = 1000

// state is where all demands and commitments stand, for one level of viewers, the
// latest first. Neither it nor a line in it is changed once made: the states before and after a
// change share the lines that did not move.
type state struct {
	moves       int64     // the number of the last change it knows of
	at          time.Time // the moment for which it was worked out
	until       time.Time // when it is another day somewhere that counts in it
	demands     []*DemandLine
	commitments []*CommitmentLine
	clocks      []*DueLine     // every due date, the earliest first
	late        []*DueLine     // those that ran out
	quiet       []*SilenceLine // who has said nothing, the longest silence first

	// What pages take from all of it is worked out by whoever asks first.
	accounts map[record.Assessor]func() account
	amounts  func() []AmountSum
	attacks  func() (demands, commitments map[record.EventID]int)
}

// account is what all of it comes to by one assessor's account.
type account struct {
	demands, commitments Summary
	authorities          []AuthorityLine
}

// lines are what a state has of some demands and commitments.
type lines struct {
	demands      []*DemandLine
	commitments  []*CommitmentLine
	clocks, late []*DueLine
	quiet        []*SilenceLine
}

func (p *lines) demand(l *DemandLine) {
	p.demands = append(p.demands, l)
	p.clocks = append(p.clocks, l.clocks...)
	if l.Apart {
		return
	}
	for i := range l.silences {
		if silent(l.silences[i].Silence) {
			p.quiet = append(p.quiet, &l.silences[i])
		}
	}
}

func (p *lines) commitment(l *CommitmentLine) {
	p.commitments = append(p.commitments, l)
	p.clocks = append(p.clocks, l.clocks...)
	if l.quiet != nil {
		p.quiet = append(p.quiet, l.quiet)
	}
}

// sort puts them into the order of a state, when all are there.
func (p *lines) sort() {
	slices.SortFunc(p.demands, compareDemands)
	slices.SortFunc(p.commitments, compareCommitments)
	slices.SortFunc(p.clocks, compareDue)
	slices.SortFunc(p.quiet, compareSilences)
	for _, c := range p.clocks {
		if c.isLate() {
			p.late = append(p.late, c)
		}
	}
}

// states keeps the state of each level of viewers: the present one, and before a day
// ends the one of the next.
type states struct {
	mu     sync.Mutex
	levels map[access.Level]*leveled
}

// leveled is what is kept for one level. Whoever works something out holds mu, and
// the others wait: each would take as long.
type leveled struct {
	mu        sync.Mutex
	now, next *state
	asked     time.Time // when somebody last asked for it
}

func (s *states) of(level access.Level) *leveled {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.levels == nil {
		s.levels = map[access.Level]*leveled{}
	}
	if s.levels[level] == nil {
		s.levels[level] = &leveled{}
	}
	return s.levels[level]
}

// kept lists the levels that somebody has asked for.
func (s *states) kept() []access.Level {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []access.Level
	for level := range s.levels {
		out = append(out, level)
	}
	return out
}

// state returns where everything stands in a snapshot. What is kept is never behind
// the snapshot: whatever moved since, by anybody's hand and in any process, is worked out again
// first. What a contributor has drafted and only they see is added to what
// everybody at their level sees.
func (d *Desk) state(ctx context.Context, r *store.Reader, v access.Viewer) (*state, error) {
	l := d.states.of(v.Sees())
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = d.now()
	s, err := d.present(ctx, r, v, l)
	if err != nil {
		return nil, err
	}
	if v.Sees() != access.LevelInternal || v.User == "" {
		return s, nil
	}
	return d.withOwn(ctx, r, v, s)
}

// present brings what is kept for a level up to date. The caller holds its mu.
func (d *Desk) present(ctx context.Context, r *store.Reader, v access.Viewer, l *leveled) (*state, error) {
	at := d.now()
	if n := l.next; n != nil && (l.now == nil || !at.Before(l.now.until)) && n.covers(at) {
		l.now, l.next = n, nil
	}
	s := l.now
	if s != nil && !s.covers(at) {
		s = nil
	}
	s, err := d.upToDate(ctx, r, atLevel(v), s, at)
	if err != nil {
		return nil, err
	}
	l.now = s
	return s, nil
}

// covers reports whether it is the same day in all that counts at a moment.
func (s *state) covers(at time.Time) bool { return !at.Before(s.at) && at.Before(s.until) }

// atLevel is a viewer who sees what everybody at a viewer's level sees.
func atLevel(v access.Viewer) access.Viewer {
	v.User = ""
	return v
}

// upToDate brings a state up to a snapshot, or works all out at a moment where there is
// none. One that knows of more than the snapshot is good enough for it.
func (d *Desk) upToDate(ctx context.Context, r *store.Reader, v access.Viewer, s *state, at time.Time) (*state, error) {
	moves, err := r.FollowMoves(ctx)
	if err != nil {
		return nil, err
	}
	if s != nil && s.moves >= moves {
		return s, nil
	}
	var next *state
	if s != nil {
		moved, few, err := r.FollowMoved(ctx, s.moves, maxMoved)
		if err != nil {
			return nil, err
		}
		if few {
			if next, err = d.moveOn(ctx, r, v, s, moved); err != nil {
				return nil, err
			}
		} else {
			at = s.at // it may be the one of tomorrow
		}
	}
	if next == nil {
		if next, err = d.workOut(ctx, r, v, at); err != nil {
			return nil, err
		}
	}
	next.moves = moves
	return next, nil
}

func (d *Desk) workOut(ctx context.Context, r *store.Reader, v access.Viewer, at time.Time) (*state, error) {
	demands, err := store.All[*record.Demand](ctx, r, v)
	if err != nil {
		return nil, err
	}
	commitments, err := store.All[*record.Commitment](ctx, r, v)
	if err != nil {
		return nil, err
	}
	return d.stateOf(ctx, r, v, at, demands, commitments, true)
}

// moveOn is a state with some demands and commitments worked out again, at the moment
// of the first; those that are there no more, or not for the viewer, are gone from it.
func (d *Desk) moveOn(ctx context.Context, r *store.Reader, v access.Viewer, s *state, moved []string) (*state, error) {
	demands, err := someOf[*record.Demand](ctx, r, v, moved)
	if err != nil {
		return nil, err
	}
	commitments, err := someOf[*record.Commitment](ctx, r, v, moved)
	if err != nil {
		return nil, err
	}
	fresh, err := d.stateOf(ctx, r, v, s.at, demands, commitments, false)
	if err != nil {
		return nil, err
	}
	gone := make(map[string]bool, len(moved))
	for _, id := range moved {
		gone[id] = true
	}
	return s.with(fresh, gone), nil
}

func someOf[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, ids []string) ([]store.Item[T], error) {
	found, err := store.Get[T](ctx, r, v, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]store.Item[T], 0, len(found))
	for _, id := range ids {
		if it, ok := found[id]; ok {
			out = append(out, it)
		}
	}
	return out, nil
}

// with is a state without what is gone and with what is fresh.
func (s *state) with(fresh *state, gone map[string]bool) *state {
	var old lines
	if len(gone) > 0 {
		for _, l := range s.demands {
			if gone[string(l.Demand.ID)] {
				old.demand(l)
			}
		}
		for _, l := range s.commitments {
			if gone[string(l.Commitment.ID)] {
				old.commitment(l)
			}
		}
	}
	old.sort()
	next := &state{
		moves: s.moves, at: s.at, until: s.until,
		demands:     spliced(s.demands, old.demands, fresh.demands, compareDemands),
		commitments: spliced(s.commitments, old.commitments, fresh.commitments, compareCommitments),
		clocks:      spliced(s.clocks, old.clocks, fresh.clocks, compareDue),
		late:        spliced(s.late, old.late, fresh.late, compareDue),
		quiet:       spliced(s.quiet, old.quiet, fresh.quiet, compareSilences),
	}
	if fresh.until.Before(next.until) {
		next.until = fresh.until
	}
	next.lazy()
	return next
}

// spliced is an ordered list without what is gone, with some more in their places, which
// are ordered too. Only around what changes is anything compared.
func spliced[T any](list, gone, more []T, compare func(a, b T) int) []T {
	out := make([]T, 0, max(0, len(list)-len(gone))+len(more))
	for len(gone)+len(more) > 0 {
		leaves := len(more) == 0 || len(gone) > 0 && compare(gone[0], more[0]) <= 0
		var next T
		if leaves {
			next, gone = gone[0], gone[1:]
		} else {
			next, more = more[0], more[1:]
		}
		at, found := slices.BinarySearchFunc(list, next, compare)
		out, list = append(out, list[:at]...), list[at:]
		switch {
		case !leaves:
			out = append(out, next)
		case found:
			list = list[1:]
		}
	}
	return append(out, list...)
}

func (d *Desk) stateOf(ctx context.Context, r *store.Reader, v access.Viewer, at time.Time, demands []DemandItem, commitments []CommitmentItem, all bool) (*state, error) {
	b, err := d.benchAt(ctx, r, v, at, demands, commitments, all)
	if err != nil {
		return nil, err
	}
	asked, given := make([]*DemandLine, len(demands)), make([]*CommitmentLine, len(commitments))
	s := &state{at: at}
	s.until = b.each(at, len(asked)+len(given), func(b *bench, i int) {
		if i < len(demands) {
			it := demands[i]
			it.Body = nil
			board := b.board(string(it.Rec.ID))
			l := b.demandOn(it, board)
			f := follow.OfDemand(it.Rec, dateless)
			if !l.Apart {
				l.clocks = b.clocks(&f, board, it.Rec.Slug, it.Rec.Text, sole(it.Rec.Addressees))
			}
			asked[i] = &l
			return
		}
		it := commitments[i-len(demands)]
		it.Body = nil
		board := b.board(string(it.Rec.ID))
		l := b.commitmentOn(it, board)
		f := follow.OfCommitment(it.Rec, dateless)
		l.clocks = b.clocks(&f, board, it.Rec.Slug, it.Rec.Text, "")
		l.quiet = l.unkept()
		given[i-len(demands)] = &l
	})
	var parts lines
	for _, l := range asked {
		parts.demand(l)
	}
	for _, l := range given {
		parts.commitment(l)
	}
	parts.sort()
	s.demands, s.commitments, s.clocks, s.late, s.quiet = parts.demands, parts.commitments, parts.clocks, parts.late, parts.quiet
	s.lazy()
	return s, nil
}

// each calls fn for 0 to n-1, shared out among the processors, each with a clock and
// room of its own. It returns the moment until which all of it holds.
func (b *bench) each(at time.Time, n int, fn func(*bench, int)) time.Time {
	var wait sync.WaitGroup
	workers := max(1, min(runtime.GOMAXPROCS(0), n))
	until := make([]time.Time, workers)
	for w := range workers {
		own := *b
		own.clock, own.words = clockAt(at), map[string]string{}
		wait.Go(func() {
			for i := w; i < n; i += workers {
				fn(&own, i)
			}
			until[w] = own.clock.Until()
		})
	}
	wait.Wait()
	return slices.MinFunc(until, time.Time.Compare)
}

// compareDemands orders by when they were made, the latest first, those that are only tried out
// after all others.
func compareDemands(a, b *DemandLine) int {
	if a.Apart != b.Apart {
		if b.Apart {
			return -1
		}
		return 1
	}
	return latestFirst(a.Demand.Made, b.Demand.Made, string(a.Demand.ID), string(b.Demand.ID))
}

func compareCommitments(a, b *CommitmentLine) int {
	return latestFirst(a.Commitment.Made, b.Commitment.Made, string(a.Commitment.ID), string(b.Commitment.ID))
}

// lazy sets what is worked out once it is asked for.
func (s *state) lazy() {
	s.amounts = sync.OnceValue(func() []AmountSum { return follow.Sums(promised(s.commitments)) })
	s.attacks = sync.OnceValues(s.onAccountOf)
	s.accounts = map[record.Assessor]func() account{}
	for _, by := range record.Assessors() {
		s.accounts[by] = sync.OnceValue(func() account { return s.accountOf(by) })
	}
}

// account is what all of it comes to by one assessor's account. What it holds is not to
// be changed.
func (s *state) account(by record.Assessor) account {
	if known, ok := s.accounts[by]; ok {
		return known()
	}
	return s.accountOf(by)
}

func (s *state) accountOf(by record.Assessor) account {
	var a account
	a.demands, a.commitments = summaries(s.demands, s.commitments, by)
	a.authorities = s.authorities(by)
	return a
}

// withOwn adds the records that a viewer wrote and others at their level do not see.
func (d *Desk) withOwn(ctx context.Context, r *store.Reader, v access.Viewer, s *state) (*state, error) {
	demands, err := store.Own[*record.Demand](ctx, r, v)
	if err != nil {
		return nil, err
	}
	commitments, err := store.Own[*record.Commitment](ctx, r, v)
	if err != nil || len(demands)+len(commitments) == 0 {
		return s, err
	}
	own, err := d.stateOf(ctx, r, v, s.at, demands, commitments, false)
	if err != nil {
		return nil, err
	}
	return s.with(own, nil), nil
}

// clocks lists the due dates of a demand or commitment and of its steps.
func (b *bench) clocks(f *follow.Followed, board *follow.Board, slug string, text record.Text, addressee string) []*DueLine {
	if f.Due.Day == "" && !slices.ContainsFunc(f.Steps, func(s record.Step) bool { return s.Due.Day != "" }) {
		return nil
	}
	stand := b.clock.Stand(f, board, addressee, record.ByOrganisation)
	out := make([]*DueLine, 0, len(f.Steps)+1)
	add := func(step string, t follow.Timing) {
		if t.Due.Day == "" || t.Value == follow.NoDeadline {
			return
		}
		line := &DueLine{Of: f.Ref, Slug: slug, Text: text, Step: step, Day: t.Due.Day, Timeliness: string(t.Value), DaysLate: t.Late, Unchecked: t.Unchecked}
		if t.Late == 0 {
			line.DaysLate = -t.Left
		}
		out = append(out, line)
	}
	add("", stand.Timing)
	for _, s := range stand.Steps {
		add(s.Key, s.Timing)
	}
	return out
}
