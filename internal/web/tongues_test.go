package web

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/testneed"
)

// tongues are the languages that may lack a message, by what stands before their
// addresses.
var tongues = []string{"/ur", "/fa"}

// english finds a message that was given in English on a page from right to left: it
// is set apart as text from left to right, as ranges of numbers and times are too.
var english = regexp.MustCompile("\u2066[^\u2069]*[A-Za-z][^\u2069]*|<[^>]* class=\"untranslated\"[^<]*[^<]*")

// wholly fails where a page gives a message of the interface in English, or says that
// it does, or does not say that its translation is unreviewed.
func wholly(t *testing.T, where string, a *answer) {
	t.Helper()
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	l, _ := lang.ForPath(where)
	for _, found := range english.FindAllString(a.body, -1) {
		if !strings.Contains(found, "UTC") {
			t.Errorf("%s gives English: %q", where, found)
		}
	}
	if strings.Contains(a.body, l.T("site.untranslated")) {
		t.Errorf("%s says that a part of it has no translation", where)
	}
	// What begins a sheet of paper is what ends a page on a screen.
	head, rest, _ := strings.Cut(a.body, `<div class="on-paper">`)
	_, rest, _ = strings.Cut(rest, "</div>")
	said := 0
	for _, key := range []string{"site.unreviewed", "sign.words_unreviewed", "sign.unreviewed"} {
		said += strings.Count(head+rest, l.T(key))
	}
	if said != 1 {
		t.Errorf("%s says %d times that its translation is unreviewed", where, said)
	}
}

// TestSigningInTheReadersLanguage goes through everything that somebody who signs can
// meet, in Urdu and in Dari, and finds no word of the interface in English.
func TestSigningInTheReadersLanguage(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	ctx, v := t.Context(), access.House()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	when, err := edtf.Parse("2026-05-01")
	must(err)
	_, code, err := p.desk.Deliver(ctx, v, p.id, record.Delivery{Addressee: "mayor", Channel: record.ByHand, On: record.When{Date: when}, Visibility: record.Public})
	must(err)
	p.srv.front.forget()
	plain := "/petitions/" + p.slug
	own := map[string]string{}
	for _, at := range tongues {
		base, mail := at+plain, "test"+at[1:]+"@example.org"
		get := func(path string) { t.Helper(); wholly(t, path, p.get(path)) }
		post := func(path string, form url.Values) { t.Helper(); wholly(t, path, p.post(path, form.Encode())) }
		for _, path := range []string{
			at + "/petitions", base, base + "/sign", base + "/sign?code", base + "/sign/thanks", base + "/sign/organisation", base + "/integrity", base + "/compare",
			base + "/versions/1", base + "/to/mayor", base + "/to/office", base + "/names", base + "/confirm", base + "/confirm?t=none", base + "/withdraw",
			base + "/withdraw/code", base + "/unsubscribe?t=none", base + "/reply?code=" + code, base + "/reply?code=none", base + "/organisation/none",
			at + "/s/none", at + "/o/" + strings.Repeat("A", 22), base + "/nothing", at + "/petitions/nothing",
		} {
			get(path)
		}
		l, _ := lang.ForPath(base)
		p.get(base + "/sign").has(l.T("sign.unreviewed")).hasNot(l.T("petition.unreviewed_note"))
		post(base+"/sign", nil)
		wrong := formOf("no address")
		wrong.Set("name", "=1+1 http://example.org")
		wrong.Set("country", "QQ")
		wrong.Set("disclosure_public", "nothing")
		post(base+"/sign", wrong)
		for step := range 3 {
			form := formOf(mail)
			form.Set("step", string(rune('1'+step)))
			form.Del("consent")
			post(base+"/sign", form)
		}
		post(base+"/sign", formOf(mail))
		link := p.links()[mail]
		if link == "" {
			t.Fatalf("no mail to %s", mail)
		}
		if !strings.HasPrefix(link, at+"/") {
			t.Errorf("the link of a mail to a reader of %s is %s", at, link)
			link = at + link
		}
		own[at] = link
		get(link)
		post(link, nil)
		get(link)
		post(link+"/change", url.Values{"disclosure_public": {"initials"}})
		post(link+"/withdraw", nil)
		get(link)
		post(base+"/withdraw/code", url.Values{"code": {"WRONG"}})
		post(base+"/sign/organisation", nil)
		body := url.Values{
			"name.en": {"Testfall Rights " + at[1:]}, "country": {"PK"}, "site": {"https://testfall-rights.org"}, "representative": {"Ada Example"},
			"email": {"ada@testfall-rights.org"}, "updates": {"yes"}, "consent": {"yes"},
		}
		post(base+"/sign/organisation", body)
		post(base+"/reply", url.Values{"code": {code}})
	}
	// What changed since they signed.
	item, err := p.desk.ByID(ctx, v, p.id)
	must(err)
	k := *item.Rec
	k.Texts = append([]record.PetitionText(nil), k.Texts...)
	k.Texts[0].Body = strings.Replace(k.Texts[0].Body, "a first point", "an altered point", 1)
	must(p.desk.Save(ctx, v, &k, item.Rev, "test"))
	for _, at := range tongues {
		p.confirmed(formOf("later" + at[1:] + "@example.org"))
	}
	item, err = p.desk.ByID(ctx, v, p.id)
	must(err)
	_, err = p.desk.Publish(ctx, v, p.id, item.Rev, petitions.Publishing{Reason: record.Plain("en", "A test."), Substance: true, Reconsent: true, Changes: record.Plain("en", "One point is another one.")})
	must(err)
	p.srv.front.forget()
	for _, at := range tongues {
		later := p.links()["later"+at[1:]+"@example.org"]
		for _, path := range []string{at + plain, at + plain + "/versions/2", at + plain + "/compare", own[at], at + later} {
			wholly(t, path, p.get(path))
		}
		wholly(t, at+later, p.post(at+later+"/change", "renew=yes"))
	}
	// An account that reads the signed-in side meets English there, and is told so.
	for _, at := range tongues {
		l, _ := lang.ForPath(at + "/")
		p.get(at + "/desk/sign-in").has(l.T("site.untranslated"))
	}
}

// shapeOf is a path with its last name left out, with which fields it asks for.
func shapeOf(u *url.URL) string {
	s := path.Dir(u.Path)
	if strings.Count(u.Path, "/") <= 2 {
		s = u.Path
	}
	for k := range u.Query() {
		s += "?" + k
	}
	return s
}

// crawlIn visits pages in one language, at most some of each shape, and gives each to
// look.
func crawlIn(t *testing.T, s *site, at string, each int, look func(where string, a *answer)) {
	t.Helper()
	seen, shapes := map[string]bool{}, map[string]int{}
	queue := []string{at + "/"}
	for len(queue) > 0 {
		where := queue[0]
		queue = queue[1:]
		a := s.get(where)
		look(where, a)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, n := range a.find("a") {
			u, err := url.Parse(attr(n, "href"))
			if err != nil || u.Host != "" || u.Scheme != "" {
				continue
			}
			next := a.Request.URL.ResolveReference(u)
			next.Fragment = ""
			to, shape := next.RequestURI(), shapeOf(next)
			if seen[to] || shapes[shape] >= each || !strings.HasPrefix(to, at+"/") || strings.Contains(to, "/desk") {
				continue
			}
			seen[to] = true
			shapes[shape]++
			queue = append(queue, to)
		}
	}
	if len(seen) < 25 {
		t.Errorf("only %d pages were found in %s", len(seen), at)
	}
}

// TestPublicPagesInTheReadersLanguage finds no word of the interface in English on
// public pages in Urdu and in Dari.
func TestPublicPagesInTheReadersLanguage(t *testing.T) {
	s, _, _ := followerSite(t)
	for _, at := range tongues {
		crawlIn(t, s, at, 1, func(where string, a *answer) { wholly(t, where, a) })
		for _, path := range []string{
			"/search?q=Quetta", "/search?q=quetta&kind=claim", "/search?q=nothing-of-the-kind", "/events?from=nonsense", "/events?sort=largest&measure=killed&parts=yes", "/ask",
			"/ask?about=none", "/ask/status", "/corrections", "/data", "/method", "/nothing", "/events/alamdar-road-2013-01-10?rule=ucdp", "/events/alamdar-road-2013-01-10/figure/killed?rule=gawah/1&entry=0",
			"/events/alamdar-road-2013-01-10/course", "/events/alamdar-road-2013-01-10/wave", "/events/alamdar-road-2013-01-10/coverage", "/follow-up", "/follow-up/accountability",
			"/follow-up/silence", "/follow-up/anniversaries", "/follow-up/prime-minister", "/trends", "/follow/none",
		} {
			wholly(t, at+path, s.get(at+path))
		}
		wholly(t, at+"/ask", s.post(at+"/ask", ""))
		wholly(t, at+"/ask", s.post(at+"/ask", url.Values{"kind": {"correct"}, "words": {"An invented wish."}, "who": {"other"}}.Encode()))
		wholly(t, at+"/ask/status", s.post(at+"/ask/status", "code=WRONG"))
	}
}

// TestEveryPublicPageInTheReadersLanguageLong is the same over all of them.
func TestEveryPublicPageInTheReadersLanguageLong(t *testing.T) {
	testneed.Long(t, "reads every page twice")
	s, _, _ := followerSite(t)
	for _, at := range tongues {
		crawlIn(t, s, at, 400, func(where string, a *answer) { wholly(t, where, a) })
	}
}

// TestLanguagesByName names the languages of a petition as their readers do.
func TestLanguagesByName(t *testing.T) {
	for at, want := range map[string]string{"/": "Dari", "/ur/": "دری", "/fa/": "دری"} {
		l, _ := lang.ForPath(at)
		if got := languageName(l, "fa-AF"); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
		if got := languageName(l, "fa"); got == want || got == "" {
			t.Errorf("%s: the language of Iran is %q", at, got)
		}
	}
}

// TestNamesInOrder keeps a name that begins with a number from turning round.
func TestNamesInOrder(t *testing.T) {
	ur, en := lang.For("ur"), lang.English()
	for _, c := range []struct {
		l          *lang.Printer
		name, want string
	}{
		{ur, "92 Testfall", "\u200e92 Testfall"}, {ur, "Testfall 92", "Testfall 92"}, {ur, "92 ٹیسٹ فال", "92 ٹیسٹ فال"}, {ur, "92", "92"}, {en, "92 Testfall", "92 Testfall"},
	} {
		if got := inOrder(c.l, c.name); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}
