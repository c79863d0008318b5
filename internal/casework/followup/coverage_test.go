package followup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/attention"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/fetch"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// happening enters a public event with a public count of its dead.
func (s *stand) happening(slug, day string, killed int64) *record.Event {
	s.t.Helper()
	e := &record.Event{
		ID: record.EventID(s.id()), Slug: slug, Title: record.Plain("en", "Testfall "+slug), Type: record.TypeAttack, Status: record.Held,
		When: record.On(day), Visibility: record.Public,
	}
	src := &record.Source{
		ID: record.SourceID(s.id()), Type: record.TypeArticle, Title: record.Plain("en", "Report of "+slug), Publisher: "The Testfall Post", Language: "en",
		Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public, URL: "https://example.org/" + slug,
	}
	c := &record.Claim{
		ID: record.ClaimID(s.id()), Source: src.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Role: record.Reported, Words: "some", Review: record.Review{State: record.Accepted}, Visibility: record.Public, AsOf: record.On(day),
	}
	c.Bounds(record.Exact, killed, 0)
	for _, r := range []record.Record{src, e, c} {
		s.must(s.house.Save(s.ctx, access.House(), r, 0, "test"))
	}
	return e
}

// days reads a table of days.
func (s *stand) days(text string) *exchange.CoverageFile {
	s.t.Helper()
	f, err := exchange.ReadCoverage(exchange.AnyCoverage, []byte(text))
	s.must(err)
	return f
}

func TestCoverageIsTakenInOnceAndGrows(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		e := s.happening("blasts", "2013-01-10", 80)
		o := CoverageOptions{Event: e.Slug, Collection: "Example  Nationals", Query: "testfall", Language: "en", Tool: record.ToolMediaCloud, Visibility: record.Public}
		first := "day,matched,all\n2013-01-10,10,1000\n2013-01-11,40,1000\nyesterday,1,1\n"
		for _, v := range []access.Viewer{s.reader, s.contributor, s.organiser, s.moderator, access.Anyone()} {
			_, _, err := s.desk.ImportCoverage(s.ctx, v, s.days(first), []byte(first), o)
			s.forbidden(err, "importing coverage as "+string(v.Role))
		}
		// A trial writes nothing.
		dry := o
		dry.DryRun = true
		report, id, err := s.desk.ImportCoverage(s.ctx, s.editor, s.days(first), []byte(first), dry)
		s.must(err)
		if id != "" || report.Created != 2 || report.Refused != 1 || report.Problems[0].Line != 4 {
			t.Fatalf("trial: %s %+v", id, report)
		}
		if p, err := s.desk.Coverage(s.ctx, access.Anyone(), e.Slug, ""); err != nil || len(p.Series) != 0 {
			t.Fatalf("after a trial: %+v %v", p, err)
		}
		report, id, err = s.desk.ImportCoverage(s.ctx, s.editor, s.days(first), []byte(first), o)
		s.must(err)
		if report.Created != 2 || id == "" {
			t.Fatalf("import: %+v", report)
		}
		again, same, err := s.desk.ImportCoverage(s.ctx, s.editor, s.days(first), []byte(first), o)
		s.must(err)
		if same != id || again.Created+again.Updated != 0 || again.Unchanged != 2 {
			t.Fatalf("again: %s %+v", same, again)
		}
		one, err := s.desk.CoverageByID(s.ctx, s.editor, id)
		s.must(err)
		if one.Item.Rev != 1 || one.Item.Rec.File == "" || one.Item.Rec.Collection != "Example Nationals" {
			t.Fatalf("after the same file twice: rev %d %+v", one.Item.Rev, one.Item.Rec)
		}
		// A later export of other days adds them and changes what was counted anew.
		later := "day,matched,all\n2013-01-11,44,1000\n2013-01-13,1,900\n"
		report, _, err = s.desk.ImportCoverage(s.ctx, s.editor, s.days(later), []byte(later), o)
		s.must(err)
		if report.Created != 1 || report.Updated != 1 {
			t.Fatalf("later: %+v", report)
		}
		p, err := s.desk.Coverage(s.ctx, access.Anyone(), e.Slug, "")
		s.must(err)
		want := []record.DayCount{{Day: "2013-01-10", Matched: 10, All: 1000}, {Day: "2013-01-11", Matched: 44, All: 1000}, {Day: "2013-01-13", Matched: 1, All: 900}}
		if len(p.Series) != 1 || !cmp.Equal(p.Series[0].Item.Rec.Days, want) || p.Series[0].Summary.Missing != 1 {
			t.Fatalf("series %+v", p.Series)
		}
		if got := p.Series[0].Lag; got != (attention.Span{}) {
			t.Errorf("lag %+v", got)
		}

		// What is wrong is said, and nothing is written.
		bad := o
		bad.Event = "nowhere"
		_, _, err = s.desk.ImportCoverage(s.ctx, s.editor, s.days(first), nil, bad)
		s.refused(err, "event", "no_event")
		bad = o
		bad.Collection, bad.Query = " ", ""
		_, _, err = s.desk.ImportCoverage(s.ctx, s.editor, s.days(first), nil, bad)
		s.refused(err, "collection", "required")
		s.refused(err, "query", "required")
		bad = o
		bad.Query, bad.Source = "other", record.SourceID(s.id())
		_, _, err = s.desk.ImportCoverage(s.ctx, s.editor, s.days(first), nil, bad)
		s.refused(err, "source", "no_source")
		bad = o
		bad.Query = "nothing"
		_, _, err = s.desk.ImportCoverage(s.ctx, s.editor, s.days("day,matched\nx,1\n"), nil, bad)
		s.refused(err, "days", "no_days")
		if _, _, err = s.desk.ReadCoverage(s.ctx, s.editor, []byte("<html>"), o); err == nil {
			t.Error("a web page was taken for a series")
		} else if _, ok := errors.AsType[*UnreadableError](err); !ok {
			t.Errorf("a web page: %v", err)
		}

		rec := *one.Item.Rec
		rec.Note, rec.Days = "Counted twice.", nil
		s.wants(s.desk.SaveCoverage(s.ctx, s.editor, &rec, 1, ""), record.ErrConflict, "saving on an old revision")
		s.must(s.desk.SaveCoverage(s.ctx, s.editor, &rec, 2, ""))
		s.forbidden(s.desk.SaveCoverage(s.ctx, s.contributor, &rec, 3, ""), "changing coverage as a contributor")
		after, err := s.desk.CoverageByID(s.ctx, s.editor, id)
		s.must(err)
		if after.Item.Rec.Note != "Counted twice." || len(after.Item.Rec.Days) != 3 {
			t.Fatalf("saved %+v", after.Item.Rec)
		}
		list, next, err := s.desk.CoverageList(s.ctx, s.reader, "", 10)
		if err == nil || list != nil || next != "" {
			t.Errorf("a reader sees the desk's list: %v", err)
		}
		if list, _, err = s.desk.CoverageList(s.ctx, s.contributor, "", 10); err != nil || len(list) != 1 {
			t.Errorf("list %v %v", list, err)
		}
	})
}

func (s *stand) wants(err, want error, what string) {
	s.t.Helper()
	if !errors.Is(err, want) {
		s.t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestCoverageComparesWithinOneCollection(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		a, b, far := s.happening("blasts", "2013-01-10", 100), s.happening("march", "2013-01-14", 2), s.happening("later", "2014-06-01", 5)
		put := func(e *record.Event, collection, lang, text string, vis record.Visibility) {
			_, _, err := s.desk.ImportCoverage(s.ctx, s.editor, s.days(text), nil, CoverageOptions{
				Event: string(e.ID), Collection: collection, Query: e.Slug, Language: lang, Tool: record.ToolGDELT, Visibility: vis,
			})
			s.must(err)
		}
		put(a, "Example", "en", "day,matched,all\n2013-01-10,10,1000\n2013-01-14,10,1000\n2013-01-15,10,1000\n", record.Public)
		put(a, "Example Urdu", "ur", "day,matched,all\n2013-01-10,50,500\n", record.Public)
		put(b, "Example", "en", "day,matched,all\n2013-01-13,1,1000\n2013-01-14,90,1000\n2013-01-15,110,1000\n", record.Public)
		put(far, "Example", "en", "day,matched,all\n2014-06-01,0,0\n", record.Public)
		put(far, "Secret", "en", "day,matched,all\n2014-06-01,0,0\n", record.Internal)
		p, err := s.desk.Coverage(s.ctx, access.Anyone(), "blasts", "march")
		s.must(err)
		if len(p.Series) != 2 || len(p.Others) != 2 || p.Others[0].Event.Slug != "march" || p.With == nil || len(p.Pairs) != 1 {
			t.Fatalf("%d series, %d others, %d pairs", len(p.Series), len(p.Others), len(p.Pairs))
		}
		// (20/100) / (200/2)
		if c := p.Pairs[0]; !c.Alike || c.Common != 2 || !c.Relative.OK() {
			t.Errorf("pair %+v", c.Comparison)
		} else if low, high := c.Relative.Times(); low != high || low < 0.00199 || low > 0.00201 {
			t.Errorf("relative coverage %v to %v", low, high)
		}
		if len(p.Groups) != 1 || len(p.Groups[0].Voices) != 2 || p.Groups[0].Common != 1 || p.Groups[0].Voices[1].Share != 0.1 {
			t.Errorf("languages %+v", p.Groups)
		}
		// A total of zero gives no share, and an internal series is nobody's business.
		p, err = s.desk.Coverage(s.ctx, access.Anyone(), "later", "blasts")
		s.must(err)
		if len(p.Series) != 1 || p.Series[0].Summary.ShareWhy != attention.NoTotal || p.Pairs[0].Relative.Why != attention.NoCommon {
			t.Errorf("later %+v", p.Series)
		}
		if _, err := s.desk.Coverage(s.ctx, access.Anyone(), "nowhere", ""); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("an event that is not there: %v", err)
		}
		s.must(s.house.Unpublish(s.ctx, s.editor, []record.Ref{b.Ref()}, "test"))
		if _, err := s.desk.Coverage(s.ctx, access.Anyone(), "blasts", "march"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("comparing with an internal event: %v", err)
		}
		p, err = s.desk.Coverage(s.ctx, access.Anyone(), "blasts", "")
		s.must(err)
		for _, other := range p.Others {
			if other.Event.Slug == "march" {
				t.Error("an internal event is offered to the public")
			}
		}
	})
}

// once runs the poller until n feeds were polled.
func (s *stand) once(client *fetch.Client, n int) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, time.Minute)
	defer stop()
	left := n
	var mu sync.Mutex
	q := &endingQueue{feedQueue{s.desk}, func() {
		mu.Lock()
		defer mu.Unlock()
		if left--; left == 0 {
			stop()
		}
	}}
	if n == 0 {
		if _, ok, err := q.TakeJob(ctx, "nobody", nil, s.clock.UnixMicro(), s.clock.UnixMicro()); ok || err != nil {
			s.t.Errorf("a feed is due: %v", err)
		}
		return
	}
	s.must(s.desk.pollRunner(client, s.id(), q).Run(ctx))
	if left > 0 {
		s.t.Fatalf("%d feeds were not polled", left)
	}
}

type endingQueue struct {
	feedQueue
	ended func()
}

func (q *endingQueue) EndJob(ctx context.Context, id, owner string, state store.JobState, at int64, progress, problem string) (bool, error) {
	ok, err := q.feedQueue.EndJob(ctx, id, owner, state, at, progress, problem)
	q.ended()
	return ok, err
}

func TestFeedsArePolledAndCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		var mu sync.Mutex
		answer := func(w http.ResponseWriter, _ *http.Request) {}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			answer(w, r)
		}))
		t.Cleanup(server.Close)
		says := func(fn http.HandlerFunc) {
			mu.Lock()
			defer mu.Unlock()
			answer = fn
		}
		rss := func(items ...string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("If-None-Match") == `"1"` {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				w.Header().Set("ETag", `"1"`)
				w.Header().Set("Content-Type", "application/rss+xml")
				io.WriteString(w, "<rss><channel>"+strings.Join(items, "")+"</channel></rss>")
			}
		}
		entry := func(id int, day, title string) string {
			return fmt.Sprintf("<item><guid>https://news.example/%d</guid><title>%s</title><pubDate>%s</pubDate></item>", id, title, day)
		}
		client := fetch.New(fetch.Config{Agent: "test", Private: true, Wait: func(context.Context, time.Duration) error { return nil }})

		rec := &record.Feed{Title: "Example News", URL: server.URL + "/a.xml", Collection: " Our  feeds ", Language: "en", Minutes: 60}
		for _, v := range []access.Viewer{s.reader, s.contributor, s.organiser, s.moderator, access.Anyone()} {
			_, err := s.desk.MakeFeed(s.ctx, v, rec, "")
			s.forbidden(err, "keeping a feed as "+string(v.Role))
		}
		id, err := s.desk.MakeFeed(s.ctx, s.editor, rec, "")
		s.must(err)
		_, err = s.desk.MakeFeed(s.ctx, s.editor, rec, "")
		s.refused(err, "url", "feed_twice")
		if _, err := s.desk.Feeds(s.ctx, access.Anyone()); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("the public sees the feeds: %v", err)
		}
		q := FeedQuery{Collection: "Our feeds", Words: "testfall blasts | دھماکہ"}
		_, err = s.desk.CountFeeds(s.ctx, s.editor, q)
		s.refused(err, "collection", "not_polled")
		_, err = s.desk.CountFeeds(s.ctx, s.editor, FeedQuery{Collection: "None", Words: "x"})
		s.refused(err, "collection", "no_feeds")
		_, err = s.desk.CountFeeds(s.ctx, s.editor, FeedQuery{Collection: "Our feeds", Words: " | "})
		s.refused(err, "query", "required")

		says(rss(entry(1, "2026-03-01T09:00:00Z", "Blasts in Testfall"), entry(2, "2026-03-01T10:00:00Z", "Weather"), entry(3, "2026-02-20", "Testfall blasts before it was polled")))
		s.once(client, 1)
		s.once(client, 0)
		began := s.clock
		state := func() store.FeedState {
			p, err := s.desk.Feed(s.ctx, s.editor, id)
			s.must(err)
			return p.State
		}
		if st := state(); st.Error != "" || st.Items != 3 || st.First == 0 || st.ETag != `"1"` || st.Leased != 0 || st.Next < s.clock.Add(54*time.Minute).UnixMicro() || st.Next > s.clock.Add(66*time.Minute).UnixMicro() {
			t.Fatalf("state %+v", st)
		}
		// Nothing new is told as such, and the same items never count twice.
		s.clock = s.clock.Add(2 * time.Hour)
		s.once(client, 1)
		says(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "<rss><channel>"+entry(1, "2026-03-01T09:00:00Z", "Blasts in Testfall")+entry(4, "2026-03-02T09:00:00Z", "ٹیسٹ میں دھماکہ")+"</channel></rss>")
		})
		s.clock = s.clock.Add(24 * time.Hour)
		s.once(client, 1)
		if st := state(); st.Items != 4 || st.Failures != 0 {
			t.Fatalf("state %+v", st)
		}
		// The day that is not over is left out, and so is what was there before.
		file, err := s.desk.CountFeeds(s.ctx, s.editor, q)
		s.must(err)
		if want := []record.DayCount{{Day: "2026-03-01", Matched: 1, All: 2}}; !cmp.Equal(file.Days, want) {
			t.Fatalf("counted %+v", file.Days)
		}
		s.clock = s.clock.Add(48 * time.Hour)
		e := s.happening("blasts", "2026-03-01", 3)
		_, cover, err := s.desk.BuildCoverage(s.ctx, s.editor, q, CoverageOptions{Event: e.Slug})
		s.must(err)
		one, err := s.desk.CoverageByID(s.ctx, s.editor, cover)
		s.must(err)
		if want := []record.DayCount{{Day: "2026-03-01", Matched: 1, All: 2}, {Day: "2026-03-02", Matched: 1, All: 1}}; !cmp.Equal(one.Item.Rec.Days, want) || one.Item.Rec.Tool != record.ToolFeeds {
			t.Fatalf("built %+v", one.Item.Rec)
		}

		// What goes wrong is kept with the feed, and it is asked later each time.
		wait := time.Duration(0)
		for i, c := range []struct {
			code   string
			answer http.HandlerFunc
		}{
			{"not_feed", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html><title>x</title></html>") }},
			{"entities", func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, `<!DOCTYPE x [<!ENTITY a "b">]><rss/>`)
			}},
			{"type", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "image/png") }},
			{"busy", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "172800")
				w.WriteHeader(http.StatusTooManyRequests)
			}},
			{"gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }},
		} {
			says(c.answer)
			s.clock = s.clock.Add(72 * time.Hour)
			s.once(client, 1)
			st := state()
			if st.Error != c.code || st.Failures != i+1 || st.Items != 4 {
				t.Fatalf("after %s: %+v", c.code, st)
			}
			next := time.UnixMicro(st.Next).Sub(s.clock)
			if next <= wait {
				t.Errorf("after %s it is asked again in %s, before that %s", c.code, next, wait)
			}
			if c.code == "busy" && next < 48*time.Hour {
				t.Errorf("the host wants 48 hours, it is asked again in %s", next)
			}
			wait = next
		}
		// Gone is for good, until somebody gives it another address.
		s.clock = s.clock.Add(100 * 24 * time.Hour)
		s.once(client, 0)
		got, err := s.desk.Feed(s.ctx, s.editor, id)
		s.must(err)
		next := *got.Item.Rec
		next.URL = server.URL + "/b.xml"
		s.wants(s.desk.SaveFeed(s.ctx, s.editor, &next, 7, ""), record.ErrConflict, "saving on another revision")
		s.must(s.desk.SaveFeed(s.ctx, s.editor, &next, got.Item.Rev, ""))
		says(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/b.xml" {
				http.Redirect(w, r, "/c.xml", http.StatusMovedPermanently)
				return
			}
			rss()(w, r)
		})
		s.once(client, 1)
		if st := state(); st.Moved != server.URL+"/c.xml" || st.Error != "malformed" && st.Error != "" {
			t.Fatalf("after a move %+v", st)
		}
		next.Paused = true
		got, err = s.desk.Feed(s.ctx, s.editor, id)
		s.must(err)
		s.must(s.desk.SaveFeed(s.ctx, s.editor, &next, got.Item.Rev, ""))
		s.refused(s.desk.PollNow(s.ctx, s.editor, id), "paused", "feed_paused")
		s.forbidden(s.desk.PollNow(s.ctx, s.contributor, id), "polling as a contributor")
		s.clock = s.clock.Add(100 * 24 * time.Hour)
		s.once(client, 0)
		// A private address is not reached when the house does not allow it.
		next.Paused = false
		got, err = s.desk.Feed(s.ctx, s.editor, id)
		s.must(err)
		s.must(s.desk.SaveFeed(s.ctx, s.editor, &next, got.Item.Rev, ""))
		s.once(fetch.New(fetch.Config{Agent: "test"}), 1)
		if st := state(); st.Error != "private" && st.Error != "address" {
			t.Errorf("a private address: %+v", st)
		}

		// Each item says when it was read first; that a feed was added, changed and removed is in
		// the journal, and polls are not.
		got, err = s.desk.Feed(s.ctx, s.editor, id)
		s.must(err)
		kept := map[string]time.Time{}
		for _, i := range got.Latest {
			kept[i.Title] = time.UnixMicro(i.Kept).UTC()
		}
		if !kept["Weather"].Equal(began) || !kept["ٹیسٹ میں دھماکہ"].Equal(began.Add(26*time.Hour)) || len(kept) != 4 {
			t.Errorf("kept %v, polled at %s", kept, began)
		}
		s.must(s.house.Erase(s.ctx, s.admin, got.Item.Rec.Ref(), "no longer read"))
		lines, err := s.house.JournalPage(s.ctx, s.admin, "en", 0, 500)
		s.must(err)
		var did []string
		for _, l := range lines {
			if l.Subject.Ref == got.Item.Rec.Ref() {
				did = append(did, l.Action)
			}
		}
		if want := []string{"erase feed", "change feed", "change feed", "change feed", "keep feed"}; !cmp.Equal(did, want) {
			t.Errorf("the journal has %q of the feed, want %q", did, want)
		}
	})
}
