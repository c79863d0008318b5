package petitions

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// What the outbox shows.
type (
	// MailEntry is a message without its words.
	MailEntry = mail.Entry
	// MailLetter is a message that has not been sent, with its words.
	MailLetter = mail.Letter
	// MailMessage is what a message says.
	MailMessage = mail.Message
	// MailCounts counts messages by state.
	MailCounts = mail.Counts
	// MailStatus is how sending goes in a process.
	MailStatus = mail.Status
	// MailWait is why a message waits.
	MailWait = mail.Wait
	// MailState is where a message stands.
	MailState = store.MailState
)

// MailStates lists the states of stored messages in the order in which the
// outbox shows them.
func MailStates() []MailState {
	return []MailState{store.MailWaiting, store.MailSending, store.MailFailed, store.MailKept, store.MailSent, store.MailDropped}
}

// MailClass names what kind of failure a code of a message stands for, "" for none.
func MailClass(code string) string { return string(mail.ClassOf(code)) }

// mayMail decides about the outbox. A message holds an address, so that only
// whoever keeps the house reads it; an organiser reads what never leaves, which
// is the mail of petitions for practice.
func mayMail(v access.Viewer) (all bool, err error) {
	switch {
	case v.May(access.ActAccounts):
		return true, nil
	case v.May(access.ActSigners):
		return false, nil
	}
	return false, fmt.Errorf("read the outbox: %w", record.ErrForbidden)
}

// MailCounts counts the stored messages that the viewer may read: a count that
// grew would tell an organiser that an address of their choice was written to.
// Without an outbox everything is 0.
func (d *Desk) MailCounts(ctx context.Context, v access.Viewer) (MailCounts, error) {
	all, err := mayMail(v)
	if err != nil || d.outbox == nil {
		return MailCounts{}, err
	}
	c, err := d.outbox.Counts(ctx)
	if err == nil && !all {
		c = MailCounts{Kept: c.Kept, Held: c.Held}
	}
	return c, err
}

// MailWaiting returns at most limit messages of each source that have not been
// sent, with their words.
func (d *Desk) MailWaiting(ctx context.Context, v access.Viewer, limit int) ([]MailLetter, error) {
	all, err := mayMail(v)
	if err != nil || d.outbox == nil {
		return nil, err
	}
	letters, err := d.outbox.Preview(ctx, limit)
	if err != nil || all {
		return letters, err
	}
	var kept []MailLetter
	for _, l := range letters {
		if l.Kept {
			kept = append(kept, l)
		}
	}
	return kept, nil
}

// MailList returns stored messages in a state ("" for all), the latest first,
// from those before an identifier on.
func (d *Desk) MailList(ctx context.Context, v access.Viewer, state MailState, before string, limit int) ([]MailEntry, error) {
	all, err := mayMail(v)
	if err != nil || d.outbox == nil {
		return nil, err
	}
	if !all {
		state = store.MailKept
	}
	return d.outbox.List(ctx, state, before, limit)
}

// MailOf returns one stored message with its words.
func (d *Desk) MailOf(ctx context.Context, v access.Viewer, id string) (MailEntry, MailMessage, error) {
	all, err := mayMail(v)
	if err != nil {
		return MailEntry{}, MailMessage{}, err
	}
	if d.outbox == nil {
		return MailEntry{}, MailMessage{}, record.ErrNotFound
	}
	e, m, err := d.outbox.Read(ctx, id)
	if err == nil && !all && e.State != store.MailKept {
		return MailEntry{}, MailMessage{}, fmt.Errorf("read mail: %w", record.ErrNotFound)
	}
	return e, m, err
}

// RetryMail lets a failed message wait again, and DropMail ends one that is not
// to be sent.
func (d *Desk) RetryMail(ctx context.Context, v access.Viewer, id string) error {
	return d.changeMail(ctx, v, "retry mail", func(w *casework.Work) error { return d.outbox.Retry(ctx, w.Tx(), id) })
}

// DropMail ends a message that is not to be sent and forgets its words.
func (d *Desk) DropMail(ctx context.Context, v access.Viewer, id string) error {
	return d.changeMail(ctx, v, "drop mail", func(w *casework.Work) error { return d.outbox.Drop(ctx, w.Tx(), id) })
}

// ReleaseMail lets mail leave again after a restore has held it.
func (d *Desk) ReleaseMail(ctx context.Context, v access.Viewer) error {
	return d.changeMail(ctx, v, "release mail", func(w *casework.Work) error { return d.outbox.Release(ctx, w.Tx()) })
}

func (d *Desk) changeMail(ctx context.Context, v access.Viewer, action string, fn func(*casework.Work) error) error {
	if d.outbox == nil {
		return fmt.Errorf("%s: %w", action, record.ErrNotFound)
	}
	if err := d.house.Do(ctx, v, access.ActAccounts, action, "", fn); err != nil {
		return err
	}
	d.outbox.Wake()
	return nil
}
