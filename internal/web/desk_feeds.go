package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// feedsPage is the kept list of feeds.
type feedsPage struct {
	deskPage
	Feeds []feedRow
}

// feedRow is a feed with how its polling stands, in words.
type feedRow struct {
	ID                record.FeedID
	Title, Collection string
	URL               string
	State             string
	Bad               bool
	Polled, Due       string
	Items             string
	Days              []feedDayRow
	Language          string
}

type feedDayRow struct{ Day, Items string }

func feedRowOf(l *lang.Printer, f followup.FeedLine) feedRow {
	rec, st := f.Item.Rec, f.State
	row := feedRow{ID: rec.ID, Title: rec.Title, Collection: rec.Collection, URL: rec.URL, Items: l.T("coverage.items", "n", st.Items), Language: languageWord(l, rec.Language)}
	switch {
	case rec.Paused:
		row.State = l.T("feed.state.paused")
	case st.Polled == 0:
		row.State = l.T("feed.state.new")
	case st.Error != "":
		row.Bad = true
		row.State = l.T("feed.problem." + st.Error)
		if st.Failures > 1 {
			row.State += " " + l.T("feed.failures", "n", st.Failures)
		}
	default:
		row.State = l.T("feed.state.well")
	}
	if st.Polled > 0 {
		row.Polled = instant(st.Polled)
	}
	if due := f.Due(); due.Unix() > 0 {
		row.Due = instant(due.UnixMicro())
	}
	for _, d := range f.Days {
		row.Days = append(row.Days, feedDayRow{l.Date(d.Day), l.Number(d.Items)})
	}
	return row
}

func (s *Server) showFeeds(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &feedsPage{deskPage: s.desk(r, v.lang.T("desk.list.feeds"), "desk-follow")}
	list, err := s.following.Feeds(r.Context(), v.viewer)
	if err != nil {
		return err
	}
	for _, f := range list {
		p.Feeds = append(p.Feeds, feedRowOf(v.lang, f))
	}
	return s.render(w, r, "desk_feeds", p)
}

// feedMinutes are the distances between two polls that the form offers.
var feedMinutes = []string{"15", "30", "60", "120", "360", "1440"}

func feedSpecs() []spec {
	return []spec{
		{Name: "title", Word: "feed.title", Input: inLine},
		{Name: "url", Word: "feed.url", Input: inLine},
		{Name: "collection", Word: "coverage.feeds", Input: inLine},
		{Name: "outlet", Word: "feed.outlet", Input: inPick, Kinds: []record.Kind{record.KindParty}},
		{Name: "language", Input: inLine, Short: true},
		{Name: "minutes", Word: "feed.minutes", Input: inChoice, Short: true, Options: func(*lang.Printer) []option {
			var out []option
			for _, m := range feedMinutes {
				out = append(out, option{m, m})
			}
			return out
		}},
		{Name: "paused", Word: "feed.paused", Input: inCheck},
		{Name: "note", Input: inArea},
	}
}

// feedPage is one feed, or the form of a new one.
type feedPage struct {
	deskPage
	Row    *feedRow
	Moved  string
	Latest []feedItemRow
	Groups []groupView
	Action string
	Rev    int
}

// feedItemRow is an item with the instant of the poll that read it first.
type feedItemRow struct {
	Day, Title, URL string
	Kept            string
}

func (s *Server) renderFeed(w http.ResponseWriter, r *http.Request, p *feedPage, f Form, status int) error {
	p.Form = f
	var err error
	if p.Groups, err = s.form(r.Context(), visitOf(r), feedSpecs(), f); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_feed", p)
}

func (s *Server) newFeedPage(r *http.Request) *feedPage {
	return &feedPage{deskPage: s.desk(r, visitOf(r).lang.T("desk.new.feeds"), "desk-follow"), Action: "/desk/feeds/new"}
}

func (s *Server) showNewFeed(w http.ResponseWriter, r *http.Request) error {
	return s.renderFeed(w, r, s.newFeedPage(r), Form{Values: url.Values{"minutes": {"60"}, "collection": {r.URL.Query().Get("collection")}}}, http.StatusOK)
}

// feedOf reads a feed from its form.
func feedOf(l *lang.Printer, f *Form) *record.Feed {
	t := typed{f, l}
	rec := &record.Feed{
		Title: t.line("title"), URL: t.line("url"), Collection: t.line("collection"), Outlet: record.PartyID(t.ref("outlet").ID), Language: t.line("language"),
		Paused: t.check("paused"), Note: t.words("note"),
	}
	if n := t.number("minutes"); n != nil {
		rec.Minutes = int(min(*n, 1<<20))
	}
	return rec
}

func (s *Server) makeFeed(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if wants(feedSpecs(), f) {
		return s.renderFeed(w, r, s.newFeedPage(r), f, http.StatusOK)
	}
	rec := feedOf(v.lang, &f)
	if f.Refused() {
		return s.renderFeed(w, r, s.newFeedPage(r), f, refused)
	}
	id, err := s.following.MakeFeed(r.Context(), v.viewer, rec, f.Get("reason"))
	if f.Take(v.lang, err) {
		return s.renderFeed(w, r, s.newFeedPage(r), f, refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/feeds/"+string(id)+"?done=saved")
}

// feedFor reads a feed's page.
func (s *Server) feedFor(r *http.Request) (*feedPage, *followup.FeedPage, error) {
	v := visitOf(r)
	got, err := s.following.Feed(r.Context(), v.viewer, record.FeedID(r.PathValue("id")))
	if err != nil {
		return nil, nil, err
	}
	row := feedRowOf(v.lang, got.FeedLine)
	p := &feedPage{deskPage: s.desk(r, got.Item.Rec.Title, "desk-follow"), Row: &row, Rev: got.Item.Rev, Moved: got.State.Moved, Action: "/desk/feeds/" + string(row.ID)}
	for _, i := range got.Latest {
		p.Latest = append(p.Latest, feedItemRow{Day: v.lang.Date(i.Day), Title: i.Title, URL: i.URL, Kept: p.At(i.Kept)})
	}
	return p, got, nil
}

func (s *Server) showFeed(w http.ResponseWriter, r *http.Request) error {
	p, got, err := s.feedFor(r)
	if err != nil {
		return err
	}
	rec := got.Item.Rec
	b := blank{url.Values{}}
	b.Set("title", rec.Title)
	b.Set("url", rec.URL)
	b.Set("collection", rec.Collection)
	b.Set("language", rec.Language)
	b.Set("minutes", itoa(rec.Minutes))
	b.Set("note", rec.Note)
	if rec.Paused {
		b.Set("paused", "1")
	}
	if rec.Outlet != "" {
		b.Set("outlet", refText(record.Ref{Kind: record.KindParty, ID: string(rec.Outlet)}))
	}
	return s.renderFeed(w, r, p, Form{Values: b.Values}, http.StatusOK)
}

func (s *Server) saveFeed(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, got, err := s.feedFor(r)
	if err != nil {
		return err
	}
	if wants(feedSpecs(), f) {
		return s.renderFeed(w, r, p, f, http.StatusOK)
	}
	rec := feedOf(v.lang, &f)
	rec.ID = got.Item.Rec.ID
	rev := got.Item.Rev
	if n := (typed{&f, v.lang}).number("rev"); n != nil {
		rev = int(*n)
	}
	if f.Refused() {
		return s.renderFeed(w, r, p, f, refused)
	}
	err = s.following.SaveFeed(r.Context(), v.viewer, rec, rev, f.Get("reason"))
	if errors.Is(err, record.ErrConflict) {
		f.Add(v.lang, "title", "error.conflict")
		return s.renderFeed(w, r, p, f, http.StatusConflict)
	}
	if f.Take(v.lang, err) {
		return s.renderFeed(w, r, p, f, refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/feeds/"+string(rec.ID)+"?done=saved")
}

func (s *Server) pollFeed(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	id := record.FeedID(r.PathValue("id"))
	err := s.following.PollNow(r.Context(), v.viewer, id)
	f := Form{Values: url.Values{}}
	if f.Take(v.lang, err) {
		return s.redirect(w, r, "/desk/feeds/"+string(id))
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/feeds/"+string(id)+"?done=due")
}
