package petitions

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// Letters are the mails that signatures themselves are due: the link that
// confirms one, or word that an address has signed already. They are a state of
// the row, so that a signature and its mail are one durable fact. It is a
// [mail.Source].
type Letters struct {
	engine *signing.Engine
	store  *store.Store
	url    string
}

// NewLetters makes the source of an engine's mails. url is the public address
// without a slash at its end.
func NewLetters(e *signing.Engine, s *store.Store, url string) *Letters {
	return &Letters{engine: e, store: s, url: url}
}

// LettersName is the name under which [Letters] join the outbox.
const LettersName = "sign"

// Due implements [mail.Source].
func (s *Letters) Due(ctx context.Context, _, until time.Time, maxLane mail.Lane, limit int) ([]mail.Pending, error) {
	if maxLane < mail.LaneConfirm {
		return nil, nil
	}
	due, err := s.engine.TakeDue(ctx, until, limit)
	if err != nil {
		return nil, err
	}
	return s.write(ctx, due)
}

// Preview implements [mail.Source].
func (s *Letters) Preview(ctx context.Context, limit int) ([]mail.Pending, error) {
	due, err := s.engine.PreviewDue(ctx, limit)
	if err != nil {
		return nil, err
	}
	return s.write(ctx, due)
}

// Wanted implements [mail.Source].
func (s *Letters) Wanted(ctx context.Context, id string) (bool, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return false, fmt.Errorf("see whether a mail is still wanted: %w", err)
	}
	return s.engine.MailWanted(ctx, n)
}

// Settle implements [mail.Source].
func (s *Letters) Settle(ctx context.Context, id string, o mail.Outcome) error {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("note what became of a mail: %w", err)
	}
	rows := []int64{n}
	switch o.Result {
	case mail.Later:
		return s.engine.MailTried(ctx, rows, o.Lease, o.Due)
	case mail.Untried:
		due := o.Due
		if due.IsZero() {
			due = o.At
		}
		return s.engine.MailUntried(ctx, rows, o.Lease, due)
	case mail.Failed:
		return s.engine.MailFailed(ctx, rows, o.Lease)
	}
	return s.engine.MailSent(ctx, rows)
}

// Bounced implements [mail.Source]. A signature whose confirmation cannot be
// delivered stays unconfirmed and is counted for its organisers. Whoever has pressed
// its link and then complained of the mail is told no updates.
func (s *Letters) Bounced(ctx context.Context, key string, _ int, code string) (bool, error) {
	message, ok := messageKey(key)
	if !ok {
		return false, nil
	}
	n, _, err := s.engine.MessageOf(message)
	if err != nil {
		return false, nil
	}
	if err := s.engine.MailBounced(ctx, n); err != nil || !mail.Nobody(code) {
		return true, err
	}
	return true, s.engine.EndUpdates(ctx, message)
}

// write makes the messages. A petition is looked up once.
func (s *Letters) write(ctx context.Context, due []signing.Due) ([]mail.Pending, error) {
	if len(due) == 0 {
		return nil, nil
	}
	about := map[int]*record.Petition{}
	err := s.store.View(ctx, func(r *store.Reader) error {
		for i := range due {
			n := due[i].Petition
			if about[n] != nil {
				continue
			}
			p, err := r.PetitionByNumber(ctx, access.House(), n)
			if err != nil {
				return fmt.Errorf("the petition of a mail: %w", err)
			}
			about[n] = p.Rec
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]mail.Pending, len(due))
	for i := range due {
		d := &due[i]
		out[i] = mail.Pending{
			ID: strconv.FormatInt(d.N, 10), Key: mail.EncodeKey(d.Message[:]), Kind: string(d.Kind), Lane: mail.LaneConfirm,
			Tries: d.Tries, Made: d.Since, Keep: d.Keep, Due: d.Due, Shared: d.Shared, Message: s.letter(d, about[d.Petition]),
		}
	}
	return out, nil
}

// letter writes one mail. It is the same at every try.
func (s *Letters) letter(d *signing.Due, p *record.Petition) mail.Message {
	l := lang.For(d.Lang)
	link := ownLink(s.url, l, d.Own)
	title := p.Title.In(l.Tag()).Text
	var m mail.Message
	if d.Kind == signing.ToldAlready {
		if d.Own == "" {
			link = ""
		}
		m = mail.Already{To: d.Address, Petition: title, Link: link}.Message(l)
	} else {
		m = mail.Confirm{
			To: d.Address, Petition: title, Link: link, Updates: d.Updates,
			Public: mail.Shown(d.Show.Public.String()), Organiser: mail.Shown(d.Show.Organiser.String()), Addressee: mail.Shown(d.Show.Addressee.String()),
		}.Message(l)
	}
	m.Date = d.Since
	return m
}
