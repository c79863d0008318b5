package signing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Where selects signatures of a petition for being taken out of the count. All
// that is given has to hold.
type Where struct {
	Country string
	Domain  string // of the mail address
	// Network is the keyed hash of a network on one day, as [Engine.Networks]
	// returns it.
	Network []byte
	// From and To bound the hour of receipt, in hours since 1970, both included; 0
	// leaves open.
	From, To int64
	Batch    int // of paper
}

// bulk is how many rows one group of a large change has: those who sign
// meanwhile wait for no more than that.
const bulk = 200

func (e *Engine) where(petition int, w Where) (store.SignatureWhere, error) {
	out := store.SignatureWhere{
		Petition: petition, Country: w.Country, Net: w.Network, From: w.From, To: w.To, Batch: w.Batch,
	}
	if w.Domain != "" {
		key, err := e.keys.Petition(petition)
		if err != nil {
			return out, err
		}
		_, domain := splitDomain(w.Domain, e.rules.Load().Domains)
		if domain == "" {
			return out, signature.ErrAddress
		}
		out.Host = key.Host(domain)
	}
	return out, nil
}

// splitDomain is the domain by which addresses of a domain are hashed.
func splitDomain(domain string, rules signature.Rules) (local, canonical string) {
	a, err := signature.ParseAddress("a@"+domain, rules)
	if err != nil {
		return "", ""
	}
	return "a", a.Domain
}

// Matching counts by state the signatures that [Engine.Void] would take out of
// the count, and those that it would not touch.
func (e *Engine) Matching(ctx context.Context, petition int, w Where) (map[signature.State]int64, error) {
	where, err := e.where(petition, w)
	if err != nil {
		return nil, err
	}
	var out map[signature.State]int64
	err = e.store.View(ctx, func(r *store.Reader) error {
		out, err = r.CountWhere(ctx, where)
		return err
	})
	return out, err
}

// Void takes the signatures that match out of the count, those too that wait for
// confirmation, and returns how many those were. It works in small groups, and
// doing it again after an interruption goes on where it stopped.
func (e *Engine) Void(ctx context.Context, petition int, w Where, invalidation string) (int64, error) {
	where, err := e.where(petition, w)
	if err != nil {
		return 0, err
	}
	where.States = []signature.State{signature.Pending, signature.Confirmed}
	return e.each(ctx, where, func(g *group, s *store.Signature) error {
		if s.State != signature.Pending && s.State != signature.Confirmed {
			return nil
		}
		if s.State == signature.Confirmed {
			g.leave(s)
		}
		s.Was, s.State, s.Voided, s.Due = s.State, signature.Voided, invalidation, 0
		g.void = note(g.void, invalidation, s.N)
		g.line(departed.Voided, petition, invalidation, s.N)
		return nil
	})
}

// Unvoid puts back what an invalidation has taken out of the count. Where the
// address has signed again meanwhile the later signature stays the one that
// counts and this one becomes a repetition.
func (e *Engine) Unvoid(ctx context.Context, petition int, invalidation string) (int64, error) {
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return 0, err
	}
	return e.each(ctx, store.SignatureWhere{Petition: petition, States: []signature.State{signature.Voided}, Voided: invalidation}, func(g *group, s *store.Signature) error {
		if s.State != signature.Voided || s.Voided != invalidation {
			return nil
		}
		s.State, s.Was, s.Voided = s.Was, signature.Pending, ""
		g.line(departed.Counted, petition, invalidation, s.N)
		if s.State == signature.Confirmed && g.judge(s, terms.Household || s.Second) == signature.Repeats {
			s.State, s.Done = signature.Repeated, g.hour
			blank(s)
			g.repeat = append(g.repeat, s.N)
			return nil
		}
		g.restore(s, terms)
		return nil
	})
}

func note(m map[string][]int64, id string, n int64) map[string][]int64 {
	if m == nil {
		m = map[string][]int64{}
	}
	m[id] = append(m[id], n)
	return m
}

// line notes who has left or come back, in one line a group.
func (g *group) line(what departed.What, petition int, by string, n int64) {
	for i := range g.lines {
		if l := &g.lines[i]; l.What == what && l.Petition == petition && l.By == by {
			l.Rows = append(l.Rows, n)
			return
		}
	}
	g.lines = append(g.lines, departed.Line{What: what, Petition: petition, By: by, Rows: []int64{n}})
}

// each does a change to all rows that match, a group after the other.
func (e *Engine) each(ctx context.Context, where store.SignatureWhere, change func(*group, *store.Signature) error) (done int64, err error) {
	after := int64(0)
	for {
		var rows []store.Signature
		err := e.store.View(ctx, func(r *store.Reader) error {
			rows, err = r.SignaturesWhere(ctx, where, after, bulk)
			return err
		})
		if err != nil {
			return done, fmt.Errorf("change many signatures: %w", err)
		}
		if len(rows) == 0 {
			return done, nil
		}
		after = rows[len(rows)-1].N
		errs := make(chan error, len(rows))
		for _, s := range rows {
			go func() { errs <- e.insist(ctx, &request{n: s.N, petition: s.Petition, change: change}) }()
		}
		for range rows {
			err = errors.Join(err, <-errs)
		}
		if err != nil {
			return done, fmt.Errorf("change many signatures: %w", err)
		}
		done += int64(len(rows))
	}
}

// insist asks again while the queue is full of people.
func (e *Engine) insist(ctx context.Context, r *request) error {
	for try := 0; ; try++ {
		err := e.ask(ctx, r)
		busy, ok := errors.AsType[*Busy](err)
		if !ok || busy.Cause != nil || try == 50 {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Expire ends signatures that were not confirmed for so long, and blanks what is
// personal of them and of those that were throttled or refused. It returns how
// many rows it touched.
func (e *Engine) Expire(ctx context.Context, age time.Duration) (int64, error) {
	before := e.now().Add(-age).Unix() / 3600
	if before < 1 {
		return 0, nil
	}
	n, err := e.each(ctx, store.SignatureWhere{States: []signature.State{signature.Pending}, Before: before}, func(g *group, s *store.Signature) error {
		if s.State != signature.Pending {
			return nil
		}
		s.State, s.Done = signature.Expired, g.hour
		blank(s)
		g.expire = append(g.expire, s.N)
		return nil
	})
	if err != nil {
		return n, err
	}
	where := store.SignatureWhere{States: []signature.State{signature.Throttled, signature.Refused}, Before: before, Personal: true}
	m, err := e.blankAll(ctx, where)
	return n + m, err
}

// blankAll empties what is personal of all rows that match and leaves their
// states.
func (e *Engine) blankAll(ctx context.Context, where store.SignatureWhere) (done int64, err error) {
	after := int64(0)
	for {
		var numbers []int64
		err := e.store.Aside(ctx, func(tx *store.Tx) error {
			rows, err := tx.SignaturesWhere(ctx, where, after, bulk)
			if err != nil {
				return err
			}
			numbers = nil
			for _, s := range rows {
				numbers = append(numbers, s.N)
			}
			return tx.BlankSignatures(ctx, numbers)
		})
		if err != nil {
			return done, fmt.Errorf("blank signatures: %w", err)
		}
		if len(numbers) == 0 {
			return done, nil
		}
		after = numbers[len(numbers)-1]
		done += int64(len(numbers))
	}
}

// Destroy ends a petition's personal data for good: first its key, in one step,
// by which every copy of the data becomes unreadable that has not the key beside
// it, as an encrypted backup has; then the data in the database. Counts stay. After an interruption it is done again.
func (e *Engine) Destroy(ctx context.Context, petition int) error {
	if e.departed != nil {
		if err := e.departed.Add(departed.Line{What: departed.Destroyed, Petition: petition}); err != nil {
			return err
		}
	}
	if err := e.keys.Destroy(petition); err != nil {
		return err
	}
	// Nobody will be able to confirm what is pending.
	_, err := e.each(ctx, store.SignatureWhere{Petition: petition, States: []signature.State{signature.Pending}}, func(g *group, s *store.Signature) error {
		if s.State != signature.Pending {
			return nil
		}
		s.State, s.Done = signature.Expired, g.hour
		blank(s)
		g.expire = append(g.expire, s.N)
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := e.blankAll(ctx, store.SignatureWhere{Petition: petition, Personal: true}); err != nil {
		return err
	}
	return e.store.Aside(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetLines(ctx, petition); err != nil {
			return err
		}
		return tx.DropSeals(ctx, petition)
	})
}

// Heap is how many signatures of one hour share a network or a mail domain.
type Heap struct {
	// Hash is a keyed hash: it can be selected by, and not be read.
	Hash      []byte
	Hour      int64
	Count     int64
	Confirmed int64
}

// Networks returns the networks from which most signatures of a petition came
// in one hour, at least so many, since an hour.
func (e *Engine) Networks(ctx context.Context, petition int, since int64, least int) ([]Heap, error) {
	return e.heaps(ctx, petition, "net", since, least)
}

// Hosts does the same for mail domains.
func (e *Engine) Hosts(ctx context.Context, petition int, since int64, least int) ([]Heap, error) {
	return e.heaps(ctx, petition, "host", since, least)
}

func (e *Engine) heaps(ctx context.Context, petition int, column string, since int64, least int) (out []Heap, err error) {
	err = e.store.View(ctx, func(r *store.Reader) error {
		rows, err := r.Heaps(ctx, petition, column, since, least, 100)
		out = nil
		for _, h := range rows {
			out = append(out, Heap{h.Value, h.Hour, h.Count, h.Confirmed})
		}
		return err
	})
	return out, err
}

// HostHash is the keyed hash of a mail domain, to be looked for among [Engine.Hosts].
func (e *Engine) HostHash(petition int, domain string) ([]byte, error) {
	key, err := e.keys.Petition(petition)
	if err != nil {
		return nil, err
	}
	_, d := splitDomain(domain, e.rules.Load().Domains)
	if d == "" {
		return nil, signature.ErrAddress
	}
	return key.Host(d), nil
}

// Signer is a confirmed signature as an audience may see it.
type Signer struct {
	Name     string // "" where the audience sees the count only
	Town     string
	Initials bool // Name is initials
	Country  string
	Via      signature.Via
	Edition  int
}

// Signers calls fn for the confirmed signatures of a petition that an audience
// may see more than the count of, confirmed before the present snapshot where
// the audience is the public. Their order is that of receipt and MUST NOT be
// shown. It returns how many others there are.
func (e *Engine) Signers(ctx context.Context, petition int, to signature.Audience, fn func(Signer) error) (others int64, err error) {
	return e.signers(ctx, petition, to, func(_ int64, s Signer) error { return fn(s) })
}

func (e *Engine) signers(ctx context.Context, petition int, to signature.Audience, fn func(n int64, s Signer) error) (others int64, err error) {
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return 0, err
	}
	snap, err := e.Snapshot(ctx, petition)
	if err != nil {
		return 0, err
	}
	countries := snap.Countries
	before := int64(0)
	if to != signature.ToPublic {
		exact, err := e.Exact(ctx, petition)
		if err != nil {
			return 0, err
		}
		countries = exact.Countries
	} else {
		before = shownBefore(terms, snap)
	}
	key, err := e.keys.Petition(petition)
	if errors.Is(err, seal.ErrDestroyed) {
		return snap.People(), nil
	}
	if err != nil {
		return 0, err
	}
	after := int64(0)
	for {
		var rows []store.Signature
		err := e.store.View(ctx, func(r *store.Reader) error {
			rows, err = r.SignaturesWhere(ctx, store.SignatureWhere{Petition: petition, States: []signature.State{signature.Confirmed}, DoneBefore: before}, after, 2000)
			return err
		})
		if err != nil {
			return others, fmt.Errorf("list signers: %w", err)
		}
		if len(rows) == 0 {
			return others, nil
		}
		after = rows[len(rows)-1].N
		for i := range rows {
			s := &rows[i]
			if s.Edition < terms.Reconsent {
				continue
			}
			shown, ok, err := seen(key, s, to, countries)
			if err != nil {
				return others, err
			}
			if !ok {
				others++
				continue
			}
			if err := fn(s.N, shown); err != nil {
				return others, err
			}
		}
	}
}

// seen is what an audience sees of a row, false for the count only.
func seen(key *seal.Petition, s *store.Signature, to signature.Audience, countries signature.Cells) (Signer, bool, error) {
	level := s.Show.To(to)
	if level == signature.Count || s.Box == nil || s.Seal != 0 {
		return Signer{}, false, nil
	}
	plain, err := key.Unbox(seal.UseName, s.Box)
	if err != nil {
		return Signer{}, false, fmt.Errorf("read a signature: %w", err)
	}
	p := seal.DecodePerson(plain)
	out := Signer{Name: p.Name, Town: p.Town, Country: s.Country, Via: s.Via, Edition: s.Edition}
	if level == signature.Initials {
		if !countries.ShowsCountry(s.Country) {
			return Signer{}, false, nil
		}
		out.Name, out.Town, out.Initials = signature.InitialsOf(p.Name), "", true
	}
	return out, true, nil
}
