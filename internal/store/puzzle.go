package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
)

// Puzzle is a solved puzzle that was handed in.
type Puzzle struct {
	ID   []byte
	Ends int64 // the hour since 1970 after which nobody can hand it in
}

var puzzleInserts = inserts("insert into puzzle (id, ends) values ", 2, " on conflict (id) do nothing returning id")

// SpendPuzzles notes puzzles as handed in and returns, by identifier, those that
// were not before. Of several transactions exactly one is told of each.
func (t *Tx) SpendPuzzles(ctx context.Context, all []Puzzle) (map[string]bool, error) {
	// In one order, so that two processes never wait for each other.
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Puzzle) int { return bytes.Compare(a.ID, b.ID) })
	fresh := map[string]bool{}
	for len(all) > 0 {
		n := fit(len(all))
		var args []any
		for _, p := range all[:n] {
			args = append(args, p.ID, p.Ends)
		}
		rows, err := t.query(ctx, puzzleInserts[t.dialect][n], args...)
		if err != nil {
			return nil, fmt.Errorf("note solved puzzles: %w", err)
		}
		err = scan(rows, func() error {
			var id []byte
			err := rows.Scan(&id)
			fresh[string(id)] = true
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("note solved puzzles: %w", t.dialect.fault(err))
		}
		all = all[n:]
	}
	return fresh, nil
}

// DropPuzzles forgets puzzles that could not be handed in any more at an hour since
// 1970.
func (t *Tx) DropPuzzles(ctx context.Context, hour int64) error {
	if err := t.exec(ctx, "delete from puzzle where ends < $1", hour); err != nil {
		return fmt.Errorf("forget solved puzzles: %w", err)
	}
	return nil
}
