package exchange

import (
	"errors"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

var gtdHeader = strings.Split("eventid,iyear,imonth,iday,approxdate,country_txt,provstate,city,latitude,longitude,specificity,location,summary,multiple,success,suicide,"+
	"attacktype1_txt,targtype1_txt,target1,gname,guncertain1,claimed,weaptype1_txt,weapdetail,nkill,nkillus,nkillter,nwound,nwoundte,nperps,nperpcap,propvalue,"+
	"ishostkid,nhostkid,nreleased,addnotes,scite1,scite2,related", ",")

func gtdRow(changes ...string) []string {
	values := map[string]string{
		"eventid": "201301100001", "iyear": "2013", "imonth": "1", "iday": "10", "country_txt": "Pakistan", "provstate": "Sample", "city": "Example Town",
		"latitude": "30.2", "longitude": "67.0", "specificity": "1", "location": "at a market", "summary": "An invented attack.", "multiple": "1", "success": "1",
		"suicide": "1", "attacktype1_txt": "Bombing/Explosion", "targtype1_txt": "Private Citizens & Property", "target1": "market", "gname": "Testfall Front",
		"guncertain1": "1", "claimed": "1", "weaptype1_txt": "Explosives", "nkill": "54", "nkillter": "1", "nwound": "85", "nwoundte": "0", "nperps": "-99",
		"nperpcap": "-99", "propvalue": "-99", "ishostkid": "0", "scite1": "Example Wire", "scite2": "Sample Post", "related": "201301100001, 201301100002",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		values[changes[i]] = changes[i+1]
	}
	cells := make([]string, len(gtdHeader))
	for i, n := range gtdHeader {
		cells[i] = values[n]
	}
	return cells
}

func gtdOne(t *testing.T, changes ...string) *Row {
	t.Helper()
	return readAll(t, "gtd", write(t, "gtd.csv", csvText(gtdHeader, gtdRow(changes...))), Options{})[0]
}

func TestGTDRow(t *testing.T) {
	row := gtdOne(t)
	if row.Refused || len(row.Problems) > 0 {
		t.Fatal(row.Problems)
	}
	for part, want := range map[string]string{"nkill": "exact 54", "nkillter": "exact 1", "nwound": "exact 85", "nwoundte": "exact 0"} {
		if got := numbers(mustClaim(t, row, part)); got != want {
			t.Errorf("%s is %s, want %s", part, got, want)
		}
	}
	for _, part := range []string{"nperps", "nperpcap", "propvalue", "nkillus", "nhostkid"} {
		if claimOf(row, part) != nil {
			t.Errorf("%s is not known, yet it became a claim", part)
		}
	}
	if c := mustClaim(t, row, "nkillter"); c.Measure != record.AttackersKilled {
		t.Errorf("nkillter counts %s", c.Measure)
	}
	related := mustClaim(t, row, "related")
	if text := related.Statement[0].Text; strings.Contains(text, "201301100001") || !strings.Contains(text, "201301100002") {
		t.Errorf("related: %s", text)
	}
	if related.Passage.Quote() != "201301100001, 201301100002" {
		t.Errorf("the cell is not kept: %s", related.Passage.Quote())
	}
	if g := mustClaim(t, row, "gname1"); g.Attribute != record.AttrPerpetrator || !strings.Contains(g.Note, "uncertain") {
		t.Errorf("gname %+v", g)
	}
	if c := mustClaim(t, row, "claimed"); c.Attribute != record.AttrResponsibility {
		t.Errorf("claimed %+v", c)
	}
	if row.Source.Terms != record.TermsInternal {
		t.Errorf("terms %s", row.Source.Terms)
	}
}

func TestGTDDates(t *testing.T) {
	for _, c := range []struct {
		changes []string
		want    string
	}{
		{[]string{"iday", "0", "eventid", "201301000001"}, "2013-01"},
		{[]string{"iday", "0", "imonth", "0", "eventid", "201300000001", "approxdate", "early 2013"}, "2013"},
		{[]string{"imonth", "1.0"}, "2013-01-10"},
	} {
		row := gtdOne(t, c.changes...)
		if row.Refused || row.Event.When.Date.String() != c.want {
			t.Errorf("%v: %v, want %s", c.changes, row.Problems, c.want)
		}
	}
	if row := gtdOne(t, "iday", "0", "eventid", "201301000001", "approxdate", "early January"); row.Event.When.Printed != "early January" {
		t.Errorf("%+v", row.Event.When)
	}
	if row := gtdOne(t, "iday", "31", "imonth", "2"); !row.Refused || !hasProblem(row, "31 February") {
		t.Errorf("%v", row.Problems)
	}
	if row := gtdOne(t, "iday", "11"); row.Refused || !hasProblem(row, "another date than the three date columns") {
		t.Errorf("%v", row.Problems)
	}
}

func TestGTDSwappedDerivative(t *testing.T) {
	header := append(gtdHeader[:len(gtdHeader):len(gtdHeader)], "Date")
	row := func(date string) *Row {
		return readAll(t, "gtd", write(t, "gtd.csv", csvText(header, append(gtdRow(), date))), Options{})[0]
	}
	if r := row("2013-10-01"); !r.Refused || !hasProblem(r, "day and month the other way round") || r.Problems[0].Column != "Date" || r.Problems[0].Line != 2 {
		t.Errorf("%+v", r.Problems)
	}
	if r := row("2013-01-10"); r.Refused || len(r.Problems) > 0 {
		t.Errorf("%+v", r.Problems)
	}
}

func TestGTDNumbers(t *testing.T) {
	if c := claimOf(gtdOne(t, "nkill", ""), "nkill"); c != nil {
		t.Errorf("a blank became %s", numbers(c))
	}
	if c := mustClaim(t, gtdOne(t, "nkill", "0"), "nkill"); numbers(c) != "exact 0" {
		t.Errorf("zero became %s", numbers(c))
	}
	row := gtdOne(t, "nkill", "6.0", "nwound", "2.5")
	if c := mustClaim(t, row, "nkill"); numbers(c) != "exact 6" || c.Words != "6.0" {
		t.Errorf("%s %q", numbers(c), c.Words)
	}
	if c := mustClaim(t, row, "nwound"); numbers(c) != "range 2..3" || !hasProblem(row, "fraction") {
		t.Errorf("%s %v", numbers(c), row.Problems)
	}
	if row := gtdOne(t, "nkill", "lots"); !row.Refused || !hasProblem(row, "“lots” is not a number") {
		t.Errorf("%v", row.Problems)
	}
	row = gtdOne(t, "ishostkid", "1", "nhostkid", "7", "nreleased", "5")
	if c := mustClaim(t, row, "nhostkid"); numbers(c) != "exact 7" {
		t.Errorf("%s", numbers(c))
	}
	if c := mustClaim(t, row, "nreleased"); c.Attribute != record.AttrOutcome {
		t.Errorf("%+v", c)
	}
}

func TestGTDWindows1252(t *testing.T) {
	path := write(t, "gtd.csv", csvText(gtdHeader, gtdRow("city", "Qu\xe9bec", "summary", "\x93quoted\x94")))
	r, err := Open("gtd", path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	row, err := r.Next()
	if err != nil || row.Event.Where.Town != "Québec" || mustClaim(t, row, "summary").Passage.Quote() != "“quoted”" {
		t.Errorf("%v %+v", err, row)
	}
	if enc := r.Info().Encoding; enc != "windows-1252" {
		t.Errorf("encoding %s", enc)
	}
}

func TestWrongFormats(t *testing.T) {
	for _, c := range []struct{ format, content, name, want string }{
		{"gtd", csvText(ucdpColumns, ucdpRow()), "a.csv", "this looks like a UCDP GED file, not Global Terrorism Database (GTD); import it as ucdp"},
		{"ucdp", csvText(gtdHeader, gtdRow()), "a.csv", "this looks like a GTD file, not UCDP GED; import it as gtd"},
		{"acled", csvText(ucdpRow()), "a.csv", "this looks like a UCDP GED file without a header, not ACLED; import it as ucdp"},
		{"ucdp", "%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "a.csv", "this looks like a PDF document, not UCDP GED"},
		{"uwazi", "%PDF-1.7\n", "a.pdf", "this looks like a PDF document, not Uwazi CSV"},
	} {
		_, err := Open(c.format, write(t, c.name, c.content), Options{})
		if wrong, ok := errors.AsType[*WrongFormatError](err); !ok || wrong.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.format, err, c.want)
		}
	}
	for format, want := range map[string]string{
		"ucdp": "the column id is missing", "gtd": "the column eventid is missing", "acled": "the column event_id_cnty is missing",
		"pbc": "the column S# is missing", "massmob": "the column id is missing", "uwazi": "the column Title is missing", "csv": "needs a mapping",
	} {
		if _, err := Open(format, write(t, "a.csv", "a,b\n1,2\n"), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", format, err, want)
		}
		if _, err := Open(format, write(t, "a.csv", ""), Options{}); err == nil {
			t.Errorf("%s: an empty file was opened", format)
		}
	}
	if _, err := Open("nothing", "a.csv", Options{}); err == nil {
		t.Error("a format that does not exist was opened")
	}
	if format, like, err := Guess(write(t, "x.csv", csvText(gtdHeader, gtdRow()))); format != "gtd" || like != "a GTD file" || err != nil {
		t.Errorf("guess: %s, %s, %v", format, like, err)
	}
	if format, like, err := Guess(write(t, "x.pdf", "%PDF-1.7\n")); format != "" || like != "a PDF document" || err != nil {
		t.Errorf("guess: %s, %s, %v", format, like, err)
	}
	if format, _, err := Guess(write(t, "x.csv", "a,b\n1,2\n")); format != "csv" || err != nil {
		t.Errorf("guess: %s, %v", format, err)
	}
}
