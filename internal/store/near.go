package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// NearEvent is what telling events apart needs of one: no text, only keys.
type NearEvent struct {
	ID               record.EventID
	Type             record.EventType
	Earliest, Latest int64 // days
	Country          string
	Province, Town   string // folded
	Lat, Lon         float64
	HasPoint         bool
	PartOf, Joined   record.EventID
	Dataset          string
	Level            access.Level
}

// EachWhole calls fn for every event, whoever sees it, with the event that it is
// part of, in the order of identifiers and without reading their bodies.
func (r *Reader) EachWhole(ctx context.Context, fn func(id, partOf record.EventID) error) error {
	after := ""
	for {
		rows, err := r.query(ctx, "select id, part_of from event where id > $1 order by id limit 1000", after)
		if err != nil {
			return fmt.Errorf("read what events are part of: %w", err)
		}
		var page [][2]record.EventID
		err = scan(rows, func() error {
			page = append(page, [2]record.EventID{})
			p := &page[len(page)-1]
			return rows.Scan(&p[0], &p[1])
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		for _, p := range page {
			if err := fn(p[0], p[1]); err != nil {
				return err
			}
			after = string(p[0])
		}
		if len(page) < 1000 {
			return nil
		}
	}
}

// EventsBetween calls fn for every event that begins on a day from from to to,
// in the order of their first days, without reading their bodies.
func (r *Reader) EventsBetween(ctx context.Context, v access.Viewer, from, to int64, fn func(NearEvent) error) error {
	day, id := from, ""
	for {
		seen, args := r.sees(v, "t", "author", []any{day, id, to})
		rows, err := r.query(ctx, "select id, type, earliest, latest, country, province, town, coalesce(lat, 0), coalesce(lon, 0), "+
			"case when lat is null or lon is null then 0 else 1 end, part_of, joined, dataset, seen from event t "+
			"where (t.earliest > $1 or (t.earliest = $1 and t.id > $2)) and t.earliest <= $3 and "+seen+" order by t.earliest, t.id limit 1000", args...)
		if err != nil {
			return fmt.Errorf("read the dates of events: %w", err)
		}
		var page []NearEvent
		err = scan(rows, func() error {
			var e NearEvent
			var point int
			if err := rows.Scan(&e.ID, &e.Type, &e.Earliest, &e.Latest, &e.Country, &e.Province, &e.Town, &e.Lat, &e.Lon, &point,
				&e.PartOf, &e.Joined, &e.Dataset, &e.Level); err != nil {
				return err
			}
			e.HasPoint = point != 0
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
			day, id = e.Earliest, string(e.ID)
		}
		if len(page) < 1000 {
			return nil
		}
	}
}

// Near returns the keys of some events.
func (r *Reader) Near(ctx context.Context, ids ...record.EventID) (map[record.EventID]NearEvent, error) {
	out := make(map[record.EventID]NearEvent, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		rows, err := r.query(ctx, "select id, type, earliest, latest, country, province, town, coalesce(lat, 0), coalesce(lon, 0), "+
			"case when lat is null or lon is null then 0 else 1 end, part_of, joined, dataset, seen from event where id in ("+in+")", args...)
		if err != nil {
			return nil, fmt.Errorf("read the dates of events: %w", err)
		}
		err = scan(rows, func() error {
			var e NearEvent
			var point int
			if err := rows.Scan(&e.ID, &e.Type, &e.Earliest, &e.Latest, &e.Country, &e.Province, &e.Town, &e.Lat, &e.Lon, &point,
				&e.PartOf, &e.Joined, &e.Dataset, &e.Level); err != nil {
				return err
			}
			e.HasPoint = point != 0
			out[e.ID] = e
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		ids = ids[n:]
	}
	return out, nil
}

// ClaimsQuoting returns the claims in which a source quotes the person.
func (r *Reader) ClaimsQuoting(ctx context.Context, v access.Viewer, person record.PersonID) ([]Item[*record.Claim], error) {
	return where[*record.Claim](ctx, r, v, "t.speaker = $1 and t.speaker <> '' order by t.id", string(person))
}

// CapturesBy returns the captures whose original or text has the hash.
func (r *Reader) CapturesBy(ctx context.Context, v access.Viewer, hash string) ([]Item[*record.Capture], error) {
	return where[*record.Capture](ctx, r, v, "(t.hash = $1 or t.text_hash = $1) order by t.id limit 1000", hash)
}

// StoredBody is one version's bytes. Current is false for those that have been
// replaced.
type StoredBody struct {
	Ref     record.Ref
	Rev     int
	Current bool
	Body    []byte
}

// EachBody calls fn for every version there is, current and replaced, whoever
// may see it. It is for looking for words that must not be there any more.
func (r *Reader) EachBody(ctx context.Context, fn func(StoredBody) error) error {
	for _, kind := range record.Kinds() {
		after := ""
		for {
			rows, err := r.query(ctx, "select id, rev, body from "+tables[kind].name+" where id > $1 order by id limit 1000", after)
			if err != nil {
				return fmt.Errorf("read %s records: %w", kind, err)
			}
			n := 0
			err = scan(rows, func() error {
				b := StoredBody{Ref: record.Ref{Kind: kind}, Current: true}
				if err := rows.Scan(&b.Ref.ID, &b.Rev, &b.Body); err != nil {
					return err
				}
				n, after = n+1, b.Ref.ID
				return fn(b)
			})
			if err != nil {
				return r.dialect.fault(err)
			}
			if n < 1000 {
				break
			}
		}
	}
	var last StoredBody
	for {
		rows, err := r.query(ctx, "select kind, id, rev, body from version where body is not null and "+
			"(kind > $1 or (kind = $1 and (id > $2 or (id = $2 and rev > $3)))) order by kind, id, rev limit 1000", string(last.Ref.Kind), last.Ref.ID, last.Rev)
		if err != nil {
			return fmt.Errorf("read earlier versions: %w", err)
		}
		n := 0
		err = scan(rows, func() error {
			var b StoredBody
			if err := rows.Scan(&b.Ref.Kind, &b.Ref.ID, &b.Rev, &b.Body); err != nil {
				return err
			}
			n, last = n+1, b
			return fn(b)
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		if n < 1000 {
			return nil
		}
	}
}

// EachNote calls fn for the reason of every journal entry that has one.
func (r *Reader) EachNote(ctx context.Context, fn func(seq int64, note string) error) error {
	from := int64(-1)
	for {
		rows, err := r.query(ctx, "select seq, note from entry_note where seq > $1 order by seq limit 1000", from)
		if err != nil {
			return fmt.Errorf("read the journal's notes: %w", err)
		}
		n := 0
		err = scan(rows, func() error {
			var note string
			if err := rows.Scan(&from, &note); err != nil {
				return err
			}
			n++
			return fn(from, note)
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		if n < 1000 {
			return nil
		}
	}
}

// EachProblem calls fn for every line of every import's report, with what of it
// a file may have said: column, parameters and words.
func (r *Reader) EachProblem(ctx context.Context, fn func(run record.ImportID, number int, p RowProblem) error) error {
	run, number := "", 0
	for {
		rows, err := r.query(ctx, "select run, number, field, args, reason from import_problem where run > $1 or (run = $1 and number > $2) order by run, number limit 1000", run, number)
		if err != nil {
			return fmt.Errorf("read the reports of imports: %w", err)
		}
		n := 0
		err = scan(rows, func() error {
			var p RowProblem
			var args string
			if err := rows.Scan(&run, &number, &p.Field, &args, &p.Reason); err != nil {
				return err
			}
			if err := p.setArgs(args); err != nil {
				return err
			}
			n++
			return fn(record.ImportID(run), number, p)
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		if n < 1000 {
			return nil
		}
	}
}

// RowsIn calls fn for every remembered row of a dataset, in the order of keys.
func (r *Reader) RowsIn(ctx context.Context, dataset string, fn func(RowState) error) error {
	after := ""
	for {
		rows, err := r.query(ctx, "select key, run, hash, start, length, line, source, event, claims from import_row where dataset = $1 and key > $2 order by key limit 1000", dataset, after)
		if err != nil {
			return fmt.Errorf("read the rows of a dataset: %w", err)
		}
		n := 0
		err = scan(rows, func() error {
			s := RowState{Dataset: dataset}
			var claims string
			if err := rows.Scan(&s.Key, &s.Run, &s.Hash, &s.Offset, &s.Length, &s.Line, &s.Source, &s.Event, &claims); err != nil {
				return err
			}
			s.Claims = unpackClaims(claims)
			n, after = n+1, s.Key
			return fn(s)
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		if n < 1000 {
			return nil
		}
	}
}

// ImportsOf returns the runs over a file.
func (r *Reader) ImportsOf(ctx context.Context, hash string) ([]Item[*record.Import], error) {
	return where[*record.Import](ctx, r, access.House(), "t.hash = $1 order by t.id", hash)
}

// DropNote removes the reason of a journal entry and its salt.
func (t *Tx) DropNote(ctx context.Context, seq int64) error {
	return t.exec(ctx, "delete from entry_note where seq = $1", seq)
}

// SetProblem changes the column, parameters and words of a line of an import's
// report.
func (t *Tx) SetProblem(ctx context.Context, run record.ImportID, number int, p RowProblem) error {
	args, err := p.args()
	if err != nil {
		return err
	}
	return t.exec(ctx, "update import_problem set field = $1, args = $2, reason = $3 where run = $4 and number = $5", p.Field, args, p.Reason, string(run), number)
}

// FreezeRow makes an import pass over a row from now on, whatever a later file
// says there: something of it was erased, and the row would bring it back.
func (t *Tx) FreezeRow(ctx context.Context, dataset, key string) error {
	return t.exec(ctx, "update import_row set hash = $1 where dataset = $2 and key = $3", blob(nil), dataset, key)
}

// DropSlugs forgets the earlier addresses of a record.
func (t *Tx) DropSlugs(ctx context.Context, ref record.Ref) error {
	return t.exec(ctx, "delete from old_slug where kind = $1 and id = $2", string(ref.Kind), ref.ID)
}

// VersionKey names one version of a record.
type VersionKey struct {
	Ref record.Ref
	Rev int
}

// StoredVersion is a version's salt and bytes; both nil once erased.
type StoredVersion struct {
	Salt, Body []byte
	Entry      int64
}

// StoredVersions returns those of the versions that are stored, current or
// replaced.
func (r *Reader) StoredVersions(ctx context.Context, keys []VersionKey) (map[VersionKey]StoredVersion, error) {
	out := make(map[VersionKey]StoredVersion, len(keys))
	byKind := map[record.Kind][]string{}
	wanted := make(map[VersionKey]bool, len(keys))
	for _, k := range keys {
		wanted[k] = true
		byKind[k.Ref.Kind] = append(byKind[k.Ref.Kind], k.Ref.ID)
	}
	for kind, ids := range byKind {
		tab, ok := tables[kind]
		if !ok {
			continue
		}
		for len(ids) > 0 {
			n := min(len(ids), chunk)
			in, args := list([]any{string(kind)}, ids[:n])
			query := "select id, rev, entry, salt, body from " + tab.name + " where $1 <> '' and id in (" + in + ") " +
				"union all select id, rev, entry, salt, body from version where kind = $1 and id in (" + in + ")"
			rows, err := r.query(ctx, query, args...)
			if err != nil {
				return nil, fmt.Errorf("read versions: %w", err)
			}
			err = scan(rows, func() error {
				k := VersionKey{Ref: record.Ref{Kind: kind}}
				var v StoredVersion
				if err := rows.Scan(&k.Ref.ID, &k.Rev, &v.Entry, &v.Salt, &v.Body); err != nil {
					return err
				}
				if wanted[k] {
					out[k] = v
				}
				return nil
			})
			if err != nil {
				return nil, r.dialect.fault(err)
			}
			ids = ids[n:]
		}
	}
	return out, nil
}

// CountVersions returns how many versions there are, current ones and replaced
// ones together.
func (r *Reader) CountVersions(ctx context.Context) (int64, error) {
	var sum int64
	names := []string{"version"}
	for _, kind := range record.Kinds() {
		names = append(names, tables[kind].name)
	}
	for _, name := range names {
		var n int64
		if _, err := r.one(ctx, []any{&n}, "select count(*) from "+name); err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// NotesOf returns the reasons and their salts of the entries that have one.
func (r *Reader) NotesOf(ctx context.Context, from, to int64) (map[int64]Entry, error) {
	rows, err := r.query(ctx, "select seq, salt, note from entry_note where seq >= $1 and seq < $2", from, to)
	if err != nil {
		return nil, fmt.Errorf("read the journal's notes: %w", err)
	}
	out := map[int64]Entry{}
	err = scan(rows, func() error {
		var e Entry
		if err := rows.Scan(&e.Seq, &e.NoteSalt, &e.Note); err != nil {
			return err
		}
		out[e.Seq] = e
		return nil
	})
	return out, r.dialect.fault(err)
}

// DocLevels returns at which level the search documents of records are; those
// without one are missing.
func (r *Reader) DocLevels(ctx context.Context, ids []string) (map[string]access.Level, error) {
	out := make(map[string]access.Level, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		rows, err := r.query(ctx, "select id, seen from doc where id in ("+in+")", args...)
		if err != nil {
			return nil, fmt.Errorf("read search documents: %w", err)
		}
		err = scan(rows, func() error {
			var id string
			var level access.Level
			if err := rows.Scan(&id, &level); err != nil {
				return err
			}
			out[id] = level
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		ids = ids[n:]
	}
	return out, nil
}

// Loose counts what should not be there and only the database can find: rows
// that lead nowhere, addresses of two records, traces of what was erased.
func (r *Reader) Loose(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	count := func(what, query string, args ...any) error {
		var n int64
		if _, err := r.one(ctx, []any{&n}, "select count(*) from "+query, args...); err != nil {
			return fmt.Errorf("count %s: %w", what, err)
		}
		out[what] += n
		return nil
	}
	for _, kind := range record.Kinds() {
		name, k := tables[kind].name, string(kind)
		for _, q := range []struct{ what, query string }{
			{"erased records that are still there", name + " t where exists (select 1 from gone g where g.kind = $1 and g.id = t.id)"},
			{"earlier versions of records that do not exist", "version v where v.kind = $1 and not exists (select 1 from " + name + " t where t.id = v.id) and not exists (select 1 from gone g where g.kind = $1 and g.id = v.id)"},
			{"search documents of records that do not exist", "doc d where d.kind = $1 and not exists (select 1 from " + name + " t where t.id = d.id)"},
		} {
			if err := count(q.what, q.query, k); err != nil {
				return nil, err
			}
		}
		switch kind {
		case record.KindEvent, record.KindPerson, record.KindParty, record.KindTotal:
			if err := count("old addresses that lead nowhere", "old_slug o where o.kind = $1 and not exists (select 1 from "+name+" t where t.id = o.id)", k); err != nil {
				return nil, err
			}
			if err := count("old addresses that another record has now", "old_slug o where o.kind = $1 and exists (select 1 from "+name+" t where t.slug = o.slug)", k); err != nil {
				return nil, err
			}
		}
	}
	for _, q := range []struct{ what, query string }{
		{"texts left of erased versions", "version v where v.body is not null and exists (select 1 from gone g where g.kind = v.kind and g.id = v.id)"},
		{"search documents of what was erased", "doc d where exists (select 1 from gone g where g.kind = d.kind and g.id = d.id)"},
		{"old addresses of people who were erased", "old_slug o where exists (select 1 from gone g where g.kind = o.kind and g.id = o.id)"},
		{"claims about what was erased", "claim c where exists (select 1 from gone g where g.id = c.subject)"},
		{"involvements of what was erased", "involvement i where exists (select 1 from gone g where g.id = i.event or (g.id = i.person and i.person <> '') or (g.id = i.party and i.party <> ''))"},
		{"ties of what was erased", "tie t where exists (select 1 from gone g where g.id = t.source or g.id = t.target)"},
		{"copies of sources that do not exist", "capture c where not exists (select 1 from source s where s.id = c.source)"},
		{"claims of sources that do not exist", "claim c where not exists (select 1 from source s where s.id = c.source)"},
		{"figures of events that do not exist", "figure f where not exists (select 1 from event e where e.id = f.subject)"},
		{"rows of datasets whose source is unknown", "import_row i where not exists (select 1 from source s where s.id = i.source) and not exists (select 1 from gone g where g.kind = 'source' and g.id = i.source)"},
		{"rows of datasets whose event is unknown", "import_row i where i.event <> '' and not exists (select 1 from event e where e.id = i.event) and not exists (select 1 from gone g where g.kind = 'event' and g.id = i.event)"},
		{"events shown with an event that does not exist", "event e where e.joined <> '' and not exists (select 1 from event o where o.id = e.joined)"},
		{"events shown with an event that is itself shown elsewhere", "event e where e.joined <> '' and exists (select 1 from event o where o.id = e.joined and o.joined <> '')"},
	} {
		if err := count(q.what, q.query); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Reindex replaces what search finds a record by.
func (t *Tx) Reindex(ctx context.Context, ref record.Ref, level access.Level, tokens []string) error {
	return t.index(ctx, ref, level, tokens, true)
}
