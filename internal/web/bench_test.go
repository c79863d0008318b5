package web

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// serveFresh asks for a page that is not in memory, packed as browsers want it.
func serveFresh(b *testing.B, s *site, path string) {
	b.Helper()
	h := s.srv.handler()
	size := 0
	for i := range b.N {
		r := httptest.NewRequest("GET", path+strconv.Itoa(i), nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatalf("%s: status %d", path, w.Code)
		}
		size = w.Body.Len()
	}
	b.ReportMetric(float64(size), "bytes/page")
}

// tenClaims makes an event as the load test has it: ten claims of two measures.
func tenClaims(b *testing.B) *plant {
	b.Helper()
	p := planted(b, "plainword")
	for i := range 9 {
		src := &record.Source{ID: record.SourceID(p.id()), Type: record.TypeArticle, Title: record.Plain("en", fmt.Sprintf("Report %d", i)), Publisher: fmt.Sprintf("Post %d", i), Published: record.On(fmt.Sprintf("2013-01-1%d", i)), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public}
		p.save(src)
		c := *p.claim
		c.ID, c.Source, c.Low, c.High, c.Words = record.ClaimID(p.id()), src.ID, number(int64(10+i)), number(int64(10+i)), strconv.Itoa(10+i)
		if i%2 == 1 {
			c.Measure = record.Injured
		}
		p.save(&c)
	}
	return p
}

// BenchmarkEvent is an event page of ten claims, made afresh: what a reader waits
// for while an import keeps changing the record.
func BenchmarkEvent(b *testing.B) { serveFresh(b, tenClaims(b).site, "/events/testfall?n=") }

// BenchmarkEventOfManyClaims is the heaviest page of the bundled example.
func BenchmarkEventOfManyClaims(b *testing.B) {
	serveFresh(b, exampleSite(b), "/events/alamdar-road-2013-01-10?n=")
}

// BenchmarkEventKept is the same page from memory.
func BenchmarkEventKept(b *testing.B) {
	s := exampleSite(b)
	h := s.srv.handler()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/events/alamdar-road-2013-01-10", nil))
	}
}

// BenchmarkEvents is the filtered list with its drawings.
func BenchmarkEvents(b *testing.B) { serveFresh(b, exampleSite(b), "/events?place=Quetta&n=") }

// BenchmarkSearch is a page of results.
func BenchmarkSearch(b *testing.B) { serveFresh(b, exampleSite(b), "/search?q=quetta&n=") }
