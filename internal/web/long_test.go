package web

import (
	"os"
	"testing"
)

// long skips a test that takes tens of seconds unless they were asked for.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("GAWAH_TEST_LONG") == "" {
		t.Skip("skipped, takes tens of seconds: set GAWAH_TEST_LONG=1")
	}
}
