package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// CheckReport is what [House.Check] looked at and what is wrong.
type CheckReport struct {
	// Checked counts by what was checked ("entries", "versions", …).
	Checked map[string]int
	// Faults says, a line for each, what does not hold.
	Faults []string
	// MoreFaults counts those beyond the first MaxFaults.
	MoreFaults int
	// Unnamed counts originals that no record names: what an interrupted upload
	// leaves. They are no fault.
	Unnamed int
}

// MaxFaults is how many faults a report carries.
const MaxFaults = 1000

func (c *CheckReport) fault(format string, args ...any) {
	if len(c.Faults) < MaxFaults {
		c.Faults = append(c.Faults, fmt.Sprintf(format, args...))
	} else {
		c.MoreFaults++
	}
}

// Check goes over every invariant of the database, the originals and the journal
// on one snapshot and lists what does not hold. It changes nothing, and its
// memory does not grow with the register. progress is told what is being looked
// at; it may be nil.
func (h *House) Check(ctx context.Context, progress func(string)) (CheckReport, error) {
	c := &checker{house: h, report: CheckReport{Checked: map[string]int{}}, progress: progress, hidden: map[store.VersionKey]bool{}}
	if progress == nil {
		c.progress = func(string) {}
	}
	err := h.view(ctx, func(r *store.Reader) error {
		for _, step := range []struct {
			what string
			run  func(context.Context, *store.Reader) error
		}{
			{"the journal and the versions it stands for", c.journal},
			{"records, who sees them, and their search documents", c.records},
			{"figures", c.figures},
			{"events shown together", c.joined},
			{"what leads nowhere, and what was erased", c.loose},
			{"petitions, signatures and mail", c.petitions},
			{"published tests, computed again", c.trends},
			{"originals", c.originals},
		} {
			c.progress(step.what)
			if err := step.run(ctx, r); err != nil {
				return fmt.Errorf("check %s: %w", step.what, err)
			}
		}
		return nil
	})
	return c.report, err
}

type checker struct {
	house    *House
	report   CheckReport
	progress func(string)
	// hidden are the versions that the journal says are hidden.
	hidden map[store.VersionKey]bool
	// stored counts the versions that the journal speaks of and the store has.
	stored int64
}

// checkBatch is how many things are looked up together.
const checkBatch = 500

// journal reads every entry: that they follow each other, that the tree over
// them is the one at the head, that every hash is that of the version or reason
// it stands for.
func (c *checker) journal(ctx context.Context, r *store.Reader) error {
	head, err := r.HeadOf(ctx)
	if err != nil {
		return err
	}
	f, err := ledger.ParseFrontier(0, nil)
	if err != nil {
		return err
	}
	var batch []checkedEntry
	flush := func() error {
		err := c.versions(ctx, r, batch)
		batch = batch[:0]
		return err
	}
	err = r.Entries(ctx, 0, func(e store.Entry) error {
		if e.Seq != f.Size {
			c.report.fault("journal entry %d stands where entry %d should", e.Seq, f.Size)
			f.Size = e.Seq
		}
		if hashes := f.Append(e.Leaf); !slices.Equal(hashes, e.Hashes) {
			c.report.fault("journal entry %d does not fit the tree: it or one before it was changed", e.Seq)
		}
		var leaf ledger.Leaf
		if err := json.Unmarshal(e.Leaf, &leaf); err != nil {
			c.report.fault("journal entry %d cannot be read: %v", e.Seq, err)
			return nil
		}
		if leaf.At != e.At || leaf.Action != e.Action || leaf.Actor != string(e.Actor) || leaf.Role != e.Role || leaf.Run != string(e.Run) {
			c.report.fault("journal entry %d says something else than its leaf", e.Seq)
		}
		c.report.Checked["entries"]++
		batch = append(batch, checkedEntry{e.Seq, leaf})
		if len(batch) < checkBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	if f.Size != head.Size || !slices.Equal(f.Bytes(), head.Frontier) {
		c.report.fault("the journal's end is not that of its entries: %d entries, the head says %d", f.Size, head.Size)
	}
	if err := c.hiding(ctx, r); err != nil {
		return err
	}
	n, err := r.CountVersions(ctx)
	if err != nil {
		return err
	}
	if n != c.stored {
		c.report.fault("%d versions are stored and the journal speaks of %d of them", n, c.stored)
	}
	return nil
}

type checkedEntry struct {
	seq  int64
	leaf ledger.Leaf
}

func (c *checker) versions(ctx context.Context, r *store.Reader, batch []checkedEntry) error {
	if len(batch) == 0 {
		return nil
	}
	var keys []store.VersionKey
	for _, e := range batch {
		for _, w := range e.leaf.Writes {
			if w.Hash != "" && w.Kind != kindSignature {
				keys = append(keys, store.VersionKey{Ref: record.Ref{Kind: record.Kind(w.Kind), ID: w.ID}, Rev: w.Rev})
			}
		}
	}
	got, err := r.StoredVersions(ctx, keys)
	if err != nil {
		return err
	}
	notes, err := r.NotesOf(ctx, batch[0].seq, batch[len(batch)-1].seq+1)
	if err != nil {
		return err
	}
	for _, e := range batch {
		if note, ok := notes[e.seq]; ok {
			c.report.Checked["reasons"]++
			if ledger.Hex(ledger.Commit(note.NoteSalt, []byte(note.Note))) != e.leaf.Note {
				c.report.fault("the reason of journal entry %d was changed", e.seq)
			}
		}
		for _, w := range e.leaf.Writes {
			if err := c.write(ctx, r, e.seq, e.leaf.Action, w, got); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) write(ctx context.Context, r *store.Reader, seq int64, action string, w ledger.Write, got map[store.VersionKey]store.StoredVersion) error {
	ref := record.Ref{Kind: record.Kind(w.Kind), ID: w.ID}
	switch {
	case ref.Kind == kindAccount, ref.Kind == kindSetting, w.Kind == kindSignature, ref.Kind == kindDataset:
		return nil
	case ref.Kind == kindVersion:
		c.noteHiding(action, w)
		return nil
	case w.Rev == 0:
		gone, err := r.IsGone(ctx, ref)
		if err == nil && !gone {
			c.report.fault("journal entry %d erased %s, which is not marked as erased", seq, ref)
		}
		return err
	}
	c.report.Checked["versions"]++
	v, ok := got[store.VersionKey{Ref: ref, Rev: w.Rev}]
	if !ok {
		gone, err := r.IsGone(ctx, ref)
		if err == nil && !gone {
			c.report.fault("version %d of %s, of journal entry %d, is missing", w.Rev, ref, seq)
		}
		return err
	}
	c.stored++
	switch {
	case v.Entry != seq:
		c.report.fault("version %d of %s is of journal entry %d and says %d", w.Rev, ref, seq, v.Entry)
	case v.Body == nil:
		// Erased: the hash stands for what nobody can read any more.
	case ledger.Hex(ledger.Commit(v.Salt, v.Body)) != w.Hash:
		c.report.fault("version %d of %s was changed: its bytes are not those of journal entry %d", w.Rev, ref, seq)
	}
	return nil
}

// records decodes and validates every current record and compares who sees it,
// and its search document, with what they should be.
func (c *checker) records(ctx context.Context, r *store.Reader) error {
	for _, check := range []func() error{
		func() error { return checkKind[*record.Party](ctx, c, r) },
		func() error { return checkKind[*record.Person](ctx, c, r) },
		func() error { return checkKind[*record.Import](ctx, c, r) },
		func() error { return checkKind[*record.Source](ctx, c, r) },
		func() error { return checkKind[*record.Capture](ctx, c, r) },
		func() error { return checkKind[*record.Event](ctx, c, r) },
		func() error { return checkKind[*record.Total](ctx, c, r) },
		func() error { return checkKind[*record.Claim](ctx, c, r) },
		func() error { return checkKind[*record.Involvement](ctx, c, r) },
		func() error { return checkKind[*record.Tie](ctx, c, r) },
		func() error { return checkKind[*record.Same](ctx, c, r) },
		func() error { return checkKind[*record.Request](ctx, c, r) },
		func() error { return checkKind[*record.Release](ctx, c, r) },
		func() error { return checkKind[*record.Petition](ctx, c, r) },
		func() error { return checkKind[*record.Edition](ctx, c, r) },
		func() error { return checkKind[*record.Endorsement](ctx, c, r) },
		func() error { return checkKind[*record.Batch](ctx, c, r) },
		func() error { return checkKind[*record.Invalidation](ctx, c, r) },
		func() error { return checkKind[*record.Delivery](ctx, c, r) },
		func() error { return checkKind[*record.Reply](ctx, c, r) },
		func() error { return checkKind[*record.Update](ctx, c, r) },
		func() error { return checkKind[*record.Remark](ctx, c, r) },
		func() error { return checkKind[*record.HolidayCalendar](ctx, c, r) },
		func() error { return checkKind[*record.Commitment](ctx, c, r) },
		func() error { return checkKind[*record.Demand](ctx, c, r) },
		func() error { return checkKind[*record.Assessment](ctx, c, r) },
		func() error { return checkKind[*record.Proceeding](ctx, c, r) },
		func() error { return checkKind[*record.Feed](ctx, c, r) },
		func() error { return checkKind[*record.Coverage](ctx, c, r) },
		func() error { return checkKind[*record.TrendStatement](ctx, c, r) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func checkKind[T record.Record](ctx context.Context, c *checker, r *store.Reader) error {
	var batch []store.Item[T]
	flush := func() error {
		err := checkItems(ctx, c, r, batch)
		batch = batch[:0]
		return err
	}
	err := store.Each(ctx, r, access.House(), func(i store.Item[T]) error {
		batch = append(batch, i)
		if len(batch) < checkBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func checkItems[T record.Record](ctx context.Context, c *checker, r *store.Reader, batch []store.Item[T]) error {
	var refs []record.Ref
	ids := make([]string, len(batch))
	for i, item := range batch {
		refs = append(refs, parents(item.Rec)...)
		refs = append(refs, tied(item.Rec)...)
		ids[i] = item.Rec.Ref().ID
	}
	levels, err := r.Levels(ctx, refs)
	if err != nil {
		return err
	}
	docs, err := r.DocLevels(ctx, ids)
	if err != nil {
		return err
	}
	for _, item := range batch {
		c.report.Checked["records"]++
		ref := item.Rec.Ref()
		if err := item.Rec.Validate(); err != nil {
			c.report.fault("%s is not valid: %v", ref, err)
		}
		level := access.Of(item.Rec)
		for _, p := range parents(item.Rec) {
			l, ok := levels[p]
			if !ok {
				c.report.fault("%s refers to %s, which does not exist", ref, p)
			}
			level = max(level, l)
		}
		for _, p := range tied(item.Rec) {
			level = max(level, levels[p])
		}
		if level != item.Level {
			c.report.fault("%s is seen at level %d and should be at %d", ref, item.Level, level)
		}
		doc, has := docs[ref.ID]
		switch {
		case !has && len(tokens(item.Rec)) > 0 && !foundByEvent(item.Rec):
			c.report.fault("%s has no search document", ref)
		case has && doc != item.Level:
			c.report.fault("the search document of %s is seen at level %d and should be at %d", ref, doc, item.Level)
		}
	}
	return nil
}

// figures works every kept figure out again.
func (c *checker) figures(ctx context.Context, r *store.Reader) error {
	var batch []store.NearEvent
	flush := func() error {
		err := c.figuresOf(ctx, r, batch)
		batch = batch[:0]
		return err
	}
	err := r.EventsBetween(ctx, access.House(), store.DayUnknown, 1<<40, func(e store.NearEvent) error {
		batch = append(batch, e)
		if len(batch) < checkBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (c *checker) figuresOf(ctx context.Context, r *store.Reader, batch []store.NearEvent) error {
	all := access.House()
	var roots []record.EventID
	var ids []string
	for _, e := range batch {
		ids = append(ids, string(e.ID))
		if e.Joined == "" {
			roots = append(roots, e.ID)
		}
	}
	subject := map[string]record.EventID{}
	subjects := make([]string, 0, len(roots))
	for _, id := range roots {
		subject[string(id)] = id
		subjects = append(subjects, string(id))
	}
	joined, err := r.JoinedTo(ctx, all, roots...)
	if err != nil {
		return err
	}
	for _, j := range joined {
		root, err := r.Root(ctx, j.Rec.ID)
		if err != nil {
			return err
		}
		subject[string(j.Rec.ID)] = root
		subjects = append(subjects, string(j.Rec.ID))
	}
	claims, err := r.MeasuresAbout(ctx, all, subjects...)
	if err != nil {
		return err
	}
	by := map[record.EventID][]store.Item[*record.Claim]{}
	for _, k := range claims {
		root := subject[k.Rec.Subject.ID]
		by[root] = append(by[root], k)
	}
	kept := map[string][]store.FigureRow{}
	for _, a := range audiences {
		rows, err := r.Figures(ctx, viewerOf(a.number), ids...)
		if err != nil {
			return err
		}
		for id, fs := range rows {
			kept[id] = append(kept[id], fs...)
		}
	}
	// Only reading, but through the same code that wrote them.
	w := c.house.work(ctx, &store.Tx{Reader: *r}, all, "", "")
	for _, e := range batch {
		c.report.Checked["figures"] += len(kept[string(e.ID)])
		var want []store.FigureRow
		if e.Joined == "" {
			own := by[e.ID]
			voiced, err := said(ctx, r, own)
			if err != nil {
				return err
			}
			if want, err = w.byParts(e.ID, figureRows(string(e.ID), levelsOf(own), voiced)); err != nil {
				return err
			}
		}
		if !figuresEqual(want, kept[string(e.ID)]) {
			c.report.fault("the kept figures of event %s are not what its claims give", e.ID)
		}
	}
	return nil
}

func figuresEqual(a, b []store.FigureRow) bool {
	if len(a) != len(b) {
		return false
	}
	index := func(rows []store.FigureRow) map[string]store.FigureRow {
		m := make(map[string]store.FigureRow, len(rows))
		for _, f := range rows {
			m[fmt.Sprint(f.Measure, f.Audience)] = f
		}
		return m
	}
	return reflect.DeepEqual(index(a), index(b))
}

// joined compares which events are shown together with what was accepted.
func (c *checker) joined(ctx context.Context, r *store.Reader) error {
	next := map[record.EventID]record.EventID{}
	find := func(e record.EventID) record.EventID {
		for next[e] != "" {
			e = next[e]
		}
		return e
	}
	err := store.Each(ctx, r, access.House(), func(s store.Item[*record.Same]) error {
		c.report.Checked["proposals"]++
		if s.Rec.State != record.SameAccepted {
			return nil
		}
		if a, b := find(s.Rec.A), find(s.Rec.B); a != b {
			next[a] = b
		}
		ra, err := r.Root(ctx, s.Rec.A)
		if err != nil {
			return err
		}
		rb, err := r.Root(ctx, s.Rec.B)
		if err == nil && ra != rb {
			c.report.fault("events %s and %s were accepted as one and are not shown together", s.Rec.A, s.Rec.B)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.EventsBetween(ctx, access.House(), store.DayUnknown, 1<<40, func(e store.NearEvent) error {
		if e.Joined != "" && find(e.ID) != find(e.Joined) {
			c.report.fault("event %s is shown with %s, and nobody accepted that", e.ID, e.Joined)
		}
		return nil
	})
}

// loose asks the database for what leads nowhere and for traces of what was
// erased, and compares the list of erasures beside it.
func (c *checker) loose(ctx context.Context, r *store.Reader) error {
	found, err := r.Loose(ctx)
	if err != nil {
		return err
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		if found[what] > 0 {
			c.report.fault("%d %s", found[what], what)
		}
	}
	listed, err := c.house.erasedList()
	if err != nil {
		return err
	}
	err = r.Gone(ctx, func(ref record.Ref) error {
		c.report.Checked["erasures"]++
		if !listed[ref] && c.house.dir != "" {
			c.report.fault("%s was erased and is not in the list of erasures beside the database", ref)
		}
		return nil
	})
	if err != nil {
		return err
	}
	pending, err := r.Setting(ctx, pendingSetting)
	if err == nil && len(pending) > 0 {
		c.report.fault("an erasure was interrupted before its originals were removed; start gawah once to finish it")
	}
	return err
}

// originals reads every original that a record names and counts those that none
// does.
func (c *checker) originals(ctx context.Context, r *store.Reader) error {
	seen := map[string]bool{}
	verify := func(hash string, of record.Ref) error {
		if hash == "" || seen[hash] {
			return nil
		}
		seen[hash] = true
		c.report.Checked["originals"]++
		switch err := c.house.blobs.Verify(hash); {
		case errors.Is(err, record.ErrNotFound):
			c.report.fault("original %.12s… of %s is missing", hash, of)
		case errors.Is(err, blob.ErrDamaged):
			c.report.fault("original %.12s… of %s was changed or damaged", hash, of)
		case err != nil:
			return err
		}
		return nil
	}
	err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Capture]) error {
		return errors.Join(verify(i.Rec.Hash, i.Rec.Ref()), verify(i.Rec.TextHash, i.Rec.Ref()))
	})
	if err != nil {
		return err
	}
	// The file of an import is a copy of its dataset; it may have been erased.
	err = store.Each(ctx, r, access.House(), func(i store.Item[*record.Import]) error {
		if i.Rec.Hash == "" {
			return nil
		}
		held, err := r.CapturesBy(ctx, access.House(), i.Rec.Hash)
		if err != nil || len(held) == 0 {
			return err
		}
		return verify(i.Rec.Hash, i.Rec.Ref())
	})
	if err != nil {
		return err
	}
	err = store.Each(ctx, r, access.House(), func(i store.Item[*record.Release]) error {
		return verify(i.Rec.Hash, i.Rec.Ref())
	})
	if err != nil {
		return err
	}
	if err := petitionBlobs(ctx, r, verify); err != nil {
		return err
	}
	return c.house.blobs.Each(func(hash string, _ int64) error {
		if seen[hash] {
			return nil
		}
		uses, err := r.BlobUses(ctx, hash)
		if err == nil && uses == 0 {
			c.report.Unnamed++
		}
		return err
	})
}
