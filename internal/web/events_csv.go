package web

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
)

// eventColumns are the columns of the table of events. Dates are EDTF; a figure's rule
// and how well it is supported stand beside it.
var eventColumns = []string{
	"slug", "title", "date", "type", "status", "country", "province", "town", "latitude", "longitude", "precision",
	"killed_low", "killed_best", "killed_high", "killed_or_more", "killed_origins", "killed_support",
	"injured_low", "injured_best", "injured_high", "injured_or_more", "injured_origins", "injured_support",
	"rule", "dataset", "url",
}

// showEventsCSV is the list of events as a table, all pages of it and with the same
// filters, the public's for everybody.
func (s *Server) showEventsCSV(w http.ResponseWriter, r *http.Request) error {
	q, form := eventQuery(lang.English(), r.URL.Query())
	if form.Refused() {
		return errBad
	}
	return s.sendLong(w, r, "events", func(to io.Writer) error {
		c := csv.NewWriter(to)
		if err := c.Write(eventColumns); err != nil {
			return err
		}
		err := s.house.EachEvent(r.Context(), access.Anyone(), q, func(e casework.EventLine) error { return c.Write(s.eventRow(r, e)) })
		if err != nil {
			return err
		}
		c.Flush()
		return c.Error()
	})
}

func (s *Server) eventRow(r *http.Request, e casework.EventLine) []string {
	k := e.Event
	row := []string{
		k.Slug, plain(lang.English(), k.Title), k.When.Date.String(), string(k.Type), string(k.Status), k.Where.Country, k.Where.Province, k.Where.Town, "", "", string(k.Where.Precision),
	}
	if p := k.Where.Point; p != nil {
		row[8], row[9] = float(p.Lat), float(p.Lon)
	}
	rule := ""
	for _, f := range []*casework.Kept{e.Killed, e.Injured} {
		cells := make([]string, 6)
		if f != nil {
			rule = f.Rule
			for i, n := range []*int64{f.Low, f.Best, f.High} {
				if n != nil {
					cells[i] = strconv.FormatInt(*n, 10)
				}
			}
			cells[3], cells[4], cells[5] = strconv.FormatBool(f.Open), itoa(f.Origins), f.Status
		}
		row = append(row, cells...)
	}
	row = append(row, rule, k.Dataset, s.address(r, "/events/"+k.Slug))
	for i := range row {
		row[i] = casework.Cell(row[i])
	}
	return row
}
