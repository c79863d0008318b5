// Package departed keeps the list of who left the count, beside the database and
// without identities: a restored backup is older than the withdrawals made after
// it, and must not bring anybody back.
//
// A line names a petition by its public number and signatures by their row's
// number in this one database, which says nothing about a person:
//
//	withdrawn 12 4711
//	voided 12 0198…-… 4711 4712 4713
//	counted 12 0198…-… 4712
//	unsubscribed 12 4711
//	shown 12 21 4711
//	organisation 12 0198…-…
//	destroyed 12
//	unfollowed 0 0198…-…
//	uninformed 12 9f2c…
//
// Whoever takes a signature out of the count adds its line, which is on the disk
// when [List.Add] returns, before the database is asked to commit: a crash in
// between can only mean that somebody who wanted to leave has left. The rows are
// applied again in their order after a restore and at every start; applying them
// twice changes nothing.
package departed

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Name is the file's name in the data directory.
const Name = "departed.list"

// What says how signatures left.
type What string

// Withdrawn are signatures their signers took back; Voided those that an
// invalidation took out of the count and Counted those that undoing it put back;
// Unsubscribed are signers who want no more mail, Shown those who chose anew what
// each audience may see of them. Organisation is an
// organisation's signature that was withdrawn or voided. Destroyed means that all
// names and addresses of a petition are gone.
const (
	Withdrawn    What = "withdrawn"
	Voided       What = "voided"
	Counted      What = "counted"
	Unsubscribed What = "unsubscribed"
	Shown        What = "shown"
	Organisation What = "organisation"
	Destroyed    What = "destroyed"
	// Unfollowed is somebody who is told nothing more by mail of what they followed.
	// They hang on no petition, whose number is 0.
	Unfollowed What = "unfollowed"
	// Uninformed is the representative of an organisation who wants no more mail, by the hash
	// of what their mails could be ended with.
	Uninformed What = "uninformed"
)

// Line is one line of the list.
type Line struct {
	What What
	// Petition is the petition's public number.
	Petition int
	// By is the invalidation of Voided and Counted, the signature of
	// Organisation and the row of Unfollowed, by its identifier; of Shown the choice as a number.
	By string
	// Rows are signatures by the number of their row, for the others.
	Rows []int64
}

// ErrFull means that the disk has no room for the line; nothing was added.
var ErrFull = errors.New("no space left for the list of withdrawals; free some and try again")

// List is the list in one data directory. It is safe for use by several
// goroutines, and several processes may add to one file.
type List struct {
	path string
	mu   sync.Mutex
}

// Open returns the list of a data directory, whose file is made with its first
// line.
func Open(dir string) *List { return &List{path: filepath.Join(dir, Name)} }

// rowsALine bounds a line's length.
const rowsALine = 500

// text writes a line, as several when it has many rows.
func (l Line) text(b *strings.Builder) error {
	named := l.What == Voided || l.What == Counted || l.What == Organisation || l.What == Shown || l.What == Unfollowed || l.What == Uninformed
	switch {
	case l.What == Unfollowed && l.Petition != 0, l.What != Unfollowed && l.Petition < 1:
		return errors.New("a line without a petition")
	case named != (l.By != ""), strings.ContainsAny(l.By, " \t\r\n"):
		return fmt.Errorf("a %s line that names %q", l.What, l.By)
	}
	head := string(l.What) + " " + strconv.Itoa(l.Petition)
	if named {
		head += " " + l.By
	}
	switch l.What {
	case Organisation, Destroyed, Unfollowed, Uninformed:
		b.WriteString(head + "\n")
	case Withdrawn, Voided, Counted, Unsubscribed, Shown:
		for rows := l.Rows; len(rows) > 0; {
			n := min(len(rows), rowsALine)
			b.WriteString(head)
			for _, r := range rows[:n] {
				b.WriteByte(' ')
				b.WriteString(strconv.FormatInt(r, 10))
			}
			b.WriteByte('\n')
			rows = rows[n:]
		}
	default:
		return fmt.Errorf("a line of the unknown kind %q", l.What)
	}
	return nil
}

// Add adds lines and returns when they are on the disk. On an error the caller
// must not go on with what the lines say.
func (l *List) Add(lines ...Line) error {
	var b strings.Builder
	for _, x := range lines {
		if err := x.text(&b); err != nil {
			return fmt.Errorf("add to the list of withdrawals: %w", err)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.add(b.String()); err != nil {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			err = fmt.Errorf("%w (%w)", ErrFull, err)
		}
		return fmt.Errorf("add to the list of withdrawals: %w", err)
	}
	return nil
}

func (l *List) add(text string) (err error) {
	_, err = os.Lstat(l.path)
	fresh := errors.Is(err, fs.ErrNotExist)
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if size := info.Size(); size > 0 {
		// What a crash has cut off must not become a line with a shorter number.
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			text = " cut off\n" + text
		}
	}
	// One call, so that the lines of two processes do not mix.
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if !fresh {
		return nil
	}
	dir, err := os.Open(filepath.Dir(l.path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Size returns how long the list is in bytes: where the next line begins.
func (l *List) Size() (int64, error) {
	info, err := os.Stat(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the list of withdrawals: %w", err)
	}
	return info.Size(), nil
}

// Each calls fn for every line from a position on, 0 for the beginning, and
// returns the position after the last whole one. What is no line, because a crash
// cut it off, is passed over: nobody was told that it was done.
func (l *List) Each(from int64, fn func(Line) error) (int64, error) {
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the list of withdrawals: %w", err)
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return 0, fmt.Errorf("read the list of withdrawals: %w", err)
	}
	end, err := Read(f, fn)
	return from + end, err
}

// Read calls fn for every line of a list and returns how many bytes they had.
func Read(r io.Reader, fn func(Line) error) (int64, error) {
	var at int64
	lines := bufio.NewReaderSize(r, 1<<16)
	for {
		text, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err != nil {
			return at, fmt.Errorf("read the list of withdrawals: %w", err)
		}
		if line, ok := parse(text); ok {
			if err := fn(line); err != nil {
				return at, err
			}
		}
		at += int64(len(text))
	}
}

func parse(text string) (Line, bool) {
	f := strings.Fields(text)
	if len(f) < 2 {
		return Line{}, false
	}
	l := Line{What: What(f[0])}
	n, err := strconv.Atoi(f[1])
	if err != nil || n < 0 || (n == 0) != (l.What == Unfollowed) {
		return Line{}, false
	}
	l.Petition = n
	f = f[2:]
	switch l.What {
	case Voided, Counted, Organisation, Shown, Unfollowed, Uninformed:
		if len(f) == 0 {
			return Line{}, false
		}
		l.By, f = f[0], f[1:]
	case Withdrawn, Unsubscribed, Destroyed:
	default:
		return Line{}, false
	}
	alone := l.What == Organisation || l.What == Destroyed || l.What == Unfollowed || l.What == Uninformed
	if alone != (len(f) == 0) {
		return Line{}, false
	}
	for _, s := range f {
		row, err := strconv.ParseInt(s, 10, 64)
		if err != nil || row < 1 {
			return Line{}, false
		}
		l.Rows = append(l.Rows, row)
	}
	return l, true
}

// Merge adds what another list has and this one has not: of a backup, whose own
// list may know of more or of less. Lines that were written for rows of this
// database and of that one name the same rows, because a restored database never
// gives a number again.
func (l *List) Merge(r io.Reader) error {
	known := map[string]bool{}
	text := func(x Line) (string, error) {
		var b strings.Builder
		err := x.text(&b)
		return b.String(), err
	}
	if _, err := l.Each(0, func(x Line) error {
		t, err := text(x)
		known[t] = true
		return err
	}); err != nil {
		return err
	}
	var missing []Line
	if _, err := Read(r, func(x Line) error {
		t, err := text(x)
		if err == nil && !known[t] {
			missing = append(missing, x)
		}
		return err
	}); err != nil {
		return err
	}
	return l.Add(missing...)
}
