package record

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The kinds of error the domain knows. Each edge (web, command line) maps them
// once; anything else is an internal fault and is never shown to a reader.
var (
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("changed by someone else in the meantime")
	ErrForbidden = errors.New("not allowed")
	// ErrGone marks what was there and was erased, hidden or withdrawn.
	ErrGone = errors.New("no longer here")
)

// FieldError says what is wrong with one field. Key is a message key of the
// catalogue ("invalid.required"); Args fill its placeholders.
type FieldError struct {
	Field string
	Key   string
	Args  map[string]string
}

// Invalid lists everything wrong with what was entered, so that a form can show
// each message beside its field in one go.
type Invalid struct {
	Fields []FieldError
}

func (e *Invalid) Error() string {
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + ": " + strings.TrimPrefix(f.Key, "invalid.")
		for k, v := range f.Args {
			parts[i] += fmt.Sprintf(" (%s %s)", k, v)
		}
	}
	return "invalid: " + strings.Join(parts, "; ")
}

// Has reports whether the field is among those in error.
func (e *Invalid) Has(field string) bool {
	for _, f := range e.Fields {
		if f.Field == field {
			return true
		}
	}
	return false
}

// checks collects field errors during validation.
type checks struct {
	fields []FieldError
}

func (c *checks) add(field, key string, args ...string) {
	e := FieldError{Field: field, Key: "invalid." + key}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]string{}
		}
		e.Args[args[i]] = args[i+1]
	}
	c.fields = append(c.fields, e)
}

func (c *checks) err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Invalid{Fields: c.fields}
}

func (c *checks) required(field, value string) {
	if strings.TrimSpace(value) == "" {
		c.add(field, "required")
	}
}

func (c *checks) id(field, value string) {
	if !ValidID(value) {
		c.add(field, "id")
	}
}

func (c *checks) optionalID(field, value string) {
	if value != "" {
		c.id(field, value)
	}
}

// clean refuses text that one of the databases would refuse or change, and
// text longer than limit characters.
func (c *checks) clean(field, value string, limit int) {
	switch {
	case len(value) > limit && utf8.RuneCountInString(value) > limit:
		c.add(field, "long", "limit", fmt.Sprint(limit))
	case !validText(value):
		c.add(field, "text")
	}
}

func oneOf[T ~string](c *checks, field string, value T, allowed ...T) {
	for _, a := range allowed {
		if value == a {
			return
		}
	}
	if value == "" {
		c.add(field, "required")
		return
	}
	c.add(field, "choice")
}
