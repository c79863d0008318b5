package signature

import (
	"cmp"
	"slices"
)

// Small is the number below which a cell is not shown: fewer people than that
// could be told apart.
const Small = 10

// Cell is how many signatures one country, or one day, has. A key of "" is "not
// stated".
type Cell struct {
	Key   string `json:"key"`
	Count int64  `json:"count"`
}

// Cells are the parts of a count that may be shown. The parts and Withheld
// always add up to the count they are parts of.
type Cells struct {
	Cells []Cell `json:"cells"` // the largest first, then by key; days by key
	// Withheld is the sum of the cells that are not shown, Hidden how many they are.
	Withheld int64 `json:"withheld"`
	Hidden   int   `json:"hidden"`
}

// Sum returns the count whose parts the cells are.
func (c Cells) Sum() int64 {
	sum := c.Withheld
	for _, x := range c.Cells {
		sum += x.Count
	}
	return sum
}

// Of returns a shown cell, 0 for one that is not.
func (c Cells) Of(key string) int64 {
	for _, x := range c.Cells {
		if x.Key == key {
			return x.Count
		}
	}
	return 0
}

// Suppress hides cells below [Small], and then the smallest shown ones until
// what is hidden adds up to at least [Small]: a single hidden cell would
// otherwise be the difference. Signatures without a country are no group of
// people; their cell is shown whatever its size and hides nothing else.
// Empty cells are left out.
func Suppress(cells []Cell) Cells {
	sorted := slices.Clone(cells)
	sorted = slices.DeleteFunc(sorted, func(c Cell) bool { return c.Count <= 0 })
	slices.SortFunc(sorted, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key))
	})
	var out Cells
	shown := make([]Cell, 0, len(sorted))
	last := -1 // of the cells that may be hidden for the sake of others
	for _, c := range sorted {
		if c.Key != "" && c.Count < Small {
			out.Withheld += c.Count
			out.Hidden++
			continue
		}
		if c.Key != "" {
			last = len(shown)
		}
		shown = append(shown, c)
	}
	for out.Hidden > 0 && out.Withheld < Small && last >= 0 {
		out.Withheld += shown[last].Count
		out.Hidden++
		shown = slices.Delete(shown, last, last+1)
		for last--; last >= 0 && shown[last].Key == ""; {
			last--
		}
	}
	out.Cells = shown
	return out
}

// SuppressDays does the same for days, which it returns in their order.
func SuppressDays(days []Cell) Cells {
	out := Suppress(days)
	slices.SortFunc(out.Cells, func(a, b Cell) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// ShowsCountry reports whether initials may be shown with a country: only where
// the shown breakdown gives that country at least [Small] signers.
func (c Cells) ShowsCountry(country string) bool {
	return country != "" && c.Of(country) >= Small
}
