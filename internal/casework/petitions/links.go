package petitions

import "github.com/gawah-project/gawah/internal/lang"

// ownLink is the address of a signer's own page. It says nothing but the token:
// which petition somebody has signed is no business of the history of a browser,
// nor of programs that look at the links in mail.
func ownLink(site string, l *lang.Printer, token string) string {
	return site + l.Path() + "/s/" + token
}

// mailLink is the address that only ends mails.
func mailLink(site string, l *lang.Printer, token string) string {
	return ownLink(site, l, token) + "/unsubscribe"
}
