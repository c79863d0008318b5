package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// RowsAfter returns rows of a dataset in the order of their keys, at most limit of
// those after one.
func (r *Reader) RowsAfter(ctx context.Context, dataset, after string, limit int) ([]RowState, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select key, run, hash, start, length, line, source, event, claims from import_row "+
		"where dataset = $1 and key > $2 order by key limit %d", limit), dataset, after)
	if err != nil {
		return nil, fmt.Errorf("read the rows of a dataset: %w", err)
	}
	var out []RowState
	err = scan(rows, func() error {
		s := RowState{Dataset: dataset}
		var claims string
		if err := rows.Scan(&s.Key, &s.Run, &s.Hash, &s.Offset, &s.Length, &s.Line, &s.Source, &s.Event, &claims); err != nil {
			return err
		}
		s.Claims = unpackClaims(claims)
		out = append(out, s)
		return nil
	})
	return out, r.dialect.fault(err)
}

// RowCount returns how many rows of a dataset are remembered.
func (r *Reader) RowCount(ctx context.Context, dataset string) (int, error) {
	var n int
	_, err := r.one(ctx, []any{&n}, "select count(*) from import_row where dataset = $1", dataset)
	return n, err
}

// DropRow forgets a row of a dataset. One that was frozen, because somebody it
// spoke of was erased, is kept: it keeps them from coming back.
func (t *Tx) DropRow(ctx context.Context, dataset, key string) error {
	return t.exec(ctx, "delete from import_row where dataset = $1 and key = $2 and hash <> $3", dataset, key, blob(nil))
}

// DropProblems forgets the report of an import.
func (t *Tx) DropProblems(ctx context.Context, run record.ImportID) error {
	return t.exec(ctx, "delete from import_problem where run = $1", string(run))
}

// ImportsInto returns every run over a dataset, the latest first.
func (r *Reader) ImportsInto(ctx context.Context, dataset string) ([]Item[*record.Import], error) {
	return where[*record.Import](ctx, r, access.House(), "t.dataset = $1 order by t.id desc", dataset)
}

// RequestsAbout returns what was asked about a record.
func (r *Reader) RequestsAbout(ctx context.Context, id string) ([]Item[*record.Request], error) {
	return where[*record.Request](ctx, r, access.House(), "t.about = $1 order by t.id", id)
}

// Reproducing counts the sources, but for rows of datasets, that were reproduced
// in another one.
func (r *Reader) Reproducing(ctx context.Context, source record.SourceID) (int, error) {
	var n int
	_, err := r.one(ctx, []any{&n}, "select count(*) from source where within = $1 and within <> '' and run = ''", string(source))
	return n, err
}
