package petition

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Number is a number that a text states.
type Number struct {
	Words string // as written
	Value int64  // -1 where the words give none ("dozens", "3.5 million")
	from  int
}

// token is a word of a text with its place.
type token struct {
	text     string // in lower case, digits as ASCII
	from, to int
	value    int64 // of digits, else -1
	digits   int   // how many
	decimal  bool  // "3.5"
	split    bool  // written with separators: "2,000"
}

// tokens cuts a text into words and numbers. Letters and digits that stand
// together are one word: "COVID-19" and "F16" state no number.
func tokens(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '#' && r != '@' {
			i += size
			continue
		}
		from := i
		if _, ok := digit(r); ok {
			t, next := number(s, i)
			out = append(out, t)
			i = next
			continue
		}
		tag := r == '#' || r == '@'
		for i < len(s) {
			r, size := utf8.DecodeRuneInString(s[i:])
			joins := (r == '-' || r == '\u2011' || r == '’' || r == '\'' || r == '\u200c') && i > from && followedByWord(s[i+size:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !joins && (!tag || r != '#' && r != '@' && r != '_') {
				break
			}
			i += size
		}
		// Whether a joiner is written is a matter of taste.
		out = append(out, token{text: strings.ReplaceAll(strings.ToLower(s[from:i]), "\u200c", ""), from: from, to: i, value: -1})
	}
	return out
}

func followedByWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// number reads digits, with separators of thousands and decimals, and letters
// that stand behind them ("1st").
func number(s string, i int) (token, int) {
	t := token{from: i, value: 0}
	var text strings.Builder
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if d, ok := digit(r); ok {
			text.WriteByte(byte('0' + d))
			t.digits++
			if t.value > 1e17 {
				t.value = -1
			}
			if t.value >= 0 && !t.decimal {
				t.value = t.value*10 + int64(d)
			}
			i += size
			continue
		}
		if strings.ContainsRune(",.٬٫،'’\u00a0\u202f", r) && digitsAhead(s[i+size:]) > 0 {
			if r == '.' || r == '٫' {
				t.decimal = true
			} else if !grouped(s[i+size:]) {
				break
			}
			t.split = true
			text.WriteRune(r)
			i += size
			continue
		}
		break
	}
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) {
			break
		}
		text.WriteRune(unicode.ToLower(r))
		i += size
	}
	if t.decimal {
		t.value = -1
	}
	t.text, t.to = text.String(), i
	return t, i
}

// grouped reports whether the digits behind a separator are a group of a larger
// number: three, or, as South Asia counts, two with another group behind them.
func grouped(s string) bool {
	switch digitsAhead(s) {
	case 3:
		return true
	case 2:
		rest := strings.TrimLeftFunc(s, func(r rune) bool { _, ok := digit(r); return ok })
		r, size := utf8.DecodeRuneInString(rest)
		return strings.ContainsRune(",٬،", r) && rest != "" && digitsAhead(rest[size:]) >= 2
	}
	return false
}

func digitsAhead(s string) int {
	n := 0
	for _, r := range s {
		if _, ok := digit(r); !ok || n > 4 {
			break
		}
		n++
	}
	return n
}

var small = map[string]int64{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "zero": 0,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var units = map[string]int64{"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "lakh": 100_000, "crore": 10_000_000}

// Words that state a number without giving one.
var indefinite = wordSet(`dozen dozens scores tens hundreds thousands millions billions lakhs crores
	درجن درجنوں سینکڑوں سیکڑوں ہزاروں لاکھوں کروڑوں دهها صدها هزاران ملیونها`)

// Words of whole numbers in Urdu and Dari that are seldom anything else.
var wholeWords = map[string]int64{"ہزار": 1000, "هزار": 1000, "لاکھ": 100_000, "کروڑ": 10_000_000, "ملیون": 1_000_000, "میلیون": 1_000_000}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

var months = wordSet(`january february march april may june july august september october november december
	jan feb mar apr jun jul aug sep sept oct nov dec
	جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
	فبروری جولای آگست سپتمبر سپتامبر اکتبر نوامبر دسامبر
	حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت
	محرم صفر رجب شعبان رمضان شوال muharram safar rajab ramadan`)

// Words before a number that make it the place of something in a document.
var references = wordSet(`article articles art arts section sections sec paragraph paragraphs para paras page pages p pp clause clauses
	chapter chapters rule rules annex appendix note footnote line lines item no nos number resolution act version vol volume fig figure
	چیپٹر آرٹیکل دفعہ دفعات شق صفحہ صفحات نمبر قرارداد باب
	ماده مادهٔ مواد بند صفحه صفحهٔ صفحات فقره فصل شماره شمارهٔ قطعنامه قطعنامهٔ`)

// Words that make a number of four digits beside them one of people or things
// rather than a year.
var counted = wordSet(`people persons person killed dead injured wounded victims deaths men women children families miners civilians members
	homes houses attacks cases signatures demonstrators protesters displaced missing detained years days hours rupees dollars
	افراد لوگ لوگوں ہلاک شہید زخمی خاندان خواتین بچے تن نفر کشته زخمی خانواده زن کودک`)

// Words before a number that make it an amount.
var amounts = wordSet(`than over least about nearly almost some around approximately to up زیادہ تقریباً تقریبا قریب بیش حدود حداقل کم`)

var ordinals = wordSet(`st nd rd th s`)

// Numbers returns the numbers that a sentence states, in digits of three scripts
// and in words. Dates and years, articles, pages and resolutions by their number,
// numbers in brackets alone ("[1]", "(a)"), times of day and ordinals are none.
func Numbers(s string) []Number {
	ts := tokens(s)
	var out []Number
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if t.digits == 0 {
			if n, last, ok := spelled(s, ts, i); ok {
				out = append(out, Number{s[t.from:ts[last].to], n, t.from})
				i = last
			}
			continue
		}
		suffix := strings.TrimLeft(t.text, "0123456789,.٬٫،'’\u00a0\u202f")
		if ordinals[suffix] || suffix != "" && !letterUnit(suffix) || isDate(s, ts, i) || isReference(s, ts, i) || bracketed(s, t) {
			continue
		}
		end, value := t.to, t.value
		if i+1 < len(ts) && ts[i+1].digits == 0 && adjacent(s, t, ts[i+1]) {
			if u, ok := units[ts[i+1].text]; ok {
				if value >= 0 && value < 1e9 {
					value *= u
				}
				end = ts[i+1].to
				i++
			} else if u, ok := wholeWords[ts[i+1].text]; ok {
				if value >= 0 && value < 1e9 {
					value *= u
				}
				end = ts[i+1].to
				i++
			}
		}
		out = append(out, Number{s[t.from:end], value, t.from})
	}
	return out
}

func letterUnit(s string) bool {
	switch s {
	case "k", "m", "bn", "km", "kg", "mm", "cm":
		return true
	}
	return false
}

// adjacent reports whether nothing but white space or a hyphen stands between.
func adjacent(s string, a, b token) bool {
	return b.from >= a.to && strings.Trim(s[a.to:b.from], " \u00a0-\u2011\t") == ""
}

// spelled reads a number in words from token i on.
func spelled(s string, ts []token, i int) (value int64, last int, ok bool) {
	if indefinite[ts[i].text] {
		return -1, i, true
	}
	if v, ok := wholeWords[ts[i].text]; ok {
		return v, i, true
	}
	if ts[i].text == "a" && i+1 < len(ts) && (units[ts[i+1].text] > 0 || ts[i+1].text == "dozen") && adjacent(s, ts[i], ts[i+1]) {
		if ts[i+1].text == "dozen" {
			return 12, i + 1, true
		}
		i++
	}
	total, part := int64(0), int64(0)
	last = i
	for j := i; j < len(ts) && total < 1e12 && part < 1e12; j++ {
		if j > i && !adjacent(s, ts[j-1], ts[j]) {
			break
		}
		word := ts[j].text
		if word == "and" && ok && j+1 < len(ts) {
			if _, more := small[ts[j+1].text]; more && (part >= 100 || total > 0) {
				continue
			}
			break
		}
		sum, isWord := int64(0), true
		for piece := range strings.SplitSeq(word, "-") {
			v, found := small[piece]
			if piece == "one" && piece != word { // alone it is most often a pronoun
				v, found = 1, true
			}
			isWord = isWord && found
			sum += v
		}
		switch u, isUnit := units[word]; {
		case isWord:
			part += sum
		case isUnit && u == 100:
			part = max(part, 1) * 100
		case isUnit:
			total += max(part, 1) * u
			part = 0
		case indefinite[word] && ok:
			return -1, j, true
		default:
			return total + part, last, ok
		}
		last, ok = j, true
	}
	return total + part, last, ok
}

// isDate reports whether the number at i is a day, a year or a time of day.
func isDate(s string, ts []token, i int) bool {
	t := ts[i]
	near := func(j int) (token, bool) {
		if j < 0 || j >= len(ts) {
			return token{}, false
		}
		return ts[j], true
	}
	between := func(a, b token) string {
		if a.to > b.from {
			a, b = b, a
		}
		return s[a.to:b.from]
	}
	// "may" and "march" are months only with a capital letter.
	month := func(n token) bool {
		return months[n.text] && (s[n.from] >= utf8.RuneSelf || s[n.from] < 'a' || s[n.from] > 'z')
	}
	if strings.Count(t.text, ".") >= 2 { // 10.01.2013
		return true
	}
	short := func(gap string) bool { return strings.Trim(gap, " ,.،\u00a0\tء") == "" }
	// "10 January", "January 10", "10th of January", "January 10–12".
	for _, j := range []int{i - 1, i + 1} {
		if n, ok := near(j); ok && month(n) && !t.split && t.digits <= 4 && short(between(t, n)) {
			return true
		}
	}
	prev, hasPrev := near(i - 1)
	next, hasNext := near(i + 1)
	if hasPrev && prev.digits > 0 && i >= 2 && month(ts[i-2]) && !t.split && short(between(prev, t)) && t.digits == 4 {
		return true // January 10, 2013
	}
	joined := func(a, b token) bool {
		return strings.ContainsAny(between(a, b), "-–—/") && strings.Trim(between(a, b), "-–—/ \u00a0") == ""
	}
	// 2013-01-10, 10/01/2013, 10–12 January, 2003–2017.
	if hasNext && next.digits > 0 && joined(t, next) && !t.split && !next.split {
		if isYear(t) && (isYear(next) || next.digits <= 2) || isYear(next) && t.digits <= 2 {
			return true
		}
		if n, ok := near(i + 2); ok && (month(n) && short(between(next, n)) || n.digits > 0 && joined(next, n)) {
			return true
		}
	}
	if hasPrev && prev.digits > 0 && joined(prev, t) && !t.split && !prev.split {
		if isYear(prev) && (isYear(t) || t.digits <= 2) || isYear(t) && prev.digits <= 2 {
			return true
		}
		if n, ok := near(i - 2); ok && (month(n) && short(between(n, prev)) || n.digits > 0 && joined(n, prev)) {
			return true
		}
	}
	// 20:50, 8 p.m.
	if hasNext && next.digits == 2 && between(t, next) == ":" || hasPrev && prev.digits > 0 && t.digits == 2 && between(prev, t) == ":" {
		return true
	}
	if hasNext && (next.text == "am" || next.text == "pm" || next.text == "بجے" || next.text == "بجه") && adjacent(s, t, next) {
		return true
	}
	if hasNext && (next.text == "p" || next.text == "a") && strings.HasPrefix(s[next.to:], ".m") {
		return true
	}
	if !isYear(t) {
		// A year of the solar calendar says so.
		return t.digits == 4 && !t.split && t.value >= 1300 && t.value < 1500 && hasPrev && (prev.text == "سال" || prev.text == "سنه" || prev.text == "سنۂ")
	}
	if hasPrev && amounts[prev.text] && adjacent(s, prev, t) && (prev.text != "to" || !fromYear(ts, i)) {
		return false
	}
	return !hasNext || !counted[next.text] || !adjacent(s, t, next)
}

// fromYear reports whether "to" before token i follows another year.
func fromYear(ts []token, i int) bool { return i >= 2 && isYear(ts[i-2]) }

func isYear(t token) bool {
	return t.digits == 4 && !t.split && len(strings.TrimLeft(t.text, "0123456789")) <= 1 && t.value >= 1800 && t.value < 2100
}

// isReference reports whether the number at i says where in a document something
// stands: "Articles 2(1), 9 and 25".
func isReference(s string, ts []token, i int) bool {
	for j := i - 1; j >= 0 && j >= i-12; j-- {
		gap := s[ts[j].to:ts[j+1].from]
		if strings.Trim(gap, " \u00a0,،.()[]–-/:§\t") != "" {
			return false
		}
		w := ts[j]
		if references[w.text] {
			return true
		}
		if w.digits == 0 && w.text != "and" && w.text != "or" && w.text != "to" && w.text != "و" && w.text != "اور" && w.text != "تا" &&
			utf8.RuneCountInString(w.text) > 1 {
			return false
		}
	}
	before := strings.TrimRight(s[:ts[i].from], " \u00a0")
	return strings.HasSuffix(before, "§") || strings.HasSuffix(before, "№") || strings.HasSuffix(before, "#")
}

// bracketed reports whether a number stands in brackets alone, as the mark of a
// note or of an item.
func bracketed(s string, t token) bool {
	before, after := s[:t.from], s[t.to:]
	return t.digits <= 3 && (strings.HasSuffix(before, "[") && strings.HasPrefix(after, "]") ||
		strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")")) || t.digits <= 3 && before == "" && strings.HasPrefix(after, ")")
}
