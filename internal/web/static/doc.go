// Package static holds the files every page is dressed with: one style
// sheet, four font files and one optional script, embedded in the binary and
// served under addresses that contain their content's hash.
//
// # The hand
//
// The pages are set like a book. One serif carries everything Latin; labels
// are letter-spaced capitals because the font file holds no small caps, and
// figures are lining, tabular wherever they stand under one another. There
// are hairlines instead of boxes and white space instead of shadows. One
// accent colour marks links and a figure's best value and nothing else, so a
// page without a link or a figure has no colour at all.
//
// Colour never carries meaning alone: an origin has a hue and a letter, a
// left-out claim is faded and its reason stands beside it, an erroneous
// field has a thicker border and words. The palette is checked against WCAG
// 2.2 by a test in internal/draw, for light, dark and print.
//
// # Right to left
//
// Only logical properties are used (inline-start, block-end). Letter-spacing
// and capitals are switched off for Arabic script, which has neither, and
// line height grows: 1.8 for Vazirmatn, 1.9 for Naskh, 2.4 for Nastaliq,
// which a reader chooses (class "nastaliq" on the root element).
//
// # Weight
//
// A page in English asks for the style sheet (about 6 KB compressed) and one
// font (51 KB). The faces for Arabic script are named only under the root
// element's language, so a name in Urdu on an English page is drawn with
// the reader's installed face and downloads nothing.
//
// # Two widths
//
// Everything is laid out for 328 CSS pixels of text width first. At 62rem
// the margin moves beside the main column; at 46rem tables and drawings take
// their wide form. In print the margin becomes a header and the addresses of
// links stand as footnotes at the end.
package static
