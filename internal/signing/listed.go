package signing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// lists are the orders of the public lists of signers. Only numbers of rows are
// kept: what is shown of a row is read when it is asked for, so that whoever
// withdraws, is taken out or chooses to be shown less is gone at once.
type lists struct {
	mu sync.Mutex // guards the map
	of map[int]*list
}

type list struct {
	mu     sync.Mutex // guards what follows, also while it is made
	order  []int64    // by the folded name, never by when they came
	made   bool
	change int64 // of the snapshot that it goes with
	live   bool
	at     time.Time
	took   time.Duration
}

const (
	// listAgain is how old the order of a live list gets at most.
	listAgain = time.Minute
	// listShare is what part of the time at most goes into making a live list anew.
	listShare = 20
)

func (l *lists) get(petition int) *list {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[int]*list{}
	}
	if l.of[petition] == nil {
		l.of[petition] = &list{}
	}
	return l.of[petition]
}

// stale reports whether the order has to be made anew. In steps it moves with the
// snapshot alone, so that nobody can match a new name to a visit.
func (l *list) stale(snap *signature.Snapshot, live bool, now time.Time) bool {
	age := now.Sub(l.at)
	switch {
	case !l.made || l.live != live:
		return true
	case !live:
		return l.change != snap.Change
	}
	return age < 0 || age >= l.took*listShare && (l.change != snap.Change || age >= listAgain)
}

// Listed is a part of a petition's public list of signers.
type Listed struct {
	Signers []Signer
	// Behind says that there is more behind this part.
	Behind bool
}

// Listed returns at most limit of those whom everybody may see, from offset on in
// the order of their names: who chose to be named, and who chose initials where
// their country's number is shown. In a petition that moves in steps nobody is
// among them who was confirmed since the hour of the present snapshot. A part may
// be shorter than limit where somebody has left since the order was made.
func (e *Engine) Listed(ctx context.Context, petition, offset, limit int) (Listed, error) {
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return Listed{}, err
	}
	snap, err := e.Snapshot(ctx, petition)
	if err != nil {
		return Listed{}, err
	}
	key, err := e.keys.Petition(petition)
	if errors.Is(err, seal.ErrDestroyed) {
		return Listed{}, nil
	}
	if err != nil {
		return Listed{}, err
	}
	order, err := e.listOrder(ctx, terms, snap)
	if err != nil {
		return Listed{}, err
	}
	from, to := min(max(offset, 0), len(order)), min(max(offset, 0)+limit, len(order))
	var rows map[int64]store.Signature
	err = e.store.View(ctx, func(r *store.Reader) error {
		rows, err = r.Signatures(ctx, order[from:to]...)
		return err
	})
	if err != nil {
		return Listed{}, e.unread(err)
	}
	out := Listed{Behind: to < len(order)}
	before := shownBefore(terms, snap)
	for _, n := range order[from:to] {
		s, ok := rows[n]
		if !ok || s.Petition != petition || s.State != signature.Confirmed || s.Edition < terms.Reconsent || before != 0 && s.Done >= before {
			continue
		}
		shown, ok, err := seen(key, &s, signature.ToPublic, snap.Countries)
		if err != nil {
			return Listed{}, err
		}
		if ok {
			// Town, way and edition tell more than was asked for.
			out.Signers = append(out.Signers, Signer{Name: shown.Name, Initials: shown.Initials, Country: shown.Country})
		}
	}
	return out, nil
}

// listOrder returns the order of a petition's list, which must not be changed.
func (e *Engine) listOrder(ctx context.Context, terms *Terms, snap *signature.Snapshot) ([]int64, error) {
	l := e.lists.get(terms.Number)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := e.now()
	if !l.stale(snap, terms.Live, now) {
		return l.order, nil
	}
	began := time.Now()
	type line struct {
		key string
		n   int64
	}
	var lines []line
	_, err := e.signers(ctx, terms.Number, signature.ToPublic, func(n int64, s Signer) error {
		lines = append(lines, line{names.Fold(s.Name) + "\x00" + s.Name + "\x00" + s.Country, n})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("order the public list of signers: %w", err)
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.n, b.n)) })
	l.order = make([]int64, len(lines))
	for i, x := range lines {
		l.order[i] = x.n
	}
	l.made, l.change, l.live, l.at, l.took = true, snap.Change, terms.Live, now, time.Since(began)
	return l.order, nil
}

// shownBefore is the hour before which somebody has to be confirmed to be listed
// beside a snapshot, 0 for any.
func shownBefore(terms *Terms, snap *signature.Snapshot) int64 {
	if terms.Live {
		return 0
	}
	return snap.At / int64(time.Hour/time.Microsecond)
}
