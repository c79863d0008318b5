package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/gawah-project/gawah/internal/casework/petitions"
)

// chromium makes PDF with the browser of this machine, which is run without a
// network, in a directory of its own and for a limited time. It is a
// [petitions.PDF].
type chromium struct {
	program string        // empty for the first of chromiums in the path
	limit   time.Duration // 0 for printLimit
}

// chromiums are the names under which systems install it.
var chromiums = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"}

// printLimit is how long one document may take. A letter takes about a second;
// the first start on a cold disk several.
const printLimit = 60 * time.Second

// PDF prints a document that needs nothing beside it. Without a Chromium in the
// path, or with one that cannot, it returns [petitions.ErrNoPDF]: packs then hold
// the printable page alone.
// The same document gives the same bytes: the instant of printing is left out.
func (p chromium) PDF(ctx context.Context, document []byte) ([]byte, error) {
	program, limit := p.program, p.limit
	if program == "" {
		for _, name := range chromiums {
			if found, err := exec.LookPath(name); err == nil {
				program = found
				break
			}
		}
	}
	if program == "" {
		return nil, petitions.ErrNoPDF
	}
	if limit == 0 {
		limit = printLimit
	}
	dir, err := os.MkdirTemp("", "gawah-print-")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is in the system's own place for what can go
	page := filepath.Join(dir, "letter.html")
	if err := os.WriteFile(page, document, 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out := filepath.Join(dir, "letter.pdf")
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--metrics-recording-only",
		"--disable-dev-shm-usage", "--disable-breakpad",
		// No name resolves and no proxy answers: nothing leaves the machine.
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 {
		// Chromium's own sandbox refuses the system's administrator.
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, program, append(args, "file://"+page)...) //nolint:gosec // the program is one of chromiums
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Env = append(os.Environ(), "HOME="+dir)
	// Its helpers hold the pipes for a moment after it has ended.
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Run(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%w: %w", petitions.ErrNoPDF, ctx.Err())
		}
		return nil, fmt.Errorf("%w: %w: %.300s", petitions.ErrNoPDF, err, said.String())
	}
	pdf, err := os.ReadFile(out)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, fmt.Errorf("%w: chromium wrote none", petitions.ErrNoPDF)
	}
	return undated(pdf), nil
}

// printedAt are the instants that Chromium writes into a document: when it was
// printed, which is no part of what it says.
var printedAt = regexp.MustCompile(`/(CreationDate|ModDate) \(D:[0-9]{14}`)

// undated sets those instants to the beginning of 2000, in as many bytes.
func undated(pdf []byte) []byte {
	return printedAt.ReplaceAllFunc(pdf, func(b []byte) []byte {
		return append(b[:len(b)-14:len(b)-14], "20000101000000"...)
	})
}
