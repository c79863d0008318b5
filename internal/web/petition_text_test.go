package web

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// No space stands before the mark of a footnote, and marks side by side do not
// read as one number.
func TestNoteMarks(t *testing.T) {
	setter := newPetitionText(lang.English(), &record.Edition{}, nil, true)
	setter.blocks([]record.Block{{Kind: record.BlockParagraph, Spans: []record.Span{{Text: "Invented words", Note: 1}, {Note: 2}, {Text: ". More ", Note: 3}, {Text: "."}}}})
	got := string(setter.html())
	for _, want := range []string{`Invented words<sup class="note-mark"><a`, "1</a></sup><sup class=\"note-mark\">,\u2009</sup><sup", `2</a></sup>. More<sup`, `3</a></sup>.`} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q: %s", want, got)
		}
	}
}

// The one footnote of a figure says what it is, leads to where it is worked out, and
// sets each origin with what it states; those of earlier texts stay as they were.
func TestFigureNote(t *testing.T) {
	const event, source = record.EventID("01900000-0000-7000-8000-0000000000e1"), record.SourceID("01900000-0000-7000-8000-0000000000b1")
	e := &record.Edition{Cited: []record.Cited{{Key: "figure:example-town/killed", Event: event, Measure: record.Killed, Rule: "gawah/1"}}}
	links := casework.Links{record.Ref{Kind: record.KindEvent, ID: string(event)}: {Ref: record.Ref{Kind: record.KindEvent, ID: string(event)}, Slug: "example-town"}}
	setter := newPetitionText(lang.English(), e, links, true)
	origin := record.Footnote{Cited: []string{"claim:x"}, Source: source, Publisher: "Example Board", Title: "A <report>"}
	valued := origin
	valued.Value = "at least 10"
	notes := setter.notes([]record.Footnote{
		{Number: 1, Cited: []string{"figure:example-town/killed"}, Value: "11", Origins: []record.Footnote{valued, origin}},
		{Number: 2, Cited: []string{"figure:example-town/killed"}, Source: source, Publisher: "Example Board"},
		{Number: 3, Words: "Our own words."},
	})
	n := notes[0]
	if n.Head != lang.English().T("petition.footnote.figure_of", "value", "11", "n", 2) || n.Figure != "/events/example-town?rule=gawah%2F1#claims" || n.NoCopy != "" {
		t.Errorf("%+v", n)
	}
	if len(n.Origins) != 2 || string(n.Origins[0].Parts[0]) != "<b><bdi>at least 10</bdi></b>" || len(n.Origins[1].Parts) != 2 || n.Origins[0].NoCopy == "" {
		t.Errorf("%+v", n.Origins)
	}
	if got := string(n.Origins[1].Parts[1]); !strings.Contains(got, "A &lt;report&gt;") {
		t.Error(got)
	}
	if n := notes[1]; n.Head != "" || n.Figure != "" || len(n.Origins) != 0 || len(n.Parts) != 1 || n.NoCopy == "" {
		t.Errorf("of an earlier text: %+v", n)
	}
	if n := notes[2]; n.Head != "" || n.NoCopy != "" || n.Words == "" {
		t.Errorf("the author's own: %+v", n)
	}
}

// What is said of withheld countries is their sum alone.
func TestWithheldIsOneNumber(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	for i, country := range []string{"PK", "AF", "DE"} {
		p.confirmed(publicForm(i, "Counted Testfall", country, "count"))
	}
	p.until("three to count", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+".json").body, `"signatures_withheld":{"signature_count":3}`)
	})
	p.get("/petitions/" + p.slug + ".json").hasNot(`"cells"`)
}
