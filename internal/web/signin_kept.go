package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// keptField is one field of a form that waits for its sender to sign in.
type keptField struct {
	Name, Value string
	// Label and Says are the field and its value as the form words them; without a
	// label the field is carried along and not shown.
	Label, Says string
}

// keptFields lists the fields of a form that was posted to an address as they stand in
// the form, and those whose place is not known by name.
func keptFields(l *lang.Printer, path string, values url.Values) []keptField {
	specs, order := specsAt(l, path)
	place := func(name string) int {
		for base := name; ; base = base[:strings.LastIndexByte(base, '.')] {
			if i := slices.Index(order, base); i >= 0 {
				return i
			}
			if !strings.Contains(base, ".") {
				return len(order)
			}
		}
	}
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b)) })
	var out []keptField
	for _, name := range names {
		for _, value := range values[name] {
			k := keptField{Name: name, Value: value}
			k.Label, k.Says = keptWords(l, specs, name, value)
			out = append(out, k)
		}
	}
	return out
}

// Shown lists the kept fields that a person typed, for reading them over.
func (p *signInPage) Shown() []keptField {
	return slices.DeleteFunc(slices.Clone(p.Kept), func(k keptField) bool { return k.Label == "" || strings.TrimSpace(k.Says) == "" })
}

// specsAt are the fields of the form of the register that posts to an address: by name,
// and their names in order.
func specsAt(l *lang.Printer, path string) (specs map[string]spec, order []string) {
	specs = map[string]spec{}
	add := func(list []spec) {
		for _, sp := range list {
			specs[sp.Name], order = sp, append(order, sp.Name)
		}
	}
	path, _, _ = strings.Cut(path, "?")
	if strings.HasPrefix(path, "/desk/claims/") || strings.HasSuffix(path, "/claims") {
		order = append(order, "seg", "quote", "insert", "locator")
		for _, kind := range []record.ClaimKind{record.KindMeasure, record.KindAttribute, record.KindStatement} {
			add(claimSpecs(formContext{viewer: access.House(), lang: l, rec: &record.Claim{}}, kind, nil, true))
		}
		return specs, order
	}
	for _, rf := range recordForms() {
		if strings.HasPrefix(path, "/desk/"+rf.plural+"/") {
			add(rf.specs(formContext{viewer: access.House(), lang: l, rec: newRecordOf(rf.kind, "")}))
		}
	}
	return specs, order
}

// keptWords is what a form calls a field and its value. What it does not show, or fills
// in by itself, has no label.
func keptWords(l *lang.Printer, specs map[string]spec, name, value string) (label, says string) {
	word := func(key string) string {
		if l.Has("field." + key) {
			return l.T("field." + key)
		}
		return ""
	}
	called := func(sp spec) string {
		if sp.Word != "" {
			return word(sp.Word)
		}
		return word(sp.Name)
	}
	if name == "seg" {
		return l.T("claim.passage"), segmentWords(l, value)
	}
	if sp, ok := specs[name]; ok {
		return called(sp), optionWords(l, sp, value)
	}
	base, box := name, ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		base, box = name[:i], name[i+1:]
	}
	switch sp, ok := specs[base]; {
	case box == "lang", box == "was", box == "kind" && ok:
		return "", ""
	case ok && word("place."+box) != "":
		return l.T("desk.field_part", "field", called(sp), "part", word("place."+box)), value
	case ok && (box == "printed" || box == "relative"):
		return l.T("desk.field_part", "field", called(sp), "part", word(box)), value
	case ok:
		return called(sp), value
	}
	first, _, _ := strings.Cut(name, ".")
	return word(first), value
}

// optionWords is the label of a value that is chosen and not typed. Nobody is signed
// in, so a record that was chosen is not named.
func optionWords(l *lang.Printer, sp spec, value string) string {
	switch sp.Input {
	case inPick, inPicks:
		if ref := parseRef(value); !ref.IsZero() && l.Has("desk.kind."+string(ref.Kind)) {
			return l.T("desk.kind." + string(ref.Kind))
		}
	case inCheck:
		if value != "" {
			return l.T("desk.yes")
		}
	case inChoice, inChecks:
		if sp.Options == nil {
			return value
		}
		for _, o := range sp.Options(l) {
			if o.Value == value && value != "" {
				return o.Label
			}
		}
	}
	return value
}

// segmentWords writes a part of a passage: its words, or where they stand in the copy.
func segmentWords(l *lang.Printer, value string) string {
	switch {
	case strings.HasPrefix(value, "+"):
		return "[" + value[1:] + "]"
	case strings.HasPrefix(value, "="):
		return "“" + value[1:] + "”"
	}
	from, to, _ := strings.Cut(value, "-")
	return l.T("desk.passage_at", "from", from, "to", to)
}
