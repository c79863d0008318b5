package exchange

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Mapping says what the columns of a table mean. It is kept as a JSON file, so
// that the next version of the table is read the same way. Columns are named as
// the header prints them, without regard to case and spacing; in a table without
// a header by their number, "1" for the first.
type Mapping struct {
	// Dataset is the table's short name (a–z, 0–9, -); rows are known again at the
	// next import by it and their key.
	Dataset   string       `json:"dataset"`
	Title     string       `json:"title,omitempty"`
	Publisher string       `json:"publisher,omitempty"`
	URL       string       `json:"url,omitempty"`
	Credit    string       `json:"credit,omitempty"`
	Terms     record.Terms `json:"terms"`
	// Language is the BCP 47 tag of the table's text.
	Language string `json:"language,omitempty"`

	Sheet     string `json:"sheet,omitempty"`
	Delimiter string `json:"delimiter,omitempty"` // one character; empty detects it
	NoHeader  bool   `json:"no_header,omitempty"`

	// Key is the column with the row's identifier.
	Key string `json:"key"`
	// NoEvent makes sources and claims without an event for each row.
	NoEvent bool `json:"no_event,omitempty"`
	// EventTitle is the column with the event's name, Type what every row is, and
	// TypeColumn with Types what each row is by the content of a cell.
	EventTitle string                      `json:"event_title,omitempty"`
	Type       record.EventType            `json:"type,omitempty"`
	TypeColumn string                      `json:"type_column,omitempty"`
	Types      map[string]record.EventType `json:"types,omitempty"`

	Date  DateColumn  `json:"date,omitzero"`
	Place PlaceColumn `json:"place,omitzero"`

	Measures   []MeasureColumn   `json:"measures,omitempty"`
	Attributes []AttributeColumn `json:"attributes,omitempty"`
	Statements []StatementColumn `json:"statements,omitempty"`
	// Missing lists cells that mean "not known" in number and date columns; blank
	// always does. Zero never does.
	Missing []string `json:"missing,omitempty"`
	// Ignore lists columns that are left out on purpose, so that the report does
	// not name them.
	Ignore []string `json:"ignore,omitempty"`
	// Optional lists columns that a version of the table may lack; what they say is
	// then not read. The other columns have to be there.
	Optional []string `json:"optional,omitempty"`
}

// DateColumn is where a row's date stands. End is the column with the last day
// of a span, if there is one.
type DateColumn struct {
	Column string     `json:"column,omitempty"`
	End    string     `json:"end,omitempty"`
	Format DateFormat `json:"format,omitempty"`
}

// PlaceColumn is where a row's place stands. Country is a column with a name or
// code; CountryCode is the country of every row. Point is a column with
// "latitude|longitude".
type PlaceColumn struct {
	Site        string                `json:"site,omitempty"`
	Town        string                `json:"town,omitempty"`
	District    string                `json:"district,omitempty"`
	Province    string                `json:"province,omitempty"`
	Country     string                `json:"country,omitempty"`
	CountryCode string                `json:"country_code,omitempty"`
	Lat         string                `json:"lat,omitempty"`
	Lon         string                `json:"lon,omitempty"`
	Point       string                `json:"point,omitempty"`
	Precision   record.PlacePrecision `json:"precision,omitempty"`
}

// MeasureColumn is a number in a row: one Column, or Low and High with or
// without Best. Operator is how the numbers are meant when the cell prints
// nothing else than digits; what a cell prints ("40+") comes first. Part keeps
// the claim's identity when a column is renamed; it is made from the column's
// name when empty.
type MeasureColumn struct {
	Column       string          `json:"column,omitempty"`
	Low          string          `json:"low,omitempty"`
	Best         string          `json:"best,omitempty"`
	High         string          `json:"high,omitempty"`
	Measure      record.Measure  `json:"measure"`
	Operator     record.Operator `json:"operator,omitempty"`
	Role         record.Role     `json:"role,omitempty"`
	Form         record.Form     `json:"form,omitempty"`
	Scope        record.Scope    `json:"scope,omitzero"`
	ScopePrinted string          `json:"scope_printed,omitempty"`
	Unit         string          `json:"unit,omitempty"`
	Part         string          `json:"part,omitempty"`
}

// AttributeColumn is a property of the event.
type AttributeColumn struct {
	Column    string           `json:"column"`
	Attribute record.Attribute `json:"attribute"`
	Part      string           `json:"part,omitempty"`
}

// StatementColumn is free text.
type StatementColumn struct {
	Column string        `json:"column"`
	Topic  string        `json:"topic"`
	Stance record.Stance `json:"stance,omitempty"`
	Part   string        `json:"part,omitempty"`
}

// Validate checks everything that can be checked without the table. The error is
// a [*MappingError].
func (m *Mapping) Validate() error {
	e := &MappingError{}
	if m.Dataset == "" || strings.Trim(m.Dataset, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(m.Dataset) > 60 {
		e.add("dataset", "mapping.dataset")
	}
	switch m.Terms {
	case record.TermsFree, record.TermsInternal:
	case record.TermsCredit:
		if m.Credit == "" {
			e.add("credit", "mapping.credit")
		}
	default:
		e.add("terms", "mapping.terms")
	}
	if m.Key == "" {
		e.add("key", "mapping.key")
	}
	if m.Key != "" && m.mayLack(m.Key) {
		e.add("optional", "mapping.optional_key", "column", m.Key)
	}
	if m.Type != "" && !slices.Contains(record.EventTypes(), m.Type) {
		e.add("type", "mapping.type", "value", string(m.Type))
	}
	for cell, t := range m.Types {
		if !slices.Contains(record.EventTypes(), t) {
			e.add("types."+cell, "mapping.type", "value", string(t))
		}
	}
	if len(m.Types) > 0 && m.TypeColumn == "" {
		e.add("type_column", "mapping.type_column")
	}
	if m.Date.Column == "" && m.Date.End != "" {
		e.add("date.column", "mapping.end_alone")
	}
	if m.Date.Column != "" && !slices.Contains(DateFormats(), m.Date.Format) {
		e.add("date.format", "mapping.date_format")
	}
	if (m.Place.Lat == "") != (m.Place.Lon == "") {
		e.add("place."+map[bool]string{true: "lon", false: "lat"}[m.Place.Lat == ""], "mapping.point")
	}
	if c := m.Place.CountryCode; c != "" && findCountry(c).code() != c {
		e.add("place.country_code", "mapping.country_code", "value", c)
	}
	if len(m.Delimiter) > 1 {
		e.add("delimiter", "mapping.delimiter")
	}
	parts := ownParts()
	unique := func(field, part string) {
		if other, ok := parts[part]; ok {
			e.add(field, "mapping.part", "part", part, "other", other)
			return
		}
		parts[part] = field
	}
	for i, c := range m.Measures {
		field := fmt.Sprintf("measures[%d]", i)
		c.validate(e, field)
		unique(field, c.part())
	}
	for i, c := range m.Attributes {
		field := fmt.Sprintf("attributes[%d]", i)
		if c.Column == "" {
			e.add(field+".column", "mapping.column")
		}
		if c.Attribute == "" {
			e.add(field+".attribute", "mapping.no_attribute")
		} else if !slices.Contains(record.Attributes(), c.Attribute) {
			e.add(field+".attribute", "mapping.attribute", "value", string(c.Attribute))
		}
		unique(field, partOf(c.Part, c.Column))
	}
	for i, c := range m.Statements {
		field := fmt.Sprintf("statements[%d]", i)
		if c.Column == "" {
			e.add(field+".column", "mapping.column")
		}
		if c.Topic == "" {
			e.add(field+".topic", "mapping.topic")
		}
		if c.Stance != "" && !slices.Contains(record.Stances(), c.Stance) {
			e.add(field+".stance", "mapping.choice", "value", string(c.Stance))
		}
		unique(field, partOf(c.Part, c.Column))
	}
	if len(e.Problems) > 0 {
		return e
	}
	return nil
}

func (c *MeasureColumn) validate(e *MappingError, field string) {
	single, pair := c.Column != "", c.Low != "" && c.High != ""
	switch {
	case single && (c.Low != "" || c.High != "" || c.Best != ""):
		e.add(field, "mapping.column_and_range")
	case !single && !pair:
		e.add(field, "mapping.range")
	}
	if c.Measure == "" {
		e.add(field+".measure", "mapping.no_measure")
	} else if !slices.Contains(record.Measures(), c.Measure) {
		e.add(field+".measure", "mapping.measure", "value", string(c.Measure))
	}
	switch c.Operator {
	case "", record.Exact, record.AtLeast, record.MoreThan, record.AtMost, record.LessThan, record.About:
	default:
		e.add(field+".operator", "mapping.operator")
	}
	switch c.Role {
	case "", record.Reported, record.CompiledLow, record.CompiledBest, record.CompiledHigh, record.CompiledSingle, record.CompiledRange:
	default:
		e.add(field+".role", "mapping.choice", "value", string(c.Role))
	}
	switch c.Form {
	case "", record.Incident, record.Component, record.Aggregate, record.NamedList:
	default:
		e.add(field+".form", "mapping.choice", "value", string(c.Form))
	}
	switch c.Scope.Area {
	case "", record.AreaSite, record.AreaCity, record.AreaDistrict, record.AreaProvince, record.AreaCountry, record.AreaWorld:
	default:
		e.add(field+".scope.area", "mapping.choice", "value", string(c.Scope.Area))
	}
	switch c.Scope.Counted {
	case "", record.CountedAll, record.CountedCivilians, record.CountedGroup, record.CountedWomen, record.CountedChildren,
		record.CountedForces, record.CountedForeign, record.CountedSideA, record.CountedSideB, record.CountedUnknown:
	default:
		e.add(field+".scope.counted", "mapping.choice", "value", string(c.Scope.Counted))
	}
	switch c.Scope.Attackers {
	case "", record.AttackersIncluded, record.AttackersExcluded:
	default:
		e.add(field+".scope.attackers", "mapping.attackers")
	}
	if c.Scope.Period != "" {
		if _, err := edtf.Parse(c.Scope.Period); err != nil {
			e.add(field+".scope.period", "mapping.period", "value", c.Scope.Period)
		}
	}
	switch {
	case c.Measure == record.Money && !isCurrency(c.Unit):
		e.add(field+".unit", "mapping.currency")
	case c.Measure != record.Money && c.Unit != "":
		e.add(field+".unit", "mapping.no_currency")
	}
}

func (c *MeasureColumn) part() string {
	if c.Part == "" && c.Column == "" {
		return partOf("", c.Low+" "+c.High)
	}
	return partOf(c.Part, c.Column)
}

// partOf names a claim within its row: what the mapping says, else the column's
// name as the header is compared.
func partOf(part, columnName string) string {
	if part != "" {
		return part
	}
	return strings.ReplaceAll(table.Key(columnName), " ", "_")
}

// NamedColumn is a column that a mapping names. Field is the place in the JSON that
// names it.
type NamedColumn struct{ Field, Name string }

// Columns lists every column that the mapping reads, in the order of its fields. A
// column that is read in several ways is there several times.
func (m *Mapping) Columns() []NamedColumn {
	var out []NamedColumn
	add := func(field, name string) {
		if name != "" {
			out = append(out, NamedColumn{field, name})
		}
	}
	add("key", m.Key)
	add("event_title", m.EventTitle)
	add("type_column", m.TypeColumn)
	add("date.column", m.Date.Column)
	add("date.end", m.Date.End)
	p := m.Place
	for _, c := range [][2]string{
		{"site", p.Site},
		{"town", p.Town},
		{"district", p.District},
		{"province", p.Province},
		{"country", p.Country},
		{"lat", p.Lat},
		{"lon", p.Lon},
		{"point", p.Point},
	} {
		add("place."+c[0], c[1])
	}
	for i, c := range m.Measures {
		field := fmt.Sprintf("measures[%d].", i)
		add(field+"column", c.Column)
		add(field+"low", c.Low)
		add(field+"best", c.Best)
		add(field+"high", c.High)
	}
	for i, c := range m.Attributes {
		add(fmt.Sprintf("attributes[%d].column", i), c.Column)
	}
	for i, c := range m.Statements {
		add(fmt.Sprintf("statements[%d].column", i), c.Column)
	}
	return out
}

// check reports the columns that the table lacks and may not lack.
func (m *Mapping) check(h *table.Header) error {
	e := &MappingError{}
	for _, c := range m.Columns() {
		if _, ok := h.Column(c.Name); !ok && !m.mayLack(c.Name) {
			e.add(c.Field, "mapping.absent", "column", c.Name)
		}
	}
	if len(e.Problems) > 0 {
		return e
	}
	return nil
}

func (m *Mapping) mayLack(name string) bool {
	return slices.ContainsFunc(m.Optional, func(o string) bool { return table.Key(o) == table.Key(name) })
}

// isCurrency reports whether a unit is three capital letters.
func isCurrency(unit string) bool {
	return len(unit) == 3 && strings.Trim(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
