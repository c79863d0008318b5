package web

import (
	"strings"
	"testing"

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
