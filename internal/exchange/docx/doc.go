// Package docx writes the text of a petition as a Word document with real
// footnotes, and reads such a document back, whoever has edited it in between.
//
// What is written: title and summary (styles Title and Subtitle), headings, lists,
// block quotes, emphasis, links, in the direction and language of the text.
// Every citation is a footnote that says in words what is cited and ends with the
// citation as the text has it, "[@source:ID, p. 4]". A number that is printed from
// the register stands in the character style "Printed value" before a footnote
// that ends with "{@figure:SLUG/killed}". A note of the author's own is a footnote
// of its words.
//
// What is read: the same. By its end a footnote is known as a citation, and the
// words before that end are dropped; what somebody wrote behind it is kept as a
// note. Footnotes and endnotes without it are notes of the author's own. Tracked
// changes are read as if accepted. What has no place in a text, such as tables and
// pictures, is named in a list of problems, with the words in it kept as far as
// there are any.
//
// A document comes from outside. Nothing in it is executed, no address in it is
// opened, no part is written anywhere; sizes, the number of parts and elements and
// their depth are bounded, and a document type definition is refused.
package docx
