package mail

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// testKey seals as the house's key does.
type testKey struct{ secret [32]byte }

func (k testKey) aead() cipher.AEAD {
	b, err := aes.NewCipher(k.secret[:])
	if err != nil {
		panic(err)
	}
	a, err := cipher.NewGCMWithRandomNonce(b)
	if err != nil {
		panic(err)
	}
	return a
}

func (k testKey) Box(use string, plain []byte) []byte {
	return k.aead().Seal(nil, nil, plain, []byte(use))
}

func (k testKey) Unbox(use string, box []byte) ([]byte, error) {
	return k.aead().Open(nil, nil, box, []byte(use))
}

func (k testKey) Tag(use string, data []byte) []byte {
	m := hmac.New(sha256.New, k.secret[:])
	m.Write([]byte(use + "\x00"))
	m.Write(data)
	return m.Sum(nil)
}

// clock is moved by the test.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// buffer is a log that several goroutines write to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

type fixture struct {
	t      testing.TB
	target string
	store  *store.Store
	clock  *clock
	outbox *Outbox
	smtp   *mailtest.Server
	log    *buffer
}

// onBoth runs a test with a database of each engine and a server.
func onBoth(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) { test(t, newFixture(t, engine.New(t))) })
	}
}

func newFixture(t testing.TB, target string) *fixture {
	t.Helper()
	s, err := store.Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{t: t, target: target, store: s, clock: &clock{t: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, log: &buffer{}}
	f.outbox = NewOutbox(OutboxConfig{Store: s, Key: testKey{}, Now: f.clock.now})
	f.smtp = mailtest.New(t, mailtest.Options{})
	return f
}

func (f *fixture) worker(owner string, options ...func(*WorkerConfig)) *Worker {
	f.t.Helper()
	server, err := ParseServer(f.smtp.URL())
	if err != nil {
		f.t.Fatal(err)
	}
	c := WorkerConfig{
		Outbox: f.outbox, Server: server, From: "post@example.org", FromName: "Post", Owner: owner, Now: f.clock.now,
		Log: slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, o := range options {
		o(&c)
	}
	w, err := NewWorker(c)
	if err != nil {
		f.t.Fatal(err)
	}
	return w
}

func message(to string) Message {
	return Message{To: to, Subject: "Please confirm", Text: "A link:\nhttps://record.example.org/x\n", HTML: "<p>A link</p>", Lang: "en"}
}

// post keeps n messages of a lane, to different people at one domain.
func (f *fixture) post(kind string, lane Lane, domain string, n int) {
	f.t.Helper()
	for i := range n {
		m := message(fmt.Sprintf("testfall%d@%s", i, domain))
		added, err := f.outbox.Post(f.t.Context(), Post{Fact: fmt.Sprintf("%s %s %d", kind, domain, i), Kind: kind, Lane: lane, Message: m})
		if err != nil || !added {
			f.t.Fatalf("post: %v %v", added, err)
		}
		f.clock.add(time.Millisecond) // identifiers sort by it
	}
}

func (f *fixture) counts() Counts {
	f.t.Helper()
	c, err := f.outbox.Counts(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func (f *fixture) change(fn func(ctx context.Context, t *store.Tx) error) error {
	return f.store.Write(f.t.Context(), func(t *store.Tx) error { return fn(f.t.Context(), t) })
}

// ids returns how often each Message-ID was received.
func ids(received []mailtest.Received) map[string]int {
	n := map[string]int{}
	for _, r := range received {
		n[r.Header("Message-Id")]++
	}
	return n
}

func twice(received []mailtest.Received) []string {
	var out []string
	for id, n := range ids(received) {
		if n > 1 {
			out = append(out, id)
		}
	}
	return out
}

// rows is a source with its rows in memory, which outlive a worker.
type rows struct {
	mu   sync.Mutex
	list map[string]*row
}

type row struct {
	Pending
	due     time.Time
	leased  time.Time
	state   Result
	code    string
	bounced string
}

func (s *rows) add(id string, lane Lane, m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.list == nil {
		s.list = map[string]*row{}
	}
	key := EncodeKey(testKey{}.Tag("row", []byte(id))[:16])
	s.list[id] = &row{Pending: Pending{ID: id, Key: key, Kind: "row", Lane: lane, Message: m}}
}

// Wanted says so of what is not over, whatever its lease.
func (s *rows) Wanted(_ context.Context, id string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.list[id]
	return r != nil && r.state == 0, nil
}

func (s *rows) Due(_ context.Context, now, until time.Time, maxLane Lane, limit int) ([]Pending, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Pending
	for _, id := range slices.Sorted(maps.Keys(s.list)) {
		r := s.list[id]
		if len(out) < limit && r.state == 0 && r.Lane <= maxLane && !r.due.After(now) && !r.leased.After(now) && !r.Keep {
			r.leased = until
			out = append(out, r.Pending)
		}
	}
	return out, nil
}

func (s *rows) Settle(_ context.Context, id string, o Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.list[id]
	if r == nil {
		return errors.New("no such row")
	}
	if o.Result != Sent && !o.Lease.Equal(r.leased) {
		return nil
	}
	r.leased, r.code = time.Time{}, o.Code
	switch o.Result {
	case Later:
		r.due = o.Due
		r.Tries++
	case Sent, Failed:
		r.state = o.Result
	}
	return nil
}

func (s *rows) Bounced(_ context.Context, key string, part int, code string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.list {
		if r.Key == key && r.Part == part {
			r.bounced = code
			return true, nil
		}
	}
	return false, nil
}

func (s *rows) Preview(_ context.Context, limit int) ([]Pending, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Pending
	for _, id := range slices.Sorted(maps.Keys(s.list)) {
		if r := s.list[id]; len(out) < limit && r.state == 0 {
			p := r.Pending
			if p.Due = r.due; r.leased.After(p.Due) {
				p.Due = r.leased
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func (f *fixture) join(s Source) {
	f.t.Helper()
	if err := f.outbox.Join("s", s); err != nil {
		f.t.Fatal(err)
	}
}

// quiet fails if the log names anybody.
func (f *fixture) quiet() {
	f.t.Helper()
	for _, planted := range []string{"testfall", "@", "Please confirm", "record.example.org/x"} {
		if strings.Contains(f.log.String(), planted) {
			f.t.Errorf("the log holds %q:\n%s", planted, f.log.String())
		}
	}
}

// refuseAll knows no recipient.
var refuseAll = mailtest.Script{Rcpt: func(string) mailtest.Reply { return mailtest.Reply{Code: 550, Text: "5.1.1 nobody"} }}
