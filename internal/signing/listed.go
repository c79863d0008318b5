package signing

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
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
	mu     sync.Mutex    // guards what follows
	order  []int64       // by the folded name, never by when they came; not changed, only replaced
	making chan struct{} // closed when the order in the making is made; nil without one
	failed error         // why the last one was not made
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
	// listWait is how long somebody waits for an order in the making. A million names
	// take longer than that, once; an order of before is good enough meanwhile, because
	// everybody in it is looked at again.
	listWait = 2 * time.Second
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
	// Making says that the list is being put in order for the first time, and that
	// there will be something to see in a while.
	Making bool
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
	order, ok, err := e.listOrder(ctx, terms, snap)
	if err != nil || !ok {
		return Listed{Making: !ok}, err
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

// listOrder returns the order of a petition's list, which must not be changed; ok is
// false while there is none yet. An old one is made anew beside the requests, once
// for all of them.
func (e *Engine) listOrder(ctx context.Context, terms *Terms, snap *signature.Snapshot) (order []int64, ok bool, err error) {
	l := e.lists.get(terms.Number)
	l.mu.Lock()
	if !l.stale(snap, terms.Live, e.now()) {
		defer l.mu.Unlock()
		return l.order, true, nil
	}
	select {
	case <-e.closing:
		l.mu.Unlock()
		return nil, false, &Busy{RetryAfter: 5 * time.Second}
	default:
	}
	if l.making == nil {
		l.making, l.failed = make(chan struct{}), nil
		e.working.Go(func() { e.makeList(l, terms, snap) })
	}
	making := l.making
	l.mu.Unlock()
	wait := time.NewTimer(e.listWait)
	defer wait.Stop()
	select {
	case <-making:
	case <-wait.C:
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.made && l.failed != nil {
		return nil, false, l.failed
	}
	return l.order, l.made, nil
}

// listLine is a row with as much of its folded name as decides its place. Nothing
// in it says when it came: those whose beginnings are alike are in the order of a
// hash that is another one in every process.
type listLine struct {
	name [24]byte
	mix  uint64
	n    int64
}

// makeList puts a list in order. It holds a name only as long as it is looked at.
func (e *Engine) makeList(l *list, terms *Terms, snap *signature.Snapshot) {
	began := time.Now()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	// Whoever closes the engine does not wait for a million names.
	go func() {
		select {
		case <-e.closing:
			stop()
		case <-ctx.Done():
		}
	}()
	var lines []listLine
	_, err := e.signers(ctx, terms.Number, signature.ToPublic, func(n int64, s Signer) error {
		x := listLine{n: n}
		folded := names.Fold(s.Name)
		copy(x.name[:], folded)
		var h maphash.Hash
		h.SetSeed(listSeed)
		h.WriteString(folded)
		h.WriteByte(0)
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
		x.mix = h.Sum64()
		lines = append(lines, x)
		return nil
	})
	slices.SortFunc(lines, func(a, b listLine) int { return cmp.Or(bytes.Compare(a.name[:], b.name[:]), cmp.Compare(a.mix, b.mix)) })
	order := make([]int64, len(lines))
	for i, x := range lines {
		order[i] = x.n
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.making)
	l.making = nil
	if err != nil {
		l.failed = fmt.Errorf("order the public list of signers: %w", err)
		return
	}
	l.order, l.made, l.change, l.live, l.at, l.took = order, true, snap.Change, terms.Live, e.now(), time.Since(began)
}

// listSeed makes the order of names that begin alike another one in every process.
var listSeed = maphash.MakeSeed()

// shownBefore is the hour before which somebody has to be confirmed to be listed
// beside a snapshot, 0 for any.
func shownBefore(terms *Terms, snap *signature.Snapshot) int64 {
	if terms.Live {
		return 0
	}
	return snap.At / int64(time.Hour/time.Microsecond)
}
