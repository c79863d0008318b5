package web

import (
	"encoding"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// TestHistoryNamesEveryField walks the records: whatever of them can stand in a
// public history has a word in every language that the public reads. A field that
// is added to a record and shown needs its word too.
func TestHistoryNamesEveryField(t *testing.T) {
	for _, kind := range historied {
		rec, ok := record.New(kind)
		if !ok {
			t.Fatalf("no kind %q", kind)
		}
		fields := casework.PublicFields(kind)
		if len(fields) == 0 {
			t.Errorf("the public sees nothing of a %s", kind)
		}
		shown := func(path string) (whole, part bool) {
			for _, f := range fields {
				whole = whole || path == f || strings.HasPrefix(path, f+".")
				part = part || strings.HasPrefix(f, path+".")
			}
			return whole, part
		}
		seen := 0
		var walk func(reflect.Type, string)
		walk = func(in reflect.Type, above string) {
			for f := range in.Fields() {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				path := above + name
				whole, part := shown(path)
				if name == "" || name == "-" || !whole && !part {
					continue
				}
				seen++
				for _, at := range []string{"/", "/ur/", "/fa/"} {
					l, _ := lang.ForPath(at)
					words := historyWords(l, kind, path)
					key := historyKey(l, kind, name)
					if !l.Has(key) || l.FellBack() || words == path || strings.ContainsAny(words, "_[]\u2066") {
						t.Errorf("%s: no word at %s for %q (%s): %q", kind, at, path, key, words)
					}
				}
				if below, ok := objectType(f.Type); ok {
					walk(below, path+".")
				}
			}
		}
		walk(reflect.TypeOf(rec).Elem(), "")
		if seen < len(fields) {
			t.Errorf("%s: %d of %d public fields were found", kind, seen, len(fields))
		}
	}
}

// objectType returns the struct of a field that is an object in JSON, whose parts a
// history names one by one.
func objectType(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return t, false
	}
	switch reflect.New(t).Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		return t, false
	}
	return t, true
}

func TestHistoryWords(t *testing.T) {
	for _, test := range []struct {
		at   string
		kind record.Kind
		path string
		want string
	}{
		{"/", record.KindEvent, "when_claims", "Claims on the date"},
		{"/", record.KindEvent, "where.town", "Place, Town"},
		{"/", record.KindEvent, "title.ur", "Title, Urdu"},
		{"/", record.KindEvent, "title.id", "Title, Indonesian"}, // and no identifier
		{"/", record.KindPetition, "original", "Source of the original text"},
		{"/", record.KindTrendStatement, "params.minimum", "What was fixed beforehand"},
		{"/ur/", record.KindEvent, "part_of", "کس کا حصہ"},
		{"/ur/", record.KindEvent, "title.ur", "عنوان، اردو"},
		{"/fa/", record.KindEvent, "where_claims", "ادعاها دربارهٔ مکان"},
	} {
		l, _ := lang.ForPath(test.at)
		got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(historyWords(l, test.kind, test.path))
		if got != test.want {
			t.Errorf("%s of a %s at %s: %q, want %q", test.path, test.kind, test.at, got, test.want)
		}
	}
}

// TestHistoryPageInWords reads the page of an invented event in each language.
func TestHistoryPageInWords(t *testing.T) {
	s := emptySite(t)
	id, err := s.house.NewID()
	if err != nil {
		t.Fatal(err)
	}
	e := &record.Event{
		ID: record.EventID(id), Slug: "one", Title: record.Plain("en", "Attack at Example Town"), Type: record.TypeAttack, Status: record.Held,
		When: record.On("2013-01-10"), Where: record.Place{Town: "Example Town"}, Visibility: record.Public,
	}
	if err := s.house.Save(t.Context(), access.House(), e, 0, ""); err != nil {
		t.Fatal(err)
	}
	next := *e
	next.Where.Town, next.Subtype, next.When = "Testfall", "bombing", record.On("2013-01-11")
	if err := s.house.Save(t.Context(), access.House(), &next, 1, ""); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string][]string{"": {"More exactly", "Town", "As read"}, "/ur": {"زیادہ درست", "شہر"}, "/fa": {"دقیق\u200cتر", "شهر"}} {
		page := s.get(at+"/history/event/"+id).status(http.StatusOK).has(append(want, "Testfall")...).hasNot("subtype", "where.town", "when.date")
		if at != "" {
			wholly(t, at+"/history/event/"+id, page)
		}
	}
}

// TestHistoryValues words what is chosen from a list, and leaves alone what is typed.
func TestHistoryValues(t *testing.T) {
	l := lang.English()
	for _, test := range []struct {
		kind              record.Kind
		path, value, want string
	}{
		{record.KindEvent, "type", "sit_in", word("event.type.sit_in")},
		{record.KindEvent, "status", "planned", word("event.status.planned")},
		{record.KindEvent, "where.precision", "near", word("precision.near")},
		{record.KindEvent, "visibility", "public", word("visibility.public")},
		{record.KindEvent, "subtype", "attack", "attack"},
		{record.KindClaim, "operator", "more_than", word("operator.more_than")},
		{record.KindClaim, "scope.area", "district", word("scope.area.district")},
		{record.KindClaim, "scope.counted", "civilians", word("scope.counted.civilians")},
		{record.KindClaim, "attribute", "perpetrator", word("attribute.perpetrator")},
		{record.KindClaim, "review.state", "accepted", word("review.accepted")},
		{record.KindInvolvement, "role", "claimed_responsibility", word("role.claimed_responsibility")},
		{record.KindPerson, "vital", "dead", word("vital.dead")},
		{record.KindEvent, "type", "", ""},
		{record.KindEvent, "type", "unheard_of", "unheard_of"},
	} {
		if got := historyValue(l, formFields(l, test.kind), test.path, test.value); got != test.want {
			t.Errorf("%s %s %q is %q, want %q", test.kind, test.path, test.value, got, test.want)
		}
	}
}
