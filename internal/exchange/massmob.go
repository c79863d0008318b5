package exchange

import (
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
)

// massmob maps the rows of the Mass Mobilization data, in the layout of the
// project (dates in six columns, demands and responses as text) and in a
// widespread derived one (two date columns, a 0/1 column per demand and
// response). Both have 31 columns, so the names decide.
type massmob struct {
	derived                      bool
	id, country, protest         column
	start, end                   [3]column // day, month, year; derived: the date first
	location, violence, identity column
	category, participants       column
	demands, responses           [7]column
	flags                        []massmobFlag
	sources, notes               column
}

// massmobFlag is a 0/1 column of the derived layout.
type massmobFlag struct {
	col    column
	demand bool
	text   string
}

func massmobInfo() Info {
	return Info{
		Format: "massmob", Dataset: "massmob", Title: "Mass Mobilization Protest Data",
		Publisher: "Mass Mobilization Project", URL: "https://doi.org/10.7910/DVN/HTTWYL",
		Terms: record.TermsFree, Credit: "Clark and Regan, Mass Mobilization Protest Data, CC0 1.0",
	}
}

func newMassmob(rows *table.Reader, header *table.Header) (*sheet, error) {
	s := newSheet(rows, header, massmobInfo())
	_, derived := header.Column("start_date")
	none := column{index: -1}
	m := &massmob{
		derived: derived, id: s.col("id"), country: s.col("country"), protest: s.col("protest"), location: s.col("location"),
		violence: s.col("protesterviolence"), identity: s.col("protesteridentity"),
		category: s.col("participants_category"), participants: s.col("participants"), sources: none, notes: none,
	}
	for i := range m.demands {
		m.demands[i], m.responses[i] = none, none
	}
	need := []column{m.id, m.participants}
	if derived {
		m.start[0], m.end[0] = s.col("start_date"), s.col("end_date")
		for _, f := range []struct {
			name   string
			demand bool
			text   string
		}{
			{"labor_wage_dispute", true, "labour and wages"},
			{"land_farm_issue", true, "land and farming"},
			{"police_brutality", true, "police brutality"},
			{"political_behavior_process", true, "political behaviour and process"},
			{"price increases_tax_policy", true, "price increases and taxes"},
			{"removal_of_politician", true, "removal of a politician"},
			{"social_restrictions", true, "social restrictions"},
			{"accomodation", false, "accommodation"},
			{"arrests", false, "arrests"},
			{"beatings", false, "beatings"},
			{"crowddispersal", false, "crowd dispersal"},
			{"ignore", false, "no response reported"},
			{"killings", false, "killings"},
			{"shootings", false, "shootings"},
		} {
			m.flags = append(m.flags, massmobFlag{s.col(f.name), f.demand, f.text})
		}
		need = append(need, m.start[0])
		// Both count empty slots of the original table and say nothing of a protest.
		s.leave("no_response", "no_demands")
	} else {
		m.start = [3]column{s.col("startday"), s.col("startmonth"), s.col("startyear")}
		m.end = [3]column{s.col("endday"), s.col("endmonth"), s.col("endyear")}
		for i := range m.responses {
			n := string('1' + rune(i))
			if i < 4 {
				m.demands[i] = s.col("protesterdemand" + n)
			}
			m.responses[i] = s.col("stateresponse" + n)
		}
		m.sources, m.notes = s.col("sources"), s.col("notes")
		need = append(need, m.start[0], m.start[1], m.start[2])
	}
	for _, c := range need {
		if !c.present() {
			return nil, errors.New("the column " + c.name + " is missing; a Mass Mobilization file has it")
		}
	}
	s.leave("ccode", "year", "region", "protestnumber")
	s.reportUnknown()
	s.build, s.key = m.row, m.id
	return s, nil
}

func (m *massmob) row(b *builder) {
	id := b.cell(m.id)
	b.row.Key = id
	if !allDigits(id) || len(id) > 18 {
		b.refuse(m.id, "number_identifier", "cell", id)
		return
	}
	if b.cell(m.protest) == "0" {
		b.row.Skipped = true
		b.source("Mass Mobilization " + id + " (a year without a protest)")
		return
	}
	when, ok := m.when(b)
	if !ok {
		return
	}
	b.source("Mass Mobilization protest " + id)
	where := m.where(b)
	title := "Mass Mobilization " + id
	if where.Printed != "" {
		title += ": " + where.Printed
	}
	b.event(record.TypeProtest, title, "massmob-"+id, "Mass Mobilization")
	b.date(when, when.Date.String(), append(m.start[:], m.end[:]...)...)
	b.place(where, m.location, m.country)
	m.crowd(b)
	b.attribute("identity", record.AttrParticipant, m.identity)
	if b.yes(m.violence) {
		b.attributeText("violence", record.AttrMethod, m.violence, "protesters used violence")
	}
	m.flagged(b)
	m.listed(b)
	b.statement("sources", "listed sources", record.Asserts, m.sources)
	b.statement("notes", "notes of the compilers", record.Asserts, m.notes)
	b.row.Words = joinWords(b.line(m.location), b.line(m.identity))
}

func (m *massmob) when(b *builder) (record.When, bool) {
	start, ok := m.day(b, m.start)
	if !ok {
		return record.When{}, false
	}
	end, filled := start, false
	for _, c := range m.end {
		filled = filled || b.cell(c) != "" && b.cell(c) != "."
	}
	if filled {
		if end, ok = m.day(b, m.end); !ok {
			return record.When{}, false
		}
	}
	if end.before(start) {
		b.refuse(m.end[0], "end_before_start")
		return record.When{}, false
	}
	return record.When{Date: spanDate(start, end, false)}, true
}

func (m *massmob) day(b *builder, c [3]column) (civil, bool) {
	var day civil
	cell := b.cell(c[0])
	if m.derived {
		var ok bool
		if day, ok = isoDay(cell); !ok {
			b.refuse(c[0], "date_form", "cell", cell, "form", "2013-01-10")
			return day, false
		}
	} else {
		for i, into := range []*int{&day.day, &day.month, &day.year} {
			cell := strings.TrimSuffix(b.cell(c[i]), ".0")
			n, ok := plainInt(cell)
			if !ok || n > 9999 {
				b.refuse(c[i], "not_number", "cell", cell)
				return day, false
			}
			*into = int(n)
		}
	}
	err := day.check("")
	if err == nil && (day.month == 0 || day.day == 0) {
		err = say("date_whole", "cell", day.printed(""))
	}
	if err != nil {
		b.refuseFor(c[0], err)
		return day, false
	}
	return day, true
}

// where keeps the location as printed: it may be a town, a list of towns or
// "nationwide".
func (m *massmob) where(b *builder) record.Place {
	p := record.Place{Printed: b.line(m.location), Country: findCountry(b.cell(m.country)).code(), Precision: record.PreciseUnknown}
	switch lower := strings.ToLower(p.Printed); {
	case p.Printed == "" || p.Printed == ".":
		p.Printed = ""
	case strings.HasPrefix(lower, "nation") || strings.HasPrefix(lower, "country"):
		p.Precision = record.PreciseCountry
	case strings.ContainsAny(p.Printed, ",;/") || strings.Contains(lower, " and "):
		p.Precision = record.PreciseFuzzy
	default:
		p.Town, p.Precision = p.Printed, record.PreciseTown
	}
	return p
}

// crowd reads the two columns on how many took part. "164 arrested" is another
// measure in the same column.
func (m *massmob) crowd(b *builder) {
	cell := b.cell(m.participants)
	if cell != "" && !notApplicable(cell) {
		if text, ok := withoutAny(cell, " arrested", " detained", " arrests"); ok {
			c := b.crowdSize("detained", m.participants, text)
			c.Measure, c.Form, c.Words = record.Detained, record.Component, clip(cell, record.MaxLine)
		} else {
			c := b.crowdSize("participants", m.participants, cell)
			if c.Operator == record.MoreThan && c.Low != nil && *c.Low == 51 || c.Operator == record.AtLeast && *c.Low == 50 {
				c.Note = "50 is the smallest crowd this dataset holds, so this may only repeat that."
			}
		}
	}
	cell = b.cell(m.category)
	if cell == "" || notApplicable(cell) {
		return
	}
	n, kind := readCount(cell)
	if kind != readNumber {
		b.problem(m.category, "not_range", "cell", cell)
		return
	}
	c := b.exact("participants_category", record.Participants, record.Incident, record.CompiledRange, m.category, n.n)
	c.Bounds(n.op, n.n, n.upper)
	c.Words = clip(cell, record.MaxLine)
}

// withoutAny cuts the first of the endings off, ignoring case.
func withoutAny(s string, endings ...string) (string, bool) {
	for _, e := range endings {
		if n := len(s) - len(e); n > 0 && strings.EqualFold(s[n:], e) {
			return strings.TrimSpace(s[:n]), true
		}
	}
	return s, false
}

func (m *massmob) flagged(b *builder) {
	for _, f := range m.flags {
		switch cell := strings.TrimSuffix(b.cell(f.col), ".0"); cell {
		case "", "0", ".":
			continue
		case "1", "2", "3", "4":
		default:
			b.problem(f.col, "slots", "cell", cell)
			continue
		}
		part := strings.ReplaceAll(table.Key(f.col.name), " ", "_")
		if f.demand {
			c := b.statement("demand_"+part, "demand", record.Demands, f.col)
			c.Statement = record.Plain("en", f.text)
		} else {
			m.response(b, "response_"+part, f.col, f.text)
		}
	}
}

func (m *massmob) response(b *builder, part string, c column, text string) {
	claim := b.attributeText(part, record.AttrOutcome, c, "state response: "+text)
	if text == "no response reported" {
		claim.Note = "The dataset does not separate a state that did nothing from a report that says nothing of it."
	}
}

func (m *massmob) listed(b *builder) {
	for i := range m.responses {
		n := string('1' + rune(i))
		if cell := b.cell(m.demands[i]); cell != "" && !notApplicable(cell) {
			b.statement("demand"+n, "demand", record.Demands, m.demands[i])
		}
		if cell := b.cell(m.responses[i]); cell != "" && !notApplicable(cell) {
			text := cell
			if strings.EqualFold(text, "ignore") {
				text = "no response reported"
			}
			m.response(b, "response"+n, m.responses[i], text)
		}
	}
}
