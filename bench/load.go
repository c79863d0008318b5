package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// loadSpec is the load and the register it meets.
type loadSpec struct {
	size
	rate    int // requests a second
	seconds int
	quiet   bool // without an import
}

// loaded is what was measured.
type loaded struct {
	loadSpec
	classes  []latencies
	imported int // rows the import brought in meanwhile
	peak     int64
}

// latencies are the times of one class of request, from when it was meant to be
// sent to its last byte.
type latencies struct {
	name   string
	times  []time.Duration // sorted
	failed int
}

func (l latencies) at(p float64) time.Duration {
	if len(l.times) == 0 {
		return 0
	}
	return l.times[min(int(p*float64(len(l.times))), len(l.times)-1)]
}

func runLoad(ctx context.Context, args []string) error {
	fs, s := flags("load")
	z := sizeFlags(fs)
	spec := loadSpec{}
	fs.IntVar(&spec.rate, "rate", 200, "`N` requests a second")
	fs.IntVar(&spec.seconds, "seconds", 60, "measure for so many `SECONDS`")
	fs.BoolVar(&spec.quiet, "quiet", false, "without an import beside it")
	_ = fs.Parse(args) // exits on errors
	spec.size = *z
	l, err := s.measureLoad(ctx, spec)
	if err != nil {
		return err
	}
	l.print()
	return nil
}

func (l loaded) print() {
	fmt.Printf("%d events, %d claims, %d requests a second for %d s, while an import brought in %d rows; the server held at most %d MB\n",
		l.events, l.claims, l.rate, l.seconds, l.imported, l.peak>>20)
	for _, c := range l.classes {
		fmt.Printf("%-8s %6d requests, %d failed: p50 %s, p95 %s, p99 %s, longest %s\n",
			c.name, len(c.times), c.failed, ms(c.at(0.5)), ms(c.at(0.95)), ms(c.at(0.99)), ms(c.at(1)))
	}
}

func ms(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64) + " ms"
}

// warmUp is how long requests are sent before any is counted.
const warmUp = 5 * time.Second

func (s *shared) measureLoad(ctx context.Context, spec loadSpec) (l loaded, err error) {
	l.loadSpec = spec
	gawah, err := s.binary(ctx)
	if err != nil {
		return l, err
	}
	from, err := s.registerDir(ctx, spec.size)
	if err != nil {
		return l, err
	}
	dir, remove, err := s.scratch()
	if err != nil {
		return l, err
	}
	defer joinClose(&err, remove)
	data := filepath.Join(dir, "data")
	if err := copyRegister(from, data); err != nil {
		return l, fmt.Errorf("copy the register: %w", err)
	}
	srv, err := serve(ctx, gawah, data)
	if err != nil {
		return l, err
	}
	defer joinClose(&err, srv.stop)
	stopImport := func() (int, error) { return 0, nil }
	if !spec.quiet {
		if stopImport, err = importBeside(ctx, gawah, dir, data, spec.seconds); err != nil {
			return l, err
		}
	}
	l.classes, err = sendMix(ctx, srv.url, spec)
	l.peak, _ = highWater(srv.process.Process.Pid) // stays 0 where /proc does not tell
	n, stopErr := stopImport()
	l.imported = n
	return l, errors.Join(err, stopErr)
}

// importBeside starts an import in a process of its own that has more rows than
// it can bring in while the load lasts. The function returned ends it and
// returns how many rows it has brought in.
func importBeside(ctx context.Context, gawah, dir, data string, seconds int) (func() (int, error), error) {
	file, err := generate(filepath.Join(dir, "beside.csv"), 1, (seconds+30)*5000)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, gawah, "import", "ucdp", file, "--data", data, "--json", "--visibility", "public", "--reason", "benchmark")
	var out, messages strings.Builder
	c.Stdout, c.Stderr = &out, &messages
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("start the import: %w", err)
	}
	return func() (int, error) {
		if err := c.Process.Signal(os.Interrupt); err != nil {
			return 0, fmt.Errorf("the import ended before the load: %w: %s", err, messages.String())
		}
		_ = c.Wait() // it says that it was interrupted
		_, after, ok := strings.Cut(out.String(), `"rows": `)
		if !ok {
			return 0, fmt.Errorf("the import gave no report: %s", messages.String())
		}
		digits, _, _ := strings.Cut(after, ",")
		return strconv.Atoi(digits)
	}, nil
}

// The classes of request with their share of a hundred.
var classes = []struct {
	name  string
	share int
	path  func(*visitor) string
}{
	{"event", 70, (*visitor).event},
	{"list", 20, (*visitor).list},
	{"search", 10, (*visitor).search},
}

// visitor chooses what is asked for: some events much more often than others,
// lists by place, time, kind and number of dead, searches by one or two words.
type visitor struct {
	*maker
	events uint64
	which  *rand.Zipf
}

func newVisitor(z size) *visitor {
	m := newMaker(seed + 99)
	return &visitor{m, uint64(z.events), rand.NewZipf(m.r, 1.05, 20, uint64(z.events-1))}
}

func (v *visitor) event() string {
	// Spread the popular ones over the register.
	return "/events/" + slug(int(v.which.Uint64()*7919%v.events))
}

func (v *visitor) list() string {
	s := v.spot()
	year := 1989 + v.r.IntN(36)
	q := url.Values{}
	switch v.r.IntN(6) {
	case 0:
		q.Set("place", s.town)
	case 1:
		q.Set("place", s.province)
		q.Set("type", "attack")
	case 2:
		q.Set("from", strconv.Itoa(year))
		q.Set("to", strconv.Itoa(year+1))
	case 3:
		q.Set("type", "protest")
		q.Set("to", strconv.Itoa(year))
	case 4:
		q.Set("killed", strconv.Itoa(20+v.r.IntN(60)))
		q.Set("from", strconv.Itoa(year))
	case 5:
		q.Set("place", "PK")
		q.Set("q", v.words(1))
	}
	return "/events?" + q.Encode()
}

func (v *visitor) search() string {
	q := v.words(1 + v.r.IntN(2))
	if v.r.IntN(3) == 0 {
		q = v.spot().town
	}
	return "/search?" + url.Values{"q": {q}}.Encode()
}

// maxWaiting bounds the requests under way. A server so far behind has failed
// the test already; what is not sent counts as failed.
const maxWaiting = 4000

// sendMix sends the classes of request by their shares.
func sendMix(ctx context.Context, base string, spec loadSpec) ([]latencies, error) {
	v := newVisitor(spec.size)
	names := make([]string, len(classes))
	for i := range names {
		names[i] = classes[i].name
	}
	return send(ctx, base, spec.rate, spec.seconds, names, func() (int, string) {
		class := pick(v.r.IntN(100))
		return class, classes[class].path(v)
	})
}

// send sends requests at a fixed rate a second, whether or not earlier ones have been
// answered, and times each from the instant at which it was due. A slow answer
// thus makes those behind it late, as it would for people. next chooses a class by its
// place in names, and an address.
func send(ctx context.Context, base string, rate, seconds int, names []string, next func() (class int, path string)) ([]latencies, error) {
	client := &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 512, MaxIdleConns: 512, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	out := make([]latencies, len(names))
	for i := range out {
		out[i].name = names[i]
	}
	var mu sync.Mutex // guards out and fault
	var fault error
	var wg sync.WaitGroup
	waiting := make(chan struct{}, maxWaiting)
	start := time.Now()
	total := rate * (seconds + int(warmUp/time.Second))
	for n := range total {
		due := start.Add(time.Duration(n) * time.Second / time.Duration(rate))
		class, path := next()
		if err := sleepUntil(ctx, due); err != nil {
			break
		}
		counts := due.Sub(start) >= warmUp
		select {
		case waiting <- struct{}{}:
		default:
			mu.Lock()
			out[class].failed++
			mu.Unlock()
			continue
		}
		wg.Go(func() {
			defer func() { <-waiting }()
			status, err := fetch(ctx, client, base+path)
			took := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil || status != http.StatusOK:
				out[class].failed++
				if fault == nil {
					fault = fmt.Errorf("%s: status %d: %w", path, status, errors.Join(err))
				}
			case counts:
				out[class].times = append(out[class].times, took)
			}
		})
	}
	wg.Wait()
	for i := range out {
		slices.Sort(out[i].times)
	}
	if fault != nil {
		fmt.Fprintln(os.Stderr, "the first request that failed:", fault)
	}
	return out, ctx.Err()
}

func pick(n int) int {
	for i, c := range classes {
		if n -= c.share; n < 0 {
			return i
		}
	}
	return len(classes) - 1
}

func sleepUntil(ctx context.Context, t time.Time) error {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
