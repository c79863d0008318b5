package signature

import (
	"cmp"
	"slices"
	"time"
)

// Part is one tally: how many signatures share a state, a way, and the rest.
type Part struct {
	State State
	// Was is the state before, of voided and withdrawn ones: Pending or Confirmed.
	Was     State
	Via     Via
	Edition int
	Country string
	Second  bool
	Voided  string // identifier of the invalidation
	Count   int64
}

// Reason is how many signatures were taken out of the count for one public
// reason.
type Reason struct {
	Code  string `json:"code"`
	Count int64  `json:"count"`
}

// Integrity says what became of everything that was received. All signatures
// are in exactly one of the parts of [Integrity.Parts].
type Integrity struct {
	Received int64 `json:"received"`

	// Confirmed signatures are counted: online, on paper, by code. Earlier ones
	// were confirmed under a text that has changed in substance since; they are
	// not counted until their signers agree again.
	Confirmed int64 `json:"confirmed"`
	Earlier   int64 `json:"earlier"`

	Unconfirmed int64    `json:"unconfirmed"`
	Repeated    int64    `json:"repeated"`
	Throttled   int64    `json:"throttled"`
	Refused     int64    `json:"refused"`
	Invalidated int64    `json:"invalidated"`
	Reasons     []Reason `json:"invalidated_by_reason,omitempty"` // sum to Invalidated
	Withdrawn   int64    `json:"withdrawn"`
	Expired     int64    `json:"expired"`

	// What the confirmed ones are made of; they add up to Confirmed.
	Online int64 `json:"online"`
	Paper  int64 `json:"paper"`
	Codes  int64 `json:"codes"`
	// Second is how many of the confirmed are a second name at one address.
	Second int64 `json:"second_name_at_one_address"`

	// Organisations are counted apart, and in no other number here.
	Organisations int64 `json:"organisations"`
}

// Parts returns the parts of Received.
func (i *Integrity) Parts() []int64 {
	return []int64{i.Confirmed, i.Earlier, i.Unconfirmed, i.Repeated, i.Throttled, i.Refused, i.Invalidated, i.Withdrawn, i.Expired}
}

// Adds reports whether the parts add up to what was received, the ways to what
// is confirmed, and the reasons to what was invalidated.
func (i *Integrity) Adds() bool {
	var sum, reasons int64
	for _, p := range i.Parts() {
		if p < 0 {
			return false
		}
		sum += p
	}
	for _, r := range i.Reasons {
		reasons += r.Count
	}
	return sum == i.Received && i.Online+i.Paper+i.Codes == i.Confirmed && reasons == i.Invalidated && i.Second <= i.Confirmed
}

// Tally is everything a petition's numbers are made of.
type Tally struct {
	Parts []Part
	// Days are the confirmed signatures by the day of their confirmation.
	Days []DayPart
}

// DayPart is how many signatures of one edition were confirmed on one day.
type DayPart struct {
	Edition int
	Day     int64 // days since 1970
	Count   int64
}

// Sum makes the statement. since is the first edition to which a signature still
// counts, reason names the public reason of an invalidation.
func (t Tally) Sum(since int, organisations int64, reason func(invalidation string) string) Integrity {
	out := Integrity{Organisations: organisations}
	reasons := map[string]int64{}
	for _, p := range t.Parts {
		out.Received += p.Count
		switch p.State {
		case Confirmed:
			if p.Edition < since {
				out.Earlier += p.Count
				continue
			}
			out.Confirmed += p.Count
			if p.Second {
				out.Second += p.Count
			}
			switch p.Via {
			case Paper:
				out.Paper += p.Count
			case Code:
				out.Codes += p.Count
			default:
				out.Online += p.Count
			}
		case Pending:
			out.Unconfirmed += p.Count
		case Repeated:
			out.Repeated += p.Count
		case Throttled:
			out.Throttled += p.Count
		case Refused:
			out.Refused += p.Count
		case Voided:
			out.Invalidated += p.Count
			reasons[reason(p.Voided)] += p.Count
		case Withdrawn:
			out.Withdrawn += p.Count
		case Expired:
			out.Expired += p.Count
		}
	}
	for code, n := range reasons {
		if n != 0 {
			out.Reasons = append(out.Reasons, Reason{code, n})
		}
	}
	slices.SortFunc(out.Reasons, func(a, b Reason) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code)) })
	return out
}

// Countries are the confirmed signatures of every way by country.
func (t Tally) Countries(since int) []Cell {
	by := map[string]int64{}
	for _, p := range t.Parts {
		if p.State == Confirmed && p.Edition >= since {
			by[p.Country] += p.Count
		}
	}
	out := make([]Cell, 0, len(by))
	for k, n := range by {
		out = append(out, Cell{k, n})
	}
	slices.SortFunc(out, func(a, b Cell) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// ByDay are the confirmed signatures of every way by day, "2006-01-02".
func (t Tally) ByDay(since int) []Cell {
	by := map[int64]int64{}
	for _, d := range t.Days {
		if d.Edition >= since {
			by[d.Day] += d.Count
		}
	}
	out := make([]Cell, 0, len(by))
	for day, n := range by {
		out = append(out, Cell{time.Unix(day*86400, 0).UTC().Format(time.DateOnly), n})
	}
	slices.SortFunc(out, func(a, b Cell) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// Moves is how often the count has moved, up or down: what a step waits for.
func (t Tally) Moves() int64 {
	var n int64
	for _, p := range t.Parts {
		switch {
		case p.State == Confirmed:
			n += p.Count
		case (p.State == Withdrawn || p.State == Voided) && p.Was == Confirmed:
			n += 2 * p.Count
		}
	}
	return n
}

// Gone is how many signatures counted once and were withdrawn. It never falls.
func (t Tally) Gone() int64 {
	var n int64
	for _, p := range t.Parts {
		if p.State == Withdrawn && p.Was == Confirmed {
			n += p.Count
		}
	}
	return n
}
