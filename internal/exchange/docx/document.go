package docx

import (
	"errors"
	"fmt"

	"github.com/gawah-project/gawah/internal/petition"
)

// Document is a text as a document.
type Document struct {
	Lang    string // BCP 47
	Title   string
	Summary string
	Text    petition.Text
	// Describe says in words what a citation names, for its footnote; nil writes the
	// citation alone. Only Write uses it.
	Describe func(petition.Citation) string
	// Print gives a number as it is printed now; nil, or "", writes its key. Only
	// Write uses it.
	Print func(petition.Citation) string
	// Printed lists the numbers from the register as they stood in the document, for
	// comparison with what the register prints now: somebody may have typed another
	// over one. Only Read fills it.
	Printed []Printed
}

// Printed is a number from the register as it stood in a document.
type Printed struct {
	Cite  petition.Citation
	Words string
}

// ProblemKind is what could not be taken over as it stands. It is the last part of
// a message key.
type ProblemKind string

// The kinds of problem.
const (
	ProblemTable   ProblemKind = "table"   // read as paragraphs, cell by cell
	ProblemDrawing ProblemKind = "drawing" // a picture, shape or object was left out
	ProblemTracked ProblemKind = "tracked" // changes were read as if accepted
	ProblemComment ProblemKind = "comment" // comments were left out
	ProblemHidden  ProblemKind = "hidden"  // hidden text was left out
	ProblemLink    ProblemKind = "link"    // a link was left out, its words were kept
	ProblemSymbol  ProblemKind = "symbol"  // a sign of a symbol font was left out
	ProblemValue   ProblemKind = "value"   // a printed number was changed: it is typed now, with a citation
	ProblemNote    ProblemKind = "note"    // a footnote's mark leads nowhere
	ProblemDeep    ProblemKind = "deep"    // a list was nested too deep and is less deep now
)

// Problem is something that could not be taken over as it stands.
type Problem struct {
	Paragraph int // of the document, from 1
	Kind      ProblemKind
	Words     string
}

// Errors of a file that is not read.
var (
	ErrNotDocument = errors.New("not a Word document (.docx)")
	ErrTooLarge    = errors.New("the document is too large")
)

// Limits of what is read.
const (
	MaxFile     = 20 << 20 // bytes of the file
	maxPart     = 16 << 20 // bytes of a part, unpacked
	maxParts    = 2_000
	maxElements = 500_000
	maxNesting  = 100
	maxProblems = 200
)

func notDocument(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNotDocument, fmt.Sprintf(format, args...))
}
