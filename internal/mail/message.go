package mail

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// Message is one mail to one person. The sender's address is the house's.
type Message struct {
	// To is the bare address: local@domain.
	To string `json:"to"`
	// FromName is what stands before the sender's address, "" for nothing.
	FromName string `json:"from_name,omitempty"`
	// ReplyTo is a bare address, "" for the sender's.
	ReplyTo string `json:"reply_to,omitempty"`
	Subject string `json:"subject"`
	// Text and HTML say the same; HTML is a whole document.
	Text string `json:"text"`
	HTML string `json:"html,omitempty"`
	// Lang is a BCP 47 tag.
	Lang string `json:"lang"`
	// Unsubscribe is the https address that ends such mail by a POST of
	// "List-Unsubscribe=One-Click" without anything else (RFC 8058), "" for mail
	// that is not one of many.
	Unsubscribe string `json:"unsubscribe,omitempty"`
	// Date is printed in the header; zero for the moment of sending. Set it where a
	// message that is sent again has to be the same to the byte.
	Date time.Time `json:"date,omitzero"`
}

// Sizes beyond which a message is not one of ours.
const (
	maxAddress = 254 // RFC 5321, 4.5.3.1.3 with erratum 1690
	maxHeading = 500
	maxBody    = 1 << 20
)

// ErrMessage means that a message cannot be sent as it is.
var ErrMessage = errors.New("the message cannot be sent")

// Check reports what keeps a message from being sent, without repeating any of
// it.
func (m *Message) Check() error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrMessage, what) }
	if _, err := wire(m.To); err != nil {
		return bad("the recipient's address is not one")
	}
	if m.ReplyTo != "" {
		if _, err := wire(m.ReplyTo); err != nil {
			return bad("the address for answers is not one")
		}
	}
	for _, h := range []struct{ name, text string }{{"subject", m.Subject}, {"sender's name", m.FromName}, {"language", m.Lang}} {
		if !heading(h.text) {
			return bad("the " + h.name + " is too long or has a line break or control character")
		}
	}
	if m.Subject == "" || m.Text == "" {
		return bad("it has no subject or no text")
	}
	if len(m.Text) > maxBody || len(m.HTML) > maxBody || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML) ||
		strings.ContainsRune(m.Text, 0) || strings.ContainsRune(m.HTML, 0) {
		return bad("its text is too long or not UTF-8")
	}
	if m.Unsubscribe != "" {
		u, err := url.Parse(m.Unsubscribe)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(m.Unsubscribe) > maxHeading || strings.ContainsAny(m.Unsubscribe, "<> \t") || !heading(m.Unsubscribe) {
			return bad("the address to unsubscribe is not one")
		}
	}
	return nil
}

// heading reports whether s can be the value of a header field. Formatting
// characters stay: the right-to-left scripts need them.
func heading(s string) bool {
	return len(s) <= maxHeading && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}

var errAddress = errors.New("not a mail address")

// wire returns an address as it goes over SMTP: its domain in ASCII.
func wire(address string) (string, error) {
	if len(address) > maxAddress || !heading(address) || strings.ContainsAny(address, " <>") {
		return "", errAddress
	}
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != address {
		return "", errAddress
	}
	at := strings.LastIndexByte(address, '@')
	if address[at+1:] == "" || address[at+1] == '[' {
		return "", errAddress
	}
	host, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", errAddress
	}
	return address[:at+1] + host, nil
}

// hostOf returns an address's domain in ASCII and small letters, "" for what is
// no address.
func hostOf(address string) string {
	a, err := wire(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(a[strings.LastIndexByte(a, '@')+1:])
}

// ref names a message to the outside: in its Message-ID and, where bounces have
// an address of their own, in the sender of its envelope.
type ref struct {
	source string
	key    string
	part   int
}

// storedSource is the name of the outbox itself among the sources.
const storedSource = "o"

func (r ref) String() string { return fmt.Sprintf("%s.%s.%d", r.source, r.key, r.part) }

// maxKey keeps a mark within an address's 64 characters before the @.
const maxKey = 32

func (r ref) valid() bool {
	return r.key != "" && len(r.key) <= maxKey && r.part >= 0 && strings.Trim(r.key, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func (r ref) messageID(from string) string { return r.String() + "@" + hostOf(from) }

// envelope is who a message comes from.
type envelope struct {
	from    string // bare address
	name    string // before it, unless the message has its own
	bounces string // bare address; "" for from
}

// build writes the message as MIME. Two calls with the same arguments give the
// same bytes.
func (m *Message) build(e envelope, r ref, now time.Time) (*gomail.Msg, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	to, err := wire(m.To)
	if err != nil {
		return nil, err
	}
	from, err := wire(e.from)
	if err != nil {
		return nil, fmt.Errorf("%w: the sender's address is not one", ErrMessage)
	}
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("gawah-"+r.key+"-b"), gomail.WithEncoding(gomail.EncodingQP))
	name := m.FromName
	if name == "" {
		name = e.name
	}
	if err := g.FromFormat(name, from); err != nil {
		return nil, fmt.Errorf("%w: the sender's address is not one", ErrMessage)
	}
	if e.bounces != "" {
		back, err := wire(e.bounces)
		if err != nil {
			return nil, fmt.Errorf("%w: the address for bounces is not one", ErrMessage)
		}
		at := strings.LastIndexByte(back, '@')
		if err := g.EnvelopeFrom(back[:at] + "+" + r.String() + back[at:]); err != nil {
			return nil, fmt.Errorf("%w: the address for bounces is not one", ErrMessage)
		}
	}
	if err := g.To(to); err != nil {
		return nil, fmt.Errorf("%w: the recipient's address is not one", ErrMessage)
	}
	if m.ReplyTo != "" {
		if err := g.ReplyTo(m.ReplyTo); err != nil {
			return nil, fmt.Errorf("%w: the address for answers is not one", ErrMessage)
		}
	}
	g.Subject(m.Subject)
	g.SetMessageIDWithValue(r.messageID(from))
	date := m.Date
	if date.IsZero() {
		date = now
	}
	g.SetDateWithValue(date.UTC())
	// RFC 3834: it keeps holiday notices and other robots from answering.
	g.SetGenHeader("Auto-Submitted", "auto-generated")
	g.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Lang != "" {
		g.SetGenHeader("Content-Language", m.Lang)
	}
	if m.Unsubscribe != "" {
		g.SetGenHeader("Precedence", "bulk")
		g.SetGenHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
		g.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	g.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		g.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return g, nil
}
