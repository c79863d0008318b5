package figure

import (
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Said is one claim with what a rule must know of the source that makes it.
type Said struct {
	Claim *record.Claim
	// Outlet is who published the source: the identifier of its party, or, when
	// the publisher has no record, its name. Empty when nobody knows.
	Outlet string
	// Published is the source's date of publication, zero when unknown.
	Published edtf.Date
	// From lists the sources that the source says it took its facts from, the
	// most important one first.
	From []record.SourceID
}

// Status says how well a figure is supported. It MUST travel with the figure
// wherever that goes: page, export, print.
type Status string

// A Provisional figure rests on one origin. The used reports of a Corroborated
// one, from two origins or more, can all be true at once; those of a Disputed
// one cannot. A CompiledOnly figure has no report behind it, only the numbers of
// dataset editors. None is no figure.
const (
	Provisional  Status = "provisional"
	Corroborated Status = "corroborated"
	Disputed     Status = "disputed"
	CompiledOnly Status = "compiled"
	None         Status = "none"
)

// Statuses lists the statuses from the best supported to none.
func Statuses() []Status {
	return []Status{Corroborated, Provisional, Disputed, CompiledOnly, None}
}

// Use says what a rule did with one claim, and why.
type Use struct {
	Claim  record.ClaimID `json:"id"`
	Used   bool           `json:"used"`
	Reason Reason         `json:"reason"`
	// Of is the claim that this one repeats or is replaced by.
	Of record.ClaimID `json:"of,omitempty"`
	// Origin is the key of the one who first said it; equal keys are one origin.
	// It is empty for claims that never came so far as to need one, and for
	// compilers, who are no origin. It can hold the identifier of a record that
	// the reader may not see: pages compare keys, and print names.
	Origin string `json:"origin,omitempty"`
	// Low, Best and High are the number as the rule reads it. A nil Low is "no
	// lower bound stated", a nil High with Open "no upper bound".
	Low    *int64 `json:"low,omitempty"`
	Best   *int64 `json:"best,omitempty"`
	High   *int64 `json:"high,omitempty"`
	Open   bool   `json:"open,omitempty"`
	Approx bool   `json:"approx,omitempty"` // "about": a point without bounds
	// Word is the conversion applied to a number in words, for the reader to see:
	// "dozens ≥ 24 (gawah-words/1)".
	Word string `json:"word,omitempty"`
}

// Figure is what the claims on one subject, measure and scope support under one
// rule. Where they are present, Low ≤ Best ≤ High. Low and High are nil only
// when Status is None.
type Figure struct {
	Low  *int64 `json:"low"`
	Best *int64 `json:"best"` // absent where the claims support no single value
	High *int64 `json:"high"`
	// Open says that a used claim has no upper bound ("more than 100"): the truth
	// may lie above High.
	Open bool `json:"open"`
	// Below says that Low is 0 only because no used claim states a lower bound:
	// to be shown as "up to High".
	Below bool `json:"below,omitempty"`
	// Approx says that Low, Best or High is known only as "about" that number.
	Approx bool `json:"approx"`
	// Origins counts the independent origins whose reports the rule weighed.
	// Compilers are none.
	Origins int            `json:"origins"`
	Status  Status         `json:"status"`
	Rule    Rule           `json:"rule"`
	Measure record.Measure `json:"measure"`
	// Unit is the currency of a sum of money.
	Unit  string       `json:"unit,omitempty"`
	Scope record.Scope `json:"scope,omitzero"`
	// Claims lists every claim that was given, ordered by the time it speaks of,
	// then by publication, then by identifier, undated ones first.
	Claims []Use `json:"claims"`
}

// Known reports whether there is a number at all.
func (f *Figure) Known() bool { return f.Low != nil && f.High != nil }

// UsedClaims returns the identifiers of the claims the figure rests on, in the
// order of Claims.
func (f *Figure) UsedClaims() []record.ClaimID {
	var ids []record.ClaimID
	for i := range f.Claims {
		if f.Claims[i].Used {
			ids = append(ids, f.Claims[i].Claim)
		}
	}
	return ids
}
