package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestPositionsOfOthers shows who supports and who opposes a demand on its page in three languages
// and in the interface, with what it rests on, and nobody whom the reader does not see. The desk names
// the kind of what is published.
func TestPositionsOfOthers(t *testing.T) {
	p := planted(t, "plainword")
	d := &record.Demand{
		ID: record.DemandID(p.id()), Slug: "guards", Text: record.Plain("en", "Post guards."), Of: p.event.Ref(), Visibility: record.Public,
		Addressees: []record.DemandAddressee{{Key: "office", Office: record.Plain("en", "Office")}},
		Positions: []record.Position{
			{Name: record.Plain("en", "Teachers of Testfall"), Stance: record.PositionSupports, Claims: []record.ClaimID{p.claim.ID}},
			{Party: p.party.ID, Stance: record.PositionOpposes, Claims: []record.ClaimID{p.claim.ID}},
			{Party: p.internalParty.ID, Stance: record.PositionOpposes, Claims: []record.ClaimID{p.claim.ID}},
		},
	}
	if err := p.house.Do(t.Context(), access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Create(d) }); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"", "/ur", "/fa"} {
		p.get(lang+"/follow-up/demands/guards").status(200).has(`id="positions"`, "Teachers of Testfall", "Testfall Community").hasNot(secret)
	}
	p.get("/follow-up/demands/guards").has(word("follow.stance.supports"), word("follow.stance.opposes"))
	p.get("/api/v1/demands/guards").status(200).has(`"positions"`, `"stance":"supports"`, `"stance":"opposes"`, string(p.party.ID), string(p.claim.ID)).hasNot(secret, string(p.internalParty.ID))
	p.signedIn(access.Editor).get("/desk/publish?ref=demand:" + string(d.ID)).status(200).whole().hasNot("[desk.kind")
}
