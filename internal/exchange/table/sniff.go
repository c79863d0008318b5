package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path"
	"strings"
	"unicode/utf8"
)

// Kind names a file format.
type Kind string

// The formats Sniff tells apart.
const (
	KindCSV       Kind = "csv" // separated by commas
	KindTSV       Kind = "tsv" // separated by tabs
	KindSemicolon Kind = "csv-semicolon"
	KindBar       Kind = "csv-bar"
	KindText      Kind = "text" // text in which no separator stands out
	KindXLSX      Kind = "xlsx"
	KindXLS       Kind = "xls"
	KindODS       Kind = "ods"
	KindDOCX      Kind = "docx"
	KindDOC       Kind = "doc"
	KindODT       Kind = "odt"
	KindPPTX      Kind = "pptx"
	KindEPUB      Kind = "epub"
	KindOLE       Kind = "ole" // an older Office file of another sort
	KindZIP       Kind = "zip"
	KindGzip      Kind = "gzip"
	KindArchive   Kind = "archive" // another archive or compressed format
	KindPDF       Kind = "pdf"
	KindRTF       Kind = "rtf"
	KindHTML      Kind = "html"
	KindXML       Kind = "xml"
	KindJSON      Kind = "json"
	KindGeoJSON   Kind = "geojson"
	KindSQLite    Kind = "sqlite"
	KindParquet   Kind = "parquet"
	KindImage     Kind = "image"
	KindMedia     Kind = "media" // sound or film
	KindExe       Kind = "executable"
	KindBinary    Kind = "binary"
	KindEmpty     Kind = "empty"
)

var describe = map[Kind]string{
	KindCSV:       "comma-separated text (CSV)",
	KindTSV:       "tab-separated text (TSV)",
	KindSemicolon: "semicolon-separated text (CSV)",
	KindBar:       "text separated by vertical bars",
	KindText:      "plain text",
	KindXLSX:      "an Excel workbook (XLSX)",
	KindXLS:       "an Excel workbook of the old format (XLS); save it as XLSX or CSV",
	KindODS:       "an OpenDocument spreadsheet (ODS); save it as XLSX or CSV",
	KindDOCX:      "a Word document (DOCX)",
	KindDOC:       "a Word document of the old format (DOC)",
	KindODT:       "an OpenDocument text (ODT)",
	KindPPTX:      "a PowerPoint presentation (PPTX)",
	KindEPUB:      "an e-book (EPUB)",
	KindOLE:       "an Office file of an old format",
	KindZIP:       "a ZIP archive",
	KindGzip:      "a gzip-compressed file",
	KindArchive:   "an archive or compressed file",
	KindPDF:       "a PDF document",
	KindRTF:       "a rich-text document (RTF)",
	KindHTML:      "an HTML page",
	KindXML:       "an XML document",
	KindJSON:      "JSON data",
	KindGeoJSON:   "GeoJSON map data",
	KindSQLite:    "an SQLite database",
	KindParquet:   "a Parquet table",
	KindImage:     "a picture",
	KindMedia:     "a sound or film file",
	KindExe:       "a program",
	KindBinary:    "binary data of an unknown format",
	KindEmpty:     "an empty file",
}

// Describe returns the kind in words that complete "this looks like …".
func (k Kind) Describe() string { return describe[k] }

// Sniff says what the content of r looks like, reading at most 256 KiB; if r is a
// file, a ZIP archive's directory is read too. The description completes the
// sentence "this looks like …". For gzip it also says what is inside.
func Sniff(r io.Reader) (Kind, string) {
	head := make([]byte, firstBuffer)
	n, _ := io.ReadFull(r, head)
	var names []string
	if f, ok := r.(*os.File); ok && bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		if info, err := f.Stat(); err == nil {
			if z, err := zip.NewReader(f, info.Size()); err == nil {
				for _, e := range z.File[:min(len(z.File), 4096)] {
					names = append(names, e.Name)
				}
			}
		}
	}
	return identify(head[:n], "", names)
}

var magic = []struct {
	prefix string
	at     int
	kind   Kind
	binary bool // the letters could also begin a text
}{
	{"%PDF-", 0, KindPDF, false},
	{"SQLite format 3\x00", 0, KindSQLite, false},
	{"PAR1", 0, KindParquet, true},
	{"\x89PNG\r\n\x1a\n", 0, KindImage, false},
	{"\xff\xd8\xff", 0, KindImage, false},
	{"GIF87a", 0, KindImage, false},
	{"GIF89a", 0, KindImage, false},
	{"II*\x00", 0, KindImage, false},
	{"MM\x00*", 0, KindImage, false},
	{"BM", 0, KindImage, true},
	{"WEBP", 8, KindImage, true},
	{"ftyphei", 4, KindImage, true},
	{"ftypavif", 4, KindImage, true},
	{"ftyp", 4, KindMedia, true},
	{"WAVE", 8, KindMedia, true},
	{"AVI ", 8, KindMedia, true},
	{"OggS", 0, KindMedia, true},
	{"ID3", 0, KindMedia, true},
	{"fLaC", 0, KindMedia, true},
	{"\x1aE\xdf\xa3", 0, KindMedia, false},
	{"7z\xbc\xaf\x27\x1c", 0, KindArchive, false},
	{"Rar!\x1a\x07", 0, KindArchive, false},
	{"BZh", 0, KindArchive, true},
	{"\xfd7zXZ\x00", 0, KindArchive, false},
	{"\x28\xb5\x2f\xfd", 0, KindArchive, false},
	{"ustar", 257, KindArchive, true},
	{"\x7fELF", 0, KindExe, false},
	{"MZ", 0, KindExe, true},
	{"\xcf\xfa\xed\xfe", 0, KindExe, false},
	{"{\\rtf", 0, KindRTF, false},
}

// identify classifies a file by its first bytes. names are the entries of a ZIP
// archive if they are known; name is the file's own name and only breaks ties.
func identify(head []byte, name string, names []string) (Kind, string) {
	k, extra := classifyBytes(head, name, names)
	d := describe[k]
	if extra != "" {
		d += extra
	}
	return k, d
}

func classifyBytes(head []byte, name string, names []string) (Kind, string) {
	if len(head) == 0 {
		return KindEmpty, ""
	}
	bom, enc, err := byteOrder(head)
	if err != nil {
		return KindText, " in UTF-32; save it as UTF-8"
	}
	wide := enc == UTF16LE || enc == UTF16BE
	if !wide {
		bin := looksBinary(head)
		for _, m := range magic {
			if len(head) >= m.at+len(m.prefix) && string(head[m.at:m.at+len(m.prefix)]) == m.prefix && (bin || !m.binary) {
				return m.kind, ""
			}
		}
		switch {
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			return KindGzip, insideGzip(head)
		case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
			return identifyZip(head, names), ""
		case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
			return identifyOLE(head), ""
		case bin:
			return KindBinary, ""
		}
	}
	text := head[bom:]
	if wide {
		text = widen(nil, text, enc, true)
	}
	if k := markup(text); k != "" {
		return k, ""
	}
	delim, found := detectDelimiter(text, name)
	if !found {
		return KindText, ""
	}
	return kindOf(delim), ""
}

func insideGzip(head []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return " that is damaged"
	}
	part := make([]byte, 64<<10)
	n, _ := io.ReadFull(z, part)
	if bytes.HasPrefix(part[:n], []byte{0x1f, 0x8b}) {
		return " holding another gzip-compressed file"
	}
	_, d := identify(part[:n], "", nil)
	return " holding " + d
}

// looksBinary reports control characters that text does not have.
func looksBinary(b []byte) bool {
	b = b[:min(len(b), 8192)]
	odd := 0
	for _, c := range b {
		if c == 0 {
			return true
		}
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			odd++
		}
	}
	return odd > 1+len(b)/50
}

func identifyZip(head []byte, names []string) Kind {
	if names == nil {
		// Local headers carry the names; sizes may be absent, so the
		// signatures are searched for.
		for rest := head; ; {
			i := bytes.Index(rest, []byte("PK\x03\x04"))
			if i < 0 || len(rest) < i+30 {
				break
			}
			n := int(binary.LittleEndian.Uint16(rest[i+26:]))
			if len(rest) < i+30+n {
				break
			}
			names = append(names, string(rest[i+30:i+30+n]))
			rest = rest[i+30+n:]
		}
	}
	for _, n := range names {
		switch {
		case strings.HasPrefix(n, "xl/"):
			return KindXLSX
		case strings.HasPrefix(n, "word/"):
			return KindDOCX
		case strings.HasPrefix(n, "ppt/"):
			return KindPPTX
		}
	}
	for mime, k := range map[string]Kind{
		"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": KindODS,
		"mimetypeapplication/vnd.oasis.opendocument.text":        KindODT,
		"mimetypeapplication/epub+zip":                           KindEPUB,
	} {
		if len(head) > 30 && bytes.HasPrefix(head[30:], []byte(mime)) {
			return k
		}
	}
	return KindZIP
}

func identifyOLE(head []byte) Kind {
	has := func(s string) bool {
		return bytes.Contains(head, []byte(strings.Join(strings.Split(s, ""), "\x00")+"\x00"))
	}
	switch {
	case has("Workbook"), has("Book"):
		return KindXLS
	case has("WordDocument"):
		return KindDOC
	}
	return KindOLE
}

// markup recognises HTML, XML and JSON.
func markup(text []byte) Kind {
	t := bytes.TrimLeft(text, " \t\r\n")
	lower := strings.ToLower(string(t[:min(len(t), 1024)]))
	switch {
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"),
		strings.HasPrefix(lower, "<head"), strings.HasPrefix(lower, "<body"),
		(strings.HasPrefix(lower, "<?xml") || strings.HasPrefix(lower, "<!--")) && strings.Contains(lower, "<html"):
		return KindHTML
	case strings.HasPrefix(lower, "<?xml"):
		return KindXML
	case strings.HasPrefix(lower, "<"):
		if i := strings.IndexByte(lower, '>'); i > 1 && strings.Contains(lower, "</") {
			return KindHTML
		}
	case len(t) > 0 && (t[0] == '{' || t[0] == '['):
		next := bytes.TrimLeft(t[1:], " \t\r\n")
		if t[0] == '{' && len(next) > 0 && (next[0] == '"' || next[0] == '}') ||
			t[0] == '[' && len(next) > 0 && bytes.IndexByte([]byte(`{["]-0123456789`), next[0]) >= 0 && !bytes.Contains(firstLine(t), []byte("],")) {
			part := string(t[:min(len(t), 4096)])
			if strings.Contains(part, `"FeatureCollection"`) || strings.Contains(part, `"Feature"`) {
				return KindGeoJSON
			}
			return KindJSON
		}
	}
	return ""
}

func firstLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i]
	}
	return b
}

var delimiters = []byte{',', '\t', ';', '|'}

func separators(c byte) bool { return bytes.IndexByte(delimiters, c) >= 0 }

func kindOf(delim byte) Kind {
	switch delim {
	case '\t':
		return KindTSV
	case ';':
		return KindSemicolon
	case '|':
		return KindBar
	}
	return KindCSV
}

// detectDelimiter chooses the separator under which the first records of the
// sample agree best on a number of cells above one. found is false, and the answer
// a comma or what the file's name suggests, if none does.
func detectDelimiter(sample []byte, name string) (delim byte, found bool) {
	fallback := byte(',')
	switch strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))) {
	case ".tsv", ".tab":
		fallback = '\t'
	}
	if line := firstLine(sample); len(line) >= 5 && strings.EqualFold(string(line[:4]), "sep=") && separators(line[4]) && len(bytes.TrimRight(line, "\r")) == 5 {
		return line[4], true
	}
	best := 0.0
	delim = fallback
	for _, d := range delimiters {
		score := agreement(sample, d)
		if d == fallback && score > 0 {
			score *= 1.01
		}
		if score > best {
			best, delim = score, d
		}
	}
	return delim, best > 0
}

// agreement is the share of the first records that have as many cells as the
// first, weighted a little by that number; 0 if that number is one.
func agreement(sample []byte, delim byte) float64 {
	s := newScanner(bytes.NewReader(sample), delim, len(sample)+1)
	width, same, all := 0, 0, 0
	for all < 50 {
		rec, err := s.next()
		if err != nil {
			break
		}
		if s.r == s.w && s.err != nil && all > 0 && len(sample) == firstBuffer {
			break // probably cut by the end of the sample
		}
		n := rec.cells
		if n == 1 && len(bytes.TrimSpace(rec.text)) == 0 {
			continue
		}
		if all == 0 {
			width = n
		}
		if n == width && !rec.refused {
			same++
		}
		all++
	}
	if width < 2 || all == 0 {
		return 0
	}
	share := float64(same) / float64(all)
	if share < 0.2 {
		return 0
	}
	return share + min(float64(width), 50)/1000
}

// isSeparatorLine recognises the announcement "sep=;".
func isSeparatorLine(cells []string) bool {
	if len(cells) == 0 || len(cells) > 2 || len(cells) == 2 && cells[1] != "" {
		return false
	}
	c := cells[0]
	if len(c) < 4 || !strings.EqualFold(c[:4], "sep=") {
		return false
	}
	return len(cells) == 2 && len(c) == 4 || len(cells) == 1 && len(c) == 5 && separators(c[4])
}

// isBlankLine reports a record that is only a line end.
func isBlankLine(raw []byte, wide Encoding) bool {
	if wide != "" {
		raw = widen(nil, raw, wide, true)
	}
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r != '\r' && r != '\n' {
			return false
		}
		raw = raw[n:]
	}
	return true
}
