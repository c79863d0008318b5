// Package testbrowser drives a real Chromium for tests: it opens pages as a
// reader would see them (narrow or wide, light or dark, in print, without
// scripts), records every request a page makes, and takes pictures. Only tests
// import it.
//
// Chromium is the program named by GAWAH_TEST_CHROMIUM, or else the first of
// "chromium", "chromium-browser", "google-chrome" and "chrome" on PATH. Without
// one the test is skipped, or fails where testneed.RequireEnv lists "chromium".
//
// The browser resolves no name but localhost, so a page that reaches for
// another host is recorded as doing so and still sends nothing.
package testbrowser

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/testneed"
)

// ChromiumEnv names the environment variable with the path of Chromium.
const ChromiumEnv = "GAWAH_TEST_CHROMIUM"

// lifetime bounds everything that one test does with a page. It is far more
// than a journey takes, and ends one that waits for something that never comes.
const lifetime = 5 * time.Minute

// A Browser is one running Chromium with an empty profile. It is safe for use
// by several goroutines; each Page belongs to one.
type Browser struct {
	ctx context.Context // carries chromedp's browser; ends with it
}

// New starts Chromium and stops it when t ends; within [Main] it returns the one
// that is running.
func New(t testing.TB) *Browser {
	t.Helper()
	if b, ok := sharing.get(t); ok {
		return b
	}
	b, stop := start(t)
	t.Cleanup(stop)
	return b
}

// start starts Chromium. It is no part of t, which only fails or is skipped where
// there is none.
func start(t testing.TB) (b *Browser, stop func()) {
	t.Helper()
	path := find()
	if path == "" {
		testneed.Missing(t, "chromium", "install Chromium, or set "+ChromiumEnv+" to its path")
	}
	ctx, cancelProcess := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path),
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Headless,
		// The sandbox needs user namespaces, which root and most containers do
		// not have. Only pages that a test itself serves are opened here.
		chromedp.Flag("no-sandbox", true),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-quic", true),
		// Chromium's own traffic; it would be refused on a closed network, and
		// is not wanted on an open one.
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("disable-breakpad", true),
		chromedp.Flag("metrics-recording-only", true),
		chromedp.Flag("password-store", "basic"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"),
		// The same picture on every machine, as far as fonts allow.
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en"),
		// Wrapper scripts of distributions write warnings of their own.
		chromedp.CombinedOutput(io.Discard),
	)
	ctx, cancelBrowser := chromedp.NewContext(ctx)
	stop = func() {
		cancelBrowser()
		cancelProcess()
	}
	if err := chromedp.Do(ctx); err != nil {
		stop()
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}, stop
}

// find returns the path of Chromium, or "" if there is none. A path that was
// given but does not exist is returned as it is, so that New says so.
func find() string {
	if path := os.Getenv(ChromiumEnv); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// ScreenshotsEnv names the environment variable with the directory that pictures
// are kept in. Without it none are taken.
const ScreenshotsEnv = "GAWAH_TEST_SCREENSHOTS"

// screenshotDir returns dir, made and from the root.
func screenshotDir(t testing.TB, dir string) string {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
