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
// latest first. It is not changed once made.
type state struct {
	moves       int64     // the number of the last change it knows of
	at          time.Time // the moment for which it was worked out
	until       time.Time // when it is another day somewhere that counts in it
	demands     []DemandLine
	commitments []CommitmentLine
	clocks      []DueLine // every due date, the earliest first

	// What pages take from all of it is worked out by whoever asks first.
	late     func() []DueLine
	silent   func() []SilenceLine
	accounts map[record.Assessor]func() account
}

// account is what all of it comes to by one assessor's account.
type account struct {
	demands, commitments Summary
	authorities          []AuthorityLine
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
	if v.Sees() != access.LevelInternal || v.User == "" {
		return s, nil
	}
	return d.withOwn(ctx, r, v, s)
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
	next := &state{
		moves: s.moves, at: s.at, until: s.until,
		demands:     merged(s.demands, fresh.demands, compareDemands, func(l *DemandLine) bool { return gone[string(l.Demand.ID)] }),
		commitments: merged(s.commitments, fresh.commitments, compareCommitments, func(l *CommitmentLine) bool { return gone[string(l.Commitment.ID)] }),
		clocks:      merged(s.clocks, fresh.clocks, compareDue, func(l *DueLine) bool { return gone[l.Of.ID] }),
	}
	if fresh.until.Before(next.until) {
		next.until = fresh.until
	}
	next.lazy()
	return next
}

// merged is an ordered list without what is gone, with some more in their places.
func merged[T any](list, more []T, compare func(a, b T) int, gone func(*T) bool) []T {
	out := make([]T, 0, len(list)+len(more))
	for i := range list {
		if gone(&list[i]) {
			continue
		}
		for len(more) > 0 && compare(more[0], list[i]) < 0 {
			out, more = append(out, more[0]), more[1:]
		}
		out = append(out, list[i])
	}
	return append(out, more...)
}

func (d *Desk) stateOf(ctx context.Context, r *store.Reader, v access.Viewer, at time.Time, demands []DemandItem, commitments []CommitmentItem, all bool) (*state, error) {
	b, err := d.benchAt(ctx, r, v, at, demands, commitments, all)
	if err != nil {
		return nil, err
	}
	s := &state{at: at, demands: make([]DemandLine, len(demands)), commitments: make([]CommitmentLine, len(commitments))}
	clocks := make([][]DueLine, len(demands)+len(commitments))
	s.until = b.each(at, len(clocks), func(b *bench, i int) {
		if i < len(demands) {
			it := demands[i]
			it.Body = nil
			board := b.board(string(it.Rec.ID))
			s.demands[i] = b.demandOn(it, board)
			f := follow.OfDemand(it.Rec, dateless)
			if !s.demands[i].Apart {
				clocks[i] = b.clocks(&f, board, it.Rec.Slug, it.Rec.Text, sole(it.Rec.Addressees))
			}
			return
		}
		it := commitments[i-len(demands)]
		it.Body = nil
		board := b.board(string(it.Rec.ID))
		s.commitments[i-len(demands)] = b.commitmentOn(it, board)
		f := follow.OfCommitment(it.Rec, dateless)
		clocks[i] = b.clocks(&f, board, it.Rec.Slug, it.Rec.Text, "")
	})
	s.clocks = slices.Concat(clocks...)
	s.sort()
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

func compareDemands(a, b DemandLine) int {
	return latestFirst(a.Demand.Made, b.Demand.Made, string(a.Demand.ID), string(b.Demand.ID))
}

func compareCommitments(a, b CommitmentLine) int {
	return latestFirst(a.Commitment.Made, b.Commitment.Made, string(a.Commitment.ID), string(b.Commitment.ID))
}

func (s *state) sort() {
	slices.SortFunc(s.demands, compareDemands)
	slices.SortFunc(s.commitments, compareCommitments)
	slices.SortFunc(s.clocks, compareDue)
}

// lazy sets what is worked out once it is asked for.
func (s *state) lazy() {
	s.late = sync.OnceValue(func() []DueLine { return dueAs(s.clocks, Late) })
	s.silent = sync.OnceValue(s.allSilent)
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
func (b *bench) clocks(f *follow.Followed, board *follow.Board, slug string, text record.Text, addressee string) []DueLine {
	if f.Due.Day == "" && !slices.ContainsFunc(f.Steps, func(s record.Step) bool { return s.Due.Day != "" }) {
		return nil
	}
	stand := b.clock.Stand(f, board, addressee, record.ByOrganisation)
	out := make([]DueLine, 0, len(f.Steps)+1)
	add := func(step string, t follow.Timing) {
		if t.Due.Day == "" || t.Value == follow.NoDeadline {
			return
		}
		line := DueLine{Of: f.Ref, Slug: slug, Text: text, Step: step, Day: t.Due.Day, Timeliness: string(t.Value), DaysLate: t.Late, Unchecked: t.Unchecked}
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
