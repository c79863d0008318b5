package store

import "testing"

func TestShift(t *testing.T) {
	for _, test := range []struct {
		part   string
		behind int
		want   string
	}{
		{"a = $1", 0, "a = $1"},
		{"a in ($1,$2) and b = $3", 9, "a in ($10,$11) and b = $12"},
		{"a = $1 and b = $10", 10, "a = $11 and b = $20"},
	} {
		if got := shift(test.part, test.behind); got != test.want {
			t.Errorf("%q behind %d is %q, want %q", test.part, test.behind, got, test.want)
		}
	}
}
