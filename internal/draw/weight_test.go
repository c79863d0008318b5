package draw

import (
	"compress/gzip"
	"fmt"
	"io"
	"testing"
)

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

func packed(s string) int {
	var n counter
	z := gzip.NewWriter(&n)
	_, _ = io.WriteString(z, s)
	_ = z.Close()
	return int(n)
}

func manyMarks(count int) StripData {
	d := StripData{Labels: stripLabels, Band: Band{Low: n(40), Best: n(60), High: n(80)}}
	for i := range count {
		v := int64(20 + i*13%90)
		d.Marks = append(d.Marks, Mark{Label: fmt.Sprintf("Test outlet %d", i), When: fmt.Sprintf("%d Jan", 1+i/3), Low: &v, High: &v, Origin: fmt.Sprint(i % 9), OriginName: "origin", Used: i%4 != 0, Reason: "its origin said something later", Href: fmt.Sprintf("/claims/%d", i)})
	}
	return d
}

func manyEvents(count int) TimelineData {
	var d TimelineData
	for i := range count {
		v := int64(1 + i*37%120)
		d.Events = append(d.Events, TimelineEvent{Year: 1999 + float64(i)*25/float64(count), Label: fmt.Sprintf("Test event %d", i), When: "test", Low: n(v * 8 / 10), Best: n(v), High: n(v * 13 / 10)})
	}
	d.Name = 6
	return d
}

// With sheet and font at 58 KB, a page's text and drawings have about 42 KB
// compressed in its first view.
func TestWeight(t *testing.T) {
	world := MapData{}
	for i := range 150 {
		world.Places = append(world.Places, Place{Name: fmt.Sprintf("Test place %d", i), Lat: float64(i*7%120) - 55, Lon: float64(i*53%340) - 170, Best: n(int64(i)), High: n(int64(2 * i))})
	}
	for _, c := range []struct {
		name  string
		d     Drawing
		limit int
	}{
		{"strip of 12", Strip(manyMarks(12), Options{ID: "a"}), 5 << 10},
		{"strip of 60", Strip(manyMarks(60), Options{ID: "a"}), 14 << 10},
		{"timeline of 500", Timeline(manyEvents(500), Options{ID: "a", Desc: "500 events"}), 30 << 10},
		{"map of a country", Map(sampleMap(), Options{ID: "a"}), 8 << 10},
		{"map of the world", Map(world, Options{ID: "a", Desc: "150 places"}), 34 << 10},
	} {
		got := packed(string(c.d.SVG))
		t.Logf("%s: %d bytes, %d compressed", c.name, len(c.d.SVG), got)
		if got > c.limit {
			t.Errorf("%s weighs %d bytes compressed, the limit is %d", c.name, got, c.limit)
		}
	}
}

func BenchmarkStrip(b *testing.B) {
	d := manyMarks(14)
	for b.Loop() {
		Strip(d, Options{ID: "a", Title: "t"})
	}
}

func BenchmarkTimeline(b *testing.B) {
	d := manyEvents(500)
	for b.Loop() {
		Timeline(d, Options{ID: "a", Title: "t", Desc: "d"})
	}
}

func BenchmarkMap(b *testing.B) {
	d := sampleMap()
	for b.Loop() {
		Map(d, Options{ID: "a", Title: "t"})
	}
}
