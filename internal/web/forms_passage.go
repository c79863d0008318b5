package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/gawah-project/gawah/internal/record"
)

// contextRunes is how much of the text before and after a passage is kept with
// it, in code points.
const contextRunes = 60

// segmentAt returns the words between two positions of a text with what stands
// around them. Positions count code points and must lie inside the text.
func segmentAt(text []rune, start, end int) record.Segment {
	return record.Segment{
		Exact: string(text[start:end]), Prefix: string(text[max(0, start-contextRunes):start]),
		Suffix: string(text[end:min(len(text), end+contextRunes)]), Start: start, End: end,
	}
}

// maxMatches bounds how many places of the same words are offered.
const maxMatches = 20

// maxQuote is the greatest length of words to be placed in a text, in code
// points.
const maxQuote = 10_000

// findWords returns where words stand in a text. White space of any kind and
// length counts as equal, so that words copied from a page with other line ends
// are found; the segments hold the text's own. It takes time in proportion to the
// text, whatever the words are.
func findWords(text []rune, words string) []record.Segment {
	want := strings.Join(strings.Fields(string([]rune(norm.NFC.String(words)))), " ")
	if want == "" || utf8.RuneCountInString(want) > maxQuote {
		return nil
	}
	folded := oneSpaced(text)
	var out []record.Segment
	at := folding{text: text}
	for from := 0; len(out) < maxMatches; {
		i := strings.Index(folded[from:], want)
		if i < 0 {
			break
		}
		start := at.to(from + i)
		from += i + len(want)
		out = append(out, segmentAt(text, start, at.to(from)))
	}
	return out
}

// oneSpaced is a text with one space for each run of white space.
func oneSpaced(text []rune) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, c := range text {
		if !unicode.IsSpace(c) {
			b.WriteRune(c)
		} else if !space {
			b.WriteByte(' ')
		}
		space = unicode.IsSpace(c)
	}
	return b.String()
}

// folding walks through a text and what oneSpaced makes of it together.
type folding struct {
	text       []rune
	pos, bytes int
}

// to goes on to a byte of the folded text and returns its position in the text.
func (f *folding) to(bytes int) int {
	for f.bytes < bytes && f.pos < len(f.text) {
		if !unicode.IsSpace(f.text[f.pos]) {
			f.bytes += len(string(f.text[f.pos]))
			f.pos++
			continue
		}
		f.bytes++
		for f.pos < len(f.text) && unicode.IsSpace(f.text[f.pos]) {
			f.pos++
		}
	}
	return f.pos
}

// span is a run of a text by positions in code points.
type span struct{ start, end int }

// String writes a span as a form's value.
func (s span) String() string { return strconv.Itoa(s.start) + "-" + strconv.Itoa(s.end) }

// parseSpan reads a span that lies inside a text of size code points. A sign is
// none of its own: "+2003-2017" are words that somebody inserted.
func parseSpan(s string, size int) (span, bool) {
	a, b, _ := strings.Cut(s, "-")
	start, err1 := strconv.ParseUint(a, 10, 31)
	end, err2 := strconv.ParseUint(b, 10, 31)
	return span{int(start), int(end)}, err1 == nil && err2 == nil && start < end && end <= uint64(size)
}

// joinSpans puts spans in order and joins those with nothing but white space
// between them.
func joinSpans(text []rune, spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.start <= len(text) && (s.start <= out[n-1].end || strings.TrimSpace(string(text[out[n-1].end:s.start])) == "") {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

// paragraphs returns the runs between line ends that hold more than white space.
func paragraphs(text []rune) []span {
	var out []span
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != '\n' {
			continue
		}
		if s := trimSpan(text, span{start, i}); s.start < s.end {
			out = append(out, s)
		}
		start = i + 1
	}
	return out
}

func trimSpan(text []rune, s span) span {
	for s.start < s.end && unicode.IsSpace(text[s.start]) {
		s.start++
	}
	for s.end > s.start && unicode.IsSpace(text[s.end-1]) {
		s.end--
	}
	return s
}

// sentences cuts a paragraph after full stops, question and exclamation marks of
// the Latin and Arabic scripts that are followed by a space. It is for choosing
// words by keyboard, so a cut too many (after "Mr.") costs one tick more and no
// meaning.
func sentences(text []rune, p span) []span {
	var out []span
	start := p.start
	for i := p.start; i < p.end; i++ {
		if !strings.ContainsRune(".!?۔؟…", text[i]) {
			continue
		}
		end := i + 1
		for end < p.end && strings.ContainsRune(`"'”’»)]`, text[end]) {
			end++
		}
		if end < p.end && !unicode.IsSpace(text[end]) {
			continue
		}
		if s := trimSpan(text, span{start, end}); s.start < s.end {
			out = append(out, s)
		}
		start = end
		i = end - 1
	}
	if s := trimSpan(text, span{start, p.end}); s.start < s.end {
		out = append(out, s)
	}
	return out
}

// readingRun is a piece of the reading pane: plain text, or words that a claim
// rests on. Together the runs' texts are the capture's text.
type readingRun struct {
	Text string
	// Mark is the claim's identifier where the words are a passage.
	Mark string
	// Anchor is set where a paragraph or page begins: "p3", "page-2".
	Anchor string
	// Page is the number of the page that begins here, 0 for none.
	Page int
}

// readingRuns cuts a text at the passages of claims and where paragraphs and
// pages begin. Passages that overlap an earlier one are marked from where that
// ends.
func readingRuns(text []rune, passages map[span]string, pages []int) []readingRun {
	marks := make([]span, 0, len(passages))
	for s := range passages {
		if s.start >= 0 && s.start < s.end && s.end <= len(text) {
			marks = append(marks, s)
		}
	}
	slices.SortFunc(marks, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	anchors := map[int]string{}
	for n, p := range paragraphs(text) {
		anchors[p.start] = "p" + strconv.Itoa(n+1)
	}
	numbers := map[int]int{}
	for n, at := range pages {
		if at >= 0 && at < len(text) {
			anchors[at], numbers[at] = "page-"+strconv.Itoa(n+1), n+1
		}
	}
	starts := slices.Sorted(maps.Keys(anchors))
	var out []readingRun
	put := func(from, to int, mark string) {
		for from < to {
			end := to
			if i, _ := slices.BinarySearch(starts, from+1); i < len(starts) {
				end = min(end, starts[i])
			}
			out = append(out, readingRun{Text: string(text[from:end]), Mark: mark, Anchor: anchors[from], Page: numbers[from]})
			from = end
		}
	}
	at := 0
	for _, m := range marks {
		if m.end <= at {
			continue
		}
		put(at, max(at, m.start), "")
		put(max(at, m.start), m.end, passages[m])
		at = m.end
	}
	put(at, len(text), "")
	return out
}
