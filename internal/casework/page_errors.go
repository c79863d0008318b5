package casework

import "github.com/gawah-project/gawah/internal/store"

// What can go wrong below every use case and has to be told to a reader in words
// of its own: the disk is full, or the database is taken for too long.
var (
	ErrFull = store.ErrFull
	ErrBusy = store.ErrBusy
)
