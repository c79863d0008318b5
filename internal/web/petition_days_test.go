package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/signature"
)

// TestDayBars gives a withheld day and a day with nobody the same gap, and keeps
// the scale of time.
func TestDayBars(t *testing.T) {
	l := lang.English()
	cells := signature.SuppressDays([]signature.Cell{{Key: "2026-03-01", Count: 30}, {Key: "2026-03-02", Count: 4}, {Key: "2026-03-04", Count: 12}, {Key: "2026-03-05", Count: 3}, {Key: "2026-03-06", Count: 11}})
	if cells.Hidden != 3 {
		t.Fatalf("%+v", cells)
	}
	var got []string
	for _, b := range dayBars(l, cells) {
		got = append(got, fmt.Sprintf("%d %v", b.Count, b.Hidden))
	}
	// The smallest shown one is hidden too, so that the others cannot be worked out.
	if d := cmp.Diff([]string{"30 false", "0 true", "0 true", "12 false"}, got); d != "" {
		t.Error(d)
	}
	v := daysView(l, cells)
	if v.Withheld != "18" || v.Note == "" || len(v.Days) != 2 || !strings.Contains(string(v.Drawing), "<svg") {
		t.Errorf("%+v", v)
	}
	if daysView(l, signature.Cells{Withheld: 3, Hidden: 1}) != nil {
		t.Error("something is shown of days that are all withheld")
	}
	long := signature.Cells{Cells: []signature.Cell{{Key: "2020-01-01", Count: 20}, {Key: "2026-01-01", Count: 20}}}
	if n := len(dayBars(l, long)); n != drawnDays {
		t.Errorf("%d days are drawn", n)
	}
}

// TestDaysOnPage shows the days that may be shown beside the sums, and none of few.
func TestDaysOnPage(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	at := "/petitions/" + p.slug + "/integrity"
	for i := range 12 {
		if i == 9 {
			p.until("the count to move", func() bool {
				return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":9,`)
			})
			p.get(at).status(200).hasNot(`id="days"`)
		}
		p.confirmed(formOf(fmt.Sprintf("testa%d@example.org", i)))
	}
	p.until("the count to move", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":12,`)
	})
	p.until("the days to be shown", func() bool { return strings.Contains(p.get(at).body, `id="days"`) })
	for _, tag := range []string{"", "/ur", "/fa"} {
		p.get(tag+at).status(200).has(`id="days"`, `id="countries"`)
	}
}
