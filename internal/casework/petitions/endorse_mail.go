package petitions

import (
	"context"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// mandateLetter asks a representative to confirm.
func (d *Desk) mandateLetter(p *record.Petition, e *endorsing, id record.EndorsementID, secret string) mail.Post {
	l := lang.For(e.Lang)
	return mail.Post{
		Kind: "mandate", Lane: mail.LaneNotice, Keep: p.Practice, Petition: p.Number, Ends: d.now().AddDate(0, 0, MandateDays), Subscription: mandateSubscription(id),
		Message: mail.Mandate{
			To: e.address.Typed, Organisation: e.Names[0].Text, Petition: p.Title.In(l.Tag()).Text,
			Link: d.url + l.Path() + "/petitions/" + p.Slug + "/organisation/" + secret, Updates: e.Updates,
		}.Message(l),
	}
}

// post hands a letter to the outbox in a transaction. The same fact is told once.
func (d *Desk) post(ctx context.Context, tx *store.Tx, fact string, p mail.Post) error {
	if d.outbox == nil {
		return nil
	}
	p.Fact = fact
	_, err := d.outbox.Add(ctx, tx, p)
	return err
}
