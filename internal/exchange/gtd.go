package exchange

import (
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// gtd maps the rows of the Global Terrorism Database as START distributes it.
type gtd struct {
	id, year, month, day, approx, date column
	countryTxt, prov, city, lat, lon   column
	specificity, location              column
	attack, weapon                     [4]column
	target, victim                     [3]column
	group                              [3]column
	uncertain                          [3]column
	suicide, success, claimed          column
	weaponDetail, motive, summary      column
	numbers                            []gtdNumber
	hostages                           column
	nreleased, nhours, outcome         column
	damage, addnotes                   column
	scite                              [3]column
	multiple, related                  column
}

// gtdNumber is a number column of the database and what it counts.
type gtdNumber struct {
	col     column
	measure record.Measure
	form    record.Form
	unit    string
	scope   string // as printed, for a part of the whole
}

func gtdInfo() Info {
	return Info{
		Format: "gtd", Dataset: "gtd", Title: "Global Terrorism Database (GTD)",
		Publisher: "National Consortium for the Study of Terrorism and Responses to Terrorism (START)", URL: "https://www.start.umd.edu/gtd/",
		Terms: record.TermsInternal, Credit: "START, Global Terrorism Database; not to be passed on",
	}
}

func newGTD(rows *table.Reader, header *table.Header) (*sheet, error) {
	s := newSheet(rows, header, gtdInfo())
	g := &gtd{
		id: s.col("eventid", "event id"), year: s.col("iyear", "year"), month: s.col("imonth", "month"), day: s.col("iday", "day"),
		approx: s.col("approxdate"), date: s.col("date", "event_date"),
		countryTxt: s.col("country_txt", "country"), prov: s.col("provstate"), city: s.col("city"), lat: s.col("latitude"), lon: s.col("longitude"),
		specificity: s.col("specificity"), location: s.col("location"),
		suicide: s.col("suicide"), success: s.col("success"), claimed: s.col("claimed"),
		weaponDetail: s.col("weapdetail"), motive: s.col("motive"), summary: s.col("summary"),
		hostages: s.col("ishostkid"), nreleased: s.col("nreleased"), nhours: s.col("nhours"), outcome: s.col("hostkidoutcome_txt"),
		damage: s.col("propextent_txt"), addnotes: s.col("addnotes"), multiple: s.col("multiple"), related: s.col("related"),
	}
	for i := range 4 {
		n := string('1' + rune(i))
		if i < 3 {
			g.attack[i] = s.col("attacktype" + n + "_txt")
			g.target[i] = s.col("targtype" + n + "_txt")
			g.victim[i] = s.col("target" + n)
			g.uncertain[i] = s.col("guncertain" + n)
			g.scite[i] = s.col("scite" + n)
			g.group[i] = s.col("gname" + strings.TrimPrefix(n, "1"))
		} else {
			g.attack[i] = column{index: -1}
		}
		g.weapon[i] = s.col("weaptype" + n + "_txt")
	}
	for _, n := range []struct {
		name    string
		measure record.Measure
		form    record.Form
		unit    string
		scope   string
	}{
		{"nkill", record.Killed, record.Incident, "", ""},
		{"nkillus", record.Killed, record.Component, "", "US citizens"},
		{"nkillter", record.AttackersKilled, record.Incident, "", ""},
		{"nwound", record.Injured, record.Incident, "", ""},
		{"nwoundus", record.Injured, record.Component, "", "US citizens"},
		{"nwoundte", record.AttackersInjured, record.Incident, "", ""},
		{"nperps", record.Attackers_, record.Incident, "", ""},
		{"nperpcap", record.Detained, record.Component, "", "attackers taken into custody"},
		{"propvalue", record.Money, record.Component, "USD", "property damage"},
		{"nhostkid", record.Hostages, record.Incident, "", ""},
		{"nhostkidus", record.Hostages, record.Component, "", "US citizens"},
		{"ndays", record.Duration, record.Component, "", "hostage taking"},
		{"ransomamt", record.Money, record.Component, "USD", "ransom demanded"},
		{"ransomamtus", record.Money, record.Component, "USD", "ransom demanded from US sources"},
		{"ransompaid", record.Money, record.Component, "USD", "ransom paid"},
		{"ransompaidus", record.Money, record.Component, "USD", "ransom paid by US sources"},
	} {
		g.numbers = append(g.numbers, gtdNumber{s.col(n.name), n.measure, n.form, n.unit, n.scope})
	}
	for _, c := range []column{g.id, g.year, g.month, g.day, g.numbers[0].col} {
		if !c.present() {
			return nil, errors.New("the column " + c.name + " is missing; a GTD file has it (a changed copy can be imported as csv with a mapping)")
		}
	}
	s.leave(gtdCodes...)
	s.reportUnknown()
	s.build, s.key = g.row, g.id
	return s, nil
}

// gtdCodes are columns of the database that repeat in codes what another column
// says in words, or that only describe how the row was made.
var gtdCodes = strings.Fields(`extended resolution country region region_txt vicinity crit1 crit2 crit3 doubtterr alternative
	alternative_txt attacktype1 attacktype2 attacktype3 targtype1 targsubtype1 targsubtype1_txt corp1 natlty1 natlty1_txt targtype2
	targsubtype2 targsubtype2_txt corp2 natlty2 natlty2_txt targtype3 targsubtype3 targsubtype3_txt corp3 natlty3 natlty3_txt gsubname
	gsubname2 gsubname3 individual claimmode claimmode_txt claim2 claimmode2 claimmode2_txt claim3 claimmode3 claimmode3_txt compclaim
	weaptype1 weapsubtype1 weapsubtype1_txt weaptype2 weapsubtype2 weapsubtype2_txt weaptype3 weapsubtype3 weapsubtype3_txt weaptype4
	weapsubtype4 weapsubtype4_txt property propextent propcomment divert kidhijcountry ransom ransomnote hostkidoutcome dbsource INT_LOG
	INT_IDEO INT_MISC INT_ANY`)

// gtdMissing recognises the codes for "not known" of the number columns.
func gtdMissing(s string) bool {
	switch s {
	case "-9", "-99", "-9.0", "-99.0", ".", "NA", "NaN":
		return true
	}
	return false
}

func (g *gtd) row(b *builder) {
	id := b.cell(g.id)
	b.row.Key = id
	if len(id) != 12 || !allDigits(id) {
		b.refuse(g.id, "gtd_identifier", "cell", id)
		return
	}
	when, ok := g.when(b)
	if !ok {
		return
	}
	where := g.where(b)
	if b.row.Refused {
		return
	}
	b.source("GTD event " + id)
	title := "GTD " + id
	if where.Town != "" {
		title += ": " + where.Town
	} else if where.Province != "" {
		title += ": " + where.Province
	}
	b.event(record.TypeAttack, title, "gtd-"+id, "GTD")
	b.date(when, when.Date.String(), g.year, g.month, g.day, g.approx)
	b.place(where, g.location, g.city, g.prov, g.countryTxt, g.lat, g.lon, g.specificity)
	g.attributes(b)
	g.counts(b)
	b.statement("summary", "summary by the compilers", record.Asserts, g.summary)
	b.statement("motive", "motive", record.Asserts, g.motive)
	b.statement("addnotes", "notes of the compilers", record.Asserts, g.addnotes)
	b.statement("sources", "listed sources", record.Asserts, g.scite[0], g.scite[1], g.scite[2])
	g.linked(b, id)
	b.row.Words = joinWords(b.line(g.location), b.line(g.victim[0]), b.line(g.group[0]))
}

// when rebuilds the date from the three columns, in which 0 is not known. A
// further date column, which changed copies have, must agree: where day and
// month contradict each other nobody can tell which is right.
func (g *gtd) when(b *builder) (record.When, bool) {
	var n [3]int
	for i, c := range []column{g.year, g.month, g.day} {
		cell := strings.TrimSuffix(b.cell(c), ".0")
		if cell == "" && i > 0 {
			continue
		}
		v, ok := plainInt(cell)
		if !ok || v > 9999 {
			b.refuse(c, "not_number", "cell", cell)
			return record.When{}, false
		}
		n[i] = int(v)
	}
	c := civil{n[0], n[1], n[2]}
	if c.month == 0 && c.day != 0 {
		b.problem(g.month, "day_alone_read")
		c.day = 0
	}
	if err := c.check(""); err != nil {
		b.refuseFor(g.day, err)
		return record.When{}, false
	}
	when := record.When{Date: c.date(), Printed: b.line(g.approx)}
	if !g.agrees(b, c) {
		return when, false
	}
	id := b.cell(g.id)
	if y, m, d := id[0:4], id[4:6], id[6:8]; y != pad(c.year, 4) || m != pad(c.month, 2) || d != pad(c.day, 2) {
		b.problem(g.id, "gtd_identifier_date")
	}
	return when, true
}

func pad(n, width int) string {
	b := make([]byte, width)
	digits(b, n)
	return string(b)
}

func (g *gtd) agrees(b *builder, c civil) bool {
	cell := b.cell(g.date)
	if cell == "" {
		return true
	}
	other, ok := isoDay(cell)
	if !ok {
		return true
	}
	switch {
	case other == c || c.day == 0:
		return true
	case other.year == c.year && other.month == c.day && other.day == c.month:
		b.refuse(g.date, "date_columns_swapped", "cell", cell, "month", g.month.name, "day", g.day.name)
		return false
	}
	b.problem(g.date, "date_columns", "cell", cell, "year", g.year.name, "month", g.month.name, "day", g.day.name)
	return true
}

var gtdPrecisions = [6]record.PlacePrecision{
	record.PreciseUnknown, record.PreciseTown, record.PreciseNear, record.PreciseDistrict, record.PreciseProvince, record.PreciseUnknown,
}

func (g *gtd) where(b *builder) record.Place {
	c := findCountry(b.cell(g.countryTxt))
	p := record.Place{Province: b.line(g.prov), Country: c.code(), Printed: b.line(g.location)}
	if city := b.line(g.city); city != "" && !strings.EqualFold(city, "unknown") {
		p.Town = city
	}
	if strings.EqualFold(p.Province, "unknown") {
		p.Province = ""
	}
	spec := strings.TrimSuffix(b.cell(g.specificity), ".0")
	if n, ok := plainInt(spec); ok && n >= 1 && n <= 5 {
		p.Precision = gtdPrecisions[n]
	}
	p.Point = b.point(g.lat, g.lon, c)
	return p
}

func (g *gtd) attributes(b *builder) {
	for i := range 4 {
		n := string('1' + rune(i))
		if i < 3 {
			part := "type"
			if i > 0 {
				part += n
			}
			b.attribute(part, record.AttrType, g.attack[i])
			b.attribute("targtype"+n, record.AttrTargeted, g.target[i])
			b.attribute("target"+n, record.AttrTargeted, g.victim[i])
			if m := b.attribute("gname"+n, record.AttrPerpetrator, g.group[i]); m != nil && b.yes(g.uncertain[i]) {
				m.Note = "The compilers mark this attribution as uncertain."
				m.Reliability = "03"
			}
		}
		b.attribute("weaptype"+n, record.AttrMethod, g.weapon[i])
	}
	b.attribute("weapdetail", record.AttrMethod, g.weaponDetail)
	if b.yes(g.suicide) {
		b.attributeText("suicide", record.AttrMethod, g.suicide, "suicide attack")
	}
	if strings.TrimSuffix(b.cell(g.success), ".0") == "0" {
		b.attributeText("success", record.AttrOutcome, g.success, "the attack did not succeed")
	}
	if b.yes(g.claimed) {
		who := b.cell(g.group[0])
		if who == "" {
			who = "responsibility was claimed"
		}
		b.attributeText("claimed", record.AttrResponsibility, g.claimed, who)
	}
	b.attribute("propextent", record.AttrOutcome, g.damage)
	b.attribute("hostkidoutcome", record.AttrOutcome, g.outcome)
}

// yes reports whether a cell says 1, which re-exports print as 1.0.
func (b *builder) yes(c column) bool {
	switch b.cell(c) {
	case "1", "1.0":
		return true
	}
	return false
}

func (g *gtd) counts(b *builder) {
	taken := b.yes(g.hostages)
	for _, n := range g.numbers {
		name := table.Key(n.col.name)
		if (n.measure == record.Hostages || name == "ndays") && !taken {
			if cell := b.cell(n.col); cell != "" && cell != "0" && cell != "0.0" && !gtdMissing(cell) {
				b.problem(n.col, "hostages")
			}
			continue
		}
		if m := b.number(name, n.measure, n.form, record.CompiledSingle, n.col, gtdMissing); m != nil {
			m.Unit, m.ScopePrinted = n.unit, n.scope
			if m.Operator == record.Between && m.Words != "" {
				b.problem(n.col, "fraction")
			}
		}
		if b.row.Refused {
			return
		}
	}
	if !taken {
		return
	}
	if cell := b.cell(g.nreleased); cell != "" && !gtdMissing(cell) {
		b.attributeText("nreleased", record.AttrOutcome, g.nreleased, strings.TrimSuffix(cell, ".0")+" released, escaped or rescued")
	}
	if cell := b.cell(g.nhours); cell != "" && cell != "0" && cell != "0.0" && !gtdMissing(cell) {
		b.attributeText("nhours", record.AttrOther, g.nhours, "hostages held for "+strings.TrimSuffix(cell, ".0")+" hours")
	}
}

// linked makes a claim of the rows that the compilers list as one wave of
// attacks. The list holds the row itself, which says nothing.
func (g *gtd) linked(b *builder, id string) {
	cell := b.cell(g.related)
	if cell == "" {
		return
	}
	var others []string
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		if part != id {
			others = append(others, part)
		}
	}
	if len(others) == 0 {
		return
	}
	m := b.statement("related", "linked incidents", record.Asserts, g.related)
	m.Statement = record.Plain("en", clip("Listed as part of one wave of attacks with GTD "+strings.Join(others, ", ")+".", record.MaxText))
	if g.multiple.present() && !b.yes(g.multiple) {
		b.problem(g.multiple, "gtd_multiple")
	}
}
