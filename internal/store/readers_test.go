package store

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

// lagged counts the public events as a reader under Lagging does, and returns the
// oldest state read.
func (f *fixture) lagged() (int, Moment) {
	f.t.Helper()
	now, err := f.Now(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	ctx, of := Lagging(f.t.Context(), now)
	n := 0
	err = f.View(ctx, func(r *Reader) error {
		n, err = r.Count(ctx, access.Anyone(), record.KindEvent, 1000)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return n, of()
}

// A reader who may lag lacks additions at most, and never sees what any other
// commit took away.
func TestLaggingLacksAdditionsOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		other, err := Open(t.Context(), f.target) // another process
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		elsewhere := &fixture{Store: other, t: t, next: 100_000}
		r := rand.New(rand.NewPCG(1, 2))
		type known struct {
			e   *record.Event
			rev int
		}
		var all []known
		public, sure := 0, 0 // sure were there before the last commit that did not only add
		for step := range 200 {
			w := f
			if r.IntN(2) == 0 {
				w = elsewhere
			}
			switch k := r.IntN(4); {
			case k < 2 || len(all) == 0:
				e := f.event("Added", record.Public)
				w.add(e)
				all = append(all, known{e, 1})
				public++
			case k == 2:
				e := f.event("Entered", record.Public)
				w.insert(e)
				all = append(all, known{e, 1})
				public++
				sure = public
			default:
				i := r.IntN(len(all))
				was := all[i].e.Visibility
				if all[i].e.Visibility = record.Internal; was != record.Public {
					all[i].e.Visibility = record.Public
				}
				all[i].rev++
				if err := w.update(all[i].e, all[i].rev); err != nil {
					t.Fatal(err)
				}
				if was == record.Public {
					public--
				} else {
					public++
				}
				sure = public
			}
			n, of := f.lagged()
			if n < sure || n > public {
				t.Fatalf("step %d: %d events, want %d to %d", step, n, sure, public)
			}
			now, err := f.Now(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if of.Change != now.Change || of.Size > now.Size || of.Size == now.Size && n != public {
				t.Fatalf("step %d: %d of %d events, said to be of %v at %v", step, n, public, of, now)
			}
			f.view(func(ctx context.Context, r *Reader) error { // who may not lag
				n, err := r.Count(ctx, access.Anyone(), record.KindEvent, 1000)
				if n != public {
					t.Errorf("step %d: %d of %d events", step, n, public)
				}
				return err
			})
		}
	})
}

// Additions are seen within the time, and the snapshots of idle sessions end.
func TestLagEnds(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	f.readers.lag = 200 * time.Millisecond
	f.add(f.event("One", record.Public))
	f.lagged()
	f.add(f.event("Two", record.Public))
	began := time.Now()
	for {
		if n, _ := f.lagged(); n == 2 {
			break
		}
		if time.Since(began) > Lag+time.Minute {
			t.Fatal("the second event is not seen")
		}
	}
	open := func() bool {
		f.readers.mu.Lock()
		defer f.readers.mu.Unlock()
		for _, ses := range f.readers.idle {
			if ses.snapshot != nil {
				return true
			}
		}
		return false
	}
	began = time.Now()
	for open() {
		if time.Since(began) > Lag+time.Minute {
			t.Fatal("a snapshot is still open")
		}
	}
}

// Reading one after the other, some of it under Lagging, fills the pages of as few
// sessions as can be: an import looks up what is known of every batch of its rows.
func TestReadersStayFew(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	f.add(f.event("One", record.Public))
	for n := range 40 {
		if n%4 == 0 {
			f.lagged()
			continue
		}
		err := f.View(t.Context(), func(r *Reader) error {
			_, err := r.Count(t.Context(), access.Anyone(), record.KindEvent, 1000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	f.readers.mu.Lock()
	defer f.readers.mu.Unlock()
	opened := 0
	for _, ses := range f.readers.idle {
		if ses.conn != nil {
			opened++
		}
	}
	if opened > 2 {
		t.Errorf("%d sessions were opened where two suffice", opened)
	}
}

// What readers have left open does not keep erased bytes in the log.
func TestScrubBesideSnapshots(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	f.insert(f.event("One", record.Public))
	f.lagged()
	if err := f.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Many readers and a writer at once get along.
func TestLaggingTogether(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 * readSessions {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				now, err := f.Now(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				ctx, _ := Lagging(t.Context(), now)
				err = f.View(ctx, func(r *Reader) error {
					_, err := r.Count(ctx, access.Anyone(), record.KindEvent, 1000)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 30 {
		f.add(f.event("Added", record.Public))
		f.insert(f.event("Entered", record.Public))
	}
	close(done)
	wg.Wait()
}
