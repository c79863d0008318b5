package followup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/fetch"
	"github.com/gawah-project/gawah/internal/job"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

const (
	// pollKind is the only kind of work of the queue of feeds.
	pollKind = "poll feed"
	// pollLook is how often the list is looked at for feeds that are due.
	pollLook = 10 * time.Second
	// pollWorkers bounds how many feeds are fetched at once.
	pollWorkers = 2
	// maxBackoff bounds how long a feed that fails is left alone.
	maxBackoff = 24 * time.Hour
)

// feedAccept says what is read, feedTypes the types under which feeds are served.
// Many are served as text or as a page; what they are is told by what they hold.
const feedAccept = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"

var feedTypes = []string{
	"application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml", "application/xml", "text/xml",
	"application/json", "text/plain", "text/html", "application/octet-stream", "application/x-rss+xml",
}

// PollFeeds fetches the kept feeds as they fall due until the context ends.
// Several processes on one database share the work: each poll is leased.
func (d *Desk) PollFeeds(ctx context.Context, client *fetch.Client) error {
	owner, err := d.house.NewID()
	if err != nil {
		return err
	}
	return d.pollRunner(client, owner, feedQueue{d}).Run(ctx)
}

func (d *Desk) pollRunner(client *fetch.Client, owner string, queue job.Queue) *job.Runner {
	return &job.Runner{
		Queue: queue, Handlers: map[string]job.Handler{pollKind: func(ctx context.Context, j *job.Job) error {
			return d.poll(ctx, client, owner, j)
		}},
		Owner: owner, Workers: pollWorkers, Poll: pollLook, Now: d.now, Log: d.log,
	}
}

// feedQueue shows the feeds that are due as work for a [job.Runner]. It is no
// part of the table of jobs: a feed is due for as long as it is on the list.
type feedQueue struct{ d *Desk }

// TakeJob implements [job.Queue].
func (q feedQueue) TakeJob(ctx context.Context, owner string, _ []string, now, until int64) (store.Job, bool, error) {
	state, ok, err := q.d.store.TakeFeed(ctx, owner, now, until)
	if err != nil || !ok {
		return store.Job{}, false, err
	}
	args, err := json.Marshal(state)
	// A poll is tried again when it is due again, so every attempt is the first.
	return store.Job{ID: string(state.Feed), Kind: pollKind, Args: args, State: store.JobRunning, Owner: owner, Attempts: 1}, err == nil, err
}

// KeepJob implements [job.Queue].
func (q feedQueue) KeepJob(ctx context.Context, id, owner string, until int64, _ string) (bool, error) {
	return q.d.store.KeepFeed(ctx, record.FeedID(id), owner, until)
}

// EndJob implements [job.Queue]. A poll that came to an end has given its lease
// back; any other gives it back here.
func (q feedQueue) EndJob(ctx context.Context, id, owner string, state store.JobState, _ int64, _, _ string) (bool, error) {
	if state == store.JobDone {
		return true, nil
	}
	return q.d.store.KeepFeed(ctx, record.FeedID(id), owner, 0)
}

// poll fetches one feed and writes what came of it. It fails only when it was
// stopped or the database did not answer: what is wrong with a feed is kept with
// the feed.
func (d *Desk) poll(ctx context.Context, client *fetch.Client, owner string, j *job.Job) error {
	var state store.FeedState
	if err := j.Args(&state); err != nil {
		return err
	}
	var feed FeedItem
	err := d.view(ctx, func(r *store.Reader) (err error) {
		feed, err = store.One[*record.Feed](ctx, r, access.House(), state.Feed)
		return err
	})
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		state.Next = store.Never
		_, _, err = d.store.EndFeed(ctx, owner, state, nil)
		return err
	}
	if err != nil {
		return err
	}
	answer, err := client.Get(ctx, fetch.Request{URL: feed.Rec.URL, ETag: state.ETag, Modified: state.Modified, Accept: feedAccept, Types: feedTypes})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := d.now()
	state.Polled = now.UnixMicro()
	var items []store.FeedItem
	var read *exchange.Feed
	if err == nil && !answer.Unchanged {
		if read, err = parseFeed(answer, now); err == nil {
			items = kept(read)
		}
	}
	every := time.Duration(feed.Rec.Minutes) * time.Minute
	if err != nil {
		d.failed(&state, err, every, now)
		d.log.Warn("a feed was not read", "feed", string(state.Feed), "error", state.Error, "failures", state.Failures)
	} else {
		if state.First == 0 {
			state.First = state.Polled
		}
		state.ETag, state.Modified, state.Moved = answer.ETag, answer.Modified, answer.Moved
		state.Failures, state.Error = 0, ""
		state.Next = now.Add(jitter(every)).UnixMicro()
	}
	added, mine, err := d.store.EndFeed(ctx, owner, state, items)
	if err == nil && mine && added > 0 {
		d.log.Debug("a feed was read", "feed", string(state.Feed), "items", added)
	}
	return err
}

// parseFeed reads a feed; what a parser of hostile text does at its worst is an
// error like any other.
func parseFeed(a *fetch.Answer, now time.Time) (f *exchange.Feed, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &exchange.FeedError{Code: exchange.FeedBroken, Reason: fmt.Sprintf("the reader failed: %.100v", p)}
		}
	}()
	return exchange.ReadFeed(a.Body, exchange.FeedOptions{Type: a.Type, URL: a.URL, Now: now})
}

// kept is what is kept of the items of a feed: of what they say of themselves only the
// words, folded as names are and without their order.
func kept(f *exchange.Feed) []store.FeedItem {
	out := make([]store.FeedItem, 0, len(f.Items))
	for _, i := range f.Items {
		out = append(out, store.FeedItem{
			GUID: store.FeedGUID(i.Identity), Day: i.At.UTC().Format(time.DateOnly), Title: i.Title, URL: i.URL,
			Tokens: " " + strings.Join(names.TokenSet(strings.Join(append([]string{i.Title, i.Summary}, i.Tags...), "\n")), " ") + " ",
		})
	}
	return out
}

// failed notes what went wrong and when the feed is asked again: later each time,
// not before its host wants, and never when it is gone for good.
func (d *Desk) failed(s *store.FeedState, err error, every time.Duration, now time.Time) {
	s.Failures++
	wait := every
	for range min(s.Failures-1, 10) {
		wait = min(wait*2, max(maxBackoff, every))
	}
	s.Error = string(fetch.Connect)
	if e, ok := errors.AsType[*exchange.FeedError](err); ok {
		s.Error = string(e.Code)
	}
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		s.Error = string(e.Code)
		if e.Code == fetch.Gone {
			s.Next = store.Never
			return
		}
		wait = max(wait, e.After)
	}
	s.Next = now.Add(max(jitter(wait), wait)).UnixMicro()
}

// jitter moves a wait by up to a tenth, so that feeds added together are not
// polled together for ever.
func jitter(d time.Duration) time.Duration {
	if d < 10 {
		return d
	}
	return d - d/10 + rand.N(d/5)
}
