package testbrowser

import (
	"compress/gzip"
	"fmt"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// front is a page with a little of everything that the package looks at.
const front = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Front</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body><h1>Front</h1><p id="js">without</p>
<form action="/greet"><input name="who" value="old"><button>Go</button></form>
<script src="/script.js"></script></body></html>`

func site(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	serve := func(pattern, kind, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Cache-Control", "max-age=3600")
			fmt.Fprint(w, body)
		})
	}
	serve("GET /{$}", "text/html", front)
	serve("GET /style.css", "text/css", `body{margin:0;background:#fff}
@media (prefers-color-scheme: dark){body{background:#000}}
@media print{body{background:#0f0}}
@media (max-width: 400px){h1{width:500px}}`)
	serve("GET /script.js", "text/javascript", `document.getElementById("js").textContent = "with"`)
	serve("GET /bad", "text/html", `<!doctype html><img src="http://elsewhere.example/pixel.png"><img src="/nothing.png">
<script>console.error("trouble", 7); throw new Error("broken")</script>`)
	mux.HandleFunc("GET /greet", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes", Path: "/"})
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><p id="hello">Hello %s</p>`, r.FormValue("who"))
	})
	mux.HandleFunc("GET /seen", func(w http.ResponseWriter, r *http.Request) {
		_, err := r.Cookie("seen")
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><p id="seen">%v</p>`, err == nil)
	})
	mux.Handle("GET /old", http.RedirectHandler("/", http.StatusMovedPermanently))
	mux.HandleFunc("GET /packed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		fmt.Fprint(z, "<!doctype html><p>", strings.Repeat("snow ", 40_000))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestBrowser(t *testing.T) {
	b := New(t)
	s := site(t)

	t.Run("requests", func(t *testing.T) {
		p := b.Open(t, s.URL+"/old", View{})
		var got []string
		for _, r := range p.Requests() {
			got = append(got, fmt.Sprint(r.Method, " ", strings.TrimPrefix(r.URL, s.URL), " ", r.Status, " ", r.Type))
			if r.Transferred <= 0 {
				t.Errorf("%s: transferred %d bytes", r.URL, r.Transferred)
			}
		}
		want := []string{"GET /old 301 Document", "GET / 200 Document", "GET /style.css 200 Stylesheet", "GET /script.js 200 Script"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if out := p.Elsewhere(s.URL); len(out) > 0 {
			t.Errorf("requests to %q", out)
		}
		if errs := p.Errors(); len(errs) > 0 {
			t.Errorf("errors %q", errs)
		}
		p.Forget()
		p.Goto(s.URL)
		if n := len(p.Requests()); n != 3 {
			t.Errorf("second view made %d requests, want 3: nothing may come from a cache", n)
		}
	})

	t.Run("transferred is compressed", func(t *testing.T) {
		n := b.Open(t, s.URL+"/packed", View{}).Transferred()
		if n < 100 || n > 10_000 {
			t.Errorf("transferred %d bytes of a page of 200,000 that packs well", n)
		}
	})

	t.Run("faults are seen", func(t *testing.T) {
		p := b.Open(t, s.URL+"/bad", View{})
		if diff := cmp.Diff([]string{"http://elsewhere.example/pixel.png"}, p.Elsewhere(s.URL)); diff != "" {
			t.Errorf("elsewhere (-want +got):\n%s", diff)
		}
		all := strings.Join(p.Errors(), "\n")
		for _, want := range []string{"trouble", "broken", "/nothing.png"} {
			if !strings.Contains(all, want) {
				t.Errorf("errors lack %q:\n%s", want, all)
			}
		}
	})

	t.Run("scripts", func(t *testing.T) {
		if got := b.Open(t, s.URL, View{}).Text("#js"); got != "with" {
			t.Errorf("with scripts the page says %q", got)
		}
		p := b.Open(t, s.URL, View{NoScripts: true})
		if got := p.Text("#js"); got != "without" {
			t.Errorf("without scripts the page says %q", got)
		}
		p.Type("input", "world")
		p.Click("button")
		p.Wait("#hello")
		if got := p.Text("#hello"); got != "Hello world" {
			t.Errorf("answer %q", got)
		}
		if got, want := p.Address(), s.URL+"/greet?who=world"; got != want {
			t.Errorf("at %s, want %s", got, want)
		}
		p.Goto(s.URL + "/seen")
		if got := p.Text("#seen"); got != "true" {
			t.Errorf("same page: cookie seen %s, want true", got)
		}
		if got := b.Open(t, s.URL+"/seen", View{}).Text("#seen"); got != "false" {
			t.Errorf("other page: cookie seen %s, want false", got)
		}
	})

	t.Run("pictures", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "new")
		t.Setenv(ScreenshotsEnv, dir)
		for _, tt := range []struct {
			view     View
			file     string
			width    int
			overflow bool
			corner   color.Color
		}{
			{View{}, "Front-page-1440.png", 1440, false, color.White},
			{View{Dark: true}, "Front-page-1440-dark.png", 1440, false, color.Black},
			{View{Print: true}, "Front-page-1440-print.png", 1440, false, color.RGBA{G: 255, A: 255}},
			{View{Width: Narrow, NoScripts: true}, "Front-page-360-noscript.png", 500, true, color.White},
		} {
			p := b.Open(t, s.URL, tt.view)
			path := p.Screenshot("Front page/")
			if want := filepath.Join(dir, tt.file); path != want {
				t.Fatalf("picture %s, want %s", path, want)
			}
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(f)
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			if w := img.Bounds().Dx(); w != tt.width {
				t.Errorf("%s: %d pixels wide, want %d", tt.file, w, tt.width)
			}
			at := img.Bounds().Max
			r, g, bl, _ := img.At(2, at.Y-2).RGBA()
			wr, wg, wb, _ := tt.corner.RGBA()
			if r != wr || g != wg || bl != wb {
				t.Errorf("%s: corner %x %x %x, want %v", tt.file, r, g, bl, tt.corner)
			}
			if got := p.Overflow() > 0; got != tt.overflow {
				t.Errorf("%s: overflow %d", tt.file, p.Overflow())
			}
		}
	})

	t.Run("a step that fails is an error", func(t *testing.T) {
		if err := b.Blank(t, View{}).Try(chromedp.Navigate("http://elsewhere.example/")); err == nil {
			t.Error("an address that cannot be resolved was opened")
		}
	})
}

func TestFindTakesTheGivenPath(t *testing.T) {
	t.Setenv(ChromiumEnv, "given")
	if got := find(); got != "given" {
		t.Errorf("find() = %q", got)
	}
}
