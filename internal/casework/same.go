package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ByEditor is the proposer of a proposal that somebody made by hand.
const ByEditor = "editor"

// EventCard is an event as it stands beside another one.
type EventCard struct {
	Event   store.Item[*record.Event]
	Figures []store.FigureRow
	// Claims is how many claims about it the viewer sees.
	Claims int
}

// SameView is a proposal with its two events side by side.
type SameView struct {
	Item store.Item[*record.Same]
	A, B EventCard
	// Reasons are message keys ("same.day_same", "same.town") for why the matcher
	// thinks so, strongest first; worked out anew from the events as they stand.
	Reasons []string
	// Mine says that the viewer proposed it by hand, so somebody else has to decide.
	Mine bool
}

// MatchSames looks for events that may be one and the same, in different
// datasets or entered by the house, and proposes at most limit new pairs, the
// likeliest first. It joins nothing, and proposes no pair again about which
// somebody has decided.
func (h *House) MatchSames(ctx context.Context, v access.Viewer, limit int) (made int, err error) {
	if err := require(v, access.ActReview); err != nil {
		return 0, err
	}
	var pairs []candidate
	err = h.view(ctx, func(r *store.Reader) error {
		var err error
		pairs, err = candidates(ctx, r)
		return err
	})
	if err != nil {
		return 0, err
	}
	for len(pairs) > 0 && made < limit {
		n := min(len(pairs), 200)
		err := h.do(ctx, v, access.ActReview, "propose same events", "", func(w *Work) error {
			done, err := w.propose(pairs[:n], limit-made)
			made += done
			return err
		})
		if err != nil {
			return made, err
		}
		pairs = pairs[n:]
	}
	return made, nil
}

// candidates goes over all events in the order of their dates and returns the
// pairs that the matcher thinks of, the likeliest first. Only events close in
// time are in memory together.
func candidates(ctx context.Context, r *store.Reader) ([]candidate, error) {
	var window []matchable
	var found []candidate
	whole, err := readWholes(ctx, r)
	if err != nil {
		return nil, err
	}
	err = r.EventsBetween(ctx, access.House(), store.DayUnknown+1, 1<<40, func(e store.NearEvent) error {
		m := matchableOf(e)
		if !m.dated() {
			return nil
		}
		m.whole = whole.of(m.id)
		// Whatever ended too long ago cannot reach this event or any later one.
		window = slices.DeleteFunc(window, func(o matchable) bool { return o.to+maxDays < m.from })
		for _, o := range window {
			if c, ok := match(o, m); ok {
				found = append(found, c)
			}
		}
		window = append(window, m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := weighKilled(ctx, r, found); err != nil {
		return nil, err
	}
	return best(found), nil
}

// weighKilled compares the figures of each pair.
func weighKilled(ctx context.Context, r *store.Reader, found []candidate) error {
	var ids []string
	for _, c := range found {
		ids = append(ids, string(c.a), string(c.b))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	killed := map[string]store.FigureRow{}
	for len(ids) > 0 {
		n := min(len(ids), 2000)
		rows, err := r.Figures(ctx, access.House(), ids[:n]...)
		if err != nil {
			return err
		}
		for id, fs := range rows {
			for _, f := range fs {
				if f.Measure == record.Killed {
					killed[id] = f
				}
			}
		}
		ids = ids[n:]
	}
	for i := range found {
		a, aok := killed[string(found[i].a)]
		b, bok := killed[string(found[i].b)]
		if aok && bok {
			found[i].compareKilled(span(a), span(b))
		}
	}
	return nil
}

func span(f store.FigureRow) [2]int64 {
	var s [2]int64
	if f.Low != nil {
		s[0] = *f.Low
	}
	if s[1] = s[0]; f.High != nil {
		s[1] = *f.High
	}
	return s
}

// propose writes proposals for the pairs that nobody has spoken about.
func (w *Work) propose(pairs []candidate, room int) (int, error) {
	made := 0
	for _, c := range pairs {
		if made >= room {
			break
		}
		known, err := w.tx.SamePair(w.ctx, access.House(), c.a, c.b)
		if err != nil {
			return 0, err
		}
		if len(known) > 0 {
			continue
		}
		id, err := w.random.id(w.house.now())
		if err != nil {
			return 0, err
		}
		err = w.Create(&record.Same{
			ID: record.SameID(id), A: c.a, B: c.b, State: record.SameProposed, Days: c.days, Km: c.km, Score: c.score,
			Proposer: matcher, Visibility: record.Internal,
		})
		if err != nil {
			return 0, err
		}
		made++
	}
	return made, nil
}

// ProposeSame proposes by hand that two events are one. A pair that was refused
// or undone may be proposed again; one that is open or accepted is returned as it
// is.
func (h *House) ProposeSame(ctx context.Context, v access.Viewer, a, b record.EventID, reason string) (record.SameID, error) {
	var id record.SameID
	err := h.do(ctx, v, access.ActEdit, "propose same event", reason, func(w *Work) error {
		for _, e := range []record.EventID{a, b} {
			if _, err := store.One[*record.Event](ctx, &w.tx.Reader, v, e); err != nil {
				return err
			}
		}
		near, err := w.tx.Near(ctx, a, b)
		if err != nil {
			return err
		}
		known, err := w.tx.SamePair(ctx, access.House(), a, b)
		if err != nil {
			return err
		}
		if len(known) > 0 {
			s := *known[0].Rec
			id = s.ID
			if s.State == record.SameProposed || s.State == record.SameAccepted {
				return nil
			}
			s.State, s.Proposer, s.Review = record.SameProposed, ByEditor, record.Review{}
			return w.Change(&s, known[0].Rev)
		}
		fresh, err := w.random.id(h.now())
		if err != nil {
			return err
		}
		s := &record.Same{ID: record.SameID(fresh), A: a, B: b, State: record.SameProposed, Proposer: ByEditor, Visibility: record.Internal}
		if x, y := matchableOf(near[a]), matchableOf(near[b]); x.dated() && y.dated() {
			s.Days = int(gap(x, y))
			if x.point && y.point {
				s.Km = kilometres(x, y)
			}
		}
		id = s.ID
		return w.Create(s)
	})
	return id, err
}

// DecideSame accepts or refuses a proposal as it stood at revision rev, or takes
// an acceptance back. Accepting shows both events on one page and reads their
// claims together; undoing separates them as they were. Neither event is changed.
func (h *House) DecideSame(ctx context.Context, v access.Viewer, id record.SameID, rev int, state record.SameState, reason string) error {
	return h.do(ctx, v, access.ActReview, "decide same event", reason, func(w *Work) error {
		item, err := store.One[*record.Same](ctx, &w.tx.Reader, v, id)
		if err != nil {
			return err
		}
		s := *item.Rec
		if !sameCanBecome(s.State, state) {
			return invalid("state", "same_state")
		}
		only := false
		if s.Proposer == ByEditor && state != record.SameUndone {
			n, err := reviewers(ctx, &w.tx.Reader)
			if err != nil {
				return err
			}
			var ok bool
			if ok, only = v.MayReview(proposedBy(item), n); !ok {
				return errOwnWork
			}
		}
		s.State = state
		s.Review = record.Review{By: v.User, At: w.at, Reason: reason, OneReviewer: only}
		if err := w.Change(&s, rev); err != nil {
			return err
		}
		if state == record.SameRefused {
			return nil
		}
		return w.rejoin(s.A, s.B)
	})
}

// proposedBy is who made a proposal by hand.
func proposedBy(item store.Item[*record.Same]) record.UserID { return item.Author }

func sameCanBecome(from, to record.SameState) bool {
	switch to {
	case record.SameAccepted:
		return from != record.SameAccepted
	case record.SameRefused:
		return from == record.SameProposed
	case record.SameUndone:
		return from == record.SameAccepted
	}
	return false
}

// rejoin works out anew which events are shown together, starting from some: all
// that accepted proposals connect, directly or over others, form a cluster with
// one page.
func (w *Work) rejoin(seeds ...record.EventID) error {
	r, all := &w.tx.Reader, access.House()
	edges := map[record.EventID][]record.EventID{}
	leads := map[record.EventID]bool{} // stands first in an accepted proposal
	queue := append([]record.EventID(nil), seeds...)
	// Those that were together until now may have been separated.
	for _, s := range seeds {
		c, err := clusterOf(w.ctx, r, s)
		if err != nil {
			return err
		}
		queue = append(queue, c.all...)
	}
	seen := map[record.EventID]bool{}
	var events []record.EventID
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		events = append(events, id)
		sames, err := r.Sames(w.ctx, all, id)
		if err != nil {
			return err
		}
		for _, s := range sames {
			if s.Rec.State != record.SameAccepted {
				continue
			}
			leads[s.Rec.A] = true
			other := s.Rec.A
			if other == id {
				other = s.Rec.B
			}
			edges[id] = append(edges[id], other)
			queue = append(queue, other)
		}
	}
	near, err := r.Near(w.ctx, events...)
	if err != nil {
		return err
	}
	placed := map[record.EventID]bool{}
	for _, id := range events {
		if placed[id] {
			continue
		}
		group := connected(id, edges)
		group = slices.DeleteFunc(group, func(e record.EventID) bool { _, ok := near[e]; return !ok })
		for _, e := range group {
			placed[e] = true
		}
		if len(group) == 0 {
			continue // erased
		}
		root := slices.MinFunc(group, func(a, b record.EventID) int { return byLead(near[a], near[b], leads) })
		for _, e := range group {
			joined := root
			if e == root {
				joined = ""
			}
			if near[e].Joined != joined {
				if err := w.tx.SetJoined(w.ctx, e, joined); err != nil {
					return err
				}
			}
			w.stale[e] = true
		}
	}
	return nil
}

// byLead orders the events of a cluster by who gives it its page: what the most
// people may see before the rest, the house's own before a dataset's, what an
// editor put first, the oldest.
func byLead(a, b store.NearEvent, leads map[record.EventID]bool) int {
	return cmp.Or(
		cmp.Compare(a.Level, b.Level),
		later(a.Dataset != "", b.Dataset != ""),
		later(!leads[a.ID], !leads[b.ID]),
		cmp.Compare(a.ID, b.ID),
	)
}

// later orders false before true.
func later(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func connected(from record.EventID, edges map[record.EventID][]record.EventID) []record.EventID {
	seen := map[record.EventID]bool{from: true}
	out := []record.EventID{from}
	for i := 0; i < len(out); i++ {
		for _, e := range edges[out[i]] {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	return out
}

// SameView returns a proposal with both events.
func (h *House) SameView(ctx context.Context, v access.Viewer, id record.SameID) (SameView, error) {
	var out SameView
	err := h.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Same](ctx, r, v, id)
		if err != nil {
			return err
		}
		views, err := sameViews(ctx, r, v, []store.Item[*record.Same]{item})
		if err != nil {
			return err
		}
		if len(views) == 0 {
			return fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrNotFound)
		}
		out = views[0]
		return nil
	})
	return out, err
}

// SameQueue returns open proposals, the likeliest first.
func (h *House) SameQueue(ctx context.Context, v access.Viewer, offset, limit int) ([]SameView, error) {
	if err := require(v, access.ActReview); err != nil {
		return nil, err
	}
	var out []SameView
	err := h.view(ctx, func(r *store.Reader) error {
		items, err := r.SamesWaiting(ctx, v, offset, limit)
		if err != nil {
			return err
		}
		out, err = sameViews(ctx, r, v, items)
		return err
	})
	return out, err
}

// sameViews fills in the events of proposals; a proposal of which the viewer may
// not see both is left out.
func sameViews(ctx context.Context, r *store.Reader, v access.Viewer, items []store.Item[*record.Same]) ([]SameView, error) {
	var ids []record.EventID
	for _, s := range items {
		ids = append(ids, s.Rec.A, s.Rec.B)
	}
	events, err := store.Get[*record.Event](ctx, r, v, ids...)
	if err != nil {
		return nil, err
	}
	plain := make([]string, len(ids))
	for i, id := range ids {
		plain[i] = string(id)
	}
	figures, err := r.Figures(ctx, v, plain...)
	if err != nil {
		return nil, err
	}
	near, err := r.Near(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []SameView
	for _, s := range items {
		a, aok := events[s.Rec.A]
		b, bok := events[s.Rec.B]
		if !aok || !bok {
			continue
		}
		view := SameView{
			Item: s,
			A:    EventCard{Event: a, Figures: figures[string(s.Rec.A)]},
			B:    EventCard{Event: b, Figures: figures[string(s.Rec.B)]},
			Mine: s.Rec.Proposer == ByEditor && v.User != "" && proposedBy(s) == v.User,
		}
		for _, card := range []*EventCard{&view.A, &view.B} {
			claims, err := r.ClaimsAbout(ctx, v, string(card.Event.Rec.ID))
			if err != nil {
				return nil, err
			}
			card.Claims = len(claims)
		}
		c := compare(matchableOf(near[s.Rec.A]), matchableOf(near[s.Rec.B]))
		x, xok := killedIn(view.A.Figures)
		y, yok := killedIn(view.B.Figures)
		if xok && yok {
			c.compareKilled(x, y)
		}
		view.Reasons = c.reasons
		out = append(out, view)
	}
	return out, nil
}

func killedIn(rows []store.FigureRow) ([2]int64, bool) {
	for _, f := range rows {
		if f.Measure == record.Killed {
			return span(f), true
		}
	}
	return [2]int64{}, false
}
