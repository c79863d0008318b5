package web

import (
	"errors"
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// homePage is the first page.
type homePage struct {
	Page
	Holds    []Holding
	Timeline template.HTML
	// Drawn are the newest events with a figure.
	Drawn  []EventView
	Recent []EventView
	// Open are the newest petitions that can be signed from where the reader is; Any
	// says that there is a petition to read at all.
	Open []PetitionLine
	Any  bool
	// Followed says that the house follows up what was asked and promised.
	Followed bool
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
	if err := s.homePetitions(r, p); err != nil {
		return err
	}
	p.Followed = s.following != nil
	return s.render(w, r, "home", p)
}

// homeOpen is how many petitions the first page shows.
const homeOpen = 3

// homePetitions fills what the first page says of petitions.
func (s *Server) homePetitions(r *http.Request, p *homePage) error {
	if s.petitions == nil {
		return nil
	}
	recent, err := s.petitions.ListPage(r.Context(), access.Anyone(), petitions.Query{State: "recent", Per: petitionsPer})
	if err != nil {
		return err
	}
	for _, item := range recent.Petitions {
		// A private copy is open on this machine only, and others elsewhere.
		if len(p.Open) == homeOpen || item.Rec.Foreign != nil || petitionStateOf(item.Rec, visitOf(r).loop, s.now()) != "open" {
			continue
		}
		d, err := s.petitionPage(r.Context(), item.Rec.Slug)
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			continue // gone since the list was read
		}
		if err != nil {
			return err
		}
		k, err := s.withNumbers(r, d)
		if err != nil {
			return err
		}
		if !d.hidden() {
			p.Open = append(p.Open, petitionLine(p.L, k))
		}
	}
	if p.Any = recent.Total > 0; p.Any {
		return nil
	}
	all, err := s.petitions.ListPage(r.Context(), access.Anyone(), petitions.Query{Per: 1})
	p.Any = all.Total > 0
	return err
}
