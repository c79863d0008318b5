package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
)

// TestImportWhatWasTried goes on from a trial to the import: everything that was
// chosen for the trial is chosen still, and the import does what the trial said.
func TestImportWhatWasTried(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	preview := v.upload("/desk/import", nil, "attacks.csv", []byte(testTable)).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	tried := filled(
		v.get(preview).status(200).form(path), "dataset", "testfall", "title", "Testfall table", "publisher", "Example Press", "terms", "credit",
		"credit", "Example Press 2031", "language", "en", "date_format", "iso", "type", "threat", "country_code", "PK", "missing", "-99\nunknown",
		"no_event", "1", "use.0", "key", "use.1", "statement", "topic.1", "what happened", "what.1", "", "use.2", "date", "what.2", "", "use.3", "number",
		"what.3", "injured", "use.4", "", "what.4", "", "state", "suggested", "rows", "draft", "reason", "as agreed",
	)
	trial := v.finished(v.post(path, filled(tried, "do", "try")).status(303).Header.Get("Location")).has(word("import.tried"))
	form := v.get(leadsTo(t, trial, word("import.go_on"))).status(200).whole().form(path)
	tried.Del("do")
	form.Del("do")
	if diff := cmp.Diff(tried, form); diff != "" {
		t.Errorf("the form after the trial (-tried +asked)\n%s", diff)
	}
	done := v.finished(v.post(path, filled(form, "do", "import")).status(303).Header.Get("Location")).has(word("import.done"))
	if diff := cmp.Diff(trial.texts("ul.counts"), done.texts("ul.counts")); diff != "" {
		t.Errorf("the import's counts (-tried +done)\n%s", diff)
	}

	// A run is not the answer to questions about another file.
	other := v.upload("/desk/import", nil, "other.csv", []byte("id\n1\n")).status(303).Header.Get("Location")
	at, err := url.Parse(leadsTo(t, trial, word("import.go_on")))
	if err != nil {
		t.Fatal(err)
	}
	v.get(other + "&run=" + at.Query().Get("run")).status(404)
}

// leadsTo returns where the link with a text leads.
func leadsTo(t *testing.T, a *answer, text string) string {
	t.Helper()
	for _, n := range a.find("a") {
		if strings.TrimSpace(textOf(n)) == text {
			return attr(n, "href")
		}
	}
	t.Fatalf("%s: no link %q", a.Request.URL, text)
	return ""
}
