package static_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
	"github.com/gawah-project/gawah/internal/web/static"
)

// policy is as strict as the site's: a style attribute or an inline script
// in a drawing would show as a complaint in the console.
const policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; base-uri 'none'"

func serve(t *testing.T) string {
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		theme := r.FormValue("theme")
		if theme == "" {
			theme = "light"
		}
		_, _ = w.Write([]byte(document(r.PathValue("name"), theme, static.URL("gawah.css"), static.URL("desk.js"))))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func TestInBrowserLong(t *testing.T) {
	testneed.Long(t, "opens a browser on every page")
	b := testbrowser.New(t)
	site := serve(t)

	t.Run("no page scrolls sideways", func(t *testing.T) {
		for name := range pages() {
			for _, width := range []int{testbrowser.Narrow, 740, testbrowser.Wide} {
				p := b.Open(t, site+"/"+name, testbrowser.View{Width: width})
				if n := p.Overflow(); n > 0 {
					t.Errorf("%s at %d: %d pixels too wide", name, width, n)
				}
				for _, e := range p.Errors() {
					t.Errorf("%s: the browser complains: %s", name, e)
				}
			}
		}
	})

	// The fonts a page asks for, which the reader's connection pays for.
	t.Run("fonts by language", func(t *testing.T) {
		for name, want := range map[string][]string{
			"event":     {"source-serif-4-latin.woff2"},
			"event-rtl": {"noto-naskh-arabic.woff2", "source-serif-4-latin.woff2"},
		} {
			p := b.Open(t, site+"/"+name, testbrowser.View{Width: testbrowser.Narrow})
			testbrowser.Get(p, chromedp.Evaluate[bool](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise))
			got := map[string]bool{}
			var total int64
			for _, r := range p.Requests() {
				total += r.Transferred
				if !strings.HasPrefix(r.URL, site) && !strings.HasPrefix(r.URL, "data:") {
					t.Errorf("%s reaches for %s", name, r.URL)
				}
				if strings.HasSuffix(r.URL, ".woff2") {
					got[r.URL[strings.LastIndexByte(r.URL, '/')+1:]] = true
				}
			}
			wanted := map[string]bool{}
			for _, w := range want {
				wanted[w] = true
			}
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Errorf("%s: fonts (-want +got)\n%s", name, diff)
			}
			t.Logf("%s: %d bytes over the wire, the page itself uncompressed", name, total)
		}
	})

	// Characters beyond the basic plane take two units in the browser and
	// count as one position.
	t.Run("passage in code points", func(t *testing.T) {
		p := b.Open(t, site+"/desk", testbrowser.View{})
		got := testbrowser.Get(p, chromedp.Evaluate[string](`(() => {
			const pane = document.querySelector('[data-reading]');
			pane.textContent = '𐀀𐀀 one two 𐀀 three four';
			const text = pane.firstChild, s = getSelection();
			const from = text.data.indexOf('two'), to = text.data.indexOf(' four');
			s.setBaseAndExtent(text, from - 1, text, to + 1);
			pane.dispatchEvent(new KeyboardEvent('keyup', {key: 'Shift'}));
			const f = document.querySelector('[data-passage-form]').elements;
			return ['quote', 'prefix', 'suffix', 'start', 'end'].map((n) => f[n].value).join('|');
		})()`))
		if want := "two 𐀀 three|𐀀𐀀 one | four|7|18"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})

	t.Run("passage by keyboard", func(t *testing.T) {
		p := b.Open(t, site+"/desk", testbrowser.View{})
		got := testbrowser.Get(p, chromedp.Evaluate[string](`(() => {
			const pane = document.querySelector('[data-reading]');
			pane.textContent = 'alpha beta gamma';
			pane.focus();
			getSelection().collapse(pane.firstChild, 0);
			const press = (key, shiftKey) => pane.dispatchEvent(new KeyboardEvent('keydown', {key, shiftKey, bubbles: true, cancelable: true}));
			press('ArrowRight', false); press('ArrowRight', true); press('Enter', false);
			return document.querySelector('[data-passage-form]').elements.quote.value + '|' + document.activeElement.tagName;
		})()`))
		if want := "beta|SELECT"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
