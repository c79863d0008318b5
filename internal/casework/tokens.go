package casework

import (
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// maxTokens bounds a record's search document.
const maxTokens = 2000

// tokens returns what search finds a record by, or nil for records that are not
// searched: names in every script, titles, summaries, places, and the words of
// claims and passages. A claim whose passage is a bare number is found through
// its event instead.
func tokens(r record.Record) []string {
	var b strings.Builder
	add := func(parts ...string) {
		for _, p := range parts {
			if p != "" {
				b.WriteString(p)
				b.WriteByte(' ')
			}
		}
	}
	text := func(t record.Text) {
		for _, l := range t {
			add(l.Text)
		}
	}
	named := func(names []record.Name) {
		for _, n := range names {
			add(n.Text)
		}
	}
	switch r := r.(type) {
	case *record.Event:
		text(r.Title)
		text(r.Summary)
		add(r.Subtype, r.Where.Site, r.Where.Town, r.Where.District, r.Where.Province, r.Where.Printed, r.Dataset)
	case *record.Person:
		named(r.Names)
		text(r.PublicRole)
		text(r.About)
	case *record.Party:
		named(r.Names)
		text(r.About)
	case *record.Total:
		text(r.Title)
		text(r.Summary)
	case *record.Source:
		text(r.Title)
		text(r.Summary)
		add(r.Publisher, r.Author, r.Locator)
	case *record.Claim:
		text(r.Statement)
		add(r.Words, r.Value.Text, r.AttributedTo.Text)
		for _, s := range r.Passage.Segments {
			add(s.Exact)
		}
		if r.Kind == record.KindMeasure && !wordy(b.String()) {
			return nil
		}
		add(r.Topic)
	case *record.Petition:
		text(r.Title)
		add(r.Tags...)
		// The published text is found by its edition: what organisers write next is
		// no reader's business. A petition nobody signs here has no edition.
		if r.Publication != record.PetitionPublished && r.Publication != record.PetitionStopped || r.Foreign != nil {
			for _, t := range r.Texts {
				add(t.Title, t.Summary, t.Body)
			}
		}
	case *record.Edition:
		for _, t := range r.Texts {
			add(t.Title, t.Summary, t.Source)
		}
		for _, a := range r.Addressees {
			text(a.Office)
			text(a.Holder)
		}
		demandTexts(r.Demands, text)
	case *record.Endorsement:
		named(r.Names)
	case *record.Demand:
		text(r.Text)
		text(r.ByText)
		for _, a := range r.Addressees {
			text(a.Office)
			text(a.Holder)
		}
		for _, s := range r.Steps {
			text(s.Text)
		}
	case *record.Commitment:
		text(r.Text)
		text(r.ToText)
		text(r.Conditions)
		for _, p := range r.By {
			text(p.Office)
			text(p.Holder)
		}
		for _, a := range r.Amounts {
			add(a.Printed)
		}
	case *record.Proceeding:
		text(r.Title)
		text(r.Group.Name)
		text(r.Jurisdiction)
		add(r.Number)
		for _, s := range r.Steps {
			text(s.Detail)
		}
	default:
		return nil
	}
	set := tokensOf(b.String())
	if len(set) > maxTokens {
		set = set[:maxTokens]
	}
	return set
}

// demandTexts calls fn with every demand's text, parts included.
func demandTexts(demands []record.PetitionDemand, fn func(record.Text)) {
	for _, d := range demands {
		fn(d.Text)
		demandTexts(d.Parts, fn)
	}
}

// foundByEvent reports whether a record may do without a search document of its
// own: a dataset row's source and claims, when their event's document holds every
// word of theirs.
func foundByEvent(r record.Record) bool {
	switch r := r.(type) {
	case *record.Source:
		return r.Import != ""
	case *record.Claim:
		return strings.HasPrefix(r.MadeBy, "import ")
	}
	return false
}

// wordy reports whether a text has at least three words with letters.
func wordy(s string) bool {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if lettered(w) {
			n++
		}
	}
	return n >= 3
}

// lettered reports whether a token has a letter, so that it is more than a
// number. Digits of every script are folded to ASCII in a token.
func lettered(tok string) bool {
	return strings.IndexFunc(tok, func(r rune) bool { return r > '9' }) >= 0
}

// tokensOf returns the distinct tokens of a text.
func tokensOf(s string) []string { return names.TokenSet(s) }

// askedOf returns the tokens that somebody looks for, the one typed last at the end:
// it may be the beginning of a word.
func askedOf(s string) []string { return names.Asked(s) }
