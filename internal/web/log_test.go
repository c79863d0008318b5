package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The log says which route answered and never what was asked for: addresses hold
// people's names and what somebody searched.
func TestLogHoldsNoNames(t *testing.T) {
	var log bytes.Buffer
	s := emptySite(t).srv
	s.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	mux := http.NewServeMux()
	for _, rt := range []route{
		{pattern: "GET /people/{slug}", need: anyone, do: s.showPerson},
		{pattern: "GET /fault/{slug}", need: anyone, do: func(http.ResponseWriter, *http.Request) error { return errors.New("disk is gone") }},
		{pattern: "GET /panic/{slug}", need: anyone, do: func(http.ResponseWriter, *http.Request) error { panic("test") }},
	} {
		mux.Handle(rt.pattern, s.serve(rt))
	}
	handler := s.outer(mux)
	for _, path := range []string{"/people/zarmina-testfallzada?q=zarmina", "/ur/people/zarmina-testfallzada", "/fault/zarmina-testfallzada", "/panic/zarmina-testfallzada", "/zarmina"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	for _, want := range []string{`"GET /people/{slug}"`, `"GET /fault/{slug}"`, `"GET /panic/{slug}"`, "disk is gone"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	if strings.Contains(strings.ToLower(log.String()), "zarmina") {
		t.Errorf("the log holds a name:\n%s", log.String())
	}
}
