package followup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// replyTold are after how many days a reminder is written of an answer that nobody has read.
var replyTold = []int{3, 10, 24}

// remindLines bounds how many facts one message names; the desk has the rest.
const remindLines = 40

// remindBatch is how many facts are noted in one transaction.
const remindBatch = 500

// fact is one thing worth a reminder.
type fact struct {
	id string     // the same each time it is found
	of record.Ref // the petition it belongs to, zero where it is anybody's
	// level is how deep into the house one has to see to be told of it.
	level access.Level
	// line says it in words, which is done only for those that are told.
	line func() string
}

// Remind writes to organisers about what is due soon, overdue or silent and about
// answers that wait to be read, as it was set, once for each fact, and never to an authority. A fact about a petition
// goes to its owners, any other to every organiser and editor. It returns how many
// messages it put into the outbox.
func (d *Desk) Remind(ctx context.Context) (int, error) {
	if d.outbox == nil {
		return 0, nil
	}
	l := lang.English()
	waiting, err := d.NeedsClassification(ctx, access.House())
	if err != nil {
		return 0, err
	}
	var facts []fact
	// The facts of a whole register are found every hour, and few of them are new.
	err = d.view(ctx, func(r *store.Reader) error {
		s, err := d.state(ctx, r, access.House())
		if err != nil {
			return err
		}
		told, err := newReminding(ctx, r)
		if err != nil {
			return err
		}
		facts = d.facts(s, told)
		for _, y := range waiting {
			n, ok := passedMark(y.Days, replyTold)
			if !ok || told.at(y.Petition.Ref).Off {
				continue
			}
			facts = append(facts, fact{
				id: fmt.Sprintf("reply %s %d", y.Reply.ID, n), of: y.Petition.Ref, level: y.Level,
				line: func() string {
					return l.T("remind.reply", "petition", y.Petition.Title.In("en").Text, "n", int64(y.Days))
				},
			})
		}
		if told.err != nil {
			return told.err
		}
		known, err := r.RemindedOf(ctx)
		facts = slices.DeleteFunc(facts, func(f fact) bool { return known[f.id] })
		return err
	})
	if err != nil {
		return 0, err
	}
	if len(facts) == 0 {
		return 0, nil
	}
	// Whoever is asked later is still told what happened before.
	var whose map[string][]fact
	if err := d.view(ctx, func(r *store.Reader) (err error) {
		whose, err = addressed(ctx, r, facts)
		return err
	}); err != nil || len(whose) == 0 {
		return 0, err
	}
	// A first run finds tens of thousands, and noting them in one transaction would keep
	// every other writer waiting. They are noted as pending in small ones; that all of
	// them were told is one statement, in the transaction that writes the messages.
	// Killed anywhere before it, the next run finds them again; after it, none of them.
	for list := range slices.Chunk(facts, remindBatch) {
		ids := make([]string, len(list))
		for i, f := range list {
			ids[i] = f.id
		}
		if err := d.store.Aside(ctx, func(tx *store.Tx) error { return tx.NoteFacts(ctx, ids) }); err != nil {
			return 0, err
		}
	}
	sent := 0
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		sent = 0
		// Another process may have told some of them since, and noted others.
		pending, err := tx.PendingFacts(ctx)
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(facts), func(f fact) bool { return !pending[f.id] })
		if len(fresh) == 0 {
			return nil
		}
		for _, f := range fresh {
			delete(pending, f.id)
		}
		whose, err := addressed(ctx, &tx.Reader, fresh)
		if err != nil || len(whose) == 0 {
			return err
		}
		for to, list := range sorted(whose) {
			ok, err := d.outbox.Add(ctx, tx, mail.Post{
				Fact: fmt.Sprintf("remind %s %d", to, d.now().UnixMicro()), Kind: "remind", Lane: mail.LaneNotice,
				Message: mail.Remind{To: to, Lines: worded(list[:min(len(list), remindLines)]), More: max(0, len(list)-remindLines), Link: d.url + "/desk/follow-up"}.Message(l),
			})
			if err != nil {
				return err
			}
			if ok {
				sent++
			}
		}
		return tx.FactsTold(ctx, d.now().UnixMicro(), slices.Sorted(maps.Keys(pending)))
	})
	if err == nil && sent > 0 {
		d.outbox.Wake()
	}
	return sent, err
}

// worded says facts in words.
func worded(facts []fact) []string {
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f.line()
	}
	return out
}

// sorted yields a map in the order of its keys.
func sorted(m map[string][]fact) func(func(string, []fact) bool) {
	return func(yield func(string, []fact) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// passedMark returns the last mark that a number of days has reached.
func passedMark(days int, marks []int) (int, bool) {
	reached, ok := 0, false
	for _, m := range marks {
		if days >= m {
			reached, ok = m, true
		}
	}
	return reached, ok
}

// facts lists what is due soon or overdue and who is silent, as far as it is told. A due date that
// is moved is another fact.
func (d *Desk) facts(s *state, told *reminding) []fact {
	l := lang.English()
	of, levels := map[string]record.Ref{}, map[string]access.Level{}
	for _, m := range s.commitments {
		levels[string(m.Commitment.ID)] = m.Level
	}
	for _, m := range s.demands {
		levels[string(m.Demand.ID)] = m.Level
		if m.Demand.Of.Kind == record.KindPetition {
			of[string(m.Demand.ID)] = m.Demand.Of
		}
	}
	var out []fact
	for _, c := range s.clocks {
		set, side, key := told.at(of[c.Of.ID]), "late", "remind.overdue"
		mark, ok := 0, false
		switch follow.Timeliness(c.Timeliness) {
		case follow.NotDue, follow.DueSoon:
			side, key = "soon", "remind.soon"
			mark, ok = set.soon(-c.DaysLate)
		case follow.LongOverdue:
			key = "remind.long_overdue"
			mark, ok = set.overdue(c.DaysLate)
		case follow.Overdue:
			mark, ok = set.overdue(c.DaysLate)
		}
		if set.Off || !ok {
			continue
		}
		out = append(out, fact{
			id: fmt.Sprintf("%s %s %s %s %d", side, c.Of.ID, c.Step, c.Day, mark), of: of[c.Of.ID], level: levels[c.Of.ID],
			line: func() string {
				return l.T(key, "what", clipped(c.Text.In("en").Text), "day", c.Day, "n", int64(max(c.DaysLate, -c.DaysLate)))
			},
		})
	}
	for _, q := range s.silences("") {
		set := told.at(of[q.Of.ID])
		n, ok := set.silent(q.Silence.Days)
		if !ok || set.Off || q.Silence.Paused {
			continue
		}
		out = append(out, fact{
			id: fmt.Sprintf("silent %s %s %s %d", q.Of.ID, q.Addressee, q.Silence.From, n), of: of[q.Of.ID], level: levels[q.Of.ID],
			line: func() string {
				key := "remind.silent"
				if q.Of.Kind == record.KindCommitment {
					key = "remind.silent_deed" // which waits for a deed, not for words
				}
				return l.T(key, "what", clipped(q.Text.In("en").Text), "n", int64(q.Silence.Days))
			},
		})
	}
	return out
}

// addressed sorts facts by the address of whom they are for.
func addressed(ctx context.Context, r *store.Reader, facts []fact) (map[string][]fact, error) {
	out := map[string][]fact{}
	accounts, err := r.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	owners := map[string][]record.UserID{}
	for _, f := range facts {
		if f.of.ID == "" {
			continue
		}
		if _, ok := owners[f.of.ID]; ok {
			continue
		}
		owners[f.of.ID] = nil
		switch p, err := store.One[*record.Petition](ctx, r, access.House(), f.of.ID); {
		case err == nil:
			owners[f.of.ID] = p.Rec.Owners
		case !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone):
			return nil, err
		}
	}
	for _, f := range facts {
		whose := owners[f.of.ID]
		for _, a := range accounts {
			v := access.Viewer{User: a.ID, Role: access.Role(a.Role)}
			switch {
			case a.Closed || a.Password == "" || v.Sees() < f.level:
			case len(whose) > 0 && !slices.Contains(whose, a.ID):
			case len(whose) == 0 && !v.May(access.ActPetition):
			default:
				out[a.Email] = append(out[a.Email], f)
			}
		}
	}
	return out, nil
}

// remindEvery is how often [Desk.Keep] looks.
const remindEvery = time.Hour

// Keep reminds, and notices what followers are told, once an hour until ctx ends.
func (d *Desk) Keep(ctx context.Context) error {
	every := time.NewTicker(remindEvery)
	defer every.Stop()
	for {
		if n, err := d.Remind(ctx); err != nil && !errors.Is(err, context.Canceled) {
			d.log.Warn("reminders were not written", "error", err)
		} else if n > 0 {
			d.log.Info("reminders were written", "messages", n)
		}
		if _, err := d.Notice(ctx); err != nil && !errors.Is(err, context.Canceled) {
			d.log.Warn("news for followers were not noticed", "error", err)
		}
		if err := d.ForgetUnconfirmed(ctx); err != nil && !errors.Is(err, context.Canceled) {
			d.log.Warn("addresses that nobody confirmed were not deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
		}
	}
}
