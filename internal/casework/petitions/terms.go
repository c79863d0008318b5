package petitions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// registryAge is how old the registry's knowledge of the journal may be: changes
// by another process are known after this.
const registryAge = 250 * time.Millisecond

// Registry keeps in memory what signing has to know of each petition. It looks at
// the end of the journal a few times a second and reads the petitions again when
// something was entered. It is safe for use by several goroutines.
type Registry struct {
	store *store.Store
	now   func() time.Time

	known   atomic.Pointer[known]
	looking sync.Mutex
}

// known is what was read, at one end of the journal. It is never changed.
type known struct {
	size    int64 // entries of the journal
	looked  int64 // microseconds UTC, by the clock
	terms   map[int]*signing.Terms
	numbers []int
}

// NewRegistry makes a registry over a database. now is nil for the clock.
func NewRegistry(s *store.Store, now func() time.Time) *Registry {
	if now == nil {
		now = time.Now
	}
	return &Registry{store: s, now: now}
}

// Terms implements [signing.Registry].
func (g *Registry) Terms(ctx context.Context, number int) (*signing.Terms, error) {
	k, err := g.current(ctx)
	if err != nil {
		return nil, err
	}
	if t := k.terms[number]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("petition %d: %w", number, record.ErrNotFound)
}

// Numbers implements [signing.Registry].
func (g *Registry) Numbers(ctx context.Context) ([]int, error) {
	k, err := g.current(ctx)
	if err != nil {
		return nil, err
	}
	return k.numbers, nil
}

// current returns what is known. One caller at a time looks whether the journal
// has moved; the others take what there is.
func (g *Registry) current(ctx context.Context) (*known, error) {
	k := g.known.Load()
	now := g.now().UnixMicro()
	if k != nil && now >= k.looked && now-k.looked < registryAge.Microseconds() {
		return k, nil
	}
	if k == nil {
		g.looking.Lock()
	} else if !g.looking.TryLock() {
		return k, nil
	}
	defer g.looking.Unlock()
	if later := g.known.Load(); later != k {
		return later, nil
	}
	fresh, err := g.read(ctx, k)
	if err != nil {
		if k != nil && ctx.Err() == nil {
			return k, nil // a database that is away for a moment changes nothing
		}
		return nil, err
	}
	g.known.Store(fresh)
	return fresh, nil
}

// Refresh reads the petitions again at once: whoever has changed one in this
// process calls it.
func (g *Registry) Refresh(ctx context.Context) error {
	g.looking.Lock()
	defer g.looking.Unlock()
	fresh, err := g.read(ctx, g.known.Load())
	if err == nil {
		g.known.Store(fresh)
	}
	return err
}

func (g *Registry) read(ctx context.Context, before *known) (*known, error) {
	k := &known{looked: g.now().UnixMicro(), terms: map[int]*signing.Terms{}}
	err := g.store.View(ctx, func(r *store.Reader) error {
		head, err := r.HeadOf(ctx)
		if err != nil {
			return err
		}
		k.size = head.Size
		if before != nil && before.size == k.size {
			k.terms, k.numbers = before.terms, before.numbers
			return nil
		}
		for _, state := range []string{"published", "stopped"} {
			list, err := everyPetition(ctx, r, store.PetitionFilter{State: state, Ours: true}, MaxListed)
			if err != nil {
				return err
			}
			for _, item := range list {
				t, err := termsOf(ctx, r, item.Rec)
				if err != nil {
					return err
				}
				k.terms[t.Number] = t
			}
		}
		k.numbers = slices.Sorted(maps.Keys(k.terms))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the terms of petitions: %w", err)
	}
	return k, nil
}

// everyPetition returns all petitions of a filter, however many there are, read a
// page at a time.
func everyPetition(ctx context.Context, r *store.Reader, f store.PetitionFilter, page int) (all []Petition, err error) {
	for {
		list, err := r.Petitions(ctx, access.House(), f, len(all), page)
		if err != nil {
			return nil, err
		}
		if all = append(all, list...); len(list) < page {
			return all, nil
		}
	}
}

// termsOf is what signing has to know of one petition.
func termsOf(ctx context.Context, r *store.Reader, p *record.Petition) (*signing.Terms, error) {
	t := &signing.Terms{
		Number: p.Number, Edition: p.Edition, Reconsent: p.Reconsent,
		Collecting: p.Publication == record.PetitionPublished && p.Collection == record.CollectOpen && p.Signers != record.SignOrganisations && p.Destroyed == 0,
		Opens:      p.Opens, Closes: p.Deadline(),
		Ended: p.Publication == record.PetitionStopped || p.Collection == record.CollectClosed || p.Destroyed > 0,
		Live:  p.Pace == record.PaceLive, Household: p.Household, Recipients: slices.Clone(p.Recipients), Practice: p.Practice,
		Reasons: map[string]string{},
	}
	if p.Collection == record.CollectPaused {
		t.Closes = 0 // it moves with the clock until the pause is over
	}
	bodies, err := r.EndorsementsOf(ctx, access.House(), p.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		if b.Rec.State == record.EndorsementConfirmed && b.Rec.Role != record.RoleOriginal {
			t.Organisations++
		}
	}
	voids, err := r.InvalidationsOf(ctx, access.House(), p.ID)
	if err != nil {
		return nil, err
	}
	for _, i := range voids {
		t.Reasons[string(i.Rec.ID)] = string(i.Rec.Reason)
	}
	return t, nil
}

// Collects reports whether a petition takes signatures of people at this moment
// from somebody on this machine or elsewhere, and why not.
func (d *Desk) Collects(p *record.Petition, loopback bool) (bool, petition.Why) {
	return petition.CollectsAt(p, d.micros(), loopback)
}
