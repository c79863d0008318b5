package web

import (
	"html/template"
	"time"

	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/signature"
)

// drawnDays bounds how many days are drawn; the table has all of them.
const drawnDays = 300

// DaysView is when signatures were confirmed, as a drawing and as a table. A day
// with few is withheld, and looks as a day with none does.
type DaysView struct {
	Drawing  template.HTML
	Days     []CellView
	Withheld string
	Note     string
}

// daysView makes the view of what may be shown by day; nil where nothing may.
func daysView(l *lang.Printer, cells signature.Cells) *DaysView {
	if len(cells.Cells) == 0 {
		return nil
	}
	v := &DaysView{}
	for _, c := range cells.Cells {
		v.Days = append(v.Days, CellView{dayOf(l, c.Key), l.Number(c.Count)})
	}
	if cells.Hidden > 0 {
		v.Withheld = l.Number(cells.Withheld)
		v.Note = l.T("petition.days_withheld")
	}
	bars := dayBars(l, cells)
	if len(bars) > 1 {
		v.Drawing = draw.Bars(draw.BarsData{Bars: bars, Labels: draw.BarsLabels{Name: l.T("petition.day"), Count: l.T("petition.signed")}}, draw.Options{
			ID: "days", Title: l.T("petition.by_day"), Desc: l.T("petition.by_day_desc", "from", bars[0].Name, "to", bars[len(bars)-1].Name), RTL: l.RTL(), Number: l.Number,
		}).SVG
	}
	return v
}

// dayBars gives every day between the first and the last that are shown a bar, so
// that the drawing keeps its scale of time, the latest where there are too many.
func dayBars(l *lang.Printer, cells signature.Cells) []draw.Bar {
	shown := map[string]int64{}
	for _, c := range cells.Cells {
		shown[c.Key] = c.Count
	}
	first, err := time.Parse(time.DateOnly, cells.Cells[0].Key)
	if err != nil {
		return nil
	}
	last, err := time.Parse(time.DateOnly, cells.Cells[len(cells.Cells)-1].Key)
	if err != nil {
		return nil
	}
	if earliest := last.AddDate(0, 0, 1-drawnDays); first.Before(earliest) {
		first = earliest
	}
	var bars []draw.Bar
	for at := first; !at.After(last); at = at.AddDate(0, 0, 1) {
		key := at.Format(time.DateOnly)
		n, ok := shown[key]
		bars = append(bars, draw.Bar{Name: dayOf(l, key), Count: n, Hidden: !ok})
	}
	return bars
}

// dayOf is a day in the reader's words; one that is not stated says so.
func dayOf(l *lang.Printer, key string) string {
	at, err := time.Parse(time.DateOnly, key)
	if err != nil {
		return l.T("petition.no_day")
	}
	return day(l, at.UnixMicro())
}
