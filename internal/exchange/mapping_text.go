package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// mostMapping bounds a mapping's text in bytes.
const mostMapping = 1 << 20

// DecodeMapping reads a mapping file. Fields that do not exist are refused, since
// a slip in a name would silently drop a column. What is wrong with the text is a
// [*MappingError] whose problems say in which line and column.
func DecodeMapping(r io.Reader) (*Mapping, error) {
	text, err := readMapping(r)
	if err != nil {
		return nil, err
	}
	m, places, err := parseMapping(text)
	if err != nil {
		return nil, err
	}
	if err := m.Validate(); err != nil {
		return nil, places.tell(err, text)
	}
	return m, nil
}

// InText says of what is wrong with a mapping where it stands in the mapping's text.
// Other errors are returned as they are.
func InText(err error, text string) error {
	b, readErr := readMapping(strings.NewReader(text))
	if readErr != nil {
		return err
	}
	_, places, parseErr := parseMapping(b)
	if parseErr != nil {
		return err
	}
	return places.tell(err, b)
}

// DecodeDraft reads a mapping that is still being made: its text and its fields are
// checked as [DecodeMapping] does, what it says is not.
func DecodeDraft(text string) (*Mapping, error) {
	b, err := readMapping(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	m, _, err := parseMapping(b)
	return m, err
}

func readMapping(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostMapping+1))
	if err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	if len(text) > mostMapping {
		e := &MappingError{}
		e.add("", "mapping.large", "bytes", fmt.Sprint(mostMapping))
		return nil, e
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

func parseMapping(text []byte) (*Mapping, mappingPlaces, error) {
	e := &MappingError{}
	at := func(offset int, field, key string, args ...string) {
		e.add(field, key, args...)
		p := &e.Problems[len(e.Problems)-1]
		p.TextLine, p.TextColumn = lineColumn(text, offset)
	}
	var m Mapping
	err := json.Unmarshal(text, &m)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		key, args, offset := syntaxWords(text, syntax)
		at(offset, "", key, args...)
		return nil, nil, e
	}
	w := &mappingWalk{dec: json.NewDecoder(bytes.NewReader(text)), text: text, tell: at}
	if walkErr := w.value("", reflect.TypeFor[Mapping]()); walkErr != nil {
		return nil, nil, fmt.Errorf("read the mapping: %w", walkErr)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset, field := 0, ""
		for path, from := range w.places {
			if from >= offset && int64(from) < wrong.Offset && path != "" {
				offset, field = from, path
			}
		}
		at(offset, field, "mapping.kind", "found", wrong.Value, "wanted", jsonKind(wrong.Type))
	} else if err != nil {
		return nil, nil, fmt.Errorf("read the mapping: %w", err)
	}
	if len(e.Problems) > 0 {
		return nil, nil, e
	}
	return &m, w.places, nil
}

// syntaxWords says what is wrong with a text that is no JSON, and where.
func syntaxWords(text []byte, err *json.SyntaxError) (key string, args []string, offset int) {
	offset = max(int(err.Offset)-1, 0)
	reason := err.Error()
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return "mapping.empty", nil, 0
	case strings.Contains(reason, "unexpected end"):
		return "mapping.cut", nil, len(text)
	case strings.Contains(reason, "after top-level value"):
		return "mapping.more", nil, offset
	case strings.Contains(reason, "in string literal"):
		return "mapping.string", nil, offset
	}
	sign := ""
	if offset < len(text) {
		r, size := utf8.DecodeRune(text[offset:])
		if r == utf8.RuneError && size == 1 {
			return "mapping.not_utf8", nil, offset
		}
		sign = string(r)
	}
	return "mapping.sign", []string{"sign", sign}, offset
}

// jsonKind names what JSON calls values that a field takes.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.String:
		return "string"
	}
	return "number"
}

// mappingPlaces has the offset of each value in a mapping's text by its path.
type mappingPlaces map[string]int

// of returns where a path stands, or what it would stand in.
func (p mappingPlaces) of(path string) int {
	for path = strings.ToLower(path); path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
		if at, ok := p[path]; ok {
			return at
		}
	}
	return p[""]
}

// tell fills in where the problems of an error stand in a text.
func (p mappingPlaces) tell(err error, text []byte) error {
	if wrong, ok := errors.AsType[*MappingError](err); ok {
		for i := range wrong.Problems {
			w := &wrong.Problems[i]
			w.TextLine, w.TextColumn = lineColumn(text, p.of(w.Field))
		}
	}
	return err
}

// mappingWalk notes where the values of a text stand, whose JSON is known to be
// well formed, and tells of fields that do not exist or stand twice.
type mappingWalk struct {
	dec    *json.Decoder
	text   []byte
	tell   func(offset int, field, key string, args ...string)
	places mappingPlaces
}

// next is the offset of the token that comes.
func (w *mappingWalk) next() int {
	at := int(w.dec.InputOffset())
	for at < len(w.text) && strings.IndexByte(" \t\r\n,:", w.text[at]) >= 0 {
		at++
	}
	return at
}

// value walks one value; t is the type that it is read into, nil for one that is
// not read.
func (w *mappingWalk) value(path string, t reflect.Type) error {
	if w.places == nil {
		w.places = mappingPlaces{}
	}
	w.places[strings.ToLower(path)] = w.next()
	open, err := w.dec.Token()
	if err != nil {
		return err
	}
	switch open {
	case json.Delim('{'):
		err = w.object(path, t)
	case json.Delim('['):
		var each reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			each = t.Elem()
		}
		for i := 0; w.dec.More() && err == nil; i++ {
			err = w.value(fmt.Sprintf("%s[%d]", path, i), each)
		}
	default:
		return nil
	}
	if err == nil {
		_, err = w.dec.Token()
	}
	return err
}

func (w *mappingWalk) object(path string, t reflect.Type) error {
	seen := map[string]bool{}
	for w.dec.More() {
		at := w.next()
		token, err := w.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		field := name
		if path != "" {
			field = path + "." + name
		}
		var of reflect.Type
		fold := name
		switch {
		case t != nil && t.Kind() == reflect.Struct:
			known, names := jsonFields(t)
			fold = strings.ToLower(name)
			if of = known[fold]; of == nil {
				w.tell(at, field, "mapping.unknown", "name", name, "names", names)
			}
		case t != nil && t.Kind() == reflect.Map:
			of = t.Elem()
		}
		if seen[fold] {
			w.tell(at, field, "mapping.twice", "name", name)
		}
		seen[fold] = true
		if err := w.value(field, of); err != nil {
			return err
		}
	}
	return nil
}

// jsonFields lists the fields of a struct by the names they have in JSON.
func jsonFields(t reflect.Type) (types map[string]reflect.Type, listed string) {
	types = map[string]reflect.Type{}
	var names []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		types[name] = f.Type
		names = append(names, name)
	}
	slices.Sort(names)
	return types, strings.Join(names, ", ")
}

// lineColumn counts the line and the character in it of an offset, from 1.
func lineColumn(text []byte, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
