package petitions

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Open takes signatures for a published petition from opens on (0: at once) until
// closes (0: no deadline), in microseconds UTC. A petition that was closed for
// good is not opened again; begin a new one from its text.
func (d *Desk) Open(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, opens, closes int64, reason string) error {
	return d.run(ctx, v, "open petition", reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionPublished {
			return wrong("publication", "petition_state")
		}
		if p.Collection == record.CollectClosed {
			return wrong("collection", "petition_over")
		}
		if p.Collection != record.CollectNotOpen {
			return wrong("collection", "petition_state")
		}
		if closes != 0 && closes <= w.At() {
			return wrong("closes", "past")
		}
		// Who stands behind it in public agrees before anybody is asked to sign.
		// What counts is the text that is signed, whatever the draft says by now.
		e, err := w.Tx().EditionOf(ctx, access.House(), id, p.Edition)
		if err != nil {
			return err
		}
		if len(petition.UnagreedWith(p, e.Rec)) > 0 {
			return wrong("initiators", "unagreed")
		}
		if opens == 0 {
			opens = w.At()
		}
		p.Collection, p.Opens, p.Closes = record.CollectOpen, opens, closes
		off, err := signingOff(ctx, &w.Tx().Reader)
		if err != nil {
			return err
		}
		if off != nil {
			pause(p, w.At(), true)
		}
		return nil
	})
}

// Reschedule moves the deadline of a petition that takes or will take signatures.
// A deadline that is public is not moved to before now.
func (d *Desk) Reschedule(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, opens, closes int64, reason string) error {
	return d.run(ctx, v, "reschedule petition", reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionPublished || p.Collection != record.CollectOpen && p.Collection != record.CollectPaused {
			return wrong("collection", "petition_state")
		}
		if closed(p, w.At()) {
			return wrong("collection", "petition_over")
		}
		if p.Opens <= w.At() {
			opens = p.Opens // it has begun
		} else if opens == 0 {
			opens = w.At()
		}
		if closes != 0 {
			if closes <= w.At() {
				return wrong("closes", "past")
			}
			// People read the deadline given; the time lost in pauses is added to the one kept.
			for _, x := range p.Pauses {
				if x.To > x.From {
					closes -= x.To - x.From
				}
			}
		}
		p.Opens, p.Closes = opens, closes
		return nil
	})
}

// Close ends the taking of signatures for good.
func (d *Desk) Close(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, reason string) error {
	return d.run(ctx, v, "close petition", reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionPublished || p.Collection == record.CollectClosed {
			return wrong("collection", "petition_state")
		}
		endPause(p, w.At())
		p.Collection = record.CollectClosed
		return nil
	})
}

// Pause switches the signing of one petition off. Its deadline moves on by as
// long as that lasts.
func (d *Desk) Pause(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, reason string) error {
	return d.run(ctx, v, "pause petition", reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		if p.Publication != record.PetitionPublished || p.Collection != record.CollectOpen || closed(p, w.At()) {
			return wrong("collection", "petition_state")
		}
		pause(p, w.At(), false)
		return nil
	})
}

// Resume switches the signing of one petition on again. While signing is off in
// the whole house it stays off.
func (d *Desk) Resume(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, reason string) error {
	return d.run(ctx, v, "resume petition", reason, id, rev, func(w *casework.Work, p *record.Petition) error {
		last := p.Paused()
		if p.Collection != record.CollectPaused || last == nil || last.House {
			return wrong("collection", "petition_state")
		}
		endPause(p, w.At())
		p.Collection = record.CollectOpen
		off, err := signingOff(ctx, &w.Tx().Reader)
		if err != nil {
			return err
		}
		if off != nil {
			pause(p, w.At(), true)
		}
		return nil
	})
}

// SetGoals sets the numbers of signatures that a petition's page names as goals,
// the smallest first.
func (d *Desk) SetGoals(ctx context.Context, v access.Viewer, id record.PetitionID, rev int, goals []int) error {
	return d.run(ctx, v, "set goals", "", id, rev, func(_ *casework.Work, p *record.Petition) error {
		p.Goals = goals
		return nil
	})
}

func pause(p *record.Petition, at int64, house bool) {
	p.Pauses = append(p.Pauses, record.Pause{From: at, House: house})
	p.Collection = record.CollectPaused
}

// endPause ends the pause that lasts, if one does. Time before the opening was
// not lost.
func endPause(p *record.Petition, at int64) {
	last := p.Paused()
	if last == nil {
		return
	}
	last.From = max(last.From, p.Opens)
	last.To = max(at, last.From+1)
}

// closed reports whether the taking of signatures is over, by decision or by the
// clock.
func closed(p *record.Petition, now int64) bool {
	_, why := petition.CollectsAt(p, now, true)
	return why == petition.WhyClosed || why == petition.WhyDeadline
}

// settingOff is the name of the setting that says that signing is off in the
// whole house.
const settingOff = "signing.off"

// Off says since when, and why, signing is off in the whole house.
type Off struct {
	Since  int64  `json:"since"` // microseconds UTC
	Reason string `json:"reason"`
}

func signingOff(ctx context.Context, r *store.Reader) (*Off, error) {
	b, err := r.Setting(ctx, settingOff)
	if err != nil || len(b) == 0 {
		return nil, err
	}
	var off Off
	if err := json.Unmarshal(b, &off); err != nil {
		return nil, fmt.Errorf("read since when signing is off: %w", err)
	}
	return &off, nil
}

// SigningOff returns since when signing is off in the whole house, nil while it
// is on.
func (d *Desk) SigningOff(ctx context.Context) (off *Off, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		off, err = signingOff(ctx, r)
		return err
	})
	return off, err
}

// errHouse says who switches signing off everywhere.
var errHouse = fmt.Errorf("signing is switched off in the whole house by an admin or a moderator: %w", record.ErrForbidden)

// SwitchSigning switches the signing of every petition off or on, with a reason.
// Every deadline moves on by as long as it was off.
func (d *Desk) SwitchSigning(ctx context.Context, v access.Viewer, on bool, reason string) error {
	if v.Role != access.Admin && v.Role != access.Moderator {
		return errHouse
	}
	action := "switch signing off"
	if on {
		action = "switch signing on"
	}
	if reason == "" {
		return wrong("reason", "required")
	}
	return d.do(ctx, v, access.ActVoid, action, reason, func(w *casework.Work) error {
		off, err := signingOff(ctx, &w.Tx().Reader)
		if err != nil || (off == nil) == on {
			return err
		}
		var value []byte
		if !on {
			if value, err = json.Marshal(Off{Since: w.At(), Reason: reason}); err != nil {
				return err
			}
		}
		if err := w.Tx().PutSetting(ctx, settingOff, value); err != nil {
			return err
		}
		all, err := everyPetition(ctx, &w.Tx().Reader, store.PetitionFilter{Now: w.At(), Ours: true, State: "published"}, MaxListed)
		if err != nil {
			return err
		}
		for _, item := range all {
			p := *item.Rec
			p.Pauses = append([]record.Pause(nil), p.Pauses...)
			switch last := p.Paused(); {
			case !on && p.Collection == record.CollectOpen && !closed(&p, w.At()):
				pause(&p, w.At(), true)
			case on && p.Collection == record.CollectPaused && last != nil && last.House:
				endPause(&p, w.At())
				p.Collection = record.CollectOpen
			default:
				continue
			}
			if err := w.Change(&p, item.Rev); err != nil {
				return err
			}
		}
		return nil
	})
}
