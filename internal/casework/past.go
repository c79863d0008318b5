package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// stillSeen reports for each of some versions, whenever they were written,
// whether everything it depends on is open to the viewer today. A version names
// people and carries words of sources that the record may have left since: when
// one of them is hidden, confidential or erased by now, so is the version.
func stillSeen[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, versions []T) ([]bool, error) {
	var refs []record.Ref
	for _, rec := range versions {
		refs = append(refs, parents(rec)...)
	}
	levels, err := r.Levels(ctx, refs)
	if err != nil {
		return nil, err
	}
	open := map[record.Ref]bool{}
	for _, ref := range refs {
		if _, known := open[ref]; known {
			continue
		}
		level, exists := levels[ref]
		open[ref] = exists && level <= v.Sees()
		if open[ref] || !exists || v.User == "" {
			continue
		}
		// Whoever entered something sees it at every level.
		_, err := store.AnyOne(ctx, r, v, ref)
		if err != nil && !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
			return nil, err
		}
		open[ref] = err == nil
	}
	out := make([]bool, len(versions))
	for i, rec := range versions {
		out[i] = true
		for _, ref := range parents(rec) {
			out[i] = out[i] && open[ref]
		}
	}
	return out, nil
}

// decodePast decodes a version that was not erased.
func decodePast(ref record.Ref, p store.Past) (record.Record, error) {
	rec, ok := record.New(ref.Kind)
	if !ok {
		return nil, fmt.Errorf("no record of kind %q", ref.Kind)
	}
	if err := json.Unmarshal(p.Body, rec); err != nil {
		return nil, fmt.Errorf("%s, version %d: %w", ref, p.Rev, err)
	}
	return rec, nil
}

// pastSeen leaves of a record's versions those that the viewer may see today, and
// of these the part that is theirs to see: an editor sees every version as it
// stood, the public no words beside those a passage quotes and not where in the
// copy they stand.
func pastSeen(ctx context.Context, r *store.Reader, v access.Viewer, ref record.Ref, past []store.Past) ([]store.Past, error) {
	if v.Sees() >= access.LevelDraft {
		return past, nil
	}
	var held []record.Record
	for _, p := range past {
		if p.Body == nil {
			continue
		}
		rec, err := decodePast(ref, p)
		if err != nil {
			return nil, err
		}
		held = append(held, rec)
	}
	seen, err := stillSeen(ctx, r, v, held)
	if err != nil {
		return nil, err
	}
	out := make([]store.Past, 0, len(past))
	for _, p := range past {
		if p.Body == nil {
			out = append(out, p)
			continue
		}
		rec, ok := held[0], seen[0]
		held, seen = held[1:], seen[1:]
		if !ok {
			continue
		}
		if c, claim := rec.(*record.Claim); claim && v.Sees() == access.LevelPublic {
			c.Passage = quotedOnly(c.Passage)
			if p.Body, err = json.Marshal(c); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// quotedOnly is a passage without the copy it is in, its place there, and the
// words around it.
func quotedOnly(p record.Passage) record.Passage {
	out := record.Passage{Locator: p.Locator}
	for _, s := range p.Segments {
		out.Segments = append(out.Segments, record.Segment{Exact: s.Exact, Inserted: s.Inserted})
	}
	return out
}
