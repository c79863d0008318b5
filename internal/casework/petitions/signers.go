package petitions

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// What the desk reads of signatures.
type (
	// Numbers are a petition's counts as they are now.
	Numbers = signature.Snapshot
	// Signer is a signature as its signer disclosed it to the organiser.
	Signer = signing.Signer
	// Disclosure is how a signer is shown to each audience.
	Disclosure = signature.Disclosure
)

// signersOf returns the petition whose signers the viewer may see as they
// disclosed themselves to the organiser: its owners may, and nobody who only
// edits, judges or reads.
func (d *Desk) signersOf(ctx context.Context, v access.Viewer, id record.PetitionID) (*record.Petition, error) {
	if !v.May(access.ActSigners) {
		return nil, fmt.Errorf("%s: %w", access.ActSigners, record.ErrForbidden)
	}
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Rec.Foreign != nil:
		return nil, errForeign
	case !owns(v, p.Rec):
		return nil, errNotOwner
	case d.signing == nil:
		return nil, fmt.Errorf("signers: %w", record.ErrNotFound)
	}
	return p.Rec, nil
}

// Numbers returns a petition's counts as they are now, for its owners and for who
// judges it. A petition that moves in steps shows them later; one with paper shows
// no others here than in public, because a line that is entered counts at once and
// would tell whether its address had signed.
func (d *Desk) Numbers(ctx context.Context, v access.Viewer, id record.PetitionID) (Numbers, error) {
	if !v.May(access.ActPetition) && !v.May(access.ActVoid) {
		return Numbers{}, fmt.Errorf("count signatures: %w", record.ErrForbidden)
	}
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return Numbers{}, err
	}
	if d.signing == nil || p.Rec.Foreign != nil || p.Rec.Edition == 0 {
		return Numbers{}, nil
	}
	n, _, err := d.numbers(ctx, p.Rec)
	return n, err
}

// numbers are a petition's counts as its owners see them, exact where they are those of
// this moment.
func (d *Desk) numbers(ctx context.Context, p *record.Petition) (n Numbers, exact bool, err error) {
	var paper []Batch
	err = d.view(ctx, func(r *store.Reader) (err error) {
		paper, err = r.BatchesOf(ctx, access.House(), p.ID)
		return err
	})
	if err != nil {
		return Numbers{}, false, err
	}
	if len(paper) == 0 {
		n, err = d.signing.Exact(ctx, p.Number)
		return n, true, err
	}
	shown, err := d.signing.Snapshot(ctx, p.Number)
	if err != nil {
		return Numbers{}, false, err
	}
	return *shown, false, nil
}

// SignerPage is a part of the list of signers.
type SignerPage struct {
	List []Signer
	// Others are counted without being listed: they disclosed no more.
	Others int64
	// Listed is how many are listed in all; More says that this is not the end.
	Listed int64
	More   bool
}

// signerKey is what signers are ordered by: never the order in which they came.
func signerKey(s *Signer) string {
	return names.Fold(s.Name) + "\x00" + s.Name + "\x00" + s.Town + "\x00" + s.Country + "\x00" + strconv.Itoa(int(s.Via)) + "\x00" + strconv.Itoa(s.Edition)
}

// last keeps the greatest key on top, so that the smallest stay.
type last []keyed

type keyed struct {
	key string
	s   Signer
}

func (l last) Len() int           { return len(l) }
func (l last) Less(i, j int) bool { return l[i].key > l[j].key }
func (l last) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *last) Push(x any)        { *l = append(*l, x.(keyed)) } //nolint:forcetypeassert // heap pushes what it is given here
func (l *last) Pop() any {
	old := *l
	x := old[len(old)-1]
	*l = old[:len(old)-1]
	return x
}

// MaxSignersShown is how far into the list of signers the desk pages; whoever
// needs more takes the export.
const MaxSignersShown = 10_000

// Signers lists at most limit signers from offset on in the order of their names,
// as they disclosed themselves to the organiser. It reads every signature and
// keeps no more than offset and limit in memory. An offset is bounded by
// [MaxSignersShown]; there is none made of names, because addresses are kept in
// browsers.
func (d *Desk) Signers(ctx context.Context, v access.Viewer, id record.PetitionID, offset, limit int) (SignerPage, error) {
	p, err := d.signersOf(ctx, v, id)
	if err != nil {
		return SignerPage{}, err
	}
	if offset < 0 || offset > MaxSignersShown {
		return SignerPage{}, fmt.Errorf("that part of the list: %w", record.ErrNotFound)
	}
	var smallest last
	var out SignerPage
	out.Others, err = d.signing.Signers(ctx, p.Number, signature.ToOrganiser, func(s Signer) error {
		heap.Push(&smallest, keyed{signerKey(&s), s})
		if len(smallest) > offset+limit+1 {
			heap.Pop(&smallest)
		}
		out.Listed++
		return nil
	})
	if err != nil {
		return SignerPage{}, err
	}
	slices.SortFunc(smallest, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	for _, k := range smallest[min(offset, len(smallest)):min(offset+limit, len(smallest))] {
		out.List = append(out.List, k.s)
	}
	out.More = len(smallest) > offset+limit && offset+limit <= MaxSignersShown
	return out, nil
}

// ExportSigners writes the signers as they disclosed themselves to the organiser
// as CSV, in the order of their names, and a last line with how many others there
// are. A cell that a spreadsheet would take for a formula begins with an
// apostrophe.
func (d *Desk) ExportSigners(ctx context.Context, v access.Viewer, id record.PetitionID, w io.Writer) error {
	p, err := d.signersOf(ctx, v, id)
	if err != nil {
		return err
	}
	var all []keyed
	others, err := d.signing.Signers(ctx, p.Number, signature.ToOrganiser, func(s Signer) error {
		all = append(all, keyed{signerKey(&s), s})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	if err := d.noteExport(ctx, v, id, "export signers"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	_ = c.Write([]string{"name", "shown_as", "town", "country", "way", "version", "people"}) // an error stays in c
	for i := range all {
		s := &all[i].s
		as := "name"
		if s.Initials {
			as = "initials"
		}
		_ = c.Write([]string{casework.TextCell(s.Name), as, casework.TextCell(s.Town), s.Country, s.Via.String(), strconv.Itoa(s.Edition), "1"})
	}
	_ = c.Write([]string{"", "count", "", "", "", "", strconv.FormatInt(others, 10)})
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("export signers: %w", err)
	}
	return nil
}

// ExportSealed writes the sealed names with their wrapped keys, for the holder of
// an offline key: nothing in it can be read here.
func (d *Desk) ExportSealed(ctx context.Context, v access.Viewer, id record.PetitionID, w io.Writer) error {
	p, err := d.signersOf(ctx, v, id)
	if err != nil {
		return err
	}
	if err := d.noteExport(ctx, v, id, "export sealed names"); err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	_, err = d.signing.Sealed(ctx, p.Number, p.Title.In("en").Text, enc.Encode)
	return err
}

// noteExport leaves a remark in the petition's log: who took a list with them is
// something the other owners have to know.
func (d *Desk) noteExport(ctx context.Context, v access.Viewer, id record.PetitionID, what string) error {
	return d.Note(ctx, v, id, what)
}
