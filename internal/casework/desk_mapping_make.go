package casework

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// MakeMapping writes the mapping file that says what was chosen for each column.
// base is the text of the mapping that the choice began with, empty for none: what
// head and columns do not say stays as it is there. columns are all of the table
// and all that base names besides.
//
// A [*record.Invalid] says what is wrong by the fields of a form: those of the head
// by their names ("date_format"), those of the column with the index 3 as "use.3",
// "what.3", "topic.3" and "currency.3", all columns together as "columns", and what
// no form shows as "also".
func MakeMapping(base string, head MappingHead, columns []ColumnUse) (string, error) {
	m, before := &exchange.Mapping{}, (*exchange.Mapping)(nil)
	if base != "" {
		var err error
		if m, err = exchange.DecodeDraft(base); err != nil {
			return "", err
		}
		if before, err = exchange.DecodeDraft(base); err != nil {
			return "", err
		}
	}
	b := &mappingMaker{m: m, columns: columns, first: firstUses(m), rows: map[string]int{}}
	b.head(head)
	b.twins()
	b.ranges()
	b.keep()
	b.add()
	b.tidy(before, head.Without)
	b.m.DistinctParts(before)
	b.check()
	if len(b.bad.Fields) > 0 {
		return "", &b.bad
	}
	return mappingText(b.m)
}

type mappingMaker struct {
	m       *exchange.Mapping
	columns []ColumnUse
	first   map[string]namedColumn // of the base
	rows    map[string]int         // which of the columns a key is of
	later   []int                  // of columns whose use the base does not have
	bad     record.Invalid
}

func (b *mappingMaker) wrong(field, key string, args ...string) {
	e := record.FieldError{Field: field, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]string{}
		}
		e.Args[args[i]] = args[i+1]
	}
	b.bad.Fields = append(b.bad.Fields, e)
}

// row names a field of a column.
func row(field string, i int) string { return field + "." + strconv.Itoa(i) }

func (b *mappingMaker) head(h MappingHead) {
	m := b.m
	m.Dataset, m.Title, m.Publisher, m.URL, m.Credit, m.Language = h.Dataset, h.Title, h.Publisher, h.URL, h.Credit, h.Language
	m.Terms, m.Type, m.NoEvent, m.Sheet = h.Terms, h.Type, h.NoEvent, h.Sheet
	m.Date.Format, m.Place.CountryCode = exchange.DateFormat(h.DateFormat), strings.ToUpper(h.CountryCode)
	m.Missing = nil
	for line := range strings.Lines(h.Missing) {
		if line = strings.TrimSpace(line); line != "" {
			m.Missing = append(m.Missing, line)
		}
	}
}

// twins refuses uses of columns that no import can tell from another.
func (b *mappingMaker) twins() {
	for i, c := range b.columns {
		k := table.Key(c.Column)
		_, taken := b.rows[k]
		switch {
		case k == "":
			if c.Use != "" {
				b.wrong(row("use", i), "mapping.unnamed")
			}
		case taken:
			if c.Use != "" {
				b.wrong(row("use", i), "mapping.column_twice", "column", c.Column)
			}
		default:
			b.rows[k] = i
		}
	}
}

// chosen is what was chosen for a column, which is false when that is not of the base.
func (b *mappingMaker) chosen(n namedColumn) (ColumnUse, bool) {
	i, ok := b.rows[table.Key(*n.name)]
	if !ok {
		return ColumnUse{}, false
	}
	return b.columns[i], b.columns[i].Use == n.use
}

// ranges gives a range of which every number is of another measure now that
// measure, so that what else is said of it stays.
func (b *mappingMaker) ranges() {
	byEntry := map[int]map[string]bool{}
	for _, n := range b.first {
		if n.use != UseLow && n.use != UseBest && n.use != UseHigh {
			continue
		}
		if c, ok := b.chosen(n); ok {
			if byEntry[n.entry] == nil {
				byEntry[n.entry] = map[string]bool{}
			}
			byEntry[n.entry][c.What] = true
		}
	}
	for entry, measures := range byEntry {
		if len(measures) != 1 {
			continue
		}
		for what := range measures {
			b.m.Measures[entry].Measure = record.Measure(what)
		}
	}
}

// keep changes what the base names already, and takes out of it what is chosen
// otherwise.
func (b *mappingMaker) keep() {
	for i, c := range b.columns {
		k := table.Key(c.Column)
		if at, ok := b.rows[k]; !ok || at != i {
			continue
		}
		n, had := b.first[k]
		switch {
		case had && n.use == c.Use && b.same(n, c):
		case had:
			*n.name = ""
			fallthrough
		default:
			b.later = append(b.later, i)
		}
	}
}

// same reports whether a column stays where the base names it, and brings what is
// said of it there up to date.
func (b *mappingMaker) same(n namedColumn, c ColumnUse) bool {
	switch n.use {
	case UseNumber:
		b.m.Measures[n.entry].Measure = record.Measure(c.What)
	case UseLow, UseBest, UseHigh:
		return string(b.m.Measures[n.entry].Measure) == c.What
	case UseAttribute:
		b.m.Attributes[n.entry].Attribute = record.Attribute(c.What)
	case UseStatement:
		b.m.Statements[n.entry].Topic = topicOf(c)
	}
	return true
}

func topicOf(c ColumnUse) string {
	if c.What == "" {
		return c.Column
	}
	return c.What
}

// add puts in what the base does not have.
func (b *mappingMaker) add() {
	m := b.m
	for _, i := range b.later {
		c := b.columns[i]
		switch c.Use {
		case "":
		case UseNumber:
			m.Measures = append(m.Measures, exchange.MeasureColumn{Column: c.Column, Measure: record.Measure(c.What)})
		case UseLow, UseBest, UseHigh:
			b.addRange(i)
		case UseAttribute:
			m.Attributes = append(m.Attributes, exchange.AttributeColumn{Column: c.Column, Attribute: record.Attribute(c.What)})
		case UseStatement:
			m.Statements = append(m.Statements, exchange.StatementColumn{Column: c.Column, Topic: topicOf(c)})
		default:
			b.addSingle(i)
		}
	}
}

func (b *mappingMaker) addSingle(i int) {
	c := b.columns[i]
	for _, s := range singleUses {
		if s.use != c.Use {
			continue
		}
		name := s.of(b.m)
		if *name != "" {
			b.wrong(row("use", i), "mapping.use_taken", "column", *name)
			return
		}
		*name = c.Column
		return
	}
	b.wrong(row("use", i), "invalid.choice")
}

func rangeEnd(c *exchange.MeasureColumn, use string) *string {
	switch use {
	case UseLow:
		return &c.Low
	case UseBest:
		return &c.Best
	}
	return &c.High
}

// addRange puts a number into the first range of its measure.
func (b *mappingMaker) addRange(i int) {
	c := b.columns[i]
	taken := ""
	for j := range b.m.Measures {
		e := &b.m.Measures[j]
		if e.Column != "" || string(e.Measure) != c.What || e.Low == "" && e.Best == "" && e.High == "" {
			continue
		}
		end := rangeEnd(e, c.Use)
		if *end == "" {
			*end = c.Column
			return
		}
		taken = *end
	}
	if taken != "" {
		b.wrong(row("use", i), "mapping.use_taken", "column", taken)
		return
	}
	b.m.Measures = append(b.m.Measures, exchange.MeasureColumn{Measure: record.Measure(c.What)})
	*rangeEnd(&b.m.Measures[len(b.m.Measures)-1], c.Use) = c.Column
}

// tidy takes out what names no column any more, and lists what is left out and may
// be lacking.
func (b *mappingMaker) tidy(before *exchange.Mapping, without bool) {
	m := b.m
	m.Measures = slices.DeleteFunc(m.Measures, func(c exchange.MeasureColumn) bool {
		return c.Column == "" && c.Low == "" && c.Best == "" && c.High == ""
	})
	m.Attributes = slices.DeleteFunc(m.Attributes, func(c exchange.AttributeColumn) bool { return c.Column == "" })
	m.Statements = slices.DeleteFunc(m.Statements, func(c exchange.StatementColumn) bool { return c.Column == "" })
	for i := range m.Measures {
		m.Measures[i].Unit = b.currency(&m.Measures[i])
	}
	if m.Date.Column == "" {
		m.Date.Format = ""
	}
	if m.TypeColumn == "" {
		m.Types = nil
	}
	named := map[string]bool{}
	for _, c := range m.Columns() {
		named[table.Key(c.Name)] = true
	}
	m.Ignore = slices.DeleteFunc(m.Ignore, func(n string) bool { return named[table.Key(n)] })
	ignored, optional := keysOf(m.Ignore), map[string]bool{}
	m.Optional = slices.DeleteFunc(m.Optional, func(n string) bool {
		i, ok := b.rows[table.Key(n)]
		return !named[table.Key(n)] || ok && b.columns[i].Absent
	})
	for _, c := range b.columns {
		k := table.Key(c.Column)
		switch {
		case named[k]:
			if c.Absent && without && !optional[k] && k != table.Key(m.Key) {
				optional[k] = true
				m.Optional = append(m.Optional, c.Column)
			}
		case k == "" || c.Absent || ignored[k] || b.first[k].use == "" && before != nil:
			// A column that the base does not know stays one that reports tell of.
		default:
			ignored[k] = true
			m.Ignore = append(m.Ignore, c.Column)
		}
	}
}

// currency is what was given for one of the columns of a number.
func (b *mappingMaker) currency(e *exchange.MeasureColumn) string {
	if e.Measure != record.Money {
		return ""
	}
	unit := ""
	for _, name := range []string{e.Column, e.Low, e.Best, e.High} {
		i, ok := b.rows[table.Key(name)]
		if name == "" || !ok || b.columns[i].What != string(record.Money) {
			continue
		}
		given := strings.ToUpper(b.columns[i].Currency)
		if unit != "" && given != "" && given != unit {
			b.wrong(row("currency", i), "mapping.currencies", "currency", unit)
		} else if given != "" {
			unit = given
		}
	}
	return unit
}

// check finds what is wrong with the mapping as a whole.
func (b *mappingMaker) check() {
	bad, ok := errors.AsType[*exchange.MappingError](b.m.Validate())
	if !ok {
		return
	}
	for _, p := range bad.Problems {
		b.bad.Fields = append(b.bad.Fields, record.FieldError{Field: b.formField(p.Field), Key: p.Key, Args: p.Args})
	}
}

// headFields are the fields of a form by their place in a mapping.
var headFields = map[string]string{
	"dataset": "dataset", "title": "title", "publisher": "publisher", "url": "url", "credit": "credit", "terms": "terms", "language": "language",
	"type": "type", "date.format": "date_format", "place.country_code": "country_code", "key": "columns",
}

// rowFields are the fields of a column by the end of their place in a mapping.
var rowFields = map[string]string{"measure": "what", "attribute": "what", "unit": "currency", "topic": "topic"}

// formField is the field of a form that shows what stands in a place of the mapping.
func (b *mappingMaker) formField(place string) string {
	if name := headFields[place]; name != "" {
		return name
	}
	entry, end := place, "use"
	if head, tail, ok := strings.Cut(place, "]."); ok {
		if field := rowFields[tail]; field != "" {
			entry, end = head+"]", field
		} else if tail != "column" {
			return "also"
		}
	}
	if place == "date.column" { // an end without a start
		entry = "date.end"
	}
	for _, c := range b.m.Columns() {
		if c.Field != entry && !strings.HasPrefix(c.Field, entry+".") {
			continue
		}
		if i, ok := b.rows[table.Key(c.Name)]; ok {
			return row(end, i)
		}
	}
	return "also"
}
