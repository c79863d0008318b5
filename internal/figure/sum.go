package figure

// Bounds is a sum of figures. All numbers stop at the greatest 64-bit one.
type Bounds struct {
	Low  *int64 `json:"low"`
	Best *int64 `json:"best"`
	High *int64 `json:"high"`
	// Open says that a summed figure is open above; Approx that one is "about".
	Open   bool `json:"open"`
	Approx bool `json:"approx"`
	// Summed counts the figures in the sum. Missing counts those without a
	// number: while there are any, the sum is of the known ones only, and has no
	// best.
	Summed  int `json:"summed"`
	Missing int `json:"missing"`
}

// Sum adds figures of things that do not overlap: Low is the sum of lows, High
// the sum of highs, Best the sum of bests where every figure has one. A figure
// of another measure or currency than the first with a number is not added and
// counts as missing. The sum of nothing has no numbers.
func Sum(parts []Figure) Bounds {
	var s sum
	for i := range parts {
		s.add(&parts[i])
	}
	return s.bounds()
}

type sum struct {
	low, best, high int64
	like            *Figure
	noBest          bool
	b               Bounds
}

func (s *sum) add(f *Figure) bool {
	if !f.Known() || s.like != nil && (f.Measure != s.like.Measure || f.Unit != s.like.Unit) {
		s.b.Missing++
		return false
	}
	if s.like == nil {
		s.like = f
	}
	s.b.Summed++
	s.low, s.high = add(s.low, *f.Low), add(s.high, *f.High)
	if f.Best == nil {
		s.noBest = true
	} else {
		s.best = add(s.best, *f.Best)
	}
	s.b.Open = s.b.Open || f.Open
	s.b.Approx = s.b.Approx || f.Approx
	return true
}

func (s *sum) bounds() Bounds {
	b := s.b
	if b.Summed == 0 {
		return b
	}
	low, best, high := s.low, s.best, s.high
	b.Low, b.High = &low, &high
	if !s.noBest && b.Missing == 0 {
		b.Best = &best
	}
	return b
}

// Whole is a subject with its parts, such as two blasts of one attack. What is
// said of the whole and what is said of the parts are two accounts of the same
// people: they stand side by side and are never added.
type Whole struct {
	Own   Figure   `json:"own"`
	Parts []Figure `json:"parts"`
	Sum   Bounds   `json:"sum"`
	// ByParts says that the whole has no figure of its own and its parts have: the
	// sum is then the best there is to show, named as a sum.
	ByParts bool `json:"by_parts"`
	// Agree says that the two accounts have a value in common; false also where
	// one of them is missing.
	Agree bool `json:"agree"`
}

// Parts puts the figure of a whole beside the figures of its parts.
func Parts(own Figure, parts []Figure) Whole {
	w := Whole{Own: own, Parts: parts, Sum: Sum(parts)}
	if w.Sum.Summed == 0 {
		return w
	}
	w.ByParts = !own.Known()
	w.Agree = own.Known() && w.Sum.Missing == 0 &&
		(*own.Low <= *w.Sum.High || w.Sum.Open) && (*w.Sum.Low <= *own.High || own.Open)
	return w
}
