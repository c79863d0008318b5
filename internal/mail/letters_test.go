package mail

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/gawah-project/gawah/internal/lang"
)

const plantedTitle = "Testfall title <b>&\nBcc: x@example.net"

func letters(l *lang.Printer) map[string]Message {
	const own, page, stop = "https://record.example.org/c?t=abc", "https://record.example.org/petitions/x", "https://record.example.org/u?t=def"
	to := "testfall@example.net"
	return map[string]Message{
		"confirm": Confirm{To: to, Petition: plantedTitle, Link: own, Public: ShownCount, Organiser: ShownName, Addressee: ShownInitials, Updates: true}.Message(l),
		"short":   Confirm{To: to, Petition: plantedTitle, Link: own}.Message(l),
		"already": Already{To: to, Petition: plantedTitle, Link: own}.Message(l),
		"unlink":  Already{To: to, Petition: plantedTitle}.Message(l),
		"update":  Update{To: to, Petition: plantedTitle, Words: "One.\r\n\r\nTwo <i>.\n\n\n", Page: page, Own: own, Unsubscribe: stop}.Message(l),
		"mandate": Mandate{To: to, Organisation: "Example Union", Petition: plantedTitle, Link: own}.Message(l),
		"approve": Approve{To: to, Petition: plantedTitle, Version: 2, Link: own}.Message(l),
		"answer":  Answer{To: to, Petition: plantedTitle, Reference: "EX-12", Link: own}.Message(l),
	}
}

// Every letter is whole in every language, says nothing in its subject, and says
// the same in both parts.
func TestLetters(t *testing.T) {
	for _, l := range lang.All() {
		for name, m := range letters(l) {
			if err := m.Check(); err != nil {
				t.Errorf("%s %s: %v", l.Tag(), name, err)
				continue
			}
			if strings.Contains(m.Subject, "Testfall") || strings.Contains(m.Subject, "Union") {
				t.Errorf("%s %s: the subject is %q", l.Tag(), name, m.Subject)
			}
			if name != "update" && m.Unsubscribe != "" || name == "update" && m.Unsubscribe == "" {
				t.Errorf("%s %s: unsubscribe is %q", l.Tag(), name, m.Unsubscribe)
			}
			doc, err := html.Parse(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			paragraphs := 0
			var walk func(*html.Node, bool)
			walk = func(n *html.Node, body bool) {
				attr := map[string]string{}
				for _, a := range n.Attr {
					attr[a.Key] = a.Val
				}
				switch {
				case n.Type == html.TextNode && body:
					text.WriteString(n.Data)
				case n.Type == html.ElementNode && n.Data == "html" && (attr["lang"] != l.Tag() || attr["dir"] != l.Dir()):
					t.Errorf("%s %s: html is %v", l.Tag(), name, attr)
				case n.Data == "body":
					body = true
				case n.Data == "p":
					paragraphs++
					if attr["dir"] != l.Dir() {
						t.Errorf("%s %s: a paragraph runs %q", l.Tag(), name, attr["dir"])
					}
				case n.Data == "a":
					if !strings.HasPrefix(attr["href"], "https://record.example.org/") || attr["dir"] != "ltr" {
						t.Errorf("%s %s: a link is %v", l.Tag(), name, attr)
					}
				case n.Type == html.ElementNode && !strings.Contains(" html head meta title body br ", " "+n.Data+" "):
					t.Errorf("%s %s: an element %s", l.Tag(), name, n.Data)
				}
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					walk(c, body)
				}
			}
			walk(doc, false)
			letters := func(s string) string {
				return strings.Map(func(r rune) rune {
					if unicode.IsSpace(r) {
						return -1
					}
					return r
				}, s)
			}
			if letters(text.String()) != letters(m.Text) {
				t.Errorf("%s %s: the parts differ:\n%s\n%s", l.Tag(), name, text.String(), m.Text)
			}
			if paragraphs < 4 || strings.Contains(m.Text, "[") || strings.ContainsAny(m.Text, "{}") {
				t.Errorf("%s %s: %q", l.Tag(), name, m.Text)
			}
			// English words in another language's letter are a hole in its catalogue.
			if l.Tag() != "en" {
				rest := strings.NewReplacer(plantedTitle, "", "Example Union", "", "EX-12", "").Replace(m.Text)
				for line := range strings.Lines(rest) {
					if !strings.HasPrefix(line, "https://") && !strings.HasPrefix(line, "One.") && !strings.HasPrefix(line, "Two <i>.") &&
						strings.ContainsFunc(line, func(r rune) bool { return r < 0x80 && unicode.IsLetter(r) }) && !strings.Contains(line, "Bcc:") {
						t.Errorf("%s %s: a line in English: %q", l.Tag(), name, line)
					}
				}
			}
		}
	}
}
