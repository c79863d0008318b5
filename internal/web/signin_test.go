package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

func cookieOf(t *testing.T, a *answer) *http.Cookie {
	t.Helper()
	for _, c := range a.Cookies() {
		if strings.HasSuffix(c.Name, "gawah_session") {
			return c
		}
	}
	t.Fatal("no session cookie is set")
	return nil
}

func TestSetUpFirstAccount(t *testing.T) {
	s := emptySite(t)
	secret, needed, err := s.house.FirstSetup(context.Background())
	if err != nil || !needed {
		t.Fatal(needed, err)
	}
	v := &visitor{site: s}
	form := v.get("/desk/setup?code=" + url.QueryEscape(secret)).status(200).whole().has(word("account.setup_first_hint")).form("/desk/setup")
	filled(form, "email", "first@example.org", "name", "First", "password", "short", "again", "short")
	v.post("/desk/setup", form).status(400).whole().has("first@example.org", "12")
	v.post("/desk/setup", filled(form, "password", testPassword, "again", "another sentence")).status(400).has(word("account.differs"))
	a := v.post("/desk/setup", filled(form, "again", testPassword)).status(303)
	c := cookieOf(t, a)
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
		t.Errorf("cookie is %+v", c)
	}
	v.cookie = c.Name + "=" + c.Value
	v.follow(a).status(200).whole().has(word("done.set_up"))
	v.get("/desk/account").status(200).has("First", "first@example.org")
	for _, code := range []string{secret, "nothing"} {
		v.get("/desk/setup?code="+url.QueryEscape(code)).status(404).whole().has(word("account.link_dead"), word("account.link_dead_again")).hasNot("first@example.org")
	}
	v.post("/desk/setup", filled(form, "again", testPassword)).status(404).whole().has(word("account.link_dead"))
}

func TestSignIn(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	v := &visitor{site: s}
	v.get("/desk/events?q=x").status(303)
	form := v.get("/desk/sign-in?next=" + url.QueryEscape("/desk/events?q=x")).status(200).whole().form("/desk/sign-in")
	filled(form, "email", "editor@example.org", "password", "wrong wrong wrong")
	v.post("/desk/sign-in", form).status(401).has("editor@example.org", word("account.wrong")).hasNot("wrong wrong")
	v.post("/desk/sign-in", filled(form, "email", "nobody@example.org")).status(401).has(word("account.wrong"))
	a := v.post("/desk/sign-in", filled(form, "email", "editor@example.org", "password", testPassword)).status(303)
	if to := a.Header.Get("Location"); to != "/desk/events?q=x" {
		t.Errorf("goes to %q", to)
	}
	c := cookieOf(t, a)
	v.cookie = c.Name + "=" + c.Value
	v.get("/desk").status(200)
	for _, next := range []string{"https://elsewhere.example/desk", "//elsewhere.example", `/\elsewhere.example`, "/desk\r\nX: y", "javascript:alert(1)"} {
		if got := nextPath(next); got != "/desk" {
			t.Errorf("%q leads to %q", next, got)
		}
	}

	// A new password ends the other sessions; signing out everywhere ends all.
	form = v.get("/desk/account").status(200).whole().form("/desk/account/password")
	v.post("/desk/account/password", filled(form, "old", "not it at all", "password", "another long sentence", "again", "another long sentence")).status(400).has(word("invalid.password_wrong"))
	v.post("/desk/account/password", filled(form, "old", testPassword, "password", "short", "again", "short")).status(400)
	v.post("/desk/account/password", filled(form, "password", "another long sentence", "again", "another long sentence")).status(303)
	ed.get("/desk").status(303)
	v.get("/desk").status(200)
	v.post("/desk/account/sign-out-everywhere", nil).status(303)
	v.get("/desk").status(303)
}

func TestSignOut(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Reader)
	a := v.post("/desk/sign-out", nil).status(303)
	if c := cookieOf(t, a); c.MaxAge >= 0 || c.Value != "" {
		t.Errorf("the cookie stays: %+v", c)
	}
	v.get("/desk").status(303)
}

func TestSignInIsThrottled(t *testing.T) {
	s := emptySite(t)
	s.signedIn(access.Editor)
	v := &visitor{site: s}
	for range 30 {
		a := v.post("/desk/sign-in", url.Values{"email": {"editor@example.org"}, "password": {"guess after guess"}})
		if a.StatusCode == http.StatusTooManyRequests {
			a.whole().has("editor@example.org", "Wait a minute.")
			if a.Header.Get("Retry-After") == "" {
				t.Error("does not say when to try again")
			}
			return
		}
		a.status(401)
	}
	t.Error("thirty guesses are let through")
}

func TestSecureCookie(t *testing.T) {
	s := emptySite(t)
	s.signedIn(access.Editor)
	secure := newServer(Config{House: s.house, URL: "https://record.example.org"})
	s.http.Config.Handler = secure.handler()
	v := &visitor{site: s}
	a := v.post("/desk/sign-in", url.Values{"email": {"editor@example.org"}, "password": {testPassword}}).status(303)
	if c := cookieOf(t, a); c.Name != "__Host-gawah_session" || !c.Secure || c.Domain != "" {
		t.Errorf("cookie is %+v", c)
	}
}

// TestExpiredSession ends a session in the middle of a long form: everything
// typed comes through signing in and is saved.
func TestExpiredSession(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	path := "/desk/events/new"
	form := ed.get(path).form(path)
	long := strings.Repeat("A long summary, with \"quotes\" & <angles>.\n", 200)
	filled(form, "title.text", "Typed for an hour", "summary.text", long, "when", "2013-01-10")
	form["names.text"] = []string{"one", "two", ""}
	ed.post("/desk/sign-out", nil)

	a := ed.post(path, form).status(401).whole().has(word("error.expired"), "Typed for an hour")
	in := a.form("/desk/sign-in")
	filled(in, "email", "editor@example.org", "password", "wrong at first")
	a = ed.post("/desk/sign-in", in).status(401).has("Typed for an hour")
	in = a.form("/desk/sign-in")
	a = ed.post("/desk/sign-in", filled(in, "password", testPassword)).status(200).whole().has("Typed for an hour", word("desk.send_now"))
	c := cookieOf(t, a)
	ed.cookie = c.Name + "=" + c.Value
	again := a.form(path)
	for name, values := range form {
		if strings.Join(again[name], "|") != strings.Join(values, "|") {
			t.Errorf("%s came back as %q", name, again[name])
		}
	}
	// Looked over in its form first, then sent.
	looked := ed.post(path, filled(again, "again", "1")).status(200).form(path)
	if looked.Get("summary.text") != long {
		t.Error("the summary is not in the form as it was typed")
	}
	ed.post(path, looked).id("/desk/events/")
}

func TestExpiredSessionWithFile(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	path := "/desk/sources/new"
	form := filled(ed.get(path).form(path), "title.text", "Kept title")
	ed.post("/desk/sign-out", nil)
	a := ed.upload(path, form, "report.pdf", []byte(strings.Repeat("x", 1<<20))).status(401).has("Kept title", word("desk.file_again"))
	in := filled(a.form("/desk/sign-in"), "email", "editor@example.org", "password", testPassword)
	ed.post("/desk/sign-in", in).status(200).has("Kept title", word("desk.file_again"))
}

func TestOtherSitesCannotPost(t *testing.T) {
	s := emptySite(t)
	ed := s.signedIn(access.Editor)
	for _, rt := range s.srv.deskRoutes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if method != "POST" {
			continue
		}
		path = strings.NewReplacer("{id}", "x", "{kind}", "event", "{hash}", "x").Replace(path)
		s.do("POST", path, "", "Cookie", ed.cookie, "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site",
			"Content-Type", "application/x-www-form-urlencoded").status(403)
	}
	ed.get("/desk").status(200)
}

func TestExpiredSessionKeepsNoPassword(t *testing.T) {
	s := emptySite(t)
	v := &visitor{site: s}
	v.post("/desk/account/password", url.Values{"old": {"the old secret"}, "password": {"the new secret"}, "again": {"the new secret"}}).
		status(401).hasNot("secret")
}

func TestDeskInOtherLanguages(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	for _, path := range []string{"/ur/desk", "/fa/desk/sources/new", "/ur/desk/review", "/fa/desk/import"} {
		a := v.get(path).status(200)
		if n := a.find("html"); attr(n[0], "dir") != "rtl" {
			t.Errorf("%s is set from left to right", path)
		}
		for _, f := range a.find("form") {
			if action := attr(f, "action"); !strings.HasPrefix(action, path[:3]+"/") {
				t.Errorf("%s: a form leads to %q, another language", path, action)
			}
		}
	}
	form := v.get("/ur/desk/events/new").form("/ur/desk/events/new")
	a := v.post("/ur/desk/events/new", filled(form, "title.text", "ایک حملہ")).status(303)
	if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/ur/desk/events/") {
		t.Errorf("goes to %s", to)
	}
	(&visitor{site: s}).get("/ur/desk").status(303)
}

// TestFailureKeepsTheForm has a form fail on our side: what was typed can be sent
// again from the page that says so.
func TestFailureKeepsTheForm(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	for _, test := range []struct {
		err    error
		status int
	}{{casework.ErrBusy, 503}, {casework.ErrFull, 507}, {errors.New("a fault of ours"), 500}, {record.ErrConflict, 409}} {
		r := v.request("POST", "/desk/events/new", strings.NewReader("title.text=Typed+for+an+hour"), "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		err := s.srv.keeping(func(_ http.ResponseWriter, r *http.Request) error {
			if _, err := parseForm(r); err != nil {
				return err
			}
			return test.err
		})(w, r)
		if body := w.Body.String(); err != nil || w.Code != test.status || !strings.Contains(body, `name="title.text" value="Typed for an hour"`) || strings.Contains(body, "a fault of ours") {
			t.Errorf("%v: %v, status %d\n%.500s", test.err, err, w.Code, body)
		}
	}
	r := v.request("POST", "/desk/events/new", strings.NewReader("title.text=x"), "application/x-www-form-urlencoded")
	if err := s.srv.keeping(func(http.ResponseWriter, *http.Request) error { return record.ErrNotFound })(httptest.NewRecorder(), r); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("an error for the reader is changed: %v", err)
	}
}
