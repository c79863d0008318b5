package exchange

import (
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// pbc maps the two tables of Pakistan Body Count: suicide attacks and drone
// strikes.
type pbc struct {
	drone              bool
	slug, title, what  string
	id, date, clock    column
	city, province     column
	location, lat, lon column
	pairs              []pbcPair
	blasts, strikes    column
	groups             []gtdNumber
	texts              []textColumn
	sect, women        column
	references         column
}

// pbcPair is a lowest and a highest number of one thing.
type pbcPair struct {
	part      string
	measure   record.Measure
	form      record.Form
	counted   record.Counted
	low, high column
}

// textColumn is a column whose cells become attributes as they are printed.
type textColumn struct {
	part string
	attr record.Attribute
	col  column
}

func pbcInfo(drone bool) Info {
	i := Info{
		Format: "pbc", Dataset: "pbc-suicide", Title: "Pakistan Body Count: suicide attacks",
		Publisher: "Pakistan Body Count", Terms: record.TermsInternal, Credit: "Pakistan Body Count; terms of use not stated, not to be passed on",
	}
	if drone {
		i.Dataset, i.Title = "pbc-drone", "Pakistan Body Count: drone strikes"
	}
	return i
}

func newPBC(rows *table.Reader, header *table.Header) (*sheet, error) {
	_, drone := header.Column("Total Died Mix", "Total Died Max", "No of Strike")
	s := newSheet(rows, header, pbcInfo(drone))
	p := &pbc{
		drone: drone, slug: "pbc-suicide", title: "Pakistan Body Count suicide attack ", what: "suicide attack",
		id: s.col("S#", "S", "Serial"), date: s.col("Date"), clock: s.col("Time"), city: s.col("City"), province: s.col("Province"),
		location: s.col("Location"), lat: s.col("Latitude"), lon: s.col("Longitude"),
		blasts: column{index: -1}, strikes: column{index: -1}, sect: column{index: -1}, women: column{index: -1}, references: column{index: -1},
	}
	injured := pbcPair{"injured", record.Injured, record.Incident, "", s.col("Injured Min"), s.col("Injured Max")}
	need := []column{p.id, p.date}
	if drone {
		p.slug, p.title, p.what = "pbc-drone", "Pakistan Body Count drone strike ", "drone strike"
		p.pairs = []pbcPair{
			{"killed", record.Killed, record.Incident, "", s.col("Total Died Min"), s.col("Total Died Max", "Total Died Mix")},
			{"civilians", record.Killed, record.Component, record.CountedCivilians, s.col("Civilians Min"), s.col("Civilians Max")},
			{"foreigners", record.Killed, record.Component, record.CountedForeign, s.col("Foreigners Min"), s.col("Foreigners Max")},
			injured,
		}
		p.groups = []gtdNumber{
			{s.col("Al-Qaeda"), record.Killed, record.Component, "", "Al-Qaeda"},
			{s.col("Taliban"), record.Killed, record.Component, "", "Taliban"},
		}
		p.strikes, p.women, p.references = s.col("No of Strike"), s.col("Women/Children"), s.col("References")
		p.texts = []textColumn{
			{"site", record.AttrOther, s.col("Special Mention (Site)")},
			{"comments", record.AttrOther, s.col("Comments")},
		}
	} else {
		p.pairs = []pbcPair{{"killed", record.Killed, record.Incident, "", s.col("Killed Min"), s.col("Killed Max")}, injured}
		p.blasts, p.sect = s.col("No. of Suicide Blasts", "No# of Suicide Blasts"), s.col("Targeted Sect if any")
		p.texts = []textColumn{
			{"islamic_date", record.AttrOther, s.col("Islamic Date", "Islamic")},
			{"day_type", record.AttrCondition, s.col("Blast Day Type")},
			{"holiday", record.AttrCondition, s.col("Holiday Type")},
			{"location_category", record.AttrOther, s.col("Location Category")},
			{"sensitivity", record.AttrOther, s.col("Location Sensitivity")},
			{"space", record.AttrOther, s.col("Open/Closed Space")},
			{"influencing_event", record.AttrCondition, s.col("Influencing Event/Event")},
			{"target", record.AttrTargeted, s.col("Target Type")},
			{"explosive_weight", record.AttrMethod, s.col("Explosive Weight (max)")},
			{"hospitals", record.AttrOther, s.col("Hospital Names")},
		}
	}
	s.leave("Temperature(C)", "Temperature(F)")
	for _, c := range append(need, p.pairs[0].high) {
		if !c.present() {
			return nil, errors.New("the column " + c.name + " is missing; a Pakistan Body Count file has it")
		}
	}
	s.reportUnknown()
	s.build, s.key = p.row, p.id
	return s, nil
}

// notApplicable recognises the cells that say that there is nothing to say.
// They are not blank and not zero; no claim is made of them.
func notApplicable(s string) bool {
	switch strings.ToUpper(s) {
	case "NA", "N/A", ".", "-", "NONE":
		return true
	}
	return false
}

func (p *pbc) row(b *builder) {
	id := b.cell(p.id)
	b.row.Key = id
	if !allDigits(id) || len(id) > 9 {
		b.refuse(p.id, "number_identifier", "cell", id)
		return
	}
	when, ok := p.when(b)
	if !ok {
		return
	}
	pakistan := findCountry("PK")
	where := record.Place{
		Site: b.line(p.location), Town: b.line(p.city), Province: b.line(p.province), Country: pakistan.code(),
		// Points are those of the town, whatever site the row names.
		Precision: record.PreciseTown, Printed: b.line(p.location),
	}
	if p.drone {
		// The column City holds districts, and one point stands for a whole one.
		where.Town, where.District, where.Precision = "", where.Town, record.PreciseDistrict
	}
	where.Point = p.point(b, pakistan)
	if b.row.Refused {
		return
	}
	b.source(p.title + id)
	title := p.title + id
	if near := where.Town + where.District; near != "" {
		title += ": " + near
	}
	e := b.event(record.TypeAttack, title, p.slug+"-"+id, "Pakistan Body Count")
	e.Subtype = p.what
	b.date(when, b.cell(p.date), p.date, p.clock)
	b.place(where, p.location, p.city, p.province, p.lat, p.lon)
	m := b.claim("type", record.KindAttribute)
	m.Attribute, m.Value.Text, m.Passage.Locator = record.AttrType, p.what, "the file"
	for _, pair := range p.pairs {
		p.pair(b, pair)
		if b.row.Refused {
			return
		}
	}
	for _, g := range p.groups {
		if m := b.number(table.Key(g.col.name), g.measure, g.form, record.CompiledSingle, g.col, notApplicable); m != nil {
			m.ScopePrinted = g.scope
		}
	}
	b.number("blasts", record.Explosions, record.Incident, record.CompiledSingle, p.blasts, notApplicable)
	b.number("strikes", record.Attacks, record.Incident, record.CompiledSingle, p.strikes, notApplicable)
	if b.row.Refused {
		return
	}
	p.checkSum(b)
	p.attributes(b)
	b.statement("sources", "listed sources", record.Asserts, p.references)
	b.row.Words = joinWords(b.line(p.location), b.line(p.sect))
}

func (p *pbc) when(b *builder) (record.When, bool) {
	d, weekday, err := readDate(b.cell(p.date), DateNamed)
	if err != nil {
		b.refuseFor(p.date, err)
		return record.When{}, false
	}
	if right := wrongWeekday(d, weekday); right != "" {
		b.problem(p.date, "weekday", "named", weekdayNames[weekday], "date", d, "was", right)
	}
	when := record.When{Date: d}
	if clock := b.line(p.clock); clock != "" && !notApplicable(clock) {
		when.Printed = clip(b.cell(p.date)+", "+clock, record.MaxLine)
	}
	return when, true
}

// point reads the coordinates. A slip such as "_71.456944" costs the row its
// point, not its numbers.
func (p *pbc) point(b *builder, where *country) *record.Point {
	for _, c := range []column{p.lat, p.lon} {
		cell := b.cell(c)
		if _, ok := degrees(cell); cell != "" && !ok {
			b.problem(c, "coordinate_unread", "cell", cell)
			return nil
		}
	}
	return b.point(p.lat, p.lon, where)
}

// pair makes one claim of a lowest and a highest number. Only one of the two
// printed is one number; the two the wrong way round stay two claims.
func (p *pbc) pair(b *builder, c pbcPair) {
	lowCell, highCell := b.cell(c.low), b.cell(c.high)
	noLow := lowCell == "" || notApplicable(lowCell)
	noHigh := highCell == "" || notApplicable(highCell)
	scope := func(m *Claim) {
		if m != nil {
			m.Scope.Counted = c.counted
		}
	}
	switch {
	case noLow && noHigh:
		return
	case noLow:
		scope(b.number(c.part, c.measure, c.form, record.CompiledSingle, c.high, nil))
		return
	case noHigh:
		scope(b.number(c.part, c.measure, c.form, record.CompiledLow, c.low, nil))
		return
	}
	low, ok1 := plainInt(lowCell)
	high, ok2 := plainInt(highCell)
	if ok1 && ok2 && low <= high {
		q := b.passage("columns "+c.low.name+", "+c.high.name, c.low, c.high)
		m := b.claim(c.part, record.KindMeasure)
		m.Measure, m.Form, m.Role, m.Passage = c.measure, c.form, record.CompiledRange, q
		m.Operator, m.Low, m.High = record.Between, b.int64(low), b.int64(high)
		scope(m)
		return
	}
	if ok1 && ok2 {
		b.problem(c.low, "low_above_high", "low", low, "high", high)
	}
	scope(b.number(c.part+"_min", c.measure, c.form, record.CompiledLow, c.low, nil))
	scope(b.number(c.part+"_max", c.measure, c.form, record.CompiledHigh, c.high, nil))
}

// checkSum compares the dead by group with the highest total.
func (p *pbc) checkSum(b *builder) {
	if !p.drone {
		return
	}
	total, ok := plainInt(b.cell(p.pairs[0].high))
	if !ok {
		return
	}
	var sum int64
	for _, c := range []column{p.groups[0].col, p.groups[1].col, p.pairs[1].high, p.pairs[2].high} {
		n, _ := plainInt(b.cell(c))
		sum += n
	}
	if sum > total {
		b.problem(p.pairs[0].high, "groups_above_total", "sum", sum, "total", total)
	}
}

func (p *pbc) attributes(b *builder) {
	// "None" and "NA" are printed statements, other than a blank.
	if m := b.attribute("sect", record.AttrTargeted, p.sect); m != nil {
		switch strings.ToUpper(m.Value.Text) {
		case "NONE":
			m.Note = "The compilers state that no sect was targeted."
		case "NA", "N/A":
			m.Note = "The compilers state that the question does not apply."
		}
	}
	switch strings.ToUpper(b.cell(p.women)) {
	case "":
	case "Y":
		b.attributeText("women_children", record.AttrOther, p.women, "women or children among the dead")
	case "N":
		b.attributeText("women_children", record.AttrOther, p.women, "no women or children among the dead")
	default:
		b.attribute("women_children", record.AttrOther, p.women)
	}
	for _, t := range p.texts {
		if cell := b.cell(t.col); cell != "" && !notApplicable(cell) {
			b.attribute(t.part, t.attr, t.col)
		}
	}
}
