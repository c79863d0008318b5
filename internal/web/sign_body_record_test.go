package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdns"
)

// bodyCode is the code in the record that a page asks for.
func bodyCode(t *testing.T, a *answer) string {
	t.Helper()
	_, rest, ok := strings.Cut(a.body, ">gawah=")
	code, _, ended := strings.Cut(rest, "<")
	if !ok || !ended {
		t.Fatalf("no record stands in %s", a.body)
	}
	return code
}

// TestBodyRecord proves an organisation by a DNS record over a real name server, in
// three languages, and sees at each step what has to be set, what was found and when
// the next look is.
func TestBodyRecord(t *testing.T) {
	zone := testdns.Serve(t)
	clock := testClock()
	p := petitionSiteAt(t, petitionSiteOptions{resolver: zone.Resolver(), now: clock.now})
	for _, at := range []string{"", "/ur", "/fa"} {
		l, _ := lang.ForPath(at + "/")
		domain := "testfall" + strings.Trim(at, "/") + ".org"
		base := at + "/petitions/" + p.slug + "/sign/organisation"
		form := url.Values{
			"name.en": {"Testfall Society " + domain}, "country": {"PK"}, "site": {"https://www." + domain}, "representative": {"Ada Example"}, "email": {"ada@gmail.com"},
			"consent": {"yes"},
		}
		sent := p.post(base, form.Encode()).status(200)
		code := bodyCode(t, sent)
		link := base + "/prove/" + code
		if at != "" {
			wholly(t, base, sent)
		}
		prove := base + "/prove"
		// What has to stand there is seen at every step.
		shows := func(a *answer, more ...string) {
			t.Helper()
			a.has("_gawah."+domain, "gawah="+code, ">TXT<", p.http.URL+link, l.T("body.hours"), `value="`+code+`"`).has(more...)
			if at != "" {
				wholly(t, base, a)
			}
		}
		look := func() *answer {
			t.Helper()
			clock.wait(2 * time.Minute)
			return p.post(prove, url.Values{"code": {code}}.Encode()).status(200)
		}
		said := func(key string) string {
			return l.T(key, "time", clockTime(l, clock.now().UnixMicro()), "name", ltr("_gawah."+domain))
		}
		next := func(key string) string {
			return l.T(key, "time", clockTime(l, clock.now().Add(2*time.Minute-time.Microsecond).UnixMicro()))
		}
		shows(sent)
		p.get(base).status(200).has(prove)
		p.get(prove).status(200).has(`name="code"`)
		p.get(link).status(200).hasNot(l.T("body.look_again"))

		shows(look(), said("body.found_nothing"), next("body.next"), l.T("body.look_again"))
		shows(p.get(link).status(200), said("body.found_nothing"), next("body.next"))
		shows(p.post(prove, url.Values{"code": {code}}.Encode()).status(200), l.T("body.early"), said("body.found_nothing"))
		zone.Set("_gawah."+domain, "v=spf1 <script>")
		shows(look(), said("body.found_other"), l.T("body.seen"), "v=spf1 &lt;script&gt;")
		zone.Fail("_gawah." + domain)
		shows(look(), said("body.found_unanswered"))
		shows(p.get(link).status(200), said("body.found_unanswered"))
		p.get(at + "/petitions/" + p.slug).hasNot("Testfall Society " + domain)
		zone.Set("_gawah."+domain, "v=spf1 -all", "gawah="+code)
		look().has(l.T("body.confirmed")).hasNot("_gawah."+domain, `name="code"`)
		p.srv.front.forget()
		p.get(at + "/petitions/" + p.slug).has("Testfall Society " + domain)
		a := p.get(link).status(200).has(l.T("body.confirmed"), `name="robots" content="noindex`).hasNot("Ada Example", "ada@gmail.com")
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("headers are %v", a.Header)
		}
		// A code of nothing is said to be one.
		p.post(prove, "code=x").status(404).has(l.T("body.code_none"))
		p.get(prove + "/x").status(404).has(l.T("body.code_none"))
	}
	// Another petition's code is none here.
	sent := p.post("/petitions/"+p.slug+"/sign/organisation", url.Values{
		"name.en": {"Testfall League"}, "country": {"PK"}, "site": {"https://testfall-league.org"}, "representative": {"Ada Example"}, "email": {"ada@gmail.com"}, "consent": {"yes"},
	}.Encode())
	code, first := bodyCode(t, sent), p.slug
	p.publish(func(d *record.Petition) { d.Slug = "testfall-other" })
	if p.slug == first {
		t.Fatal("there is no second petition")
	}
	p.get("/petitions/" + p.slug + "/sign/organisation/prove/" + code).status(404)
	asked := zone.Asked()
	p.post("/petitions/"+p.slug+"/sign/organisation/prove", "code="+code).status(404)
	if zone.Asked() != asked {
		t.Error("a name server was asked for another petition")
	}
}

// TestBodyLooksRunOut shows what is to be set even when nothing is looked for any more.
func TestBodyLooksRunOut(t *testing.T) {
	clock := testClock()
	p := petitionSiteAt(t, petitionSiteOptions{resolver: testdns.Serve(t).Resolver(), now: clock.now})
	base := "/petitions/" + p.slug + "/sign/organisation"
	sent := p.post(base, url.Values{
		"name.en": {"Testfall League"}, "country": {"PK"}, "site": {"https://testfall-league.org"}, "representative": {"Ada Example"}, "email": {"ada@testfall-league.org"}, "consent": {"yes"},
	}.Encode())
	form := "code=" + bodyCode(t, sent)
	for range 100 {
		clock.wait(61 * time.Minute)
		p.post(base+"/prove", form).status(200)
	}
	p.post(base+"/prove", form).status(200).has(word("body.next_none"), "_gawah.testfall-league.org").hasNot(word("body.look_again"))
}
