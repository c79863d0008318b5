package exchange

import (
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// acled maps the rows of an ACLED export, of the layout before and after March
// 2023.
type acled struct {
	id, date, prec                          column
	disorder, kind, sub, civilians          column
	actor, assoc, inter                     [2]column
	iso, country, admin1, admin2, admin3    column
	location, lat, lon, geo                 column
	sources, notes, fatalities, tags, scale column
}

func acledInfo() Info {
	return Info{
		Format: "acled", Dataset: "acled", Title: "Armed Conflict Location & Event Data (ACLED)",
		Publisher: "ACLED", URL: "https://acleddata.com/",
		Terms: record.TermsInternal, Credit: "ACLED; not to be passed on",
	}
}

func newACLED(rows *table.Reader, header *table.Header) (*sheet, error) {
	s := newSheet(rows, header, acledInfo())
	a := &acled{
		id: s.col("event_id_cnty"), date: s.col("event_date"), prec: s.col("time_precision"),
		disorder: s.col("disorder_type"), kind: s.col("event_type"), sub: s.col("sub_event_type"), civilians: s.col("civilian_targeting"),
		actor: [2]column{s.col("actor1"), s.col("actor2")}, assoc: [2]column{s.col("assoc_actor_1"), s.col("assoc_actor_2")},
		inter: [2]column{s.col("inter1"), s.col("inter2")},
		iso:   s.col("iso3", "iso"), country: s.col("country"), admin1: s.col("admin1"), admin2: s.col("admin2"), admin3: s.col("admin3"),
		location: s.col("location"), lat: s.col("latitude"), lon: s.col("longitude"), geo: s.col("geo_precision"),
		sources: s.col("source"), notes: s.col("notes"), fatalities: s.col("fatalities"), tags: s.col("tags"), scale: s.col("source_scale"),
	}
	for _, c := range []column{a.id, a.date, a.fatalities} {
		if !c.present() {
			return nil, errors.New("the column " + c.name + " is missing; an ACLED file has it")
		}
	}
	s.leave("data_id", "event_id_no_cnty", "year", "interaction", "region", "timestamp", "iso", "iso3")
	s.reportUnknown()
	s.build, s.key = a.row, a.id
	return s, nil
}

func (a *acled) row(b *builder) {
	id := b.cell(a.id)
	b.row.Key = id
	if id == "" || len(id) > 100 {
		b.refuse(a.id, "no_identifier")
		return
	}
	when, ok := a.when(b)
	if !ok {
		return
	}
	where := a.where(b)
	if b.row.Refused {
		return
	}
	b.source("ACLED event " + id)
	title := "ACLED " + id
	if where.Town != "" {
		title += ": " + where.Town
	}
	b.event(acledType(b.cell(a.kind), b.cell(a.sub)), title, slugOf("acled", strings.ToLower(id)), "ACLED")
	b.date(when, b.cell(a.date), a.date, a.prec)
	b.place(where, a.location, a.admin3, a.admin2, a.admin1, a.country, a.lat, a.lon, a.geo)
	b.attribute("type", record.AttrType, a.kind)
	b.attribute("sub_event_type", record.AttrType, a.sub)
	b.attribute("disorder_type", record.AttrType, a.disorder)
	b.attribute("civilian_targeting", record.AttrTargeted, a.civilians)
	for i := range 2 {
		n := string('1' + rune(i))
		b.attribute("actor"+n, record.AttrActor, a.actor[i])
		b.attribute("assoc_actor_"+n, record.AttrActor, a.assoc[i])
		a.interClaim(b, "inter"+n, a.inter[i])
	}
	a.deaths(b)
	b.statement("notes", "notes of the compilers", record.Asserts, a.notes)
	b.statement("sources", "listed sources", record.Asserts, a.sources, a.scale)
	a.crowd(b)
	b.row.Words = joinWords(b.line(a.location), b.line(a.actor[0]), b.line(a.actor[1]), clip(b.cell(a.notes), record.MaxLine))
}

func (a *acled) when(b *builder) (record.When, bool) {
	cell := b.cell(a.date)
	format := DateNamed
	if _, ok := isoDay(cell); ok {
		format = DateISO
	} else if len(cell) > 1 && strings.Count(cell, "-")+strings.Count(cell, "/") == 2 && strings.IndexFunc(cell, isLetter) < 0 {
		format = DateDMY
	}
	d, _, err := readDate(cell, format)
	if err != nil || d.Precision() != edtf.PrecisionDay {
		if err == nil {
			err = say("not_day", "cell", cell)
		}
		b.refuseFor(a.date, err)
		return record.When{}, false
	}
	day, _ := d.Earliest()
	y, m, _ := day.Civil()
	switch b.code(a.prec, 3) {
	case 2:
		// The day given stands for a week.
		d, _ = d.WithQualifiers(true, false)
	case 3:
		d, _ = civil{y, m, 0}.date().WithQualifiers(true, false)
	}
	return record.When{Date: d}, true
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func (a *acled) where(b *builder) record.Place {
	c := findCountry(b.cell(a.iso), b.cell(a.country))
	p := record.Place{
		Town: b.line(a.location), District: b.line(a.admin2), Province: b.line(a.admin1), Country: c.code(), Printed: b.line(a.location),
	}
	switch b.code(a.geo, 3) {
	case 1:
		p.Precision = record.PreciseTown
	case 2:
		p.Precision = record.PreciseNear
	case 3:
		p.Precision = record.PreciseProvince
	default:
		p.Precision = record.PreciseUnknown
	}
	p.Point = b.point(a.lat, a.lon, c)
	return p
}

func acledType(kind, sub string) record.EventType {
	switch strings.ToLower(kind) {
	case "battles":
		return record.TypeClash
	case "protests":
		return record.TypeProtest
	case "riots":
		if strings.EqualFold(sub, "Mob violence") {
			return record.TypeAttack
		}
		return record.TypeProtest
	case "explosions/remote violence", "violence against civilians", "remote violence":
		return record.TypeAttack
	}
	return record.TypeOtherEvent
}

// deaths makes the claim of the dead. A zero is "none reported" and "not known"
// alike. 3, 10, 12 and 100 are also what the compilers write for "several",
// "tens", "dozens" and "hundreds", so they are read as about that many.
func (a *acled) deaths(b *builder) {
	m := b.number("fatalities", record.Killed, record.Incident, record.CompiledSingle, a.fatalities, nil)
	if m == nil || m.Operator != record.Exact {
		return
	}
	switch *m.Low {
	case 0:
		m.Bounds(record.AtLeast, 0, 0)
		m.Words = b.cell(a.fatalities)
		m.Note = "ACLED prints 0 both for nobody killed and for a number that is not known."
	case 3, 10, 12, 100:
		m.Bounds(record.About, *m.Low, 0)
		m.Words = b.cell(a.fatalities)
		m.Note = "ACLED turns unnamed plurals, tens, dozens and hundreds into 3, 10, 12 and 100; the printed form is not known."
	}
}

// acledActors are the kinds of actor, by the number older files print.
var acledActors = [9]string{
	"", "state forces", "rebel group", "political militia", "identity militia", "rioters", "protesters", "civilians", "external/other forces",
}

func (a *acled) interClaim(b *builder, part string, c column) {
	cell := b.cell(c)
	if cell == "" || cell == "0" {
		return
	}
	text := ""
	if len(cell) == 1 && cell[0] >= '1' && cell[0] <= '8' {
		text = acledActors[cell[0]-'0']
	} else {
		want := strings.TrimSuffix(strings.ToLower(cell), "s")
		for _, known := range acledActors[1:] {
			if strings.TrimSuffix(known, "s") == want {
				text = known
			}
		}
		if want == "other force" || want == "external force" || want == "external/other force" {
			text = acledActors[8]
		}
	}
	if text == "" {
		b.problem(c, "actor_kind", "cell", cell)
		text = cell
	}
	b.attributeText(part, record.AttrOther, c, part[len("inter"):]+": "+text)
}

// crowd reads "crowd size=about 200" among the tags.
func (a *acled) crowd(b *builder) {
	cell := b.cell(a.tags)
	if cell == "" {
		return
	}
	b.attribute("tags", record.AttrOther, a.tags)
	i := strings.Index(strings.ToLower(cell), "crowd size=")
	if i < 0 {
		return
	}
	size, _, _ := strings.Cut(cell[i+len("crowd size="):], ";")
	size = strings.TrimSpace(size)
	if size == "" || strings.EqualFold(size, "no report") {
		return
	}
	b.crowdSize("crowd_size", a.tags, size)
}

// crowdSize makes a claim of a number of participants printed as text. What is
// no number stays in its words.
func (b *builder) crowdSize(part string, c column, size string) *Claim {
	n, kind := readCount(size)
	var m *Claim
	if kind == readNumber {
		m = b.exact(part, record.Participants, record.Incident, record.CompiledSingle, c, n.n)
		if n.op != record.Exact {
			m.Bounds(n.op, n.n, n.upper)
		}
		if n.plain {
			return m
		}
	} else {
		p := b.passage(c.locator, c)
		m = b.claim(part, record.KindMeasure)
		m.Measure, m.Form, m.Role, m.Passage = record.Participants, record.Incident, record.CompiledSingle, p
		m.Operator = record.InWords
	}
	m.Words = clip(size, record.MaxLine)
	return m
}
