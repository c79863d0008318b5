package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/gawah-project/gawah/internal/figure"
)

// FigureCheck is a short check of a figure: its numbers and the claims it rests
// on. Two figures with one check are the same for every purpose of citing.
func FigureCheck(f *figure.Figure) string {
	h := sha256.New()
	number := func(n *int64) {
		if n == nil {
			_, _ = io.WriteString(h, "-;") // a hash does not fail
			return
		}
		_, _ = fmt.Fprintf(h, "%d;", *n)
	}
	number(f.Low)
	number(f.Best)
	number(f.High)
	_, _ = fmt.Fprintf(h, "%t;%t;%d;%s;%s;%s;", f.Open, f.Approx, f.Origins, f.Status, f.Rule, f.Measure)
	for _, id := range f.UsedClaims() {
		_, _ = fmt.Fprintf(h, "%s;", id)
	}
	return hex.EncodeToString(h.Sum(nil)[:5])
}
