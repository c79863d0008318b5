package web

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// petitionSite is a site with one open petition over the bundled example.
type petitionSite struct {
	*site
	desk     *petitions.Desk
	engine   *signing.Engine
	keys     *seal.Keys
	registry *petitions.Registry
	news     *petitions.Newsletter
	id       record.PetitionID
	number   int
	slug     string
	rules    signing.Rules
}

// newPetitionSite makes the site; change may alter the petition before it is
// published, and rules what is done against abuse.
func newPetitionSite(t testing.TB, change func(*record.Petition), rules func(*signing.Rules)) *petitionSite {
	t.Helper()
	return petitionSiteAt(t, petitionSiteOptions{change: change, rules: rules})
}

// petitionSiteOptions are what a petitionSite is made with: change and rules as
// [newPetitionSite] takes them, a resolver for records of organisations, and a clock.
type petitionSiteOptions struct {
	change   func(*record.Petition)
	rules    func(*signing.Rules)
	resolver petitions.Resolver
	now      func() time.Time
}

// handClock is moved by hand.
type handClock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func testClock() *handClock { return &handClock{at: time.Now().UTC().Truncate(time.Minute)} }

func (c *handClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *handClock) wait(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func petitionSiteAt(t testing.TB, o petitionSiteOptions) *petitionSite {
	t.Helper()
	change, rules := o.change, o.rules
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	target := ""
	if o.now == nil {
		target = exampleIn(t, dir)
	} else {
		target = testdb.SQLiteIn(t, dir) // the example has to come by that clock too
	}
	db, err := store.Open(t.Context(), target)
	must(err)
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	must(err)
	keys, err := seal.Open(filepath.Join(dir, "keys"))
	must(err)
	p := &petitionSite{site: &site{t: t, house: casework.New(casework.Config{Store: db, Blobs: blobs, Dir: dir, Now: o.now, Hash: cheap})}, registry: petitions.NewRegistry(db, nil)}
	if o.now != nil {
		fill(p.site)
	}
	p.keys, p.rules = keys, signing.DefaultRules()
	if rules != nil {
		rules(&p.rules)
	}
	list := departed.Open(dir)
	box := mail.NewOutbox(mail.OutboxConfig{Store: db, Key: keys.House()})
	p.engine, err = signing.New(signing.Config{Store: db, Keys: keys, Registry: p.registry, Departed: list, Stopped: petitions.DropStopped(box), Rules: &p.rules})
	must(err)
	p.news = petitions.NewNewsletter(p.engine, db, box, "http://petitions.example", nil)
	must(box.Join(petitions.LettersName, petitions.NewLetters(p.engine, db, "http://petitions.example")))
	p.desk = petitions.New(petitions.Config{
		House: p.house, Store: db, Blobs: blobs, Keys: keys, Departed: list, Signing: p.engine, Registry: p.registry, Outbox: box, URL: "http://petitions.example", Resolver: o.resolver, Now: o.now,
	})
	p.srv = newServer(Config{House: p.house, Petitions: p.desk, Signing: p.engine, Version: "test", Log: slog.New(slog.NewTextHandler(testLog{t}, nil))})
	p.http = httptest.NewServer(p.srv.handler())
	t.Cleanup(func() {
		p.http.Close()
		if err := p.engine.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	p.publish(change)
	return p
}

// testPetition is an invented petition that cites the bundled example.
func testPetition(p *record.Petition) {
	p.Slug = "testfall-road"
	p.Tags = []string{"#TestfallAlert"}
	p.Title = record.Text{{Lang: "en", Text: "Answer for the attack at Testfall Road"}, {Lang: "ur", Text: "ٹیسٹ فال روڈ کے حملے کا جواب دیا جائے"}, {Lang: "fa-AF", Text: "برای حملهٔ جادهٔ تستفال پاسخ دهید"}}
	p.Texts = []record.PetitionText{
		{Lang: "en", Title: "Answer for the attack at Testfall Road", Summary: "An invented petition, made for testing. It asks two invented offices for two things.", Body: "# findings\n\nAccording to this register {@figure:alamdar-road-2013-01-10/killed} people were killed that evening [@figure:alamdar-road-2013-01-10/killed].\n\nWhat follows is invented and asks nobody for anything:\n\n- a first point of the list,\n- a second one, *set in italics* and **in bold**.\n\n> An invented sentence, set as a quotation.\n\n# duties\n\nThe office of Testfall has a duty to answer, and the register keeps whether it does."},
		{Lang: "ur", Title: "ٹیسٹ فال روڈ کے حملے کا جواب دیا جائے", Summary: "آزمائش کے لیے بنائی گئی فرضی عرضداشت۔ یہ دو فرضی دفتروں سے دو چیزیں مانگتی ہے۔", Body: "# findings\n\nاس ریکارڈ کے مطابق اس شام {@figure:alamdar-road-2013-01-10/killed} لوگ مارے گئے [@figure:alamdar-road-2013-01-10/killed]۔\n\nآگے جو لکھا ہے وہ فرضی ہے۔", Unreviewed: true},
		{Lang: "fa-AF", Title: "برای حملهٔ جادهٔ تستفال پاسخ دهید", Summary: "عریضهٔ ساختگی برای آزمایش. از دو ادارهٔ ساختگی دو چیز می\u200cخواهد.", Body: "# findings\n\nبه گفتهٔ این ثبت آن شام {@figure:alamdar-road-2013-01-10/killed} نفر کشته شدند [@figure:alamdar-road-2013-01-10/killed].\n\nآنچه در پی می\u200cآید ساختگی است.", Unreviewed: true},
	}
	p.Addressees = []record.Addressee{
		{Key: "mayor", Office: record.Text{{Lang: "en", Text: "Mayor of Testfall"}, {Lang: "ur", Text: "میئر ٹیسٹ فال"}, {Lang: "fa-AF", Text: "شاروال تستفال"}}, Holder: record.Plain("en", "Example Holder"), Country: "PK"},
		{Key: "office", Office: record.Plain("en", "Office of Example Affairs"), HowReply: record.Plain("en", "By post to the invented address.")},
	}
	p.Demands = []record.PetitionDemand{
		{Key: "publish", Text: record.Text{{Lang: "en", Text: "Publish the report on the invented inquiry."}, {Lang: "ur", Text: "فرضی تحقیقات کی رپورٹ شائع کی جائے۔"}, {Lang: "fa-AF", Text: "گزارش تحقیق ساختگی را نشر کنید."}}, Addressee: []string{"mayor"}, Parts: []record.PetitionDemand{
			{Key: "publish-all", Text: record.Plain("en", "All of it, with its annexes.")},
			{Key: "publish-soon", Text: record.Plain("en", "Within ninety days."), Personal: true},
		}},
		{Key: "apology", Text: record.Plain("en", "Apologise to the invented families."), Addressee: []string{"office"}},
	}
	p.Bases = []record.LegalBasis{{Key: "covenant", Instrument: record.Plain("en", "Invented Covenant on Answers"), Article: "6", Duty: record.Plain("en", "Everybody has a right to an answer."), State: "PK", Reserved: record.Plain("en", "A reservation was made to its second sentence."), Demands: []string{"publish"}}}
	p.Initiators = []record.Initiator{{Key: "board", Name: record.Plain("en", "Testfall Board of Examples"), Original: true}}
	p.Goals = []int{5, 100}
	p.Pace = record.PaceLive
	p.Signers = record.SignBoth
}

func (p *petitionSite) publish(change func(*record.Petition)) {
	t, ctx, v := p.t, context.Background(), access.House()
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	id, err := p.desk.Make(ctx, v, "en", "Answer for the attack at Testfall Road")
	must(err)
	item, err := p.desk.ByID(ctx, v, id)
	must(err)
	draft := *item.Rec
	testPetition(&draft)
	of := p.desk.TextHash(draft.Texts[0])
	for i := range draft.Texts[1:] {
		draft.Texts[i+1].Of = of
	}
	if change != nil {
		change(&draft)
	}
	must(p.desk.Save(ctx, v, &draft, item.Rev, "test"))
	rev := func() int {
		t.Helper()
		item, err := p.desk.ByID(ctx, v, id)
		must(err)
		p.number, p.slug = item.Rec.Number, item.Rec.Slug
		return item.Rev
	}
	if item, err := p.desk.ByID(ctx, v, id); err == nil && item.Rec.Publication == record.PetitionDraft {
		must(p.desk.SendToReview(ctx, v, id, rev(), "test"))
	}
	_, err = p.desk.Publish(ctx, v, id, rev(), petitions.Publishing{Reason: record.Plain("en", "It is invented, and there is nothing to cite.")})
	must(err)
	must(p.desk.Open(ctx, v, id, rev(), 0, 0, "test"))
	p.id = id
	rev()
	must(p.registry.Refresh(ctx))
	p.srv.front.forget()
}

// signForm is an ordinary form of an invented person.
func formOf(email string) url.Values {
	return url.Values{
		"name": {"Testa Person"}, "email": {email}, "country": {"PK"}, "city": {"Example Town"}, "disclosure_public": {"count"},
		"disclosure_organiser": {"name"}, "disclosure_addressee": {"initials"}, "consent": {"yes"},
	}
}

// sign sends a form and returns the answer.
func (p *petitionSite) sign(form url.Values) *answer {
	p.t.Helper()
	return p.post("/petitions/"+p.slug+"/sign", form.Encode())
}

var ownLink = regexp.MustCompile(`http://petitions\.example((?:/\w+)?/s/[\w-]+)`)

// links returns the links that wait in the outbox, by address.
func (p *petitionSite) links() map[string]string {
	p.t.Helper()
	list, err := p.desk.MailWaiting(context.Background(), access.House(), 1000)
	if err != nil {
		p.t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range list {
		if found := ownLink.FindStringSubmatch(m.Message.Text); found != nil {
			out[m.Message.To] = found[1]
		}
	}
	return out
}

// confirmed signs and confirms.
func (p *petitionSite) confirmed(form url.Values) string {
	p.t.Helper()
	p.sign(form).status(200)
	link := p.links()[form.Get("email")]
	if link == "" {
		p.t.Fatalf("no mail to %s", form.Get("email"))
	}
	p.post(link, "").status(200)
	return link
}

// tokenOf is the token of a link.
func tokenOf(link string) string { return link[strings.LastIndexByte(link, '/')+1:] }

// until asks again until what is asked for is so, at most five seconds.
func (p *petitionSite) until(what string, so func() bool) {
	p.t.Helper()
	deadline := time.NewTimer(5 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-deadline.C:
			p.t.Fatalf("not within five seconds: %s", what)
		case <-tick.C:
		}
	}
}

// testLog writes the site's log into the test's.
type testLog struct{ t testing.TB }

func (w testLog) Write(b []byte) (int, error) {
	w.t.Log(string(b))
	return len(b), nil
}

// rulesOfTest are the rules against abuse of a test's site.
type rulesOfTest = signing.Rules

// endless is a rate that nothing reaches.
var endless = signing.Rate{Burst: 1e12, PerHour: 1e12}

// openPractice publishes and opens the bundled petition, which is a private copy,
// and goes on with it.
func (p *petitionSite) openPractice() {
	t, ctx, v := p.t, context.Background(), access.House()
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	item, err := p.desk.BySlug(ctx, v, "protect-the-hazaras-of-pakistan")
	must(err)
	p.id, p.slug, p.number = item.Rec.ID, item.Rec.Slug, item.Rec.Number
	if !item.Rec.Practice {
		t.Fatal("the bundled petition is no private copy")
	}
	rev := func() int {
		item, err := p.desk.ByID(ctx, v, p.id)
		must(err)
		return item.Rev
	}
	if item.Rec.Publication == record.PetitionDraft {
		must(p.desk.SendToReview(ctx, v, p.id, rev(), "test"))
	}
	if item.Rec.Publication != record.PetitionPublished {
		_, err = p.desk.Publish(ctx, v, p.id, rev(), petitions.Publishing{Reason: record.Plain("en", "A test.")})
		must(err)
		must(p.desk.Open(ctx, v, p.id, rev(), 0, 0, "test"))
	}
	must(p.registry.Refresh(ctx))
	p.srv.front.forget()
}
