package signing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// DueKind is what a mail to somebody who signed says.
type DueKind string

const (
	// ToConfirm carries the link that has to be pressed.
	ToConfirm DueKind = "confirm"
	// ToldAlready says that the address has signed already; its link is that of the
	// signature that counts, or none where the address was typed differently then and
	// might be another mailbox.
	ToldAlready DueKind = "already"
)

// Due is a mail that is due. It holds what is personal and is written nowhere.
type Due struct {
	N        int64
	Petition int
	Kind     DueKind
	Lang     string
	Address  string // as typed
	Own      string // token; may be "" with ToldAlready
	Mail     string // token that ends mails
	Show     signature.Disclosure
	Updates  bool // mails about the petition were asked for
	// Message names the mail in its headers: the same at every try.
	Message [seal.TokenSize]byte
	Tries   int
	Since   time.Time
	Keep    bool // it never leaves the house
	// Due is when it is to be mailed, or given back by who has taken it. Shared says that
	// its address has had its share of mails until then. Only [Engine.PreviewDue] tells.
	Due    time.Time
	Shared bool
}

// LogValue keeps what is personal out of logs.
func (d Due) LogValue() any { return fmt.Sprintf("mail for petition %d", d.Petition) }

// TakeDue returns mails that are due, at most limit, and keeps them from
// everybody else until the instant until. A row whose address has had its share
// of mails, or whose data is destroyed, is put aside and not returned.
func (e *Engine) TakeDue(ctx context.Context, until time.Time, limit int) ([]Due, error) {
	lease := leaseOf(until)
	var waiting bool
	err := e.store.View(ctx, func(r *store.Reader) (err error) {
		waiting, err = r.AnyDue(ctx, e.minute())
		return err
	})
	if err != nil || !waiting {
		return nil, err
	}
	var out []Due
	err = e.store.Aside(ctx, func(tx *store.Tx) error {
		out = nil
		rows, err := tx.TakeDue(ctx, e.minute(), lease, limit)
		if err != nil {
			return err
		}
		var drop, later []int64
		if out, drop, later, err = e.due(ctx, &tx.Reader, rows, false); err != nil {
			return err
		}
		tomorrow := (e.hour()/24 + 1) * 24 * 60
		return errors.Join(tx.DropDue(ctx, drop), tx.PutDue(ctx, later, 0, tomorrow))
	})
	return out, err
}

// PreviewDue returns what waits to be mailed, what never leaves included, without
// taking it.
func (e *Engine) PreviewDue(ctx context.Context, limit int) ([]Due, error) {
	var out []Due
	err := e.store.View(ctx, func(r *store.Reader) error {
		rows, err := r.DueRows(ctx, limit)
		if err != nil {
			return err
		}
		out, _, _, err = e.due(ctx, r, rows, true)
		return err
	})
	return out, err
}

// due works out what each row's mail says; drop are those that get none, later
// those whose address has had its share of the day or whose mail cannot be read. One
// row that is in a bad way keeps nobody else's mail back. A preview holds those who have had
// their share of the day too.
func (e *Engine) due(ctx context.Context, r *store.Reader, rows []store.Signature, preview bool) (out []Due, drop, later []int64, err error) {
	addrs := map[int][][]byte{}
	for _, s := range rows {
		if s.Addr != nil {
			addrs[s.Petition] = append(addrs[s.Petition], s.Addr)
		}
	}
	mailed := map[int]map[string]store.Mailed{}
	unknown := map[int]bool{}
	var confirmed []int64
	for p, list := range addrs {
		terms, err := e.registry.Terms(ctx, p)
		if errors.Is(err, record.ErrNotFound) {
			unknown[p] = true
			continue
		}
		if err != nil {
			return nil, nil, nil, err
		}
		if mailed[p], err = r.Mailed(ctx, p, list, terms.Reconsent, e.hour()/24*24); err != nil {
			return nil, nil, nil, err
		}
		for _, m := range mailed[p] {
			if m.Confirmed != 0 {
				confirmed = append(confirmed, m.Confirmed)
			}
		}
	}
	standing, err := r.Signatures(ctx, confirmed...)
	if err != nil {
		return nil, nil, nil, err
	}
	rules := e.rules.Load()
	for i := range rows {
		s := &rows[len(rows)-1-i] // the newest has its mail before those that others may have made
		if unknown[s.Petition] {
			continue // until its lease has run out: it may be so new that only another process knows it
		}
		m := mailed[s.Petition][string(s.Addr)]
		shared := false
		if s.Tries == 0 && s.Due < neverLeaves && s.Addr != nil {
			if rules.MailsPerAddress > 0 && m.Mails >= rules.MailsPerAddress {
				drop = append(drop, s.N)
				continue
			}
			if rules.MailsPerDay > 0 && m.Lately >= rules.MailsPerDay {
				later = append(later, s.N)
				if shared = preview; !preview {
					continue
				}
			}
			// Rows that are mailed together for the first time count for each other.
			m.Mails, m.Lately = m.Mails+1, m.Lately+1
			mailed[s.Petition][string(s.Addr)] = m
		}
		d, ok, err := e.dueOf(ctx, s, m, standing[m.Confirmed].Who)
		if errors.Is(err, seal.ErrBox) {
			// Another key than it was taken with, or damage: nobody else's mail waits for it.
			e.log.Error("a mail that is due cannot be read and waits for a day", "petition", s.Petition)
			later = append(later, s.N)
			continue
		}
		if err != nil {
			return nil, nil, nil, err
		}
		if !ok {
			drop = append(drop, s.N)
			continue
		}
		if preview && !d.Keep {
			if d.Due = time.Unix(s.Due*60, 0).UTC(); shared {
				d.Due, d.Shared = time.Unix((e.hour()/24+1)*24*3600, 0).UTC(), true
			}
		}
		out = append(out, d)
	}
	slices.Reverse(out)
	return out, drop, later, nil
}

// dueOf works out one mail. who is that of the signature of its address that
// stands.
func (e *Engine) dueOf(ctx context.Context, s *store.Signature, m store.Mailed, who []byte) (Due, bool, error) {
	if s.State != signature.Pending || s.Mail == nil || s.Addr == nil {
		return Due{}, false, nil
	}
	terms, err := e.registry.Terms(ctx, s.Petition)
	if err != nil {
		return Due{}, false, err
	}
	key, err := e.keys.Petition(s.Petition)
	if errors.Is(err, seal.ErrDestroyed) {
		return Due{}, false, nil
	}
	if err != nil {
		return Due{}, false, err
	}
	address, err := key.Unbox(useMail, s.Mail)
	if err != nil {
		return Due{}, false, fmt.Errorf("read the address of a mail that is due: %w", err)
	}
	house := e.keys.House()
	d := Due{
		N: s.N, Petition: s.Petition, Kind: ToConfirm, Lang: s.Lang, Address: string(address),
		Own: house.Token(s.N, s.Petition, seal.ForOwn), Mail: house.Token(s.N, s.Petition, seal.ForMail), Message: house.Key(s.N, s.Petition, seal.ForMessage),
		Show: s.Show, Updates: s.Updates, Tries: s.Tries, Since: time.Unix(s.Hour*3600, 0).UTC(), Keep: s.Due >= neverLeaves,
	}
	// A signature for a text of before is made good by one for the text in force.
	renews := !m.Counts && s.Edition >= terms.Reconsent
	if m.Confirmed != 0 && !terms.Household && !renews {
		d.Kind, d.Own = ToldAlready, ""
		if len(who) > seal.NameSize && bytes.Equal(who[seal.NameSize:], key.Typed(string(address))) {
			d.Own = house.Token(m.Confirmed, s.Petition, seal.ForOwn)
		}
	}
	return d, true, nil
}

// leaseOf is the minute that stands in a row which [Engine.TakeDue] has taken
// until an instant; 0 for the zero instant.
func leaseOf(until time.Time) int64 {
	if until.IsZero() {
		return 0
	}
	return until.Unix()/60 + 1
}

// MailSent notes that mails of rows were sent, whoever holds them by now.
func (e *Engine) MailSent(ctx context.Context, numbers []int64) error {
	return e.store.Aside(ctx, func(tx *store.Tx) error { return tx.MailTried(ctx, numbers, e.hour(), 0, 0) })
}

// MailTried notes that mails of rows could not be sent and are to be tried again
// at an instant. lease is the instant given to [Engine.TakeDue]: rows that
// somebody else has taken since stay as they are.
func (e *Engine) MailTried(ctx context.Context, numbers []int64, lease, again time.Time) error {
	return e.store.Aside(ctx, func(tx *store.Tx) error {
		return tx.MailTried(ctx, numbers, e.hour(), leaseOf(lease), again.Unix()/60+1)
	})
}

// MailFailed notes that mails of rows cannot be delivered and are not tried again.
// lease is as in [Engine.MailTried].
func (e *Engine) MailFailed(ctx context.Context, numbers []int64, lease time.Time) error {
	return e.store.Aside(ctx, func(tx *store.Tx) error {
		return tx.MailTried(ctx, numbers, e.hour(), leaseOf(lease), store.Undeliverable)
	})
}

// MailUntried gives rows back whose mail was taken and not tried, due at an
// instant. lease is as in [Engine.MailTried].
func (e *Engine) MailUntried(ctx context.Context, numbers []int64, lease, due time.Time) error {
	return e.store.Aside(ctx, func(tx *store.Tx) error { return tx.PutDue(ctx, numbers, leaseOf(lease), due.Unix()/60) })
}

// MailBounced notes that a mail that was sent to a row came back.
func (e *Engine) MailBounced(ctx context.Context, n int64) error {
	return e.store.Aside(ctx, func(tx *store.Tx) error { return tx.MailBounced(ctx, []int64{n}) })
}

// MessageOf returns the row that a name in a mail's headers was made for.
func (e *Engine) MessageOf(message [seal.TokenSize]byte) (n int64, petition int, err error) {
	return e.keys.House().OpenKey(message, seal.ForMessage)
}

// Recipient is a signer who asked for updates.
type Recipient struct {
	N        int64
	Petition int
	Lang     string
	Address  string
	Own      string
	Mail     string
	Message  [seal.TokenSize]byte
}

// LogValue keeps what is personal out of logs.
func (r Recipient) LogValue() any { return fmt.Sprintf("signer of petition %d", r.Petition) }

// Tell hands an update with a number to the next signers who asked for updates and
// had confirmed by the end of the hour of an instant, at most limit, and returns
// how many those were. add puts the mail into the
// outbox in the same transaction that notes it, so that each signer is told once
// whatever is killed in between; updates of a petition are numbered upwards.
func (e *Engine) Tell(ctx context.Context, petition int, update int64, by time.Time, limit int, add func(ctx context.Context, tx *store.Tx, to Recipient) error) (told int, err error) {
	key, err := e.keys.Petition(petition)
	if err != nil {
		return 0, err
	}
	house := e.keys.House()
	err = e.store.Aside(ctx, func(tx *store.Tx) error {
		told = 0
		if err := tx.LockPetitions(ctx, petition); err != nil {
			return err
		}
		rows, err := tx.ToTell(ctx, petition, update, by.Unix()/3600, limit)
		if err != nil {
			return err
		}
		numbers := make([]int64, 0, len(rows))
		for _, s := range rows {
			numbers = append(numbers, s.N)
			if s.Mail == nil {
				continue
			}
			address, err := key.Unbox(useMail, s.Mail)
			if err != nil {
				// Nobody can write to it with this key, and the others do not wait for it.
				e.log.Error("the address of a signer cannot be read: no update is sent", "petition", petition)
				continue
			}
			to := Recipient{
				N: s.N, Petition: petition, Lang: s.Lang, Address: string(address),
				Own: house.Token(s.N, petition, seal.ForOwn), Mail: house.Token(s.N, petition, seal.ForMail), Message: house.Key(s.N, petition, seal.ForMessage),
			}
			if err := add(ctx, tx, to); err != nil {
				return err
			}
		}
		told = len(rows)
		return tx.Told(ctx, numbers, update)
	})
	return told, err
}
