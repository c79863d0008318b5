package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

var (
	paragraph  = regexp.MustCompile(`(?s)<p( [^>]*)?>.*?</p>`)
	linkButton = regexp.MustCompile(`class="button[ "]`)
)

// TestButtonsStandApart makes sure that no paragraph sets several buttons as if they were
// words: they touch where the line breaks. What holds them is of the class buttons.
func TestButtonsStandApart(t *testing.T) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil || len(names) < 50 {
		t.Fatalf("%d templates, %v", len(names), err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(templateFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paragraph.FindAllString(string(b), -1) {
			if len(linkButton.FindAllString(p, -1)) > 1 && !strings.HasPrefix(p, `<p class="buttons"`) {
				t.Errorf("%s: %.120s", name, p)
			}
		}
	}
}
