package petitions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange/docx"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// MaxDocument bounds a Word document with a draft, in bytes.
const MaxDocument = docx.MaxFile

// DocumentProblem is something in a Word document that could not be taken over as
// it stands.
type DocumentProblem = docx.Problem

// ExportDraft writes a draft's text in one language as a Word document, with a
// footnote for every citation that says in words what is cited, as the public
// would see it now.
func (d *Desk) ExportDraft(ctx context.Context, v access.Viewer, id record.PetitionID, tag string, w io.Writer) error {
	if !v.May(access.ActPetition) {
		return fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return err
	}
	for _, t := range p.Rec.Texts {
		if t.Lang == tag {
			return d.writeDocument(ctx, t, w)
		}
	}
	return fmt.Errorf("text in that language: %w", record.ErrNotFound)
}

func (d *Desk) writeDocument(ctx context.Context, t record.PetitionText, w io.Writer) error {
	text, err := petition.Parse(t.Body)
	if err != nil {
		return err
	}
	printer := printers(t.Lang)
	said, values := map[string]string{}, map[string]string{}
	err = d.view(ctx, func(r *store.Reader) error {
		g := newRegister(ctx, r, access.Anyone())
		printed, _, _, err := petition.Resolve(t, g, printer)
		if err = errors.Join(err, g.err); err != nil {
			return err
		}
		for _, n := range printed.Notes {
			for _, key := range n.Cited {
				said[key] = petition.NoteText(n, printer, t.Lang)
			}
		}
		petition.Walk(printed.Blocks, petition.Walker{Run: func(run petition.Run) {
			if run.Value != "" && values[run.Value] == "" {
				values[run.Value] = run.Text
			}
		}})
		return nil
	})
	if err != nil {
		return err
	}
	return docx.Write(w, docx.Document{
		Lang: t.Lang, Title: t.Title, Summary: t.Summary, Text: text,
		Describe: func(c petition.Citation) string { return said[c.Key()] },
		Print: func(c petition.Citation) string {
			if c.Form != petition.FormUsual {
				return "" // the number of this form may be another one
			}
			return values[c.Key()]
		},
	})
}

// ReadDocument reads a Word document as a text of a petition, with what could not
// be taken over. Nothing is saved: its author looks it over in the form first.
func (d *Desk) ReadDocument(v access.Viewer, file io.ReaderAt, size int64) (record.PetitionText, []DocumentProblem, error) {
	if !v.May(access.ActPetition) {
		return record.PetitionText{}, nil, fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	doc, problems, err := docx.Read(file, size)
	switch {
	case errors.Is(err, docx.ErrNotDocument):
		return record.PetitionText{}, nil, wrong("file", "document")
	case errors.Is(err, docx.ErrTooLarge):
		return record.PetitionText{}, nil, wrong("file", "document_large")
	case err != nil:
		return record.PetitionText{}, nil, err
	}
	return record.PetitionText{Lang: doc.Lang, Title: doc.Title, Summary: doc.Summary, Body: strings.TrimLeft(doc.Text.Markdown(), "\n")}, problems, nil
}
