package trend

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestChapter recomputes the numbers of the worked example in docs/method.md.
func TestChapter(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "method.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, ok := strings.Cut(string(b), "\n## Is it rising?\n")
	if !ok {
		t.Fatal("docs/method.md has no chapter on trends")
	}
	chapter, _, _ = strings.Cut(chapter, "\n## ")
	chapter = strings.Join(strings.Fields(chapter), " ")

	p, input := example(t)
	r, err := Recompute(Version, p, input)
	if err != nil {
		t.Fatal(err)
	}
	a, s := r.All, r.Strict
	date := func(s string) string {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d.Format("2 January 2006")
	}
	n, later := float64(a.Exact.Before+a.Exact.After), float64(a.After.Days)/float64(a.Whole.Days)
	iv := a.Exact.Interval
	u := r.Undecided
	north, south := r.Groups[0].Analysis.Published, r.Groups[1].Analysis.Published
	for _, want := range []string{
		fmt.Sprintf("register of %d events", r.Events),
		fmt.Sprintf("there are %d attacks", r.Attacks),
		fmt.Sprintf("| before, from %s | %d | %d | %.2f | %d |", date(a.Before.From), a.Before.Attacks, a.Before.Days, a.Before.Yearly, s.Before.Attacks),
		fmt.Sprintf("| after, to %s | %d | %d | %.2f | %d |", date(a.After.To), a.After.Attacks, a.After.Days, a.After.Yearly, s.After.Attacks),
		fmt.Sprintf("(%d/%d)/(%d/%d) = %.2f.", a.After.Attacks, a.After.Days, a.Before.Attacks, a.Before.Days, a.Exact.Ratio),
		fmt.Sprintf("Of %.0f attacks %d/%d would fall into the later period, that is %.0f; that %d or more do", n, a.After.Days, a.Whole.Days, n*later, a.After.Attacks),
		fmt.Sprintf("has probability %.4f, so p = %.4f", atLeast(float64(a.After.Attacks), n, later, 1-later), a.Exact.P),
		fmt.Sprintf("interval of the ratio is %.2f–%.2f", iv.Low, iv.High),
		fmt.Sprintf("dispersion of the %d months is φ = %.2f", a.Dispersion.Bins, a.Dispersion.Phi),
		fmt.Sprintf("about %.1f times, at least %.1f times and at most %.1f times", *a.Published.Ratio, iv.Low, iv.High),
		fmt.Sprintf("ratio %.2f (%.2f–%.2f), p = %.4f", s.Exact.Ratio, s.Exact.Interval.Low, s.Exact.Interval.High, s.Exact.P),
		fmt.Sprintf("ratio %.2f (%.2f–%.2f), or %.2f (%.2f–%.2f)", u.Lowest.Ratio, u.Lowest.Interval.Low, u.Lowest.Interval.High, u.Highest.Ratio, u.Highest.Interval.Low, u.Highest.Interval.High),
		fmt.Sprintf("| quasi-Poisson | p = %.4f |", a.Quasi.P),
		fmt.Sprintf("9,999 times from the seed %d | p = %.4f |", p.Seed, a.Shuffle.P),
		fmt.Sprintf("the %d attacks whose day is known | between %s and %s, p = %.4f |", a.Attacks-a.Undated, date(a.Change.Earliest), date(a.Change.Latest), a.Change.P),
		fmt.Sprintf("| p = %.3f; p = %.2f, no clear change there |", *north.Adjusted, *south.Adjusted),
		fmt.Sprintf("| p = %.3f and p = %.3f, the month's mean %.1f times as high |", r.Victims.Low.P, r.Victims.High.P, r.Victims.High.Ratio),
		fmt.Sprintf("it begins with %s.", r.InputSHA256[:8]),
	} {
		if !strings.Contains(chapter, want) {
			t.Errorf("the chapter does not say %q", want)
		}
	}
	if a.Published.Method != ConditionalBinomial || a.Published.Finding != Rising || north.Finding != Rising || south.Finding != NoClearChange || r.Victims.Finding != Rising {
		t.Errorf("the findings are not those that the chapter has: %+v", a.Published)
	}
}
