package web

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/testbrowser"
)

// TestLookPetitions takes pictures of a petition's pages, for a person to judge,
// when GAWAH_LOOK is "petitions".
func TestLookPetitions(t *testing.T) {
	if os.Getenv("GAWAH_LOOK") != "petitions" {
		t.Skip("GAWAH_LOOK is not petitions")
	}
	p := newPetitionSite(t, nil, nil)
	for i := range 13 {
		form := formOf(fmt.Sprintf("testa%d@example.org", i))
		if i > 10 {
			form.Set("country", "AU")
		}
		p.confirmed(form)
	}
	link := p.confirmed(formOf("last@example.org"))
	p.sign(formOf("pending@example.org"))
	pending := p.links()["pending@example.org"]
	p.until("the count to move", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":14,`)
	})
	base := "/petitions/" + p.slug
	b := testbrowser.New(t)
	if only := os.Getenv("GAWAH_LOOK_ONLY"); only != "" {
		for _, path := range strings.Fields(only) {
			name := "p" + strings.NewReplacer("/", "_", "?", "_", "#", "_").Replace(path)
			for _, width := range []int{testbrowser.Narrow, testbrowser.Wide} {
				t.Log(b.Screenshot(t, name, p.http.URL+strings.Replace(path, "BASE", base, 1), testbrowser.View{Width: width, NoScripts: true}))
			}
		}
		return
	}
	for name, path := range map[string]string{
		"petition": base, "petition-ur": "/ur" + base, "petition-fa": "/fa" + base, "list": "/petitions", "integrity": base + "/integrity", "compare": base + "/compare",
		"version": base + "/versions/1", "to": base + "/to/mayor", "sign": base + "/sign", "sign-ur": "/ur" + base + "/sign", "sign-fa": "/fa" + base + "/sign",
		"thanks": base + "/sign/thanks", "own": link, "pending": pending, "organisation": base + "/sign/organisation", "unsubscribe": base + "/unsubscribe?t=x",
	} {
		for _, v := range []testbrowser.View{{Width: testbrowser.Narrow, NoScripts: true}, {Width: testbrowser.Wide, NoScripts: true}} {
			t.Log(b.Screenshot(t, "p-"+name, p.http.URL+path, v))
		}
	}
	t.Log(b.Screenshot(t, "p-petition-dark", p.http.URL+base, testbrowser.View{Width: testbrowser.Wide, Dark: true}))
	t.Log(b.Screenshot(t, "p-sign-dark", p.http.URL+base+"/sign", testbrowser.View{Width: testbrowser.Narrow, Dark: true}))
	t.Log(b.Screenshot(t, "p-petition-print", p.http.URL+base, testbrowser.View{Print: true}))
	t.Log(b.Screenshot(t, "p-sign-2", p.http.URL+base+"/sign#show", testbrowser.View{Width: testbrowser.Narrow, NoScripts: true}))
	t.Log(b.Screenshot(t, "p-sign-3", p.http.URL+base+"/sign#agree", testbrowser.View{Width: testbrowser.Narrow, NoScripts: true}))
}
