package casework

import (
	"reflect"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// takeBackWords takes public claims back into the house whose words hold a full
// name of a person who was hidden just now, at most MaxPublished, and returns
// them: no link leads from them to the person, so that hiding the person alone
// leaves the name in passages, search and exports. A name of one word is too
// common to be looked for.
//
// Words about somebody in a public role stay until an editor has decided: anybody
// may ask, and what sources say about a minister is not for a stranger to take down.
func (w *Work) takeBackWords(p *record.Person) ([]record.Ref, error) {
	if !p.PublicRole.IsZero() {
		return nil, nil
	}
	n, err := namingOf(w.ctx, &w.tx.Reader, p.ID)
	if err != nil {
		return nil, err
	}
	var taken []record.Ref
	for _, words := range n.words {
		if len(words) < 2 {
			continue
		}
		hits, _, err := w.tx.Search(w.ctx, access.Anyone(), words, []record.Kind{record.KindClaim}, 0, store.SearchLimit)
		if err != nil {
			return nil, err
		}
		for _, hit := range hits {
			if slices.Contains(taken, hit.Ref) || len(taken) == MaxPublished {
				continue
			}
			item, err := store.One[*record.Claim](w.ctx, &w.tx.Reader, access.House(), hit.Ref.ID)
			if err != nil {
				return nil, err
			}
			if item.Level != access.LevelPublic {
				continue // a link to the person hides it already, for as long
			}
			named, err := n.inRecord(item.Rec)
			if err != nil {
				return nil, err
			}
			if !named {
				continue
			}
			if err := w.Change(seenAs(item.Rec, record.Internal), item.Rev); err != nil {
				return nil, err
			}
			taken = append(taken, hit.Ref)
		}
	}
	return taken, nil
}

// inRecord reports whether the words of a record hold a full name. The note is not
// among them: nobody outside the house reads it.
func (n naming) inRecord(rec record.Record) (bool, error) {
	body, err := ledger.Canonical(withoutNote(rec))
	return err == nil && n.inBytes(body), err
}

// withoutNote returns a copy of a record without its internal note, if it can have one.
// A release's note is for its readers.
func withoutNote(rec record.Record) record.Record {
	if _, release := rec.(*record.Release); release || !reflect.ValueOf(rec).Elem().FieldByName("Note").IsValid() {
		return rec
	}
	c := reflect.New(reflect.TypeOf(rec).Elem())
	c.Elem().Set(reflect.ValueOf(rec).Elem())
	c.Elem().FieldByName("Note").SetZero()
	return c.Interface().(record.Record)
}

// hiddenNames are the names of everybody who is hidden on request and has no public role.
func (w *Work) hiddenNames() ([]naming, error) {
	asked, err := w.tx.Requests(w.ctx, access.House(), "", 100_000)
	if err != nil {
		return nil, err
	}
	var out []naming
	var seen []record.PersonID
	for _, q := range asked {
		if q.Rec.Kind != record.AskHide {
			continue
		}
		about := q.Rec.About
		person, err := w.concerned(&about)
		if err != nil {
			return nil, err
		}
		if person == nil || !person.Rec.Hidden || !person.Rec.PublicRole.IsZero() || slices.Contains(seen, person.Rec.ID) {
			continue
		}
		seen = append(seen, person.Rec.ID)
		n, err := namingOf(w.ctx, &w.tx.Reader, person.Rec.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}
