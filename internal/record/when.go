package record

import "github.com/gawah-project/gawah/internal/record/edtf"

// When is a date as somebody gave it. Date is the reading (EDTF level 1);
// Printed keeps the words when they are not the date itself; Relative keeps
// how a date said in relation to the publication ("about five years ago") was
// read, so that the reading can be repeated when the publication date is
// corrected.
type When struct {
	Date     edtf.Date     `json:"date,omitzero"`
	Printed  string        `json:"printed,omitempty"`
	Relative edtf.Relative `json:"relative,omitzero"`
}

// IsZero reports whether nothing is known.
func (w When) IsZero() bool { return w == When{} }

// On is the When of an EDTF text that is known to be valid; it panics on one
// that is not, and is for literals.
func On(s string) When { return When{Date: edtf.MustParse(s)} }

// Resolve returns w with Date worked out from the publication date when w was
// given relative to it, and w itself otherwise.
func (w When) Resolve(published edtf.Date) (When, error) {
	if w.Relative.IsZero() || published.IsZero() {
		return w, nil
	}
	d, err := w.Relative.Resolve(published)
	if err != nil {
		return w, err
	}
	w.Date = d
	return w, nil
}

func (c *checks) when(field string, w When) {
	c.clean(field, w.Printed, MaxLine)
}
