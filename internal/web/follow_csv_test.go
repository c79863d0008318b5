package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// TestLongTables holds that a table is the same packed and plain, short and long, that a reader who has it
// is told so, and that half a table is never sent.
func TestLongTables(t *testing.T) {
	s := emptySite(t)
	for name, rows := range map[string]int{"empty": 0, "short": 10, "long": unpackFrom / 20} {
		var want bytes.Buffer
		table := func(w io.Writer) error {
			for i := range rows {
				if _, err := fmt.Fprintf(w, "row %09d,%09d,test\n", i, i*i); err != nil {
					return err
				}
			}
			return nil
		}
		if err := table(&want); err != nil {
			t.Fatal(err)
		}
		if long := want.Len() >= unpackFrom; long != (name == "long") {
			t.Fatalf("%s has %d bytes", name, want.Len())
		}
		tags := map[string]bool{}
		for _, enc := range []string{"gzip", ""} {
			ask := func(tag string) *httptest.ResponseRecorder {
				w := httptest.NewRecorder()
				r := withVisit(httptest.NewRequest(http.MethodGet, "/table.csv", nil), &visit{})
				r.Header.Set("Accept-Encoding", enc)
				r.Header.Set("If-None-Match", tag)
				if err := s.srv.sendLong(w, r, name, table); err != nil {
					t.Fatal(err)
				}
				return w
			}
			w := ask("")
			if n, err := strconv.Atoi(w.Header().Get("Content-Length")); err != nil || n != w.Body.Len() {
				t.Errorf("%s, %q: %s bytes announced, %d sent", name, enc, w.Header().Get("Content-Length"), w.Body.Len())
			}
			body := io.Reader(w.Body)
			if enc != "" {
				var err error
				if body, err = gzip.NewReader(body); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(body)
			if err != nil || !bytes.Equal(got, want.Bytes()) {
				t.Errorf("%s, %q: %d bytes, want %d (%v)", name, enc, len(got), want.Len(), err)
			}
			tag := w.Header().Get("Etag")
			tags[tag] = true
			if w := ask(tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
				t.Errorf("%s, %q: a reader who has it gets %d with %d bytes", name, enc, w.Code, w.Body.Len())
			}
		}
		if len(tags) != 1 {
			t.Errorf("%s has the validators %v", name, tags)
		}
	}
	w := httptest.NewRecorder()
	err := s.srv.sendLong(w, withVisit(httptest.NewRequest(http.MethodGet, "/table.csv", nil), &visit{}), "broken", func(to io.Writer) error {
		_, err := io.WriteString(to, strings.Repeat("a,b\n", 100_000))
		return errors.Join(err, record.ErrNotFound)
	})
	if !errors.Is(err, record.ErrNotFound) || w.Body.Len() > 0 {
		t.Errorf("of a table that breaks off %d bytes were sent (%v)", w.Body.Len(), err)
	}
}

// slowReader takes an answer only when it is let.
type slowReader struct {
	http.ResponseWriter
	began, let chan struct{}
}

func (s *slowReader) Write(b []byte) (int, error) {
	close(s.began)
	<-s.let
	return s.ResponseWriter.Write(b)
}

// TestSlowReaders holds that as many readers as there is room for long answers may take theirs
// slowly, and nobody else waits for them.
func TestSlowReaders(t *testing.T) {
	p := plantedFollowed(t, "words")
	handler := p.http.Config.Handler
	let := make(chan struct{})
	ended := make(chan struct{}, cap(p.srv.kept.longs))
	for i := range cap(p.srv.kept.longs) {
		slow := &slowReader{httptest.NewRecorder(), make(chan struct{}), let}
		go func() {
			handler.ServeHTTP(slow, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/follow-up/data/demands.csv?slow=%d", i), nil))
			ended <- struct{}{}
		}()
		<-slow.began
	}
	p.get("/follow-up/data/commitments.csv").status(200).has("test-commitment")
	close(let)
	for range cap(ended) {
		<-ended
	}
}
