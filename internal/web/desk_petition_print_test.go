package web

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/testneed"
)

// TestPDF prints a page twice to the same bytes, and loads nothing it names.
func TestPDF(t *testing.T) {
	document := []byte(`<!doctype html><html lang="en"><head><title>A letter</title><link rel="stylesheet" href="http://127.0.0.1:1/x.css"></head><body><h1>A letter</h1><p>آواز</p></body></html>`)
	a, err := chromium{}.PDF(context.Background(), document)
	if errors.Is(err, petitions.ErrNoPDF) {
		testneed.Missing(t, "chromium", "install chromium so that it is in the path")
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := chromium{}.PDF(context.Background(), document)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("the same document gave %d and %d bytes that differ", len(a), len(b))
	}
	if _, err := (chromium{limit: time.Millisecond}).PDF(context.Background(), document); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without time: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := (chromium{}).PDF(context.Background(), document); !errors.Is(err, petitions.ErrNoPDF) {
		t.Errorf("without a browser: %v", err)
	}
}
