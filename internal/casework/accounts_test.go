package casework_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testneed"
)

const goodPassword = "correct horse battery"

func TestFirstAccount(t *testing.T) { testFirstAccount(t, bareWorldOn(t, "")) }

func testFirstAccount(t *testing.T, w *world) {
	first, needed, err := w.h.FirstSetup(w.ctx)
	w.must(err)
	if !needed || first == "" {
		t.Fatal("an empty house needs a first account")
	}
	second, needed, err := w.h.FirstSetup(w.ctx)
	w.must(err)
	if !needed || second == first {
		t.Fatal("a second start must print a fresh link")
	}
	if _, err := w.h.SetupOf(w.ctx, first); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("the earlier link still works: %v", err)
	}
	if a, err := w.h.SetupOf(w.ctx, second); err != nil || a.Role != access.Admin || a.Email != "" {
		t.Fatalf("the link leads to %+v, %v", a, err)
	}
	_, err = w.h.SetUp(w.ctx, second, "me@example.org", "Me", "too short")
	w.invalid(err, "password", "a short password")
	_, err = w.h.SetUp(w.ctx, second, "not an address", "Me", goodPassword)
	w.invalid(err, "email", "a wrong address")
	a, err := w.h.SetUp(w.ctx, second, "  Me@Example.ORG ", "Me", goodPassword)
	w.must(err)
	if a.Email != "me@example.org" || !a.Ready {
		t.Errorf("set up as %+v", a)
	}
	if _, err := w.h.SetUp(w.ctx, second, "other@example.org", "Other", goodPassword); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a used link works again: %v", err)
	}
	if _, needed, err := w.h.FirstSetup(w.ctx); err != nil || needed {
		t.Errorf("a house with an account needs another first one: %v, %v", needed, err)
	}
	token, _, err := w.h.SignIn(w.ctx, "ME@example.org", goodPassword, "net")
	w.must(err)
	v, _, err := w.h.SessionOf(w.ctx, token)
	w.must(err)
	if v.User != a.ID || v.Role != access.Admin {
		t.Errorf("signed in as %+v", v)
	}
	w.sound()
}

func TestSetupLinkEnds(t *testing.T) {
	w := newWorld(t)
	secret, err := w.h.AddAccount(w.ctx, w.admin, "new@example.org", "New", access.Contributor)
	w.must(err)
	w.wait(7*24*time.Hour + time.Minute)
	_, err = w.h.SetupOf(w.ctx, secret)
	w.wants(err, record.ErrGone, "a link of last week")
	secret, err = w.h.ResetAccount(w.ctx, w.admin, "NEW@example.org")
	w.must(err)
	a, err := w.h.SetUp(w.ctx, secret, "somebody-else@example.org", "", goodPassword)
	w.must(err)
	if a.Email != "new@example.org" || a.Name != "New" {
		t.Errorf("a set-up link changed the address: %+v", a)
	}
	_, err = w.h.AddAccount(w.ctx, w.admin, "new@EXAMPLE.org", "", access.Reader)
	w.invalid(err, "email", "an address that is taken")
	_, err = w.h.AddAccount(w.ctx, w.admin, "x@example.org", "", access.Role("king"))
	w.invalid(err, "role", "a role that does not exist")
}

// ready makes an account that can sign in.
func (w *world) ready(email string, role access.Role) casework.Account {
	w.t.Helper()
	secret, err := w.h.AddAccount(w.ctx, access.House(), email, "", role)
	w.must(err)
	a, err := w.h.SetUp(w.ctx, secret, "", "", goodPassword)
	w.must(err)
	return a
}

func TestSessions(t *testing.T) {
	w := newWorld(t)
	a := w.ready("a@example.org", access.Editor)
	v := access.Viewer{User: a.ID, Role: a.Role}
	sign := func() string {
		t.Helper()
		token, _, err := w.h.SignIn(w.ctx, "a@example.org", goodPassword, "net")
		w.must(err)
		return token
	}
	one, two, three := sign(), sign(), sign()
	if one == two || len(one) < 40 {
		t.Fatal("tokens are not random enough")
	}
	w.must(w.h.SignOut(w.ctx, one))
	if _, _, err := w.h.SessionOf(w.ctx, one); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a session that was ended answers: %v", err)
	}
	w.must(w.h.SignOutEverywhere(w.ctx, v, two))
	if _, _, err := w.h.SessionOf(w.ctx, three); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("signing out everywhere left one: %v", err)
	}
	if _, _, err := w.h.SessionOf(w.ctx, two); err != nil {
		t.Errorf("signing out everywhere else ended the present session: %v", err)
	}
	// Used every few hours it stays, until it is two weeks old.
	for range 4 * 13 {
		w.wait(6 * time.Hour)
		if _, _, err := w.h.SessionOf(w.ctx, two); err != nil {
			t.Fatalf("a session in use ended: %v", err)
		}
	}
	for range 5 {
		w.wait(6 * time.Hour)
		_, _, _ = w.h.SessionOf(w.ctx, two)
	}
	if _, _, err := w.h.SessionOf(w.ctx, two); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a session lives for ever: %v", err)
	}
	idle := sign()
	w.wait(25 * time.Hour)
	if _, _, err := w.h.SessionOf(w.ctx, idle); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a session nobody uses goes on: %v", err)
	}

	token := sign()
	w.must(w.h.ChangeAccount(w.ctx, w.admin, a.ID, access.Editor, true))
	if _, _, err := w.h.SessionOf(w.ctx, token); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a closed account goes on working: %v", err)
	}
	if _, _, err := w.h.SignIn(w.ctx, "a@example.org", goodPassword, "net"); !errors.Is(err, casework.ErrSignIn) {
		t.Errorf("a closed account signs in: %v", err)
	}
}

// TestSecretsAreNotKept looks for tokens and passwords in the database's files.
func TestSecretsAreNotKept(t *testing.T) {
	w := newWorld(t)
	secret, err := w.h.AddAccount(w.ctx, w.admin, "b@example.org", "", access.Reader)
	w.must(err)
	_, err = w.h.SetUp(w.ctx, secret, "", "", goodPassword)
	w.must(err)
	token, _, err := w.h.SignIn(w.ctx, "b@example.org", goodPassword, "198.51.100.7")
	w.must(err)
	for what, s := range map[string]string{"token": token, "link": secret, "password": goodPassword, "network": "198.51.100.7"} {
		if files := w.grep(s); len(files) > 0 {
			t.Errorf("the %s is in %v", what, files)
		}
	}
}

func TestSignInThrottle(t *testing.T) {
	for _, email := range []string{"c@example.org", "nobody@example.org"} {
		t.Run(email, func(t *testing.T) {
			w := newWorld(t)
			w.ready("c@example.org", access.Reader)
			for i := range 5 {
				if _, _, err := w.h.SignIn(w.ctx, email, "wrong", ""); !errors.Is(err, casework.ErrSignIn) {
					t.Fatalf("try %d: %v", i, err)
				}
			}
			_, _, err := w.h.SignIn(w.ctx, email, goodPassword, "")
			e, ok := errors.AsType[casework.ErrThrottled](err)
			if !ok || e.RetryAfter <= 0 || e.RetryAfter > 5*time.Second {
				t.Fatalf("after five failures: %v", err)
			}
			w.wait(6 * time.Second)
			if _, _, err := w.h.SignIn(w.ctx, email, "wrong", ""); !errors.Is(err, casework.ErrSignIn) {
				t.Fatalf("after waiting: %v", err)
			}
			_, _, err = w.h.SignIn(w.ctx, email, "wrong", "")
			if e, ok = errors.AsType[casework.ErrThrottled](err); !ok || e.RetryAfter <= 5*time.Second {
				t.Errorf("the delay does not grow: %v", err)
			}
		})
	}
}

func TestSignInThrottleOfANetworkLong(t *testing.T) {
	testneed.Long(t, "it hashes thirty passwords")
	w := newWorld(t)
	for i := range 30 {
		_, _, err := w.h.SignIn(w.ctx, strings.Repeat("x", i+1)+"@example.org", "wrong", "192.0.2.0/24")
		w.wants(err, casework.ErrSignIn, "a wrong address")
	}
	_, _, err := w.h.SignIn(w.ctx, "fresh@example.org", "wrong", "192.0.2.0/24")
	if _, ok := errors.AsType[casework.ErrThrottled](err); !ok {
		t.Errorf("a network may try for ever: %v", err)
	}
	_, _, err = w.h.SignIn(w.ctx, "fresh@example.org", "wrong", "203.0.113.0/24")
	w.wants(err, casework.ErrSignIn, "another network")
}

// TestSignInAtOnce guesses many times at once, from one network and from
// networks that are not throttled, at full cost so that they come to wait.
func TestSignInAtOnce(t *testing.T) {
	for _, network := range []string{"", "192.0.2.0/24"} {
		t.Run("network "+network, func(t *testing.T) {
			w := newWorld(t)
			w.house.Hash = casework.HashCost{}
			w.h = casework.New(w.house)
			w.ready("c@example.org", access.Reader)
			const tries = 16
			answers := make(chan error, tries)
			for i := range tries {
				go func() {
					_, _, err := w.h.SignIn(w.ctx, "c@example.org", fmt.Sprint("guess number ", i), network)
					answers <- err
				}()
			}
			verified, throttled := 0, 0
			for range tries {
				err := <-answers
				if _, ok := errors.AsType[casework.ErrThrottled](err); ok {
					throttled++
				} else if errors.Is(err, casework.ErrSignIn) {
					verified++
				} else {
					t.Error(err)
				}
			}
			// Two are verified at a time: one may have begun when the fifth fails.
			if verified < 5 || verified > 6 || verified+throttled != tries {
				t.Errorf("of %d guesses at once %d were verified and %d throttled", tries, verified, throttled)
			}
		})
	}
}

func TestLastAdminStays(t *testing.T) {
	w := newWorld(t)
	w.invalid(w.h.ChangeAccount(w.ctx, w.admin, w.admin.User, access.Editor, false), "role", "demoting the last admin")
	w.invalid(w.h.ChangeAccount(w.ctx, w.admin, w.admin.User, access.Admin, true), "role", "closing the last admin")
	// Somebody who has not set up the account cannot take over.
	_, err := w.h.AddAccount(w.ctx, w.admin, "second@example.org", "", access.Admin)
	w.must(err)
	w.invalid(w.h.ChangeAccount(w.ctx, w.admin, w.admin.User, access.Editor, false), "role", "leaving it to nobody")
	w.ready("third@example.org", access.Admin)
	w.must(w.h.ChangeAccount(w.ctx, w.admin, w.admin.User, access.Editor, false))
}

func TestChangePassword(t *testing.T) {
	w := newWorld(t)
	a := w.ready("d@example.org", access.Reader)
	v := access.Viewer{User: a.ID, Role: a.Role}
	w.invalid(w.h.ChangePassword(w.ctx, v, "wrong wrong wrong", "another good one"), "old", "a wrong old password")
	w.invalid(w.h.ChangePassword(w.ctx, v, goodPassword, "short"), "new", "a short new password")
	w.must(w.h.ChangePassword(w.ctx, v, goodPassword, "another good one"))
	_, _, err := w.h.SignIn(w.ctx, "d@example.org", goodPassword, "")
	w.wants(err, casework.ErrSignIn, "the old password")
	_, _, err = w.h.SignIn(w.ctx, "d@example.org", "another good one", "")
	w.must(err)
	w.wants(w.h.ChangePassword(w.ctx, access.House(), "", "another good one"), record.ErrForbidden, "the house has no password")
}

func TestFirstAccountOnPostgres(t *testing.T) {
	testFirstAccount(t, bareWorldOn(t, testdb.Postgres(t)))
}
