package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// NearEvent is what telling events apart needs of one: no text, only keys.
type NearEvent struct {
	ID               record.EventID
	Type             record.EventType
	Earliest, Latest int64 // days
	Country          string
	Province, Town   string // folded
	Lat, Lon         float64
	HasPoint         bool
	PartOf, Joined   record.EventID
	Dataset          string
	Level            access.Level
}

// EventsBetween calls fn for every event that begins on a day from from to to,
// in the order of their first days, without reading their bodies.
func (r *Reader) EventsBetween(ctx context.Context, v access.Viewer, from, to int64, fn func(NearEvent) error) error {
	day, id := from, ""
	for {
		seen, args := r.sees(v, "t", "author", []any{day, id, to})
		rows, err := r.query(ctx, "select id, type, earliest, latest, country, province, town, coalesce(lat, 0), coalesce(lon, 0), "+
			"case when lat is null or lon is null then 0 else 1 end, part_of, joined, dataset, seen from event t "+
			"where (t.earliest > $1 or (t.earliest = $1 and t.id > $2)) and t.earliest <= $3 and "+seen+" order by t.earliest, t.id limit 1000", args...)
		if err != nil {
			return fmt.Errorf("read the dates of events: %w", err)
		}
		var page []NearEvent
		err = scan(rows, func() error {
			var e NearEvent
			var point int
			if err := rows.Scan(&e.ID, &e.Type, &e.Earliest, &e.Latest, &e.Country, &e.Province, &e.Town, &e.Lat, &e.Lon, &point,
				&e.PartOf, &e.Joined, &e.Dataset, &e.Level); err != nil {
				return err
			}
			e.HasPoint = point != 0
			page = append(page, e)
			return nil
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
			day, id = e.Earliest, string(e.ID)
		}
		if len(page) < 1000 {
			return nil
		}
	}
}

// Near returns the keys of some events.
func (r *Reader) Near(ctx context.Context, ids ...record.EventID) (map[record.EventID]NearEvent, error) {
	out := make(map[record.EventID]NearEvent, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		rows, err := r.query(ctx, "select id, type, earliest, latest, country, province, town, coalesce(lat, 0), coalesce(lon, 0), "+
			"case when lat is null or lon is null then 0 else 1 end, part_of, joined, dataset, seen from event where id in ("+in+")", args...)
		if err != nil {
			return nil, fmt.Errorf("read the dates of events: %w", err)
		}
		err = scan(rows, func() error {
			var e NearEvent
			var point int
			if err := rows.Scan(&e.ID, &e.Type, &e.Earliest, &e.Latest, &e.Country, &e.Province, &e.Town, &e.Lat, &e.Lon, &point,
				&e.PartOf, &e.Joined, &e.Dataset, &e.Level); err != nil {
				return err
			}
			e.HasPoint = point != 0
			out[e.ID] = e
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		ids = ids[n:]
	}
	return out, nil
}

// ClaimsHolding returns the claims whose bytes hold an identifier anywhere. It
// reads every claim, and is for what happens seldom: hiding or erasing somebody.
func (r *Reader) ClaimsHolding(ctx context.Context, v access.Viewer, id string) ([]Item[*record.Claim], error) {
	cond := "instr(t.body, $1) > 0"
	if r.dialect == postgres {
		cond = "position($1 in t.body) > 0"
	}
	return where[*record.Claim](ctx, r, v, cond+" order by t.id", []byte(id))
}

// CapturesBy returns the captures whose original or text has the hash.
func (r *Reader) CapturesBy(ctx context.Context, v access.Viewer, hash string) ([]Item[*record.Capture], error) {
	return where[*record.Capture](ctx, r, v, "(t.hash = $1 or t.text_hash = $1) order by t.id limit 1000", hash)
}
