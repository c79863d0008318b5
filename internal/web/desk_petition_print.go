package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gawah-project/gawah/internal/web/static"
)

// Printer makes PDF of pages with a Chromium of this machine, which is run
// without a network, in a directory of its own and for a limited time.
type Printer struct {
	program string
	limit   time.Duration
}

// chromiums are the names under which systems install it.
var chromiums = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"}

// printLimit is how long one document may take. A letter takes about a second;
// the first start on a cold disk several.
const printLimit = 60 * time.Second

// ErrNoPrinter says that this machine has no Chromium to make a PDF with.
var ErrNoPrinter = errors.New("no chromium in the path: install it to have PDF, or print the page from a browser")

// FindPrinter looks for a Chromium in the path. Without one it returns
// [ErrNoPrinter]: packs then hold the printable page alone.
func FindPrinter() (*Printer, error) {
	for _, name := range chromiums {
		if program, err := exec.LookPath(name); err == nil {
			return &Printer{program: program, limit: printLimit}, nil
		}
	}
	return nil, ErrNoPrinter
}

// PDF prints a document. Its style sheet is the site's own, as "gawah.css" beside
// it; whatever else it names is not loaded.
func (p *Printer) PDF(ctx context.Context, document []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "gawah-print-")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is in the system's own place for what can go
	page := filepath.Join(dir, "letter.html")
	if err := os.WriteFile(page, document, 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	if err := writeAssets(dir); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	out := filepath.Join(dir, "letter.pdf")
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--metrics-recording-only",
		"--disable-dev-shm-usage", "--blink-settings=scriptEnabled=false",
		// No name resolves and no proxy answers: nothing leaves the machine.
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 {
		// Chromium's own sandbox refuses the system's administrator.
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, p.program, append(args, "file://"+page)...) //nolint:gosec // the program is one of chromiums
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Env = append(os.Environ(), "HOME="+dir)
	// Its helpers hold the pipes for a moment after it has ended.
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("print: %w", ctx.Err())
		}
		return nil, fmt.Errorf("print: %w: %.300s", err, said.String())
	}
	pdf, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, errors.New("print: chromium wrote no PDF")
	}
	return pdf, nil
}

// writeAssets puts the style sheet and its fonts beside a document.
func writeAssets(dir string) error {
	return fs.WalkDir(static.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		b, err := static.FS.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o600)
	})
}
