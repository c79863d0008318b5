package text

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
)

// childVariable marks a process started to read one document.
const childVariable = "GAWAH_TEXT_CHILD"

// child is the program to start for each document; empty until ServeIfChild.
var child string

// ServeIfChild must be the first call of main in programs that extract text from
// documents of others. In a process started by Extract it reads the document from
// standard input, answers on standard output and exits; in any other it returns,
// and from then on Extract starts such processes.
func ServeIfChild() {
	if os.Getenv(childVariable) == "" {
		if path, err := os.Executable(); err == nil {
			child = path
		}
		return
	}
	if err := serve(os.Stdin, os.Stdout); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

type request struct {
	Name   string
	Size   int64
	Limits Limits
}

type answer struct {
	Document Document
	Failure  string // what went wrong, empty if nothing
	Cause    string // which of the package's errors it wraps
	Note     Note   // what is said of it
}

var causes = map[string]error{
	"too large": ErrTooLarge, "unsupported": ErrUnsupported, "damaged": ErrDamaged, "timeout": ErrTimeout,
}

// serve reads one document: a line of JSON, then its bytes.
func serve(in io.Reader, out io.Writer) error {
	r := bufio.NewReader(in)
	line, err := r.ReadBytes('\n')
	if err != nil {
		return err
	}
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return err
	}
	debug.SetMaxStack(64 << 20)
	debug.SetMemoryLimit(req.Limits.MaxMemory * 3 / 4)
	limitProcess(req.Limits)
	data, err := io.ReadAll(io.LimitReader(r, req.Size))
	if err != nil {
		return err
	}
	doc, err := extractGuarded(req.Name, bytes.NewReader(data), int64(len(data)), req.Limits)
	a := answer{Document: doc}
	if err != nil {
		a.Failure = err.Error()
		a.Note, _ = NoteOf(err)
		for name, cause := range causes {
			if errors.Is(err, cause) {
				a.Cause = name
				// The sentence is wrapped again on the other side.
				a.Failure = strings.TrimSuffix(a.Failure, ": "+cause.Error())
			}
		}
	}
	return json.NewEncoder(out).Encode(a)
}

// extractInChild has a process of its own read the document.
func extractInChild(name string, r io.ReaderAt, size int64, limits Limits) (Document, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limits.Timeout+limits.Timeout/4)
	defer cancel()
	head, err := json.Marshal(request{name, size, limits})
	if err != nil {
		return Document{}, err
	}
	cmd := exec.CommandContext(ctx, child)
	// The child inherits nothing: it may be taken over by the document.
	cmd.Env = []string{childVariable + "=1", "GOTRACEBACK=none"}
	cmd.Stdin = io.MultiReader(bytes.NewReader(append(head, '\n')), io.NewSectionReader(r, 0, size))
	out := &capped{limit: 8*limits.MaxText + 1<<20}
	cmd.Stdout = out
	complaint := &capped{limit: 4 << 10, quiet: true}
	cmd.Stderr = complaint
	err = cmd.Run()
	if ctx.Err() != nil {
		return Document{}, tooSlow(limits)
	}
	var a answer
	if jsonErr := json.Unmarshal(out.b.Bytes(), &a); jsonErr != nil {
		switch said := complaint.b.String(); {
		case strings.Contains(said, "stack"):
			return Document{}, tell(fmt.Errorf("the document refers to itself in circles or nests without end: %w", ErrDamaged), "circles")
		case strings.Contains(said, "memory"):
			return Document{}, tell(fmt.Errorf("reading the document takes more than %s of memory: %w", bytesText(limits.MaxMemory), ErrTooLarge), "memory", "most", megabytes(limits.MaxMemory))
		}
		if err == nil {
			err = jsonErr
		}
		return Document{}, fmt.Errorf("%w (the reading process ended early: %v)", ErrDamaged, err)
	}
	if a.Failure != "" {
		if cause := causes[a.Cause]; cause != nil && !strings.HasPrefix(a.Failure, cause.Error()) {
			return Document{}, a.tells(fmt.Errorf("%s: %w", a.Failure, cause))
		} else if cause != nil {
			return Document{}, a.tells(fmt.Errorf("%w%s", cause, strings.TrimPrefix(a.Failure, cause.Error())))
		}
		return Document{}, errors.New(a.Failure)
	}
	return a.Document, nil
}

// tells gives an error what the child says of it. The document may have taken the
// child over, which then has no more to choose from than this package's messages.
func (a *answer) tells(err error) error {
	if !strings.HasPrefix(a.Note.Key, notes) {
		return err
	}
	return &told{err, a.Note}
}

// capped keeps at most limit bytes; more is an error, or dropped if quiet.
type capped struct {
	b     bytes.Buffer
	limit int64
	quiet bool
}

func (c *capped) Write(p []byte) (int, error) {
	room := c.limit - int64(c.b.Len())
	if int64(len(p)) <= room {
		return c.b.Write(p)
	}
	if !c.quiet {
		return 0, ErrTooLarge
	}
	c.b.Write(p[:max(room, 0)])
	return len(p), nil
}
