package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/job"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// DatasetAct is something done to a dataset as a whole.
type DatasetAct string

// The acts. Withdrawing makes what was public of a dataset internal, and
// returning makes exactly that public again; erasing removes it for good.
const (
	WithdrawDataset DatasetAct = "withdraw"
	ReturnDataset   DatasetAct = "return"
	EraseDataset    DatasetAct = "erase"
)

// ParseDatasetAct returns the act of that name, and false when there is none.
func ParseDatasetAct(s string) (DatasetAct, bool) {
	a := DatasetAct(s)
	return a, a == WithdrawDataset || a == ReturnDataset || a == EraseDataset
}

func (a DatasetAct) needs() access.Action {
	if a == EraseDataset {
		return access.ActErase
	}
	return access.ActPublish
}

// What the journal calls the acts and the rows that follow from them.
const (
	actWithdrawRows = "withdraw dataset rows"
	actReturnRows   = "return dataset rows"
	actEraseRows    = "erase dataset rows"
)

// kindDataset marks journal entries that begin an act on a dataset. They write no
// version of their own.
const kindDataset record.Kind = "dataset"

// datasetSetting holds what is being done, or was, to each dataset.
const datasetSetting = "dataset.acts"

// datasetState is what is being done to a dataset. It is written in the
// transaction that begins the act and tells every process where it stands.
type datasetState struct {
	Act DatasetAct    `json:"act"`
	By  record.UserID `json:"by,omitempty"`
	// Over says that the act is complete. A withdrawn dataset stays listed.
	Over bool `json:"over,omitempty"`
	// Reason is held until an erasure is over and journalled with its end: what the
	// journal says of the dataset before that goes with it.
	Reason string `json:"reason,omitempty"`
}

func datasetStates(ctx context.Context, r *store.Reader) (map[string]datasetState, error) {
	out := map[string]datasetState{}
	b, err := r.Setting(ctx, datasetSetting)
	if err != nil || len(b) == 0 {
		return out, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("read what is done to datasets: %w", err)
	}
	return out, nil
}

func putDatasetStates(ctx context.Context, tx *store.Tx, states map[string]datasetState) error {
	b, err := json.Marshal(states)
	if err != nil {
		return err
	}
	return tx.PutSetting(ctx, datasetSetting, b)
}

// openDataset fails where a dataset takes in no rows: it is withdrawn, or
// something is being done to it as a whole.
func openDataset(ctx context.Context, r *store.Reader, dataset string) error {
	states, err := datasetStates(ctx, r)
	if err != nil {
		return err
	}
	if _, busy := states[dataset]; busy {
		return fmt.Errorf("the dataset %s is withdrawn, or being withdrawn, returned or erased; an import into it has to wait: %w", dataset, record.ErrForbidden)
	}
	return nil
}

// DatasetPlan is what an act on a dataset would touch.
type DatasetPlan struct {
	Dataset string
	Source  record.SourceID
	// Title is of the dataset's source, in the language it was entered in.
	Title record.Text
	Rows  int
	// Sources, Events and Claims are what its rows became and is still there; Public
	// is how many of the sources and events are public.
	Sources, Events, Claims, Public int
	// StayEvents and StaySources are cited by people's work and are not erased: they
	// lose the dataset's claims and become records of the house. LostClaims are
	// claims that people's work names and that go all the same.
	StayEvents, StaySources, LostClaims int
	// CitedBy counts the records of people's work that cite any of it, by kind.
	CitedBy map[record.Kind]int
	// Files are the originals, Releases the frozen releases, which an erasure leaves.
	Files, Releases int
	// Act is what is being done to it, Withdrawn that it is withdrawn.
	Act       DatasetAct
	Withdrawn bool
}

// PlanDataset says what an act on a dataset would touch. Whoever may import may
// ask.
func (h *House) PlanDataset(ctx context.Context, v access.Viewer, dataset string) (*DatasetPlan, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	p := &DatasetPlan{Dataset: dataset, CitedBy: map[record.Kind]int{}}
	err := h.view(ctx, func(r *store.Reader) error {
		d, err := h.datasetOf(ctx, r, dataset)
		if err != nil {
			return err
		}
		p.Source = d.source
		if s, err := store.One[*record.Source](ctx, r, access.House(), d.source); err == nil {
			p.Title = s.Rec.Title
		} else if !errors.Is(err, record.ErrGone) {
			return err
		}
		captures, err := r.CapturesOf(ctx, access.House(), d.source)
		if err != nil {
			return err
		}
		p.Files = len(captures)
		releases, err := r.Releases(ctx, access.House())
		if err != nil {
			return err
		}
		p.Releases = len(releases)
		states, err := datasetStates(ctx, r)
		if err != nil {
			return err
		}
		if st, ok := states[dataset]; ok {
			p.Withdrawn = st.Over
			if !st.Over {
				p.Act = st.Act
			}
		}
		if err := d.read(ctx, r); err != nil {
			return err
		}
		p.CitedBy = d.by
		return eachRow(ctx, r, dataset, func(row store.RowState) error {
			p.Rows++
			refs := []record.Ref{{Kind: record.KindSource, ID: string(row.Source)}}
			if row.Event != "" {
				refs = append(refs, record.Ref{Kind: record.KindEvent, ID: string(row.Event)})
			}
			levels, err := r.Levels(ctx, refs)
			if err != nil {
				return err
			}
			for _, ref := range refs {
				level, ok := levels[ref]
				if !ok {
					continue
				}
				if level == access.LevelPublic {
					p.Public++
				}
				cited := d.cites(ref.ID)
				if ref.Kind == record.KindSource {
					p.Sources++
					p.StaySources += count(cited)
				} else {
					if !cited {
						if cited, err = d.citesSlug(ctx, r, ref.ID); err != nil {
							return err
						}
					}
					p.Events++
					p.StayEvents += count(cited)
				}
			}
			p.Claims += len(row.Claims)
			for _, id := range row.Claims {
				p.LostClaims += count(d.cites(string(id)))
			}
			return nil
		})
	})
	return p, err
}

// eachRow calls fn for every row of a dataset; fn may read.
func eachRow(ctx context.Context, r *store.Reader, dataset string, fn func(store.RowState) error) error {
	for after := ""; ; {
		rows, err := r.RowsAfter(ctx, dataset, after, 1000)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := fn(row); err != nil {
				return err
			}
			after = row.Key
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// dataset is what an act needs to know of one.
type dataset struct {
	name   string
	source record.SourceID
	runs   []store.Item[*record.Import]
	own    map[string]bool // everything its rows became, and the rest of it
	cited  map[string]bool // of own, what people's work names
	slugs  map[string]bool // of events that petitions name
	by     map[record.Kind]int
	// seen is how far the journal was read.
	seen int64
}

func (h *House) datasetOf(ctx context.Context, r *store.Reader, name string) (*dataset, error) {
	runs, err := r.ImportsInto(ctx, name)
	if err != nil {
		return nil, err
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("dataset %s: %w", name, record.ErrNotFound)
	}
	return &dataset{name: name, source: runs[0].Rec.Source, runs: runs}, nil
}

var (
	idPattern   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	slugPattern = regexp.MustCompile(`figure:([a-z0-9-]+)/`)
)

// read finds what of the dataset other records name.
func (d *dataset) read(ctx context.Context, r *store.Reader) error {
	d.own, d.cited, d.slugs, d.by = map[string]bool{string(d.source): true}, map[string]bool{}, map[string]bool{}, map[record.Kind]int{}
	for _, run := range d.runs {
		d.own[string(run.Rec.ID)] = true
	}
	err := r.RowsIn(ctx, d.name, func(row store.RowState) error {
		d.own[string(row.Source)], d.own[string(row.Event)] = true, true
		for _, id := range row.Claims {
			d.own[string(id)] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	head, err := r.HeadOf(ctx)
	if err != nil {
		return err
	}
	d.seen = head.Size
	return r.EachBody(ctx, func(b store.StoredBody) error {
		if b.Current {
			return d.cite(b.Ref, b.Body)
		}
		return nil
	})
}

// cite takes a record into account that may name something of the dataset. What
// goes with a record, or was proposed by the matching alone, keeps nothing.
func (d *dataset) cite(ref record.Ref, body []byte) error {
	if d.own[ref.ID] {
		return nil
	}
	switch ref.Kind {
	case record.KindImport, record.KindRequest:
		return nil
	case record.KindSame:
		var s record.Same
		if err := json.Unmarshal(body, &s); err != nil {
			return fmt.Errorf("decode %s: %w", ref, err)
		}
		if s.State != record.SameAccepted {
			return nil
		}
	case record.KindCapture:
		var c record.Capture
		if err := json.Unmarshal(body, &c); err != nil {
			return fmt.Errorf("decode %s: %w", ref, err)
		}
		if c.Method == record.CaptureImport {
			return nil
		}
	case record.KindPetition, record.KindEdition:
		for _, m := range slugPattern.FindAllSubmatch(body, -1) {
			d.slugs[string(m[1])] = true
		}
	}
	found := false
	for _, id := range idPattern.FindAll(body, -1) {
		if d.own[string(id)] {
			d.cited[string(id)], found = true, true
		}
	}
	if found {
		d.by[ref.Kind]++
	}
	return nil
}

func (d *dataset) cites(id string) bool { return d.cited[id] }

// citesSlug reports whether a petition names an event by its address.
func (d *dataset) citesSlug(ctx context.Context, r *store.Reader, id string) (bool, error) {
	if len(d.slugs) == 0 {
		return false, nil
	}
	e, err := store.One[*record.Event](ctx, r, access.House(), id)
	if err != nil {
		return false, err
	}
	return d.slugs[e.Rec.Slug], nil
}

// catchUp reads what was written since, so that what somebody cites while the act
// is under way stays like the rest.
func (d *dataset) catchUp(w *Work) error {
	return w.tx.Entries(w.ctx, d.seen, func(e store.Entry) error {
		d.seen = e.Seq + 1
		switch e.Action {
		case actWithdrawRows, actReturnRows, actEraseRows:
			return nil
		}
		var leaf ledger.Leaf
		if err := json.Unmarshal(e.Leaf, &leaf); err != nil {
			return fmt.Errorf("read journal entry %d: %w", e.Seq, err)
		}
		for _, x := range leaf.Writes {
			if x.Rev == 0 || x.Kind == kindSignature {
				continue
			}
			ref := record.Ref{Kind: record.Kind(x.Kind), ID: x.ID}
			if _, ok := record.New(ref.Kind); !ok {
				continue
			}
			item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
			if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
				continue
			}
			if err == nil {
				err = d.cite(ref, item.Body)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// jobDataset is background work on a dataset as a whole.
const jobDataset = "dataset"

type datasetJob struct {
	Dataset string `json:"dataset"`
}

// BeginDataset begins an act on a dataset: it journals it under the reason and
// orders the work, which [House.Work] does in the background and
// [House.FinishDataset] at once, in steps of a fraction of a second. Until the
// work is over, and while a dataset is withdrawn, imports into it are refused.
// An act that is under way already is gone on with.
func (h *House) BeginDataset(ctx context.Context, v access.Viewer, name string, act DatasetAct, reason string) error {
	if _, ok := ParseDatasetAct(string(act)); !ok {
		return invalid("act", "choice")
	}
	if err := require(v, act.needs()); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return invalid("reason", "required")
	}
	err := h.do(ctx, v, act.needs(), string(act)+" dataset", reason, func(w *Work) error {
		d, err := h.datasetOf(ctx, &w.tx.Reader, name)
		if err != nil {
			return err
		}
		states, err := datasetStates(ctx, &w.tx.Reader)
		if err != nil {
			return err
		}
		now, known := states[name]
		switch {
		case known && !now.Over && now.Act != act:
			return fmt.Errorf("something else is being done to the dataset %s: %w", name, record.ErrConflict)
		case known && now.Over && act == WithdrawDataset, !known && act == ReturnDataset:
			return fmt.Errorf("nothing to %s of the dataset %s: %w", act, name, record.ErrConflict)
		}
		st := datasetState{Act: act, By: v.User}
		if act == EraseDataset {
			st.Reason = reason
		}
		states[name] = st
		if err := putDatasetStates(ctx, w.tx, states); err != nil {
			return err
		}
		w.about(record.Ref{Kind: record.KindSource, ID: string(d.source)})
		w.writes = append(w.writes, ledger.Write{Kind: string(kindDataset), ID: string(d.source)})
		_, err = job.Enqueue(ctx, w.tx, h.now(), newRandomness().r, job.Request{Kind: jobDataset, Args: datasetJob{name}, Account: v.User})
		return err
	})
	if err == nil {
		h.wake()
	}
	return err
}

// runDataset is the background work.
func (h *House) runDataset(ctx context.Context, j *job.Job) error {
	var order datasetJob
	if err := j.Args(&order); err != nil {
		return err
	}
	err := h.FinishDataset(ctx, order.Dataset, func(rows int) { j.Progress(fmt.Sprint(rows)) })
	if errors.Is(err, record.ErrForbidden) || errors.Is(err, record.ErrNotFound) {
		return fmt.Errorf("%w: %w", job.ErrGiveUp, err)
	}
	return err
}

// datasetStep is how long one transaction of an act takes rows in; working out
// figures anew and journalling come on top.
const datasetStep = 100 * time.Millisecond

// FinishDataset does what an act on a dataset has still to do, on behalf of
// whoever began it, and returns when it is complete. It may be stopped anywhere,
// run again and run twice at once. progress is called with the rows passed; it may
// be nil.
func (h *House) FinishDataset(ctx context.Context, name string, progress func(rows int)) error {
	var st datasetState
	var d *dataset
	err := h.view(ctx, func(r *store.Reader) error {
		states, err := datasetStates(ctx, r)
		if err != nil {
			return err
		}
		st = states[name]
		if st.Act == "" || st.Over {
			return nil
		}
		if d, err = h.datasetOf(ctx, r, name); err != nil {
			return err
		}
		return d.read(ctx, r)
	})
	if err != nil || d == nil {
		return err
	}
	v, err := h.viewerOf(ctx, st.By)
	if err != nil {
		return err
	}
	after, passed := "", 0
	for more := true; more; {
		action := map[DatasetAct]string{WithdrawDataset: actWithdrawRows, ReturnDataset: actReturnRows, EraseDataset: actEraseRows}[st.Act]
		last, n := after, 0
		err := h.do(ctx, v, st.Act.needs(), action, "", func(w *Work) error {
			last, n = after, 0
			began := time.Now()
			w.about(record.Ref{Kind: record.KindSource, ID: string(d.source)})
			if err := d.catchUp(w); err != nil {
				return err
			}
			rows, err := w.tx.RowsAfter(ctx, name, after, 256)
			if err != nil {
				return err
			}
			more = len(rows) > 0
			for _, row := range rows {
				if n > 0 && time.Since(began) > datasetStep {
					break
				}
				if err := d.row(w, st.Act, row); err != nil {
					return fmt.Errorf("line %d of the dataset %s: %w", row.Line, name, err)
				}
				last = row.Key
				n++
			}
			return nil
		})
		if err != nil {
			return err
		}
		after, passed = last, passed+n
		if progress != nil {
			progress(passed)
		}
	}
	err = h.do(ctx, v, st.Act.needs(), "end "+string(st.Act)+" of dataset", st.Reason, func(w *Work) error { return d.end(w, st) })
	if err != nil || st.Act != EraseDataset {
		return err
	}
	return h.finishErasing(ctx)
}

// row does an act to what a row became.
func (d *dataset) row(w *Work, act DatasetAct, row store.RowState) error {
	if act == EraseDataset {
		return d.eraseRow(w, row)
	}
	source := record.Ref{Kind: record.KindSource, ID: string(row.Source)}
	if err := d.turn(w, act, source); err != nil {
		return err
	}
	if row.Event == "" {
		return nil
	}
	event := record.Ref{Kind: record.KindEvent, ID: string(row.Event)}
	if act == WithdrawDataset {
		stays, err := d.keeps(w, event)
		if err != nil || stays {
			return err
		}
	}
	return d.turn(w, act, event)
}

// turn withdraws or returns one record.
func (d *dataset) turn(w *Work, act DatasetAct, ref record.Ref) error {
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	to := record.Internal
	if act == WithdrawDataset {
		if item.Rec.Seen() != record.Public {
			return nil
		}
	} else {
		if to = record.Public; item.Rec.Seen() != record.Internal {
			return nil
		}
		withdrawn, err := withdrawnLast(w, ref)
		if err != nil || !withdrawn {
			return err
		}
	}
	rec, err := withVisibility(item.Rec, to)
	if err != nil {
		return err
	}
	if err := w.Change(rec, item.Rev); err != nil {
		return err
	}
	if e, ok := rec.(*record.Event); ok {
		return w.rejoin(e.ID)
	}
	return nil
}

// withdrawnLast reports whether a record was withdrawn with its dataset, and not
// returned since: only that is undone.
func withdrawnLast(w *Work, ref record.Ref) (bool, error) {
	past, err := w.tx.History(w.ctx, access.House(), ref)
	if err != nil {
		return false, err
	}
	for _, p := range past {
		switch p.Action {
		case actWithdrawRows:
			return true, nil
		case actReturnRows:
			return false, nil
		}
	}
	return false, nil
}

// keeps reports whether people's work names a record of the dataset.
func (d *dataset) keeps(w *Work, ref record.Ref) (bool, error) {
	if d.cites(ref.ID) || ref.Kind != record.KindEvent {
		return d.cites(ref.ID), nil
	}
	stays, err := d.citesSlug(w.ctx, &w.tx.Reader, ref.ID)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return false, nil
	}
	return stays, err
}

func (d *dataset) eraseRow(w *Work, row store.RowState) error {
	lost := map[record.ClaimID]bool{}
	for _, id := range row.Claims {
		lost[id] = true
		if err := w.erase(record.Ref{Kind: record.KindClaim, ID: string(id)}); err != nil {
			return err
		}
	}
	if row.Event != "" {
		ref := record.Ref{Kind: record.KindEvent, ID: string(row.Event)}
		stays, err := d.keeps(w, ref)
		if err != nil {
			return err
		}
		if stays {
			err = d.adopt(w, ref, lost)
		} else {
			err = d.eraseWith(w, ref)
		}
		if err != nil {
			return err
		}
	}
	ref := record.Ref{Kind: record.KindSource, ID: string(row.Source)}
	var err error
	if d.cites(ref.ID) {
		err = d.adopt(w, ref, lost)
	} else {
		err = d.eraseWith(w, ref)
	}
	if err != nil {
		return err
	}
	return w.tx.DropRow(w.ctx, row.Dataset, row.Key)
}

// adopt makes a record that stays one of the house: without the dataset's claims,
// and no longer known as a row.
func (d *dataset) adopt(w *Work, ref record.Ref, lost map[record.ClaimID]bool) error {
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	gone := func(id record.ClaimID) bool { return lost[id] }
	var rec record.Record
	switch r := item.Rec.(type) {
	case *record.Event:
		e := *r
		e.Dataset, e.Import = "", ""
		e.WhenClaims = slices.DeleteFunc(slices.Clone(e.WhenClaims), gone)
		e.WhereClaims = slices.DeleteFunc(slices.Clone(e.WhereClaims), gone)
		rec = &e
	case *record.Source:
		s := *r
		s.Import = ""
		d.cited[string(d.source)] = true // it says where this one is from
		rec = &s
	default:
		return nil
	}
	if err := w.Change(rec, item.Rev); err != nil {
		return err
	}
	// Importers add words of the file to what search finds, or leave a row to be
	// found by its event.
	return w.tx.Reindex(w.ctx, ref, w.levels[ref], tokens(rec))
}

// eraseWith erases a record with what exists only because of it.
func (d *dataset) eraseWith(w *Work, ref record.Ref) error {
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
	if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e := &erasure{house: w.house, doomed: map[record.Ref]bool{}, blobs: map[string]bool{}}
	if err := e.doom(w.ctx, &w.tx.Reader, item.Rec); err != nil {
		return err
	}
	requests, err := w.tx.RequestsAbout(w.ctx, ref.ID)
	if err != nil {
		return err
	}
	for _, q := range requests {
		e.doomed[q.Rec.Ref()] = true
	}
	if ref.Kind == record.KindEvent {
		if err := w.leaveCluster(record.EventID(ref.ID)); err != nil {
			return err
		}
	}
	for _, x := range slices.SortedFunc(maps.Keys(e.doomed), func(a, b record.Ref) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }) {
		if err := w.erase(x); err != nil {
			return err
		}
		if x.Kind == record.KindEvent {
			delete(w.stale, record.EventID(x.ID))
		}
	}
	return w.removeLater(e.blobs)
}

// end completes an act. An erasure takes the runs, their reports, the file and,
// where no row stays, the source of the dataset.
func (d *dataset) end(w *Work, st datasetState) error {
	w.about(record.Ref{Kind: record.KindSource, ID: string(d.source)})
	w.writes = append(w.writes, ledger.Write{Kind: string(kindDataset), ID: string(d.source)})
	states, err := datasetStates(w.ctx, &w.tx.Reader)
	if err != nil {
		return err
	}
	if now, ok := states[d.name]; !ok || now.Over || now.Act != st.Act {
		w.writes = nil // another process has ended it
		return nil
	}
	source := record.Ref{Kind: record.KindSource, ID: string(d.source)}
	switch st.Act {
	case WithdrawDataset:
		if err := d.turn(w, st.Act, source); err != nil {
			return err
		}
		st.Over = true
		states[d.name] = st
		return putDatasetStates(w.ctx, w.tx, states)
	case ReturnDataset:
		if err := d.turn(w, st.Act, source); err != nil {
			return err
		}
	case EraseDataset:
		if err := d.endErasing(w, source); err != nil {
			return err
		}
	}
	delete(states, d.name)
	return putDatasetStates(w.ctx, w.tx, states)
}

func (d *dataset) endErasing(w *Work, source record.Ref) error {
	if err := d.catchUp(w); err != nil {
		return err
	}
	for _, run := range d.runs {
		if err := w.tx.DropProblems(w.ctx, run.Rec.ID); err != nil {
			return err
		}
		if err := w.erase(run.Rec.Ref()); err != nil {
			return err
		}
	}
	captures, err := w.tx.CapturesOf(w.ctx, access.House(), d.source)
	if err != nil {
		return err
	}
	for _, c := range captures {
		if c.Rec.Method == record.CaptureImport {
			if err := d.eraseWith(w, c.Rec.Ref()); err != nil {
				return err
			}
		}
	}
	sources, err := w.tx.Reproducing(w.ctx, d.source)
	if err != nil {
		return err
	}
	if d.cites(source.ID) || sources > 0 {
		return w.tx.PutSetting(w.ctx, scrubSetting, []byte("due"))
	}
	if err := d.eraseWith(w, source); err != nil {
		return err
	}
	return w.tx.PutSetting(w.ctx, scrubSetting, []byte("due"))
}
