package web

import (
	"encoding/xml"
	"net/http"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
)

// Atom (RFC 4287). Feeds are the public's for everybody and give days, not
// moments: the public history does not say when somebody worked.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []atomLink `xml:"link"`
	Summary string     `xml:"summary"`
}

// feedLength is how many entries a feed holds.
const feedLength = 50

func atomDay(micros int64) string {
	return time.UnixMicro(micros).UTC().Truncate(24 * time.Hour).Format(time.RFC3339)
}

func (s *Server) sendFeed(w http.ResponseWriter, r *http.Request, f atomFeed, path, html string) error {
	f.ID = s.address(r, path)
	f.Author.Name = "Gawah"
	f.Links = []atomLink{{Rel: "self", Href: s.address(r, path), Type: "application/atom+xml"}, {Rel: "alternate", Href: s.address(r, html), Type: "text/html"}}
	f.Updated = "1970-01-01T00:00:00Z"
	for _, e := range f.Entries {
		f.Updated = max(f.Updated, e.Updated)
	}
	b, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, typeAtom, append([]byte(xml.Header), straight(b)...))
	return nil
}

// eventSummary is a feed's line on an event: when, where, and the figure with
// its status, which travels with it.
func eventSummary(l *lang.Printer, e casework.EventLine) string {
	v := eventView(l, e)
	s := l.T("event.kicker", "a", v.Meta, "b", v.When)
	if e.Killed != nil {
		f := keptView(l, e.Killed)
		s = l.T("event.kicker", "a", s, "b", l.T("figure.line", "number", f.Line, "what", f.What, "status", f.Status))
	}
	return s
}

// showEventsFeed is the newest events by their date.
func (s *Server) showEventsFeed(w http.ResponseWriter, r *http.Request) error {
	list, err := s.house.EventList(r.Context(), access.Anyone(), casework.EventQuery{Dataset: "own", Limit: feedLength, Undrawn: true})
	if err != nil {
		return err
	}
	f := atomFeed{Title: lang.English().T("feed.events")}
	for _, e := range list.Events {
		f.Entries = append(f.Entries, s.eventEntry(r, e, ""))
	}
	return s.sendFeed(w, r, f, "/feeds/events.atom", "/events")
}

func (s *Server) eventEntry(r *http.Request, e casework.EventLine, fragment string) atomEntry {
	l := lang.English()
	return atomEntry{
		ID: "urn:uuid:" + string(e.Event.ID) + fragment, Title: plain(l, e.Event.Title), Updated: atomDay(e.At),
		Links: []atomLink{{Rel: "alternate", Href: s.address(r, "/events/"+e.Event.Slug)}}, Summary: eventSummary(l, e),
	}
}

// showChangesFeed is what changed last. A change is an entry of its own.
func (s *Server) showChangesFeed(w http.ResponseWriter, r *http.Request) error {
	list, err := s.house.RecentEvents(r.Context(), feedLength)
	if err != nil {
		return err
	}
	f := atomFeed{Title: lang.English().T("feed.changes")}
	for _, e := range list {
		f.Entries = append(f.Entries, s.eventEntry(r, e, "#"+itoa(e.Rev)))
	}
	return s.sendFeed(w, r, f, "/feeds/changes.atom", "/")
}

func (s *Server) showCorrectionsFeed(w http.ResponseWriter, r *http.Request) error {
	list, err := s.house.Corrections(r.Context())
	if err != nil {
		return err
	}
	l := lang.English()
	f := atomFeed{Title: l.T("correct.log")}
	for i, c := range list[:min(len(list), feedLength)] {
		f.Entries = append(f.Entries, atomEntry{
			ID: s.address(r, "/corrections") + "#" + atomDay(c.Day) + "-" + itoa(len(list)-i), Title: plain(l, c.Logged), Updated: atomDay(c.Day),
			Links: []atomLink{{Rel: "alternate", Href: s.address(r, "/corrections")}}, Summary: l.T("request.state." + string(c.State)),
		})
	}
	return s.sendFeed(w, r, f, "/feeds/corrections.atom", "/corrections")
}
