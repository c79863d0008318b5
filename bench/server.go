package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a running "gawah serve".
type server struct {
	url     string
	process *exec.Cmd
	// first is how long the first page took, from starting the program.
	first time.Duration
	log   *strings.Builder
}

// serve starts the program on a data directory and waits for its first page. more
// are further arguments.
func serve(ctx context.Context, gawah, data string, more ...string) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{url: "http://" + addr, log: &strings.Builder{}}
	s.process = exec.CommandContext(ctx, gawah, "serve", "--data", data, "--addr", addr, "--trust-net", "127.0.0.0/8")
	s.process.Args = append(s.process.Args, more...)
	s.process.Stderr = s.log
	s.process.Stdout = io.Discard
	start := time.Now()
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	for time.Since(start) < time.Minute {
		if status, err := fetch(ctx, http.DefaultClient, s.url+"/"); err == nil && status == http.StatusOK {
			s.first = time.Since(start)
			return s, nil
		}
		if ctx.Err() != nil {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	err = errors.Join(errors.New("the server has not shown its first page within a minute"), ctx.Err(), s.stop())
	return nil, fmt.Errorf("%w: %s", err, s.log)
}

// settle waits until the server rests, two minutes at most: what it does in the background after
// a register came in at once, such as finding out what followers have not been told, is over
// then. Where /proc does not tell it waits for ten seconds.
func (s *server) settle(ctx context.Context) error {
	const ticks = 100 // a second, as Linux counts them for programs
	before := int64(-1)
	for range 120 {
		now, err := s.ticks()
		if err != nil {
			return sleepUntil(ctx, time.Now().Add(10*time.Second))
		}
		if before >= 0 && now-before < ticks/10 {
			return nil
		}
		before = now
		if err := sleepUntil(ctx, time.Now().Add(time.Second)); err != nil {
			return err
		}
	}
	return nil
}

// ticks is the processor time that the server has used.
func (s *server) ticks() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(b), ") ") // the name may hold spaces
	f := strings.Fields(after)
	if len(f) < 13 {
		return 0, errors.New("the process has no times")
	}
	user, err := strconv.ParseInt(f[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(f[12], 10, 64)
	return user + system, err
}

// stop ends the server as an operator would.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := s.process.Wait(); err != nil {
		return fmt.Errorf("the server ended: %w: %s", err, s.log)
	}
	return nil
}

// freeAddress finds a port of the loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// fetch reads a page as a browser would, compressed.
func fetch(ctx context.Context, c *http.Client, url string) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	defer joinClose(&err, answer.Body.Close)
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// copyRegister copies a generated register, so that a run does not change it.
func copyRegister(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(from, "originals")); err == nil {
		if err := os.CopyFS(filepath.Join(to, "originals"), os.DirFS(filepath.Join(from, "originals"))); err != nil {
			return err
		}
	}
	in, err := os.Open(filepath.Join(from, "gawah.db"))
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(to, "gawah.db"))
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	// Gigabytes that the system has yet to write would hold up the commits that are
	// measured after this.
	return errors.Join(out.Sync(), out.Close())
}
