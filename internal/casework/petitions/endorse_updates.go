package petitions

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
)

// The representative of an organisation may ask to be kept informed, like a signer: by a box of
// its own, and only once the address has shown that it was its holder, by the press of a link that
// went there.

// BodySubscriptions and MandateSubscriptions are the names under which representatives
// join the outbox: for the updates that they asked for, and for the letters with their
// link, which lead nowhere once the signature has ended.
const (
	BodySubscriptions    = "organisation"
	MandateSubscriptions = "mandate"
)

// JoinBodies makes an outbox ask a desk whether what waits for representatives may
// still leave.
func JoinBodies(o *mail.Outbox, d *Desk) error {
	if err := o.JoinSubscriptions(BodySubscriptions, d.Bodies()); err != nil {
		return err
	}
	return o.JoinSubscriptions(MandateSubscriptions, Bodies{desk: d, links: true})
}

const useBodyMail = "mandate mail"

// bodyToken is the secret that ends the updates of a representative. It is worked out from the
// house's key and since when they go, so that no copy of the database holds it and a new
// beginning has another.
func (d *Desk) bodyToken(m store.Mandate) string {
	return base64.RawURLEncoding.EncodeToString(d.keys.House().Tag(useBodyMail, fmt.Appendf(nil, "%s %d", m.Endorsement, m.Updates))[:16])
}

// inform begins the updates of a representative whose address has shown that it is theirs.
func (d *Desk) inform(m *store.Mandate, at int64) {
	m.Updates = at
	m.Mail = hashSecret(d.bodyToken(*m))
}

// uninform ends them, in the transaction that writes the mandate, and drops what waits.
func (d *Desk) uninform(ctx context.Context, tx *store.Tx, m *store.Mandate) error {
	if m.Informed() {
		// On the disk before the commit: a restored backup begins them with nobody again.
		if err := d.departed.Add(departed.Line{What: departed.Uninformed, Petition: m.Petition, By: m.Mail}); err != nil {
			return err
		}
	}
	m.Updates, m.Mail = 0, ""
	return d.dropBodyMail(ctx, tx, m.Endorsement)
}

func (d *Desk) dropBodyMail(ctx context.Context, tx *store.Tx, id record.EndorsementID) error {
	if d.outbox == nil {
		return nil
	}
	_, err := d.outbox.DropFor(ctx, tx, bodySubscription(id))
	return err
}

// forgetMandate forgets who represented an organisation, with every mail to them that
// was not sent.
func (d *Desk) forgetMandate(ctx context.Context, tx *store.Tx, id record.EndorsementID) error {
	if d.outbox != nil {
		if _, err := d.outbox.DropFor(ctx, tx, bodySubscription(id), mandateSubscription(id)); err != nil {
			return err
		}
	}
	return tx.DropMandate(ctx, id)
}

func mandateSubscription(id record.EndorsementID) mail.Subscription {
	return mail.Subscription{Kind: MandateSubscriptions, Key: string(id)}
}

func bodySubscription(id record.EndorsementID) mail.Subscription {
	return mail.Subscription{Kind: BodySubscriptions, Key: string(id)}
}

// settleMandate notes in a mandate that its signature is proved. Updates that were asked for begin
// where the proof came from the address itself; else a link is sent there.
func (d *Desk) settleMandate(ctx context.Context, w *casework.Work, p *record.Petition, e *record.Endorsement, m store.Mandate, byMail bool) error {
	m.Expires = 0
	switch {
	case m.Updates != store.UpdatesAsked:
	case byMail:
		d.inform(&m, w.At())
	case m.Code == "":
		secret := newSecret()
		m.Code = hashSecret(secret)
		r, err := d.unbox(m.Petition, m.Box)
		if errors.Is(err, seal.ErrDestroyed) || errors.Is(err, seal.ErrBox) {
			break
		}
		if err != nil {
			return err
		}
		l := lang.For(m.Lang)
		err = d.post(ctx, w.Tx(), "mandate updates "+string(e.ID), mail.Post{
			Kind: "mandate", Lane: mail.LaneNotice, Keep: p.Practice, Petition: p.Number, Ends: d.now().AddDate(0, 0, MandateDays), Subscription: mandateSubscription(e.ID),
			Message: mail.MandateUpdates{
				To: r.Email, Organisation: e.Names[0].Text, Petition: p.Title.In(l.Tag()).Text,
				Link: d.url + l.Path() + "/petitions/" + p.Slug + "/organisation/" + secret,
			}.Message(l),
		})
		if err != nil {
			return err
		}
	}
	return w.Tx().PutMandate(ctx, m)
}

// UpdatesByMail begins or ends the updates of a representative, by the mailed link. They begin
// only for an organisation whose signature is proved.
func (d *Desk) UpdatesByMail(ctx context.Context, secret string, on bool) error {
	return d.store.Write(ctx, func(tx *store.Tx) error {
		m, item, err := mandated(ctx, &tx.Reader, byCode(secret))
		if err != nil {
			return err
		}
		switch {
		case !on:
			err = d.uninform(ctx, tx, &m)
		case m.Informed():
			return nil
		case item.Rec.Proof == nil:
			return wrong("updates", "petition_state")
		default:
			d.inform(&m, d.micros())
		}
		if err != nil {
			return err
		}
		return tx.PutMandate(ctx, m)
	})
}

// BodyUpdates reports whether the secret of a mail still ends updates: [record.ErrNotFound] where
// it does not.
func (d *Desk) BodyUpdates(ctx context.Context, token string) error {
	return d.view(ctx, func(r *store.Reader) error {
		_, err := r.MandateByMail(ctx, hashSecret(token))
		return err
	})
}

// StopBodyUpdates ends the updates of a representative, by the secret that is in each of them. The
// signature stays.
func (d *Desk) StopBodyUpdates(ctx context.Context, token string) error {
	_, err := d.stopBody(ctx, func(r *store.Reader) (store.Mandate, error) { return r.MandateByMail(ctx, hashSecret(token)) })
	return err
}

func (d *Desk) stopBody(ctx context.Context, find func(*store.Reader) (store.Mandate, error)) (ended bool, err error) {
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		ended = false
		m, err := find(&tx.Reader)
		if err != nil {
			return err
		}
		if ended = m.Updates != 0; !ended {
			return nil
		}
		if err := d.uninform(ctx, tx, &m); err != nil {
			return err
		}
		return tx.PutMandate(ctx, m)
	})
	return ended, err
}

// settleUninformed ends again what a backup brought back.
func (d *Desk) settleUninformed(ctx context.Context, hash string) (int64, error) {
	var n int64
	err := d.store.Write(ctx, func(tx *store.Tx) error {
		n = 0
		m, err := tx.MandateByMail(ctx, hash)
		if errors.Is(err, record.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m.Updates, m.Mail, n = 0, "", 1
		if err := d.dropBodyMail(ctx, tx, m.Endorsement); err != nil {
			return err
		}
		return tx.PutMandate(ctx, m)
	})
	return n, err
}

// Bodies are the representatives who are kept informed, as the outbox asks of them. They are a
// [mail.Subscriptions].
type Bodies struct {
	desk  *Desk
	links bool // it is about the letters with their link
}

// Bodies are those of a desk.
func (d *Desk) Bodies() Bodies { return Bodies{desk: d} }

// Holds implements [mail.Subscriptions].
func (b Bodies) Holds(ctx context.Context, id string) (held bool, err error) {
	err = b.desk.store.View(ctx, func(r *store.Reader) error {
		m, err := r.MandateOf(ctx, record.EndorsementID(id))
		if held = err == nil && (m.Informed() || b.links); errors.Is(err, record.ErrNotFound) {
			return nil
		}
		return err
	})
	return held, err
}

// End implements [mail.Subscriptions].
func (b Bodies) End(ctx context.Context, id string) error {
	_, err := b.desk.stopBody(ctx, func(r *store.Reader) (store.Mandate, error) { return r.MandateOf(ctx, record.EndorsementID(id)) })
	if errors.Is(err, record.ErrNotFound) {
		return nil
	}
	return err
}

// tell hands an update over for the next representatives who asked for updates by then and whose
// organisation is listed, and returns how many it has dealt with.
func (b Bodies) tell(ctx context.Context, t telling, limit int) (n int, err error) {
	d := b.desk
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		list, err := tx.MandatesToTell(ctx, t.petition.Number, int64(t.update.Number), t.update.Made, limit)
		if err != nil {
			return err
		}
		n = len(list)
		for _, m := range list {
			if err := tx.MandateTold(ctx, m.Endorsement, int64(t.update.Number)); err != nil {
				return err
			}
			e, err := store.One[*record.Endorsement](ctx, &tx.Reader, access.House(), m.Endorsement)
			if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) || err == nil && e.Rec.State != record.EndorsementConfirmed {
				continue
			}
			if err != nil {
				return err
			}
			r, err := d.unbox(m.Petition, m.Box)
			if errors.Is(err, seal.ErrDestroyed) || errors.Is(err, seal.ErrBox) {
				continue
			}
			if err != nil {
				return err
			}
			if _, err := d.outbox.Add(ctx, tx, mail.Post{
				Fact: fmt.Sprintf("update %s %s", t.update.ID, m.Endorsement), Kind: "update", Lane: mail.LaneUpdate, Keep: t.petition.Practice,
				Petition: t.petition.Number, Message: d.bodyLetter(t, m, r.Email), Subscription: bodySubscription(m.Endorsement), Matter: updateMatter(t.update.ID),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("tell the organisations under petition %d: %w", t.petition.Number, err)
	}
	return n, nil
}

func (d *Desk) bodyLetter(t telling, m store.Mandate, to string) mail.Message {
	l := lang.For(m.Lang)
	letter := mail.Update{
		To: to, Petition: t.petition.Title.In(l.Tag()).Text, Words: t.update.Words.In(l.Tag()).Text,
		Page: d.url + l.Path() + "/petitions/" + t.petition.Slug, Unsubscribe: d.url + l.Path() + "/o/" + d.bodyToken(m),
	}.Message(l)
	letter.Date = time.UnixMicro(t.update.Made).UTC()
	return letter
}
