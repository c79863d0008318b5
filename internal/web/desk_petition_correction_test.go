package web

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// TestCorrectionAtDesk shows what to send to an office that holds a number which
// does not stand any more.
func TestCorrectionAtDesk(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	link := p.confirmed(formOf("gone@example.org"))
	p.until("the count to move", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":1,`)
	})
	v := p.signedIn(access.Admin)
	at := "/desk/petitions/" + string(p.id) + "/delivery"
	v.get(at).status(http.StatusOK).hasNot(`id="corrections"`)
	d, _, err := p.desk.Deliver(t.Context(), access.House(), p.id, record.Delivery{Addressee: "mayor", Channel: record.ByHand})
	if err != nil {
		t.Fatal(err)
	}
	// It is due within the hour of the delivery as well.
	p.post(link+"/withdraw", "").status(http.StatusOK)
	v.get(at).status(http.StatusOK).has(`id="corrections"`, d.Reference, "version 1", "people: 1, organisations: 0", "fewer than ten", "people counted for the text in force: ", " UTC").hasNot("changed in substance")
	page, err := p.desk.PetitionPage(t.Context(), access.House(), strconv.Itoa(p.number))
	if err != nil {
		t.Fatal(err)
	}
	d.Count = 40
	r := httptest.NewRequest("GET", at, nil)
	for i, text := range page.Petition.Texts {
		got := p.srv.correctionLetter(r, page.Petition, text, petitions.Correction{Delivery: &d, Gone: true, People: 3})
		more := p.srv.correctionLetter(r, page.Petition, text, petitions.Correction{Delivery: &d, Gone: true, Left: 12, Bodies: 2, Anew: &d, Since: &record.Edition{Number: 7, Made: 1_773_000_000_000_000}})
		l := lang.For(text.Lang)
		if got.Lang != text.Lang || len(got.Paragraphs) != 5 || !strings.Contains(got.Paragraphs[0], d.Reference) || !strings.Contains(got.Paragraphs[2], l.Number(3)) {
			t.Errorf("letter %d: %+v", i, got)
		}
		// What was handed over, what of it still stands, and for which text people are counted now.
		if len(more.Paragraphs) != 7 || !strings.Contains(more.Paragraphs[0], l.Number(40)) || !strings.Contains(more.Paragraphs[1], l.Number(12)) || !strings.Contains(more.Paragraphs[1], l.Number(28)) ||
			!strings.Contains(more.Paragraphs[3], l.Number(7)) || !strings.Contains(more.Paragraphs[4], l.Number(0)) {
			t.Errorf("letter %d: %+v", i, more)
		}
	}
}
