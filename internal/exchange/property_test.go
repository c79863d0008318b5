package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Cells that importers have tripped over, for every column alike.
var awkward = []string{
	"", " ", "0", "1", "2", "3", "-1", "-9", "-99", ".", "NA", "N/A", "None", "n/k", "40+", ">50", "100s", "hundreds", "164 arrested", "2.5", "6.0", "1,000",
	"99999999999999999999", "1e308", "NaN", "Inf", "-0", "30.2", "67.0", "95", "-200", "30.2|67", "67|30.2", "|", "2013-01-10", "2013-02-31", "2013-13-01",
	"2013-01-10 00:00:00.000", "10/1/2013", "31/2/2013", "Thursday-January 10-2013", "Friday-January 10-2013", "16 May 2025", "2013:", "2013~2014", ":", "~",
	"Pakistan", "PAK", "PK", "586", "Atlantis", "Example Town", "Example Town, Sampleville", "nationwide", "دھماکا", "a\nb", "a\rb", "a\r\nb", `say "so"`, "=1+1", "'=1+1",
	"POINT (67 30.2)", "POINT (", "crowd size=about 200", "crowd size=", "201301100001", "201301100001, 201301100002", "9", "Rebel groups",
	strings.Repeat("long ", 1000), strings.Repeat("ل", 1100), "\ufeff", "\u200f", "\xff\xfe", "\x90",
}

// Whatever stands in the cells, every record comes out as one row that is whole
// or refused with a reason, and reading it again gives the same.
func TestAnyCellsGiveWholeRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.csv")
	uwaziHeader := []string{"Title", "Date", "Place_geolocation", "Country", "City", "Killed low", "Killed best", "Killed high", "Injured", "واقعہ"}
	massHeader := strings.Split("id,country,ccode,year,region,protest,protestnumber,startday,startmonth,startyear,endday,endmonth,endyear,protesterviolence,location,"+
		"participants_category,participants,protesteridentity,protesterdemand1,protesterdemand2,stateresponse1,stateresponse2,sources,notes", ",")
	massDerived := strings.Split("id,country,protest,protestnumber,protesterviolence,location,participants_category,participants,protesteridentity,arrests,ignore,killings,"+
		"police_brutality,price increases_tax_policy,start_date,end_date", ",")
	drone := strings.Split("S#,Date,Time,Location,City,Province,No of Strike,Al-Qaeda,Taliban,Civilians Min,Civilians Max,Foreigners Min,Foreigners Max,Total Died Min,"+
		"Total Died Mix,Injured Min,Injured Max,Women/Children  ,Special Mention (Site),Comments,References,Longitude,Latitude", ",")
	suicide := strings.Split("S#,Date,Islamic Date,Time,City,Latitude,Longitude,Province,Location,Target Type,Targeted Sect if any,Killed Min,Killed Max,Injured Min,Injured Max,"+
		"No. of Suicide Blasts,Explosive Weight (max)", ",")
	acled := strings.Split("event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,inter1,actor2,inter2,iso,country,admin1,location,latitude,longitude,"+
		"geo_precision,source,notes,fatalities,tags", ",")
	own := strings.Split("Ref,When,City,Land,Lat,Long,Dead,Hurt,Who,Notes", ",")
	good := map[string][]string{
		"ucdp": ucdpRow(), "gtd": gtdRow(),
		"massmob":         strings.Split("1,Pakistan,770,2013,Asia,1,1,10,1,2013,13,1,2013,0,Example Town,100-999,>4000,families,x,,ignore,,y,z", ","),
		"massmob derived": strings.Split("1,Pakistan,1,1,1.0,Example Town,100-999,50+,families,1,1,0,1,1,2013-01-10,2013-01-11", ","),
		"pbc drone":       strings.Split("1,16 May 2025,,a,b,c,1,1,2,3,4,5,6,7,20,1,2,Y,s,c,r,67,30", ","),
		"pbc":             strings.Split("1,16 May 2025,,x,b,30,67,c,d,Police,None,1,2,3,4,1,8Kg", ","),
		"acled":           strings.Split("PAK1,2013-01-10,1,Battles,x,a,Rioters,b,7,586,Pakistan,p,Example Town,30,67,1,s,n,12,crowd size=40+", ","),
		"csv":             strings.Split("1,10/1/2013,Example Town,Pakistan,30,67,1,2,x,y", ","),
		"uwazi":           strings.Split("a,2013-01-10,30|67,PK,b,1,2,3,4,x", ","),
	}
	for name, header := range map[string][]string{
		"ucdp": ucdpColumns, "gtd": gtdHeader, "acled": acled, "pbc": suicide, "pbc drone": drone, "massmob": massHeader, "massmob derived": massDerived,
		"uwazi": uwaziHeader, "csv": own,
	} {
		format, _, _ := strings.Cut(name, " ")
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				rows := [][]string{header}
				for i := range rapid.IntRange(1, 5).Draw(r, "rows") {
					row := append([]string(nil), good[name]...)
					row[0] = strings.TrimSuffix(row[0], "1") + itoa(int64(i+1))
					for range rapid.IntRange(0, 6).Draw(r, "changes") {
						row[rapid.IntRange(0, len(row)-1).Draw(r, "at")] = rapid.SampledFrom(awkward).Draw(r, "cell")
					}
					rows = append(rows, row)
				}
				if err := os.WriteFile(path, []byte(csvText(rows...)), 0o600); err != nil {
					r.Fatal(err)
				}
				opts := Options{}
				if format == "csv" {
					opts.Mapping = ownMapping()
				}
				got := readAll(t, format, path, opts)
				if t.Failed() {
					r.Fatalf("%q", rows)
				}
				if len(got) != len(rows)-1 {
					r.Fatalf("%d rows from %d records: %q", len(got), len(rows)-1, rows)
				}
				again := readAll(t, format, path, opts)
				for i := range got {
					if got[i].Hash != again[i].Hash || got[i].Key != again[i].Key || len(got[i].Claims) != len(again[i].Claims) {
						r.Fatalf("line %d is read differently the second time", got[i].Line)
					}
				}
			})
		})
	}
}
