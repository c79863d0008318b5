package petition

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// Accused is somebody whom the record connects with a deed: a person or a party,
// under every name and alias in every script.
type Accused struct {
	Key   string // "person:ID", "party:ID"; what a finding is about
	Names []string
}

// Checking is what a check looks at.
type Checking struct {
	Petition *record.Petition
	Resolver Resolver
	// Printer is for values in forms that their figure does not have; nil skips that.
	Printer func(lang string) Printer
	Accused []Accused
	// Previous is what the edition before cites, nil for the first.
	Previous []record.Cited
}

// Check lists what a reader could hold against the text: in the order of the
// languages and of the lines, then what concerns the petition as a whole. An empty
// list says that nothing was found, not that everything is true. What it looks
// for, and by which rules of thumb, is in docs/method.md.
func Check(c Checking) ([]record.PetitionFinding, error) {
	k := checker{Checking: c, book: newBook(c.Resolver), told: map[string]bool{}, accused: newFinder(c.Accused)}
	for _, t := range c.Petition.Texts {
		if err := k.text(t); err != nil {
			return nil, fmt.Errorf("check the text in %q: %w", t.Lang, err)
		}
	}
	k.lang = ""
	for _, n := range Flatten(c.Petition.Demands) {
		for _, words := range n.Demand.Text {
			k.lang = words.Lang
			k.name(words.Text, 0)
		}
	}
	k.lang = ""
	for _, cite := range fieldCitations(c.Petition) {
		if !k.book.look(cite).found {
			k.add(record.FoundMissing, 0, cite.Key(), cite.Key())
		}
	}
	k.cited()
	if err := k.whole(); err != nil {
		return nil, err
	}
	return k.found, nil
}

// checker gathers findings.
type checker struct {
	Checking
	book    *book
	accused finder
	found   []record.PetitionFinding
	told    map[string]bool // what is told once a petition
	lang    string
	printer Printer
	numbers map[int64]bool // stated with a citation in this text
}

// Words of findings are cut, so that a list of them can be read.
const maxFindingWords = 160

func (k *checker) add(kind record.FindingKind, line int, words, about string) {
	if len(words) > maxFindingWords {
		cut := maxFindingWords
		for !utf8.RuneStart(words[cut]) {
			cut--
		}
		if i := strings.LastIndexByte(words[:cut], ' '); i > cut/2 {
			cut = i
		}
		words = words[:cut] + "…"
	}
	k.found = append(k.found, record.PetitionFinding{Kind: kind, Lang: k.lang, Line: line, Words: words, About: about})
}

func (k *checker) once(kind record.FindingKind, words, about string) {
	if id := string(kind) + " " + about; !k.told[id] {
		k.told[id] = true
		k.add(kind, 0, words, about)
	}
}

func (k *checker) text(t record.PetitionText) error {
	body, err := Parse(t.Body)
	if err != nil {
		return err
	}
	k.lang, k.numbers, k.printer = t.Lang, map[int64]bool{}, nil
	if k.Printer != nil {
		k.printer = k.Printer(t.Lang)
	}
	start := len(k.found)
	w := walkState{}
	k.blocks(body.Blocks, &w, cover{})
	// Title and summary carry no marks: their numbers have to stand with a citation
	// in the text.
	inText := k.found[start:]
	k.found = append([]record.PetitionFinding(nil), k.found[:start]...)
	for _, line := range []struct{ name, words string }{{"title", t.Title}, {"summary", t.Summary}} {
		head, err := Parse(line.words)
		if err != nil {
			return err
		}
		for _, b := range head.Blocks {
			f := newFlow(b.Inlines)
			k.missing(b.Inlines)
			k.name(f.text, 0)
			for _, n := range Numbers(f.text) {
				if n.Value < 0 || !k.numbers[n.Value] {
					k.add(record.FoundNumber, 0, snippet(f.text, n.from, n.from+len(n.Words)), line.name)
				}
			}
		}
	}
	k.found = append(k.found, inText...)
	return nil
}

// walkState is what a block knows of those before it.
type walkState struct {
	section section
	last    Sentence // of the paragraph before
	leadIn  bool     // that paragraph ends with a colon
}

// cover is what stands over a block: the citations of the sentence that leads into
// a list, whether that sentence asks, the quotation around the block.
type cover struct {
	cites  []Citation
	asks   bool
	quoted bool
}

func (k *checker) blocks(bs []Block, w *walkState, over cover) {
	for _, b := range bs {
		inner := over
		switch b.Kind {
		case record.BlockHeading:
			f := newFlow(b.Inlines)
			w.section = sectionOf(f.text)
			k.missing(b.Inlines)
			k.name(f.text, b.Line)
			for _, n := range Numbers(f.text) {
				if len(citesOf(b.Inlines)) == 0 {
					k.add(record.FoundNumber, b.Line, snippet(f.text, n.from, n.from+len(n.Words)), "")
				}
			}
			w.last, w.leadIn = Sentence{}, false
			continue
		case record.BlockQuote:
			if !over.quoted {
				inner.quoted = true
				cites := append(blockCites(b), w.last.Cites...)
				inner.cites = append(append([]Citation(nil), over.cites...), cites...)
				if len(inner.cites) == 0 {
					k.add(record.FoundQuotation, b.Line, firstWords(b), "")
				}
			}
		case record.BlockList, record.BlockNumbered:
			if w.leadIn {
				inner.cites = append(append([]Citation(nil), over.cites...), w.last.Cites...)
				inner.asks = inner.asks || asks(w.last.Text)
			}
		}
		if len(b.Inlines) > 0 {
			k.missing(b.Inlines)
			sentences := Sentences(b)
			for _, s := range sentences {
				k.sentence(s, w.section, inner)
			}
			if n := len(sentences); n > 0 && b.Kind == record.BlockParagraph {
				w.last = sentences[n-1]
				w.leadIn = strings.HasSuffix(strings.TrimRight(w.last.Text, " "+string(object)), ":") || strings.HasSuffix(w.last.Text, "：")
			}
		}
		if len(b.Blocks) > 0 {
			// What is inside does not lead into what comes after.
			below := *w
			if b.Kind == record.BlockItem && len(b.Inlines) > 0 {
				below.leadIn = false
			}
			k.blocks(b.Blocks, &below, inner)
			if b.Kind != record.BlockItem {
				w.leadIn, w.last = false, Sentence{}
			}
		}
	}
}

func citesOf(in []Inline) []Citation {
	var out []Citation
	for _, i := range in {
		out = append(out, i.Cites...)
	}
	return out
}

func blockCites(b Block) []Citation { return Text{Blocks: []Block{b}}.Citations() }

func firstWords(b Block) string {
	for _, inner := range b.Blocks {
		if words := (Sentence{Text: newFlow(inner.Inlines).text}).Words(); words != "" {
			return words
		}
		if words := firstWords(inner); words != "" {
			return words
		}
	}
	return ""
}

// missing looks up what is cited, in the order of the text.
func (k *checker) missing(in []Inline) {
	for _, i := range in {
		for _, c := range i.Cites {
			r := k.book.look(c)
			ok := r.found
			if ok && i.Kind == InValue && k.printer != nil {
				f := freezer{book: k.book, printer: k.printer, lang: k.lang}
				_, ok = f.value(c)
			}
			if !ok {
				words := Bracket([]Citation{c})
				if i.Kind == InValue {
					words = Brace(c)
				}
				k.add(record.FoundMissing, c.Line, words, c.Key())
			}
		}
	}
}

func (k *checker) sentence(s Sentence, in section, over cover) {
	k.name(s.Text, s.Line)
	cites := append(append([]Citation(nil), s.Cites...), over.cites...)
	asking := over.asks || in == sectionDemands || asks(s.Text)
	told := false
	stated, exact := k.stated(cites)
	quoted := quotations(s.Text)
	for _, n := range Numbers(s.Text) {
		switch {
		case len(cites) == 0:
			if over.quoted || asking && deadline(s.Text, n) {
				continue
			}
			k.add(record.FoundNumber, s.Line, snippet(s.Text, n.from, n.from+len(n.Words)), "")
			told = true
		case exact && n.Value >= 0 && !stated[n.Value] && !over.quoted && !(asking && deadline(s.Text, n)) && !within(quoted, n.from):
			// All that is cited are numbers, and this is none of them.
			k.add(record.FoundNumber, s.Line, snippet(s.Text, n.from, n.from+len(n.Words)), cites[0].Key())
			told = true
		default:
			if n.Value >= 0 {
				k.numbers[n.Value] = true
			}
		}
	}
	for v := range stated {
		k.numbers[v] = true
	}
	if len(cites) > 0 || over.quoted {
		return
	}
	for _, q := range quoted {
		k.add(record.FoundQuotation, s.Line, Sentence{Text: s.Text[q.from:q.to]}.Words(), "")
		told = true
	}
	if words := s.Words(); !told && !over.asks && factual(words, in) {
		k.add(record.FoundSentence, s.Line, words, "")
	}
}

func within(es []extent, at int) bool {
	for _, e := range es {
		if at >= e.from && at < e.to {
			return true
		}
	}
	return false
}

// stated returns the numbers that the cited claims and figures state. Exact is
// false where something is cited that may state any number: a source, a statement,
// words without a number.
func (k *checker) stated(cites []Citation) (numbers map[int64]bool, exact bool) {
	numbers, exact = map[int64]bool{}, len(cites) > 0
	put := func(ns ...*int64) {
		for _, n := range ns {
			if n != nil {
				numbers[*n] = true
			}
		}
	}
	for _, c := range cites {
		r := k.book.look(c)
		switch {
		case r.figure != nil:
			f := r.figure.Figure
			put(f.Low, f.Best, f.High)
		case r.claim != nil && r.claim.Claim.Kind == record.KindMeasure:
			m := r.claim.Claim
			put(m.Low, m.Best, m.High)
			for _, n := range Numbers(m.Words) {
				if n.Value >= 0 {
					numbers[n.Value] = true
				}
			}
			switch {
			case m.Operator == record.MoreThan && m.Low != nil:
				numbers[*m.Low-1] = true
			case m.Operator == record.LessThan && m.High != nil:
				numbers[*m.High+1] = true
			case m.Low == nil && m.High == nil && m.Best == nil:
				exact = false
			}
		default:
			exact = false
		}
	}
	return numbers, exact
}

// name lists the accused whom some words name.
func (k *checker) name(words string, line int) {
	for _, key := range k.accused.in(words) {
		k.add(record.FoundAccused, line, Sentence{Text: words}.Words(), key)
	}
}

// cited looks at what the petition rests on, each thing once.
func (k *checker) cited() {
	before := map[string]record.Cited{}
	for _, c := range k.Previous {
		before[c.Key] = c
	}
	for _, r := range k.book.order {
		for _, c := range r.cited.Claims {
			if !c.Used {
				continue
			}
			about := "claim:" + string(c.ID)
			switch c.State {
			case record.Suggested:
				k.once(record.FoundWaiting, c.Value, about)
			case record.Rejected, record.Retracted:
				k.once(record.FoundRetracted, c.Value, about)
			}
		}
		if old, ok := before[r.cited.Key]; ok {
			k.changed(old, r.cited)
		}
		for _, p := range r.places(Citation{}) {
			if p.source.Held == "" {
				s := p.source.Source
				k.once(record.FoundUnheld, s.Title.In(s.Language).Text, "source:"+string(s.ID))
			}
		}
	}
}

// changed compares what a citation says with what it said in the edition before.
func (k *checker) changed(old, now record.Cited) {
	same := func(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
	numbers := same(old.Low, now.Low) && same(old.Best, now.Best) && same(old.High, now.High) && old.Open == now.Open
	if strings.HasPrefix(now.Key, string(CiteFigure)+":") {
		if !numbers || old.Status != now.Status || old.Rule != now.Rule || old.Origins != now.Origins {
			k.once(record.FoundChanged, now.Key, now.Key)
		}
		return
	}
	for i, c := range now.Claims {
		if i >= len(old.Claims) || old.Claims[i].Rev != c.Rev || old.Claims[i].State != c.State || old.Claims[i].Value != c.Value || !numbers {
			k.once(record.FoundChanged, c.Value, now.Key)
		}
	}
}

// whole looks at translations and agreements.
func (k *checker) whole() error {
	p := k.Petition
	if len(p.Texts) > 1 {
		of := TextHash(p.Texts[0])
		for _, t := range p.Texts[1:] {
			if t.Of != of {
				k.lang = t.Lang
				k.add(record.FoundLags, 0, t.Title, "")
			}
		}
		k.lang = ""
	}
	missing, err := Unagreed(p)
	if err != nil {
		return err
	}
	for _, i := range missing {
		k.add(record.FoundUnagreed, 0, i.Name.In("").Text, i.Key)
	}
	return nil
}

// Unagreed returns the initiators who have not agreed with the draft as it stands.
// Signatories of an original text are not asked.
func Unagreed(p *record.Petition) ([]record.Initiator, error) {
	hash, err := DraftHash(p)
	if err != nil {
		return nil, err
	}
	return unagreed(p, p.Initiators, hash), nil
}

// UnagreedWith returns the initiators named in an edition who have not agreed with
// the draft it was frozen from, whatever the draft is now.
func UnagreedWith(p *record.Petition, e *record.Edition) []record.Initiator {
	return unagreed(p, e.Initiators, e.Draft)
}

func unagreed(p *record.Petition, named []record.Initiator, hash string) []record.Initiator {
	var out []record.Initiator
	for _, i := range named {
		if !i.Original && Agreement(p, i.Key, hash) == nil {
			out = append(out, i)
		}
	}
	return out
}

// Agreement returns an initiator's agreement with the draft of that hash, nil
// without one. One given by another account than the initiator has now does not
// count: who names the accounts must not be able to agree for others.
func Agreement(p *record.Petition, initiator, hash string) *record.Approval {
	i := slices.IndexFunc(p.Initiators, func(i record.Initiator) bool { return i.Key == initiator })
	if i < 0 || hash == "" {
		return nil
	}
	for n, a := range p.Approvals {
		if a.Initiator == initiator && a.Hash == hash && a.By == p.Initiators[i].Account {
			return &p.Approvals[n]
		}
	}
	return nil
}

// snippet shows a number with the words around it.
func snippet(s string, from, to int) string {
	const around = 40
	a, b := max(0, from-around), min(len(s), to+around)
	for a > 0 && !utf8.RuneStart(s[a]) {
		a--
	}
	for b < len(s) && !utf8.RuneStart(s[b]) {
		b++
	}
	before, after := "", ""
	if a > 0 {
		if i := strings.IndexByte(s[a:from], ' '); i >= 0 {
			a += i + 1
		}
		before = "…"
	}
	if b < len(s) {
		if i := strings.LastIndexByte(s[to:b], ' '); i >= 0 {
			b = to + i
		}
		after = "…"
	}
	return before + Sentence{Text: s[a:b]}.Words() + after
}

// finder finds names in a text in one pass, however many there are.
type finder struct {
	byFirst map[string][]candidate // by the first word of the folded name
}

type candidate struct {
	words []string
	key   string
	short string // an abbreviation as written; "" for a name in any spelling
}

// abbreviation returns a name that could be an ordinary word but for its
// capitals, such as that of a group called IS, and "" for every other name.
func abbreviation(name string) string {
	const most = 3 // letters
	name = strings.TrimSpace(name)
	if utf8.RuneCountInString(name) > most {
		return ""
	}
	for _, r := range name {
		if !unicode.IsUpper(r) {
			return ""
		}
	}
	return name
}

// written reports whether a word stands in s in exactly these letters.
func written(s, word string) bool {
	for from := 0; ; from++ {
		at := strings.Index(s[from:], word)
		if at < 0 {
			return false
		}
		from += at
		before, _ := utf8.DecodeLastRuneInString(s[:from])
		after, _ := utf8.DecodeRuneInString(s[from+len(word):])
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			return true
		}
	}
}

func newFinder(all []Accused) finder {
	f := finder{map[string][]candidate{}}
	for _, a := range all {
		for _, n := range a.Names {
			if words := names.Tokens(n); len(words) > 0 && (len(words) > 1 || utf8.RuneCountInString(words[0]) > 1) {
				f.byFirst[words[0]] = append(f.byFirst[words[0]], candidate{words, a.Key, abbreviation(n)})
			}
		}
	}
	return f
}

// in returns the keys of those whom the words name, each once.
func (f finder) in(s string) []string {
	if len(f.byFirst) == 0 {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	words := names.Tokens(s)
	for i, w := range words {
		// A possessive is folded into its word.
		for _, first := range []string{w, strings.TrimSuffix(w, "s")} {
			for _, c := range f.byFirst[first] {
				if seen[c.key] || len(words)-i < len(c.words) || !matches(words[i:], c.words) || c.short != "" && !written(s, c.short) {
					continue
				}
				seen[c.key] = true
				out = append(out, c.key)
			}
		}
	}
	return out
}

func matches(words, name []string) bool {
	for i, n := range name {
		if words[i] != n && !(i == len(name)-1 && words[i] == n+"s") {
			return false
		}
	}
	return true
}
