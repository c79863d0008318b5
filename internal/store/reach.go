package store

import "github.com/gawah-project/gawah/internal/record"

// reach follows whether a transaction adds anything to an event that was there
// before it. An import of new events does not: each brings its sources, its
// claims and nothing else, and the page of no other event can show them. Pages of
// single events then stay good however often the import commits.
//
// Whatever is not known to keep to itself is taken to reach out: a mistake in
// that direction only makes a page be read again.
type reach struct {
	events map[record.EventID]bool // made by the transaction
	out    bool
}

// add takes a new record into account, in the order of writing.
func (r *reach) add(rec record.Record) {
	if r.out {
		return
	}
	switch rec := rec.(type) {
	case *record.Source:
		// It is on pages by the claims it makes.
	case *record.Event:
		if rec.PartOf != "" || len(rec.ResponseTo) > 0 {
			r.out = true
			return
		}
		if r.events == nil {
			r.events = map[record.EventID]bool{}
		}
		r.events[rec.ID] = true
	case *record.Claim:
		r.out = rec.Subject.Kind != record.KindEvent || !r.events[record.EventID(rec.Subject.ID)]
	default:
		r.out = true
	}
}
