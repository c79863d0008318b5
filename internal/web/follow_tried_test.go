package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// TestTriedOutIsCountedApart counts what is only tried out nowhere with the rest, lists it last and
// says so on each line.
func TestTriedOutIsCountedApart(t *testing.T) {
	s, _, _ := followerSite(t)
	a := s.get("/follow-up").status(200).has("5 demands · 10 more of petitions that are only tried out")
	lines, tried := a.find("ul.follow li"), 0
	if len(lines) == 0 {
		lines = a.find("li")
	}
	for _, n := range lines {
		words := textOf(n)
		switch {
		case !strings.Contains(words, "Asked of "):
		case strings.Contains(words, word("follow.tried")):
			tried++
		case tried > 0:
			t.Errorf("after what is tried out stands %.80q", words)
		}
	}
	if tried != 10 {
		t.Errorf("%d lines are marked as tried out, want 10", tried)
	}
	// A list in which there is none of it says nothing of it.
	s.get("/follow-up?of=commitments").status(200).has("16 commitments")
	s.get("/follow-up?party=army").status(200).has("one demand").hasNot("tried out")
	s.get("/ur/follow-up").status(200).has("صرف آزمائش")
}

// TestTrendIsReadable gives ratios to two decimals and p to three, and does not speak of attacks whose
// number is not known where there are none.
func TestTrendIsReadable(t *testing.T) {
	s := exampleSite(t)
	p := trend.Defaults("2009-01-01", "2016-12-31")
	p.Boundary, p.Ground, p.Why = "2013-01-10", trend.GroundLaw, "a law of that day"
	rec := &record.TrendStatement{Title: record.Plain("en", "Trend"), Slug: "trend", Frame: record.Frame{Country: "PK"}, Visibility: record.Public}
	if _, err := s.srv.following.MakeTrend(t.Context(), access.House(), rec, p, "publish"); err != nil {
		t.Fatal(err)
	}
	long := regexp.MustCompile(`\d\.\d{4,}|of 0 |Of 0 `)
	for _, path := range []string{"/trends/trend", "/ur/trends/trend", "/fa/trends/trend"} {
		main := s.get(path).status(200).find("main")[0]
		words := strings.ReplaceAll(textOf(main), rec.Input, "")
		if found := long.FindString(words); found != "" {
			t.Errorf("%s has %q", path, found)
		}
	}
}
