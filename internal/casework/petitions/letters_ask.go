package petitions

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// askAgreement mails the initiators who have an account and have not agreed with
// the draft as it stands. The same text is asked about once.
func (d *Desk) askAgreement(ctx context.Context, tx *store.Tx, p *record.Petition) error {
	open, err := petition.Unagreed(p)
	if err != nil || len(open) == 0 || d.outbox == nil {
		return err
	}
	hash, err := petition.DraftHash(p)
	if err != nil {
		return err
	}
	accounts, err := tx.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, i := range open {
		at := slices.IndexFunc(accounts, func(a store.Account) bool { return i.Account != "" && a.ID == i.Account && !a.Closed })
		if at < 0 {
			continue
		}
		l := lang.English() // what language an account reads is not known
		err := d.post(ctx, tx, fmt.Sprintf("approve %s %s %s", p.ID, i.Key, hash), mail.Post{
			Kind: "approve", Lane: mail.LaneNotice, Keep: p.Practice,
			Message: mail.Approve{
				To: accounts[at].Email, Petition: p.Title.In(l.Tag()).Text, Version: p.Edition + 1, Link: d.url + "/desk/petitions/" + string(p.ID) + "/check",
			}.Message(l),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AskAgreement asks the initiators who have an account, by mail, to agree with the
// draft as it is saved.
func (d *Desk) AskAgreement(ctx context.Context, v access.Viewer, id record.PetitionID) error {
	err := d.do(ctx, v, access.ActPetition, "ask for agreement", "", func(w *casework.Work) error {
		p, err := store.One[*record.Petition](ctx, &w.Tx().Reader, v, id)
		if err != nil {
			return err
		}
		if !owns(v, p.Rec) {
			return errNotOwner
		}
		return d.askAgreement(ctx, w.Tx(), p.Rec)
	})
	if err == nil && d.outbox != nil {
		d.outbox.Wake()
	}
	return err
}

// MailReplyLink replaces the reply link of a delivery and mails the new one to the
// addressee, in a language of the house. Nobody else gets to see it.
func (d *Desk) MailReplyLink(ctx context.Context, v access.Viewer, id record.DeliveryID, email, tag, reason string) error {
	address, err := signature.ParseAddress(email, nil)
	if err != nil {
		return wrong("email", "email")
	}
	if d.outbox == nil {
		return fmt.Errorf("mail: %w", record.ErrNotFound)
	}
	secret, hash, err := newCode()
	if err != nil {
		return err
	}
	err = d.do(ctx, v, access.ActPetition, "mail reply link", reason, func(w *casework.Work) error {
		r := &w.Tx().Reader
		item, err := store.One[*record.Delivery](ctx, r, v, id)
		if err != nil {
			return err
		}
		p, err := store.One[*record.Petition](ctx, r, v, item.Rec.Petition)
		if err != nil {
			return err
		}
		if !owns(v, p.Rec) {
			return errNotOwner
		}
		next, l := *item.Rec, lang.For(tag)
		next.CodeHash = hash
		if err := w.Change(&next, item.Rev); err != nil {
			return err
		}
		return d.post(ctx, w.Tx(), "answer "+hash, mail.Post{
			Kind: "answer", Lane: mail.LaneNotice, Keep: p.Rec.Practice,
			Message: mail.Answer{
				To: address.Typed, Petition: p.Rec.Title.In(l.Tag()).Text, Reference: next.Reference,
				Link: d.url + l.Path() + "/petitions/" + p.Rec.Slug + "/reply?code=" + url.QueryEscape(secret),
			}.Message(l),
		})
	})
	if err == nil {
		d.outbox.Wake()
	}
	return err
}
