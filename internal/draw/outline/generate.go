//go:build ignore

// Command generate reduces a TopoJSON file of countries to the compact file
// that the map's backdrop is drawn from, and with -codes to the one that points
// are compared with.
//
//	go run ./internal/draw/outline/generate.go -tolerance 0.012 -o internal/draw/outline/countries.bin countries-50m.json
//	go run ./internal/draw/outline/generate.go -codes -unit 200 -tolerance 0.005 -smallest 0 -o internal/exchange/border/countries.bin countries-50m.json
//
// The format is a sequence of varints (encoding/binary): the number of arcs;
// for each arc its number of points, then for each point the difference of
// longitude and of latitude from the point before, in units of 1/50 degree or
// as -unit says; then the number of rings, and for each ring its number of arcs
// and their signed numbers, where ^n means arc n backwards. With -codes the arcs
// are followed by the number of areas and each area: its ISO 3166-1 numeric code,
// 0 where it has none, and its rings as above.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"
)

type topology struct {
	Transform struct {
		Scale, Translate [2]float64
	} `json:"transform"`
	Arcs    [][][2]float64 `json:"arcs"`
	Objects map[string]struct {
		Geometries []geometry `json:"geometries"`
	} `json:"objects"`
}

type geometry struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Arcs json.RawMessage `json:"arcs"`
}

type point struct{ x, y float64 }

func main() {
	out := flag.String("o", "countries.bin", "file to write")
	object := flag.String("object", "countries", "object of the topology to take")
	tolerance := flag.Float64("tolerance", 0.03, "largest deviation from the original line, in degrees")
	smallest := flag.Float64("smallest", 0.01, "area below which an island is left out, in square degrees")
	unit := flag.Int("unit", 50, "units of length in a degree")
	codes := flag.Bool("codes", false, "keep which area is which")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: generate [flags] TOPOJSON\nexample: generate -o countries.bin countries-50m.json")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out, *object, *tolerance, *smallest, *unit, *codes); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(in, out, object string, tolerance, smallest float64, unit int, codes bool) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return fmt.Errorf("%s is not TopoJSON: %w", in, err)
	}
	o, ok := t.Objects[object]
	if !ok {
		return fmt.Errorf("%s has no object %q", in, object)
	}
	arcs := make([][]point, len(t.Arcs))
	for i, a := range t.Arcs {
		arcs[i] = reduce(decode(a, t.Transform.Scale, t.Transform.Translate), tolerance)
	}
	var areas []area
	for _, g := range o.Geometries {
		rings, err := g.rings()
		if err != nil {
			return err
		}
		code := 0
		if g.ID != "" {
			if code, err = strconv.Atoi(g.ID); err != nil {
				return fmt.Errorf("%q is no numeric code of ISO 3166-1", g.ID)
			}
		}
		a := area{code: code}
		for _, r := range rings {
			if size(r, arcs) >= smallest {
				a.rings = append(a.rings, r)
			}
		}
		areas = append(areas, a)
	}
	return os.WriteFile(out, encode(arcs, areas, unit, codes), 0o644)
}

func (g geometry) rings() ([][]int, error) {
	switch g.Type {
	case "Polygon":
		var r [][]int
		err := json.Unmarshal(g.Arcs, &r)
		return r, err
	case "MultiPolygon":
		var polygons [][][]int
		if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
			return nil, err
		}
		var r [][]int
		for _, p := range polygons {
			r = append(r, p...)
		}
		return r, nil
	}
	return nil, fmt.Errorf("a geometry of type %q is not an area", g.Type)
}

func decode(arc [][2]float64, scale, translate [2]float64) []point {
	var x, y float64
	out := make([]point, len(arc))
	for i, d := range arc {
		x, y = x+d[0], y+d[1]
		out[i] = point{x*scale[0] + translate[0], y*scale[1] + translate[1]}
	}
	return out
}

// reduce drops points that lie within tolerance of the line without them
// (Douglas and Peucker's method). The ends stay, so shared borders still meet.
func reduce(p []point, tolerance float64) []point {
	if len(p) < 3 {
		return p
	}
	a, b := p[0], p[len(p)-1]
	far, at := 0.0, 0
	for i := 1; i < len(p)-1; i++ {
		if d := distance(p[i], a, b); d > far {
			far, at = d, i
		}
	}
	if far <= tolerance {
		return []point{a, b}
	}
	left := reduce(p[:at+1], tolerance)
	return append(left[:len(left):len(left)], reduce(p[at:], tolerance)[1:]...)
}

func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	if dx == 0 && dy == 0 {
		return math.Hypot(p.x-a.x, p.y-a.y)
	}
	t := math.Max(0, math.Min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/(dx*dx+dy*dy)))
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

func size(ring []int, arcs [][]point) float64 {
	var all []point
	for _, n := range ring {
		if n >= 0 {
			all = append(all, arcs[n]...)
			continue
		}
		for i := len(arcs[^n]) - 1; i >= 0; i-- {
			all = append(all, arcs[^n][i])
		}
	}
	sum := 0.0
	for i, p := range all {
		q := all[(i+1)%len(all)]
		sum += p.x*q.y - q.x*p.y
	}
	return math.Abs(sum) / 2
}

// area is a country, or what belongs to none.
type area struct {
	code  int
	rings [][]int
}

// encode writes the arcs that the rings use, renumbered, and the rings.
func encode(arcs [][]point, areas []area, unit int, codes bool) []byte {
	number := map[int]int{}
	var used []int
	all := 0
	for _, a := range areas {
		all += len(a.rings)
		for _, r := range a.rings {
			for _, n := range r {
				if n < 0 {
					n = ^n
				}
				if _, ok := number[n]; !ok {
					number[n] = len(used)
					used = append(used, n)
				}
			}
		}
	}
	var b bytes.Buffer
	put := func(v int) { b.Write(binary.AppendVarint(nil, int64(v))) }
	put(len(used))
	for _, n := range used {
		put(len(arcs[n]))
		var x, y int
		for _, p := range arcs[n] {
			px, py := int(math.Round(p.x*float64(unit))), int(math.Round(p.y*float64(unit)))
			put(px - x)
			put(py - y)
			x, y = px, py
		}
	}
	if codes {
		put(len(areas))
	} else {
		put(all)
	}
	for _, a := range areas {
		if codes {
			put(a.code)
			put(len(a.rings))
		}
		for _, r := range a.rings {
			put(len(r))
			for _, n := range r {
				if n < 0 {
					put(^number[^n])
				} else {
					put(number[n])
				}
			}
		}
	}
	return b.Bytes()
}
