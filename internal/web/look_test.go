package web

import (
	"os"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/testbrowser"
)

// TestLook takes pictures of the addresses in GAWAH_LOOK (separated by spaces)
// over the bundled example, for a person to judge.
func TestLook(t *testing.T) {
	if os.Getenv("GAWAH_LOOK") == "" {
		t.Skip("GAWAH_LOOK names no addresses to take pictures of")
	}
	s := exampleSite(t)
	b := testbrowser.New(t)
	for _, path := range strings.Fields(os.Getenv("GAWAH_LOOK")) {
		name := strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_").Replace(path)
		for _, v := range []testbrowser.View{{Width: testbrowser.Narrow}, {Width: testbrowser.Wide}} {
			t.Log(b.Screenshot(t, "look"+name, s.http.URL+path, v))
		}
	}
}
