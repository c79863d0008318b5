package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// A signatory of the original text that the frozen text names and that the house
// has entered as well is listed once.
func TestOriginalsOnce(t *testing.T) {
	body := func(party record.PartyID, name string) *record.Endorsement {
		return &record.Endorsement{Names: []record.Name{{Lang: "en", Text: name}}, Party: party, Role: record.RoleOriginal, State: record.EndorsementPending}
	}
	named := func(party record.PartyID, name string) record.Initiator {
		return record.Initiator{Name: record.Plain("en", name), Party: party, Original: true}
	}
	d := &petitionData{&petitions.Page{Petition: &record.Petition{}, Bodies: []*record.Endorsement{
		body("c", "Testfall Relief"), body("b", "Testfall Women's Council"), body("", "Testfall Miners"), body("d", "Testfall Union"),
	}}}
	e := &record.Edition{Initiators: []record.Initiator{
		named("b", "Women's Council of Testfall"), named("", "Testfall Miners"), named("a", "Testfall Bar"), named("c", "Testfall Relief"),
		{Name: record.Plain("en", "Somebody else")},
	}}
	var got []string
	for _, v := range originalViews(lang.English(), d, e) {
		got = append(got, string(v.Name))
	}
	want := []string{"Testfall Women&#39;s Council", "Testfall Miners", "Testfall Bar", "Testfall Relief", "Testfall Union"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signatories of the original text (-want +got):\n%s", diff)
	}
}
