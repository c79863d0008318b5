package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/gawah-project/gawah/examples/quetta"
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/store"
)

// exampleIn lays a data directory with the bundled example out in dir and returns
// the path of its database. The example is taken in once for all tests: that takes
// a quarter of a second, and copying what it left a hundredth.
func exampleIn(t testing.TB, dir string) string {
	t.Helper()
	files, err := exampleFiles()
	if err != nil {
		t.Fatalf("take in the example: %v", err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, databaseName)
}

const databaseName = "gawah.db"

// exampleFiles holds what a house with the bundled example and nothing else has in
// its data directory.
var exampleFiles = sync.OnceValues(func() (files fstest.MapFS, err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "gawah-web-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := store.Open(ctx, filepath.Join(dir, databaseName))
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	if err == nil {
		err = takeInExample(ctx, casework.New(casework.Config{Store: db, Blobs: blobs, Dir: dir}))
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	files = fstest.MapFS{}
	return files, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		f := &fstest.MapFile{Mode: info.Mode(), ModTime: info.ModTime()}
		if !d.IsDir() {
			if f.Data, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				return err
			}
		}
		files[name] = f
		return nil
	})
})

// takeInExample takes the bundled example into a house.
func takeInExample(ctx context.Context, house *casework.House) error {
	c, problems, err := exchange.ReadCasefile(quetta.Files)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("the example has problems: %v", problems)
	}
	_, err = house.ImportCasefile(ctx, access.House(), c, casework.CasefileOptions{Reason: "example"})
	return err
}
