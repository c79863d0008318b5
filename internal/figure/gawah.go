package figure

// gawah1 is the rule "gawah/1" from the point where every origin's current
// claims are known; the package documentation defines the whole of it.
func (w *work) gawah1() {
	w.use(current, all, "")
	w.span()
	w.assess()
	if best, ok := w.mostSupported(); ok {
		w.figure.Best = w.number(best)
	}
	w.approximate()
}

// support is how many origins stand by a value, and when the latest of them
// spoke.
type support struct {
	value   int64
	origins int
	asOf    int64
}

// mostSupported returns the value that most origins stand by. Of several with
// the same support, two origins each or more, the one said last wins; where they
// were said at the same time, or each by one origin only, nothing wins. A value
// that one origin alone supports needs every other origin to admit it.
func (w *work) mostSupported() (value int64, ok bool) {
	votes := make([]support, 0, len(w.groups))
	for i := range w.groups {
		g := &w.groups[i]
		if !g.pointed {
			continue
		}
		found := false
		for j := range votes {
			if votes[j].value == g.point {
				votes[j].origins++
				votes[j].asOf = max(votes[j].asOf, g.asOf)
				found = true
				break
			}
		}
		if !found {
			votes = append(votes, support{g.point, 1, g.asOf})
		}
	}
	if len(votes) == 0 {
		return 0, false
	}
	best, tied := votes[0], false
	for _, v := range votes[1:] {
		switch {
		case v.origins > best.origins || v.origins == best.origins && v.asOf > best.asOf:
			best, tied = v, false
		case v.origins == best.origins && v.asOf == best.asOf:
			tied = true
		}
	}
	if tied || best.origins == 1 && (len(votes) > 1 || !w.unopposed(best.value)) {
		return 0, false
	}
	return best.value, true
}

func (w *work) unopposed(v int64) bool {
	for i := range w.groups {
		if v < w.groups[i].agreeLo || v > w.groups[i].agreeHi {
			return false
		}
	}
	return true
}
