package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Subscriptions are what people have asked to be told by mail and can end. Whatever
// waits for somebody who has ended one does not leave: it is dropped with
// [Outbox.DropFor] when they end it, and the outbox asks again before it hands a message
// over. All methods may be called from several goroutines.
type Subscriptions interface {
	// Holds reports whether what a key names is still wanted.
	Holds(ctx context.Context, key string) (bool, error)
	// End ends it, because the address takes no mail or its holder complained of it to
	// their provider. To end what has ended changes nothing.
	End(ctx context.Context, key string) error
}

// Subscription names one: by the name under which its kind joined the outbox, and by a
// key that says nothing of its holder. The zero value is none.
type Subscription struct{ Kind, Key string }

func (s Subscription) String() string {
	if s == (Subscription{}) {
		return ""
	}
	return s.Kind + " " + s.Key
}

// JoinSubscriptions adds a kind of subscription, before the worker runs. Its name, lower-case
// letters, is kept with each message and must stay the same.
func (o *Outbox) JoinSubscriptions(kind string, s Subscriptions) error {
	if kind == "" || strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") != "" {
		return fmt.Errorf("a kind of subscription cannot be named %q", kind)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.subscriptions[kind] != nil {
		return fmt.Errorf("there is a kind of subscription named %q already", kind)
	}
	if o.subscriptions == nil {
		o.subscriptions = map[string]Subscriptions{}
	}
	o.subscriptions[kind] = s
	return nil
}

// DropFor ends, in the transaction that ends subscriptions, whatever of them was not
// sent, and returns how many messages that were.
func (o *Outbox) DropFor(ctx context.Context, t *store.Tx, ended ...Subscription) (int64, error) {
	names := make([]string, len(ended))
	for i, s := range ended {
		names[i] = s.String()
	}
	return t.DropMailTo(ctx, names, o.now().UnixMicro())
}

// errNoSubscriptions means that a message belongs to a subscription of a kind that this
// process does not know: it can neither be sent nor ended here.
var errNoSubscriptions = errors.New("a message is of a subscription that nothing here knows of")

func (o *Outbox) subscribed(subscription string) (Subscriptions, string, error) {
	kind, key, _ := strings.Cut(subscription, " ")
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.subscriptions[kind]
	if s == nil {
		return nil, "", fmt.Errorf("%w: %q", errNoSubscriptions, kind)
	}
	return s, key, nil
}

// wanted reports whether a stored message that an owner has leased may still leave.
func (o *Outbox) wanted(ctx context.Context, id, owner, subscription, matter string) (bool, error) {
	if subscription == "" && matter == "" {
		return true, nil
	}
	mine := false
	err := o.store.View(ctx, func(r *store.Reader) error {
		m, err := r.MailOf(ctx, id)
		if errors.Is(err, record.ErrNotFound) {
			mine = false
			return nil
		}
		mine = m.State == store.MailSending && m.Owner == owner
		return err
	})
	if err != nil || !mine {
		return false, err
	}
	if ok, err := o.stands(ctx, matter); err != nil || !ok {
		return false, err
	}
	if subscription == "" {
		return true, nil
	}
	s, key, err := o.subscribed(subscription)
	if err != nil {
		return false, err
	}
	return s.Holds(ctx, key)
}

// end ends the subscription that a message belongs to, whose address takes no mail.
func (o *Outbox) end(ctx context.Context, subscription string) error {
	if subscription == "" {
		return nil
	}
	s, key, err := o.subscribed(subscription)
	if err != nil {
		return nil //nolint:nilerr // of a kind that there was once: nothing of it is sent
	}
	if err := s.End(ctx, key); err != nil {
		return fmt.Errorf("end what an address that takes no mail subscribed to: %w", err)
	}
	return nil
}

// Nobody reports whether an enhanced status code (RFC 3463) or "complaint" says that nothing
// more should go to an address: that there is no such address, that it is closed, or that its
// holder complained. A full mailbox, and a server that does not like ours, say nothing of the kind.
func Nobody(code string) bool {
	switch code {
	case "complaint", "5.0.0", "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1":
		return true
	}
	return false
}
