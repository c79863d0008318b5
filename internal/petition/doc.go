// Package petition holds what can be worked out about a petition from values
// alone: its text with citations, what a check finds in it, the frozen text of an
// edition with its footnotes, what changed between two editions, and where the
// petition stands.
//
// # The text
//
// A text is a small subset of Markdown, one source a language. [Parse] reads:
//
//	# to ####            headings
//	*em* _em_ **strong**  emphasis
//	[words](https://…)    links: https, http and mailto; <https://…> and bare addresses
//	> quoted              block quotes
//	- item, 1. item       lists, nested by indentation; ۱. and • are markers, too
//	two spaces or \ at the end of a line   a hard break
//	---                   a rule
//	\*                    an escape
//
// Everything else is text: HTML, tables, code, images, entities.
//
// A citation stands in square brackets behind what it supports; a semicolon
// separates several, a comma begins a locator:
//
//	[@claim:ID] [@figure:EVENT-SLUG/killed] [@source:ID, p. 4; @claim:ID]
//
// A number that is printed from the register stands in braces, with the form after
// a comma where it is not the usual one (low, best, range or words):
//
//	{@figure:EVENT-SLUG/killed} {@figure:EVENT-SLUG/killed, range} {@claim:ID, words}
//
// A note of the author's own is written where its mark is to be:
//
//	[^ The commission has since been renamed. ]
//
// The package knows no database, no clock and no reader's rights. What a citation
// stands for comes from a [Resolver], words and numbers of a language from a
// [Printer].
package petition
