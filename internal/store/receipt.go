package store

import (
	"context"
	"strings"
)

// maxHolding bounds how many entries [Reader.EntryHolding] looks at.
const maxHolding = 100

// EntryHolding returns the first journal entry of an action about a record, not
// before an instant in microseconds UTC, whose leaf holds a word such as a hash.
// It looks at a hundred entries at most, because a leaf may be large.
func (r *Reader) EntryHolding(ctx context.Context, subject, action, word string, from int64) (seq, at int64, ok bool, err error) {
	rows, err := r.query(ctx, "select seq, at, leaf from entry where subject = $1 and action = $2 and at >= $3 order by seq limit $4", subject, action, from, maxHolding)
	if err != nil {
		return 0, 0, false, err
	}
	err = scan(rows, func() error {
		var n, when int64
		var leaf []byte
		if err := rows.Scan(&n, &when, &leaf); err != nil {
			return err
		}
		if !ok && strings.Contains(string(leaf), word) {
			seq, at, ok = n, when, true
		}
		return nil
	})
	return seq, at, ok, r.dialect.fault(err)
}

// EntriesOn returns the journal entries of an action about a record, in their order.
func (r *Reader) EntriesOn(ctx context.Context, subject, action string) (list []Entry, err error) {
	rows, err := r.query(ctx, "select seq, at, leaf from entry where subject = $1 and action = $2 order by seq", subject, action)
	if err != nil {
		return nil, err
	}
	err = scan(rows, func() error {
		var e Entry
		err := rows.Scan(&e.Seq, &e.At, &e.Leaf)
		list = append(list, e)
		return err
	})
	return list, r.dialect.fault(err)
}
