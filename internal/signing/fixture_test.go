package signing

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fixed is a registry of what was put into it, for several goroutines.
type fixed struct {
	mu    sync.RWMutex
	terms map[int]*Terms
}

func (f *fixed) Put(t Terms) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.terms == nil {
		f.terms = map[int]*Terms{}
	}
	f.terms[t.Number] = &t
}

func (f *fixed) Terms(_ context.Context, number int) (*Terms, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if t := f.terms[number]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("petition %d: %w", number, record.ErrNotFound)
}

func (f *fixed) Numbers(context.Context) ([]int, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return slices.Sorted(maps.Keys(f.terms)), nil
}

// house is an engine over a fresh database, with one petition that is open.
type house struct {
	*Engine
	t        testing.TB
	target   string
	dir      string
	registry *fixed
	keys     *seal.Keys
	clock    *clock
	list     *departed.List
}

const petition = 7

func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) { test(t, open(t, engine.New(t))) })
	}
}

func open(t testing.TB, target string) *house {
	t.Helper()
	h := &house{
		t: t, target: target, dir: t.TempDir(), registry: &fixed{},
		clock: &clock{at: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)},
	}
	h.list = departed.Open(h.dir)
	h.registry.Put(terms())
	h.Engine = h.another()
	return h
}

func terms() Terms {
	return Terms{Number: petition, Edition: 1, Collecting: true, Live: true, Household: true}
}

// another opens a second engine over the same database, as a second process
// would: nothing in memory is shared.
func (h *house) another() *Engine {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), h.target)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.t.Error(err)
		}
	})
	keys, err := seal.Open(filepath.Join(h.dir, "keys"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.keys = keys
	rules := DefaultRules()
	rules.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	rules.Blocked = map[string]bool{"blocked.example": true}
	e, err := New(Config{Store: s, Keys: keys, Registry: h.registry, Departed: h.list, Rules: &rules, Now: h.clock.now})
	if err != nil {
		h.t.Fatal(err)
	}
	e.listWait = time.Minute // a slow machine is no fault
	h.t.Cleanup(func() {
		if err := e.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return e
}

func form(i int) Form {
	return Form{
		Petition: petition, Edition: 1, Lang: "en", Name: fmt.Sprintf("Testfall %c%c", 'A'+i%26, 'a'+i/26%26), Email: fmt.Sprintf("signer%d@mail%d.example", i, i%50),
		Country: []string{"PK", "AF", "DE", "GB", "AU"}[i%5], Town: "Example Town", Net: netip.MustParseAddr("127.0.0.1"),
		Show: signature.Disclosure{Organiser: signature.Name},
	}
}

func (h *house) take(f Form) Taken {
	h.t.Helper()
	got, err := h.Accept(context.Background(), f)
	if err != nil {
		h.t.Fatalf("accept: %v", err)
	}
	return got
}

func (h *house) confirm(n int64) Own {
	h.t.Helper()
	o, err := h.Confirm(context.Background(), petition, h.OwnToken(petition, n), Change{})
	if err != nil {
		h.t.Fatalf("confirm: %v", err)
	}
	return o
}

// consistent checks that tallies are what the rows add up to, and that the
// numbers made of them add up.
func (h *house) consistent() signature.Integrity {
	h.t.Helper()
	ctx := context.Background()
	err := h.store.View(ctx, func(r *store.Reader) error {
		have, err := r.Tallies(ctx)
		if err != nil {
			return err
		}
		want, err := r.Recount(ctx)
		if err != nil {
			return err
		}
		for k, n := range want {
			if have[k] != n {
				h.t.Errorf("tally %+v is %d, the rows make %d", k, have[k], n)
			}
		}
		for k, n := range have {
			if want[k] != n {
				h.t.Errorf("tally %+v is %d, the rows make %d", k, n, want[k])
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := h.Exact(ctx, petition)
	if err != nil {
		h.t.Fatal(err)
	}
	if !s.Integrity.Adds() || s.Countries.Sum() != s.People() || s.Days.Sum() != s.People() {
		h.t.Errorf("the parts do not add up: %+v", s)
	}
	return s.Integrity
}
