package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// crowdedRoom lists more petitions than one map of the site does.
type crowdedRoom struct {
	petitionRoom
	n int
}

func (m crowdedRoom) ListPage(_ context.Context, _ access.Viewer, q petitions.Query) (petitions.Listed, error) {
	out := petitions.Listed{Total: m.n}
	for i := q.Page * q.Per; i < min((q.Page+1)*q.Per, m.n); i++ {
		p := &record.Petition{Number: i + 1, Slug: fmt.Sprintf("petition-%d", i+1), Practice: i == 1}
		out.Petitions = append(out.Petitions, petitions.Petition{Rec: p, At: 1_780_000_000_000_000})
	}
	return out, nil
}

// TestSitemapOfManyPetitions lists all of them, in as many files as it takes.
func TestSitemapOfManyPetitions(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	p.get("/sitemap.xml").status(http.StatusOK).has("/petitions/" + p.slug + "<")
	p.get("/sitemaps/petitions/2").status(http.StatusNotFound)
	p.get("/robots.txt").hasNot("/sitemaps/petitions/")

	p.srv.petitions = crowdedRoom{p.srv.petitions, 2*sitemapPetitions + 3}
	robots := p.get("/robots.txt").status(http.StatusOK).has("/sitemap.xml\n", "/sitemaps/petitions/2\n", "/sitemaps/petitions/3\n").hasNot("/sitemaps/petitions/4")
	if n := strings.Count(robots.body, "Sitemap: "); n != 3 {
		t.Errorf("%d maps", n)
	}
	seen := 0
	for part, want := range map[int]int{2: sitemapPetitions, 3: 3} {
		got := p.get(fmt.Sprintf("/sitemaps/petitions/%d", part)).status(http.StatusOK).has(fmt.Sprintf("/petitions/petition-%d<", (part-1)*sitemapPetitions+1))
		n := strings.Count(got.body, "<loc>")
		if n != want {
			t.Errorf("part %d lists %d", part, n)
		}
		seen += n
	}
	if seen != sitemapPetitions+3 {
		t.Errorf("%d are listed", seen)
	}
	for _, none := range []string{"4", "1", "0", "x", "99999"} {
		p.get("/sitemaps/petitions/" + none).status(http.StatusNotFound)
	}
}
