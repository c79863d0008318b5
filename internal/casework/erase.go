package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// pendingSetting lists the originals that an erasure has still to remove from
// the disk. It is written in the erasing transaction and emptied afterwards, so
// that a crash in between is made good at the next start.
const pendingSetting = "erase.pending"

// scrubSetting says that the database's own files are still to be scrubbed. It is
// written in the erasing transaction too, and emptied once nobody reads a
// snapshot from before any more and it was done.
const scrubSetting = "erase.scrub"

// Erase removes a record for good, with everything that exists only because of
// it. It cannot be undone, and no import, casefile, restored version or restored
// backup brings it back.
//
// With a person go the parts they had in events, their ties, the claims about
// them and pointing at them, the requests about them, and sources of which
// nothing but such claims was used, with their copies. Every other record, every
// earlier version, the journal's notes, the reports of imports, the copies and
// the files of datasets are searched for the person's full names: the names are
// struck out of records, whose earlier versions are removed; copies that hold
// one are removed, and in a dataset's file the row is blanked out (or, where the
// file's format does not allow that, the file is removed). In tables the words of
// a name are found in neighbouring cells, too. [House.MentionsOf]
// shows beforehand what that will touch; keep names records among it that speak
// of somebody else of the same name and are left alone.
//
// With a source go its copies and claims, with an event the claims about it and
// the parts in it, and so on.
//
// The reason is kept with the journal entry and must not name the person.
func (h *House) Erase(ctx context.Context, v access.Viewer, ref record.Ref, reason string, keep ...record.Ref) error {
	if err := require(v, access.ActErase); err != nil {
		return err
	}
	e := &erasure{house: h, ref: ref, keep: map[record.Ref]bool{}}
	for _, k := range keep {
		e.keep[k] = true
	}
	err := h.view(ctx, func(r *store.Reader) error { return e.prepare(ctx, r, reason) })
	if err == nil {
		err = e.perform(ctx, v, reason)
	}
	if err != nil {
		return errors.Join(err, e.dropFresh(ctx))
	}
	return h.finishErasing(ctx)
}

// prepare plans the erasure and makes ready what stands outside the database.
func (e *erasure) prepare(ctx context.Context, r *store.Reader, reason string) error {
	if err := e.plan(ctx, r); err != nil {
		return err
	}
	if e.naming.in(reason) {
		return invalid("reason", "names_person")
	}
	// Files are read and rewritten before anything is erased: a full disk then
	// stops the erasure as a whole.
	return e.files(ctx)
}

// perform carries the plan out in one transaction.
func (e *erasure) perform(ctx context.Context, v access.Viewer, reason string) error {
	return e.house.do(ctx, v, access.ActErase, "erase "+string(e.ref.Kind), reason, func(w *Work) error {
		w.about(e.ref)
		if w.tx.Head.Size != e.size {
			// Something was written since, which may speak of the person: it is looked
			// for again while nobody else writes.
			if err := errors.Join(e.dropFresh(ctx), e.prepare(ctx, &w.tx.Reader, reason)); err != nil {
				return err
			}
		}
		return e.carryOut(w)
	})
}

// FinishErasing completes what an erasure left to do: it erases again whoever is
// on the list of erasures and was brought back with a backup, removes originals
// that an interrupted erasure had still to remove, brings the list up to date and
// scrubs the database's files. It is called at every start and after a restore.
func (h *House) FinishErasing(ctx context.Context) error {
	var pending, scrub []byte
	var behind bool
	var back []record.Ref
	err := h.view(ctx, func(r *store.Reader) error {
		var err error
		if pending, err = r.Setting(ctx, pendingSetting); err != nil {
			return err
		}
		if scrub, err = r.Setting(ctx, scrubSetting); err != nil {
			return err
		}
		listed, err := h.erasedList()
		if err != nil {
			return err
		}
		err = r.Gone(ctx, func(ref record.Ref) error {
			behind = behind || !listed[ref]
			delete(listed, ref)
			return nil
		})
		if err != nil {
			return err
		}
		for ref := range listed {
			_, err := store.AnyOne(ctx, r, access.House(), ref)
			switch {
			case err == nil:
				back = append(back, ref)
			case !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone):
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	// People first: what goes with them need not be erased by itself.
	slices.SortFunc(back, func(a, b record.Ref) int {
		return cmp.Or(later(a.Kind != record.KindPerson, b.Kind != record.KindPerson), cmp.Compare(a.ID, b.ID))
	})
	for _, ref := range back {
		err := h.Erase(ctx, access.House(), ref, "erased before, and brought back by a backup")
		if err != nil && !errors.Is(err, record.ErrGone) && !errors.Is(err, record.ErrNotFound) {
			return err
		}
	}
	if len(pending) == 0 && len(scrub) == 0 && !behind {
		return nil
	}
	return h.finishErasing(ctx)
}

// finishErasing does what cannot be in the transaction. Every step may be done
// again. While somebody reads for long what was there before, the last of them
// waits: it is tried again every hour and at the next start.
func (h *House) finishErasing(ctx context.Context) error {
	var hashes []string
	var gone []record.Ref
	err := h.view(ctx, func(r *store.Reader) error {
		pending, err := r.Setting(ctx, pendingSetting)
		if err != nil {
			return err
		}
		released, err := releasedBlobs(ctx, r)
		if err != nil {
			return err
		}
		for hash := range strings.FieldsSeq(string(pending)) {
			// What another record names as well stays.
			uses, err := r.BlobUses(ctx, hash)
			if err != nil {
				return err
			}
			if uses == 0 && !released[hash] {
				hashes = append(hashes, hash)
			}
		}
		return r.Gone(ctx, func(ref record.Ref) error {
			gone = append(gone, ref)
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, hash := range hashes {
		if err := h.blobs.Remove(hash); err != nil {
			return err
		}
	}
	if err := h.noteErased(gone...); err != nil {
		return err
	}
	err = h.store.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting(ctx, pendingSetting, nil) })
	if err != nil {
		return err
	}
	err = h.scrub(ctx)
	if errors.Is(err, store.ErrBusy) {
		h.log.Warn("what was erased stays in the database's files until a long reading is over; the scrubbing is tried again within the hour")
		return nil
	}
	return err
}

// scrub makes what was erased unreadable in the database's own files.
func (h *House) scrub(ctx context.Context) error {
	// Readers of a snapshot from before are mostly over in a moment.
	var err error
	for range 20 {
		if err = h.store.Scrub(ctx); !errors.Is(err, store.ErrBusy) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-afterScrub():
		}
	}
	if err != nil {
		return err
	}
	return h.store.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting(ctx, scrubSetting, nil) })
}

// scrubLeft scrubs where an erasure could not.
func (h *House) scrubLeft(ctx context.Context) error {
	var due []byte
	err := h.view(ctx, func(r *store.Reader) (err error) {
		due, err = r.Setting(ctx, scrubSetting)
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	return h.scrub(ctx)
}

func releasedBlobs(ctx context.Context, r *store.Reader) (map[string]bool, error) {
	releases, err := r.Releases(ctx, access.House())
	out := map[string]bool{}
	if err != nil {
		return nil, err
	}
	for _, rel := range releases {
		out[rel.Rec.Hash] = true
	}
	err = petitionBlobs(ctx, r, func(hash string, _ record.Ref) error {
		out[hash] = true
		return nil
	})
	return out, err
}

// petitionBlobs calls fn for every file that petitions and their following up name:
// packs and receipts of deliveries, what came with replies, scans of paper, what
// another site published, counts of coverage and the input of tests.
func petitionBlobs(ctx context.Context, r *store.Reader, fn func(hash string, of record.Ref) error) error {
	each := func(of record.Ref, hashes ...string) error {
		for _, h := range hashes {
			if h == "" {
				continue
			}
			if err := fn(h, of); err != nil {
				return err
			}
		}
		return nil
	}
	err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Delivery]) error {
		return each(i.Rec.Ref(), i.Rec.PackHash, i.Rec.ReceiptHash)
	})
	if err != nil {
		return err
	}
	if err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Reply]) error { return each(i.Rec.Ref(), i.Rec.Files...) }); err != nil {
		return err
	}
	if err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Batch]) error { return each(i.Rec.Ref(), i.Rec.Scans...) }); err != nil {
		return err
	}
	if err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Coverage]) error { return each(i.Rec.Ref(), i.Rec.File) }); err != nil {
		return err
	}
	if err := store.Each(ctx, r, access.House(), func(i store.Item[*record.TrendStatement]) error { return each(i.Rec.Ref(), i.Rec.Input) }); err != nil {
		return err
	}
	return store.Each(ctx, r, access.House(), func(i store.Item[*record.Petition]) error {
		if i.Rec.Foreign == nil {
			return nil
		}
		return each(i.Rec.Ref(), i.Rec.Foreign.Hash)
	})
}

// erasure is one erasing on its way: planned on a snapshot, and carried out in a
// transaction that plans again where anything was written in between.
type erasure struct {
	house  *House
	ref    record.Ref
	keep   map[record.Ref]bool
	naming naming
	// size is the length of the journal that the plan follows from.
	size int64

	doomed   map[record.Ref]bool
	mentions []Mention
	// quoting are claims that quote the person by reference.
	quoting []record.ClaimID
	notes   []int64
	reports []reportLine
	rows    []store.RowState // of datasets, that speak of the person
	cells   []cellsOfRow     // of rows that have the parts of a name in several cells
	struck  []string         // rows and files to know again, as [struckRows] hashes them

	// blobs are the originals to remove, rewritten those to replace, by hash.
	blobs     map[string]bool
	rewritten map[string]rewrite
}

type reportLine struct {
	run    record.ImportID
	number int
	is     store.RowProblem
}

// plan finds out what has to go.
func (e *erasure) plan(ctx context.Context, r *store.Reader) error {
	all := access.House()
	head, err := r.HeadOf(ctx)
	if err != nil {
		return err
	}
	e.size = head.Size
	e.doomed, e.blobs, e.rewritten = map[record.Ref]bool{}, map[string]bool{}, map[string]rewrite{}
	e.mentions, e.quoting, e.notes, e.reports, e.rows, e.cells, e.struck = nil, nil, nil, nil, nil, nil, nil
	item, err := store.AnyOne(ctx, r, all, e.ref)
	if err != nil {
		return err
	}
	// Rows of a dataset go one by one; without the dataset and the run that brought
	// them in, nobody could say any more where the others come from.
	if s, ok := item.Rec.(*record.Source); e.ref.Kind == record.KindImport || (ok && s.Type == record.TypeDataset) {
		return fmt.Errorf("a dataset is not erased as a whole: %w", record.ErrForbidden)
	}
	if err := e.doom(ctx, r, item.Rec); err != nil {
		return err
	}
	if e.ref.Kind == record.KindPerson {
		if err := e.planPerson(ctx, r); err != nil {
			return err
		}
	}
	requests, err := r.Requests(ctx, all, "", 1_000_000)
	if err != nil {
		return err
	}
	for _, q := range requests {
		if e.doomed[q.Rec.About] {
			e.doomed[q.Rec.Ref()] = true
		}
	}
	return nil
}

// doom marks a record and what exists only because of it.
func (e *erasure) doom(ctx context.Context, r *store.Reader, rec record.Record) error {
	ref := rec.Ref()
	if e.doomed[ref] {
		return nil
	}
	e.doomed[ref] = true
	all := access.House()
	var more []record.Record
	gather := func(err error, found []record.Record) error {
		more = append(more, found...)
		return err
	}
	var errs []error
	claims := func() {
		about, err := r.ClaimsAbout(ctx, all, ref.ID)
		errs = append(errs, gather(err, recs(about)))
	}
	pointing := func() {
		found, err := r.ClaimsPointingAt(ctx, all, ref.ID, 1_000_000)
		errs = append(errs, gather(err, recs(found)))
		in, err := r.InvolvementsOf(ctx, all, ref)
		errs = append(errs, gather(err, recs(in)))
		ties, err := r.TiesOf(ctx, all, ref.ID)
		errs = append(errs, gather(err, recs(ties)))
	}
	switch rec := rec.(type) {
	case *record.Person, *record.Party:
		claims()
		pointing()
	case *record.Event:
		claims()
		in, err := r.InvolvementsIn(ctx, all, rec.ID)
		errs = append(errs, gather(err, recs(in)))
		sames, err := r.Sames(ctx, all, rec.ID)
		errs = append(errs, gather(err, recs(sames)))
	case *record.Total, *record.Tie:
		claims()
	case *record.Source:
		claims()
		of, err := r.ClaimsOf(ctx, all, rec.ID, 1_000_000)
		errs = append(errs, gather(err, recs(of)))
		captures, err := r.CapturesOf(ctx, all, rec.ID)
		errs = append(errs, gather(err, recs(captures)))
	case *record.Capture:
		e.blobs[rec.Hash] = true
		e.struck = append(e.struck, struckFile(rec.Hash))
		if rec.TextHash != "" {
			e.blobs[rec.TextHash] = true
		}
	case *record.Release:
		e.blobs[rec.Hash] = true
	case *record.Petition:
		parts, err := petitionParts(ctx, r, rec.ID)
		errs = append(errs, gather(err, parts))
		if rec.Foreign != nil && rec.Foreign.Hash != "" {
			e.blobs[rec.Foreign.Hash] = true
		}
	case *record.Delivery:
		for _, hash := range []string{rec.PackHash, rec.ReceiptHash} {
			if hash != "" {
				e.blobs[hash] = true
			}
		}
	case *record.Reply:
		for _, hash := range rec.Files {
			e.blobs[hash] = true
		}
	case *record.Batch:
		for _, hash := range rec.Scans {
			e.blobs[hash] = true
		}
	case *record.Coverage:
		if rec.File != "" {
			e.blobs[rec.File] = true
		}
	case *record.TrendStatement:
		e.blobs[rec.Input] = true
	}
	followed, err := followedOnlyWith(ctx, r, ref)
	errs = append(errs, gather(err, followed))
	remarks, err := r.RemarksAbout(ctx, all, ref.ID)
	errs = append(errs, gather(err, recs(remarks)))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, m := range more {
		if err := e.doom(ctx, r, m); err != nil {
			return err
		}
	}
	return nil
}

// planPerson finds sources that were used for nothing else, and everything else
// that names the person.
func (e *erasure) planPerson(ctx context.Context, r *store.Reader) error {
	all := access.House()
	sources := map[record.SourceID]bool{}
	for ref := range e.doomed {
		if ref.Kind != record.KindClaim {
			continue
		}
		c, err := store.One[*record.Claim](ctx, r, all, ref.ID)
		if err != nil {
			return err
		}
		sources[c.Rec.Source] = true
	}
	for id := range sources {
		s, err := store.One[*record.Source](ctx, r, all, id)
		if err != nil {
			return err
		}
		if s.Rec.Type == record.TypeDataset || e.keep[s.Rec.Ref()] {
			continue
		}
		claims, err := r.ClaimsOf(ctx, all, id, 1_000_000)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(claims, func(c store.Item[*record.Claim]) bool { return !e.doomed[c.Rec.Ref()] }) {
			if err := e.doom(ctx, r, s.Rec); err != nil {
				return err
			}
		}
	}
	var err error
	if e.naming, err = namingOf(ctx, r, record.PersonID(e.ref.ID)); err != nil {
		return err
	}
	quoting, err := r.ClaimsQuoting(ctx, all, record.PersonID(e.ref.ID))
	if err != nil {
		return err
	}
	for _, c := range quoting {
		if !e.doomed[c.Rec.Ref()] {
			e.quoting = append(e.quoting, c.Rec.ID)
		}
	}
	if e.mentions, err = mentions(ctx, r, e.naming, e.doomed); err != nil {
		return err
	}
	if err := r.EachNote(ctx, func(seq int64, note string) error {
		if e.naming.in(note) {
			e.notes = append(e.notes, seq)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := r.EachProblem(ctx, func(run record.ImportID, number int, p store.RowProblem) error {
		if e.naming.strikeProblem(&p) {
			e.reports = append(e.reports, reportLine{run, number, p})
		}
		return nil
	}); err != nil {
		return err
	}
	return e.planRows(ctx, r)
}

// planRows finds the rows of datasets whose records speak of the person.
func (e *erasure) planRows(ctx context.Context, r *store.Reader) error {
	all := access.House()
	sources := map[record.SourceID]bool{}
	for ref := range e.doomed {
		if ref.Kind == record.KindSource {
			sources[record.SourceID(ref.ID)] = true
		}
	}
	for _, m := range e.mentions {
		if !m.Full || e.keep[m.Ref] {
			continue
		}
		switch m.Ref.Kind {
		case record.KindSource:
			sources[record.SourceID(m.Ref.ID)] = true
		case record.KindClaim:
			c, err := store.One[*record.Claim](ctx, r, all, m.Ref.ID)
			if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
				continue
			}
			if err != nil {
				return err
			}
			sources[c.Rec.Source] = true
		case record.KindEvent:
			claims, err := r.ClaimsAbout(ctx, all, m.Ref.ID)
			if err != nil {
				return err
			}
			for _, c := range claims {
				sources[c.Rec.Source] = true
			}
		}
	}
	for id := range sources {
		row, ok, err := r.RowOf(ctx, id)
		if err != nil {
			return err
		}
		if ok {
			e.rows = append(e.rows, row)
		}
	}
	return nil
}

// carryOut does it, in the transaction.
func (e *erasure) carryOut(w *Work) error {
	for _, m := range e.mentions {
		if !m.Full || e.keep[m.Ref] || e.doomed[m.Ref] {
			continue
		}
		if err := e.redact(w, m.Ref); err != nil {
			return err
		}
	}
	for _, id := range e.quoting {
		if err := e.redact(w, record.Ref{Kind: record.KindClaim, ID: string(id)}); err != nil {
			return err
		}
	}
	if err := e.strikeCells(w); err != nil {
		return err
	}
	if err := e.replaceFiles(w); err != nil {
		return err
	}
	doomed := make([]record.Ref, 0, len(e.doomed))
	for ref := range e.doomed {
		doomed = append(doomed, ref)
	}
	slices.SortFunc(doomed, func(a, b record.Ref) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	// A cluster is told apart before one of its events goes.
	for _, ref := range doomed {
		if ref.Kind == record.KindEvent {
			if err := w.leaveCluster(record.EventID(ref.ID)); err != nil {
				return err
			}
		}
	}
	for _, ref := range doomed {
		if err := w.erase(ref); err != nil {
			return err
		}
	}
	for ref := range e.doomed {
		if ref.Kind == record.KindEvent {
			delete(w.stale, record.EventID(ref.ID))
		}
	}
	for _, seq := range e.notes {
		if err := w.tx.DropNote(w.ctx, seq); err != nil {
			return err
		}
	}
	for _, l := range e.reports {
		if err := w.tx.SetProblem(w.ctx, l.run, l.number, l.is); err != nil {
			return err
		}
	}
	if err := e.strikeElsewhere(w); err != nil {
		return err
	}
	for _, row := range e.rows {
		if err := w.tx.FreezeRow(w.ctx, row.Dataset, row.Key); err != nil {
			return err
		}
		if err := w.reindexRow(row); err != nil {
			return err
		}
	}
	if err := e.rememberStruck(w); err != nil {
		return err
	}
	if err := w.tx.PutSetting(w.ctx, scrubSetting, []byte("due")); err != nil {
		return err
	}
	return w.removeLater(e.blobs)
}

// removeLater lists originals that are to be removed from the disk once the
// transaction is over.
func (w *Work) removeLater(blobs map[string]bool) error {
	if len(blobs) == 0 {
		return nil
	}
	before, err := w.tx.Setting(w.ctx, pendingSetting)
	if err != nil {
		return err
	}
	pending := strings.Fields(string(before))
	for hash := range blobs {
		pending = append(pending, hash)
	}
	slices.Sort(pending)
	return w.tx.PutSetting(w.ctx, pendingSetting, []byte(strings.Join(slices.Compact(pending), "\n")))
}

// reindexRow gives the records of a dataset's row search documents of their own
// words only: the importer adds words of the file to them.
func (w *Work) reindexRow(row store.RowState) error {
	for _, ref := range refsOfRow(row) {
		item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
		if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := w.tx.Reindex(w.ctx, ref, item.Level, tokens(item.Rec)); err != nil {
			return err
		}
	}
	return nil
}

// erase removes one record and notes it in the entry.
func (w *Work) erase(ref record.Ref) error {
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := w.touch(item.Rec); err != nil {
		return err
	}
	if c, ok := item.Rec.(*record.Claim); ok {
		w.weaken(c)
	}
	if err := w.tx.Erase(w.ctx, ref, w.tx.Head.Size, w.at); err != nil {
		return err
	}
	delete(w.levels, ref)
	w.writes = append(w.writes, ledger.Write{Kind: string(ref.Kind), ID: ref.ID})
	return nil
}

// leaveCluster takes an event out of what it is shown with, so that the others
// find a page without it.
func (w *Work) leaveCluster(id record.EventID) error {
	sames, err := w.tx.Sames(w.ctx, access.House(), id)
	if err != nil {
		return err
	}
	joined := false
	for _, s := range sames {
		if s.Rec.State != record.SameAccepted {
			continue
		}
		joined = true
		if err := w.erase(s.Rec.Ref()); err != nil {
			return err
		}
	}
	if !joined {
		return nil
	}
	return w.rejoin(id)
}

// redact strikes the person's names out of a record and removes its earlier
// versions.
func (e *erasure) redact(w *Work, ref record.Ref) error {
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	rec, changed, err := e.naming.redacted(item)
	if err != nil {
		return err
	}
	if c, ok := rec.(*record.Claim); ok && string(c.AttributedTo.Person) == e.ref.ID {
		c.AttributedTo = record.Attribution{Unattributed: true}
		changed = true
	}
	if ed, ok := rec.(*record.Edition); ok && changed {
		// What was published under the hash is not there any more, and says so.
		ed.Struck = true
	}
	if changed {
		if err := w.Change(rec, item.Rev); err != nil {
			return fmt.Errorf("strike a name out of %s: %w", ref, err)
		}
	}
	if err := w.tx.EraseVersions(w.ctx, ref); err != nil {
		return err
	}
	return w.tx.DropSlugs(w.ctx, ref)
}

// redacted returns a copy of a record without the names in any of its texts.
func (n naming) redacted(item store.Item[record.Record]) (record.Record, bool, error) {
	ref := item.Rec.Ref()
	rec, _ := record.New(ref.Kind)
	var v any
	d := json.NewDecoder(strings.NewReader(string(item.Body)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, false, fmt.Errorf("decode %s: %w", ref, err)
	}
	changed := false
	// Somebody else of the same name keeps it, and a party that bears it.
	named := ref.Kind == record.KindPerson || ref.Kind == record.KindParty
	v = n.struck(v, "", named, &changed)
	if m, ok := v.(map[string]any); ok && !named {
		if slug, ok := m["slug"].(string); ok && slug != slugBefore(item.Rec) {
			// Two addresses that differed only in the name must not become one.
			m["slug"] = strings.Trim(clip(slug, 80), "-") + "-" + ref.ID[len(ref.ID)-8:]
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, false, err
	}
	if err := json.Unmarshal(b, rec); err != nil {
		return nil, false, fmt.Errorf("strike a name out of %s: %w", ref, err)
	}
	if c, ok := rec.(*record.Claim); ok && changed {
		// Words that were struck out stand nowhere in the copy any more.
		for i := range c.Passage.Segments {
			c.Passage.Segments[i].Start, c.Passage.Segments[i].End = 0, 0
		}
	}
	return rec, changed, nil
}

func slugBefore(rec record.Record) string { return nameOf(rec).Slug }

// struck walks a decoded version and strikes the names out of its strings. named
// says that the record bears names of its own, which stay.
func (n naming) struck(v any, key string, named bool, changed *bool) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if named && (k == "names" || k == "slug") {
				continue
			}
			if fields, list := pieced[k], asList(x); fields != nil && list != nil && n.strikePieces(list, fields) {
				*changed = true
			}
			v[k] = n.struck(x, k, named, changed)
		}
		return v
	case []any:
		for i, x := range v {
			v[i] = n.struck(x, key, named, changed)
		}
		return v
	case string:
		s := v
		switch key {
		case "slug":
			s = n.strikeSlug(v)
		case "url":
			if n.inSlug(v) {
				s = ""
			}
		default:
			s = n.strike(v)
		}
		if s != v {
			*changed = true
		}
		return s
	}
	return v
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// erasedList reads the list of erasures beside the database.
func (h *House) erasedList() (map[record.Ref]bool, error) {
	out := map[record.Ref]bool{}
	return out, readErased(filepath.Join(h.dir, erasedName), out)
}
