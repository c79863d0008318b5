package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// Form is what somebody typed, and what is wrong with it. It goes back into the
// page as it came, so a refused form loses nothing.
type Form struct {
	Values url.Values
	Faults []FormFault
}

// FormFault is one message beside a field. Field is the input's name; its id on
// the page is "f-" and the name.
type FormFault struct {
	Field   string
	Label   string // what the form calls the field, where its list of faults says so
	Message string
}

// Get returns what was typed into a field, without spaces around it.
func (f Form) Get(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// Is reports whether a field has the value: for options and boxes.
func (f Form) Is(name, value string) bool {
	for _, v := range f.Values[name] {
		if v == value {
			return true
		}
	}
	return false
}

// Wrong reports whether something is wrong with a field.
func (f Form) Wrong(name string) bool { return f.Error(name) != "" }

// Error returns the messages for a field.
func (f Form) Error(name string) string {
	var all []string
	for _, e := range f.Faults {
		if e.Field == name {
			all = append(all, e.Message)
		}
	}
	return strings.Join(all, " ")
}

// Call notes what the form calls a field, for the list of faults above it. Faults are
// shared by the copies of a form, so the page's own knows it too.
func (f Form) Call(field, label string) {
	for i := range f.Faults {
		if f.Faults[i].Field == field {
			f.Faults[i].Label = label
		}
	}
}

// Refused reports whether anything is wrong.
func (f Form) Refused() bool { return len(f.Faults) > 0 }

// Add notes a fault in words of the catalogue.
func (f *Form) Add(l *lang.Printer, field, key string, args ...any) {
	f.Faults = append(f.Faults, FormFault{Field: field, Message: l.T(key, args...)})
}

// Take notes what a use case found wrong and reports true; any other error is
// not for a form, and it reports false.
func (f *Form) Take(l *lang.Printer, err error) bool {
	var invalid *record.Invalid
	if !errors.As(err, &invalid) {
		return false
	}
	for _, e := range invalid.Fields {
		var args []any
		for name, value := range e.Args {
			args = append(args, name, value)
		}
		f.Add(l, e.Field, e.Key, args...)
	}
	return true
}

// parseForm reads a posted form within the route's limit.
func parseForm(r *http.Request) (Form, error) {
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return Form{}, err
		}
		return Form{}, errBad
	}
	return Form{Values: r.PostForm}, nil
}
