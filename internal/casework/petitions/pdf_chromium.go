package petitions

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// Chromium prints with the browser of that name, where one is installed.
type Chromium struct{ path string }

// FindChromium looks for the browser under the names it is installed by. Without
// one, [Chromium.PDF] returns [ErrNoPDF].
func FindChromium() *Chromium {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return &Chromium{path}
		}
	}
	return &Chromium{}
}

// pdfTime is how long a letter may take to print.
const pdfTime = time.Minute

// pdfDates are what the browser writes into a file of the moment it was made.
var pdfDates = regexp.MustCompile(`/(CreationDate|ModDate) \(D:[0-9+\-'Z]*\)`)

// PDF implements [PDF]. The browser runs in an empty profile of its own that is
// removed, and finds no other host; that the letter runs no scripts is its own
// policy's doing. What the browser notes of the moment is blanked out, so that the
// same letter gives the same file.
func (c *Chromium) PDF(ctx context.Context, html []byte) ([]byte, error) {
	if c == nil || c.path == "" {
		return nil, ErrNoPDF
	}
	dir, err := os.MkdirTemp("", "gawah-letter-")
	if err != nil {
		return nil, fmt.Errorf("make a directory to print in: %w", err)
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "letter.html"), filepath.Join(dir, "letter.pdf")
	if err := os.WriteFile(in, html, 0o600); err != nil {
		return nil, fmt.Errorf("print a letter: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, pdfTime)
	defer cancel()
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--print-to-pdf=" + out, "file://" + in,
	}
	if os.Geteuid() == 0 {
		// The browser's sandbox does not work for root.
		args = append([]string{"--no-sandbox"}, args...)
	}
	cmd := exec.CommandContext(ctx, c.path, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("print a letter with %s: %w", filepath.Base(c.path), err)
	}
	pdf, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("read the printed letter: %w", err)
	}
	// Of the same length, because a PDF says at which byte its parts begin.
	return pdfDates.ReplaceAllFunc(pdf, func(m []byte) []byte {
		for i := bytes.IndexByte(m, ':') + 1; i < len(m); i++ {
			if m[i] >= '0' && m[i] <= '9' {
				m[i] = '0'
			}
		}
		return m
	}), nil
}
