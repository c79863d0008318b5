package web

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// TestCardOfPetition draws the picture of a press pack in the letter's language, with the
// count and its day, and names organisations only where there are any.
func TestCardOfPetition(t *testing.T) {
	for _, tag := range []string{"en", "ur", "fa-AF"} {
		l := petitions.Letter{
			Page: &petitions.Page{Petition: &record.Petition{Number: 7}}, Edition: &record.Edition{}, Text: record.EditionText{Lang: tag, Title: "Light <b>the</b> streets"},
			Numbers: &signature.Snapshot{Count: 1200, At: 1_773_000_000_000_000},
		}
		b, err := (letters{}).Card(t.Context(), &l)
		if err != nil {
			t.Fatal(err)
		}
		p := lang.For(tag)
		svg := string(b)
		for _, want := range []string{"<svg", "Light &lt;b&gt;the&lt;/b&gt; streets", p.T("petition.people", "n", 1200), `direction="` + p.Dir() + `"`} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: no %q in\n%s", tag, want, svg)
			}
		}
		if strings.Contains(svg, p.T("letter.bodies", "n", 0)) {
			t.Errorf("%s: no organisation is named as some", tag)
		}
	}
}
