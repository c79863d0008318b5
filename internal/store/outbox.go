package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// MailState is where a stored message stands.
type MailState string

// Waiting mail is due at some instant; Sending mail is leased to an owner; Kept
// mail is to be looked at and never leaves; the others are over.
const (
	MailWaiting MailState = "waiting"
	MailSending MailState = "sending"
	MailSent    MailState = "sent"
	MailFailed  MailState = "failed"
	MailKept    MailState = "kept"
	MailDropped MailState = "dropped"
)

// Mail is a stored message. Instants are microseconds UTC.
type Mail struct {
	ID     string
	Fact   string // keyed hash of what it tells whom
	Kind   string
	Lane   int    // lower before higher
	Box    []byte // the encrypted message; empty once it is over
	Host   string // keyed hash of the recipient's mail domain
	Due    int64
	Ends   int64 // not sent after this instant; 0: no end
	Tries  int   // how often it was taken to be sent
	State  MailState
	Owner  string
	Leased int64
	Error  string // a short code
	Made   int64
	Done   int64
	// Petition is the number of the petition with whose signers' data the message is
	// dropped; 0 for none.
	Petition int
	// Subscription is what its holder can end, and the message with it; "" for none.
	Subscription string
	// Matter is what it tells of, which can be taken back, and the message with it; ""
	// for what cannot.
	Matter string
}

const mailColumns = "id, fact, kind, lane, box, host, due, ends, tries, state, owner, leased, error, made, done, petition, subscription, matter"

func (m *Mail) dest() []any {
	return []any{&m.ID, &m.Fact, &m.Kind, &m.Lane, &m.Box, &m.Host, &m.Due, &m.Ends, &m.Tries, &m.State, &m.Owner, &m.Leased, &m.Error, &m.Made, &m.Done, &m.Petition, &m.Subscription, &m.Matter}
}

// AddMail adds a message in the transaction that is its reason and reports
// whether it was new: the same fact is told once.
func (t *Tx) AddMail(ctx context.Context, m Mail) (bool, error) {
	n, err := t.execCount(ctx, "insert into outbox ("+mailColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict (fact) do nothing",
		m.ID, m.Fact, m.Kind, m.Lane, blob(m.Box), m.Host, m.Due, m.Ends, 0, string(m.State), "", 0, "", m.Made, 0, m.Petition, m.Subscription, m.Matter)
	if err != nil {
		return false, fmt.Errorf("add a message of kind %s: %w", m.Kind, err)
	}
	return n > 0, nil
}

// MailOf returns one message.
func (r *Reader) MailOf(ctx context.Context, id string) (Mail, error) {
	var m Mail
	ok, err := r.one(ctx, m.dest(), "select "+mailColumns+" from outbox where id = $1", id)
	if err == nil && !ok {
		err = fmt.Errorf("message: %w", record.ErrNotFound)
	}
	return m, err
}

// MailByFact returns the message that tells a fact.
func (r *Reader) MailByFact(ctx context.Context, fact string) (Mail, error) {
	var m Mail
	ok, err := r.one(ctx, m.dest(), "select "+mailColumns+" from outbox where fact = $1", fact)
	if err == nil && !ok {
		err = fmt.Errorf("message: %w", record.ErrNotFound)
	}
	return m, err
}

// MailList returns messages in a state, or in every state for "", the latest
// first, from those before the identifier on ("" for the first page).
func (r *Reader) MailList(ctx context.Context, state MailState, before string, limit int) ([]Mail, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select "+mailColumns+" from outbox where ($1 = '' or state = $1) and ($2 = '' or id < $2) order by id desc limit %d", limit),
		string(state), before)
	if err != nil {
		return nil, fmt.Errorf("list mail: %w", err)
	}
	var out []Mail
	err = scan(rows, func() error {
		out = append(out, Mail{})
		return rows.Scan(out[len(out)-1].dest()...)
	})
	return out, r.dialect.fault(err)
}

// MailWaiting counts what waits in a lane, up to a limit.
func (r *Reader) MailWaiting(ctx context.Context, lane, limit int) (n int, err error) {
	_, err = r.one(ctx, []any{&n}, fmt.Sprintf("select count(*) from (select 1 from outbox where state = 'waiting' and lane = $1 limit %d) w", limit), lane)
	return n, mailFault("count waiting mail", err)
}

// MailCount is how much mail is in a state and a lane, and when the first of it
// was due, in microseconds UTC.
type MailCount struct {
	State MailState
	Lane  int
	Count int64
	Due   int64
}

// MailCounts counts the stored mail.
func (r *Reader) MailCounts(ctx context.Context) ([]MailCount, error) {
	rows, err := r.query(ctx, "select state, lane, count(*), min(due) from outbox group by state, lane order by state, lane")
	if err != nil {
		return nil, fmt.Errorf("count mail: %w", err)
	}
	var out []MailCount
	err = scan(rows, func() error {
		var c MailCount
		err := rows.Scan(&c.State, &c.Lane, &c.Count, &c.Due)
		out = append(out, c)
		return err
	})
	return out, r.dialect.fault(err)
}

// The following do not go through Write, for the reason that work does not.

// MailQuery is what mail is taken to be sent.
type MailQuery struct {
	Owner      string
	Now, Until int64 // the lease runs from Now to Until
	MaxLane    int
	NotHosts   []string // hashes of mail domains that must wait
	Limit      int
}

// TakeMail leases due mail, the lowest lane and the longest due first. A lease
// that ran out is given up first. Of several processes exactly one gets each
// message.
func (s *Store) TakeMail(ctx context.Context, q MailQuery) ([]Mail, error) {
	// A look before the writer's place is taken: mostly there is nothing.
	var ids []string
	look := func(r *Reader) error {
		args := []any{q.Now, q.MaxLane}
		query := "select id from outbox where state = 'waiting' and due <= $1 and lane <= $2"
		if len(q.NotHosts) > 0 {
			var in string
			in, args = list(args, q.NotHosts)
			query += " and host not in (" + in + ")"
		}
		rows, err := r.query(ctx, fmt.Sprintf(query+" order by lane, due, id limit %d", q.Limit), args...)
		if err != nil {
			return err
		}
		ids = ids[:0]
		return r.dialect.fault(scan(rows, func() error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}))
	}
	expired := false
	err := s.View(ctx, func(r *Reader) error {
		var one int
		var err error
		if expired, err = r.one(ctx, []any{&one}, "select 1 from outbox where state = 'sending' and leased <= $1 limit 1", q.Now); err != nil {
			return err
		}
		return look(r)
	})
	if err != nil || len(ids) == 0 && !expired {
		return nil, mailFault("look for mail", err)
	}
	var out []Mail
	err = s.transact(ctx, true, func(c conn) error {
		t := &Tx{Reader: Reader{conn: c, dialect: s.dialect}}
		if expired {
			if _, err := t.run(ctx, "update outbox set state = 'waiting', owner = '', leased = 0 where state = 'sending' and leased <= $1", []any{q.Now}); err != nil {
				return err
			}
		}
		if err := look(&t.Reader); err != nil {
			return err
		}
		out = out[:0]
		for _, id := range ids {
			// On PostgreSQL another process may have taken it meanwhile.
			var m Mail
			ok, err := t.one(ctx, m.dest(), "update outbox set state = 'sending', owner = $2, leased = $3, tries = tries + 1 where id = $1 and state = 'waiting' returning "+mailColumns,
				id, q.Owner, q.Until)
			if err != nil {
				return err
			}
			if ok {
				out = append(out, m)
			}
		}
		return nil
	})
	if err != nil {
		return nil, mailFault("take mail", err)
	}
	return out, nil
}

func mailFault(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// GiveBackMail returns an owner's leased mail that was not tried, as it was.
func (s *Store) GiveBackMail(ctx context.Context, id, owner string) (bool, error) {
	return s.changeMail(ctx, "update outbox set state = 'waiting', owner = '', leased = 0, tries = tries - 1 where id = $1 and owner = $2 and state = 'sending'", id, owner)
}

// DeferMail returns an owner's leased mail to be tried again at the instant due.
func (s *Store) DeferMail(ctx context.Context, id, owner string, due int64, code string) (bool, error) {
	return s.changeMail(ctx, "update outbox set state = 'waiting', owner = '', leased = 0, due = $3, error = $4 where id = $1 and owner = $2 and state = 'sending'",
		id, owner, due, code)
}

// FailMail ends an owner's leased mail as not deliverable. Its message is kept
// until ClearMail.
func (s *Store) FailMail(ctx context.Context, id, owner string, at int64, code string) (bool, error) {
	return s.changeMail(ctx, "update outbox set state = 'failed', owner = '', leased = 0, done = $3, error = $4 where id = $1 and owner = $2 and state = 'sending'",
		id, owner, at, code)
}

// EndMail ends an owner's leased mail, which nobody wants any more, and forgets its
// words.
func (s *Store) EndMail(ctx context.Context, id, owner string, at int64) (bool, error) {
	return s.changeMail(ctx, "update outbox set state = 'dropped', owner = '', leased = 0, done = $3, error = '', host = '', box = $4 where id = $1 and owner = $2 and state = 'sending'",
		id, owner, at, []byte{})
}

// SentMail notes that a server has taken a message, whoever holds its lease by
// now, and forgets the message.
func (s *Store) SentMail(ctx context.Context, id string, at int64) (bool, error) {
	return s.changeMail(ctx, "update outbox set state = 'sent', owner = '', leased = 0, done = $2, error = '', host = '', box = $3 where id = $1 and state in ('sending', 'waiting')",
		id, at, []byte{})
}

// BounceMail marks the sent message of a fact as not delivered after all.
func (s *Store) BounceMail(ctx context.Context, fact string, at int64, code string) (bool, error) {
	return s.changeMail(ctx, "update outbox set state = 'failed', done = $2, error = $3 where fact = $1 and state = 'sent'", fact, at, code)
}

// RetryMail makes a failed message that still has its words wait again, due at
// the instant at, with its tries forgotten.
func (t *Tx) RetryMail(ctx context.Context, id string, at int64) (bool, error) {
	n, err := t.execCount(ctx, "update outbox set state = 'waiting', due = $2, tries = 0, error = '', done = 0 where id = $1 and state = 'failed' and length(box) > 0", id, at)
	return n > 0, mailFault("try mail again", err)
}

// DropMail ends a message that is not to be sent and forgets its words. Its fact
// counts as told.
func (t *Tx) DropMail(ctx context.Context, id string, at int64) (bool, error) {
	n, err := t.execCount(ctx, "update outbox set state = 'dropped', done = $2, error = '', host = '', box = $3 where id = $1 and state in ('waiting', 'failed', 'kept')", id, at, []byte{})
	return n > 0, mailFault("drop mail", err)
}

// DropMailOf ends the messages of a petition that were not sent, whoever sends
// them just now, and forgets their words. It returns how many there were.
func (t *Tx) DropMailOf(ctx context.Context, petition int, at int64) (int64, error) {
	n, err := t.execCount(ctx, "update outbox set state = 'dropped', owner = '', leased = 0, done = $2, error = '', host = '', box = $3 "+
		"where petition = $1 and petition <> 0 and state in ('waiting', 'sending', 'failed', 'kept')", petition, at, []byte{})
	return n, mailFault("drop mail of a petition", err)
}

// DropMailAbout ends the messages that tell of a matter and were not sent, whoever sends
// them just now, and forgets their words, also those of what failed. It returns how
// many there were.
func (t *Tx) DropMailAbout(ctx context.Context, matter string, at int64) (int64, error) {
	return t.dropMailWhere(ctx, "matter <> '' and matter = $3 and state in ('waiting', 'sending', 'failed', 'kept')", []any{at, []byte{}, matter})
}

// DropMailTo ends the messages of subscriptions that were not sent, whoever sends
// them just now, and forgets their words, also those of what failed. It returns how many
// there were.
func (t *Tx) DropMailTo(ctx context.Context, subscriptions []string, at int64) (dropped int64, err error) {
	subscriptions = slices.DeleteFunc(slices.Clone(subscriptions), func(s string) bool { return s == "" })
	for part := range slices.Chunk(subscriptions, chunk) {
		in, args := list([]any{at, []byte{}}, part)
		n, err := t.dropMailWhere(ctx, "subscription <> '' and subscription in ("+in+") and state in ('waiting', 'sending', 'failed', 'kept')", args)
		if err != nil {
			return dropped, err
		}
		dropped += n
	}
	return dropped, nil
}

// dropMailWhere takes when as $1 and no bytes as $2.
func (t *Tx) dropMailWhere(ctx context.Context, where string, args []any) (int64, error) {
	if t.dialect == postgres {
		// In the order in which TakeMail takes them: two that lock rows in two orders
		// would wait for each other.
		where = "id in (select id from outbox where " + where + " order by lane, due, id for update)"
	}
	n, err := t.execCount(ctx, "update outbox set state = case when state = 'failed' then state else 'dropped' end, done = case when state = 'failed' then done else $1 end, "+
		"owner = '', leased = 0, host = '', box = $2 where "+where, args...)
	return n, mailFault("drop mail", err)
}

// ClearMail forgets the words of messages that failed before the instant, and
// of messages that may no longer be sent. It returns how many there were.
func (s *Store) ClearMail(ctx context.Context, now, failedBefore int64) (n int64, err error) {
	var found bool
	const over = "(state = 'failed' and done < $2 and length(box) > 0) or (state = 'waiting' and ends > 0 and ends <= $1)"
	err = s.View(ctx, func(r *Reader) error {
		var one int
		found, err = r.one(ctx, []any{&one}, "select 1 from outbox where "+over+" limit 1", now, failedBefore)
		return err
	})
	if err != nil || !found {
		return 0, mailFault("look for old mail", err)
	}
	err = s.transact(ctx, true, func(c conn) error {
		t := &Tx{Reader: Reader{conn: c, dialect: s.dialect}}
		n, err = t.run(ctx, "update outbox set done = case when state = 'failed' then done else $1 end, error = case when state = 'failed' then error else 'expired' end, "+
			"state = 'failed', host = '', box = $3 where "+over, []any{now, failedBefore, []byte{}})
		return err
	})
	return n, mailFault("forget old mail", err)
}

// ForgetMail deletes rows of mail of a lane that was due before the instant and
// was sent, at most limit, and returns how many there were. Whoever adds mail of
// that lane keeps a note of its own of what it has told.
func (s *Store) ForgetMail(ctx context.Context, lane int, before int64, limit int) (n int64, err error) {
	const old = "state = 'sent' and lane = $1 and due < $2"
	var found bool
	err = s.View(ctx, func(r *Reader) error {
		var one int
		found, err = r.one(ctx, []any{&one}, "select 1 from outbox where "+old+" limit 1", lane, before)
		return err
	})
	if err != nil || !found {
		return 0, mailFault("look for old mail", err)
	}
	err = s.transact(ctx, true, func(c conn) error {
		t := &Tx{Reader: Reader{conn: c, dialect: s.dialect}}
		n, err = t.run(ctx, fmt.Sprintf("delete from outbox where id in (select id from outbox where "+old+" limit %d)", limit), []any{lane, before})
		return err
	})
	return n, mailFault("forget old mail", err)
}

func (s *Store) changeMail(ctx context.Context, query string, args ...any) (changed bool, err error) {
	err = s.transact(ctx, true, func(c conn) error {
		t := &Tx{Reader: Reader{conn: c, dialect: s.dialect}}
		n, err := t.run(ctx, query, args)
		changed = n > 0
		return err
	})
	return changed, mailFault("change mail", err)
}

// outboxHeld is the setting that stops all mail while it has a value.
const outboxHeld = "outbox.held"

// HoldMail stops all mail, from every process, until ReleaseMail. why is for the
// desk: "restored".
func (t *Tx) HoldMail(ctx context.Context, why string) error {
	return t.PutSetting(ctx, outboxHeld, []byte(why))
}

// ReleaseMail lets mail leave again.
func (t *Tx) ReleaseMail(ctx context.Context) error {
	return t.PutSetting(ctx, outboxHeld, nil)
}

// MailHeld returns why no mail may leave, "" when it may.
func (r *Reader) MailHeld(ctx context.Context) (string, error) {
	why, err := r.Setting(ctx, outboxHeld)
	return string(why), err
}
