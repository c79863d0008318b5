package petitions

import (
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/signing"
)

// A sheet that is imported again with a name put right cannot be taken over line by
// line: the house does not keep which signature came from which line, and of most names
// nothing at all. It says what it can know instead, from names that the organiser may
// read anyway. Of a line with an address it never says whether it changed: that would
// tell whether the address was counted from this sheet or had signed before.

// compare sorts the lines that were not taken, because their places were taken before,
// by what can be known of them.
func (d *Desk) compare(ctx context.Context, petition, batch int, lines []PaperLine, out *PaperResult) error {
	if len(out.Again) == 0 {
		return nil
	}
	var bare []PaperLine
	fresh := map[signing.Namesake]int{} // of this time
	for i, l := range lines {
		if l.At == 0 {
			l.At = i + 1
		}
		again := slices.Contains(out.Again, l.At)
		switch {
		case l.Illegible:
		case again && l.Email != "":
			out.Own = append(out.Own, l.At)
		case again:
			bare = append(bare, l)
		case l.Email == "" && !slices.ContainsFunc(out.Problems, func(p PaperProblem) bool { return p.At == l.At }):
			fresh[signing.NamesakeOf(l.Name, l.Country)]++
		}
	}
	if len(bare) == 0 {
		return nil
	}
	before := map[signing.Namesake]int{}
	blind, err := d.signing.PaperNames(ctx, petition, batch, func(s signing.Signer) { before[signing.NamesakeOf(s.Name, s.Country)]++ })
	if err != nil {
		return err
	}
	for k, n := range fresh {
		before[k] -= n
	}
	for _, l := range bare {
		switch k := signing.NamesakeOf(l.Name, l.Country); {
		case before[k] > 0:
			before[k]--
		case blind > 0:
			out.Unsure = append(out.Unsure, l.At)
		default:
			out.Differ = append(out.Differ, l.At)
		}
	}
	return nil
}
