package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

var errNotCanonical = errors.New("the stored version is not in canonical form; run gawah check")

// Spoken is a measure claim with what figures need of its source, and nothing
// that they do not.
type Spoken struct {
	Claim  *record.Claim
	Level  access.Level
	Outlet string
	Source *Voiced
}

// Voiced is a source's part in figures: when it was published, and what it took
// its facts from.
type Voiced struct {
	Published   record.When
	DerivedFrom []record.SourceID
	outlet      string
}

// Spoken returns the measure claims about each of the subjects in the order of
// identifiers, with the fields that figures rest on. It reads what
// [Reader.MeasuresAbout] and [Reader.Voices] do in a fraction of the time, which
// counts where all figures are worked out.
func (r *Reader) Spoken(ctx context.Context, v access.Viewer, subjects ...string) (map[string][]Spoken, error) {
	out := make(map[string][]Spoken, len(subjects))
	read := newScanner()
	sources := map[record.SourceID]*Voiced{}
	for len(subjects) > 0 {
		n := min(len(subjects), chunk)
		in, args := list(nil, subjects[:n])
		seen, args := r.sees(v, "t", "author", args)
		rows, err := r.query(ctx, "select t.seen, t.body from claim t where t.subject in ("+in+") and t.kind = 'measure' and "+seen, args...)
		if err != nil {
			return nil, fmt.Errorf("read the claims for figures: %w", err)
		}
		err = scan(rows, func() error {
			var s Spoken
			var body sql.RawBytes
			if err := rows.Scan(&s.Level, &body); err != nil {
				return err
			}
			var err error
			if s.Claim, err = read.claim(body); err != nil {
				return fmt.Errorf("decode the stored claim: %w", err)
			}
			sources[s.Claim.Source] = nil
			out[s.Claim.Subject.ID] = append(out[s.Claim.Subject.ID], s)
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		subjects = subjects[n:]
	}
	if err := r.voiced(ctx, read, sources); err != nil {
		return nil, err
	}
	for _, said := range out {
		// Not by the database, which would carry the bodies through its sorting.
		slices.SortFunc(said, func(a, b Spoken) int { return cmp.Compare(a.Claim.ID, b.Claim.ID) })
		for i := range said {
			if s := sources[said[i].Claim.Source]; s != nil {
				said[i].Source, said[i].Outlet = s, s.outlet
			}
		}
	}
	return out, nil
}

// voiced fills the map for the sources that are its keys.
func (r *Reader) voiced(ctx context.Context, read *scanner, sources map[record.SourceID]*Voiced) error {
	ids := make([]record.SourceID, 0, len(sources))
	for id := range sources {
		ids = append(ids, id)
	}
	slices.Sort(ids) // neighbours are read one after the other
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		rows, err := r.query(ctx, "select id, outlet, body from source where id in ("+in+")", args...)
		if err != nil {
			return fmt.Errorf("read the sources for figures: %w", err)
		}
		err = scan(rows, func() error {
			s := &Voiced{}
			var id record.SourceID
			var body sql.RawBytes
			if err := rows.Scan(&id, &s.outlet, &body); err != nil {
				return err
			}
			sources[id] = s
			if err := read.source(body, s); err != nil {
				return fmt.Errorf("decode the stored source: %w", err)
			}
			return nil
		})
		if err != nil {
			return r.dialect.fault(err)
		}
		ids = ids[n:]
	}
	return nil
}
