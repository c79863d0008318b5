package exchange

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// ucdpOwn are the columns that follow UCDP's own and say how each figure came
// about.
var ucdpOwn = []string{"figure_rule", "figure_status", "figure_origins", "figure_open", "figure_best_stated", "gawah_event", "gawah_address"}

// ExportUCDP writes the events in which somebody was killed as a table in the
// shape of UCDP GED, release 25, with columns of our own at the end. It holds one
// figure for each event: the dead of the whole event. Text that a spreadsheet
// would run as a formula gets an apostrophe in front.
func ExportUCDP(w io.Writer, x Export) (*LossReport, error) {
	loss := &LossReport{Format: "ucdp"}
	loss.add("", "conflict_new_id, dyad_new_id, side_a_new_id, side_b_new_id, priogrid_gid, country_id, gwnoa, gwnob, region",
		"these are keys of UCDP's own tables and are left blank")
	loss.add("", "event_clarity", "whether its compilers could take an event apart is no field of an event here; left blank")
	out := newSheetWriter(w)
	if err := out.row(append(append([]string(nil), ucdpColumns...), ucdpOwn...)...); err != nil {
		return loss, err
	}
	at := make(map[string]int, len(ucdpColumns)+len(ucdpOwn))
	for i, n := range append(append([]string(nil), ucdpColumns...), ucdpOwn...) {
		at[n] = i
	}
	cells := make([]string, len(at))
	err := x.each(loss, func(e *ExportEvent) error {
		clear(cells)
		set := func(name, value string) { cells[at[name]] = value }
		if !ucdpEvent(e, loss, set) {
			return nil
		}
		set("gawah_event", string(e.Event.ID))
		set("gawah_address", x.address(&e.Event))
		return out.row(cells...)
	})
	if err != nil {
		return loss, err
	}
	return loss, out.finish()
}

// ucdpEvent fills the cells of one event. It returns false for an event that the
// format cannot hold, which is then in the report.
func ucdpEvent(e *ExportEvent, loss *LossReport, set func(name, value string)) bool {
	slug := e.Event.Slug
	f := e.figure(record.Killed)
	if f == nil || *f.High < 1 {
		loss.add(slug, "event", "nobody is recorded as killed; the format holds only events with a death")
		return false
	}
	first, ok1 := e.Event.When.Date.Earliest()
	last, ok2 := e.Event.When.Date.Latest()
	if !ok1 || !ok2 {
		loss.add(slug, "event", "the event has no first and last day, which the format needs")
		return false
	}
	set("id", ucdpID(e))
	set("relid", slug)
	year, _, _ := first.Civil()
	set("year", strconv.Itoa(year))
	set("code_status", "Clear")
	kind := ucdpKind(e, loss)
	set("type_of_violence", strconv.Itoa(kind))
	ucdpSides(e, kind, set)
	ucdpSources(e, set)
	ucdpPlace(e, loss, set)
	set("date_prec", strconv.Itoa(ucdpDatePrec(first, last)))
	set("date_start", day(first, true)+" 00:00:00.000")
	set("date_end", day(last, true)+" 00:00:00.000")
	best := f.Low
	stated := f.Best != nil
	if stated {
		best = f.Best
	} else {
		loss.add(slug, "best", "the claims support no single number; the column best holds the lowest")
	}
	set("best", number(best))
	set("low", number(f.Low))
	set("high", number(f.High))
	ucdpParts(e, *best, loss, set)
	if f.Open {
		loss.add(slug, "high", "a claim has no upper bound; the column high holds the highest number stated")
	}
	if f.Approx {
		loss.add(slug, "best", "a number is known only as about that many")
	}
	if n := measureClaims(e, record.Killed); n > 1 {
		loss.add(slug, "claims", fmt.Sprintf("%d claims on the dead stand behind three numbers", n))
	}
	e.outside(loss, record.Killed)
	set("figure_rule", string(f.Rule))
	set("figure_status", string(f.Status))
	set("figure_origins", strconv.Itoa(f.Origins))
	set("figure_open", truth(f.Open))
	set("figure_best_stated", truth(stated))
	return true
}

func measureClaims(e *ExportEvent, m record.Measure) int {
	n := 0
	for i := range e.Claims {
		if c := &e.Claims[i].Claim; c.Kind == record.KindMeasure && c.Measure == m {
			n++
		}
	}
	return n
}

// ucdpID returns a number that stays with the event: UCDP's own for its rows, for
// others 15 digits made from the event's identifier.
func ucdpID(e *ExportEvent) string {
	if id, ok := strings.CutPrefix(e.Event.Slug, "ucdp-ged-"); ok && e.Event.Dataset == "UCDP GED" && allDigits(id) {
		return id
	}
	const span = 900_000_000_000_000
	return strconv.FormatUint(100_000_000_000_000+hashKey(string(e.Event.ID))%span, 10)
}

func ucdpKind(e *ExportEvent, loss *LossReport) int {
	for _, text := range e.attributes(record.AttrType) {
		switch text {
		case "state-based conflict":
			return 1
		case "non-state conflict":
			return 2
		case "one-sided violence":
			return 3
		}
	}
	switch e.Event.Type {
	case record.TypeAttack:
		return 3
	case record.TypeClash:
		loss.add(e.Event.Slug, "type_of_violence", "whether a state took part is not recorded; written as 1")
		return 1
	}
	loss.add(e.Event.Slug, "type_of_violence", "an event of the type "+string(e.Event.Type)+" is written as 3, one-sided violence")
	return 3
}

func ucdpSides(e *ExportEvent, kind int, set func(name, value string)) {
	sides := append(e.attributes(record.AttrPerpetrator), e.attributes(record.AttrActor)...)
	a, b := "", ""
	if len(sides) > 0 {
		a = sides[0]
	}
	if kind == 3 {
		b = "Civilians"
	} else if len(sides) > 1 {
		b = sides[1]
	}
	set("side_a", TextCell(a))
	set("side_b", TextCell(b))
	if a != "" && b != "" {
		set("dyad_name", TextCell(a+" - "+b))
		set("conflict_name", TextCell(a+" - "+b))
	}
}

// ucdpSources writes the sources as UCDP lists them: quoted triples in one
// column, and three parallel lists.
func ucdpSources(e *ExportEvent, set func(name, value string)) {
	var articles, offices, dates, headlines []string
	for _, s := range e.sources() {
		title := strings.Join(strings.Fields(english(s.Title)), " ")
		when := s.Published.Date.String()
		articles = append(articles, `"`+strings.ReplaceAll(s.Publisher+","+when+","+title, `"`, "'")+`"`)
		offices = append(offices, strings.ReplaceAll(s.Publisher, ";", ","))
		dates = append(dates, when)
		headlines = append(headlines, strings.ReplaceAll(title, ";", ","))
	}
	n := len(articles)
	if n == 0 {
		set("number_of_sources", "-1")
		return
	}
	set("number_of_sources", strconv.Itoa(n))
	set("source_article", TextCell(strings.Join(articles, ";")))
	set("source_office", TextCell(strings.Join(offices, ";")))
	set("source_date", strings.Join(dates, ";"))
	set("source_headline", TextCell(strings.Join(headlines, ";")))
	for i := range e.Claims {
		if c := &e.Claims[i].Claim; c.Measure == record.Killed && c.AttributedTo.Text != "" {
			set("source_original", TextCell(c.AttributedTo.Text))
			return
		}
	}
}

func ucdpPlace(e *ExportEvent, loss *LossReport, set func(name, value string)) {
	p := e.Event.Where
	prec := "6"
	switch p.Precision {
	case record.PreciseSite:
		prec = "1"
		loss.add(e.Event.Slug, "site", "the format knows no place finer than a town")
	case record.PreciseTown:
		prec = "1"
	case record.PreciseNear:
		prec = "2"
	case record.PreciseDistrict:
		prec = "3"
	case record.PreciseProvince:
		prec = "4"
	case record.PreciseFuzzy:
		prec = "5"
	}
	set("where_prec", prec)
	name := p.Town
	for _, other := range []string{p.District, p.Province, countryName(p.Country)} {
		if name == "" {
			name = other
		}
	}
	set("where_coordinates", TextCell(name))
	set("where_description", TextCell(p.Printed))
	set("adm_1", TextCell(p.Province))
	set("adm_2", TextCell(p.District))
	set("country", TextCell(countryName(p.Country)))
	if p.Point == nil {
		loss.add(e.Event.Slug, "latitude, longitude", "the event has no point, which the format needs; left blank")
		return
	}
	lat, lon := coordinate(p.Point.Lat), coordinate(p.Point.Lon)
	set("latitude", lat)
	set("longitude", lon)
	set("geom_wkt", "POINT ("+lon+" "+lat+")")
}

func ucdpDatePrec(first, last edtf.Day) int {
	switch days := last - first + 1; {
	case days == 1:
		return 1
	case days <= 6:
		return 2
	case days == 7:
		return 3
	case days <= 31:
		return 4
	}
	return 5
}

// ucdpParts writes the dead by side, which the format wants to add up to best.
// Where no source divides them all are of unknown status.
func ucdpParts(e *ExportEvent, best int64, loss *LossReport, set func(name, value string)) {
	names := map[record.Counted]string{
		record.CountedSideA: "deaths_a", record.CountedSideB: "deaths_b",
		record.CountedCivilians: "deaths_civilians", record.CountedUnknown: "deaths_unknown",
	}
	parts := map[string]int64{}
	var sum int64
	twice := false
	for i := range e.Claims {
		c := &e.Claims[i].Claim
		name := names[c.Scope.Counted]
		if c.Measure != record.Killed || c.Form != record.Component || name == "" || c.Low == nil || c.Role != record.CompiledBest {
			continue
		}
		_, again := parts[name]
		twice = twice || again
		parts[name] = *c.Low
		sum += *c.Low
	}
	if sum != best || twice {
		if len(parts) > 0 {
			loss.add(e.Event.Slug, "deaths_a, deaths_b, deaths_civilians", "the parts do not add up to best; all are written as of unknown status")
		}
		parts = map[string]int64{"deaths_unknown": best}
	}
	for _, name := range names {
		set(name, strconv.FormatInt(parts[name], 10))
	}
}
