package follow

import "github.com/gawah-project/gawah/internal/record"

// Summary counts values of the progress axis by one assessor's account. Shares are
// of what was assessed, and what was not is always beside them; met and met in part are
// never made into one number.
type Summary struct {
	By  record.Assessor
	All int
	// These add up to All.
	Met, InPart, InProgress, Stalled, NoAction, Reversed, Superseded, NotAssessed int
	// Late and LongLate are how many of All are overdue, long overdue among them.
	Late, LongLate int
	// Checked is the newest day for which any of them was assessed, YYYY-MM-DD; "" if none was.
	Checked string
}

// Add counts one demand, commitment or step. checked is the day for which it was
// last assessed, "" if it was not.
func (s *Summary) Add(v record.ProgressValue, t Timeliness, checked string) {
	s.All++
	switch v {
	case record.Met:
		s.Met++
	case record.MetInPart:
		s.InPart++
	case record.InProgress:
		s.InProgress++
	case record.Stalled:
		s.Stalled++
	case record.NoActionFound:
		s.NoAction++
	case record.Reversed:
		s.Reversed++
	case record.Superseded:
		s.Superseded++
	default:
		s.NotAssessed++
	}
	switch t {
	case LongOverdue:
		s.LongLate++
		s.Late++
	case Overdue:
		s.Late++
	}
	s.Checked = max(s.Checked, checked)
}

// Assessed is how many were assessed.
func (s Summary) Assessed() int { return s.All - s.NotAssessed }

// MetShare is met ÷ assessed; false if nothing was assessed.
func (s Summary) MetShare() (float64, bool) { return share(s.Met, s.Assessed()) }

// InPartShare is met in part ÷ assessed; false if nothing was assessed.
func (s Summary) InPartShare() (float64, bool) { return share(s.InPart, s.Assessed()) }

// Coverage is assessed ÷ all; false if there is nothing at all.
func (s Summary) Coverage() (float64, bool) { return share(s.Assessed(), s.All) }

// NotAssessedShare is not assessed ÷ all; false if there is nothing at all.
func (s Summary) NotAssessedShare() (float64, bool) { return share(s.NotAssessed, s.All) }

func share(n, of int) (float64, bool) {
	if of == 0 {
		return 0, false
	}
	return float64(n) / float64(of), true
}

// ResponseSummary counts values of the response axis: what addressees said.
type ResponseSummary struct {
	All int
	// Values counts each value; not_checked and none_found are apart, as nobody looked is not that
	// nothing was found.
	Values map[record.ResponseValue]int
}

// Add counts one addressee of one demand.
func (s *ResponseSummary) Add(v record.ResponseValue) {
	if s.Values == nil {
		s.Values = map[record.ResponseValue]int{}
	}
	if v == "" {
		v = record.NotChecked
	}
	s.All++
	s.Values[v]++
}

// Checked is how many of them somebody looked for.
func (s ResponseSummary) Checked() int { return s.All - s.Values[record.NotChecked] }

// Heard is how many answered anything.
func (s ResponseSummary) Heard() int {
	return s.Checked() - s.Values[record.NoneFound]
}

// Groups are summaries by a key, such as the party that was asked, in the order in which
// keys came first.
type Groups[K comparable] struct {
	Keys []K
	By   map[K]*Summary
}

// Of returns the summary of a key, a new one if there is none yet.
func (g *Groups[K]) Of(key K, by record.Assessor) *Summary {
	if g.By == nil {
		g.By = map[K]*Summary{}
	}
	if g.By[key] == nil {
		g.By[key] = &Summary{By: by}
		g.Keys = append(g.Keys, key)
	}
	return g.By[key]
}
