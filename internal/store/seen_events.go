package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// SeenEvents returns which of some events a viewer may see now: none that is erased,
// and none that was made less visible since somebody noted it.
func (r *Reader) SeenEvents(ctx context.Context, v access.Viewer, ids ...record.EventID) (map[record.EventID]bool, error) {
	seen := make(map[record.EventID]bool, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		cond, args := r.sees(v, "t", "author", args)
		found, err := r.inOneRow(ctx, "select t.id as value from event t where t.id in ("+in+") and "+cond, args...)
		if err != nil {
			return nil, fmt.Errorf("read which events are seen: %w", err)
		}
		for _, id := range found {
			seen[record.EventID(id)] = true
		}
		ids = ids[n:]
	}
	return seen, nil
}

// PartsOf returns, of the events that a viewer sees, of which other one each is a part. Those
// that are none are missing.
func (r *Reader) PartsOf(ctx context.Context, v access.Viewer, ids ...record.EventID) (map[record.EventID]record.EventID, error) {
	out := map[record.EventID]record.EventID{}
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		cond, args := r.sees(v, "t", "author", args)
		rows, err := r.query(ctx, "select t.id, t.part_of from event t where t.id in ("+in+") and t.part_of <> '' and "+cond, args...)
		if err != nil {
			return nil, fmt.Errorf("read what events are parts of: %w", err)
		}
		err = scan(rows, func() error {
			var id, of record.EventID
			if err := rows.Scan(&id, &of); err != nil {
				return err
			}
			out[id] = of
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		ids = ids[n:]
	}
	return out, nil
}
