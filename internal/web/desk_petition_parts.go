package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// petitionForm is what a form about a petition offers besides what is typed.
type petitionForm struct {
	viewer access.Viewer
	lang   *lang.Printer
	rec    *record.Petition
	// people are the accounts that can own a petition or approve for an initiator.
	people []casework.Account
}

// petitionPart is one form about a petition. Its parts are saved one by one, so
// that two people can work on one petition and a telephone can show a form.
type petitionPart struct {
	name  string // in addresses, and "desk.petition.NAME" in the catalogue
	specs func(petitionForm) []spec
	rows  *rowSpecs
	fill  func(blank, *record.Petition)
	apply func(typed, *record.Petition)
}

// petitionParts lists the forms in the order in which tabs show them. The texts
// have a page of their own.
func petitionParts() []petitionPart {
	return []petitionPart{addresseesPart(), basesPart(), demandsPart(), initiatorsPart(), termsPart()}
}

func petitionPartOf(name string) (petitionPart, bool) {
	for _, part := range petitionParts() {
		if part.name == name {
			return part, true
		}
	}
	return petitionPart{}, false
}

func (part petitionPart) values(p *record.Petition) url.Values {
	b := blank{url.Values{}}
	part.fill(b, p)
	return b.Values
}

// row begins a line of a record and returns how its fields are named.
func (b blank) row(key string, depth int) func(string) string {
	row := strconv.Itoa(len(b.Values["row"]))
	b.Add("row", row)
	b.Set(rowField(row, "depth"), strconv.Itoa(depth))
	b.Set(rowField(row, "key"), key)
	return func(name string) string { return rowField(row, name) }
}

// key returns the short name of a line, made of its English words where it has
// none.
func (t typed) key(row, words string, taken map[string]bool) string {
	return rowKey(*t.f, row, words, taken)
}

// takenKeys are the short names that lines have already.
func takenKeys(f Form) map[string]bool {
	taken := map[string]bool{}
	for _, row := range rowsOf(f) {
		if key := f.Get(rowField(row, "key")); key != "" {
			taken[key] = true
		}
	}
	return taken
}

// firstText is the English text of a line's field, or the first one.
func firstText(f Form, name string) string {
	for i, tag := range f.Values[name+".lang"] {
		if texts := f.Values[name+".text"]; primary(tag) == "en" && i < len(texts) && strings.TrimSpace(texts[i]) != "" {
			return strings.TrimSpace(texts[i])
		}
	}
	for _, words := range f.Values[name+".text"] {
		if words = strings.TrimSpace(words); words != "" {
			return words
		}
	}
	return ""
}

func wordsIn(field string) func(Form, string) string {
	return func(f Form, row string) string { return firstText(f, rowField(row, field)) }
}

func addresseesPart() petitionPart {
	return petitionPart{
		name: "addressees",
		rows: &rowSpecs{
			word: "petition.addressee", words: wordsIn("office"),
			specs: func(petitionForm) []spec {
				return []spec{
					{Name: "office", Word: "petition.office", Input: inTexts},
					{Name: "holder", Word: "petition.holder", Input: inTexts},
					{Name: "held_on", Word: "petition.held_on", Input: inPlain, Short: true},
					{Fold: true, Name: "country", Word: "petition.country", Input: inLine, Short: true},
					{Fold: true, Name: "lang", Word: "petition.letter_lang", Input: inLine, Short: true},
					{Fold: true, Name: "party", Word: "petition.party", Input: inPick, Kinds: []record.Kind{record.KindParty}},
					{Fold: true, Name: "how_reply", Word: "petition.how_reply", Input: inAreas},
				}
			},
		},
		fill: func(b blank, p *record.Petition) {
			for _, a := range p.Addressees {
				in := b.row(a.Key, 0)
				b.texts(in("office"), a.Office)
				b.texts(in("holder"), a.Holder)
				b.date(in("held_on"), a.HeldOn)
				b.Set(in("country"), a.Country)
				b.Set(in("lang"), a.Lang)
				addIDs(b, in("party"), record.KindParty, []record.PartyID{a.Party})
				b.texts(in("how_reply"), a.HowReply)
			}
		},
		apply: func(t typed, p *record.Petition) {
			had := map[string]record.Addressee{}
			for _, a := range p.Addressees {
				had[a.Key] = a
			}
			taken := takenKeys(*t.f)
			p.Addressees = nil
			for _, row := range rowsOf(*t.f) {
				key := t.key(row, firstText(*t.f, rowField(row, "office")), taken)
				a := had[key]
				a.Key, a.Office, a.Holder = key, t.texts(rowField(row, "office")), t.texts(rowField(row, "holder"))
				a.HeldOn = keepWhen(a.HeldOn, t.date(rowField(row, "held_on"), noDate))
				a.Country, a.Lang = upper(t.line(rowField(row, "country"))), t.line(rowField(row, "lang"))
				a.Party = record.PartyID(t.ref(rowField(row, "party")).ID)
				a.HowReply = t.texts(rowField(row, "how_reply"))
				t.needs(row, "office", a.Office)
				p.Addressees = append(p.Addressees, a)
			}
			dropAddressees(p)
		},
	}
}

// needs notes that a line lacks its words. Validation would say so too, but not
// of which line.
func (t typed) needs(row, field string, words record.Text) {
	if words.IsZero() {
		t.f.Add(t.l, rowField(row, field), "invalid.required")
	}
}

// dropAddressees takes a removed addressee out of the demands made of it.
func dropAddressees(p *record.Petition) {
	var drop func([]record.PetitionDemand)
	drop = func(ds []record.PetitionDemand) {
		for i := range ds {
			ds[i].Addressee = slices.DeleteFunc(slices.Clone(ds[i].Addressee), func(key string) bool {
				return !slices.ContainsFunc(p.Addressees, func(a record.Addressee) bool { return a.Key == key })
			})
			drop(ds[i].Parts)
		}
	}
	drop(p.Demands)
}

func basesPart() petitionPart {
	return petitionPart{
		name: "bases",
		rows: &rowSpecs{
			word: "petition.basis", words: wordsIn("instrument"),
			specs: func(c petitionForm) []spec {
				return []spec{
					{Name: "instrument", Word: "petition.instrument", Input: inTexts},
					{Name: "article", Word: "petition.article", Input: inLine, Short: true},
					{Name: "state", Word: "petition.state", Input: inLine, Short: true},
					{Name: "in_force", Word: "petition.in_force", Input: inPlain, Short: true},
					{Name: "duty", Word: "petition.duty", Input: inAreas},
					{Fold: true, Name: "reserved", Word: "petition.reserved", Input: inAreas},
					{Fold: true, Name: "demands", Word: "petition.bears_on", Input: inChecks, Options: c.onDemands},
					{Fold: true, Name: "sources", Word: "petition.sources", Input: inPicks, Kinds: []record.Kind{record.KindSource}},
				}
			},
		},
		fill: func(b blank, p *record.Petition) {
			for _, l := range p.Bases {
				in := b.row(l.Key, 0)
				b.texts(in("instrument"), l.Instrument)
				b.Set(in("article"), l.Article)
				b.Set(in("state"), l.State)
				b.date(in("in_force"), l.InForce)
				b.texts(in("duty"), l.Duty)
				b.texts(in("reserved"), l.Reserved)
				b.Values[in("demands")] = l.Demands
				addIDs(b, in("sources"), record.KindSource, l.Sources)
			}
		},
		apply: func(t typed, p *record.Petition) {
			had := map[string]record.LegalBasis{}
			for _, l := range p.Bases {
				had[l.Key] = l
			}
			taken := takenKeys(*t.f)
			p.Bases = nil
			for _, row := range rowsOf(*t.f) {
				key := t.key(row, firstText(*t.f, rowField(row, "instrument")), taken)
				l := had[key]
				l.Key, l.Instrument, l.Article = key, t.texts(rowField(row, "instrument")), t.line(rowField(row, "article"))
				l.State = upper(t.line(rowField(row, "state")))
				l.InForce = keepWhen(l.InForce, t.date(rowField(row, "in_force"), noDate))
				l.Duty, l.Reserved = t.texts(rowField(row, "duty")), t.texts(rowField(row, "reserved"))
				l.Demands = t.f.Values[rowField(row, "demands")]
				l.Sources = idsOf[record.SourceID](t.refs(rowField(row, "sources")))
				t.needs(row, "instrument", l.Instrument)
				p.Bases = append(p.Bases, l)
			}
		},
	}
}

// onDemands offers the demands that a legal basis can bear on.
func (c petitionForm) onDemands(l *lang.Printer) []option {
	var out []option
	for _, d := range flatDemands(c.rec.Demands) {
		out = append(out, option{d.Key, legend(l, "petition.demand", d.number, d.Text.In(l.Tag()).Text)})
	}
	return out
}

func (c petitionForm) onAddressees(l *lang.Printer) []option {
	var out []option
	for _, a := range c.rec.Addressees {
		out = append(out, option{a.Key, a.Office.In(l.Tag()).Text})
	}
	return out
}

// onPeople offers accounts, with none as the first choice.
func (c petitionForm) onPeople(*lang.Printer) []option {
	out := []option{{"", "—"}}
	for _, a := range c.people {
		name := a.Name
		if name == "" {
			name = a.Email
		}
		out = append(out, option{string(a.ID), name})
	}
	return out
}

// flatDemand is a demand with where it stands.
type flatDemand struct {
	record.PetitionDemand
	depth  int
	number string
}

// flatDemands lists demands with their parts behind each.
func flatDemands(ds []record.PetitionDemand) []flatDemand {
	var out []flatDemand
	var walk func([]record.PetitionDemand, int)
	walk = func(ds []record.PetitionDemand, depth int) {
		for _, d := range ds {
			out = append(out, flatDemand{PetitionDemand: d, depth: depth})
			walk(d.Parts, depth+1)
		}
	}
	walk(ds, 0)
	depths := make([]int, len(out))
	for i, d := range out {
		depths[i] = d.depth
	}
	for i, n := range numbered(depths) {
		out[i].number = n
	}
	return out
}

func demandsPart() petitionPart {
	return petitionPart{
		name: "demands",
		rows: &rowSpecs{
			word: "petition.demand", nested: true, words: wordsIn("text"),
			specs: func(c petitionForm) []spec {
				return []spec{
					{Name: "text", Word: "petition.demand_text", Input: inAreas},
					{Fold: true, Name: "addressee", Word: "petition.asked_of", Input: inChecks, Options: c.onAddressees},
					{Fold: true, Name: "deadline", Word: "petition.deadline", Input: inPlain, Short: true},
					{Fold: true, Name: "personal", Word: "petition.personal", Input: inCheck},
					{Fold: true, Name: "claims", Word: "petition.demand_claims", Input: inPicks, Kinds: []record.Kind{record.KindClaim}},
				}
			},
		},
		fill: func(b blank, p *record.Petition) {
			for _, d := range flatDemands(p.Demands) {
				in := b.row(d.Key, d.depth)
				b.texts(in("text"), d.Text)
				b.Values[in("addressee")] = d.Addressee
				b.date(in("deadline"), d.Deadline)
				b.check(in("personal"), d.Personal)
				addIDs(b, in("claims"), record.KindClaim, d.Claims)
			}
		},
		apply: func(t typed, p *record.Petition) {
			had := map[string]record.PetitionDemand{}
			for _, d := range flatDemands(p.Demands) {
				had[d.Key] = d.PetitionDemand
			}
			taken := takenKeys(*t.f)
			var flat []flatDemand
			for _, row := range rowsOf(*t.f) {
				key := t.key(row, firstText(*t.f, rowField(row, "text")), taken)
				d := had[key]
				d.Key, d.Parts = key, nil
				d.Text, d.Addressee = t.texts(rowField(row, "text")), t.f.Values[rowField(row, "addressee")]
				d.Deadline = keepWhen(d.Deadline, t.date(rowField(row, "deadline"), noDate))
				d.Personal = t.check(rowField(row, "personal"))
				d.Claims = idsOf[record.ClaimID](t.refs(rowField(row, "claims")))
				t.needs(row, "text", d.Text)
				flat = append(flat, flatDemand{PetitionDemand: d, depth: depthOf(*t.f, row)})
			}
			p.Demands, _ = nested(flat, 0)
			dropDemands(p)
		},
	}
}

// nested makes a tree of a list with depths and returns what is left of the list.
func nested(flat []flatDemand, depth int) (ds []record.PetitionDemand, rest []flatDemand) {
	for len(flat) > 0 && flat[0].depth >= depth {
		d := flat[0].PetitionDemand
		flat = flat[1:]
		d.Parts, flat = nested(flat, depth+1)
		ds = append(ds, d)
	}
	return ds, flat
}

// dropDemands takes a removed demand out of the legal bases that bear on it.
func dropDemands(p *record.Petition) {
	keys := map[string]bool{}
	for _, d := range flatDemands(p.Demands) {
		keys[d.Key] = true
	}
	for i, l := range p.Bases {
		p.Bases[i].Demands = slices.DeleteFunc(slices.Clone(l.Demands), func(key string) bool { return !keys[key] })
	}
}

func initiatorsPart() petitionPart {
	return petitionPart{
		name: "initiators",
		rows: &rowSpecs{
			word: "petition.initiator", words: wordsIn("name"),
			specs: func(c petitionForm) []spec {
				return []spec{
					{Name: "name", Word: "petition.name", Input: inTexts},
					{Name: "capacity", Word: "petition.capacity", Input: inTexts},
					{Fold: true, Name: "party", Word: "petition.party", Input: inPick, Kinds: []record.Kind{record.KindParty}},
					{Name: "account", Word: "petition.account", Input: inChoice, Options: c.onPeople},
					{Name: "original", Word: "petition.original_signatory", Input: inCheck},
				}
			},
		},
		fill: func(b blank, p *record.Petition) {
			for _, i := range p.Initiators {
				in := b.row(i.Key, 0)
				b.texts(in("name"), i.Name)
				b.texts(in("capacity"), i.Capacity)
				addIDs(b, in("party"), record.KindParty, []record.PartyID{i.Party})
				b.Set(in("account"), string(i.Account))
				b.check(in("original"), i.Original)
			}
		},
		apply: func(t typed, p *record.Petition) {
			taken := takenKeys(*t.f)
			p.Initiators = nil
			for _, row := range rowsOf(*t.f) {
				i := record.Initiator{
					Key: t.key(row, firstText(*t.f, rowField(row, "name")), taken), Name: t.texts(rowField(row, "name")),
					Capacity: t.texts(rowField(row, "capacity")), Party: record.PartyID(t.ref(rowField(row, "party")).ID),
					Account: record.UserID(t.line(rowField(row, "account"))), Original: t.check(rowField(row, "original")),
				}
				t.needs(row, "name", i.Name)
				p.Initiators = append(p.Initiators, i)
			}
			p.Approvals = slices.DeleteFunc(slices.Clone(p.Approvals), func(a record.Approval) bool {
				return !slices.ContainsFunc(p.Initiators, func(i record.Initiator) bool { return i.Key == a.Initiator })
			})
		},
	}
}

// instantForm is how instants are typed, in UTC.
const instantForm = "2006-01-02 15:04"

// moment reads an instant in UTC, 0 where the field is blank.
func (t typed) moment(name string) int64 {
	s := strings.Replace(t.line(name), "T", " ", 1)
	if s == "" {
		return 0
	}
	for _, layout := range []string{instantForm, "2006-01-02"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UnixMicro()
		}
	}
	t.f.Add(t.l, name, "invalid.moment", "value", s)
	return 0
}

// termsPart is who signs, how the count moves and what is kept of it.
func termsPart() petitionPart {
	return petitionPart{
		name: "terms",
		specs: func(c petitionForm) []spec {
			return []spec{
				{Name: "tags", Word: "petition.tags", Input: inLine},
				{Name: "subject", Word: "petition.subject", Input: inPicks, Kinds: []record.Kind{record.KindEvent, record.KindTotal}},
				{Name: "original", Word: "petition.original", Input: inPick, Kinds: []record.Kind{record.KindSource}},
				{Name: "signers", Word: "petition.signers", Input: inChoice, Options: optionsOf("desk.petition.signers.", false, record.SignPeople, record.SignOrganisations, record.SignBoth), Group: "petition_signing"},
				{Name: "household", Word: "petition.household", Input: inCheck},
				{Name: "goals", Word: "petition.goals", Input: inLine},
				{Name: "pace", Word: "petition.pace", Input: inChoice, Options: optionsOf("desk.petition.pace.", false, record.PaceSteps, record.PaceLive), Group: "petition_safety"},
				{Name: "recipients", Word: "petition.recipients", Input: inArea},
				{Name: "keep_days", Word: "petition.keep_days", Input: inLine},
				{Name: "slug", Input: inLine, Group: "keeping"},
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, p *record.Petition) {
			b.Set("tags", strings.Join(p.Tags, " "))
			for _, ref := range p.Subject {
				b.Add("subject", refText(ref))
			}
			addIDs(b, "original", record.KindSource, []record.SourceID{p.Original})
			b.Set("signers", string(p.Signers))
			b.check("household", p.Household)
			var goals []string
			for _, g := range p.Goals {
				goals = append(goals, strconv.Itoa(g))
			}
			b.Set("goals", strings.Join(goals, " "))
			b.Set("pace", string(p.Pace))
			b.Set("recipients", strings.Join(p.Recipients, "\n"))
			b.Set("keep_days", strconv.Itoa(p.KeepDays))
			b.Set("slug", p.Slug)
			b.Set("note", p.Note)
		},
		apply: func(t typed, p *record.Petition) {
			p.Tags = strings.Fields(t.line("tags"))
			p.Subject, p.Original = t.refs("subject"), record.SourceID(t.ref("original").ID)
			p.Signers, p.Household = record.Signers(t.line("signers")), t.check("household")
			p.Goals = t.goals("goals")
			p.Pace, p.Recipients = record.Pace(t.line("pace")), strings.Fields(t.words("recipients"))
			if n := t.number("keep_days"); n != nil {
				p.KeepDays = int(min(max(*n, -1), record.MaxKeepDays+1))
			}
			p.Slug, p.Note = t.line("slug"), t.words("note")
		},
	}
}

// goals reads ascending numbers apart by spaces or commas.
func (t typed) goals(name string) []int {
	var out []int
	for _, word := range strings.FieldsFunc(t.line(name), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '،' }) {
		n, err := strconv.Atoi(word)
		if err != nil {
			t.f.Add(t.l, name, "invalid.number")
			return nil
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
