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

// removeAbandoned removes a write in progress that is so old that nobody is working
// on it.
func removeAbandoned(name string) error {
	info, err := os.Stat(name)
	if err != nil || time.Since(info.ModTime()) <= staleAfter {
		return nil
	}
	return os.Remove(name)
}

// syncDir does nothing: these systems do not open directories for syncing.
func syncDir(string) error { return nil }
