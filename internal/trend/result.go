package trend

// Reason is why something is not published. It is a key, not a sentence.
type Reason string

// The reasons.
const (
	NoBoundary       Reason = "no_boundary"        // nothing divides two periods
	BoundaryFromData Reason = "boundary_from_data" // it was chosen by the numbers it would be tested on
	TooFewAttacks    Reason = "too_few_attacks"    // fewer than the minimum
	TooFewBins       Reason = "too_few_bins"       // fewer whole months than the dispersion needs
	TooFewKnown      Reason = "too_few_known"      // too few attacks whose number of killed is known
	NothingInBins    Reason = "nothing_in_bins"    // no attack, or nobody killed, in any whole month
)

// Method is the test whose p and interval are published.
type Method string

// The methods.
const (
	ConditionalBinomial Method = "conditional_binomial"
	QuasiPoisson        Method = "quasi_poisson"
	BinShuffle          Method = "bin_shuffle"
	ChangePoint         Method = "change_point"
	NoMethod            Method = ""
)

// Finding is the outcome of a published test, as a key.
type Finding string

// The findings. NoClearChange is not "no change": the test could not tell.
const (
	Rising        Finding = "rising"
	Falling       Finding = "falling"
	NoClearChange Finding = "no_clear_change"
	NotTested     Finding = "not_tested"
)

// Published is what a statement may say of one set of attacks.
type Published struct {
	Finding Finding  `json:"finding"`
	Method  Method   `json:"method,omitempty"`
	Refused []Reason `json:"refused,omitempty"` // why not tested, or why not by comparing periods
	// Ratio is the later rate to the earlier; infinite when there was none before.
	Ratio *Number `json:"ratio,omitempty"`
	// Interval of the ratio at level 1 − alpha; absent where the method gives none.
	Interval *Interval `json:"interval,omitempty"`
	P        *Number   `json:"p,omitempty"`
	// Adjusted is P after Holm's correction, where several groups are compared;
	// the finding of a group rests on it.
	Adjusted *Number `json:"adjusted,omitempty"`
}

// Period is one of two periods, or the whole span.
type Period struct {
	From    string `json:"from"`
	To      string `json:"to"` // last day
	Days    int64  `json:"days"`
	Attacks int64  `json:"attacks"`
	// Yearly is the number of attacks per 365.25 days, Interval its exact Poisson
	// interval, which holds only where the dispersion is near 1.
	Yearly   Number   `json:"yearly"`
	Interval Interval `json:"interval"`
}

// BinCount is one month or week with its attacks, for the chart and the table.
type BinCount struct {
	From    string `json:"from"`
	To      string `json:"to"` // last day
	Later   bool   `json:"later,omitempty"`
	Attacks int64  `json:"attacks"`
}

// Change is one change of rate that was looked for.
type Change struct {
	// Day is the first day of the new rate in the best division, Earliest and
	// Latest the ends of the range of divisions within 3.84 of it: an
	// approximate range. No single day is to be published alone.
	Day      string `json:"day"`
	Earliest string `json:"earliest"`
	Latest   string `json:"latest"`
	Before   int    `json:"before"` // attacks before it
	After    int    `json:"after"`
	Ratio    Number `json:"ratio"` // rate after to rate before, greatest where it is the best
	// Statistic is 2Λ, twice the gain in log likelihood; no table of χ² holds for it.
	Statistic    Number  `json:"statistic"`
	P            Number  `json:"p"`
	Permutations int     `json:"permutations"`
	Finding      Finding `json:"finding"`
}

// Analysis is everything worked out for one set of attacks.
type Analysis struct {
	Attacks int    `json:"attacks"` // counted in the span
	Whole   Period `json:"whole"`
	// Before and After are absent without a boundary. Their attacks leave out
	// the one that set the boundary.
	Before *Period `json:"before,omitempty"`
	After  *Period `json:"after,omitempty"`
	// Boundary attacks left out of Before and After: 0 or 1.
	AtBoundary int `json:"at_boundary,omitempty"`

	Bins []BinCount `json:"bins,omitempty"`
	// Unbinned attacks lie in no whole bin, or their date is too coarse for one.
	Unbinned int `json:"unbinned"`
	// Undated attacks have no known day and are not in the search for a change.
	Undated int `json:"undated"`

	// Series is the dispersion of all bins about one mean, Dispersion that
	// about the two means of the periods.
	Series     *SeriesDispersion `json:"series,omitempty"`
	Dispersion *Dispersion       `json:"dispersion,omitempty"`
	Exact      *RateTest         `json:"conditional_binomial,omitempty"`
	Quasi      *QuasiTest        `json:"quasi_poisson,omitempty"`
	Shuffle    *ShuffleTest      `json:"bin_shuffle,omitempty"`
	Change     *Change           `json:"change_point,omitempty"`
	Laplace    *LaplaceTest      `json:"laplace,omitempty"`

	Published Published `json:"published"`
}

// Undecided says what attacks could do whose dates do not tell on which side of
// the boundary, or of the ends of the span, they lie.
type Undecided struct {
	Attacks int      `json:"attacks"`
	Lowest  RateTest `json:"lowest"`  // all where they make the ratio least
	Highest RateTest `json:"highest"` // all where they make it greatest
}

// GroupResult is the comparison within one group.
type GroupResult struct {
	Group    string   `json:"group"`
	Analysis Analysis `json:"analysis"`
}

// Victims compares the killed of the two periods, by shuffling bins only.
type Victims struct {
	Attacks int          `json:"attacks"`        // whose number of killed is known
	Unknown int          `json:"unknown"`        // whose number is not
	Low     *ShuffleTest `json:"low,omitempty"`  // with the lower bounds of all figures
	High    *ShuffleTest `json:"high,omitempty"` // with the upper bounds
	// Finding is of both bounds: it is Rising only when both are.
	Finding Finding  `json:"finding"`
	Refused []Reason `json:"refused,omitempty"`
}

// Result is everything one computation worked out. It rests on nothing but
// Params and the input with this hash.
type Result struct {
	Version     string `json:"version"`
	Generator   string `json:"generator"`
	InputSHA256 string `json:"input_sha256"`
	Params      Params `json:"params"`

	Events  int `json:"events"`  // in the input
	Joined  int `json:"joined"`  // events that were counted with another as one attack
	Attacks int `json:"attacks"` // after joining, wherever they lie in time
	Outside int `json:"outside"` // attacks outside of the span

	All    Analysis `json:"all"`
	Strict Analysis `json:"strict"` // two sources or more, or somebody killed

	Undecided *Undecided    `json:"undecided,omitempty"`
	Groups    []GroupResult `json:"groups,omitempty"`
	Victims   *Victims      `json:"victims,omitempty"`
}
