package quetta

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

func thePetition(t *testing.T) (*record.Petition, map[record.Ref]record.Record) {
	t.Helper()
	_, all := load(t)
	for _, r := range all {
		if p, ok := r.(*record.Petition); ok {
			return p, all
		}
	}
	t.Fatal("the example has no petition")
	return nil, nil
}

// TestPetitionIsForPractice keeps the example from looking like a petition that
// somebody signs or has signed.
func TestPetitionIsForPractice(t *testing.T) {
	p, all := thePetition(t)
	if !p.Practice || p.Pace != record.PaceLive || p.Publication != record.PetitionDraft || p.Original == "" || len(p.Owners) > 0 {
		t.Errorf("practice %v, pace %s, %s, original %q", p.Practice, p.Pace, p.Publication, p.Original)
	}
	for _, i := range p.Initiators {
		if !i.Original {
			t.Errorf("%s is named as if it stood behind this text", i.Key)
		}
	}
	n := 0
	for _, r := range all {
		e, ok := r.(*record.Endorsement)
		if !ok {
			continue
		}
		n++
		if e.Role != record.RoleOriginal || e.State == record.EndorsementConfirmed || e.Source != p.Original {
			t.Errorf("%s is listed as %s, %s", e.Names[0].Text, e.Role, e.State)
		}
	}
	if n != 3 {
		t.Errorf("%d signatories of the original text, want its three", n)
	}
}

// TestPetitionTranslations follow the text as it is, cite the same, and say that
// nobody has checked them.
func TestPetitionTranslations(t *testing.T) {
	p, _ := thePetition(t)
	of := petition.TextHash(p.Texts[0])
	cited := func(x record.PetitionText) []string {
		text, err := petition.Parse(x.Body)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, c := range text.Citations() {
			if !c.Valid() {
				t.Errorf("%s, line %d: %q is no citation", x.Lang, c.Line, c.Key())
			}
			keys = append(keys, c.Key())
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}
	want := cited(p.Texts[0])
	langs := []string{"en", "ur", "fa-AF"}
	for i, x := range p.Texts {
		if x.Lang != langs[i] || i > 0 && (!x.Unreviewed || x.Of != of) {
			t.Errorf("%s: unreviewed %v, follows %q, want %s", x.Lang, x.Unreviewed, x.Of, of)
		}
		if got := cited(x); !slices.Equal(got, want) {
			t.Errorf("%s cites %v, the original %v", x.Lang, got, want)
		}
		if len(Reason[x.Lang]) == 0 {
			t.Errorf("no reason in %s", x.Lang)
		}
	}
}

// TestPetitionIsOurOwnWords finds no run of six words of the original text.
func TestPetitionIsOurOwnWords(t *testing.T) {
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA names no folder with the original text")
	}
	original, err := os.ReadFile(dir + "/sources/petition-2021.txt")
	if err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`[\p{L}\p{N}]+`)
	const run = 6
	runs := map[string]bool{}
	list := words.FindAllString(string(original), -1)
	for i := 0; i+run <= len(list); i++ {
		b, _ := json.Marshal(list[i : i+run])
		runs[string(b)] = true
	}
	p, _ := thePetition(t)
	text := p.Texts[0].Title + " . " + p.Texts[0].Summary + " . " + regexp.MustCompile(`[\[{]@[^\]}]*[\]}]`).ReplaceAllString(p.Texts[0].Body, "")
	for _, n := range petition.Flatten(p.Demands) {
		text += " . " + n.Demand.Text.In("en").Text
	}
	mine := words.FindAllString(text, -1)
	for i := 0; i+run <= len(mine); i++ {
		if b, _ := json.Marshal(mine[i : i+run]); runs[string(b)] {
			t.Errorf("%v stands in the original", mine[i:i+run])
		}
	}
}
