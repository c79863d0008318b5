package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	testSender = envelope{from: "post@example.org", name: "Post"}
	testRef    = ref{"o", "abcdefghijklmnopqrstuvwxyz", 0}
	testTime   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func written(t testing.TB, m Message, e envelope) string {
	t.Helper()
	g, err := m.build(e, testRef, testTime)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBuild(t *testing.T) {
	m := Message{
		To: "testfall@example.net", FromName: "گواہ", ReplyTo: "answers@example.org", Subject: "براہِ کرم تصدیق کریں",
		Text: "سلام\nhttps://record.example.org/ur/x?token=abc_DEF-123\n", HTML: `<!doctype html><html lang="ur" dir="rtl"><p>سلام</p></html>`,
		Lang: "ur", Unsubscribe: "https://record.example.org/u/abc",
	}
	text := written(t, m, testSender)
	if again := written(t, m, testSender); again != text {
		t.Error("two buildings of one message differ")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes, or with a bare line end", len(line))
		}
	}
	got, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var words mime.WordDecoder
	for name, want := range map[string]string{
		"To": "<testfall@example.net>", "Reply-To": "<answers@example.org>", "Message-Id": "<o.abcdefghijklmnopqrstuvwxyz.0@example.org>",
		"Date": "Sun, 01 Mar 2026 12:00:00 +0000", "Auto-Submitted": "auto-generated", "Content-Language": "ur", "Mime-Version": "1.0",
		"List-Unsubscribe": "<https://record.example.org/u/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "User-Agent": "", "X-Mailer": "",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s is %q, want %q", name, v, want)
		}
	}
	if s, _ := words.DecodeHeader(got.Header.Get("Subject")); s != m.Subject {
		t.Errorf("the subject is %q", s)
	}
	from, err := mail.ParseAddress(got.Header.Get("From"))
	if err != nil || from.Name != m.FromName || from.Address != "post@example.org" {
		t.Errorf("from %v: %v", from, err)
	}
	kind, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", kind, err)
	}
	parts := multipart.NewReader(got.Body, params["boundary"])
	for _, want := range []struct{ kind, text string }{{"text/plain; charset=UTF-8", m.Text}, {"text/html; charset=UTF-8", m.HTML}} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if s := strings.ReplaceAll(string(body), "\r\n", "\n"); s != want.text || p.Header.Get("Content-Type") != want.kind {
			t.Errorf("part %s is %q", p.Header.Get("Content-Type"), s)
		}
	}
}

func TestEnvelopeForBounces(t *testing.T) {
	e := testSender
	e.bounces = "bounces@example.org"
	m := message("testfall@example.net")
	g, err := m.build(e, testRef, testTime)
	if err != nil {
		t.Fatal(err)
	}
	from, err := g.GetSender(false)
	if err != nil || from != "<bounces+o.abcdefghijklmnopqrstuvwxyz.0@example.org>" {
		t.Errorf("envelope from %s: %v", from, err)
	}
	if r, ok := findMark(from); !ok || r != testRef {
		t.Errorf("the mark is read as %v", r)
	}
	if strings.Contains(written(t, m, e), "bounces+") {
		t.Error("the mark of the envelope is in the head")
	}
	if n := len("o") + 1 + maxKey + 1 + len("99999") + len("+") + maxBounceLocal + 7; n > 64 {
		t.Errorf("the longest address for bounces has %d characters before the @", n)
	}
}

func TestCheck(t *testing.T) {
	long := strings.Repeat("x", maxHeading+1)
	for name, change := range map[string]func(*Message){
		"no recipient":        func(m *Message) { m.To = "" },
		"two recipients":      func(m *Message) { m.To = "a@example.net, b@example.net" },
		"a name":              func(m *Message) { m.To = "A <a@example.net>" },
		"a header in it":      func(m *Message) { m.To = "a@example.net\r\nBcc: b@example.net" },
		"no domain":           func(m *Message) { m.To = "a@" },
		"an address literal":  func(m *Message) { m.To = "a@[127.0.0.1]" },
		"a comment":           func(m *Message) { m.To = "a@example.net (x)" },
		"a parameter":         func(m *Message) { m.To = "a@example.net> SIZE=1" },
		"a strange domain":    func(m *Message) { m.To = "a@exa mple.net" },
		"a long address":      func(m *Message) { m.To = long + "@example.net" },
		"a subject's line":    func(m *Message) { m.Subject = "x\r\nBcc: b@example.net" },
		"a subject's newline": func(m *Message) { m.Subject = "x\nBcc: b@example.net" },
		"a subject's return":  func(m *Message) { m.Subject = "x\rBcc: b@example.net" },
		"a line separator":    func(m *Message) { m.Subject = "x\u2028y" },
		"a long subject":      func(m *Message) { m.Subject = long },
		"no subject":          func(m *Message) { m.Subject = "" },
		"a name's line":       func(m *Message) { m.FromName = "x\ny" },
		"a language's line":   func(m *Message) { m.Lang = "x\ny" },
		"no text":             func(m *Message) { m.Text = "" },
		"no UTF-8":            func(m *Message) { m.Text = "\xff" },
		"a null byte":         func(m *Message) { m.HTML = "\x00" },
		"answers":             func(m *Message) { m.ReplyTo = "x\r\n@example.net" },
		"a link's line":       func(m *Message) { m.Unsubscribe = "https://example.org/\r\nBcc: x" },
		"a link's end":        func(m *Message) { m.Unsubscribe = "https://example.org/>, <https://example.net/" },
		"a link to nothing":   func(m *Message) { m.Unsubscribe = "javascript:alert(1)" },
	} {
		m := message("a@example.net")
		change(&m)
		if err := m.Check(); !errors.Is(err, ErrMessage) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "example.net") || strings.Contains(err.Error(), "Bcc") {
			t.Errorf("%s: the error repeats the message: %v", name, err)
		}
		if _, err := m.build(testSender, testRef, testTime); err == nil {
			t.Errorf("%s: it can be built", name)
		}
	}
	for _, to := range []string{"a+b@example.net", "o'neill@example.net", "a@xn--mgbh0fb.example", "a@مثال.example", "مثال@example.net", "A.B@EXAMPLE.NET"} {
		m := message(to)
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", to, err)
		}
	}
	if a, err := wire("a@مثال.example"); err != nil || a != "a@xn--mgbh0fb.example" {
		t.Errorf("wire: %s %v", a, err)
	}
}

// Whatever a message holds, its head has our fields once each and no others.
func TestNoInjection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.StringOf(rapid.SampledFrom([]rune("ab:\r\n \t<>@,;\"=?\u202E\u2028گ.\x00")))
		m := Message{
			To: "a@example.net", FromName: hostile.Draw(t, "name"), Subject: hostile.Draw(t, "subject"), Text: "x" + hostile.Draw(t, "text"),
			HTML: hostile.Draw(t, "html"), Lang: "en",
		}
		if rapid.Bool().Draw(t, "to") {
			m.To = hostile.Draw(t, "address")
		}
		g, err := m.build(testSender, testRef, testTime)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if _, err := g.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(&b)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{
			"Auto-Submitted": true, "Content-Language": true, "Content-Transfer-Encoding": true, "Content-Type": true, "Date": true, "From": true,
			"Message-Id": true, "Mime-Version": true, "Subject": true, "To": true, "X-Auto-Response-Suppress": true,
		}
		for name, values := range got.Header {
			if !known[name] || len(values) != 1 {
				t.Fatalf("the head has %s %d times", name, len(values))
			}
		}
		if to, err := g.GetRecipients(); err != nil || len(to) != 1 {
			t.Fatalf("recipients %v: %v", to, err)
		}
	})
}
