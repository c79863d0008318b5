package petition

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
)

// ErrUnprinted is returned when a text is to be frozen in which a value cannot be
// printed: a sentence would be published with a hole in it.
var ErrUnprinted = errors.New("a number that is to be printed from the register cannot be printed")

// Unprinted names the values that cannot be printed, by language. It is an
// [ErrUnprinted].
type Unprinted struct {
	Lang   string
	Values []Citation
}

func (e *Unprinted) Error() string {
	c := e.Values[0]
	return fmt.Sprintf("%v: language %q, line %d, %s (%d in all); cite something public or write the number yourself",
		ErrUnprinted, e.Lang, c.Line, Brace(c), len(e.Values))
}

// Is makes errors.Is find [ErrUnprinted].
func (e *Unprinted) Is(target error) bool { return target == ErrUnprinted }

// Freezing is what an edition is made of beside the petition itself.
type Freezing struct {
	ID     record.EditionID
	Number int   // from 1
	Made   int64 // microseconds UTC
	// Resolver sees what the public sees.
	Resolver Resolver
	Printer  func(lang string) Printer
	// Findings are open, and Reason says why the text is published with them.
	Findings   []record.PetitionFinding
	Reason     record.Text
	Substance  bool
	Changes    record.Text
	Visibility record.Visibility
}

// Freeze makes an edition of a petition as it stands. The petition is not changed;
// the two share slices that neither may change.
func Freeze(p *record.Petition, f Freezing) (*record.Edition, error) {
	e := &record.Edition{
		ID: f.ID, Petition: p.ID, Number: f.Number, Made: f.Made,
		Addressees: slices.Clone(p.Addressees), Bases: slices.Clone(p.Bases), Demands: cloneDemands(p.Demands),
		Initiators: slices.Clone(p.Initiators), Tags: slices.Clone(p.Tags),
		Findings: slices.Clone(f.Findings), Reason: slices.Clone(f.Reason), Substance: f.Substance, Changes: slices.Clone(f.Changes),
		Visibility: f.Visibility,
	}
	// Which account an initiator has is nobody's business outside of the house.
	for i := range e.Initiators {
		e.Initiators[i].Account = ""
	}
	b := newBook(f.Resolver)
	for i, t := range p.Texts {
		text, missing, err := freezeText(b, t, f.Printer(t.Lang))
		if err != nil {
			return nil, fmt.Errorf("freeze the text in %q: %w", t.Lang, err)
		}
		if len(missing) > 0 {
			return nil, &Unprinted{Lang: t.Lang, Values: missing}
		}
		text.Lags = i > 0 && t.Of != TextHash(p.Texts[0])
		e.Texts = append(e.Texts, text)
	}
	for _, c := range fieldCitations(p) {
		b.look(c)
	}
	e.Cited = b.cited()
	var err error
	if e.Draft, err = DraftHash(p); err != nil {
		return nil, err
	}
	if e.Hash, err = Hash(e); err != nil {
		return nil, err
	}
	return e, nil
}

func cloneDemands(ds []record.PetitionDemand) []record.PetitionDemand {
	out := slices.Clone(ds)
	for i := range out {
		out[i].Parts = cloneDemands(out[i].Parts)
	}
	return out
}

// fieldCitations returns what the fields of a petition rest on: the claims of
// its demands and addressees, the sources of its legal bases.
func fieldCitations(p *record.Petition) []Citation {
	var out []Citation
	claims := func(ids []record.ClaimID) {
		for _, id := range ids {
			out = append(out, Citation{Kind: CiteClaim, ID: string(id)})
		}
	}
	for _, a := range p.Addressees {
		claims(a.Claims)
	}
	for _, b := range p.Bases {
		for _, s := range b.Sources {
			out = append(out, Citation{Kind: CiteSource, ID: string(s)})
		}
	}
	for _, n := range Flatten(p.Demands) {
		claims(n.Demand.Claims)
	}
	return out
}

// Hash returns the hash of an edition: the SHA-256, as 64 hexadecimal digits, of
// its RFC 8785 bytes with Hash and Visibility empty.
func Hash(e *record.Edition) (string, error) {
	bare := *e
	bare.Hash, bare.Visibility = "", ""
	return canonicalHash(&bare)
}

// ErrHash is returned for an edition that is not what its hash says.
var ErrHash = errors.New("the edition does not match its hash")

// Verify computes the hash of an edition anew and compares.
func Verify(e *record.Edition) error {
	h, err := Hash(e)
	if err != nil {
		return err
	}
	if h != e.Hash {
		return fmt.Errorf("edition %d: %w: it says %.12s…, the text gives %.12s…", e.Number, ErrHash, e.Hash, h)
	}
	return nil
}

func canonicalHash(v any) (string, error) {
	b, err := ledger.Canonical(v)
	if err != nil {
		return "", fmt.Errorf("hash a text: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// TextHash returns the hash of a text in one language, title and summary
// included: what a translation of it keeps in Of.
func TextHash(t record.PetitionText) string {
	h, err := canonicalHash(map[string]string{"lang": t.Lang, "title": t.Title, "summary": t.Summary, "body": t.Body})
	if err != nil { // strings always have a canonical form
		return ""
	}
	return h
}

// DraftHash returns the hash of everything in a draft that an initiator agrees
// with: the texts, whom it addresses, on which duties, what it demands, who stands
// behind it, its tags. Nothing else of a petition changes it.
func DraftHash(p *record.Petition) (string, error) {
	type text struct {
		Lang, Title, Summary, Body string
	}
	draft := struct {
		Texts      []text                  `json:"texts"`
		Addressees []record.Addressee      `json:"addressees"`
		Bases      []record.LegalBasis     `json:"bases"`
		Demands    []record.PetitionDemand `json:"demands"`
		Initiators []record.Initiator      `json:"initiators"`
		Tags       []string                `json:"tags"`
	}{Addressees: p.Addressees, Bases: p.Bases, Demands: p.Demands, Initiators: slices.Clone(p.Initiators), Tags: p.Tags}
	for _, t := range p.Texts {
		draft.Texts = append(draft.Texts, text{t.Lang, t.Title, t.Summary, t.Body})
	}
	for i := range draft.Initiators {
		draft.Initiators[i].Account = ""
	}
	return canonicalHash(draft)
}
