package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/web"
)

// followAlone tells what a page of following up costs in processor time, which is the
// same on a busy machine: the requests of [runFollow], one at a time and without a
// network. An assessment is published as often as at the rate, so that pages are made anew
// as often.
//
// On PostgreSQL the processor's time is this process's; what a request took beyond it is
// told as waited, most of it the database's own time when nothing else runs.
//
// The dearest requests are listed one by one: what is slow is often one address of a kind.
func (s *shared) followAlone(ctx context.Context, spec followSpec, requests, dearest int, only, profile, heap string) (err error) {
	from, err := s.nationDir(ctx, spec.nation)
	if err != nil {
		return err
	}
	dir, remove, err := s.scratch()
	if err != nil {
		return err
	}
	defer joinClose(&err, remove)
	data := filepath.Join(dir, "data")
	if err := copyRegister(from, data); err != nil {
		return fmt.Errorf("copy the register: %w", err)
	}
	db := ""
	if spec.server != "" {
		fresh, drop, err := freshDatabase(ctx, spec.server)
		if err != nil {
			return err
		}
		defer joinClose(&err, drop)
		gawah, err := s.binary(ctx)
		if err != nil {
			return err
		}
		db, data = fresh, filepath.Join(dir, "moved")
		if err := moveRegister(ctx, gawah, from, data, db); err != nil {
			return err
		}
	}
	h, err := openHouseAt(ctx, data, db)
	if err != nil {
		return err
	}
	defer joinClose(&err, h.close)
	site := web.New(web.Config{House: h.House, Following: followup.New(followup.Config{House: h.House, Store: h.store, Blobs: h.blobs})})
	r := newReader(spec.nation)
	p, err := h.publisher(ctx, spec)
	if err != nil {
		return err
	}
	each := int(spec.every.Seconds() * float64(spec.rate))
	costs := make([]pageCost, len(followKinds))
	longest := make([]time.Duration, len(followKinds))
	var dear []dearRequest
	run := func(n int, count bool) error {
		for i := 0; i < n; {
			kind, path := r.next()
			if only != "" && followKinds[kind].name != only {
				continue
			}
			if i++; each > 0 && i%each == 0 {
				if err := p.publish(ctx); err != nil {
					return err
				}
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began, clock := processorTime(), time.Now()
			req := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
			req.Header.Set("Accept-Encoding", "gzip")
			w := httptest.NewRecorder()
			site.ServeHTTP(w, req)
			took, whole := processorTime()-began, time.Since(clock)
			runtime.ReadMemStats(&after)
			if w.Code != http.StatusOK {
				return fmt.Errorf("%s: status %d", path, w.Code)
			}
			if count {
				c := &costs[kind]
				c.n++
				c.cpu += took
				c.whole += whole
				c.allocs += after.Mallocs - before.Mallocs
				c.bytes += after.TotalAlloc - before.TotalAlloc
				c.sent += uint64(w.Body.Len())
				longest[kind] = max(longest[kind], took)
				dear = append(dear, dearRequest{took, after.TotalAlloc - before.TotalAlloc, path})
			}
		}
		return nil
	}
	if err := run(max(1, requests/10), false); err != nil {
		return err
	}
	stop, err := profiled(profile)
	if err != nil {
		return err
	}
	err = errors.Join(run(requests, true), stop(), heapProfile(heap))
	runtime.KeepAlive(site) // with all that it keeps
	for i, c := range costs {
		if c.n > 0 {
			fmt.Printf("%-15s %5d requests: %6.2f ms of processor time, at most %7.2f, and waited %6.2f; %7d allocations, %6d KB allocated, %4d KB sent\n", followKinds[i].name, c.n,
				c.cpu.Seconds()*1000/float64(c.n), longest[i].Seconds()*1000, max(0, c.whole-c.cpu).Seconds()*1000/float64(c.n), c.allocs/c.n, c.bytes/c.n>>10, c.sent/c.n>>10)
		}
	}
	slices.SortStableFunc(dear, func(a, b dearRequest) int { return cmp.Compare(b.took, a.took) })
	for _, d := range dear[:min(len(dear), dearest)] {
		fmt.Printf("%7.2f ms %7d KB %s\n", d.took.Seconds()*1000, d.bytes>>10, d.path)
	}
	return err
}

// heapProfile writes what is live to a file and says how much it is; "" is no file.
func heapProfile(file string) (err error) {
	if file == "" {
		return nil
	}
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	fmt.Printf("%d MB of the heap are live\n", now.HeapAlloc>>20)
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer joinClose(&err, f.Close)
	return pprof.WriteHeapProfile(f)
}

// dearRequest is one request with the processor time that it took and the bytes that it allocated.
type dearRequest struct {
	took  time.Duration
	bytes uint64
	path  string
}
