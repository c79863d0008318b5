package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// A dump is text in lines, each a JSON value:
//
//	{"gawah":"dump","format":1,"schema":"0001_register.sql"}
//	{"table":"head","columns":["one","size",…]}
//	[1,42,…]                                   one line for each row
//	{"table":"setting","columns":[…]}
//	…
//	{"end":{"head":1,"setting":3,…},"sha256":"…"}
//
// Text is a string, a number a number, bytes are base64 in a string, null is
// null. The last line counts the rows of each table and holds the SHA-256 of all
// lines before it. Sessions, background work and what moved since when belong to
// one running house and are left out; search documents are in as their words, from which either
// database builds its own index.
const dumpFormat = 1

// ErrDamaged means that a dump is cut off or was changed.
var ErrDamaged = errors.New("the backup is damaged or cut off; use another one")

// ErrNotEmpty means that a dump was to be read into a database in use.
var ErrNotEmpty = errors.New("the database is not empty; restore into a new one")

// columnType is how a column's values are written: text, number, bytes, bytes
// or null, number or null, floating point or null.
type columnType byte

const (
	asText        columnType = 't'
	asNumber      columnType = 'n'
	asBytes       columnType = 'b'
	asBytesOrNull columnType = 'B'
	asNumberNull  columnType = 'N'
	asFloatNull   columnType = 'F'
)

type column struct {
	name string
	as   columnType
}

// dumped lists the tables in the order in which they are written. Entries come
// before their notes, because what is left out of the notes depends on them.
func dumped() []struct {
	name    string
	columns []column
} {
	type table = struct {
		name    string
		columns []column
	}
	spec := func(name, columns string) table {
		t := table{name: name}
		for c := range strings.FieldsSeq(columns) {
			n, as, typed := strings.Cut(c, ":")
			if !typed {
				as = "t"
			}
			t.columns = append(t.columns, column{n, columnType(as[0])})
		}
		return t
	}
	all := []table{
		spec("head", "one:n size:n frontier:b docs:n change:n reach:n register:n"),
		spec("setting", "name value:b"),
		spec("account", "id email name role password setup setup_by:n closed:n made:n failed:n locked:n"),
		spec("entry", "seq:n at:n actor role action kind subject run leaf:b hashes:b"),
		spec("entry_note", "seq:n salt:b note"),
		spec("version", "kind id rev:n seen:n entry:n at:n role salt:B body:B hidden:n"),
		spec("gone", "kind id slug entry:n at:n"),
		spec("old_slug", "kind slug id"),
	}
	types := map[string]columnType{
		"rev": asNumber, "seen": asNumber, "entry": asNumber, "at": asNumber, "salt": asBytes, "body": asBytes,
		"published": asNumber, "earliest": asNumber, "latest": asNumber, "lat": asFloatNull, "lon": asFloatNull,
		"score": asNumber, "number": asNumber, "opens": asNumber, "closes": asNumber, "count": asNumber,
		"made": asNumber, "money": asNumber, "paused": asNumber,
	}
	for _, kind := range record.Kinds() {
		t := table{name: tables[kind].name}
		for _, c := range whole[kind] {
			as, ok := types[c]
			if !ok {
				as = asText
			}
			t.columns = append(t.columns, column{c, as})
		}
		all = append(all, t)
	}
	return append(all,
		spec("event_struck", "event party"),
		spec("event_response", "event cause"),
		spec("event_warning", "event attack"),
		spec("party_successor", "party successor"),
		spec("import_row", "dataset key run hash:b start:n length:n line:n source event claims"),
		spec("import_problem", "run number:n line:n field key args reason refused:n"),
		spec("figure", "subject measure unit audience:n low:N best:N high:N open:n approx:n origins:n status rule claims:n"),
		spec("signature_next", "one:n next:n"),
		spec("seal", "id:n petition:n hour:n wrapped:b"),
		spec("signature", "n:n petition:n edition:n lang state:n was:n via:n addr:B who:B host:B net:B country show:n updates:n second:n seal:n "+
			"box:B mail:B due:n tries:n hour:n done:n batch:n voided told:n leaf:n"),
		spec("tally", "petition:n edition:n state:n was:n via:n country day:n second:n voided count:n"),
		spec("shown", "petition:n at:n change:n body:b"),
		spec("mandate", "endorsement petition:n box:b code dns domain expires:n tries:n looked:n found updates:n lang told:n mail"),
		spec("code", "code petition:n collector issued:n used:n"),
		spec("paper_line", "petition:n batch:n sheet:n line:n"),
		spec("outbox", "id fact kind lane:n box:b host due:n ends:n tries:n state owner leased:n error made:n done:n petition:n subscription matter"),
		spec("follow_link", "id kind part target"),
		spec("follow_due", "id kind step day zone long:n work_country"),
		spec("feed_state", "feed next:n etag modified failures:n error polled:n items:n first:n moved leased:n owner"),
		spec("feed_item", "feed guid:b day title url tokens kept:n"),
		spec("follower", "id kind target lang addr:b box:b code confirmed:n expires:n told:n"),
		spec("follow_fact", "n:n fact kind of_kind of_id step day"),
		spec("reminded", "fact at:n"),
		spec("doc", "number:n kind id seen:n tokens"),
	)
}

// dumpOrder is in which order the rows of a table are written: by the first column,
// further where many rows share it, so that two dumps of one state are the same.
func dumpOrder(table, first string) string {
	switch table {
	case "follow_link":
		return "id, part, target"
	case "follow_due":
		return "id, step"
	case "feed_item":
		return "feed, guid"
	case "paper_line":
		return "petition, batch, sheet, line"
	}
	return first
}

type dumpHeader struct {
	Gawah  string `json:"gawah"`
	Format int    `json:"format"`
	Schema string `json:"schema"`
}

type dumpTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

type dumpEnd struct {
	End map[string]int64 `json:"end"`
	Sum string           `json:"sha256"`
}

// Dump writes everything that is to be kept, from one snapshot: others go on
// reading and writing meanwhile. It can be read into either engine by
// [Store.Restore].
func (s *Store) Dump(ctx context.Context, w io.Writer) error {
	all, err := s.dialect.migrations()
	if err != nil {
		return err
	}
	out := &dumpWriter{w: bufio.NewWriterSize(w, 1<<16), sum: sha256.New(), rows: map[string]int64{}}
	return s.View(ctx, func(r *Reader) error {
		if err := out.json(dumpHeader{"dump", dumpFormat, all[len(all)-1].name}); err != nil {
			return err
		}
		for _, t := range dumped() {
			if err := r.dumpTable(ctx, out, t.name, t.columns); err != nil {
				return fmt.Errorf("write the table %s: %w", t.name, err)
			}
		}
		return out.end()
	})
}

func (r *Reader) dumpTable(ctx context.Context, out *dumpWriter, name string, columns []column) error {
	head := dumpTable{Table: name}
	var list []string
	for _, c := range columns {
		head.Columns = append(head.Columns, c.name)
		expr := c.name
		if name == "doc" && c.name == "tokens" && r.dialect == postgres {
			expr = "array_to_string(tsvector_to_array(tokens), ' ')"
		}
		list = append(list, expr)
	}
	if err := out.json(head); err != nil {
		return err
	}
	// The first column begins every table's primary key; its order keeps the
	// pages in which rows are written again dense.
	rows, err := r.query(ctx, "select "+strings.Join(list, ", ")+" from "+name+" order by "+dumpOrder(name, columns[0].name))
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	for i, c := range columns {
		switch c.as {
		case asText:
			values[i] = new(string)
		case asNumber:
			values[i] = new(int64)
		case asNumberNull:
			values[i] = new(sql.NullInt64)
		case asFloatNull:
			values[i] = new(sql.NullFloat64)
		case asBytes, asBytesOrNull:
			values[i] = new(sql.RawBytes)
		}
	}
	line := make([]byte, 0, 4096)
	err = scan(rows, func() error {
		if err := rows.Scan(values...); err != nil {
			return err
		}
		line = append(line[:0], '[')
		for i, c := range columns {
			if i > 0 {
				line = append(line, ',')
			}
			var err error
			if line, err = appendValue(line, c, values[i]); err != nil {
				return err
			}
		}
		out.rows[name]++
		return out.line(append(line, ']', '\n'))
	})
	if out.rows[name] == 0 {
		out.rows[name] = 0 // said, too
	}
	return r.dialect.fault(err)
}

func appendValue(line []byte, c column, value any) ([]byte, error) {
	switch v := value.(type) {
	case *string:
		text, err := json.Marshal(*v)
		return append(line, text...), err
	case *int64:
		return strconv.AppendInt(line, *v, 10), nil
	case *sql.NullInt64:
		if v.Valid {
			return strconv.AppendInt(line, v.Int64, 10), nil
		}
	case *sql.NullFloat64:
		if v.Valid {
			return strconv.AppendFloat(line, v.Float64, 'g', -1, 64), nil
		}
	case *sql.RawBytes:
		if *v != nil || c.as == asBytes {
			line = append(line, '"')
			line = base64.StdEncoding.AppendEncode(line, *v)
			return append(line, '"'), nil
		}
	}
	return append(line, "null"...), nil
}

type dumpWriter struct {
	w    *bufio.Writer
	sum  hash.Hash
	rows map[string]int64
}

func (d *dumpWriter) line(b []byte) error {
	d.sum.Write(b)
	_, err := d.w.Write(b)
	return err
}

func (d *dumpWriter) json(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return d.line(append(b, '\n'))
}

func (d *dumpWriter) end() error {
	if err := d.json(dumpEnd{d.rows, hex.EncodeToString(d.sum.Sum(nil))}); err != nil {
		return err
	}
	return d.w.Flush()
}

// maxDumpLine bounds what a damaged file can make Restore hold in memory; no
// record comes near it.
const maxDumpLine = 256 << 20

// Restore reads a dump into this database, which must be empty, in one
// transaction: it is all there or, on any error, nothing is. erased reports the
// records that were erased after the dump was made and must not come back with
// it; it may be nil. then is done in the same transaction at its end.
func (s *Store) Restore(ctx context.Context, from io.Reader, erased func(record.Ref) bool, then ...func(context.Context, *Tx) error) error {
	if erased == nil {
		erased = func(record.Ref) bool { return false }
	}
	return s.transact(ctx, true, func(c conn) error {
		t := &Tx{slabs: map[string]*slab{}}
		t.Reader = Reader{conn: c, dialect: s.dialect, before: t.flush}
		for _, tab := range dumped() {
			var n int64
			if _, err := t.one(ctx, []any{&n}, "select count(*) from (select 1 as x from "+tab.name+" limit 2) as c"); err != nil {
				return err
			}
			if n > 1 || (n == 1 && tab.name != "head" && tab.name != "signature_next") {
				return ErrNotEmpty
			}
		}
		if err := t.exec(ctx, "delete from signature_next where one = 1"); err != nil {
			return err
		}
		if n, err := t.execCount(ctx, "delete from head where one = 1 and size = 0"); err != nil || n != 1 {
			return errors.Join(err, ErrNotEmpty)
		}
		d := &restore{
			ctx: ctx, tx: t, erased: erased, r: bufio.NewReaderSize(from, 1<<16), sum: sha256.New(),
			rows: map[string]int64{}, gone: map[record.Ref]bool{}, written: map[record.Ref]bool{}, entries: map[int64]bool{},
		}
		if err := d.run(); err != nil {
			return err
		}
		for _, f := range then {
			if err := f(ctx, t); err != nil {
				return err
			}
		}
		return t.flush(ctx)
	})
}

type restore struct {
	ctx    context.Context // of this one call
	tx     *Tx
	erased func(record.Ref) bool
	r      *bufio.Reader
	sum    hash.Hash
	rows   map[string]int64

	gone    map[record.Ref]bool // left out now
	written map[record.Ref]bool // of these, already marked as gone by the dump itself
	entries map[int64]bool      // journal entries about what was left out
}

func (d *restore) run() error {
	known := map[string]map[string]column{}
	for _, t := range dumped() {
		known[t.name] = map[string]column{}
		for _, c := range t.columns {
			known[t.name][c.name] = c
		}
	}
	if err := d.header(); err != nil {
		return err
	}
	var table string
	var columns []column
	var names []string
	for {
		line, before, err := d.next()
		if err != nil {
			return err
		}
		if line[0] == '[' && table != "" {
			if err := d.row(table, names, columns, line); err != nil {
				return err
			}
			d.rows[table]++
			continue
		}
		var head dumpTable
		if err := json.Unmarshal(line, &head); err == nil && head.Table != "" {
			if _, twice := d.rows[head.Table]; twice || known[head.Table] == nil {
				return fmt.Errorf("%w (table %q)", ErrDamaged, head.Table)
			}
			table, names, columns = head.Table, head.Columns, nil
			d.rows[table] = 0
			for _, n := range names {
				c, ok := known[table][n]
				if !ok {
					return fmt.Errorf("%w (column %q)", ErrDamaged, n)
				}
				columns = append(columns, c)
			}
			continue
		}
		var end dumpEnd
		if err := json.Unmarshal(line, &end); err != nil || end.End == nil {
			return fmt.Errorf("%w (a line that is neither row nor table)", ErrDamaged)
		}
		if end.Sum != before || !maps.Equal(end.End, d.rows) {
			return fmt.Errorf("%w (its check does not fit)", ErrDamaged)
		}
		if _, err := d.r.ReadByte(); err != io.EOF {
			return fmt.Errorf("%w (more follows its end)", ErrDamaged)
		}
		if d.rows["head"] != 1 {
			return fmt.Errorf("%w (it has no head)", ErrDamaged)
		}
		return d.markGone()
	}
}

// next reads a line and returns it with the sum of all lines before it.
func (d *restore) next() (line []byte, before string, err error) {
	for {
		part, err := d.r.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) || len(line) > maxDumpLine {
			if errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull) {
				return nil, "", ErrDamaged
			}
			return nil, "", fmt.Errorf("read the backup: %w", err)
		}
	}
	if bytes.HasPrefix(line, []byte(`{"end"`)) {
		before = hex.EncodeToString(d.sum.Sum(nil))
	}
	d.sum.Write(line)
	if len(line) < 2 {
		return nil, "", fmt.Errorf("%w (an empty line)", ErrDamaged)
	}
	return line, before, nil
}

func (d *restore) header() error {
	line, _, err := d.next()
	if err != nil {
		return err
	}
	var h dumpHeader
	if err := json.Unmarshal(line, &h); err != nil || h.Gawah != "dump" {
		return errors.New("this is no gawah backup; choose a file that gawah backup wrote")
	}
	all, err := d.tx.dialect.migrations()
	if err != nil {
		return err
	}
	if h.Format > dumpFormat || !slices.ContainsFunc(all, func(m migration) bool { return m.name == h.Schema }) {
		return fmt.Errorf("%w (the backup has %s)", ErrNewer, h.Schema)
	}
	return nil
}

func (d *restore) row(table string, names []string, columns []column, line []byte) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil || len(raw) != len(columns) {
		return fmt.Errorf("%w (a row of %s)", ErrDamaged, table)
	}
	args := make([]any, len(columns))
	for i, c := range columns {
		v, err := parseValue(raw[i], c)
		if err != nil {
			return fmt.Errorf("%w (column %s of %s)", ErrDamaged, c.name, table)
		}
		args[i] = v
	}
	keep, err := d.keep(table, names, args)
	if err != nil || !keep {
		return err
	}
	if table == "doc" {
		return d.doc(names, args)
	}
	names, args, err = withLater(table, names, args)
	if err != nil {
		return err
	}
	return d.tx.put(d.ctx, table, names, args...)
}

// withLater adds to a row what the columns hold that a record's table got after the
// dump was written: the migrations that fill them ran before there were any rows.
func withLater(table string, names []string, args []any) ([]string, []any, error) {
	kind := record.Kind(table)
	tab, ok := tables[kind]
	at := slices.Index(names, "body")
	if !ok || at < 0 || len(names) >= len(common)+len(tab.columns) {
		return names, args, nil
	}
	body, _ := args[at].([]byte)
	rec, err := decode[record.Record](kind, body)
	if err != nil {
		return nil, nil, fmt.Errorf("%w (%s: %w)", ErrDamaged, table, err)
	}
	names, args = slices.Clone(names), slices.Clone(args)
	for i, v := range tab.index(rec) {
		if c := tab.columns[i]; !slices.Contains(names, c) {
			names, args = append(names, c), append(args, v)
		}
	}
	return names, args, nil
}

func parseValue(raw json.RawMessage, c column) (any, error) {
	if string(raw) == "null" {
		if c.as == asBytesOrNull || c.as == asNumberNull || c.as == asFloatNull {
			return nil, nil
		}
		return nil, ErrDamaged
	}
	switch c.as {
	case asNumber, asNumberNull:
		return strconv.ParseInt(string(raw), 10, 64)
	case asFloatNull:
		return strconv.ParseFloat(string(raw), 64)
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, err
	}
	if c.as == asText {
		return text, nil
	}
	b, err := base64.StdEncoding.DecodeString(text)
	return blob(b), err
}

// keep reports whether a row is to be restored; of an erased record's earlier
// versions it keeps that they were.
func (d *restore) keep(table string, names []string, args []any) (bool, error) {
	value := func(column string) string {
		if i := slices.Index(names, column); i >= 0 {
			text, _ := args[i].(string)
			return text
		}
		return ""
	}
	lost := func(kind, id string) bool {
		ref := record.Ref{Kind: record.Kind(kind), ID: id}
		if id == "" || !d.erased(ref) {
			return false
		}
		d.gone[ref] = true
		return true
	}
	switch table {
	case "entry":
		if lost(value("kind"), value("subject")) {
			seq, _ := args[slices.Index(names, "seq")].(int64)
			d.entries[seq] = true
		}
	case "entry_note":
		seq, _ := args[slices.Index(names, "seq")].(int64)
		return !d.entries[seq], nil
	case "version":
		if lost(value("kind"), value("id")) {
			for i, n := range names {
				if n == "salt" || n == "body" {
					args[i] = nil
				}
			}
		}
	case "gone":
		d.written[record.Ref{Kind: record.Kind(value("kind")), ID: value("id")}] = true
	case "old_slug", "doc", "follow_link", "follow_due":
		return !lost(value("kind"), value("id")), nil
	case "party_successor":
		return !lost(string(record.KindParty), value("party")) && !lost(string(record.KindParty), value("successor")), nil
	case "event_warning":
		return !lost(string(record.KindEvent), value("event")) && !lost(string(record.KindEvent), value("attack")), nil
	case "event_struck", "event_response":
		return !lost(string(record.KindEvent), value("event")) && !lost(string(record.KindEvent), value("cause")), nil
	case "figure":
		for _, kind := range record.Kinds() {
			if lost(string(kind), value("subject")) {
				return false, nil
			}
		}
	default:
		if _, ok := tables[record.Kind(table)]; ok {
			return !lost(table, value("id")), nil
		}
	}
	return true, nil
}

func (d *restore) doc(names []string, args []any) error {
	at := func(column string) int { return slices.Index(names, column) }
	for _, c := range docColumns {
		if at(c) < 0 {
			return fmt.Errorf("%w (a search document without %s)", ErrDamaged, c)
		}
	}
	number, _ := args[at("number")].(int64)
	level, _ := args[at("seen")].(int64)
	kind, _ := args[at("kind")].(string)
	id, _ := args[at("id")].(string)
	text, _ := args[at("tokens")].(string)
	if len(d.tx.texts) >= 10_000 { // they come in the order of their numbers
		if err := d.tx.flushTexts(d.ctx); err != nil {
			return err
		}
	}
	return d.tx.putDoc(d.ctx, number, record.Ref{Kind: record.Kind(kind), ID: id}, access.Level(level), unmarked(text))
}

// markGone writes down what was left out as erased, so that it does not come
// back another way either.
func (d *restore) markGone() error {
	for ref := range d.gone {
		if d.written[ref] {
			continue
		}
		// Which entry erased it stands in a journal that this one is not.
		if err := d.tx.put(d.ctx, "gone", []string{"kind", "id", "slug", "entry", "at"}, string(ref.Kind), ref.ID, "", -1, 0); err != nil {
			return err
		}
	}
	return d.tx.flush(d.ctx)
}
