package web

import (
	"context"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// organisedSite serves a house with petitions: signing, mail without a server,
// and the desk.
func organisedSite(t testing.TB) *site {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(context.Background(), testdb.SQLiteIn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	list := departed.Open(dir)
	house := casework.New(casework.Config{Store: db, Blobs: blobs, Dir: dir, Hash: cheap})
	registry := petitions.NewRegistry(db, nil)
	engine, err := signing.New(signing.Config{Store: db, Keys: keys, Registry: registry, Departed: list})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	box := mail.NewOutbox(mail.OutboxConfig{Store: db, Key: keys.House()})
	if err := box.Join(petitions.LettersName, petitions.NewLetters(engine, db, "https://petitions.example")); err != nil {
		t.Fatal(err)
	}
	desk := petitions.New(petitions.Config{
		House: house, Store: db, Blobs: blobs, Keys: keys, Departed: list, Signing: engine, Registry: registry, Outbox: box, URL: "https://petitions.example",
	})
	s := &site{t: t, house: house}
	following := followup.New(followup.Config{House: house, Store: db, Blobs: blobs, Keys: keys, Outbox: box, URL: "https://petitions.example"})
	s.srv = newServer(Config{House: house, Petitions: desk, Following: following, Signing: engine, Version: "test"})
	s.http = httptest.NewServer(s.srv.handler())
	t.Cleanup(s.http.Close)
	return s
}

// newPetition begins a draft and returns its identifier.
func newPetition(v *visitor, title string) string {
	v.t.Helper()
	form := v.get("/desk/petitions/new").status(200).whole().form("/desk/petitions/new")
	v.post("/desk/petitions/new", filled(form, "title", "")).status(400).whole().has(word("invalid.required"))
	a := v.post("/desk/petitions/new", filled(form, "title", title, "lang", "en")).status(303)
	rest, _ := strings.CutPrefix(a.Header.Get("Location"), "/desk/petitions/")
	id, _, _ := strings.Cut(rest, "/")
	if !record.ValidID(id) {
		v.t.Fatalf("redirected to %s", a.Header.Get("Location"))
	}
	return id
}

func petitionOf(t *testing.T, s *site, id string) *record.Petition {
	t.Helper()
	p, _ := standingOf[*record.Petition](t, s, record.KindPetition, id)
	return p
}

// act presses a button of the form that posts to path.
func (v *visitor) act(page, path string, pairs ...string) *answer {
	v.t.Helper()
	return v.post(path, filled(v.get(page).status(200).whole().form(path), pairs...))
}

func TestDemandsAreNestedWithoutScripts(t *testing.T) {
	s := organisedSite(t)
	v := s.signedIn(access.Organiser)
	id := newPetition(v, "Answer for Testfall")
	path := "/desk/petitions/" + id + "/edit/demands"
	form := v.get(path).status(200).whole().form(path)
	press := func(act string) {
		t.Helper()
		form = v.post(path, filled(form, "act", act)).status(200).whole().form(path)
	}
	press("add")
	form.Set("r0.text.text", "Publish the list")
	press("part:0")
	form.Set("r1.text.text", "with every name")
	press("after:0")
	form.Set("r2.text.text", "Pay what was promised")
	press("up:2")
	if got := form["row"]; !slices.Equal(got, []string{"2", "0", "1"}) {
		t.Fatalf("rows are %v", got)
	}
	press("down:2")
	press("after:1")
	form.Set("r3.text.text", "to be removed")
	press("remove:3")
	if got := form["row"]; !slices.Equal(got, []string{"0", "1", "2"}) {
		t.Fatalf("rows are %v", got)
	}
	if petitionOf(t, s, id).Demands != nil {
		t.Error("a button beside a line has saved something")
	}
	// A refused form keeps everything.
	bad := v.post(path, filled(form, "r2.deadline", "next summer")).status(400).whole().has("next summer", "Pay what was promised", "with every name")
	form = bad.form(path)
	v.post(path, filled(form, "r2.deadline", "2027-01-10")).status(303)
	p := petitionOf(t, s, id)
	if len(p.Demands) != 2 || len(p.Demands[0].Parts) != 1 || p.Demands[0].Key != "publish-the-list" || p.Demands[1].Deadline.Date.String() != "2027-01-10" {
		t.Fatalf("demands are %+v", p.Demands)
	}
	// Saving again changes nothing, and the keys stay when the words change.
	v.post(path, filled(v.get(path).form(path), "r0.text.text", "Publish the whole list")).status(303)
	if q := petitionOf(t, s, id); q.Demands[0].Key != "publish-the-list" || q.Demands[0].Parts[0].Key != p.Demands[0].Parts[0].Key {
		t.Errorf("keys changed: %+v", q.Demands)
	}
	press("out:1")
	if form.Get("r1.depth") != "0" {
		t.Errorf("depth is %q", form.Get("r1.depth"))
	}
	// Two people at once: the second sees both versions and keeps what they typed.
	mine, theirs := v.get(path).form(path), v.get(path).form(path)
	v.post(path, filled(theirs, "r0.text.text", "Publish every list")).status(303)
	a := v.post(path, filled(mine, "r0.text.text", "Publish it at once")).status(409).whole().has("Publish every list", "Publish it at once", word("error.conflict"))
	v.post(path, a.form(path)).status(303)
	if q := petitionOf(t, s, id); q.Demands[0].Text.In("en").Text != "Publish it at once" {
		t.Errorf("text is %+v", q.Demands[0].Text)
	}
}

func TestPartsOfAPetition(t *testing.T) {
	s := organisedSite(t)
	v := s.signedIn(access.Organiser)
	id := newPetition(v, "Answer for Testfall")
	base := "/desk/petitions/" + id
	save := func(part string, pairs ...string) *answer {
		t.Helper()
		path := base + "/edit/" + part
		form := v.get(path).status(200).whole().form(path)
		if part != "terms" {
			form = v.post(path, filled(form, "act", "add")).status(200).whole().form(path)
		}
		return v.post(path, filled(form, pairs...))
	}
	save("addressees", "r0.country", "PK").status(400).has(word("invalid.required"))
	save("addressees", "r0.office.text", "The Prime Minister of Example Land", "r0.holder.text", "A. Testperson", "r0.held_on", "2026-05-03", "r0.country", "pk").status(303)
	save("demands", "r0.text.text", "Publish the list", "r0.addressee", "the-prime-minister-of-ex").status(303)
	save("bases", "r0.instrument.text", "Testfall Covenant", "r0.in_force", "2010-06-23", "r0.reserved.text", "none").status(303)
	save("initiators", "r0.name.text", "Example Organisation").status(303)
	save("terms", "tags", "#ExampleTag #Second", "goals", "1000, 100", "pace", "live", "keep_days", "900").status(400).has("#ExampleTag", "900")
	save("terms", "tags", "#ExampleTag #Second", "goals", "1000, 100", "recipients", "not a key").status(400).has("not a key", word("invalid.recipient"))
	save("terms", "tags", "#ExampleTag #Second", "goals", "1000, 100", "keep_days", "90").status(303)
	p := petitionOf(t, s, id)
	if len(p.Addressees) != 1 || p.Addressees[0].Country != "PK" || len(p.Demands[0].Addressee) != 1 || len(p.Bases) != 1 || !slices.Equal(p.Goals, []int{100, 1000}) || p.KeepDays != 90 {
		t.Errorf("petition is %+v", p)
	}
	// Taking the addressee away takes it out of the demand.
	path := base + "/edit/addressees"
	form := v.post(path, filled(v.get(path).form(path), "act", "remove:0")).status(200).form(path)
	v.post(path, form).status(303)
	if p := petitionOf(t, s, id); len(p.Addressees) != 0 || len(p.Demands[0].Addressee) != 0 {
		t.Errorf("petition is %+v", p)
	}
	v.get(base + "/edit/nothing").status(404)
}

func TestTextAndCitations(t *testing.T) {
	s := organisedSite(t)
	ed, second, org := s.signedIn(access.Editor), s.signedIn(access.Admin), s.signedIn(access.Organiser)
	source := newSource(ed, "Blasts on Testfall Road", articleText)
	event := newEventOf(ed, "Testfall Road bombings", "2013-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	c := claimsOf(t, s, source)[0]
	form := second.get("/desk/review").form("/desk/review/" + string(c.ID))
	second.post("/desk/review/"+string(c.ID), filled(form, "state", "accepted", "reason", "says so")).status(303)

	id := newPetition(org, "Answer for Testfall")
	path := "/desk/petitions/" + id + "/text"
	find := func(q string) *answer {
		t.Helper()
		return org.post(path, filled(org.get(path).status(200).whole().form(path), "q", q, "body", "More than forty were killed.\n\nSecond line.\n")).status(200).whole()
	}
	// Nothing is cited that the public cannot look up.
	find("Testfall").hasNot("[@claim:"+string(c.ID), "[@figure:testfall", "[@source:"+source)
	ed.post("/desk/publish", url.Values{"ref": {"source:" + source, "event:" + event, "claim:" + string(c.ID)}, "do": {"publish"}, "reason": {"reviewed"}}).status(303)
	a := find("Testfall").has("[@figure:testfall-road-bombings-2013-01-10/killed]", "{@figure:testfall-road-bombings-2013-01-10/killed}", "[@claim:"+string(c.ID)+"]", "[@source:"+source+"]", "More than forty were killed.")
	org.get("/desk/petitions/" + id + "/cite?q=Testfall").status(200).whole().has("[@figure:testfall-road-bombings-2013-01-10/killed]")

	cite := "[@figure:testfall-road-bombings-2013-01-10/killed]"
	a = org.post(path, filled(a.form(path), "insert", cite, "line", "1")).status(200)
	form = a.form(path)
	if got := form.Get("body"); !strings.Contains(got, "killed. "+cite+"\n") {
		t.Errorf("body is %q", got)
	}
	a = org.post(path, filled(form, "caret", "5", "insert", "{@claim:"+string(c.ID)+"}")).status(200)
	form = a.form(path)
	if got := form.Get("body"); !strings.HasPrefix(got, "More {@claim:") {
		t.Errorf("body is %q", got)
	}
	form.Set("body", "# Findings\n\nOn that day {@figure:testfall-road-bombings-2013-01-10/killed} people were killed. "+cite+"\n\nAnd 77 more were hurt.\n")
	// What was found stays beside the text when that is looked at.
	a = org.post(path, filled(form, "preview", "1")).status(200).whole().has(`id="preview"`, "Example Gazette", "77", "[@source:"+source+"]")
	a.hasNot(lang.English().T("desk.nothing_found", "q", "Testfall"))
	org.post(path, a.form(path)).status(303)
	if p := petitionOf(t, s, id); !strings.Contains(p.Texts[0].Body, cite) {
		t.Errorf("text is %+v", p.Texts)
	}

	// A translation, beside the original, and a warning when that changes.
	form = org.get(path + "?lang=ur").status(200).whole().has("And 77 more were hurt").form(path)
	org.post(path, filled(form, "title", "ٹیسٹ فال کا جواب", "body", "متن")).status(303)
	org.get(path + "?lang=ur").status(200).hasNot(word("desk.petition.lags"))
	form = org.get(path).form(path)
	org.post(path, filled(form, "body", form.Get("body")+"\nOne line more.\n")).status(303)
	form = org.get(path + "?lang=ur").status(200).whole().has(word("desk.petition.lags")).form(path)
	org.post(path, filled(form, "follows", "1")).status(303)
	org.get(path + "?lang=ur").status(200).hasNot(word("desk.petition.lags"))

	// Two people at one text.
	mine, theirs := org.get(path).form(path), org.get(path).form(path)
	org.post(path, filled(theirs, "title", "Their title")).status(303)
	a = org.post(path, filled(mine, "title", "My title")).status(409).whole().has("Their title", "My title")
	org.post(path, a.form(path)).status(303)
	org.post(path, filled(org.get(path).form(path), "title", "")).status(400).whole().has("One line more")
}

func TestDraftAsDocument(t *testing.T) {
	s := organisedSite(t)
	v := s.signedIn(access.Organiser)
	id := newPetition(v, "Answer for Testfall")
	path := "/desk/petitions/" + id + "/text"
	body := "# Findings\n\nWords that go out and come back.[^ A note of our own. ]\n"
	v.post(path, filled(v.get(path).form(path), "body", body)).status(303)
	doc := v.get(path + ".docx?lang=en").status(200)
	if !strings.HasPrefix(doc.body, "PK") || !strings.HasPrefix(doc.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("no document: %q", doc.Header)
	}
	v.get(path + ".docx?lang=ur").status(404)
	v.post(path, filled(v.get(path).form(path), "body", "Something else.\n")).status(303)
	a := v.upload(path+"/document", url.Values{"lang": {"en"}}, "draft.docx", []byte(doc.body)).status(200).whole().has(word("desk.petition.read"))
	if got := a.form(path).Get("body"); !strings.Contains(got, "Words that go out and come back.") || !strings.Contains(got, "A note of our own.") {
		t.Errorf("read %q", got)
	}
	if p := petitionOf(t, s, id); p.Texts[0].Body != "Something else.\n" {
		t.Error("reading a document has saved it")
	}
	v.post(path, a.form(path)).status(303)
	v.upload(path+"/document", url.Values{"lang": {"en"}}, "draft.docx", []byte("no document")).status(400).whole().has(word("invalid.document"))
	v.upload(path+"/document", url.Values{"lang": {"en"}}, "", nil).status(400).whole().has(word("invalid.required"))
}

// readyPetition makes a petition that can be published.
func readyPetition(v *visitor, title string) string {
	v.t.Helper()
	id := newPetition(v, title)
	base := "/desk/petitions/" + id
	save := func(part string, pairs ...string) {
		v.t.Helper()
		path := base + "/edit/" + part
		form := v.post(path, filled(v.get(path).form(path), "act", "add")).status(200).form(path)
		v.post(path, filled(form, pairs...)).status(303)
	}
	save("addressees", "r0.office.text", "The Registrar of Example Land", "r0.country", "XX")
	save("demands", "r0.text.text", "Publish the list")
	save("initiators", "r0.name.text", "Example Organisation")
	path := base + "/text"
	v.post(path, filled(v.get(path).form(path), "body", "We ask for an answer.\n")).status(303)
	return id
}

// TestPetitionFromDraftToReply goes the whole way of a petition at the desk and,
// where the public does its part, on the public pages.
func TestPetitionFromDraftToReply(t *testing.T) {
	t.Parallel() // long, and waits in between
	s := organisedSite(t)
	v, admin, ed, mod, reader := s.signedIn(access.Organiser), s.signedIn(access.Admin), s.signedIn(access.Editor), s.signedIn(access.Moderator), s.signedIn(access.Reader)
	id := readyPetition(v, "Answer for Testfall")
	base := "/desk/petitions/" + id

	// The check names the initiator that has not agreed.
	check := v.get(base+"/check").status(200).whole().has(word("desk.petition.not_agreed"), word("petition.finding.unagreed"))
	v.post(base+"/publish", check.form(base+"/publish")).status(400).whole().has(word("invalid.required"))
	a := v.post(base+"/approve", filled(check.form(base+"/approve"), "proof", "")).status(400).whole()
	v.post(base+"/approve", filled(a.form(base+"/approve"), "proof", "letter of 3 May")).status(303)
	v.get(base + "/check").status(200).whole().has("letter of 3 May").hasNot(word("desk.petition.not_agreed"))

	// Somebody else may look at it first, and refuse it with a public reason.
	v.act(base, base+"/run", "do", "submit").status(303)
	judge := mod.get(base).status(200).whole().form(base + "/judge")
	mod.post(base+"/judge", filled(judge, "do", "reject", "code", "unclear")).status(400).whole().has(word("invalid.required"))
	mod.post(base+"/judge", filled(judge, "do", "reject", "code", "unclear", "details.text", "Whom do you ask?")).status(303)
	v.get(base).status(200).whole().has("Whom do you ask?")
	v.act(base, base+"/run", "do", "appeal", "appeal.text", "The registrar.").status(303)
	v.act(base, base+"/run", "do", "take_back").status(303)

	check = v.get(base + "/check").status(200).whole()
	form := filled(check.form(base+"/publish"), "publish_reason.text", "It is a test.", "publish_reason.lang", "en")
	v.post(base+"/publish", form).status(303)
	v.act(base, base+"/run", "do", "open", "closes", "2001-01-01").status(400).whole().has(word("invalid.past"))
	v.act(base, base+"/run", "do", "open", "opens", "next week").status(400).whole().has("next week")
	v.act(base, base+"/run", "do", "open", "opens", "", "closes", "").status(303)
	p := petitionOf(t, s, id)
	if p.Collection != record.CollectOpen || p.Edition != 1 {
		t.Fatalf("petition is %+v", p)
	}

	// Somebody signs, and follows the link that the outbox shows.
	public := "/petitions/" + p.Slug
	sign := s.get(public + "/sign").status(200).form(public + "/sign")
	for name, value := range signFields {
		sign.Set(name, value)
	}
	s.post(public+"/sign", sign.Encode()).status(200)
	for _, u := range []*visitor{ed, mod, reader} {
		u.get("/desk/outbox").status(403).hasNot(signerName, signerMail)
	}
	v.get("/desk/outbox").status(200).whole().hasNot(signerName, signerMail) // it is no petition for practice
	box := admin.get("/desk/outbox").status(200).whole().has(signerMail)
	link := ""
	for _, n := range box.find("a") {
		if href := attr(n, "href"); strings.Contains(href, "/s/") {
			link = href
		}
	}
	if link == "" {
		t.Fatalf("no link in the outbox: %.2000s", box.body)
	}
	own := s.get(link).status(200).form(link)
	s.post(link, own.Encode()).status(200)

	// The organiser sees what was disclosed to them, and nobody else does.
	v.get(base+"/signers").status(200).whole().hasNot(signerName, signerMail)
	v.get(base + "/signers/names").status(200).whole().has(signerName).hasNot(signerMail)
	v.get(base+"/signers.csv").status(200).has("name,shown_as,town,country,way,version,people\n", signerName).hasNot(signerMail)
	v.get(base + "/sealed.jsonl").status(200).hasNot(signerName)
	held := filled(v.get(base+"/signers/names").form(base+"/signers/held"), "email", signerMail)
	known := v.post(base+"/signers/held", held).status(200).whole().has(word("desk.signers.asked")).hasNot(signerMail)
	v.post(base+"/signers/held", filled(held, "email", "nobody")).status(400).whole().has(word("invalid.email"), "nobody")
	unknown := v.post(base+"/signers/held", filled(held, "email", "other@example.org")).status(200)
	// A new page has a new nonce, and nothing else may differ.
	if len(unknown.body) != len(known.body) || strings.Count(unknown.body, "role=\"status\"") != strings.Count(known.body, "role=\"status\"") {
		t.Error("the answer tells who has signed")
	}
	v.get(base+"/log").status(200).whole().hasNot(signerMail, signerName)
	for _, u := range []*visitor{ed, mod, reader} {
		for _, path := range []string{"", "/signers", "/signers/names", "/signers.csv", "/sealed.jsonl", "/log", "/check", "/organisations", "/paper", "/voids", "/delivery"} {
			u.get(base+path).hasNot(signerName, signerMail)
		}
		if u.get(base+"/signers/names").StatusCode != 403 || u.get(base+"/signers.csv").StatusCode != 403 {
			t.Errorf("%s may list signers", u.viewer.Role)
		}
	}

	// A pack for the addressee names nobody; the letter is a document by itself.
	v.get(base+"/letter").status(200).has("Answer for Testfall", "Publish the list", "@font-face").hasNot(signerName)
	pack := v.get(base + "/delivery").form(base + "/packs")
	made := v.post(base+"/packs", filled(pack, "audience", "addressee")).status(200).whole()
	zip := ""
	for _, n := range made.find("a") {
		if strings.Contains(attr(n, "href"), "/packs/") {
			zip = attr(n, "href")
		}
	}
	if got := v.get(zip).status(200); !strings.HasPrefix(got.body, "PK") {
		t.Errorf("no pack at %q", zip)
	}
	ed.get(zip).status(200) // of the public alone
	mod.get(zip).status(403)
	handed := made.form(base + "/delivery")
	if len(handed.Get("pack")) != 64 {
		t.Errorf("a delivery does not name the pack: %v", handed)
	}

	// Handed over, and answered by the link that is shown this once.
	to := v.get(base + "/delivery").status(200).whole().form(base + "/delivery")
	v.post(base+"/delivery", filled(to, "channel", "pigeon", "receipt", "kept words")).status(400).whole().has("kept words")
	a = v.upload(base+"/delivery", filled(to, "channel", "hand", "to.text", "the registry", "receipt", "stamp 12"), "receipt.pdf", []byte("%PDF-1.4 receipt")).status(200).whole().has("P1/1")
	u, err := url.Parse(strings.TrimSpace(a.texts("#reply-link")[0]))
	if err != nil {
		t.Fatal(err)
	}
	v.get(base + "/delivery").hasNot(u.Query().Get("code")).has("stamp 12")
	reply := s.get(u.RequestURI()).status(200).form(public + "/reply")
	s.post(public+"/reply", filled(reply, "words", "We will publish it.", "from", "The Registrar", "sure", "yes").Encode())
	v.get(base + "/delivery").status(200).whole().has("We will publish it.")
	v.post(base+"/replies", filled(v.get(base+"/delivery").form(base+"/replies"), "channel", "post", "from", "The deputy")).status(400).whole().has("The deputy")

	v.act(base, base+"/run", "do", "close").status(400).whole().has(word("invalid.required"))
	v.act(base, base+"/run", "do", "pause").status(303)
	v.act(base, base+"/run", "do", "resume").status(303)
	v.act(base, base+"/run", "do", "close", "confirm", "1").status(303)
	if p := petitionOf(t, s, id); p.Collection != record.CollectClosed {
		t.Errorf("collection is %s", p.Collection)
	}
}

// The signer of these tests, who shows the organiser their name.
const (
	signerName = "Amina Testsigner"
	signerMail = "amina.testsigner@example.net"
)

var signFields = map[string]string{
	"name": signerName, "email": signerMail, "country": "AU", "disclosure_organiser": "name", "consent": "yes",
}

// TestOutboxSaysHowSendingGoes shows at the outbox whether a mail server is set up
// and why it takes nothing.
func TestOutboxSaysHowSendingGoes(t *testing.T) {
	s := organisedSite(t)
	admin := s.signedIn(access.Admin)
	l := lang.English()
	admin.get("/desk/outbox").status(200).whole().hasNot(word("desk.outbox_no_server"))
	now := petitions.MailStatus{}
	s.srv.sending = func() petitions.MailStatus { return now }
	admin.get("/desk/outbox").status(200).whole().has(word("desk.outbox_no_server"))
	now = petitions.MailStatus{Configured: true, Sent: 3}
	admin.get("/desk/outbox").status(200).whole().has(l.T("desk.outbox_sends", "n", 3))
	now.Trouble, now.Since = "refused", time.Date(2026, 5, 3, 4, 5, 6, 0, time.UTC)
	admin.get("/desk/outbox").status(200).whole().has(l.T("desk.outbox_trouble", "since", clock(now.Since), "code", "refused"))
}

// TestAskedOfNobody says before publication of whom nothing is asked.
func TestAskedOfNobody(t *testing.T) {
	p := &petitionCheckPage{}
	p.L = lang.English()
	p.P = &record.Petition{
		Addressees: []record.Addressee{{Key: "pm", Office: record.Plain("en", "Prime Minister")}, {Key: "court", Office: record.Plain("en", "High Court of Testfall")}},
		Demands:    []record.PetitionDemand{{Key: "a", Text: record.Plain("en", "Answer."), Addressee: []string{"pm"}}},
	}
	if got := p.AskedOfNobody(); got != "High Court of Testfall" {
		t.Errorf("%q", got)
	}
	p.P.Demands[0].Addressee = nil // of all
	if got := p.AskedOfNobody(); got != "" {
		t.Errorf("%q", got)
	}
}
