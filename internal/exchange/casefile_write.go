package exchange

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

// zipEpoch is the time every member of a casefile bears: the earliest a ZIP can
// say. With it and the fixed order the same records give the same bytes.
var zipEpoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteCasefile writes a casefile as a ZIP while the records come in: one record
// is in memory at a time. They MUST come in the order of [record.Kinds] and,
// within a kind, of their identifiers, each once, and be of a kind that travels;
// anything else is an error, since it would make the bytes depend on chance.
//
// The originals of the captures follow, opened by their SHA-256 and checked
// against it. With a nil open the casefile holds records only.
//
// Who may see a record is not asked here: what is given is written.
func WriteCasefile(w io.Writer, m CasefileManifest, records iter.Seq2[record.Record, error], open func(hash string) (io.ReadCloser, error)) error {
	if m.Format == "" {
		m.Format = CasefileFormat
	}
	if p := m.check(); len(p) > 0 {
		return fmt.Errorf("write casefile: %s %s", p[0].Column, p[0].Reason)
	}
	z := zip.NewWriter(w)
	f := &casefileWriter{z: z, order: kindOrder(), hashes: map[string]bool{}}
	if err := f.manifest(m); err != nil {
		return fmt.Errorf("write casefile: %w", err)
	}
	for r, err := range records {
		if err == nil {
			err = f.record(r)
		}
		if err != nil {
			return fmt.Errorf("write casefile: %w", err)
		}
	}
	if err := f.end(); err != nil {
		return fmt.Errorf("write casefile: %w", err)
	}
	if open != nil {
		for _, hash := range slices.Sorted(maps.Keys(f.hashes)) {
			if err := f.original(hash, open); err != nil {
				return fmt.Errorf("write casefile: %w", err)
			}
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write casefile: %w", err)
	}
	return nil
}

type casefileWriter struct {
	z      *zip.Writer
	order  map[record.Kind]int
	hashes map[string]bool
	last   record.Ref // zero before the first record
	part   io.Writer  // the JSON file being written
}

func (f *casefileWriter) create(name string) (io.Writer, error) {
	return f.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipEpoch})
}

func (f *casefileWriter) manifest(m CasefileManifest) error {
	part, err := f.create(casefileManifest)
	if err != nil {
		return err
	}
	e := json.NewEncoder(part)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(m)
}

func (f *casefileWriter) record(r record.Record) error {
	ref := r.Ref()
	if _, travels := f.order[ref.Kind]; !travels {
		return fmt.Errorf("a %s does not travel in a casefile", ref.Kind)
	}
	separator := ",\n"
	if f.last.Kind != ref.Kind {
		if err := f.end(); err != nil {
			return err
		}
		part, err := f.create(string(ref.Kind) + ".json")
		if err != nil {
			return err
		}
		f.part, separator = part, "[\n"
	}
	if !f.last.IsZero() && compareRefs(f.order, f.last, ref) >= 0 {
		return fmt.Errorf("%s comes after %s: records must come by kind and identifier, each once", ref, f.last)
	}
	f.last = ref
	if c, ok := r.(*record.Capture); ok {
		for _, h := range []string{c.Hash, c.TextHash} {
			if h != "" {
				f.hashes[h] = true
			}
		}
	}
	if s, ok := r.(*record.Coverage); ok && s.File != "" {
		f.hashes[s.File] = true
	}
	if t, ok := r.(*record.TrendStatement); ok {
		f.hashes[t.Input] = true
	}
	line := bytes.NewBufferString(separator)
	e := json.NewEncoder(line)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("%s: %w", ref, err)
	}
	_, err := f.part.Write(bytes.TrimSuffix(line.Bytes(), []byte{'\n'}))
	return err
}

// end closes the list of the kind being written, if any.
func (f *casefileWriter) end() error {
	if f.part == nil {
		return nil
	}
	_, err := io.WriteString(f.part, "\n]\n")
	f.part = nil
	return err
}

func (f *casefileWriter) original(hash string, open func(string) (io.ReadCloser, error)) error {
	if !validSHA256(hash) {
		return fmt.Errorf("a record names the original %q, which is no SHA-256", hash)
	}
	in, err := open(hash)
	if err != nil {
		return fmt.Errorf("original %s: %w", hash, err)
	}
	part, err := f.create(casefileFiles + "/" + hash)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(part, &hashedFile{ReadCloser: in, want: hash, sum: sha256.New()})
	return errors.Join(err, in.Close())
}
