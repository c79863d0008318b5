package follow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// chapter returns the chapter of docs/method.md that this package and the calendar hold.
func chapter(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "method.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), "\n## Three axes and the clock\n")
	if !ok {
		t.Fatal("docs/method.md has no chapter on the axes and the clock")
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// rows returns the table whose head begins with the given cells.
func rows(t *testing.T, head string) [][]string {
	t.Helper()
	_, rest, ok := strings.Cut(chapter(t), "\n| "+head+" |")
	if !ok {
		t.Fatalf("no table is headed %q", head)
	}
	var out [][]string
	for line := range strings.Lines(rest) {
		if len(out) == 0 && !strings.HasPrefix(line, "|") && strings.TrimSpace(line) == "" {
			continue // the rest of the head
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		if strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(cells[i]), "`", "")
		}
		out = append(out, cells)
	}
	if len(out) == 0 {
		t.Fatalf("the table headed %q has no rows", head)
	}
	return out
}

func spellOf(cell string) []follow.Spell {
	from, to, ok := strings.Cut(cell, " to ")
	if !ok {
		return nil
	}
	return []follow.Spell{{From: from, To: to}}
}

func TestChapterAxes(t *testing.T) {
	var values []string
	for _, row := range rows(t, "axis | says | set by | values") {
		values = append(values, strings.Fields(row[3])...)
	}
	var want []string
	for _, v := range record.ResponseValues() {
		want = append(want, string(v))
	}
	for _, v := range record.ProgressValues() {
		want = append(want, string(v))
	}
	for _, v := range []follow.Timeliness{follow.NoDeadline, follow.NotDue, follow.DueSoon, follow.Overdue, follow.LongOverdue, follow.MetOnTime, follow.MetLate} {
		want = append(want, string(v))
	}
	equal(t, "values", strings.Join(values, " "), strings.Join(want, " "))
}

func TestChapterWhole(t *testing.T) {
	for _, row := range rows(t, "essential steps | whole | printed") {
		var steps []record.Step
		var as []*record.Assessment
		for i, v := range strings.Fields(row[0]) {
			key := fmt.Sprint("s", i)
			steps = append(steps, essential(key)...)
			as = append(as, progress(id(i), key, record.ProgressValue(v), "2021-01-01"))
		}
		w := follow.NewBoard(as).Whole(steps, "", record.ByOrganisation)
		equal(t, row[0], string(w.Computed), row[1])
		equal(t, row[0], fmt.Sprintf("%d of %d", w.Met, w.Steps), row[2])
	}
}

func TestChapterDue(t *testing.T) {
	rules := follow.DefaultRules()
	if text := strings.Join(strings.Fields(chapter(t)), " "); !strings.Contains(text, fmt.Sprintf("due soon %d days before and long overdue more than %d days after", rules.DueSoon, rules.Long)) ||
		!strings.Contains(text, fmt.Sprintf("a search of more than %d days ago", rules.Stale)) {
		t.Errorf("the chapter has not the rules %+v", rules)
	}
	for _, row := range rows(t, "due | asked at (UTC) | done | paused | timeliness") {
		var d record.Due
		if when, zone, ok := strings.Cut(row[0], " "); ok {
			d = due(when, zone)
		}
		var done follow.Done
		if row[2] != "" {
			done = follow.Done{Is: true, When: on(row[2]), By: row[1][:10]}
		}
		got := at(strings.Replace(row[1], " ", "T", 1)+":00Z").Time(d, done, spellOf(row[3]))
		equal(t, strings.Join(row, " | "), string(got.Value), row[4])
	}
	unknown := noon("2022-01-01").Time(due("2021-03-01", "Asia/Karachi"), follow.Done{Is: true, By: "2021-06-01"}, nil)
	equal(t, "when it was met is not known", unknown.Certain, false)
}

func TestChapterWorking(t *testing.T) {
	for _, row := range rows(t, "after | working days | holidays | is") {
		h := &record.HolidayCalendar{Weekends: []record.Weekend{{Days: []int{6, 0}}}}
		if row[2] != "" {
			h.Holidays = []record.Holiday{{Day: row[2]}}
		}
		o, err := calendar.NewOffices(h)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if _, err := fmt.Sscan(row[1], &n); err != nil {
			t.Fatal(err)
		}
		got, err := o.Add(dayOf(row[0]), n)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, strings.Join(row, " | "), calendar.DayText(got), row[3])
	}
}

func TestChapterCalendars(t *testing.T) {
	for _, row := range rows(t, "given | is") {
		d, err := calendar.Parse(row[0], "")
		if err != nil {
			t.Fatal(err)
		}
		want, about := strings.CutSuffix(row[1], ", give or take a day")
		equal(t, row[0], calendar.DayText(d.Gregorian()), want)
		equal(t, row[0]+": uncertain", d.System == record.Islamic, about)
	}
	if text := chapter(t); !strings.Contains(text, fmt.Sprintf("for %d to %d,", calendar.MinSolar, calendar.MaxSolar)) {
		t.Error("the chapter has not the years of the Solar Hijri calendar")
	}
}

func TestChapterSilence(t *testing.T) {
	for _, row := range rows(t, "handed over | answered | paused | on | shows") {
		var starts []follow.Start
		if basis, cited, ok := strings.Cut(row[0], ", cited on "); ok {
			starts = append(starts, citedDuty(t, basis, cited))
		} else {
			for _, s := range strings.Split(row[0], ", ") {
				starts = append(starts, follow.Start{Kind: follow.StartDelivery, On: s})
			}
		}
		when, unread := strings.CutSuffix(row[1], ", unread")
		got := noon(row[3]).Silence("UTC", starts, []follow.Answer{{On: when, Read: !unread}}, nil, spellOf(row[2]))
		shows := strings.ReplaceAll(string(got.State), "_", " ")
		if got.State == follow.Silent {
			shows = fmt.Sprintf("%d days", got.Days)
		}
		equal(t, strings.Join(row, " | "), shows, row[4])
		equal(t, strings.Join(row, " | ")+": unread", got.NeedsClassification, unread)
	}
}

// citedDuty is the start that a demand of a day gives which cites a treaty in force.
func citedDuty(t *testing.T, basis, cited string) follow.Start {
	t.Helper()
	since, ok := strings.CutPrefix(basis, "a treaty in force since ")
	if !ok {
		t.Fatalf("what is %q?", basis)
	}
	m := &record.Demand{Made: record.On(cited), Bases: []record.LegalBasis{{InForce: record.On(since)}}}
	start, ok := follow.Duty(m, record.DemandAddressee{})
	if !ok {
		t.Fatalf("%q cited on %s starts no clock", basis, cited)
	}
	return start
}

func TestChapterJustice(t *testing.T) {
	for _, row := range rows(t, "no known conviction | convicted | nobody looked | share | 95 % interval | bounds") {
		var none, convicted, unknown int
		if _, err := fmt.Sscan(row[0]+" "+row[1]+" "+row[2], &none, &convicted, &unknown); err != nil {
			t.Fatal(err)
		}
		m, err := trend.ShareOf(int64(none), int64(convicted), int64(unknown), 0.05)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "share", fmt.Sprintf("%.1f %%", 100**m.Of), row[3])
		equal(t, "interval", fmt.Sprintf("%.1f–%.1f %%", 100*m.Interval.Low, 100*m.Interval.High), row[4])
		equal(t, "bounds", fmt.Sprintf("%.1f–%.1f %%", 100*m.Bounds.Low, 100*m.Bounds.High), row[5])
	}
	text := strings.Join(strings.Fields(chapter(t)), " ")
	index, err := follow.UnsolvedPerMillion(92, 31_495_000)
	if err != nil {
		t.Fatal(err)
	}
	waits := follow.MeasureWaits([]follow.Gap{
		{Low: 1, Exit: record.StepKilledBefore}, {Low: 1, Exit: record.StepKilledBefore}, {Low: 2, Ended: true}, {Low: 3, Ended: true},
	})
	for _, want := range []string{
		fmt.Sprintf("92 cases and 31,495,000 inhabitants make %.3f.", index.Index),
		fmt.Sprintf("a share charged of %.0f %%", 100*waits.Curve[len(waits.Curve)-1].Share),
		fmt.Sprintf("from %d cases on.", follow.MinUnsolved),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the chapter has not %q", want)
		}
	}
}
