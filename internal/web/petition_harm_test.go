package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/testneed"
)

// allTold is everything an answer tells but the clock.
func allTold(a *answer) map[string]string {
	out := map[string]string{"status": strconv.Itoa(a.StatusCode), "body": a.body}
	for name, values := range a.Header {
		if name != "Date" {
			out[name] = strings.Join(values, "\n")
		}
	}
	return out
}

// Whoever signs is answered with the same bytes, whatever becomes of it: new,
// again while it waits, again after it counted, from a refused mail service, with
// a household's second name.
func TestAnswersAreTheSame(t *testing.T) {
	p := newPetitionSite(t, nil, func(r *rulesOfTest) { r.Blocked = map[string]bool{"blocked.example": true} })
	p.confirmed(formOf("counted@example.org"))
	other := formOf("counted@example.org")
	other.Set("name", "Another Person")
	show := formOf("shown@example.org")
	show.Set("disclosure", "name")
	forms := map[string]url.Values{
		"new": formOf("new@example.org"), "pending": formOf("new@example.org"), "counted": formOf("counted@example.org"),
		"other case": formOf("Counted@Example.ORG"), "second name": other, "blocked": formOf("x@blocked.example"), "all": show,
	}
	want := allTold(p.sign(formOf("first@example.org")).status(200))
	for _, lang := range []string{"", "/ur", "/fa"} {
		var first map[string]string
		for name, form := range forms {
			got := allTold(p.post(lang+"/petitions/"+p.slug+"/sign", form.Encode()).status(200))
			if lang == "" && !cmp.Equal(want, got) {
				t.Errorf("%s: %s", name, cmp.Diff(want, got))
			}
			if first == nil {
				first = got
			}
			if !cmp.Equal(first, got) {
				t.Errorf("%s %s: %s", lang, name, cmp.Diff(first, got))
			}
		}
	}
	for _, word := range []string{"Testa", "example.org", "Example Town"} {
		if strings.Contains(want["body"], word) {
			t.Errorf("the answer holds %q", word)
		}
	}
	if want["Cache-Control"] != "no-store" || want["Referrer-Policy"] != "no-referrer" || want["Set-Cookie"] != "" {
		t.Errorf("headers %v", want)
	}
}

// The same where a network has sent too many.
func TestThrottledIsAnsweredTheSame(t *testing.T) {
	p := newPetitionSite(t, nil, func(r *rulesOfTest) { r.Soft, r.Hard = signing.Rate{Burst: 1}, signing.Rate{Burst: 2} })
	want := allTold(p.sign(formOf("one@example.org")).status(200))
	for i := range 8 {
		got := allTold(p.sign(formOf(fmt.Sprintf("more%d@example.org", i))).status(200))
		if !cmp.Equal(want, got) {
			t.Errorf("signature %d: %s", i+2, cmp.Diff(want, got))
		}
	}
}

// hostileTexts are texts that have broken other sites.
var hostileTexts = []string{
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(1)", "\u202egnitset", "a\u200bb", "http://x.example", "\x00", "\xff\xfe",
	"'; drop table signature; --", "{{.L.T}}", "%s%n", strings.Repeat("a", 5000), strings.Repeat("ع", 400), "name@example.org", "a@b", "a@[127.0.0.1]", "\"a b\"@example.org", "a@example.org\r\nBcc: x@example.org",
	"ZZ", "PK ", "pk", "count", "NAME", "yes", "on", "", " ", "\t\n", "javascript:alert(1)", "<svg onload=alert(1)>", "&lt;", "۱۲۳", "AAAA-BBBB-CCCC",
}

// A thousand hostile forms: none fails on our side, none comes back as markup,
// none is kept as it came.
func TestHostileForms(t *testing.T) {
	t.Parallel() // long
	hostileForms(t, 1000)
}

// Ten thousand of them.
func TestHostileFormsLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	hostileForms(t, 10_000)
}

func hostileForms(t *testing.T, n int) {
	t.Helper()
	p := newPetitionSite(t, nil, func(r *rulesOfTest) { r.Soft, r.Hard = endless, endless })
	fields := []string{"name", "email", "country", "city", "disclosure", "disclosure_public", "disclosure_organiser", "disclosure_addressee", "consent", "updates", "edition", "lang", "code", "t", "more"}
	random := rand.New(rand.NewPCG(1, 2))
	bodies := make(chan string)
	go func() {
		defer close(bodies)
		for range n {
			form := formOf("testa@example.org")
			for range 1 + random.IntN(4) {
				form.Add(fields[random.IntN(len(fields))], hostileTexts[random.IntN(len(hostileTexts))])
				form.Set(fields[random.IntN(len(fields))], hostileTexts[random.IntN(len(hostileTexts))])
			}
			body := form.Encode()
			switch random.IntN(12) {
			case 0:
				body = body[:random.IntN(len(body))]
			case 1:
				body = strings.ReplaceAll(body, "%", "%%")
			case 2:
				body += "&" + strings.Repeat("x=1&", random.IntN(6000))
			case 3:
				b := []byte(body)
				b[random.IntN(len(b))] = byte(random.IntN(256))
				body = string(b)
			}
			bodies <- body
		}
	}()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for body := range bodies {
				a := p.post("/petitions/"+p.slug+"/sign", body)
				switch a.StatusCode {
				case 200, 400, 409, 413, 422:
				default:
					t.Errorf("status %d for %.200q", a.StatusCode, body)
				}
				for _, bad := range []string{"<script>alert", "<img src=x", "<svg onload", "\x00"} {
					if strings.Contains(a.body, bad) {
						t.Errorf("%q came back from %.300q", bad, body)
					}
				}
			}
		})
	}
	wait.Wait()
	list, err := p.desk.MailWaiting(context.Background(), access.House(), 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if strings.ContainsAny(m.Message.To, "\r\n\x00<>") || strings.Contains(m.Message.Text, "<script") || strings.Contains(m.Message.HTML, "<script") {
			t.Errorf("a mail to %q holds what was sent", m.Message.To)
		}
	}
}

// A refused form keeps what was typed and says what is wrong beside each field.
func TestSignKeepsWhatWasTyped(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	form := formOf("not an address")
	form.Set("name", `Testa "Quote" <b>`)
	form.Set("country", "")
	form.Del("consent")
	a := p.sign(form).status(422)
	a.has(word("sign.wrong.email"), word("sign.wrong.country"), word("sign.wrong.consent"), `value="not an address"`, "Testa &#34;Quote&#34; &lt;b&gt;", `aria-invalid="true"`)
	a.hasNot("<b>\"", "in-steps\"")
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Error("a refused form may be kept")
	}
	checkPage(t, "refused form", a)
	// What is missing hides the most.
	form = formOf("safest@example.org")
	for _, f := range []string{"disclosure_public", "disclosure_organiser", "disclosure_addressee"} {
		form.Del(f)
	}
	link := p.confirmed(form)
	level := word("sign.level.count")
	for _, a := range []string{"public", "organiser", "addressee"} {
		p.get(link).status(200).has(strings.NewReplacer("{level}", level).Replace(word("own.sees.disclosure_" + a)))
	}
}

// Nothing of a signer is on any page or in any document that others see, and
// nothing of it in the log.
func TestSignersStayHidden(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	var log strings.Builder
	var mu sync.Mutex
	p.srv.log = slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	form := formOf("plantedaddress@example.org")
	form.Set("name", "Plantedname Person")
	form.Set("city", "Plantedtown")
	link := p.confirmed(form)
	token := tokenOf(link)
	base := "/petitions/" + p.slug
	number := strconv.Itoa(p.number)
	for _, path := range []string{
		base, "/ur" + base, base + "/integrity", base + "/integrity.json", base + "/count.json", base + ".json", "/petitions/" + number + ".json", base + "/to/mayor", base + "/versions/1",
		base + "/compare", base + "/sign", base + "/sign/thanks", base + "/badge.svg", "/petitions", "/petitions.json", "/petitions.csv", "/feeds/petitions.atom", "/api/v1/osdi/petitions", "/sitemap.xml", "/",
		base + "/confirm", base + "/confirm?t=" + token[:len(token)-2] + "xx", base + "/unsubscribe?t=none", "/s/" + token[:len(token)-2] + "xx", "/s/none/unsubscribe", base + "/names", "/fa" + base + "/names",
	} {
		p.get(path).hasNot("lantedname", "lantedaddress", "lantedtown", token)
	}
	// The link's own page is for its holder, and names no petition in its title.
	a := p.get(link).status(200)
	if title := a.texts("title"); len(title) != 1 || strings.Contains(title[0], "Testfall") {
		t.Errorf("title %q", title)
	}
	for _, n := range a.find("a") {
		// The receipt is below the link itself, and as neutral.
		if href := attr(n, "href"); strings.Contains(href, token) && href != link+"/receipt" {
			t.Errorf("the link's secret goes on to %s", attr(n, "href"))
		}
	}
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers %v", a.Header)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, planted := range []string{"lantedname", "lantedaddress", "lantedtown", token} {
		if strings.Contains(log.String(), planted) {
			t.Errorf("the log holds %q", planted)
		}
	}
}

type lockedWriter struct {
	mu *sync.Mutex
	b  *strings.Builder
}

func (w lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(b)
}

// Looking confirms nothing, pressing twice counts once, and a link of another
// kind opens nothing.
func TestOwnLink(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	p.sign(formOf("testa@example.org")).status(200)
	link := p.links()["testa@example.org"]
	for range 3 {
		p.get(link).status(200).has(word("own.confirm"))
		p.do("HEAD", link, "").status(200)
	}
	p.post(link, "name=%3Dbad").status(422).has("A name cannot begin with", `id="e-name"`)
	p.post(link, "name=Testa+Corrected&city=Testfall").status(200).has(word("own.confirmed"))
	p.post(link, "").status(200)
	p.until("one signature", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":1,`)
	})
	// Lower at once; more only with the name again.
	change := link + "/change"
	p.post(change, "disclosure_public=name&disclosure_organiser=name&disclosure_addressee=count").status(200).has(word("own.changed"))
	p.post(change, "disclosure_public=count&disclosure_organiser=count&disclosure_addressee=count").status(200)
	p.post(change, "disclosure_public=name").status(422).has(`id="e-name"`)
	p.post(change, "disclosure_public=name&name=Testa+Again").status(200)
	p.post(link+"/unsubscribe", "").status(200)
	p.get(link + "/withdraw").status(200).has(word("own.withdraw"))
	p.post(link+"/withdraw", "").status(200)
	p.post(link, "").status(404)
	for _, bad := range []string{"", "t=", "t=x", "t=" + strings.Repeat("A", 5000), "t=%00"} {
		p.post("/petitions/"+p.slug+"/confirm", bad).status(404).has(word("own.gone"))
	}
}

// The private copy is open only to whoever sits at this very machine.
func TestPracticeIsPrivate(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	p.openPractice()
	base := "/petitions/" + p.slug
	p.get(base).status(200).has(word("petition.private"), "/sign\"")
	p.sign(formOf("near@example.org")).status(200)
	for name, header := range map[string][]string{
		"proxy": {"X-Forwarded-For", "203.0.113.7"}, "forwarded": {"Forwarded", "for=203.0.113.7"}, "via": {"Via", "1.1 proxy"}, "name": {"Host", "petitions.example"},
	} {
		get := p.getAs(t, base, header)
		if !strings.Contains(get, word("petition.why.practice")) || strings.Contains(get, `href="`+base+`/sign"`) {
			t.Errorf("%s: the private copy is shown open", name)
		}
		if status := p.postAs(t, base+"/sign", formOf("far@example.org").Encode(), header); status != http.StatusConflict {
			t.Errorf("%s: signing from elsewhere is answered with %d", name, status)
		}
		if link := p.links()["far@example.org"]; link != "" {
			t.Errorf("%s: it was kept", name)
		}
	}
}

func (p *petitionSite) request(t *testing.T, method, path, body string, header []string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(method, p.http.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if header[0] == "Host" {
		req.Host = header[1]
	} else {
		req.Header.Set(header[0], header[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func (p *petitionSite) getAs(t *testing.T, path string, header []string) string {
	t.Helper()
	var b strings.Builder
	resp := p.request(t, "GET", path, "", header)
	if _, err := io.Copy(&b, resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (p *petitionSite) postAs(t *testing.T, path, body string, header []string) int {
	t.Helper()
	return p.request(t, "POST", path, body, header).StatusCode
}

// What is taken back is gone from memory with the next look, and a petition
// refused for a reason that endangers somebody is named nowhere.
func TestTakenBackIsGone(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	base := "/petitions/" + p.slug
	for range 3 {
		p.get(base).status(200).has("What follows is invented")
	}
	item, err := p.desk.ByID(context.Background(), access.House(), p.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.desk.Stop(context.Background(), access.House(), p.id, item.Rev, record.RejectEndangers, record.Plain("en", "It could endanger an invented person.")); err != nil {
		t.Fatal(err)
	}
	p.until("the text to be gone", func() bool { return !strings.Contains(p.get(base).body, "What follows is invented") })
	p.get(base).has("It could endanger an invented person.")
	for _, path := range []string{base, "/", "/petitions", "/petitions.json", "/petitions.csv", "/sitemap.xml", "/feeds/petitions.atom", "/api/v1/osdi/petitions"} {
		p.get(path).hasNot("Answer for the attack")
	}
	for _, path := range []string{base + ".json", base + "/count.json", base + "/integrity", base + "/versions/1", base + "/compare", base + "/to/mayor", base + "/sign", base + "/badge.svg"} {
		p.get(path).status(404)
	}
	if a := p.sign(formOf("late@example.org")); a.StatusCode != 404 && a.StatusCode != 409 {
		t.Errorf("signing is answered with %d", a.StatusCode)
	}
}

// A draft is nobody's but the house's.
func TestDraftsStayInside(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	id, err := p.desk.Make(context.Background(), access.House(), "en", "Plantedword draft")
	if err != nil {
		t.Fatal(err)
	}
	item, err := p.desk.ByID(context.Background(), access.House(), id)
	if err != nil {
		t.Fatal(err)
	}
	p.srv.front.forget()
	base := "/petitions/" + item.Rec.Slug
	for _, path := range []string{base, base + ".json", "/petitions/" + strconv.Itoa(item.Rec.Number), base + "/count.json", base + "/sign", base + "/integrity.json", base + "/badge.svg"} {
		p.get(path).status(404).hasNot("lantedword draft")
	}
	for _, path := range []string{"/", "/petitions", "/petitions.json", "/petitions.csv", "/feeds/petitions.atom", "/sitemap.xml", "/petitions?q=plantedword", "/petitions?state=all"} {
		p.get(path).status(200).hasNot("lantedword draft")
	}
	p.post(base+"/sign", formOf("x@example.org").Encode()).status(404)
}

// In steps the same bytes are given until the next step.
func TestStepsShowNoTick(t *testing.T) {
	p := newPetitionSite(t, func(k *record.Petition) { k.Pace = record.PaceSteps }, nil)
	base := "/petitions/" + p.slug
	paths := []string{base + "/count.json", base + "/integrity.json", base + "/badge.svg", base}
	var before []string
	for _, path := range paths {
		before = append(before, p.get(path).status(200).body)
	}
	p.confirmed(formOf("testa@example.org"))
	// Long enough for a live count to have moved.
	live := newPetitionSite(t, nil, nil)
	live.confirmed(formOf("testa@example.org"))
	live.until("a live count", func() bool {
		return strings.Contains(live.get("/petitions/"+live.slug+"/count.json").body, `"signature_count":1,`)
	})
	for i, path := range paths {
		a := p.get(path).status(200)
		if a.body != before[i] {
			t.Errorf("%s moved with one signature", path)
		}
	}
	if got := p.get(base + "/count.json").Header.Get("Cache-Control"); got != "public, max-age=60" {
		t.Errorf("count.json says %q", got)
	}
	if got := live.get("/petitions/" + live.slug + "/count.json").Header.Get("Cache-Control"); got != "public, max-age=1" {
		t.Errorf("a live count.json says %q", got)
	}
}

// The front answers like the layers behind it: to validators, to those who take
// compressed answers, and not at all for whoever is signed in.
func TestFront(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	base := "/petitions/" + p.slug
	for _, path := range []string{base, base + "/count.json", "/ur" + base, base + "/badge.svg"} {
		first := p.get(path).status(200)
		again := p.get(path).status(200)
		if first.body != again.body || first.Header.Get("Etag") == "" || again.Header.Get("Etag") != first.Header.Get("Etag") {
			t.Errorf("%s: two answers differ", path)
		}
		p.get(path, "If-None-Match", first.Header.Get("Etag")).status(304)
		if b := p.do("HEAD", path, "").status(200); b.body != "" {
			t.Errorf("%s: HEAD has a body", path)
		}
	}
	if a := p.get(base, "Accept-Encoding", "gzip"); a.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("headers %v", a.Header)
	}
	if a := p.get(base, "Cookie", "gawah_session=x"); a.Header.Get("X-Request-Id") == "" {
		t.Error("somebody with a session is answered from the front")
	}
	if a := p.get(base + "/count.json"); a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("X-Request-Id") != "" {
		t.Errorf("headers %v", a.Header)
	}
	// Names made up by whoever sends them fill no memory.
	for i := range 3 * frontHosts {
		_ = p.getAs(t, base+"/count.json", []string{"Host", fmt.Sprintf("made-up-%d.example", i)})
	}
	p.srv.front.mu.RLock()
	defer p.srv.front.mu.RUnlock()
	if n := len(p.srv.front.tables); n > frontHosts {
		t.Errorf("%d names are kept", n)
	}
}
