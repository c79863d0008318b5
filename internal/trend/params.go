package trend

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

const (
	// LeastAttacks is the number of attacks below which no test is published,
	// whatever the parameters say.
	LeastAttacks = 8
	// LeastPermutations is the least number of shuffles behind a published p.
	LeastPermutations = 9_999
	// MostPermutations and MostEvents bound the work of one computation.
	MostPermutations = 99_999
	MostEvents       = 50_000
	// MostYears is the longest span of time that is looked at, MostBins the most
	// months or weeks, and MostGroups the most groups: a result must be short
	// enough to be kept with its statement.
	MostYears  = 80
	MostBins   = 1_000
	MostGroups = 30
	// EdgeAttacks is how many attacks a change of rate must leave on either
	// side: nearer to the edges the statistic grows without bound.
	EdgeAttacks = 3
	// LeastBins is how many whole months (or weeks) the dispersion needs.
	LeastBins = 6
	// DispersionLimit is the dispersion up to which chance alone explains how
	// the months differ.
	DispersionLimit = 1.2
	// LeastForRatio is the number of attacks in each period from which the
	// logarithm of a ratio is near enough to normal for a quasi-Poisson test.
	LeastForRatio = 5

	mostPlaced = 1_000_000_000 // permutations × events
)

// Ground is what fixed the boundary between the two periods.
type Ground string

// The grounds. A boundary that was found in the data proves nothing about the
// same data, so GroundData leads to the search for a change instead.
const (
	GroundEvent Ground = "event" // something that happened
	GroundLaw   Ground = "law"   // a law, a ban, an operation, from its day on
	GroundOther Ground = "other" // fixed otherwise before looking
	GroundData  Ground = "data"  // chosen because the numbers look different
)

// Bin is the unit of time within which attacks are counted for dispersion and
// shuffles.
type Bin string

// The bins, counted from the boundary in both directions; what is left at the
// outer ends is in no bin.
const (
	Month Bin = "month"
	Week  Bin = "week"
)

// Params is what was decided before a computation. Days are written as
// 2006-01-02.
type Params struct {
	From     string `json:"from"`               // first day that is looked at
	Boundary string `json:"boundary,omitempty"` // first day of the later period; empty for none
	To       string `json:"to"`                 // last day that is looked at
	// Ground and Why say what fixed the boundary; both are needed with one.
	Ground Ground `json:"ground,omitempty"`
	Why    string `json:"why,omitempty"`
	// BoundaryEvent is the ID of the attack that set the boundary. It is not
	// counted in the comparison, for which it was chosen.
	BoundaryEvent string `json:"boundary_event,omitempty"`
	// JoinHours joins events at one place within so many hours of the first of
	// them into one attack; 0 joins none but parts of one event.
	JoinHours int `json:"join_hours"`
	Bin       Bin `json:"bin"`
	// Groups asks for a comparison within each Group of the input too,
	// corrected for their number.
	Groups bool `json:"groups,omitempty"`
	// Seed starts the generator; at most 2⁵³−1, so that every reader of JSON
	// reads the same.
	Seed uint64 `json:"seed"`
	// Permutations is the number of shuffles, called B.
	Permutations int     `json:"permutations"`
	Alpha        float64 `json:"alpha"` // two-sided level, 0.05 for 95 % intervals
	// Minimum is the number of attacks below which nothing is published.
	Minimum int `json:"minimum"`
}

// Defaults returns parameters for the span from one day to another, without a
// boundary: attacks joined within 24 hours, months, 9,999 shuffles, level 0.05.
func Defaults(from, to string) Params {
	return Params{
		From: from, To: to, JoinHours: 24, Bin: Month,
		Seed: 1, Permutations: LeastPermutations, Alpha: 0.05, Minimum: LeastAttacks,
	}
}

// frame is a span of time as checked: days from, boundary and end, the end
// exclusive. Without a boundary that is from.
type frame struct {
	from, boundary, end day
	split               bool
}

func (f frame) days() int64 { return int64(f.end - f.from) }

// Check returns the first fault of the parameters, or nil. The error names the
// field and what it must be.
func (p Params) Check() error {
	_, err := p.frame()
	return err
}

func (p Params) frame() (frame, error) {
	var f frame
	var err error
	bad := func(field, must string) (frame, error) {
		return frame{}, fmt.Errorf("trend: %s %s", field, must)
	}
	if f.from, err = parseDay(p.From); err != nil {
		return bad("from", "must be a day, written 2006-01-02")
	}
	last, err := parseDay(p.To)
	if err != nil {
		return bad("to", "must be a day, written 2006-01-02")
	}
	f.end = last + 1
	f.boundary = f.from
	switch {
	case last < f.from:
		return bad("to", "must not be before from")
	case f.days() > MostYears*366:
		return bad("to", fmt.Sprintf("must be within %d years of from", MostYears))
	}
	if p.Boundary != "" {
		f.split = true
		if f.boundary, err = parseDay(p.Boundary); err != nil {
			return bad("boundary", "must be a day, written 2006-01-02")
		}
		if f.boundary <= f.from || f.boundary > last {
			return bad("boundary", "must be after from and not after to, so that both periods have days")
		}
	}
	switch {
	case p.Boundary == "" && (p.Ground != "" || p.Why != "" || p.BoundaryEvent != ""):
		return bad("boundary", "must be given with a ground, a reason or an event for it")
	case p.Boundary != "" && p.Ground != GroundEvent && p.Ground != GroundLaw && p.Ground != GroundOther && p.Ground != GroundData:
		return bad("ground", "must be event, law, other or data")
	case p.Boundary != "" && strings.TrimSpace(p.Why) == "":
		return bad("why", "must say what fixed the boundary")
	case len(p.Why) > 2000 || !utf8.ValidString(p.Why):
		return bad("why", "must be text of at most 2,000 bytes")
	case !validField(p.BoundaryEvent):
		return bad("boundary_event", "must be the id of an event")
	case p.Groups && (p.Boundary == "" || p.Ground == GroundData):
		return bad("groups", "must have a boundary that was fixed before looking, since groups are only compared before and after it")
	case p.JoinHours < 0 || p.JoinHours > 24*366:
		return bad("join_hours", "must be from 0 to 8,784")
	case p.Bin != Month && p.Bin != Week:
		return bad("bin", "must be month or week")
	case p.Bin == Week && f.days() > 7*MostBins:
		return bad("bin", fmt.Sprintf("must be month over more than %d weeks", MostBins))
	case p.Seed >= 1<<53:
		return bad("seed", "must be below 2^53")
	case p.Permutations < LeastPermutations || p.Permutations > MostPermutations:
		return bad("permutations", fmt.Sprintf("must be from %d to %d", LeastPermutations, MostPermutations))
	case math.IsNaN(p.Alpha) || p.Alpha < 0.0001 || p.Alpha > 0.5:
		return bad("alpha", "must be from 0.0001 to 0.5")
	case p.Minimum < LeastAttacks || p.Minimum > MostEvents:
		return bad("minimum", fmt.Sprintf("must be from %d to %d", LeastAttacks, MostEvents))
	}
	return f, nil
}
