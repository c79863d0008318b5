package signing

import (
	"context"
	"errors"
	"fmt"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Stopped is a signature for whose holder mail may wait that must not leave any
// more.
type Stopped struct {
	// Message names it in the headers of mail: see [Recipient].
	Message [seal.TokenSize]byte
	// Left says that it does not count any more. Otherwise only its updates have
	// ended.
	Left bool
}

// quieted is the row of a Stopped.
type quieted struct {
	n        int64
	petition int
	left     bool
}

// informed reports whether updates go to the holder of a row.
func informed(s *store.Signature) bool { return s.State == signature.Confirmed && s.Updates }

// hush notes that a change of a row ends what may wait for its holder: updates, or
// the letter to an address that stood on paper. Nothing else waits in an outbox;
// the mail that a row itself is due goes with its state.
func (g *group) hush(before, after *store.Signature) {
	left := before.State == signature.Confirmed && after.State != signature.Confirmed && before.Via == signature.Paper && before.Addr != nil
	if left || informed(before) && !informed(after) {
		g.quiet = append(g.quiet, quieted{before.N, before.Petition, left})
	}
}

// hush drops in the group's transaction what waits for those who are told nothing
// more.
func (e *Engine) hush(ctx context.Context, g *group) error {
	if e.stopped == nil || len(g.quiet) == 0 {
		return nil
	}
	house := e.keys.House()
	list := make([]Stopped, len(g.quiet))
	for i, q := range g.quiet {
		list[i] = Stopped{house.Key(q.n, q.petition, seal.ForMessage), q.left}
	}
	if err := e.stopped(ctx, g.tx, list); err != nil {
		return fmt.Errorf("drop mail that waits for signers: %w", err)
	}
	return nil
}

// Told reports whether the signature that a name in a mail's headers was made for
// counts, and whether its holder is told updates. Of a name that nobody made, and of
// a petition whose signers' data was destroyed, it is neither.
func (e *Engine) Told(ctx context.Context, message [seal.TokenSize]byte) (counts, updates bool, err error) {
	n, petition, err := e.MessageOf(message)
	if err != nil {
		return false, false, nil //nolint:nilerr // it is nobody's
	}
	switch _, err := e.keys.Petition(petition); {
	case errors.Is(err, seal.ErrDestroyed):
		return false, false, nil
	case err != nil:
		return false, false, err
	}
	err = e.store.View(ctx, func(r *store.Reader) error {
		rows, err := r.Signatures(ctx, n)
		s, ok := rows[n]
		ok = ok && s.Petition == petition
		counts, updates = ok && s.State == signature.Confirmed, ok && informed(&s)
		return err
	})
	return counts, updates, err
}

// EndUpdates ends the updates of the signature that a name in a mail's headers was
// made for, because its address takes no mail, and forgets the address. The signature
// stays. One that waits for its confirmation keeps what it asked for: whoever can
// press its link has its mail.
func (e *Engine) EndUpdates(ctx context.Context, message [seal.TokenSize]byte) error {
	n, petition, err := e.MessageOf(message)
	if err != nil {
		return nil //nolint:nilerr // it is nobody's
	}
	_, updates, err := e.Told(ctx, message)
	if err != nil || !updates {
		return err
	}
	err = e.UnsubscribeRow(ctx, petition, n)
	if errors.Is(err, seal.ErrToken) {
		return nil
	}
	return err
}

// MailWanted reports whether the mail that a row was taken for by [Engine.TakeDue] may
// still leave: it may have been taken out of the count since, or its data destroyed.
func (e *Engine) MailWanted(ctx context.Context, n int64) (wanted bool, err error) {
	err = e.store.View(ctx, func(r *store.Reader) error {
		rows, err := r.Signatures(ctx, n)
		s, ok := rows[n]
		if wanted = ok && s.State == signature.Pending && s.Mail != nil && s.Due > 0; wanted && err == nil {
			if _, err = e.keys.Petition(s.Petition); errors.Is(err, seal.ErrDestroyed) {
				wanted, err = false, nil
			}
		}
		return err
	})
	return wanted, err
}
