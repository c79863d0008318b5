package exchange

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// mapped reads any table as a [Mapping] explains it.
type mapped struct {
	m                     *Mapping
	slug                  string
	key, title, kind      column
	date, end             column
	place                 [5]column // site, town, district, province, country
	lat, lon, latlon      column
	measures              []mappedMeasure
	attributes            []textColumn
	statements            []mappedStatement
	types                 map[string]record.EventType
	missingCells          map[string]bool
	home                  *country
	uwazi                 bool
	placeCells, dateCells []column
}

type mappedMeasure struct {
	MeasureColumn
	part            string
	col             column
	low, best, high column
}

type mappedStatement struct {
	part, topic string
	stance      record.Stance
	col         column
}

func newCSV(rows *table.Reader, header *table.Header, m *Mapping) (*sheet, error) {
	if m == nil {
		return nil, errors.New("a table of one's own needs a mapping that says what its columns mean")
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return newMapped(rows, header, m, "csv")
}

func newMapped(rows *table.Reader, header *table.Header, m *Mapping, format string) (*sheet, error) {
	if m.NoHeader {
		header = numberedHeader(rows)
	}
	if err := m.check(header); err != nil {
		return nil, err
	}
	title := m.Title
	if title == "" {
		title = m.Dataset
	}
	s := newSheet(rows, header, Info{
		Format: format, Dataset: format + ":" + m.Dataset, Title: title, Publisher: m.Publisher, URL: m.URL, Credit: m.Credit, Terms: m.Terms,
	})
	// find is col for a column that the mapping need not name, or the table not have.
	find := func(name string) column {
		if _, ok := header.Column(name); name == "" || !ok {
			return column{index: -1}
		}
		return s.col(name)
	}
	c := &mapped{
		m: m, slug: m.Dataset, key: s.col(m.Key), title: find(m.EventTitle), kind: find(m.TypeColumn), date: find(m.Date.Column), end: find(m.Date.End),
		place: [5]column{find(m.Place.Site), find(m.Place.Town), find(m.Place.District), find(m.Place.Province), find(m.Place.Country)},
		lat:   find(m.Place.Lat), lon: find(m.Place.Lon), latlon: find(m.Place.Point),
		missingCells: map[string]bool{}, types: map[string]record.EventType{}, home: findCountry(m.Place.CountryCode), uwazi: format == "uwazi",
	}
	for _, cell := range m.Missing {
		c.missingCells[strings.TrimSpace(cell)] = true
	}
	for cell, t := range m.Types {
		c.types[table.Key(cell)] = t
	}
	for _, n := range m.Measures {
		if n.Form == "" {
			n.Form = record.Incident
		}
		c.measures = append(c.measures, mappedMeasure{n, n.part(), find(n.Column), find(n.Low), find(n.Best), find(n.High)})
	}
	for _, a := range m.Attributes {
		c.attributes = append(c.attributes, textColumn{partOf(a.Part, a.Column), a.Attribute, find(a.Column)})
	}
	for _, t := range m.Statements {
		stance := t.Stance
		if stance == "" {
			stance = record.Asserts
		}
		c.statements = append(c.statements, mappedStatement{partOf(t.Part, t.Column), t.Topic, stance, find(t.Column)})
	}
	for _, col := range append(c.place[:], c.latlon, c.lat, c.lon) {
		if col.present() {
			c.placeCells = append(c.placeCells, col)
		}
	}
	if c.date.present() { // a last day says nothing without a first
		c.dateCells = append(c.dateCells, c.date)
		if c.end.present() {
			c.dateCells = append(c.dateCells, c.end)
		}
	}
	s.leave(m.Ignore...)
	s.reportUnknown()
	s.build, s.key = c.row, c.key
	return s, nil
}

// numberedHeader names the columns of a table without a header by their number.
// The width is not known before the first row, so there are more names than any
// table has columns.
func numberedHeader(rows *table.Reader) *table.Header {
	const most = 2000
	names := make([]string, most)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	return table.NewHeader(names)
}

func (c *mapped) row(b *builder) {
	b.row.Key = clip(b.cell(c.key), 500)
	if b.row.Key == "" {
		b.refuse(c.key, "no_identifier")
		return
	}
	if c.uwazi {
		b.row.Key = c.unguard(b.row.Key)
		if table.Key(c.key.name) == "title" {
			b.row.Key = b.sheet.unusedKey(b, b.row.Key)
		}
	}
	if len(b.row.Key) == 500 {
		b.refuse(c.key, "long_identifier")
		return
	}
	when, ok := c.when(b)
	if !ok {
		return
	}
	where := c.where(b)
	if b.row.Refused {
		return
	}
	name := c.unguard(b.line(c.title))
	title := name
	if title == "" {
		title = b.row.Key
	}
	b.source(clip(b.sheet.info.Title+": "+title, record.MaxLine))
	b.row.Source.Language = c.m.Language
	b.row.Source.Title[0].Lang = c.m.Language
	if c.m.NoEvent {
		b.row.Event = nil
		c.dateAlone(b, when)
	} else {
		e := b.event(c.eventType(b), title, slugOf(c.slug, b.row.Key), b.sheet.info.Title)
		e.Title[0].Lang = c.m.Language
		if len(c.dateCells) > 0 {
			b.date(when, c.printedDate(b), c.dateCells...)
		}
		if len(c.placeCells) > 0 {
			b.place(where, c.placeCells...)
		}
	}
	if c.kind.present() {
		b.attribute("type", record.AttrType, c.kind)
	}
	for i := range c.measures {
		c.measure(b, &c.measures[i])
		if b.row.Refused {
			return
		}
	}
	for _, a := range c.attributes {
		if m := b.attribute(a.part, a.attr, a.col); m != nil {
			m.Value.Text = c.unguard(m.Value.Text)
		}
	}
	for _, t := range c.statements {
		b.statement(t.part, t.topic, t.stance, t.col)
	}
}

// dateAlone makes the date claim of a row without an event.
func (c *mapped) dateAlone(b *builder, when record.When) {
	if when.IsZero() || len(c.dateCells) == 0 {
		return
	}
	p := b.passage(c.dateCells[0].locator, c.dateCells...)
	m := b.claim("date", record.KindAttribute)
	m.Attribute, m.Passage, m.Value.Text, m.Value.When = record.AttrDate, p, c.printedDate(b), when
}

func (c *mapped) printedDate(b *builder) string {
	text := b.line(c.date)
	if end := b.line(c.end); end != "" && end != text {
		text += " – " + end
	}
	return text
}

func (c *mapped) eventType(b *builder) record.EventType {
	if t, ok := c.types[table.Key(b.cell(c.kind))]; ok {
		return t
	}
	if c.m.Type != "" {
		return c.m.Type
	}
	return record.TypeOtherEvent
}

func (c *mapped) missing(cell string) bool { return c.missingCells[cell] }

func (c *mapped) when(b *builder) (record.When, bool) {
	cell := b.cell(c.date)
	if cell == "" || c.missing(cell) {
		return record.When{}, true
	}
	if c.uwazi {
		if d, ok := uwaziDate(cell); ok {
			return record.When{Date: d}, true
		}
	}
	start, weekday, err := readDate(cell, c.m.Date.Format)
	if err != nil {
		b.refuseFor(c.date, err)
		return record.When{}, false
	}
	if right := wrongWeekday(start, weekday); right != "" {
		b.problem(c.date, "weekday", "named", weekdayNames[weekday], "date", start, "was", right)
	}
	last := b.cell(c.end)
	if last == "" || last == cell || c.missing(last) {
		return record.When{Date: start}, true
	}
	end, _, err := readDate(last, c.m.Date.Format)
	if err != nil {
		b.refuseFor(c.end, err)
		return record.When{}, false
	}
	d, err := edtf.NewInterval(start, end)
	if err != nil {
		b.refuse(c.end, "end_before_start")
		return record.When{}, false
	}
	return record.When{Date: d}, true
}

func (c *mapped) where(b *builder) record.Place {
	land := c.home
	name := b.cell(c.place[4])
	if name != "" && !c.missing(name) {
		if found := findCountry(name); found != nil {
			land = found
		} else {
			b.problem(c.place[4], "country", "cell", name)
		}
	}
	p := record.Place{Country: land.code()}
	for i, into := range []*string{&p.Site, &p.Town, &p.District, &p.Province} {
		if text := b.line(c.place[i]); !c.missing(text) {
			*into = c.unguard(text)
		}
	}
	switch {
	case c.m.Place.Precision != "":
		p.Precision = c.m.Place.Precision
	case p.Site != "":
		p.Precision = record.PreciseSite
	case p.Town != "":
		p.Precision = record.PreciseTown
	case p.District != "":
		p.Precision = record.PreciseDistrict
	case p.Province != "":
		p.Precision = record.PreciseProvince
	}
	if parts := p.Parts(); len(parts) > 0 {
		p.Printed = clip(strings.Join(parts, ", "), record.MaxLine)
	}
	switch {
	case c.latlon.present():
		p.Point = c.pointOf(b, land)
	case c.lat.present() && c.lon.present():
		if c.missing(b.cell(c.lat)) && c.missing(b.cell(c.lon)) {
			return p
		}
		p.Point = b.point(c.lat, c.lon, land)
	}
	return p
}

// pointOf reads "latitude|longitude" in one cell.
func (c *mapped) pointOf(b *builder, land *country) *record.Point {
	cell := b.cell(c.latlon)
	if cell == "" || c.missing(cell) {
		return nil
	}
	lat, lon, ok := strings.Cut(cell, "|")
	if !ok {
		b.refuse(c.latlon, "not_point", "cell", cell)
		return nil
	}
	return b.pointText(strings.TrimSpace(lat), strings.TrimSpace(lon), c.latlon, c.latlon, land)
}

func (c *mapped) measure(b *builder, n *mappedMeasure) {
	if n.col.present() {
		role := n.Role
		if role == "" {
			role = record.CompiledSingle
		}
		c.finish(b.number(n.part, n.Measure, n.Form, role, n.col, c.missing), n)
		return
	}
	low, ok1 := plainInt(b.cell(n.low))
	high, ok2 := plainInt(b.cell(n.high))
	bestCell := b.cell(n.best)
	best, ok3 := plainInt(bestCell)
	bestBlank := bestCell == "" || c.missing(bestCell)
	if ok1 && ok2 && low <= high && (bestBlank || ok3 && low <= best && best <= high) {
		p := b.passage(columnsLocator([]column{n.low, n.best, n.high}), n.low, n.best, n.high)
		m := b.claim(n.part, record.KindMeasure)
		m.Measure, m.Form, m.Role, m.Passage = n.Measure, n.Form, record.CompiledRange, p
		if n.Role == record.Reported {
			m.Role = record.Reported
		}
		m.Operator, m.Low, m.High = record.Between, b.int64(low), b.int64(high)
		if !bestBlank {
			m.Best = b.int64(best)
		}
		m.Scope, m.ScopePrinted, m.Unit = n.Scope, n.ScopePrinted, n.Unit
		return
	}
	switch {
	case ok1 && ok2 && bestBlank:
		b.problem(n.low, "low_above_high", "low", b.cell(n.low), "high", b.cell(n.high))
	case ok1 && ok2:
		b.problem(n.low, "order", "low", b.cell(n.low), "best", bestCell, "high", b.cell(n.high))
	}
	for _, one := range []struct {
		suffix string
		role   record.Role
		col    column
	}{{"_low", record.CompiledLow, n.low}, {"_best", record.CompiledBest, n.best}, {"_high", record.CompiledHigh, n.high}} {
		role := one.role
		if n.Role == record.Reported {
			role = record.Reported
		}
		c.finish(b.number(n.part+one.suffix, n.Measure, n.Form, role, one.col, c.missing), n)
		if b.row.Refused {
			return
		}
	}
}

// finish gives a claim what the mapping says of its column.
func (c *mapped) finish(m *Claim, n *mappedMeasure) {
	if m == nil {
		return
	}
	m.Scope, m.ScopePrinted, m.Unit = n.Scope, n.ScopePrinted, n.Unit
	if n.Operator != "" && n.Operator != record.Exact && m.Operator == record.Exact {
		if m.Words == "" {
			m.Words = m.Passage.Quote()
		}
		m.Bounds(n.Operator, *m.Low, 0)
	}
}
