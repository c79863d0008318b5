package exchange

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/gawah-project/gawah/internal/record"
)

type geoFeature struct {
	Type       string         `json:"type"`
	ID         record.EventID `json:"id"`
	Geometry   *geoPoint      `json:"geometry"`
	Properties geoProperties  `json:"properties"`
}

type geoPoint struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
}

// geoProperties are flat where map programs can use that: they style and filter
// by properties that are single values.
type geoProperties struct {
	Slug      string                `json:"slug"`
	Address   string                `json:"address,omitempty"`
	Title     string                `json:"title"`
	Type      record.EventType      `json:"event_type"`
	Date      string                `json:"date,omitempty"`
	Earliest  string                `json:"earliest,omitempty"`
	Latest    string                `json:"latest,omitempty"`
	Place     string                `json:"place,omitempty"`
	Country   string                `json:"country,omitempty"`
	Precision record.PlacePrecision `json:"place_precision,omitempty"`

	KilledLow     *int64 `json:"killed_low,omitempty"`
	KilledBest    *int64 `json:"killed_best,omitempty"`
	KilledHigh    *int64 `json:"killed_high,omitempty"`
	KilledOpen    bool   `json:"killed_open,omitempty"`
	KilledStatus  string `json:"killed_status,omitempty"`
	KilledOrigins *int   `json:"killed_origins,omitempty"`
	KilledRule    string `json:"killed_rule,omitempty"`

	Figures []jsonFigure `json:"figures"`
	Claims  int          `json:"claims"` // how many stand behind them
	Credits []string     `json:"credits,omitempty"`
}

// ExportGeoJSON writes the events as a GeoJSON FeatureCollection (RFC 7946).
// Events without a point have a null geometry, as the standard provides. How
// exact a point is stands in place_precision: the centre of a town is not the
// site of an attack.
func ExportGeoJSON(w io.Writer, x Export) (*LossReport, error) {
	loss := &LossReport{Format: "geojson"}
	loss.add("", "claims", "the map holds figures and how many claims stand behind them, not the claims")
	head, err := json.Marshal(struct {
		Type  string   `json:"type"`
		Gawah jsonHead `json:"gawah"`
	}{"FeatureCollection", jsonHead{"gawah-geojson/1", x.Title, x.Publisher, x.Address, x.made(), x.Release}})
	if err != nil {
		return loss, fmt.Errorf("write the head of the export: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s,\n\"features\":[", head[:len(head)-1]); err != nil {
		return loss, err
	}
	first := true
	err = x.each(loss, func(e *ExportEvent) error {
		b, err := json.Marshal(x.feature(e, loss))
		if err != nil {
			return fmt.Errorf("write the event %s: %w", e.Event.Slug, err)
		}
		separator := ",\n"
		if first {
			separator, first = "\n", false
		}
		_, err = io.WriteString(w, separator+string(b))
		return err
	})
	if err != nil {
		return loss, err
	}
	_, err = io.WriteString(w, "\n]}\n")
	return loss, err
}

func (x Export) feature(e *ExportEvent, loss *LossReport) geoFeature {
	v := &e.Event
	f := geoFeature{Type: "Feature", ID: v.ID, Properties: geoProperties{
		Slug: v.Slug, Address: x.address(v), Title: english(v.Title), Type: v.Type,
		Date: v.When.Date.String(), Earliest: day(v.When.Date.Earliest()), Latest: day(v.When.Date.Latest()),
		Country: v.Where.Country, Precision: v.Where.Precision, Figures: []jsonFigure{}, Claims: len(e.Claims),
	}}
	p := &f.Properties
	if parts := v.Where.Parts(); len(parts) > 0 {
		p.Place = parts[0]
	}
	if v.Where.Point == nil {
		loss.add(v.Slug, "geometry", "the event has no point and shows on no map")
	} else {
		f.Geometry = &geoPoint{"Point", [2]float64{v.Where.Point.Lon, v.Where.Point.Lat}}
	}
	for i := range e.Figures {
		p.Figures = append(p.Figures, newJSONFigure(&e.Figures[i], e))
	}
	if k := e.figure(record.Killed); k != nil {
		p.KilledLow, p.KilledBest, p.KilledHigh, p.KilledOpen = k.Low, k.Best, k.High, k.Open
		p.KilledStatus, p.KilledOrigins, p.KilledRule = string(k.Status), &k.Origins, string(k.Rule)
	}
	for _, s := range e.sources() {
		if s.Credit != "" && !contains(p.Credits, s.Credit) {
			p.Credits = append(p.Credits, s.Credit)
		}
	}
	return f
}
