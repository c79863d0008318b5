package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// CasefileOptions are the questions to whoever takes in a casefile.
type CasefileOptions struct {
	Reason string
	DryRun bool
	// Replace takes the casefile's version of records that differ here. Without it
	// a difference is a conflict: listed, and nothing is overwritten.
	Replace bool
	// Most is the most anybody may see of what comes in; empty takes over who sees
	// each record as the casefile says. With a bound, who sees what is here already
	// stays as it is.
	Most record.Visibility
}

// ImportCasefile takes in another installation's casefile, or a hand-written
// one: all of it in one transaction, or nothing. Records keep their identifiers.
// What is here already and equal is unchanged; what differs is reported as a
// conflict and refused unless the caller chose to replace; what was erased here
// stays erased.
func (h *House) ImportCasefile(ctx context.Context, v access.Viewer, c *exchange.Casefile, o CasefileOptions) (*ImportReport, error) {
	report := &ImportReport{DryRun: o.DryRun, Problems: []exchange.Problem{}}
	began := h.now()
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	if len(c.Records) == 0 {
		report.List(exchange.NothingInside())
	}
	if !o.DryRun {
		if err := h.keepFiles(ctx, c); err != nil {
			return nil, err
		}
	}
	reason := o.Reason
	if reason == "" {
		reason = "casefile " + c.Manifest.Name
	}
	order := make([]int, len(c.Records))
	for i := range order {
		order[i] = i
	}
	// A claim about a tie comes after the ties; everything else is in order.
	slices.SortStableFunc(order, func(a, b int) int { return late(c.Records[a]) - late(c.Records[b]) })

	errDry := errors.New("dry run")
	fresh := map[record.Ref]bool{}
	err := h.do(ctx, v, access.ActImport, "import casefile", reason, func(w *Work) error {
		for _, i := range order {
			rec := c.Records[i]
			report.Rows++
			line := 0
			if i < len(c.Lines) {
				line = c.Lines[i]
			}
			refuse := func(why string) {
				report.Refused++
				report.List(exchange.Problem{Line: line, Column: rec.Ref().String(), Key: exchange.ProblemKeys + why})
			}
			old, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), rec.Ref())
			switch {
			case errors.Is(err, record.ErrNotFound):
				if rec, err = w.takenIn(rec, fresh, o.Most); err != nil {
					return err
				}
				switch err := w.Create(rec); {
				case errors.Is(err, record.ErrNotFound):
					refuse("record_refers")
				case err != nil:
					return fmt.Errorf("%s (line %d of its file): %w", rec.Ref(), line, err)
				default:
					fresh[rec.Ref()] = true
					report.Created++
				}
			case errors.Is(err, record.ErrGone):
				refuse("record_erased")
			case err != nil:
				return err
			default:
				rec = keepDecisions(withoutAccounts(rec), old.Rec)
				if o.Most != "" && rec.Seen() != old.Rec.Seen() {
					rec = seenAs(rec, old.Rec.Seen())
				}
				if _, ok := rec.(*record.Edition); ok && o.Replace {
					// A published text is what its hash says, in every house.
					rec = old.Rec
				}
				same, err := equal(rec, old.Body)
				if err != nil {
					return err
				}
				switch {
				case same:
					report.Unchanged++
				case !o.Replace:
					refuse("record_differs")
				default:
					if err := w.Change(rec, old.Rev); err != nil {
						return fmt.Errorf("%s (line %d of its file): %w", rec.Ref(), line, err)
					}
					report.Updated++
				}
			}
		}
		for _, rec := range c.Records {
			switch r := rec.(type) {
			case *record.Same:
				if err := w.rejoin(r.A, r.B); err != nil {
					return err
				}
			case *record.Involvement:
				// An accusation that comes in needs its ground like any other.
				w.weaker[record.Ref{Kind: record.KindEvent, ID: string(r.Event)}] = true
			case *record.Proceeding:
				w.weakenProceeding(r)
			}
		}
		if err := w.holdBack(c.Records); err != nil {
			return err
		}
		if o.DryRun {
			return errDry
		}
		return nil
	})
	report.Seconds = h.now().Sub(began).Seconds()
	if errors.Is(err, errDry) {
		err = nil
	}
	return report, err
}

func late(r record.Record) int {
	if c, ok := r.(*record.Claim); ok && c.Subject.Kind == record.KindTie {
		return 1
	}
	return 0
}

func equal(rec record.Record, body []byte) (bool, error) {
	b, err := ledger.Canonical(rec)
	return string(b) == string(body), err
}

// keepDecisions returns the casefile's version of a record with what only this
// house decides: that a person is hidden, that a relative refused, and what a
// review here came to.
func keepDecisions(rec, here record.Record) record.Record {
	switch r := rec.(type) {
	case *record.Person:
		was := here.(*record.Person)
		p := *r
		p.Hidden = was.Hidden
		p.Consents = slices.Clone(p.Consents)
		for _, c := range was.Consents {
			if !c.Given && !slices.Contains(p.Consents, c) {
				p.Consents = append(p.Consents, c)
			}
		}
		if p.Visibility == record.Public && !p.May(record.ToPublish) {
			p.Visibility = record.Internal
		}
		return &p
	case *record.Petition:
		was := here.(*record.Petition)
		p := *r
		p.Number, p.Owners, p.Recipients, p.Note, p.Pauses, p.Collection = was.Number, was.Owners, was.Recipients, was.Note, was.Pauses, was.Collection
		p.Approvals = was.Approvals
		p.Initiators = slices.Clone(p.Initiators)
		for i := range p.Initiators {
			for _, o := range was.Initiators {
				if o.Key == p.Initiators[i].Key {
					p.Initiators[i].Account = o.Account
				}
			}
		}
		return &p
	case *record.Endorsement:
		e := *r
		was := here.(*record.Endorsement)
		e.Note = was.Note
		if e.Proof != nil && was.Proof != nil {
			proof := *e.Proof
			proof.By, e.Proof = was.Proof.By, &proof
		}
		return &e
	case *record.Delivery:
		d := *r
		was := here.(*record.Delivery)
		d.Note, d.CodeHash = was.Note, was.CodeHash
		return &d
	case *record.Reply:
		a := *r
		a.Note = here.(*record.Reply).Note
		return &a
	case *record.Capture:
		c := *r
		c.By = here.(*record.Capture).By
		return &c
	case *record.Same:
		return here // whether two events are one is decided here
	case *record.Assessment:
		a := *r
		if was := here.(*record.Assessment); was.Review.State != record.Suggested {
			a.Review = was.Review
		}
		return &a
	case *record.Claim:
		c := *r
		was := here.(*record.Claim)
		c.ScopeReadBy = was.ScopeReadBy
		if was.Review.State != record.Suggested {
			c.Review = was.Review
		}
		return &c
	}
	return rec
}

// keepFiles puts the originals of the captures that will be made into the blob
// store before anything refers to them. Those of captures that were erased here
// stay out.
func (h *House) keepFiles(ctx context.Context, c *exchange.Casefile) error {
	wanted := map[string]bool{}
	err := h.view(ctx, func(r *store.Reader) error {
		for _, rec := range c.Records {
			switch r := rec.(type) {
			case *record.Coverage:
				wanted[r.File] = true
			case *record.TrendStatement:
				wanted[r.Input] = true
			}
			p, ok := rec.(*record.Capture)
			if !ok {
				continue
			}
			gone, err := r.IsGone(ctx, p.Ref())
			if err != nil {
				return err
			}
			sourceGone, err := r.IsGone(ctx, record.Ref{Kind: record.KindSource, ID: string(p.Source)})
			if err != nil {
				return err
			}
			if !gone && !sourceGone {
				wanted[p.Hash], wanted[p.TextHash] = true, true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for hash, open := range c.Files {
		if !wanted[hash] {
			continue
		}
		if err := func() error {
			f, err := open()
			if err != nil {
				return err
			}
			defer f.Close()
			got, _, err := h.blobs.Put(ctx, f, -1)
			if err == nil && got != hash {
				err = fmt.Errorf("its bytes hash to %.12s…", got)
			}
			return err
		}(); err != nil {
			return fmt.Errorf("original %.12s… of the casefile: %w", hash, err)
		}
	}
	return nil
}

// ExportCasefile writes what the viewer sees as a casefile. Records that a
// source's terms keep in the house, confidential sources and what depends on
// them stay out, whoever asks.
func (h *House) ExportCasefile(ctx context.Context, v access.Viewer, name string, w io.Writer) error {
	if err := require(v, access.ActExport); err != nil {
		return err
	}
	return h.view(ctx, func(r *store.Reader) error {
		m := exchange.CasefileManifest{Format: exchange.CasefileFormat, Name: name}
		kept, err := confined(ctx, r)
		if err != nil {
			return err
		}
		return exchange.WriteCasefile(w, m, exportable(ctx, r, v, kept), func(hash string) (io.ReadCloser, error) {
			f, _, err := h.blobs.Get(hash)
			return f, err
		})
	})
}

// confined lists the sources that never leave the house.
func confined(ctx context.Context, r *store.Reader) (map[record.SourceID]bool, error) {
	out := map[record.SourceID]bool{}
	err := store.Each(ctx, r, access.House(), func(s store.Item[*record.Source]) error {
		if s.Rec.Terms == record.TermsInternal || s.Rec.Sensitivity == record.Confidential {
			out[s.Rec.ID] = true
		}
		return nil
	})
	return out, err
}

// exportable yields the records a casefile may carry, in its order.
func exportable(ctx context.Context, r *store.Reader, v access.Viewer, confined map[record.SourceID]bool) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		stop := errors.New("stop")
		emit := func(rec record.Record) error {
			switch rec := rec.(type) {
			case *record.Source:
				if confined[rec.ID] {
					return nil
				}
			case *record.Claim:
				if confined[rec.Source] {
					return nil
				}
			case *record.Capture:
				if confined[rec.Source] {
					return nil
				}
			}
			if !yield(forOtherHouses(rec), nil) {
				return stop
			}
			return nil
		}
		for _, k := range exchange.CasefileKinds() {
			if err := eachRecord(ctx, r, v, k, emit); err != nil {
				if !errors.Is(err, stop) {
					yield(nil, err)
				}
				return
			}
		}
	}
}

// eachRecord calls fn for every record of a kind that the viewer sees.
func eachRecord(ctx context.Context, r *store.Reader, v access.Viewer, k record.Kind, fn func(record.Record) error) error {
	switch k {
	case record.KindParty:
		return each[*record.Party](ctx, r, v, fn)
	case record.KindPerson:
		return each[*record.Person](ctx, r, v, fn)
	case record.KindSource:
		return each[*record.Source](ctx, r, v, fn)
	case record.KindCapture:
		return each[*record.Capture](ctx, r, v, fn)
	case record.KindEvent:
		return each[*record.Event](ctx, r, v, fn)
	case record.KindTotal:
		return each[*record.Total](ctx, r, v, fn)
	case record.KindClaim:
		return each[*record.Claim](ctx, r, v, fn)
	case record.KindInvolvement:
		return each[*record.Involvement](ctx, r, v, fn)
	case record.KindTie:
		return each[*record.Tie](ctx, r, v, fn)
	case record.KindSame:
		return each[*record.Same](ctx, r, v, fn)
	case record.KindPetition:
		return each[*record.Petition](ctx, r, v, fn)
	case record.KindEdition:
		return each[*record.Edition](ctx, r, v, fn)
	case record.KindEndorsement:
		return each[*record.Endorsement](ctx, r, v, fn)
	case record.KindDelivery:
		return each[*record.Delivery](ctx, r, v, fn)
	case record.KindReply:
		return each[*record.Reply](ctx, r, v, fn)
	case record.KindUpdate:
		return each[*record.Update](ctx, r, v, fn)
	case record.KindDemand:
		return each[*record.Demand](ctx, r, v, fn)
	case record.KindCommitment:
		return each[*record.Commitment](ctx, r, v, fn)
	case record.KindAssessment:
		return each[*record.Assessment](ctx, r, v, fn)
	case record.KindProceeding:
		return each[*record.Proceeding](ctx, r, v, fn)
	case record.KindCoverage:
		return each[*record.Coverage](ctx, r, v, fn)
	case record.KindFeed:
		return each[*record.Feed](ctx, r, v, fn)
	case record.KindTrendStatement:
		return each[*record.TrendStatement](ctx, r, v, fn)
	case record.KindHolidayCalendar:
		return each[*record.HolidayCalendar](ctx, r, v, fn)
	}
	return nil
}

func each[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, fn func(record.Record) error) error {
	return store.Each(ctx, r, v, func(i store.Item[T]) error { return fn(i.Rec) })
}

// Empty reports whether nothing has been entered yet.
func (h *House) Empty(ctx context.Context) (bool, error) {
	var size int64
	err := h.view(ctx, func(r *store.Reader) error {
		head, err := r.HeadOf(ctx)
		size = head.Size
		return err
	})
	return size == 0, err
}

// forOtherHouses is a record without what belongs to this house alone: accounts, and
// of a petition its notes, proofs of agreement, and the keys and codes of
// its people.
func forOtherHouses(rec record.Record) record.Record {
	rec = withoutAccounts(rec)
	switch r := rec.(type) {
	case *record.Petition:
		p := *r
		p.Owners, p.Recipients, p.Note, p.Approvals = nil, nil, "", nil
		p.Initiators = slices.Clone(p.Initiators)
		for i := range p.Initiators {
			p.Initiators[i].Account = ""
		}
		return &p
	case *record.Endorsement:
		e := *r
		e.Note = ""
		if e.Proof != nil {
			proof := *e.Proof
			proof.By, e.Proof = "", &proof
		}
		return &e
	case *record.Delivery:
		d := *r
		d.Note, d.CodeHash = "", ""
		return &d
	case *record.Reply:
		a := *r
		a.Note = ""
		return &a
	}
	return rec
}

// settles is a record as it comes to live in this house: a petition takes the
// next free number where its own is taken, belongs to nobody's account, and does
// not take signatures until somebody here opens it.
func (w *Work) settles(rec record.Record) (record.Record, error) {
	r, ok := rec.(*record.Petition)
	if !ok {
		return rec, nil
	}
	p := *forOtherHouses(r).(*record.Petition)
	if p.Collection == record.CollectOpen || p.Collection == record.CollectPaused {
		p.Collection, p.Pauses = record.CollectNotOpen, nil
	}
	_, err := w.tx.PetitionByNumber(w.ctx, access.House(), p.Number)
	switch {
	case errors.Is(err, record.ErrNotFound):
		return &p, nil
	case err != nil:
		return nil, err
	}
	last, err := w.tx.LastPetitionNumber(w.ctx)
	if err != nil {
		return nil, err
	}
	for p.Number = last + 1; ; p.Number++ {
		_, err := w.tx.PetitionByNumber(w.ctx, access.House(), p.Number)
		if errors.Is(err, record.ErrNotFound) {
			return &p, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
