package casework

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// MappingHead is what a mapping says of the whole table.
type MappingHead struct {
	Dataset, Title, Publisher, URL, Credit, Language string
	Terms                                            record.Terms
	Type                                             record.EventType
	DateFormat                                       string
	CountryCode                                      string
	Missing                                          string // cells that mean "not known", one a line
	NoEvent                                          bool
	Sheet                                            string // of a workbook, empty for the first
	// Without says that the table may lack the columns that it lacks.
	Without bool
}

// ColumnUse is what a column of a table means.
type ColumnUse struct {
	Column string
	// Use is one of [ColumnUses], empty for a column that is left out.
	Use string
	// What is the measure of a number, the attribute of a property, the topic of a
	// text.
	What string
	// Currency is that of money, in three letters.
	Currency string
	// Absent is set for a column that the mapping names and the table lacks.
	Absent bool
}

// TableMapping is a mapping taken apart by the columns of a table.
type TableMapping struct {
	Head MappingHead
	// Columns are those of the table in their order, then those that it lacks.
	Columns []ColumnUse
	// Also is what the mapping says besides, which [MakeMapping] keeps.
	Also []MappingNote
}

// MappingError lists what is wrong with the text of a mapping, and where.
type MappingError = exchange.MappingError

// Layout is how a table lies in its file, where the file alone does not tell.
type Layout struct {
	Sheet     string // of a workbook, empty for the first
	Delimiter string // one character, empty to find it out
	NoHeader  bool   // columns are called by their number
}

// The uses of a column. Low, best and high numbers of one measure make one claim.
const (
	UseKey       = "key"
	UseTitle     = "title"
	UseType      = "type"
	UseDate      = "date"
	UseDateEnd   = "date_end"
	UseSite      = "site"
	UseTown      = "town"
	UseDistrict  = "district"
	UseProvince  = "province"
	UseCountry   = "country"
	UseLat       = "lat"
	UseLon       = "lon"
	UsePoint     = "point"
	UseNumber    = "number"
	UseLow       = "low"
	UseBest      = "best"
	UseHigh      = "high"
	UseAttribute = "attribute"
	UseStatement = "statement"
)

// singleUses are the uses that one column of a table can have, in the order in
// which forms offer them, and where a mapping names it.
var singleUses = []struct {
	use string
	of  func(*exchange.Mapping) *string
}{
	{UseKey, func(m *exchange.Mapping) *string { return &m.Key }},
	{UseTitle, func(m *exchange.Mapping) *string { return &m.EventTitle }},
	{UseType, func(m *exchange.Mapping) *string { return &m.TypeColumn }},
	{UseDate, func(m *exchange.Mapping) *string { return &m.Date.Column }},
	{UseDateEnd, func(m *exchange.Mapping) *string { return &m.Date.End }},
	{UseSite, func(m *exchange.Mapping) *string { return &m.Place.Site }},
	{UseTown, func(m *exchange.Mapping) *string { return &m.Place.Town }},
	{UseDistrict, func(m *exchange.Mapping) *string { return &m.Place.District }},
	{UseProvince, func(m *exchange.Mapping) *string { return &m.Place.Province }},
	{UseCountry, func(m *exchange.Mapping) *string { return &m.Place.Country }},
	{UseLat, func(m *exchange.Mapping) *string { return &m.Place.Lat }},
	{UseLon, func(m *exchange.Mapping) *string { return &m.Place.Lon }},
	{UsePoint, func(m *exchange.Mapping) *string { return &m.Place.Point }},
}

// ColumnUses lists the uses in the order in which forms offer them.
func ColumnUses() []string {
	var out []string
	for _, s := range singleUses {
		out = append(out, s.use)
	}
	return append(out, UseNumber, UseLow, UseBest, UseHigh, UseAttribute, UseStatement)
}

// DateFormats lists the ways in which a table's dates can be written.
func DateFormats() []string {
	var out []string
	for _, f := range exchange.DateFormats() {
		out = append(out, string(f))
	}
	return out
}

// namedColumn is one place in which a mapping names a column.
type namedColumn struct {
	use  string
	name *string
	// entry is the index in the list of measures, attributes or statements.
	entry int
	what  string
	unit  string
}

// namedColumns lists where a mapping names columns, those that it names for the event
// first.
func namedColumns(m *exchange.Mapping) []namedColumn {
	var out []namedColumn
	add := func(n namedColumn) {
		if *n.name != "" {
			out = append(out, n)
		}
	}
	for _, s := range singleUses {
		add(namedColumn{use: s.use, name: s.of(m)})
	}
	for i := range m.Measures {
		c := &m.Measures[i]
		for _, n := range []namedColumn{{use: UseNumber, name: &c.Column}, {use: UseLow, name: &c.Low}, {use: UseBest, name: &c.Best}, {use: UseHigh, name: &c.High}} {
			n.entry, n.what, n.unit = i, string(c.Measure), c.Unit
			add(n)
		}
	}
	for i := range m.Attributes {
		add(namedColumn{use: UseAttribute, name: &m.Attributes[i].Column, entry: i, what: string(m.Attributes[i].Attribute)})
	}
	for i := range m.Statements {
		add(namedColumn{use: UseStatement, name: &m.Statements[i].Column, entry: i, what: m.Statements[i].Topic})
	}
	return out
}

// firstUses is what a form can show of a mapping: the first use of each column,
// by the key under which columns are compared.
func firstUses(m *exchange.Mapping) map[string]namedColumn {
	first := map[string]namedColumn{}
	for _, n := range namedColumns(m) {
		if k := table.Key(*n.name); first[k].use == "" {
			first[k] = n
		}
	}
	return first
}

// tableMapping takes a mapping apart by column.
func tableMapping(m *exchange.Mapping, header []string) TableMapping {
	out := TableMapping{Head: MappingHead{
		Dataset: m.Dataset, Title: m.Title, Publisher: m.Publisher, URL: m.URL, Credit: m.Credit, Language: m.Language, Terms: m.Terms,
		Type: m.Type, DateFormat: string(m.Date.Format), CountryCode: m.Place.CountryCode, Missing: strings.Join(m.Missing, "\n"), NoEvent: m.NoEvent,
		Sheet: m.Sheet,
	}}
	first := firstUses(m)
	seen := map[string]bool{}
	for _, name := range header {
		u := ColumnUse{Column: name}
		// Of columns with one name the first is read, and one without a name never.
		if k := table.Key(name); k != "" && !seen[k] {
			seen[k] = true
			u.Use, u.What, u.Currency = first[k].use, first[k].what, first[k].unit
		}
		out.Columns = append(out.Columns, u)
	}
	optional := keysOf(m.Optional)
	out.Head.Without = true
	for _, n := range namedColumns(m) {
		if k := table.Key(*n.name); !seen[k] {
			seen[k] = true
			out.Columns = append(out.Columns, ColumnUse{Column: *n.name, Use: n.use, What: n.what, Currency: n.unit, Absent: true})
			out.Head.Without = out.Head.Without && optional[k]
		}
	}
	out.Head.Without = out.Head.Without && len(out.Columns) > len(header)
	out.Also = mappingNotes(m, keysOf(header))
	return out
}

func keysOf(names []string) map[string]bool {
	keys := map[string]bool{}
	for _, n := range names {
		keys[table.Key(n)] = true
	}
	return keys
}

// ReadMapping takes a mapping file apart by the columns of a table. A
// [*MappingError] says what is wrong with it, and where.
func ReadMapping(text string, header []string) (TableMapping, error) {
	m, err := exchange.DecodeMapping(strings.NewReader(text))
	if err != nil {
		return TableMapping{}, err
	}
	return tableMapping(m, header), nil
}

// DraftMapping is ReadMapping for a mapping that is still being made, which may be
// wrong in what it says. Of an empty text it has no more than the columns.
func DraftMapping(text string, header []string) (TableMapping, error) {
	m := &exchange.Mapping{}
	if text != "" {
		var err error
		if m, err = exchange.DecodeDraft(text); err != nil {
			return TableMapping{}, err
		}
	}
	return tableMapping(m, header), nil
}

// LayoutOf returns how a mapping says that its table lies in the file.
func LayoutOf(text string) (Layout, error) {
	if text == "" {
		return Layout{}, nil
	}
	m, err := exchange.DecodeDraft(text)
	if err != nil {
		return Layout{}, err
	}
	return Layout{m.Sheet, m.Delimiter, m.NoHeader}, nil
}

// MappingNote is something that a mapping says besides what a form shows. Key
// names a message of the catalogue and Args its parameters; What is another
// message, which fills the parameter "what".
type MappingNote struct {
	Key, What string
	Args      map[string]string
}

// mappingNotes lists what no form shows. present are the keys of the table's
// columns.
func mappingNotes(m *exchange.Mapping, present map[string]bool) []MappingNote {
	var out []MappingNote
	note := func(key, what string, args ...string) {
		n := MappingNote{Key: "import.also." + key, What: what, Args: map[string]string{}}
		for i := 0; i+1 < len(args); i += 2 {
			n.Args[args[i]] = args[i+1]
		}
		out = append(out, n)
	}
	if m.Sheet != "" {
		note("sheet", "", "value", m.Sheet)
	}
	switch m.Delimiter {
	case "":
	case "\t":
		note("tab", "")
	default:
		note("delimiter", "", "value", m.Delimiter)
	}
	if m.NoHeader {
		note("no_header", "")
	}
	for _, cell := range slices.Sorted(maps.Keys(m.Types)) {
		note("types", "event.type."+string(m.Types[cell]), "column", m.TypeColumn, "value", cell)
	}
	if m.Place.Precision != "" {
		note("precision", "precision."+string(m.Place.Precision))
	}
	shown := map[string]bool{}
	for _, n := range namedColumns(m) {
		if k := table.Key(*n.name); !shown[k] {
			shown[k] = true
		} else {
			note("use", "import.use."+n.use, "column", *n.name)
		}
	}
	for _, c := range m.Measures {
		column := c.Column
		if column == "" {
			column = strings.Join(slices.DeleteFunc([]string{c.Low, c.Best, c.High}, func(n string) bool { return n == "" }), ", ")
		}
		each := func(key, words, value string) {
			if value != "" && words != "" {
				note(key, words+value, "column", column)
			} else if value != "" {
				note(key, "", "column", column, "value", value)
			}
		}
		each("operator", "operator.", string(c.Operator))
		each("role", "import.role.", string(c.Role))
		each("form", "claim.form.", string(c.Form))
		each("area", "scope.area.", string(c.Scope.Area))
		each("place", "", c.Scope.Place)
		each("period", "", c.Scope.Period)
		each("counted", "scope.counted.", string(c.Scope.Counted))
		each("attackers", "scope.attackers.", string(c.Scope.Attackers))
		each("scope_printed", "", c.ScopePrinted)
		each("part", "", c.Part)
	}
	for _, c := range m.Attributes {
		if c.Part != "" {
			note("part", "", "column", c.Column, "value", c.Part)
		}
	}
	for _, c := range m.Statements {
		if c.Stance != "" {
			note("stance", "stance."+string(c.Stance), "column", c.Column)
		}
		if c.Part != "" {
			note("part", "", "column", c.Column, "value", c.Part)
		}
	}
	for _, name := range m.Ignore {
		if !present[table.Key(name)] {
			note("ignore", "", "column", name)
		}
	}
	for _, name := range m.Optional {
		if present[table.Key(name)] {
			note("optional", "", "column", name)
		}
	}
	return out
}

// mappingText writes a mapping as a file.
func mappingText(m *exchange.Mapping) (string, error) {
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return "", fmt.Errorf("write the mapping: %w", err)
	}
	return string(b) + "\n", nil
}
