package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// The table holds every event of the list, over all its pages, once each and in the
// list's order, under the same filters.
func TestEventsTable(t *testing.T) {
	s := exampleSite(t)
	err := s.house.Do(context.Background(), access.House(), access.ActEdit, "generate", "made for testing", func(w *casework.Work) error {
		for i := range 620 { // more than are read at a time
			id, err := s.house.NewID()
			if err != nil {
				return err
			}
			day, err := edtf.Parse(fmt.Sprintf("19%02d-05-01", i%40))
			if err != nil {
				return err
			}
			e := &record.Event{ID: record.EventID(id), Slug: fmt.Sprintf("testfall-%03d", i), Title: record.Plain("en", "=Testfall, invented"), Type: record.TypeAttack, Status: record.Held, When: record.When{Date: day}, Visibility: record.Public}
			if i == 0 {
				e.Title, e.Visibility = record.Plain("en", "Testfall inside"), record.Internal
			}
			if err := w.Create(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	table := func(query string) [][]string {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(s.get("/events.csv" + query).status(200).body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	for _, query := range []string{"", "?parts=yes", "?type=attack&to=1950", "?place=Quetta", "?killed=90", "?q=nothingatall"} {
		v := access.Anyone()
		values, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
		if err != nil {
			t.Fatal(err)
		}
		q, _ := eventQuery(lang.English(), values)
		q.Undrawn = true
		var want []string
		for {
			list, err := s.house.EventList(context.Background(), v, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list.Events {
				want = append(want, e.Event.Slug)
			}
			if q.After = list.Next; q.After == "" {
				break
			}
		}
		var got []string
		for _, row := range table(query) {
			got = append(got, row[0])
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("events.csv%s holds %d events, the list %d, or in another order", query, len(got), len(want))
		}
	}
	for _, row := range table("?q=testfall") {
		if row[1] != "'=Testfall, invented" {
			t.Fatalf("a cell is %q", row[1])
		}
	}
	rows := table("?killed=90")
	if len(rows) != 1 || rows[0][0] != "quetta-2013-01-10" || rows[0][11] != "92" || rows[0][12] != "93" || rows[0][13] != "117" || rows[0][14] != "true" || rows[0][16] != "disputed" || rows[0][23] != "gawah/1" {
		t.Errorf("the table gives %v", rows)
	}
	s.get("/events.csv?from=yesterday").status(400)
	s.get("/events?killed=90").has(`href="/events.csv?killed=90"`)
}
