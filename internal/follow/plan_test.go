package follow_test

import (
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
)

func TestPlans(t *testing.T) {
	for _, p := range record.Plans() {
		steps := follow.Plan(p)
		if (len(steps) == 0) != (p == record.PlanOwn) {
			t.Errorf("%s has %d steps", p, len(steps))
		}
		if len(steps) == 0 {
			continue
		}
		c := &record.Commitment{
			ID: "01890000-0000-7000-8000-00000000000a", Slug: "a", Text: record.Plain("en", "x"), Unidentified: true, Plan: p, Steps: steps, Visibility: record.Draft,
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		if follow.NewBoard(nil).Whole(steps, "", record.ByOrganisation).Steps == 0 || slices.ContainsFunc(steps, func(s record.Step) bool { return s.Essential && follow.WayOut(s.Kind) }) {
			t.Errorf("%s: its whole depends on no step, or on a way out of a case", p)
		}
		// What a plan gives is the form's to change.
		steps[0].Key = "changed"
		if follow.Plan(p)[0].Key == "changed" {
			t.Errorf("%s is changed by who asked for it", p)
		}
	}
	equal(t, "no plan", len(follow.Plan("hope")), 0)
}
