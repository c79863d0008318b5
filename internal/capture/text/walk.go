package text

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Entry is one file of a folder or ZIP archive.
type Entry struct {
	// Path is relative, with forward slashes, and never leads outside.
	Path string
	// Size is the size in bytes, unpacked.
	Size int64
	// Open opens the content. It delivers at most Size bytes.
	Open func() (io.ReadCloser, error)
}

// ErrUnsafePath is wrapped by errors about names that lead outside the folder or
// archive they stand in.
var ErrUnsafePath = errors.New("name leads outside the folder")

// Walk lists the files below the folder at location, or in the ZIP archive at
// location, in lexical order for folders and in stored order for archives. Any
// other file is the only entry itself, called name, or as in location if that is
// empty; a Word document is such a file although it is packed as an archive. A
// non-nil error concerns the entry whose Path is set, and the walk goes on; an
// error with an empty Path ends it. Links, devices and encrypted entries are
// reported as errors. Files whose name begins with a dot, and what macOS adds to
// archives, are passed over.
func Walk(location, name string, limits Limits) iter.Seq2[Entry, error] {
	limits = limits.withDefaults()
	return func(yield func(Entry, error) bool) {
		info, err := os.Stat(location)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		if info.IsDir() {
			walkFolder(location, limits, yield)
			return
		}
		f, err := os.Open(location)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		defer f.Close()
		if name == "" {
			name = filepath.Base(location)
		}
		if archived(f, info.Size(), name) {
			walkZip(f, info.Size(), limits, yield)
			return
		}
		// One that is called with a path keeps no more than its name.
		e := Entry{Path: path.Base(strings.ReplaceAll(name, `\`, "/")), Size: info.Size()}
		e.Open = func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f, 0, e.Size)), nil }
		yield(e, nil)
	}
}

// archived reports whether a file is a ZIP archive of documents. What is called
// one and cannot be opened is, so that it is told as a damaged archive.
func archived(f io.ReaderAt, size int64, name string) bool {
	head := make([]byte, 4)
	n, _ := f.ReadAt(head, 0)
	ending := strings.ToLower(path.Ext(name))
	if head = head[:n]; !bytes.Equal(head, []byte("PK\x03\x04")) && !bytes.Equal(head, []byte("PK\x05\x06")) {
		return ending == ".zip"
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return ending != ".docx"
	}
	for _, e := range z.File {
		// By these a Word document, a workbook, an OpenDocument text and an e-book are
		// known, each of which is one document.
		switch e.Name {
		case "[Content_Types].xml", "mimetype":
			return false
		}
	}
	return true
}

var errStop = errors.New("stop")

func walkFolder(location string, limits Limits, yield func(Entry, error) bool) {
	// A Root refuses to follow links that lead out of the folder.
	root, err := os.OpenRoot(location)
	if err != nil {
		yield(Entry{}, err)
		return
	}
	defer root.Close()
	count := 0
	err = fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		give := func(e Entry, err error) error {
			if !yield(e, err) {
				return errStop
			}
			return nil
		}
		if err != nil {
			if p == "." {
				return err
			}
			return give(Entry{Path: p}, err)
		}
		if hidden(p) {
			if d.IsDir() && p != "." {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if count++; count > limits.MaxEntries {
			return tell(fmt.Errorf("the folder has more than %d files: %w", limits.MaxEntries, ErrTooLarge), "files", "most", strconv.Itoa(limits.MaxEntries))
		}
		if !d.Type().IsRegular() {
			return give(Entry{Path: p}, tell(fmt.Errorf("%s is a link or a device, not a file: %w", p, ErrUnsupported), "link"))
		}
		info, err := d.Info()
		if err != nil {
			return give(Entry{Path: p}, err)
		}
		size := info.Size()
		return give(Entry{Path: p, Size: size, Open: func() (io.ReadCloser, error) {
			f, err := os.OpenInRoot(location, p)
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{io.LimitReader(f, size), f}, nil
		}}, nil)
	})
	if err != nil && !errors.Is(err, errStop) {
		yield(Entry{}, err)
	}
}

func walkZip(r io.ReaderAt, size int64, limits Limits, yield func(Entry, error) bool) {
	z, err := openZip(r, size, limits)
	if err != nil {
		yield(Entry{}, err)
		return
	}
	seen := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		name := strings.ToValidUTF8(f.Name, "\uFFFD")
		if strings.HasSuffix(name, "/") && f.UncompressedSize64 == 0 {
			continue
		}
		e := Entry{Path: name}
		switch {
		case !safe(name):
			e.Path = strings.TrimLeft(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
			err = fmt.Errorf("%q: %w", name, ErrUnsafePath)
		case hidden(name) || strings.HasPrefix(name, "__MACOSX/"):
			continue
		case !f.Mode().IsRegular():
			err = tell(fmt.Errorf("%s is a link or a device, not a file: %w", name, ErrUnsupported), "link")
		case f.Flags&1 != 0:
			err = tell(fmt.Errorf("%s is protected by a password: %w", name, ErrUnsupported), "password")
		case seen[name]:
			err = tell(fmt.Errorf("%s stands in the archive twice: %w", name, ErrDamaged), "twice")
		case f.UncompressedSize64 > 64<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(limits.MaxRatio):
			err = tell(fmt.Errorf("%s expands more than %d times, as decompression bombs do: %w", name, limits.MaxRatio, ErrTooLarge), "bomb", "times", strconv.FormatInt(limits.MaxRatio, 10))
		default:
			// archive/zip fails when an entry turns out larger than announced.
			e.Size, e.Open, err = int64(f.UncompressedSize64), f.Open, nil
		}
		seen[name] = true
		if !yield(e, err) {
			return
		}
	}
}

// safe reports whether a name of an archive stays inside it on every system.
func safe(name string) bool {
	return fs.ValidPath(name) && name != "." && !strings.ContainsAny(name, "\\\x00") &&
		!(len(name) > 1 && name[1] == ':') && utf8.ValidString(name)
}

func hidden(p string) bool {
	base := path.Base(p)
	return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || base == "Thumbs.db" || base == "desktop.ini"
}

// ExtractEntry extracts the text of an entry, holding its bytes in memory, at most
// Limits.MaxBytes. It returns the bytes too, for keeping the original.
func ExtractEntry(e Entry, limits Limits) (doc Document, original []byte, err error) {
	limits = limits.withDefaults()
	if e.Size > limits.MaxBytes {
		return doc, nil, tooLarge(e.Path, e.Size, limits)
	}
	f, err := e.Open()
	if err != nil {
		return doc, nil, err
	}
	defer f.Close()
	original, err = io.ReadAll(io.LimitReader(f, limits.MaxBytes+1))
	if err != nil {
		return doc, nil, fmt.Errorf("%s: %w (%v)", e.Path, ErrDamaged, err)
	}
	doc, err = Extract(e.Path, bytes.NewReader(original), int64(len(original)), limits)
	return doc, original, err
}
