package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// CasefileFormat is the value of a manifest's format field.
const CasefileFormat = "gawah-casefile/1"

// The names of a casefile's manifest and of the folder of its originals.
const (
	casefileManifest = "casefile.json"
	casefileFiles    = "files"
)

// CasefileManifest is casefile.json: what the casefile is. Name is its
// namespace: local names mean the same record only under the same Name, so it
// is chosen once and kept.
type CasefileManifest struct {
	Format string      `json:"format"`
	Name   string      `json:"name"`
	Title  record.Text `json:"title,omitempty"`
	Made   edtf.Date   `json:"made,omitzero"`
	Note   string      `json:"note,omitempty"`
}

// check returns what is wrong with the manifest, as Problems of casefile.json.
func (m CasefileManifest) check() []Problem {
	var out []Problem
	wrong := func(field string, reason *words) {
		out = append(out, problemOf(reason, 1, casefileManifest+" "+field))
	}
	if m.Format != CasefileFormat {
		wrong("format", say("casefile_format", "is", m.Format, "reads", CasefileFormat))
	}
	if !validCasefileName(m.Name) {
		wrong("name", say("casefile_name"))
	}
	return out
}

// CasefileKinds lists the kinds of record a casefile carries, in the order in
// which it carries them. Requests, imports and releases, paper, invalidations and
// remarks belong to the house that made them and do not travel.
func CasefileKinds() []record.Kind {
	return slices.DeleteFunc(record.Kinds(), func(k record.Kind) bool {
		switch k {
		case record.KindRequest, record.KindImport, record.KindRelease, record.KindBatch, record.KindInvalidation, record.KindRemark:
			return true
		}
		return false
	})
}

// Casefile is a casefile as read. Records holds the records that could be read
// and are valid, in the order of [record.Kinds] and, within a kind, as the file
// has them.
type Casefile struct {
	Manifest CasefileManifest
	Records  []record.Record
	// Lines gives the line of its file on which each of Records begins.
	Lines []int
	// Files opens the originals by their SHA-256 (64 lower-case hexadecimal
	// digits). The bytes are hashed while they are read: a file that is not what
	// its name says ends in an error instead of io.EOF. A capture's original may be
	// missing here; whoever imports it needs to hold it already.
	Files map[string]func() (io.ReadCloser, error)
	// Missing lists, once each, the records that Records refer to and that are not
	// among them: they are to be found in the receiving house, or not at all.
	Missing []record.Ref

	closer io.Closer
}

// Close releases the archive behind Files. It is a no-op for a folder.
func (c *Casefile) Close() error {
	if c == nil || c.closer == nil {
		return nil
	}
	return c.closer.Close()
}

// All yields the records in the order in which [WriteCasefile] wants them.
func (c *Casefile) All() iter.Seq2[record.Record, error] {
	order := kindOrder()
	sorted := slices.Clone(c.Records)
	slices.SortStableFunc(sorted, func(a, b record.Record) int {
		return compareRefs(order, a.Ref(), b.Ref())
	})
	return func(yield func(record.Record, error) bool) {
		for _, r := range sorted {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func kindOrder() map[record.Kind]int {
	order := map[record.Kind]int{}
	for i, k := range CasefileKinds() {
		order[k] = i
	}
	return order
}

func compareRefs(order map[record.Kind]int, a, b record.Ref) int {
	if d := order[a.Kind] - order[b.Kind]; d != 0 {
		return d
	}
	return strings.Compare(a.ID, b.ID)
}

// CasefileID returns the identifier that the local name ("dawn-777830", without
// the @) has for a kind of record in the casefile of that name: a UUID of
// version 8 (RFC 9562 §5.8) whose other 122 bits are the first of
// SHA-256("gawah-casefile/1\n" + casefile + "\n" + kind + "\n" + local). The same
// names give the same identifier for ever and everywhere, so that importing a
// corrected casefile again updates what it brought before.
func CasefileID(casefile string, kind record.Kind, local string) string {
	b := sha256.Sum256([]byte(CasefileFormat + "\n" + casefile + "\n" + string(kind) + "\n" + local))
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// validCasefileName accepts the shape of a slug.
func validCasefileName(s string) bool {
	if len(s) < 1 || len(s) > 100 || strings.Trim(s, "-") != s || strings.Contains(s, "--") {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// validLocalName accepts 1 to 100 lower-case ASCII letters, digits, hyphens, low
// lines and full stops.
func validLocalName(s string) bool {
	return len(s) >= 1 && len(s) <= 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

func validSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// hashedFile reads a file and compares its SHA-256 with its name at the end.
type hashedFile struct {
	io.ReadCloser
	want string
	sum  interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func (f *hashedFile) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	f.sum.Write(p[:n])
	if err == io.EOF {
		if got := hex.EncodeToString(f.sum.Sum(nil)); got != f.want {
			return n, fmt.Errorf("%s/%s: the bytes have the SHA-256 %s; the file was changed or damaged", casefileFiles, f.want, got)
		}
	}
	return n, err
}

func openHashed(fsys fs.FS, hash string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		f, err := fsys.Open(casefileFiles + "/" + hash)
		if err != nil {
			return nil, fmt.Errorf("open an original of the casefile: %w", err)
		}
		return &hashedFile{ReadCloser: f, want: hash, sum: sha256.New()}, nil
	}
}
