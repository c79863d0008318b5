package casework

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Account is a person who may sign in, as the desk shows them. Nothing in it
// helps to sign in as them.
type Account struct {
	ID    record.UserID
	Email string // folded; empty for a first account that is not set up
	Name  string
	Role  access.Role
	// Closed accounts cannot sign in and are kept, because the journal names them.
	Closed bool
	// Ready is false until the person has followed the set-up link.
	Ready bool
	Made  int64 // microseconds UTC
}

// The lives of set-up links and sessions. A session ends when nobody has used it
// for idleLife, and at the latest after sessionLife.
const (
	setupLife   = 7 * 24 * time.Hour
	idleLife    = 24 * time.Hour
	sessionLife = 14 * 24 * time.Hour
	// usedEvery is how often the use of a session is written down: not on each
	// request, because every commit empties the caches.
	usedEvery = 30 * time.Minute
)

// MinPassword is the least number of characters in a password. Nothing else is
// asked of it: rules about digits and signs make passwords worse.
const (
	MinPassword = 12
	maxPassword = 1024 // bytes; argon2 reads them all
)

// ErrSignIn is the one answer to an unknown address, a wrong password and a
// closed account, so that nobody learns which addresses have an account.
var ErrSignIn = errors.New("the address or the password is not right")

// kindAccount marks journal entries about accounts. They carry the account's
// identifier and nothing about the person.
const kindAccount record.Kind = "account"

func shown(a store.Account) Account {
	return Account{
		ID: a.ID, Email: a.Email, Name: a.Name, Role: access.Role(a.Role), Closed: a.Closed, Ready: a.Password != "", Made: a.Made,
	}
}

// newSecret returns 256 random bits for a link or a cookie, and the hash under
// which they are kept. The secret itself is shown once.
func newSecret() (secret, hash string, err error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", "", fmt.Errorf("read randomness: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(b)
	return secret, hashSecret(secret), nil
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// foldEmail returns the key of an e-mail address.
func foldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func invalid(field, key string) error {
	return &record.Invalid{Fields: []record.FieldError{{Field: field, Key: "invalid." + key}}}
}

// errTakenAddress refuses a second account with an address.
var errTakenAddress = &record.Invalid{Fields: []record.FieldError{{Field: "email", Key: "account.taken"}}}

func checkEmail(email string) error {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 || strings.ContainsAny(email, " \t\r\n<>\"") || !utf8.ValidString(email) {
		return invalid("email", "email")
	}
	return nil
}

func checkPassword(field, password string) error {
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return &record.Invalid{Fields: []record.FieldError{{
			Field: field, Key: "invalid.password_short", Args: map[string]string{"least": fmt.Sprint(MinPassword)},
		}}}
	case len(password) > maxPassword:
		return invalid(field, "long")
	}
	return nil
}

func checkLine(field, s string) error {
	if len(s) > record.MaxLine {
		return invalid(field, "long")
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return invalid(field, "text")
	}
	return nil
}

// keepAccount runs a change to accounts in one transaction with its journal
// entry. by is who does it: an admin, the house, or the account's own person.
func (h *House) keepAccount(ctx context.Context, by access.Viewer, action string, fn func(*Work) error) error {
	return h.store.Write(ctx, func(tx *store.Tx) error {
		w := h.work(ctx, tx, by, action, "")
		if err := fn(w); err != nil {
			return err
		}
		return w.enter()
	})
}

// putAccount writes an account and notes it for the journal.
func (w *Work) putAccount(a store.Account) error {
	w.writes = append(w.writes, ledger.Write{Kind: string(kindAccount), ID: string(a.ID)})
	w.about(record.Ref{Kind: kindAccount, ID: string(a.ID)})
	return w.tx.PutAccount(w.ctx, a)
}

func (w *Work) newAccount(email, name string, role access.Role, hash string) (store.Account, error) {
	id, err := w.random.id(w.house.now())
	if err != nil {
		return store.Account{}, err
	}
	return store.Account{
		ID: record.UserID(id), Email: email, Name: name, Role: string(role), Setup: hash, SetupBy: w.at + setupLife.Microseconds(), Made: w.at,
	}, nil
}

// FirstSetup makes the first account, an admin's, in a house that nobody can
// sign in to yet, and returns the secret of its one-time link. Until the link is
// used every call returns a fresh secret and ends the one before, so that the
// link printed last is the one that works. needed is false once an account
// exists that was made or set up in another way.
func (h *House) FirstSetup(ctx context.Context) (secret string, needed bool, err error) {
	secret, hash, err := newSecret()
	if err != nil {
		return "", false, err
	}
	err = h.keepAccount(ctx, access.House(), "make first account", func(w *Work) error {
		all, err := w.tx.Accounts(ctx)
		if err != nil {
			return err
		}
		switch {
		case len(all) == 0:
			a, err := w.newAccount("", "", access.Admin, hash)
			if err != nil {
				return err
			}
			needed = true
			return w.putAccount(a)
		case len(all) == 1 && all[0].Email == "" && all[0].Password == "":
			a := all[0]
			a.Setup, a.SetupBy = hash, w.at+setupLife.Microseconds()
			needed = true
			// The account is in the journal already; a fresh link changes nothing in it.
			return w.tx.PutAccount(ctx, a)
		}
		return nil
	})
	if err != nil || !needed {
		return "", false, err
	}
	return secret, true, nil
}

// AddAccount makes an account and returns the secret of its one-time link, which
// works for seven days.
func (h *House) AddAccount(ctx context.Context, v access.Viewer, email, name string, role access.Role) (secret string, err error) {
	if err := require(v, access.ActAccounts); err != nil {
		return "", err
	}
	email = foldEmail(email)
	if err := checkEmail(email); err != nil {
		return "", err
	}
	if err := checkLine("name", name); err != nil {
		return "", err
	}
	if _, ok := access.ParseRole(string(role)); !ok {
		return "", invalid("role", "choice")
	}
	secret, hash, err := newSecret()
	if err != nil {
		return "", err
	}
	err = h.keepAccount(ctx, v, "make account", func(w *Work) error {
		switch _, err := w.tx.AccountBy(ctx, "email", email); {
		case err == nil:
			return errTakenAddress
		case !errors.Is(err, record.ErrNotFound):
			return err
		}
		a, err := w.newAccount(email, name, role, hash)
		if err != nil {
			return err
		}
		return w.putAccount(a)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// ResetAccount forgets an account's password, ends its sessions and returns the
// secret of a fresh one-time link.
func (h *House) ResetAccount(ctx context.Context, v access.Viewer, email string) (secret string, err error) {
	if err := require(v, access.ActAccounts); err != nil {
		return "", err
	}
	secret, hash, err := newSecret()
	if err != nil {
		return "", err
	}
	err = h.keepAccount(ctx, v, "reset account", func(w *Work) error {
		a, err := w.tx.AccountBy(ctx, "email", foldEmail(email))
		if err != nil {
			return err
		}
		if a.Closed {
			return invalid("email", "closed")
		}
		a.Password, a.Setup, a.SetupBy, a.Failed, a.Locked = "", hash, w.at+setupLife.Microseconds(), 0, 0
		if err := w.tx.EndSessions(ctx, a.ID, "", w.at); err != nil {
			return err
		}
		return w.putAccount(a)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// setupOf finds the account of a one-time link.
func setupOf(ctx context.Context, r *store.Reader, secret string, now int64) (store.Account, error) {
	if secret == "" {
		return store.Account{}, fmt.Errorf("set-up link: %w", record.ErrNotFound)
	}
	a, err := r.AccountBy(ctx, "setup", hashSecret(secret))
	if err != nil {
		return store.Account{}, err
	}
	if a.Closed || a.SetupBy <= now {
		return store.Account{}, fmt.Errorf("set-up link: %w", record.ErrGone)
	}
	return a, nil
}

// SetupOf returns the account whose one-time link has the secret, for showing
// the form. The error is [record.ErrGone] for a link that is too old.
func (h *House) SetupOf(ctx context.Context, secret string) (Account, error) {
	var out Account
	err := h.view(ctx, func(r *store.Reader) error {
		a, err := setupOf(ctx, r, secret, h.micros())
		if err == nil {
			out = shown(a)
		}
		return err
	})
	return out, err
}

// SetUp gives the account of a one-time link its password and ends the link and
// every session. email counts only for a first account, which has none yet.
func (h *House) SetUp(ctx context.Context, secret, email, name, password string) (Account, error) {
	if err := checkPassword("password", password); err != nil {
		return Account{}, err
	}
	if err := checkLine("name", name); err != nil {
		return Account{}, err
	}
	// Looked up before the costly hashing, so that a made-up link costs nothing.
	found, err := h.SetupOf(ctx, secret)
	if err != nil {
		return Account{}, err
	}
	email = foldEmail(email)
	if found.Email == "" {
		if err := checkEmail(email); err != nil {
			return Account{}, err
		}
	}
	hash, err := h.doors.hash(ctx, password)
	if err != nil {
		return Account{}, err
	}
	var out Account
	err = h.keepAccount(ctx, access.Viewer{User: found.ID, Role: found.Role}, "set up account", func(w *Work) error {
		a, err := setupOf(ctx, &w.tx.Reader, secret, w.at)
		if err != nil {
			return err
		}
		if a.Email == "" {
			if _, err := w.tx.AccountBy(ctx, "email", email); err == nil {
				return errTakenAddress
			} else if !errors.Is(err, record.ErrNotFound) {
				return err
			}
			a.Email = email
		}
		if strings.TrimSpace(name) != "" {
			a.Name = strings.TrimSpace(name)
		}
		a.Password, a.Setup, a.SetupBy, a.Failed, a.Locked = hash, "", 0, 0, 0
		if err := w.tx.EndSessions(ctx, a.ID, "", w.at); err != nil {
			return err
		}
		out = shown(a)
		return w.putAccount(a)
	})
	return out, err
}

// SignIn checks an address and a password and begins a session, whose token goes
// into a cookie and nowhere else. network is where the request comes from (an
// address or its prefix), "" for networks that are not throttled; it is not
// kept. The error is [ErrSignIn], or an [ErrThrottled] when too many have failed.
func (h *House) SignIn(ctx context.Context, email, password, network string) (token string, _ Account, err error) {
	email = foldEmail(email)
	leave, err := h.doors.queue(network)
	if err != nil {
		return "", Account{}, err
	}
	a, err := h.tryPassword(ctx, email, password, network)
	leave()
	if err != nil {
		return "", Account{}, err
	}
	token, hash, err := newSecret()
	if err != nil {
		return "", Account{}, err
	}
	err = h.store.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.AccountBy(ctx, "id", string(a.ID))
		if err != nil {
			return err
		}
		// Between reading and now the account may have been closed or reset.
		if now.Closed || subtle.ConstantTimeCompare([]byte(now.Password), []byte(a.Password)) != 1 {
			return ErrSignIn
		}
		if now.Failed != 0 || now.Locked != 0 {
			now.Failed, now.Locked = 0, 0
			if err := tx.PutAccount(ctx, now); err != nil {
				return err
			}
		}
		a = now
		at := h.micros()
		return tx.PutSession(ctx, store.Session{Token: hash, Account: a.ID, Made: at, Used: at, Ends: at + idleLife.Microseconds()})
	})
	if err != nil {
		return "", Account{}, err
	}
	return token, shown(a), nil
}

// tryPassword returns the account of an address if the password is right. The
// throttles are asked when its turn has come, and the turn lasts until a failure
// is counted: guesses made at once count as guesses made one after the other, but
// for the few whose turns overlap.
func (h *House) tryPassword(ctx context.Context, email, password, network string) (store.Account, error) {
	// Whoever would be refused anyway need not wait for it.
	if err := h.doors.mayTry(h.now(), network, email); err != nil {
		return store.Account{}, err
	}
	done, err := h.doors.slot(ctx)
	if err != nil {
		return store.Account{}, err
	}
	defer done()
	if err := h.doors.mayTry(h.now(), network, email); err != nil {
		return store.Account{}, err
	}
	var a store.Account
	err = h.view(ctx, func(r *store.Reader) error {
		var err error
		a, err = r.AccountBy(ctx, "email", email)
		if errors.Is(err, record.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return store.Account{}, err
	}
	if wait := a.Locked - h.micros(); wait > 0 {
		return store.Account{}, ErrThrottled{time.Duration(wait) * time.Microsecond}
	}
	right, err := h.doors.matches(a.Password, password)
	if err != nil {
		return store.Account{}, err
	}
	if right && !a.Closed {
		return a, nil
	}
	// A closed account is throttled like an address that has none.
	known := a.ID != "" && !a.Closed
	h.doors.failed(h.now(), network, email, known)
	if known {
		if err := h.countFailure(ctx, a); err != nil {
			return store.Account{}, err
		}
	}
	return store.Account{}, ErrSignIn
}

// countFailure notes a refused sign-in on the account, so that the delay holds
// over restarts and over several processes.
func (h *House) countFailure(ctx context.Context, a store.Account) error {
	return h.store.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.AccountBy(ctx, "id", string(a.ID))
		if err != nil {
			return err
		}
		now.Failed++
		if d := delayAfter(now.Failed); d > 0 {
			now.Locked = h.micros() + d.Microseconds()
		}
		return tx.PutAccount(ctx, now)
	})
}

// SessionOf returns on whose behalf a request with the token comes. The error is
// [record.ErrNotFound] when the session is over.
func (h *House) SessionOf(ctx context.Context, token string) (access.Viewer, Account, error) {
	over := fmt.Errorf("session: %w", record.ErrNotFound)
	if token == "" {
		return access.Anyone(), Account{}, over
	}
	var a store.Account
	var s store.Session
	now := h.micros()
	err := h.view(ctx, func(r *store.Reader) error {
		var ok bool
		var err error
		if s, ok, err = r.SessionBy(ctx, hashSecret(token), now); err != nil {
			return err
		}
		if !ok {
			return over
		}
		a, err = r.AccountBy(ctx, "id", string(s.Account))
		return err
	})
	if err != nil {
		return access.Anyone(), Account{}, err
	}
	if a.Closed || a.Password == "" {
		return access.Anyone(), Account{}, over
	}
	if now-s.Used > usedEvery.Microseconds() {
		s.Used = now
		s.Ends = min(now+idleLife.Microseconds(), s.Made+sessionLife.Microseconds())
		err := h.store.Write(ctx, func(tx *store.Tx) error {
			// Signed out meanwhile: writing the session would bring it back.
			if _, ok, err := tx.SessionBy(ctx, s.Token, now); err != nil || !ok {
				return err
			}
			return tx.PutSession(ctx, s)
		})
		if err != nil {
			return access.Anyone(), Account{}, err
		}
	}
	return access.Viewer{User: a.ID, Role: access.Role(a.Role)}, shown(a), nil
}

// SignOut ends the session of a token. Ending one that is over is no error.
func (h *House) SignOut(ctx context.Context, token string) error {
	return h.store.Write(ctx, func(tx *store.Tx) error { return tx.EndSession(ctx, hashSecret(token)) })
}

// SignOutEverywhere ends every session of the viewer's account but the one of
// the token keep, which may be empty.
func (h *House) SignOutEverywhere(ctx context.Context, v access.Viewer, keep string) error {
	if v.User == "" {
		return fmt.Errorf("sign out: %w", record.ErrForbidden)
	}
	return h.store.Write(ctx, func(tx *store.Tx) error { return tx.EndSessions(ctx, v.User, hashSecret(keep), h.micros()) })
}

// Accounts lists every account by address.
func (h *House) Accounts(ctx context.Context, v access.Viewer) ([]Account, error) {
	if err := require(v, access.ActAccounts); err != nil {
		return nil, err
	}
	var out []Account
	err := h.view(ctx, func(r *store.Reader) error {
		all, err := r.Accounts(ctx)
		for _, a := range all {
			out = append(out, shown(a))
		}
		return err
	})
	return out, err
}

// ChangeAccount changes an account's role and whether it is closed. Somebody
// must be left to keep the accounts: the last admin stays one.
func (h *House) ChangeAccount(ctx context.Context, v access.Viewer, id record.UserID, role access.Role, closed bool) error {
	if err := require(v, access.ActAccounts); err != nil {
		return err
	}
	if _, ok := access.ParseRole(string(role)); !ok {
		return invalid("role", "choice")
	}
	return h.keepAccount(ctx, v, "change account", func(w *Work) error {
		a, err := w.tx.AccountBy(ctx, "id", string(id))
		if err != nil {
			return err
		}
		if access.Role(a.Role) == role && a.Closed == closed {
			return nil
		}
		if access.Role(a.Role) == access.Admin && !a.Closed && (role != access.Admin || closed) {
			all, err := w.tx.Accounts(ctx)
			if err != nil {
				return err
			}
			left := 0
			for _, o := range all {
				// One who has not set up the account yet cannot help anybody in.
				if o.ID != a.ID && !o.Closed && o.Password != "" && access.Role(o.Role) == access.Admin {
					left++
				}
			}
			if left == 0 {
				return invalid("role", "last_admin")
			}
		}
		a.Role, a.Closed = string(role), closed
		if closed {
			a.Setup, a.SetupBy = "", 0
			if err := w.tx.EndSessions(ctx, a.ID, "", w.at); err != nil {
				return err
			}
		}
		return w.putAccount(a)
	})
}

// ChangePassword sets the viewer's own password. The web ends the other sessions
// with [House.SignOutEverywhere], because only it knows the present one.
func (h *House) ChangePassword(ctx context.Context, v access.Viewer, old, fresh string) error {
	if v.User == "" {
		return fmt.Errorf("change a password: %w", record.ErrForbidden)
	}
	if err := checkPassword("new", fresh); err != nil {
		return err
	}
	var a store.Account
	err := h.view(ctx, func(r *store.Reader) error {
		var err error
		a, err = r.AccountBy(ctx, "id", string(v.User))
		return err
	})
	if err != nil {
		return err
	}
	if wait := a.Locked - h.micros(); wait > 0 {
		return ErrThrottled{time.Duration(wait) * time.Microsecond}
	}
	right, err := h.doors.verify(ctx, a.Password, old)
	if err != nil {
		return err
	}
	if !right || a.Closed {
		if err := h.countFailure(ctx, a); err != nil {
			return err
		}
		return invalid("old", "password_wrong")
	}
	hash, err := h.doors.hash(ctx, fresh)
	if err != nil {
		return err
	}
	return h.keepAccount(ctx, v, "change password", func(w *Work) error {
		now, err := w.tx.AccountBy(ctx, "id", string(v.User))
		if err != nil {
			return err
		}
		if now.Closed || now.Password != a.Password {
			return fmt.Errorf("the password: %w", record.ErrConflict)
		}
		now.Password, now.Failed, now.Locked = hash, 0, 0
		return w.putAccount(now)
	})
}

// reviewers counts the accounts that may review.
func reviewers(ctx context.Context, r *store.Reader) (int, error) {
	all, err := r.Accounts(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, a := range all {
		v := access.Viewer{User: a.ID, Role: access.Role(a.Role)}
		if !a.Closed && a.Password != "" && v.May(access.ActReview) {
			n++
		}
	}
	return n, nil
}

// accountNames returns the names by which the desk shows who did something.
func accountNames(ctx context.Context, r *store.Reader) (map[record.UserID]string, error) {
	all, err := r.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[record.UserID]string, len(all))
	for _, a := range all {
		if out[a.ID] = a.Name; a.Name == "" {
			out[a.ID] = a.Email
		}
	}
	return out, nil
}
