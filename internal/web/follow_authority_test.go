package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// TestAuthorityInPages asks an authority more than a page holds: each demand stands on one page,
// the number of all of them on each, and the sums on the first are of all.
func TestAuthorityInPages(t *testing.T) {
	p := plantedFollowed(t, "words")
	const more = authorityPer + 4
	var all []record.Record
	for i := range more {
		all = append(all, &record.Demand{
			ID: record.DemandID(p.id()), Slug: fmt.Sprintf("one-of-many-%d", i), Text: record.Plain("en", fmt.Sprintf("One of many %d.", i)), Of: p.protest.Ref(), Attack: p.event.ID,
			Made: record.On("2012-01-01"), Addressees: []record.DemandAddressee{{Key: "office", Party: p.office.ID, Zone: "Asia/Karachi"}}, Visibility: record.Public,
		})
	}
	if _, err := p.house.ImportCasefile(t.Context(), access.House(), &exchange.Casefile{Records: all, Lines: make([]int, len(all))}, casework.CasefileOptions{Reason: "many"}); err != nil {
		t.Fatal(err)
	}
	for prefix, count := range map[string]string{"": fmt.Sprintf("%d demands", more+1), "/ur": "مطالبات", "/fa": "خواست"} {
		found := map[string]int{}
		for page, want := range map[string]int{"": authorityPer, "?page=2": more + 1 - authorityPer, "?page=3": 0} {
			a := p.get(prefix + "/follow-up/test-office" + page).status(200)
			asked := a.body
			if i := strings.Index(asked, `id="asked"`); i >= 0 {
				asked, _, _ = strings.Cut(asked[i:], "</section>")
				if !strings.Contains(asked, count) {
					t.Errorf("%s%s does not say how many there are (%q)", prefix, page, count)
				}
			} else {
				asked = ""
			}
			n := strings.Count(asked, "/follow-up/demands/one-of-many-") + strings.Count(asked, "/follow-up/demands/test-demand")
			if n != want {
				t.Errorf("%s%s lists %d demands, want %d", prefix, page, n, want)
			}
			for i := range more {
				if strings.Contains(asked, fmt.Sprintf("/one-of-many-%d\"", i)) {
					found[fmt.Sprint(i)]++
				}
			}
			if first := page == ""; strings.Contains(a.body, `class="figures"`) != first {
				t.Errorf("%s%s has the sums: %v", prefix, page, !first)
			}
		}
		for i := range more {
			if found[fmt.Sprint(i)] != 1 {
				t.Errorf("%s: demand %d stands on %d pages", prefix, i, found[fmt.Sprint(i)])
			}
		}
	}
	p.get("/follow-up/test-office?page=0").status(404)
}
