package exchange

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Bounds on a casefile, so that one made to do harm is refused before it fills
// the memory or the disk. They are far above any casefile made by hand; a
// casefile that is larger is better split.
const (
	// MaxCasefileEntries is how many files a ZIP may hold.
	MaxCasefileEntries = 1_000_000
	// MaxCasefileJSON is the size of its JSON files together, in bytes: they are held
	// in memory.
	MaxCasefileJSON = 1 << 30
	// MaxCasefileFile is the size of one original, in bytes.
	MaxCasefileFile = 8 << 30
	// MaxCasefileTotal is the size of everything in a ZIP once unpacked, in bytes.
	MaxCasefileTotal = 256 << 30
	// maxCasefileRatio is how far a file of more than a megabyte may be compressed.
	// Deflate reaches 1,032 at best, on nothing but repeats; the JSON of a casefile
	// stays below 50.
	maxCasefileRatio = 500
)

// OpenCasefile reads the casefile at a path: a folder, or a ZIP of one. The
// caller closes the result. Nothing outside the folder is read, whatever links
// it holds, and nothing is unpacked to disk. An error means that it is no
// casefile at all or could not be read; problems are of single records, and
// those without any are in the result.
func OpenCasefile(name string) (*Casefile, []Problem, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, fmt.Errorf("open casefile: %w", err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, nil, fmt.Errorf("open casefile: %w", err)
		}
		c, problems, err := ReadCasefile(root.FS())
		if err != nil {
			root.Close()
			return nil, problems, err
		}
		c.closer = root
		return c, problems, nil
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) {
			return nil, nil, errors.New("open casefile: the file is not a ZIP; a casefile is a folder or a ZIP that holds " + casefileManifest)
		}
		return nil, nil, fmt.Errorf("open casefile: %w", err)
	}
	if err := checkArchive(&z.Reader); err != nil {
		z.Close()
		return nil, nil, fmt.Errorf("open casefile: %w", err)
	}
	c, problems, err := ReadCasefile(z)
	if err != nil {
		z.Close()
		return nil, problems, err
	}
	c.closer = z
	return c, problems, nil
}

// checkArchive refuses archives whose names lead elsewhere or whose content is
// out of proportion. The sizes are those declared: archive/zip ends the reading
// of a file that turns out larger.
func checkArchive(z *zip.Reader) error {
	if len(z.File) > MaxCasefileEntries {
		return fmt.Errorf("the archive holds %d files; at most %d are read", len(z.File), MaxCasefileEntries)
	}
	var total uint64
	seen := map[string]bool{}
	for _, f := range z.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case !fs.ValidPath(name) || strings.Contains(name, `\`):
			return fmt.Errorf("the archive holds %q, a name that leads outside it; pack the casefile anew", f.Name)
		case seen[name]:
			return fmt.Errorf("the archive holds %q twice, so what it says is not certain", f.Name)
		case f.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("%q is a link; put the file itself into the archive", f.Name)
		case f.UncompressedSize64 > MaxCasefileFile:
			return fmt.Errorf("%q is %d bytes; at most %d are read", f.Name, f.UncompressedSize64, uint64(MaxCasefileFile))
		case f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/maxCasefileRatio > f.CompressedSize64:
			return fmt.Errorf("%q unpacks to more than %d times its size, as files made to fill a disk do", f.Name, maxCasefileRatio)
		}
		seen[name] = true
		if total += f.UncompressedSize64; total > MaxCasefileTotal {
			return fmt.Errorf("the archive unpacks to more than %d bytes", uint64(MaxCasefileTotal))
		}
	}
	return nil
}

// casefileRoot finds the folder that holds the manifest: the top one, or the
// only one below it, as when a folder was packed together with its name.
func casefileRoot(fsys fs.FS) (fs.FS, error) {
	if _, err := fs.Stat(fsys, casefileManifest); err == nil {
		return fsys, nil
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read casefile: %w", err)
	}
	found := ""
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if _, err := fs.Stat(fsys, path.Join(e.Name(), casefileManifest)); err == nil {
			if found != "" {
				return nil, fmt.Errorf("read casefile: both %s and %s hold a %s; give one of them", found, e.Name(), casefileManifest)
			}
			found = e.Name()
		}
	}
	if found == "" {
		return nil, fmt.Errorf("read casefile: there is no %s, so this is not a casefile", casefileManifest)
	}
	return fs.Sub(fsys, found)
}
