package web

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPetitionWordsAreTranslated holds every word of a petition's public pages, its
// forms and its mails in Urdu and Dari, so that no page falls back to English. What
// is only laid out (a date, a number in brackets) may be the same.
func TestPetitionWordsAreTranslated(t *testing.T) {
	read := func(tag string) map[string]json.RawMessage {
		b, err := os.ReadFile(filepath.Join("..", "lang", "locales", tag+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Messages map[string]json.RawMessage `json:"messages"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Messages
	}
	english := read("en")
	public := []string{"sign.", "own.", "body.", "petition.", "reply.", "correction.", "mail.confirm.", "mail.already.", "mail.update.", "mail.paper."}
	laidOut := []string{"mail.confirm.sees_line", "petition.footnote.mark", "petition.hash", "petition.to_title", "petition.value.money"}
	for _, tag := range []string{"ur", "fa-AF"} {
		words := read(tag)
		for key, value := range english {
			if !slices.ContainsFunc(public, func(p string) bool { return strings.HasPrefix(key, p) }) || slices.Contains(laidOut, key) {
				continue
			}
			if got, ok := words[key]; !ok || string(got) == string(value) {
				t.Errorf("%s has no words of its own for %s", tag, key)
			}
		}
	}
}
