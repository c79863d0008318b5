package casework

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Refigured says what working out the figures of a whole register came to.
type Refigured struct {
	Events  int // whose figures were worked out
	Changed int // of which other figures had been kept
}

// refigureChunk is how many events are read together.
const refigureChunk = 1024

// RefigureAll works out again the kept figures of every event, and writes those
// that differ from what is kept. Figures follow from claims, so nothing in the
// journal changes; it is for after a rule or the program has changed. Others may
// read and write meanwhile.
func (h *House) RefigureAll(ctx context.Context, v access.Viewer) (Refigured, error) {
	var out Refigured
	if err := require(v, access.ActEdit); err != nil {
		return out, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var order refigureOrder
	todo := make(chan []record.EventID)
	done := make(chan *figured, 4) // so that readers go on during a commit
	go func() {
		defer close(todo)
		if err := h.eachChunk(ctx, &order, todo); err != nil {
			cancel(err)
		}
	}()
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			var heard hearing
			for ids := range todo {
				f := &figured{ids: ids}
				if err := h.view(ctx, func(r *store.Reader) error { return f.read(ctx, r, &heard) }); err != nil {
					cancel(err)
					return
				}
				select {
				case done <- f:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	summed := map[record.EventID]bool{}
	for f := range done {
		if ctx.Err() != nil {
			continue
		}
		f.setAsideSums(summed)
		n, err := h.keepFigures(ctx, f)
		if err != nil {
			cancel(err)
			continue
		}
		out.Events += len(f.ids)
		out.Changed += n
	}
	if err := context.Cause(ctx); err != nil {
		return out, fmt.Errorf("work out all figures: %w", err)
	}
	maps.Copy(order.joined, summed)
	for _, id := range order.late() {
		changed, err := h.refigureWhole(ctx, v, id)
		if err != nil {
			return out, fmt.Errorf("work out the figures of event %s: %w", id, err)
		}
		if changed {
			out.Changed++
		}
		out.Events++
	}
	return out, nil
}

// refigureWhole works out the figures of an event together with those shown on
// its page and of the events it is part of.
func (h *House) refigureWhole(ctx context.Context, v access.Viewer, id record.EventID) (changed bool, err error) {
	err = h.store.Write(ctx, func(tx *store.Tx) error {
		before, err := keptFigures(ctx, &tx.Reader, string(id))
		if err != nil {
			return err
		}
		w := h.work(ctx, tx, v, "", "")
		w.stale[id] = true
		if err := w.refigure(); err != nil {
			return err
		}
		after, err := keptFigures(ctx, &tx.Reader, string(id))
		changed = !sameFigures(before[string(id)], after[string(id)])
		return err
	})
	return changed, err
}

// refigureOrder finds the events that cannot be worked out by themselves: those
// shown on one page, and those with parts, whose figures must be there first.
// The first kind stands in joined, with those whose kept figures are a sum.
type refigureOrder struct {
	joined  map[record.EventID]bool
	wholeOf map[record.EventID]record.EventID
}

// late returns them, parts before their wholes.
func (o *refigureOrder) late() []record.EventID {
	depth := map[record.EventID]int{}
	for id := range o.joined {
		depth[id] = o.depth(id)
	}
	for _, whole := range o.wholeOf {
		depth[whole] = o.depth(whole)
	}
	return slices.SortedFunc(maps.Keys(depth), func(a, b record.EventID) int {
		return cmp.Or(cmp.Compare(depth[b], depth[a]), cmp.Compare(a, b))
	})
}

func (o *refigureOrder) depth(id record.EventID) int {
	for n := range maxDepth {
		whole, ok := o.wholeOf[id]
		if !ok {
			return n
		}
		id = whole
	}
	return maxDepth
}

// eachChunk sends the events that can be worked out by themselves. The order is
// complete when it returns.
func (h *House) eachChunk(ctx context.Context, o *refigureOrder, todo chan<- []record.EventID) error {
	o.joined, o.wholeOf = map[record.EventID]bool{}, map[record.EventID]record.EventID{}
	return h.view(ctx, func(r *store.Reader) error {
		err := store.Each(ctx, r, access.House(), func(s store.Item[*record.Same]) error {
			if s.Rec.State == record.SameAccepted {
				o.joined[s.Rec.A], o.joined[s.Rec.B] = true, true
			}
			return nil
		})
		if err != nil {
			return err
		}
		var chunk []record.EventID
		send := func() error {
			select {
			case todo <- chunk:
				chunk = nil
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		err = r.EachWhole(ctx, func(id, partOf record.EventID) error {
			if partOf != "" {
				o.wholeOf[id] = partOf
			}
			if o.joined[id] {
				return nil
			}
			if chunk = append(chunk, id); len(chunk) == refigureChunk {
				return send()
			}
			return nil
		})
		if err != nil || len(chunk) == 0 {
			return err
		}
		return send()
	})
}

// figured is a chunk of events with their figures as they should be and as they
// are kept.
type figured struct {
	ids []record.EventID
	// size is the length of the journal that the figures follow from.
	size   int64
	rows   map[string][]store.FigureRow
	before map[string][]store.FigureRow
}

func (f *figured) read(ctx context.Context, r *store.Reader, heard *hearing) error {
	head, err := r.HeadOf(ctx)
	if err != nil {
		return err
	}
	f.size = head.Size
	subjects := make([]string, len(f.ids))
	for i, id := range f.ids {
		subjects[i] = string(id)
	}
	if err := f.compute(ctx, r, heard, subjects); err != nil {
		return err
	}
	f.before, err = keptFigures(ctx, r, subjects...)
	return err
}

// keptFigures reads what is kept of the subjects for all audiences.
func keptFigures(ctx context.Context, r *store.Reader, subjects ...string) (map[string][]store.FigureRow, error) {
	all := map[string][]store.FigureRow{}
	for _, a := range audiences {
		kept, err := r.Figures(ctx, viewerOf(a.number), subjects...)
		if err != nil {
			return nil, err
		}
		for subject, rows := range kept {
			all[subject] = append(all[subject], rows...)
		}
	}
	return all, nil
}

// setAsideSums moves the events out whose kept figures come from their parts.
func (f *figured) setAsideSums(to map[record.EventID]bool) {
	f.ids = slices.DeleteFunc(f.ids, func(id record.EventID) bool {
		sum := slices.ContainsFunc(f.before[string(id)], func(k store.FigureRow) bool { return k.Status == ByParts })
		if sum {
			to[id] = true
		}
		return sum
	})
}

// hearing is the memory in which a worker reads the claims of one chunk after another.
type hearing struct {
	store.Hearing
	levels []access.Level
	said   []figure.Said
}

func (f *figured) compute(ctx context.Context, r *store.Reader, heard *hearing, subjects []string) error {
	spoken, err := r.Spoken(ctx, access.House(), &heard.Hearing, subjects...)
	if err != nil {
		return err
	}
	f.rows = make(map[string][]store.FigureRow, len(subjects))
	for len(spoken) > 0 {
		subject := spoken[0].Claim.Subject.ID
		heard.levels, heard.said = heard.levels[:0], heard.said[:0]
		for len(spoken) > 0 && spoken[0].Claim.Subject.ID == subject {
			s := spoken[0]
			said := figure.Said{Claim: s.Claim, Outlet: s.Outlet}
			if s.Source != nil {
				said.Published, said.From = s.Source.Published.Date, s.Source.DerivedFrom
			}
			heard.levels, heard.said = append(heard.levels, s.Level), append(heard.said, said)
			spoken = spoken[1:]
		}
		f.rows[subject] = figureRows(subject, heard.levels, heard.said)
	}
	return nil
}

// keepFigures writes the figures of a chunk that differ from what is kept and
// returns how many events these are.
func (h *House) keepFigures(ctx context.Context, f *figured) (int, error) {
	if len(f.differing()) == 0 {
		return 0, nil
	}
	changed := 0
	err := h.store.Write(ctx, func(tx *store.Tx) error {
		if tx.Head.Size != f.size {
			// Something was written since; what was read may no longer hold.
			if err := f.read(ctx, &tx.Reader, &hearing{}); err != nil {
				return err
			}
		}
		differing := f.differing()
		changed = len(differing)
		// First all that goes, then all that comes: rows are then written many at once.
		for _, subject := range differing {
			if len(f.before[subject]) == 0 {
				continue
			}
			if err := tx.PutFigures(ctx, subject, nil, false); err != nil {
				return err
			}
		}
		for _, subject := range differing {
			if err := tx.PutFigures(ctx, subject, f.rows[subject], true); err != nil {
				return err
			}
		}
		return nil
	})
	return changed, err
}

func (f *figured) differing() []string {
	var out []string
	for _, id := range f.ids {
		s := string(id)
		if !sameFigures(f.rows[s], f.before[s]) {
			out = append(out, s)
		}
	}
	return out
}

// sameFigures compares two sets of one subject's figures in any order.
func sameFigures(a, b []store.FigureRow) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !slices.ContainsFunc(b, func(y store.FigureRow) bool { return sameFigure(x, y) }) {
			return false
		}
	}
	return true
}

func sameFigure(a, b store.FigureRow) bool {
	if !sameNumber(a.Low, b.Low) || !sameNumber(a.Best, b.Best) || !sameNumber(a.High, b.High) {
		return false
	}
	a.Low, a.Best, a.High, b.Low, b.Best, b.High = nil, nil, nil, nil, nil, nil
	return a == b
}

func sameNumber(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
