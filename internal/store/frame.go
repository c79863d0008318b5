package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// FrameFilter are the events that a total may be about: those that the filter lets
// through by themselves, and of these what somebody decided about whom they struck
// and who did it.
type FrameFilter struct {
	EventFilter
	Communities, Perpetrators []record.PartyID
	Authority                 record.PartyID
}

// FrameCount counts the events of a frame that are neither part of an event nor
// have parts themselves.
type FrameCount struct {
	In, Outside, NotAssessed int
}

// FrameSum adds up the kept figures of one measure, of money in one currency, over
// the events that [FrameCount] counts as in the frame.
type FrameSum struct {
	Measure         record.Measure
	Unit            string
	Low, Best, High int64
	Open, Approx    bool
	// Events have a figure, Bests of them one with a best.
	Events, Bests int
	// Status says how many figures have which status.
	Status map[string]int
}

// FrameEvent is an event of a frame that is part of another or has parts.
type FrameEvent struct {
	ID, PartOf   record.EventID
	Assessed, In bool
	Figures      []FigureRow
}

// blamedRoles are the roles of whoever is said to have done it.
var blamedRoles = []record.InvolvementRole{record.RolePerpetrator, record.RoleClaimant, record.RoleAccused}

// frameCond writes the conditions of a frame over the alias t: which events it
// may be about, which of them somebody assessed, and which belong to it; these are
// among the assessed. each asks about every event by itself, which suits few
// events; otherwise the answers are worked out for all events at once.
func (r *Reader) frameCond(ctx context.Context, v access.Viewer, f FrameFilter, each bool) (all, assessed, in string, args []any, err error) {
	all, args, err = r.eventCond(ctx, v, f.EventFilter)
	if err != nil {
		return "", "", "", nil, err
	}
	seen, args := r.sees(v, "t", "author", args)
	all += " and " + seen
	assessed, in = "1 = 1", "1 = 1"
	member := func(column, from string) string {
		if each {
			return " and (select 1 " + from + " and " + column + " = t.id limit 1) = 1"
		}
		return " and t.id in (select " + column + " " + from + ")"
	}
	if len(f.Communities) > 0 {
		var those string
		those, args = list(args, f.Communities)
		assessed += member("s.event", "from event_struck s where 1 = 1")
		in += member("s.event", "from event_struck s where s.party in ("+those+")")
	}
	if len(f.Perpetrators) > 0 {
		var did, those string
		did, args = list(args, blamedRoles)
		those, args = list(args, f.Perpetrators)
		seen, args = r.sees(v, "i", "author", args)
		assessed += member("i.event", "from involvement i where i.part in ("+did+") and "+seen)
		in += member("i.event", "from involvement i where i.party in ("+those+") and i.party <> '' and i.part in ("+did+") and "+seen)
	}
	if f.Authority != "" {
		args = append(args, string(f.Authority))
		at := len(args)
		seen, args = r.sees(v, "i", "author", args)
		its := member("i.event", fmt.Sprintf("from involvement i where i.party = $%d and i.party <> '' and %s", at, seen))
		assessed += its
		in += its
	}
	return all, assessed, in, args, nil
}

// alone are events without a whole and without parts. Parts and wholes that the
// viewer does not see only make the exact way longer.
const alone = "t.part_of = '' and t.id not in (select p.part_of from event p where p.part_of <> '')"

// FrameSums counts the events of a frame that are alone and adds up their kept
// figures in the database, whatever their number. The others are for
// [Reader.FrameEvents].
func (r *Reader) FrameSums(ctx context.Context, v access.Viewer, f FrameFilter) (FrameCount, []FrameSum, error) {
	var count FrameCount
	all, assessed, in, args, err := r.frameCond(ctx, v, f, false)
	if err != nil {
		return count, nil, err
	}
	// One value that says both, because PostgreSQL works each out anew wherever it is
	// used.
	states, err := r.query(ctx, "select k, count(*) from (select case when "+in+" then 2 when "+assessed+" then 1 else 0 end as k from event t where "+all+" and "+alone+") as c group by k", args...)
	if err != nil {
		return count, nil, fmt.Errorf("count the events of a frame: %w", err)
	}
	into := []*int{&count.NotAssessed, &count.Outside, &count.In}
	if err := scan(states, func() error {
		var k, n int
		if err := states.Scan(&k, &n); err != nil {
			return err
		}
		*into[k] = n
		return nil
	}); err != nil {
		return count, nil, r.dialect.fault(err)
	}
	args = append(args, audience(v))
	rows, err := r.query(ctx, fmt.Sprintf("select f.measure, f.unit, f.status, count(*), count(f.best), cast(sum(f.low) as bigint), cast(coalesce(sum(f.best), 0) as bigint),"+
		" cast(sum(f.high) as bigint), max(f.open), max(f.approx)"+
		" from event t join figure f on f.subject = t.id and f.audience = $%d where %s and %s and %s and f.low is not null and f.high is not null"+
		" group by f.measure, f.unit, f.status order by f.measure, f.unit, f.status", len(args), all, in, alone), args...)
	if err != nil {
		return count, nil, fmt.Errorf("add up the figures of a frame: %w", err)
	}
	var sums []FrameSum
	err = scan(rows, func() error {
		var measure record.Measure
		var unit, status string
		var events, bests, open, approx int
		var low, best, high int64
		if err := rows.Scan(&measure, &unit, &status, &events, &bests, &low, &best, &high, &open, &approx); err != nil {
			return err
		}
		if n := len(sums); n == 0 || sums[n-1].Measure != measure || sums[n-1].Unit != unit {
			sums = append(sums, FrameSum{Measure: measure, Unit: unit, Status: map[string]int{}})
		}
		s := &sums[len(sums)-1]
		s.Low, s.Best, s.High = s.Low+low, s.Best+best, s.High+high
		s.Open, s.Approx = s.Open || open > 0, s.Approx || approx > 0
		s.Events, s.Bests = s.Events+events, s.Bests+bests
		s.Status[status] += events
		return nil
	})
	return count, sums, r.dialect.fault(err)
}

// FrameEvents gives the events of a frame that are part of another or have parts,
// each with its kept figures, in the order of identifiers.
func (r *Reader) FrameEvents(ctx context.Context, v access.Viewer, f FrameFilter, each func(FrameEvent)) error {
	all, assessed, in, args, err := r.frameCond(ctx, v, f, true)
	if err != nil {
		return err
	}
	args = append(args, audience(v))
	rows, err := r.query(ctx, fmt.Sprintf("select t.id, t.part_of, case when %s then 1 else 0 end, case when %s then 1 else 0 end,"+
		" coalesce(f.measure, ''), coalesce(f.unit, ''), f.low, f.best, f.high, coalesce(f.open, 0), coalesce(f.approx, 0), coalesce(f.origins, 0), coalesce(f.status, ''), coalesce(f.rule, '')"+
		" from event t left join figure f on f.subject = t.id and f.audience = $%d where %s and t.id in (select p.id from event p where p.part_of <> '' union select p.part_of from event p where p.part_of <> '') order by t.id",
		assessed, in, len(args), all), args...)
	if err != nil {
		return fmt.Errorf("read the parts in a frame: %w", err)
	}
	var e FrameEvent
	err = scan(rows, func() error {
		var id, partOf record.EventID
		var a, b, open, approx int
		var k FigureRow
		if err := rows.Scan(&id, &partOf, &a, &b, &k.Measure, &k.Unit, &k.Low, &k.Best, &k.High, &open, &approx, &k.Origins, &k.Status, &k.Rule); err != nil {
			return err
		}
		if id != e.ID {
			if e.ID != "" {
				each(e)
			}
			e = FrameEvent{ID: id, PartOf: partOf, Assessed: a == 1, In: a == 1 && b == 1}
		}
		if k.Measure != "" {
			k.Subject, k.Open, k.Approx = string(id), open != 0, approx != 0
			e.Figures = append(e.Figures, k)
		}
		return nil
	})
	if err == nil && e.ID != "" {
		each(e)
	}
	return r.dialect.fault(err)
}

// EventsInFrame lists the events that belong to a frame, newest first.
func (r *Reader) EventsInFrame(ctx context.Context, v access.Viewer, f FrameFilter, after *EventCursor, limit int) ([]Item[*record.Event], error) {
	cond, args, err := r.eventCond(ctx, v, f.EventFilter)
	if err != nil {
		return nil, err
	}
	// Of each filter by another table, either the few events are named, or events are
	// walked by date and each is asked: see few.
	holds := func(column, from string, own []any) error {
		ids, isFew, err := r.upToFew(ctx, column, from, own...)
		if err != nil {
			return err
		}
		if isFew {
			if len(ids) == 0 {
				cond += " and 1 = 0"
				return nil
			}
			var in string
			in, args = list(args, ids)
			cond += " and t.id in (" + in + ")"
			return nil
		}
		cond += " and (select 1 " + shift(from, len(args)) + " and " + column + " = t.id limit 1) = 1"
		args = append(args, own...)
		return nil
	}
	if len(f.Communities) > 0 {
		those, own := list(nil, f.Communities)
		if err := holds("s.event", "from event_struck s where s.party in ("+those+")", own); err != nil {
			return nil, err
		}
	}
	if len(f.Perpetrators) > 0 {
		those, own := list(nil, f.Perpetrators)
		did, own := list(own, blamedRoles)
		seen, own := r.sees(v, "i", "author", own)
		if err := holds("i.event", "from involvement i where i.party <> '' and i.party in ("+those+") and i.part in ("+did+") and "+seen, own); err != nil {
			return nil, err
		}
	}
	if f.Authority != "" {
		seen, own := r.sees(v, "i", "author", []any{string(f.Authority)})
		if err := holds("i.event", "from involvement i where i.party = $1 and i.party <> '' and "+seen, own); err != nil {
			return nil, err
		}
	}
	if after != nil {
		args = append(args, after.Day, after.ID)
		cond += fmt.Sprintf(" and t.earliest <= $%d and (t.earliest < $%d or t.id < $%d)", len(args)-1, len(args)-1, len(args))
	}
	return where[*record.Event](ctx, r, v, fmt.Sprintf("%s order by t.earliest desc, t.id desc limit %d", cond, limit), args...)
}

// Moment names the state that the snapshot shows.
func (r *Reader) Moment(ctx context.Context) (m Moment, err error) {
	_, err = r.one(ctx, []any{&m.Change, &m.Size, &m.Reach, &m.Register}, momentQuery)
	return m, err
}
