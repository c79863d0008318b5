package web

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
)

// engine is signing as pages use it.
type engine struct {
	of *signing.Engine

	mu   sync.Mutex // guards seen
	seen map[int]bool
}

func newEngine(e *signing.Engine) *engine { return &engine{of: e, seen: map[int]bool{}} }

// told turns what signing says into what pages say. A link that is nothing, and
// one to what is gone, look alike.
func told(err error) error {
	var busy *signing.Busy
	switch {
	case err == nil:
		return nil
	case errors.Is(err, signing.ErrClosed), errors.Is(err, signing.ErrEdition):
		return fmt.Errorf("%w: %w", record.ErrConflict, err)
	case errors.Is(err, signing.ErrFull):
		return fmt.Errorf("%w: %w", casework.ErrFull, err)
	case errors.As(err, &busy):
		return fmt.Errorf("%w: %w", casework.ErrBusy, err)
	case errors.Is(err, signing.ErrGone), errors.Is(err, signing.ErrToken), errors.Is(err, signing.ErrDestroyed):
		return fmt.Errorf("%w: %w", record.ErrNotFound, err)
	}
	return err
}

// Sign implements [signatory].
func (e *engine) Sign(ctx context.Context, s signed) error {
	f := signing.Form{
		Petition: s.Petition.Number, Edition: s.Edition, Lang: s.Lang, Name: s.Name, Email: s.Email, Country: s.Country, Town: s.City,
		Show: s.Show, Updates: s.Updates, Net: s.Net, Work: s.Work,
	}
	if s.Code != "" {
		f.Code = petitions.CodeHash(s.Code)
	}
	_, err := e.of.Accept(ctx, f)
	return told(err)
}

// Puzzle implements [signatory].
func (e *engine) Puzzle(number int) (puzzle string, bits int) { return e.of.Puzzle(number) }

// Challenged implements [signatory].
func (e *engine) Challenged(number int) bool {
	rules := e.of.Rules()
	return rules.Challenge.Of(number) != signing.ChallengeOff
}

// OwnPetition implements [signatory].
func (e *engine) OwnPetition(token string) (int, error) {
	n, err := e.of.OwnPetition(token)
	return n, told(err)
}

// MailPetition implements [signatory].
func (e *engine) MailPetition(token string) (int, error) {
	n, err := e.of.MailPetition(token)
	return n, told(err)
}

// Own implements [signatory].
func (e *engine) Own(ctx context.Context, p *record.Petition, token string) (ownSignature, error) {
	return own(e.of.Show(ctx, p.Number, token))
}

func own(o signing.Own, err error) (ownSignature, error) {
	if err != nil {
		return ownSignature{}, told(err)
	}
	return ownSignature{
		State: o.State, Name: o.Name, City: o.Town, Sealed: o.Sealed, Country: o.Country, Show: o.Show, Updates: o.Updates,
		Edition: o.Edition, Lang: o.Lang, Agree: o.Agree,
	}, nil
}

// Confirm implements [signatory].
func (e *engine) Confirm(ctx context.Context, p *record.Petition, token string, c correction) (ownSignature, error) {
	return own(e.of.Confirm(ctx, p.Number, token, signing.Change{Name: c.Name, Town: c.City, Country: c.Country}))
}

// Withdraw implements [signatory].
func (e *engine) Withdraw(ctx context.Context, p *record.Petition, token string) error {
	return told(e.of.Withdraw(ctx, p.Number, token))
}

// Change implements [signatory].
func (e *engine) Change(ctx context.Context, p *record.Petition, token string, name *string, show signature.Disclosure, updates bool) (ownSignature, error) {
	return own(e.of.Correct(ctx, p.Number, token, signing.Change{Name: name, Show: &show, Updates: &updates}))
}

// Unsubscribe implements [signatory].
func (e *engine) Unsubscribe(ctx context.Context, p *record.Petition, token string) error {
	return told(e.of.Unsubscribe(ctx, p.Number, token))
}

// Receipt implements [signatory].
func (e *engine) Receipt(ctx context.Context, p *record.Petition, token string) (signing.Receipt, journalEntry, error) {
	one, err := e.of.Receipt(ctx, p.Number, token)
	if err != nil {
		return one, journalEntry{}, told(err)
	}
	seq, at, err := e.of.Committed(ctx, string(p.ID), one)
	return one, journalEntry{seq, at}, told(err)
}

// WithdrawCode implements [signatory].
func (e *engine) WithdrawCode(ctx context.Context, p *record.Petition, hash string) error {
	return told(e.of.WithdrawCode(ctx, p.Number, hash))
}

// Renew implements [signatory].
func (e *engine) Renew(ctx context.Context, p *record.Petition, token, tag string) (ownSignature, error) {
	return own(e.of.Correct(ctx, p.Number, token, signing.Change{Edition: &p.Edition, Lang: &tag}))
}

// Snapshot implements [tallies].
func (e *engine) Snapshot(ctx context.Context, number int) (*signature.Snapshot, error) {
	snap, err := e.of.Snapshot(ctx, number)
	if err != nil {
		return nil, told(err)
	}
	e.mu.Lock()
	e.seen[number] = true
	e.mu.Unlock()
	return snap, nil
}

// Changes implements [tallies]: every petition's own number grows, so their sum
// does. Only those count that somebody has looked at.
func (e *engine) Changes(ctx context.Context) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var sum int64
	for number := range e.seen {
		snap, err := e.of.Snapshot(ctx, number)
		switch {
		case errors.Is(err, record.ErrNotFound):
			delete(e.seen, number)
			sum++
		case err != nil:
			return 0, told(err)
		default:
			sum += snap.Change
		}
	}
	return sum, nil
}

// netOf is where a request comes from, for counting only.
func netOf(name string) netip.Addr {
	if p, err := netip.ParsePrefix(name); err == nil {
		return p.Addr()
	}
	a, err := netip.ParseAddr(name)
	if err != nil {
		return netip.IPv6Unspecified() // all who cannot be told apart are one
	}
	return a
}
