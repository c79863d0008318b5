package store

import (
	"context"
	"fmt"
)

// PaperLine is where a line of paper stands.
type PaperLine struct {
	Batch, Sheet, Line int
}

// TakeLine notes that a line of a petition's paper was taken. false means that it
// was before: of two at once exactly one is told true.
func (t *Tx) TakeLine(ctx context.Context, petition int, l PaperLine) (bool, error) {
	n, err := t.execCount(ctx, "insert into paper_line (petition, batch, sheet, line) values ($1, $2, $3, $4) on conflict do nothing",
		petition, l.Batch, l.Sheet, l.Line)
	if err != nil {
		return false, fmt.Errorf("take a line of paper: %w", err)
	}
	return n > 0, nil
}

// LastSheet returns the highest number of a sheet in a batch of which lines were
// taken, 0 where there is none.
func (r *Reader) LastSheet(ctx context.Context, petition, batch int) (n int, err error) {
	if _, err = r.one(ctx, []any{&n}, "select coalesce(max(sheet), 0) from paper_line where petition = $1 and batch = $2", petition, batch); err != nil {
		err = fmt.Errorf("look for the last sheet: %w", err)
	}
	return n, err
}

// ForgetLines forgets which lines of a petition's paper were taken.
func (t *Tx) ForgetLines(ctx context.Context, petition int) error {
	if err := t.exec(ctx, "delete from paper_line where petition = $1", petition); err != nil {
		return fmt.Errorf("forget which lines of paper were taken: %w", err)
	}
	return nil
}
