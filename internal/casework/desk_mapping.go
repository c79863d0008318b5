package casework

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange"
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
}

// ColumnUse is what a column of a table means.
type ColumnUse struct {
	Column string
	// Use is one of [ColumnUses], empty for a column that is left out.
	Use string
	// What is the measure of a number, the attribute of a property, the topic of a
	// text.
	What string
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

// ColumnUses lists the uses in the order in which forms offer them.
func ColumnUses() []string {
	return []string{
		UseKey, UseTitle, UseType, UseDate, UseDateEnd, UseSite, UseTown, UseDistrict, UseProvince, UseCountry, UseLat, UseLon,
		UsePoint, UseNumber, UseLow, UseBest, UseHigh, UseAttribute, UseStatement,
	}
}

// DateFormats lists the ways in which a table's dates can be written.
func DateFormats() []string {
	var out []string
	for _, f := range exchange.DateFormats() {
		out = append(out, string(f))
	}
	return out
}

// usesOf takes a mapping apart by column.
func usesOf(m *exchange.Mapping, header []string) (MappingHead, []ColumnUse) {
	head := MappingHead{
		Dataset: m.Dataset, Title: m.Title, Publisher: m.Publisher, URL: m.URL, Credit: m.Credit, Language: m.Language, Terms: m.Terms,
		Type: m.Type, DateFormat: string(m.Date.Format), CountryCode: m.Place.CountryCode, Missing: strings.Join(m.Missing, "\n"), NoEvent: m.NoEvent,
		Sheet: m.Sheet,
	}
	uses := map[string]ColumnUse{}
	put := func(column, use, what string) {
		if column != "" {
			uses[column] = ColumnUse{column, use, what}
		}
	}
	put(m.Key, UseKey, "")
	put(m.EventTitle, UseTitle, "")
	put(m.TypeColumn, UseType, "")
	put(m.Date.Column, UseDate, "")
	put(m.Date.End, UseDateEnd, "")
	p := m.Place
	for use, column := range map[string]string{
		UseSite: p.Site, UseTown: p.Town, UseDistrict: p.District, UseProvince: p.Province, UseCountry: p.Country, UseLat: p.Lat,
		UseLon: p.Lon, UsePoint: p.Point,
	} {
		put(column, use, "")
	}
	for _, c := range m.Measures {
		put(c.Column, UseNumber, string(c.Measure))
		put(c.Low, UseLow, string(c.Measure))
		put(c.Best, UseBest, string(c.Measure))
		put(c.High, UseHigh, string(c.Measure))
	}
	for _, c := range m.Attributes {
		put(c.Column, UseAttribute, string(c.Attribute))
	}
	for _, c := range m.Statements {
		put(c.Column, UseStatement, c.Topic)
	}
	var out []ColumnUse
	for _, n := range header {
		u, ok := uses[n]
		if !ok {
			u = ColumnUse{Column: n}
		}
		delete(uses, n) // of columns with one name the first is read
		out = append(out, u)
	}
	return head, out
}

// ReadMapping takes a mapping file apart by the columns of a table.
func ReadMapping(text string, header []string) (MappingHead, []ColumnUse, error) {
	m, err := exchange.DecodeMapping(strings.NewReader(text))
	if err != nil {
		return MappingHead{}, nil, err
	}
	head, uses := usesOf(m, header)
	return head, uses, nil
}

// MakeMapping writes the mapping file that says what was chosen for each column.
// problems lists what is wrong with it, in words.
func MakeMapping(head MappingHead, columns []ColumnUse) (text string, problems []string, err error) {
	m := &exchange.Mapping{
		Dataset: head.Dataset, Title: head.Title, Publisher: head.Publisher, URL: head.URL, Credit: head.Credit, Language: head.Language,
		Terms: head.Terms, Type: head.Type, NoEvent: head.NoEvent, Sheet: head.Sheet,
	}
	m.Date.Format = exchange.DateFormat(head.DateFormat)
	m.Place.CountryCode = strings.ToUpper(head.CountryCode)
	for line := range strings.Lines(head.Missing) {
		if line = strings.TrimSpace(line); line != "" {
			m.Missing = append(m.Missing, line)
		}
	}
	taken := map[string]string{}
	one := func(target *string, c ColumnUse) {
		if *target != "" {
			problems = append(problems, fmt.Sprintf("%s: %s is taken from %s already", c.Column, c.Use, *target))
			return
		}
		*target = c.Column
	}
	ranges := map[string]*exchange.MeasureColumn{}
	var order []string
	ranged := func(c ColumnUse) *exchange.MeasureColumn {
		if ranges[c.What] == nil {
			ranges[c.What] = &exchange.MeasureColumn{Measure: record.Measure(c.What)}
			order = append(order, c.What)
		}
		return ranges[c.What]
	}
	for _, c := range columns {
		if c.Use != "" && taken[c.Column] != "" {
			problems = append(problems, fmt.Sprintf("%s: two columns have this name; rename one in the file", c.Column))
			continue
		}
		taken[c.Column] = c.Use
		switch c.Use {
		case "":
			if c.Column != "" {
				m.Ignore = append(m.Ignore, c.Column)
			}
		case UseKey:
			one(&m.Key, c)
		case UseTitle:
			one(&m.EventTitle, c)
		case UseType:
			one(&m.TypeColumn, c)
		case UseDate:
			one(&m.Date.Column, c)
		case UseDateEnd:
			one(&m.Date.End, c)
		case UseSite:
			one(&m.Place.Site, c)
		case UseTown:
			one(&m.Place.Town, c)
		case UseDistrict:
			one(&m.Place.District, c)
		case UseProvince:
			one(&m.Place.Province, c)
		case UseCountry:
			one(&m.Place.Country, c)
		case UseLat:
			one(&m.Place.Lat, c)
		case UseLon:
			one(&m.Place.Lon, c)
		case UsePoint:
			one(&m.Place.Point, c)
		case UseNumber:
			m.Measures = append(m.Measures, exchange.MeasureColumn{Column: c.Column, Measure: record.Measure(c.What)})
		case UseLow:
			one(&ranged(c).Low, c)
		case UseBest:
			one(&ranged(c).Best, c)
		case UseHigh:
			one(&ranged(c).High, c)
		case UseAttribute:
			m.Attributes = append(m.Attributes, exchange.AttributeColumn{Column: c.Column, Attribute: record.Attribute(c.What)})
		case UseStatement:
			topic := c.What
			if topic == "" {
				topic = c.Column
			}
			m.Statements = append(m.Statements, exchange.StatementColumn{Column: c.Column, Topic: topic})
		default:
			problems = append(problems, fmt.Sprintf("%s: there is no use %q", c.Column, c.Use))
		}
	}
	for _, what := range order {
		m.Measures = append(m.Measures, *ranges[what])
	}
	if m.Date.Column == "" {
		m.Date.Format = ""
	}
	var bad *exchange.MappingError
	if err := m.Validate(); errors.As(err, &bad) {
		for _, p := range bad.Problems {
			problems = append(problems, p.Field+": "+p.Reason)
		}
	} else if err != nil {
		return "", nil, err
	}
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return "", nil, fmt.Errorf("write the mapping: %w", err)
	}
	return string(b) + "\n", problems, nil
}
