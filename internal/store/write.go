package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// Version is one version of a record, ready to be written: its canonical bytes
// and their salt, and what the transaction knows about it.
type Version struct {
	Record record.Record
	Rev    int
	Level  access.Level
	Author record.UserID // who made the record's first version
	Entry  int64         // the journal entry that writes it
	At     int64         // microseconds UTC
	Role   string        // of whoever wrote this version
	Salt   []byte
	Body   []byte // RFC 8785 bytes
	// Tokens is what search finds the record by; nil leaves it out of the search.
	Tokens []string
	// SameTokens says, of a version that is not the first, that its search document
	// stays as it is but for who sees it.
	SameTokens bool

	columns []any // of the record's own, when Ready has been called
}

// Ready works out what the version's row holds ahead of the transaction, on whose
// goroutine everybody else waits. The record must not change any more.
func (v *Version) Ready() { v.columns = tables[v.Record.Ref().Kind].index(v.Record) }

// slab collects rows of one table, so that many small inserts become few large
// ones.
type slab struct {
	insert string // "insert into t (a, b) values "
	width  int
	rows   int
	args   []any
}

// slabRows is how many rows go into one statement. Measured on SQLite: beyond
// about 30 the gain per row is lost in binding.
const slabRows = 32

// put buffers a row. Rows of one table are written in the order in which they
// came; rows of different tables are not ordered, so no foreign keys.
func (t *Tx) put(ctx context.Context, name string, columns []string, args ...any) error {
	t.beyond = t.beyond || t.inside == 0
	s := t.slabs[name]
	if s == nil {
		s = &slab{insert: "insert into " + name + " (" + strings.Join(columns, ", ") + ") values ", width: len(columns)}
		t.slabs[name] = s
		t.order = append(t.order, name)
	}
	s.args = append(s.args, args...)
	s.rows++
	if s.rows >= slabRows {
		return t.flushSlab(ctx, s)
	}
	return nil
}

func (t *Tx) flushSlab(ctx context.Context, s *slab) error {
	for s.rows > 0 {
		// Powers of two keep the number of distinct statements small.
		n := slabRows
		for n > s.rows {
			n /= 2
		}
		if _, err := t.run(ctx, s.insert+rowMarks(t.dialect, n, s.width), s.args[:n*s.width]); err != nil {
			return err
		}
		s.args = append(s.args[:0], s.args[n*s.width:]...)
		s.rows -= n
	}
	return nil
}

// flush writes everything buffered. It runs before anything is read or changed,
// so a transaction sees its own writes.
func (t *Tx) flush(ctx context.Context) error {
	for _, name := range t.order {
		if s := t.slabs[name]; s.rows > 0 {
			if err := t.flushSlab(ctx, s); err != nil {
				return fmt.Errorf("write to %s: %w", name, err)
			}
		}
	}
	return t.flushTexts(ctx)
}

// docText is a search document's text on its way into SQLite's index.
type docText struct {
	number int64
	text   string
}

func (t *Tx) putText(number int64, text string) { t.texts = append(t.texts, docText{number, text}) }

// flushTexts writes the buffered texts in the order of their numbers, each by itself.
// FTS5 writes out all it has gathered, as a segment to be merged with others, whenever a
// number is smaller than the one before, and the numbers of different kinds come in
// turns; and whenever a statement of several rows begins, on whatever table, because it
// must be able to go back there. So the texts come after all other rows.
func (t *Tx) flushTexts(ctx context.Context) error {
	slices.SortFunc(t.texts, func(a, b docText) int { return cmp.Compare(a.number, b.number) })
	for _, d := range t.texts {
		if _, err := t.run(ctx, "insert into doc_tokens (rowid, tokens) values ($1, $2)", []any{d.number, d.text}); err != nil {
			return fmt.Errorf("write to the index of search: %w", err)
		}
	}
	t.texts = t.texts[:0]
	return nil
}

// rowMarks writes the parameter marks of n rows. SQLite counts unnumbered marks
// itself, which spares it a look-up by name for each.
func rowMarks(d dialect, n, width int) string {
	var b strings.Builder
	p := 1
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range width {
			if j > 0 {
				b.WriteByte(',')
			}
			if d == sqlite {
				b.WriteByte('?')
			} else {
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(p))
				p++
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

func (v *Version) values(t table) []any {
	args := make([]any, 0, len(common)+len(t.columns))
	args = append(args, v.Record.Ref().ID, v.Rev, int(v.Level), string(v.Author), v.Entry, v.At, v.Role, blob(v.Salt), blob(v.Body))
	if v.columns != nil {
		return append(args, v.columns...)
	}
	return append(args, t.index(v.Record)...)
}

// Insert writes the first version of a record.
func (t *Tx) Insert(ctx context.Context, v *Version) error {
	ref := v.Record.Ref()
	defer t.within(ref.Kind)()
	tab := tables[ref.Kind]
	if err := t.put(ctx, tab.name, whole[ref.Kind], v.values(tab)...); err != nil {
		return fmt.Errorf("write %s: %w", ref, err)
	}
	t.reach.add(v.Record)
	if err := t.links(ctx, v.Record, false); err != nil {
		return err
	}
	t.movedBy(v.Record, true)
	return t.index(ctx, ref, v.Level, v.Tokens, false)
}

// Update replaces the current version of a record, which must be revision
// v.Rev-1, and keeps the replaced one. It fails with [record.ErrConflict] when
// somebody else was faster.
func (t *Tx) Update(ctx context.Context, v *Version) error {
	ref := v.Record.Ref()
	defer t.within(ref.Kind)()
	tab := tables[ref.Kind]
	if err := t.moveFollowed(ctx, ref, false); err != nil {
		return err
	}
	n, err := t.execCount(ctx, "insert into version (kind, id, rev, seen, entry, at, role, salt, body) "+
		"select $1, id, rev, seen, entry, at, role, salt, body from "+tab.name+" where id = $2 and rev = $3", string(ref.Kind), ref.ID, v.Rev-1)
	if err != nil {
		return fmt.Errorf("keep the replaced version of %s: %w", ref, err)
	}
	if n == 0 {
		return fmt.Errorf("%s: %w", ref, record.ErrConflict)
	}
	if slug := slugOf(v.Record); slug != "" {
		if err := t.exec(ctx, "insert into old_slug (kind, slug, id) select $1, slug, id from "+tab.name+
			" where id = $2 and slug <> $3 on conflict (kind, slug) do update set id = excluded.id", string(ref.Kind), ref.ID, slug); err != nil {
			return fmt.Errorf("keep the old address of %s: %w", ref, err)
		}
		if err := t.exec(ctx, "delete from old_slug where kind = $1 and slug = $2", string(ref.Kind), slug); err != nil {
			return err
		}
	}
	values := v.values(tab)
	var b strings.Builder
	args := []any{ref.ID}
	for i, c := range whole[ref.Kind] {
		if c == "id" || c == "author" || c == "joined" {
			continue
		}
		if len(args) > 1 {
			b.WriteString(", ")
		}
		args = append(args, values[i])
		b.WriteString(c + " = $" + strconv.Itoa(len(args)))
	}
	if err := t.exec(ctx, "update "+tab.name+" set "+b.String()+" where id = $1", args...); err != nil {
		return fmt.Errorf("write %s: %w", ref, err)
	}
	if err := t.links(ctx, v.Record, true); err != nil {
		return err
	}
	t.movedBy(v.Record, false)
	if v.SameTokens {
		t.relevelLater(ref, v.Level)
		return nil
	}
	return t.index(ctx, ref, v.Level, v.Tokens, true)
}

// links keeps the tables that hold the lists of events and of what is followed up.
func (t *Tx) links(ctx context.Context, r record.Record, replace bool) error {
	e, ok := r.(*record.Event)
	if !ok {
		return t.followLinks(ctx, r, replace)
	}
	if replace {
		if err := t.exec(ctx, "delete from event_struck where event = $1", string(e.ID)); err != nil {
			return err
		}
		if err := t.exec(ctx, "delete from event_response where event = $1", string(e.ID)); err != nil {
			return err
		}
		if err := t.exec(ctx, "delete from event_warning where event = $1", string(e.ID)); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for _, s := range e.Struck {
		if seen[string(s.Party)] {
			continue
		}
		seen[string(s.Party)] = true
		if err := t.put(ctx, "event_struck", []string{"event", "party"}, string(e.ID), string(s.Party)); err != nil {
			return err
		}
	}
	for i, a := range e.Warnings {
		if slices.ContainsFunc(e.Warnings[:i], func(b record.Warning) bool { return b.Attack == a.Attack }) {
			continue
		}
		if err := t.put(ctx, "event_warning", []string{"event", "attack"}, string(e.ID), string(a.Attack)); err != nil {
			return err
		}
	}
	for _, c := range e.ResponseTo {
		if seen[string(c)] {
			continue
		}
		seen[string(c)] = true
		if err := t.put(ctx, "event_response", []string{"event", "cause"}, string(e.ID), string(c)); err != nil {
			return err
		}
	}
	return nil
}

// SetLevel changes who effectively sees a record without changing the record:
// for when something it depends on became more or less visible.
func (t *Tx) SetLevel(ctx context.Context, ref record.Ref, level access.Level) error {
	defer t.within(ref.Kind)()
	if err := t.exec(ctx, "update "+tables[ref.Kind].name+" set seen = $1 where id = $2", int(level), ref.ID); err != nil {
		return fmt.Errorf("change who sees %s: %w", ref, err)
	}
	t.relevelLater(ref, level)
	return t.moveFollowed(ctx, ref, false)
}

// SetJoined makes an event be shown on the page of another one, or on its own
// again when root is empty.
func (t *Tx) SetJoined(ctx context.Context, event, root record.EventID) error {
	return t.exec(ctx, "update event set joined = $1 where id = $2", string(root), string(event))
}

// Entry is one line of the journal.
type Entry struct {
	Seq     int64
	At      int64
	Actor   record.UserID
	Role    string
	Action  string
	Subject record.Ref
	Run     record.ImportID
	Leaf    []byte
	Hashes  []byte
	// Note is the reason in words; erasable, as is its salt.
	Note     string
	NoteSalt []byte
}

var entryColumns = []string{"seq", "at", "actor", "role", "action", "kind", "subject", "run", "leaf", "hashes"}

// Append writes the journal's next entry. The caller has set e.Seq to Head.Size
// and then moves the head on.
func (t *Tx) Append(ctx context.Context, e *Entry) error {
	defer t.known()()
	err := t.put(ctx, "entry", entryColumns, e.Seq, e.At, string(e.Actor), e.Role, e.Action, string(e.Subject.Kind), e.Subject.ID, string(e.Run), blob(e.Leaf), blob(e.Hashes))
	if err == nil && e.Note != "" {
		err = t.put(ctx, "entry_note", []string{"seq", "salt", "note"}, e.Seq, blob(e.NoteSalt), e.Note)
	}
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}
