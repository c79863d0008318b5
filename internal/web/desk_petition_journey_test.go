package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testbrowser"
	"github.com/gawah-project/gawah/internal/testneed"
)

// enter signs an account in.
func enter(p *testbrowser.Page, at string, role access.Role) {
	p.Goto(at + "/desk/sign-in")
	p.Type("#f-email", string(role)+"@example.org")
	p.Type("#f-password", testPassword)
	p.Follow("main button.primary")
	p.Wait("nav a[href=\"/desk/account\"]")
}

// fillIn sets a field whatever its name.
func fillIn(p *testbrowser.Page, name, value string) {
	p.Do(chromedp.SetValue(chromedp.CSS(`main [name="`+name+`"]`), value))
}

// TestJourneyPetition goes the whole way of a petition in a browser: the draft,
// a citation put where the caret was, the check, an agreement, publication, a
// signature on a telephone without scripts, its link from the outbox, a pack, the
// delivery and the answer.
func TestJourneyPetition(t *testing.T) {
	t.Parallel() // long, and waits in between
	b := testbrowser.New(t)
	s := organisedSite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	s.signedIn(access.Organiser)
	source := newSource(ed, "Blasts on Testfall Road", articleText)
	event := newEventOf(ed, "Testfall Road bombings", "2013-01-10")
	newClaim(ed, source, event, "more than 40 people were killed", "more_than", "40")
	c := claimsOf(t, s, source)[0]
	form := second.get("/desk/review").form("/desk/review/" + string(c.ID))
	second.post("/desk/review/"+string(c.ID), filled(form, "state", "accepted", "reason", "says so")).status(303)
	ed.post("/desk/publish", url.Values{"ref": {"source:" + source, "event:" + event, "claim:" + string(c.ID)}, "do": {"publish"}, "reason": {"reviewed"}}).status(303)

	at := s.http.URL
	p := b.Blank(t, testbrowser.View{})
	enter(p, at, access.Organiser)
	p.Goto(at + "/desk/petitions/new")
	p.Type("#f-title", "Answer for Testfall")
	submit(p, "main button.primary", "[data-cites]")
	path := strings.TrimSuffix(strings.Split(p.Address(), "?")[0], "/text")
	id := path[strings.LastIndexByte(path, '/')+1:]
	fillIn(p, "body", "On that day people were killed. We ask why.")
	p.Type("#f-q", "Testfall")
	submit(p, `button[name="find"]`, "[data-cite]")
	p.Screenshot("desk-petition-cite")
	// The caret stands behind "killed."; the script puts the citation there.
	body := testbrowser.Get(p, chromedp.Evaluate[string](`(() => {
		const area = document.querySelector('[data-cites]');
		const at = area.value.indexOf(' We ask');
		area.setSelectionRange(at, at);
		area.dispatchEvent(new Event('keyup'));
		document.querySelector('button[data-cite]').click();
		return area.value;
	})()`))
	if want := "killed. [@figure:testfall-road-bombings-2013-01-10/killed] We ask why."; !strings.Contains(body, want) {
		t.Errorf("the text is %q", body)
	}
	// A line that is named goes before the caret.
	body = testbrowser.Get(p, chromedp.Evaluate[string](`(() => {
		const area = document.querySelector('[data-cites]'), line = document.getElementById('f-line');
		const was = area.value;
		area.value = 'One.\nTwo.\nThree.';
		line.value = '2';
		line.dispatchEvent(new Event('input'));
		document.querySelector('button[data-cite]').click();
		const is = area.value;
		area.value = was;
		return is;
	})()`))
	if want := "Two. [@figure:testfall-road-bombings-2013-01-10/killed]\nThree."; !strings.Contains(body, want) {
		t.Errorf("the text is %q", body)
	}
	p.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[name=q]').value = ''; document.querySelector('[name="q.was"]').value = ''`))
	submit(p, `button[name="preview"]`, "#preview")
	p.Screenshot("desk-petition-preview")
	submit(p, `form.wide .buttons button.primary`, ".flash[role=status]")

	part := func(name string, fields map[string]string) {
		p.Goto(at + "/desk/petitions/" + id + "/edit/" + name)
		submit(p, `button[value="add"]`, "fieldset.line")
		for field, value := range fields {
			fillIn(p, field, value)
		}
		submit(p, ".form > .buttons button.primary", ".flash[role=status]")
		p.Screenshot("desk-petition-" + name)
	}
	part("addressees", map[string]string{"r0.office.text": "The Registrar of Example Land"})
	part("demands", map[string]string{"r0.text.text": "Publish the list"})
	part("initiators", map[string]string{"r0.name.text": "Example Organisation"})

	p.Goto(at + "/desk/petitions/" + id + "/check")
	p.Type(`[name="proof"]`, "letter of 3 May")
	submit(p, "#approvals button", ".flash[role=status]")
	p.Screenshot("desk-petition-check")
	if strings.Contains(p.Text("main"), word("desk.petition.no_findings")) {
		submit(p, "#publish button.primary", ".flash[role=status]")
	} else {
		fillIn(p, "publish_reason.text", "The sentence states no fact of its own.")
		submit(p, "#publish button.primary", ".flash[role=status]")
	}
	submit(p, `button[value="open"]`, `button[value="pause"]`)
	p.Screenshot("desk-petition-open")
	slug := petitionOf(t, s, id).Slug

	phone := b.Open(t, at+"/petitions/"+slug+"/sign", testbrowser.View{Width: testbrowser.Narrow, NoScripts: true})
	phone.Type("#f-name", signerName)
	phone.Type("#f-email", signerMail)
	fillIn(phone, "country", "AU")
	phone.Goto(at + "/petitions/" + slug + "/sign")
	phone.Type("#f-name", signerName)
	phone.Type("#f-email", signerMail)
	phone.Do(chromedp.SetValue(chromedp.CSS(`[name="country"]`), "AU"))
	phone.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#f-consent').checked = true; document.querySelector('[name=disclosure_organiser][value=name]').checked = true`))
	phone.Leave(chromedp.Evaluate[chromedp.Void](`document.querySelector('form.signing button.primary').click()`))
	phone.Screenshot("desk-petition-signed")

	keeper := b.Blank(t, testbrowser.View{})
	enter(keeper, at, access.Admin)
	keeper.Goto(at + "/desk/outbox")
	keeper.Screenshot("desk-outbox")
	link := testbrowser.Get(keeper, chromedp.Evaluate[string](`document.querySelector('.mail a').href`))
	phone.Goto(link)
	phone.Follow(`form.form button.primary`)

	p.Goto(at + "/desk/petitions/" + id + "/signers/names")
	if !strings.Contains(p.Text("main"), signerName) {
		t.Errorf("the organiser does not see whom they may see: %.300s", p.Text("main"))
	}
	p.Screenshot("desk-petition-names")
	p.Goto(at + "/desk/petitions/" + id + "/delivery")
	submit(p, "#packs button", "#packs .flash")
	p.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('details').forEach((d) => d.open = true)`))
	p.Screenshot("desk-petition-pack")
	p.Follow(`form[action$="/delivery"] button.primary`)
	p.Wait("#reply-link")
	p.Screenshot("desk-petition-delivery")
	secret := p.Text("#reply-link")

	office := b.Open(t, secret, testbrowser.View{NoScripts: true})
	office.Do(chromedp.SetValue(chromedp.CSS(`textarea[name="words"]`), "We will publish it."))
	office.Type(`[name="from"]`, "The Registrar")
	office.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[name=sure]').checked = true`))
	office.Follow(`main form[action$="/reply"] button.primary`)
	p.Goto(at + "/desk/petitions/" + id + "/delivery")
	if !strings.Contains(p.Text("main"), "We will publish it.") {
		t.Errorf("the answer is not there: %.300s", p.Text("main"))
	}
	for _, page := range []*testbrowser.Page{p, phone, office} {
		for _, e := range page.Errors() {
			t.Errorf("the browser complains: %s", e)
		}
		if other := page.Elsewhere(at); len(other) > 0 {
			t.Errorf("a page reaches for %v", other)
		}
	}
}

// TestPetitionDeskLooksLong opens every page of a petition's desk on a telephone and
// on a desk, in both colours, without scripts: none scrolls sideways.
func TestPetitionDeskLooksLong(t *testing.T) {
	testneed.Long(t, "takes tens of seconds")
	b := testbrowser.New(t)
	s := organisedSite(t)
	v := s.signedIn(access.Admin)
	paths := petitionDesk(t, s, v)
	views := []testbrowser.View{{Width: testbrowser.Narrow}, {Width: testbrowser.Wide}, {Width: testbrowser.Wide, Dark: true}, {Width: testbrowser.Narrow, Dark: true}}
	for _, view := range views {
		view.NoScripts = true
		p := b.Blank(t, view)
		enter(p, s.http.URL, access.Admin)
		for name, path := range paths {
			if view.Dark && name != "text" && name != "demands" && name != "check" {
				continue
			}
			p.Goto(s.http.URL + path)
			if n := p.Overflow(); n > 0 {
				t.Errorf("%s at %d: %d pixels too wide", name, view.Width, n)
			}
			p.Screenshot("desk-petition-" + name)
		}
	}
}

// petitionDesk makes a petition with something on each of its desk's pages, and
// returns their addresses by name.
func petitionDesk(t *testing.T, s *site, v *visitor) map[string]string {
	t.Helper()
	id := readyPetition(v, "To the Government of Example Land: publish the list, and answer the families of Testfall")
	base := "/desk/petitions/" + id
	demands := base + "/edit/demands"
	form := v.get(demands).form(demands)
	for _, act := range []string{"part:0", "after:1", "after:0"} {
		form = v.post(demands, filled(form, "act", act)).form(demands)
	}
	v.post(demands, filled(form, "r1.text.text", "with every name, in every language in which it was reported", "r2.text.text", "and on paper", "r3.text.text", "Pay what was promised")).status(303)
	text := base + "/text"
	v.post(text, filled(v.get(text).form(text), "body", "# Findings\n\nMore than 40 people were killed on 10 January 2013, and “nobody was charged”.\n\n# Demands\n\nWe ask for an answer.\n")).status(303)
	form = v.get(text + "?lang=ur").form(text)
	v.post(text, filled(form, "title", "ٹیسٹ فال کا جواب", "body", "# نتائج\n\nدس جنوری کو لوگ مارے گئے۔\n")).status(303)
	v.post(text, filled(v.get(text).form(text), "summary", "A summary that was added later.")).status(303)
	v.act(base+"/check", base+"/approve", "proof", "letter of 3 May").status(303)
	check := v.get(base + "/check")
	v.post(base+"/publish", filled(check.form(base+"/publish"), "publish_reason.text", "It is a test.", "publish_reason.lang", "en")).status(303)
	v.act(base, base+"/run", "do", "open").status(303)
	v.act(base+"/paper", base+"/paper", "collector", "C 7", "town", "Testfall", "country", "PK").status(303)
	batches, err := s.srv.organising.Batches(t.Context(), v.viewer, record.PetitionID(id))
	if err != nil || len(batches) != 1 {
		t.Fatal(err, len(batches))
	}
	v.act(base+"/delivery", base+"/delivery", "channel", "hand", "receipt", "stamp 12").status(200)
	v.act(base+"/voids", base+"/voids", "country", "AU", "do", "preview").status(200).has("AU")
	return map[string]string{
		"list": "/desk/petitions", "overview": base, "text": text, "text-ur": text + "?lang=ur", "line": text + "?line=3", "addressees": base + "/edit/addressees",
		"bases": base + "/edit/bases", "demands": demands, "initiators": base + "/edit/initiators", "terms": base + "/edit/terms", "check": base + "/check",
		"signers": base + "/signers", "names": base + "/signers/names", "organisations": base + "/organisations", "paper": base + "/paper",
		"batch": base + "/paper/" + string(batches[0].Rec.ID), "voids": base + "/voids?country=AU", "delivery": base + "/delivery", "log": base + "/log", "outbox": "/desk/outbox",
		"cite": base + "/cite", "letter": base + "/letter", "letter-ur": base + "/letter?lang=ur",
	}
}
