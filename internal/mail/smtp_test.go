package mail

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
)

func TestParseServer(t *testing.T) {
	for _, tt := range []struct {
		in, at      string
		plain, over bool
	}{
		{"smtp://mail.example.org", "mail.example.org:587", false, false},
		{"smtp://me:pw@mail.example.org:2525", "mail.example.org:2525", false, false},
		{"smtps://me:p%40w@mail.example.org", "mail.example.org:465", false, true},
		{"smtp://localhost", "localhost:25", true, false},
		{"smtp://127.0.0.1:1025", "127.0.0.1:1025", true, false},
		{"smtp://[::1]", "[::1]:25", true, false},
		{"smtp://localhost?tls=required", "localhost:587", false, false},
		{"smtps://localhost", "localhost:465", false, true},
		{"smtp://192.0.2.1?connections=4&rate=60&timeout=30s", "192.0.2.1:587", false, false},
	} {
		s, err := ParseServer(tt.in)
		if err != nil {
			t.Errorf("ParseServer(%q): %v", tt.in, err)
			continue
		}
		if s.String() != tt.at || s.plain != tt.plain || s.implicit != tt.over {
			t.Errorf("ParseServer(%q) is %s, plain %v, implicit %v", tt.in, s, s.plain, s.implicit)
		}
	}
	for _, in := range []string{
		"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://me@mail.example.org", "smtp://:secret@mail.example.org",
		"smtp://me:secret@mail.example.org/x", "smtp://me:secret@mail.example.org?tls=no", "smtp://me:secret@mail.example.org?connections=0",
		"smtp://me:secret@mail.example.org?rate=secret", "smtp://me:secret@mail.example.org?timeout=1h", "smtp://me:secret@mail example.org", "smtp://me:secret@mail.example.org?x=1",
	} {
		if s, err := ParseServer(in); err == nil || strings.Contains(err.Error(), "secret") && !strings.Contains(err.Error(), "?") {
			t.Errorf("ParseServer(%q) = %v, %v; want an error without the password", in, s, err)
		}
	}
}

// Each way of reaching a server, and what must not be tried.
func TestTransport(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options mailtest.Options
		change  func(*Server, *mailtest.Server)
		trouble string
	}{
		{name: "plain to this machine"},
		{name: "STARTTLS", options: mailtest.Options{StartTLS: true}},
		{name: "TLS from the start", options: mailtest.Options{Implicit: true}},
		{name: "STARTTLS and PLAIN", options: mailtest.Options{StartTLS: true, User: "me", Password: "secret"}},
		{name: "TLS and LOGIN", options: mailtest.Options{Implicit: true, User: "me", Password: "secret", Login: true}},
		{name: "plain and PLAIN", options: mailtest.Options{User: "me", Password: "secret"}},
		{
			name: "no STARTTLS where it is needed", trouble: "no-tls",
			change: func(s *Server, _ *mailtest.Server) { s.plain = false },
		},
		{
			name: "a certificate of nobody", options: mailtest.Options{StartTLS: true}, trouble: "certificate",
			change: func(s *Server, _ *mailtest.Server) { s.tls = nil },
		},
		{
			name: "a certificate of nobody, from the start", options: mailtest.Options{Implicit: true}, trouble: "certificate",
			change: func(s *Server, _ *mailtest.Server) { s.tls = nil },
		},
		{
			name: "a wrong password", options: mailtest.Options{StartTLS: true, User: "me", Password: "secret"}, trouble: "sign-in",
			change: func(s *Server, _ *mailtest.Server) { s.pass = "wrong" },
		},
		{
			name: "a password without TLS", options: mailtest.Options{User: "me", Password: "secret"}, trouble: "no-tls",
			change: func(s *Server, _ *mailtest.Server) { s.plain = false },
		},
		{
			name: "nobody there", trouble: "no-server",
			change: func(_ *Server, m *mailtest.Server) { m.Stop() },
		},
		{
			name: "a sender that is refused", trouble: "550 5.7.1",
			change: func(_ *Server, m *mailtest.Server) {
				m.Behave(mailtest.Script{Mail: func(string) mailtest.Reply { return mailtest.Reply{Code: 550, Text: "5.7.1 not you"} }})
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, t.TempDir()+"/gawah.db")
			f.smtp = mailtest.New(t, tt.options)
			f.post("notice", LaneNotice, "example.net", 2)
			w := f.worker("a", func(c *WorkerConfig) {
				c.Server.tls = f.smtp.Trust()
				if tt.change != nil {
					tt.change(c.Server, f.smtp)
				}
			})
			w.Pass(t.Context())
			got := f.smtp.Received()
			if tt.trouble != "" {
				if s := w.Status(); s.Trouble != tt.trouble || len(got) != 0 {
					t.Errorf("trouble %q, want %q; received %d", s.Trouble, tt.trouble, len(got))
				}
				if c := f.counts(); c.Waiting != 2 {
					t.Errorf("counts %+v", c)
				}
				for _, e := range must(f.outbox.List(t.Context(), "", "", 9))(t) {
					if e.Tries != 0 {
						t.Errorf("a message was charged with %d tries for a server that takes nothing", e.Tries)
					}
				}
			} else {
				if len(got) != 2 {
					t.Fatalf("received %d: %s", len(got), f.log)
				}
				if want := tt.options.StartTLS || tt.options.Implicit; got[0].TLS != want || got[0].User != tt.options.User {
					t.Errorf("TLS %v, signed in as %q", got[0].TLS, got[0].User)
				}
			}
			f.quiet()
			if strings.Contains(f.log.String(), "secret") {
				t.Errorf("the log holds the password: %s", f.log)
			}
		})
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A server that says nothing holds a message no longer than the timeout.
func TestSilentServer(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	f.post("notice", LaneNotice, "example.net", 1)
	never := make(chan struct{})
	defer close(never)
	f.smtp.Behave(mailtest.Script{Data: func() mailtest.Reply { return mailtest.Reply{Wait: never, Code: 451} }})
	w := f.worker("a", func(c *WorkerConfig) { c.Server.timeout = 100 * time.Millisecond })
	start := time.Now()
	if n := w.Pass(t.Context()); n != 0 || time.Since(start) > 5*time.Second {
		t.Errorf("sent %d after %s", n, time.Since(start))
	}
	if c := f.counts(); c.Waiting != 1 {
		t.Errorf("counts %+v", c)
	}
}

// Old TLS is refused.
func TestOldTLS(t *testing.T) {
	f := newFixture(t, t.TempDir()+"/gawah.db")
	f.smtp = mailtest.New(t, mailtest.Options{Implicit: true})
	f.smtp.ServeTLS(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	f.post("notice", LaneNotice, "example.net", 1)
	w := f.worker("a", func(c *WorkerConfig) { c.Server.tls = f.smtp.Trust() })
	if n := w.Pass(t.Context()); n != 0 || w.Status().Trouble == "" {
		t.Errorf("sent %d over TLS 1.1", n)
	}
}
