package petitions

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// What waits in the outbox for somebody who signed by their own hand or on paper is
// tied to their row: updates to what they asked for, and the letter to an address that
// stood on paper to the signature itself, which nobody has asked for who can end it.

// UpdateSubscriptions and PaperSubscriptions are the names under which signers join the
// outbox.
const (
	UpdateSubscriptions = "signer"
	PaperSubscriptions  = "paper"
)

// Signers are who is told updates, or that they are counted, as the outbox asks of
// them. They are a [mail.Subscriptions].
type Signers struct {
	engine *signing.Engine
	paper  bool
}

// JoinSigners makes an outbox ask an engine whether what waits for signers may still
// leave, and a store whether what it tells of may. The engine drops it by [DropStopped].
func JoinSigners(o *mail.Outbox, e *signing.Engine, s *store.Store) error {
	if err := o.JoinMatters(UpdateMatters, Telling{s}); err != nil {
		return err
	}
	if err := o.JoinSubscriptions(UpdateSubscriptions, Signers{engine: e}); err != nil {
		return err
	}
	return o.JoinSubscriptions(PaperSubscriptions, Signers{engine: e, paper: true})
}

// DropStopped drops from an outbox what waits for signers who are told nothing more:
// see [signing.Config].
func DropStopped(o *mail.Outbox) func(context.Context, *store.Tx, []signing.Stopped) error {
	return func(ctx context.Context, tx *store.Tx, stopped []signing.Stopped) error {
		var ended []mail.Subscription
		for _, s := range stopped {
			ended = append(ended, updateSubscription(s.Message))
			if s.Left {
				ended = append(ended, paperSubscription(s.Message))
			}
		}
		_, err := o.DropFor(ctx, tx, ended...)
		return err
	}
}

// Holds implements [mail.Subscriptions].
func (s Signers) Holds(ctx context.Context, key string) (bool, error) {
	message, ok := messageKey(key)
	if !ok {
		return false, nil
	}
	counts, updates, err := s.engine.Told(ctx, message)
	if err != nil {
		return false, fmt.Errorf("see whether a signer is told updates: %w", err)
	}
	return updates || counts && s.paper, nil
}

// End implements [mail.Subscriptions]. The signature of an address that takes no mail
// stays, and so does every count.
func (s Signers) End(ctx context.Context, key string) error {
	message, ok := messageKey(key)
	if !ok {
		return nil
	}
	return s.engine.EndUpdates(ctx, message)
}

// messageKey reads the key of a signer's mail, which is also that of the mail that the
// row itself was due.
func messageKey(key string) (message [seal.TokenSize]byte, ok bool) {
	b, err := mail.DecodeKey(key)
	if err != nil || len(b) != seal.TokenSize {
		return message, false
	}
	return [seal.TokenSize]byte(b), true
}

func updateSubscription(message [seal.TokenSize]byte) mail.Subscription {
	return mail.Subscription{Kind: UpdateSubscriptions, Key: mail.EncodeKey(message[:])}
}

func paperSubscription(message [seal.TokenSize]byte) mail.Subscription {
	return mail.Subscription{Kind: PaperSubscriptions, Key: mail.EncodeKey(message[:])}
}
