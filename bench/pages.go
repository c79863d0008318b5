package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/web"
)

// runPages tells what a page costs in processor time, which is the same on a busy
// machine: the requests of [runLoad], one at a time and without a network, while
// something is added to the record as often as an import commits.
func runPages(ctx context.Context, args []string) (err error) {
	fs, s := flags("pages")
	z := sizeFlags(fs)
	requests := fs.Int("requests", 3000, "`N` requests, after a tenth of them uncounted")
	rate := fs.Int("rate", 200, "add something as if `N` requests came in a second")
	only := fs.String("only", "", "only this `CLASS` of request")
	profile := fs.String("cpuprofile", "", "write a profile of the processor's time to this `FILE`")
	heap := fs.String("memprofile", "", "write a profile of what is allocated to this `FILE`")
	_ = fs.Parse(args) // exits on errors
	from, err := s.registerDir(ctx, *z)
	if err != nil {
		return err
	}
	dir, remove, err := s.scratch()
	if err != nil {
		return err
	}
	defer joinClose(&err, remove)
	if err := copyRegister(from, dir); err != nil {
		return fmt.Errorf("copy the register: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, complete), nil, 0o600); err != nil {
		return err
	}
	h, err := openHouse(ctx, dir, true)
	if err != nil {
		return err
	}
	defer joinClose(&err, h.close)
	if *heap != "" {
		runtime.MemProfileRate = 16 << 10
	}
	p := &pageCosts{house: h, site: web.New(web.Config{House: h.House}), visitor: newVisitor(*z), rate: *rate, only: *only}
	defer joinClose(&err, p.startImport(ctx))
	if err := p.run(ctx, *requests/10, nil); err != nil {
		return err
	}
	stop, err := profiled(*profile)
	if err != nil {
		return err
	}
	costs := make([]pageCost, len(classes))
	err = errors.Join(p.run(ctx, *requests, costs), stop())
	for i, c := range costs {
		if c.n > 0 {
			fmt.Printf("%-8s %5d requests: %.2f ms of processor time, %d allocations, %d KB allocated, %d KB sent\n", classes[i].name, c.n,
				c.cpu.Seconds()*1000/float64(c.n), c.allocs/c.n, c.bytes/c.n>>10, c.sent/c.n>>10)
		}
	}
	if *heap != "" {
		err = errors.Join(err, writeHeap(*heap))
	}
	return err
}

// pageCosts sends requests to a site in this process.
type pageCosts struct {
	house   *house
	site    http.Handler
	visitor *visitor
	rate    int
	only    string
	sent    int
	// goOn lets the import beside go on, which says committed after each batch.
	goOn, committed chan struct{}
}

// pageCost sums up requests of one class.
type pageCost struct {
	n, allocs, bytes, sent uint64
	cpu, whole             time.Duration
}

// committing is how often in a second something is added: often enough for whatever
// is kept for less.
const committing = 4

// run sends n requests and adds up what they cost where costs are asked for. Time
// passes as if they came at the rate: it is waited for where they are faster.
func (p *pageCosts) run(ctx context.Context, n int, costs []pageCost) error {
	start := time.Now()
	for i := range n {
		if p.sent++; p.sent%max(p.rate/committing, 1) == 0 {
			p.commit()
		}
		class := pick(p.visitor.r.IntN(100))
		for p.only != "" && classes[class].name != p.only {
			class = pick(p.visitor.r.IntN(100))
		}
		if err := sleepUntil(ctx, start.Add(time.Duration(i)*time.Second/time.Duration(p.rate))); err != nil {
			return err
		}
		path := classes[class].path(p.visitor)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := processorTime()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		p.site.ServeHTTP(w, r)
		took := processorTime() - began
		runtime.ReadMemStats(&after)
		if w.Code != http.StatusOK {
			return fmt.Errorf("%s: status %d", path, w.Code)
		}
		if costs != nil {
			c := &costs[class]
			c.n++
			c.cpu += took
			c.allocs += after.Mallocs - before.Mallocs
			c.bytes += after.TotalAlloc - before.TotalAlloc
			c.sent += uint64(w.Body.Len())
		}
	}
	return nil
}

// startImport begins an import of new events that stands still but for a commit
// each time it is let go on.
func (p *pageCosts) startImport(ctx context.Context) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	p.goOn, p.committed = make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		rows := &renamed{&pressRows{maker: newMaker(seed + 7000), left: 10_000_000, rows: 10_000_000}}
		_, err := p.house.Import(ctx, access.House(), rows, casework.ImportOptions{
			Name: "beside", Hash: strings.Repeat("b", 64), State: record.Accepted, Rows: record.Public, Reason: "made for testing",
			Progress: func(int, int64) {
				select {
				case p.committed <- struct{}{}:
				case <-ctx.Done():
					return
				}
				select {
				case <-p.goOn:
				case <-ctx.Done():
				}
			},
		})
		ended <- err
	}()
	<-p.committed
	return func() error {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
}

// commit lets the import commit once.
func (p *pageCosts) commit() {
	p.goOn <- struct{}{}
	<-p.committed
}

// renamed gives a dataset and its events names of their own.
type renamed struct{ *pressRows }

// Info implements [exchange.Reader].
func (r *renamed) Info() exchange.Info {
	i := r.pressRows.Info()
	i.Dataset = "beside"
	return i
}

// Next implements [exchange.Reader].
func (r *renamed) Next() (*exchange.Row, error) {
	row, err := r.pressRows.Next()
	if err == nil {
		row.Event.Slug = strings.Replace(row.Event.Slug, slugPrefix, "test-beside-", 1)
	}
	return row, err
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// profiled starts a profile of the processor's time where one is asked for.
func profiled(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

func writeHeap(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
