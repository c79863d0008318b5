package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/record"
)

// Account is a person who may sign in.
type Account struct {
	ID       record.UserID
	Email    string // folded; the key
	Name     string
	Role     string
	Password string // argon2id in PHC form, "" until set up
	Setup    string // SHA-256 of the one-time link's secret, or ""
	SetupBy  int64
	Closed   bool
	Made     int64
	Failed   int
	Locked   int64
}

const accountColumns = "id, email, name, role, password, setup, setup_by, closed, made, failed, locked"

func (r *Reader) accounts(ctx context.Context, cond string, args ...any) ([]Account, error) {
	rows, err := r.query(ctx, "select "+accountColumns+" from account where "+cond, args...)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	var out []Account
	err = scan(rows, func() error {
		var a Account
		var closed int
		if err := rows.Scan(&a.ID, &a.Email, &a.Name, &a.Role, &a.Password, &a.Setup, &a.SetupBy, &closed, &a.Made, &a.Failed, &a.Locked); err != nil {
			return err
		}
		a.Closed = closed != 0
		out = append(out, a)
		return nil
	})
	return out, r.dialect.fault(err)
}

// Accounts lists every account.
func (r *Reader) Accounts(ctx context.Context) ([]Account, error) {
	return r.accounts(ctx, "1 = 1 order by email limit 10000")
}

// AccountBy returns the account whose column (id, email or setup) has the value.
func (r *Reader) AccountBy(ctx context.Context, column, value string) (Account, error) {
	switch column {
	case "id", "email", "setup":
	default:
		return Account{}, fmt.Errorf("accounts are not found by %q", column)
	}
	if value == "" {
		return Account{}, fmt.Errorf("account: %w", record.ErrNotFound)
	}
	got, err := r.accounts(ctx, column+" = $1", value)
	if err == nil && len(got) == 0 {
		err = fmt.Errorf("account: %w", record.ErrNotFound)
	}
	if err != nil {
		return Account{}, err
	}
	return got[0], nil
}

// PutAccount makes or replaces an account.
func (t *Tx) PutAccount(ctx context.Context, a Account) error {
	err := t.exec(ctx, "insert into account ("+accountColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "+
		"on conflict (id) do update set email = excluded.email, name = excluded.name, role = excluded.role, password = excluded.password, "+
		"setup = excluded.setup, setup_by = excluded.setup_by, closed = excluded.closed, failed = excluded.failed, locked = excluded.locked",
		string(a.ID), a.Email, a.Name, a.Role, a.Password, a.Setup, a.SetupBy, flag(a.Closed), a.Made, a.Failed, a.Locked)
	if err != nil {
		return fmt.Errorf("write an account: %w", err)
	}
	return nil
}

// Session is a signed-in browser.
type Session struct {
	Token   string // SHA-256 of the cookie's secret
	Account record.UserID
	Made    int64
	Used    int64
	Ends    int64
}

// SessionBy returns the session of a token that has not ended at the instant.
func (r *Reader) SessionBy(ctx context.Context, token string, now int64) (Session, bool, error) {
	var s Session
	ok, err := r.one(ctx, []any{&s.Token, &s.Account, &s.Made, &s.Used, &s.Ends},
		"select token, account, made, used, ends from session where token = $1 and ends > $2", token, now)
	return s, ok, err
}

// Sessions returns an account's sessions that have not ended.
func (r *Reader) Sessions(ctx context.Context, account record.UserID, now int64) ([]Session, error) {
	rows, err := r.query(ctx, "select token, account, made, used, ends from session where account = $1 and ends > $2 order by made desc limit 100", string(account), now)
	if err != nil {
		return nil, err
	}
	var out []Session
	err = scan(rows, func() error {
		var s Session
		if err := rows.Scan(&s.Token, &s.Account, &s.Made, &s.Used, &s.Ends); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	})
	return out, r.dialect.fault(err)
}

// PutSession makes a session or moves its times.
func (t *Tx) PutSession(ctx context.Context, s Session) error {
	return t.exec(ctx, "insert into session (token, account, made, used, ends) values ($1, $2, $3, $4, $5) "+
		"on conflict (token) do update set used = excluded.used, ends = excluded.ends", s.Token, string(s.Account), s.Made, s.Used, s.Ends)
}

// EndSession ends one session.
func (t *Tx) EndSession(ctx context.Context, token string) error {
	return t.exec(ctx, "delete from session where token = $1", token)
}

// EndSessions ends every session of an account but one, and those of anybody
// that are over.
func (t *Tx) EndSessions(ctx context.Context, account record.UserID, but string, now int64) error {
	return t.exec(ctx, "delete from session where (account = $1 and token <> $2) or ends <= $3", string(account), but, now)
}

// Setting returns a named value of the house, nil when it is not set.
func (r *Reader) Setting(ctx context.Context, name string) ([]byte, error) {
	var v []byte
	_, err := r.one(ctx, []any{&v}, "select value from setting where name = $1", name)
	return v, err
}

// PutSetting sets a named value of the house.
func (t *Tx) PutSetting(ctx context.Context, name string, value []byte) error {
	return t.exec(ctx, "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", name, blob(value))
}
