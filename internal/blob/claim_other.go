//go:build !unix

package blob

import (
	"os"
	"time"
)

// staleAfter is how old a write in progress must be to be taken for one of a
// process that is no more, where the system has no locks that end with it.
const staleAfter = 24 * time.Hour

func claim(*os.File) error { return nil }

func abandoned(name string) bool {
	info, err := os.Stat(name)
	return err == nil && time.Since(info.ModTime()) > staleAfter
}

// syncDir does nothing: these systems do not open directories for syncing.
func syncDir(string) error { return nil }
