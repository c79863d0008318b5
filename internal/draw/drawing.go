package draw

import "html/template"

// Options are what every drawing needs besides its data.
type Options struct {
	// ID makes the ids inside the drawing unique on the page. Characters
	// other than letters, digits, '-' and '_' are dropped.
	ID string
	// Title and Desc are read aloud in place of the drawing. An empty Desc
	// is replaced by the rows of the table, one after another, if they are
	// no more than 24; a longer list is heard better in the table itself.
	Title, Desc string
	// RTL puts labels on the right. The scale stays left to right.
	RTL bool
	// Number writes a count. Nil means Latin digits in groups of three.
	Number func(int64) string
}

// Drawing is one drawing in both widths, and the same data as a table.
type Drawing struct {
	// SVG holds the wide and the narrow form. Everything in it is escaped.
	SVG   template.HTML
	Table Table
}

// Table is what a drawing shows, for those who read rather than look.
type Table struct {
	Caption string
	Head    []string
	Rows    []Row
}

// Row is one line of a Table.
type Row struct {
	// LeftOut marks a claim which the rule did not use.
	LeftOut bool
	Cells   []Cell
}

// Cell is one field of a Row. Text is plain and has to be escaped.
type Cell struct {
	Text string
	Href string
	// Numeric cells are set in tabular figures at the end of the line.
	Numeric bool
	// Key is the letter of an origin, to be set before Text in the hue
	// numbered Hue, 1 to 8. Both are empty in other cells.
	Key string
	Hue int
}

// Box is the place of one text or mark in a drawing, in the drawing's own
// units, with X0 < X1 and Y0 < Y1.
type Box struct {
	Kind           string
	Text           string
	X0, Y0, X1, Y1 float64
}

// Overlaps reports whether two boxes share more than an edge.
func (b Box) Overlaps(c Box) bool {
	const touch = 0.01
	return b.X0+touch < c.X1 && c.X0+touch < b.X1 && b.Y0+touch < c.Y1 && c.Y0+touch < b.Y1
}

// form is one of the two widths a drawing is made in.
type form struct {
	class string
	w     float64
	text  float64 // size of labels
	small float64 // size of everything else
}

var (
	wide   = form{class: "d-wide", w: 672, text: 15, small: 13}
	narrow = form{class: "d-narrow", w: 328, text: 16, small: 14}
)

func (f form) narrow() bool { return f.class == narrow.class }

// both draws each form and joins them.
func both(o Options, table Table, paint func(*canvas)) Drawing {
	var out string
	for _, f := range []form{wide, narrow} {
		c := newCanvas(f, o)
		paint(c)
		out += c.svg(table)
	}
	return Drawing{SVG: template.HTML(out), Table: table}
}

// Numeric reports whether the i-th column holds numbers, for its head.
func (t Table) Numeric(i int) bool {
	return len(t.Rows) > 0 && i >= 0 && i < len(t.Rows[0].Cells) && t.Rows[0].Cells[i].Numeric
}
