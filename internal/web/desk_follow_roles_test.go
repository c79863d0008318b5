package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// The words that mark what is internal, and what is a draft.
const (
	internalMark = "zimmerwort"
	draftMark    = "skizzenwort"
)

// gate is what is expected at one address of the desk.
type gate struct {
	// may lists who is let in at all; whoever is signed in and not listed is refused.
	may []access.Role
	// does lists for whom a form is done; the others of may are refused when they send it.
	does []access.Role
	at   []spot
	// typed fills the form, as an admin is shown it, so that it would be done.
	typed func(url.Values)
	// form is the page with the form, where it is not at the address itself, and action where it posts.
	form func(path string) string
	// done is the status of a form that was done, 303 unless said.
	done int
	// once says that it can be done once: the others of does are told so with 400.
	once bool
	// setting says that it changes no record, and so makes no entry in the journal.
	setting bool
}

// spot is an address with the level of the record that it names. Below it there is
// nothing; from it on the page shows the mark of the record.
type spot struct {
	path  string
	level access.Level
	mark  string
	// names says that the record is only named in the address: whoever may not see it
	// gets a page that does not show it, or none.
	names bool
	// strange lists who is let in, but has nothing to do with this one, and finds nothing.
	strange []access.Role
}

// roleHouse is a house with a record of each kind that is internal, and one that is a draft.
type roleHouse struct {
	*site
	who      map[access.Role]*visitor
	id       map[record.Kind][2]string // internal, draft
	reviewed [2]string                 // assessments that nobody changes
	petition string
	feed     string
	event    string // public
	claim    record.ClaimID
}

func (m *roleHouse) fresh() string {
	m.t.Helper()
	id, err := m.house.NewID()
	if err != nil {
		m.t.Fatal(err)
	}
	return id
}

// markedHouse fills a house; everything that is not public was entered by the house itself.
func markedHouse(t *testing.T) *roleHouse {
	t.Helper()
	m := &roleHouse{site: organisedSite(t), who: map[access.Role]*visitor{}, id: map[record.Kind][2]string{}}
	m.who[access.Nobody] = &visitor{site: m.site}
	for _, role := range access.Roles() {
		m.who[role] = m.signedIn(role)
	}
	ed, admin := m.who[access.Editor], m.who[access.Admin]
	m.event = newEventOf(ed, "Sit-in at Testfall", "2021-01-03")
	m.claim = newSaid(ed, admin, m.event)
	m.petition = publishedPetition(t, m.site, ed, m.who[access.Organiser])
	if err := m.house.Publish(t.Context(), access.House(), []record.Ref{{Kind: record.KindEvent, ID: m.event}}, "test"); err != nil {
		t.Fatal(err)
	}
	var all []record.Record
	for i, level := range []record.Visibility{record.Internal, record.Draft} {
		mark := []string{internalMark, draftMark}[i]
		text := record.Plain("en", "About "+mark)
		claims := []record.ClaimID{m.claim}
		slug := func(kind string) string { return kind + "-" + mark }
		office := &record.Party{ID: record.PartyID(m.fresh()), Slug: slug("office"), Names: []record.Name{{Text: "Office " + mark, Lang: "en", Kind: record.NamePrimary}}, Kind: record.Office, Visibility: level}
		event := &record.Event{ID: record.EventID(m.fresh()), Slug: slug("event"), Title: text, Type: record.TypeProtest, Status: record.Planned, When: record.On("2030-01-01"), Visibility: level}
		demand := &record.Demand{
			ID: record.DemandID(m.fresh()), Slug: slug("demand"), Text: text, Of: event.Ref(), Made: record.On("2021-01-03"), Visibility: level,
			Addressees: []record.DemandAddressee{{Key: "office", Party: office.ID, Office: text, Country: "PK", Zone: "Asia/Karachi"}},
			Due:        record.Due{Day: "2021-02-01", Zone: "Asia/Karachi", Origin: record.DueStated, Printed: mark},
			Steps:      []record.Step{{Key: "plan", Kind: record.StepPlan, Essential: true, Text: text}}, Note: mark,
		}
		commitment := &record.Commitment{
			ID: record.CommitmentID(m.fresh()), Slug: slug("commitment"), Text: text, By: []record.Promiser{{Party: office.ID, Country: "PK"}}, In: event.ID, Made: record.On("2021-01-04"),
			Due: record.Due{Day: "2021-02-01", Zone: "Asia/Karachi", Origin: record.DueStated}, Claims: claims, Note: mark, Visibility: level,
		}
		assessment := &record.Assessment{
			ID: record.AssessmentID(m.fresh()), Of: demand.Ref(), Axis: record.AxisProgress, By: record.ByOrganisation, Progress: record.Stalled, On: "2022-01-01", Reason: text, Claims: claims,
			Review: record.Review{State: record.Suggested}, Visibility: level,
		}
		proceeding := &record.Proceeding{
			ID: record.ProceedingID(m.fresh()), Slug: slug("case"), Title: text, Events: []record.EventID{event.ID}, Claims: claims, Visibility: level,
			Steps: []record.ChainStep{{Kind: record.StepArrest, On: record.On("2022"), By: office.ID, Detail: text, Claims: claims}},
		}
		coverage := &record.Coverage{
			ID: record.CoverageID(m.fresh()), Event: record.EventID(m.event), Title: text, Collection: mark, Query: mark, Language: "en", Tool: record.ToolOther, Made: record.On("2021-02-01"),
			Days: []record.DayCount{{Day: "2021-01-03", Matched: 1, All: 10}}, Visibility: level,
		}
		calendar := &record.HolidayCalendar{ID: record.HolidayCalendarID(m.fresh()), Country: []string{"PK", "AF"}[i], Weekends: []record.Weekend{{Days: []int{0}}}, Holidays: []record.Holiday{{Day: "2022-01-05", Name: text}}, Note: mark, Visibility: level}
		reviewed := *assessment
		reviewed.ID, reviewed.On = record.AssessmentID(m.fresh()), "2022-02-02"
		m.reviewed[i] = string(reviewed.ID)
		all = append(all, office, event, demand, commitment, assessment, &reviewed, proceeding, coverage, calendar)
		for _, rec := range []record.Record{office, event, demand, commitment, assessment, proceeding, coverage, calendar} {
			ids := m.id[rec.Ref().Kind]
			ids[i] = rec.Ref().ID
			m.id[rec.Ref().Kind] = ids
		}
	}
	done, err := m.house.ImportCasefile(t.Context(), access.House(), &exchange.Casefile{Records: all, Lines: make([]int, len(all))}, casework.CasefileOptions{Reason: "test"})
	if err != nil || len(done.Problems) > 0 {
		t.Fatal(err, done.Problems)
	}
	for i, level := range []record.Visibility{record.Internal, record.Draft} {
		mark := []string{internalMark, draftMark}[i]
		id, err := m.srv.following.MakeTrend(t.Context(), access.House(), &record.TrendStatement{Title: record.Plain("en", "Test "+mark), Visibility: level}, trend.Defaults("2020-01-01", "2022-12-31"), "")
		if err != nil {
			t.Fatal(err)
		}
		ids := m.id[record.KindTrendStatement]
		ids[i] = string(id)
		m.id[record.KindTrendStatement] = ids
	}
	feed, err := m.srv.following.MakeFeed(t.Context(), access.House(), &record.Feed{Title: "Feed " + internalMark, URL: "https://feed.example/" + internalMark, Collection: internalMark, Minutes: 60, Paused: true}, "")
	if err != nil {
		t.Fatal(err)
	}
	m.feed = string(feed)
	return m
}

// each is an address for the internal record of a kind and for the draft.
func (m *roleHouse) each(kind record.Kind, before, after string) []spot {
	return m.at(m.id[kind], before, after)
}

func (m *roleHouse) at(ids [2]string, before, after string) []spot {
	return []spot{{path: before + ids[0] + after, level: access.LevelInternal, mark: internalMark}, {path: before + ids[1] + after, level: access.LevelDraft, mark: draftMark}}
}

// naming is an address that only names records, for one whose form begins with them.
func (m *roleHouse) naming(kind record.Kind, before string) []spot {
	out := m.each(kind, before, "")
	for i := range out {
		out[i].names = true
	}
	return out
}

// list is a list that shows what is internal, also when it is searched for either word.
func list(path string) []spot {
	return []spot{{path: path, mark: internalMark}, {path: path + "?q=" + draftMark, names: true}, {path: path + "?q=" + internalMark, names: true}}
}

// gates is what stands at every address of following up, by its pattern.
func (m *roleHouse) gates() map[string]gate {
	const (
		contributor, organiser, moderator, editor, admin = access.Contributor, access.Organiser, access.Moderator, access.Editor, access.Admin
	)
	all := access.Roles()
	entering := []access.Role{contributor, organiser, moderator, editor, admin}
	writing := []access.Role{organiser, editor, admin}
	editing := []access.Role{editor, admin}
	set := func(pairs ...string) func(url.Values) { return func(f url.Values) { filled(f, pairs...) } }
	on := func(path string) []spot { return []spot{{path: path}} }
	up := func(path string) string { return path[:strings.LastIndex(path, "/")] }
	// Whoever may, changes something: a form sent as it stands makes no version.
	years := 1999
	abolish := func(f url.Values) { years++; filled(f, "abolished", fmt.Sprintf("%d-01-01", years)) }
	g := map[string]gate{
		"GET /desk/follow-up": {may: all, at: []spot{{path: "/desk/follow-up"}, {path: "/desk/follow-up?whose=all", mark: internalMark}, {path: "/desk/follow-up?whose=mine"}}},

		"GET /desk/demands/{id}/letter":    {may: entering, at: m.each(record.KindDemand, "/desk/demands/", "/letter?to=office")},
		"POST /desk/demands/{id}/letter":   {may: entering, does: writing, at: m.each(record.KindDemand, "/desk/demands/", "/letter"), typed: set("to", "office", "subject", "Our demand", "body", "We ask.", "do", "log", "on", "2024-05-04", "channel", "post")},
		"GET /desk/petitions/{id}/follow":  {may: entering, at: on("/desk/petitions/" + m.petition + "/follow")},
		"POST /desk/petitions/{id}/follow": {may: entering, does: writing, at: on("/desk/petitions/" + m.petition + "/follow"), once: true},

		"GET /desk/assessments":              {may: entering, at: list("/desk/assessments")},
		"GET /desk/assessments/new":          {may: entering, at: m.naming(record.KindDemand, "/desk/assessments/new?of=demand:")},
		"POST /desk/assessments/new":         {may: entering, at: on("/desk/assessments/new?of=demand:" + m.id[record.KindDemand][0]), typed: set("judgement", "progress:stalled", "reason.text", "So.", "claims", "claim:"+string(m.claim))},
		"GET /desk/assessments/{id}":         {may: all, at: m.each(record.KindAssessment, "/desk/assessments/", "")},
		"POST /desk/assessments/{id}/review": {may: editing, at: m.at(m.reviewed, "/desk/assessments/", "/review"), form: up, typed: set("state", "accepted", "reason", "looked too"), once: true},

		"GET /desk/trends":                 {may: all, at: list("/desk/trends")},
		"GET /desk/trends/new":             {may: editing, at: on("/desk/trends/new")},
		"POST /desk/trends/new":            {may: editing, at: on("/desk/trends/new"), typed: set("from", "2020-01-01", "to", "2022-12-31"), done: 200},
		"GET /desk/trends/{id}":            {may: all, at: m.each(record.KindTrendStatement, "/desk/trends/", "")},
		"POST /desk/trends/{id}/recompute": {may: editing, at: m.each(record.KindTrendStatement, "/desk/trends/", "/recompute"), form: up, done: 200},

		"GET /desk/follow-up/reminders":       {may: writing, at: on("/desk/follow-up/reminders")},
		"POST /desk/follow-up/reminders":      {may: []access.Role{admin}, at: on("/desk/follow-up/reminders"), typed: set("do", "save", "every", "45"), setting: true},
		"GET /desk/follow-up/reminders/{id}":  {may: writing, at: []spot{{path: "/desk/follow-up/reminders/" + m.petition, strange: []access.Role{editor}}}},
		"POST /desk/follow-up/reminders/{id}": {may: writing, at: []spot{{path: "/desk/follow-up/reminders/" + m.petition, strange: []access.Role{editor}}}, typed: set("do", "save", "every", "45"), setting: true},

		"GET /desk/coverage":        {may: entering, at: list("/desk/coverage")},
		"GET /desk/coverage/new":    {may: editing, at: m.naming(record.KindEvent, "/desk/coverage/new?event=event:")},
		"POST /desk/coverage/new":   {may: editing, at: on("/desk/coverage/new?event=event:" + m.event), typed: set("title.text", "Series", "query", "testfall", "language", "en", "collection", "Example nationals", "tool", "other", "days", "date,matched,all\n2021-01-03,1,10\n", "do", "try"), done: 200},
		"GET /desk/coverage/count":  {may: editing, at: on("/desk/coverage/count")},
		"POST /desk/coverage/count": {may: editing, at: on("/desk/coverage/count"), typed: set("event", "event:"+m.event, "collection", internalMark, "query", "testfall", "do", "try"), done: 400},
		"GET /desk/coverage/{id}":   {may: entering, at: m.each(record.KindCoverage, "/desk/coverage/", "")},
		"POST /desk/coverage/{id}":  {may: editing, at: m.each(record.KindCoverage, "/desk/coverage/", ""), typed: set("note", "checked")},

		"GET /desk/feeds":     {may: entering, at: list("/desk/feeds")},
		"GET /desk/feeds/new": {may: editing, at: on("/desk/feeds/new")},
		"POST /desk/feeds/new": {may: editing, at: on("/desk/feeds/new"), typed: func(f url.Values) {
			filled(f, "title", "A feed", "url", "https://feed.example/"+m.fresh(), "collection", "Example nationals", "minutes", "60", "paused", "yes")
		}},
		"GET /desk/feeds/{id}":       {may: entering, at: []spot{{path: "/desk/feeds/" + m.feed, mark: internalMark}}},
		"POST /desk/feeds/{id}":      {may: editing, at: []spot{{path: "/desk/feeds/" + m.feed, mark: internalMark}}, typed: set("note", "checked")},
		"POST /desk/feeds/{id}/poll": {may: editing, at: []spot{{path: "/desk/feeds/" + m.feed + "/poll"}}, form: up, setting: true},

		// An office: when it was abolished, and what came in its place.
		"GET /desk/parties":            {may: all, at: list("/desk/parties")},
		"GET /desk/parties/new":        {may: entering, at: on("/desk/parties/new")},
		"POST /desk/parties/new":       {may: entering, at: on("/desk/parties/new"), typed: set("names.text", "Example Tribunal", "kind", "office", "visibility", "draft")},
		"GET /desk/parties/{id}":       {may: all, at: m.each(record.KindParty, "/desk/parties/", "")},
		"GET /desk/parties/{id}/edit":  {may: entering, at: m.each(record.KindParty, "/desk/parties/", "/edit")},
		"POST /desk/parties/{id}/edit": {may: entering, does: editing, at: m.each(record.KindParty, "/desk/parties/", "/edit"), typed: abolish},
	}
	countries := -1
	drafting := map[record.Kind]func(url.Values){
		record.KindDemand:          set("text.text", "Arrest them", "r0.office.text", "Governor of Example Land", "r0.country", "PK", "visibility", "draft"),
		record.KindCommitment:      set("text.text", "Earlier promises", "unidentified", "yes", "visibility", "draft"),
		record.KindProceeding:      set("title.text", "A case", "visibility", "draft"),
		record.KindHolidayCalendar: func(f url.Values) { countries++; filled(f, "country", fmt.Sprintf("X%c", 'A'+countries)) },
	}
	for _, k := range append(followKinds(), assessmentKind()) {
		base, does := "/desk/"+k.plural, writing
		may := entering
		if k.need == access.ActEdit {
			may, does = editing, editing
		}
		if k.kind != record.KindAssessment {
			shown := list(base)
			if k.kind == record.KindHolidayCalendar {
				shown = on(base) // it lists countries
			}
			g["GET "+base] = gate{may: all, at: shown}
			g["GET "+base+"/{id}"] = gate{may: all, at: m.each(k.kind, base+"/", "")}
			g["GET "+base+"/new"] = gate{may: may, at: append(on(base+"/new"), m.naming(record.KindEvent, base+"/new?of=event:")...)}
			from := base + "/new"
			switch k.kind {
			case record.KindDemand:
				from += "?of=event:" + m.event
			case record.KindProceeding:
				from += "?events=event:" + m.event
			}
			g["POST "+base+"/new"] = gate{may: may, at: on(from), typed: drafting[k.kind]}
		}
		var show, save []spot
		for _, part := range k.parts() {
			for _, at := range m.each(k.kind, base+"/", "/edit/"+part.name) {
				if part.name == "weekends" {
					at.mark = "" // there are no words in it
				}
				show = append(show, at)
			}
			save = append(save, m.each(k.kind, base+"/", "/edit/"+part.name)...)
		}
		g["GET "+base+"/{id}/edit/{part}"] = gate{may: may, at: show}
		g["POST "+base+"/{id}/edit/{part}"] = gate{may: may, does: does, at: save}
	}
	return g
}

// TestFollowDeskByRole asks for every address of following up as nobody and in every role, for
// what is internal and for drafts: who is not let in is refused and changes nothing, and nobody
// reads what is above their level. An address that has no gate fails.
func TestFollowDeskByRole(t *testing.T) {
	t.Parallel() // long, and waits in between
	m := markedHouse(t)
	gates := m.gates()
	left := map[string]bool{}
	for pattern := range gates {
		left[pattern] = true
	}
	var routes []route
	for _, rt := range m.srv.deskRoutes() {
		_, path, _ := strings.Cut(rt.pattern, " ")
		if strings.HasPrefix(path, "/desk/parties") {
			routes = append(routes, rt)
		}
	}
	// What is read comes first, so that the pages show what was planted.
	routes = slices.Concat(routes, m.srv.followDeskRoutes(), m.srv.coverageDeskRoutes())
	slices.SortStableFunc(routes, func(a, b route) int { return strings.Compare(a.pattern[:3], b.pattern[:3]) })
	for _, rt := range routes {
		g, ok := gates[rt.pattern]
		if !ok {
			t.Errorf("%s: nobody said who may do this: add its gate", rt.pattern)
			continue
		}
		delete(left, rt.pattern)
		method, _, _ := strings.Cut(rt.pattern, " ")
		for _, at := range g.at {
			if method == "GET" {
				m.reads(g, at)
			} else {
				m.sends(g, at)
			}
		}
	}
	for pattern := range left {
		t.Errorf("%s: there is no such address", pattern)
	}
}

// hides fails where an answer shows what is above somebody's level.
func (m *roleHouse) hides(role access.Role, a *answer) {
	m.t.Helper()
	sees := access.Viewer{Role: role}.Sees()
	for mark, level := range map[string]access.Level{internalMark: access.LevelInternal, draftMark: access.LevelDraft} {
		// The words that were asked for, and the address itself, say nothing.
		body := strings.NewReplacer(`type="search" value="`+mark+`"`, "", "“"+mark+"”", "", "q="+mark, "", "q%3D"+mark, "").Replace(a.body)
		if sees < level && strings.Contains(body, mark) {
			i := strings.Index(body, mark)
			m.t.Errorf("%s as %q shows %s: …%s…", a.Request.URL, role, mark, body[max(0, i-120):min(len(body), i+60)])
		}
	}
}

// expected is the status of a refusal, 0 where there is none.
func expected(g gate, at spot, role access.Role, method string) int {
	switch {
	case role == access.Nobody && method == "GET":
		return 303
	case role == access.Nobody:
		return 401
	case !slices.Contains(g.may, role):
		return 403
	case slices.Contains(at.strange, role), !at.names && access.Viewer{Role: role}.Sees() < at.level:
		return 404
	}
	return 0
}

func (m *roleHouse) reads(g gate, at spot) {
	m.t.Helper()
	for _, role := range append(access.Roles(), access.Nobody) {
		a := m.who[role].get(at.path)
		m.hides(role, a)
		want := expected(g, at, role, "GET")
		switch {
		case want == 303 && !strings.HasPrefix(a.Header.Get("Location"), "/desk/sign-in?next="):
			m.t.Errorf("GET %s as nobody: %d to %q", at.path, a.StatusCode, a.Header.Get("Location"))
		case want != 0 && a.StatusCode != want:
			m.t.Errorf("GET %s as %q: %d, want %d", at.path, role, a.StatusCode, want)
		case want != 0:
		case at.names && access.Viewer{Role: role}.Sees() < at.level && a.StatusCode == 404:
		case a.StatusCode != 200:
			m.t.Errorf("GET %s as %q: %d, want 200", at.path, role, a.StatusCode)
		case !at.names && !strings.Contains(a.body, at.mark):
			m.t.Errorf("GET %s as %q does not show %q, so that nothing is tested", at.path, role, at.mark)
		default:
			a.whole()
		}
	}
}

// entries is how many entries the journal has.
func (m *roleHouse) entries() int64 {
	m.t.Helper()
	lines, err := m.house.JournalPage(m.t.Context(), access.House(), "en", 0, 1)
	if err != nil || len(lines) == 0 {
		m.t.Fatal(err, lines)
	}
	return lines[0].Seq
}

func (m *roleHouse) sends(g gate, at spot) {
	m.t.Helper()
	does := g.does
	if does == nil {
		does = g.may
	}
	// The form is that of an admin, who is shown most, and is sent first by those who are refused.
	roles := append([]access.Role{access.Nobody}, access.Roles()...)
	slices.SortStableFunc(roles, func(a, b access.Role) int {
		return slices.Index(does, a) - slices.Index(does, b)
	})
	path, _, _ := strings.Cut(at.path, "?")
	page := at.path
	if g.form != nil {
		page = g.form(at.path)
	}
	for _, role := range roles {
		form := m.who[access.Admin].get(page).status(200).form(path)
		if g.typed != nil {
			g.typed(form)
		}
		if !slices.Contains(does, role) {
			// What they send comes back to them: only what they did not send tells them anything.
			for name, values := range form {
				for i, value := range values {
					form[name][i] = strings.NewReplacer(internalMark, "typed", draftMark, "typed").Replace(value)
				}
			}
		}
		before := m.entries()
		a := m.who[role].post(path, form)
		m.hides(role, a)
		want, done := expected(g, at, role, "POST"), true
		if want == 0 && !slices.Contains(does, role) {
			want = 403
		}
		if want != 0 {
			done = false
		} else if want = 303; g.done != 0 {
			want = g.done
		}
		if done && g.once && role != does[0] {
			want = 400
		}
		if a.StatusCode != want {
			m.t.Errorf("POST %s as %q: %d, want %d %v", at.path, role, a.StatusCode, want, a.texts("section.errors"))
		}
		if after := m.entries(); !done && after != before {
			m.t.Errorf("POST %s as %q was refused and wrote %d entries", at.path, role, after-before)
		} else if done && want == 303 && !g.setting && after == before {
			m.t.Errorf("POST %s as %q wrote nothing", at.path, role)
		}
	}
}
