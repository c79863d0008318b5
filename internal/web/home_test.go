package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
)

// The first page leads to what can be signed, with a count that is a minute old at
// most, and no further than that once it is closed.
func TestHomeShowsOpenPetitions(t *testing.T) {
	clock := testClock()
	p := petitionSiteAt(t, petitionSiteOptions{now: clock.now})
	entry := `<a href="/petitions/` + p.slug + `">`
	p.get("/").status(200).has(entry, "Mayor of Testfall", "0 signatures", `href="/petitions">`).hasNot("No petition is open")
	p.get("/ur/").status(200).has(`<a href="/ur/petitions/`+p.slug+`">`, "عرضداشتیں")
	p.confirmed(formOf("home@example.org"))
	p.until("the first page to count the signature", func() bool {
		clock.wait(time.Minute)
		return strings.Contains(p.get("/").body, "1 signature<")
	})
	p.get("/").hasNot("0 signatures", "home@example.org", "Testa Person")

	item, err := p.desk.ByID(context.Background(), access.House(), p.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.desk.Close(context.Background(), access.House(), p.id, item.Rev, "test"); err != nil {
		t.Fatal(err)
	}
	p.get("/").status(200).has("No petition is open", `href="/petitions">`).hasNot(entry)
}
