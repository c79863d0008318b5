package followup

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSpliced holds that taking out of an ordered list and putting into it is what filtering
// and sorting all of it again would be, whatever is gone, new or both.
func TestSpliced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		distinct := func(name string) []int {
			list := rapid.SliceOfNDistinct(rapid.IntRange(0, 60), 0, 30, rapid.ID[int]).Draw(t, name)
			slices.Sort(list)
			return list
		}
		list, gone := distinct("list"), distinct("gone")
		more := slices.DeleteFunc(distinct("more"), func(n int) bool { return slices.Contains(list, n) && !slices.Contains(gone, n) })
		before := slices.Clone(list)
		want := slices.Concat(slices.DeleteFunc(slices.Clone(list), func(n int) bool { return slices.Contains(gone, n) }), more)
		slices.Sort(want)
		if got := spliced(list, gone, more, cmp.Compare[int]); !slices.Equal(got, want) {
			t.Fatalf("%v without %v and with %v became %v, want %v", list, gone, more, got, want)
		}
		if !slices.Equal(list, before) {
			t.Fatal("the list itself changed")
		}
	})
}
