package signing

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/store/storetest"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testneed"
)

// TestConfirmedAtOnce presses each of 500 links twice at once, in two processes
// on one database, with both publishing.
func TestConfirmedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		const n = 500
		ctx := t.Context()
		other := h.another()
		tokens := make([]string, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { tokens[i] = h.OwnToken(petition, h.take(form(i)).N) })
		}
		wg.Wait()
		for _, e := range []*Engine{h.Engine, other} {
			for i := range n {
				wg.Go(func() {
					o, err := e.Confirm(ctx, petition, tokens[i], Change{})
					if err != nil || o.State != signature.Confirmed {
						t.Errorf("%v, %v", o.State, err)
					}
				})
			}
		}
		wg.Wait()
		if i := h.consistent(); i.Confirmed != n || i.Received != n {
			t.Errorf("%+v", i)
		}
		// The same address on two rows, pressed in two processes at once: one counts.
		var pairs [2][]int64
		for i := range 50 {
			f := form(1000 + i)
			pairs[0] = append(pairs[0], h.take(f).N)
			pairs[1] = append(pairs[1], h.take(f).N)
		}
		for k, e := range []*Engine{h.Engine, other} {
			for _, row := range pairs[k] {
				wg.Go(func() {
					if _, err := e.Confirm(ctx, petition, h.OwnToken(petition, row), Change{}); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if i := h.consistent(); i.Confirmed != n+50 || i.Repeated != 50 {
			t.Errorf("%+v", i)
		}
		for _, e := range []*Engine{h.Engine, other} {
			if err := e.publish(ctx, petition); err != nil {
				t.Fatal(err)
			}
			if s, err := e.Snapshot(ctx, petition); err != nil || s.Count != n+50 {
				t.Errorf("%d shown, %v", s.Count, err)
			}
		}
	})
}

// crashEnv makes the test binary be the process that TestKilled kills.
const crashEnv = "GAWAH_TEST_SIGN_TARGET"

// killsEnv says how often the process is killed in the long tests of faults.
const killsEnv = "GAWAH_TEST_KILLS"

func TestMain(m *testing.M) {
	if target := os.Getenv(crashEnv); target != "" {
		if err := signForever(target, os.Getenv(crashEnv+"_KEYS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(storetest.Main(m))
}

// signForever signs and confirms from many goroutines and prints what was
// acknowledged: "s N" and "c N", and "w N" for every tenth that it withdraws.
func signForever(target, dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, target)
	if err != nil {
		return err
	}
	keys, err := seal.Open(dir)
	if err != nil {
		return err
	}
	registry := &fixed{}
	registry.Put(terms())
	rules := DefaultRules()
	rules.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	e, err := New(Config{Store: s, Keys: keys, Registry: registry, Rules: &rules, Departed: departed.Open(dir)})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	say := func(what string, n int64) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(what, n)
	}
	errs := make(chan error)
	start := int(time.Now().UnixNano() / 1000 % 1_000_000_000)
	for c := range 32 {
		go func() {
			for i := 0; ; i++ {
				f := form(start + c*1_000_000_000 + i)
				f.Email = fmt.Sprintf("k%d-%d-%d@example.org", start, c, i)
				taken, err := e.Accept(ctx, f)
				if err != nil {
					errs <- err
					return
				}
				say("s", taken.N)
				if i%2 == 0 {
					continue
				}
				own := e.OwnToken(petition, taken.N)
				if _, err := e.Confirm(ctx, petition, own, Change{}); err != nil {
					errs <- err
					return
				}
				say("c", taken.N)
				if i%10 == 9 {
					if err := e.Withdraw(ctx, petition, own); err != nil {
						errs <- err
						return
					}
					say("w", taken.N)
				}
			}
		}()
	}
	return <-errs
}

// TestKilled kills a process that takes signatures, again and again on one
// database, and checks each time that all it had acknowledged is there, nothing
// twice, and that the counts are what the rows make.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	killRounds(t, 3)
}

// TestKilledLong does it fifty times on each database, or as often as killsEnv says:
// 500 before a release.
func TestKilledLong(t *testing.T) {
	testneed.Long(t, "starts and kills fifty processes for each database")
	rounds := 50
	if text := os.Getenv(killsEnv); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("%s is %q, which is no number of rounds", killsEnv, text)
		}
		rounds = n
	}
	killRounds(t, rounds)
}

func killRounds(t *testing.T, rounds int) {
	t.Helper()
	onBoth(t, func(t *testing.T, h *house) {
		keys := h.dir + "/keys"
		acknowledged := map[int64]string{}
		for round := range rounds {
			for n, what := range h.killOnce(keys, time.Duration(20+round*7%60)*time.Millisecond) {
				if acknowledged[n] != "" {
					t.Fatalf("round %d: number %d was given before", round, n)
				}
				acknowledged[n] = what
			}
			if round%10 == 9 || round == rounds-1 {
				h.allThere(acknowledged)
			}
		}
		if len(acknowledged) < rounds {
			t.Errorf("only %d signatures were acknowledged in %d rounds", len(acknowledged), rounds)
		}
		t.Logf("%d rounds, %d signatures acknowledged", rounds, len(acknowledged))
	})
}

// killOnce lets the other process acknowledge something and kills it after a
// while. It returns the last thing acknowledged of each row.
func (h *house) killOnce(keys string, after time.Duration) map[int64]string {
	h.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^$")
	cmd.Env = append(os.Environ(), crashEnv+"="+h.target, crashEnv+"_KEYS="+keys)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	got := map[int64]string{}
	lines := bufio.NewReader(out)
	armed := false
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the line that was cut off does not count
		}
		var what string
		var n int64
		if _, err := fmt.Sscan(line, &what, &n); err != nil {
			h.t.Fatalf("%q: %v", line, err)
		}
		got[n] = what
		if !armed {
			armed = true
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
	if !armed {
		h.t.Fatalf("the process acknowledged nothing: %s", &stderr)
	}
	return got
}

func (h *house) allThere(acknowledged map[int64]string) {
	h.t.Helper()
	rows := map[int64]signature.State{}
	addrs := map[string]bool{}
	for _, s := range h.rowsPaged() {
		if _, twice := rows[s.N]; twice {
			h.t.Errorf("row %d is there twice", s.N)
		}
		rows[s.N] = s.State
		if s.Addr != nil {
			if addrs[string(s.Addr)] {
				h.t.Errorf("an address is there twice")
			}
			addrs[string(s.Addr)] = true
		}
	}
	for n, what := range acknowledged {
		state, ok := rows[n]
		good := ok
		switch what {
		case "c":
			good = ok && (state == signature.Confirmed || state == signature.Withdrawn)
		case "w":
			good = ok && state == signature.Withdrawn
		}
		if !good {
			h.t.Errorf("row %d was acknowledged (%s) and is %v, %v", n, what, state, ok)
		}
	}
	if i := h.consistent(); i.Received != int64(len(rows)) {
		h.t.Errorf("%d rows, %d received", len(rows), i.Received)
	}
}

func (h *house) rowsPaged() []store.Signature {
	h.t.Helper()
	var out []store.Signature
	for after := int64(0); ; after = out[len(out)-1].N {
		var rows []store.Signature
		err := h.store.View(context.Background(), func(r *store.Reader) (err error) {
			rows, err = r.SignaturesWhere(context.Background(), store.SignatureWhere{}, after, 10_000)
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		if len(rows) == 0 {
			return out
		}
		out = append(out, rows...)
	}
}

// gate stands between an engine and a PostgreSQL server. Closed, it is the
// server stopped: open connections break and new ones are refused.
type gate struct {
	to string
	in net.Listener
	at string

	mu    sync.Mutex
	open  bool
	conns []net.Conn
}

func newGate(t *testing.T, target string) (*gate, string) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	if u.Hostname() == "" {
		t.Skip("skipped, needs a server that is reached over TCP")
	}
	g := &gate{to: net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "5432")), at: "127.0.0.1:0"}
	g.set(t, true)
	u.Host = g.in.Addr().String()
	g.at = u.Host
	t.Cleanup(func() { g.set(t, false) })
	return g, u.String()
}

func (g *gate) set(t *testing.T, open bool) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == open {
		return
	}
	g.open = open
	if !open {
		_ = g.in.Close()
		for _, c := range g.conns {
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // as when a machine goes down
			}
			_ = c.Close()
		}
		g.conns = nil
		return
	}
	in, err := net.Listen("tcp", g.at)
	if err != nil {
		t.Fatal(err)
	}
	g.in = in
	go func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", g.to)
			if err != nil {
				_ = c.Close()
				continue
			}
			g.mu.Lock()
			if !g.open {
				_, _ = c.Close(), s.Close()
			}
			g.conns = append(g.conns, c, s)
			g.mu.Unlock()
			pipe := func(to, from net.Conn) {
				_, _ = io.Copy(to, from)
				_, _ = to.Close(), from.Close()
			}
			go pipe(c, s)
			go pipe(s, c)
		}
	}()
}

// TestDatabaseAway takes the database away during load, several times, and gives
// it back: whoever signs meanwhile is told to come again, nothing acknowledged
// is lost, and nothing has to be restarted.
func TestDatabaseAway(t *testing.T) {
	g, target := newGate(t, testdb.Postgres(t))
	h := open(t, target)
	ctx := t.Context()
	var mu sync.Mutex
	acknowledged := map[int64]string{}
	refused := 0
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for c := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				taken, err := h.Accept(ctx, form(c*1_000_000+i))
				busy, ok := errors.AsType[*Busy](err)
				mu.Lock()
				switch {
				case err == nil:
					acknowledged[taken.N] = "s"
				case ok && busy.RetryAfter > 0:
					refused++
				default:
					t.Errorf("the answer while the database is away: %v", err)
				}
				mu.Unlock()
				if err != nil {
					<-time.After(5 * time.Millisecond)
				}
			}
		})
	}
	count := func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged), refused
	}
	until := func(what string, good func() bool) {
		t.Helper()
		for range 2000 {
			if good() {
				return
			}
			<-time.After(10 * time.Millisecond)
		}
		t.Fatalf("%s: not within 20 seconds", what)
	}
	if _, err := h.Snapshot(ctx, petition); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		had, _ := count()
		until("taking signatures", func() bool { n, _ := count(); return n > had+100 })
		_, before := count()
		g.set(t, false)
		until("refusing signatures", func() bool { _, r := count(); return r > before+20 })
		if _, err := h.Snapshot(ctx, petition); err != nil {
			t.Errorf("the count is not served while the database is away: %v", err)
		}
		g.set(t, true)
	}
	had, _ := count()
	until("taking signatures again", func() bool { n, _ := count(); return n > had+100 })
	close(stop)
	wg.Wait()
	rows := map[int64]bool{}
	for _, s := range h.rowsPaged() {
		rows[s.N] = true
	}
	for n := range acknowledged {
		if !rows[n] {
			t.Errorf("row %d was acknowledged and is not there", n)
		}
	}
	h.consistent()
	t.Logf("%d acknowledged, %d refused, %d rows", len(acknowledged), refused, len(rows))
}

// TestSameTime compares how long the answer takes for entries that will become
// different things.
func TestSameTime(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: measures time")
	}
	h := open(t, testdb.SQLite(t))
	ctx := t.Context()
	rules := h.Rules()
	rules.Hard = Rate{Burst: 1}
	h.SetRules(rules)
	repeated := form(1)
	h.confirm(h.take(repeated).N)
	kinds := []struct {
		name string
		form func(i int) Form
	}{
		{"new", func(i int) Form { return form(10_000 + i) }},
		{"repeated", func(int) Form { return repeated }},
		{"refused", func(i int) Form {
			f := form(i)
			f.Email = fmt.Sprintf("a%d@blocked.example", i)
			return f
		}},
		{"throttled", func(i int) Form {
			f := form(i)
			f.Net = netip.MustParseAddr("203.0.113.5")
			return f
		}},
	}
	times := make([][]time.Duration, len(kinds))
	for i := range 2000 {
		for k := range kinds {
			f := kinds[k].form(i)
			at := time.Now()
			if _, err := h.Accept(ctx, f); err != nil {
				t.Fatal(err)
			}
			times[k] = append(times[k], time.Since(at))
		}
	}
	var medians []time.Duration
	for k := range times {
		slices.Sort(times[k])
		medians = append(medians, times[k][len(times[k])/2])
		t.Logf("%s: median %v", kinds[k].name, medians[k])
	}
	if d := slices.Max(medians) - slices.Min(medians); d > time.Millisecond {
		t.Errorf("the medians differ by %v", d)
	}
}

// TestClockJumps lets the clock go back and forth under signatures.
func TestClockJumps(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for i, d := range []time.Duration{0, -48 * time.Hour, 300 * 24 * time.Hour, -299 * 24 * time.Hour, time.Hour} {
			h.clock.add(d)
			n := h.take(form(i)).N
			if got := h.confirm(n); got.State != signature.Confirmed {
				t.Errorf("after %v: %v", d, got.State)
			}
		}
		if i := h.consistent(); i.Confirmed != 5 {
			t.Errorf("%+v", i)
		}
	})
}

// TestQueueFull fills the queue of an engine whose database is held by somebody
// else.
func TestQueueFull(t *testing.T) {
	h := open(t, testdb.SQLite(t))
	ctx := t.Context()
	small, err := New(Config{Store: h.store, Keys: h.keys, Registry: h.registry, Queue: 4, Group: 2, Now: h.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	held, free := make(chan struct{}), make(chan struct{})
	go func() {
		_ = h.store.Aside(ctx, func(*store.Tx) error {
			close(held)
			<-free
			return nil
		})
	}()
	<-held
	var wg sync.WaitGroup
	var mu sync.Mutex
	full, taken := 0, 0
	first := make(chan struct{})
	for i := range 40 {
		wg.Go(func() {
			_, err := small.Accept(ctx, form(i))
			mu.Lock()
			defer mu.Unlock()
			if busy, ok := errors.AsType[*Busy](err); ok && busy.RetryAfter > 0 {
				if full++; full == 20 {
					close(first)
				}
			} else if err == nil {
				taken++
			} else {
				t.Error(err)
			}
		})
	}
	<-first
	close(free)
	wg.Wait()
	if taken == 0 || taken > 10 || full+taken != 40 {
		t.Errorf("%d taken, %d told to come again", taken, full)
	}
	h.consistent()
}
