package casework

import (
	"bytes"
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
		refs = append(append(refs, parents(rec)...), tied(rec)...)
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
		for _, ref := range tied(rec) {
			// What was erased hides nothing of what stood beside it.
			_, exists := levels[ref]
			out[i] = out[i] && (open[ref] || !exists)
		}
	}
	return out, nil
}

// accusedThen is whom a version names as accused in a case. It needs ground on every day
// on which it is shown: once the case names them no more, its earlier versions do not either.
func accusedThen(rec record.Record) record.PersonID {
	if p, ok := rec.(*record.Proceeding); ok {
		return p.Person
	}
	return ""
}

// strangers returns the identifiers that some versions name of records which are
// not the viewer's to know of.
func strangers(ctx context.Context, r *store.Reader, v access.Viewer, versions []record.Record) (map[string]bool, error) {
	var refs []record.Ref
	for _, rec := range versions {
		refs = append(append(append(refs, References(rec)...), parents(rec)...), tied(rec)...)
		if t, ok := rec.(*record.TrendStatement); ok {
			var p struct {
				BoundaryEvent string `json:"boundary_event"`
			}
			if err := json.Unmarshal(t.Params, &p); err != nil {
				return nil, fmt.Errorf("read the parameters of %s: %w", t.Ref(), err)
			}
			if p.BoundaryEvent != "" {
				refs = append(refs, record.Ref{Kind: record.KindEvent, ID: p.BoundaryEvent})
			}
		}
	}
	levels, err := r.Levels(ctx, refs)
	if err != nil {
		return nil, err
	}
	hidden := map[string]bool{}
	for _, ref := range refs {
		if level, exists := levels[ref]; !exists || level > v.Sees() {
			hidden[ref.ID] = true
		}
	}
	return hidden, nil
}

// withoutStrangers takes identifiers out of a version: one tells when the hidden record
// was made, and that there is one.
func withoutStrangers(body []byte, hidden map[string]bool) ([]byte, error) {
	held := false
	for id := range hidden {
		held = held || bytes.Contains(body, []byte(id))
	}
	if !held {
		return body, nil
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode a version: %w", err)
	}
	return json.Marshal(without(v, hidden))
}

func without(v any, hidden map[string]bool) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = without(x, hidden)
		}
		if s, ok := v["id"].(string); ok && s == "" && v["kind"] != nil {
			return nil // a reference to nothing
		}
	case []any:
		out := make([]any, 0, len(v))
		for _, x := range v {
			if x = without(x, hidden); x != nil && x != "" {
				out = append(out, x)
			}
		}
		return out
	case string:
		if hidden[v] {
			return ""
		}
	}
	return v
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
	hidden, err := strangers(ctx, r, v, held)
	if err != nil {
		return nil, err
	}
	var present record.PersonID
	if len(held) > 0 {
		present = accusedThen(held[0])
	}
	out := make([]store.Past, 0, len(past))
	for _, p := range past {
		if p.Body == nil {
			out = append(out, p)
			continue
		}
		rec, ok := held[0], seen[0]
		held, seen = held[1:], seen[1:]
		if !ok || v.Sees() == access.LevelPublic && accusedThen(rec) != "" && accusedThen(rec) != present {
			continue
		}
		if c, claim := rec.(*record.Claim); claim && v.Sees() == access.LevelPublic {
			c.Passage = quotedOnly(c.Passage)
			if p.Body, err = json.Marshal(c); err != nil {
				return nil, err
			}
		}
		if p.Body, err = withoutStrangers(p.Body, hidden); err != nil {
			return nil, err
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
