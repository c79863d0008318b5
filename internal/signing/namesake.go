package signing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Namesake is a name in a country, as far as two people may have the same.
type Namesake struct {
	Name    string // folded
	Country string // ISO 3166 alpha-2
}

// NamesakeOf returns what a name in a country is compared by.
func NamesakeOf(name, country string) Namesake { return Namesake{names.Fold(name), country} }

const (
	// namesPage is how many rows are read at once when names are compared.
	namesPage = 4000
	// compareFor is how long that takes at most, waiting for others included. A million
	// names take two to four seconds on two busy processors.
	compareFor = 15 * time.Second
)

// Namesakes returns which of the names asked for have signed a petition and count,
// as far as signers let the organiser read theirs, and whether all of these names
// were read: it ends after a while. There is no index of names, nor of anything
// made of them, because whoever has the key could try names on it. So all rows in the
// countries asked for are read, on all processors, until every name is found. Only one
// comparison goes on at a time, so that who signs meanwhile has a processor.
func (e *Engine) Namesakes(ctx context.Context, petition int, asked map[Namesake]bool) (found map[Namesake]bool, all bool, err error) {
	found = map[Namesake]bool{}
	if len(asked) == 0 {
		return found, true, nil
	}
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return nil, false, err
	}
	key, err := e.keys.Petition(petition)
	if errors.Is(err, seal.ErrDestroyed) {
		return found, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	// Not the time of whoever asks: theirs is an error, ours is an end.
	late := time.NewTimer(e.compareFor)
	defer late.Stop()
	select {
	case e.comparing <- struct{}{}:
		defer func() { <-e.comparing }()
	case <-late.C:
		return found, false, nil
	case <-ctx.Done():
		return nil, false, ctx.Err()
	case <-e.closing:
		return nil, false, &Busy{RetryAfter: 5 * time.Second}
	}
	in := map[string]bool{}
	for k := range asked {
		in[k.Country] = true
	}
	countries := slices.Sorted(maps.Keys(in))

	reading, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-late.C:
		case <-e.closing:
		case <-reading.Done():
		}
		stop()
	}()
	pages := make(chan []store.NameBox, runtime.GOMAXPROCS(0))
	var mu sync.Mutex // guards found and failed
	var failed error
	var work sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for page := range pages {
				for _, b := range page {
					plain, err := key.Unbox(seal.UseName, b.Box)
					if err != nil {
						mu.Lock()
						failed = errors.Join(failed, fmt.Errorf("read a signature: %w", err))
						mu.Unlock()
						stop()
						break
					}
					if k := NamesakeOf(seal.DecodePerson(plain).Name, b.Country); asked[k] {
						mu.Lock()
						found[k] = true
						if len(found) == len(asked) {
							stop()
						}
						mu.Unlock()
					}
				}
			}
		})
	}
	err = e.nameBoxes(reading, store.NamesWhere{Petition: petition, Edition: terms.Reconsent, Countries: countries}, pages)
	close(pages)
	work.Wait()
	switch {
	case failed != nil:
		return nil, false, failed
	case len(found) == len(asked) || err == nil:
		return found, true, nil
	case ctx.Err() == nil && reading.Err() != nil:
		return found, false, nil
	}
	return nil, false, fmt.Errorf("compare names: %w", err)
}

// nameBoxes sends all rows that match, a page after the other.
func (e *Engine) nameBoxes(ctx context.Context, where store.NamesWhere, pages chan<- []store.NameBox) error {
	for after := int64(0); ; {
		var page []store.NameBox
		err := e.store.View(ctx, func(r *store.Reader) (err error) {
			page, err = r.NameBoxes(ctx, where, after, namesPage)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].N
		select {
		case pages <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
