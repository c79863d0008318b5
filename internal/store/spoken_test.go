package store

import (
	"math"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// said draws a claim with whatever a version may hold, escapes included.
func said(t *rapid.T) record.Claim {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", `"`, `\`, `a "b" \c`, "{}", "[,]", "ہزارہ", "\u2028"}))
	word := rapid.SampledFrom([]string{"", "killed", "exact", "accepted", "reported", `odd"word`})
	number := rapid.Ptr(rapid.Int64Range(0, math.MaxInt64>>10), true)
	c := record.Claim{
		ID: record.ClaimID(text.Draw(t, "id")), Source: record.SourceID(text.Draw(t, "source")),
		Subject: record.Ref{Kind: record.Kind(word.Draw(t, "kind")), ID: text.Draw(t, "subject")}, Kind: record.KindMeasure,
		Measure: record.Measure(word.Draw(t, "measure")), Form: record.Form(word.Draw(t, "form")), Operator: record.Operator(word.Draw(t, "operator")),
		Low: number.Draw(t, "low"), High: number.Draw(t, "high"), Best: number.Draw(t, "best"), Unit: word.Draw(t, "unit"), Words: text.Draw(t, "words"),
		Scope:        record.Scope{Area: record.Area(word.Draw(t, "area")), Place: text.Draw(t, "place")},
		AttributedTo: record.Attribution{Text: text.Draw(t, "by"), Party: record.PartyID(text.Draw(t, "party")), Person: record.PersonID(text.Draw(t, "person")), Unattributed: rapid.Bool().Draw(t, "hidden")},
		Role:         record.Role(word.Draw(t, "role")), Reliability: word.Draw(t, "reliability"),
		Review:  record.Review{State: record.ReviewState(word.Draw(t, "state")), Reason: text.Draw(t, "reason")},
		Passage: record.Passage{Locator: text.Draw(t, "locator"), Segments: []record.Segment{{Exact: text.Draw(t, "exact")}}},
		Note:    text.Draw(t, "note"), Visibility: record.Public,
	}
	c.AsOf = when(t, text)
	if rapid.Bool().Draw(t, "repeats") {
		c.DerivedFrom = []record.Ref{{Kind: record.KindSource, ID: text.Draw(t, "from")}}
		c.Supersedes = []record.ClaimID{record.ClaimID(text.Draw(t, "earlier"))}
	}
	return c
}

func when(t *rapid.T, text *rapid.Generator[string]) record.When {
	w := record.When{Printed: text.Draw(t, "printed")}
	if d := rapid.SampledFrom([]string{"", "2013-01-10", "2013-01~", "2013-01-10/2013-02", "201X"}).Draw(t, "date"); d != "" {
		if date, err := edtf.Parse(d); err == nil {
			w.Date = date
		}
	}
	if rapid.Bool().Draw(t, "date alone") {
		w.Printed = ""
	}
	return w
}

// What figures rest on is read as the decoder reads it.
func TestScannerReadsWhatTheDecoderDoes(t *testing.T) {
	read := newScanner()
	rapid.Check(t, func(t *rapid.T) {
		c := said(t)
		body, err := json.Marshal(&c)
		if err != nil {
			t.Skip(err) // text that is no UTF-8
		}
		var want record.Claim
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatal(err)
		}
		want.Passage, want.Note, want.Visibility = record.Passage{}, "", ""
		want.Review = record.Review{State: want.Review.State}
		got, err := read.claim(body)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if diff := cmp.Diff(&want, got, cmp.Comparer(func(a, b edtf.Date) bool { return a.String() == b.String() }), cmp.Comparer(func(a, b edtf.Relative) bool { return a == b })); diff != "" {
			t.Fatalf("%s\n(-decoder +scanner)\n%s", body, diff)
		}
		for _, cut := range []int{1, len(body) / 2, len(body) - 1} {
			if _, err := read.claim(body[:cut]); err == nil {
				t.Fatalf("%s was read", body[:cut])
			}
		}
		s := record.Source{ID: record.SourceID(c.ID), Title: record.Plain("en", c.Words), Published: c.AsOf, DerivedFrom: []record.SourceID{c.Source}}
		if body, err = json.Marshal(&s); err != nil {
			t.Fatal(err)
		}
		var v Voiced
		if err := read.source(body, &v); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if v.Published.Date.String() != s.Published.Date.String() || v.Published.Printed != s.Published.Printed || v.DerivedFrom[0] != c.Source {
			t.Fatalf("%s was read as %v", body, v)
		}
	})
}

// What is broken is refused and never read halfway.
func TestScannerRefuses(t *testing.T) {
	for _, body := range []string{
		"", "{", "[]", `{"id":"a",}`, `{"id":"a"}x`, `{"id"}`, `{"low":"x"}`, `{"id":3}`, `{"as_of":{"date":"x"}}`,
		`{"id":"a`, `{"id":"a\`, `{"review":[]}`,
	} {
		if c, err := newScanner().claim([]byte(body)); err == nil {
			t.Errorf("%s was read as %v", body, c)
		}
	}
}
