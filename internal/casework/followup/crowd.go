package followup

import (
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// CrowdRule names how sources' words about a crowd become numbers: a vague word
// is the least it says by the conventions of the Crowd Counting Consortium and open
// above; numbers are as claimed; lowest and highest of all sources, no mean.
const CrowdRule = "ccc/1"

// crowdWords are the vague words that the rule knows, the largest first, since "tens
// of thousands" holds "thousands".
var crowdWords = []struct {
	least int64
	words []string
}{
	{200_000, []string{"hundreds of thousands", "لاکھوں", "صدها هزار"}},
	{20_000, []string{"tens of thousands", "دسیوں ہزار", "ده ها هزار", "دها هزار"}},
	{2_000, []string{"thousands", "ہزاروں", "هزاران"}},
	{200, []string{"hundreds", "سینکڑوں", "صدها"}},
	{20, []string{"dozens", "درجنوں", "ده ها", "دها"}},
}

// crowdWord reads a vague word as the least number it says, 0 when it says none.
func crowdWord(s string) int64 {
	all := " " + names.Fold(s) + " "
	for _, w := range crowdWords {
		for _, word := range w.words {
			if strings.Contains(all, " "+names.Fold(word)+" ") {
				return w.least
			}
		}
	}
	return 0
}

// crowd works out how many took part by claims that count, nil where none says.
func crowd(claims []*record.Claim) *Crowd {
	c := &Crowd{Rule: CrowdRule}
	known := false
	add := func(low, high int64, open bool) {
		if !known {
			c.Low, c.High, known = low, high, true
		}
		c.Low, c.High = min(c.Low, low), max(c.High, high)
		c.HighOpen = c.HighOpen || open
	}
	for _, claim := range claims {
		if claim.Kind != record.KindMeasure || claim.Measure != record.Participants || !claim.Review.State.Counts() {
			continue
		}
		switch {
		case claim.Low != nil && claim.High != nil:
			add(*claim.Low, *claim.High, false)
		case claim.Low != nil:
			add(*claim.Low, *claim.Low, true)
		case claim.High != nil:
			add(0, *claim.High, false)
		default:
			n := crowdWord(claim.Words)
			if n == 0 {
				n = crowdWord(claim.Passage.Quote())
			}
			if n == 0 {
				continue
			}
			add(n, n, true)
		}
		c.Claims = append(c.Claims, claim.ID)
		if claim.Words != "" && !slices.Contains(c.Words, claim.Words) {
			c.Words = append(c.Words, claim.Words)
		}
	}
	if !known {
		return nil
	}
	return c
}
