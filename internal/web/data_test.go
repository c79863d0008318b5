package web

import (
	"slices"
	"testing"
)

// The data page names every list of the interface that can be asked for as it is; a
// search needs words, and assessments are of one thing.
func TestDataPageNamesEveryList(t *testing.T) {
	var want, got []string
	for _, o := range operations {
		if o.list && o.path != "/search" && o.path != "/assessments" {
			want = append(want, o.path)
		}
	}
	for _, k := range dataLists {
		got = append(got, k[0])
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the page names %v, the interface has %v", got, want)
	}
}
