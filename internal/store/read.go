package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/go-json-experiment/json"
)

// Item is a record as it stands, with what the store knows about it.
type Item[T record.Record] struct {
	Rec    T
	Rev    int
	Level  access.Level
	Author record.UserID
	Entry  int64 // the journal entry that wrote this version
	At     int64 // when, microseconds UTC
	Role   string
	Salt   []byte
	Body   []byte
}

// Any forgets the record's type.
func (i Item[T]) Any() Item[record.Record] {
	return Item[record.Record]{i.Rec, i.Rev, i.Level, i.Author, i.Entry, i.At, i.Role, i.Salt, i.Body}
}

// kindOf returns the kind of a record type.
func kindOf[T record.Record]() record.Kind {
	var zero T
	switch any(zero).(type) {
	case *record.Source:
		return record.KindSource
	case *record.Capture:
		return record.KindCapture
	case *record.Claim:
		return record.KindClaim
	case *record.Event:
		return record.KindEvent
	case *record.Person:
		return record.KindPerson
	case *record.Party:
		return record.KindParty
	case *record.Involvement:
		return record.KindInvolvement
	case *record.Tie:
		return record.KindTie
	case *record.Total:
		return record.KindTotal
	case *record.Same:
		return record.KindSame
	case *record.Request:
		return record.KindRequest
	case *record.Import:
		return record.KindImport
	case *record.Release:
		return record.KindRelease
	case *record.Petition:
		return record.KindPetition
	case *record.Edition:
		return record.KindEdition
	case *record.Endorsement:
		return record.KindEndorsement
	case *record.Batch:
		return record.KindBatch
	case *record.Invalidation:
		return record.KindInvalidation
	case *record.Delivery:
		return record.KindDelivery
	case *record.Reply:
		return record.KindReply
	case *record.Update:
		return record.KindUpdate
	case *record.Remark:
		return record.KindRemark
	case *record.Demand:
		return record.KindDemand
	case *record.Commitment:
		return record.KindCommitment
	case *record.Assessment:
		return record.KindAssessment
	case *record.Proceeding:
		return record.KindProceeding
	case *record.Coverage:
		return record.KindCoverage
	case *record.Feed:
		return record.KindFeed
	case *record.TrendStatement:
		return record.KindTrendStatement
	case *record.HolidayCalendar:
		return record.KindHolidayCalendar
	}
	panic(fmt.Sprintf("store: no table for %T", zero))
}

// items runs a query that selects the common columns and decodes the bodies.
func items[T record.Record](ctx context.Context, r *Reader, kind record.Kind, query string, args ...any) ([]Item[T], error) {
	rows, err := r.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s records: %w", kind, err)
	}
	defer rows.Close()
	var out []Item[T]
	for rows.Next() {
		i, err := scanItem[T](rows, kind)
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		out = append(out, i)
	}
	return out, r.dialect.fault(rows.Err())
}

func scanItem[T record.Record](rows *sql.Rows, kind record.Kind) (Item[T], error) {
	var i Item[T]
	var id string
	if err := rows.Scan(&id, &i.Rev, &i.Level, &i.Author, &i.Entry, &i.At, &i.Role, &i.Salt, &i.Body); err != nil {
		return i, err
	}
	rec, err := decode[T](kind, i.Body)
	if err != nil {
		return i, fmt.Errorf("%s %s: %w", kind, id, err)
	}
	i.Rec = rec
	return i, nil
}

func decode[T record.Record](kind record.Kind, body []byte) (T, error) {
	var zero T
	rec, ok := record.New(kind)
	if !ok {
		return zero, fmt.Errorf("no record of kind %q", kind)
	}
	// This decoder reads our own canonical bytes three times as fast as the standard
	// library's, and most of the time of a page is decoding.
	if err := json.Unmarshal(body, rec); err != nil {
		return zero, fmt.Errorf("decode the stored version: %w", err)
	}
	return rec.(T), nil
}

// where reads the records of one kind that a viewer sees and that a condition
// holds for. cond uses the alias "t"; its parameters start at $1.
func where[T record.Record](ctx context.Context, r *Reader, v access.Viewer, cond string, args ...any) ([]Item[T], error) {
	kind := kindOf[T]()
	seen, args := r.sees(v, "t", "author", args)
	return items[T](ctx, r, kind, "select "+selectCommon("t")+" from "+tables[kind].name+" t where "+seen+" and "+cond, args...)
}

// Get returns the records with the identifiers that the viewer sees, by
// identifier. Those that do not exist or are not for the viewer are missing.
func Get[T record.Record, ID ~string](ctx context.Context, r *Reader, v access.Viewer, ids ...ID) (map[ID]Item[T], error) {
	found := make(map[ID]Item[T], len(ids))
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		got, err := where[T](ctx, r, v, "t.id in ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, i := range got {
			found[ID(i.Rec.Ref().ID)] = i
		}
		ids = ids[n:]
	}
	return found, nil
}

// One returns one record, or an error that says whether it never was
// ([record.ErrNotFound], also when the viewer may not know of it) or was erased
// ([record.ErrGone]).
func One[T record.Record, ID ~string](ctx context.Context, r *Reader, v access.Viewer, id ID) (Item[T], error) {
	found, err := Get[T](ctx, r, v, id)
	if err != nil {
		return Item[T]{}, err
	}
	if i, ok := found[id]; ok {
		return i, nil
	}
	return Item[T]{}, r.missing(ctx, kindOf[T](), "id", string(id))
}

// BySlug returns the record at a public address. When the address is an old one
// it returns the record with its current slug: the caller redirects.
func BySlug[T record.Record](ctx context.Context, r *Reader, v access.Viewer, slug string) (Item[T], error) {
	got, err := where[T](ctx, r, v, "t.slug = $1", slug)
	if err != nil {
		return Item[T]{}, err
	}
	if len(got) > 0 {
		return got[0], nil
	}
	kind := kindOf[T]()
	var id string
	ok, err := r.one(ctx, []any{&id}, "select id from old_slug where kind = $1 and slug = $2", string(kind), slug)
	if err != nil {
		return Item[T]{}, err
	}
	if ok {
		return One[T](ctx, r, v, id)
	}
	return Item[T]{}, r.missing(ctx, kind, "slug", slug)
}

func (r *Reader) missing(ctx context.Context, kind record.Kind, column, value string) error {
	var id string
	gone, err := r.one(ctx, []any{&id}, "select id from gone where kind = $1 and "+column+" = $2", string(kind), value)
	switch {
	case err != nil:
		return err
	case gone:
		return fmt.Errorf("%s: %w", kind, record.ErrGone)
	}
	return fmt.Errorf("%s: %w", kind, record.ErrNotFound)
}

// AnyOne returns a record of whichever kind.
func AnyOne(ctx context.Context, r *Reader, v access.Viewer, ref record.Ref) (Item[record.Record], error) {
	tab, ok := tables[ref.Kind]
	if !ok {
		return Item[record.Record]{}, fmt.Errorf("kind %q: %w", ref.Kind, record.ErrNotFound)
	}
	seen, args := r.sees(v, "t", "author", []any{ref.ID})
	got, err := items[record.Record](ctx, r, ref.Kind, "select "+selectCommon("t")+" from "+tab.name+" t where t.id = $1 and "+seen, args...)
	if err != nil {
		return Item[record.Record]{}, err
	}
	if len(got) == 0 {
		return Item[record.Record]{}, r.missing(ctx, ref.Kind, "id", ref.ID)
	}
	return got[0], nil
}

// Levels returns the effective levels of records that exist, whoever may see
// them: it answers how visible what depends on them can be.
func (r *Reader) Levels(ctx context.Context, refs []record.Ref) (map[record.Ref]access.Level, error) {
	out := make(map[record.Ref]access.Level, len(refs))
	byKind := map[record.Kind][]string{}
	for _, ref := range refs {
		byKind[ref.Kind] = append(byKind[ref.Kind], ref.ID)
	}
	for kind, ids := range byKind {
		tab, ok := tables[kind]
		if !ok {
			continue
		}
		for len(ids) > 0 {
			n := min(len(ids), chunk)
			in, args := list(nil, ids[:n])
			rows, err := r.query(ctx, "select id, seen from "+tab.name+" where id in ("+in+")", args...)
			if err != nil {
				return nil, err
			}
			err = scan(rows, func() error {
				var id string
				var level access.Level
				if err := rows.Scan(&id, &level); err != nil {
					return err
				}
				out[record.Ref{Kind: kind, ID: id}] = level
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

// scan calls each for every row and closes rows.
func scan(rows *sql.Rows, each func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := each(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Each calls fn for every record of one kind that the viewer sees, in the order
// of identifiers, reading a page at a time so that memory stays flat.
func Each[T record.Record](ctx context.Context, r *Reader, v access.Viewer, fn func(Item[T]) error) error {
	after := ""
	for {
		got, err := where[T](ctx, r, v, "t.id > $1 order by t.id limit 1000", after)
		if err != nil {
			return err
		}
		for _, i := range got {
			if err := fn(i); err != nil {
				return err
			}
			after = i.Rec.Ref().ID
		}
		if len(got) < 1000 {
			return nil
		}
	}
}

// All returns every record of one kind that the viewer sees, in the order of
// identifiers. The bodies are decoded on every processor, and not kept.
func All[T record.Record](ctx context.Context, r *Reader, v access.Viewer) ([]Item[T], error) {
	kind := kindOf[T]()
	seen, args := r.sees(v, "t", "author", nil)
	rows, err := r.query(ctx, "select "+selectCommon("t")+" from "+tables[kind].name+" t where "+seen+" order by t.id", args...)
	if err != nil {
		return nil, fmt.Errorf("read all %s records: %w", kind, err)
	}
	var out []Item[T]
	err = scan(rows, func() error {
		var i Item[T]
		var id string
		if err := rows.Scan(&id, &i.Rev, &i.Level, &i.Author, &i.Entry, &i.At, &i.Role, &i.Salt, &i.Body); err != nil {
			return err
		}
		out = append(out, i)
		return nil
	})
	if err != nil {
		return nil, r.dialect.fault(err)
	}
	workers := min(runtime.GOMAXPROCS(0), len(out))
	faults := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(out) && faults[w] == nil; i += workers {
				if out[i].Rec, faults[w] = decode[T](kind, out[i].Body); faults[w] != nil {
					faults[w] = fmt.Errorf("%s written by entry %d: %w", kind, out[i].Entry, faults[w])
				}
				out[i].Body = nil
			}
		})
	}
	wait.Wait()
	return out, errors.Join(faults...)
}

// Count returns how many records of a kind the viewer sees, up to a limit.
func (r *Reader) Count(ctx context.Context, v access.Viewer, kind record.Kind, limit int) (int, error) {
	seen, args := r.sees(v, "t", "author", nil)
	var n int
	_, err := r.one(ctx, []any{&n}, fmt.Sprintf("select count(*) from (select 1 as x from %s t where %s limit %d) as c", tables[kind].name, seen, limit), args...)
	return n, err
}
