package web

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/examples/quetta"
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// followerSite serves the bundled example and takes followers; log holds what it
// logs.
func followerSite(t *testing.T) (s *site, box *mail.Outbox, log *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Open(t.Context(), exampleIn(t, dir))
	must(err)
	t.Cleanup(func() { must(db.Close()) })
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	must(err)
	keys, err := seal.Open(filepath.Join(dir, "keys"))
	must(err)
	box, log = mail.NewOutbox(mail.OutboxConfig{Store: db, Key: keys.House()}), &bytes.Buffer{}
	s = &site{t: t, house: casework.New(casework.Config{Store: db, Blobs: blobs, Dir: dir, Hash: cheap})}
	list, registry := departed.Open(dir), petitions.NewRegistry(db, nil)
	engine, err := signing.New(signing.Config{Store: db, Keys: keys, Registry: registry, Departed: list})
	must(err)
	t.Cleanup(func() { _ = engine.Close() })
	desk := petitions.New(petitions.Config{
		House: s.house, Store: db, Blobs: blobs, Keys: keys, Departed: list, Signing: engine, Registry: registry, Outbox: box, URL: "https://record.example",
	})
	following := followup.New(followup.Config{House: s.house, Store: db, Blobs: blobs, Keys: keys, Outbox: box, URL: "https://record.example"})
	s.srv = newServer(Config{House: s.house, Petitions: desk, Following: following, Signing: engine, Version: "test", Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	s.http = httptest.NewServer(s.srv.handler())
	t.Cleanup(s.http.Close)
	must(desk.OpenPractice(t.Context(), access.House(), record.Plain("en", quetta.Reason["en"])))
	return s, box, log
}

// TestFollowByMail goes the whole way of a reader without an account.
func TestFollowByMail(t *testing.T) {
	s, box, log := followerSite(t)
	letters := func() (out []mail.Message) {
		t.Helper()
		list, err := box.List(t.Context(), "", "", 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			_, m, err := box.Read(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, m)
		}
		return out
	}
	for page, of := range map[string]string{
		"/follow-up": "/follow", "/follow-up/prime-minister": "/follow?of=party%3Aprime-minister",
		"/petitions/protect-the-hazaras-of-pakistan/demands": "/follow?of=petition%3Aprotect-the-hazaras-of-pakistan",
		"/follow-up/demands/apology-for-not-coming":          "/follow?of=demand%3Aapology-for-not-coming",
		"/follow-up/commitments/earlier-promises":            "/follow?of=commitment%3Aearlier-promises",
		"/follow-up/proceedings/two-masterminds":             "/follow?of=proceeding%3Atwo-masterminds",
		"/events/alamdar-road-2013-01-10/course":             "/follow?of=event%3Aalamdar-road-2013-01-10",
	} {
		s.get(page).status(200).has(`href="` + of + `"`)
		s.get(of).status(200).has(`name="email"`, `name="consent"`)
		s.get("/ur" + of).status(200).has(`dir="rtl"`)
	}
	s.get("/follow?of=party:nobody-here").status(404)
	s.get("/follow?of=person:imran-khan").status(404)

	ask := func(lang, address, consent string) *answer {
		t.Helper()
		return s.post(lang+"/follow", url.Values{"of": {"demand:apology-for-not-coming"}, "email": {address}, "consent": {consent}}.Encode())
	}
	// Consent is a box of its own, and what was typed is not lost.
	ask("", "zarmina@people.example", "").status(422).has(`value="zarmina@people.example"`, word("invalid.required"))
	ask("", "nobody", "yes").status(422).has(word("sign.wrong.email"))
	if n := len(letters()); n != 0 {
		t.Fatalf("%d letters without consent", n)
	}
	// The answer is the same for a new, a repeated and an unknown address, and does not say it.
	first := ask("", "zarmina@people.example", "yes").status(200).hasNot("zarmina")
	if again := ask("", "zarmina@people.example", "yes").status(200); again.body != first.body {
		t.Error("a repeated address is answered otherwise")
	}
	list := letters()
	if len(list) != 1 || strings.Contains(list[0].Subject, "apology") {
		t.Fatalf("letters: %+v", list)
	}
	path := regexp.MustCompile(`https://record\.example(/f/[A-Za-z0-9_-]{22})`).FindStringSubmatch(list[0].Text)[1]

	// Opening the link does nothing; the button does.
	a := s.get(path).status(200).has(word("follower.confirm"), `name="robots" content="noindex`).hasNot("zarmina")
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers are %v", a.Header)
	}
	s.get("/fa" + path).status(200).has(`dir="rtl"`)
	s.post(path, "do=confirm").status(200).has(word("follower.confirmed")).hasNot("zarmina")
	s.get(path).status(200).has(word("follower.confirmed")).hasNot(`value="confirm"`)
	if known := ask("", "zarmina@people.example", "yes").status(200); known.body != first.body {
		t.Error("an address that follows is answered otherwise")
	}
	// One click of a mail program ends it, for good and without anything else (RFC 8058).
	s.post(path, "List-Unsubscribe=One-Click").status(200).has(word("follower.stopped"))
	s.post(path, "List-Unsubscribe=One-Click").status(200).has(word("follower.stopped"))
	s.get(path).status(200).has(word("follower.none"))
	s.post(path, "do=confirm").status(200).has(word("follower.none"))
	s.get("/f/" + strings.Repeat("A", 22)).status(200).has(word("follower.none"))

	token := strings.TrimPrefix(path, "/f/")
	for _, held := range []string{"zarmina", "people.example", token} {
		if strings.Contains(log.String(), held) {
			t.Errorf("the log holds %q", held)
		}
	}
	// A network that knocks on is told so.
	for range 30 {
		a = ask("", "nobody", "yes")
	}
	a.status(429)
}
