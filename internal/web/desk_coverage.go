package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// maxCoverageUpload bounds an export of coverage, in bytes.
const maxCoverageUpload = 32 << 20

// coverageDeskRoutes list the addresses of the desk for series of coverage and
// for the kept feeds.
func (s *Server) coverageDeskRoutes() []route {
	return []route{
		{pattern: "GET /desk/coverage", need: access.ActEnter, do: s.showCoverageDesk},
		{pattern: "GET /desk/coverage/new", need: access.ActImport, do: s.showNewCoverage},
		{pattern: "POST /desk/coverage/new", need: access.ActImport, do: s.importCoverage, body: maxCoverageUpload + maxKept},
		{pattern: "GET /desk/coverage/count", need: access.ActEdit, do: s.showCountFeeds},
		{pattern: "POST /desk/coverage/count", need: access.ActEdit, do: s.countFeeds},
		{pattern: "GET /desk/coverage/{id}", need: access.ActEnter, do: s.showDeskCoverage},
		{pattern: "POST /desk/coverage/{id}", need: access.ActEdit, do: s.saveCoverage},

		{pattern: "GET /desk/feeds", need: access.ActEnter, do: s.showFeeds},
		{pattern: "GET /desk/feeds/new", need: access.ActEdit, do: s.showNewFeed},
		{pattern: "POST /desk/feeds/new", need: access.ActEdit, do: s.makeFeed},
		{pattern: "GET /desk/feeds/{id}", need: access.ActEnter, do: s.showFeed},
		{pattern: "POST /desk/feeds/{id}", need: access.ActEdit, do: s.saveFeed},
		{pattern: "POST /desk/feeds/{id}/poll", need: access.ActEdit, do: s.pollFeed},
	}
}

// coverageListed is how many series a page of the desk lists.
const coverageListed = 50

// coverageDesk lists the series.
type coverageDesk struct {
	deskPage
	Lines []coverageLine
	Next  record.CoverageID
}

type coverageLine struct {
	ID                  record.CoverageID
	Name, Event, Detail string
	Public              bool
}

func (s *Server) showCoverageDesk(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	p := &coverageDesk{deskPage: s.desk(r, l.T("desk.list.coverage"), "desk-follow")}
	list, next, err := s.following.CoverageList(r.Context(), v.viewer, record.CoverageID(r.URL.Query().Get("from")), coverageListed)
	if err != nil {
		return err
	}
	p.Next = next
	for _, c := range list {
		rec := c.Item.Rec
		p.Lines = append(p.Lines, coverageLine{
			ID: rec.ID, Name: plain(l, rec.Title), Event: plain(l, c.Event.Event.Title), Public: c.Item.Level == access.LevelPublic,
			Detail: strings.Join(nonEmpty(rec.Collection, l.T("coverage.tool."+string(rec.Tool)), languageWord(l, rec.Language), l.T("coverage.days", "n", c.Summary.Days)), " · "),
		})
	}
	return s.render(w, r, "desk_coverage", p)
}

// coverageSpecs are what an export does not say of itself.
func coverageSpecs() []spec {
	return []spec{
		{Name: "event", Word: "coverage.event", Input: inPick, Kinds: []record.Kind{record.KindEvent}},
		{Name: "collection", Word: "coverage.collection", Input: inLine},
		{Name: "query", Word: "coverage.query", Input: inLine},
		{Name: "language", Input: inLine, Short: true},
		{Name: "tool", Word: "coverage.tool", Input: inChoice, Options: optionsOf("coverage.tool.", true, record.CoverageTools()...), Short: true},
		{Name: "title", Input: inTexts},
		{Name: "source", Word: "coverage.source", Input: inPick, Kinds: []record.Kind{record.KindSource}},
		{Name: "note", Input: inArea},
		{Name: "days", Word: "coverage.days", Input: inArea, Group: "coverage.days"},
	}
}

// newCoveragePage asks for a series, and shows what a trial found.
type newCoveragePage struct {
	deskPage
	Groups []groupView
	Report *casework.ImportReport
}

func (s *Server) showNewCoverage(w http.ResponseWriter, r *http.Request) error {
	f := Form{Values: url.Values{}}
	if ref := parseRef(r.URL.Query().Get("event")); ref.Kind == record.KindEvent {
		f.Values.Set("event", refText(ref))
	}
	return s.renderNewCoverage(w, r, f, nil, http.StatusOK)
}

func (s *Server) renderNewCoverage(w http.ResponseWriter, r *http.Request, f Form, report *casework.ImportReport, status int) error {
	v := visitOf(r)
	p := &newCoveragePage{deskPage: s.desk(r, v.lang.T("desk.new.coverage"), "desk-follow"), Report: report}
	p.Form = f
	var err error
	if p.Groups, err = s.form(r.Context(), v, coverageSpecs(), f); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_coverage_new", p)
}

// coverageOptions reads what a form says of a series.
func coverageOptions(l *lang.Printer, f *Form) followup.CoverageOptions {
	t := typed{f, l}
	return followup.CoverageOptions{
		Event: t.ref("event").ID, Title: t.texts("title"), Collection: t.line("collection"), Query: t.line("query"), Language: t.line("language"),
		Tool: record.CoverageTool(t.line("tool")), Source: record.SourceID(t.ref("source").ID), Note: t.words("note"), Reason: t.line("reason"),
	}
}

// importCoverage tries or keeps a series that was uploaded or pasted.
func (s *Server) importCoverage(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	f, file, err := parseUpload(l, r, maxCoverageUpload, s.house.TempFile)
	if err != nil {
		return err
	}
	defer file.close()
	if f.Refused() {
		return s.renderNewCoverage(w, r, f, nil, http.StatusRequestEntityTooLarge)
	}
	var data []byte
	if file != nil && file.Size > 0 {
		if data, err = wholeFile(file.file); err != nil {
			return err
		}
		if len(data) < 1<<20 {
			// What was uploaded need not be chosen again after a trial.
			f.Values.Set("days", string(data))
		}
	} else {
		data = []byte(f.Values.Get("days"))
	}
	if wants(coverageSpecs(), f) {
		return s.renderNewCoverage(w, r, f, nil, http.StatusOK)
	}
	if f.Get("event") == "" {
		f.Add(l, "event", "invalid.required")
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		f.Add(l, "days", "invalid.required")
	}
	if f.Refused() {
		return s.renderNewCoverage(w, r, f, nil, refused)
	}
	o := coverageOptions(l, &f)
	o.DryRun = f.Get("do") != "keep"
	report, id, err := s.following.ReadCoverage(r.Context(), v.viewer, data, o)
	var unread *followup.UnreadableError
	if errors.As(err, &unread) {
		f.Add(l, "days", "invalid.coverage_file", "reason", unread.Error())
		return s.renderNewCoverage(w, r, f, nil, refused)
	}
	if f.Take(l, err) {
		return s.renderNewCoverage(w, r, f, report, refused)
	}
	if err != nil {
		return err
	}
	if o.DryRun {
		return s.renderNewCoverage(w, r, f, report, http.StatusOK)
	}
	return s.redirect(w, r, "/desk/coverage/"+string(id)+"?done=saved")
}

func wholeFile(f *os.File) ([]byte, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, maxCoverageUpload))
}

// deskCoveragePage is one series with what people say of it.
type deskCoveragePage struct {
	deskPage
	View    CoverageView
	Event   EventView
	EventAt string
	Level   string
	Rev     int
	Ref     string
	Public  bool
	Groups  []groupView
}

// coverageEdits are what can be changed of a series without counting again.
func coverageEdits() []spec {
	return []spec{
		{Name: "title", Input: inTexts},
		{Name: "source", Word: "coverage.source", Input: inPick, Kinds: []record.Kind{record.KindSource}},
		{Name: "note", Input: inArea},
	}
}

func (s *Server) showDeskCoverage(w http.ResponseWriter, r *http.Request) error {
	c, err := s.following.CoverageByID(r.Context(), visitOf(r).viewer, record.CoverageID(r.PathValue("id")))
	if err != nil {
		return err
	}
	rec := c.Item.Rec
	b := blank{url.Values{}}
	b.Set("note", rec.Note)
	for _, t := range rec.Title {
		b.Add("title.lang", t.Lang)
		b.Add("title.text", t.Text)
	}
	if rec.Source != "" {
		b.Set("source", refText(record.Ref{Kind: record.KindSource, ID: string(rec.Source)}))
	}
	return s.renderDeskCoverage(w, r, c, Form{Values: b.Values}, http.StatusOK)
}

func (s *Server) renderDeskCoverage(w http.ResponseWriter, r *http.Request, c followup.CoverageSeries, f Form, status int) error {
	v := visitOf(r)
	l, rec := v.lang, c.Item.Rec
	p := &deskCoveragePage{deskPage: s.desk(r, plain(l, rec.Title), "desk-follow"), Rev: c.Item.Rev, Public: rec.Visibility == record.Public}
	p.Form = f
	links := casework.Links{}
	if rec.Source != "" {
		var err error
		if links, err = s.house.Names(r.Context(), v.viewer, record.Ref{Kind: record.KindSource, ID: string(rec.Source)}); err != nil {
			return err
		}
	}
	p.View, p.Event = coverageView(l, c, links, "coverage", false), eventView(l, c.Event)
	p.EventAt = p.DeskPath(c.Event.Event.Ref())
	p.Ref = refText(rec.Ref())
	p.Level = l.T("visibility." + string(rec.Visibility))
	var err error
	if p.Groups, err = s.form(r.Context(), v, coverageEdits(), f); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_coverage_one", p)
}

func (s *Server) saveCoverage(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	c, err := s.following.CoverageByID(r.Context(), v.viewer, record.CoverageID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if wants(coverageEdits(), f) {
		return s.renderDeskCoverage(w, r, c, f, http.StatusOK)
	}
	t := typed{&f, v.lang}
	next := *c.Item.Rec
	next.Title, next.Note, next.Source = t.texts("title"), t.words("note"), record.SourceID(t.ref("source").ID)
	rev := c.Item.Rev
	if n := t.number("rev"); n != nil {
		rev = int(*n)
	}
	err = s.following.SaveCoverage(r.Context(), v.viewer, &next, rev, f.Get("reason"))
	if errors.Is(err, record.ErrConflict) {
		f.Add(v.lang, "title", "error.conflict")
		return s.renderDeskCoverage(w, r, c, f, http.StatusConflict)
	}
	if f.Take(v.lang, err) {
		return s.renderDeskCoverage(w, r, c, f, refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/coverage/"+string(next.ID)+"?done=saved")
}

// countPage asks what is to be counted in the feeds.
type countPage struct {
	deskPage
	Groups      []groupView
	Report      *casework.ImportReport
	Days        []countedDay
	Collections []string
}

type countedDay struct{ Day, Matched, All, Share string }

func countSpecs() []spec {
	return []spec{
		{Name: "event", Word: "coverage.event", Input: inPick, Kinds: []record.Kind{record.KindEvent}},
		{Name: "collection", Word: "coverage.feeds", Input: inLine},
		{Name: "query", Word: "coverage.words", Input: inLine},
		{Name: "language", Input: inLine, Short: true},
		{Name: "from", Word: "coverage.from", Input: inLine, Short: true},
		{Name: "to", Word: "coverage.to", Input: inLine, Short: true},
		{Name: "title", Input: inTexts},
		{Name: "note", Input: inArea},
	}
}

func (s *Server) showCountFeeds(w http.ResponseWriter, r *http.Request) error {
	f := Form{Values: url.Values{"collection": {r.URL.Query().Get("collection")}}}
	return s.renderCount(w, r, f, &countPage{}, http.StatusOK)
}

func (s *Server) renderCount(w http.ResponseWriter, r *http.Request, f Form, p *countPage, status int) error {
	v := visitOf(r)
	p.deskPage = s.desk(r, v.lang.T("desk.coverage.count"), "desk-follow")
	p.Form = f
	feeds, err := s.following.Feeds(r.Context(), v.viewer)
	if err != nil {
		return err
	}
	for _, feed := range feeds {
		if c := feed.Item.Rec.Collection; len(p.Collections) == 0 || p.Collections[len(p.Collections)-1] != c {
			p.Collections = append(p.Collections, c)
		}
	}
	if p.Groups, err = s.form(r.Context(), v, countSpecs(), f); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_coverage_count", p)
}

func (s *Server) countFeeds(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p := &countPage{}
	if wants(countSpecs(), f) {
		return s.renderCount(w, r, f, p, http.StatusOK)
	}
	q := followup.FeedQuery{Collection: f.Get("collection"), Words: f.Get("query"), Language: f.Get("language"), From: f.Get("from"), To: f.Get("to")}
	if f.Get("do") != "keep" {
		file, err := s.following.CountFeeds(r.Context(), v.viewer, q)
		if f.Take(l, err) {
			return s.renderCount(w, r, f, p, refused)
		}
		if err != nil {
			return err
		}
		for _, d := range file.Days {
			day := countedDay{Day: l.Date(d.Day), Matched: l.Number(d.Matched), All: l.Number(d.All)}
			if d.All > 0 {
				day.Share = shareText(l, float64(d.Matched)/float64(d.All))
			}
			p.Days = append(p.Days, day)
		}
		p.Report = &casework.ImportReport{Rows: len(p.Days)}
		return s.renderCount(w, r, f, p, http.StatusOK)
	}
	if f.Get("event") == "" {
		f.Add(l, "event", "invalid.required")
		return s.renderCount(w, r, f, p, refused)
	}
	_, id, err := s.following.BuildCoverage(r.Context(), v.viewer, q, coverageOptions(l, &f))
	if f.Take(l, err) {
		return s.renderCount(w, r, f, p, refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/coverage/"+string(id)+"?done=saved")
}
