//go:build ignore

// Generate writes names.json: run "go generate" in this directory after a newer
// golang.org/x/text has been taken.
package main

import (
	"encoding/json"
	"log"
	"os"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/gawah-project/gawah/internal/lang"
)

func main() {
	type names struct {
		Countries map[string]string `json:"countries"`
		Languages map[string]string `json:"languages"`
	}
	all := map[string]names{}
	for _, l := range lang.All() {
		tag := language.MustParse(l.Tag())
		n := names{map[string]string{}, map[string]string{}}
		regions, languages := display.Regions(tag), display.Languages(tag)
		for _, code := range letters(2, 'A') {
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.Canonicalize() != r {
				continue
			}
			if name := regions.Name(r); name != "" {
				n.Countries[code] = name
			}
		}
		for _, code := range append(letters(2, 'a'), letters(3, 'a')...) {
			t, err := language.Parse(code)
			if err != nil || t.String() != code {
				continue
			}
			if name := languages.Name(t); name != "" {
				n.Languages[code] = name
			}
		}
		all[l.Tag()] = n
	}
	b, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("names.json", append(b, '\n'), 0o644); err != nil {
		log.Fatal(err)
	}
}

// letters returns all words of n letters from a on.
func letters(n int, a rune) []string {
	words := []string{""}
	for range n {
		var longer []string
		for _, w := range words {
			for i := range rune(26) {
				longer = append(longer, w+string(a+i))
			}
		}
		words = longer
	}
	return words
}
