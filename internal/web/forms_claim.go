package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// claimKind is the quick form in use: numbers, properties or statements.
func claimKind(f Form) record.ClaimKind {
	for _, name := range []string{"kind_to", "kind"} {
		switch k := record.ClaimKind(f.Get(name)); k {
		case record.KindMeasure, record.KindAttribute, record.KindStatement:
			return k
		}
	}
	return record.KindMeasure
}

// claimSpecs lists the fields of a claim of a kind. others are the source's
// claims, which a new one can replace.
func claimSpecs(c formContext, kind record.ClaimKind, others []casework.DeskClaim, fresh bool) []spec {
	var out []spec
	switch kind {
	case record.KindMeasure:
		out = append(out,
			spec{Name: "measure", Input: inChoice, Options: optionsOf("measure.", false, record.Measures()...), Short: true},
			spec{Name: "operator", Input: inChoice, Options: optionsOf("operator.", false, record.Operators()...), Short: true},
			spec{Name: "low", Word: "number", Input: inLine, Short: true},
			spec{Name: "high", Word: "number_to", Input: inLine, Short: true},
			spec{Name: "words", Input: inLine},
		)
	case record.KindAttribute:
		out = append(out,
			spec{Name: "attribute", Input: inChoice, Options: optionsOf("attribute.", false, record.Attributes()...), Short: true},
			spec{Name: "value", Input: inLine},
			spec{Name: "value.ref", Word: "value_ref", Input: inPick, Kinds: []record.Kind{record.KindParty, record.KindPerson, record.KindEvent}},
			spec{Name: "value.when", Word: "value_when", Input: inDate},
			spec{Name: "value.where", Word: "value_where", Input: inPlace, Group: "value_where", Fold: true},
		)
	case record.KindStatement:
		out = append(out,
			spec{Name: "topic", Input: inLine},
			spec{Name: "stance", Input: inChoice, Options: optionsOf("stance.", false, record.Stances()...), Short: true},
			spec{Name: "statement", Input: inAreas},
		)
	}
	out = append(out, spec{
		Name: "subject", Input: inPick, Group: "subject",
		Kinds: []record.Kind{record.KindEvent, record.KindPerson, record.KindParty, record.KindTotal, record.KindSource, record.KindTie},
	})
	if fresh {
		out = append(out,
			spec{Name: "new_event.title", Word: "new_event", Input: inLine, Group: "new_event", Fold: true},
			spec{Name: "new_event.type", Word: "type", Input: inChoice, Options: optionsOf("event.type.", false, record.EventTypes()...), Short: true},
			spec{Name: "new_event.status", Word: "status", Input: inChoice, Options: optionsOf("event.status.", false, record.Held, record.Planned, record.Cancelled), Short: true},
			spec{Name: "new_event.when", Word: "when", Input: inPlain, Short: true},
			spec{Name: "new_event.town", Word: "place.town", Input: inLine, Short: true},
			spec{Name: "new_event.country", Word: "country", Input: inLine, Short: true},
		)
	}
	out = append(out,
		spec{Name: "as_of", Input: inDate, Group: "who_when", Fold: true},
		spec{Name: "attributed_to", Input: inLine},
		spec{Name: "attributed.party", Word: "attributed_party", Input: inPick, Kinds: []record.Kind{record.KindParty}},
		spec{Name: "attributed.person", Word: "attributed_person", Input: inPick, Kinds: []record.Kind{record.KindPerson}},
		spec{Name: "attributed.unattributed", Word: "unattributed", Input: inCheck},
	)
	if kind == record.KindMeasure {
		out = append(out,
			spec{Name: "form", Input: inChoice, Options: optionsOf("claim.form.", false, record.Incident, record.Component, record.Aggregate, record.NamedList), Short: true, Group: "scope", Fold: true},
			spec{Name: "scope", Word: "area", Input: inChoice, Options: optionsOf("scope.area.", true, areas...), Short: true},
			spec{Name: "scope.place", Word: "folded_place", Input: inLine, Short: true},
			spec{Name: "scope.period", Word: "period", Input: inLine, Short: true},
			spec{Name: "scope.counted", Word: "counted", Input: inChoice, Options: optionsOf("scope.counted.", true, record.CountedAll, record.CountedCivilians, record.CountedGroup, record.CountedWomen, record.CountedChildren, record.CountedForces, record.CountedForeign, record.CountedSideA, record.CountedSideB, record.CountedUnknown), Short: true},
			spec{Name: "scope.attackers", Word: "attackers", Input: inChoice, Options: optionsOf("scope.attackers.", true, record.AttackersIncluded, record.AttackersExcluded), Short: true},
			spec{Name: "scope.printed", Word: "scope_printed", Input: inLine},
			spec{Name: "unit", Input: inLine, Short: true},
		)
	}
	replaced := func(*lang.Printer) []option {
		var opts []option
		for _, o := range others {
			if o.Claim.ID != claimID(c.rec) {
				opts = append(opts, option{string(o.Claim.ID), claimWords(c.lang, o.Claim)})
			}
		}
		return opts[:min(len(opts), 200)]
	}
	return append(out,
		spec{Name: "supersedes", Input: inChecks, Options: replaced, Group: "origin", Fold: true},
		spec{Name: "derived_from", Input: inPicks, Kinds: []record.Kind{record.KindSource, record.KindClaim}},
		spec{Name: "language", Input: inLine, Short: true},
		spec{Name: "reliability", Input: inChoice, Options: reliabilities, Short: true},
		spec{Name: "visibility", Input: inChoice, Options: c.visibilities(), Short: true, Group: "keeping", Fold: true},
		spec{Name: "note", Input: inArea},
	)
}

func claimID(rec record.Record) record.ClaimID {
	if c, ok := rec.(*record.Claim); ok {
		return c.ID
	}
	return ""
}

// fillClaim writes a claim into a form's values.
func fillClaim(c *record.Claim) url.Values {
	b := blank{url.Values{}}
	b.Set("kind", string(c.Kind))
	b.Set("subject", refText(c.Subject))
	b.Set("measure", string(c.Measure))
	b.Set("form", string(c.Form))
	b.Set("operator", string(c.Operator))
	low, high := c.Low, c.High
	switch {
	case c.Operator == record.MoreThan && low != nil:
		n := *low - 1
		low = &n
	case c.Operator == record.LessThan && high != nil:
		n := *high + 1
		low, high = &n, nil
	case c.Operator == record.AtMost:
		low, high = high, nil
	case c.Operator == record.Exact || c.Operator == record.About:
		high = nil
	}
	b.number("low", low)
	b.number("high", high)
	b.Set("words", c.Words)
	b.Set("unit", c.Unit)
	b.Set("scope", string(c.Scope.Area))
	b.Set("scope.place", c.Scope.Place)
	b.Set("scope.period", c.Scope.Period)
	b.Set("scope.counted", string(c.Scope.Counted))
	b.Set("scope.attackers", string(c.Scope.Attackers))
	b.Set("scope.printed", c.ScopePrinted)
	b.Set("attribute", string(c.Attribute))
	b.Set("value", c.Value.Text)
	b.Set("value.ref", refText(c.Value.Ref))
	b.date("value.when", c.Value.When)
	b.place("value.where", c.Value.Place)
	b.Set("topic", c.Topic)
	b.Set("stance", string(c.Stance))
	b.texts("statement", c.Statement)
	b.date("as_of", c.AsOf)
	b.Set("attributed_to", c.AttributedTo.Text)
	addIDs(b, "attributed.party", record.KindParty, []record.PartyID{c.AttributedTo.Party})
	addIDs(b, "attributed.person", record.KindPerson, []record.PersonID{c.AttributedTo.Person})
	b.check("attributed.unattributed", c.AttributedTo.Unattributed)
	addClaims(b, "supersedes", c.Supersedes)
	for _, ref := range c.DerivedFrom {
		b.Add("derived_from", refText(ref))
	}
	b.Set("language", c.Language)
	b.Set("reliability", c.Reliability)
	b.Set("visibility", string(c.Visibility))
	b.Set("note", c.Note)
	b.Set("locator", c.Passage.Locator)
	for _, s := range c.Passage.Segments {
		b.Add("seg", segmentText(s))
	}
	return b.Values
}

// applyClaim reads a form into a claim of the kind.
func applyClaim(t typed, c *record.Claim, kind record.ClaimKind, src *record.Source, others []casework.DeskClaim) {
	c.Kind = kind
	if ref := t.ref("subject"); !ref.IsZero() {
		c.Subject = ref
	} else if t.line("new_event.title") == "" {
		c.Subject = record.Ref{}
	}
	if kind == record.KindMeasure {
		t.measure(c)
	} else {
		c.Measure, c.Form, c.Operator, c.Low, c.High, c.Best, c.Unit, c.Words, c.Role = "", "", "", nil, nil, nil, "", "", ""
		c.Scope, c.ScopePrinted = record.Scope{}, ""
	}
	if kind == record.KindAttribute {
		c.Attribute = record.Attribute(t.line("attribute"))
		c.Value = record.Value{
			Text: t.line("value"), Ref: t.ref("value.ref"), When: t.dateAgain("value.when", c.Value.When, src.Published.Date), Place: t.place("value.where"),
		}
	} else {
		c.Attribute, c.Value = "", record.Value{}
	}
	if kind == record.KindStatement {
		c.Topic, c.Stance, c.Statement = t.line("topic"), record.Stance(t.line("stance")), t.texts("statement")
	} else {
		c.Topic, c.Stance, c.Statement = "", "", nil
	}
	c.AsOf = t.dateAgain("as_of", c.AsOf, src.Published.Date)
	c.AttributedTo = record.Attribution{
		Text: t.line("attributed_to"), Party: record.PartyID(t.ref("attributed.party").ID), Person: record.PersonID(t.ref("attributed.person").ID),
		Unattributed: t.check("attributed.unattributed"),
	}
	c.DerivedFrom = t.refs("derived_from")
	had := c.Supersedes
	c.Supersedes = nil
	for _, id := range t.f.Values["supersedes"] {
		known := slices.ContainsFunc(others, func(o casework.DeskClaim) bool { return string(o.Claim.ID) == id })
		if (known || slices.Contains(had, record.ClaimID(id))) && !slices.Contains(c.Supersedes, record.ClaimID(id)) {
			c.Supersedes = append(c.Supersedes, record.ClaimID(id))
		}
	}
	c.Language, c.Reliability, c.Note = t.line("language"), t.line("reliability"), t.words("note")
	c.Visibility = record.Visibility(t.line("visibility"))
}

// measure reads the number and its scope.
func (t typed) measure(c *record.Claim) {
	c.Measure, c.Form, c.Unit = record.Measure(t.line("measure")), record.Form(t.line("form")), strings.ToUpper(t.line("unit"))
	if c.Form == "" {
		c.Form = record.Incident
	}
	c.Words, c.ScopePrinted = t.line("words"), t.line("scope.printed")
	if c.Role == "" {
		c.Role = record.Reported
	}
	c.Scope = record.Scope{
		Area: record.Area(t.line("scope")), Place: t.line("scope.place"), Period: t.line("scope.period"),
		Counted: record.Counted(t.line("scope.counted")), Attackers: record.Attackers(t.line("scope.attackers")),
	}
	op := record.Operator(t.line("operator"))
	low, high := t.number("low"), t.number("high")
	if c.Role.Compiled() && op == record.Between {
		c.Operator, c.Low, c.High = op, low, high
		return
	}
	switch op {
	case record.InWords, record.Superlative, record.Trend, record.Proportion:
		c.Operator, c.Low, c.High, c.Best = op, low, high, nil
	case record.Between:
		c.Operator, c.Low, c.High, c.Best = op, low, high, nil
	case record.Exact, record.About, record.AtLeast, record.MoreThan, record.AtMost, record.LessThan:
		c.Operator, c.Low, c.High, c.Best = op, nil, nil, nil
		switch {
		case low == nil:
			if !t.f.Wrong("low") {
				t.f.Add(t.l, "low", "invalid.required")
			}
			c.Bounds(op, 0, 0) // a stand-in: the form is refused, and for this alone
		case high != nil:
			t.f.Add(t.l, "high", "invalid.one_number")
		default:
			c.Bounds(op, *low, 0)
		}
	default:
		c.Operator = op
	}
}

// segmentText writes a segment as a form's value: "12-45" for words at a place
// in the copy, "+words" for inserted ones, "=words" where no place is known.
func segmentText(s record.Segment) string {
	switch {
	case s.Inserted:
		return "+" + s.Exact
	case s.End > 0:
		return span{s.Start, s.End}.String()
	}
	return "=" + s.Exact
}

// segmentView is a segment of the passage being made.
type segmentView struct {
	Value, Text   string
	Before, After string
	Inserted      bool
}

// errUnfound and errAmbiguous say why words could not be placed in the copy.
var (
	errUnfound   = errors.New("words are not in the copy")
	errAmbiguous = errors.New("words are in the copy more than once")
)

// readPassage reads the segments chosen so far and places newly given words. When
// those stand in several places, the places come back as choices. held says that
// there is a copy with text.
func (t typed) readPassage(text []rune, held bool) (segments []record.Segment, choices []segmentView) {
	for _, value := range t.f.Values["seg"] {
		if s, ok := parseSegment(value, text, held); ok {
			segments = append(segments, s)
		}
	}
	quote := t.f.Get("quote")
	if utf8.RuneCountInString(quote) > maxQuote {
		t.f.Add(t.l, "quote", "invalid.long", "limit", maxQuote)
	} else if quote != "" {
		s, places, err := placeWords(quote, t.f.Get("start"), t.f.Get("end"), text, held)
		switch {
		case errors.Is(err, errUnfound):
			t.f.Add(t.l, "quote", "invalid.not_found")
		case errors.Is(err, errAmbiguous):
			t.f.Add(t.l, "quote", "invalid.ambiguous", "n", len(places))
			for _, p := range places {
				choices = append(choices, viewSegment(p))
			}
		default:
			if !slices.ContainsFunc(segments, func(o record.Segment) bool { return segmentText(o) == segmentText(s) }) {
				segments = append(segments, s)
			}
			quote = ""
		}
	}
	t.f.Values.Set("quote", quote)
	if words := t.f.Get("insert"); words != "" {
		segments = append(segments, record.Segment{Exact: words, Inserted: true})
		t.f.Values.Del("insert")
	}
	t.f.Values.Del("seg")
	for _, s := range segments {
		t.f.Values.Add("seg", segmentText(s))
	}
	return segments, choices
}

func parseSegment(value string, text []rune, held bool) (record.Segment, bool) {
	if words, ok := strings.CutPrefix(value, "+"); ok && words != "" {
		return record.Segment{Exact: words, Inserted: true}, true
	}
	if words, ok := strings.CutPrefix(value, "="); ok && words != "" {
		return record.Segment{Exact: words}, true
	}
	if s, ok := parseSpan(value, len(text)); ok && held {
		return segmentAt(text, s.start, s.end), true
	}
	return record.Segment{}, false
}

// placeWords finds where words stand. The script says where it took them from;
// that is believed when the words are there.
func placeWords(words, start, end string, text []rune, held bool) (record.Segment, []record.Segment, error) {
	if !held {
		return record.Segment{Exact: strings.Join(strings.Fields(words), " ")}, nil, nil
	}
	found := findWords(text, words)
	if a, err := strconv.Atoi(start); err == nil {
		for _, s := range found {
			if s.Start == a {
				return s, nil, nil
			}
		}
		if s, ok := parseSpan(start+"-"+end, len(text)); ok {
			if seg := segmentAt(text, s.start, s.end); sameWords(seg.Exact, words) {
				return seg, nil, nil
			}
		}
	}
	switch len(found) {
	case 0:
		return record.Segment{}, nil, errUnfound
	case 1:
		return found[0], nil, nil
	}
	return record.Segment{}, found, errAmbiguous
}

func sameWords(a, b string) bool {
	return slices.Equal(strings.Fields(a), strings.Fields(b))
}

func viewSegment(s record.Segment) segmentView {
	return segmentView{Value: segmentText(s), Text: s.Exact, Before: s.Prefix, After: s.Suffix, Inserted: s.Inserted}
}
