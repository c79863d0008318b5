package followup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/trend"
	"github.com/gawah-project/gawah/names"
)

// trendEvents is how many events of a frame a test takes in at most.
const trendEvents = 20_000

// DraftTrend collects the input of a test and computes. Whoever asks, it rests on
// what the public sees, so that what is published about it can be checked by anybody.
func (d *Desk) DraftTrend(ctx context.Context, v access.Viewer, f record.Frame, p trend.Params) (*TrendDraft, error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, err
	}
	draft := &TrendDraft{Frame: f, Params: p, Left: map[string]int{}}
	if err := p.Check(); err != nil {
		return nil, wrong("params", "trend", "reason", strings.TrimPrefix(err.Error(), "trend: "))
	}
	err := d.view(ctx, func(r *store.Reader) error {
		var err error
		draft.Input, err = trendInput(ctx, r, f, draft.Left)
		return err
	})
	if err != nil {
		return nil, err
	}
	encoded, err := draft.Input.Encode()
	if err != nil {
		return nil, fmt.Errorf("write the input of a test: %w", err)
	}
	draft.Hash = trend.Hash(encoded)
	result, err := trend.Compute(p, draft.Input)
	if err != nil {
		return nil, wrong("params", "trend", "reason", strings.TrimPrefix(err.Error(), "trend: "))
	}
	draft.Result = &result
	return draft, nil
}

// trendInput reads the attacks of a frame as the public sees them.
func trendInput(ctx context.Context, r *store.Reader, f record.Frame, left map[string]int) (trend.Input, error) {
	if len(f.Types) == 0 {
		f.Types = []record.EventType{record.TypeAttack}
	}
	var in trend.Input
	framed, err := casework.FrameIn(ctx, r, access.Anyone(), f, trendEvents)
	if err != nil {
		return in, err
	}
	if framed.Beyond {
		return in, wrong("frame", "many", "limit", fmt.Sprint(trendEvents))
	}
	if framed.NotAssessed > 0 {
		left["not_assessed"] = framed.NotAssessed
	}
	for _, it := range framed.In {
		e := it.Rec
		if e.Status != record.Held {
			left[string(e.Status)]++
			continue
		}
		first, ok := e.When.Date.Earliest()
		last, bounded := e.When.Date.Latest()
		if e.When.IsZero() || !ok || !bounded {
			left["undated"]++
			continue
		}
		x := trend.Event{
			ID: string(e.ID), From: dayText(first), To: dayText(last), Place: placeOf(e.Where), PartOf: string(e.PartOf),
			Group: clip(e.Where.Province, e.Where.Country), Sources: 1, KilledLow: trend.Unknown, KilledHigh: trend.Unknown,
		}
		if at, width, ok := e.When.Date.Instant(); ok && first == last && width.Hours() < 1 {
			x.Time = at.Format("15:04")
		}
		if k, ok := framed.Killed[e.ID]; ok {
			x.Sources = max(1, k.Origins)
			if k.Low != nil && k.High != nil {
				x.KilledLow, x.KilledHigh = *k.Low, *k.High
			}
		}
		in.Events = append(in.Events, x)
	}
	return in, dropParents(ctx, r, in.Events)
}

// dropParents takes out which events are parts of one that the public does not see.
func dropParents(ctx context.Context, r *store.Reader, events []trend.Event) error {
	var ids []record.EventID
	for _, e := range events {
		if e.PartOf != "" {
			ids = append(ids, record.EventID(e.PartOf))
		}
	}
	seen, err := r.SeenEvents(ctx, access.Anyone(), ids...)
	for i := range events {
		if !seen[record.EventID(events[i].PartOf)] {
			events[i].PartOf = ""
		}
	}
	return err
}

// placeOf names the place within which events close in time are one attack: the town, else
// the district.
func placeOf(p record.Place) string {
	for _, name := range []string{p.Town, p.District} {
		if s := names.Fold(name); s != "" {
			return cut(p.Country + " " + s)
		}
	}
	return ""
}

// clip is the first name that is not empty, as long as a test takes it.
func clip(list ...string) string {
	for _, s := range list {
		if s = names.Fold(s); s != "" {
			return cut(s)
		}
	}
	return ""
}

// cut shortens a text to what one cell of an input holds.
func cut(s string) string {
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return strings.TrimSpace(s)
}

// MakeTrend computes a test and keeps it as a statement: rec has the title, frame,
// words and claims that it tests, p the parameters. The input becomes a file of the blob store. With
// rec.Visibility public it is published.
func (d *Desk) MakeTrend(ctx context.Context, v access.Viewer, rec *record.TrendStatement, p trend.Params, reason string) (record.TrendStatementID, error) {
	if err := require(v, access.ActEdit); err != nil {
		return "", err
	}
	draft, err := d.DraftTrend(ctx, v, rec.Frame, p)
	if err != nil {
		return "", err
	}
	next := *rec
	id, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	next.ID = record.TrendStatementID(id)
	if next.Slug == "" {
		if next.Slug, err = d.house.FreeSlug(ctx, record.KindTrendStatement, next.Title.In("en").Text); err != nil {
			return "", err
		}
	}
	if next.Visibility == "" {
		next.Visibility = record.Internal
	}
	encoded, err := draft.Input.Encode()
	if err != nil {
		return "", err
	}
	hash, _, err := d.blobs.Put(ctx, bytes.NewReader(encoded), -1)
	if err != nil {
		return "", fmt.Errorf("keep the input of a test: %w", err)
	}
	if next.Params, err = json.Marshal(draft.Result.Params); err != nil {
		return "", err
	}
	if next.Result, err = json.Marshal(draft.Result); err != nil {
		return "", err
	}
	next.Input, next.Events, next.Version, next.Made = hash, len(draft.Input.Events), draft.Result.Version, d.now().UnixMicro()
	if err := d.put(ctx, v, &next, 0, reason, func(w *casework.Work, _ record.Record) error { return cited(ctx, w, v, &next) }); err != nil {
		return "", err
	}
	return next.ID, nil
}

// SaveTrend changes the words around a statement: its title, the statement that it
// tests and the claims, the note, who sees it. What was computed stays.
func (d *Desk) SaveTrend(ctx context.Context, v access.Viewer, rec *record.TrendStatement, rev int, reason string) error {
	if err := require(v, access.ActEdit); err != nil {
		return err
	}
	next := *rec
	return d.put(ctx, v, &next, max(rev, 1), reason, func(_ *casework.Work, old record.Record) error {
		was, ok := old.(*record.TrendStatement)
		if !ok {
			return record.ErrNotFound
		}
		next.Frame, next.Params, next.Input, next.Events = was.Frame, was.Params, was.Input, was.Events
		next.Version, next.Result, next.Made = was.Version, was.Result, was.Made
		return nil
	})
}

// Trend reads a statement's page by its slug, an old slug or its identifier. Events
// that were hidden or erased since it was made are in none of it.
func (d *Desk) Trend(ctx context.Context, v access.Viewer, slug string) (*TrendView, error) {
	return d.trend(ctx, v, slug, d.readTrend)
}

// TrendWithInput is [Desk.Trend] with what the statement was computed from.
func (d *Desk) TrendWithInput(ctx context.Context, v access.Viewer, slug string) (*TrendView, error) {
	return d.trend(ctx, v, slug, d.readInput)
}

func (d *Desk) trend(ctx context.Context, v access.Viewer, slug string, read func(context.Context, *store.Reader, access.Viewer, *TrendView) error) (*TrendView, error) {
	t := &TrendView{}
	err := d.view(ctx, func(r *store.Reader) (err error) {
		*t = TrendView{}
		if t.Item, err = bySlug[*record.TrendStatement](ctx, r, v, slug); err != nil {
			return err
		}
		if t.Said, t.Links, err = mentionedBy(ctx, r, v, []record.Record{t.Item.Rec}); err != nil {
			return err
		}
		return read(ctx, r, v, t)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// trendKey is one revision of a statement.
type trendKey struct {
	id  record.TrendStatementID
	rev int
}

// readTrend reads what came out of a statement, as a viewer may see it now: all of
// [Desk.readInput] but the input itself, which has thousands of lines.
func (d *Desk) readTrend(ctx context.Context, r *store.Reader, v access.Viewer, t *TrendView) error {
	known, err := settledFor(ctx, &d.settled, r, v, trendKey{t.Item.Rec.ID, t.Item.Rev}, func() (*TrendView, error) {
		made := &TrendView{Item: t.Item}
		err := d.readInput(ctx, r, v, made)
		made.Input = trend.Input{}
		return made, err
	})
	if err != nil {
		return err
	}
	if known.Left+known.Taken == 0 {
		// No event, or no file: that may be put back without anything being written.
		return d.readInput(ctx, r, v, t)
	}
	t.Item.Rec, t.Params, t.Result, t.Left, t.Taken, t.Changed = known.Item.Rec, known.Params, known.Result, known.Left, known.Taken, known.Changed
	return nil
}

// readInput reads what a statement was computed from and what came out, as a viewer
// may see it now.
func (d *Desk) readInput(ctx context.Context, r *store.Reader, v access.Viewer, t *TrendView) error {
	rec := t.Item.Rec
	if err := json.Unmarshal(rec.Params, &t.Params); err != nil {
		return fmt.Errorf("read the parameters of a statement: %w", err)
	}
	t.Result = &trend.Result{}
	if err := json.Unmarshal(rec.Result, t.Result); err != nil {
		return fmt.Errorf("read the result of a statement: %w", err)
	}
	stored, err := d.parsed(rec.Input)
	if err != nil {
		return err
	}
	boundary := record.EventID(t.Params.BoundaryEvent)
	ids := make([]record.EventID, 0, 2*len(stored.Events)+1)
	for _, e := range stored.Events {
		ids = append(ids, record.EventID(e.ID))
		if e.PartOf != "" {
			ids = append(ids, record.EventID(e.PartOf))
		}
	}
	if boundary != "" {
		ids = append(ids, boundary)
	}
	seen, err := r.SeenEvents(ctx, v, ids...)
	if err != nil {
		return err
	}
	counted := false
	for _, e := range stored.Events {
		counted = counted || e.ID == string(boundary)
		if !seen[record.EventID(e.ID)] {
			t.Taken++
			continue
		}
		if e.PartOf != "" && !seen[record.EventID(e.PartOf)] {
			t.Changed++
			e.PartOf = ""
		}
		t.Input.Events = append(t.Input.Events, e)
	}
	t.Left = len(t.Input.Events)
	if boundary != "" && !seen[boundary] {
		if !counted {
			t.Changed++
		}
		t.Params.BoundaryEvent = ""
		if t.Params.Ground == trend.GroundEvent {
			// The boundary is the day of what was hidden.
			t.Params.Boundary, t.Params.Ground, t.Params.Why = "", "", ""
		}
	}
	if t.Taken+t.Changed == 0 {
		return nil
	}
	return d.without(t)
}

// without computes a statement again from what is left of its input: the difference to the
// published numbers would be what was hidden. A statement whose method is gone has no result.
func (d *Desk) without(t *TrendView) error {
	encoded, err := t.Input.Encode()
	if err != nil {
		return fmt.Errorf("write what is left of an input: %w", err)
	}
	next := *t.Item.Rec
	t.Item.Rec = &next
	if next.Params, err = json.Marshal(t.Params); err != nil {
		return err
	}
	next.Events = len(t.Input.Events)
	key := next.Version + " " + trend.Hash(encoded) + " " + trend.Hash(next.Params)
	result, ok := d.left.get(key)
	if !ok {
		computed, err := trend.Recompute(next.Version, t.Params, encoded)
		if err != nil {
			d.log.Warn("a statement cannot be computed again without what was hidden", "statement", string(next.ID), "error", err)
			next.Result, t.Result = json.RawMessage("null"), nil
			return nil
		}
		result = &computed
		d.left.put(key, result)
	}
	t.Result = result
	next.Result, err = json.Marshal(result)
	return err
}

// leftovers keeps what was computed again: the same events are left for everybody, and a
// test takes longer than a page may.
type leftovers struct {
	mu   sync.Mutex
	kept map[string]*trend.Result
}

// maxLeft bounds how many results are kept.
const maxLeft = 64

func (l *leftovers) get(key string) (*trend.Result, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.kept[key]
	return r, ok
}

func (l *leftovers) put(key string, r *trend.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil || len(l.kept) >= maxLeft {
		l.kept = map[string]*trend.Result{}
	}
	l.kept[key] = r
}

// parsed is the stored input of a statement, empty where the file is missing or
// cannot be read.
func (d *Desk) parsed(hash string) (trend.Input, error) {
	encoded, err := d.input(hash)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return trend.Input{}, err
	}
	stored, err := trend.ParseInput(encoded)
	if err != nil {
		return trend.Input{}, nil
	}
	return stored, nil
}

// input reads the stored input of a statement.
func (d *Desk) input(hash string) ([]byte, error) {
	f, _, err := d.blobs.Get(hash)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	return b, errors.Join(err, f.Close())
}

// Trends lists the statements, the latest first, each as [Desk.Trend] has it.
func (d *Desk) Trends(ctx context.Context, v access.Viewer) (out []*TrendView, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		out, err = d.trendsAsSeen(ctx, r, v)
		return err
	})
	return out, err
}

// TrendLine reads a statement and those that were made of the same frame since, the latest
// first and the one that is named last.
func (d *Desk) TrendLine(ctx context.Context, v access.Viewer, slug string) (out []*TrendView, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		out = nil
		item, err := bySlug[*record.TrendStatement](ctx, r, v, slug)
		if err != nil {
			return err
		}
		all, err := d.trendsAsSeen(ctx, r, v)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.sameFrame(item.Rec) {
				out = append(out, t)
			}
			if t.Item.Rec.ID == item.Rec.ID {
				return nil
			}
		}
		return record.ErrNotFound
	})
	return out, err
}

// trendsAsSeen reads the statements, the latest first, each as a viewer may see it now, without
// what is said about them.
func (d *Desk) trendsAsSeen(ctx context.Context, r *store.Reader, v access.Viewer) (out []*TrendView, err error) {
	items, err := r.TrendStatements(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		t := &TrendView{Item: item}
		if err := d.readTrend(ctx, r, v, t); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// RecomputeTrend computes a statement again from its stored input with its own
// version of the method, and compares.
func (d *Desk) RecomputeTrend(ctx context.Context, v access.Viewer, id record.TrendStatementID) (*TrendCheck, error) {
	var item TrendItem
	err := d.view(ctx, func(r *store.Reader) (err error) {
		item, err = store.One[*record.TrendStatement](ctx, r, v, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	result, why := casework.Recompute(item.Rec, d.input)
	return &TrendCheck{OK: why == "", Reason: why, Result: result, Events: item.Rec.Events}, nil
}
