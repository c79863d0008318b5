package attention

import (
	"math"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// Count is a number known within bounds, such as how many were killed.
type Count struct {
	Low, High int64
	// Open means that High is no bound.
	Open bool
}

// Side is one event's series in a comparison.
type Side struct {
	Collection string
	Tool       record.CoverageTool
	Language   string
	Days       []record.DayCount
	// Deaths is how many the event killed; Known says whether that is known.
	Deaths Count
	Known  bool
}

// Both is one day of two series. A side that is unknown that day is nil.
type Both struct {
	Day  string
	A, B *record.DayCount
}

// Relative is ln[(stories_a/deaths_a)/(stories_b/deaths_b)]: above 0 the first
// event was spoken of more for each person killed, below 0 less. Deaths known as
// a range make it a range.
type Relative struct {
	Low, High float64
	// LowOpen and HighOpen say that there is no bound on that side, because the
	// number killed has none.
	LowOpen, HighOpen bool
	Why               Reason
}

// OK reports whether it was worked out.
func (r Relative) OK() bool { return r.Why == "" }

// Times turns the logarithm into "so many times as much": exp of the bounds.
func (r Relative) Times() (low, high float64) { return math.Exp(r.Low), math.Exp(r.High) }

// Comparison is two events in the news of the same days.
type Comparison struct {
	// Alike says that the two are of one collection, tool and language. If not,
	// Warnings names what differs and no ratio is worked out.
	Alike    bool
	Warnings []Warning
	Days     []Both
	// Common counts the days known on both sides; A and B are the matching items on
	// them, and so counted over the very same days.
	Common int
	A, B   int64
	// AllDiffers counts the common days on which the two say that the collection
	// had different numbers of items: it was counted at different times.
	AllDiffers int
	Relative   Relative
}

// Warning is what makes a comparison doubtful. Pages look it up in the catalogue
// under "coverage.warn.".
type Warning string

// What may be wrong with a comparison.
const (
	OtherCollection Warning = "collection"
	OtherTool       Warning = "tool"
	OtherLanguage   Warning = "language"
	OtherTotals     Warning = "totals"  // the same days with different numbers of all items
	FewDays         Warning = "few"     // fewer than three days in common
	Unknown         Warning = "unknown" // days known on one side only
)

// enough is how many days in common a comparison should have.
const enough = 3

// Compare lays two series side by side, day by day.
func Compare(a, b Side) Comparison {
	var c Comparison
	if !same(a.Collection, b.Collection) {
		c.Warnings = append(c.Warnings, OtherCollection)
	}
	if a.Tool != b.Tool {
		c.Warnings = append(c.Warnings, OtherTool)
	}
	if a.Language != b.Language {
		c.Warnings = append(c.Warnings, OtherLanguage)
	}
	c.Alike = len(c.Warnings) == 0
	alone := false
	for i, j := 0, 0; i < len(a.Days) || j < len(b.Days); {
		switch {
		case j == len(b.Days) || i < len(a.Days) && a.Days[i].Day < b.Days[j].Day:
			c.Days = append(c.Days, Both{Day: a.Days[i].Day, A: &a.Days[i]})
			alone = true
			i++
		case i == len(a.Days) || b.Days[j].Day < a.Days[i].Day:
			c.Days = append(c.Days, Both{Day: b.Days[j].Day, B: &b.Days[j]})
			alone = true
			j++
		default:
			x, y := &a.Days[i], &b.Days[j]
			c.Days = append(c.Days, Both{Day: x.Day, A: x, B: y})
			c.Common++
			c.A += max(x.Matched, 0)
			c.B += max(y.Matched, 0)
			if x.All >= 0 && y.All >= 0 && x.All != y.All {
				c.AllDiffers++
			}
			i++
			j++
		}
	}
	if c.AllDiffers > 0 {
		c.Warnings = append(c.Warnings, OtherTotals)
	}
	if c.Common < enough {
		c.Warnings = append(c.Warnings, FewDays)
	}
	if alone {
		c.Warnings = append(c.Warnings, Unknown)
	}
	c.Relative = relative(c, a, b)
	return c
}

// same compares the names of collections as people write them.
func same(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

func relative(c Comparison, a, b Side) Relative {
	none := func(why Reason) Relative { return Relative{Why: why} }
	switch {
	case !c.Alike:
		return none(NotAlike)
	case c.Common == 0:
		return none(NoCommon)
	case !Counted(a.Days) || !Counted(b.Days):
		return none(NoCounts)
	case c.A == 0 || c.B == 0:
		return none(NoMatch)
	case !a.Known || !b.Known || a.Deaths.Low <= 0 || b.Deaths.Low <= 0 ||
		!a.Deaths.Open && a.Deaths.High < a.Deaths.Low || !b.Deaths.Open && b.Deaths.High < b.Deaths.Low:
		return none(NoDeaths)
	}
	// More killed by a makes the ratio smaller, more killed by b larger.
	items := math.Log(float64(c.A)) - math.Log(float64(c.B))
	r := Relative{LowOpen: a.Deaths.Open, HighOpen: b.Deaths.Open}
	if !r.LowOpen {
		r.Low = items - math.Log(float64(a.Deaths.High)) + math.Log(float64(b.Deaths.Low))
	}
	if !r.HighOpen {
		r.High = items - math.Log(float64(a.Deaths.Low)) + math.Log(float64(b.Deaths.High))
	}
	return r
}

// Voice is how much attention one language gave.
type Voice struct {
	Language string
	Share    float64
	Why      Reason // why there is no share
	// Lag is how late the language began to speak of it.
	Lag Span
}

// Gap sets languages side by side, over the days that every series that can be
// compared has: a language is left out of the common days only where it has no
// counts of the whole. earliest and latest are the event's day.
func Gap(series []Side, earliest, latest string) (voices []Voice, common int) {
	seen := map[string]int{}
	counted := 0
	for _, s := range series {
		if len(s.Days) == 0 {
			continue
		}
		any := false
		for _, d := range s.Days {
			if d.Matched >= 0 && d.All > 0 {
				seen[d.Day]++
				any = true
			}
		}
		if any {
			counted++
		}
	}
	for _, n := range seen {
		if n == counted {
			common++
		}
	}
	for _, s := range series {
		v := Voice{Language: s.Language, Lag: Lag(s.Days, earliest, latest)}
		var matched, all int64
		for _, d := range s.Days {
			if d.Matched >= 0 && d.All > 0 && seen[d.Day] == counted {
				matched += d.Matched
				all += d.All
			}
		}
		switch {
		case len(s.Days) == 0:
			v.Why = NoDays
		case !Counted(s.Days):
			v.Why = NoCounts
		case all > 0:
			v.Share = float64(matched) / float64(all)
		case common == 0:
			v.Why = NoCommon
		default:
			v.Why = NoTotal
		}
		voices = append(voices, v)
	}
	return voices, common
}
