package web

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// sitemapPetitions is how many petitions one map of the site lists: the first are in
// /sitemap.xml, the others in files of their own that robots.txt names.
const sitemapPetitions = 5000

// sitemapPart lists the petitions of one part, counted from 1, for a map. Private
// copies and those of other sites are not this site's to be found.
func (s *Server) sitemapPart(r *http.Request, part int) ([]sitemapURL, error) {
	if s.petitions == nil {
		return nil, nil
	}
	var out []sitemapURL
	per := petitions.MaxPer
	for page := (part - 1) * sitemapPetitions / per; page < part*sitemapPetitions/per; page++ {
		list, err := s.petitions.ListPage(r.Context(), access.Anyone(), petitions.Query{Page: page, Per: per})
		if err != nil {
			return nil, err
		}
		for _, item := range list.Petitions {
			d := petitionData{&petitions.Page{Petition: item.Rec}}
			if !item.Rec.Practice && item.Rec.Foreign == nil && !d.hidden() {
				out = append(out, sitemapURL{s.address(r, petitionPath(item.Rec)), atomDay(item.At)[:len("2006-01-02")]})
			}
		}
		if len(list.Petitions) < per {
			break
		}
	}
	return out, nil
}

// sitemapParts is how many parts there are.
func (s *Server) sitemapParts(r *http.Request) (int, error) {
	if s.petitions == nil {
		return 1, nil
	}
	list, err := s.petitions.ListPage(r.Context(), access.Anyone(), petitions.Query{Per: 1})
	if err != nil {
		return 0, err
	}
	return max(1, (list.Total+sitemapPetitions-1)/sitemapPetitions), nil
}

// showPetitionSitemap answers with a part after the first.
func (s *Server) showPetitionSitemap(w http.ResponseWriter, r *http.Request) error {
	part, err := strconv.Atoi(r.PathValue("part"))
	if err != nil || part < 2 || part > 1000 {
		return record.ErrNotFound
	}
	m := sitemap{}
	if m.URLs, err = s.sitemapPart(r, part); err != nil {
		return err
	}
	if len(m.URLs) == 0 {
		return record.ErrNotFound
	}
	b, err := xml.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a map of the site: %w", err)
	}
	s.send(w, r, http.StatusOK, typeXML, append([]byte(xml.Header), b...))
	return nil
}
