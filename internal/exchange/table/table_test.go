package table

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/testneed"
)

func read(t *testing.T, in string, opts Options) (rows []*Row, r *Reader) {
	t.Helper()
	r, err := New(strings.NewReader(in), opts)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	var whole bytes.Buffer
	whole.Write(r.Preamble())
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if row.Offset != int64(whole.Len()) || row.Length != int64(len(row.Raw)) {
			t.Errorf("row %d: offset %d length %d, want %d %d", row.Number, row.Offset, row.Length, whole.Len(), len(row.Raw))
		}
		whole.Write(row.Raw)
		rows = append(rows, row.Clone())
	}
	if whole.String() != in {
		t.Errorf("preamble and rows are not the file:\n got %q\nwant %q", whole.String(), in)
	}
	return rows, r
}

func codes(row *Row) (out []Code) {
	for _, p := range row.Problems {
		out = append(out, p.Code)
	}
	return out
}

func TestRows(t *testing.T) {
	type want struct {
		Role    Role
		Line    int64
		Cells   []string
		Refused bool
		Codes   []Code
	}
	for name, c := range map[string]struct {
		in   string
		opts Options
		want []want
	}{
		"line ends inside quoted cells are kept": {
			in: "a,b\r\n\"x\r\ny\",\"p\nq\"\r\nbare\rreturn,2\r\n",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"x\r\ny", "p\nq"}, false, nil},
				{RoleData, 5, []string{"bare\rreturn", "2"}, false, nil},
			},
		},
		"doubled quotes, blanks and missing values stay as printed": {
			in: "a,b,c\n\"say \"\"yes\"\"\", None ,\n,,\"\"",
			want: []want{
				{RoleHeader, 1, []string{"a", "b", "c"}, false, nil},
				{RoleData, 2, []string{`say "yes"`, " None ", ""}, false, nil},
				{RoleData, 3, []string{"", "", ""}, false, nil},
			},
		},
		"short, long and blank rows": {
			in: "a,b\n1\n\n1,2,3\n",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"1"}, false, []Code{ProblemShort}},
				{RoleBlank, 3, []string{""}, false, nil},
				{RoleData, 4, []string{"1", "2", "3"}, false, []Code{ProblemLong}},
			},
		},
		"stray quotes": {
			in: "a,b\nsix\"foot,2\n\"He said \"hi\" twice\",2\n\"x\" ,2\n3,4\n",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{`six"foot`, "2"}, false, []Code{ProblemStrayQuote}},
				{RoleData, 3, []string{`"He said "hi" twice"`, "2"}, false, []Code{ProblemStrayQuote}},
				{RoleData, 4, []string{`"x" `, "2"}, false, []Code{ProblemStrayQuote}},
				{RoleData, 5, []string{"3", "4"}, false, nil},
			},
		},
		"an open quote costs one row": {
			in: "a,b\n1,\"open\n2,\"fine\"\n3,x\n",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"1", `"open`}, true, []Code{ProblemOpenQuote}},
				{RoleData, 3, []string{"2", "fine"}, false, nil},
				{RoleData, 4, []string{"3", "x"}, false, nil},
			},
		},
		"an open quote behind a good cell of several lines": {
			in: "a,b\n\"two\nlines\",\"open\n3,\"x\"\n",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"two\nlines", `"open`}, true, []Code{ProblemOpenQuote}},
				{RoleData, 4, []string{"3", "x"}, false, nil},
			},
		},
		"an open quote at the end of the file": {
			in: "a,b\n1,\"open\n2,x\n3,y",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"1", `"open`}, true, []Code{ProblemOpenQuote}},
				{RoleData, 3, []string{"2", "x"}, false, nil},
				{RoleData, 4, []string{"3", "y"}, false, nil},
			},
		},
		"an open quote beyond the limit": {
			in:   "a,b\n1,\"open\n" + strings.Repeat("2,x\n", 10),
			opts: Options{MaxRecord: 24},
			want: append([]want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"1", `"open`}, true, []Code{ProblemOpenQuote}},
			}, func() (w []want) {
				for i := range 10 {
					w = append(w, want{RoleData, int64(3 + i), []string{"2", "x"}, false, nil})
				}
				return
			}()...),
		},
		"an overlong line comes in pieces": {
			in:   "a,b\n1," + strings.Repeat("z", 70) + "\n2,x\n",
			opts: Options{MaxRecord: 32},
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, nil, true, []Code{ProblemTooLong}},
				{RoleContinuation, 2, nil, true, []Code{ProblemTooLong}},
				{RoleContinuation, 2, nil, true, []Code{ProblemTooLong}},
				{RoleData, 3, []string{"2", "x"}, false, nil},
			},
		},
		"hashtag row": {
			in: "year,deaths,note\r\n#date+year,#affected+killed,\r\n2001,#3,\r\n",
			want: []want{
				{RoleHeader, 1, []string{"year", "deaths", "note"}, false, nil},
				{RoleTags, 2, []string{"#date+year", "#affected+killed", ""}, false, nil},
				{RoleData, 3, []string{"2001", "#3", ""}, false, nil},
			},
		},
		"announced separator": {
			in: "sep=;\r\na;b\r\n1,5;2\r\n",
			want: []want{
				{RoleSeparator, 1, []string{"sep=;"}, false, nil},
				{RoleHeader, 2, []string{"a", "b"}, false, nil},
				{RoleData, 3, []string{"1,5", "2"}, false, nil},
			},
		},
		"lines ending in CR only": {
			in: "a,b\r1,\"x\ry\"\r2,z",
			want: []want{
				{RoleHeader, 1, []string{"a", "b"}, false, nil},
				{RoleData, 2, []string{"1", "x\ry"}, false, nil},
				{RoleData, 4, []string{"2", "z"}, false, nil},
			},
		},
		"no header": {
			in:   "1\t2\n3\t4\n",
			opts: Options{NoHeader: true},
			want: []want{
				{RoleData, 1, []string{"1", "2"}, false, nil},
				{RoleData, 2, []string{"3", "4"}, false, nil},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _ := read(t, c.in, c.opts)
			var got []want
			for _, r := range rows {
				got = append(got, want{r.Role, r.Line, r.Cells, r.Refused, codes(r)})
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestProblemPosition(t *testing.T) {
	rows, _ := read(t, "a,b\n\"x\ny\",p\"q\n", Options{})
	want := []Problem{{Code: ProblemStrayQuote, Line: 3, Column: 2, Byte: 5, Reason: "a quotation mark stands inside a cell that is not quoted"}}
	if d := cmp.Diff(want, rows[1].Problems); d != "" {
		t.Error(d)
	}
}

func TestEncodings(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		enc   Encoding
		cells []string // of the last row
		codes []Code
	}{
		"ascii":            {"a,b\n1,2\n", ASCII, []string{"1", "2"}, nil},
		"utf-8":            {"a,b\nکوئٹہ,2\n", UTF8, []string{"کوئٹہ", "2"}, nil},
		"byte order mark":  {"\xEF\xBB\xBFa,b\n1,2\n", UTF8BOM, []string{"1", "2"}, nil},
		"windows-1252":     {"a,b\ncaf\xE9,\x93q\x94\n", Windows, []string{"café", "“q”"}, nil},
		"undeclared 8-bit": {"a,b\ncaf\xE9,Testfall\x90s\n", EightBit, []string{"café", "Testfall\u0090s"}, []Code{ProblemEncoding}},
		"one bad cell in utf-8": {
			"a,b\nکوئٹہ,x\nکوئٹہ,it\x92s\n", UTF8,
			[]string{"کوئٹہ", "it’s"},
			[]Code{ProblemEncoding},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, r := read(t, c.in, Options{})
			last := rows[len(rows)-1]
			if d := cmp.Diff(c.cells, last.Cells); d != "" {
				t.Error(d)
			}
			if r.Encoding() != c.enc {
				t.Errorf("encoding %q, want %q", r.Encoding(), c.enc)
			}
			if d := cmp.Diff(c.codes, codes(last)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The evidence for the encoding may come long after the first buffer.
func TestLateEncoding(t *testing.T) {
	lines := strings.Repeat("1,2\n", firstBuffer)
	for _, c := range []struct {
		cell, want string
		enc        Encoding
	}{{"کوئٹہ", "کوئٹہ", UTF8}, {"caf\xE9", "café", Windows}, {"\x90", "\u0090", EightBit}} {
		rows, r := read(t, "a,b\n"+lines+c.cell+",2\n", Options{})
		if got := rows[len(rows)-1].Cells[0]; got != c.want || r.Encoding() != c.enc {
			t.Errorf("%q: got %q in %s", c.cell, got, r.Encoding())
		}
	}
}

func encode16(s string, little bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return string(b)
}

func TestUTF16(t *testing.T) {
	text := "a\tb\r\nکوئٹہ\t\"x\r\n😀\"\r\n"
	for _, little := range []bool{true, false} {
		for _, mark := range []string{"\uFEFF", ""} {
			rows, r := read(t, encode16(mark+text, little), Options{})
			if d := cmp.Diff([]string{"کوئٹہ", "x\r\n😀"}, rows[1].Cells); d != "" {
				t.Error(d)
			}
			if want := map[bool]Encoding{true: UTF16LE, false: UTF16BE}[little]; r.Encoding() != want {
				t.Errorf("encoding %s, want %s", r.Encoding(), want)
			}
		}
	}
	// Half a surrogate pair and half a character must come back byte for byte.
	rows, _ := read(t, "\xFF\xFEa\x00,\x00b\x00\n\x00\x00\xD8,\x00\x01\xDCz", Options{})
	if last := rows[1]; len(last.Problems) != 2 {
		t.Errorf("problems %v", last.Problems)
	}
}

func TestHeader(t *testing.T) {
	rows, r := read(t, "S#, Killed  Min ,CITY,city,,Total\n1,2,3,4,5\n", Options{})
	h, err := r.Header()
	if err != nil || h == nil {
		t.Fatal(h, err)
	}
	if v, ok := h.Cell(rows[1], "killed min"); !ok || v != "2" {
		t.Errorf("killed min: %q %v", v, ok)
	}
	if v, ok := h.Cell(rows[1], "total"); ok {
		t.Errorf("a short row has no total, got %q", v)
	}
	if d := cmp.Diff([]Duplicate{{"CITY", []int{2, 3}}}, h.Duplicates()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"date"}, h.Missing("s#", "date")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{4}, h.Unnamed()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{" Killed  Min ", "Total"}, h.Unknown("S#", "City")); d != "" {
		t.Error(d)
	}
}

// Header may be asked for before, between and after the rows.
func TestHeaderFirst(t *testing.T) {
	for _, in := range []string{"a,b\n1,2\n", "\n\na,b\n1,2\n", "sep=,\na,b\n1,2\n"} {
		r, err := New(strings.NewReader(in), Options{})
		if err != nil {
			t.Fatal(err)
		}
		h, err := r.Header()
		if err != nil || h == nil || len(h.Names) != 2 {
			t.Fatalf("%q: header %v, %v", in, h, err)
		}
		var whole []byte
		for row, err := range r.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			whole = append(whole, row.Raw...)
		}
		if string(whole) != in {
			t.Errorf("got %q, want %q", whole, in)
		}
	}
	r, err := New(strings.NewReader(""), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if h, err := r.Header(); h != nil || err != nil {
		t.Errorf("empty file: %v, %v", h, err)
	}
}

func compress(t testing.TB, in []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(in); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func drain(r *Reader) (n int, err error) {
	for _, err := range r.Rows() {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func TestGzip(t *testing.T) {
	in := compress(t, []byte("a,b\n"+strings.Repeat("1,2\n", 1000)))
	path := filepath.Join(t.TempDir(), "rows.csv.gz")
	if err := os.WriteFile(path, in, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n, err := drain(r); n != 1001 || err != nil || !r.Compressed() || r.Consumed() != int64(len(in)) {
		t.Errorf("%d rows, %v, consumed %d of %d", n, err, r.Consumed(), len(in))
	}

	r, err = New(bytes.NewReader(compress(t, bytes.Repeat([]byte("1,2\n"), 200000))), Options{MaxBytes: 600000})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := drain(r); !errors.Is(err, ErrTooLarge) || n == 0 {
		t.Errorf("after %d rows: %v", n, err)
	}

	r, err = New(bytes.NewReader(compress(t, make([]byte, 100<<20))), Options{})
	if _, ok := errors.AsType[*FormatError](err); !ok {
		t.Errorf("zero bytes: %v, %v", r, err)
	}

	r, err = New(bytes.NewReader(compress(t, bytes.Repeat([]byte("1,2\n"), 25<<20))), Options{MaxRatio: 50})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(r); !errors.Is(err, ErrTooLarge) {
		t.Errorf("bomb: %v", err)
	}

	random := make([]byte, 0, 1<<20)
	for i := range 1 << 17 {
		random = append(random, byte('a'+i*i*7%26), byte('a'+i*31%23), ',', byte('a'+i%19), byte('0'+i*i%7), '\n')
	}
	cut := compress(t, random)
	r, err = New(bytes.NewReader(cut[:len(cut)/2]), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut file: %v", err)
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("disk is gone")
	r, err := New(io.MultiReader(strings.NewReader("a,b\n"+strings.Repeat("1,2\n", 100000)+"3"), iotest.ErrReader(broken)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := drain(r); n != 100001 || !errors.Is(err, broken) {
		t.Errorf("%d rows, %v", n, err)
	}
}

// endless yields one opening quotation mark and then text without end.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= int64(n)
	return n, nil
}

func TestHugeCellNeedsLittleMemory(t *testing.T) { hugeCell(t, 300<<20) }

func TestHugeCellNeedsLittleMemoryLong(t *testing.T) {
	testneed.Long(t, "reads two gigabytes")
	hugeCell(t, 2<<30)
}

// hugeCell reads a table with one cell of that many bytes in it.
func hugeCell(t *testing.T, size int64) {
	t.Helper()
	r, err := New(io.MultiReader(strings.NewReader("a,b\n1,\""), &endless{size}, strings.NewReader("\",2\n3,4\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var peak, total uint64
	var last []string
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	base := m.HeapInuse
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		total += uint64(len(row.Raw))
		last = append(last[:0], row.Cells...)
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse-min(base, m.HeapInuse))
	}
	if total != uint64(size)+15 {
		t.Errorf("%d bytes delivered", total)
	}
	if d := cmp.Diff([]string{"3", "4"}, last); d != "" {
		t.Error(d)
	}
	if peak > 96<<20 {
		t.Errorf("heap grew to %d MiB", peak>>20)
	}
	t.Logf("%d MiB cell, heap at most %d MiB", size>>20, peak>>20)
}

// Lines that each open a quote which looks open until far ahead must not make
// reading quadratic.
func TestOpenQuotesAreReadInLinearTime(t *testing.T) {
	for _, line := range []string{"x\",\"\n", "\"\",\"\n", "\",x,\"\n", "\"a\n"} {
		in := "a,b\n" + strings.Repeat(line, 4<<20/len(line))
		r, err := New(strings.NewReader(in), Options{Delimiter: ','})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for row, err := range r.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			n += len(row.Raw)
		}
		if n != len(in) {
			t.Errorf("%q: %d of %d bytes", line, n, len(in))
		}
		if looked := r.scan.debt; looked > debtGrace+5*int64(len(in))+defaultMaxRecord {
			t.Errorf("%q: %d bytes read again for %d", line, looked, len(in))
		}
	}
}

// writeCSV is the reference writer: every cell that needs it is quoted.
func writeCSV(rows [][]string, delim byte, end string, quoteAll bool) string {
	var b strings.Builder
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				b.WriteByte(delim)
			}
			if quoteAll || strings.ContainsAny(c, "\"\r\n"+string(delim)) || len(r) == 1 && c == "" {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString(end)
	}
	return b.String()
}

func TestWrittenRowsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.StringMatching(`[a-c",;\r\n \t]{0,8}`), rapid.StringMatching(`[ابپ é😀]{0,4}`))
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 6), 1, 12).Draw(t, "rows")
		delim := rapid.SampledFrom(delimiters).Draw(t, "delimiter")
		in := writeCSV(rows, delim, rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end"), rapid.Bool().Draw(t, "quote all"))
		raw := in
		if rapid.Bool().Draw(t, "utf-16") {
			raw = encode16("\uFEFF"+in, rapid.Bool().Draw(t, "little"))
		} else if k := markup([]byte(in)); k != "" {
			t.Skip("looks like markup")
		}
		r, err := New(strings.NewReader(raw), Options{Delimiter: delim, NoHeader: true})
		if err != nil {
			if _, ok := errors.AsType[*FormatError](err); ok {
				t.Skip("looks like markup")
			}
			t.Fatal(err)
		}
		var got [][]string
		for row, err := range r.Rows() {
			if err != nil || row.Refused {
				t.Fatal(err, row.Problems)
			}
			got = append(got, row.Clone().Cells)
		}
		if d := cmp.Diff(rows, got); d != "" {
			t.Fatal(d)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a,\"b\n", "\xFF\xFEa\x00\n\x00", "\"\"\"\n\"", "a\r\rb,\"\r\n\"\r", "sep=;\na;b", "\xEF\xBB\xBFa\n\xFF\n",
		"x\",\"\nx\",\"\n", "\xFE\xFF\x00a\xD8\x00\x00", "\n\n\n", "a,b\n#x,#y\n", "1,\"a\"b\"\n2,\"\n",
	} {
		f.Add([]byte(s), uint16(64), byte(0))
	}
	f.Fuzz(func(t *testing.T, in []byte, limit uint16, delim byte) {
		opts := Options{MaxRecord: int(limit) + 1}
		if separators(delim) {
			opts.Delimiter = delim
		}
		r, err := New(bytes.NewReader(in), opts)
		if err != nil || r.book != nil || r.Compressed() {
			return
		}
		whole := append([]byte(nil), r.Preamble()...)
		line := int64(1)
		for row, err := range r.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if row.Offset != int64(len(whole)) || len(row.Raw) == 0 {
				t.Fatalf("row %d at %d, %d bytes; want %d", row.Number, row.Offset, len(row.Raw), len(whole))
			}
			if row.Line < line {
				t.Fatalf("line %d after %d", row.Line, line)
			}
			line = row.Line
			if row.Refused && len(row.Problems) == 0 {
				t.Fatal("a refused row gives no reason")
			}
			if len(row.Raw) > 2*max(opts.MaxRecord, minMaxRecord)+2 {
				t.Fatalf("row of %d bytes, limit %d", len(row.Raw), opts.MaxRecord)
			}
			whole = append(whole, row.Raw...)
		}
		if !bytes.Equal(whole, in) {
			t.Fatalf("got %q, want %q", whole, in)
		}
	})
}

func TestRealFilesComeBackByteForByte(t *testing.T) {
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA is not set")
	}
	for _, c := range []struct {
		file          string
		data, tags    int
		enc           Encoding
		short, others int
	}{
		{"ucdp-ged-pakistan/conflict_data_pak.csv.gz", 4549, 1, UTF8, 0, 0},
		{"pakistan-body-count/PakistanSuicideAttacks.csv", 408, 0, EightBit, 0, 2},
		{"pakistan-body-count/PakistanDroneAttacks.csv", 351, 0, Windows, 0, 0},
		{"mass-mobilization/mm_pakistan.csv", 177, 0, "", 0, 0},
		{"gazetteer/district_master.csv", 38, 0, "", 0, 0},
		{"gazetteer/pk_places.csv", 458, 0, "", 0, 0},
		{"names/wd_arabic_20.tsv", 12993, 0, UTF8, 0, 0},
		{"febrl/dataset4a.csv", 5000, 0, ASCII, 0, 0},
		{"iran-memorial/victims_index_half.csv.gz", 14103, 0, UTF8, 0, 0},
		{"gaza-names/killed-in-gaza-2024-08-08.csv.gz", 24672, 0, UTF8, 0, 0},
		{"claims/claims.csv", 35, 0, "", 0, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			path := filepath.Join(dir, c.file)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Skip(err)
			}
			if strings.HasSuffix(path, ".gz") {
				z, err := gzip.NewReader(bytes.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				if raw, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
			}
			r, err := Open(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			whole := append([]byte(nil), r.Preamble()...)
			roles := map[Role]int{}
			short, others := 0, 0
			for row, err := range r.Rows() {
				if err != nil {
					t.Fatal(err)
				}
				whole = append(whole, row.Raw...)
				roles[row.Role]++
				for _, p := range row.Problems {
					if p.Code == ProblemShort {
						short++
					} else {
						others++
					}
				}
			}
			if !bytes.Equal(whole, raw) {
				t.Error("rows are not the file")
			}
			if roles[RoleData] != c.data || roles[RoleTags] != c.tags || short != c.short || others != c.others {
				t.Errorf("rows %v, short %d, other problems %d", roles, short, others)
			}
			if c.enc != "" && r.Encoding() != c.enc {
				t.Errorf("encoding %s", r.Encoding())
			}
		})
	}
}

// eventFile imitates the shape of a large event dataset: 50 columns, quoted lists
// with line breaks, LF inside cells and CR LF between records.
func eventFile(size int) []byte {
	var head, row []string
	for i := range 50 {
		head = append(head, "column_"+string(rune('a'+i%26)))
		switch {
		case i == 19:
			row = append(row, "Testfall Gazette, 1 May 2001, \"Report of an example\";\nExample Town Herald, 2 May 2001, \"Another example\"")
		case i == 27:
			row = append(row, "Example Town district")
		case i%3 == 0:
			row = append(row, "12")
		default:
			row = append(row, "example "+string(rune('a'+i%26)))
		}
	}
	record := writeCSV([][]string{row}, ',', "\r\n", false)
	out := []byte(writeCSV([][]string{head}, ',', "\r\n", false))
	for len(out) < size {
		out = append(out, record...)
	}
	return out
}

func BenchmarkRead(b *testing.B) {
	in := eventFile(8 << 20)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := New(bytes.NewReader(in), Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := drain(r); err != nil {
			b.Fatal(err)
		}
	}
}
