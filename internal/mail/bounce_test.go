package mail

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/store"
)

// report is a delivery report as servers write them.
func report(to, messageID, action, status, original string) string {
	return strings.ReplaceAll(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: `+to+`
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="b-1"

--b-1
Content-Type: text/plain; charset=us-ascii

The mail could not be delivered.

--b-1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000

Final-Recipient: rfc822; testfall0@example.net
Action: `+action+`
Status: `+status+`
Diagnostic-Code: smtp; 550 5.1.1 nobody

--b-1
Content-Type: `+original+`

From: post@example.org
To: testfall0@example.net
Message-ID: `+messageID+`
Subject: Please confirm

--b-1--
`, "\n", "\r\n")
}

func TestParseBounce(t *testing.T) {
	const key = "abcdefghijklmnopqrstuvwxyz"
	id := "<o." + key + ".0@example.org>"
	r := ref{"o", key, 0}
	full := report("post@example.org", id, "failed", "5.1.1", "message/rfc822")
	for name, tt := range map[string]struct {
		in   string
		want Bounce
		bad  bool
	}{
		"the original":     {in: full, want: Bounce{r, true, "5.1.1"}},
		"its head":         {in: report("post@example.org", id, "failed", "5.2.2 (full)", "text/rfc822-headers"), want: Bounce{r, true, "5.2.2"}},
		"delayed":          {in: report("post@example.org", id, "delayed", "4.4.1", "message/rfc822"), want: Bounce{r, false, "4.4.1"}},
		"given up":         {in: report("post@example.org", id, "failed", "4.4.7", "message/rfc822"), want: Bounce{r, true, "4.4.7"}},
		"a strange status": {in: report("post@example.org", id, "Failed", "<b>", "message/rfc822"), want: Bounce{r, true, "5.0.0"}},
		"relayed":          {in: report("post@example.org", id, "relayed", "2.1.9", "message/rfc822"), want: Bounce{r, false, "2.1.9"}},
		"the mark":         {in: report("bounces+s."+key+".3@example.org", "<another@example.org>", "failed", "5.1.1", "message/rfc822"), want: Bounce{ref{"s", key, 3}, true, "5.1.1"}},
		"a capital mark":   {in: report("BOUNCES+S."+strings.ToUpper(key)+".3@EXAMPLE.ORG", "<x@y>", "failed", "5.1.1", "message/rfc822"), want: Bounce{ref{"s", key, 3}, true, "5.1.1"}},
		"cut off":          {in: full[:strings.Index(full, "Subject: Please")], want: Bounce{r, true, "5.1.1"}},
		"a complaint": {
			in:   strings.NewReplacer("report-type=delivery-status", "report-type=feedback-report", "message/delivery-status", "message/feedback-report").Replace(full),
			want: Bounce{r, true, "complaint"},
		},
		"nobody's":         {in: report("post@example.org", "<123@example.com>", "failed", "5.1.1", "message/rfc822"), bad: true},
		"a holiday":        {in: "From: a@example.net\r\nTo: post@example.org\r\nIn-Reply-To: " + id + "\r\nSubject: away\r\n\r\nI am away. " + id + "\r\n", bad: true},
		"another report":   {in: strings.Replace(full, "message/delivery-status", "message/disposition-notification", 1), bad: true},
		"nothing":          {in: "", bad: true},
		"no mail":          {in: "hello", bad: true},
		"no boundary":      {in: "Content-Type: multipart/report\r\n\r\n", bad: true},
		"a number too big": {in: report("post@example.org", "<o."+key+".99999999999999999999@example.org>", "failed", "5.1.1", "message/rfc822"), bad: true},
	} {
		got, err := ParseBounce(strings.NewReader(tt.in))
		if tt.bad {
			if !errors.Is(err, ErrNoBounce) || strings.Contains(err.Error(), "testfall") {
				t.Errorf("%s: %v, %v", name, got, err)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v %v, want %+v", name, got, err, tt.want)
		}
	}
}

func TestBounces(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		src := &rows{}
		f.join(src)
		src.add("1", LaneConfirm, message("testfall-row@example.net"))
		src.list["1"].Part = 2
		f.post("notice", LaneNotice, "example.net", 2)
		w := f.worker("a", func(c *WorkerConfig) {
			c.Bounces = "bounces@example.org"
			c.BounceDir = filepath.Join(t.TempDir(), "new")
		})
		w.Tidy(ctx) // without a directory there are no bounces
		if w.Pass(ctx) != 3 {
			t.Fatal("not sent")
		}
		if err := os.Mkdir(w.BounceDir, 0o700); err != nil {
			t.Fatal(err)
		}
		drop := func(name, text string) {
			if err := os.WriteFile(filepath.Join(w.BounceDir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var stored, row mailtest.Received
		for _, r := range f.smtp.Received() {
			switch r.To {
			case "testfall0@example.net":
				stored = r
			case "testfall-row@example.net":
				row = r
			}
		}
		drop("1", report("post@example.org", stored.Header("Message-Id"), "failed", "5.1.1", "message/rfc822"))
		drop("2", report(row.From, "<lost@example.com>", "failed", "5.2.1", "message/rfc822"))
		drop("3", "From: x\r\n\r\nbuy now\r\n")
		drop(".4", "still being written")
		w.Tidy(ctx)
		if !strings.Contains(f.log.String(), "matched=2") || !strings.Contains(f.log.String(), "unknown=1") {
			t.Errorf("the log says %s", f.log)
		}
		if left, err := os.ReadDir(w.BounceDir); err != nil || len(left) != 1 {
			t.Errorf("left in the directory: %v %v", left, err)
		}
		if src.list["1"].bounced != "5.2.1" {
			t.Errorf("the source was told %q", src.list["1"].bounced)
		}
		list := must(f.outbox.List(ctx, store.MailFailed, "", 10))(t)
		if len(list) != 1 || list[0].Code != "5.1.1" {
			t.Errorf("failed %+v", list)
		}
		// The same report again, or one about what was never sent, changes nothing.
		_, err := f.outbox.Bounce(ctx, strings.NewReader(report("post@example.org", stored.Header("Message-Id"), "failed", "5.1.1", "message/rfc822")))
		if !errors.Is(err, ErrNoBounce) {
			t.Errorf("a second report: %v", err)
		}
		f.quiet()
	})
}

func FuzzParseBounce(f *testing.F) {
	const id = "<o.abcdefghijklmnopqrstuvwxyz.0@example.org>"
	f.Add(report("post@example.org", id, "failed", "5.1.1", "message/rfc822"))
	f.Add(report("bounces+s.abc.3@example.org", id, "delayed", "4.1.1", "text/rfc822-headers"))
	f.Add("Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nQWN0aW9uOiBmYWlsZWQ=\r\n--b--\r\n")
	f.Add("Content-Type: multipart/report; boundary=\"\"\r\n\r\n----\r\n")
	f.Fuzz(func(t *testing.T, in string) {
		b, err := ParseBounce(strings.NewReader(in))
		if err != nil {
			if !errors.Is(err, ErrNoBounce) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		if !b.ref.valid() || b.ref.source == "" {
			t.Fatalf("a mark that nobody makes: %v", b.ref)
		}
		if b.failed && b.code != "complaint" && statusCode.FindString(b.code) != b.code {
			t.Fatalf("code %q", b.code)
		}
	})
}
