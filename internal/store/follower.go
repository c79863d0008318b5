package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/gawah-project/gawah/internal/record"
)

// Follower is an address that is told by mail what becomes of something. The
// address is in Box, encrypted; Addr is a keyed hash of it. Instants are
// microseconds UTC.
type Follower struct {
	ID string
	// Kind and Target say what is followed; Target is "" for everything.
	Kind, Target string
	Lang         string
	Addr, Box    []byte
	Code         string // SHA-256 of the secret in the links, in hexadecimal
	Confirmed    int64  // 0 not yet
	Expires      int64  // when it is dropped unconfirmed; 0 never
	Told         int64  // the last [FollowFact] that it was told
}

const followerColumns = "id, kind, target, lang, addr, box, code, confirmed, expires, told"

func (f *Follower) dest() []any {
	return []any{&f.ID, &f.Kind, &f.Target, &f.Lang, &f.Addr, &f.Box, &f.Code, &f.Confirmed, &f.Expires, &f.Told}
}

// FollowFact is something that followers are told.
type FollowFact struct {
	N    int64
	Fact string // the same each time it is found
	Kind string
	Of   record.Ref
	Step string
	Day  string // YYYY-MM-DD on which it was due
}

// AddFollower adds a follower.
func (t *Tx) AddFollower(ctx context.Context, f Follower) error {
	err := t.exec(ctx, "insert into follower ("+followerColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		f.ID, f.Kind, f.Target, f.Lang, blob(f.Addr), blob(f.Box), f.Code, f.Confirmed, f.Expires, f.Told)
	if err != nil {
		return fmt.Errorf("add a follower: %w", err)
	}
	return nil
}

// FollowerByAddr returns who follows a target under an address's keyed hash, or
// [record.ErrNotFound].
func (r *Reader) FollowerByAddr(ctx context.Context, kind, target string, addr []byte) (Follower, error) {
	return r.follower(ctx, "kind = $1 and target = $2 and addr = $3", kind, target, blob(addr))
}

// FollowerByCode returns the follower whose links hold the secret with a hash, or
// [record.ErrNotFound].
func (r *Reader) FollowerByCode(ctx context.Context, code string) (Follower, error) {
	return r.follower(ctx, "code = $1", code)
}

// FollowerOf returns a follower, or [record.ErrNotFound].
func (r *Reader) FollowerOf(ctx context.Context, id string) (Follower, error) {
	return r.follower(ctx, "id = $1", id)
}

func (r *Reader) follower(ctx context.Context, cond string, args ...any) (Follower, error) {
	list, err := r.followers(ctx, cond, args...)
	if err == nil && len(list) == 0 {
		err = record.ErrNotFound
	}
	if err != nil {
		return Follower{}, err
	}
	return list[0], nil
}

func (r *Reader) followers(ctx context.Context, cond string, args ...any) (list []Follower, err error) {
	rows, err := r.query(ctx, "select "+followerColumns+" from follower where "+cond, args...)
	if err != nil {
		return nil, fmt.Errorf("read followers: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var f Follower
		if err := rows.Scan(f.dest()...); err != nil {
			return nil, fmt.Errorf("read a follower: %w", err)
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// FollowersUnconfirmed counts what an address was asked to follow and has not
// confirmed.
func (r *Reader) FollowersUnconfirmed(ctx context.Context, addr []byte) (n int, err error) {
	_, err = r.one(ctx, []any{&n}, "select count(*) from follower where addr = $1 and confirmed = 0", blob(addr))
	return n, err
}

// FollowersBehind returns confirmed followers who were not told all facts up to a
// number, those furthest behind first.
func (r *Reader) FollowersBehind(ctx context.Context, n int64, limit int) ([]Follower, error) {
	return r.followers(ctx, "confirmed > 0 and told < $1 order by told, id limit $2", n, limit)
}

// ConfirmFollower makes a follower be told what comes after a fact.
func (t *Tx) ConfirmFollower(ctx context.Context, id string, at, told int64) error {
	return t.exec(ctx, "update follower set confirmed = $1, expires = 0, told = $2 where id = $3 and confirmed = 0", at, told, id)
}

// RenewFollower moves the instant at which an unconfirmed follower is dropped.
func (t *Tx) RenewFollower(ctx context.Context, id string, expires int64) error {
	return t.exec(ctx, "update follower set expires = $1 where id = $2 and confirmed = 0", expires, id)
}

// FollowerTold notes up to which fact a follower was told, and reports whether
// there is still such a follower who was not.
func (t *Tx) FollowerTold(ctx context.Context, id string, n int64) (bool, error) {
	changed, err := t.execCount(ctx, "update follower set told = $1 where id = $2 and told < $1", n, id)
	return changed > 0, err
}

// DropFollower forgets a follower and their address, and returns 1, or 0 where there is
// none.
func (t *Tx) DropFollower(ctx context.Context, id string) (int64, error) {
	return t.execCount(ctx, "delete from follower where id = $1", id)
}

// FollowersOf returns what follows under an address's keyed hash.
func (r *Reader) FollowersOf(ctx context.Context, addr []byte) ([]Follower, error) {
	return r.followers(ctx, "addr = $1 order by id", blob(addr))
}

// DropUnconfirmed forgets the addresses that were not confirmed in time.
func (t *Tx) DropUnconfirmed(ctx context.Context, now int64) (int64, error) {
	return t.execCount(ctx, "delete from follower where expires > 0 and expires <= $1", now)
}

// AddFollowFact numbers a fact, and reports whether it was not known.
func (t *Tx) AddFollowFact(ctx context.Context, f FollowFact) (bool, error) {
	n, err := t.execCount(ctx, "insert into follow_fact (n, fact, kind, of_kind, of_id, step, day) "+
		"select coalesce(max(n), 0) + 1, $1, $2, $3, $4, $5, $6 from follow_fact where true on conflict (fact) do nothing",
		f.Fact, f.Kind, string(f.Of.Kind), f.Of.ID, f.Step, f.Day)
	if err != nil {
		return false, fmt.Errorf("number a fact for followers: %w", err)
	}
	return n > 0, nil
}

// LastFollowFact returns the number of the newest fact, 0 without any.
func (r *Reader) LastFollowFact(ctx context.Context) (n int64, err error) {
	_, err = r.one(ctx, []any{&n}, "select coalesce(max(n), 0) from follow_fact")
	return n, err
}

// FollowFactNames returns the facts that are known, by what they are called.
func (r *Reader) FollowFactNames(ctx context.Context) (known map[string]bool, err error) {
	rows, err := r.query(ctx, "select fact from follow_fact")
	if err != nil {
		return nil, fmt.Errorf("read the facts for followers: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known = map[string]bool{}
	for rows.Next() {
		var fact string
		if err := rows.Scan(&fact); err != nil {
			return nil, fmt.Errorf("read a fact for followers: %w", err)
		}
		known[fact] = true
	}
	return known, rows.Err()
}

// FollowFacts returns the newest facts after a number and up to another, at most
// limit, the newest first.
func (r *Reader) FollowFacts(ctx context.Context, after, last int64, limit int) (list []FollowFact, err error) {
	rows, err := r.query(ctx, "select n, fact, kind, of_kind, of_id, step, day from follow_fact where n > $1 and n <= $2 order by n desc limit $3", after, last, limit)
	if err != nil {
		return nil, fmt.Errorf("read what followers are told: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var f FollowFact
		if err := rows.Scan(&f.N, &f.Fact, &f.Kind, &f.Of.Kind, &f.Of.ID, &f.Step, &f.Day); err != nil {
			return nil, fmt.Errorf("read a fact for followers: %w", err)
		}
		list = append(list, f)
	}
	return list, rows.Err()
}
