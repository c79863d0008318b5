package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// shared returns the parts that a demand and a commitment share.
func shared(rec record.Record) (due *record.Due, plan *record.Plan, steps *[]record.Step) {
	switch o := rec.(type) {
	case *record.Demand:
		return &o.Due, &o.Plan, &o.Steps
	case *record.Commitment:
		return &o.Due, &o.Plan, &o.Steps
	}
	return nil, nil, nil
}

// duePart is until when it is to be done.
func duePart() followPart {
	return followPart{
		name:  "due",
		specs: func(followForm) []spec { return dueSpecs("due", "due", false) },
		fill: func(b blank, rec record.Record) {
			due, _, _ := shared(rec)
			b.due("due", *due)
		},
		apply: func(t typed, rec record.Record) {
			due, _, _ := shared(rec)
			*due = t.due("due", *due, countriesOf(rec)...)
		},
	}
}

// folded is a part behind its heading until something is in it.
func folded(part followPart) followPart {
	specs := part.specs
	part.specs = func(c followForm) []spec {
		out := specs(c)
		for i := range out {
			out[i].Fold = true
		}
		return out
	}
	return part
}

// countriesOf lists the countries in which those sit who are to do something,
// and the zones that were given for them.
func countriesOf(rec record.Record) []zoned {
	var out []zoned
	switch o := rec.(type) {
	case *record.Demand:
		for _, a := range o.Addressees {
			out = append(out, zoned{a.Country, a.Zone})
		}
	case *record.Commitment:
		for _, p := range o.By {
			out = append(out, zoned{p.Country, ""})
		}
	}
	return out
}

// planPart asks with which ready-made steps to begin.
func planPart() followPart {
	return followPart{
		name: "plan",
		specs: func(followForm) []spec {
			return []spec{{Name: "plan", Word: "follow.plan", Input: inChoice, Group: "follow_plan", Options: optionsOf("desk.follow.plan.", true, record.Plans()...)}}
		},
		fill: func(b blank, rec record.Record) {
			_, plan, _ := shared(rec)
			b.Set("plan", string(*plan))
		},
		apply: func(t typed, rec record.Record) {
			_, plan, _ := shared(rec)
			*plan = record.Plan(t.line("plan"))
		},
	}
}

// stepsPart is what has to happen, checkable one by one.
func stepsPart() followPart {
	return followPart{
		name: "steps",
		rows: &followRows{
			field: "steps", word: "follow.step", words: func(f Form, row string) string { return firstText(f, rowField(row, "text")) }, lone: "kind",
			specs: func(c followForm) []spec {
				return append([]spec{
					{Name: "kind", Word: "follow.step_kind", Input: inChoice, Options: optionsOf("follow.step.", false, record.StepKinds()...), Short: true},
					{Name: "text", Word: "follow.step_text", Input: inAreas},
					{Name: "essential", Word: "follow.essential", Input: inCheck},
					{Name: "want", Word: "follow.want", Input: inLine, Short: true},
					{Fold: true, Name: "after", Word: "follow.after", Input: inChecks, Options: c.onSteps},
					{Fold: true, Name: "owner", Word: "follow.owner", Input: inPick, Kinds: ofParty},
				}, dueSpecs("due", "", true)...)
			},
		},
		fill: func(b blank, rec record.Record) {
			_, plan, steps := shared(rec)
			b.Set("plan", string(*plan))
			for _, x := range *steps {
				b.step(x)
			}
		},
		apply: func(t typed, rec record.Record) {
			_, plan, steps := shared(rec)
			had := *steps
			if p := record.Plan(t.line("plan")); p != "" {
				*plan = p
			}
			taken := takenKeys(*t.f)
			*steps = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				kind := record.StepKind(t.line(in("kind")))
				words := strings.ReplaceAll(string(kind), "_", "-")
				if kind == record.StepOwn {
					words = cmpOr(firstText(*t.f, in("text")), words)
				}
				x := pastRow(had, t.key(row, words, taken), func(x record.Step) string { return x.Key })
				x.Key = t.key(row, words, taken)
				if t.f.Get(in("key")) == "" {
					t.f.Values.Set(in("key"), x.Key)
				}
				x.Kind, x.Text, x.Essential = kind, t.texts(in("text")), t.check(in("essential"))
				x.Owner, x.After = record.PartyID(t.ref(in("owner")).ID), t.f.Values[in("after")]
				x.Want = 0
				if n := t.number(in("want")); n != nil {
					x.Want = *n
				}
				x.Due = t.due(in("due"), x.Due, countriesOf(rec)...)
				*steps = append(*steps, x)
			}
			// A step that was taken away comes before nothing.
			for i, x := range *steps {
				(*steps)[i].After = slices.DeleteFunc(slices.Clone(x.After), func(key string) bool {
					return !slices.ContainsFunc(*steps, func(o record.Step) bool { return o.Key == key })
				})
			}
		},
	}
}

// step adds the line of a step.
func (b blank) step(x record.Step) {
	in := b.row(x.Key, 0)
	b.Set(in("kind"), string(x.Kind))
	b.texts(in("text"), x.Text)
	b.check(in("essential"), x.Essential)
	if x.Want != 0 {
		b.Set(in("want"), strconv.FormatInt(x.Want, 10))
	}
	b.Values[in("after")] = x.After
	addIDs(b, in("owner"), record.KindParty, []record.PartyID{x.Owner})
	b.due(in("due"), x.Due)
}

// onSteps offers the steps that have a name already, by which others can come
// after them.
func (c followForm) onSteps(l *lang.Printer) []option {
	var out []option
	for _, row := range rowsOf(c.form) {
		if key := c.form.Get(rowField(row, "key")); key != "" {
			words := firstText(c.form, rowField(row, "text"))
			if words == "" {
				words = l.T("follow.step." + c.form.Get(rowField(row, "kind")))
			}
			out = append(out, option{key, shortened(words, 60)})
		}
	}
	return out
}

// planRows puts the ready-made steps of a plan behind the lines that are there,
// when the button for it was pressed. Nothing is saved by it.
func (s *Server) planRows(v *visit, f *Form) bool {
	if f.Get("act") != "plan" {
		return false
	}
	plan := record.Plan(f.Get("plan"))
	if !slices.Contains(record.Plans(), plan) {
		return true
	}
	taken := takenKeys(*f)
	// A new name for a step whose own is taken goes for those that come after it too.
	named := map[string]string{}
	for _, x := range s.following.PlanSteps(plan) {
		key := x.Key
		for n := 2; taken[key]; n++ {
			key = x.Key + "-" + strconv.Itoa(n)
		}
		taken[key], named[x.Key] = true, key
		x.Key = key
		x.After = slices.Clone(x.After)
		for i, after := range x.After {
			x.After[i] = cmpOr(named[after], after)
		}
		row := addRow(f, len(rowsOf(*f))-1, 0)
		one := blank{map[string][]string{}}
		one.step(x)
		for name, values := range one.Values {
			if rest, ok := strings.CutPrefix(name, "r0."); ok {
				f.Values[rowField(row, rest)] = values
			}
		}
	}
	return true
}
