package web

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
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
	// In the hour of the delivery nobody can tell what came first.
	p.post(link+"/withdraw", "").status(http.StatusOK)
	v.get(at).status(http.StatusOK).hasNot(`id="corrections"`)
	page, err := p.desk.PetitionPage(t.Context(), access.House(), strconv.Itoa(p.number))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", at, nil)
	for i, text := range page.Petition.Texts {
		got := p.srv.correctionLetter(r, page.Petition, text, petitions.Correction{Delivery: &d, People: 3})
		more := p.srv.correctionLetter(r, page.Petition, text, petitions.Correction{Delivery: &d, Left: 12, Anew: &d})
		if got.Lang != text.Lang || len(got.Paragraphs) != 4 || !strings.Contains(got.Paragraphs[0], d.Reference) || !strings.Contains(more.Paragraphs[1], "12") {
			t.Errorf("letter %d: %+v", i, got)
		}
	}
}
