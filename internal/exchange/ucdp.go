package exchange

import (
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// The 49 columns of the UCDP GED releases 25 and 26 and of candidate files,
// which sometimes come without a header row.
var ucdpColumns = strings.Split("id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"+
	"dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"+
	"source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,"+
	"latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,"+
	"deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob", ",")

// ucdp maps the rows of a UCDP GED file. The codes are those of the UCDP GED
// codebook; columns are found by name because releases order them differently.
type ucdp struct {
	id, kind, clarity                       column
	conflict, dyad, sideA, sideB            column
	sources, article, office                column
	sourceDate, headline, original          column
	wherePrec, whereName, whereText         column
	adm1, adm2, lat, lon, wkt               column
	country, iso3                           column
	datePrec, dateStart, dateEnd            column
	deathsA, deathsB, deathsCiv, deathsUnkn column
	best, high, low                         column
	totals                                  string

	// Consecutive rows mostly share their country.
	lastCountry string
	lastFound   *country
}

func ucdpInfo() Info {
	return Info{
		Format: "ucdp", Dataset: "ucdp-ged", Title: "UCDP Georeferenced Event Dataset (GED)",
		Publisher: "Uppsala Conflict Data Program", URL: "https://ucdp.uu.se/downloads/",
		Terms: record.TermsCredit, Credit: "Uppsala Conflict Data Program (UCDP), Georeferenced Event Dataset, CC BY 4.0",
	}
}

func newUCDP(rows *table.Reader, header *table.Header) (*sheet, error) {
	s := newSheet(rows, header, ucdpInfo())
	u := &ucdp{
		id: s.col("id"), kind: s.col("type_of_violence", "event_type"), clarity: s.col("event_clarity"),
		conflict: s.col("conflict_name"), dyad: s.col("dyad_name"), sideA: s.col("side_a"), sideB: s.col("side_b"),
		sources: s.col("number_of_sources"), article: s.col("source_article"), office: s.col("source_office"),
		sourceDate: s.col("source_date"), headline: s.col("source_headline"), original: s.col("source_original"),
		wherePrec: s.col("where_prec"), whereName: s.col("where_coordinates", "where_location", "coordinate_location"),
		whereText: s.col("where_description", "geocomment"), adm1: s.col("adm_1"), adm2: s.col("adm_2"),
		lat: s.col("latitude"), lon: s.col("longitude"), wkt: s.col("geom_wkt"), country: s.col("country"), iso3: s.col("iso3"),
		datePrec: s.col("date_prec"), dateStart: s.col("date_start"), dateEnd: s.col("date_end"),
		deathsA: s.col("deaths_a"), deathsB: s.col("deaths_b"), deathsCiv: s.col("deaths_civilians"), deathsUnkn: s.col("deaths_unknown"),
		best: s.col("best", "best_est"), high: s.col("high", "high_est"), low: s.col("low", "low_est"),
	}
	for _, c := range []column{u.id, u.kind, u.dateStart, u.best, u.high, u.low} {
		if !c.present() {
			return nil, errors.New("the column " + c.name + " is missing; a UCDP GED file has it")
		}
	}
	s.leave(ucdpColumns...)
	s.leave("conflict_id", "dyad_id", "side_a_id", "side_b_id", "gwno_a", "gwno_b", "gwnoa", "gwnob", "uniq", "dyad_unique", "iso3", "gwno")
	u.totals = "columns " + u.low.name + ", " + u.best.name + ", " + u.high.name
	s.reportUnknown()
	s.build, s.key = u.row, u.id
	return s, nil
}

// code reads a coded column: one digit from 1 to most. It returns 0 for a blank
// cell and lists any other content.
func (b *builder) code(c column, most byte) int {
	cell := b.cell(c)
	if len(cell) == 1 && cell[0] >= '1' && cell[0] <= '0'+most {
		return int(cell[0] - '0')
	}
	if cell != "" {
		b.problem(c, "code", "cell", cell, "most", string('0'+most))
	}
	return 0
}

// wholeNumber reads a number column that must hold digits; a blank is not a
// number either, because the format fills these columns with zeros.
func (b *builder) wholeNumber(c column) int64 {
	cell := b.cell(c)
	n, ok := plainInt(cell)
	if !ok {
		switch {
		case cell == "":
			b.refuse(c, "blank_number")
		case allDigits(cell):
			b.refuse(c, "too_large", "cell", cell)
		default:
			b.refuse(c, "not_whole_number", "cell", cell)
		}
	}
	return n
}

func (u *ucdp) row(b *builder) {
	id := b.cell(u.id)
	b.row.Key = id
	if !allDigits(id) || len(id) > 18 {
		b.refuse(u.id, "number_identifier", "cell", id)
		return
	}
	kind := b.code(u.kind, 3)
	start, end, ok := u.days(b)
	low, best, high := b.wholeNumber(u.low), b.wholeNumber(u.best), b.wholeNumber(u.high)
	where := u.where(b)
	if !ok || b.row.Refused {
		return
	}
	b.source("UCDP GED event " + id)
	eventType := record.TypeClash
	if kind == 3 {
		eventType = record.TypeAttack
	}
	name := b.line(u.whereName)
	if name == "" {
		name = b.line(u.country)
	}
	title := "UCDP GED " + id
	if name != "" {
		title += ": " + name
	}
	e := b.event(eventType, title, "ucdp-ged-"+id, "UCDP GED")
	if b.cell(u.clarity) == "2" {
		e.Note = "UCDP event_clarity 2: an aggregate of events that the compilers could not take apart."
	}
	u.dateClaim(b, start, end)
	columns := [...]column{u.whereName, u.adm2, u.adm1, u.country, u.lat, u.lon, u.wherePrec}
	b.place(where, columns[:]...)
	u.attributes(b, kind)
	u.toll(b, low, best, high)
	if b.cell(u.article) != "" {
		b.statement("sources", "listed sources", record.Asserts, u.article)
	} else {
		b.statement("sources", "listed sources", record.Asserts, u.office, u.sourceDate, u.headline)
	}
	b.row.Words = joinWords(b.line(u.whereText), b.line(u.conflict), b.line(u.dyad), b.line(u.adm2))
}

func joinWords(words ...string) string {
	n := 0
	for _, w := range words {
		n += len(w) + 1
	}
	var out strings.Builder
	out.Grow(n)
	for _, w := range words {
		if w == "" {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(w)
	}
	return out.String()
}

// days reads the two dates, which are local calendar days whatever time is
// printed behind them.
func (u *ucdp) days(b *builder) (start, end civil, ok bool) {
	start, ok = u.day(b, u.dateStart)
	if !ok {
		return start, end, false
	}
	end = start
	if b.cell(u.dateEnd) != "" {
		if end, ok = u.day(b, u.dateEnd); !ok {
			return start, end, false
		}
	}
	if end.before(start) {
		b.refuse(u.dateEnd, "end_before_start")
		return start, end, false
	}
	return start, end, true
}

func (u *ucdp) day(b *builder, c column) (civil, bool) {
	cell := b.cell(c)
	day, ok := isoDay(cell)
	if !ok || day.month == 0 || day.day == 0 {
		b.refuse(c, "date_form", "cell", cell, "form", "2013-01-10")
		return day, false
	}
	if err := day.check(cell); err != nil {
		b.refuseFor(c, err)
		return day, false
	}
	return day, true
}

func (u *ucdp) dateClaim(b *builder, start, end civil) {
	prec := b.code(u.datePrec, 5)
	var d edtf.Date
	if start == end {
		d = start.date()
	} else {
		if prec == 1 {
			b.problem(u.datePrec, "ucdp_precision")
		}
		d = spanDate(start, end, prec >= 4)
	}
	text := d.String()
	if prec > 1 {
		text += " (date_prec " + string('0'+rune(prec)) + ")"
	}
	if start == end {
		b.date(record.When{Date: d}, text, u.dateStart)
	} else {
		b.date(record.When{Date: d}, text, u.dateStart, u.dateEnd)
	}
}

var ucdpPrecisions = [8]record.PlacePrecision{
	record.PreciseUnknown, record.PreciseTown, record.PreciseNear, record.PreciseDistrict, record.PreciseProvince,
	record.PreciseFuzzy, record.PreciseCountry, record.PreciseFuzzy,
}

func (u *ucdp) where(b *builder) record.Place {
	name := b.cell(u.iso3)
	if name == "" {
		name = b.cell(u.country)
	}
	if name != u.lastCountry || u.lastFound == nil {
		u.lastCountry, u.lastFound = strings.Clone(name), findCountry(name, b.cell(u.country))
	}
	c := u.lastFound
	if c == nil && name != "" {
		b.problem(u.country, "country", "cell", name)
	}
	prec := b.code(u.wherePrec, 7)
	p := record.Place{
		District: withoutLevel(b.line(u.adm2)), Province: withoutLevel(b.line(u.adm1)), Country: c.code(),
		Precision: ucdpPrecisions[prec], Printed: b.line(u.whereName),
	}
	if prec == 1 || prec == 2 {
		p.Town = withoutLevel(p.Printed)
	}
	p.Point = b.point(u.lat, u.lon, c)
	if p.Point != nil {
		u.checkPoint(b, p.Point)
	}
	return p
}

// checkPoint compares the coordinates with the same point printed as "POINT (lon
// lat)"; a file whose columns were swapped on the way disagrees with itself.
func (u *ucdp) checkPoint(b *builder, p *record.Point) {
	wkt := b.cell(u.wkt)
	rest, ok := strings.CutPrefix(wkt, "POINT (")
	if !ok {
		return
	}
	x, y, ok := strings.Cut(strings.TrimSuffix(rest, ")"), " ")
	if !ok {
		return
	}
	lon, ok1 := degrees(x)
	lat, ok2 := degrees(y)
	const near = 0.0001
	if ok1 && ok2 && (differ(lat, p.Lat, near) || differ(lon, p.Lon, near)) {
		if !differ(lat, p.Lon, near) && !differ(lon, p.Lat, near) {
			b.problem(u.lat, "wkt_swapped")
		} else {
			b.problem(u.lat, "wkt_differs")
		}
	}
}

func differ(a, b, by float64) bool { return a-b > by || b-a > by }

// levels are the words UCDP puts behind a name to say what level of place it is.
var levels = []string{" town", " village", " city", " district", " province"}

func withoutLevel(name string) string {
	for _, l := range levels {
		if before, ok := strings.CutSuffix(name, l); ok && before != "" {
			return before
		}
	}
	return name
}

func (u *ucdp) attributes(b *builder, kind int) {
	switch kind {
	case 1:
		b.attributeText("type", record.AttrType, u.kind, "state-based conflict")
	case 2:
		b.attributeText("type", record.AttrType, u.kind, "non-state conflict")
	case 3:
		b.attributeText("type", record.AttrType, u.kind, "one-sided violence")
		b.attribute("side_a", record.AttrPerpetrator, u.sideA)
		b.attribute("side_b", record.AttrTargeted, u.sideB)
		return
	}
	b.attribute("side_a", record.AttrActor, u.sideA)
	b.attribute("side_b", record.AttrActor, u.sideB)
}

// toll makes the claims of the dead. UCDP's three totals are one claim; where
// their order is broken they stay three, as printed. Best and low of 0 under a
// high above 0 means deaths that could not be ascribed, never that nobody died.
func (u *ucdp) toll(b *builder, low, best, high int64) {
	said := b.line(u.original)
	switch {
	case low <= best && best <= high:
		p := b.passage(u.totals, u.low, u.best, u.high)
		m := b.claim("total", record.KindMeasure)
		m.Measure, m.Form, m.Role, m.Passage = record.Killed, record.Incident, record.CompiledRange, p
		m.Operator, m.Low, m.High = record.Between, b.int64(low), b.int64(high)
		m.AttributedTo.Text = said
		if best == 0 && high > 0 {
			m.Note = "UCDP prints 0 as low and best under a high above 0: deaths were reported that it could not ascribe. Read as 0 to high, unconfirmed."
		} else {
			m.Best = b.int64(best)
		}
		if high == 0 {
			b.problem(u.high, "ucdp_no_dead")
		}
	default:
		b.problem(u.best, "order", "low", b.cell(u.low), "best", b.cell(u.best), "high", b.cell(u.high))
		for _, t := range [...]struct {
			part string
			role record.Role
			col  column
			n    int64
		}{
			{"low", record.CompiledLow, u.low, low},
			{"best", record.CompiledBest, u.best, best},
			{"high", record.CompiledHigh, u.high, high},
		} {
			m := b.exact(t.part, record.Killed, record.Incident, t.role, t.col, t.n)
			m.AttributedTo.Text = said
		}
	}
	u.components(b, best)
}

func (u *ucdp) components(b *builder, best int64) {
	sum, all := int64(0), true
	for _, p := range [...]struct {
		part    string
		col     column
		counted record.Counted
	}{
		{"deaths_a", u.deathsA, record.CountedSideA},
		{"deaths_b", u.deathsB, record.CountedSideB},
		{"deaths_civilians", u.deathsCiv, record.CountedCivilians},
		{"deaths_unknown", u.deathsUnkn, record.CountedUnknown},
	} {
		if b.cell(p.col) == "" {
			all = false
			continue
		}
		n := b.wholeNumber(p.col)
		if b.row.Refused {
			return
		}
		sum += n
		if n > 0 {
			m := b.exact(p.part, record.Killed, record.Component, record.CompiledBest, p.col, n)
			m.Scope.Counted = p.counted
		}
	}
	if all && sum != best {
		b.problem(u.best, "ucdp_sum")
	}
}
