package casework_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
)

// TestPublicationMovesRelativeDates gives a source another day of publication: what
// its claims say in relation to it is read again, and nothing else of them changes.
func TestPublicationMovesRelativeDates(t *testing.T) {
	w := newWorld(t)
	about, err := edtf.ParseRelative("P-5Y~")
	w.must(err)
	s := w.source("Report", func(s *record.Source) { s.Published = record.On("2013-01-13") })
	e := w.event("escape")
	said := func(id, date string) *record.Claim {
		c := &record.Claim{
			ID: record.ClaimID(id), Source: s.ID, Subject: e.Ref(), Kind: record.KindAttribute, Attribute: record.AttrDate,
			Value:  record.Value{When: record.When{Date: edtf.MustParse(date), Printed: "about five years ago", Relative: about}},
			Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
		}
		w.save(w.editor, c)
		return c
	}
	read, chosen := said(w.id(), "2008~"), said(w.id(), "2007-06")
	at := func(c *record.Claim) (store.Item[*record.Claim], string) {
		var item store.Item[*record.Claim]
		w.must(w.store.View(w.ctx, func(r *store.Reader) (err error) {
			item, err = store.One[*record.Claim](w.ctx, r, access.House(), c.ID)
			return err
		}))
		return item, item.Rec.Value.When.Date.String()
	}
	publish := func(rev int, when record.When) {
		next := *s
		next.Published = when
		w.must(w.h.Save(w.ctx, w.editor, &next, rev, "another day of publication"))
	}

	publish(1, record.On("2015-02-01"))
	item, got := at(read)
	if got != "2010~" || item.Rec.Value.When.Printed != "about five years ago" || item.Rec.Review.State != record.Accepted || item.Rev != 2 {
		t.Errorf("about five years before 2015 is read as %q in revision %d, %+v", got, item.Rev, item.Rec.Review)
	}
	if item, got := at(chosen); got != "2007-06" || item.Rev != 1 {
		t.Errorf("a date that an editor wrote beside became %q", got)
	}

	// Without a day of publication only the words are left, and they come back.
	publish(2, record.When{})
	if item, got := at(read); got != "" || item.Rec.Value.When.Printed != "about five years ago" {
		t.Errorf("without a publication the date is %q", got)
	}
	publish(3, record.On("2014-02-01"))
	if _, got := at(read); got != "2009~" {
		t.Errorf("about five years before 2014 is read as %q", got)
	}

	w.must(w.h.RestoreVersion(w.ctx, w.editor, s.Ref(), 1, 4, "the first was right"))
	if _, got := at(read); got != "2008~" {
		t.Errorf("after the first version was restored the date is %q", got)
	}
	w.sound()
}
