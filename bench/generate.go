package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

// seed makes every generated file the same on every machine.
const seed = 20260131

// ucdpHeader is the header of a UCDP GED file, releases 25 and 26.
const ucdpHeader = "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name," +
	"dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources," +
	"source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2," +
	"latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end," +
	"deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"

// maker makes invented places, people and words. No name in it is a real one on
// purpose, and every place says that it was made for testing.
type maker struct {
	r     *rand.Rand
	place *rand.Zipf
	word  *rand.Zipf
}

func newMaker(seed uint64) *maker {
	r := rand.New(rand.NewPCG(seed, 1))
	// A few towns see most events and a few words fill most sentences.
	return &maker{r: r, place: rand.NewZipf(r, 1.2, 6, 1999), word: rand.NewZipf(r, 1.1, 8, 19_999)}
}

var syllables = strings.Fields("ba ko ri ta mu sel dor vin na pe lo gar shi qu an el tor mi da ze fal ru bek os hin wa jat ul")

// name spells a number in syllables, the same number always the same way.
func name(n uint64) string {
	var b strings.Builder
	n = n*2_654_435_761 + 97
	for i := range 2 + n%2 {
		b.WriteString(syllables[(n>>(5*i+3))%uint64(len(syllables))])
	}
	return b.String()
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (m *maker) words(n int) string {
	w := make([]string, n)
	for i := range w {
		v := m.word.Uint64()
		w[i] = name(v) + name(v/29)
	}
	return strings.Join(w, " ")
}

// spot is a place with its coordinates, the same for the same number.
type spot struct {
	town, district, province string
	lat, lon                 float64
}

func (m *maker) spot() spot {
	n := m.place.Uint64()
	return spot{
		town: title(name(n)) + " Testtown", district: title(name(n/20)) + " Testdistrict", province: title(name(n/250)) + " Testprovince",
		lat: 25 + float64(n%1000)*0.011, lon: 62 + float64(n*7%1000)*0.013,
	}
}

func (m *maker) toll() int {
	// Most attacks kill few; a few kill many.
	n := 1
	for m.r.IntN(3) > 0 && n < 400 {
		n = n*3/2 + m.r.IntN(2)
	}
	return n
}

var firstDay = time.Date(1989, 1, 1, 0, 0, 0, 0, time.UTC)

// writeUCDP writes a file in the shape of UCDP GED with rows of about the length
// of real ones. from is the first row's identifier.
func writeUCDP(w io.Writer, from, rows int) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if _, err := b.WriteString(ucdpHeader + "\r\n"); err != nil {
		return err
	}
	c := csv.NewWriter(b)
	c.UseCRLF = true
	m := newMaker(seed)
	for i := range rows {
		if err := c.Write(m.ucdpRow(from+i, i, rows)); err != nil {
			return err
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	return b.Flush()
}

func (m *maker) ucdpRow(id, i, rows int) []string {
	day := firstDay.AddDate(0, 0, i*13_000/max(rows, 1))
	end := day
	prec := 1
	if m.r.IntN(12) == 0 {
		end, prec = day.AddDate(0, 0, m.r.IntN(6)), 2
	}
	p := m.spot()
	side := uint64(m.r.IntN(40))
	a, b := "Government of Testland", title(name(side+9000))+" Test Front"
	kind := 1 + m.r.IntN(3)
	best := m.toll()
	civil := best
	if kind == 1 {
		civil = best / 2
	}
	high := best
	if m.r.IntN(4) == 0 {
		high += m.r.IntN(best + 2)
	}
	low := best - min(best, m.r.IntN(3))
	source := "Test News Agency"
	article := fmt.Sprintf("%q", fmt.Sprintf("%s,%s,%s", source, day.Format(time.DateOnly), strings.ToUpper(m.words(8))))
	if m.r.IntN(3) == 0 {
		article += ";" + fmt.Sprintf("%q", fmt.Sprintf("Test Herald,%s,%s", day.Format(time.DateOnly), m.words(9)))
	}
	original := ""
	if m.r.IntN(2) == 0 {
		original = "a " + name(m.word.Uint64()) + " spokesman"
	}
	n := func(i int) string { return fmt.Sprint(i) }
	return []string{
		n(id), fmt.Sprintf("TST-%d-%d-%d", day.Year(), kind, id), n(day.Year()), "1", "Clear", n(kind), n(int(side)), n(int(side)),
		"Testland: " + title(name(side)), n(int(side)), n(int(side)), a + " - " + b, "1", "1", a, n(int(side + 50)), n(int(side + 50)), b, "1",
		article, source, day.Format(time.DateOnly), m.words(7), original, n(1 + m.r.IntN(3)), p.town, m.words(6) + " near " + p.town,
		p.province, p.district, fmt.Sprintf("%.6f", p.lat), fmt.Sprintf("%.6f", p.lon), fmt.Sprintf("POINT (%.6f %.6f)", p.lon, p.lat), "179788",
		"Pakistan", "770", "Asia", "1", n(prec), day.Format(time.DateOnly) + " 00:00:00.000", end.Format(time.DateOnly) + " 00:00:00.000",
		n((best - civil) / 2), n(best - civil - (best-civil)/2), n(civil), "0", n(best), n(high), n(low), "770", "",
	}
}
