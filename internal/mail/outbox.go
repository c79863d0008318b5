package mail

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Lane is how urgent a message is. A lower lane goes first, always.
type Lane int

// Somebody sits and waits for what is in LaneConfirm; LaneNotice is for few
// people, LaneUpdate for many.
const (
	LaneConfirm Lane = iota
	LaneNotice
	LaneUpdate
)

// Sealer is the house's key, which is kept outside the database: *seal.House.
type Sealer interface {
	// Box encrypts and authenticates for one use.
	Box(use string, plain []byte) []byte
	// Unbox fails for what Box has not made for that use.
	Unbox(use string, sealed []byte) ([]byte, error)
	// Tag is a keyed hash of at least 16 bytes, the same for the same data and use.
	Tag(use string, data []byte) []byte
}

// What the house's key is used for here.
const (
	useMessage = "mail message"
	useFact    = "mail fact"
	useHost    = "mail domain"
)

// Outbox keeps messages until they are sent. It is safe for use by several
// goroutines.
type Outbox struct {
	store  *store.Store
	key    Sealer
	now    func() time.Time
	random io.Reader

	mu      sync.Mutex
	sources []joined
	feeders []Feeder
	// subscriptions and matters are by their kind.
	subscriptions map[string]Subscriptions
	matters       map[string]Matters
	wake          chan struct{}
}

// joined is a source with its name.
type joined struct {
	name string
	Source
}

// OutboxConfig is what an outbox works with. Now and Random may be nil, for the
// clock and crypto/rand.
type OutboxConfig struct {
	Store  *store.Store
	Key    Sealer
	Now    func() time.Time
	Random io.Reader
}

// NewOutbox opens the outbox of a store.
func NewOutbox(c OutboxConfig) *Outbox {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Outbox{store: c.Store, key: c.Key, now: c.Now, random: c.Random, wake: make(chan struct{}, 1)}
}

// Join adds a source. Its name, one to eight lower-case letters, is part of its
// messages' identifiers and must stay the same. Join is called before the worker
// runs.
func (o *Outbox) Join(name string, s Source) error {
	if name == storedSource || name == "" || len(name) > 8 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return fmt.Errorf("a source of mail cannot be named %q", name)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, j := range o.sources {
		if j.name == name {
			return fmt.Errorf("there is a source of mail named %q already", name)
		}
	}
	o.sources = append(o.sources, joined{name, s})
	return nil
}

func (o *Outbox) joined() []joined {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sources
}

// JoinFeeder adds a feeder, before the worker runs.
func (o *Outbox) JoinFeeder(f Feeder) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.feeders = append(o.feeders, f)
}

// Feedable is how much of what feeders have may wait in the outbox at once.
const Feedable = 500

// Feed lets feeders fill the outbox up and returns how many people they reached.
// The worker does it every second. While mail is held it does nothing.
func (o *Outbox) Feed(ctx context.Context) (int, error) {
	o.mu.Lock()
	feeders := o.feeders
	o.mu.Unlock()
	if len(feeders) == 0 {
		return 0, nil
	}
	var waiting int
	var held string
	err := o.store.View(ctx, func(r *store.Reader) (err error) {
		if held, err = r.MailHeld(ctx); err != nil {
			return err
		}
		waiting, err = r.MailWaiting(ctx, int(LaneUpdate), Feedable)
		return err
	})
	// Filled up by halves: fewer and larger transactions.
	if err != nil || held != "" || waiting > Feedable/2 {
		return 0, err
	}
	reached := 0
	var failed error
	for _, f := range feeders {
		n, err := f.Feed(ctx, Feedable-waiting)
		if err != nil {
			// The others do not wait for it.
			failed = errors.Join(failed, fmt.Errorf("fill the outbox: %w", err))
		}
		reached += n
		if waiting += n; waiting >= Feedable {
			break
		}
	}
	return reached, failed
}

// Wake makes the worker of this process look at once, for whoever has committed
// something that is due.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Post is a message with what decides when it is sent.
type Post struct {
	// Fact is what the message tells whom, such as "mandate ID 2": of several
	// posts with one fact only the first is kept. It is stored as a keyed hash, in
	// LaneUpdate for a month.
	Fact string
	// Kind is for counts and lists ("mandate", "reply"), without personal data.
	Kind string
	Lane Lane
	// Due is the earliest moment, zero for at once; Ends the latest, zero for none.
	Due, Ends time.Time
	// Keep is for mail that is to be looked at in the outbox and must never leave.
	Keep    bool
	Message Message
	// Petition is the number of the petition that the message is about: it is dropped
	// with the data of its signers. 0 for none.
	Petition int
	// Subscription is what the message is sent for, if its reader can end it.
	Subscription Subscription
	// Matter is what the message tells of, if that can be taken back.
	Matter Matter
}

// Add keeps a message in the transaction that is its reason and reports whether
// its fact was new. After the commit call [Outbox.Wake].
func (o *Outbox) Add(ctx context.Context, t *store.Tx, p Post) (bool, error) {
	if p.Fact == "" || p.Kind == "" {
		return false, errors.New("a message needs a fact and a kind")
	}
	if err := p.Message.Check(); err != nil {
		return false, err
	}
	now := o.now()
	id, err := record.NewID(now, o.random)
	if err != nil {
		return false, err
	}
	plain, err := json.Marshal(p.Message)
	if err != nil {
		return false, fmt.Errorf("write a message of kind %s: %w", p.Kind, err)
	}
	m := store.Mail{
		ID: id, Fact: o.keyOf(p.Fact), Kind: p.Kind, Lane: int(p.Lane), Box: o.key.Box(useMessage, plain), Host: o.hostTag(p.Message.To),
		Due: now.UnixMicro(), State: store.MailWaiting, Made: now.UnixMicro(), Petition: p.Petition, Subscription: p.Subscription.String(), Matter: p.Matter.String(),
	}
	if p.Due.After(now) {
		m.Due = p.Due.UnixMicro()
	}
	if !p.Ends.IsZero() {
		m.Ends = p.Ends.UnixMicro()
	}
	if p.Keep {
		m.State = store.MailKept
	}
	return t.AddMail(ctx, m)
}

// Post keeps a message in a transaction of its own and wakes the worker.
func (o *Outbox) Post(ctx context.Context, p Post) (added bool, err error) {
	err = o.store.Write(ctx, func(t *store.Tx) error {
		added, err = o.Add(ctx, t, p)
		return err
	})
	if err == nil {
		o.Wake()
	}
	return added, err
}

// encoding writes keys in letters that survive servers that change case.
var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// EncodeKey writes a token as a key for [Pending].
func EncodeKey(token []byte) string { return encoding.EncodeToString(token) }

// DecodeKey reads what EncodeKey has written.
func DecodeKey(key string) ([]byte, error) {
	b, err := encoding.DecodeString(key)
	if err != nil {
		return nil, errors.New("not the key of a message")
	}
	return b, nil
}

// keyOf is 128 bits of a keyed hash: without the key nobody can tell from a
// Message-ID which fact it belongs to.
func (o *Outbox) keyOf(fact string) string {
	return EncodeKey(o.key.Tag(useFact, []byte(fact))[:16])
}

func (o *Outbox) hostTag(address string) string {
	return EncodeKey(o.key.Tag(useHost, []byte(hostOf(address)))[:8])
}

// Entry is a message as the desk lists it, without its words.
type Entry struct {
	ID    string
	Kind  string
	Lane  Lane
	State store.MailState
	// Due is when it is to be sent, or tried again; Made and Done (zero before)
	// when it was kept and when it was over.
	Due, Made, Done time.Time
	Tries           int
	// Code is why the last try failed: "550 5.1.1", "no-server", "expired".
	Code string
	// Readable reports whether the words are still kept.
	Readable bool
	// Name and Host are those of a [Letter].
	Name, Host string
}

// Letter is the entry without its words, to ask why it waits.
func (e *Entry) Letter() *Letter {
	return &Letter{
		ID: e.ID, Kind: e.Kind, Lane: e.Lane, Due: e.Due, Name: e.Name, Host: e.Host, Kept: e.State == store.MailKept, Taken: e.State == store.MailSending,
		Tries: e.Tries, Code: e.Code,
	}
}

func entry(m store.Mail) Entry {
	e := Entry{
		ID: m.ID, Kind: m.Kind, Lane: Lane(m.Lane), State: m.State, Due: time.UnixMicro(m.Due).UTC(), Made: time.UnixMicro(m.Made).UTC(),
		Tries: m.Tries, Code: m.Error, Readable: len(m.Box) > 0, Name: ref{storedSource, m.Fact, 0}.String(), Host: m.Host,
	}
	if m.Done != 0 {
		e.Done = time.UnixMicro(m.Done).UTC()
	}
	return e
}

// List returns stored messages in a state ("" for all), the latest first, from
// those before an identifier on.
func (o *Outbox) List(ctx context.Context, state store.MailState, before string, limit int) (list []Entry, err error) {
	err = o.store.View(ctx, func(r *store.Reader) error {
		rows, err := r.MailList(ctx, state, before, limit)
		for _, m := range rows {
			list = append(list, entry(m))
		}
		return err
	})
	return list, err
}

// Read returns one stored message with its words. Who may read it is the
// caller's decision.
func (o *Outbox) Read(ctx context.Context, id string) (e Entry, m Message, err error) {
	err = o.store.View(ctx, func(r *store.Reader) error {
		row, err := r.MailOf(ctx, id)
		if err != nil {
			return err
		}
		e = entry(row)
		if !e.Readable {
			return nil
		}
		m, err = o.open(row)
		return err
	})
	return e, m, err
}

func (o *Outbox) open(row store.Mail) (m Message, err error) {
	plain, err := o.key.Unbox(useMessage, row.Box)
	if err != nil {
		return Message{}, fmt.Errorf("read the message %s: %w", row.ID, err)
	}
	if err := json.Unmarshal(plain, &m); err != nil {
		return Message{}, fmt.Errorf("read the message %s: it is damaged", row.ID)
	}
	return m, nil
}

// Letter is a message that has not been sent, from the outbox or a source, as
// [Outbox.Preview] shows it.
type Letter struct {
	// ID is an Entry's, "" for a source's.
	ID   string
	Kind string
	Lane Lane
	// Due is when it is to be sent, or tried again, zero if that is not known.
	Due time.Time
	// Name names the message in its headers, Host its mail domain by a keyed hash.
	Name, Host string
	Kept       bool // it never leaves
	Taken      bool // it is being handed over
	Shared     bool // its address has had its share of mails until it is due
	Tries      int
	// Code is why the last try failed, of a stored message: see [Letter.Failure].
	Code    string
	Message Message
}

// Failure is why the last try failed, "" where none did or nobody remembers.
func (l *Letter) Failure(s *Status) string {
	if l.Code == "" && s != nil {
		return s.Codes[l.Name]
	}
	return l.Code
}

// Preview returns what waits to be sent, stored messages and those that sources
// have due, at most limit of each, with their words: it is how a house without
// an SMTP server is tried. Who may read it is the caller's decision.
func (o *Outbox) Preview(ctx context.Context, limit int) ([]Letter, error) {
	var list []Letter
	err := o.store.View(ctx, func(r *store.Reader) error {
		for _, state := range []store.MailState{store.MailWaiting, store.MailSending, store.MailKept} {
			rows, err := r.MailList(ctx, state, "", limit)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if len(row.Box) == 0 {
					continue
				}
				m, err := o.open(row)
				if err != nil {
					return err
				}
				list = append(list, letterOf(row, m))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, j := range o.joined() {
		due, err := j.Preview(ctx, limit)
		if err != nil {
			return nil, fmt.Errorf("list what is due from %s: %w", j.name, err)
		}
		for _, p := range due {
			list = append(list, Letter{
				Kind: p.Kind, Lane: p.Lane, Due: p.Due, Name: ref{j.name, p.Key, p.Part}.String(), Host: o.hostTag(p.Message.To),
				Kept: p.Keep, Shared: p.Shared, Tries: p.Tries, Message: p.Message,
			})
		}
	}
	return list, nil
}

func letterOf(row store.Mail, m Message) Letter {
	return Letter{
		ID: row.ID, Kind: row.Kind, Lane: Lane(row.Lane), Due: time.UnixMicro(row.Due).UTC(), Name: ref{storedSource, row.Fact, 0}.String(), Host: row.Host,
		Kept: row.State == store.MailKept, Taken: row.State == store.MailSending, Tries: row.Tries, Code: row.Error, Message: m,
	}
}

// Counts is what alerts and the desk's head line are made of.
type Counts struct {
	Waiting, Sending, Sent, Failed, Kept, Dropped int64
	// Oldest is when the first of what waits was due, zero if nothing waits.
	Oldest time.Time
	// Held is why nothing may leave, "" when it may.
	Held string
}

// Counts counts stored messages.
func (o *Outbox) Counts(ctx context.Context) (c Counts, err error) {
	err = o.store.View(ctx, func(r *store.Reader) error {
		if c.Held, err = r.MailHeld(ctx); err != nil {
			return err
		}
		rows, err := r.MailCounts(ctx)
		if err != nil {
			return err
		}
		for _, n := range rows {
			switch n.State {
			case store.MailWaiting:
				c.Waiting += n.Count
				if at := time.UnixMicro(n.Due).UTC(); c.Oldest.IsZero() || at.Before(c.Oldest) {
					c.Oldest = at
				}
			case store.MailSending:
				c.Sending += n.Count
			case store.MailSent:
				c.Sent += n.Count
			case store.MailFailed:
				c.Failed += n.Count
			case store.MailKept:
				c.Kept += n.Count
			case store.MailDropped:
				c.Dropped += n.Count
			}
		}
		return nil
	})
	return c, err
}

// Hold stops all mail of the house, from every process, until Release. A
// restored house is held: its backup does not know what was sent since.
func (o *Outbox) Hold(ctx context.Context, t *store.Tx, why string) error {
	return t.HoldMail(ctx, why)
}

// Release lets mail leave again.
func (o *Outbox) Release(ctx context.Context, t *store.Tx) error { return t.ReleaseMail(ctx) }

// Retry makes a failed message wait again.
func (o *Outbox) Retry(ctx context.Context, t *store.Tx, id string) error {
	return found(t.RetryMail(ctx, id, o.now().UnixMicro()))
}

// Drop ends a message that is not to be sent and forgets its words.
func (o *Outbox) Drop(ctx context.Context, t *store.Tx, id string) error {
	return found(t.DropMail(ctx, id, o.now().UnixMicro()))
}

func found(ok bool, err error) error {
	if err == nil && !ok {
		return fmt.Errorf("message in that state: %w", record.ErrNotFound)
	}
	return err
}
