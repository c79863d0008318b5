package petitions

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Settle does what the list of who left the count says and this database does not
// know: it was restored from an older backup, or the process ended between the
// list and the commit. It is called before anything is served.
func (d *Desk) Settle(ctx context.Context) error {
	if d.departed == nil {
		return nil
	}
	var from int64
	err := d.view(ctx, func(r *store.Reader) error {
		text, err := r.Setting(ctx, casework.DepartedSetting)
		if err == nil && len(text) > 0 {
			from, err = strconv.ParseInt(string(text), 10, 64)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read how far the list of departures was applied: %w", err)
	}
	size, err := d.departed.Size()
	if err != nil {
		return err
	}
	if from > size {
		from = 0 // it is another list
	}
	// Read before anything is done, which adds lines of its own.
	var lines []departed.Line
	end, err := d.departed.Each(from, func(l departed.Line) error { lines = append(lines, l); return nil })
	if err != nil || end == from {
		return err
	}
	var changed int64
	for _, l := range lastWord(lines) {
		n, err := d.settle(ctx, l)
		if err != nil {
			return err
		}
		changed += n
	}
	if changed > 0 {
		d.log.Info("departures that the database did not know were applied", "changed", changed)
	}
	return d.store.Aside(ctx, func(tx *store.Tx) error {
		return tx.PutSetting(ctx, casework.DepartedSetting, strconv.AppendInt(nil, end, 10))
	})
}

// lastWord leaves out of lines about the count, and about what is shown, what a
// later line takes back, so that nobody is taken out of the count for a moment
// because of an invalidation that was undone, or shown less for a choice that was
// made anew.
func lastWord(lines []departed.Line) []departed.Line {
	type row struct {
		petition int
		shown    bool
		n        int64
	}
	last := map[row]int{}
	counting := func(l departed.Line) bool {
		return l.What == departed.Voided || l.What == departed.Counted || l.What == departed.Shown
	}
	for i, l := range lines {
		if counting(l) {
			for _, n := range l.Rows {
				last[row{l.Petition, l.What == departed.Shown, n}] = i
			}
		}
	}
	var out []departed.Line
	for i, l := range lines {
		if counting(l) {
			var rows []int64
			for _, n := range l.Rows {
				if last[row{l.Petition, l.What == departed.Shown, n}] == i {
					rows = append(rows, n)
				}
			}
			l.Rows = rows
		}
		out = append(out, l)
	}
	return out
}

func (d *Desk) settle(ctx context.Context, l departed.Line) (int64, error) {
	if l.What == departed.Unfollowed {
		return d.settleFollower(ctx, l.By)
	}
	p, err := d.ByNumber(ctx, access.House(), l.Petition)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		return 0, nil // younger than the backup
	}
	if err != nil {
		return 0, err
	}
	switch l.What {
	case departed.Destroyed:
		if p.Rec.Destroyed != 0 && d.keys.Destroyed(l.Petition) {
			return 0, nil
		}
		return 1, d.destroy(ctx, access.House(), access.ActErase, p.Rec.ID, 0, "destroyed before, and brought back by a backup")
	case departed.Uninformed:
		return d.settleUninformed(ctx, l.By)
	case departed.Organisation:
		return d.settleOrganisation(ctx, record.EndorsementID(l.By))
	}
	n, err := d.signing.Again(ctx, l)
	if errors.Is(err, record.ErrNotFound) {
		err = nil // a petition that is not public any more has no terms
	}
	return n, err
}

// settleFollower forgets a follower and their address again.
func (d *Desk) settleFollower(ctx context.Context, id string) (n int64, err error) {
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		n, err = tx.DropFollower(ctx, id)
		return err
	})
	return n, err
}

// settleOrganisation takes an organisation's signature out of the list again.
func (d *Desk) settleOrganisation(ctx context.Context, id record.EndorsementID) (n int64, err error) {
	err = d.do(ctx, access.House(), access.ActVoid, "withdraw endorsement", "withdrawn before, and brought back by a backup", func(w *casework.Work) error {
		item, err := store.One[*record.Endorsement](ctx, &w.Tx().Reader, access.House(), id)
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			return nil
		}
		if err != nil {
			return err
		}
		if s := item.Rec.State; s != record.EndorsementPending && s != record.EndorsementConfirmed {
			return nil
		}
		n = 1
		return d.end(ctx, w, item, record.EndorsementWithdrawn)
	})
	return n, err
}
