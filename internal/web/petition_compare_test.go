package web

import (
	"net/http"
	"testing"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// TestCompareOneLanguage sets no text beside itself, whatever is asked for.
func TestCompareOneLanguage(t *testing.T) {
	p := newPetitionSite(t, func(k *record.Petition) { k.Texts = k.Texts[:1] }, nil)
	at := "/petitions/" + p.slug + "/compare"
	for _, address := range []string{at, "/ur" + at, "/fa" + at, at + "?with=en", at + "?with=ur"} {
		p.get(address).status(http.StatusOK).whole().hasNot(`class="beside"`)
	}
	p.get(at).has(lang.English().T("petition.compare_alone", "language", "English"), word("petition.compare_read"))

	two := newPetitionSite(t, nil, nil)
	at = "/petitions/" + two.slug + "/compare"
	page := two.get(at + "?with=en").status(http.StatusOK).whole().has(`class="beside"`).hasNot(word("petition.compare_read"))
	for _, row := range page.find("table.beside tbody tr") {
		if a, b := attr(row.FirstChild, "lang"), attr(row.LastChild, "lang"); a == b {
			t.Fatalf("%s stands beside itself", a)
		}
	}
}
