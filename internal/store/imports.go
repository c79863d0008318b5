package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// RowState is what the store remembers of a dataset's row.
type RowState struct {
	Dataset string
	Key     string
	Run     record.ImportID
	Hash    []byte
	Offset  int64
	Length  int64
	Line    int
	Source  record.SourceID
	Event   record.EventID
	// Claims maps the importer's part names to claims.
	Claims map[string]record.ClaimID
}

var rowColumns = []string{"dataset", "key", "run", "hash", "start", "length", "line", "source", "event", "claims"}

func packClaims(claims map[string]record.ClaimID, order []string) string {
	var b strings.Builder
	for _, part := range order {
		if b.Len() > 0 {
			b.WriteByte(';')
		}
		b.WriteString(part)
		b.WriteByte('=')
		b.WriteString(string(claims[part]))
	}
	return b.String()
}

func unpackClaims(s string) map[string]record.ClaimID {
	m := map[string]record.ClaimID{}
	for pair := range strings.SplitSeq(s, ";") {
		if part, id, ok := strings.Cut(pair, "="); ok {
			m[part] = record.ClaimID(id)
		}
	}
	return m
}

// Rows returns what is remembered of the rows with the keys.
func (r *Reader) Rows(ctx context.Context, dataset string, keys []string) (map[string]RowState, error) {
	out := make(map[string]RowState, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), chunk)
		in, args := list([]any{dataset}, keys[:n])
		rows, err := r.query(ctx, "select key, run, hash, start, length, line, source, event, claims from import_row where dataset = $1 and key in ("+in+")", args...)
		if err != nil {
			return nil, fmt.Errorf("look for known rows: %w", err)
		}
		err = scan(rows, func() error {
			s := RowState{Dataset: dataset}
			var claims string
			if err := rows.Scan(&s.Key, &s.Run, &s.Hash, &s.Offset, &s.Length, &s.Line, &s.Source, &s.Event, &claims); err != nil {
				return err
			}
			s.Claims = unpackClaims(claims)
			out[s.Key] = s
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		keys = keys[n:]
	}
	return out, nil
}

// PutRow remembers a row. parts gives the order of the claims.
func (t *Tx) PutRow(ctx context.Context, s *RowState, parts []string, known bool) error {
	if known {
		if err := t.exec(ctx, "delete from import_row where dataset = $1 and key = $2", s.Dataset, s.Key); err != nil {
			return err
		}
	}
	return t.put(ctx, "import_row", rowColumns, s.Dataset, s.Key, string(s.Run), blob(s.Hash), s.Offset, s.Length, s.Line,
		string(s.Source), string(s.Event), packClaims(s.Claims, parts))
}

// RowOf returns the row that became a source.
func (r *Reader) RowOf(ctx context.Context, source record.SourceID) (RowState, bool, error) {
	var s RowState
	var claims string
	ok, err := r.one(ctx, []any{&s.Dataset, &s.Key, &s.Run, &s.Hash, &s.Offset, &s.Length, &s.Line, &s.Source, &s.Event, &claims},
		"select dataset, key, run, hash, start, length, line, source, event, claims from import_row where source = $1", string(source))
	s.Claims = unpackClaims(claims)
	return s, ok, err
}

// RowProblem is one thing an import's report lists: a message by its key in the
// catalogue with its parameters, or, without a key, words of another program.
type RowProblem struct {
	Line    int
	Field   string
	Key     string
	Args    map[string]string
	Reason  string
	Refused bool
}

// args is the parameters as they are kept.
func (p *RowProblem) args() (string, error) {
	if len(p.Args) == 0 {
		return "", nil
	}
	b, err := json.Marshal(p.Args) // in the order of names
	return string(b), err
}

func (p *RowProblem) setArgs(kept string) error {
	if kept == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(kept), &p.Args); err != nil {
		return fmt.Errorf("read the report of an import: %w", err)
	}
	return nil
}

// PutProblem adds a line to an import's report. number is its place.
func (t *Tx) PutProblem(ctx context.Context, run record.ImportID, number int, p RowProblem) error {
	args, err := p.args()
	if err != nil {
		return err
	}
	return t.put(ctx, "import_problem", []string{"run", "number", "line", "field", "key", "args", "reason", "refused"}, string(run), number, p.Line, p.Field, p.Key, args, p.Reason, flag(p.Refused))
}

// LastProblem returns the highest number in an import's report, 0 when it is
// empty.
func (r *Reader) LastProblem(ctx context.Context, run record.ImportID) (int, error) {
	var n int
	_, err := r.one(ctx, []any{&n}, "select coalesce(max(number), 0) from import_problem where run = $1", string(run))
	return n, err
}

// Problems returns an import's report.
func (r *Reader) Problems(ctx context.Context, run record.ImportID, offset, limit int) ([]RowProblem, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select line, field, key, args, reason, refused from import_problem where run = $1 order by number limit %d offset %d", limit, offset), string(run))
	if err != nil {
		return nil, err
	}
	var out []RowProblem
	err = scan(rows, func() error {
		var p RowProblem
		var args string
		var refused int
		if err := rows.Scan(&p.Line, &p.Field, &p.Key, &args, &p.Reason, &refused); err != nil {
			return err
		}
		p.Refused = refused != 0
		out = append(out, p)
		return out[len(out)-1].setArgs(args)
	})
	return out, r.dialect.fault(err)
}

// LastImport returns the latest run over a dataset.
func (r *Reader) LastImport(ctx context.Context, dataset string) (Item[*record.Import], bool, error) {
	got, err := where[*record.Import](ctx, r, access.House(), "t.dataset = $1 order by t.id desc limit 1", dataset)
	if err != nil || len(got) == 0 {
		return Item[*record.Import]{}, false, err
	}
	return got[0], true, nil
}

// ImportOf returns the unfinished or finished runs over exactly this file.
func (r *Reader) ImportOf(ctx context.Context, dataset, hash string) ([]Item[*record.Import], error) {
	return where[*record.Import](ctx, r, access.House(), "t.dataset = $1 and t.hash = $2 order by t.id desc", dataset, hash)
}
