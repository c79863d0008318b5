package petition

import (
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/record"
)

// NumberedDemand is a demand with its place in the tree.
type NumberedDemand struct {
	Number string // "1", "1.2", "1.2.3"
	Depth  int    // 0 for a demand of its own
	Demand record.PetitionDemand
	// Addressees are the keys of whom it is asked: its own, else those of the
	// demand it is a part of; empty for all.
	Addressees []string
	// Deadline is its own, else that of the demand it is a part of.
	Deadline record.When
	Personal bool // it or what it is a part of is asked of the holder
}

// Flatten lists demands in their order, each before its parts.
func Flatten(ds []record.PetitionDemand) []NumberedDemand {
	var out []NumberedDemand
	var walk func(ds []record.PetitionDemand, above NumberedDemand, depth int)
	walk = func(ds []record.PetitionDemand, above NumberedDemand, depth int) {
		for i, d := range ds {
			n := NumberedDemand{
				Number: strconv.Itoa(i + 1), Depth: depth, Demand: d,
				Addressees: d.Addressee, Deadline: d.Deadline, Personal: d.Personal || above.Personal,
			}
			if depth > 0 {
				n.Number = above.Number + "." + n.Number
			}
			if len(n.Addressees) == 0 {
				n.Addressees = above.Addressees
			}
			if n.Deadline.IsZero() {
				n.Deadline = above.Deadline
			}
			out = append(out, n)
			if depth < record.MaxDemandDepth {
				walk(d.Parts, n, depth+1)
			}
		}
	}
	walk(ds, NumberedDemand{}, 0)
	return out
}

// AskedOf returns the demands that are asked of an addressee, with the numbers
// that they have in the whole petition. A demand of nobody in particular is asked
// of all. One of which only a part is asked of the addressee is left out, the
// part is not.
func AskedOf(ds []record.PetitionDemand, addressee string) []NumberedDemand {
	return slices.DeleteFunc(Flatten(ds), func(n NumberedDemand) bool {
		return len(n.Addressees) > 0 && !slices.Contains(n.Addressees, addressee)
	})
}

// AskedOfNobody returns the keys of addressees of whom nothing is asked, which is
// most often an oversight.
func AskedOfNobody(p *record.Petition) []string {
	var out []string
	for _, a := range p.Addressees {
		if len(AskedOf(p.Demands, a.Key)) == 0 {
			out = append(out, a.Key)
		}
	}
	return out
}
