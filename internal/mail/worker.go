package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/store"
)

// WorkerConfig is what a worker works with.
type WorkerConfig struct {
	Outbox *Outbox
	// Server takes the mail; nil, and nothing leaves: everything waits for
	// [Outbox.Preview].
	Server *Server
	// From is the sender's bare address, needed with a server; FromName stands
	// before it where a message does not say otherwise.
	From, FromName string
	// Bounces, "" for From, is the bare address that failures are reported to, with
	// the message's own mark after a plus sign: bounces+MARK@example.org.
	Bounces string
	// BounceDir is a directory whose files are read as bounces and removed, ""
	// for none. See [Outbox.BounceDir].
	BounceDir string
	// Owner names this process; no two may have the same.
	Owner string
	// Poll is how often to look for due mail that nobody announced; 0 means 1 s.
	Poll time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log may be nil.
	Log *slog.Logger
}

// Worker hands due messages to the server. Several processes may run one each on
// one database.
type Worker struct {
	WorkerConfig
	lease time.Duration
	out   envelope

	// mu guards what follows. It is let go while the database or a source is asked
	// for more, or told what became of a message, however long that takes.
	mu        sync.Mutex
	asking    bool                   // a connection is filling the queue
	queue     [LaneUpdate + 1][]item // leased, not yet tried
	filled    time.Time              // when the database was last asked
	more      bool                   // somebody says that there is more
	rest      bool                   // it had more than was asked for
	unsettled []settlement           // what became of messages, not yet noted
	rates     *rates
	codes     map[string]string // why messages of sources failed last, by their names
	breaks    int               // connections that broke one after the other
	trouble   trouble
	sent      int64

	// status is read without mu.
	status atomic.Pointer[Status]
}

// trouble is a server that takes nothing.
type trouble struct {
	code  string
	since time.Time
	tries int
	until time.Time // not tried before
}

// item is a message this process has leased.
type item struct {
	source  *joined // nil for the outbox's own
	id      string
	ref     ref
	kind    string
	lane    Lane
	host    string // keyed hash
	tries   int    // with this one
	made    time.Time
	until   time.Time // end of the lease
	message Message
	// subscription is what it is sent for, "" for what nobody can end; matter what it
	// tells of, "" for what cannot be taken back.
	subscription, matter string
}

type settlement struct {
	item    item
	outcome Outcome
}

// How many messages are leased ahead in a lane, and how many at a time.
// Confirmations to a domain that has to wait must not keep others back, hence
// the difference.
var ahead = [LaneUpdate + 1]int{500, 40, 40}

const batchSize = 20

// A message is tried for three days, as mail servers do, and not more often than
// the intervals of retry come to in that time.
const (
	maxAge   = 72 * time.Hour
	maxTries = 60
)

// failedKept is how long the words of a failed message are kept for the desk.
const failedKept = 30 * 24 * time.Hour

// Sent newsletters are deleted in short transactions, a month after; until then a
// bounce finds them.
const (
	forgetBatch  = 1000
	forgetRounds = 10
)

// NewWorker checks the configuration.
func NewWorker(c WorkerConfig) (*Worker, error) {
	if c.Outbox == nil || c.Owner == "" {
		return nil, errors.New("a worker for mail needs an outbox and a name")
	}
	w := &Worker{WorkerConfig: c}
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
	if w.Poll <= 0 {
		w.Poll = time.Second
	}
	if w.Server == nil {
		return w, nil
	}
	if err := CheckSender(c.From, c.Bounces); err != nil {
		return nil, err
	}
	if !heading(c.FromName) {
		return nil, errors.New("the sender's name is too long or has a line break")
	}
	w.out = envelope{from: c.From, name: c.FromName, bounces: c.Bounces}
	w.lease = 2*w.Server.timeout + time.Minute
	w.rates = newRates(w.Server.PerMinute)
	return w, nil
}

// CheckSender reports what is wrong with the sender's address and the one for
// bounces, "" for none.
func CheckSender(from, bounces string) error {
	if _, err := wire(from); err != nil {
		return fmt.Errorf("the sender %q is not an address such as post@example.org", from)
	}
	if bounces == "" {
		return nil
	}
	at := strings.LastIndexByte(bounces, '@')
	if _, err := wire(bounces); err != nil || at > maxBounceLocal || strings.Contains(bounces, "+") {
		return fmt.Errorf("%q for bounces is not an address such as bounces@example.org, without a plus sign and with at most %d characters before the @", bounces, maxBounceLocal)
	}
	return nil
}

// maxBounceLocal leaves room for a mark in the 64 characters of RFC 5321,
// 4.5.3.1.1.
const maxBounceLocal = 16

// Status is how sending goes in this process.
type Status struct {
	Configured bool
	Sent       int64 // since the start
	// Trouble is a short code for why the server takes nothing, "" when it does,
	// and Since when.
	Trouble string
	Since   time.Time
	// Until is when it is tried again at the earliest.
	Until time.Time
	// Slow are the mail domains that have to wait, by keyed hash, until when; Taken the
	// names of messages that this process is handing over, and Codes why messages of
	// sources failed last. All three are of this process alone.
	Slow  map[string]time.Time
	Taken map[string]bool
	Codes map[string]string
}

// Status returns how sending goes.
func (w *Worker) Status() Status {
	out := Status{Configured: w.Server != nil}
	if s := w.status.Load(); s != nil {
		out = *s
	}
	w.watch(&out)
	return out
}

// tell renews what Status returns, under mu.
func (w *Worker) tell() {
	w.status.Store(&Status{Configured: w.Server != nil, Sent: w.sent, Trouble: w.trouble.code, Since: w.trouble.since, Until: w.trouble.until})
}

// grace is how long a message that is on its way when the process is to stop may
// take to arrive.
const grace = 5 * time.Second

// housekeeping is how often bounces are looked for and old words forgotten.
const housekeeping = time.Minute

// Run sends until the context ends. It then lets messages that are on their way
// arrive, gives back what it has leased, and returns nil.
func (w *Worker) Run(ctx context.Context) error {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() { w.keepHouse(ctx) })
	wg.Go(func() { w.feed(ctx) })
	if w.Server != nil {
		for range w.Server.Connections {
			wg.Go(func() { w.work(ctx, hard) })
		}
	}
	wg.Wait()
	w.giveBack(ctx)
	return nil
}

func (w *Worker) work(ctx, hard context.Context) {
	tick := time.NewTicker(w.Poll)
	defer tick.Stop()
	s := &sender{Worker: w}
	defer s.hangUp()
	for ctx.Err() == nil {
		s.drain(ctx, hard)
		if s.session != nil && time.Since(s.idle) > maxIdle {
			s.hangUp()
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-w.Outbox.wake:
			w.mu.Lock()
			w.more = true
			w.mu.Unlock()
		}
	}
}

// maxIdle is how long a connection is kept without a message; servers close it
// after some minutes.
const maxIdle = 20 * time.Second

// Pass sends, over one connection, what is due now and may be sent, and returns
// how many messages the server took. It is Run without the waiting.
func (w *Worker) Pass(ctx context.Context) int {
	if w.Server == nil {
		return 0
	}
	s := &sender{Worker: w}
	defer s.hangUp()
	for n := 0; ; {
		if _, err := w.Outbox.Feed(ctx); err != nil {
			w.failedTo(ctx, "tell many people", err)
		}
		w.mu.Lock()
		w.more = true
		w.mu.Unlock()
		sent := s.drain(ctx, ctx)
		n += sent
		if sent == 0 {
			return n
		}
	}
}

func (w *Worker) feed(ctx context.Context) {
	tick := time.NewTicker(w.Poll)
	defer tick.Stop()
	for {
		n, err := w.Outbox.Feed(ctx)
		if err != nil {
			w.failedTo(ctx, "tell many people", err)
		}
		if n > 0 {
			w.Outbox.Wake()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (w *Worker) keepHouse(ctx context.Context) {
	tick := time.NewTicker(housekeeping)
	defer tick.Stop()
	for {
		w.Tidy(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Tidy reads bounces and forgets the words of messages that failed long ago or
// may no longer be sent. Run does it every minute.
func (w *Worker) Tidy(ctx context.Context) {
	now := w.Now()
	if _, err := w.Outbox.store.ClearMail(ctx, now.UnixMicro(), now.Add(-failedKept).UnixMicro()); err != nil && ctx.Err() == nil {
		w.Log.Error("old mail cannot be cleared", "error", err)
	}
	for range forgetRounds {
		n, err := w.Outbox.store.ForgetMail(ctx, int(LaneUpdate), now.Add(-failedKept).UnixMicro(), forgetBatch)
		if err != nil && ctx.Err() == nil {
			w.Log.Error("old mail cannot be forgotten", "error", err)
		}
		if n < forgetBatch {
			break
		}
	}
	if w.BounceDir == "" {
		return
	}
	n, err := w.Outbox.BounceDir(ctx, w.BounceDir)
	if err != nil && ctx.Err() == nil {
		w.Log.Error("bounces cannot be read", "error", err)
	}
	if n.Matched+n.Ignored+n.Unknown > 0 {
		w.Log.Info("bounces read", "matched", n.Matched, "ignored", n.Ignored, "unknown", n.Unknown)
	}
}

// sender is one connection's goroutine.
type sender struct {
	*Worker
	session *session
	idle    time.Time
}

func (s *sender) hangUp() {
	if s.session != nil {
		s.session.close(true)
		s.session = nil
	}
}

// drain sends until there is nothing that can be sent now.
func (s *sender) drain(ctx, hard context.Context) (n int) {
	for ctx.Err() == nil {
		it, ok := s.pick(ctx)
		if !ok {
			return n
		}
		v := s.try(hard, it)
		if v.result == Sent {
			n++
		}
		s.conclude(ctx, it, v)
	}
	return n
}

// try hands one message over, on a connection that it makes if there is none.
func (s *sender) try(ctx context.Context, it item) verdict {
	// Between being leased and being sent it may have been ended.
	switch ok, err := s.wanted(ctx, it); {
	case err != nil:
		s.failedTo(ctx, "see whether it is still wanted", err)
		return verdict{result: Later, code: "unsure"}
	case !ok:
		return verdict{result: ended}
	}
	m, err := it.message.build(s.out, it.ref, s.Now())
	if err != nil {
		return verdict{result: Failed, code: "unsendable"}
	}
	if s.session != nil && s.session.handed >= maxPerSession {
		s.hangUp()
	}
	fresh := s.session == nil
	if fresh {
		if s.session, err = s.Server.dial(ctx, hostOf(s.From)); err != nil {
			s.session = nil
			return verdict{result: Untried, code: dialCode(err), server: true}
		}
		if !s.Now().Add(s.Server.timeout).Before(it.until) {
			return verdict{result: Untried} // connecting took so long that another process may have it soon
		}
	}
	v := s.session.send(m)
	s.idle = time.Now()
	if v.broken {
		s.session.close(false)
		s.session = nil
		// An old connection may have died of itself, a new one has no reason to.
		v.server = v.server || v.result == Untried && fresh
	}
	return v
}

// wanted reports whether a leased message may still leave.
func (w *Worker) wanted(ctx context.Context, it item) (bool, error) {
	if it.source != nil {
		return it.source.Wanted(ctx, it.id)
	}
	return w.Outbox.wanted(ctx, it.id, w.Owner, it.subscription, it.matter)
}

// pick takes the most urgent message that may be sent now.
func (w *Worker) pick(ctx context.Context) (item, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.Now()
	if !w.note(ctx) || now.Before(w.trouble.until) {
		return item{}, false
	}
	// Asked again every second even while there is plenty, because something more
	// urgent may have come.
	if past := now.Sub(w.filled); !w.asking && (w.more || past >= time.Second || past < 0) {
		w.fill(ctx, now)
	}
	it, ok := w.choose(ctx, now)
	for !ok && w.rest && !w.asking {
		w.fill(ctx, now)
		it, ok = w.choose(ctx, now)
	}
	if ok && w.waiting() > 0 {
		w.Outbox.Wake() // the other connections
	}
	return it, ok
}

func (w *Worker) waiting() (n int) {
	for _, q := range w.queue {
		n += len(q)
	}
	return n
}

// choose takes the first message of the lowest lane whose mail domain need not
// wait. A lease that may end before the message has arrived is given back.
func (w *Worker) choose(ctx context.Context, now time.Time) (item, bool) {
	for lane := range w.queue {
		for i := 0; i < len(w.queue[lane]); i++ {
			it := w.queue[lane][i]
			late := !now.Add(w.Server.timeout).Before(it.until)
			if !late && !w.rates.take(it.host, it.lane, now) {
				continue
			}
			w.queue[lane] = slices.Delete(w.queue[lane], i, i+1)
			if !late {
				return it, true
			}
			w.settle(ctx, it, Outcome{Result: Untried, At: now})
			i--
		}
	}
	return item{}, false
}

// outside lets go of mu while something is asked that may take long.
func (w *Worker) outside(ask func()) {
	w.mu.Unlock()
	defer w.mu.Lock()
	ask()
}

// fill leases what is due in the lanes that have room. One connection does it at a
// time, and the others send meanwhile what is there.
func (w *Worker) fill(ctx context.Context, now time.Time) {
	w.filled, w.more, w.rest, w.asking = now, false, false, true
	defer func() { w.asking = false }()
	highest := Lane(-1)
	for lane, q := range w.queue {
		if len(q) >= ahead[lane] {
			break
		}
		highest = Lane(lane)
	}
	if highest < 0 {
		return
	}
	var held string
	var err error
	w.outside(func() {
		err = w.Outbox.store.View(ctx, func(r *store.Reader) (err error) {
			held, err = r.MailHeld(ctx)
			return err
		})
	})
	if err != nil {
		w.failedTo(ctx, "see whether mail is held", err)
		return
	}
	if held != "" {
		w.giveBackLocked(ctx, now)
		return
	}
	until := now.Add(w.lease)
	w.fillStored(ctx, now, until, highest)
	for _, j := range w.Outbox.joined() {
		var due []Pending
		w.outside(func() { due, err = j.Due(ctx, now, until, highest, batchSize) })
		if err != nil {
			w.failedTo(ctx, "read what is due from "+j.name, err)
			continue
		}
		w.rest = w.rest || len(due) >= batchSize
		for _, p := range due {
			it := item{
				source: &j, id: p.ID, ref: ref{j.name, p.Key, p.Part}, kind: p.Kind, lane: p.Lane,
				host: w.Outbox.hostTag(p.Message.To), tries: p.Tries + 1, made: p.Made, until: until, message: p.Message,
			}
			it.message.Date = cmp.Or(it.message.Date, it.made)
			if !it.ref.valid() {
				w.Log.Error("a source of mail names its messages wrongly", "source", j.name, "kind", p.Kind)
				w.settle(ctx, it, Outcome{Result: Failed, At: now, Code: "unsendable"})
				continue
			}
			w.enqueue(it)
		}
	}
}

func (w *Worker) fillStored(ctx context.Context, now, until time.Time, highest Lane) {
	var full []string
	for _, q := range w.queue {
		for _, it := range q {
			if len(full) < maxFull && !slices.Contains(full, it.host) && w.rates.full(it.host, now) {
				full = append(full, it.host)
			}
		}
	}
	var rows []store.Mail
	var err error
	w.outside(func() {
		rows, err = w.Outbox.store.TakeMail(ctx, store.MailQuery{
			Owner: w.Owner, Now: now.UnixMicro(), Until: until.UnixMicro(), MaxLane: int(highest), NotHosts: full, Limit: batchSize,
		})
	})
	if err != nil {
		w.failedTo(ctx, "read the outbox", err)
		return
	}
	w.rest = w.rest || len(rows) >= batchSize
	for _, row := range rows {
		it := item{
			id: row.ID, ref: ref{storedSource, row.Fact, 0}, kind: row.Kind, lane: Lane(row.Lane), host: row.Host,
			tries: row.Tries, made: time.UnixMicro(row.Made), until: until, subscription: row.Subscription, matter: row.Matter,
		}
		if row.Ends > 0 && row.Ends <= now.UnixMicro() {
			w.settle(ctx, it, Outcome{Result: Failed, At: now, Code: "expired"})
			continue
		}
		if it.message, err = w.Outbox.open(row); err != nil {
			w.Log.Error("a message cannot be read and is not sent", "kind", row.Kind, "error", err)
			w.settle(ctx, it, Outcome{Result: Failed, At: now, Code: "unreadable"})
			continue
		}
		// What is sent again is the same to the byte.
		it.message.Date = cmp.Or(it.message.Date, it.made)
		w.enqueue(it)
	}
}

// maxFull bounds how many mail domains a query leaves out.
const maxFull = 32

func (w *Worker) enqueue(it item) {
	it.lane = min(max(it.lane, LaneConfirm), LaneUpdate)
	w.queue[it.lane] = append(w.queue[it.lane], it)
}

// failedTo logs what the database did not do. It is tried again after a second.
func (w *Worker) failedTo(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		w.Log.Error("mail waits: cannot "+what, "error", err)
	}
}

// conclude notes what became of a message and of the server.
func (w *Worker) conclude(ctx context.Context, it item, v verdict) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.Now()
	var err error
	o := Outcome{Result: v.result, At: now, Code: v.code}
	switch v.result {
	case Sent:
		w.sent++
		if w.trouble.code != "" {
			w.Log.Info("the mail server takes mail again")
		}
		w.trouble, w.breaks = trouble{}, 0
	case Later:
		o.Due = now.Add(jitter(retry(it.tries)))
		if it.tries >= maxTries || !it.made.IsZero() && o.Due.Sub(it.made) > maxAge {
			o.Result, o.Due = Failed, time.Time{}
		}
	}
	if o.Result == Failed {
		w.Log.Warn("a message cannot be delivered", "kind", it.kind, "code", v.code, "tries", it.tries)
	}
	w.noteCode(&it, o)
	w.tell()
	w.outside(func() {
		err = w.write(ctx, it, o)
		if v.gone {
			// Noted first: if this fails, the next message to the address fails as well.
			if err := w.Outbox.end(context.WithoutCancel(ctx), it.subscription); err != nil {
				w.Log.Error("a subscription of an address that takes no mail goes on", "kind", it.kind, "error", err)
			}
		}
	})
	w.settled(it, o, err)
	if v.broken && v.result != Sent {
		w.breaks++
	}
	if v.server || w.breaks >= maxBreaks {
		w.stumble(ctx, now, v.code)
	}
}

// maxBreaks is how many connections may break, one after the other, before it is
// no longer put down to the messages.
const maxBreaks = 3

// stumble stops sending for a while and lets other processes have what is leased.
func (w *Worker) stumble(ctx context.Context, now time.Time, code string) {
	if w.trouble.code == "" {
		w.trouble.since = now
	}
	w.breaks = 0
	w.trouble.code = code
	w.trouble.tries++
	wait := jitter(min(troubleFirst<<min(w.trouble.tries-1, 10), troubleMost))
	w.trouble.until = now.Add(wait)
	w.tell()
	w.Log.Warn("the mail server takes nothing; mail waits", "code", code, "again in", wait.Round(time.Second))
	w.giveBackLocked(ctx, now)
}

// How long to leave a server alone that takes nothing: doubled each time.
const (
	troubleFirst = 5 * time.Second
	troubleMost  = 5 * time.Minute
)

// retry is how long to wait after the n-th try of one message: 1, 2, 4 … minutes,
// at most two hours. Servers that turn strangers away at first want some minutes.
func retry(n int) time.Duration {
	return min(time.Minute<<min(max(n-1, 0), 10), 2*time.Hour)
}

// jitter keeps what failed together from coming back together: ±20 %.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

// giveBack returns what was leased and not tried.
func (w *Worker) giveBack(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.giveBackLocked(ctx, w.Now())
}

func (w *Worker) giveBackLocked(ctx context.Context, now time.Time) {
	for lane := range w.queue {
		for _, it := range w.queue[lane] {
			w.settle(ctx, it, Outcome{Result: Untried, At: now})
		}
		w.queue[lane] = nil
	}
}

// settleTimeout bounds noting what became of one message, also when the process
// is stopping.
const settleTimeout = 10 * time.Second

// settle notes what became of a message. What cannot be noted now is kept, and
// until it is noted nothing more is sent: otherwise a database that is away for
// an hour would make an hour's mail go twice.
func (w *Worker) settle(ctx context.Context, it item, o Outcome) {
	w.settled(it, o, w.write(ctx, it, o))
}

// settled keeps what could not be noted.
func (w *Worker) settled(it item, o Outcome, err error) {
	if err != nil && o.Result != Untried { // whose lease runs out by itself
		w.Log.Error("what became of a message cannot be noted", "kind", it.kind, "error", err)
		w.unsettled = append(w.unsettled, settlement{it, o})
	}
}

// note writes what could not be noted before, and reports whether all is noted.
func (w *Worker) note(ctx context.Context) bool {
	for len(w.unsettled) > 0 {
		s := w.unsettled[0]
		if err := w.write(ctx, s.item, s.outcome); err != nil {
			return false
		}
		w.unsettled = w.unsettled[1:]
	}
	return true
}

func (w *Worker) write(ctx context.Context, it item, o Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if it.source != nil {
		if o.Result == ended {
			return nil
		}
		o.Lease = it.until
		return it.source.Settle(ctx, it.id, o)
	}
	var err error
	at := o.At.UnixMicro()
	switch s := w.Outbox.store; o.Result {
	case Sent:
		_, err = s.SentMail(ctx, it.id, at)
	case Later:
		_, err = s.DeferMail(ctx, it.id, w.Owner, o.Due.UnixMicro(), o.Code)
	case Failed:
		_, err = s.FailMail(ctx, it.id, w.Owner, at, o.Code)
	case Untried:
		_, err = s.GiveBackMail(ctx, it.id, w.Owner)
	case ended:
		_, err = s.EndMail(ctx, it.id, w.Owner, at)
	}
	return err
}
