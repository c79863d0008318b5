package web

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// The description lists the addresses of the data interface, all of them and no
// others, with the parameters that are in their paths.
func TestDescriptionFitsRoutes(t *testing.T) {
	described := map[string]bool{}
	for _, op := range operations {
		described["GET /api/v1"+op.path] = true
		for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(op.path, -1) {
			found := false
			for _, p := range op.params {
				found = found || p.in == "path" && p.name == m[1] && p.required
			}
			if !found {
				t.Errorf("%s: the parameter %s is not described", op.path, m[1])
			}
		}
	}
	for _, rt := range newServer(Config{}).list {
		if strings.Contains(rt.pattern, "/api/") {
			if !described[rt.pattern] {
				t.Errorf("%s is not described", rt.pattern)
			}
			delete(described, rt.pattern)
		}
	}
	for p := range described {
		t.Errorf("%s is described and does not exist", p)
	}
}

// What is sent has the fields that the description names, and no others.
func TestDocumentsFitDescription(t *testing.T) {
	s := exampleSite(t)
	var doc struct {
		Paths map[string]struct {
			Get struct {
				Responses map[string]struct {
					Content map[string]struct{ Schema map[string]any }
				}
			}
		}
		Components struct{ Schemas map[string]map[string]any }
	}
	if err := json.Unmarshal([]byte(s.get("/api/v1/openapi.json").status(200).body), &doc); err != nil {
		t.Fatal(err)
	}
	var check func(where string, v any, schema map[string]any)
	check = func(where string, v any, schema map[string]any) {
		if ref, ok := schema["$ref"].(string); ok {
			schema = doc.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
			if schema == nil {
				t.Errorf("%s: %s is not described", where, ref)
				return
			}
		}
		switch v := v.(type) {
		case map[string]any:
			properties, _ := schema["properties"].(map[string]any)
			for name, value := range v {
				p, ok := properties[name].(map[string]any)
				if !ok {
					t.Errorf("%s: the field %s is not described", where, name)
					continue
				}
				check(where+"."+name, value, p)
			}
		case []any:
			items, _ := schema["items"].(map[string]any)
			for _, value := range v {
				check(where+"[]", value, items)
			}
		}
	}
	for path, op := range map[string]string{
		"/events": "/events", "/events/alamdar-road-2013-01-10": "/events/{slug}", "/figures?event=mach-2021-01-03": "/figures",
		"/claims?event=alamdar-road-2013-01-10": "/claims", "/sources": "/sources", "/parties": "/parties", "/people": "/people",
		"/totals": "/totals", "/totals/hazaras-lej": "/totals/{slug}", "/search?q=quetta": "/search",
	} {
		var v any
		if err := json.Unmarshal([]byte(s.get("/api/v1"+path).status(200).body), &v); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		check(path, v, doc.Paths[op].Get.Responses["200"].Content["application/json"].Schema)
	}
}

// Pages of data follow each other without gap or repeat, by the Link header.
func TestDataPages(t *testing.T) {
	s := emptySite(t)
	p := &plant{site: s} // nothing planted: only what saves records
	for range 230 {
		p.save(&record.Source{ID: record.SourceID(p.id()), Type: record.TypeReport, Title: record.Plain("en", "Test report"), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public})
		p.save(&record.Event{ID: record.EventID(p.id()), Slug: "e" + p.id(), Title: record.Plain("en", "Test event"), Type: record.TypeAttack, Status: record.Held, When: record.On("2013"), Visibility: record.Public})
	}
	for _, path := range []string{"/api/v1/sources", "/api/v1/events", "/api/v1/search?q=test"} {
		seen := map[string]bool{}
		pages := 0
		for next := path; next != ""; pages++ {
			a := s.get(next).status(200)
			var list struct{ Items []struct{ ID string } }
			if err := json.Unmarshal([]byte(a.body), &list); err != nil {
				t.Fatal(err)
			}
			for _, i := range list.Items {
				if seen[i.ID] {
					t.Errorf("%s: %s comes twice", path, i.ID)
				}
				seen[i.ID] = true
			}
			next = ""
			if link := a.Header.Get("Link"); link != "" {
				next = strings.TrimPrefix(link[1:strings.Index(link, ">")], s.http.URL)
			}
		}
		if want := map[bool]int{true: 460, false: 230}[strings.Contains(path, "search")]; len(seen) != want || pages < 3 {
			t.Errorf("%s: %d records on %d pages, want %d", path, len(seen), pages, want)
		}
	}
	s = exampleSite(t)
	for _, bad := range []string{"/api/v1/events?cursor=x", "/api/v1/sources?cursor=-1", "/api/v1/claims?cursor=1", "/api/v1/figures", "/api/v1/events?from=soon", "/api/v1/search?q=a&kind=x", "/api/v1/events/alamdar-road-2013-01-10?rule=nobody"} {
		a := s.get(bad)
		if a.StatusCode != 400 && a.StatusCode != 404 || a.Header.Get("Content-Type") != "application/problem+json" || !json.Valid([]byte(a.body)) {
			t.Errorf("%s: status %d, %s", bad, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
}

// A credited source's credit travels with its figures.
func TestCreditTravels(t *testing.T) {
	p := planted(t, "w")
	for _, path := range []string{"/events/testfall", "/api/v1/events/testfall", "/api/v1/figures?event=testfall", "/api/v1/claims?event=testfall", "/totals/test-total", "/people/test-person", "/sources/" + string(p.source.ID)} {
		if path == "/people/test-person" {
			continue // no figure of a source stands there
		}
		p.get(path).status(200).has("Creditworthy Archive")
	}
}

func TestFeedsAreAtom(t *testing.T) {
	s := exampleSite(t)
	for _, path := range []string{"/feeds/events.atom", "/feeds/changes.atom", "/feeds/corrections.atom"} {
		a := s.get(path).status(200)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/atom+xml") {
			t.Errorf("%s: %s", path, a.Header.Get("Content-Type"))
		}
		var f struct {
			XMLName xml.Name
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Entry   []struct {
				ID      string `xml:"id"`
				Updated string `xml:"updated"`
				Title   string `xml:"title"`
			} `xml:"entry"`
		}
		if err := xml.NewDecoder(strings.NewReader(a.body)).Decode(&f); err != nil && err != io.EOF {
			t.Fatal(err)
		}
		if f.XMLName.Space != "http://www.w3.org/2005/Atom" || f.ID == "" || f.Updated == "" {
			t.Errorf("%s: %+v", path, f)
		}
		if path != "/feeds/corrections.atom" && len(f.Entry) < 5 {
			t.Errorf("%s: %d entries", path, len(f.Entry))
		}
		ids := map[string]bool{}
		for _, e := range f.Entry {
			if ids[e.ID] || e.Title == "" || !strings.HasSuffix(e.Updated, "T00:00:00Z") {
				t.Errorf("%s: entry %+v", path, e)
			}
			ids[e.ID] = true
		}
	}
}

// A figure keeps giving what was cited, whatever is added later; when a claim is
// taken out of sight, the address says that it no longer can.
func TestCitedFigureStaysFixed(t *testing.T) {
	p := planted(t, "w")
	ctx := context.Background()
	cite := ""
	for _, n := range p.get("/events/testfall").status(200).find("a") {
		if h := attr(n, "href"); strings.Contains(h, "/figure/killed") {
			cite = h
		}
	}
	if cite == "" {
		t.Fatal("the page does not offer to cite its figure")
	}
	before := p.get(cite).status(200).has(word("figure.cited_crumb")).hasNot(word("figure.not_same"))
	if got := before.texts("span.fig-best"); len(got) != 1 || got[0] != "12" {
		t.Fatalf("the cited figure is %q", got)
	}
	// What software keeps as the page's address is the one that fixes the figure; cut
	// off before its question mark, it leads to the event.
	for _, n := range before.find("link") {
		if got := attr(n, "href"); attr(n, "rel") == "canonical" && !strings.HasSuffix(got, cite) {
			t.Errorf("the page calls itself %s, not %s", got, cite)
		}
	}
	before.has(`rel="canonical"`)
	cut, _, _ := strings.Cut(cite, "?")
	if got := p.get("/ur" + cut).status(303).Header.Get("Location"); got != "/ur/events/testfall" {
		t.Errorf("%s leads to %q", cut, got)
	}
	p.get(cut + "?entry=1000000").status(404)
	other := &record.Source{ID: record.SourceID(p.id()), Type: record.TypeArticle, Title: record.Plain("en", "Later report"), Publisher: "Second Post", Published: record.On("2013-01-12"), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public}
	p.save(other)
	later := *p.claim
	later.ID, later.Source, later.Low, later.High, later.Words = record.ClaimID(p.id()), other.ID, number(40), number(40), "40"
	later.AttributedTo = record.Attribution{}
	p.save(&later)
	if got := p.get("/events/testfall").texts("span.fig-range"); len(got) == 0 && !strings.Contains(strings.Join(p.get("/events/testfall").texts("span.fig-best"), " "), "40") {
		t.Error("the present figure did not move")
	}
	after := p.get(cite).status(200).hasNot(word("figure.not_same"))
	if got := after.texts("span.fig-best"); len(got) != 1 || got[0] != "12" {
		t.Errorf("the cited figure moved to %q", got)
	}
	// Out of sight: the number goes with the claim.
	gone := *p.claim
	gone.Visibility = record.Internal
	if err := p.house.Save(ctx, access.House(), &gone, 1, "withdrawn"); err != nil {
		t.Fatal(err)
	}
	p.get(cite).status(200).has(word("figure.not_same"))
}

// All claims come page by page, each once, and none that is not public.
func TestAllClaimsByPages(t *testing.T) {
	p := planted(t, "plainword")
	want, inside := map[record.ClaimID]bool{p.claim.ID: true}, map[record.ClaimID]bool{}
	for i := range apiClaimsPer + 20 {
		c := *p.claim
		c.ID, c.Low, c.High, c.Words = record.ClaimID(p.id()), number(int64(i)), number(int64(i)), ""
		if i%20 == 7 {
			c.Visibility = record.Internal
			inside[c.ID] = true
		} else {
			want[c.ID] = true
		}
		p.save(&c)
	}
	got := map[record.ClaimID]bool{}
	pages := 0
	for path := "/api/v1/claims"; path != ""; pages++ {
		var list struct {
			Items []struct {
				ID record.ClaimID `json:"id"`
			} `json:"items"`
			Next string `json:"next"`
		}
		if err := json.Unmarshal([]byte(p.get(path).status(200).body), &list); err != nil {
			t.Fatal(err)
		}
		for _, k := range list.Items {
			if got[k.ID] || inside[k.ID] {
				t.Errorf("page %d: claim %s is given twice or is not public", pages, k.ID)
			}
			got[k.ID] = true
			delete(want, k.ID)
		}
		path = ""
		if u, err := url.Parse(list.Next); err == nil && list.Next != "" {
			path = u.RequestURI()
		}
	}
	if pages != 2 || len(want) > 0 {
		t.Errorf("%d pages, %d claims are missing", pages, len(want))
	}
}
