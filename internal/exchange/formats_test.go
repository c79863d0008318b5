package exchange

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

func TestACLED(t *testing.T) {
	content := "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction," +
		"civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp\n" +
		"PAK1,2013-01-10,2013,1,Political violence,Violence against civilians,Attack,Testfall Front,,Rebel groups,Civilians (Pakistan),,7,27,Civilian targeting,586,South Asia,Pakistan,Sample,Example,,Example Town,30.2,67.0,1,Example Wire; Sample Post,National,An invented attack.,96,crowd size=about 200,1\n" +
		"PAK2,16 May 2025,2025,2,,Protests,Peaceful protest,,,,,,,,,586,,Pakistan,,,,Example Town,30.2,67.0,2,,,,0,,1\n" +
		"PAK3,10-01-2013,2013,3,,Battles,,,,,,,,,,586,,Pakistan,,,,Example Town,30.2,67.0,3,,,,12,,1\n" +
		"PAK4,31-02-2013,2013,1,,Battles,,,,,,,,,,586,,Pakistan,,,,Example Town,30.2,67.0,3,,,,12,,1\n" +
		"PAK5,2013-01-10,2013,1,,Riots,Mob violence,,,9,,,,,,586,,Pakistan,,,,Example Town,30.2,67.0,1,,,,,crowd size=no report,1\n"
	rows := readAll(t, "acled", write(t, "a.csv", "\ufeff"+content), Options{})
	if len(rows) != 5 || rows[0].Refused || !rows[3].Refused || !hasProblem(rows[3], "31 February") {
		t.Fatalf("%+v", rows)
	}
	r := rows[0]
	if numbers(mustClaim(t, r, "fatalities")) != "exact 96" || r.Event.Type != record.TypeAttack || r.Event.Slug != "acled-pak1" || r.Event.Where.Country != "PK" {
		t.Errorf("%+v", r.Event)
	}
	if c := mustClaim(t, r, "crowd_size"); numbers(c) != "about 200" || c.Measure != record.Participants {
		t.Errorf("%+v", c)
	}
	if c := mustClaim(t, r, "inter1"); c.Value.Text != "1: rebel group" {
		t.Errorf("%+v", c.Value)
	}
	if c := mustClaim(t, r, "inter2"); c.Value.Text != "2: civilians" {
		t.Errorf("%+v", c.Value)
	}
	if c := mustClaim(t, rows[1], "fatalities"); numbers(c) != "at_least 0.." || rows[1].Event.When.Date.String() != "2025-05-16~" || rows[1].Event.Type != record.TypeProtest {
		t.Errorf("%s %v", numbers(c), rows[1].Event)
	}
	if c := mustClaim(t, rows[2], "fatalities"); numbers(c) != "about 12" || rows[2].Event.When.Date.String() != "2013-01~" {
		t.Errorf("%s %v", numbers(c), rows[2].Event.When)
	}
	if r := rows[4]; claimOf(r, "fatalities") != nil || claimOf(r, "crowd_size") != nil || r.Event.Type != record.TypeAttack || !hasProblem(r, "kinds of actor") {
		t.Errorf("%+v", r)
	}
}

func TestPakistanBodyCount(t *testing.T) {
	header := "S#,Date,Islamic Date,Time,City,Latitude,Longitude,Province,Location,Target Type,Targeted Sect if any,Killed Min,Killed Max,Injured Min,Injured Max,No. of Suicide Blasts\r\n"
	content := header +
		"1,Thursday-January 10-2013,,8:50 PM,Example Town ,30.2,67.0,Sample,a market,Religious,None,51,93,,120,2\r\n" +
		"2,Friday-January 10-2013,,NA,Example Town,,,Sample,a\rroad,,NA,,15,40+,,N/A\r\n" +
		"3,Thursday-January 10-2013,,,Example Town,30.2,_67.0,Sample,b,,,11,10,0,0,\r\n" +
		"4,Thursday-January 41-2013,,,Example Town,30.2,67.0,Sample,b,,,1,2,0,0,\r\n" +
		"5,Thursday-January 10-2013,,,Example Town,30.2,67.0,Sample,b\x90s,,,many dead,2,0,0,\r\n" +
		"6,Thursday-January 10-2013,,,Example Town,30.2,67.0,Sample,b\x90s,,,,,,,\r\n"
	rows := readAll(t, "pbc", write(t, "pbc.csv", content), Options{})
	if len(rows) != 6 {
		t.Fatalf("%d rows", len(rows))
	}
	r := rows[0]
	if numbers(mustClaim(t, r, "killed")) != "range 51..93" || numbers(mustClaim(t, r, "injured")) != "exact 120" || numbers(mustClaim(t, r, "blasts")) != "exact 2" {
		t.Errorf("%+v", r.Claims)
	}
	if c := mustClaim(t, r, "injured"); c.Role != record.CompiledSingle {
		t.Errorf("role %s", c.Role)
	}
	if c := mustClaim(t, r, "sect"); c.Value.Text != "None" {
		t.Errorf("%+v", c.Value)
	}
	if r.Event.When.Printed != "Thursday-January 10-2013, 8:50 PM" || r.Event.Slug != "pbc-suicide-1" {
		t.Errorf("%+v", r.Event)
	}
	r = rows[1]
	if c := mustClaim(t, r, "injured"); numbers(c) != "at_least 40.." || c.Words != "40+" || c.Role != record.CompiledLow {
		t.Errorf("%+v", c)
	}
	if c := mustClaim(t, r, "sect"); c.Value.Text != "NA" || claimOf(r, "blasts") != nil || !hasProblem(r, "was a Thursday") || r.Event.Where.Point != nil {
		t.Errorf("%+v", r)
	}
	r = rows[2]
	if numbers(mustClaim(t, r, "killed_min")) != "exact 11" || numbers(mustClaim(t, r, "killed_max")) != "exact 10" || !hasProblem(r, "above the highest") ||
		!hasProblem(r, "the row has no point") || claimOf(r, "sect") != nil {
		t.Errorf("%+v", r)
	}
	if numbers(mustClaim(t, r, "injured")) != "range 0..0" {
		t.Error("zero is not blank")
	}
	if !rows[3].Refused || !hasProblem(rows[3], "41 January") {
		t.Errorf("%+v", rows[3])
	}
	if c := claimOf(rows[4], "killed_min"); rows[4].Refused || c == nil || c.Operator != record.InWords || c.Words != "many dead" {
		t.Errorf("%+v", rows[4])
	}
	if claimOf(rows[5], "killed") != nil || claimOf(rows[5], "injured") != nil {
		t.Error("blank cells became numbers")
	}
	drone := "S#,Date,Time,Location,City,Province,No of Strike,Al-Qaeda,Taliban,Civilians Min,Civilians Max,Foreigners Min,Foreigners Max,Total Died Min,Total Died Mix,Injured Min,Injured Max,Women/Children  ,Special Mention (Site),Comments,References,Longitude,Latitude\n" +
		"1,\"Friday, June 18, 2004\",22:00,Near Example,Sample,FATA,1,,9,0,4,,,,5,,,N,a house,,http://example.org/a,69.9,33.0\n"
	r = readAll(t, "pbc", write(t, "drone.csv", drone), Options{})[0]
	if numbers(mustClaim(t, r, "killed")) != "exact 5" || numbers(mustClaim(t, r, "civilians")) != "range 0..4" || r.Event.Slug != "pbc-drone-1" ||
		!hasProblem(r, "add up to 13") || r.Event.Where.Point.Lat != 33 {
		t.Errorf("%+v", r)
	}
}

func TestMassMobilization(t *testing.T) {
	upstream := "id,country,ccode,year,region,protest,protestnumber,startday,startmonth,startyear,endday,endmonth,endyear,protesterviolence,location," +
		"participants_category,participants,protesteridentity,protesterdemand1,protesterdemand2,protesterdemand3,protesterdemand4," +
		"stateresponse1,stateresponse2,stateresponse3,stateresponse4,stateresponse5,stateresponse6,stateresponse7,sources,notes\n" +
		"1,Pakistan,770,2013,Asia,1,1,10,1,2013,13,1,2013,0,Example Town,,>4000,families,political behavior,,,,ignore,.,,,,,,Example Wire,An invented note.\n" +
		"2,Pakistan,770,2013,Asia,0,0,.,.,.,.,.,.,,,,,,,,,,,,,,,,,,\n" +
		"3,Pakistan,770,2013,Asia,1,2,10,1,2013,10,1,2013,1,\"Example Town, Sampleville\",100-999,164 arrested,,,,,,arrests,,,,,,,,\n" +
		"4,Pakistan,770,2013,Asia,1,2,31,2,2013,10,1,2013,1,nationwide,,.,,,,,,,,,,,,,,\n"
	rows := readAll(t, "massmob", write(t, "mm.csv", upstream), Options{})
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	if c := mustClaim(t, rows[0], "participants"); numbers(c) != "more_than 4001.." || c.Words != ">4000" || c.Measure != record.Participants {
		t.Errorf("%+v", c)
	}
	if rows[0].Event.When.Date.String() != "2013-01-10/2013-01-13" || mustClaim(t, rows[0], "response1").Value.Text != "state response: no response reported" ||
		claimOf(rows[0], "response2") != nil || mustClaim(t, rows[0], "demand1").Stance != record.Demands {
		t.Errorf("%+v", rows[0])
	}
	if !rows[1].Skipped || rows[1].Refused || rows[1].Event != nil {
		t.Errorf("%+v", rows[1])
	}
	if c := mustClaim(t, rows[2], "detained"); c.Measure != record.Detained || numbers(c) != "exact 164" || claimOf(rows[2], "participants") != nil {
		t.Errorf("%+v", c)
	}
	if c := mustClaim(t, rows[2], "participants_category"); numbers(c) != "range 100..999" || rows[2].Event.Where.Precision != record.PreciseFuzzy {
		t.Errorf("%s %+v", numbers(c), rows[2].Event.Where)
	}
	if !rows[3].Refused {
		t.Error("31 February was read")
	}
	derived := ",id,country,ccode,year,region,protest,protestnumber,protesterviolence,location,participants_category,participants,protesteridentity,arrests,accomodation," +
		"beatings,crowddispersal,ignore,killings,no_response,shootings,labor_wage_dispute,land_farm_issue,no_demands,police_brutality,political_behavior_process," +
		"price increases_tax_policy,removal_of_politician,social_restrictions,start_date,end_date\n" +
		"7,1,Pakistan,770,2013,Asia,1,1,1.0,Example Town,,50+,families,1,0,0,0,0,0,1,0,0,0,3,0,1,0,2,0,2013-01-10,2013-01-10\n"
	r := readAll(t, "massmob", write(t, "mm.csv", derived), Options{})[0]
	if c := mustClaim(t, r, "participants"); numbers(c) != "at_least 50.." || c.Note == "" {
		t.Errorf("%+v", c)
	}
	mustClaim(t, r, "response_arrests")
	mustClaim(t, r, "demand_political_behavior_process")
	mustClaim(t, r, "demand_removal_of_politician")
	if claimOf(r, "response_ignore") != nil || claimOf(r, "response_killings") != nil {
		t.Error("a zero became a response")
	}
}

func TestCounts(t *testing.T) {
	for cell, want := range map[string]string{
		"96": "exact 96", "0": "exact 0", "2,000": "exact 2000", "1,00,000": "exact 100000", "6.0": "exact 6", "2.5": "range 2..3", "40+": "at_least 40",
		">50": "more_than 50", "> 50": "more_than 50", "More than 1,000": "more_than 1000", "<5000": "less_than 5000", "at least 100": "at_least 100",
		"About 200": "about 200", "as many as 25,000 protesters": "at_most 25000", "100-250": "range 100..250", "50 to 60": "range 50..60",
		"between 5 and 7": "range 5..7", "1.5 million": "exact 1500000", "100s": "words", "100s-1000s": "words", "thousands": "words", "several hundred": "words",
		"dozens of people": "words", "": "blank", "  ": "blank", "164 arrested": "text", "1,0": "text", "-5": "text", "12:30": "text", "250-100": "text", "1e9": "text",
		"99999999999999999999": "text", "NaN": "text", "٣": "text",
	} {
		n, kind := readCount(cell)
		got := [...]string{"blank", "", "words", "text"}[kind]
		if kind == readNumber {
			got = string(n.op) + " " + itoa(n.n)
			if n.op == record.Between {
				got += ".." + itoa(n.upper)
			}
		}
		if got != want {
			t.Errorf("%q is %s, want %s", cell, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		cell   string
		format DateFormat
		want   string
	}{
		{"2013-01-10", DateISO, "2013-01-10"},
		{"2013-01", DateISO, "2013-01"},
		{"2013-01-10 20:50", DateISO, "2013-01-10"},
		{"2013~", DateISO, "2013~"},
		{"10/1/2013", DateDMY, "2013-01-10"},
		{"1/10/2013", DateMDY, "2013-01-10"},
		{"10.01.2013", DateDMY, "2013-01-10"},
		{"2013/1/10", DateYMD, "2013-01-10"},
		{"10 Jan 2013", DateNamed, "2013-01-10"},
		{"Thursday, January 10, 2013", DateNamed, "2013-01-10"},
		{"January 2013", DateNamed, "2013-01"},
		{"10th January 2013", DateNamed, "2013-01-10"},
		{"31/2/2013", DateDMY, "31 February 2013 does not exist"},
		{"10/13/2013", DateDMY, "swapped"},
		{"10/1/13", DateDMY, "century"},
		{"2013-02-30", DateISO, "30 February"},
		{"10 Foo 2013", DateNamed, "no month"},
		{"", DateISO, "not a date"},
		{"10/1/2013", DateISO, "year first"},
	} {
		d, _, err := readDate(c.cell, c.format)
		if err == nil && d.String() != c.want || err != nil && !strings.Contains(inEnglish(problemOf(err, 0, "")), c.want) {
			t.Errorf("%q as %s: %v, %v; want %s", c.cell, c.format, d, err, c.want)
		}
	}
}

const ownTable = "Ref;When;City;Land;Lat;Long;Dead;Hurt;Who;Notes\n" +
	"A-1;10/1/2013;Example Town;Pakistan;30,2;67;96;120+;Testfall Front;first\n" +
	"a-1;25/1/2013;Example Town;PK;30.2;67;n/k;0;Testfall Front;=1+1\n" +
	"A-3;31/2/2013;Example Town;PAK;30.2;67;1;2;;\n"

func ownMapping() *Mapping {
	return &Mapping{
		Dataset: "own", Title: "Own table", Terms: record.TermsFree, Language: "en", Key: "Ref", Type: record.TypeAttack,
		Date:       DateColumn{Column: "when", Format: DateDMY},
		Place:      PlaceColumn{Town: "City", Country: "Land", Lat: "Lat", Lon: "Long"},
		Measures:   []MeasureColumn{{Column: "Dead", Measure: record.Killed, Operator: record.AtLeast, Role: record.Reported}, {Column: "Hurt", Measure: record.Injured}},
		Attributes: []AttributeColumn{{Column: "Who", Attribute: record.AttrPerpetrator}},
		Statements: []StatementColumn{{Column: "Notes", Topic: "notes"}},
		Missing:    []string{"n/k"},
	}
}

func TestMappedTable(t *testing.T) {
	rows := readAll(t, "csv", write(t, "own.csv", ownTable), Options{Mapping: ownMapping()})
	if len(rows) != 3 || !rows[0].Refused || !hasProblem(rows[0], "“30,2” is not a coordinate") || !rows[2].Refused || !hasProblem(rows[2], "31 February") {
		t.Fatalf("%+v", rows)
	}
	r := rows[1]
	if r.Refused || r.Event.When.Date.String() != "2013-01-25" || r.Event.Where.Country != "PK" || claimOf(r, "dead") != nil || numbers(mustClaim(t, r, "hurt")) != "exact 0" {
		t.Errorf("%+v", r)
	}
	rows = readAll(t, "csv", write(t, "own.csv", strings.Replace(ownTable, "30,2", "30.2", 1)), Options{Mapping: ownMapping()})
	r = rows[0]
	if c := mustClaim(t, r, "dead"); numbers(c) != "at_least 96.." || c.Role != record.Reported || c.Words != "96" {
		t.Errorf("%s %+v", numbers(c), c)
	}
	if c := mustClaim(t, r, "hurt"); numbers(c) != "at_least 120.." || c.Role != record.CompiledSingle {
		t.Errorf("%+v", c)
	}
	if r.Event.Slug == rows[1].Event.Slug {
		t.Errorf("two rows share the address %s", r.Event.Slug)
	}
}

func TestMappingErrors(t *testing.T) {
	m := ownMapping()
	m.Key, m.Measures[0].Column, m.Place.Town = "Reference", "Toll", "Stadt"
	_, err := Open("csv", write(t, "own.csv", ownTable), Options{Mapping: m})
	if e, ok := errors.AsType[*MappingError](err); !ok || len(e.Problems) != 3 {
		t.Errorf("%v", err)
	}
	bad := &Mapping{Dataset: "Own Table", Type: "attak", Date: DateColumn{Column: "d"}, Measures: []MeasureColumn{{Measure: "kiled"}, {Column: "x", Measure: record.Money}}, Place: PlaceColumn{Lat: "a", CountryCode: "Pakistan"}}
	e, ok := errors.AsType[*MappingError](bad.Validate())
	if !ok {
		t.Fatal("no error")
	}
	fields := ""
	for _, p := range e.Problems {
		fields += p.Field + " "
	}
	for _, want := range []string{"dataset ", "terms ", "key ", "type ", "date.format ", "place.lat ", "place.country_code ", "measures[0] ", "measures[0].measure ", "measures[1].unit "} {
		if !strings.Contains(fields, want) {
			t.Errorf("%s is not listed in %s", want, fields)
		}
	}
	if _, err := DecodeMapping(strings.NewReader(`{"dataset":"a","terms":"free","key":"id","measurs":[]}`)); err == nil || !strings.Contains(err.Error(), "measurs") {
		t.Errorf("%v", err)
	}
	if m, err := DecodeMapping(strings.NewReader(`{"dataset":"a","terms":"free","key":"id"}`)); err != nil || m.Key != "id" {
		t.Errorf("%v", err)
	}
}

func TestTableWithoutHeader(t *testing.T) {
	m := &Mapping{Dataset: "bare", Terms: record.TermsFree, NoHeader: true, Key: "1", Date: DateColumn{Column: "2", Format: DateISO}, Measures: []MeasureColumn{{Column: "3", Measure: record.Killed}}}
	rows := readAll(t, "csv", write(t, "bare.csv", "a,2013-01-10,4\nb,2013-01-11,5\n"), Options{Mapping: m})
	if len(rows) != 2 || numbers(mustClaim(t, rows[1], "3")) != "exact 5" {
		t.Errorf("%+v", rows)
	}
}

func TestSuggestMapping(t *testing.T) {
	header := []string{"ID", "Incident Date", "Latitude", "Longitude", "City", "Country", "Killed (min)", "Killed (max)", "Injured", "Perpetrator", "Source URL", "Remarks"}
	sample := [][]string{
		{"1", "25/01/2013", "30.2", "67.0", "Example Town", "Pakistan", "3", "5", "40+", "Testfall Front", "https://example.org/1", "x"},
		{"2", "26/01/2013", "30.2", "67.0", "Example Town", "Pakistan", "", "5", "about 12", "", "https://example.org/2", "y"},
	}
	m := SuggestMapping(header, sample)
	if m.Key != "ID" || m.Date.Column != "Incident Date" || m.Date.Format != DateDMY || m.Place.Lat != "Latitude" || m.Place.Town != "City" || m.Place.Country != "Country" {
		t.Errorf("%+v", m)
	}
	if len(m.Measures) != 2 || m.Measures[0].Low != "Killed (min)" || m.Measures[0].High != "Killed (max)" || m.Measures[1].Measure != record.Injured {
		t.Errorf("%+v", m.Measures)
	}
	if len(m.Statements) != 1 || m.Statements[0].Column != "Source URL" || len(m.Attributes) != 2 {
		t.Errorf("%+v %+v", m.Statements, m.Attributes)
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	rows := readAll(t, "csv", write(t, "x.csv", csvText(append([][]string{header}, sample...)...)), Options{Mapping: m})
	if numbers(mustClaim(t, rows[0], "killed")) != "range 3..5" || numbers(mustClaim(t, rows[1], "killed_high")) != "exact 5" || claimOf(rows[1], "killed_low") != nil {
		t.Errorf("%+v", rows)
	}
	sample[0][1], sample[1][1] = "05/01/2013", "06/01/2013"
	if m := SuggestMapping(header, sample); m.Date.Format != "" {
		t.Errorf("an ambiguous date column is read as %s", m.Date.Format)
	}
}

func TestUwazi(t *testing.T) {
	content := "Title,Date,Place_geolocation,Killed,واقعہ,تاریخ\n" +
		"First,2013/01/10,30.2|67,40+,الف,ب\n" +
		"First,2013 01 11,,3,ج,د\n" +
		"Third,2013:,95|67,3,,\n" +
		"Fourth,2013-01-10~2013-01-12,30.2|67,,,\n"
	check := func(path string) {
		t.Helper()
		rows := readAll(t, "uwazi", path, Options{})
		if len(rows) != 4 || rows[0].Refused || rows[1].Refused || !rows[2].Refused || rows[0].Key != "First" || rows[1].Key != "First (2)" || !hasProblem(rows[1], "more than once") {
			t.Fatalf("%+v", rows)
		}
		if numbers(mustClaim(t, rows[0], "killed")) != "at_least 40.." || rows[0].Event.Where.Point.Lon != 67 || rows[0].Event.When.Date.String() != "2013-01-10" {
			t.Errorf("%+v", rows[0])
		}
		if mustClaim(t, rows[0], "واقعہ").Value.Text != "الف" || mustClaim(t, rows[0], "تاریخ").Value.Text != "ب" {
			t.Errorf("%+v", rows[0].Claims)
		}
		if d := rows[3].Event.When.Date.String(); d != "2013-01-10/2013-01-12" {
			t.Errorf("%s", d)
		}
	}
	check(write(t, "u.csv", content))
	path := filepath.Join(t.TempDir(), "u.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, _ := z.Create("import.csv")
	w.Write([]byte(content))
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	check(path)
	if format, _, err := Guess(path); format != "uwazi" || err != nil {
		t.Errorf("guess %s, %v", format, err)
	}
}

func TestSlugs(t *testing.T) {
	seen := map[string]string{}
	for _, key := range []string{"PAK1", "pak1", "Pak1", "A/1", "A-1", "A 1", "a--1", "-1", "1", "واقعہ", "واقعہ ۲", strings.Repeat("x", 200), ""} {
		s := slugOf("d", key)
		e := record.Event{ID: someID, Slug: s, Title: record.Plain("en", "x"), Type: record.TypeAttack, Status: record.Held, Visibility: record.Internal}
		if err := e.Validate(); err != nil {
			t.Errorf("%q: %v", key, err)
		}
		if other, ok := seen[s]; ok {
			t.Errorf("%q and %q share %s", key, other, s)
		}
		seen[s] = key
	}
}

func TestKeySet(t *testing.T) {
	var s keySet
	for i := range 5000 {
		if first := s.add("key "+itoa(int64(i)), i+2); first != 0 {
			t.Fatalf("key %d stands already on line %d", i, first)
		}
	}
	for i := range 5000 {
		if first := s.add("key "+itoa(int64(i)), 9999); first != i+2 {
			t.Fatalf("key %d: line %d", i, first)
		}
	}
	if s.has("key 5000") || !s.has("key 4999") {
		t.Error("has")
	}
}

func TestPublishedMappingExample(t *testing.T) {
	f, err := os.Open("../../docs/schema/mapping.example.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := DecodeMapping(f)
	if err != nil {
		t.Fatal(err)
	}
	content := "Ref,Name,Date,Last day,Town,Province,Lat,Lon,Killed min,Killed max,Injured,Police killed,Claimed by,Weapon,Sources,Internal no.\n" +
		"1,Testfall,10/01/2013,12/01/2013,Example Town,Sample,30.2,67.0,3,5,n/k,1,Testfall Front,bomb,Example Wire,7\n"
	r := readAll(t, "csv", write(t, "toll.csv", content), Options{Mapping: m})[0]
	if len(r.Problems) > 0 || numbers(mustClaim(t, r, "killed")) != "range 3..5" || claimOf(r, "injured") != nil ||
		mustClaim(t, r, "police_killed").Scope.Counted != record.CountedForces || r.Event.When.Date.String() != "2013-01-10/2013-01-12" || r.Event.Title[0].Text != "Testfall" {
		t.Errorf("%+v", r)
	}
}

// TestMappedTableOutOfOrder names the two numbers that contradict each other, and no third that the table has not.
func TestMappedTableOutOfOrder(t *testing.T) {
	m := &Mapping{
		Dataset: "own", Title: "Own", Terms: record.TermsFree, Key: "No", Date: DateColumn{Column: "Day", Format: "iso"},
		Measures: []MeasureColumn{{Measure: record.Killed, Low: "Min", High: "Max"}},
	}
	rows := readAll(t, "csv", write(t, "own.csv", "No,Day,Min,Max\n1,2031-02-03,9,5\n"), Options{Mapping: m})
	if len(rows) != 1 || rows[0].Refused || !hasProblem(rows[0], "the lowest number 9 is above the highest, 5; kept as printed") {
		t.Errorf("%+v", rows)
	}
}
