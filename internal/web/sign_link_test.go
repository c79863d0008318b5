package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
)

// Nothing in the address of a signer's link, nor in the title of what it shows,
// tells which petition it is about.
func TestLinksNameNoPetition(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	p.sign(formOf("testa@example.org")).status(200)
	list, err := p.desk.MailWaiting(context.Background(), access.House(), 10)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if m := list[0].Message; strings.Contains(m.Text+m.HTML, p.slug) || strings.Contains(m.Subject, "Testfall") {
		t.Errorf("the mail's links name the petition:\n%s", m.Text)
	}
	link := p.links()["testa@example.org"]
	for _, path := range []string{link, "/ur" + link, "/fa" + link, link + "/withdraw"} {
		a := p.get(path).status(200)
		checkPage(t, path, a)
		if title := a.texts("title"); len(title) != 1 || strings.Contains(title[0], "Testfall") || strings.Contains(title[0], "ٹیسٹ") {
			t.Errorf("%s: title %q", path, title)
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(a.Header.Get("X-Robots-Tag"), "noindex") {
			t.Errorf("%s: headers %v", path, a.Header)
		}
		for _, n := range a.find("form") {
			if action := attr(n, "action"); strings.Contains(action, p.slug) && strings.Contains(a.body, "method=\"post\" action=\""+action) {
				t.Errorf("%s: a form goes to %s", path, action)
			}
		}
	}
	// An older browser that sends no referrer sends "null" as the origin.
	if status := p.postAs(t, link, "", []string{"Origin", "null"}); status != http.StatusOK {
		t.Errorf("status %d from a browser without referrer", status)
	}
	p.get(link).status(200).has(word("own.counted"))
}

// Links from before go on working, and so does the mail program's one click.
func TestOldLinksAndOneClick(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	base := "/petitions/" + p.slug
	form := formOf("old@example.org")
	form.Set("updates", "yes")
	p.sign(form).status(200)
	token := tokenOf(p.links()["old@example.org"])
	p.get(base + "/confirm?t=" + token).status(200).has(word("own.confirm"))
	p.post(base+"/confirm", "t="+token).status(200).has(word("own.confirmed"))
	p.post(base+"/change", "t="+token+"&disclosure_public=count&disclosure_organiser=count&disclosure_addressee=count&updates=yes").status(200).has(word("own.changed"))
	n, _, err := p.keys.House().OpenLink(token, seal.ForOwn)
	if err != nil {
		t.Fatal(err)
	}
	mail := p.engine.MailToken(p.number, n)
	updates := word("sign.updates")
	p.get("/s/" + token).status(200).has(updates)
	// A link of one kind is nothing for another.
	p.get("/s/" + mail).status(404).has(word("own.gone"))
	p.post("/s/"+mail+"/withdraw", "").status(404)
	p.post("/s/"+token+"/unsubscribe", "List-Unsubscribe=One-Click").status(200)
	p.get("/s/" + token).status(200).has(updates)
	p.get("/s/" + mail + "/unsubscribe").status(200).has(word("own.unsubscribe_lede"))
	p.get("/s/" + token).status(200).has(updates)
	p.post("/s/"+mail+"/unsubscribe", "List-Unsubscribe=One-Click").status(200).has(word("own.unsubscribed"))
	p.get("/s/" + token).status(200).hasNot(updates)
	p.post(base+"/withdraw", "t="+token).status(200).has(word("own.withdrawn_now"))
}

// The one click of a mail program stops an update that waits to be sent.
func TestOneClickStopsWhatWaits(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	ctx := context.Background()
	var to []string
	for _, who := range []string{"clicks@example.org", "stays@example.net"} {
		f := formOf(who)
		f.Set("updates", "yes")
		p.sign(f).status(200)
		p.post(p.links()[who], "").status(200)
	}
	_, err := p.desk.PostUpdate(ctx, access.House(), p.id, record.UpdateDelivered, record.Plain("en", "The office took it."))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.news.Feed(ctx, 10); n != 2 || err != nil {
		t.Fatalf("%d are told: %v", n, err)
	}
	waiting := func() map[string]string {
		t.Helper()
		list, err := p.desk.MailWaiting(ctx, access.House(), 10)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, l := range list {
			out[l.Message.To] = strings.TrimPrefix(l.Message.Unsubscribe, "http://petitions.example")
		}
		return out
	}
	p.post(waiting()["clicks@example.org"], "List-Unsubscribe=One-Click").status(200).has(word("own.unsubscribed"))
	for who := range waiting() {
		to = append(to, who)
	}
	if len(to) != 1 || to[0] != "stays@example.net" {
		t.Errorf("mail waits for %v", to)
	}
}

// A link that is nothing is told the same whatever is wrong with it, and changes
// nothing.
func TestLinksToNothing(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	token := tokenOf(p.confirmed(formOf("testa@example.org")))
	elsewhere := p.engine.OwnToken(p.number+1000, 1)
	nobody := p.engine.OwnToken(p.number, 1<<40)
	want := ""
	for _, bad := range []string{"x", strings.Repeat("A", 22), strings.Repeat("A", 2000), token + "A", token[:21], "%00", "..%2F..%2Fdesk", elsewhere} {
		a := p.get("/s/" + bad).status(404).has(word("own.gone"))
		a.hasNot("Testfall", p.slug)
		body := a.body
		if want == "" {
			want = body
		}
		if body != want {
			t.Errorf("%s is told something else", bad)
		}
		p.post("/s/"+bad, "name=x").status(404)
		p.post("/s/"+bad+"/withdraw", "").status(404)
		p.post("/s/"+bad+"/change", "renew=yes").status(404)
		p.get("/s/" + bad + "/unsubscribe").status(200)
		p.post("/s/"+bad+"/unsubscribe", "").status(200).has(word("own.unsubscribed"))
	}
	p.get("/s/" + nobody).status(404).has(word("own.gone"))
	p.get("/s/" + token).status(200).has(word("own.counted"))
}
