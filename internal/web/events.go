package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// eventsPer is how many events a page of the list shows.
const eventsPer = 40

// searchCounted is how far searches and lists count: more is "over 1,000".
const searchCounted = 1000

// eventsPage is the list of events.
type eventsPage struct {
	Page
	Form        Form
	Types       []Option
	Communities []Option
	Datasets    []Option
	Count       string
	Drawn       string // says when a drawing shows only the newest
	Timeline    template.HTML
	Map         template.HTML
	Events      []EventView
	Next, First string
	Filtered    bool
	CSV         string // the same selection as a table
}

// Option is one choice of a list.
type Option struct {
	Value, Label string
	Chosen       bool
}

// eventQuery reads the filters of an address. Dates that cannot be read are
// reported in the form and do not filter.
func eventQuery(l *lang.Printer, q url.Values) (casework.EventQuery, Form) {
	f := Form{Values: q}
	e := casework.EventQuery{
		Place: f.Get("place"), Community: f.Get("community"), Dataset: f.Get("dataset"), Words: f.Get("q"), After: f.Get("after"),
		Parts: f.Get("parts") == "yes", Limit: eventsPer,
	}
	for _, t := range q["type"] {
		if slices.Contains(record.EventTypes(), record.EventType(t)) {
			e.Types = append(e.Types, record.EventType(t))
		}
	}
	date := func(name string) edtf.Date {
		s := f.Get(name)
		if s == "" {
			return edtf.Date{}
		}
		d, err := edtf.Parse(s)
		if err != nil {
			f.Add(l, name, "invalid.date", "value", s)
		}
		return d
	}
	e.From, e.To = date("from"), date("to")
	if s := f.Get("killed"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 0 {
			f.Add(l, "killed", "invalid.number")
		} else {
			e.MinKilled = n
		}
	}
	return e, f
}

func (s *Server) showEvents(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	values := r.URL.Query()
	q, form := eventQuery(l, values)
	list, err := s.house.EventList(r.Context(), v.viewer, q)
	if err != nil {
		return err
	}
	p := &eventsPage{Page: s.page(r, l.T("event.events"), "events"), Form: form, Events: eventViews(l, list.Events)}
	p.Feed, p.CSV = "/feeds/events.atom", "/events.csv"
	if q := with(values, "after", ""); q != "?" {
		p.CSV += q
	}
	p.Count = counted(l, "event.count", list.Count, searchCounted)
	for _, t := range record.EventTypes() {
		p.Types = append(p.Types, Option{string(t), l.T("event.type." + string(t)), slices.Contains(q.Types, t)})
	}
	for _, c := range list.Communities {
		p.Communities = append(p.Communities, Option{c.Slug, plain(l, c.Title), c.Slug == q.Community})
	}
	p.Datasets = []Option{
		{"", l.T("filter.all_events"), q.Dataset == ""},
		{"own", l.T("filter.own_events"), q.Dataset == "own"},
	}
	if q.Dataset != "" && q.Dataset != "own" {
		p.Datasets = append(p.Datasets, Option{q.Dataset, q.Dataset, true})
	}
	for name, given := range values {
		if name != "after" && name != "done" && name != "as" && strings.TrimSpace(strings.Join(given, "")) != "" {
			p.Filtered = true
		}
	}
	if list.Drawn != nil {
		p.Timeline = timeline(l, "years", list.Drawn, 6)
		p.Map = worldMap(l, "places", list.Drawn)
		if list.Count > len(list.Drawn) {
			p.Drawn = l.T("event.drawn", "n", len(list.Drawn))
		}
	}
	if list.Next != "" {
		p.Next = with(values, "after", list.Next)
	}
	if q.After != "" {
		p.First = with(values, "after", "")
		p.Robots = "noindex"
	}
	return s.render(w, r, "events", p)
}

// with returns the query of an address with one value changed, or left out when
// it is empty.
func with(values url.Values, name, value string) string {
	q := url.Values{}
	for n, vs := range values {
		for _, v := range vs {
			if n != name && n != "done" && v != "" {
				q.Add(n, v)
			}
		}
	}
	if value != "" {
		q.Set(name, value)
	}
	return "?" + q.Encode()
}
