package signature

// Standing is a signature beside others of its address: whose name and from
// where, by keyed hash or as folded text, compared only for being equal.
type Standing struct {
	Name  string
	Place string // country and town
}

// Verdict is what becomes of a signature when its link is pressed.
type Verdict int

const (
	// Counts says that the address has not signed yet.
	Counts Verdict = iota
	// CountsSecond says that it is a second person's at one address.
	CountsSecond
	// Repeats says that the address has signed already.
	Repeats
)

// Judge decides about a signature given the confirmed ones of its address: the
// first counts; where households are allowed a second one counts under another
// name and from the same country and town; everything else repeats.
func Judge(s Standing, confirmed []Standing, household bool) Verdict {
	switch {
	case len(confirmed) == 0:
		return Counts
	case len(confirmed) > 1 || !household:
		return Repeats
	}
	if other := confirmed[0]; other.Name != s.Name && other.Place == s.Place {
		return CountsSecond
	}
	return Repeats
}
