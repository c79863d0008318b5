package petitions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// Batch is signatures that were collected on paper.
type Batch = store.Item[*record.Batch]

// BatchForm is what is known of sheets before their lines are typed.
type BatchForm struct {
	// Edition and Lang are the text printed on the sheets.
	Edition int
	Lang    string
	Place   record.Place
	// Collector is a name or a code for who is trusted with the sheets.
	Collector string
	Received  record.When
	Note      string
}

// PaperLine is one line of a sheet. Of one that cannot be read only Illegible is
// set.
type PaperLine struct {
	At int // line of the file it came from, 0 when typed
	// Sheet and Line are where it stands on paper, from 1, by which it is recognised
	// when it comes again; 0 where that is not known, -1 where it cannot be read.
	Sheet, Line                int
	Name, Email, Country, Town string
	Show                       signature.Disclosure
	Updates                    bool
	Illegible                  bool
}

// PaperProblem says what is wrong with a line, which was then not taken.
type PaperProblem struct {
	At  int // the line's place among those given, from 1, or its line of the file
	Err *record.Invalid
}

// PaperResult is what became of lines. How many of the addresses have signed
// already is not told: one line would ask about one person.
type PaperResult struct {
	Taken     int
	Suspected int // without an address: a name that the organiser may read has signed in the same country
	// Uncompared says that there were more names than could be compared in time, so that
	// more lines may be suspect.
	Uncompared bool
	Illegible  int
	Problems   []PaperProblem
	// Again are lines, by where they stand among those given, that were not taken,
	// because a line of the same sheet and number was taken before, or because they
	// have no address and this very file was imported into another batch. What changed
	// in such a line is not taken over. Of those, Differ are the ones that certainly say
	// something else than what was entered, Unsure those of which nothing is kept, or
	// nothing that can be read, by which that could be known, and Own those with an
	// address, whose signer has a link. A file that is known to be the same has none of
	// the three. Alike are lines without an address that say the
	// same as an earlier one of their file; they were taken, because people share names.
	Again, Differ, Unsure, Own, Alike []int
}

// maxLines bounds how many lines are taken at once; a file is taken in parts.
const maxLines = 500

// papers is how paper is worked on: by the owners of a petition.
func (d *Desk) papers(ctx context.Context, v access.Viewer, id record.PetitionID) (*record.Petition, error) {
	if !v.May(access.ActSigners) {
		return nil, fmt.Errorf("work on paper: %w", record.ErrForbidden)
	}
	p, err := d.ByID(ctx, v, id)
	switch {
	case err != nil:
		return nil, err
	case !owns(v, p.Rec):
		return nil, errNotOwner
	case p.Rec.Foreign != nil:
		return nil, errForeign
	case p.Rec.Destroyed != 0:
		return nil, wrong("petition", "petition_destroyed")
	case p.Rec.Edition == 0 || p.Rec.Signers == record.SignOrganisations:
		return nil, wrong("petition", "petition_state")
	}
	return p.Rec, nil
}

// MakeBatch begins a batch of sheets.
func (d *Desk) MakeBatch(ctx context.Context, v access.Viewer, id record.PetitionID, f BatchForm) (record.BatchID, error) {
	p, err := d.papers(ctx, v, id)
	if err != nil {
		return "", err
	}
	if f.Edition == 0 {
		f.Edition = p.Edition
	}
	if f.Edition < 1 || f.Edition > p.Edition {
		return "", wrong("edition", "edition")
	}
	rid, err := d.house.NewID()
	if err != nil {
		return "", err
	}
	b := &record.Batch{
		ID: record.BatchID(rid), Petition: id, Edition: f.Edition, Lang: f.Lang, Place: f.Place, Collector: f.Collector, Received: f.Received,
		Note: f.Note, Visibility: record.Internal,
	}
	err = d.do(ctx, v, access.ActSigners, "make batch", "", func(w *casework.Work) error {
		all, err := w.Tx().BatchesOf(ctx, access.House(), id)
		if err != nil {
			return err
		}
		for _, other := range all {
			b.Number = max(b.Number, other.Rec.Number)
		}
		b.Number++
		return w.Create(b)
	})
	if err != nil {
		return "", err
	}
	return b.ID, nil
}

// Batches lists the paper of a petition, to its owners and to moderators.
func (d *Desk) Batches(ctx context.Context, v access.Viewer, id record.PetitionID) (out []Batch, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if err := d.mayVoid(v, p.Rec); err != nil {
			return err
		}
		out, err = r.BatchesOf(ctx, v, id)
		return err
	})
	return out, err
}

// batch returns a batch and its petition for whoever works on it.
func (d *Desk) batch(ctx context.Context, v access.Viewer, id record.BatchID) (Batch, *record.Petition, error) {
	var b Batch
	if !v.May(access.ActSigners) {
		return b, nil, fmt.Errorf("work on paper: %w", record.ErrForbidden)
	}
	err := d.view(ctx, func(r *store.Reader) (err error) {
		b, err = store.One[*record.Batch](ctx, r, v, id)
		return err
	})
	if err != nil {
		return b, nil, err
	}
	p, err := d.papers(ctx, v, b.Rec.Petition)
	return b, p, err
}

// changeBatch is how a batch is changed, as it stands then.
func (d *Desk) changeBatch(ctx context.Context, v access.Viewer, action string, id record.BatchID, rev int, fn func(*casework.Work, *record.Batch) error) error {
	if _, _, err := d.batch(ctx, v, id); err != nil {
		return err
	}
	return d.do(ctx, v, access.ActSigners, action, "", func(w *casework.Work) error {
		item, err := store.One[*record.Batch](ctx, &w.Tx().Reader, v, id)
		if err != nil {
			return err
		}
		if rev != 0 && rev != item.Rev {
			return fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrConflict)
		}
		if item.Rec.Closed {
			return wrong("batch", "batch_closed")
		}
		now := *item.Rec
		if err := fn(w, &now); err != nil {
			return err
		}
		return w.Change(&now, item.Rev)
	})
}

// AddLines takes lines of a batch: each becomes a signature by paper, which
// counts where its address has not signed yet. An address that is counted is
// mailed its own link, so that nobody's name is entered without their knowing.
// What is wrong with a line is
// reported, and the others are taken.
func (d *Desk) AddLines(ctx context.Context, v access.Viewer, id record.BatchID, lines []PaperLine) (PaperResult, error) {
	b, p, err := d.batch(ctx, v, id)
	if err != nil {
		return PaperResult{}, err
	}
	if len(lines) > maxLines {
		return PaperResult{}, wrong("lines", "many", "limit", fmt.Sprint(maxLines))
	}
	lines = slices.Clone(lines)
	for i := range lines {
		if lines[i].Country == "" {
			lines[i].Country = b.Rec.Place.Country
		}
	}
	known, err := d.knownNames(ctx, p.Number, lines)
	if err != nil {
		return PaperResult{}, err
	}
	out, err := d.addLines(ctx, v, b, p, lines, known)
	out.Uncompared = !known.all
	if err != nil {
		return out, err
	}
	return out, d.compare(ctx, p.Number, b.Rec.Number, lines, &out)
}

func (d *Desk) addLines(ctx context.Context, v access.Viewer, b Batch, p *record.Petition, lines []PaperLine, known knownNames) (PaperResult, error) {
	var out PaperResult
	switch {
	case b.Rec.Closed:
		return out, wrong("batch", "batch_closed")
	case len(b.Rec.Sample) > 0:
		return out, wrong("batch", "batch_sampled")
	}
	var sheets []signing.Sheet
	var from []int
	var told []paperPost
	for i, l := range lines {
		if l.Illegible {
			out.Illegible++
			continue
		}
		at := l.At
		if at == 0 {
			at = i + 1
		}
		if bad := l.wrong(); bad != nil {
			out.Problems = append(out.Problems, PaperProblem{at, bad})
			continue
		}
		sheets = append(sheets, signing.Sheet{
			Petition: p.Number, Edition: b.Rec.Edition, Lang: langOf(b.Rec.Lang), Batch: b.Rec.Number,
			Number: l.Sheet, Line: l.Line, Name: l.Name, Email: l.Email, Country: l.Country, Town: l.Town, Show: l.Show, Updates: l.Updates,
		})
		from = append(from, at)
	}
	taken, errs := d.signing.Enter(ctx, sheets)
	var failed error
	var before []int // lines whose address may have been taken without a letter
	for i := range sheets {
		if bad, ok := errors.AsType[*record.Invalid](errs[i]); ok {
			out.Problems = append(out.Problems, PaperProblem{from[i], bad})
			continue
		}
		if errors.Is(errs[i], signing.ErrLine) {
			out.Again = append(out.Again, from[i])
			before = append(before, i)
			continue
		}
		if errs[i] != nil {
			failed = errs[i]
			continue
		}
		out.Taken++
		switch {
		case sheets[i].Email == "" && known.of[signing.NamesakeOf(sheets[i].Name, sheets[i].Country)]:
			out.Suspected++
		case sheets[i].Email != "" && taken[i].State == signature.Confirmed:
			told = append(told, d.paperLetter(p, &sheets[i], taken[i].N))
		case sheets[i].Email != "":
			before = append(before, i)
		}
	}
	// A process that ended between the lines and their letters has told nobody. Who was
	// told is known by the fact, and is not told again.
	late, err := d.untold(ctx, p, b.Rec.Number, sheets, before)
	if err != nil {
		return out, err
	}
	told = append(told, late...)
	slices.SortFunc(out.Problems, func(a, b PaperProblem) int { return a.At - b.At })
	err = d.changeBatch(ctx, v, "add lines", b.Rec.ID, 0, func(w *casework.Work, b *record.Batch) error {
		unread := b.Lines - b.Legible + out.Illegible
		if err := recount(ctx, &w.Tx().Reader, p.Number, b); err != nil {
			return err
		}
		b.Lines = b.Legible + unread
		b.Suspected += out.Suspected
		for _, l := range told {
			if err := d.post(ctx, w.Tx(), l.fact, l.post); err != nil {
				return err
			}
		}
		return nil
	})
	if d.outbox != nil && len(told) > 0 {
		d.outbox.Wake()
	}
	if err == nil && failed != nil {
		err = fmt.Errorf("%d of %d lines were taken: %w", out.Taken, len(lines), failed)
	}
	return out, err
}

// maxPlace bounds the numbers of sheets and lines.
const maxPlace = 1_000_000

// wrong says what is wrong with a line before anybody else looks at it.
func (l *PaperLine) wrong() *record.Invalid {
	bad := func(field, key string) *record.Invalid {
		return &record.Invalid{Fields: []record.FieldError{fieldError(field, key)}}
	}
	switch _, err := signature.CleanName(l.Name); {
	case errors.Is(err, signature.ErrNameEmpty):
		return bad("name", "required")
	case err != nil:
		return bad("name", "person_name")
	case l.Sheet < 0 || l.Sheet > maxPlace:
		return bad("sheet", "number")
	case l.Line < 0 || l.Line > maxPlace:
		return bad("line", "number")
	}
	return nil
}

func langOf(tag string) string {
	if tag == "" {
		return "en"
	}
	return tag
}

// batchLeast is the smallest number of counted and of repeated lines that is told
// of a closed batch. Neither is told while lines can be added.
const batchLeast = 10

// recount works a batch's numbers out from its signatures.
func recount(ctx context.Context, r *store.Reader, petition int, b *record.Batch) error {
	states, err := r.CountWhere(ctx, store.SignatureWhere{Petition: petition, Batch: b.Number})
	if err != nil {
		return err
	}
	b.Legible, b.Repeated, b.Counted, b.Withheld = 0, 0, 0, true
	for _, n := range states {
		b.Legible += int(n)
	}
	repeated, counted := int(states[signature.Repeated]), int(states[signature.Confirmed])
	if b.Closed && repeated >= batchLeast && counted >= batchLeast {
		b.Repeated, b.Counted, b.Withheld = repeated, counted, false
	}
	return nil
}

// knownNames are which of the lines' names have signed in the same country.
type knownNames struct {
	of  map[signing.Namesake]bool
	all bool // false where there were too many to compare with
}

// knownNames returns which of the lines' names have signed in the same country,
// as far as signers let the organiser read theirs. It is a suspicion: many people
// share a name.
func (d *Desk) knownNames(ctx context.Context, petition int, lines []PaperLine) (out knownNames, err error) {
	asked := map[signing.Namesake]bool{}
	for _, l := range lines {
		if !l.Illegible && l.Email == "" && l.wrong() == nil {
			asked[signing.NamesakeOf(l.Name, l.Country)] = true
		}
	}
	out.of, out.all, err = d.signing.Namesakes(ctx, petition, asked)
	return out, err
}

// ImportLines takes the lines of a CSV file, mapped by heading (nil guesses). sheet
// is the number of the sheet on which lines stand that name none. The same file can
// be imported again, after an error or with lines put right in it: those that were
// taken are recognised by sheet and line, and the others are taken.
func (d *Desk) ImportLines(ctx context.Context, v access.Viewer, id record.BatchID, file io.Reader, m SheetMap, sheet int) (PaperResult, error) {
	var out PaperResult
	b, p, err := d.batch(ctx, v, id)
	if err != nil {
		return out, err
	}
	s, err := openSheet(file)
	if err != nil {
		return out, err
	}
	if m == nil {
		m = GuessSheet(s.header)
	}
	lines, err := s.lines(m, b.Rec.Place.Country, sheet)
	if err != nil {
		return out, err
	}
	lines, out.Problems = placed(lines)
	known, err := d.knownNames(ctx, p.Number, lines)
	out.Uncompared = !known.all
	if err != nil {
		return out, err
	}
	key, err := d.keys.Petition(p.Number)
	if err != nil {
		return out, err
	}
	mark := fileMark(key, lines)
	before, err := d.fileBatch(ctx, p.Number, mark)
	if err != nil {
		return out, err
	}
	elsewhere := before != 0 && before != b.Rec.Number
	out.Alike = sameLines(lines)
	for i := 0; i < len(lines); i += maxLines {
		part := slices.Clone(lines[i:min(i+maxLines, len(lines))])
		// Whoever gave an address is not counted twice; of the others nothing in another
		// batch says so but that this file was there before.
		part = slices.DeleteFunc(part, func(l PaperLine) bool {
			again := elsewhere && l.Email == ""
			if again {
				out.Again = append(out.Again, l.At)
			}
			return again
		})
		got, err := d.addLines(ctx, v, b, p, part, known)
		out.Taken += got.Taken
		out.Suspected += got.Suspected
		out.Again = append(out.Again, got.Again...)
		out.Problems = append(out.Problems, got.Problems...)
		if err != nil {
			return out, err
		}
	}
	if before == 0 {
		if err := d.compare(ctx, p.Number, b.Rec.Number, lines, &out); err != nil {
			return out, err
		}
	}
	slices.Sort(out.Again)
	slices.SortStableFunc(out.Problems, func(a, b PaperProblem) int { return a.At - b.At })
	return out, d.noteFile(ctx, p.Number, mark, b.Rec.Number)
}

// placed leaves out lines of a file that say they stand where another of them
// stands.
func placed(lines []PaperLine) (out []PaperLine, twice []PaperProblem) {
	type spot struct{ sheet, line int }
	seen := map[spot]bool{}
	for _, l := range lines {
		at := spot{l.Sheet, l.Line}
		if l.Sheet > 0 && l.Line > 0 && seen[at] {
			twice = append(twice, PaperProblem{l.At, &record.Invalid{Fields: []record.FieldError{fieldError("line", "line_twice")}}})
			continue
		}
		seen[at] = true
		out = append(out, l)
	}
	return out, twice
}

// MaxScan bounds one scan of sheets, in bytes.
const MaxScan = 20 << 20

// useScan is what scans are encrypted as.
const useScan = "scan"

// AddScan keeps a scan of sheets with a batch. It holds what signers wrote, and is
// therefore encrypted under the petition's key, which ends with their other data.
func (d *Desk) AddScan(ctx context.Context, v access.Viewer, id record.BatchID, from io.Reader) error {
	_, p, err := d.batch(ctx, v, id)
	if err != nil {
		return err
	}
	plain, err := io.ReadAll(io.LimitReader(from, MaxScan+1))
	if err != nil {
		return fmt.Errorf("read a scan: %w", err)
	}
	switch {
	case len(plain) > MaxScan:
		return wrong("scan", "scan_large")
	case scanType(plain) == "":
		return wrong("scan", "scan_type")
	}
	key, err := d.keys.Petition(p.Number)
	if err != nil {
		return err
	}
	hash, _, err := d.blobs.Put(ctx, bytes.NewReader(key.Box(useScan, plain)), -1)
	if err != nil {
		return err
	}
	err = d.changeBatch(ctx, v, "add scan", id, 0, func(_ *casework.Work, b *record.Batch) error {
		b.Scans = append(slices.Clone(b.Scans), hash)
		return nil
	})
	if err != nil {
		// Encrypted anew each time, so nobody else has it under this hash.
		return errors.Join(err, d.blobs.Remove(hash))
	}
	return nil
}

// scanType is the media type of a scan, "" for what is none.
func scanType(b []byte) string {
	for _, t := range []struct{ magic, media string }{
		{"%PDF-", "application/pdf"},
		{"\xff\xd8\xff", "image/jpeg"},
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"II*\x00", "image/tiff"},
		{"MM\x00*", "image/tiff"},
	} {
		if bytes.HasPrefix(b, []byte(t.magic)) {
			return t.media
		}
	}
	return ""
}

// Scan returns a scan of a batch and its media type.
func (d *Desk) Scan(ctx context.Context, v access.Viewer, id record.BatchID, hash string) ([]byte, string, error) {
	b, p, err := d.batch(ctx, v, id)
	if err != nil {
		return nil, "", err
	}
	if !slices.Contains(b.Rec.Scans, hash) {
		return nil, "", fmt.Errorf("scan: %w", record.ErrNotFound)
	}
	f, _, err := d.blobs.Get(hash)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	sealed, err := io.ReadAll(f)
	if err != nil {
		return nil, "", fmt.Errorf("read a scan: %w", err)
	}
	key, err := d.keys.Petition(p.Number)
	if err != nil {
		return nil, "", err
	}
	plain, err := key.Unbox(useScan, sealed)
	if err != nil {
		return nil, "", err
	}
	return plain, scanType(plain), nil
}

// DrawSample draws which n lines of a batch are to be checked, once: nobody draws
// until the sample pleases. Lines are counted over all its sheets, and none are
// added after it.
func (d *Desk) DrawSample(ctx context.Context, v access.Viewer, id record.BatchID, rev, n int) error {
	return d.changeBatch(ctx, v, "draw sample", id, rev, func(_ *casework.Work, b *record.Batch) error {
		switch {
		case len(b.Sample) > 0:
			return wrong("sample", "batch_sampled")
		case n < 1 || n > b.Lines:
			return wrong("sample", "number")
		}
		var err error
		b.Sample, err = draw(b.Lines, n)
		return err
	})
}

// RecordSample says how many of the lines drawn were checked and how many of
// those are valid.
func (d *Desk) RecordSample(ctx context.Context, v access.Viewer, id record.BatchID, rev, checked, valid int) error {
	return d.changeBatch(ctx, v, "record sample", id, rev, func(_ *casework.Work, b *record.Batch) error {
		if len(b.Sample) == 0 || checked < 0 || checked > len(b.Sample) || valid < 0 || valid > checked {
			return wrong("sampled", "sum")
		}
		b.Sampled, b.Valid = checked, valid
		return nil
	})
}

// CloseBatch ends work on a batch: its numbers are counted once more, and stand.
func (d *Desk) CloseBatch(ctx context.Context, v access.Viewer, id record.BatchID, rev int) error {
	_, p, err := d.batch(ctx, v, id)
	if err != nil {
		return err
	}
	return d.changeBatch(ctx, v, "close batch", id, rev, func(w *casework.Work, b *record.Batch) error {
		unread := b.Lines - b.Legible
		b.Closed = true
		if err := recount(ctx, &w.Tx().Reader, p.Number, b); err != nil {
			return err
		}
		b.Lines = b.Legible + unread
		return nil
	})
}
