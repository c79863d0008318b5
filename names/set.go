package names

import "slices"

// TokenSet returns the distinct tokens of s in byte order; nil if there are none.
func TokenSet(s string) []string {
	t := Tokens(s)
	slices.Sort(t)
	return slices.Compact(t)
}

// Asked returns the distinct tokens of words that somebody looks for, in their
// order; nil if there are none. A word that is typed twice stands where it was
// typed last, so that the last token is the one that may be unfinished.
func Asked(s string) []string {
	out := Tokens(s)
	later := make(map[string]bool, len(out))
	for i, t := range slices.Backward(out) {
		if later[t] {
			out[i] = "" // no token is empty
		}
		later[t] = true
	}
	return slices.DeleteFunc(out, func(t string) bool { return t == "" })
}
