package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/store"
)

// Matters are what messages tell of and what can be taken back, such as an update about a
// petition. Whatever tells of one that was taken back does not leave: it is dropped with
// [Outbox.DropAbout] when that happens, and the outbox asks again before it hands a message
// over. All methods may be called from several goroutines.
type Matters interface {
	// Stands reports whether what a key names may still be told.
	Stands(ctx context.Context, key string) (bool, error)
}

// Matter names one: by the name under which its kind joined the outbox, and by a key. The
// zero value is none.
type Matter struct{ Kind, Key string }

func (m Matter) String() string {
	if m == (Matter{}) {
		return ""
	}
	return m.Kind + " " + m.Key
}

// JoinMatters adds a kind of matter, before the worker runs. Its name, lower-case letters, is
// kept with each message and must stay the same.
func (o *Outbox) JoinMatters(kind string, m Matters) error {
	if kind == "" || strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") != "" {
		return fmt.Errorf("a kind of matter cannot be named %q", kind)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.matters[kind] != nil {
		return fmt.Errorf("there is a kind of matter named %q already", kind)
	}
	if o.matters == nil {
		o.matters = map[string]Matters{}
	}
	o.matters[kind] = m
	return nil
}

// DropAbout ends, in the transaction that takes a matter back, whatever tells of it and was
// not sent, and returns how many messages that were.
func (o *Outbox) DropAbout(ctx context.Context, t *store.Tx, m Matter) (int64, error) {
	if m == (Matter{}) {
		return 0, nil
	}
	return t.DropMailAbout(ctx, m.String(), o.now().UnixMicro())
}

// errNoMatters means that a message tells of a matter of a kind that this process does not
// know: whether it may leave cannot be told here.
var errNoMatters = errors.New("a message tells of a matter that nothing here knows of")

// stands reports whether what a stored message tells of may still be told.
func (o *Outbox) stands(ctx context.Context, matter string) (bool, error) {
	if matter == "" {
		return true, nil
	}
	kind, key, _ := strings.Cut(matter, " ")
	o.mu.Lock()
	m := o.matters[kind]
	o.mu.Unlock()
	if m == nil {
		return false, fmt.Errorf("%w: %q", errNoMatters, kind)
	}
	return m.Stands(ctx, key)
}
