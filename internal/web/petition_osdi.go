package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// Petitions as the Open Supporter Data Interface describes them, to be read.
// Signing by it is not offered: consent and disclosure have no place in it.

// osdiPetition is a petition resource.
type osdiPetition struct {
	Identifiers []string            `json:"identifiers"`
	Origin      string              `json:"origin_system"`
	Created     *ukTime             `json:"created_date"`
	Modified    *ukTime             `json:"modified_date"`
	Name        string              `json:"name"`
	Title       string              `json:"title"`
	Description string              `json:"description"`
	Summary     string              `json:"summary"`
	Text        string              `json:"petition_text"`
	BrowserURL  string              `json:"browser_url"`
	Total       int64               `json:"total_signatures"`
	Target      []osdiTarget        `json:"target"`
	Links       map[string]osdiLink `json:"_links"`
}

type osdiTarget struct {
	Name string `json:"name"`
}

type osdiLink struct {
	Href string `json:"href"`
}

type osdiCurie struct {
	Name      string `json:"name"`
	Href      string `json:"href"`
	Templated bool   `json:"templated"`
}

type osdiList struct {
	TotalPages   int            `json:"total_pages"`
	PerPage      int            `json:"per_page"`
	Page         int            `json:"page"`
	TotalRecords int            `json:"total_records"`
	Links        map[string]any `json:"_links"`
	Embedded     osdiEmbedded   `json:"_embedded"`
}

type osdiEmbedded struct {
	Petitions []osdiPetition `json:"osdi:petitions"`
}

func (s *Server) osdiOf(r *http.Request, k listed) osdiPetition {
	a := s.ukAttributesOf(r, k, false)
	p := osdiPetition{
		Identifiers: []string{"gawah:" + string(k.Petition.ID)}, Origin: "Gawah", Created: a.CreatedAt, Modified: a.UpdatedAt,
		Name: k.Petition.Slug, Title: a.Action, BrowserURL: s.address(r, petitionPath(k.Petition)), Total: a.SignatureCount, Target: []osdiTarget{},
		Links: map[string]osdiLink{"self": {s.address(r, "/api/v1/osdi/petitions/"+strconv.Itoa(k.Petition.Number))}},
	}
	if a.Background != nil {
		p.Summary, p.Description = *a.Background, *a.Background
	}
	if a.AdditionalDetails != nil {
		p.Text = *a.AdditionalDetails
	}
	for _, d := range a.Departments {
		p.Target = append(p.Target, osdiTarget{d.Name})
	}
	return p
}

func (s *Server) showOSDIPetitions(w http.ResponseWriter, r *http.Request) error {
	n, err := pageAsked(r)
	if err != nil {
		return err
	}
	list, total, err := s.listing(r, n)
	if err != nil {
		return err
	}
	at := func(page int) osdiLink {
		return osdiLink{s.address(r, "/api/v1/osdi/petitions?page="+strconv.Itoa(page))}
	}
	doc := osdiList{
		TotalPages: lastPage(total), PerPage: petitionsPer, Page: n, TotalRecords: total, Embedded: osdiEmbedded{[]osdiPetition{}},
		Links: map[string]any{"self": at(n), "curies": []osdiCurie{{"osdi", "https://opensupporter.github.io/osdi-docs/{rel}", true}}},
	}
	if n < doc.TotalPages {
		doc.Links["next"] = at(n + 1)
	}
	if n > 1 {
		doc.Links["previous"] = at(n - 1)
	}
	for _, k := range list {
		doc.Embedded.Petitions = append(doc.Embedded.Petitions, s.osdiOf(r, k))
	}
	return s.sendOSDI(w, r, doc)
}

func (s *Server) showOSDIPetition(w http.ResponseWriter, r *http.Request) error {
	k, err := s.countedPetition(r)
	if err != nil {
		return err
	}
	return s.sendOSDI(w, r, s.osdiOf(r, k))
}

func (s *Server) sendOSDI(w http.ResponseWriter, r *http.Request, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write petitions for OSDI: %w", err)
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	s.send(w, r, http.StatusOK, "application/hal+json", append(b, '\n'))
	return nil
}
