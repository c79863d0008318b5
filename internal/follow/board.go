package follow

import (
	"cmp"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Account is where one assessor stands on one axis.
type Account struct {
	By      record.Assessor
	Present *record.Assessment
	Earlier []*record.Assessment // newest first
}

// Value returns the present value on the axis of the assessment.
func (a Account) Value() string { return value(a.Present) }

func value(a *record.Assessment) string {
	if a.Axis == record.AxisResponse {
		return string(a.Response)
	}
	return string(a.Progress)
}

// Axis is one axis of one step, or of the whole, for one addressee.
type Axis struct {
	Accounts []Account // of those who judged, in the order of [record.Assessors]
	// Disputed says that present accounts differ. One that says that nobody looked differs from
	// none.
	Disputed bool
}

// By returns the account of an assessor, false without one.
func (x Axis) By(by record.Assessor) (Account, bool) {
	for _, a := range x.Accounts {
		if a.By == by {
			return a, true
		}
	}
	return Account{}, false
}

// Response returns what an assessor holds to be said, not_checked without an account.
func (x Axis) Response(by record.Assessor) record.ResponseValue {
	if a, ok := x.By(by); ok {
		return a.Present.Response
	}
	return record.NotChecked
}

// Progress returns what an assessor holds to have happened, not_assessed without an account.
func (x Axis) Progress(by record.Assessor) record.ProgressValue {
	if a, ok := x.By(by); ok {
		return a.Present.Progress
	}
	return record.NotAssessed
}

// Standing is both judged axes of one step, or of the whole with Step "", for one
// addressee, or for all with Addressee "".
type Standing struct {
	Step, Addressee    string
	Response, Progress Axis
}

// Board holds the accepted assessments of one demand or commitment.
type Board struct {
	all []*record.Assessment // newest first
}

// NewBoard takes the assessments of one demand or commitment that the reader may
// see, in any order. Those that were not accepted are left out. The assessments are
// not changed and must not be while the board is used.
func NewBoard(assessments []*record.Assessment) *Board {
	b := &Board{all: make([]*record.Assessment, 0, len(assessments))}
	for _, a := range assessments {
		if a.Review.State == record.Accepted {
			b.all = append(b.all, a)
		}
	}
	slices.SortFunc(b.all, newer)
	return b
}

// newer orders by the day for which it holds; then the one about an addressee before the
// one about all; then by identifier, which is the order in which they were made.
func newer(a, b *record.Assessment) int {
	return cmp.Or(
		cmp.Compare(b.On, a.On),
		cmp.Compare(min(len(b.Addressee), 1), min(len(a.Addressee), 1)),
		cmp.Compare(b.ID, a.ID),
	)
}

// All returns every accepted assessment, newest first.
func (b *Board) All() []*record.Assessment { return b.all }

// At returns the standing of a step, "" for the whole, for an addressee. With
// Addressee "" only what was judged of all addressees counts.
func (b *Board) At(step, addressee string) Standing {
	s := Standing{Step: step, Addressee: addressee}
	for _, a := range b.all {
		if a.Step != step || a.Addressee != "" && a.Addressee != addressee {
			continue
		}
		if a.Axis == record.AxisResponse {
			s.Response.add(a)
		} else {
			s.Progress.add(a)
		}
	}
	s.Response.finish()
	s.Progress.finish()
	return s
}

// add takes assessments from the newest to the oldest.
func (x *Axis) add(a *record.Assessment) {
	for i := range x.Accounts {
		if x.Accounts[i].By == a.By {
			x.Accounts[i].Earlier = append(x.Accounts[i].Earlier, a)
			return
		}
	}
	x.Accounts = append(x.Accounts, Account{By: a.By, Present: a})
}

func (x *Axis) finish() {
	order := record.Assessors()
	slices.SortStableFunc(x.Accounts, func(a, b Account) int {
		return slices.Index(order, a.By) - slices.Index(order, b.By)
	})
	said := ""
	for _, a := range x.Accounts {
		v := a.Value()
		if v == string(record.NotChecked) || v == string(record.NotAssessed) {
			continue
		}
		x.Disputed = x.Disputed || said != "" && said != v
		said = v
	}
}

// Done is whether something is done and when, as far as that is known.
type Done struct {
	Is bool
	// Superseded says that it is not asked for any more.
	Superseded bool
	When       edtf.Date // when it happened, if that is known
	By         string    // YYYY-MM-DD, a day on which it was known to have happened
}

// Done returns whether an assessor holds it to be met, and when.
func (x Axis) Done(by record.Assessor) Done {
	a, ok := x.By(by)
	if !ok {
		return Done{}
	}
	switch a.Present.Progress {
	case record.Met:
		d := Done{Is: true, When: a.Present.Happened.Date, By: a.Present.On}
		// Said again later, it does not happen again: the first of the unbroken run of "met" counts.
		for _, e := range a.Earlier {
			if e.Progress != record.Met {
				break
			}
			d.By = e.On
			if d.When.IsZero() {
				d.When = e.Happened.Date
			}
		}
		return d
	case record.Superseded:
		return Done{Superseded: true}
	}
	return Done{}
}

// Heard reports whether a value of the response axis is an answer of any kind.
func Heard(v record.ResponseValue) bool {
	return v != "" && v != record.NotChecked && v != record.NoneFound
}
