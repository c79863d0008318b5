package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/record"
)

// maxCasefileProblems bounds the list of problems: a file with more of them is
// wrong in one way, many times.
const maxCasefileProblems = 10_000

// ReadCasefile reads a casefile from its folder. It reads every element of every
// file and lists all that is wrong: an element with a problem is left out, and so
// is one that cannot stand without it (the claim of a source that was left out).
// Each Problem names file, element (counted from 1, with its local name) and field
// in Column, and the line of the file on which the element begins in Line.
//
// Local names ("@dawn-777830") stand wherever an identifier does, and are
// replaced by [CasefileID]. An error means that there is no casefile to read; a
// [*FileError] that its manifest is at fault, of which all is listed.
func ReadCasefile(fsys fs.FS) (*Casefile, []Problem, error) {
	return readCasefile(fsys, MaxCasefileJSON)
}

// readCasefile reads JSON files of at most room bytes together.
func readCasefile(fsys fs.FS, room int) (*Casefile, []Problem, error) {
	root, err := casefileRoot(fsys)
	if err != nil {
		return nil, nil, err
	}
	r := &casefileReader{fsys: root, room: room, local: map[record.Ref]bool{}}
	if err := r.manifest(); err != nil {
		return nil, r.problems, err
	}
	if err := r.names(); err != nil {
		return nil, r.problems, err
	}
	for _, k := range CasefileKinds() {
		if err := r.elements(k); err != nil {
			return nil, r.problems, err
		}
	}
	for i := range r.items {
		r.decode(&r.items[i])
	}
	c := &Casefile{Manifest: r.m}
	r.settle(c)
	if err := r.originals(c); err != nil {
		return nil, r.problems, err
	}
	if r.more > 0 {
		r.problems = append(r.problems, problemOf(say("casefile_more", "n", r.more), 0, ""))
	}
	return c, r.problems, nil
}

type casefileReader struct {
	fsys     fs.FS
	room     int // bytes of JSON that may still be read
	m        CasefileManifest
	problems []Problem
	more     int
	items    []casefileItem
	// local holds the identifiers that local names stand for.
	local map[record.Ref]bool
}

// casefileItem is one element of one of the files.
type casefileItem struct {
	kind   record.Kind
	number int // from 1, in its file
	line   int
	name   string // local name with its @, if it has one
	raw    json.RawMessage
	rec    record.Record // nil once refused
	id     string        // resolved, also of an element that is refused
	refs   []casefileRef
}

// casefileRef is a reference from an element. Without what an owning one points
// at, the element means nothing.
type casefileRef struct {
	to     record.Ref
	field  string
	owning bool
}

func (r *casefileReader) problem(p Problem) {
	if len(r.problems) >= maxCasefileProblems {
		r.more++
		return
	}
	r.problems = append(r.problems, p)
}

func (r *casefileReader) wrong(it *casefileItem, field string, reason error) {
	column := fmt.Sprintf("%s.json #%d", it.kind, it.number)
	if it.name != "" {
		column += " (" + it.name + ")"
	}
	if field != "" {
		column += " " + field
	}
	r.problem(problemOf(reason, it.line, column))
}

// read returns a file of the casefile as UTF-8 without a byte order mark. What
// is wrong with the file as a whole comes back as a reason.
func (r *casefileReader) read(name string) (data []byte, reason *words, err error) {
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data, err = io.ReadAll(io.LimitReader(f, int64(r.room)+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read %s of the casefile: %w", name, err)
	}
	if len(data) > r.room {
		return nil, say("casefile_long", "bytes", MaxCasefileJSON), nil
	}
	r.room -= len(data)
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return nil, say("casefile_utf16"), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for i := 0; i < len(data); {
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n == 1 {
			return nil, say("casefile_not_utf8", "line", casefileLine(data, i)), nil
		}
		i += n
	}
	return data, nil, nil
}

func casefileLine(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte{'\n'})
}

func (r *casefileReader) manifest() error {
	data, reason, err := r.read(casefileManifest)
	if err != nil {
		return err
	}
	unread := func(reason error) error {
		r.problem(problemOf(reason, 1, casefileManifest))
		return &FileError{r.problems[0]}
	}
	if reason != nil {
		return unread(reason)
	}
	tree, err := parseJSONTree(data)
	if err != nil {
		return unread(notJSON(err))
	}
	w := casefileWalk{}
	w.manifest(tree)
	for _, f := range w.found {
		r.problem(problemOf(f.reason, 1, strings.TrimSpace(casefileManifest+" "+f.field)))
	}
	if len(w.found) == 0 {
		if err := json.Unmarshal(data, &r.m); err != nil {
			return unread(notJSON(err))
		}
		for _, p := range r.m.check() {
			r.problem(p)
		}
	}
	if len(r.problems) > 0 {
		return &FileError{r.problems[0]}
	}
	return nil
}

// names lists JSON files that would be passed over in silence.
func (r *casefileReader) names() error {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		return fmt.Errorf("read casefile: %w", err)
	}
	known := map[string]bool{casefileManifest: true}
	var names []string
	for _, k := range CasefileKinds() {
		known[string(k)+".json"] = true
		names = append(names, string(k)+".json")
	}
	for _, e := range entries {
		if n := e.Name(); !e.IsDir() && strings.HasSuffix(strings.ToLower(n), ".json") && !known[n] {
			r.problem(problemOf(say("casefile_file", "names", strings.Join(names, ", ")), 0, n))
		}
	}
	return nil
}

// elements cuts the file of one kind into its elements.
func (r *casefileReader) elements(k record.Kind) error {
	name := string(k) + ".json"
	data, reason, err := r.read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	broken := func(offset int, reason *words) {
		r.problem(problemOf(reason, casefileLine(data, offset), name))
	}
	if reason != nil {
		broken(0, reason)
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		broken(0, say("casefile_records"))
		return nil
	}
	line, counted := 1, 0
	end := int(d.InputOffset()) // of the element before
	for n := 1; d.More(); n++ {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			// The line on which the element begins: where exactly it stops making sense
			// is often many lines below the slip.
			at := len(data) - len(bytes.TrimLeft(data[end:], " \t\r\n,"))
			broken(at, brokenElement(n, err))
			return nil
		}
		end = int(d.InputOffset())
		start := end - len(raw)
		line += bytes.Count(data[counted:start], []byte{'\n'})
		counted = start
		it := casefileItem{kind: k, number: n, line: line, raw: raw}
		var head struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &head) == nil {
			it.id = head.ID
			if local, ok := strings.CutPrefix(head.ID, "@"); ok {
				it.name = head.ID
				it.id = CasefileID(r.m.Name, k, local)
				r.local[record.Ref{Kind: k, ID: it.id}] = true
			}
		}
		r.items = append(r.items, it)
	}
	if _, err := d.Token(); err != nil {
		broken(len(data), say("casefile_cut"))
		return nil
	}
	end = int(d.InputOffset())
	if rest := bytes.TrimSpace(data[end:]); len(rest) > 0 {
		broken(end, say("casefile_after"))
	}
	return nil
}

// decode turns an element into a record, or lists everything wrong with it.
func (r *casefileReader) decode(it *casefileItem) {
	raw := it.raw
	it.raw = nil
	tree, err := parseJSONTree(raw)
	if err != nil {
		r.wrong(it, "", notJSON(err))
		return
	}
	rec, _ := record.New(it.kind)
	w := casefileWalk{casefile: r.m.Name, kind: it.kind, local: r.local}
	tree = w.record(rec, tree)
	for _, f := range w.found {
		r.wrong(it, f.field, f.reason)
	}
	if len(w.found) > 0 {
		return
	}
	text, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(text, rec)
	}
	if err != nil {
		r.wrong(it, "", notJSON(err))
		return
	}
	if err := rec.Validate(); err != nil {
		invalid, ok := errors.AsType[*record.Invalid](err)
		if !ok {
			r.wrong(it, "", err)
			return
		}
		for _, f := range invalid.Fields {
			r.wrong(it, f.Field, ofField(f))
		}
		return
	}
	it.rec, it.refs, it.id = rec, w.refs, rec.Ref().ID
}

// settle refuses repeats of an identifier and what rests on refused records,
// and fills the casefile with the rest.
func (r *casefileReader) settle(c *Casefile) {
	at := map[record.Ref]int{}
	for i := range r.items {
		it := &r.items[i]
		ref := record.Ref{Kind: it.kind, ID: it.id}
		if it.id == "" {
			continue
		}
		if first, twice := at[ref]; twice {
			r.wrong(it, "id", say("casefile_twice", "n", r.items[first].number))
			it.rec = nil
			continue
		}
		at[ref] = i
	}
	// Leaving one out may leave others without ground, so this goes on until
	// nothing changes; each round but the last refuses at least one.
	for again := true; again; {
		again = false
		for i := range r.items {
			it := &r.items[i]
			if it.rec == nil {
				continue
			}
			for _, ref := range it.refs {
				j, here := at[ref.to]
				if !ref.owning || !here || r.items[j].rec != nil {
					continue
				}
				r.wrong(it, ref.field, say("casefile_rests_on", "kind", ref.to.Kind, "n", r.items[j].number))
				it.rec, again = nil, true
				break
			}
		}
	}
	missing := map[record.Ref]bool{}
	for i := range r.items {
		it := &r.items[i]
		if it.rec == nil {
			continue
		}
		c.Records = append(c.Records, it.rec)
		c.Lines = append(c.Lines, it.line)
		for _, ref := range it.refs {
			j, here := at[ref.to]
			if here && r.items[j].rec != nil {
				continue
			}
			if here {
				r.wrong(it, ref.field, say("casefile_left_out", "kind", ref.to.Kind, "n", r.items[j].number))
			}
			if !missing[ref.to] {
				missing[ref.to] = true
				c.Missing = append(c.Missing, ref.to)
			}
		}
	}
}

// originals lists what stands under files/.
func (r *casefileReader) originals(c *Casefile) error {
	c.Files = map[string]func() (io.ReadCloser, error){}
	entries, err := fs.ReadDir(r.fsys, casefileFiles)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read casefile: %w", err)
	}
	for _, e := range entries {
		switch n := e.Name(); {
		case !e.Type().IsRegular():
			r.problem(problemOf(say("casefile_no_file"), 0, casefileFiles+"/"+n))
		case !validSHA256(n):
			r.problem(problemOf(say("casefile_file_name"), 0, casefileFiles+"/"+n))
		default:
			c.Files[n] = openHashed(r.fsys, n)
		}
	}
	return nil
}
