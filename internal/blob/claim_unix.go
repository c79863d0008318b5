//go:build unix

package blob

import (
	"errors"
	"os"
	"syscall"
)

// claim marks a write in progress as being worked on. The system forgets the
// mark when the process ends, however it ends. Only who removes abandoned writes has
// the mark besides, for as long as that takes, so it is waited for.
func claim(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// removeAbandoned removes a write in progress if nobody is working on it. It has the
// mark while it removes the file: whoever has just made it finds it gone and makes
// another.
func removeAbandoned(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return nil // gone already, or not ours
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil
	}
	return os.Remove(name)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}
