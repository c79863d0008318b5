package exchange

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// jsonObject is a JSON object as it stands in a file.
type jsonObject map[string]any

// parseJSONTree reads one JSON value. Unlike encoding/json it refuses an object that
// has a field twice, of which one would be lost.
func parseJSONTree(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := parseJSONValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, say("json_after")
	}
	return v, nil
}

func parseJSONValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > 100 {
		return nil, say("json_deep")
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := parseJSONValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	case json.Delim('{'):
		o := jsonObject{}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			name, _ := k.(string)
			if _, twice := o[name]; twice {
				return nil, say("json_twice", "field", name)
			}
			if o[name], err = parseJSONValue(d, depth+1); err != nil {
				return nil, err
			}
		}
		_, err := d.Token()
		return o, err
	}
	return t, nil
}

// casefileWalk goes through the JSON of an element beside the type of record it
// is meant to be. It checks the shape, puts identifiers in the place of local
// names and notes what the element refers to.
type casefileWalk struct {
	casefile string
	kind     record.Kind
	local    map[record.Ref]bool
	found    []casefileFault
	refs     []casefileRef
}

type casefileFault struct {
	field  string
	reason *words
}

// casefileIDKinds says which kind of record an identifier type names. Identifiers of
// accounts, imports and releases belong to the house that made the casefile.
var casefileIDKinds = map[reflect.Type]record.Kind{
	reflect.TypeFor[record.SourceID]():      record.KindSource,
	reflect.TypeFor[record.CaptureID]():     record.KindCapture,
	reflect.TypeFor[record.ClaimID]():       record.KindClaim,
	reflect.TypeFor[record.EventID]():       record.KindEvent,
	reflect.TypeFor[record.PersonID]():      record.KindPerson,
	reflect.TypeFor[record.PartyID]():       record.KindParty,
	reflect.TypeFor[record.InvolvementID](): record.KindInvolvement,
	reflect.TypeFor[record.TieID]():         record.KindTie,
	reflect.TypeFor[record.TotalID]():       record.KindTotal,
	reflect.TypeFor[record.SameID]():        record.KindSame,
	reflect.TypeFor[record.ImportID]():      record.KindImport,
	reflect.TypeFor[record.ReleaseID]():     record.KindRelease,
	reflect.TypeFor[record.PetitionID]():    record.KindPetition,
	reflect.TypeFor[record.EditionID]():     record.KindEdition,
	reflect.TypeFor[record.EndorsementID](): record.KindEndorsement,
	reflect.TypeFor[record.DeliveryID]():    record.KindDelivery,
	reflect.TypeFor[record.ReplyID]():       record.KindReply,
	reflect.TypeFor[record.UpdateID]():      record.KindUpdate,
	reflect.TypeFor[record.UserID]():        "",

	reflect.TypeFor[record.DemandID]():          record.KindDemand,
	reflect.TypeFor[record.CommitmentID]():      record.KindCommitment,
	reflect.TypeFor[record.AssessmentID]():      record.KindAssessment,
	reflect.TypeFor[record.ProceedingID]():      record.KindProceeding,
	reflect.TypeFor[record.CoverageID]():        record.KindCoverage,
	reflect.TypeFor[record.FeedID]():            record.KindFeed,
	reflect.TypeFor[record.TrendStatementID]():  record.KindTrendStatement,
	reflect.TypeFor[record.HolidayCalendarID](): record.KindHolidayCalendar,
}

// recordOwners lists the fields without which a record means nothing.
var recordOwners = map[record.Kind][]string{
	record.KindCapture:     {"source"},
	record.KindClaim:       {"source", "subject.id"},
	record.KindInvolvement: {"event", "person", "party"},
	record.KindTie:         {"from.id", "to.id"},
	record.KindSame:        {"a", "b"},
	record.KindEdition:     {"petition"},
	record.KindEndorsement: {"petition"},
	record.KindDelivery:    {"petition"},
	record.KindReply:       {"petition"},
	record.KindUpdate:      {"petition"},
	record.KindDemand:      {"of.id"},
	record.KindAssessment:  {"of.id"},
	record.KindProceeding:  {"person"},
	record.KindCoverage:    {"event"},
}

var (
	rawJSONType         = reflect.TypeFor[json.RawMessage]()
	casefileRefType     = reflect.TypeFor[record.Ref]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (w *casefileWalk) record(rec record.Record, tree any) any {
	if _, ok := tree.(jsonObject); !ok {
		w.fault("", say("json_record"))
		return tree
	}
	return w.value(reflect.TypeOf(rec).Elem(), tree, "")
}

func (w *casefileWalk) manifest(tree any) {
	w.value(reflect.TypeFor[CasefileManifest](), tree, "")
}

func (w *casefileWalk) fault(field string, reason *words) {
	w.found = append(w.found, casefileFault{field, reason})
}

func (w *casefileWalk) value(t reflect.Type, v any, path string) any {
	if v == nil {
		return nil
	}
	if kind, ok := casefileIDKinds[t]; ok {
		s, ok := v.(string)
		if !ok {
			w.fault(path, say("json_id"))
			return v
		}
		return w.id(kind, s, path)
	}
	if t == casefileRefType {
		return w.ref(v, path)
	}
	if t == rawJSONType {
		return v // of a package that reads it itself
	}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(textUnmarshalerType) {
		s, ok := v.(string)
		if !ok {
			w.fault(path, say("json_text"))
			return v
		}
		if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
			w.fault(path, say("json_value", "cell", s))
		}
		return v
	}
	switch t.Kind() {
	case reflect.Pointer:
		return w.value(t.Elem(), v, path)
	case reflect.Struct:
		return w.structure(t, v, path)
	case reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			w.fault(path, say("json_list"))
			return v
		}
		for i := range list {
			if list[i] == nil {
				w.fault(fmt.Sprintf("%s[%d]", path, i+1), say("json_null"))
				continue
			}
			list[i] = w.value(t.Elem(), list[i], fmt.Sprintf("%s[%d]", path, i+1))
		}
	case reflect.String:
		s, ok := v.(string)
		if !ok {
			w.fault(path, say("json_text"))
			return v
		}
		if w.kind == record.KindPetition && strings.HasPrefix(path, "texts[") && strings.HasSuffix(path, "].body") {
			return w.citations(s, path)
		}
	case reflect.Bool:
		if _, ok := v.(bool); !ok {
			w.fault(path, say("json_bool"))
		}
	case reflect.Int, reflect.Int64:
		n, ok := v.(json.Number)
		if !ok {
			w.fault(path, say("json_number"))
		} else if _, err := strconv.ParseInt(string(n), 10, t.Bits()); err != nil {
			w.fault(path, say("json_whole", "cell", n))
		}
	case reflect.Float64:
		n, ok := v.(json.Number)
		if !ok {
			w.fault(path, say("json_number"))
		} else if _, err := n.Float64(); err != nil {
			w.fault(path, say("json_large", "cell", n))
		}
	default:
		w.fault(path, say("json_unread"))
	}
	return v
}

func (w *casefileWalk) structure(t reflect.Type, v any, path string) any {
	o, ok := v.(jsonObject)
	if !ok {
		w.fault(path, say("json_object"))
		return v
	}
	fields := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		at := joinField(path, name)
		ft, ok := fields[name]
		if !ok {
			w.fault(at, say("json_field", "fields", strings.Join(slices.Sorted(maps.Keys(fields)), ", ")))
			continue
		}
		o[name] = w.value(ft, o[name], at)
	}
	return o
}

func (w *casefileWalk) ref(v any, path string) any {
	o, ok := v.(jsonObject)
	if !ok {
		w.fault(path, say("json_ref"))
		return v
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if name != "kind" && name != "id" {
			w.fault(joinField(path, name), say("json_field", "fields", "kind, id"))
		}
	}
	kind, ok := o["kind"].(string)
	if !ok || !slices.Contains(record.Kinds(), record.Kind(kind)) {
		w.fault(joinField(path, "kind"), say("json_kind"))
		return v
	}
	id, ok := o["id"].(string)
	if !ok {
		w.fault(joinField(path, "id"), say("json_id"))
		return v
	}
	o["id"] = w.id(record.Kind(kind), id, joinField(path, "id"))
	return o
}

// id resolves a local name and notes the reference.
func (w *casefileWalk) id(kind record.Kind, s, path string) any {
	local, isLocal := strings.CutPrefix(s, "@")
	if isLocal {
		if !validLocalName(local) {
			w.fault(path, say("local_name"))
			return s
		}
		s = CasefileID(w.casefile, kind, local)
	}
	ref := record.Ref{Kind: kind, ID: s}
	if isLocal && !w.local[ref] {
		if kind == "" {
			w.fault(path, say("local_account", "name", local))
		} else {
			w.fault(path, say("local_unknown", "name", local, "kind", kind))
		}
		return s
	}
	// What belongs to the other house alone is no reference to follow, and a
	// record's own identifier is none either.
	if s != "" && kind != "" && kind != record.KindImport && kind != record.KindRelease && path != "id" {
		w.refs = append(w.refs, casefileRef{to: ref, field: path, owning: slices.Contains(recordOwners[w.kind], path)})
	}
	return s
}

// citedLocally is a citation of a claim or source by its local name in a
// petition's text: [@claim:@dawn-86] or {@claim:@dawn-86}.
var citedLocally = regexp.MustCompile(`@(claim|source):(@[a-z0-9._-]+)`)

// citations puts identifiers in the place of local names in a petition's text.
func (w *casefileWalk) citations(text, path string) string {
	return citedLocally.ReplaceAllStringFunc(text, func(m string) string {
		parts := citedLocally.FindStringSubmatch(m)
		// A full stop or hyphen at the end belongs to the sentence.
		name := strings.TrimRight(parts[2], ".-")
		id, _ := w.id(record.Kind(parts[1]), name, path).(string)
		return "@" + parts[1] + ":" + id + parts[2][len(name):]
	})
}

func joinField(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// misplaced is the character at which JSON stops making sense, empty if it is not
// that which is wrong.
func misplaced(err error) string {
	s, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return ""
	}
	rest, ok := strings.CutPrefix(s.Error(), "invalid character ")
	if !ok {
		return ""
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return ""
	}
	c, err := strconv.Unquote(quoted)
	if err != nil {
		return ""
	}
	if strings.TrimSpace(c) == "" || !strconv.IsPrint([]rune(c)[0]) {
		return strings.Trim(quoted, "'") // an end of a line, as \n
	}
	return c
}

// brokenElement is why the nth element of a list cannot be told from the next.
func brokenElement(n int, err error) *words {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return say("casefile_element_cut", "n", n)
	}
	if c := misplaced(err); c != "" {
		return say("casefile_element_at", "n", n, "cell", c)
	}
	return say("casefile_element", "n", n)
}

// notJSON is why an element cannot be read.
func notJSON(err error) error {
	if w, ok := errors.AsType[*words](err); ok {
		return w
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return say("json_cut")
	}
	if c := misplaced(err); c != "" {
		return say("json_at", "cell", c)
	}
	return say("json")
}

// ofField is what a record says of one of its fields, in the words of forms but
// for what only somebody writing the file by hand would ask.
func ofField(f record.FieldError) error {
	switch f.Key {
	case "invalid.id":
		return say("field_id")
	case "invalid.choice":
		return say("field_choice")
	case "invalid.unexpected":
		return say("field_unexpected")
	case "invalid.differs":
		return say("field_differs")
	case "invalid.exactly_one":
		return say("field_exactly_one")
	case "invalid.kinship":
		return say("field_kinship")
	case "invalid.consent":
		return say("field_consent")
	case "invalid.unknown":
		return say("field_unknown")
	case "invalid.sum":
		return say("field_sum")
	case "invalid.locator":
		return say("field_locator")
	}
	return &words{key: f.Key, args: f.Args, whole: true}
}
