package exchange

import (
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// SuggestMapping proposes a mapping from a table's header and some of its rows,
// for a person to correct on screen. What the sample leaves open stays open: a
// date column whose days are all 12 or less gets no format, because day and
// month cannot be told apart.
func SuggestMapping(header []string, sample [][]string) *Mapping {
	g := &guesser{header: header, sample: sample, taken: make([]bool, len(header))}
	m := &Mapping{Dataset: "table", Terms: record.TermsInternal, Type: record.TypeOtherEvent}
	for i, n := range header {
		if table.Key(n) == "" {
			g.taken[i] = true
		}
	}
	m.Key = g.key()
	m.EventTitle = g.take("title", "event title", "event name", "event", "headline", "name")
	g.date(m)
	g.place(&m.Place)
	g.measures(m)
	for i, n := range header {
		if g.taken[i] {
			continue
		}
		if strings.Contains(table.Key(n), "source") || strings.Contains(table.Key(n), "reference") || isURLColumn(n) {
			m.Statements = append(m.Statements, StatementColumn{Column: n, Topic: "listed sources"})
		} else if isLongText(g.cells(i)) {
			m.Statements = append(m.Statements, StatementColumn{Column: n, Topic: strings.TrimSpace(n)})
		} else {
			m.Attributes = append(m.Attributes, AttributeColumn{Column: n, Attribute: attributeFor(n)})
		}
		g.taken[i] = true
	}
	m.DistinctParts(nil)
	return m
}

type guesser struct {
	header []string
	sample [][]string
	taken  []bool
}

func (g *guesser) cells(i int) []string {
	var out []string
	for _, row := range g.sample {
		if i < len(row) {
			if cell := strings.TrimSpace(row[i]); cell != "" {
				out = append(out, cell)
			}
		}
	}
	return out
}

// take claims the first free column with one of the names.
func (g *guesser) take(names ...string) string {
	for _, want := range names {
		for i, n := range g.header {
			if !g.taken[i] && table.Key(n) == want {
				g.taken[i] = true
				return n
			}
		}
	}
	return ""
}

// key takes the column that is called an identifier and has no cell twice in
// the sample, else the first column in which nothing is blank or stands twice.
func (g *guesser) key() string {
	for _, want := range []string{table.Key(uwaziCode), "id", "event_id", "event id", "eventid", "incident id", "incident_id", "record id", "s#", "no", "no.", "nr", "code", "key", "ref", "serial"} {
		for i, n := range g.header {
			if table.Key(n) == want && g.distinct(i) {
				g.taken[i] = true
				return n
			}
		}
	}
	if len(g.sample) == 0 {
		return ""
	}
	for i, n := range g.header {
		cells := g.cells(i)
		if !g.taken[i] && len(cells) == len(g.sample) && g.distinct(i) && !isLongText(cells) {
			g.taken[i] = true
			return n
		}
	}
	return ""
}

func (g *guesser) distinct(i int) bool {
	seen := map[string]bool{}
	for _, c := range g.cells(i) {
		if seen[c] {
			return false
		}
		seen[c] = true
	}
	return true
}

func (g *guesser) date(m *Mapping) {
	m.Date.Column = g.take("date", "date_start", "start_date", "start date", "event_date", "event date", "incident date", "day", "datum")
	if m.Date.Column == "" {
		for i, n := range g.header {
			k := table.Key(n)
			if !g.taken[i] && strings.Contains(k, "date") && !strings.Contains(k, "update") && !strings.Contains(k, "end") && !strings.Contains(k, "(") {
				g.taken[i], m.Date.Column = true, n
				break
			}
		}
	}
	if m.Date.Column == "" {
		return
	}
	m.Date.End = g.take("date_end", "end_date", "end date", "last day")
	for i, n := range g.header {
		if n == m.Date.Column {
			m.Date.Format = dateFormatOf(g.cells(i))
		}
	}
}

// dateFormatOf returns the only format in which all cells are dates, "" if there
// is none or more than one.
func dateFormatOf(cells []string) DateFormat {
	var found DateFormat
	if len(cells) == 0 {
		return ""
	}
	for _, f := range DateFormats() {
		if !allDates(cells, f) {
			continue
		}
		switch {
		case found == "":
			found = f
		case found == DateISO && f == DateYMD:
			// The same reading of 2013-01-10.
		default:
			return ""
		}
	}
	return found
}

func allDates(cells []string, f DateFormat) bool {
	for _, c := range cells {
		if _, _, err := readDate(c, f); err != nil {
			return false
		}
	}
	return true
}

func (g *guesser) place(p *PlaceColumn) {
	p.Lat = g.take("latitude", "lat", "y")
	p.Lon = g.take("longitude", "lon", "lng", "long", "x")
	if p.Lat == "" || p.Lon == "" {
		p.Lat, p.Lon = "", ""
	}
	for i, n := range g.header {
		if !g.taken[i] && p.Point == "" && strings.HasSuffix(table.Key(n), "_geolocation") {
			g.taken[i], p.Point = true, n
		}
	}
	p.Town = g.take("town", "city", "town or city", "municipality", "village")
	p.District = g.take("district", "admin2", "adm_2", "county")
	p.Province = g.take("province", "state", "region", "admin1", "adm_1", "governorate")
	p.Country = g.take("country", "country code", "iso3", "iso")
	p.Site = g.take("site", "location", "place", "address")
}

// measureNames are words in column names and what such a column counts.
var measureNames = []struct {
	word    string
	measure record.Measure
}{
	{"attackers killed", record.AttackersKilled},
	{"attackers injured", record.AttackersInjured},
	{"killed", record.Killed},
	{"dead", record.Killed},
	{"deaths", record.Killed},
	{"fatalities", record.Killed},
	{"died", record.Killed},
	{"injured", record.Injured},
	{"injuries", record.Injured},
	{"wounded", record.Injured},
	{"missing", record.Missing},
	{"abducted", record.Abducted},
	{"kidnapped", record.Abducted},
	{"arrested", record.Detained},
	{"arrests", record.Detained},
	{"detained", record.Detained},
	{"displaced", record.Displaced},
	{"participants", record.Participants},
	{"protesters", record.Participants},
	{"hostages", record.Hostages},
	{"bodies", record.Bodies},
	{"explosions", record.Explosions},
}

func (g *guesser) measures(m *Mapping) {
	type found struct{ column, low, best, high string }
	byMeasure := map[record.Measure]*found{}
	var order []record.Measure
	for i, n := range g.header {
		if g.taken[i] {
			continue
		}
		words := " " + strings.NewReplacer("_", " ", "-", " ", ".", " ", "(", " ", ")", " ").Replace(table.Key(n)) + " "
		measure := measureOf(words)
		if measure == "" || !allNumbers(g.cells(i)) {
			continue
		}
		f := byMeasure[measure]
		if f == nil {
			f = &found{}
			byMeasure[measure] = f
			order = append(order, measure)
		}
		slot := &f.column
		switch {
		case hasWord(words, "min", "low", "lowest", "minimum"):
			slot = &f.low
		case hasWord(words, "max", "high", "highest", "maximum"):
			slot = &f.high
		case hasWord(words, "best"):
			slot = &f.best
		}
		if *slot == "" {
			*slot = n
			g.taken[i] = true
		}
	}
	for _, measure := range order {
		f := byMeasure[measure]
		if f.low != "" && f.high != "" {
			m.Measures = append(m.Measures, MeasureColumn{Low: f.low, Best: f.best, High: f.high, Measure: measure, Part: string(measure)})
		} else {
			for _, one := range []struct {
				column string
				role   record.Role
			}{{f.low, record.CompiledLow}, {f.best, record.CompiledBest}, {f.high, record.CompiledHigh}} {
				if one.column != "" {
					m.Measures = append(m.Measures, MeasureColumn{Column: one.column, Measure: measure, Role: one.role})
				}
			}
		}
		if f.column != "" {
			m.Measures = append(m.Measures, MeasureColumn{Column: f.column, Measure: measure})
		}
	}
}

func measureOf(words string) record.Measure {
	if hasWord(words, "status", "rule", "origins", "scope", "open", "note", "notes") {
		return ""
	}
	for _, n := range measureNames {
		if strings.Contains(words, " "+n.word+" ") {
			return n.measure
		}
	}
	return ""
}

func hasWord(words string, any ...string) bool {
	for _, w := range any {
		if strings.Contains(words, " "+w+" ") {
			return true
		}
	}
	return false
}

func allNumbers(cells []string) bool {
	for _, c := range cells {
		if _, kind := readCount(c); kind == readText && !notApplicable(c) {
			return false
		}
	}
	return true
}

func attributeFor(name string) record.Attribute {
	k := table.Key(name)
	for _, a := range []struct {
		word string
		attr record.Attribute
	}{
		{"perpetrator", record.AttrPerpetrator},
		{"group", record.AttrActor},
		{"actor", record.AttrActor},
		{"side", record.AttrActor},
		{"target", record.AttrTargeted},
		{"victim", record.AttrTargeted},
		{"weapon", record.AttrMethod},
		{"method", record.AttrMethod},
		{"type", record.AttrType},
		{"category", record.AttrType},
		{"claimed", record.AttrResponsibility},
		{"outcome", record.AttrOutcome},
	} {
		if strings.Contains(k, a.word) {
			return a.attr
		}
	}
	return record.AttrOther
}

func isURLColumn(name string) bool {
	switch table.Key(name) {
	case "url", "link", "links", "urls":
		return true
	}
	return false
}

func isLongText(cells []string) bool {
	long := 0
	for _, c := range cells {
		if len(c) > 80 {
			long++
		}
	}
	return long*2 > len(cells)
}
