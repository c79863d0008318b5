package exchange

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// SuggestMapping proposes a mapping from a table's header and some of its rows,
// for a person to correct on screen. What the sample leaves open stays open: a
// date column whose days are all 12 or less gets no format, because day and
// month cannot be told apart, and where no column is plainly an identifier there
// is no key, because a date or an address would pass for one in any short sample.
func SuggestMapping(header []string, sample [][]string) *Mapping {
	g := &guesser{header: header, sample: sample, taken: make([]bool, len(header))}
	m := &Mapping{Dataset: "table", Terms: record.TermsInternal, Type: record.TypeOtherEvent}
	for i, n := range header {
		if table.Key(n) == "" {
			g.taken[i] = true
		}
	}
	m.Key = g.key()
	m.EventTitle = g.title()
	g.date(m)
	g.place(&m.Place)
	g.measures(m)
	if m.Key == "" {
		m.Key = g.keyLeft()
	}
	for i, n := range header {
		if g.taken[i] {
			continue
		}
		if g.listsSources(i) {
			m.Statements = append(m.Statements, StatementColumn{Column: n, Topic: "listed sources"})
		} else if isLongText(g.cells(i)) || isDescription(n) {
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
	return g.takeIf(func(int) bool { return true }, names...)
}

// takeIf is take for names that are also given to other things: the column has to
// hold what is expected of it.
func (g *guesser) takeIf(holds func(int) bool, names ...string) string {
	for _, want := range names {
		for i, n := range g.header {
			if !g.taken[i] && headerWords(n) == headerWords(want) && holds(i) {
				g.taken[i] = true
				return n
			}
		}
	}
	return ""
}

// headerWords is a column's name as it is compared with those that are known:
// "Event_Date", "eventDate" and "event date" are one, with a blank at both ends.
func headerWords(name string) string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		if strings.ContainsRune("_-./()[],:;?", r) {
			r = ' '
		}
		b.WriteRune(r)
		last = r
	}
	return " " + table.Key(b.String()) + " "
}

// key takes the column that is called an identifier and has no cell twice in the
// sample.
func (g *guesser) key() string {
	return g.takeIf(func(i int) bool { return g.distinct(i) && !areAddresses(g.cells(i)) },
		uwaziCode, "id", "event_id", "eventid", "incident id", "record id", "row id", "s#", "no", "nr", "#", "code", "key", "ref", "serial", "serial no")
}

// keyLeft takes, of the columns whose name says nothing else, one whose cells look
// like identifiers, else the first column of the table if nothing in it is blank
// or stands twice.
func (g *guesser) keyLeft() string {
	first := true
	for _, identifiers := range []bool{true, false} {
		for i, n := range g.header {
			cells := g.cells(i)
			if table.Key(n) == "" {
				continue
			}
			if !identifiers && !first {
				break
			}
			first = first && identifiers
			if g.taken[i] || len(cells) == 0 || len(cells) != len(g.sample) || !g.distinct(i) || attributeFor(n) != record.AttrOther ||
				isDescription(n) || isLongText(cells) || g.listsSources(i) || mostlyDates(cells) || identifiers && !areIdentifiers(cells) {
				continue
			}
			g.taken[i] = true
			return n
		}
	}
	return ""
}

// areIdentifiers reports whether the cells count on from one another or are single
// words of letters with digits ("PK-0031").
func areIdentifiers(cells []string) bool {
	counted, coded := len(cells) > 1, true
	for i, c := range cells {
		if i > 0 {
			n, ok := plainInt(c)
			before, also := plainInt(cells[i-1])
			counted = counted && ok && also && n == before+1
		}
		coded = coded && !strings.ContainsFunc(c, unicode.IsSpace) && strings.ContainsFunc(c, unicode.IsDigit) && strings.ContainsFunc(c, unicode.IsLetter)
	}
	return counted || coded
}

// title takes the column with the events' names. What tables call "what" is a
// title where no two rows share it and of which type an event is where they do.
func (g *guesser) title() string {
	if n := g.take("title", "event title", "event name", "event", "headline", "name"); n != "" {
		return n
	}
	return g.takeIf(func(i int) bool {
		cells := g.cells(i)
		return len(cells) > 0 && g.distinct(i) && g.worded(i) && !isLongText(cells) && !areAddresses(cells)
	}, "what", "what happened", "heading", "event headline")
}

// worded reports whether a column's cells are words, as far as they are known.
func (g *guesser) worded(i int) bool {
	cells, n := g.cells(i), 0
	for _, c := range cells {
		if strings.ContainsFunc(c, unicode.IsLetter) {
			n++
		}
	}
	return n*2 >= len(cells) && !mostlyDates(cells)
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
	dates := func(i int) bool { return mostlyDates(g.cells(i)) }
	m.Date.Column = g.take("date", "date_start", "start_date", "event_date", "incident date", "attack date", "date of event", "date of incident", "date of attack", "datum")
	if m.Date.Column == "" {
		// A day may be one of the week or of the month.
		m.Date.Column = g.takeIf(dates, "when", "day", "event day", "from", "start", "first day", "time")
	}
	if m.Date.Column == "" {
		for i, n := range g.header {
			if k := table.Key(n); !g.taken[i] && strings.Contains(k, "date") && !otherDate(n) && !strings.Contains(k, "end") && !strings.Contains(k, "(") &&
				(hasWord(headerWords(n), "date") || dates(i)) {
				g.taken[i], m.Date.Column = true, n
				break
			}
		}
	}
	if m.Date.Column == "" {
		m.Date.Column = g.onlyDays()
	}
	if m.Date.Column == "" {
		return
	}
	if m.Date.End = g.take("date_end", "end_date", "last day"); m.Date.End == "" {
		m.Date.End = g.takeIf(dates, "end", "until", "to", "date to")
	}
	for i, n := range g.header {
		if n == m.Date.Column {
			m.Date.Format = dateFormatOf(g.cells(i))
			break
		}
	}
}

// otherDate reports whether a column's name says that its dates are not those of
// what happened.
func otherDate(name string) bool {
	return hasWord(headerWords(name), "added", "created", "modified", "updated", "update", "published", "publication", "report", "reported", "accessed",
		"retrieved", "entry", "entered", "birth", "source") || strings.Contains(table.Key(name), "update")
}

// onlyDays takes the only column that holds nothing but days, whatever it is
// called: a header may be in any language.
func (g *guesser) onlyDays() string {
	only := -1
	for i, n := range g.header {
		cells := g.cells(i)
		if g.taken[i] || otherDate(n) || len(cells) == 0 {
			continue
		}
		if slices.ContainsFunc(cells, func(c string) bool { return !isDay(c) }) {
			continue
		}
		if only >= 0 {
			return ""
		}
		only = i
	}
	if only < 0 {
		return ""
	}
	g.taken[only] = true
	return g.header[only]
}

// isDay reports whether a cell is one day in some format.
func isDay(cell string) bool {
	return slices.ContainsFunc(DateFormats(), func(f DateFormat) bool {
		d, _, err := readDate(cell, f)
		return err == nil && d.Precision() == edtf.PrecisionDay
	})
}

// mostlyDates reports whether more than half of the cells are dates in some
// format.
func mostlyDates(cells []string) bool {
	n := 0
	for _, c := range cells {
		if slices.ContainsFunc(DateFormats(), func(f DateFormat) bool { return isDate(c, f) }) {
			n++
		}
	}
	return n*2 > len(cells)
}

func isDate(cell string, f DateFormat) bool {
	_, _, err := readDate(cell, f)
	return err == nil
}

// dateFormatOf returns the only format in which more than half of the cells are
// dates and in which every cell is one that is a date in any, "" if there is none
// or more than one. A cell with a mistake or with "unknown" hides no format then.
func dateFormatOf(cells []string) DateFormat {
	reads := map[DateFormat]int{}
	dated := 0
	for _, c := range cells {
		date := false
		for _, f := range DateFormats() {
			if isDate(c, f) {
				reads[f]++
				date = true
			}
		}
		if date {
			dated++
		}
	}
	if dated*2 <= len(cells) {
		return ""
	}
	var found DateFormat
	for _, f := range DateFormats() {
		switch {
		case reads[f] < dated:
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
	p.Town = g.take("town", "city", "town or city", "city or town", "town/city", "city/town", "town name", "city name", "municipality", "village")
	p.District = g.take("district", "admin2", "adm_2", "county")
	p.Province = g.take("province", "state", "region", "admin1", "adm_1", "governorate")
	p.Country = g.take("country", "country name", "country code", "iso3", "iso")
	p.Site = g.takeIf(func(i int) bool { return g.worded(i) && !areAddresses(g.cells(i)) },
		"site", "location", "place", "address", "where", "venue", "location name", "place name", "event location", "incident location")
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
	{"fatality", record.Killed},
	{"death toll", record.Killed},
	{"died", record.Killed},
	{"injured", record.Injured},
	{"injuries", record.Injured},
	{"wounded", record.Injured},
	{"hurt", record.Injured},
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
	measures := make([]record.Measure, len(g.header))
	plain := map[record.Measure]int{} // the columns called just "killed"
	for i, n := range g.header {
		words := headerWords(n)
		if g.taken[i] || !allNumbers(g.cells(i)) {
			continue
		}
		measures[i] = measureOf(words)
		for _, known := range measureNames {
			if _, found := plain[known.measure]; !found && words == " "+known.word+" " {
				plain[known.measure] = i
			}
		}
	}
	for i, n := range g.header {
		words, measure := headerWords(n), measures[i]
		if measure == "" {
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
		if first, ok := plain[measure]; ok && first != i && slot == &f.column {
			continue // "killed" goes before "killed in hospital", wherever the two stand
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
	// Of some of them only, and whom a table counts as what is for a person to say.
	if hasWord(words, "civilian", "civilians", "women", "men", "children", "police", "soldiers", "forces", "militants", "terrorists") {
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
	switch words := headerWords(name); {
	case words == " what ":
		return record.AttrType
	case hasWord(words, "side", "sides"): // and no resident or president
		return record.AttrActor
	}
	for _, a := range []struct {
		word string
		attr record.Attribute
	}{
		{"perpetrator", record.AttrPerpetrator},
		{"group", record.AttrActor},
		{"actor", record.AttrActor},
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

// listsSources reports whether a column says by its name or by its cells where the
// row's words come from.
func (g *guesser) listsSources(i int) bool {
	n, k := g.header[i], table.Key(g.header[i])
	return strings.Contains(k, "source") || strings.Contains(k, "reference") ||
		hasWord(headerWords(n), "url", "urls", "link", "links", "hyperlink", "weblink") && g.linked(i) || areAddresses(g.cells(i))
}

// linked reports whether a column called a link may hold one: no cell is a number.
func (g *guesser) linked(i int) bool {
	return !slices.ContainsFunc(g.cells(i), func(c string) bool { _, ok := plainInt(c); return ok })
}

// areAddresses reports whether all cells are addresses of pages.
func areAddresses(cells []string) bool {
	for _, c := range cells {
		if c = strings.ToLower(c); !strings.HasPrefix(c, "http://") && !strings.HasPrefix(c, "https://") && !strings.HasPrefix(c, "www.") {
			return false
		}
	}
	return len(cells) > 0
}

// isDescription reports whether a column's name says that it holds text.
func isDescription(name string) bool {
	return hasWord(headerWords(name), "description", "summary", "details", "narrative")
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
