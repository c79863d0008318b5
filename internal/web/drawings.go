package web

import (
	"fmt"
	"html/template"
	"math"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// timeline draws a stem for each event; nothing for fewer than two.
func timeline(l *lang.Printer, id string, events []casework.EventLine, name int) template.HTML {
	var list []draw.TimelineEvent
	for _, e := range events {
		year, ok := decimalYear(e.Event.When.Date)
		if !ok {
			continue
		}
		t := draw.TimelineEvent{
			Year: year, Label: plain(l, e.Event.Title), When: l.When(e.Event.When.Date), Href: l.Path() + "/events/" + e.Event.Slug,
		}
		if k := e.Killed; k != nil {
			t.Low, t.Best, t.High = k.Low, k.Best, k.High
		}
		list = append(list, t)
	}
	if len(list) < 2 {
		return ""
	}
	return draw.Timeline(draw.TimelineData{Events: list, Name: name, Labels: draw.TimelineLabels{
		Event: l.T("timeline.event"), When: l.T("timeline.when"), Figure: l.T("timeline.figure"), NoFigure: l.T("timeline.no_figure"), Root: l.T("timeline.root"),
	}}, draw.Options{ID: id, Title: l.T("timeline.title"), Desc: l.T("timeline.desc", "n", len(list)), RTL: l.RTL(), Number: l.Number}).SVG
}

// decimalYear places a date on a scale of years.
func decimalYear(d edtf.Date) (float64, bool) {
	day, ok := d.Earliest()
	if !ok {
		return 0, false
	}
	year, month, n := day.Civil()
	return float64(year) + (float64(month-1)*30.4+float64(n-1))/365.25, true
}

// worldMap sums events up by place and draws a circle for each; nothing where no
// event has a point.
func worldMap(l *lang.Printer, id string, events []casework.EventLine) template.HTML {
	var places []draw.Place
	index := map[string]int{}
	for _, e := range events {
		p := e.Event.Where.Point
		if p == nil || e.Event.Where.Precision == record.PreciseCountry || e.Event.Where.Precision == record.PreciseUnknown {
			continue
		}
		key := fmt.Sprintf("%.2f %.2f", p.Lat, p.Lon)
		i, ok := index[key]
		if !ok {
			i = len(places)
			index[key] = i
			places = append(places, draw.Place{Name: shortPlace(l, e.Event.Where), Lat: p.Lat, Lon: p.Lon})
		}
		places[i].Events++
		if places[i].Events == 1 {
			places[i].Href = l.Path() + "/events/" + e.Event.Slug
		} else {
			places[i].Href = ""
		}
		if k := e.Killed; k != nil {
			places[i].Low, places[i].High = plus(places[i].Low, k.Low), plus(places[i].High, k.High)
			best := k.Best
			if best == nil {
				best = k.Low
			}
			places[i].Best = plus(places[i].Best, best)
		}
	}
	if len(places) == 0 {
		return ""
	}
	return draw.Map(draw.MapData{Places: places, Labels: draw.MapLabels{
		Place: l.T("map.place"), Figure: l.T("map.figure"), Events: l.T("map.events"), Circle: l.T("map.circle"), Ring: l.T("map.ring"),
		NoFigure: l.T("map.no_figure"), Cluster: l.T("map.cluster"),
	}}, draw.Options{ID: id, Title: l.T("map.title"), Desc: l.T("map.desc", "n", len(places)), RTL: l.RTL(), Number: l.Number}).SVG
}

func plus(a, b *int64) *int64 {
	if b == nil {
		return a
	}
	n := *b
	if a != nil {
		if n > math.MaxInt64-*a {
			n = math.MaxInt64
		} else {
			n += *a
		}
	}
	return &n
}
