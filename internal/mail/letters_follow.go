package mail

import "github.com/gawah-project/gawah/internal/lang"

// Follow asks the holder of an address whether they want to hear of something, or
// tells them that they do already.
type Follow struct {
	To      string
	What    string // in the letter's language
	Link    string
	Already bool
}

// Message writes the letter.
func (f Follow) Message(l *lang.Printer) Message {
	if f.Already {
		return compose(l, f.To, l.T("mail.follow.subject"), []string{
			l.T("mail.follow.already", "what", f.What), l.T("mail.follow.end"), f.Link, l.T("mail.follow.not_you"),
		})
	}
	return compose(l, f.To, l.T("mail.follow.subject"), []string{
		l.T("mail.follow.what", "what", f.What), l.T("mail.follow.press"), f.Link, l.T("mail.follow.keep"), l.T("mail.follow.not_you"),
	})
}

// News tells a follower what became of what they follow.
type News struct {
	To    string
	What  string // that they follow, in the letter's language
	Lines []string
	More  int // further ones that the page has
	Page  string
	// Unsubscribe ends such mails: by a button when it is opened, at once when a
	// mail program posts to it (RFC 8058).
	Unsubscribe string
}

// Message writes the letter.
func (n News) Message(l *lang.Printer) Message {
	parts := append([]string{l.T("mail.news.what", "what", n.What)}, n.Lines...)
	if n.More > 0 {
		parts = append(parts, l.T("mail.news.more", "n", n.More))
	}
	parts = append(parts, l.T("mail.update.page"), n.Page, l.T("mail.update.stop"), n.Unsubscribe)
	m := compose(l, n.To, l.T("mail.update.subject"), parts)
	m.Unsubscribe = n.Unsubscribe
	return m
}
