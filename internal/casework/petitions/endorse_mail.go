package petitions

import (
	"context"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// letter is a mail of the house on its way to the outbox.
type letter struct {
	to   string
	kind string
	lang string
	keep bool
	ends time.Time
	// subject and parts are in the language; a part that is an address alone is a
	// link.
	subject string
	parts   []string
}

// mandateLetter asks a representative to confirm. Its words are the house's, and
// the organisation's name is not in the subject, where others see it.
func (d *Desk) mandateLetter(p *record.Petition, e *endorsing, secret string) letter {
	l := lang.For(e.Lang)
	return letter{
		to: e.address.Typed, kind: "mandate", lang: l.Tag(), keep: p.Practice, ends: d.now().AddDate(0, 0, MandateDays),
		subject: l.T("mail.mandate.subject"),
		parts: []string{
			l.T("mail.mandate.what", "organisation", e.Names[0].Text, "petition", p.Title.In(l.Tag()).Text),
			l.T("mail.mandate.press"),
			d.url + l.Path() + "/petitions/" + p.Slug + "/organisation/" + secret,
			l.T("mail.mandate.keep"),
			l.T("mail.mandate.not_you"),
		},
	}
}

// post hands a letter to the outbox in a transaction.
func (d *Desk) post(ctx context.Context, tx *store.Tx, fact string, l letter) error {
	if d.outbox == nil {
		return nil
	}
	printer := lang.For(l.lang)
	var page strings.Builder
	fmt.Fprintf(&page, "<!doctype html><html lang=%q dir=%q><head><meta charset=utf-8><title>%s</title></head><body>", printer.Tag(), printer.Dir(), html.EscapeString(l.subject))
	for _, part := range l.parts {
		text := html.EscapeString(part)
		if strings.HasPrefix(part, d.url+"/") {
			text = `<a href="` + text + `">` + text + `</a>`
		}
		page.WriteString("<p>" + text + "</p>")
	}
	page.WriteString("</body></html>")
	_, err := d.outbox.Add(ctx, tx, mail.Post{
		Fact: fact, Kind: l.kind, Lane: mail.LaneNotice, Ends: l.ends, Keep: l.keep,
		Message: mail.Message{To: l.to, Subject: l.subject, Text: strings.Join(l.parts, "\n\n") + "\n", HTML: page.String(), Lang: printer.Tag()},
	})
	return err
}
