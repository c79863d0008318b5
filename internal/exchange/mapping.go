package exchange

import (
	"encoding/json"
	"fmt"
	"io"
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

// MappingProblem is one thing wrong with a mapping. Field is its place in the
// JSON ("measures[2].column").
type MappingProblem struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// MappingError lists everything wrong with a mapping.
type MappingError struct{ Problems []MappingProblem }

func (e *MappingError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.Field + ": " + p.Reason
	}
	return "the mapping cannot be used: " + strings.Join(parts, "; ")
}

func (e *MappingError) add(field, reason string) {
	e.Problems = append(e.Problems, MappingProblem{field, reason})
}

// DecodeMapping reads a mapping file. Fields that do not exist are refused, since
// a slip in a name would silently drop a column.
func DecodeMapping(r io.Reader) (*Mapping, error) {
	const most = 1 << 20
	dec := json.NewDecoder(io.LimitReader(r, most))
	dec.DisallowUnknownFields()
	var m Mapping
	if err := dec.Decode(&m); err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	if dec.More() {
		return nil, fmt.Errorf("read the mapping: there is more than one JSON value in it, or more than %d bytes", most)
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return &m, nil
}

// Validate checks everything that can be checked without the table. The error is
// a [*MappingError].
func (m *Mapping) Validate() error {
	e := &MappingError{}
	if m.Dataset == "" || strings.Trim(m.Dataset, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(m.Dataset) > 60 {
		e.add("dataset", "give a short name of a–z, 0–9 and hyphens")
	}
	switch m.Terms {
	case record.TermsFree, record.TermsInternal:
	case record.TermsCredit:
		if m.Credit == "" {
			e.add("credit", "the terms ask for a credit line; give it")
		}
	default:
		e.add("terms", "say whether the figures may be passed on: free, credit or internal")
	}
	if m.Key == "" {
		e.add("key", "name the column that identifies a row")
	}
	if m.Type != "" && !slices.Contains(record.EventTypes(), m.Type) {
		e.add("type", "there is no event type "+quoted(string(m.Type)))
	}
	for cell, t := range m.Types {
		if !slices.Contains(record.EventTypes(), t) {
			e.add("types["+cell+"]", "there is no event type "+quoted(string(t)))
		}
	}
	if len(m.Types) > 0 && m.TypeColumn == "" {
		e.add("type_column", "types are given, but not the column they are read from")
	}
	if m.Date.Column == "" && m.Date.End != "" {
		e.add("date.column", "there is an end without a start")
	}
	if m.Date.Column != "" && !slices.Contains(DateFormats(), m.Date.Format) {
		e.add("date.format", "say how the dates are written: iso, d/m/y, m/d/y, y/m/d or named")
	}
	if (m.Place.Lat == "") != (m.Place.Lon == "") {
		e.add("place.lat", "latitude and longitude come together")
	}
	if c := m.Place.CountryCode; c != "" && findCountry(c).code() != c {
		e.add("place.country_code", quoted(c)+" is not an ISO 3166-1 code of two letters")
	}
	if len(m.Delimiter) > 1 {
		e.add("delimiter", "a separator is one character")
	}
	parts := map[string]string{"date": "the date", "place": "the place", "type": "the type"}
	unique := func(field, part string) {
		if other, ok := parts[part]; ok {
			e.add(field, "the part "+quoted(part)+" is also that of "+other)
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
			e.add(field+".column", "name the column")
		}
		if !slices.Contains(record.Attributes(), c.Attribute) {
			e.add(field+".attribute", "there is no attribute "+quoted(string(c.Attribute)))
		}
		unique(field, partOf(c.Part, c.Column))
	}
	for i, c := range m.Statements {
		field := fmt.Sprintf("statements[%d]", i)
		if c.Column == "" {
			e.add(field+".column", "name the column")
		}
		if c.Topic == "" {
			e.add(field+".topic", "say what the text is about")
		}
		if c.Stance != "" && !slices.Contains(record.Stances(), c.Stance) {
			e.add(field+".stance", "there is no stance "+quoted(string(c.Stance)))
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
		e.add(field, "give either column, or low and high")
	case !single && !pair:
		e.add(field, "name the column, or both low and high")
	}
	if !slices.Contains(record.Measures(), c.Measure) {
		e.add(field+".measure", "there is no measure "+quoted(string(c.Measure)))
	}
	switch c.Operator {
	case "", record.Exact, record.AtLeast, record.MoreThan, record.AtMost, record.LessThan, record.About:
	default:
		e.add(field+".operator", "a column of numbers is exact, at_least, more_than, at_most, less_than or about")
	}
	switch c.Role {
	case "", record.Reported, record.CompiledLow, record.CompiledBest, record.CompiledHigh, record.CompiledSingle, record.CompiledRange:
	default:
		e.add(field+".role", "there is no role "+quoted(string(c.Role)))
	}
	switch c.Form {
	case "", record.Incident, record.Component, record.Aggregate, record.NamedList:
	default:
		e.add(field+".form", "there is no form "+quoted(string(c.Form)))
	}
	switch c.Scope.Area {
	case "", record.AreaSite, record.AreaCity, record.AreaDistrict, record.AreaProvince, record.AreaCountry, record.AreaWorld:
	default:
		e.add(field+".scope.area", "there is no area "+quoted(string(c.Scope.Area)))
	}
	switch c.Scope.Counted {
	case "", record.CountedAll, record.CountedCivilians, record.CountedGroup, record.CountedWomen, record.CountedChildren,
		record.CountedForces, record.CountedForeign, record.CountedSideA, record.CountedSideB, record.CountedUnknown:
	default:
		e.add(field+".scope.counted", "nobody is counted as "+quoted(string(c.Scope.Counted)))
	}
	switch c.Scope.Attackers {
	case "", record.AttackersIncluded, record.AttackersExcluded:
	default:
		e.add(field+".scope.attackers", "attackers are included or excluded")
	}
	if c.Scope.Period != "" {
		if _, err := edtf.Parse(c.Scope.Period); err != nil {
			e.add(field+".scope.period", quoted(c.Scope.Period)+" is not an EDTF date or interval")
		}
	}
	if (c.Measure == record.Money) != (len(c.Unit) == 3) {
		e.add(field+".unit", "money needs a currency code of three letters, and nothing else has one")
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

// columns lists every column the mapping names with the field that names it.
func (m *Mapping) columns() []MappingProblem {
	var out []MappingProblem
	add := func(field, name string) {
		if name != "" {
			out = append(out, MappingProblem{field, name})
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

// check reports the columns that the table lacks.
func (m *Mapping) check(h *table.Header) error {
	e := &MappingError{}
	for _, c := range m.columns() {
		if _, ok := h.Column(c.Reason); !ok {
			e.add(c.Field, "the table has no column "+quoted(c.Reason))
		}
	}
	if len(e.Problems) > 0 {
		return e
	}
	return nil
}
