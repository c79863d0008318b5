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

// quarter is how long what was worked out for all holds at most: midnight comes at a
// quarter of an hour somewhere.
const quarter = 15 * time.Minute

// state is where all demands and commitments stand, for one level of viewers, the
// latest first. It is not changed once made.
type state struct {
	stamp       string
	until       time.Time
	demands     []DemandLine
	commitments []CommitmentLine
	clocks      []DueLine // every due date, the earliest first
}

// states keeps one state for each level, until what it rests on changes.
type states struct {
	mu   sync.Mutex
	kept map[access.Level]*state
}

// state returns where everything stands in a snapshot. What a contributor has
// drafted and only they see is added to what everybody at their level sees.
func (d *Desk) state(ctx context.Context, r *store.Reader, v access.Viewer) (*state, error) {
	stamp, err := r.FollowStamp(ctx)
	if err != nil {
		return nil, err
	}
	level := v.Sees()
	d.states.mu.Lock()
	defer d.states.mu.Unlock()
	s := d.states.kept[level]
	if s == nil || s.stamp != stamp || !d.now().Before(s.until) {
		// Worked out by one while the others wait: each would take as long.
		if s, err = d.workOut(ctx, r, atLevel(v)); err != nil {
			return nil, err
		}
		s.stamp, s.until = stamp, d.now().Truncate(quarter).Add(quarter)
		if d.states.kept == nil {
			d.states.kept = map[access.Level]*state{}
		}
		d.states.kept[level] = s
	}
	if level != access.LevelInternal || v.User == "" {
		return s, nil
	}
	return d.withOwn(ctx, r, v, s)
}

// atLevel is a viewer who sees what everybody at a viewer's level sees.
func atLevel(v access.Viewer) access.Viewer {
	v.User = ""
	return v
}

func (d *Desk) workOut(ctx context.Context, r *store.Reader, v access.Viewer) (*state, error) {
	var demands []DemandItem
	var commitments []CommitmentItem
	err := store.Each(ctx, r, v, func(i DemandItem) error {
		demands = append(demands, i)
		return nil
	})
	if err == nil {
		err = store.Each(ctx, r, v, func(i CommitmentItem) error {
			commitments = append(commitments, i)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	return d.stateOf(ctx, r, v, demands, commitments, true)
}

func (d *Desk) stateOf(ctx context.Context, r *store.Reader, v access.Viewer, demands []DemandItem, commitments []CommitmentItem, all bool) (*state, error) {
	b, err := d.bench(ctx, r, v, demands, commitments, all)
	if err != nil {
		return nil, err
	}
	s := &state{demands: make([]DemandLine, len(demands)), commitments: make([]CommitmentLine, len(commitments))}
	clocks := make([][]DueLine, len(demands)+len(commitments))
	b.each(d, len(clocks), func(b *bench, i int) {
		if i < len(demands) {
			it := demands[i]
			it.Body = nil
			board := follow.NewBoard(b.judged[string(it.Rec.ID)])
			s.demands[i] = b.demandOn(it, board)
			f := follow.OfDemand(it.Rec, dateless)
			clocks[i] = b.clocks(&f, board, it.Rec.Slug, it.Rec.Text, sole(it.Rec.Addressees))
			return
		}
		it := commitments[i-len(demands)]
		it.Body = nil
		s.commitments[i-len(demands)] = b.commitment(it)
		f := follow.OfCommitment(it.Rec, dateless)
		clocks[i] = b.clocks(&f, follow.NewBoard(b.judged[string(it.Rec.ID)]), it.Rec.Slug, it.Rec.Text, "")
	})
	s.clocks = slices.Concat(clocks...)
	s.sort()
	return s, nil
}

// each calls fn for 0 to n-1, shared out among the processors, each with a clock of its
// own.
func (b *bench) each(d *Desk, n int, fn func(*bench, int)) {
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), n)
	for w := range workers {
		own := *b
		own.clock = d.newClock()
		wait.Go(func() {
			for i := w; i < n; i += workers {
				fn(&own, i)
			}
		})
	}
	wait.Wait()
}

func (s *state) sort() {
	slices.SortStableFunc(s.demands, func(a, b DemandLine) int {
		return latestFirst(a.Demand.Made, b.Demand.Made, string(a.Demand.ID), string(b.Demand.ID))
	})
	slices.SortStableFunc(s.commitments, func(a, b CommitmentLine) int {
		return latestFirst(a.Commitment.Made, b.Commitment.Made, string(a.Commitment.ID), string(b.Commitment.ID))
	})
	slices.SortStableFunc(s.clocks, compareDue)
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
	own, err := d.stateOf(ctx, r, v, demands, commitments, false)
	if err != nil {
		return nil, err
	}
	own.demands = append(own.demands, s.demands...)
	own.commitments = append(own.commitments, s.commitments...)
	own.clocks = append(own.clocks, s.clocks...)
	own.sort()
	return own, nil
}

// clocks lists the due dates of a demand or commitment and of its steps.
func (b *bench) clocks(f *follow.Followed, board *follow.Board, slug string, text record.Text, addressee string) []DueLine {
	if f.Due.Day == "" && !slices.ContainsFunc(f.Steps, func(s record.Step) bool { return s.Due.Day != "" }) {
		return nil
	}
	stand := b.clock.Stand(f, board, addressee, record.ByOrganisation)
	var out []DueLine
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
