package web

import (
	"errors"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/names"
)

// date reads a date as somebody gave it. anchor is what a relative date is
// relative to, the day of publication; without one a relative date is kept with
// whatever date was typed beside it.
func (t typed) date(name string, anchor edtf.Date) record.When {
	w := record.When{Printed: t.line(name + ".printed"), Date: t.plainDate(name)}
	if s := t.line(name + ".relative"); s != "" {
		rel, err := edtf.ParseRelative(s)
		if err != nil {
			t.f.Add(t.l, name, "invalid.relative", "value", s)
			return w
		}
		w.Relative = rel
		if w.Date.IsZero() && !anchor.IsZero() {
			resolved, err := w.Resolve(anchor)
			if err != nil {
				t.f.Add(t.l, name, "invalid.anchor")
				return w
			}
			w = resolved
		}
	}
	return w
}

// dateAgain is date for a field that held had. The form shows the date that was
// worked out from a relative one; when the relative date was changed and that
// date was not, it is worked out again.
func (t typed) dateAgain(name string, had record.When, anchor edtf.Date) record.When {
	w := t.date(name, anchor)
	if had.Relative.IsZero() || w.Relative.IsZero() || w.Relative == had.Relative || anchor.IsZero() || w.Date.String() != had.Date.String() {
		return keepWhen(had, w)
	}
	again, err := w.Resolve(anchor)
	if err != nil {
		t.f.Add(t.l, name, "invalid.anchor")
		return w
	}
	return again
}

func (t typed) plainDate(name string) edtf.Date {
	s := t.line(name)
	if s == "" {
		return edtf.Date{}
	}
	d, err := edtf.Parse(names.ASCIIDigits(s))
	if err != nil {
		var e *edtf.Error
		if errors.As(err, &e) && t.l.Has("invalid."+string(e.Code)) {
			t.f.Add(t.l, name, "invalid."+string(e.Code), "value", s)
		} else {
			t.f.Add(t.l, name, "invalid.date", "value", s)
		}
	}
	return d
}

func (b blank) date(name string, w record.When) {
	b.Set(name, w.Date.String())
	b.Set(name+".printed", w.Printed)
	b.Set(name+".relative", w.Relative.String())
}

// noDate is the anchor where there is none.
var noDate edtf.Date
