package names

import "slices"

// TokenSet returns the distinct tokens of s in byte order; nil if there are none.
func TokenSet(s string) []string {
	t := Tokens(s)
	slices.Sort(t)
	return slices.Compact(t)
}
