package petitions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// How long what signers gave is kept.
const (
	// UndeliveredDays is how long after the end of collection it is kept where the
	// petition was never delivered.
	UndeliveredDays = 180
	// OpenDays is how long signatures are taken at most, pauses included. The house
	// then closes the petition, so that the clock of its data runs.
	OpenDays = 3 * 365
	// noticeDays is how long before that the petition's log says so.
	noticeDays = 60
	// UnconfirmedDays is how long a signature waits for its confirmation.
	UnconfirmedDays = 30
	// NetworkDays is how long it is known that two signatures came from one network.
	NetworkDays = 7
)

// tendEvery is how often what is due is looked for.
const tendEvery = 10 * time.Minute

// Tend does everything about petitions that is due by the clock: it ends what was
// not confirmed, forgets networks, carries out what was decided, and destroys
// signers' data whose time is over. Every step may be done again, and by several
// processes at once. What cannot be undone waits while the clock may be wrong.
func (d *Desk) Tend(ctx context.Context) error {
	err := errors.Join(
		d.CarryOut(ctx),
		d.forgetNetworks(ctx),
		d.signing.ForgetPuzzles(ctx),
		d.commitLeaves(ctx),
	)
	sure, clock := d.clockSure(ctx)
	if clock != nil || !sure {
		return errors.Join(err, clock)
	}
	return errors.Join(
		err,
		d.expireSignatures(ctx),
		d.expireOrganisations(ctx),
		d.closeOld(ctx),
		d.destroyDue(ctx),
	)
}

// Keep tends petitions until the context ends. What fails is logged and tried
// again, so it returns nil.
func (d *Desk) Keep(ctx context.Context) error {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for {
		if err := d.Tend(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("petitions cannot be tended", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *Desk) expireSignatures(ctx context.Context) error {
	_, err := d.signing.Expire(ctx, UnconfirmedDays*24*time.Hour)
	return err
}

// forgetNetworks is no change of any signature's standing.
func (d *Desk) forgetNetworks(ctx context.Context) error {
	before := hourOf(d.micros()) - NetworkDays*24
	for after := int64(0); ; {
		var rows []int64
		err := d.view(ctx, func(r *store.Reader) (err error) {
			rows, err = r.WithNetworks(ctx, before, after, 1000)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1]
		if err := d.store.Aside(ctx, func(tx *store.Tx) error { return tx.DropNetworks(ctx, rows) }); err != nil {
			return err
		}
	}
}

func (d *Desk) expireOrganisations(ctx context.Context) error {
	for {
		n, err := d.expireMandates(ctx, 100)
		if err != nil || n < 100 {
			return err
		}
	}
}

// Retention is how long a petition keeps what its signers gave.
type Retention struct {
	// Until is when it is destroyed, in microseconds UTC; 0 while the clock does not
	// run, because signatures are still taken.
	Until int64
	// Closes is when the house closes a petition that takes signatures without an
	// end, in microseconds UTC; 0 once it is over.
	Closes int64
	// Delivered says that the clock runs from the last delivery.
	Delivered bool
	// Destroyed is when it was, 0 while it is there.
	Destroyed int64
}

// Retention returns how long a petition keeps what its signers gave. It is
// public.
func (d *Desk) Retention(ctx context.Context, v access.Viewer, id record.PetitionID) (out Retention, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		out, err = d.retention(ctx, r, p.Rec)
		return err
	})
	return out, err
}

func (d *Desk) retention(ctx context.Context, r *store.Reader, p *record.Petition) (Retention, error) {
	out := Retention{Destroyed: p.Destroyed}
	if p.Destroyed != 0 || p.Foreign != nil {
		return out, nil
	}
	end, err := d.ended(ctx, r, p)
	if err != nil {
		return out, err
	}
	if end == 0 {
		out.Closes, err = closesAt(ctx, r, p)
		return out, err
	}
	list, err := r.DeliveriesOf(ctx, access.House(), p.ID)
	if err != nil {
		return out, err
	}
	out.Until = retainUntil(p, end, list)
	out.Delivered = len(list) > 0
	return out, nil
}

const dayMicros = 24 * int64(time.Hour/time.Microsecond)

// retainUntil is the end of a petition's data, given when collection ended and
// the deliveries: the petition's own time after the last of them all, or half a
// year where there was none. A delivery after that half year moves nothing on, so
// that no date that somebody types keeps data for ever.
func retainUntil(p *record.Petition, end int64, deliveries []store.Item[*record.Delivery]) int64 {
	if len(deliveries) == 0 {
		return end + UndeliveredDays*dayMicros
	}
	last := end
	for _, x := range deliveries {
		if day, ok := x.Rec.On.Date.Latest(); ok {
			last = max(last, min((int64(day)+1)*dayMicros, end+UndeliveredDays*dayMicros)) // that day is over
		}
	}
	return last + int64(p.KeepDays)*dayMicros
}

// over reports whether no signature will be taken any more.
func over(p *record.Petition, now int64) bool {
	if p.Publication == record.PetitionStopped || p.Collection == record.CollectClosed {
		return true
	}
	end := p.Deadline()
	return p.Collection == record.CollectOpen && end != 0 && end <= now
}

// ended is when the taking of signatures ended for good, 0 while it has not.
func (d *Desk) ended(ctx context.Context, r *store.Reader, p *record.Petition) (int64, error) {
	if !over(p, d.micros()) {
		return 0, nil
	}
	end := p.Deadline()
	if p.Collection != record.CollectClosed && p.Publication != record.PetitionStopped {
		return end, nil
	}
	// The first of the latest versions in which it is over.
	past, err := r.History(ctx, access.House(), p.Ref())
	if err != nil {
		return 0, err
	}
	at := int64(0)
	for _, v := range past {
		var was record.Petition
		if v.Body == nil || json.Unmarshal(v.Body, &was) != nil ||
			was.Collection != record.CollectClosed && was.Publication != record.PetitionStopped {
			break
		}
		at = v.At
	}
	if end == 0 || at < end {
		end = at
	}
	return end, nil
}

// closesAt is when a published petition that still takes signatures has been open
// for [OpenDays], 0 where it is none.
func closesAt(ctx context.Context, r *store.Reader, p *record.Petition) (int64, error) {
	if p.Publication != record.PetitionPublished || p.Collection != record.CollectOpen && p.Collection != record.CollectPaused {
		return 0, nil
	}
	first, err := r.EditionOf(ctx, access.House(), p.ID, 1)
	if errors.Is(err, record.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return max(first.Rec.Made, p.Opens) + OpenDays*dayMicros, nil
}

// closeOld closes petitions that have taken signatures for [OpenDays], and says so
// in the log of those for which that is near.
func (d *Desk) closeOld(ctx context.Context) error {
	var old, near []Petition
	now := d.micros()
	err := d.view(ctx, func(r *store.Reader) error {
		old, near = nil, nil
		return store.Each(ctx, r, access.House(), func(p Petition) error {
			keep, err := d.retention(ctx, r, p.Rec)
			if err != nil || keep.Closes == 0 || keep.Closes-noticeDays*dayMicros > now {
				return err
			}
			if keep.Closes <= now {
				old = append(old, p)
				return nil
			}
			said, err := r.Setting(ctx, noticeOf(p.Rec))
			if err == nil && len(said) == 0 {
				near = append(near, p)
			}
			return err
		})
	})
	for _, p := range near {
		e := d.Note(ctx, access.House(), p.Rec.ID, fmt.Sprintf("the house closes this petition in %d days or less: by then it has taken signatures for %d days, and what signers gave is not kept for ever", noticeDays, OpenDays))
		if e == nil {
			e = d.store.Aside(ctx, func(tx *store.Tx) error { return tx.PutSetting(ctx, noticeOf(p.Rec), []byte("said")) })
		}
		err = errors.Join(err, e)
	}
	for _, p := range old {
		err = errors.Join(err, d.Close(ctx, access.House(), p.Rec.ID, 0, fmt.Sprintf("it has taken signatures for %d days", OpenDays)))
	}
	return err
}

// noticeOf names the setting by which a petition's log was told that it is closed
// soon.
func noticeOf(p *record.Petition) string { return fmt.Sprintf("petition.%d.closing", p.Number) }

// destroyDue destroys the signers' data of every petition whose time is over.
func (d *Desk) destroyDue(ctx context.Context) error {
	var due []Petition
	err := d.view(ctx, func(r *store.Reader) error {
		due = nil
		return store.Each(ctx, r, access.House(), func(p Petition) error {
			keep, err := d.retention(ctx, r, p.Rec)
			if err == nil && keep.Until != 0 && keep.Until <= d.micros() {
				due = append(due, p)
			}
			return err
		})
	})
	for _, p := range due {
		err = errors.Join(err, d.destroy(ctx, access.House(), access.ActErase, p.Rec.ID, 0, "the time for which signers' data is kept is over"))
	}
	return err
}

// Destroy destroys what the signers of a petition gave before its time is over:
// names and addresses, who represents organisations, scans of paper. Counts
// stay. It cannot be undone. Signatures must not be taken any more.
func (d *Desk) Destroy(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, reason string) error {
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return err
	}
	switch {
	case !v.May(access.ActSigners):
		return fmt.Errorf("destroy signers' data: %w", record.ErrForbidden)
	case !owns(v, p.Rec):
		return errNotOwner
	case p.Rec.Foreign != nil:
		return errForeign
	case strings.TrimSpace(reason) == "":
		return wrong("reason", "required")
	case p.Rec.Publication == record.PetitionPublished && !over(p.Rec, d.micros()):
		return wrong("collection", "petition_state")
	case rev != 0 && rev != p.Rev:
		return fmt.Errorf("%s: %w", p.Rec.Ref(), record.ErrConflict)
	}
	return d.destroy(ctx, v, access.ActSigners, id, rev, reason)
}

// noCollector stands where a batch named who was trusted with its sheets.
const noCollector = "–"

// destroy begins with the key, because from then on nothing of it can be read,
// and ends with the record that says that everything is gone: an interrupted one
// is found by that and done again.
func (d *Desk) destroy(ctx context.Context, v access.Viewer, need access.Action, id record.PetitionID, rev int, reason string) error {
	p, err := d.ByID(ctx, access.House(), id)
	if err != nil {
		return err
	}
	if err := d.signing.Destroy(ctx, p.Rec.Number); err != nil {
		return fmt.Errorf("destroy signers' data: %w", err)
	}
	var scans []string
	err = d.do(ctx, v, need, "destroy signers' data", reason, func(w *casework.Work) error {
		tx := w.Tx()
		if _, err := tx.DropMandates(ctx, p.Rec.Number); err != nil {
			return err
		}
		if _, err := tx.DropMailOf(ctx, p.Rec.Number, w.At()); err != nil {
			return err
		}
		if err := tx.ForgetCodes(ctx, p.Rec.Number); err != nil {
			return err
		}
		if err := forgetFiles(ctx, tx, p.Rec.Number); err != nil {
			return err
		}
		item, err := store.One[*record.Petition](ctx, &tx.Reader, access.House(), id)
		if err != nil {
			return err
		}
		if item.Rec.Destroyed == 0 {
			now := *item.Rec
			now.Destroyed = w.At()
			if err := w.Change(&now, item.Rev); err != nil {
				return err
			}
		}
		batches, err := tx.BatchesOf(ctx, access.House(), id)
		if err != nil {
			return err
		}
		scans = nil
		for _, b := range batches {
			if len(b.Rec.Scans) == 0 && b.Rec.Collector == noCollector {
				continue
			}
			scans = append(scans, b.Rec.Scans...)
			now := *b.Rec
			now.Scans, now.Collector = nil, noCollector
			if err := w.Change(&now, b.Rev); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("destroy signers' data: %w", err)
	}
	for _, hash := range scans {
		err = errors.Join(err, d.blobs.Remove(hash))
	}
	if e := d.store.Scrub(ctx); e != nil && !errors.Is(e, store.ErrBusy) {
		err = errors.Join(err, e)
	}
	return err
}
