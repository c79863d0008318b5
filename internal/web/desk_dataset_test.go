package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestDatasetAtTheDesk looks at what erasing a dataset would touch, withdraws it,
// returns it and erases it.
func TestDatasetAtTheDesk(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	path, _, _ := strings.Cut(v.upload("/desk/import", nil, "attacks.csv", []byte(testTable)).status(303).Header.Get("Location"), "?")
	form := v.get(path + "?name=attacks.csv").status(200).form(path)
	filled(form, "dataset", "testfall", "date_format", "iso", "terms", "free", "use.1", "title", "use.2", "date", "use.4", "town", "country_code", "PK")
	s.working()
	v.finished(v.post(path, filled(form, "do", "import", "reason", "test data", "rows", "public")).status(303).Header.Get("Location"))
	runs, _, err := s.house.ImportList(t.Context(), v.viewer, 1)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	page := "/desk/imports/" + string(runs[0].ID) + "/dataset"
	v.get("/desk/imports/" + string(runs[0].ID)).status(200).has(word("dataset.link"))
	for _, role := range []access.Role{access.Reader, access.Contributor, access.Organiser, access.Moderator} {
		other := s.signedIn(role)
		other.get(page).status(403)
		other.post(page, url.Values{"act": {"erase"}, "reason": {"test"}, "confirm": {"csv:testfall"}}).status(403)
	}
	s.get(page).status(303)
	v.get(page).status(200).whole().has("csv:testfall", word("dataset.cited_not"), word("dataset.act.withdraw"), word("dataset.act.erase")).
		hasNot(word("dataset.act.return"))
	v.post(page, url.Values{"reason": {"test"}}).status(400).whole().has(word("invalid.required"))
	v.post(page, url.Values{"act": {"withdraw"}}).status(400)
	v.post(page, url.Values{"act": {"erase"}, "reason": {"test"}, "confirm": {"testfall"}}).status(400).whole().has(word("invalid.confirm"))
	v.post(page, url.Values{"act": {"return"}, "reason": {"test"}}).status(409)

	// finish waits for the background work by doing it too.
	finish := func() {
		t.Helper()
		if err := s.house.FinishDataset(t.Context(), "csv:testfall", nil); err != nil {
			t.Fatal(err)
		}
	}
	shown := s.get("/events?q=testfall").status(200)
	shown.has("Testfall one")
	v.follow(v.post(page, url.Values{"act": {"withdraw"}, "reason": {"its publisher took it back"}})).status(200).has(word("done.dataset_begun"))
	finish()
	s.get("/events?q=testfall").status(200).hasNot("Testfall one")
	v.get(page).status(200).has(word("dataset.withdrawn"), word("dataset.act.return"))
	v.post(page, url.Values{"act": {"return"}, "reason": {"they gave it back"}}).status(303)
	finish()
	s.get("/events?q=testfall").status(200).has("Testfall one")
	v.post(page, url.Values{"act": {"erase"}, "reason": {"not ours to hold"}, "confirm": {"csv:testfall"}}).status(303)
	finish()
	s.get("/events?q=testfall").status(200).hasNot("Testfall one")
	v.get(page).status(410)
	v.get("/desk/journal").status(200).has(word("journal.erase_dataset"), "not ours to hold")
	if _, err := s.house.PlanDataset(t.Context(), v.viewer, "csv:testfall"); err == nil {
		t.Error("the dataset is still there")
	}
	report, err := s.house.Check(t.Context(), nil)
	if err != nil || len(report.Faults) > 0 {
		t.Errorf("check: %v, %v", report, err)
	}
}
