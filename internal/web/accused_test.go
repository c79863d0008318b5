package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// TestAccusedNotNamedAlone names an accused on no page without how far the matter went and what
// they answered: results of a search and links say “a case against one person”, and the history of a
// record, whose versions hold the name, gives both.
func TestAccusedNotNamedAlone(t *testing.T) {
	p := planted(t, "plainword")
	text := func(s string) record.Text { return record.Plain("en", s) }
	accused := &record.Person{
		ID: record.PersonID(p.id()), Slug: "zz", Names: []record.Name{{Text: "Zz Accused", Lang: "en", Kind: record.NamePrimary}}, Vital: record.Living, Visibility: record.Public,
		Consents: []record.Consent{{Purpose: record.ToStore, Given: true, Basis: record.BasisAlreadyPublic}, {Purpose: record.ToPublish, Given: true, Basis: record.BasisAlreadyPublic}},
	}
	p.save(accused)
	var rests []record.ClaimID
	for _, paper := range []string{"First Paper", "Second Paper"} {
		src := &record.Source{ID: record.SourceID(p.id()), Type: record.TypeArticle, Title: text("Report of " + paper), Publisher: paper, Language: "en", URL: "https://example.org/" + p.id(), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public}
		p.save(src)
		c := &record.Claim{
			ID: record.ClaimID(p.id()), Source: src.ID, Subject: accused.Ref(), Kind: record.KindStatement, Topic: "arrest", Statement: text("A person was arrested."), Stance: record.Asserts, Role: record.Reported,
			Language: "en", AsOf: record.On("2013-02-01"), Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		}
		p.save(c)
		rests = append(rests, c.ID)
	}
	c := &record.Proceeding{
		ID: record.ProceedingID(p.id()), Slug: "zz-case", Title: text("The trial of Zz Accused"), Person: accused.ID, Events: []record.EventID{p.event.ID}, Reply: text("The accused denied it."), Claims: rests,
		Steps: []record.ChainStep{{Kind: record.StepArrest, On: record.On("2013-02-01"), Claims: rests}}, Visibility: record.Public,
	}
	if _, err := p.house.ImportCasefile(t.Context(), access.House(), &exchange.Casefile{Records: []record.Record{c}, Lines: []int{1}}, casework.CasefileOptions{Reason: "test"}); err != nil {
		t.Fatal(err)
	}
	in := &record.Involvement{
		ID: record.InvolvementID(p.id()), Event: p.event.ID, Person: accused.ID, Role: record.RoleAccused, Status: record.Suspected, Detail: text("Zz Accused is said to have done it."), Reply: text("The accused denied it."), Claims: rests, Visibility: record.Public,
	}
	p.save(in)
	next := *in
	next.Detail = text("Zz Accused is said to have planned it.")
	if err := p.house.Save(t.Context(), access.House(), &next, 1, "reworded"); err != nil {
		t.Fatal(err)
	}

	const unnamed = "a case against one person"
	p.get("/follow-up/proceedings/zz-case").status(200).has("The trial of Zz Accused", "The accused denied it.", word("follow.outcome.not_checked"))
	for _, path := range []string{"/search?q=trial", "/search?q=trial+accused&kind=proceeding", "/api/v1/search?q=trial"} {
		p.get(path).status(200).has(unnamed).hasNot("The trial of")
	}
	p.get("/history/proceeding/"+string(c.ID)).status(200).has(unnamed, "The accused denied it.", word("follow.step.arrest"), word("follow.outcome.not_checked")).hasNot("The trial of")
	p.get("/history/involvement/"+string(in.ID)).status(200).has("Zz Accused is said to have planned it.", "The accused denied it.", word("accused.suspected"))
	p.get("/ur/history/proceeding/" + string(c.ID)).status(200).has("The accused denied it.")
}

// TestAccusedNotNamedByAClaimFound shows a claim that accuses somebody living, or names them in its
// words, without their name among results of a search, and with status and reply on its source's page
// and wherever the data interface gives it.
func TestAccusedNotNamedByAClaimFound(t *testing.T) {
	p := planted(t, "plainword")
	text := func(s string) record.Text { return record.Plain("en", s) }
	published := []record.Consent{{Purpose: record.ToStore, Given: true, Basis: record.BasisAlreadyPublic}, {Purpose: record.ToPublish, Given: true, Basis: record.BasisAlreadyPublic}}
	person := func(slug, name string, vital record.Vital) *record.Person {
		k := &record.Person{ID: record.PersonID(p.id()), Slug: slug, Names: []record.Name{{Text: name, Lang: "en", Kind: record.NamePrimary}}, Vital: vital, Consents: published, Visibility: record.Public}
		p.save(k)
		return k
	}
	accused, official := person("zz", "Zz Accused", record.Living), person("yy", "Yy Minister", record.Living)
	var rests []record.ClaimID
	var sources []record.SourceID
	claim := func(source record.SourceID, fill func(*record.Claim)) {
		c := &record.Claim{
			ID: record.ClaimID(p.id()), Source: source, Subject: p.event.Ref(), Kind: record.KindStatement, Topic: "manhunt", Stance: record.Asserts, Role: record.Reported,
			Language: "en", AsOf: record.On("2013-02-01"), Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		}
		fill(c)
		p.save(c)
		rests = append(rests, c.ID)
	}
	for _, paper := range []string{"First Paper", "Second Paper"} {
		src := &record.Source{ID: record.SourceID(p.id()), Type: record.TypeArticle, Title: text("Report of " + paper), Publisher: paper, Language: "en", URL: "https://example.org/" + p.id(), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public}
		p.save(src)
		sources = append(sources, src.ID)
		claim(src.ID, func(c *record.Claim) { c.Subject, c.Statement = accused.Ref(), text("He was caught in the manhunt.") })
		claim(src.ID, func(c *record.Claim) { c.Statement = text("In the manhunt police caught ZZ ACCUSED at night.") })
		claim(src.ID, func(c *record.Claim) { c.Subject, c.Statement = official.Ref(), text("He praised the manhunt.") })
		claim(src.ID, func(c *record.Claim) { c.Statement = text("The manhunt took two nights.") })
	}
	p.save(&record.Involvement{
		ID: record.InvolvementID(p.id()), Event: p.event.ID, Person: accused.ID, Role: record.RoleAccused, Status: record.Suspected, Reply: text("The accused denied it."), Claims: rests, Visibility: record.Public,
	})

	for _, path := range []string{"/search?q=manhunt", "/search?q=manhunt&kind=claim", "/api/v1/search?q=manhunt", "/search?q=zz+accused&kind=claim", "/api/v1/search?q=zz+accused&kind=claim"} {
		p.get(path).status(200).has("sources/"+string(sources[0])).hasNot("Zz Accused", "ZZ ACCUSED", "<mark>ZZ", "He was caught")
	}
	p.get("/search?q=manhunt&kind=claim").has("what a source says of one person", "Yy Minister", "praised the", "took two nights")
	p.get("/api/v1/search?q=manhunt&kind=claim").has("what a source says of one person", "Yy Minister")
	p.get("/ur/search?q=manhunt&kind=claim").has("ایک شخص کے بارے میں").hasNot("Zz Accused")
	p.get("/sources/"+string(sources[0])).status(200).has("Zz Accused", word("accused.suspected"), "The accused denied it.")
	for _, query := range []string{"", "?source=" + string(sources[0]), "?event=" + p.event.Slug, "?person=zz"} {
		p.get("/api/v1/claims"+query).status(200).has(`"accused":[{"status":"suspected"`, "The accused denied it.")
	}
	p.get("/api/v1/events/"+p.event.Slug).status(200).has(`"accused":[{"status":"suspected"`, "The accused denied it.")
	p.get("/api/v1/claims?person=yy").status(200).has("He praised the manhunt.").hasNot(`"accused"`)
}
