package web

import (
	"reflect"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// textType is a text in its languages, which a history takes apart by them.
var textType = reflect.TypeFor[record.Text]()

// historyWords names for readers what a path in a record's JSON form leads to, such
// as "where.town" or "title.ur". What lies below the fields of the record, in the
// parameters of a test, is named by the field that it is in: no reader meets a name
// that only the program knows.
func historyWords(l *lang.Printer, kind record.Kind, path string) string {
	rec, ok := record.New(kind)
	if !ok {
		return path
	}
	words := ""
	t := reflect.TypeOf(rec)
	for name := range strings.SplitSeq(path, ".") {
		part := ""
		if t == textType {
			part = languageName(l, name)
		} else if t, ok = jsonField(t, name); ok {
			part = name // of what only the desk sees, without a word in any form
			if key := historyKey(l, kind, name); l.Has(key) {
				part = l.T(key)
			}
		} else {
			break
		}
		if words == "" {
			words = part
		} else {
			words = l.T("history.field_part", "field", words, "part", part)
		}
	}
	if words == "" {
		return path
	}
	return words
}

// historyKey is the message that names a field: one for the field of this kind of
// record, else one for all fields of the name, else the word that forms have for it.
func historyKey(l *lang.Printer, kind record.Kind, name string) string {
	for _, key := range []string{"history.field." + string(kind) + "_" + name, "history.field." + name} {
		if l.Has(key) {
			return key
		}
	}
	return "field." + name
}

// historyValue writes a value as forms word it where it is one of a list: "attack",
// "more than". Other values stand as they are.
func historyValue(l *lang.Printer, fields map[string]spec, path, value string) string {
	for at, prefix := range map[string]string{"visibility": "visibility.", "where.precision": "precision.", "review.state": "review."} {
		if path == at && l.Has(prefix+value) {
			return l.T(prefix + value)
		}
	}
	if path == "scope.area" {
		path = "scope"
	}
	if sp, ok := fields[path]; ok && sp.Input == inChoice {
		return optionWords(l, sp, value)
	}
	return value
}

// formFields are the fields of the form for a kind of record, by name.
func formFields(l *lang.Printer, kind record.Kind) map[string]spec {
	specs, _ := specsAt(l, "/desk/"+plurals[kind]+"/")
	return specs
}

// jsonField finds the type of a field by its JSON name.
func jsonField(t reflect.Type, name string) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return t, false
	}
	for f := range t.Fields() {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name && name != "-" {
			return f.Type, true
		}
	}
	return t, false
}
