package casework

import "testing"

// TestNamesAmongWords finds a name in the words of an item of a feed, which are kept without
// their order, and takes no single word for one.
func TestNamesAmongWords(t *testing.T) {
	n := newNaming([]string{"Example Testfall", "Testfall"})
	for _, test := range []struct {
		words []string
		want  bool
	}{
		{[]string{"example", "of", "testfall"}, true},
		{[]string{"testfall", "weather"}, false},
		{nil, false},
	} {
		if got := n.among(test.words); got != test.want {
			t.Errorf("%v: %v, want %v", test.words, got, test.want)
		}
	}
}
