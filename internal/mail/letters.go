package mail

import (
	"html"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
)

// The letters of the house. Each is plain words in the reader's language with at
// most two links, no picture and nothing that tells when it was read. A subject
// says nothing of what the letter is about: it stands on locked screens and in
// mailboxes that families share.

// Shown is how much of a signer one kind of reader sees.
type Shown string

// The levels, as forms name them.
const (
	ShownName     Shown = "name"
	ShownInitials Shown = "initials"
	ShownCount    Shown = "count"
)

// Confirm asks for the press of a button that makes a signature count.
type Confirm struct {
	To       string
	Petition string // its title in the letter's language
	Link     string
	// Public, Organiser and Addressee are what each will see once it is confirmed,
	// "" for all of them to leave that out.
	Public, Organiser, Addressee Shown
	// Updates is whether mails about the petition were asked for.
	Updates bool
}

// Message writes the letter.
func (c Confirm) Message(l *lang.Printer) Message {
	parts := []string{
		l.T("mail.confirm.what"), l.T("mail.confirm.press"), c.Link, l.T("mail.confirm.about", "petition", c.Petition),
	}
	if c.Public != "" && c.Organiser != "" && c.Addressee != "" {
		parts = append(parts, strings.Join([]string{
			l.T("mail.confirm.sees"),
			l.T("mail.confirm.sees_line", "who", l.T("sign.disclosure_public"), "what", l.T("sign.level."+string(c.Public))),
			l.T("mail.confirm.sees_line", "who", l.T("sign.disclosure_organiser"), "what", l.T("sign.level."+string(c.Organiser))),
			l.T("mail.confirm.sees_line", "who", l.T("sign.disclosure_addressee"), "what", l.T("sign.level."+string(c.Addressee))),
		}, "\n"))
	}
	if c.Updates {
		parts = append(parts, l.T("mail.confirm.updates"))
	}
	parts = append(parts, l.T("mail.confirm.keep"), l.T("mail.confirm.not_you"))
	return compose(l, c.To, l.T("mail.confirm.subject"), parts)
}

// Already tells an address that it has signed already.
type Already struct {
	To       string
	Petition string
	Link     string // of the signature that counts; "" where it must not be told
}

// Message writes the letter.
func (a Already) Message(l *lang.Printer) Message {
	parts := []string{l.T("mail.already.what"), l.T("mail.already.press"), a.Link}
	if a.Link == "" {
		parts = []string{l.T("mail.already.what"), l.T("mail.already.unlinked")}
	}
	parts = append(parts, l.T("mail.already.about", "petition", a.Petition), l.T("mail.already.keep"), l.T("mail.already.not_you"))
	return compose(l, a.To, l.T("mail.already.subject"), parts)
}

// Asked gives the holder of an address the links of what stands under it, because
// somebody asked an organiser about their own signature.
type Asked struct {
	To       string
	Petition string
	Links    []string // one for each signature of the address
}

// Message writes the letter.
func (a Asked) Message(l *lang.Printer) Message {
	parts := append([]string{l.T("mail.asked.what"), l.T("mail.asked.press")}, a.Links...)
	parts = append(parts, l.T("mail.already.about", "petition", a.Petition), l.T("mail.already.not_you"))
	return compose(l, a.To, l.T("mail.asked.subject"), parts)
}

// Paper tells an address that stood on a sheet of paper that it is counted.
type Paper struct {
	To       string
	Petition string
	Link     string // shows, changes and withdraws the signature
}

// Message writes the letter.
func (p Paper) Message(l *lang.Printer) Message {
	return compose(l, p.To, l.T("mail.paper.subject"), []string{
		l.T("mail.paper.what"), l.T("mail.already.about", "petition", p.Petition), l.T("mail.asked.press"), p.Link, l.T("mail.paper.not_you"),
	})
}

// Update tells a signer who asked for it what became of a petition.
type Update struct {
	To       string
	Petition string
	Words    string // the organisers', in paragraphs
	Page     string // the petition's address
	Own      string // shows, changes and withdraws the signature; "" for an organisation's
	// Unsubscribe ends such mails: by a button when it is opened, at once when a
	// mail program posts to it (RFC 8058).
	Unsubscribe string
}

// Message writes the letter.
func (u Update) Message(l *lang.Printer) Message {
	parts := []string{l.T("mail.update.what", "petition", u.Petition)}
	for p := range strings.SplitSeq(strings.ReplaceAll(u.Words, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	parts = append(parts, l.T("mail.update.page"), u.Page)
	if u.Own != "" {
		parts = append(parts, l.T("mail.update.own"), u.Own)
	}
	parts = append(parts, l.T("mail.update.stop"), u.Unsubscribe)
	m := compose(l, u.To, l.T("mail.update.subject"), parts)
	m.Unsubscribe = u.Unsubscribe
	return m
}

// Mandate asks a representative to confirm that an organisation signs.
type Mandate struct {
	To           string
	Organisation string
	Petition     string
	Link         string
	// Updates is whether mails about the petition were asked for.
	Updates bool
}

// Message writes the letter.
func (m Mandate) Message(l *lang.Printer) Message {
	parts := []string{l.T("mail.mandate.what", "organisation", m.Organisation, "petition", m.Petition), l.T("mail.mandate.press"), m.Link}
	if m.Updates {
		parts = append(parts, l.T("mail.confirm.updates"))
	}
	return compose(l, m.To, l.T("mail.mandate.subject"), append(parts, l.T("mail.mandate.keep"), l.T("mail.mandate.not_you")))
}

// MandateUpdates asks a representative to confirm that they want to be kept informed, where their
// organisation was proved otherwise than by their address.
type MandateUpdates struct {
	To           string
	Organisation string
	Petition     string
	Link         string
}

// Message writes the letter.
func (m MandateUpdates) Message(l *lang.Printer) Message {
	return compose(l, m.To, l.T("mail.mandate.updates_subject"), []string{
		l.T("mail.mandate.updates_what", "organisation", m.Organisation, "petition", m.Petition), l.T("mail.mandate.updates_press"), m.Link,
		l.T("mail.mandate.keep"), l.T("mail.mandate.updates_not_you"),
	})
}

// Approve asks a co-initiator to agree with a version before it opens.
type Approve struct {
	To       string
	Petition string
	Version  int
	Link     string
}

// Message writes the letter.
func (a Approve) Message(l *lang.Printer) Message {
	return compose(l, a.To, l.T("mail.approve.subject"), []string{
		l.T("mail.approve.what", "petition", a.Petition, "version", a.Version), l.T("mail.approve.press"), a.Link, l.T("mail.approve.not_you"),
	})
}

// Answer gives an addressee the link under which it can reply once, unedited.
type Answer struct {
	To        string
	Petition  string
	Reference string
	Link      string
}

// Message writes the letter.
func (a Answer) Message(l *lang.Printer) Message {
	return compose(l, a.To, l.T("mail.answer.subject", "reference", a.Reference), []string{
		l.T("mail.answer.what", "petition", a.Petition, "reference", a.Reference), l.T("mail.answer.press"), a.Link, l.T("mail.answer.public"),
	})
}

// compose writes paragraphs as text and as HTML. A paragraph that is nothing but
// an address is a link; lines within a paragraph stay lines.
func compose(l *lang.Printer, to, subject string, parts []string) Message {
	var page strings.Builder
	tag := html.EscapeString(l.Tag())
	page.WriteString(`<!doctype html><html lang="` + tag + `" dir="` + l.Dir() + `"><head><meta charset="utf-8"><title>` + html.EscapeString(subject) +
		`</title></head><body style="font-family:Georgia,'Noto Naskh Arabic',serif;font-size:17px;line-height:1.6;max-width:34em">`)
	for _, p := range parts {
		text := html.EscapeString(p)
		if link(p) {
			text = `<a href="` + text + `" dir="ltr">` + text + `</a>`
		} else {
			text = strings.ReplaceAll(text, "\n", "<br>")
		}
		// The direction stands on each paragraph too: many mail programs drop html
		// and body.
		page.WriteString(`<p dir="` + l.Dir() + `">` + text + `</p>`)
	}
	page.WriteString("</body></html>")
	return Message{To: to, Subject: subject, Text: strings.Join(parts, "\n\n") + "\n", HTML: page.String(), Lang: l.Tag()}
}

func link(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \n\t\"<>")
}

// Remind tells an organiser what became due or silent, or waits to be read.
type Remind struct {
	To    string
	Lines []string
	More  int // further ones that the desk lists
	Link  string
}

// Message writes the letter.
func (r Remind) Message(l *lang.Printer) Message {
	parts := append([]string{l.T("mail.remind.what")}, r.Lines...)
	if r.More > 0 {
		parts = append(parts, l.T("mail.remind.more", "n", r.More))
	}
	return compose(l, r.To, l.T("mail.remind.subject"), append(parts, l.T("mail.remind.see"), r.Link, l.T("mail.remind.own")))
}
