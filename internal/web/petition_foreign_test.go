package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// TestForeignPetition shows what another site published of a petition, with what was answered
// and how it was debated, as a page, as data and at the desk, where it is marked.
func TestForeignPetition(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	list := []exchange.ForeignPetition{{
		Line: 1, Site: "petitions.example", ID: 900007, URL: "https://petitions.example/petitions/900007", Title: "Mend the bridge", Text: "Invented.", State: "closed", Count: 120,
		Asked:    []record.ForeignOffice{{Acronym: "DX", Name: "Department of Examples", URL: "https://example.org/dx"}},
		Response: &record.ForeignResponse{On: record.On("2026-03-04"), Summary: "It will be looked at.", Details: "First <b>part</b>.\n\nSecond part.", Made: 1_772_000_000_000_000},
		Debate:   &record.ForeignDebate{On: record.On("2026-05-05"), Overview: "Members spoke.", Transcript: "https://example.org/transcript"},
	}}
	for i := range 60 {
		list = append(list, exchange.ForeignPetition{Line: i + 2, Site: "petitions.example", ID: 800000 + i, URL: "https://petitions.example/x", Title: "Paint fence", State: "open", Count: int64(i)})
	}
	report, err := p.desk.ImportForeign(t.Context(), access.House(), list, []byte("{}"), petitions.ForeignOptions{Visibility: record.Public})
	if err != nil || report.Created != 61 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, lang := range []string{"", "/ur", "/fa"} {
		p.get(lang+"/petitions/uk-900007").status(http.StatusOK).whole().has(`id="response"`, "It will be looked at.", "First &lt;b&gt;part&lt;/b&gt;.", "Second part.", "Department of Examples", `id="debate"`, "Members spoke.", `href="https://example.org/transcript"`)
	}
	p.get("/petitions/uk-800001").status(http.StatusOK).whole().hasNot(`id="response"`).hasNot(`id="debate"`)
	p.get("/petitions.json?state=with_response").status(http.StatusOK).has(`"id":900007`).hasNot(`"id":800001`)
	p.get("/petitions?state=with_response").status(http.StatusOK).has("Mend the bridge").hasNot("Paint fence")
	var doc struct {
		Data struct {
			Attributes struct {
				Response *struct {
					On      string `json:"responded_on"`
					Summary string `json:"summary"`
					Details string `json:"details"`
				} `json:"government_response"`
				At     *string          `json:"government_response_at"`
				Debate map[string]any   `json:"debate"`
				Asked  []map[string]any `json:"departments"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(p.get("/petitions/900007.json").status(http.StatusOK).body), &doc); err != nil {
		t.Fatal(err)
	}
	a := doc.Data.Attributes
	if a.Response == nil || a.Response.On != "2026-03-04" || a.Response.Summary != "It will be looked at." || !strings.HasPrefix(a.Response.Details, "First <b>part") || a.At == nil ||
		a.Debate["debated_on"] != "2026-05-05" || a.Debate["transcript_url"] != "https://example.org/transcript" || a.Debate["video_url"] != nil || len(a.Asked) != 1 || a.Asked[0]["acronym"] != "DX" {
		t.Errorf("as data: %+v", a)
	}

	v := p.signedIn(access.Editor)
	mark := word("desk.petition.elsewhere_mark")
	page := v.get("/desk/petitions").status(http.StatusOK).whole().has(`id="elsewhere"`, "Mend the bridge", mark, "petitions.example", "?origin=elsewhere")
	if n := strings.Count(page.body, mark); n != 5 {
		t.Errorf("%d of other sites beside ours, want 5", n)
	}
	v.get("/desk/petitions?origin=ours").status(http.StatusOK).whole().hasNot("Mend the bridge")
	v.get("/desk/petitions?publication=draft").status(http.StatusOK).whole().hasNot("Mend the bridge")
	first := v.get("/desk/petitions?origin=elsewhere").status(http.StatusOK).whole().has("page=2")
	second := v.get("/desk/petitions?origin=elsewhere&page=2").status(http.StatusOK).whole().has(`rel="prev"`).hasNot(`rel="next"`)
	if strings.Count(first.body, mark) != 50 || strings.Count(second.body, mark) != 11 || strings.Contains(first.body, p.slug) {
		t.Errorf("%d and %d of other sites on two pages", strings.Count(first.body, mark), strings.Count(second.body, mark))
	}
	v.get("/desk/petitions?origin=mars").status(http.StatusBadRequest)
}
