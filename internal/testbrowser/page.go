package testbrowser

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// stepTimeout bounds one call on a page, so that a selector which never
// matches ends its own step and is named in the failure.
const stepTimeout = 30 * time.Second

// A View is how a page is looked at. The zero value is a wide window (1440 by
// 900 CSS pixels), light, on screen, with scripts.
type View struct {
	Width, Height int  // CSS pixels; 0 means 1440 and 900
	Dark          bool // prefers-color-scheme: dark
	Print         bool // print media; the colour scheme is then ignored by most pages
	NoScripts     bool // the page's own scripts do not run
}

// Narrow is the width of a small phone, Wide that of a desk, in CSS pixels.
const (
	Narrow = 360
	Wide   = 1440
)

// A Page is one tab with cookies of its own, and nothing cached. Its methods
// end the test when the browser refuses; they are for one goroutine.
type Page struct {
	t    testing.TB
	ctx  context.Context // carries chromedp's tab
	view View

	mu       sync.Mutex // guards what the browser's events write
	requests []*Request
	open     map[network.RequestID]*Request // the latest of each chain of redirects
	console  []string
}

// Blank opens an empty page with cookies of its own. The page closes when t
// ends.
func (b *Browser) Blank(t testing.TB, view View) *Page {
	t.Helper()
	if view.Width == 0 {
		view.Width = Wide
	}
	if view.Height == 0 {
		view.Height = 900
	}
	p := &Page{t: t, view: view, open: make(map[network.RequestID]*Request)}
	ctx, expire := context.WithTimeout(b.ctx, lifetime)
	t.Cleanup(expire)
	ctx, cancel := chromedp.NewContext(ctx,
		chromedp.WithNewBrowserContext(),
		chromedp.WithListener(p.record))
	p.ctx = ctx
	t.Cleanup(cancel)

	// The first run binds the tab's life to its context: no timeout here.
	if err := chromedp.Do(ctx, chromedp.Func(p.prepare)); err != nil {
		t.Fatalf("open a page: %v", err)
	}
	return p
}

// prepare sets up an empty tab for the view.
func (p *Page) prepare(ctx context.Context, tab *chromedp.Target) error {
	if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, tab, cdplog.Enable, cdp.Empty{}); err != nil {
		return err
	}
	// A cached style sheet would make a first view look lighter than it is.
	if _, err := cdp.Call(ctx, tab, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
		return err
	}
	media := emulation.SetEmulatedMediaParams{Media: "screen"}
	if p.view.Print {
		media.Media = "print"
	}
	scheme := "light"
	if p.view.Dark {
		scheme = "dark"
	}
	media.Features = []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		// A picture in the middle of an animation is another one each time.
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}
	if _, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: p.view.NoScripts}); err != nil {
		return err
	}
	_, err := chromedp.EmulateViewport(int64(p.view.Width), int64(p.view.Height))(ctx, tab)
	return err
}

// Open opens a page at an address and waits until it has loaded.
func (b *Browser) Open(t testing.TB, address string, view View) *Page {
	t.Helper()
	p := b.Blank(t, view)
	p.Goto(address)
	return p
}

// Goto goes to another address in the same tab, with the same cookies, and
// waits until the page has loaded.
func (p *Page) Goto(address string) {
	p.t.Helper()
	if err := p.Try(chromedp.Navigate(address)); err != nil {
		p.t.Fatalf("go to %s: %v", address, err)
	}
}

// Try runs actions in order, stops at the first that fails and returns its
// error. It is for what may fail; Do is for what may not.
func (p *Page) Try(actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, stepTimeout)
	defer cancel()
	return chromedp.Do(ctx, actions...)
}

// Do runs actions in order and ends the test at the first that fails, with a
// picture of the page as it was then.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	for i, action := range actions {
		if err := p.Try(action); err != nil {
			at, _ := get(p, chromedp.Location())
			p.t.Fatalf("step %d of %d at %s: %v\npicture: %s", i+1, len(actions), at, err, p.failure())
		}
	}
}

// Click clicks on the first visible element that matches the CSS selector. It
// does not wait for a page that this leads to: wait for something on it.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Do(chromedp.Click(chromedp.CSS(selector)))
}

// Follow clicks on the first visible element that matches the CSS selector and
// waits until the page that this leads to has loaded.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	p.Leave(chromedp.Click(chromedp.CSS(selector)))
}

// Leave runs an action that leads to another page and waits until that has
// loaded. Where both pages have an element, waiting for it would find the old
// one, before the server has even been asked; Leave marks the old document and
// waits for one without the mark.
func (p *Page) Leave(action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	const mark = "leftFromHere"
	p.Do(chromedp.Evaluate[chromedp.Void](`document.`+mark+` = true`), action)
	for deadline := time.Now().Add(stepTimeout); ; time.Sleep(20 * time.Millisecond) {
		// An error says that there is no document between the two.
		there, err := get(p, chromedp.Evaluate[bool](`!document.`+mark+` && document.readyState === "complete"`))
		if err == nil && there {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("no other page within %v (%v)\npicture: %s", stepTimeout, err, p.failure())
		}
	}
}

// Type writes text into the first visible element that matches the CSS
// selector, key by key, after emptying it.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Do(chromedp.Clear(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Wait waits until an element that matches the CSS selector is visible.
func (p *Page) Wait(selector string) {
	p.t.Helper()
	p.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Text returns the visible text of the first element that matches the CSS
// selector.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return Get(p, chromedp.Text(chromedp.CSS(selector)))
}

// Address returns the address of the page.
func (p *Page) Address() string {
	p.t.Helper()
	return Get(p, chromedp.Location())
}

// Overflow returns by how many CSS pixels the page is wider than its window: 0
// where nothing has to be scrolled sideways.
func (p *Page) Overflow() int {
	p.t.Helper()
	return Get(p, chromedp.Evaluate[int](
		`Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)`))
}

// Get runs an action on p and returns its value; the test ends if it fails.
func Get[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	v, err := get(p, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func get[T any](p *Page, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, stepTimeout)
	defer cancel()
	return chromedp.Run(ctx, action)
}

// Screenshot takes a picture of the whole page, not only of the window, and
// returns the path of the PNG: name and view in the directory of ScreenshotsEnv,
// where a picture of an earlier run is overwritten. Without that directory nobody
// would see it: then no picture is taken and the path is "".
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	dir := os.Getenv(ScreenshotsEnv)
	if dir == "" {
		return ""
	}
	png, err := p.picture()
	if err != nil {
		p.t.Fatalf("picture of %s: %v", name, err)
	}
	path := filepath.Join(screenshotDir(p.t, dir), fileName(name, p.view))
	if err := os.WriteFile(path, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// picture takes the picture. Among many open tabs Chromium now and then waits for a
// frame that it never draws; it draws one when the tab comes to the front.
func (p *Page) picture() (png []byte, err error) {
	for range 3 {
		ctx, cancel := context.WithTimeout(p.ctx, stepTimeout/3)
		png, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			return png, err
		}
		_, front := get(p, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
			return cdp.Call(ctx, tab, page.BringToFront, cdp.Empty{})
		})
		if front != nil {
			return nil, front
		}
	}
	return nil, err
}

// failure takes a picture of the page on which a test fails, and says where it is.
func (p *Page) failure() string {
	p.t.Helper()
	if path := p.Screenshot("failed-" + p.t.Name()); path != "" {
		return path
	}
	return "set " + ScreenshotsEnv + " to a directory for one"
}

// Screenshot opens address in a page of its own and takes a picture of it, as
// Page.Screenshot does.
func (b *Browser) Screenshot(t testing.TB, name, address string, view View) string {
	t.Helper()
	return b.Open(t, address, view).Screenshot(name)
}

// fileName is the name of a picture: letters, digits and hyphens, the width,
// and what else is not ordinary about the view.
func fileName(name string, view View) string {
	keep := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
			return r
		default:
			return '-'
		}
	}, name)
	var b strings.Builder
	b.WriteString(strings.Trim(keep, "-"))
	b.WriteByte('-')
	b.WriteString(strconv.Itoa(view.Width))
	if view.Dark {
		b.WriteString("-dark")
	}
	if view.Print {
		b.WriteString("-print")
	}
	if view.NoScripts {
		b.WriteString("-noscript")
	}
	return b.String() + ".png"
}

// sameOrigin reports whether two addresses have the same scheme, host and port.
func sameOrigin(a, b string) bool {
	u, err := url.Parse(a)
	if err != nil {
		return false
	}
	v, err := url.Parse(b)
	return err == nil && u.Scheme == v.Scheme && u.Host == v.Host
}
