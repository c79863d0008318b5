package exchange

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
)

func dayOf(d string, matched, all int64) record.DayCount {
	return record.DayCount{Day: d, Matched: matched, All: all}
}

func TestReadCoverage(t *testing.T) {
	two := []record.DayCount{dayOf("2031-01-10", 12, 4000), dayOf("2031-01-11", 0, 4100)}
	for _, c := range []struct {
		name, in, format string
		tool             record.CoverageTool
		query            string
		days             []record.DayCount
		rows, refused    int
		problem          string // in the first problem, "" for none
	}{
		{"plain", "day,matched,all\n2031-01-10,12,4000\n2031-01-11,0,4100\n", PlainCoverage, record.ToolOther, "", two, 2, 0, ""},
		{"plain, other order and marks", "\ufeffall;day;matched\r\n\"4,000\";20310110;12\r\n4100;2031-01-11;0\r\n", PlainCoverage, record.ToolOther, "", two, 2, 0, ""},
		{"without totals", "day,matched\n2031-01-10,12\n", PlainCoverage, record.ToolOther, "", []record.DayCount{dayOf("2031-01-10", 12, -1)}, 1, 0, ""},
		{"a day without a count is unknown, not 0", "day,matched,all\n2031-01-10,,4000\n2031-01-11,0,4100\n", PlainCoverage, record.ToolOther, "", two[1:], 2, 1, "stays unknown"},
		{"zero totals are kept", "day,matched,all\n2031-01-10,0,0\n", PlainCoverage, record.ToolOther, "", []record.DayCount{dayOf("2031-01-10", 0, 0)}, 1, 0, ""},
		{"more matched than all", "day,matched,all\n2031-01-10,5,4\n2031-01-11,0,4100\n", PlainCoverage, record.ToolOther, "", two[1:], 2, 1, "5 of 4 items"},
		{"faulty cells", "day,matched,all\n10/01/2031,1,2\n2031-01-10,-1,2\n2031-01-11,0,4100\n2031-01-12,x,2\n2031-01-13,1,99999999999999999999\n2031-13-01,1,2\n", PlainCoverage, record.ToolOther, "", two[1:], 6, 5, "is no day"},
		{"a day twice", "day,matched,all\n2031-01-10,12,4000\n2031-01-11,0,4100\n2031-01-10,13,4000\n2031-01-11,0,4100\n", PlainCoverage, record.ToolOther, "", two, 4, 1, "line 2 already"},
		{"media cloud", "date,count,total_count,ratio\n2031-01-10,12,4000,0.003\n2031-01-11,0,4100,0\n", MediaCloudCoverage, record.ToolMediaCloud, "", two, 2, 0, ""},
		{"media cloud, with times", "date,total_count,count,ratio\n2031-01-10 00:00:00,4000,12,0.003\n2031-01-11 00:00:00,4100.0,0,0\n", MediaCloudCoverage, record.ToolMediaCloud, "", two, 2, 0, ""},
		{"media cloud, list", `[{"date":"2031-01-10","total_count":4000,"count":12,"ratio":0.003},{"date":"2031-01-11","total_count":4100,"count":0,"ratio":0}]`, MediaCloudCoverage, record.ToolMediaCloud, "", two, 2, 0, ""},
		{"media cloud, answer", `{"count_over_time":{"total":12,"counts":[{"date":"2031-01-10T00:00:00","total_count":4000,"count":12},{"date":"2031-01-11","total_count":4100,"count":0}]}}`, MediaCloudCoverage, record.ToolMediaCloud, "", two, 2, 0, ""},
		{"media cloud, damaged entries", `{"counts":[{"date":"2031-01-11","total_count":4100,"count":0},{"date":"2031-01-12"},{"date":"2031-01-13","count":"many"},7]}`, MediaCloudCoverage, record.ToolMediaCloud, "", two[1:], 4, 3, "stays unknown"},
		{
			"gdelt table", "\ufeffDate,Series,Value\n2031-01-10,Article Count,12\n2031-01-10,Total Monitored Articles,4000\n2031-01-11,Article Count,0\n2031-01-11,Total Monitored Articles,4100\n",
			GDELTCoverage, record.ToolGDELT, "", two, 2, 0, "",
		},
		{
			"gdelt table, one series after the other", "Date,Series,Value\n2031-01-10,Total Monitored Articles,4000\n2031-01-11,Total Monitored Articles,4100\n2031-01-10,Article Count,12\n2031-01-11,Article Count,0\n",
			GDELTCoverage, record.ToolGDELT, "", two, 2, 0, "",
		},
		{
			"gdelt by the hour", "Date,Series,Value\n2031-01-10 22:00:00,Article Count,5\n2031-01-10 22:00:00,Total Monitored Articles,1500\n2031-01-10 23:00:00,Article Count,7\n2031-01-10 23:00:00,Total Monitored Articles,2500\n",
			GDELTCoverage, record.ToolGDELT, "", two[:1], 2, 0, "",
		},
		{
			"gdelt, an hour without total", "Date,Series,Value\n2031-01-10 22:00:00,Article Count,5\n2031-01-10 23:00:00,Article Count,7\n2031-01-10 23:00:00,Total Monitored Articles,2500\n",
			GDELTCoverage, record.ToolGDELT, "",
			[]record.DayCount{dayOf("2031-01-10", 12, -1)},
			2, 0, "",
		},
		{
			"gdelt shares", "Date,Series,Value\n2031-01-10,Volume Intensity,0.3012\n2031-01-11,Volume Intensity,0\n2031-01-12,Volume Intensity,101\n", GDELTCoverage, record.ToolGDELT, "",
			[]record.DayCount{{Day: "2031-01-10", Matched: -1, All: -1, Share: "0.3012"}, {Day: "2031-01-11", Matched: -1, All: -1, Share: "0"}},
			3, 1, "no share between",
		},
		{
			"gdelt json", `{"query_details":{"title":"testfall","date_resolution":"day"},"timeline":[{"series":"Article Count","data":[{"date":"20310110T000000Z","value":12,"norm":4000},{"date":"20310111T000000Z","value":0,"norm":4100}]}]}`,
			GDELTCoverage, record.ToolGDELT, "testfall", two, 2, 0, "",
		},
		{
			"gdelt json, totals as a series", `{"timeline":[{"series":"Article Count","data":[{"date":"20310110T000000Z","value":12},{"date":"20310111T000000Z","value":0}]},{"series":"Total Monitored Articles","data":[{"date":"20310110T000000Z","value":4000},{"date":"20310111T000000Z","value":4100}]}]}`,
			GDELTCoverage, record.ToolGDELT, "", two, 2, 0, "",
		},
		{
			"gdelt json shares by the hour", `{"timeline":[{"series":"Volume Intensity","data":[{"date":"20310110T130000Z","value":1.5},{"date":"20310111T000000Z","value":2.5}]}]}`,
			GDELTCoverage, record.ToolGDELT, "",
			[]record.DayCount{{Day: "2031-01-11", Matched: -1, All: -1, Share: "2.5"}},
			2, 1, "do not add up",
		},
		{
			"gdelt mentions",
			mention("1", "20310110101500", "https://a.example/1") + mention("2", "20310110101500", "https://a.example/1") + mention("2", "20310110113000", "https://b.example/2") + mention("3", "20310111000000", "https://a.example/1") + mention("3", "2031", "https://a.example/1"),
			GDELTCoverage, record.ToolGDELT, "",
			[]record.DayCount{dayOf("2031-01-10", 2, -1), dayOf("2031-01-11", 1, -1)},
			5, 1, "not counted again",
		},
		{"a zone", "day,matched,all\n2031-01-11T02:00:00+05:00,12,4000\n", PlainCoverage, record.ToolOther, "", two[:1], 1, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ReadCoverage(AnyCoverage, []byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.days, got.Days); diff != "" {
				t.Error(diff)
			}
			if got.Format != c.format || got.Tool != c.tool || got.Query != c.query || got.Rows != c.rows || got.Refused != c.refused {
				t.Errorf("format %s, tool %s, query %q, %d rows, %d refused: %+v", got.Format, got.Tool, got.Query, got.Rows, got.Refused, got.Problems)
			}
			if (c.problem == "") != (len(got.Problems) == 0) || c.problem != "" && !strings.Contains(inEnglish(got.Problems[0]), c.problem) {
				t.Errorf("problems %+v, want %q", got.Problems, c.problem)
			}
			s := record.Coverage{
				ID: "01900000-0000-7000-8000-000000000001", Event: "01900000-0000-7000-8000-000000000002", Title: record.Plain("en", "x"),
				Collection: "c", Query: "q", Tool: got.Tool, Days: got.Days, Visibility: record.Internal,
			}
			if err := s.Validate(); err != nil {
				t.Errorf("what was read is no valid series: %v", err)
			}
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			z.Write([]byte(c.in))
			z.Close()
			again, err := ReadCoverage(got.Format, packed.Bytes())
			if err != nil || !cmp.Equal(got, again) {
				t.Errorf("packed: %v %v", err, cmp.Diff(got, again))
			}
		})
	}
}

// mention is a row of GDELT's table of mentions.
func mention(event, at, url string) string {
	return strings.Join([]string{event, "20310110101500", at, "1", "a.example", url, "1", "-1", "10", "20", "1", "100", "2000", "-2.5", "", ""}, "\t") + "\n"
}

func TestProblemsOfCoverageSayWhere(t *testing.T) {
	got, err := ReadCoverage(AnyCoverage, []byte("day,matched,all\n2031-01-10,12,4000\n2031-01-11,many,4000\nyesterday,1,2\n2031-01-12,3,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Problem{
		{Line: 3, Column: "matched", Key: "problem.not_whole_number", Args: map[string]string{"cell": "many"}},
		{Line: 4, Column: "day", Key: "problem.series_day", Args: map[string]string{"cell": "yesterday"}},
		{Line: 5, Column: "matched", Key: "problem.series_more_than_all", Args: map[string]string{"matched": "3", "all": "2"}},
	}
	if diff := cmp.Diff(want, got.Problems); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoCoverage(t *testing.T) {
	events := strings.Join(append([]string{"123456789", "20310110"}, make([]string, 59)...), "\t") + "\n"
	for name, in := range map[string]string{
		"empty": "", "text": "nothing here", "a web page": "<!doctype html><title>x</title>", "other columns": "a,b\n1,2\n",
		"other JSON": `{"a":1}`, "a number": "7", "broken JSON": `{"timeline":[`, "two documents": `{"counts":[]} {}`,
		"events of GDELT": events, "tone": `{"timeline":[{"series":"Average Tone","data":[{"date":"20310110T000000Z","value":-2}]}]}`,
		"other timeline": `{"timeline":7}`, "a picture": "\x89PNG\r\n\x1a\n\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadCoverage(AnyCoverage, []byte(in))
			if err == nil && len(got.Days) > 0 {
				t.Fatalf("read %+v", got)
			}
			if err == nil {
				t.Fatal("no error")
			}
		})
	}
	_, err := ReadCoverage(MediaCloudCoverage, []byte("Date,Series,Value\n2031-01-10,Article Count,12\n"))
	if e, ok := errors.AsType[*WrongFormatError](err); !ok || !strings.Contains(e.Error(), "GDELT") {
		t.Fatalf("a GDELT file as Media Cloud's: %v", err)
	}
}

func FuzzReadCoverage(f *testing.F) {
	f.Add([]byte("day,matched,all\n2031-01-10,12,4000\n"))
	f.Add([]byte("Date,Series,Value\n2031-01-10,Article Count,12\n2031-01-10,Total Monitored Articles,4000\n"))
	f.Add([]byte(`{"timeline":[{"series":"Article Count","data":[{"date":"20310110T000000Z","value":12,"norm":4000}]}]}`))
	f.Add([]byte(`{"counts":[{"date":"2031-01-10","count":1,"total_count":2}]}`))
	f.Add([]byte(mention("1", "20310110101500", "https://a.example/1")))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadCoverage(AnyCoverage, in)
		if err != nil {
			return
		}
		s := record.Coverage{
			ID: "01900000-0000-7000-8000-000000000001", Event: "01900000-0000-7000-8000-000000000002", Title: record.Plain("en", "x"),
			Collection: "c", Query: "q", Tool: got.Tool, Days: got.Days, Visibility: record.Internal,
		}
		if err := s.Validate(); err != nil {
			t.Fatalf("%v in %+v", err, got)
		}
	})
}
