package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func TestPetitionPage(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	a := p.get("/petitions/" + p.slug).status(200)
	a.has("Answer for the attack at Testfall Road", "Mayor of Testfall", "#TestfallAlert", `href="#note-1"`, `id="note-1"`, `href="#call-1"`, "Invented Covenant on Answers", "A reservation was made")
	a.hasNot("<script", "{@figure")
	checkPage(t, "/petitions/"+p.slug, a)
	number := strconv.Itoa(p.number)
	if to := p.get("/petitions/" + number).status(301).Header.Get("Location"); to != "/petitions/"+p.slug {
		t.Errorf("the number leads to %q", to)
	}
	for _, path := range []string{"/petitions", "/ur/petitions", "/fa/petitions", "/ur/petitions/" + p.slug, "/fa/petitions/" + p.slug, "/petitions/" + p.slug + "/integrity", "/petitions/" + p.slug + "/compare", "/petitions/" + p.slug + "/versions/1", "/petitions/" + p.slug + "/to/mayor", "/petitions/" + p.slug + "/sign", "/ur/petitions/" + p.slug + "/sign", "/petitions/" + p.slug + "/sign?code", "/petitions/" + p.slug + "/sign/organisation", "/petitions/" + p.slug + "/sign/thanks", "/petitions/" + p.slug + "/confirm?t=none", "/petitions/" + p.slug + "/unsubscribe?t=none"} {
		want := 200
		if strings.Contains(path, "confirm?t=none") {
			want = 404
		}
		a := p.get(path).status(want)
		checkPage(t, path, a)
		a.hasNot("[petition.", "[sign.", "[own.", "[body.", "[reply.")
	}
	for _, path := range []string{"/petitions.json", "/petitions.csv", "/petitions/" + p.slug + ".json", "/petitions/" + number + ".json", "/petitions/" + number + "/count.json", "/petitions/" + p.slug + "/count.json", "/petitions/" + p.slug + "/integrity.json", "/api/v1/osdi/petitions", "/api/v1/osdi/petitions/" + number, "/petitions/" + p.slug + "/badge.svg", "/ur/petitions/" + p.slug + "/badge.svg", "/feeds/petitions.atom"} {
		p.get(path).status(200)
	}
}

func TestSignAndConfirm(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	link := p.confirmed(formOf("testa@example.org"))
	p.until("the count to move", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":1,`)
	})
	p.get(link).status(200).has(word("own.counted"))
	p.post(link+"/withdraw", "").status(200).has(word("own.withdrawn_now"))
	p.until("the count to move back", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/count.json").body, `"signature_count":0,`)
	})
}

// Somebody who has signed is told what changed since, and after a change of
// substance counts again once they agree.
func TestChangedSince(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	ctx, v := context.Background(), access.House()
	link := p.confirmed(formOf("testa@example.org"))
	item, err := p.desk.ByID(ctx, v, p.id)
	if err != nil {
		t.Fatal(err)
	}
	k := *item.Rec
	k.Texts = slices.Clone(k.Texts)
	k.Texts[0].Body = strings.Replace(k.Texts[0].Body, "a first point", "an altered point", 1)
	if err := p.desk.Save(ctx, v, &k, item.Rev, "test"); err != nil {
		t.Fatal(err)
	}
	if item, err = p.desk.ByID(ctx, v, p.id); err != nil {
		t.Fatal(err)
	}
	if _, err := p.desk.Publish(ctx, v, p.id, item.Rev, petitions.Publishing{
		Reason: record.Plain("en", "A test."), Substance: true, Reconsent: true, Changes: record.Plain("en", "One invented point is another one."),
	}); err != nil {
		t.Fatal(err)
	}
	p.srv.front.forget()
	p.get("/petitions/"+p.slug+"/versions/2").status(200).has("<del>", "<ins>", "altered", "One invented point is another one.")
	p.get("/petitions/" + p.slug + "/versions/1").status(200).has("a first point")
	p.get("/petitions/" + p.slug + "/versions/3").status(404)
	p.get(link).status(200).has(word("own.since"), "altered", word("own.renew"), word("own.counted_earlier")).hasNot(word("own.counted"))
	p.post(link+"/change", "renew=yes").status(200).has(word("own.renewed"))
	p.get(link).status(200).hasNot(word("own.renew_lede"), word("own.counted_earlier")).has(word("own.counted"))
	// A form of the first text is not taken for the second.
	old := formOf("late@example.org")
	item, err = p.desk.ByID(ctx, v, p.id)
	if err != nil {
		t.Fatal(err)
	}
	first, err := p.desk.Edition(ctx, v, p.id, 1)
	if err != nil {
		t.Fatal(err)
	}
	old.Set("edition", first.Rec.Hash)
	p.sign(old).status(422).has(word("sign.text_changed"))
}

// An addressee's one-time link takes one answer, which is published as it came.
func TestReplyLink(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	when, err := edtf.Parse("2026-05-01")
	if err != nil {
		t.Fatal(err)
	}
	_, code, err := p.desk.Deliver(context.Background(), access.House(), p.id, record.Delivery{Addressee: "mayor", Channel: record.ByHand, On: record.When{Date: when}, Visibility: record.Public})
	if err != nil {
		t.Fatal(err)
	}
	p.srv.front.forget()
	base := "/petitions/" + p.slug
	p.get(base+"/to/mayor").status(200).has(word("petition.no_answer"), word("petition.reference"))
	for range 2 { // looking at it uses nothing up
		p.get(base + "/reply?code=" + code).status(200).has("Publish the report")
	}
	p.post(base+"/reply", "code="+code+"&words=&from=").status(422).has(`id="e-words"`, `id="e-from"`, `id="e-sure"`)
	words := "We have read it.\n\n<b>Nothing</b> will be done."
	p.post(base+"/reply", url.Values{"code": {code}, "words": {words}, "from": {"Example Holder"}, "sure": {"yes"}, "demand": {"publish"}}.Encode()).status(200).has(word("reply.thanks"))
	p.get(base+"/to/mayor").status(200).has("We have read it.", "&lt;b&gt;Nothing&lt;/b&gt; will be done.", "Example Holder")
	p.post(base+"/reply", url.Values{"code": {code}, "words": {"again"}, "from": {"x"}, "sure": {"yes"}}.Encode()).status(404)
	p.get(base + "/reply?code=none").status(404)
	p.get(base + ".json").status(200).has(`"government_response":{"responded_on"`)
}
