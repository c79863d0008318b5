package web

import (
	"html/template"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// frameFacts says what a total's frame covers; what is left open is not listed.
func frameFacts(l *lang.Printer, f record.Frame, links casework.Links) []Fact {
	var out []Fact
	add := func(key string, words ...template.HTML) {
		if len(words) > 0 && words[0] != "" {
			out = append(out, Fact{l.T(key), words})
		}
	}
	parties := func(ids ...record.PartyID) []template.HTML {
		var names []template.HTML
		for _, id := range ids {
			if k, ok := links[record.Ref{Kind: record.KindParty, ID: string(id)}]; ok && id != "" {
				names = append(names, linked(l, k))
			}
		}
		return names
	}
	add("event.whom", parties(f.Communities...)...)
	add("event.said_to_have", parties(f.Perpetrators...)...)
	add("total.authority", parties(f.Authority)...)
	var where []string
	if f.Place != "" {
		where = append(where, titled(f.Place))
	}
	if f.Country != "" {
		where = append(where, countryName(l, f.Country))
	}
	if len(where) > 0 {
		add("event.where", escape(commas(l, where)))
	}
	if f.Period != "" {
		add("event.when", escape(l.Date(f.Period)))
	}
	var types []string
	for _, t := range f.Types {
		types = append(types, l.T("event.type."+string(t)))
	}
	if len(types) > 0 {
		add("filter.kind", escape(l.List(types)))
	}
	return out
}

// claimTopic names what a claim is about.
func claimTopic(l *lang.Printer, c *record.Claim) string {
	switch c.Kind {
	case record.KindMeasure:
		return l.T("measure." + string(c.Measure))
	case record.KindAttribute:
		return l.T("attribute." + string(c.Attribute))
	}
	return l.T("said." + string(c.Stance))
}
