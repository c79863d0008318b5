package exchange

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// headers are first lines by which each format is known.
var headers = map[string]string{
	"ucdp":    ucdpHeaderLine,
	"gtd":     "eventid,iyear,imonth,iday,country_txt,nkill,nwound,attacktype1",
	"acled":   "event_id_cnty,event_date,time_precision,event_type,country,latitude,longitude,fatalities,notes",
	"pbc":     "S#,Date,Islamic Date,City,Province,Killed Min,Killed Max,Injured Min,Injured Max",
	"massmob": "id,country,protestnumber,startday,startmonth,startyear,endday,endmonth,endyear,location,participants,protesteridentity",
	"uwazi":   "Title,Date,Place_geolocation",
	"csv":     "id,what,killed",
}

const ucdpHeaderLine = "id,type_of_violence,side_a,side_b,date_start,date_end,date_prec,where_prec,latitude,longitude,country,best,high,low"

var headerMapping = &Mapping{
	Dataset: "test", Title: "Testfall", Key: "id", EventTitle: "what", Type: record.TypeAttack, Terms: record.TermsFree,
	Measures: []MeasureColumn{{Column: "killed", Measure: record.Killed}},
}

func openHeader(t *testing.T, format, content string) (Reader, error) {
	t.Helper()
	var o Options
	if format == "csv" {
		o.Mapping = headerMapping
	}
	return Open(format, write(t, "header.csv", content), o)
}

// TestHeaderAlone reads files of every format that end after their header, with a
// column that is not of the format and one that stands twice.
func TestHeaderAlone(t *testing.T) {
	for _, f := range Formats() {
		for kind, content := range map[string]string{
			"no line end": headers[f.Name], "line end": headers[f.Name] + "\r\n", "blank lines": headers[f.Name] + "\n\n\n",
			"byte order mark": "\ufeff" + headers[f.Name] + "\n",
		} {
			t.Run(f.Name+" "+kind, func(t *testing.T) {
				content := strings.Replace(content, headers[f.Name], headers[f.Name]+",testfall_extra,testfall_extra", 1)
				r, err := openHeader(t, f.Name, content)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				if _, err := r.Next(); !errors.Is(err, io.EOF) {
					t.Fatalf("there is a row, or %v", err)
				}
				notes := r.Notes()
				if len(notes) == 0 || notes[0].Key != "problem.no_rows" {
					t.Fatalf("the notes are %v", notes)
				}
				told := map[string]bool{}
				for _, p := range notes[1:] {
					told[p.Key+" "+p.Column] = true
				}
				// What Uwazi's columns and a mapping's leave are not reported.
				if f.Name != "uwazi" && f.Name != "csv" && !told["problem.column_unknown testfall_extra"] || !told["problem.column_twice testfall_extra"] {
					t.Errorf("the notes are %v", notes)
				}
			})
		}
	}
}

// TestNotesGoWithTheFirstRow hands the notes over once.
func TestNotesGoWithTheFirstRow(t *testing.T) {
	r, err := openHeader(t, "csv", "id,what,killed\n1,One,2\n")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 2 {
		_, err = r.Next()
	}
	if notes := r.Notes(); !errors.Is(err, io.EOF) || len(notes) > 0 {
		t.Errorf("%v, and the notes are %v", err, notes)
	}
}

// TestEmptyFile opens files without a header.
func TestEmptyFile(t *testing.T) {
	var packed bytes.Buffer
	if err := gzip.NewWriter(&packed).Close(); err != nil {
		t.Fatal(err)
	}
	noHeader := *headerMapping
	noHeader.NoHeader = true
	for _, content := range []string{"", "\n", "\r\n\r\n", "\ufeff", "\xff\xfe", "\xff\xfe\r\x00\n\x00", packed.String()} {
		for _, f := range Formats() {
			if _, err := openHeader(t, f.Name, content); err == nil || !strings.Contains(err.Error(), "the file is empty") {
				t.Errorf("%s, %q: %v", f.Name, content, err)
			}
		}
		if _, err := Open("csv", write(t, "header.csv", content), Options{Mapping: &noHeader}); err == nil || !strings.Contains(err.Error(), "the file is empty") {
			t.Errorf("without a header, %q: %v", content, err)
		}
	}
}

// TestOddBytes reads rows in which quotation marks, bytes and lengths are odd, and
// looks whether what is told is in the reader's language alone.
func TestOddBytes(t *testing.T) {
	for name, c := range map[string]struct {
		rows, key string
		args      map[string]string
	}{
		"open":   {"1,\"One,2\n", "quote_open", map[string]string{"byte": "3"}},
		"stray":  {"1,One \"two\",2\n", "quote_stray", map[string]string{"byte": "7"}},
		"after":  {"1,\"One\" two,2\n", "quote_after", map[string]string{"byte": "7"}},
		"byte":   {"1,One\x90,2\n", "encoding_byte", map[string]string{"cell": "0x90", "byte": "6"}},
		"mixed":  {"1,Ol\xe9,2\n3,Ol\xe9,2\n2,Olé,2\n", "encoding_mixed", nil},
		"broken": {"1,Olé,2\n2,Ol\xe9,2\n", "encoding_utf8", map[string]string{"cell": "0xE9", "byte": "5"}},
		"half":   {"", "encoding_half", nil},
		"wide":   {"1,One,2" + strings.Repeat(",", 70_000) + "\n", "row_wide", nil},
	} {
		t.Run(name, func(t *testing.T) {
			content := headers["csv"] + "\n" + c.rows
			if name == "half" {
				content = "\xff\xfe" + utf16Text(headers["csv"]+"\n1,One") + "\x00\xd8" + utf16Text(",2\n")
			}
			r, err := openHeader(t, "csv", content)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var problems []Problem
			for {
				row, err := r.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				problems = append(problems, row.Problems...)
			}
			if len(problems) == 0 || problems[0].Key != ProblemKeys+c.key {
				t.Fatalf("the problems are %v", problems)
			}
			for name, want := range c.args {
				if got := problems[0].Args[name]; got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			inNoEnglish(t, problems...)
		})
	}
}

func utf16Text(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(0)
	}
	return b.String()
}

// inNoEnglish fails when a problem reads in Urdu or Dari as in English, or gives a
// sentence in English with it.
func inNoEnglish(t *testing.T, problems ...Problem) {
	t.Helper()
	for _, p := range problems {
		for _, tag := range []string{"ur", "fa-AF"} {
			l := lang.For(tag)
			if text := p.In(l.T); p.Key == "" || text == p.In(lang.English().T) || l.FellBack() || strings.ContainsAny(text, "{}") {
				t.Errorf("%s: in %s it is %q", p.Key, tag, text)
			}
		}
		for name, arg := range p.Args {
			if strings.Count(arg, " ") > 1 {
				t.Errorf("%s: %s is a sentence, %q", p.Key, name, arg)
			}
		}
	}
}

// TestBrokenJSON reads damaged lists of a casefile and of counts.
func TestBrokenJSON(t *testing.T) {
	for list, key := range map[string]string{
		`[{"id": "` + someID + `" "slug": "x"}]`: "casefile_element_at",
		`[{"id": "` + someID + `", "slug": "x`:   "casefile_element_cut",
		"[{\"id\": \"a\nb\"}]":                   "casefile_element_at",
	} {
		_, problems, err := ReadCasefile(caseFS("event.json", list))
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) == 0 || problems[0].Key != ProblemKeys+key {
			t.Errorf("%s: %+v", list, problems)
		}
		inNoEnglish(t, problems...)
	}
	for list, key := range map[string]string{
		`[{"date": "2020-01-01", "count": 3}, {"date": ["x"], "count": 3}]`: "mediacloud_member",
		`[{"date": "2020-01-01", "count": 3}, 7]`:                           "mediacloud",
	} {
		file, _, err := OpenCoverage(MediaCloudCoverage, write(t, "counts.json", list))
		if err != nil {
			t.Fatal(err)
		}
		if len(file.Problems) == 0 || file.Problems[0].Key != ProblemKeys+key {
			t.Errorf("%s: %+v", list, file.Problems)
		}
		inNoEnglish(t, file.Problems...)
	}
}

// TestFileBreaksOff tells the last row of a file that is cut in its middle from a
// row that lacks a cell.
func TestFileBreaksOff(t *testing.T) {
	for content, key := range map[string]string{
		"id,what,killed\n1,One,2\n2,Tw":      "row_cut",
		"id,what,killed\n1,One\n2,Two,3\n":   "row_short",
		"id,what,killed\n1,One,2\n2,Two\n":   "row_short",
		"id,what,killed\r1,One,2\r2,Two\r":   "row_short",
		"id,what,killed\r\n1,One\r\n2,Two,3": "row_short",
	} {
		for _, in := range []string{content, "\xff\xfe" + utf16Text(content)} {
			r, err := openHeader(t, "csv", in)
			if err != nil {
				t.Fatal(err)
			}
			var problems []Problem
			for {
				row, err := r.Next()
				if err != nil {
					break
				}
				problems = append(problems, row.Problems...)
			}
			if len(problems) != 1 || problems[0].Key != ProblemKeys+key {
				t.Errorf("%q: %+v, want %s", in, problems, key)
			}
			inNoEnglish(t, problems...)
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestOddPetitions reads lists of petitions that are not whole, or not in UTF-8.
func TestOddPetitions(t *testing.T) {
	whole, err := os.ReadFile("testdata/ukpetitions/shape-2016.json")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(whole); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	want, _, _, err := ReadUKPetitions(write(t, "p.json", string(whole)))
	if err != nil {
		t.Fatal(err)
	}
	marked, _, _, err := ReadUKPetitions(write(t, "p.json", "\ufeff"+string(whole)))
	if err != nil || len(marked) != len(want) {
		t.Errorf("with a byte order mark: %d petitions, %v", len(marked), err)
	}
	for content, says := range map[string]string{
		"":                                    "the file is empty",
		" \n":                                 "the file is empty",
		string(whole[:len(whole)/2]):          "breaks off",
		packed.String()[:packed.Len()/2]:      "cut short; download it again",
		"\xff\xfe" + utf16Text(string(whole)): "in UTF-16; save it as UTF-8",
		utf16Text(string(whole)):              "in UTF-16; save it as UTF-8",
		"name,count\n":                        "not JSON",
	} {
		if _, _, _, err := ReadUKPetitions(write(t, "p.json", content)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v, want %q", content, err, says)
		}
	}
}

// TestProseIsNoTable opens a text as datasets.
func TestProseIsNoTable(t *testing.T) {
	for _, f := range Formats() {
		if f.NeedsMapping || f.Name == "uwazi" {
			continue
		}
		for _, prose := range []string{"In Testfall twelve were killed.\nSo says one paper.\n", "In Testfall, twelve were killed.\nSo says, once more, one paper.\n"} {
			_, err := Open(f.Name, write(t, "note.txt", prose), Options{})
			if wrong, ok := errors.AsType[*WrongFormatError](err); !ok || !strings.Contains(wrong.Like, "text") || wrong.Format != "" {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
}
