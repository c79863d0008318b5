package web

import (
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
)

// homePage is the first page.
type homePage struct {
	Page
	Holds    []Holding
	Timeline template.HTML
	// Drawn are the newest events with a figure.
	Drawn  []EventView
	Recent []EventView
}

// Holding is one line of what the record holds.
type Holding struct{ Href, Words string }

// EventView is an event in a list.
type EventView struct {
	Href    string
	Title   template.HTML
	When    string
	Meta    string
	Killed  TollView
	Changed string
	Inside  string
}

func eventView(l *lang.Printer, e casework.EventLine) EventView {
	v := EventView{
		Href: l.Path() + "/events/" + e.Event.Slug, Title: text(l, e.Event.Title), When: l.When(e.Event.When.Date),
		Killed: tollView(l, e.Killed), Changed: day(l, e.At),
	}
	kind := l.T("event.type." + string(e.Event.Type))
	if e.Event.Status != "held" {
		kind = dots(l, l.T("event.status."+string(e.Event.Status)), kind)
	}
	v.Meta = kind
	if p := shortPlace(l, e.Event.Where); p != "" {
		v.Meta = l.T("event.meta", "kind", kind, "place", p)
	}
	if e.Event.Dataset != "" {
		v.Meta = l.T("event.meta_dataset", "meta", v.Meta, "dataset", e.Event.Dataset)
	}
	if e.Level > 0 {
		v.Inside = l.T("visibility." + string(e.Event.Visibility))
	}
	return v
}

func eventViews(l *lang.Printer, events []casework.EventLine) []EventView {
	out := make([]EventView, len(events))
	for i, e := range events {
		out[i] = eventView(l, e)
	}
	return out
}

// counted writes a count that may have stopped at its limit.
func counted(l *lang.Printer, key string, n, limit int) string {
	if n > limit {
		return l.T(key+"_over", "limit", l.Number(int64(limit)))
	}
	return l.T(key, "n", n)
}

func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	data, err := s.house.HomePage(r.Context(), v.viewer)
	if err != nil {
		return err
	}
	l := v.lang
	p := &homePage{Page: s.page(r, "", "home")}
	p.Feed = "/feeds/events.atom"
	for _, h := range []struct {
		path, key string
		n         int
	}{
		{"/events", "home.events", data.Events},
		{"/people", "home.people", data.People},
		{"/parties", "home.parties", data.Parties},
		{"/sources", "home.sources", data.Sources},
		{"/search", "home.claims", data.Claims},
	} {
		p.Holds = append(p.Holds, Holding{Href: p.To(h.path), Words: counted(l, h.key, h.n, casework.CountLimit)})
	}
	p.Timeline = timeline(l, "home-years", data.Timeline, 5)
	for _, e := range data.Timeline {
		if e.Killed != nil && len(p.Drawn) < 8 {
			p.Drawn = append(p.Drawn, eventView(l, e))
		}
	}
	p.Recent = eventViews(l, data.Recent[:min(len(data.Recent), 6)])
	return s.render(w, r, "home", p)
}
