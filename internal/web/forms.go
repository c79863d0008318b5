package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// input is how a field of a record is asked for.
type input string

// The inputs. Those with several boxes use the field's name with a dot and the
// box's ("when.printed"); lists repeat the same names in order.
const (
	inLine     input = "line"
	inArea     input = "area"
	inChoice   input = "choice"
	inCheck    input = "check"
	inChecks   input = "checks" // any of the options
	inTexts    input = "texts"  // one text in several languages
	inAreas    input = "areas"  // the same, long
	inNames    input = "names"
	inDate     input = "date"  // with printed words and a relative date
	inPlain    input = "plain" // a date alone
	inPlace    input = "place"
	inPick     input = "pick"  // one record, searched for
	inPicks    input = "picks" // several
	inConsents input = "consents"
	inHidden   input = "hidden"
)

// spec describes one field of a form. Its label is the message "field." + Name
// and its hint, if there is one, "hint." + Name, unless Word gives another name.
type spec struct {
	Name    string
	Word    string
	Input   input
	Kinds   []record.Kind // what inPick and inPicks look for
	Options func(*lang.Printer) []option
	Short   bool
	// Group starts a new part of the form under the message "group." + Group.
	Group string
	// Fold puts the part behind its legend until something is in it.
	Fold bool
}

type option struct{ Value, Label string }

// optionsOf makes options of the values of an enumeration, named by the messages
// that begin with prefix. empty adds a choice of nothing.
func optionsOf[T ~string](prefix string, empty bool, values ...T) func(*lang.Printer) []option {
	return func(l *lang.Printer) []option {
		var out []option
		if empty {
			out = append(out, option{"", "—"})
		}
		for _, v := range values {
			out = append(out, option{string(v), l.T(prefix + string(v))})
		}
		return out
	}
}

// fieldView is a field ready for the template.
type fieldView struct {
	spec
	Label, Hint, Error string
	Value              string
	Options            []optionView
	Rows               []rowView
	// Chosen and Found are the records that a pick has and that its search found.
	Chosen, Found []casework.Label
	Query         string
	Searched      bool
	// Get and Is look into the whole form, for inputs with several boxes.
	Form Form
	L    *lang.Printer
}

// Names are the names of what the field has of the records and options it offers.
func (v fieldView) Names() []string {
	var out []string
	for _, l := range v.Chosen {
		out = append(out, l.Name)
	}
	for _, o := range v.Options {
		if o.Selected && o.Value != "" {
			out = append(out, o.Label)
		}
	}
	return out
}

type optionView struct {
	option
	Selected bool
}

// rowView is one line of a list input, by box.
type rowView map[string]string

type groupView struct {
	Legend string
	Fields []fieldView
	// Fold hides the fields behind the legend, unless Open.
	Fold, Open bool
}

// spare is how many empty lines a list input offers.
const spare = 1

// rows joins the repeated boxes of a list input into lines, leaving out lines
// that are empty, and adds empty ones.
func rows(f Form, name string, boxes []string, more int) []rowView {
	n := 0
	for _, b := range boxes {
		n = max(n, len(f.Values[name+"."+b]))
	}
	var out []rowView
	for i := range n {
		row, filled := emptyRow(boxes), false
		for _, b := range boxes {
			if all := f.Values[name+"."+b]; i < len(all) {
				row[b] = all[i]
				if strings.TrimSpace(all[i]) != "" && b != "kind" && b != "lang" && b != "purpose" && b != "basis" && b != "given" {
					filled = true
				}
			}
		}
		if row["purpose"] != "" {
			filled = true
		}
		if filled {
			out = append(out, row)
		}
	}
	for range more {
		out = append(out, emptyRow(boxes))
	}
	return out
}

// emptyRow has every box, so that a template finds each.
func emptyRow(boxes []string) rowView {
	row := rowView{}
	for _, b := range boxes {
		row[b] = ""
	}
	return row
}

// The boxes of the inputs that repeat.
var (
	textBoxes    = []string{"lang", "text"}
	nameBoxes    = []string{"text", "lang", "kind"}
	consentBoxes = []string{"purpose", "given", "basis", "by", "relation", "on", "withdrawn", "note"}
)

// form turns specs and what was typed into what the template shows. Searches that
// were asked for are run here.
func (s *Server) form(ctx context.Context, v *visit, specs []spec, f Form) ([]groupView, error) {
	var groups []groupView
	for _, sp := range specs {
		if sp.Group != "" || len(groups) == 0 {
			g := groupView{Fold: sp.Fold}
			if sp.Group != "" {
				g.Legend = v.lang.T("group." + sp.Group)
			}
			groups = append(groups, g)
		}
		fv, err := s.field(ctx, v, sp, f)
		if err != nil {
			return nil, err
		}
		g := &groups[len(groups)-1]
		g.Fields = append(g.Fields, fv)
		g.Open = g.Open || fv.Error != "" || fv.Searched || sp.Input != inChoice && fieldText(sp, f.Values) != ""
	}
	return groups, nil
}

func (s *Server) field(ctx context.Context, v *visit, sp spec, f Form) (fieldView, error) {
	word := sp.Word
	if word == "" {
		word = sp.Name
	}
	fv := fieldView{spec: sp, Label: v.lang.T("field." + word), Error: f.Error(sp.Name), Value: f.Values.Get(sp.Name), Form: f, L: v.lang}
	f.Call(sp.Name, fv.Label)
	if v.lang.Has("hint." + word) {
		fv.Hint = v.lang.T("hint." + word)
	}
	more := spare
	if f.Get("more") == sp.Name {
		more = spare + 3
	}
	switch sp.Input {
	case inTexts, inAreas:
		fv.Rows = rows(f, sp.Name, textBoxes, 0)
		if len(fv.Rows) == 0 {
			fv.Rows = []rowView{{"lang": v.lang.Tag(), "text": ""}}
		}
		if f.Get("more") == sp.Name {
			fv.Rows = append(fv.Rows, emptyRow(textBoxes))
		}
	case inNames:
		fv.Rows = rows(f, sp.Name, nameBoxes, more+1)
	case inConsents:
		fv.Rows = rows(f, sp.Name, consentBoxes, more)
	case inPick, inPicks:
		if err := s.pick(ctx, v, sp, f, &fv); err != nil {
			return fv, err
		}
	}
	if sp.Options != nil {
		for _, o := range sp.Options(v.lang) {
			fv.Options = append(fv.Options, optionView{o, slices.Contains(f.Values[sp.Name], o.Value)})
		}
	}
	return fv, nil
}

// most is how many records a search beside a field offers.
const most = 12

// pick fills in what a field that points at records has and what its search
// found.
func (s *Server) pick(ctx context.Context, v *visit, sp spec, f Form, fv *fieldView) error {
	var refs []record.Ref
	for _, value := range f.Values[sp.Name] {
		if ref := parseRef(value); !ref.IsZero() && !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	named, err := s.house.Labels(ctx, v.viewer, v.lang.Tag(), refs...)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		l, ok := named[ref]
		if !ok {
			l = casework.Label{Ref: ref, Name: ref.ID}
		}
		fv.Chosen = append(fv.Chosen, worded(v.lang, l))
	}
	fv.Query = f.Get(sp.Name + ".q")
	if fv.Query == "" {
		return nil
	}
	fv.Searched = true
	found, err := s.house.Look(ctx, v.viewer, v.lang.Tag(), sp.Kinds, fv.Query, most)
	if err != nil {
		return err
	}
	for _, l := range found {
		if !slices.Contains(refs, l.Ref) {
			fv.Found = append(fv.Found, worded(v.lang, l))
		}
	}
	return nil
}

func upper(s string) string { return strings.ToUpper(s) }

// refText writes a reference as a form's value, and parseRef reads it; anything
// else gives the zero reference.
func refText(ref record.Ref) string {
	if ref.IsZero() {
		return ""
	}
	return string(ref.Kind) + ":" + ref.ID
}

func parseRef(s string) record.Ref {
	kind, id, _ := strings.Cut(strings.TrimSpace(s), ":")
	if _, ok := record.New(record.Kind(kind)); !ok || !record.ValidID(id) {
		return record.Ref{}
	}
	return record.Ref{Kind: record.Kind(kind), ID: id}
}

// wants says what a posted form asks for besides saving: a search, another line,
// another kind of claim. A search box with words in it and nothing chosen asks
// for a search too, so that pressing Enter in it does not save.
func wants(specs []spec, f Form) bool {
	if f.Get("find") != "" || f.Get("more") != "" || f.Get("again") != "" {
		return true
	}
	for _, sp := range specs {
		if (sp.Input == inPick || sp.Input == inPicks) && f.Get(sp.Name+".q") != "" && f.Get(sp.Name+".was") != f.Get(sp.Name+".q") {
			return true
		}
	}
	return false
}

// typed reads fields of a posted form into the domain's types and notes what
// cannot be read.
type typed struct {
	f *Form
	l *lang.Printer
}

func (t typed) line(name string) string { return t.f.Get(name) }

func (t typed) check(name string) bool { return t.f.Get(name) != "" }

// words keeps line ends as one kind.
func (t typed) words(name string) string { return strings.ReplaceAll(t.f.Get(name), "\r\n", "\n") }

func (t typed) texts(name string) record.Text {
	var out record.Text
	for _, row := range rows(*t.f, name, textBoxes, 0) {
		out = append(out, record.LangText{Lang: strings.TrimSpace(row["lang"]), Text: strings.ReplaceAll(strings.TrimSpace(row["text"]), "\r\n", "\n")})
	}
	return out
}

func (t typed) names(name string) []record.Name {
	var out []record.Name
	for i, row := range rows(*t.f, name, nameBoxes, 0) {
		kind := record.NameKind(row["kind"])
		if kind == "" {
			kind = record.NameVariant
			if i == 0 {
				kind = record.NamePrimary
			}
		}
		out = append(out, record.Name{Text: strings.TrimSpace(row["text"]), Lang: strings.TrimSpace(row["lang"]), Kind: kind})
	}
	return out
}

// number reads a whole number, nil where the field is blank.
func (t typed) number(name string) *int64 {
	s := t.f.Get(name)
	if s == "" {
		return nil
	}
	n, ok := parseNumber(s)
	if !ok {
		t.f.Add(t.l, name, "invalid.number")
		return nil
	}
	return &n
}

// float reads a coordinate.
func (t typed) float(name string) (float64, bool) {
	s := t.f.Get(name)
	if s == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.NewReplacer(",", ".", "٫", ".").Replace(names.ASCIIDigits(s)), 64)
	if err != nil {
		t.f.Add(t.l, name, "invalid.coordinate")
		return 0, false
	}
	return n, true
}

func (t typed) place(name string) record.Place {
	p := record.Place{
		Site: t.line(name + ".site"), Town: t.line(name + ".town"), District: t.line(name + ".district"), Province: t.line(name + ".province"),
		Country: strings.ToUpper(t.line(name + ".country")), Precision: record.PlacePrecision(t.line(name + ".precision")),
		Printed: t.line(name + ".printed"),
	}
	faults := len(t.f.Faults)
	lat, okLat := t.float(name + ".lat")
	lon, okLon := t.float(name + ".lon")
	switch {
	case okLat && okLon:
		p.Point = &record.Point{Lat: lat, Lon: lon}
	case okLat != okLon && len(t.f.Faults) == faults:
		t.f.Add(t.l, name, "invalid.point")
	}
	return p
}

func (t typed) ref(name string) record.Ref { return parseRef(t.f.Get(name)) }

func (t typed) refs(name string) []record.Ref {
	var out []record.Ref
	for _, v := range t.f.Values[name] {
		if ref := parseRef(v); !ref.IsZero() && !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	return out
}

// idsOf keeps the identifiers of references.
func idsOf[T ~string](refs []record.Ref) []T {
	var out []T
	for _, r := range refs {
		out = append(out, T(r.ID))
	}
	return out
}

// blank fills a form from a record.
type blank struct{ url.Values }

func (b blank) texts(name string, t record.Text) {
	for _, lt := range t {
		b.Add(name+".lang", lt.Lang)
		b.Add(name+".text", lt.Text)
	}
}

func (b blank) names(name string, all []record.Name) {
	for _, n := range all {
		b.Add(name+".text", n.Text)
		b.Add(name+".lang", n.Lang)
		b.Add(name+".kind", string(n.Kind))
	}
}

func (b blank) place(name string, p record.Place) {
	b.Set(name+".site", p.Site)
	b.Set(name+".town", p.Town)
	b.Set(name+".district", p.District)
	b.Set(name+".province", p.Province)
	b.Set(name+".country", p.Country)
	b.Set(name+".precision", string(p.Precision))
	b.Set(name+".printed", p.Printed)
	if p.Point != nil {
		b.Set(name+".lat", strconv.FormatFloat(p.Point.Lat, 'f', -1, 64))
		b.Set(name+".lon", strconv.FormatFloat(p.Point.Lon, 'f', -1, 64))
	}
}

func (b blank) number(name string, n *int64) {
	if n != nil {
		b.Set(name, strconv.FormatInt(*n, 10))
	}
}

func (b blank) check(name string, on bool) {
	if on {
		b.Set(name, "1")
	}
}

func addIDs[T ~string](b blank, name string, kind record.Kind, ids []T) {
	for _, id := range ids {
		if id != "" {
			b.Add(name, refText(record.Ref{Kind: kind, ID: string(id)}))
		}
	}
}

// visibilities offers who may see a record. Making something public goes through
// the check at /desk/publish, so a form offers it only where it stands already.
func visibilities(now record.Visibility) []record.Visibility {
	values := []record.Visibility{record.Draft, record.Internal}
	if now == record.Public {
		values = append(values, record.Public)
	}
	return values
}

// visibilities offers those at which whoever fills in the form may leave the record.
func (c formContext) visibilities() func(*lang.Printer) []option {
	values := slices.DeleteFunc(visibilities(c.rec.Seen()), func(at record.Visibility) bool { return !casework.MayKeep(c.viewer, c.rec, at) })
	return optionsOf("visibility.", false, values...)
}
