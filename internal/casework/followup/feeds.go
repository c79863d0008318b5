package followup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// FeedLine is a feed of the kept list with how its polling stands.
type FeedLine struct {
	Item FeedItem
	// State is zero for a feed that was never polled.
	State store.FeedState
	// Days are the latest days with the items that are of them, newest first.
	Days []store.FeedDay
}

// Due is when the feed is polled next; zero says that it is not: it is paused, or
// gone for good.
func (f FeedLine) Due() time.Time {
	if f.Item.Rec.Paused || f.State.Next >= store.Never {
		return time.Time{}
	}
	return time.UnixMicro(f.State.Next).UTC()
}

// FeedPage is a feed with its latest items.
type FeedPage struct {
	FeedLine
	Latest []store.FeedItem
	Links  casework.Links
}

// How many days and items of a feed pages show.
const (
	feedDaysListed = 7
	feedDaysShown  = 60
	feedItemsShown = 50
)

// Feeds lists the kept feeds. They are the house's own affair and never public.
func (d *Desk) Feeds(ctx context.Context, v access.Viewer) (out []FeedLine, err error) {
	if err := signedIn(v); err != nil {
		return nil, err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		out = nil
		items, err := r.Feeds(ctx, v)
		if err != nil {
			return err
		}
		states, err := r.FeedStates(ctx)
		if err != nil {
			return err
		}
		for _, i := range items {
			l := FeedLine{Item: i, State: states[i.Rec.ID]}
			if l.State.Items > 0 {
				if l.Days, err = r.FeedDays(ctx, i.Rec.ID, feedDaysListed); err != nil {
					return err
				}
			}
			out = append(out, l)
		}
		return nil
	})
	return out, err
}

// Feed reads one feed.
func (d *Desk) Feed(ctx context.Context, v access.Viewer, id record.FeedID) (*FeedPage, error) {
	if err := signedIn(v); err != nil {
		return nil, err
	}
	var p *FeedPage
	err := d.view(ctx, func(r *store.Reader) error {
		p = &FeedPage{}
		var err error
		if p.Item, err = store.One[*record.Feed](ctx, r, v, id); err != nil {
			return err
		}
		states, err := r.FeedStates(ctx)
		if err != nil {
			return err
		}
		p.State = states[id]
		if p.Days, err = r.FeedDays(ctx, id, feedDaysShown); err != nil {
			return err
		}
		if p.Latest, err = r.FeedItems(ctx, id, feedItemsShown); err != nil {
			return err
		}
		if p.Item.Rec.Outlet != "" {
			p.Links, err = casework.LinksIn(ctx, r, v, record.Ref{Kind: record.KindParty, ID: string(p.Item.Rec.Outlet)})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// MakeFeed adds a feed to the kept list; it is polled at once. An address that is
// on the list already is refused.
func (d *Desk) MakeFeed(ctx context.Context, v access.Viewer, rec *record.Feed, reason string) (record.FeedID, error) {
	id, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	next := *rec
	next.ID, next.Visibility = record.FeedID(id), record.Internal
	next.Collection = strings.Join(strings.Fields(next.Collection), " ")
	err = d.do(ctx, v, access.ActEdit, "keep feed", reason, func(w *casework.Work) error {
		if err := newAddress(ctx, w, &next); err != nil {
			return err
		}
		return w.Create(&next)
	})
	return next.ID, err
}

// newAddress refuses an address that another feed has.
func newAddress(ctx context.Context, w *casework.Work, f *record.Feed) error {
	same, err := w.Tx().FeedsAt(ctx, access.House(), f.URL)
	if err != nil {
		return err
	}
	for _, s := range same {
		if s.Rec.ID != f.ID {
			return wrongField("url", "feed_twice")
		}
	}
	return nil
}

// SaveFeed changes a feed. One that is taken up again, or has a new address, is
// polled at once.
func (d *Desk) SaveFeed(ctx context.Context, v access.Viewer, rec *record.Feed, rev int, reason string) error {
	next := *rec
	next.Visibility = record.Internal
	next.Collection = strings.Join(strings.Fields(next.Collection), " ")
	return d.do(ctx, v, access.ActEdit, "change feed", reason, func(w *casework.Work) error {
		old, err := store.One[*record.Feed](ctx, &w.Tx().Reader, v, rec.ID)
		if err != nil {
			return err
		}
		if err := newAddress(ctx, w, &next); err != nil {
			return err
		}
		if err := w.Change(&next, rev); err != nil {
			return err
		}
		if next.URL != old.Rec.URL || old.Rec.Paused && !next.Paused {
			return w.Tx().PollFeed(ctx, next.ID, w.At(), next.URL != old.Rec.URL)
		}
		return nil
	})
}

// PollNow makes a feed due. It is no change of the record and enters no journal.
func (d *Desk) PollNow(ctx context.Context, v access.Viewer, id record.FeedID) error {
	if !v.May(access.ActEdit) {
		return fmt.Errorf("%s: %w", access.ActEdit, record.ErrForbidden)
	}
	return d.store.Aside(ctx, func(t *store.Tx) error {
		f, err := store.One[*record.Feed](ctx, &t.Reader, v, id)
		if err != nil {
			return err
		}
		if f.Rec.Paused {
			return wrongField("paused", "feed_paused")
		}
		return t.PollFeed(ctx, id, d.now().UnixMicro(), false)
	})
}

// FeedQuery is what is counted in the feeds of a collection.
type FeedQuery struct {
	Collection string
	// Words are looked for in titles, summaries and tags, whole and folded: all of them have to
	// be there, in any order; "|" separates alternatives.
	Words string
	// Language restricts to the feeds of a language, "" to none.
	Language string
	// From and To bound the days (YYYY-MM-DD, UTC); "" is from when the collection
	// was first polled, and to the last day that is over.
	From, To string
}

// alternatives folds the words of a query.
func (q FeedQuery) alternatives() [][]string {
	var out [][]string
	for part := range strings.SplitSeq(q.Words, "|") {
		if tokens := names.TokenSet(part); len(tokens) > 0 {
			out = append(out, tokens)
		}
	}
	return out
}

// maxAlternatives bounds a query of the feeds.
const maxAlternatives = 20

// CountFeeds counts the items of a collection's feeds that match a query, and all
// of them, per day. Days on which nothing came are unknown, the day that is not
// over yet is left out, and so is the time before the collection was polled, of
// which only what was still in the feeds is known.
func (d *Desk) CountFeeds(ctx context.Context, v access.Viewer, q FeedQuery) (*exchange.CoverageFile, error) {
	if err := signedIn(v); err != nil {
		return nil, err
	}
	words := q.alternatives()
	collection := strings.Join(strings.Fields(q.Collection), " ")
	var wrong record.Invalid
	add := func(field, key string) {
		wrong.Fields = append(wrong.Fields, record.FieldError{Field: field, Key: "invalid." + key})
	}
	if collection == "" {
		add("collection", "required")
	}
	total := 0
	for _, tokens := range words {
		total += len(tokens)
	}
	if len(words) == 0 {
		add("query", "required")
	}
	if len(words) > maxAlternatives || total > 10*maxAlternatives {
		add("query", "long")
	}
	for field, day := range map[string]string{"from": q.From, "to": q.To} {
		if day != "" && !record.ValidDay(day) {
			add(field, "date")
		}
	}
	if len(wrong.Fields) > 0 {
		return nil, &wrong
	}
	out := &exchange.CoverageFile{Format: exchange.PlainCoverage, Tool: record.ToolFeeds, Query: strings.TrimSpace(q.Words)}
	err := d.view(ctx, func(r *store.Reader) error {
		feeds, err := r.FeedsIn(ctx, v, collection)
		if err != nil {
			return err
		}
		states, err := r.FeedStates(ctx)
		if err != nil {
			return err
		}
		var ids []record.FeedID
		first := int64(0)
		for _, f := range feeds {
			if q.Language != "" && f.Rec.Language != q.Language {
				continue
			}
			ids = append(ids, f.Rec.ID)
			if at := states[f.Rec.ID].First; at > 0 && (first == 0 || at < first) {
				first = at
			}
		}
		if len(ids) == 0 {
			return wrongField("collection", "no_feeds")
		}
		if first == 0 {
			return wrongField("collection", "not_polled")
		}
		from := max(q.From, dayAt(first))
		to := dayAt(d.now().Add(-24 * time.Hour).UnixMicro())
		if q.To != "" {
			to = min(to, q.To)
		}
		out.Days, err = r.CountItems(ctx, ids, from, to, words)
		out.Rows = len(out.Days)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func dayAt(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.DateOnly) }

// BuildCoverage counts the feeds and keeps the result as a series about an event,
// which counting again later updates.
func (d *Desk) BuildCoverage(ctx context.Context, v access.Viewer, q FeedQuery, o CoverageOptions) (*casework.ImportReport, record.CoverageID, error) {
	file, err := d.CountFeeds(ctx, v, q)
	if err != nil {
		return nil, "", err
	}
	o.Tool, o.Collection, o.Query, o.Language = record.ToolFeeds, q.Collection, q.Words, q.Language
	report := &casework.ImportReport{Rows: file.Rows, DryRun: o.DryRun, Problems: []exchange.Problem{}}
	id, err := d.takeSeries(ctx, v, access.ActEdit, "count feeds", file, "", o, report)
	return report, id, err
}
