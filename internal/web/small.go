package web

import (
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/web/static"
)

// files serves what pages are dressed with.
var files = static.Handler()

func (s *Server) showStatic(w http.ResponseWriter, r *http.Request) error {
	files.ServeHTTP(w, r)
	return nil
}

// showHealth says whether the house can answer, for whoever watches it.
func (s *Server) showHealth(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	if err := s.house.Ping(r.Context()); err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, typeText, []byte("ok\n"))
	return nil
}

// showFavicon is two strokes of a claim strip: a range, and a mark on it.
func (s *Server) showFavicon(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "max-age=604800")
	s.send(w, r, http.StatusOK, typeSVG, []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="#fbf9f5"/>`+
		`<path d="M5 10v12M27 10v12M5 16h22" stroke="#5d574e" stroke-width="2.5" fill="none"/><circle cx="17" cy="16" r="5" fill="#8a1c1c"/></svg>`))
	return nil
}

// showRobots keeps crawlers off what is not for them: forms, histories, and the
// endless combinations of filters.
func (s *Server) showRobots(w http.ResponseWriter, r *http.Request) error {
	text := "User-agent: *\nDisallow: /desk\nDisallow: /ask\nDisallow: /search\nDisallow: /history/\nDisallow: /*?rule=\nDisallow: /*?after=\n\nSitemap: " + s.address(r, "/sitemap.xml") + "\n"
	parts, err := s.sitemapParts(r)
	if err != nil {
		return err
	}
	for part := 2; part <= parts; part++ {
		text += "Sitemap: " + s.address(r, fmt.Sprintf("/sitemaps/petitions/%d", part)) + "\n"
	}
	s.send(w, r, http.StatusOK, typeText, []byte(text))
	return nil
}

// sitemap lists the pages worth finding. Its format is sitemaps.org's.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc string `xml:"loc"`
	Mod string `xml:"lastmod,omitempty"`
}

func (s *Server) showSitemap(w http.ResponseWriter, r *http.Request) error {
	m := sitemap{}
	add := func(path, mod string) { m.URLs = append(m.URLs, sitemapURL{s.address(r, path), mod}) }
	for _, p := range []string{"/", "/events", "/people", "/parties", "/sources", "/totals", "/petitions", "/method", "/corrections", "/data"} {
		add(p, "")
	}
	list, err := s.house.EventList(r.Context(), access.Anyone(), casework.EventQuery{Dataset: "own", Parts: true, Limit: 2000, Undrawn: true})
	if err != nil {
		return err
	}
	for _, e := range list.Events {
		add("/events/"+e.Event.Slug, atomDay(e.At)[:len("2006-01-02")])
	}
	people, err := s.house.People(r.Context(), access.Anyone(), 0)
	if err != nil {
		return err
	}
	for _, p := range people.Items {
		add("/people/"+p.Slug, "")
	}
	totals, err := s.house.Totals(r.Context(), access.Anyone())
	if err != nil {
		return err
	}
	for _, t := range totals {
		add("/totals/"+t.Slug, "")
	}
	if err := s.followSitemap(r, add); err != nil {
		return err
	}
	signed, err := s.sitemapPart(r, 1)
	if err != nil {
		return err
	}
	m.URLs = append(m.URLs, signed...)
	b, err := xml.Marshal(m)
	if err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, typeXML, append([]byte(xml.Header), b...))
	return nil
}
