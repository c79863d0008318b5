package follow_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestBoard(t *testing.T) {
	b := follow.NewBoard([]*record.Assessment{
		progress("1", "posts", record.InProgress, "2001-03-01"),
		progress("3", "posts", record.MetInPart, "2001-05-01"),
		progress("2", "posts", record.Stalled, "2001-04-01"),
		progress("4", "posts", record.Reversed, "2001-05-02", by(record.ByFamilies)),
		progress("5", "posts", record.Met, "2001-05-03", by(record.ByAuthority)),
		progress("6", "posts", record.Met, "2001-06-01", state(record.Suggested)),
		progress("7", "posts", record.Met, "2001-06-01", state(record.Rejected)),
		progress("8", "posts", record.Met, "2001-06-01", state(record.Retracted)),
		response("9", record.Noted, "2001-03-05"),
	})
	s := b.At("posts", "")
	var who []record.Assessor
	for _, a := range s.Progress.Accounts {
		who = append(who, a.By)
	}
	if !slices.Equal(who, record.Assessors()) {
		t.Errorf("accounts of %v", who)
	}
	equal(t, "disputed", s.Progress.Disputed, true)
	equal(t, "authority", s.Progress.Progress(record.ByAuthority), record.Met)
	equal(t, "families", s.Progress.Progress(record.ByFamilies), record.Reversed)
	equal(t, "organisation", s.Progress.Progress(record.ByOrganisation), record.MetInPart)
	ours, _ := s.Progress.By(record.ByOrganisation)
	equal(t, "earlier", len(ours.Earlier), 2)
	equal(t, "the one before", ours.Earlier[0].Progress, record.Stalled)
	equal(t, "the first", ours.Earlier[1].Progress, record.InProgress)
	equal(t, "value", ours.Value(), "met_in_part")
	equal(t, "accepted", len(b.All()), 6)

	looked := follow.NewBoard([]*record.Assessment{progress("1", "a", record.Met, "2001-01-01"), progress("2", "a", record.NotAssessed, "2001-01-01", by(record.ByFamilies))})
	equal(t, "nobody else looked", looked.At("a", "").Progress.Disputed, false)

	whole := b.At("", "")
	equal(t, "response", whole.Response.Response(record.ByOrganisation), record.Noted)
	equal(t, "response of families", whole.Response.Response(record.ByFamilies), record.NotChecked)
	equal(t, "one account", whole.Response.Disputed, false)
	equal(t, "another step", b.At("other", "").Progress.Progress(record.ByOrganisation), record.NotAssessed)
}

// TestAddressees: what was judged of one addressee and of all is about that addressee;
// the newer counts, of one day the narrower, then the one made later.
func TestAddressees(t *testing.T) {
	for _, test := range []struct {
		name string
		as   []*record.Assessment
		want record.ResponseValue
	}{
		{"only of all", []*record.Assessment{response("1", record.Noted, "2001-03-01")}, record.Noted},
		{"only of another", []*record.Assessment{response("1", record.Noted, "2001-03-01", to("b"))}, record.NotChecked},
		{"narrower first", []*record.Assessment{response("1", record.Refused, "2001-03-01", to("a")), response("2", record.Noted, "2001-03-02")}, record.Noted},
		{"narrower later", []*record.Assessment{response("1", record.Refused, "2001-03-03", to("a")), response("2", record.Noted, "2001-03-02")}, record.Refused},
		{"one day, narrower", []*record.Assessment{response("1", record.Refused, "2001-03-01", to("a")), response("2", record.Noted, "2001-03-01")}, record.Refused},
		{"one day, made later", []*record.Assessment{response("1", record.Refused, "2001-03-01", to("a")), response("2", record.Noted, "2001-03-01", to("a"))}, record.Noted},
	} {
		equal(t, test.name, follow.NewBoard(test.as).At("", "a").Response.Response(record.ByOrganisation), test.want)
	}
	// Of all together counts only what was judged of all.
	equal(t, "all", follow.NewBoard([]*record.Assessment{response("1", record.Refused, "2001-03-01", to("a"))}).At("", "").Response.Response(record.ByOrganisation), record.NotChecked)
}

func TestHeard(t *testing.T) {
	for _, v := range record.ResponseValues() {
		equal(t, string(v), follow.Heard(v), v != record.NotChecked && v != record.NoneFound)
	}
	equal(t, "nothing", follow.Heard(""), false)
}

var drawn = rapid.Custom(func(t *rapid.T) *record.Assessment {
	a := progress(
		id(rapid.IntRange(0, 1_000_000).Draw(t, "id")), rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "step"),
		rapid.SampledFrom(record.ProgressValues()).Draw(t, "progress"), rapid.SampledFrom([]string{"2001-03-01", "2001-03-02", "2001-04-01", "2002-01-01"}).Draw(t, "on"),
		by(rapid.SampledFrom(record.Assessors()).Draw(t, "by")), to(rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "to")),
	)
	if rapid.Bool().Draw(t, "response") {
		a.Axis, a.Progress, a.Response = record.AxisResponse, "", rapid.SampledFrom(record.ResponseValues()).Draw(t, "response value")
	}
	return a
})

var assessments = rapid.SliceOfNDistinct(drawn, 0, 25, func(a *record.Assessment) record.AssessmentID { return a.ID })

// TestOrderIsNothing: in whatever order assessments are read, they stand the same.
func TestOrderIsNothing(t *testing.T) {
	steps := essential("a", "b")
	rapid.Check(t, func(t *rapid.T) {
		as := assessments.Draw(t, "assessments")
		other := slices.Clone(as)
		rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed"))).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		one, two := follow.NewBoard(as), follow.NewBoard(other)
		for _, step := range []string{"", "a", "b"} {
			for _, addressee := range []string{"", "x", "y"} {
				if diff := cmp.Diff(one.At(step, addressee), two.At(step, addressee), cmp.Comparer(func(a, b *record.Assessment) bool { return a == b })); diff != "" {
					t.Fatal(diff)
				}
			}
		}
		for _, who := range record.Assessors() {
			if diff := cmp.Diff(one.Whole(steps, "x", who), two.Whole(steps, "x", who), cmpopts.EquateComparable(follow.Done{})); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// TestOlderIsHistory: one more assessment of an earlier day than all others changes no
// present value of an account that was there, and is its last earlier one.
func TestOlderIsHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		as := assessments.Draw(t, "assessments")
		old := drawn.Draw(t, "old")
		old.ID, old.On = "older", "2000-01-01"
		before, after := follow.NewBoard(as), follow.NewBoard(append(slices.Clone(as), old))
		for _, step := range []string{"", "a", "b"} {
			for _, addressee := range []string{"", "x", "y"} {
				b, a := before.At(step, addressee), after.At(step, addressee)
				for _, pair := range [][2]follow.Axis{{b.Progress, a.Progress}, {b.Response, a.Response}} {
					for _, was := range pair[0].Accounts {
						is, ok := pair[1].By(was.By)
						if !ok || is.Present != was.Present {
							t.Fatalf("%s %s: %v is now %v", step, addressee, was.Present, is.Present)
						}
						if n := len(is.Earlier); n > len(was.Earlier) && is.Earlier[n-1] != old {
							t.Fatal("the older one is not the last")
						}
					}
				}
			}
		}
	})
}

func TestWhole(t *testing.T) {
	three := essential("a", "b", "c")
	for _, test := range []struct {
		name  string
		steps []record.Step
		as    []*record.Assessment
		want  record.ProgressValue
		met   int
		of    int
	}{
		{"nothing assessed", three, nil, record.NotAssessed, 0, 3},
		{"all met", three, []*record.Assessment{progress("1", "a", record.Met, "2001-01-01"), progress("2", "b", record.Met, "2001-01-01"), progress("3", "c", record.Met, "2001-01-01")}, record.Met, 3, 3},
		{"two of three met", three, []*record.Assessment{progress("1", "a", record.Met, "2001-01-01"), progress("2", "b", record.Met, "2001-01-01")}, record.MetInPart, 2, 3},
		{"met by the authority's account alone", three, []*record.Assessment{
			progress("1", "a", record.Met, "2001-01-01", by(record.ByAuthority)), progress("2", "b", record.Met, "2001-01-01", by(record.ByAuthority)), progress("3", "c", record.Met, "2001-01-01", by(record.ByAuthority)),
		}, record.NotAssessed, 0, 3},
		{"one in part", three, []*record.Assessment{progress("1", "a", record.MetInPart, "2001-01-01")}, record.MetInPart, 0, 3},
		{"one begun, one stalled", three, []*record.Assessment{progress("1", "a", record.Stalled, "2001-01-01"), progress("2", "b", record.InProgress, "2001-01-01")}, record.InProgress, 0, 3},
		{"one stalled, one taken back", three, []*record.Assessment{progress("1", "a", record.Stalled, "2001-01-01"), progress("2", "b", record.Reversed, "2001-01-01")}, record.Stalled, 0, 3},
		{"taken back", three, []*record.Assessment{progress("1", "a", record.Met, "2001-01-01"), progress("2", "a", record.Reversed, "2001-01-02")}, record.Reversed, 0, 3},
		{"looked at one of three and found nothing", three, []*record.Assessment{progress("1", "a", record.NoActionFound, "2001-01-01")}, record.NotAssessed, 0, 3},
		{"looked at all and found nothing", three, []*record.Assessment{progress("1", "a", record.NoActionFound, "2001-01-01"), progress("2", "b", record.NoActionFound, "2001-01-01"), progress("3", "c", record.NoActionFound, "2001-01-01")}, record.NoActionFound, 0, 3},
		{"the rest superseded", three, []*record.Assessment{progress("1", "a", record.Met, "2001-01-01"), progress("2", "b", record.Superseded, "2001-01-01"), progress("3", "c", record.Superseded, "2001-01-01")}, record.Met, 1, 1},
		{"all superseded", three, []*record.Assessment{progress("1", "a", record.Superseded, "2001-01-01"), progress("2", "b", record.Superseded, "2001-01-01"), progress("3", "c", record.Superseded, "2001-01-01")}, record.Superseded, 0, 0},
		{"what is not essential", append(essential("a"), record.Step{Key: "b", Kind: record.StepOwn}), []*record.Assessment{progress("1", "a", record.Met, "2001-01-01")}, record.Met, 1, 1},
		{"nothing marked, ways out not counted", []record.Step{{Key: "a", Kind: record.StepArrest}, {Key: "b", Kind: record.StepEscape}}, []*record.Assessment{progress("1", "a", record.Met, "2001-01-01")}, record.Met, 1, 1},
		{"no steps", nil, []*record.Assessment{progress("1", "", record.Stalled, "2001-01-01")}, "", 0, 0},
	} {
		w := follow.NewBoard(test.as).Whole(test.steps, "", record.ByOrganisation)
		if w.Computed != test.want || w.Met != test.met || w.Steps != test.of {
			t.Errorf("%s: %s, %d of %d steps, want %s, %d of %d", test.name, w.Computed, w.Met, w.Steps, test.want, test.met, test.of)
		}
		if sum := w.Met + w.InPart + w.InProgress + w.Stalled + w.Reversed + w.NoAction + w.NotAssessed; sum != w.Steps {
			t.Errorf("%s: %d of %d steps are counted", test.name, sum, w.Steps)
		}
		equal(t, test.name+": done", w.Done.Is, test.want == record.Met)
	}
}

// TestJudgedBeside: what was judged of the whole stands beside what its steps say.
func TestJudgedBeside(t *testing.T) {
	steps := essential("a", "b")
	w := follow.NewBoard([]*record.Assessment{progress("1", "a", record.Met, "2001-01-01"), progress("2", "", record.Met, "2001-02-01")}).Whole(steps, "", record.ByOrganisation)
	equal(t, "computed", w.Computed, record.MetInPart)
	equal(t, "judged", w.Judged, record.Met)
	equal(t, "differ", w.Differ, true)
	equal(t, "shown", w.Value(), record.MetInPart)
	equal(t, "done", w.Done.Is, false)

	w = follow.NewBoard([]*record.Assessment{progress("2", "", record.Stalled, "2001-02-01")}).Whole(steps, "", record.ByOrganisation)
	equal(t, "shown, no step assessed", w.Value(), record.Stalled)
	w = follow.NewBoard([]*record.Assessment{progress("2", "", record.Met, "2001-02-01")}).Whole(steps, "", record.ByOrganisation)
	equal(t, "judged met, no step assessed", w.Value(), record.Met)
	equal(t, "done, no step assessed", w.Done, follow.Done{Is: true, By: "2001-02-01"})
	equal(t, "differ, no step assessed", w.Differ, false)
	w = follow.NewBoard([]*record.Assessment{progress("2", "", record.Superseded, "2001-02-01")}).Whole(steps, "", record.ByOrganisation)
	equal(t, "superseded, no step assessed", w.Done, follow.Done{Superseded: true})
	w = follow.NewBoard([]*record.Assessment{progress("2", "", record.Met, "2001-02-01", happened("2001-01-15"))}).Whole(nil, "", record.ByOrganisation)
	equal(t, "shown, no steps", w.Value(), record.Met)
	equal(t, "done, no steps", w.Done, follow.Done{Is: true, When: on("2001-01-15"), By: "2001-02-01"})
	equal(t, "nothing", follow.NewBoard(nil).Whole(nil, "", record.ByOrganisation).Value(), record.NotAssessed)
}

// TestDone: the whole is done when the last of its steps is, and said again is not done again.
func TestDone(t *testing.T) {
	for _, test := range []struct {
		name string
		as   []*record.Assessment
		want follow.Done
	}{
		{"both dated", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01", happened("2001-01-10")), progress("2", "b", record.Met, "2001-02-02", happened("2001-01-20"))}, follow.Done{Is: true, When: on("2001-01-20"), By: "2001-02-02"}},
		{"one not dated", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01", happened("2001-01-10")), progress("2", "b", record.Met, "2001-02-02")}, follow.Done{Is: true, By: "2001-02-02"}},
		{"dates that overlap", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01", happened("2001-01")), progress("2", "b", record.Met, "2001-02-02", happened("2001-01-20"))}, follow.Done{Is: true, When: on("2001-01-20/2001-01-31"), By: "2001-02-02"}},
		{"a day within the other's last", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01", happened("2001-01")), progress("2", "b", record.Met, "2001-02-02", happened("2001-02-01"))}, follow.Done{Is: true, When: on("2001-02-01"), By: "2001-02-02"}},
		{"an open date", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01", happened("../2001-01")), progress("2", "b", record.Met, "2001-02-02", happened("2001-01-20"))}, follow.Done{Is: true, By: "2001-02-02"}},
		{"said twice", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01"), progress("2", "a", record.Met, "2001-05-01"), progress("3", "b", record.Met, "2001-01-01")}, follow.Done{Is: true, By: "2001-02-01"}},
		{"met again after it was taken back", []*record.Assessment{
			progress("1", "a", record.Met, "2001-01-01"), progress("2", "a", record.Reversed, "2001-03-01"), progress("3", "a", record.Met, "2001-05-01"), progress("4", "b", record.Met, "2001-01-01"),
		}, follow.Done{Is: true, By: "2001-05-01"}},
		{"dated by an earlier one", []*record.Assessment{progress("1", "a", record.Met, "2001-02-01", happened("2001-01-10")), progress("2", "a", record.Met, "2001-05-01"), progress("3", "b", record.Met, "2001-01-01", happened("2001"))}, follow.Done{Is: true, When: on("2001-01-10/2001-12-31"), By: "2001-02-01"}},
	} {
		equal(t, test.name, follow.NewBoard(test.as).Whole(essential("a", "b"), "", record.ByOrganisation).Done, test.want)
	}
}

func TestDisorders(t *testing.T) {
	steps := []record.Step{{Key: "a", Kind: record.StepOwn}, {Key: "b", Kind: record.StepOwn, After: []string{"a"}}}
	for _, test := range []struct {
		name string
		as   []*record.Assessment
		want []follow.Disorder
	}{
		{"in order", []*record.Assessment{progress("1", "a", record.Met, "2001-01-01", happened("2001-01")), progress("2", "b", record.Met, "2001-02-01", happened("2001-01-15"))}, nil},
		{"nobody judged the first", []*record.Assessment{progress("2", "b", record.Met, "2001-02-01")}, nil},
		{"the first superseded", []*record.Assessment{progress("1", "a", record.Superseded, "2001-01-01"), progress("2", "b", record.Met, "2001-02-01")}, nil},
		{"the first not met", []*record.Assessment{progress("1", "a", record.Stalled, "2001-01-01"), progress("2", "b", record.Met, "2001-02-01")}, []follow.Disorder{{"b", "a", record.ByOrganisation, false}}},
		{"the first later", []*record.Assessment{progress("1", "a", record.Met, "2001-03-01", happened("2001-02")), progress("2", "b", record.Met, "2001-02-01", happened("2001-01"))}, []follow.Disorder{{"b", "a", record.ByOrganisation, true}}},
	} {
		if diff := cmp.Diff(test.want, follow.NewBoard(test.as).Disorders(steps, "", record.ByOrganisation)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// TestDoneGoesWithValue: the clock stops exactly for what is shown as met or superseded.
func TestDoneGoesWithValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := follow.NewBoard(assessments.Draw(t, "assessments"))
		for _, steps := range [][]record.Step{nil, essential("a"), essential("a", "b")} {
			for _, who := range record.Assessors() {
				w := b.Whole(steps, "x", who)
				if w.Done.Is != (w.Value() == record.Met) || w.Done.Superseded != (w.Value() == record.Superseded) {
					t.Fatalf("%+v is shown as %s", w, w.Value())
				}
			}
		}
	})
}
