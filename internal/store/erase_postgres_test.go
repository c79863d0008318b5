package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

// TestScrubForgetsDeadRows erases on PostgreSQL and looks into the pages of every
// table: no dead row is left, in none of them is the word in a row that is still
// there, and the statistics hold no sample of it.
func TestScrubForgetsDeadRows(t *testing.T) {
	f := open(t, testdb.Postgres(t))
	ctx := t.Context()
	if _, err := f.db.ExecContext(ctx, "create extension pgstattuple"); err != nil {
		t.Skipf("skipped, needs the extension pgstattuple and the right to make it: %v", err)
	}
	p := f.person("Zzplanted", record.Public)
	p.Note = strings.Repeat("Of zzplanted. ", 2000) // so long that it is kept aside
	f.insert(p)
	p.Note += "More."
	if err := f.update(p, 2); err != nil {
		t.Fatal(err)
	}
	f.write(func(ctx context.Context, tx *Tx) error {
		if err := tx.PutProblem(ctx, "run", 1, RowProblem{Line: 1, Reason: "zzplanted stands there"}); err != nil {
			return err
		}
		return tx.PutSetting(ctx, "import.staged", []byte("zzplanted"))
	})
	// The statistics know the word.
	if _, err := f.db.ExecContext(ctx, "analyze"); err != nil {
		t.Fatal(err)
	}
	f.write(func(ctx context.Context, tx *Tx) error {
		if err := tx.SetProblem(ctx, "run", 1, RowProblem{Reason: "[…] stands there"}); err != nil {
			return err
		}
		if err := tx.PutSetting(ctx, "import.staged", nil); err != nil {
			return err
		}
		return tx.Erase(ctx, p.Ref(), tx.Head.Size, 1)
	})
	dead := func() (n int) {
		t.Helper()
		err := f.db.QueryRowContext(ctx, "select coalesce(sum((pgstattuple(c.oid)).dead_tuple_count), 0)::bigint from pg_class c "+
			"where c.relkind in ('r', 't') and (c.relnamespace = current_schema()::regnamespace or c.oid in "+
			"(select reltoastrelid from pg_class where relnamespace = current_schema()::regnamespace))").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if dead() == 0 {
		t.Fatal("erasing left no dead rows to forget")
	}

	// Whoever still reads what was there keeps it there, and scrubbing says so.
	f.view(func(ctx context.Context, r *Reader) error {
		if _, err := r.Setting(ctx, "any"); err != nil {
			return err
		}
		f.write(func(ctx context.Context, tx *Tx) error { return tx.PutSetting(ctx, "any", []byte("x")) })
		if err := f.Scrub(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("scrubbing beside a reader: %v", err)
		}
		return nil
	})
	columns := func() (s string) {
		t.Helper()
		err := f.db.QueryRowContext(ctx, "select string_agg(concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable, column_default), E'\\n' "+
			"order by table_name, ordinal_position) from information_schema.columns where table_schema = current_schema()").Scan(&s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := columns()
	if err := f.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, columns()); diff != "" {
		t.Errorf("scrubbing changed the schema: %s", diff)
	}
	if n := dead(); n != 0 {
		t.Errorf("%d dead rows are left", n)
	}
	tables, err := f.ownTables(ctx)
	if err != nil || len(tables) < 50 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range tables {
		var n int
		if err := f.db.QueryRowContext(ctx, "select count(*) from "+table+" t where t::text ilike '%zzplanted%' or t::text ilike '%"+hexOf("zzplanted")+"%'").Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows hold the word (%v)", table, n, err)
		}
	}
	var n int
	if err := f.db.QueryRowContext(ctx, "select count(*) from pg_stats s where s::text ilike '%zzplanted%' or s::text ilike '%"+hexOf("zzplanted")+"%'").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d statistics hold the word (%v)", n, err)
	}
}

// hexOf writes a word as PostgreSQL prints bytes.
func hexOf(s string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(digits[s[i]>>4])
		b.WriteByte(digits[s[i]&15])
	}
	return b.String()
}
