package followup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/attention"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// CoverageItem is a series as it stands, FeedItem a feed.
type (
	CoverageItem = store.Item[*record.Coverage]
	FeedItem     = store.Item[*record.Feed]
)

// CoverageSeries is a series with what follows from it.
type CoverageSeries struct {
	Item        CoverageItem
	Event       casework.EventLine
	Summary     attention.Summary
	Lag         attention.Span
	Persistence attention.Span
}

// VoiceGroup sets the languages side by side that a tool counted of collections
// about one event.
type VoiceGroup struct {
	Tool   record.CoverageTool
	Series []CoverageSeries
	Voices []attention.Voice // in the order of Series
	// Common is the number of days that all of them have.
	Common int
}

// CoveragePair is a series of one event beside one of another.
type CoveragePair struct {
	A, B CoverageSeries
	attention.Comparison
}

// CoveragePage is how much was reported of an event.
type CoveragePage struct {
	Event  casework.EventLine
	Series []CoverageSeries
	// Groups compare languages, where a tool counted in more than one.
	Groups []VoiceGroup
	// Others are events with a series in one of the same collections, those nearest
	// in time first.
	Others []casework.EventLine
	// With is the other event of a comparison, nil without one, and Pairs its series
	// beside this one's: those of the same collection when there are any, else all,
	// each with its warnings.
	With  *casework.EventLine
	Pairs []CoveragePair
	// Trended are the claims that say what was talked about, where and when.
	Trended casework.Said
	// Links names the sources of the series.
	Links casework.Links
}

// maxSeries bounds the series of one event that a page shows.
const maxSeries = 60

// Coverage reads what was reported of the event with a slug, an old slug or an
// identifier; with names another event to compare it with, "" none. Of an event
// that another one joined, the other's page is meant.
func (d *Desk) Coverage(ctx context.Context, v access.Viewer, slug, with string) (*CoveragePage, error) {
	var p *CoveragePage
	err := d.view(ctx, func(r *store.Reader) error {
		p = &CoveragePage{}
		var err error
		if p.Event, p.Series, err = coverageOf(ctx, r, v, slug); err != nil {
			return err
		}
		p.Groups = voices(p.Series, p.Event.Event)
		if p.Others, err = alongside(ctx, r, v, p.Event, p.Series); err != nil {
			return err
		}
		if with != "" {
			other, series, err := coverageOf(ctx, r, v, with)
			if err != nil {
				return err
			}
			if other.Event.ID != p.Event.Event.ID {
				p.With = &other
				p.Pairs = pairs(p.Series, series)
			}
		}
		claims, err := r.ClaimsAbout(ctx, v, string(p.Event.Event.ID))
		if err != nil {
			return err
		}
		var said []record.ClaimID
		for _, c := range claims {
			if c.Rec.Attribute == record.AttrAttention && c.Rec.Review.State.Counts() {
				said = append(said, c.Rec.ID)
			}
		}
		if p.Trended, err = casework.SaidIn(ctx, r, v, said); err != nil {
			return err
		}
		var refs []record.Ref
		for _, s := range p.Series {
			if s.Item.Rec.Source != "" {
				refs = append(refs, record.Ref{Kind: record.KindSource, ID: string(s.Item.Rec.Source)})
			}
		}
		p.Links, err = casework.LinksIn(ctx, r, v, refs...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// eventNamed takes a slug or an identifier.
func eventNamed(ctx context.Context, r *store.Reader, v access.Viewer, name string) (store.Item[*record.Event], error) {
	if record.ValidID(name) {
		return store.One[*record.Event](ctx, r, v, record.EventID(name))
	}
	return store.BySlug[*record.Event](ctx, r, v, name)
}

// coverageOf reads an event with its series and those of events that were found
// to be the same.
func coverageOf(ctx context.Context, r *store.Reader, v access.Viewer, name string) (casework.EventLine, []CoverageSeries, error) {
	e, err := eventNamed(ctx, r, v, name)
	if err != nil {
		return casework.EventLine{}, nil, err
	}
	lines, err := casework.EventLinesIn(ctx, r, v, []store.Item[*record.Event]{e})
	if err != nil {
		return casework.EventLine{}, nil, err
	}
	ids := []record.EventID{e.Rec.ID}
	joined, err := r.JoinedTo(ctx, v, e.Rec.ID)
	if err != nil {
		return casework.EventLine{}, nil, err
	}
	for _, j := range joined {
		ids = append(ids, j.Rec.ID)
	}
	items, err := r.CoverageOf(ctx, v, ids...)
	if err != nil {
		return casework.EventLine{}, nil, err
	}
	var series []CoverageSeries
	for _, i := range items[:min(len(items), maxSeries)] {
		series = append(series, seriesOf(i, lines[0]))
	}
	return lines[0], series, nil
}

func seriesOf(i CoverageItem, e casework.EventLine) CoverageSeries {
	from, to := eventDays(e.Event)
	return CoverageSeries{
		Item: i, Event: e, Summary: attention.Summarise(i.Rec.Days), Lag: attention.Lag(i.Rec.Days, from, to),
		Persistence: attention.Persistence(i.Rec.Days),
	}
}

// eventDays are the first and last day on which an event may have begun, "" when
// that is not known. Of an event that lasted, its beginning is meant.
func eventDays(e *record.Event) (from, to string) {
	date := e.When.Date
	if date.IsInterval() {
		date, _ = date.Ends()
	}
	a, ok := date.Earliest()
	b, ok2 := date.Latest()
	if !ok || !ok2 {
		return "", ""
	}
	return dayText(a), dayText(b)
}

// side is a series as a comparison takes it.
func (s CoverageSeries) side() attention.Side {
	out := attention.Side{Collection: s.Item.Rec.Collection, Tool: s.Item.Rec.Tool, Language: s.Item.Rec.Language, Days: s.Item.Rec.Days}
	if k := s.Event.Killed; k != nil && k.Low != nil && k.High != nil {
		out.Deaths, out.Known = attention.Count{Low: *k.Low, High: *k.High, Open: k.Open}, true
	}
	return out
}

// pairs sets each series of one event beside those of the other that are alike;
// where none is, beside all, with what makes that doubtful.
func pairs(a, b []CoverageSeries) []CoveragePair {
	var like, unlike []CoveragePair
	for _, x := range a {
		for _, y := range b {
			p := CoveragePair{A: x, B: y, Comparison: attention.Compare(x.side(), y.side())}
			if p.Alike {
				like = append(like, p)
			} else {
				unlike = append(unlike, p)
			}
		}
	}
	if len(like) == 0 {
		like = unlike
	}
	return like[:min(len(like), maxPairs)]
}

// maxPairs bounds the comparisons of one page.
const maxPairs = 12

// voices groups series by tool, where it counted in more than one language.
func voices(series []CoverageSeries, e *record.Event) []VoiceGroup {
	from, to := eventDays(e)
	var out []VoiceGroup
	for _, tool := range record.CoverageTools() {
		g := VoiceGroup{Tool: tool}
		languages := map[string]bool{}
		var sides []attention.Side
		for _, s := range series {
			if s.Item.Rec.Tool == tool && s.Item.Rec.Language != "" {
				g.Series = append(g.Series, s)
				sides = append(sides, s.side())
				languages[s.Item.Rec.Language] = true
			}
		}
		if len(languages) > 1 {
			g.Voices, g.Common = attention.Gap(sides, from, to)
			out = append(out, g)
		}
	}
	return out
}

// alongside finds the events that can be compared with one, nearest in time first.
func alongside(ctx context.Context, r *store.Reader, v access.Viewer, e casework.EventLine, series []CoverageSeries) ([]casework.EventLine, error) {
	var ids []record.EventID
	var collections []string
	for _, s := range series {
		if slices.Contains(collections, s.Item.Rec.Collection) {
			continue
		}
		collections = append(collections, s.Item.Rec.Collection)
		items, err := r.CoverageIn(ctx, v, s.Item.Rec.Collection, 200)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			if i.Rec.Event != e.Event.ID && !slices.Contains(ids, i.Rec.Event) {
				ids = append(ids, i.Rec.Event)
			}
		}
	}
	found, err := store.Get[*record.Event](ctx, r, v, ids...)
	if err != nil {
		return nil, err
	}
	var items []store.Item[*record.Event]
	for _, id := range ids {
		if i, ok := found[id]; ok {
			items = append(items, i)
		}
	}
	lines, err := casework.EventLinesIn(ctx, r, v, items)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b casework.EventLine) int {
		return cmp.Compare(apart(e.Event, a.Event), apart(e.Event, b.Event))
	})
	return lines[:min(len(lines), 50)], nil
}

// apart is how far two events are from each other, in time; those without a date
// are farthest.
func apart(a, b *record.Event) time.Duration {
	from, _ := eventDays(a)
	to, _ := eventDays(b)
	x, err := time.Parse(time.DateOnly, from)
	y, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return 1 << 62
	}
	return x.Sub(y).Abs()
}

// CoverageByID reads one series for the desk, with its event.
func (d *Desk) CoverageByID(ctx context.Context, v access.Viewer, id record.CoverageID) (out CoverageSeries, err error) {
	if err := signedIn(v); err != nil {
		return out, err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		i, err := store.One[*record.Coverage](ctx, r, v, id)
		if err != nil {
			return err
		}
		e, err := store.One[*record.Event](ctx, r, v, i.Rec.Event)
		if err != nil {
			return err
		}
		lines, err := casework.EventLinesIn(ctx, r, v, []store.Item[*record.Event]{e})
		if err == nil {
			out = seriesOf(i, lines[0])
		}
		return err
	})
	return out, err
}

// CoverageList lists the series that a viewer may see, from after an identifier
// on, and where the next page begins, "" on the last.
func (d *Desk) CoverageList(ctx context.Context, v access.Viewer, after record.CoverageID, limit int) (out []CoverageSeries, next record.CoverageID, err error) {
	if err := signedIn(v); err != nil {
		return nil, "", err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		out, next = nil, ""
		items, err := r.Coverages(ctx, v, after, limit+1)
		if err != nil {
			return err
		}
		if len(items) > limit {
			items = items[:limit]
			next = items[limit-1].Rec.ID
		}
		var ids []record.EventID
		for _, i := range items {
			ids = append(ids, i.Rec.Event)
		}
		events, err := store.Get[*record.Event](ctx, r, v, ids...)
		if err != nil {
			return err
		}
		for _, i := range items {
			if e, ok := events[i.Rec.Event]; ok {
				out = append(out, seriesOf(i, casework.EventLine{Event: e.Rec, Level: e.Level}))
			}
		}
		return nil
	})
	return out, next, err
}

// signedIn refuses readers without an account what only the desk shows.
func signedIn(v access.Viewer) error {
	if !v.May(access.ActEnter) {
		return fmt.Errorf("the desk of coverage: %w", record.ErrForbidden)
	}
	return nil
}
