package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// Erase removes a record for good: the current version, every earlier one, the
// search document, the notes of the entries about it, and what lists hold of it.
// The journal keeps its leaves, whose salted hashes say nothing without the
// salts removed here.
func (t *Tx) Erase(ctx context.Context, ref record.Ref, entry, at int64) error {
	tab, ok := tables[ref.Kind]
	if !ok {
		return fmt.Errorf("kind %q: %w", ref.Kind, record.ErrNotFound)
	}
	item, err := AnyOne(ctx, &t.Reader, access.House(), ref)
	if err != nil {
		return err
	}
	slug := goneSlug(item.Rec)
	if slug != "" && item.Level > access.LevelPublic {
		// An address that was never public says nothing, not even that there was one.
		was := 0
		if _, err := t.one(ctx, []any{&was}, "select count(*) from version where kind = $1 and id = $2 and seen = 0", string(ref.Kind), ref.ID); err != nil {
			return err
		}
		if was == 0 {
			slug = ""
		}
	}
	if err := t.unindex(ctx, ref.ID); err != nil {
		return err
	}
	if err := t.moveFollowed(ctx, ref, true); err != nil {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"delete from " + tab.name + " where id = $1", []any{ref.ID}},
		{"update version set salt = null, body = null where kind = $1 and id = $2", []any{string(ref.Kind), ref.ID}},
		{"delete from entry_note where seq in (select seq from entry where subject = $1)", []any{ref.ID}},
		{"delete from figure where subject = $1", []any{ref.ID}},
		{"delete from old_slug where kind = $1 and id = $2", []any{string(ref.Kind), ref.ID}},
		// The slug is kept only as long as it says nothing: a person's name does.
		{
			"insert into gone (kind, id, slug, entry, at) values ($1, $2, $3, $4, $5) on conflict (kind, id) do nothing",
			[]any{string(ref.Kind), ref.ID, slug, entry, at},
		},
	} {
		if err := t.exec(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("erase %s: %w", ref, err)
		}
	}
	for _, q := range []string{
		"delete from follow_link where id = $1 or target = $1", "delete from follow_due where id = $1",
		"delete from party_successor where party = $1 or successor = $1",
	} {
		if err := t.exec(ctx, q, ref.ID); err != nil {
			return err
		}
	}
	if ref.Kind == record.KindFeed {
		for _, q := range []string{"delete from feed_item where feed = $1", "delete from feed_state where feed = $1"} {
			if err := t.exec(ctx, q, ref.ID); err != nil {
				return err
			}
		}
	}
	if ref.Kind == record.KindEvent {
		for _, q := range []string{
			"delete from event_struck where event = $1", "delete from event_response where event = $1 or cause = $1",
			"delete from event_warning where event = $1 or attack = $1",
		} {
			if err := t.exec(ctx, q, ref.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func goneSlug(r record.Record) string {
	if _, person := r.(*record.Person); person {
		return ""
	}
	return slugOf(r)
}

// EraseVersions removes the earlier versions of a record whose current version
// stays, and the notes of the entries about it.
func (t *Tx) EraseVersions(ctx context.Context, ref record.Ref) error {
	if err := t.exec(ctx, "update version set salt = null, body = null where kind = $1 and id = $2", string(ref.Kind), ref.ID); err != nil {
		return fmt.Errorf("erase the earlier versions of %s: %w", ref, err)
	}
	return t.exec(ctx, "delete from entry_note where seq in (select seq from entry where subject = $1)", ref.ID)
}

// Gone lists what was erased, for backups and casefiles to honour.
func (r *Reader) Gone(ctx context.Context, fn func(record.Ref) error) error {
	rows, err := r.query(ctx, "select kind, id from gone order by kind, id")
	if err != nil {
		return err
	}
	var refs []record.Ref
	err = scan(rows, func() error {
		refs = append(refs, record.Ref{})
		return rows.Scan(&refs[len(refs)-1].Kind, &refs[len(refs)-1].ID)
	})
	if err != nil {
		return r.dialect.fault(err)
	}
	for _, ref := range refs {
		if err := fn(ref); err != nil {
			return err
		}
	}
	return nil
}

// GoneSlugs calls fn for every erased record of which an address is kept, so that
// whoever follows it learns that it is gone.
func (r *Reader) GoneSlugs(ctx context.Context, fn func(ref record.Ref, slug string) error) error {
	rows, err := r.query(ctx, "select kind, id, slug from gone where slug <> '' order by kind, id")
	if err != nil {
		return err
	}
	var refs []record.Ref
	var slugs []string
	err = scan(rows, func() error {
		refs, slugs = append(refs, record.Ref{}), append(slugs, "")
		last := len(refs) - 1
		return rows.Scan(&refs[last].Kind, &refs[last].ID, &slugs[last])
	})
	if err != nil {
		return r.dialect.fault(err)
	}
	for i, ref := range refs {
		if err := fn(ref, slugs[i]); err != nil {
			return err
		}
	}
	return nil
}

// DropGoneSlug forgets the address of an erased record.
func (t *Tx) DropGoneSlug(ctx context.Context, ref record.Ref) error {
	return t.exec(ctx, "update gone set slug = '' where kind = $1 and id = $2", string(ref.Kind), ref.ID)
}

// IsGone reports whether a record was erased.
func (r *Reader) IsGone(ctx context.Context, ref record.Ref) (bool, error) {
	var id string
	return r.one(ctx, []any{&id}, "select id from gone where kind = $1 and id = $2", string(ref.Kind), ref.ID)
}

// Scrub makes what was deleted unreadable in the database's own files as far as
// the database allows. SQLite folds its write-ahead log into the database, whose
// freed space is already overwritten, and truncates it; copies made before a
// migration are removed. PostgreSQL forgets the dead rows; their bytes stay in
// its files until the space is used again, and in its own log until that is
// recycled (docs/operations.md). It fails with [ErrBusy] while somebody still
// reads what was there before.
func (s *Store) Scrub(ctx context.Context) error {
	if s.dialect == postgres {
		return s.scrubPostgres(ctx)
	}
	// Copies from before a migration would bring back what they still hold.
	copies, err := filepath.Glob(globQuote(s.dsn) + ".before-*")
	if err != nil {
		return fmt.Errorf("look for copies of the database: %w", err)
	}
	for _, name := range copies {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("remove a copy of the database: %w", err)
		}
	}
	var ses *session
	select {
	case ses = <-s.writer:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.writer <- ses }()
	if err := ses.open(ctx, s.db); err != nil {
		return s.dialect.fault(err)
	}
	s.readers.letGo()
	var busy, log, moved int
	if err := ses.conn.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &log, &moved); err != nil {
		return fmt.Errorf("fold the write-ahead log: %w", s.dialect.fault(err))
	}
	if busy != 0 {
		return fmt.Errorf("fold the write-ahead log: %w", ErrBusy)
	}
	return nil
}

// globQuote returns a pattern that matches the path alone.
func globQuote(path string) string {
	var b strings.Builder
	for _, r := range path {
		if strings.ContainsRune(`*?[\`, r) && filepath.Separator == '/' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// BlobUses returns how many captures and imports still name a blob.
func (r *Reader) BlobUses(ctx context.Context, hash string) (int, error) {
	var n int
	_, err := r.one(ctx, []any{&n}, "select (select count(*) from capture where hash = $1 or text_hash = $1) + (select count(*) from import where hash = $1)", hash)
	return n, err
}
