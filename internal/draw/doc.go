// Package draw makes the register's drawings as SVG text on the server: the
// claim strip, the toll over time, the record's timeline, the map, small bars,
// and what following up needs: chains of cases, progress, silence, the course of
// an attack, waves of protest and rates. It is pure: it takes values and words, and returns markup and the
// table that says the same.
//
// # Rules every drawing keeps
//
// A drawing comes in two forms from one input, one 672 units wide and one
// 328, because a drawing that is merely scaled down cannot be read on a
// phone. Both are in the markup and the style sheet shows one; the other has
// display none, which also hides it from a screen reader, so neither form
// needs aria-hidden and a reader on a phone still hears the title. On the
// narrow form no text is smaller than 14 units.
//
// Words come from the caller, translated. The package holds no sentence of
// any language; digits are grouped Latin unless Options.Number says otherwise.
//
// Colours are classes that the style sheet binds to custom properties, with
// a plain colour as presentation attribute beside each so that a drawing
// saved as a file still looks right. There is no style attribute and no
// script, which a strict content security policy would refuse.
//
// Hue is never the only carrier: an origin has a letter, a kind of claim has
// a shape. Everything survives a photocopier.
//
// The scale runs from left to right in every language, as printed charts in
// Urdu and Persian do; labels, letters and brackets change sides.
//
// Every piece of text is measured before it is placed, by the advance widths
// of the serif the site is set in, and its box is kept with the drawing while
// it is made, so that a test can show that no two overlap. What does not fit
// is shortened with an ellipsis (its full form stays as a tooltip and in the
// table), moved, or, for labels on a map, left to the table.
//
// # The claim strip
//
// One scale; one row for each claim. Rows are in order of time within their
// origin, and origins are in order of their first claim. A full dot is an
// exact count, a dot with dashes an approximate one, a hollow dot with an
// arrow "at least" or "at most", a line with ends a range, a dashed line a
// number given in words, a diamond a compiled dataset, which is shown but
// corroborates nothing. Grey marks were left out by the rule and the reason
// stands under the label. The band is the figure's low to high, the line its
// best value; where there is no best value there is no line.
//
// When the largest number is more than forty times the smallest the scale
// is logarithmic and says so; a zero then stands apart, left of a break.
//
// # Following up
//
// How far something has come is a pattern, never a hue: [State]. What nobody
// looked at is hatched, and so cannot be taken for what was looked for and not
// found, which is empty. A chain's line is broken where a step is not known; the
// line of a silence is whole only as far as somebody looked.
//
// # Country outlines
//
// The map's ground is Natural Earth's public-domain outline of countries,
// reduced for small sizes; see outline/README.txt. It is a backdrop, and the
// project takes no position on any border.
package draw
