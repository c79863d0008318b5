package petitions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ForeignOptions are the questions to whoever imports petitions of another site.
type ForeignOptions struct {
	Reason     string
	Visibility record.Visibility // of new ones; [record.Internal] when empty
	// Again gives the visibility to those too that were taken in before.
	Again  bool
	DryRun bool
}

// foreignBatch is how many petitions are written in one transaction, so that
// others who write hardly wait.
const foreignBatch = 100

// ImportForeign takes in petitions that another site published, to be read and
// never signed here. They keep that site's numbers where those are free, and
// their identifier for ever: importing a newer file updates them. kept is the file
// they come from, whose bytes stay in the house.
func (d *Desk) ImportForeign(ctx context.Context, v access.Viewer, list []exchange.ForeignPetition, kept []byte, o ForeignOptions) (*casework.ImportReport, error) {
	if !v.May(access.ActImport) {
		return nil, fmt.Errorf("%s: %w", access.ActImport, record.ErrForbidden)
	}
	began := d.now()
	report := &casework.ImportReport{Rows: len(list), DryRun: o.DryRun, Problems: []exchange.Problem{}}
	if o.Visibility == "" {
		o.Visibility = record.Internal
	}
	hash, _, err := d.blobs.Put(ctx, bytes.NewReader(kept), -1)
	if err != nil {
		return nil, fmt.Errorf("keep the file of petitions: %w", err)
	}
	errDry := errors.New("dry run")
	for len(list) > 0 {
		n := min(len(list), foreignBatch)
		err := d.house.Do(ctx, v, access.ActImport, "import petitions", o.Reason, func(w *casework.Work) error {
			for _, f := range list[:n] {
				if err := d.takeIn(ctx, w, f, hash, o, report); err != nil {
					return err
				}
			}
			if o.DryRun {
				return errDry
			}
			return nil
		})
		if err != nil && !errors.Is(err, errDry) {
			return report, err
		}
		list = list[n:]
	}
	if o.DryRun {
		if err := d.dropUnnamed(ctx, hash); err != nil {
			return report, err
		}
	}
	report.Seconds = d.now().Sub(began).Seconds()
	return report, nil
}

// dropUnnamed removes a file that only a dry run looked at.
func (d *Desk) dropUnnamed(ctx context.Context, hash string) error {
	named := false
	err := d.view(ctx, func(r *store.Reader) error {
		return store.Each(ctx, r, access.House(), func(p Petition) error {
			named = named || p.Rec.Foreign != nil && p.Rec.Foreign.Hash == hash
			return nil
		})
	})
	if err != nil || named {
		return err
	}
	return d.blobs.Remove(hash)
}

// takeIn writes one petition of another site, or the next version of it.
func (d *Desk) takeIn(ctx context.Context, w *casework.Work, f exchange.ForeignPetition, hash string, o ForeignOptions, report *casework.ImportReport) error {
	r := &w.Tx().Reader
	name := f.Site + "-" + strconv.Itoa(f.ID)
	p := &record.Petition{
		ID:   record.PetitionID(exchange.CasefileID(exchange.UKPetitions, record.KindPetition, name)),
		Slug: "uk-" + strconv.Itoa(f.ID), Title: record.Plain("en", f.Title),
		Texts:       []record.PetitionText{{Lang: "en", Title: f.Title, Summary: f.Text, Body: f.More}},
		Publication: record.PetitionPublished, Collection: record.CollectClosed, Opens: f.Opened, Signers: record.SignPeople, Pace: record.PaceLive,
		Foreign:    &record.ForeignPetition{Site: f.Site, URL: f.URL, State: f.State, Count: f.Count, Hash: hash, Unaccounted: f.Unaccounted(), Asked: f.Asked, Response: f.Response, Debate: f.Debate},
		Visibility: o.Visibility,
	}
	if f.Closed > f.Opened {
		p.Closes = f.Closed
	}
	refuse := func(err error) error {
		e, ok := errors.AsType[*record.Invalid](err)
		if !ok {
			return err
		}
		report.Refused++
		for _, wrong := range e.Fields {
			report.List(exchange.Problem{Line: f.Line, Column: wrong.Field, Key: wrong.Key, Args: wrong.Args})
		}
		return nil
	}
	old, err := store.One[*record.Petition](ctx, r, access.House(), p.ID)
	switch {
	case errors.Is(err, record.ErrNotFound):
		if p.Number, err = freeNumber(ctx, r, f.ID); err != nil {
			return err
		}
		if err := p.Validate(); err != nil {
			return refuse(err)
		}
		report.Created++
		return w.Create(p)
	case errors.Is(err, record.ErrGone):
		report.Refused++
		report.List(exchange.Problem{Line: f.Line, Column: "id", Key: exchange.ProblemKeys + "record_erased"})
		return nil
	case err != nil:
		return err
	}
	p.Number, p.Slug = old.Rec.Number, old.Rec.Slug
	if !o.Again {
		p.Visibility = old.Rec.Visibility
	}
	if was := old.Rec.Foreign; was != nil {
		same := *p
		from := *p.Foreign
		from.Hash = was.Hash // another file that says the same
		same.Foreign = &from
		equal, err := sameRecord(&same, old.Rec)
		if err != nil {
			return err
		}
		if equal {
			report.Unchanged++
			return nil
		}
	}
	if err := p.Validate(); err != nil {
		return refuse(err)
	}
	report.Updated++
	return w.Change(p, old.Rev)
}

// freeNumber is the number wanted, or the next above it that no petition has.
func freeNumber(ctx context.Context, r *store.Reader, wanted int) (int, error) {
	for n := max(wanted, 1); ; n++ {
		_, err := r.PetitionByNumber(ctx, access.House(), n)
		if errors.Is(err, record.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// sameRecord reports whether two records would be written as the same bytes.
func sameRecord(a, b record.Record) (bool, error) {
	x, err := ledger.Canonical(a)
	if err != nil {
		return false, err
	}
	y, err := ledger.Canonical(b)
	return bytes.Equal(x, y), err
}
