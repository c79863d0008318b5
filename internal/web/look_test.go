package web

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/testbrowser"
)

// TestLook takes pictures for a person to judge. GAWAH_LOOK says of what: "example"
// is the bundled example, "follow-up" one page of each kind of following up in it,
// "petitions" a petition that people sign. GAWAH_LOOK_ONLY names addresses instead,
// separated by spaces, where BASE stands for the petition; "example" needs it.
func TestLook(t *testing.T) {
	var at string
	paths := map[string]string{}
	base := ""
	switch what := os.Getenv("GAWAH_LOOK"); what {
	case "":
		t.Skip("GAWAH_LOOK does not say what to take pictures of")
	case "example":
		at = exampleSite(t).http.URL
	case "follow-up":
		s := exampleSite(t)
		at = s.http.URL
		for _, path := range followPages(t, s) {
			paths["f"+pictureName(path)] = path
		}
	case "petitions":
		at, base, paths = petitionPictures(t)
	default:
		t.Fatalf("GAWAH_LOOK is %q; it is example, follow-up or petitions", what)
	}
	if only := strings.Fields(os.Getenv("GAWAH_LOOK_ONLY")); len(only) > 0 {
		clear(paths)
		for _, path := range only {
			paths["only"+pictureName(path)] = strings.Replace(path, "BASE", base, 1)
		}
	}
	b := testbrowser.New(t)
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		for _, v := range []testbrowser.View{{Width: testbrowser.Narrow, NoScripts: true}, {NoScripts: true}, {Dark: true}, {Print: true}} {
			t.Log(b.Screenshot(t, name, at+paths[name], v))
		}
	}
}

func pictureName(path string) string {
	return strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_", "#", "_").Replace(path)
}
