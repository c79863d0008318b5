// Package lang gives every page its words: catalogues of messages, plurals,
// direction, numbers, dates and lists. It is pure.
//
// A catalogue is one file, locales/TAG.json. English is complete and the
// measure of the others; a message another catalogue lacks is given in
// English, and Printer.H marks it as English so that it is read aloud and
// set as such. Adding a language is adding a file.
//
// A message is a sentence with named holes, never a piece to be glued:
//
//	"event.claims": {"one": "{n} claim", "other": "{n} claims"}
//
// The argument named n chooses the plural form by the rules of Unicode CLDR.
// Arguments are put in once; braces inside an argument mean nothing. Text
// whose direction differs from the sentence's is isolated, so that a Latin
// name does not turn the words around it. Messages are plain text: the
// template escapes them.
//
// Keys are lower case, with dots from the general to the special; words of
// the domain have the domain's own value as last part ("measure.killed",
// "event.type.sit_in"), so a page can look them up from the record.
//
// A catalogue whose "review" is "unreviewed" has been written but not read
// by a second person who speaks the language; Printer.Reviewed tells.
package lang
