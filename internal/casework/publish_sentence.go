package casework

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// uncited lists the sentences of a record's own words that state a number or a
// name which no public accepted claim about it contains. It is a reader's aid,
// not a proof: a sentence without either is not looked at, and a claim with the
// same number about something else satisfies it.
func (p *publication) uncited(rec record.Record) error {
	var texts record.Text
	subject := rec.Ref()
	known := &knownWords{tokens: map[string]bool{}}
	switch r := rec.(type) {
	case *record.Event:
		texts = r.Summary
		if len(r.WhenClaims) > 0 {
			known.when(r.When)
		}
		if len(r.WhereClaims) > 0 {
			known.place(r.Where)
		}
	case *record.Person:
		texts = append(append(texts, r.About...), r.PublicRole...)
		known.names(r.Names)
	case *record.Party:
		texts = r.About
		known.names(r.Names)
	case *record.Total:
		texts = r.Summary
	default:
		return nil
	}
	if texts.IsZero() {
		return nil
	}
	if err := p.learn(known, subject); err != nil {
		return err
	}
	for _, l := range texts {
		for _, s := range sentences(l.Text) {
			if missing := known.missing(s); missing != "" {
				f := p.finding(rec, "publish.uncited", s)
				f.Detail = s
				p.Uncited = append(p.Uncited, f)
			}
		}
	}
	return nil
}

// learn takes in what the public accepted claims about a record contain.
func (p *publication) learn(known *knownWords, subject record.Ref) error {
	w := p.work
	r := &w.tx.Reader
	ids := []string{subject.ID}
	if subject.Kind == record.KindEvent {
		c, err := clusterOf(w.ctx, r, record.EventID(subject.ID))
		if err != nil {
			return err
		}
		ids = c.ids()
	}
	claims, err := r.ClaimsAbout(w.ctx, access.Anyone(), ids...)
	if err != nil {
		return err
	}
	if subject.Kind == record.KindPerson || subject.Kind == record.KindParty {
		pointing, err := r.ClaimsPointingAt(w.ctx, access.Anyone(), subject.ID, 10_000)
		if err != nil {
			return err
		}
		claims = append(claims, pointing...)
	}
	var sources []record.SourceID
	var refs []record.Ref
	for _, c := range claims {
		if !c.Rec.Review.State.Counts() {
			continue
		}
		known.claim(c.Rec)
		sources = append(sources, c.Rec.Source)
		for _, ref := range []record.Ref{
			c.Rec.Value.Ref, {Kind: record.KindParty, ID: string(c.Rec.AttributedTo.Party)}, {Kind: record.KindPerson, ID: string(c.Rec.AttributedTo.Person)},
		} {
			if ref.ID != "" {
				refs = append(refs, ref)
			}
		}
	}
	found, err := store.Get[*record.Source](w.ctx, r, access.Anyone(), sources...)
	if err != nil {
		return err
	}
	for _, s := range found {
		known.text(s.Rec.Publisher, s.Rec.Author)
		for _, l := range s.Rec.Title {
			known.text(l.Text)
		}
		known.when(s.Rec.Published)
	}
	if subject.Kind == record.KindEvent {
		in, err := r.InvolvementsIn(w.ctx, access.Anyone(), record.EventID(subject.ID))
		if err != nil {
			return err
		}
		for _, i := range in {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(i.Rec.Party)}, record.Ref{Kind: record.KindPerson, ID: string(i.Rec.Person)})
		}
	}
	called, err := subjectNames(w.ctx, r, access.Anyone(), refs)
	if err != nil {
		return err
	}
	for _, n := range called {
		for _, l := range n.Title {
			known.text(l.Text)
		}
	}
	return nil
}

// knownWords holds the folded words and the numbers that claims contain.
type knownWords struct{ tokens map[string]bool }

func (k *knownWords) text(parts ...string) {
	for _, s := range parts {
		for _, t := range names.TokenSet(s) {
			k.tokens[t] = true
			if n, ok := numberWords[t]; ok {
				k.tokens[strconv.Itoa(n)] = true
			}
		}
		for _, n := range numbersIn(s) {
			k.tokens[n] = true
		}
	}
}

func (k *knownWords) names(names []record.Name) {
	for _, n := range names {
		k.text(n.Text)
	}
}

func (k *knownWords) place(p record.Place) {
	k.text(p.Site, p.Town, p.District, p.Province, p.Printed)
}

func (k *knownWords) when(w record.When) {
	k.text(w.Printed)
	for _, bound := range []func() (edtf.Day, bool){w.Date.Earliest, w.Date.Latest} {
		d, ok := bound()
		if !ok {
			continue
		}
		year, month, day := d.Civil()
		k.tokens[strconv.Itoa(year)] = true
		k.tokens[strconv.Itoa(day)] = true
		k.tokens[months[month-1]] = true
		k.tokens[months[month-1][:3]] = true
	}
}

func (k *knownWords) claim(c *record.Claim) {
	k.text(c.Words, c.ScopePrinted, c.Scope.Place, c.Value.Text, c.Topic, c.AttributedTo.Text)
	for _, l := range c.Statement {
		k.text(l.Text)
	}
	for _, s := range c.Passage.Segments {
		k.text(s.Exact)
	}
	for _, n := range []*int64{c.Low, c.High, c.Best} {
		if n != nil {
			k.tokens[strconv.FormatInt(*n, 10)] = true
		}
	}
	k.place(c.Value.Place)
	k.when(c.Value.When)
	k.when(c.AsOf)
}

// missing returns the first number or name in a sentence that is not known.
func (k *knownWords) missing(sentence string) string {
	for _, n := range numbersIn(sentence) {
		if !k.tokens[n] {
			return n
		}
	}
	for _, w := range properNames(sentence) {
		for _, t := range names.TokenSet(w) {
			if !k.tokens[t] && !calendarWords[t] {
				return w
			}
		}
	}
	return ""
}

// sentences splits a text at full stops, question and exclamation marks of the
// scripts in use, and at line ends. A stop between digits or after a single
// letter ends nothing.
func sentences(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	runes := []rune(text)
	for i, r := range runes {
		if r == '\n' {
			flush()
			continue
		}
		b.WriteRune(r)
		switch r {
		case '.', '!', '?', '۔', '؟', '。':
		default:
			continue
		}
		next := rune(' ')
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		if r == '.' && (!unicode.IsSpace(next) || initial(runes[:i])) {
			continue
		}
		flush()
	}
	flush()
	return out
}

// initial reports whether a text ends in a letter that stands alone, as in "J.".
func initial(before []rune) bool {
	n := len(before)
	return n > 0 && unicode.IsUpper(before[n-1]) && (n == 1 || !unicode.IsLetter(before[n-2]))
}

// numbersIn returns the numbers of a text in ASCII digits without thousands
// separators, and small numbers written in English words.
func numbersIn(s string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			if n := strings.TrimLeft(b.String(), "0"); n != "" {
				out = append(out, n)
			} else {
				out = append(out, "0")
			}
			b.Reset()
		}
	}
	runes := []rune(s)
	for i, r := range runes {
		if d, ok := digit(r); ok {
			b.WriteByte(d)
			continue
		}
		if (r == ',' || r == '٬' || r == '\u00a0' || r == '\u202f') && b.Len() > 0 && thousands(runes[i+1:]) {
			continue
		}
		flush()
	}
	flush()
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if n, ok := numberWords[w]; ok {
			out = append(out, strconv.Itoa(n))
		}
	}
	return out
}

// thousands reports whether exactly three digits follow.
func thousands(rest []rune) bool {
	for i := range 3 {
		if i >= len(rest) {
			return false
		}
		if _, ok := digit(rest[i]); !ok {
			return false
		}
	}
	if len(rest) > 3 {
		_, ok := digit(rest[3])
		return !ok
	}
	return true
}

func digit(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r), true
	case r >= '٠' && r <= '٩': // Arabic-Indic
		return byte('0' + r - '٠'), true
	case r >= '۰' && r <= '۹': // extended Arabic-Indic, as Urdu and Dari write them
		return byte('0' + r - '۰'), true
	}
	return 0, false
}

// properNames returns the capitalised words of a sentence that are not its first:
// in scripts without capitals there are none, and only numbers are looked at.
func properNames(sentence string) []string {
	var out []string
	for i, w := range strings.Fields(sentence) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		r, _ := utf8.DecodeRuneInString(w)
		if i == 0 || w == "" || !unicode.IsUpper(r) || w == "I" {
			continue
		}
		out = append(out, strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s"))
	}
	return out
}

var numberWords = map[string]int{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var months = []string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
}

// calendarWords are capitalised in English without naming anything that a claim
// would have to support beside the number that stands with them.
var calendarWords = map[string]bool{
	"january": true, "february": true, "march": true, "april": true, "may": true, "june": true, "july": true, "august": true,
	"september": true, "october": true, "november": true, "december": true,
	"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
}
