package seal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// ErrDestroyed means that a petition's key was destroyed, and what was
// encrypted under it can never be read again.
var ErrDestroyed = errors.New("the petition's key was destroyed, and with it what was encrypted under it")

const (
	keySize   = 32
	houseFile = "house.key"
	// recheck is how long a petition's key is used before it is looked whether another
	// process has destroyed it; while the disk is slow to answer, twice as long.
	recheck = 5 * time.Second
)

// Keys are the keys of a house, in one directory. Several processes may use one
// directory at once. Keys is safe for use by several goroutines.
type Keys struct {
	dir   string
	house *House

	mu        sync.RWMutex // guards the maps; no file is touched under it
	petitions map[int]held
	// files has a lock for each petition, under which its files are read and written.
	files map[int]*sync.Mutex
}

type held struct {
	key *Petition
	at  time.Time // when the file was last seen, by the monotonic clock
}

// Open opens the directory of keys, and makes it and the house's key where they
// are not there yet.
func Open(dir string) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of keys: %w", err)
	}
	secret, err := load(filepath.Join(dir, houseFile), true)
	if err != nil {
		return nil, fmt.Errorf("the house's key: %w", err)
	}
	defer clear(secret)
	house, err := newHouse(secret)
	if err != nil {
		return nil, err
	}
	return &Keys{dir: dir, house: house, petitions: map[int]held{}, files: map[int]*sync.Mutex{}}, nil
}

// House returns the house's own key.
func (k *Keys) House() *House { return k.house }

// Petition returns a petition's key, and makes it at the first use.
func (k *Keys) Petition(number int) (*Petition, error) {
	k.mu.RLock()
	h, ok := k.petitions[number]
	k.mu.RUnlock()
	if ok && time.Since(h.at) < recheck {
		return h.key, nil
	}
	return k.fetch(number)
}

// held returns what is known of a petition's key, and the lock of its files.
func (k *Keys) held(number int) (h held, had bool, files *sync.Mutex) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if files = k.files[number]; files == nil {
		files = &sync.Mutex{}
		k.files[number] = files
	}
	h, had = k.petitions[number]
	return h, had, files
}

func (k *Keys) forget(number int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.petitions, number)
}

func (k *Keys) fetch(number int) (*Petition, error) {
	if number < 1 {
		return nil, fmt.Errorf("a petition's key: there is no petition %d", number)
	}
	h, had, files := k.held(number)
	if !files.TryLock() {
		if had && time.Since(h.at) < 2*recheck {
			return h.key, nil // another one is looking
		}
		files.Lock()
	}
	defer files.Unlock()
	h, had, _ = k.held(number)
	if had && time.Since(h.at) < recheck {
		return h.key, nil
	}
	if _, err := os.Lstat(k.gone(number)); !errors.Is(err, fs.ErrNotExist) {
		k.forget(number)
		if err != nil {
			return nil, fmt.Errorf("look whether the key of petition %d was destroyed: %w", number, err)
		}
		return nil, ErrDestroyed
	}
	if !had {
		secret, err := load(k.file(number), true)
		if err != nil {
			return nil, fmt.Errorf("the key of petition %d: %w", number, err)
		}
		defer clear(secret)
		if h.key, err = newPetition(number, secret); err != nil {
			return nil, err
		}
	}
	h.at = time.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.petitions[number] = h
	return h.key, nil
}

// Destroy destroys a petition's key for good. A process that held it forgets it
// within seconds. Destroying it again does nothing.
func (k *Keys) Destroy(number int) error {
	_, _, files := k.held(number)
	files.Lock()
	defer files.Unlock()
	// The mark comes first: from here on nobody makes the key anew.
	mark, err := os.OpenFile(k.gone(number), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("mark the key of petition %d as destroyed: %w", number, err)
	}
	if err := errors.Join(mark.Sync(), mark.Close(), syncDir(k.dir)); err != nil {
		return fmt.Errorf("mark the key of petition %d as destroyed: %w", number, err)
	}
	k.forget(number)
	for _, file := range []string{k.file(number), k.file(number) + ".replaced"} { // the second was set aside by a restore
		if err := shred(file); err != nil {
			return fmt.Errorf("destroy the key of petition %d: %w", number, err)
		}
	}
	return syncDir(k.dir)
}

// Destroyed reports whether a petition's key was destroyed.
func (k *Keys) Destroyed(number int) bool {
	_, err := os.Lstat(k.gone(number))
	return err == nil
}

func (k *Keys) file(number int) string {
	return filepath.Join(k.dir, "petition-"+strconv.Itoa(number)+".key")
}

func (k *Keys) gone(number int) string {
	return filepath.Join(k.dir, "petition-"+strconv.Itoa(number)+".destroyed")
}

// load reads a key, which it makes where it may. Of several processes that make
// it at once one wins, and all return that one's: the file appears under its name
// whole and is never written again.
func load(path string, fresh bool) ([]byte, error) {
	secret, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && fresh {
		if err := create(path); err != nil {
			return nil, err
		}
		secret, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	if len(secret) != keySize {
		return nil, fmt.Errorf("%s holds %d bytes where a key has %d; restore it from a backup of the keys", filepath.Base(path), len(secret), keySize)
	}
	return secret, nil
}

func create(path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	secret := make([]byte, keySize)
	rand.Read(secret) // never fails
	_, err = f.Write(secret)
	clear(secret)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link, unlike a renaming, fails where the name is taken.
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// shred overwrites a key before it removes the file. On disks that write
// elsewhere the old bytes may stay until their block is used again.
func shred(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	noise := make([]byte, keySize)
	rand.Read(noise)
	_, err = f.WriteAt(noise, 0)
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(path))
}

// syncDir makes a name in a directory last. Where directories cannot be synced
// their names last anyway.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
