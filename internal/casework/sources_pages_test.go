package casework

import (
	"slices"
	"testing"
)

func TestPages(t *testing.T) {
	for _, test := range []struct {
		text  string
		pages []int
		want  string
		at    []int
	}{
		{"no pages", nil, "no pages", nil},
		{"one page", []int{0}, "one page", nil},
		{"ا\n\nب\n\nc", []int{0, 3, 6}, "ا\n\n\fب\n\n\fc", []int{0, 4, 8}},
		{"blank between", []int{0, 6, 6}, "blank \f\fbetween", []int{0, 7, 8}},
		{"blank at the end", []int{0, 16}, "blank at the end\f", []int{0, 17}},
		{"", []int{0, 0}, "\f", []int{0, 1}},
	} {
		got := withPages(test.text, test.pages)
		if got != test.want || !slices.Equal(pagesOf(got), test.at) {
			t.Errorf("%q: %q with pages at %v", test.text, got, pagesOf(got))
		}
	}
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"a.pdf": "a.pdf", "/etc/passwd": "passwd", `..\..\a.txt`: "a.txt", "a\r\nb\"c": "abc", "..": "", "": "", "\xff.txt": ".txt",
	} {
		if got := cleanName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
