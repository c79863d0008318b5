package store

import (
	"context"
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// Past is one version in a record's history, newest first. Body is nil where the
// version was erased, and to all but admins where it is hidden.
type Past struct {
	Rev    int
	Level  access.Level
	Entry  int64
	At     int64
	Role   string
	Actor  record.UserID
	Action string
	Note   string // the reason, for the desk only
	Salt   []byte
	Body   []byte
	Hidden bool
}

// History returns the versions of a record that the viewer may see, newest
// first. To the public these are the published ones, without actor, reason or
// time of day: the caller shows role and day.
func (r *Reader) History(ctx context.Context, v access.Viewer, ref record.Ref) ([]Past, error) {
	tab, ok := tables[ref.Kind]
	if !ok {
		return nil, fmt.Errorf("kind %q: %w", ref.Kind, record.ErrNotFound)
	}
	// What is no longer visible takes its history with it.
	now, err := AnyOne(ctx, r, v, ref)
	if err != nil {
		return nil, err
	}
	seen, args := r.sees(v, "h", "", []any{string(ref.Kind), ref.ID})
	if v.Sees() == access.LevelInternal && v.User != "" && now.Author == v.User {
		seen = "1 = 1" // one's own drafts
	}
	rows, err := r.query(ctx, "select h.rev, h.seen, h.entry, h.at, h.role, coalesce(e.actor, ''), coalesce(e.action, ''), coalesce(n.note, ''), h.salt, h.body, h.hidden from ("+
		"select rev, seen, entry, at, role, salt, body, hidden from version where kind = $1 and id = $2 "+
		"union all select rev, seen, entry, at, role, salt, body, 0 from "+tab.name+" where id = $2) h "+
		"left join entry e on e.seq = h.entry left join entry_note n on n.seq = h.entry "+
		"where "+seen+" order by h.rev desc limit 1000", args...)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", ref, err)
	}
	var out []Past
	err = scan(rows, func() error {
		var p Past
		var hidden int
		if err := rows.Scan(&p.Rev, &p.Level, &p.Entry, &p.At, &p.Role, &p.Actor, &p.Action, &p.Note, &p.Salt, &p.Body, &hidden); err != nil {
			return err
		}
		p.Hidden = hidden != 0 && p.Body != nil
		if p.Hidden && (v.Role != access.Admin || v.AsPublic) {
			p.Salt, p.Body = nil, nil
		}
		if v.Sees() == access.LevelPublic {
			p.Actor, p.Note, p.Salt = "", "", nil
			p.At = time.UnixMicro(p.At).UTC().Truncate(24 * time.Hour).UnixMicro()
		}
		out = append(out, p)
		return nil
	})
	return out, r.dialect.fault(err)
}

// SetHidden hides an earlier version from all but admins, or shows it again. It
// reports false where there is no such version, where it is the current one, or
// where nothing is left of it.
func (t *Tx) SetHidden(ctx context.Context, ref record.Ref, rev int, hidden bool) (bool, error) {
	n, err := t.execCount(ctx, "update version set hidden = $1 where kind = $2 and id = $3 and rev = $4 and body is not null",
		flag(hidden), string(ref.Kind), ref.ID, rev)
	if err != nil {
		return false, fmt.Errorf("hide version %d of %s: %w", rev, ref, err)
	}
	return n > 0, nil
}

// Hidden calls fn for every version that is hidden and not erased.
func (r *Reader) Hidden(ctx context.Context, fn func(VersionKey)) error {
	rows, err := r.query(ctx, "select kind, id, rev from version where hidden <> 0 and body is not null order by kind, id, rev")
	if err != nil {
		return fmt.Errorf("look for hidden versions: %w", err)
	}
	err = scan(rows, func() error {
		var k VersionKey
		if err := rows.Scan(&k.Ref.Kind, &k.Ref.ID, &k.Rev); err != nil {
			return err
		}
		fn(k)
		return nil
	})
	return r.dialect.fault(err)
}

// Line is a journal entry as lists show it.
type Line struct {
	Seq     int64
	At      int64
	Actor   record.UserID
	Role    string
	Action  string
	Subject record.Ref
	Run     record.ImportID
	Note    string
}

// Journal returns entries before the one numbered before (0 for the newest),
// newest first, without the rows of imports.
func (r *Reader) Journal(ctx context.Context, before int64, limit int) ([]Line, error) {
	if before == 0 {
		before = 1 << 62
	}
	rows, err := r.query(ctx, fmt.Sprintf("select e.seq, e.at, e.actor, e.role, e.action, e.kind, e.subject, e.run, coalesce(n.note, '') "+
		"from entry e left join entry_note n on n.seq = e.seq where e.seq < $1 and (e.run = '' or e.kind = 'import') order by e.seq desc limit %d", limit), before)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	var out []Line
	err = scan(rows, func() error {
		var l Line
		if err := rows.Scan(&l.Seq, &l.At, &l.Actor, &l.Role, &l.Action, &l.Subject.Kind, &l.Subject.ID, &l.Run, &l.Note); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	})
	return out, r.dialect.fault(err)
}

// Recent returns the latest changes to events, sources and people that are
// public, for the home page and the feed. Only records that are public now.
func (r *Reader) Recent(ctx context.Context, limit int) ([]Item[*record.Event], error) {
	from := "event t"
	if r.dialect == sqlite {
		// Without statistics it takes one dataset to be few events, and sorts them all.
		from += " indexed by event_recent"
	}
	seen, args := r.sees(access.Anyone(), "t", "author", nil)
	return items[*record.Event](ctx, r, record.KindEvent,
		fmt.Sprintf("select %s from %s where %s and t.dataset = '' order by t.entry desc limit %d", selectCommon("t"), from, seen, limit), args...)
}

// Entries calls fn for every journal entry from the first on, with the bytes the
// tree was built over.
func (r *Reader) Entries(ctx context.Context, from int64, fn func(e Entry) error) error {
	for {
		rows, err := r.query(ctx, "select seq, at, actor, role, action, kind, subject, run, leaf, hashes from entry where seq >= $1 order by seq limit 1000", from)
		if err != nil {
			return err
		}
		var page []Entry
		err = scan(rows, func() error {
			var e Entry
			if err := rows.Scan(&e.Seq, &e.At, &e.Actor, &e.Role, &e.Action, &e.Subject.Kind, &e.Subject.ID, &e.Run, &e.Leaf, &e.Hashes); err != nil {
				return err
			}
			page = append(page, e)
			return nil
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
			from = e.Seq + 1
		}
		if len(page) < 1000 {
			return nil
		}
	}
}

// EntryOf returns one journal entry.
func (r *Reader) EntryOf(ctx context.Context, seq int64) (Entry, bool, error) {
	var e Entry
	ok, err := r.one(ctx, []any{&e.Seq, &e.At, &e.Actor, &e.Role, &e.Action, &e.Subject.Kind, &e.Subject.ID, &e.Run, &e.Leaf, &e.Hashes},
		"select seq, at, actor, role, action, kind, subject, run, leaf, hashes from entry where seq = $1", seq)
	return e, ok, err
}

// HeadOf returns the end of the journal.
func (r *Reader) HeadOf(ctx context.Context) (Head, error) {
	var h Head
	_, err := r.one(ctx, []any{&h.Size, &h.Frontier, &h.Docs}, "select size, frontier, docs from head where one = 1")
	return h, err
}
