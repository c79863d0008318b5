package petitions

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/examples/quetta"
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// attack enters an invented attack with one public claim of n dead and returns
// the claim.
func (s *stand) attack(slug string, n int64) *record.Claim {
	s.t.Helper()
	src := &record.Source{
		ID: record.SourceID(s.id()), Type: record.TypeArticle, Title: record.Plain("en", "Testfall report"), Publisher: "The Testfall Post", Language: "en",
		Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public, URL: "https://example.org/report",
	}
	e := &record.Event{
		ID: record.EventID(s.id()), Slug: slug, Title: record.Plain("en", "Attack at Example Town"), Type: record.TypeAttack, Status: record.Held,
		When: record.On("2013-01-10"), Visibility: record.Public,
	}
	c := &record.Claim{
		ID: record.ClaimID(s.id()), Source: src.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Role: record.Reported, Words: "some", Review: record.Review{State: record.Accepted}, Visibility: record.Public, AsOf: record.On("2013-01-10"),
	}
	c.Bounds(record.Exact, n, 0)
	for _, r := range []record.Record{src, e, c} {
		s.must(s.house.Save(s.ctx, access.House(), r, 0, "test"))
	}
	return c
}

// draft makes a draft that could be published: owned by the owner, with one
// initiator who has no account.
func (s *stand) draft(title, body string, change ...func(*record.Petition)) Petition {
	s.t.Helper()
	id, err := s.desk.Make(s.ctx, s.owner, "en", title)
	s.must(err)
	return s.redraft(id, func(p *record.Petition) {
		p.Texts[0].Body = body
		p.Addressees = []record.Addressee{
			{Key: "office", Office: record.Plain("en", "Office of Examples"), Holder: record.Plain("en", "Test Holder"), HeldOn: record.On("2026-03")},
			{Key: "court", Office: record.Plain("en", "Example Court")},
		}
		p.Demands = []record.PetitionDemand{
			{Key: "safety", Text: record.Plain("en", "Protect the town."), Addressee: []string{"office"}},
			{Key: "justice", Text: record.Plain("en", "Hear the case."), Addressee: []string{"court"}},
		}
		for _, f := range change {
			f(p)
		}
	})
}

// redraft saves a change of a petition's working text.
func (s *stand) redraft(id record.PetitionID, change func(*record.Petition)) Petition {
	s.t.Helper()
	item := s.now_(id)
	p := *item.Rec
	p.Texts = slices.Clone(p.Texts)
	change(&p)
	s.must(s.desk.Save(s.ctx, s.owner, &p, item.Rev, "test"))
	return s.now_(id)
}

func (s *stand) now_(id record.PetitionID) Petition {
	s.t.Helper()
	item, err := s.desk.ByID(s.ctx, access.House(), id)
	s.must(err)
	return item
}

// why is a reason for publishing with open findings.
var why = record.Plain("en", "Known and accepted.")

func TestLifeOfAPetition(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		c := s.attack("example-town-2013", 5)
		p := s.draft("For Example Town", "# findings\n\nIn all {@figure:example-town-2013/killed} people died [@claim:"+string(c.ID)+"].\n")
		if p.Rec.Number < 2 || p.Rec.Slug != "example-town" && p.Rec.Slug != "for-example-town" || p.Rec.Visibility != record.Internal || !slices.Equal(p.Rec.Owners, []record.UserID{s.owner.User}) {
			t.Errorf("a new draft: number %d, slug %q, %s, owners %v", p.Rec.Number, p.Rec.Slug, p.Rec.Visibility, p.Rec.Owners)
		}
		id := p.Rec.ID
		if _, err := s.desk.ByID(s.ctx, access.Anyone(), id); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("the public finds a draft: %v", err)
		}

		// Two people save at once: the second is told.
		stale := *p.Rec
		s.wants(s.desk.Save(s.ctx, s.owner, &stale, p.Rev-1, "late"), record.ErrConflict, "saving on an old revision")

		s.refuses(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""), "publication", "opening a draft")
		s.must(s.desk.SendToReview(s.ctx, s.owner, id, p.Rev, ""))
		s.must(s.desk.Reject(s.ctx, s.moderator, id, 0, record.RejectUnclear, record.Text{{Lang: "en", Text: "Say who acts."}, {Lang: "ur", Text: "واضح کریں"}}))
		page, err := s.desk.PetitionPage(s.ctx, access.Anyone(), p.Rec.Slug)
		s.must(err)
		if page.Petition.Rejection == nil || len(page.Petition.Texts) > 0 || len(page.Editions) > 0 || page.State(s.clock.UnixMicro()) != petition.StateRejected {
			t.Errorf("a refused petition shows %+v", page.Petition)
		}
		s.must(s.desk.Appeal(s.ctx, s.owner, id, 0, record.Plain("en", "Paragraph two does.")))
		s.must(s.desk.Reject(s.ctx, s.editor, id, 0, record.RejectPersonal, record.Plain("en", "Names a child.")))
		if _, err := s.desk.PetitionPage(s.ctx, access.Anyone(), p.Rec.Slug); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("a petition refused for endangering somebody is public: %v", err)
		}
		s.must(s.desk.SendToReview(s.ctx, s.owner, id, 0, "taken out"))

		// The source is not held, so publication takes a reason.
		checked, err := s.desk.Check(s.ctx, s.owner, id)
		s.must(err)
		if len(checked.Findings) != 1 || checked.Findings[0].Kind != record.FoundUnheld {
			t.Errorf("the check finds %+v", checked.Findings)
		}
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{})
		s.refuses(err, "reason", "publishing with findings and no reason")
		first, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
		s.must(err)
		if first.Number != 1 || petition.Verify(first) != nil || len(first.Findings) != 1 {
			t.Errorf("the first edition: %+v", first)
		}
		// One note says where the number comes from, one what the claim beside it says.
		if n := first.Texts[0].Notes; len(n) != 2 || len(n[0].Origins) != 1 || n[0].Value != "5" || len(n[1].Origins) != 0 || n[1].Title != "Testfall report" {
			t.Errorf("the notes of the first edition: %+v", n)
		}
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: why})
		s.refuses(err, "texts", "publishing the same again")

		// What is published is found by its words, what is drafted after it is not.
		s.redraft(id, func(p *record.Petition) { p.Texts[0].Body += "\nUnheardofword here.\n" })
		for words, want := range map[string]int{"findings example": 1, "unheardofword": 0} {
			got, err := s.desk.ListPage(s.ctx, access.Anyone(), Query{Words: words})
			s.must(err)
			if len(got.Petitions) != want {
				t.Errorf("%q finds %d petitions, want %d", words, len(got.Petitions), want)
			}
		}
		hits, err := s.house.SearchPage(s.ctx, access.Anyone(), "protect the town", nil, 0, 10)
		s.must(err)
		if len(hits.Hits) != 1 || hits.Hits[0].Petition == nil || hits.Hits[0].Petition.Slug != p.Rec.Slug {
			t.Errorf("search finds %+v", hits.Hits)
		}

		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: record.Plain("en", "One sentence."), Substance: true})
		s.refuses(err, "reconsent", "a change of substance without choosing")
		second, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: record.Plain("en", "One sentence."), Substance: true, Reconsent: true})
		s.must(err)
		if now := s.now_(id); now.Rec.Edition != 2 || now.Rec.Reconsent != 2 {
			t.Errorf("edition %d, signatures count from %d", now.Rec.Edition, now.Rec.Reconsent)
		}
		since, err := s.desk.ChangedSince(s.ctx, access.Anyone(), id, 1, "ur")
		s.must(err)
		if since == nil || since.Lang != "en" || since.Counts || !since.Substance || since.Change.Same() || len(since.Words) != 1 || since.To.Hash != second.Hash {
			t.Errorf("what changed since edition 1: %+v", since)
		}
		if same, err := s.desk.ChangedSince(s.ctx, access.Anyone(), id, 2, "en"); err != nil || same != nil {
			t.Errorf("what changed since the edition in force: %v, %v", same, err)
		}

		s.must(s.desk.Stop(s.ctx, s.moderator, id, 0, record.RejectAlready, record.Plain("en", "It was done.")))
		page, err = s.desk.PetitionPage(s.ctx, access.Anyone(), p.Rec.Slug)
		s.must(err)
		if page.State(s.clock.UnixMicro()) != petition.StateStopped || len(page.Editions) != 2 {
			t.Errorf("a stopped petition is %s with %d editions", page.State(s.clock.UnixMicro()), len(page.Editions))
		}

		next, err := s.desk.Copy(s.ctx, s.organiser, id, "again")
		s.must(err)
		if c := s.now_(next).Rec; c.Number <= p.Rec.Number || c.Edition != 0 || c.Publication != record.PetitionDraft || len(c.Approvals) > 0 || !slices.Equal(c.Owners, []record.UserID{s.organiser.User}) {
			t.Errorf("a copy: %+v", c)
		}

		s.must(s.desk.Note(s.ctx, s.moderator, id, "Asked twice."))
		log, err := s.desk.Log(s.ctx, s.owner, id)
		s.must(err)
		var actions []string
		for _, l := range slices.Backward(log) {
			if l.Action != "change petition" {
				actions = append(actions, l.Action)
			}
		}
		want := []string{
			"make petition", "send petition to review", "reject petition", "appeal", "reject petition", "send petition to review",
			"publish petition", "publish petition", "stop petition", "",
		}
		slices.Sort(actions)
		slices.Sort(want)
		if diff := cmp.Diff(want, actions); diff != "" {
			t.Errorf("the log:\n%s", diff)
		}
	})
}

// TestFrozen changes a claim after publication: the edition stays what its hash
// says, and the next check tells.
func TestFrozen(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		c := s.attack("frozen-town", 5)
		p := s.draft("Frozen", "In all {@figure:frozen-town/killed} people died [@claim:"+string(c.ID)+"].\n")
		e, err := s.desk.Publish(s.ctx, s.owner, p.Rec.ID, 0, Publishing{Reason: why})
		s.must(err)
		later := *c
		later.Bounds(record.Exact, 7, 0)
		s.must(s.house.Save(s.ctx, access.House(), &later, 1, "a later toll"))
		again, err := s.desk.Edition(s.ctx, access.Anyone(), p.Rec.ID, 0)
		s.must(err)
		if again.Rec.Hash != e.Hash || petition.Verify(again.Rec) != nil || *again.Rec.Cited[0].Best != 5 || again.Rec.Cited[0].Rule == "" || len(again.Rec.Cited[0].Claims) == 0 {
			t.Errorf("the edition moved: %+v", again.Rec.Cited)
		}
		if !strings.Contains(words(again.Rec.Texts[0].Blocks), "In all 5 people") {
			t.Errorf("the frozen text reads %q", words(again.Rec.Texts[0].Blocks))
		}
		checked, err := s.desk.Check(s.ctx, s.owner, p.Rec.ID)
		s.must(err)
		if !slices.ContainsFunc(checked.Findings, func(f record.PetitionFinding) bool { return f.Kind == record.FoundChanged }) {
			t.Errorf("the check does not say that the figure changed: %+v", checked.Findings)
		}
		// A claim that leaves the public leaves the next check with nothing to print.
		later.Visibility = record.Internal
		s.must(s.house.Save(s.ctx, access.House(), &later, 2, "taken back"))
		s.redraft(p.Rec.ID, func(p *record.Petition) { p.Texts[0].Body += "\nMore.\n" })
		_, err = s.desk.Publish(s.ctx, s.owner, p.Rec.ID, 0, Publishing{Reason: why, Changes: why})
		s.refuses(err, "texts", "publishing a number that is not public any more")
	})
}

func words(blocks []record.Block) string {
	var b strings.Builder
	for _, x := range blocks {
		for _, s := range x.Spans {
			b.WriteString(s.Text)
		}
		b.WriteString(words(x.Blocks))
	}
	return b.String()
}

// TestApprovals: an agreement is with one text, by the initiator's account or
// recorded with proof.
func TestApprovals(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		p := s.draft("Agreed", "We ask.\n", func(p *record.Petition) {
			p.Initiators = []record.Initiator{
				{Key: "society", Name: record.Plain("en", "Example Society")},
				{Key: "writer", Name: record.Plain("en", "Test Writer"), Account: s.contributor.User},
				{Key: "first", Name: record.Plain("en", "Signatory of old"), Original: true},
			}
		})
		id := p.Rec.ID
		hash, err := petition.DraftHash(p.Rec)
		s.must(err)
		unagreed := func() (keys []string) {
			got, err := petition.Unagreed(s.now_(id).Rec)
			s.must(err)
			for _, i := range got {
				keys = append(keys, i.Key)
			}
			return keys
		}
		s.refuses(s.desk.Approve(s.ctx, s.owner, id, "society", hash, ""), "proof", "recording an agreement without proof")
		s.wants(s.desk.Approve(s.ctx, s.owner, id, "writer", hash, "they said so"), record.ErrForbidden, "agreeing for somebody with an account")
		s.wants(s.desk.Approve(s.ctx, s.contributor, id, "society", hash, "x"), record.ErrForbidden, "a stranger agreeing")
		s.wants(s.desk.Approve(s.ctx, s.owner, id, "nobody", hash, "x"), record.ErrNotFound, "an initiator who is not there")
		s.refuses(s.desk.Approve(s.ctx, s.owner, id, "first", hash, "x"), "initiator", "agreeing for a signatory of an original")
		s.must(s.desk.Approve(s.ctx, s.owner, id, "society", hash, "letter of 1 March"))
		s.must(s.desk.Approve(s.ctx, s.contributor, id, "writer", hash, ""))
		if got := unagreed(); len(got) > 0 {
			t.Errorf("not agreed: %v", got)
		}
		s.redraft(id, func(p *record.Petition) { p.Note = "nothing in the text" })
		if got := unagreed(); len(got) > 0 {
			t.Errorf("a note voids agreements: %v", got)
		}
		s.redraft(id, func(p *record.Petition) { p.Demands[0].Text = record.Plain("en", "Protect the whole town.") })
		if got := s.now_(id).Rec.Approvals; len(got) > 0 {
			t.Errorf("agreements with another text stay: %v", got)
		}
		s.wants(s.desk.Approve(s.ctx, s.contributor, id, "writer", hash, ""), record.ErrConflict, "agreeing with a text that has changed")
		if _, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{}); err == nil {
			t.Error("published without agreement and without a reason")
		}
		// Published with a reason, it still does not open before they agree.
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
		s.must(err)
		s.refuses(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""), "initiators", "opening without agreement")
		hash, err = petition.DraftHash(s.now_(id).Rec)
		s.must(err)
		s.must(s.desk.Approve(s.ctx, s.owner, id, "society", hash, "call"))
		s.must(s.desk.Approve(s.ctx, s.contributor, id, "writer", hash, ""))
		s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))
	})
}

// TestAgreementIsWithWhatIsSigned tries to put initiators' names under a text that
// they have not agreed with.
func TestAgreementIsWithWhatIsSigned(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.draft("Stood by", "We ask.\n", func(p *record.Petition) {
			p.Initiators = []record.Initiator{{Key: "writer", Name: record.Plain("en", "Test Writer"), Account: s.contributor.User}}
		}).Rec.ID
		agrees := func(v access.Viewer) {
			t.Helper()
			hash, err := petition.DraftHash(s.now_(id).Rec)
			s.must(err)
			s.must(s.desk.Approve(s.ctx, v, id, "writer", hash, ""))
		}
		body := func(text string) { s.redraft(id, func(p *record.Petition) { p.Texts[0].Body = text }) }
		account := func(u record.UserID) { s.redraft(id, func(p *record.Petition) { p.Initiators[0].Account = u }) }

		// An owner agrees under an account of their own and gives the initiator's back.
		account(s.owner.User)
		agrees(s.owner)
		account(s.contributor.User)
		if got, err := petition.Unagreed(s.now_(id).Rec); err != nil || len(got) != 1 {
			t.Errorf("an owner agreed in the initiator's place: %v, %v", got, err)
		}

		// One text is published, another one agreed with.
		body("We ask for something else.\n")
		_, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
		s.must(err)
		body("We ask.\n")
		agrees(s.contributor)
		s.refuses(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""), "initiators", "opening a text that nobody agreed with")
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: why})
		s.must(err)
		// What is drafted afterwards takes nothing from what was agreed.
		body("We ask, and more.\n")
		s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))

		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: why})
		s.refuses(err, "initiators", "another text under initiators' names while people sign")
		agrees(s.contributor)
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: why})
		s.must(err)
	})
}

// TestSubstanceIsNotTheOrganisersWord changes what is asked of those who have
// signed: they are asked anew, unless somebody else judges that it is the same.
func TestSubstanceIsNotTheOrganisersWord(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		for _, test := range []struct {
			name   string
			change func(*record.Petition)
			refuse bool
		}{
			{"demand", func(p *record.Petition) { p.Demands[0].Text = record.Plain("en", "Protect the mine.") }, true},
			{"addressee", func(p *record.Petition) { p.Addressees[1].Office = record.Plain("en", "Another Court") }, true},
			{"basis", func(p *record.Petition) {
				p.Bases = []record.LegalBasis{{Key: "law", Instrument: record.Plain("en", "Example Act")}}
			}, true},
			{"title", func(p *record.Petition) { p.Texts[0].Title = "Against all this" }, true},
			{"findings", func(p *record.Petition) { p.Texts[0].Body += "\nAnd so it was.\n" }, false},
			{"translation", func(p *record.Petition) {
				p.Texts = append(p.Texts, record.PetitionText{Lang: "ur", Title: "عنوان", Body: "متن\n"})
			}, false},
		} {
			id := s.draft("Asks for "+test.name, "We ask.\n").Rec.ID
			_, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
			s.must(err)
			s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))
			s.redraft(id, test.change)
			how := Publishing{Reason: why, Changes: why}
			_, err = s.desk.Publish(s.ctx, s.owner, id, 0, how)
			if !test.refuse {
				s.must(err)
				continue
			}
			s.refuses(err, "substance", "changing "+test.name+" as no change of substance")
			if test.name == "title" { // an editor who does not run it finds that it asks for the same
				_, err = s.desk.Publish(s.ctx, s.editor, id, 0, how)
				s.must(err)
				continue
			}
			how.Substance, how.Reconsent = true, true
			_, err = s.desk.Publish(s.ctx, s.owner, id, 0, how)
			s.must(err)
			if p := s.now_(id).Rec; p.Reconsent != 2 {
				t.Errorf("%s: signatures count from edition %d", test.name, p.Reconsent)
			}
		}
	})
}

// TestOwnersKeepEachOther: two owners are two, until one leaves or an admin decides.
func TestOwnersKeepEachOther(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		p := s.draft("Of two", "We ask.\n")
		id, both := p.Rec.ID, []record.UserID{s.owner.User, s.organiser.User}
		slices.Sort(both)
		s.must(s.desk.SetOwners(s.ctx, s.owner, id, 0, both))
		s.refuses(s.desk.SetOwners(s.ctx, s.owner, id, 0, []record.UserID{s.owner.User}), "owners", "putting another owner out")
		s.refuses(s.desk.SetOwners(s.ctx, s.owner, id, 0, []record.UserID{s.contributor.User, s.owner.User}), "owners", "putting another in an owner's place")
		alone := *s.now_(id).Rec
		alone.Owners = []record.UserID{s.owner.User}
		s.must(s.desk.Save(s.ctx, s.owner, &alone, 0, "by the way"))
		if got := s.now_(id).Rec.Owners; !slices.Equal(got, both) {
			t.Errorf("saving the text made the owners %v", got)
		}
		s.must(s.desk.SetOwners(s.ctx, s.owner, id, 0, []record.UserID{s.organiser.User}))
		s.must(s.desk.SetOwners(s.ctx, s.organiser, id, 0, both))
		s.must(s.desk.SetOwners(s.ctx, access.House(), id, 0, []record.UserID{s.owner.User}))
	})
}

// TestRolesOfPetitions tries every use case as everybody who must not.
func TestRolesOfPetitions(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		p := s.draft("Whose", "We ask.\n")
		id := p.Rec.ID
		review := s.draft("In review", "We ask.\n").Rec.ID
		s.must(s.desk.SendToReview(s.ctx, s.owner, review, 0, ""))
		public := s.draft("Public", "We ask.\n").Rec.ID
		_, err := s.desk.Publish(s.ctx, s.owner, public, 0, Publishing{})
		s.must(err)
		delivery, _, err := s.desk.Deliver(s.ctx, s.owner, public, record.Delivery{Addressee: "office", Channel: record.ByHand})
		s.must(err)
		anyone := access.Anyone()
		asPublic := s.owner
		asPublic.AsPublic = true
		all := map[string]access.Viewer{
			"public": anyone, "owner as public": asPublic, "reader": s.reader, "contributor": s.contributor, "moderator": s.moderator, "another organiser": s.organiser, "editor": s.editor,
		}
		for _, test := range []struct {
			name string
			may  []string
			do   func(access.Viewer) error
		}{
			{"save", nil, func(v access.Viewer) error { return s.desk.Save(s.ctx, v, p.Rec, p.Rev, "") }},
			{"send to review", nil, func(v access.Viewer) error { return s.desk.SendToReview(s.ctx, v, id, 0, "") }},
			{"take back", nil, func(v access.Viewer) error { return s.desk.TakeBack(s.ctx, v, review, 0, "") }},
			{"reject", []string{"moderator", "editor"}, func(v access.Viewer) error {
				return s.desk.Reject(s.ctx, v, review, 0, record.RejectUnclear, record.Plain("en", "No."))
			}},
			{"publish", []string{"editor"}, func(v access.Viewer) error {
				_, err := s.desk.Publish(s.ctx, v, id, 0, Publishing{})
				return err
			}},
			{"open", nil, func(v access.Viewer) error { return s.desk.Open(s.ctx, v, public, 0, 0, 0, "") }},
			{"close", nil, func(v access.Viewer) error { return s.desk.Close(s.ctx, v, public, 0, "") }},
			{"pause", nil, func(v access.Viewer) error { return s.desk.Pause(s.ctx, v, public, 0, "") }},
			{"goals", nil, func(v access.Viewer) error { return s.desk.SetGoals(s.ctx, v, public, 0, []int{5}) }},
			{"owners", nil, func(v access.Viewer) error {
				return s.desk.SetOwners(s.ctx, v, public, 0, []record.UserID{v.User, s.owner.User})
			}},
			{"stop", []string{"moderator", "editor"}, func(v access.Viewer) error {
				return s.desk.Stop(s.ctx, v, public, 0, record.RejectAlready, record.Plain("en", "Done."))
			}},
			{"deliver", nil, func(v access.Viewer) error {
				_, _, err := s.desk.Deliver(s.ctx, v, public, record.Delivery{Addressee: "office", Channel: record.ByHand})
				return err
			}},
			{"receipt", nil, func(v access.Viewer) error {
				return s.desk.Receipt(s.ctx, v, delivery.ID, 0, "7", strings.NewReader("scan of "+string(v.Role)))
			}},
			{"renew the link", nil, func(v access.Viewer) error {
				_, err := s.desk.NewReplyLink(s.ctx, v, delivery.ID, "")
				return err
			}},
			{"record a reply", nil, func(v access.Viewer) error {
				_, err := s.desk.RecordReply(s.ctx, v, public, record.Reply{Addressee: "office", Channel: record.ByPost, Words: why})
				return err
			}},
			{"switch signing", []string{"moderator"}, func(v access.Viewer) error { return s.desk.SwitchSigning(s.ctx, v, false, "an attack") }},
			{"remark", []string{"moderator", "another organiser", "editor"}, func(v access.Viewer) error { return s.desk.Note(s.ctx, v, public, "x") }},
			{"log", []string{"moderator", "another organiser", "editor"}, func(v access.Viewer) error {
				_, err := s.desk.Log(s.ctx, v, public)
				return err
			}},
			{"general save", nil, func(v access.Viewer) error { return s.house.Save(s.ctx, v, p.Rec, p.Rev, "") }},
		} {
			for who, v := range all {
				err := test.do(v)
				allowed := err == nil || !errors.Is(err, record.ErrForbidden) && !errors.Is(err, record.ErrNotFound)
				if want := slices.Contains(test.may, who); allowed != want {
					t.Errorf("%s as %s: %v, allowed should be %v", test.name, who, err, want)
				}
			}
		}
	})
}

// TestSchedule opens and closes by the clock, and moves the deadline by every
// pause, the house's included.
func TestSchedule(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		id := s.draft("Scheduled", "We ask.\n").Rec.ID
		_, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{})
		s.must(err)
		day := 24 * time.Hour
		begin := s.now()
		opens, closes := begin.Add(day).UnixMicro(), begin.Add(10*day).UnixMicro()
		s.refuses(s.desk.Open(s.ctx, s.owner, id, 0, 0, begin.Add(-day).UnixMicro(), ""), "closes", "closing in the past")
		s.must(s.desk.Open(s.ctx, s.owner, id, 0, opens, closes, ""))
		collects := func(want petition.Why, what string) {
			t.Helper()
			p := s.now_(id).Rec
			ok, why := s.desk.Collects(p, true)
			if why != want {
				t.Errorf("%s: %q, want %q", what, why, want)
			}
			s.must(s.desk.registry.Refresh(s.ctx))
			terms, err := s.desk.registry.Terms(s.ctx, p.Number)
			s.must(err)
			if terms.Open(s.now()) != ok {
				t.Errorf("%s: signing thinks otherwise: %+v", what, terms)
			}
		}
		collects(petition.WhyScheduled, "before the opening")
		s.wait(day + time.Minute)
		collects(petition.WhyOpen, "after the opening")
		s.must(s.desk.Pause(s.ctx, s.owner, id, 0, "server moves"))
		s.refuses(s.desk.Pause(s.ctx, s.owner, id, 0, ""), "collection", "pausing twice")
		s.wait(12 * day)
		collects(petition.WhyPaused, "paused past the deadline")
		s.must(s.desk.Resume(s.ctx, s.owner, id, 0, ""))
		collects(petition.WhyOpen, "resumed")

		s.must(s.desk.SwitchSigning(s.ctx, s.moderator, false, "an attack"))
		if off, err := s.desk.SigningOff(s.ctx); err != nil || off == nil || off.Reason != "an attack" {
			t.Errorf("signing off: %+v, %v", off, err)
		}
		collects(petition.WhyPaused, "off in the whole house")
		s.refuses(s.desk.Resume(s.ctx, s.owner, id, 0, ""), "collection", "resuming what the house has switched off")
		late := s.draft("Late", "We ask.\n").Rec.ID
		_, err = s.desk.Publish(s.ctx, s.owner, late, 0, Publishing{})
		s.must(err)
		s.must(s.desk.Open(s.ctx, s.owner, late, 0, 0, 0, ""))
		if p := s.now_(late).Rec; p.Collection != record.CollectPaused {
			t.Errorf("opened while signing is off, a petition is %s", p.Collection)
		}
		s.wait(3 * day)
		s.must(s.desk.SwitchSigning(s.ctx, s.admin, true, "over"))
		collects(petition.WhyOpen, "on again")
		if p := s.now_(late).Rec; p.Collection != record.CollectOpen {
			t.Errorf("after signing is on again, a petition opened meanwhile is %s", p.Collection)
		}
		p := s.now_(id).Rec
		moved := time.Duration(p.Deadline()-closes) * time.Microsecond
		if moved < 15*day || moved > 15*day+time.Minute {
			t.Errorf("the deadline moved by %s, want the 15 days of the pauses", moved)
		}
		if got := petition.ExtendedClose(p, s.clock.UnixMicro()); got != p.Deadline() {
			t.Errorf("two deadlines: %d and %d", got, p.Deadline())
		}
		// A deadline given is the one that people read.
		want := s.now().Add(5 * day).UnixMicro()
		s.must(s.desk.Reschedule(s.ctx, s.owner, id, 0, 0, want, "sooner"))
		if got := s.now_(id).Rec.Deadline(); got != want {
			t.Errorf("rescheduled to %d, want %d", got, want)
		}
		s.wait(6 * day)
		collects(petition.WhyDeadline, "after the deadline")
		s.refuses(s.desk.Reschedule(s.ctx, s.owner, id, 0, 0, s.now().Add(day).UnixMicro(), ""), "collection", "opening again what is over")
		s.must(s.desk.Close(s.ctx, s.owner, id, 0, ""))
		s.refuses(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""), "collection", "opening what was closed for good")
		for state, want := range map[string]bool{"closed": true, "open": false} {
			got, err := s.desk.ListPage(s.ctx, access.Anyone(), Query{State: state})
			s.must(err)
			if slices.ContainsFunc(got.Petitions, func(p Petition) bool { return p.Rec.ID == id }) != want {
				t.Errorf("on the list of %s ones: want %v", state, want)
			}
		}
	})
}

// TestDelivery follows a petition to an office and its answer back.
func TestDelivery(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		p := s.draft("Delivered", "We ask.\n")
		id := p.Rec.ID
		_, _, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByHand})
		s.refuses(err, "publication", "delivering a draft")
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{})
		s.must(err)
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "king", Channel: record.ByHand})
		s.refuses(err, "addressee", "delivering to somebody not addressed")
		d, secret, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", To: record.Plain("en", "the registry"), Channel: record.ByHand, Due: record.On("2026-04-01"), Note: "inside"})
		s.must(err)
		if d.Reference == "" || len(secret) != 32 || d.CodeHash == "" || strings.Contains(d.CodeHash, secret) || d.On.Date.String() != "2026-03-01" {
			t.Errorf("delivery %+v", d)
		}
		s.must(s.desk.Receipt(s.ctx, s.owner, d.ID, 0, "Diary 7/2026", bytes.NewReader([]byte("a scan"))))
		view, err := s.desk.AddresseePage(s.ctx, access.Anyone(), p.Rec.Slug, "office")
		s.must(err)
		if len(view.Demands) != 1 || view.Demands[0].Number != "1" || view.Reference != d.Reference || view.State != petition.AnswerAwaiting || view.Due.Date.String() != "2026-04-01" {
			t.Errorf("what the office is asked: %+v", view)
		}
		if x := view.Deliveries[0]; x.Note != "" || x.CodeHash != "" || x.ReceiptHash == "" {
			t.Errorf("the public sees of a delivery: %+v", x)
		}
		if _, err := s.desk.AddresseePage(s.ctx, access.Anyone(), p.Rec.Slug, "king"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("the page of somebody not addressed: %v", err)
		}
		for state, want := range map[string]int{"awaiting_response": 1, "with_response": 0} {
			if got, err := s.desk.ListPage(s.ctx, access.Anyone(), Query{State: state}); err != nil || len(got.Petitions) != want {
				t.Errorf("%s: %d petitions, %v", state, len(got.Petitions), err)
			}
		}

		form, err := s.desk.OpenReply(s.ctx, strings.ToUpper(secret[:16])+" - "+secret[16:])
		s.must(err)
		if form.Addressee.Key != "office" || len(form.Demands) != 1 {
			t.Errorf("the link opens %+v", form)
		}
		_, err = s.desk.OpenReply(s.ctx, "wrong"+secret[5:])
		s.wants(err, record.ErrGone, "a wrong link")
		_, err = s.desk.ReplyByLink(s.ctx, secret, record.Reply{})
		s.refuses(err, "words", "an empty reply")
		reply, err := s.desk.ReplyByLink(s.ctx, secret, record.Reply{
			Words: record.Plain("en", "<b>We</b> have noted it."), From: "The registrar", Demands: []string{"safety", "justice", "invented"}, Note: "no", Addressee: "court", Visibility: record.Draft,
		})
		s.must(err)
		if reply.Addressee != "office" || reply.Visibility != record.Public || reply.Note != "" || !slices.Equal(reply.Demands, []string{"safety"}) || reply.Verified == "" || reply.Words.In("en").Text != "<b>We</b> have noted it." {
			t.Errorf("the reply %+v", reply)
		}
		_, err = s.desk.ReplyByLink(s.ctx, secret, record.Reply{Words: why})
		s.wants(err, record.ErrGone, "using the link twice")
		again, err := s.desk.NewReplyLink(s.ctx, s.owner, d.ID, "they lost it")
		s.must(err)
		if _, err := s.desk.OpenReply(s.ctx, again); err != nil {
			t.Errorf("the new link: %v", err)
		}
		_, err = s.desk.RecordReply(s.ctx, s.owner, id, record.Reply{Addressee: "court", Channel: record.ByPost, Words: record.Plain("en", "Received."), Verified: "letterhead, called back", Delivery: d.ID})
		s.refuses(err, "delivery", "a reply to somebody else's delivery")
		_, err = s.desk.RecordReply(s.ctx, s.owner, id, record.Reply{Addressee: "court", Channel: record.ByPost, Words: record.Plain("en", "Received."), Verified: "letterhead, called back"})
		s.must(err)
		page, err := s.desk.PetitionPage(s.ctx, access.Anyone(), p.Rec.Slug)
		s.must(err)
		if len(page.Replies) != 2 || len(page.Deliveries) != 1 {
			t.Errorf("%d replies, %d deliveries", len(page.Replies), len(page.Deliveries))
		}
		report, err := s.house.Check(s.ctx, func(string) {})
		s.must(err)
		if len(report.Faults) > 0 {
			t.Errorf("the check of the house: %v", report.Faults)
		}
	})
}

// TestExample loads the bundled example, publishes and opens its petition, and
// takes it to another house and back.
func TestExample(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		cf, problems, err := exchange.ReadCasefile(quetta.Files)
		s.must(err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if _, err = s.house.ImportCasefile(s.ctx, access.House(), cf, casework.CasefileOptions{Reason: "test"}); err != nil {
			t.Fatal(err)
		}
		s.must(s.desk.OpenPractice(s.ctx, access.House(), record.Plain("en", quetta.Reason["en"])))
		page, err := s.desk.PetitionPage(s.ctx, access.Anyone(), "protect-the-hazaras-of-pakistan")
		s.must(err)
		e := page.Edition()
		if e == nil || len(e.Texts) != 3 || len(e.Findings) == 0 || e.Reason.IsZero() || petition.Verify(e) != nil {
			t.Fatalf("the example's edition: %+v", e)
		}
		kinds := map[record.FindingKind]int{}
		for _, f := range e.Findings {
			kinds[f.Kind]++
			switch f.Kind {
			case record.FoundUnheld, record.FoundAccused:
			default:
				t.Errorf("finding %s in %s, line %d: %q (%s)", f.Kind, f.Lang, f.Line, f.Words, f.About)
			}
		}
		t.Logf("findings %v; %d cited, %d notes; number %d", kinds, len(e.Cited), len(e.Texts[0].Notes), page.Petition.Number)
		for _, x := range e.Texts {
			if x.Lags || len(x.Notes) == 0 {
				t.Errorf("%s: lags %v, %d notes", x.Lang, x.Lags, len(x.Notes))
			}
		}
		if text := words(e.Texts[0].Blocks); !strings.Contains(text, "more than 2,000 Hazaras") {
			t.Errorf("the text reads %q", text)
		}
		if len(page.Bodies) != 3 || page.Bodies[0].Role != record.RoleOriginal {
			t.Errorf("%d organisations", len(page.Bodies))
		}
		for loopback, want := range map[bool]petition.Why{true: petition.WhyOpen, false: petition.WhyPractice} {
			if _, why := s.desk.Collects(page.Petition, loopback); why != want {
				t.Errorf("from this machine %v: %q, want %q", loopback, why, want)
			}
		}
		terms, err := s.desk.registry.Terms(s.ctx, page.Petition.Number)
		s.must(err)
		if !terms.Practice || !terms.Live || terms.Organisations != 0 || !terms.Open(s.now()) {
			t.Errorf("signing is told %+v", terms)
		}

		// To another house: same identifiers, no accounts, not taking signatures.
		var out bytes.Buffer
		s.must(s.house.ExportCasefile(s.ctx, access.House(), "there", &out))
		path := filepath.Join(t.TempDir(), "there.zip")
		s.must(os.WriteFile(path, out.Bytes(), 0o600))
		carried, problems, err := exchange.OpenCasefile(path)
		s.must(err)
		defer carried.Close()
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, private := range []string{string(s.owner.User), "Re-creates the petition"} {
			for _, r := range carried.Records {
				if p, ok := r.(*record.Petition); ok && (strings.Contains(p.Note, private) || slices.Contains(p.Owners, record.UserID(private))) {
					t.Errorf("the casefile carries %q", private)
				}
			}
		}
		other := bareStand(t, "", t.TempDir())
		report, err := other.house.ImportCasefile(s.ctx, access.House(), carried, casework.CasefileOptions{Reason: "test"})
		if err != nil || report.Refused > 0 {
			t.Fatalf("in the other house: %+v, %v", report, err)
		}
		there, err := other.desk.PetitionPage(s.ctx, access.Anyone(), "protect-the-hazaras-of-pakistan")
		s.must(err)
		if there.Petition.ID != page.Petition.ID || there.Petition.Collection != record.CollectNotOpen || there.Edition().Hash != e.Hash || petition.Verify(there.Edition()) != nil {
			t.Errorf("in the other house: %s, %s", there.Petition.Collection, there.Edition().Hash)
		}
		report, err = other.house.ImportCasefile(s.ctx, access.House(), carried, casework.CasefileOptions{Reason: "again"})
		if err != nil || report.Created+report.Updated+report.Refused > 0 {
			t.Errorf("the same casefile again: %+v, %v", report, err)
		}
		for _, h := range []*stand{s, other} {
			report, err := h.house.Check(s.ctx, func(string) {})
			s.must(err)
			if len(report.Faults) > 0 {
				t.Errorf("the check of the house: %v", report.Faults)
			}
		}
	})
}

// TestImportForeign takes in petitions of another site, twice.
func TestImportForeign(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		list := []exchange.ForeignPetition{
			{Line: 1, Site: "petition.parliament.uk", ID: 900001, URL: "https://petition.parliament.uk/petitions/900001", Title: "Mend the bridge", Text: "Invented.", State: "open", Count: 120, Accounted: 115, HasParts: true, Opened: 5},
			{Line: 2, Site: "petition.parliament.uk", ID: 1, URL: "https://petition.parliament.uk/petitions/1", Title: "Paint the fence", State: "closed", Count: 7},
			{Line: 3, Site: "petition.parliament.uk", ID: 900003, Title: "Too long " + strings.Repeat("x", record.MaxLine), State: "closed"},
		}
		dry, err := s.desk.ImportForeign(s.ctx, s.editor, list, []byte("file"), ForeignOptions{DryRun: true, Visibility: record.Public})
		if err != nil || dry.Created != 2 || dry.Refused != 1 {
			t.Fatalf("dry run: %+v, %v", dry, err)
		}
		report, err := s.desk.ImportForeign(s.ctx, s.editor, list, []byte("file"), ForeignOptions{Visibility: record.Public})
		if err != nil || report.Created != 2 || report.Refused != 1 || len(report.Problems) != 2 || report.Problems[0].Line != 3 || report.Problems[0].Key != "invalid.long" {
			t.Fatalf("%+v, %v", report, err)
		}
		list[0].Count = 125
		report, err = s.desk.ImportForeign(s.ctx, s.editor, list[:2], []byte("another file"), ForeignOptions{Visibility: record.Public})
		if err != nil || report.Updated != 1 || report.Unchanged != 1 {
			t.Errorf("again: %+v, %v", report, err)
		}
		// What was answered since comes with a newer file, and the same file twice changes nothing.
		list[0].Asked = []record.ForeignOffice{{Name: "Department of Examples"}}
		list[0].Response = &record.ForeignResponse{On: record.On("2026-03-04"), Summary: "It will be looked at.", Details: "At length."}
		list[0].Debate = &record.ForeignDebate{On: record.On("2026-05-05"), Transcript: "javascript:alert(1)"}
		report, err = s.desk.ImportForeign(s.ctx, s.editor, list[:1], []byte("a third file"), ForeignOptions{})
		if err != nil || report.Refused != 1 {
			t.Errorf("an address that is none: %+v, %v", report, err)
		}
		list[0].Debate.Transcript = "https://example.org/transcript"
		for i, want := range []casework.ImportReport{{Updated: 1}, {Unchanged: 1}} {
			report, err = s.desk.ImportForeign(s.ctx, s.editor, list[:1], []byte("a third file"), ForeignOptions{})
			if err != nil || report.Updated != want.Updated || report.Unchanged != want.Unchanged {
				t.Errorf("an answer, time %d: %+v, %v", i+1, report, err)
			}
		}
		if got, err := s.desk.ListPage(s.ctx, access.Anyone(), Query{State: "with_response"}); err != nil || got.Total != 1 || len(got.Petitions) != 1 || got.Petitions[0].Rec.Number != 900001 {
			t.Errorf("answered: %d petitions, %v", got.Total, err)
		}
		page, err := s.desk.PetitionPage(s.ctx, access.Anyone(), "900001")
		s.must(err)
		if f := page.Petition.Foreign; f.Response == nil || f.Response.Details != "At length." || f.Debate == nil || len(f.Asked) != 1 {
			t.Errorf("what became of it: %+v", f)
		}
		if f := page.Petition.Foreign; f == nil || f.Count != 125 || f.Unaccounted != 10 || page.Petition.Number != 900001 || page.State(s.clock.UnixMicro()) != petition.StateOpen {
			t.Errorf("the foreign petition: %+v", page.Petition)
		}
		// The number 1 belongs to a petition of the house.
		if item, err := s.desk.BySlug(s.ctx, access.Anyone(), "uk-1"); err != nil || item.Rec.Number == 1 {
			t.Errorf("the number of the other: %d, %v", item.Rec.Number, err)
		}
		if id, err := s.desk.Make(s.ctx, s.owner, "en", "Ours"); err != nil || s.now_(id).Rec.Number > 1000 {
			t.Errorf("our numbers go on at %d, %v", s.now_(id).Rec.Number, err)
		}
		s.wants(s.desk.Save(s.ctx, access.House(), page.Petition, 0, ""), record.ErrForbidden, "changing a foreign petition")
		_, err = s.desk.Publish(s.ctx, s.admin, page.Petition.ID, 0, Publishing{})
		s.wants(err, record.ErrForbidden, "publishing a foreign petition")
		if _, err := s.desk.ImportForeign(s.ctx, s.owner, list, nil, ForeignOptions{}); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("an organiser imports: %v", err)
		}
		if got, err := s.desk.ListPage(s.ctx, access.Anyone(), Query{State: "closed", Words: "fence"}); err != nil || len(got.Petitions) != 1 {
			t.Errorf("found %d by words, %v", len(got.Petitions), err)
		}
		if all, err := s.desk.All(s.ctx, s.owner); err != nil || slices.ContainsFunc(all, func(p Petition) bool { return p.Rec.Foreign != nil }) {
			t.Errorf("the desk lists foreign petitions: %v", err)
		}
		there, n, err := s.desk.Elsewhere(s.ctx, s.owner, 0, 1)
		if err != nil || n != 2 || len(there) != 1 || there[0].Rec.Foreign == nil {
			t.Errorf("the desk lists %d of %d of other sites, %v", len(there), n, err)
		}
		// Who sees one that is there already changes when that is asked for, as an entry of
		// the journal, and stays where it is not.
		before, err := s.desk.BySlug(s.ctx, s.editor, "uk-1")
		s.must(err)
		if report, err = s.desk.ImportForeign(s.ctx, s.editor, list[1:2], []byte("file"), ForeignOptions{Visibility: record.Internal}); err != nil || report.Unchanged != 1 {
			t.Errorf("without being asked: %+v, %v", report, err)
		}
		for _, to := range []record.Visibility{record.Internal, record.Public} {
			report, err = s.desk.ImportForeign(s.ctx, s.editor, list[1:2], []byte("file"), ForeignOptions{Visibility: to, Again: true, Reason: "asked for"})
			if err != nil || report.Updated != 1 {
				t.Errorf("made %s: %+v, %v", to, report, err)
			}
			_, err = s.desk.BySlug(s.ctx, access.Anyone(), "uk-1")
			if (err == nil) != (to == record.Public) {
				t.Errorf("made %s, the public reads it: %v", to, err)
			}
		}
		after, err := s.desk.BySlug(s.ctx, s.editor, "uk-1")
		if err != nil || after.Rev != before.Rev+2 || after.Entry <= before.Entry {
			t.Errorf("version %d in entry %d after %d in %d, %v", after.Rev, after.Entry, before.Rev, before.Entry, err)
		}
		report2, err := s.house.Check(s.ctx, func(string) {})
		s.must(err)
		if len(report2.Faults) > 0 {
			t.Errorf("the check of the house: %v", report2.Faults)
		}
	})
}

// TestRegistryFollows knows what another process changed, soon and by itself.
func TestRegistryFollows(t *testing.T) {
	s := newStand(t, "")
	other := NewRegistry(s.store, s.now)
	ctx := context.Background()
	before, err := other.Numbers(ctx)
	s.must(err)
	id := s.draft("Elsewhere", "We ask.\n").Rec.ID
	_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{})
	s.must(err)
	s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))
	s.wait(registryAge)
	after, err := other.Numbers(ctx)
	s.must(err)
	if len(after) != len(before)+1 {
		t.Errorf("numbers %v, then %v", before, after)
	}
	if _, err := other.Terms(ctx, 4711); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a petition that is not there: %v", err)
	}
	terms, err := other.Terms(ctx, s.now_(id).Rec.Number)
	if err != nil || !terms.Open(s.now()) {
		t.Errorf("terms %+v, %v", terms, err)
	}
}

// TestErasedFromEditions erases somebody who is named in a published text: the
// name goes from it and from what a search finds, and the edition says so.
func TestErasedFromEditions(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		person := &record.Person{
			ID: record.PersonID(s.id()), Slug: "zubaydaqq-testfall", Names: []record.Name{{Text: "Zubaydaqq Testfall", Lang: "en", Kind: record.NamePrimary}},
			Vital: record.VitalNotSet, Visibility: record.Internal,
		}
		s.must(s.house.Save(s.ctx, access.House(), person, 0, "test"))
		p := s.draft("Named", "We remember Zubaydaqq Testfall.\n")
		_, err := s.desk.Publish(s.ctx, s.owner, p.Rec.ID, 0, Publishing{Reason: why})
		s.must(err)
		s.must(s.desk.Note(s.ctx, s.owner, p.Rec.ID, "Asked the family of Zubaydaqq Testfall."))
		s.must(s.house.Erase(s.ctx, access.House(), person.Ref(), "asked for"))
		e, err := s.desk.Edition(s.ctx, access.Anyone(), p.Rec.ID, 0)
		s.must(err)
		if !e.Rec.Struck || strings.Contains(string(e.Body), "Zubaydaqq") || petition.Verify(e.Rec) == nil {
			t.Errorf("struck %v, the text is %q", e.Rec.Struck, words(e.Rec.Texts[0].Blocks))
		}
		log, err := s.desk.Log(s.ctx, s.owner, p.Rec.ID)
		s.must(err)
		for _, l := range log {
			if strings.Contains(l.Words, "Zubaydaqq") {
				t.Errorf("the log says %q", l.Words)
			}
		}
		if got, err := s.desk.ListPage(s.ctx, access.House(), Query{Words: "zubaydaqq"}); err != nil || len(got.Petitions) > 0 {
			t.Errorf("found %d petitions by the name, %v", len(got.Petitions), err)
		}
		if found := s.grep("Zubaydaqq"); len(found) > 0 {
			t.Errorf("the name stands in %v", found)
		}
		// A petition that is erased takes everything with it that belongs to it.
		_, _, err = s.desk.Deliver(s.ctx, s.owner, p.Rec.ID, record.Delivery{Addressee: "office", Channel: record.ByHand})
		s.must(err)
		s.must(s.house.Erase(s.ctx, access.House(), p.Rec.Ref(), "a mistake"))
		if _, err := s.desk.PetitionPage(s.ctx, access.Anyone(), p.Rec.Slug); !errors.Is(err, record.ErrGone) {
			t.Errorf("after erasing the petition: %v", err)
		}
		report, err := s.house.Check(s.ctx, func(string) {})
		s.must(err)
		if len(report.Faults) > 0 {
			t.Errorf("the check of the house: %v", report.Faults)
		}
	})
}
