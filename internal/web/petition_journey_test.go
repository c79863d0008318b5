package web

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// plainly looks for what a screen reader stumbles over: a control without a name,
// an id used twice or pointing nowhere, a heading left out, a picture without
// words, text in a language the page does not say, a table without heads, a
// target too small for a thumb.
const plainly = `(() => {
	const bad = [];
	const ids = {};
	for (const e of document.querySelectorAll('[id]')) { if (ids[e.id]) bad.push('id twice: ' + e.id); ids[e.id] = true; }
	for (const e of document.querySelectorAll('[aria-describedby],[aria-labelledby]'))
		for (const id of (e.getAttribute('aria-describedby') || '').split(' ').concat((e.getAttribute('aria-labelledby') || '').split(' ')))
			if (id && !ids[id]) bad.push('points nowhere: ' + id);
	for (const e of document.querySelectorAll('a[href^="#"]')) { const id = e.getAttribute('href').slice(1); if (id && !ids[id]) bad.push('leads nowhere: #' + id); }
	for (const e of document.querySelectorAll('input:not([type=hidden]),select,textarea'))
		if (!(e.labels && e.labels.length && [...e.labels].some(l => l.textContent.trim())) && !e.getAttribute('aria-label')) bad.push('no label: ' + e.name);
	for (const e of document.querySelectorAll('a[href],button,summary'))
		if (!(e.textContent.trim() || e.getAttribute('aria-label') || e.querySelector('img[alt]:not([alt=""])'))) bad.push('no name: ' + e.outerHTML.slice(0, 80));
	for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) bad.push('no words: ' + e.src);
	let level = 0;
	for (const e of document.querySelectorAll('h1,h2,h3,h4,h5')) {
		const n = +e.tagName[1];
		if (n > level + 1) bad.push('heading left out before: ' + e.textContent.slice(0, 40));
		level = n;
	}
	if (document.querySelectorAll('h1').length !== 1) bad.push('not one h1');
	if (document.querySelectorAll('main').length !== 1) bad.push('not one main');
	if (!document.documentElement.lang || !document.documentElement.dir) bad.push('no language');
	if (!document.title.trim()) bad.push('no title');
	for (const e of document.querySelectorAll('table')) if (!e.querySelector('th') || !e.querySelector('caption')) bad.push('a table without heads or caption');
	for (const e of document.querySelectorAll('[role=alert],[role=status],section[aria-label],nav')) if (e.tagName === 'NAV' && !e.getAttribute('aria-label')) bad.push('a nav without a name');
	for (const e of document.querySelectorAll('fieldset')) if (!e.querySelector('legend')) bad.push('a group without a name');
	for (const e of document.querySelectorAll('progress')) if (!(e.labels && e.labels.length)) bad.push('a progress without a name');
	for (const e of document.querySelectorAll('main button,main input:not([type=hidden]):not([type=checkbox]):not([type=radio]),main select')) {
		const r = e.getBoundingClientRect();
		if (r.width && (r.height < 24 || r.width < 24)) bad.push('too small: ' + (e.name || e.textContent));
	}
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const rtl = /[\u0600-\u06ff]{3,}/;
	while (walker.nextNode()) {
		const p = walker.currentNode.parentElement, text = walker.currentNode.textContent;
		if (!p || !p.getClientRects().length || ['OPTION', 'SCRIPT', 'STYLE'].includes(p.tagName)) continue;
		const from = p.closest('[lang]'), auto = p.closest('[dir=auto]');
		if (from && from.lang.startsWith('en') && rtl.test(text) && !auto) bad.push('not marked as another language: ' + text.trim().slice(0, 40));
	}
	return bad.join('\n');
})()`

// TestPetitionsReadAloudLong checks every public page of a petition in three
// languages by those rules.
func TestPetitionsReadAloudLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	p := newPetitionSite(t, nil, nil)
	p.sign(formOf("testa@example.org")).status(200)
	pending := p.links()["testa@example.org"]
	b := testbrowser.New(t)
	base := "/petitions/" + p.slug
	for _, lang := range []string{"", "/ur", "/fa"} {
		for _, path := range []string{"/petitions", base, base + "/sign", base + "/sign?code", base + "/sign/organisation", base + "/sign/thanks", base + "/integrity", base + "/compare", base + "/versions/1", base + "/to/mayor", pending, base + "/unsubscribe?t=x"} {
			page := b.Open(t, p.http.URL+lang+path, testbrowser.View{Width: testbrowser.Narrow})
			if bad := testbrowser.Get(page, chromedp.Evaluate[string](plainly)); bad != "" {
				t.Errorf("%s%s:\n%s", lang, path, bad)
			}
			if n := page.Overflow(); n > 0 {
				t.Errorf("%s%s: %d pixels too wide", lang, path, n)
			}
			for _, e := range page.Errors() {
				t.Errorf("%s%s: %s", lang, path, e)
			}
			if other := page.Elsewhere(p.http.URL); len(other) > 0 {
				t.Errorf("%s%s asks elsewhere: %v", lang, path, other)
			}
		}
	}
}

// TestJourneySigner is somebody on a telephone with scripts off: reads, follows a
// footnote to its source, signs, confirms, sees the count move, and withdraws.
func TestJourneySigner(t *testing.T) {
	t.Parallel() // long, and waits in between
	p := newPetitionSite(t, nil, nil)
	b := testbrowser.New(t)
	base := "/petitions/" + p.slug
	far := slowly(t, p.http.Listener.Addr().String())
	page := b.Open(t, far+base, testbrowser.View{Width: testbrowser.Narrow, NoScripts: true})
	if n := page.Transferred(); n > 100<<10 {
		t.Errorf("the first view takes %d bytes: %v", n, page.Requests())
	}
	page.Goto(far + "/petitions")
	page.Follow("ul.petitions a")
	page.Wait(".fig-best")
	if got := page.Text(".fig-best"); got != "0" {
		t.Errorf("the count is %q before anybody signed", got)
	}
	page.Click(".note-mark a")
	page.Wait("#note-1:target")
	page.Follow("#note-1 a[href^='/sources/']")
	page.Wait("#copies")
	page.Goto(far + base)
	page.Follow("a.button.primary")
	page.Wait("#f-name")
	page.Type("#f-name", "Testa Person")
	page.Type("#f-email", "testa@example.org")
	page.Do(chromedp.SetValue(chromedp.CSS("#f-country"), "PK"))
	page.Click("#who .onward a")
	page.Wait("#show:target")
	page.Click("#show .onward a.primary")
	page.Wait("#agree:target")
	page.Click("#f-consent")
	page.Follow("#agree button")
	p.until("the mail", func() bool { return p.links()["testa@example.org"] != "" })
	link := p.links()["testa@example.org"]
	page.Goto(far + link)
	page.Follow("form.form button.primary")
	page.Wait(".flash")
	p.until("the count to move", func() bool { return strings.Contains(p.get(base+"/count.json").body, `"signature_count":1,`) })
	page.Goto(far + base)
	if got := page.Text(".fig-best"); got != "1" {
		t.Errorf("the count is %q after one signature", got)
	}
	page.Goto(far + link)
	page.Follow("form[action$='/withdraw'] button")
	page.Wait(".lede")
	p.until("the count to move back", func() bool { return strings.Contains(p.get(base+"/count.json").body, `"signature_count":0,`) })
	for _, e := range page.Errors() {
		t.Error(e)
	}
}

// slowly is a poor line to an address: 200 KB a second and a delay on the way.
func slowly(t *testing.T, addr string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", addr)
			if err != nil {
				_ = near.Close()
				return
			}
			go func() {
				_, _ = io.Copy(far, near)
				_ = far.Close()
			}()
			go func() {
				defer near.Close()
				tick := time.NewTicker(20 * time.Millisecond)
				defer tick.Stop()
				for {
					<-tick.C
					if _, err := io.CopyN(near, far, 4<<10); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}
