package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// maxTotals bounds how many sums are kept.
const maxTotals = 500

// totals keeps the sums over frames, each for the state of the database that it was
// read from: any commit outdates it.
type totals struct {
	mu   sync.Mutex // guards what follows
	sums map[string]keptTotal
}

type keptTotal struct {
	at  store.Moment
	sum *frameSum
}

// frameSum is what the register documents for a frame, for every measure of which
// an event has a kept figure, and for every currency by itself. It is not changed
// once made.
type frameSum struct {
	measures map[record.Measure][]figure.TotalFigure // the currency most events have first
	none     figure.TotalFigure                      // of any other measure
}

func (s *frameSum) of(m record.Measure) []figure.TotalFigure {
	if all, ok := s.measures[m]; ok {
		return all
	}
	t := s.none
	t.Measure = m
	return []figure.TotalFigure{t}
}

// framed is a frame as the store asks for its events.
func framed(f record.Frame) (store.FrameFilter, error) {
	filter, err := frameFilter(f)
	return store.FrameFilter{EventFilter: filter, Communities: f.Communities, Perpetrators: f.Perpetrators, Authority: f.Authority}, err
}

// summed adds up a frame for a viewer, or takes the sum made since the last change.
func (h *House) summed(ctx context.Context, r *store.Reader, v access.Viewer, f store.FrameFilter) (*frameSum, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("name the frame: %w", err)
	}
	// People of the house see their own drafts.
	key := fmt.Sprint(v.Sees(), v.User, string(b))
	now, err := r.Moment(ctx)
	if err != nil {
		return nil, err
	}
	h.totals.mu.Lock()
	kept, ok := h.totals.sums[key]
	h.totals.mu.Unlock()
	if ok && kept.at == now {
		return kept.sum, nil
	}
	sum, err := sumFrame(ctx, r, v, f)
	if err != nil {
		return nil, err
	}
	h.totals.mu.Lock()
	defer h.totals.mu.Unlock()
	if h.totals.sums == nil || len(h.totals.sums) >= maxTotals {
		h.totals.sums = map[string]keptTotal{}
	}
	h.totals.sums[key] = keptTotal{now, sum}
	return sum, nil
}

// sumFrame adds up a frame. Events that are alone are added up by the database;
// those with parts, or part of another, are weighed against each other.
func sumFrame(ctx context.Context, r *store.Reader, v access.Viewer, f store.FrameFilter) (*frameSum, error) {
	count, sums, err := r.FrameSums(ctx, v, f)
	if err != nil {
		return nil, err
	}
	var related []store.FrameEvent
	if err := r.FrameEvents(ctx, v, f, func(e store.FrameEvent) { related = append(related, e) }); err != nil {
		return nil, err
	}
	out := &frameSum{measures: map[record.Measure][]figure.TotalFigure{}}
	add := func(m record.Measure, s store.FrameSum) figure.TotalFigure {
		list := make([]figure.EventFigure, len(related))
		for i, e := range related {
			list[i] = figure.EventFigure{Event: e.ID, PartOf: e.PartOf, Assessed: e.Assessed, In: e.In, Figure: figure.Figure{Measure: m, Status: figure.None}}
			for _, k := range e.Figures {
				if k.Measure == m {
					list[i].Figure = fromRow(k)
				}
			}
		}
		t := figure.Total(m, s.Unit, list)
		t.Add(figure.Tally{
			Low: s.Low, Best: s.Best, High: s.High, Open: s.Open, Approx: s.Approx, Events: s.Events, Bests: s.Bests,
			Corroborated: s.Status[string(figure.Corroborated)], Provisional: s.Status[string(figure.Provisional)],
			Disputed: s.Status[string(figure.Disputed)], Compiled: s.Status[string(figure.CompiledOnly)],
			NoFigure: count.In - s.Events, NotAssessed: count.NotAssessed, Outside: count.Outside,
		})
		return t
	}
	for _, s := range sums {
		out.measures[s.Measure] = append(out.measures[s.Measure], add(s.Measure, s))
	}
	for _, e := range related {
		for _, k := range e.Figures {
			if !slices.ContainsFunc(out.measures[k.Measure], func(t figure.TotalFigure) bool { return t.Unit == k.Unit }) {
				out.measures[k.Measure] = append(out.measures[k.Measure], add(k.Measure, store.FrameSum{Unit: k.Unit}))
			}
		}
	}
	for _, all := range out.measures {
		slices.SortFunc(all, func(a, b figure.TotalFigure) int {
			return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Unit, b.Unit))
		})
	}
	out.none = add("", store.FrameSum{})
	return out, nil
}
