package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/capture/text"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/store"
)

// The names of what a data directory holds.
const (
	databaseName  = "gawah.db"
	originalsName = "originals"
)

// opened is a house with what must be closed after it.
type opened struct {
	*casework.House
	store *store.Store
	blobs *blob.Store
}

// open makes the data directory if need be and opens what is in it. This is the
// one place where the rooms are wired together.
func (c *call) open(log *slog.Logger) (*opened, error) {
	if err := os.MkdirAll(c.config.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	blobs, err := blob.Open(filepath.Join(c.config.Data, originalsName))
	if err != nil {
		return nil, err
	}
	target := c.config.DB
	if target == "" {
		target = filepath.Join(c.config.Data, databaseName)
	} else if !store.IsPostgres(target) {
		return nil, errors.New("--db takes a postgres:// address; for SQLite name a directory with --data")
	}
	s, err := store.Open(c.ctx, target)
	if err != nil {
		return nil, err
	}
	h := casework.New(casework.Config{Store: s, Blobs: blobs, Dir: c.config.Data, Log: log})
	return &opened{House: h, store: s, blobs: blobs}, nil
}

// serveIfChild ends here when this process was started by another gawah to read
// a document that may be hostile.
func serveIfChild() { text.ServeIfChild() }

// Close closes the database.
func (o *opened) Close() error { return o.store.Close() }
