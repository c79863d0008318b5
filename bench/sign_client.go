package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// wire is one connection that is kept open, with as little work between the
// bytes as can be: the machine's processors are shared with what is measured.
type wire struct {
	c  net.Conn
	in *bufio.Reader
}

func dial(addr string) (*wire, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &wire{c, bufio.NewReaderSize(c, 16<<10)}, nil
}

// ask sends a request as it is and returns the status of its answer.
func (w *wire) ask(request []byte) (status int, err error) {
	if _, err := w.c.Write(request); err != nil {
		return 0, err
	}
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("the answer begins with %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, fmt.Errorf("the answer begins with %q", line)
	}
	length := int64(-1)
	for {
		if line, err = w.in.ReadSlice('\n'); err != nil {
			return status, err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && len(name) == 14 && strings.EqualFold(string(name), "Content-Length") {
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return status, err
			}
		}
	}
	switch {
	case status == 204 || status == 304:
		return status, nil
	case length < 0:
		return status, errors.New("the answer has no length, and this client reads no other")
	}
	_, err = w.in.Discard(int(length))
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return status, err
}

// stream is what some connections send, one request after the other.
type stream struct {
	name        string
	connections int
	// next makes the nth request. It may use the buffer.
	next func(n int, buf []byte) []byte
	want int // the status of a good answer
	rate int // requests a second over all connections; 0 as fast as answers come
	most int // ends after so many; 0 never
}

// streamed is what was measured of a stream.
type streamed struct {
	latencies
	took time.Duration
	// first and last are how long the first and the last tenth took.
	first, last time.Duration
	wrong       string // the first answer that was not as it should be
}

func (s streamed) perSec() float64 { return float64(len(s.times)) / s.took.Seconds() }

// drive sends streams at once, until each has sent its most or the time is over.
// With a rate, times count from when a request was meant to be sent.
func drive(ctx context.Context, addr string, limit time.Duration, streams ...stream) ([]streamed, error) {
	out := make([]streamed, len(streams))
	errs := make([]error, len(streams))
	start := time.Now()
	var all sync.WaitGroup
	for k, s := range streams {
		all.Go(func() { out[k], errs[k] = s.drive(ctx, addr, start, limit) })
	}
	all.Wait()
	return out, errors.Join(errs...)
}

func (s stream) drive(ctx context.Context, addr string, start time.Time, limit time.Duration) (out streamed, err error) {
	out.name = s.name
	var count atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	var ends []time.Duration // when each request was done
	for range s.connections {
		w, err := dial(addr)
		if err != nil {
			return out, err
		}
		defer w.c.Close()
		wg.Go(func() {
			var times, done []time.Duration
			failed, wrong := 0, ""
			buf := make([]byte, 0, 2048)
			for ctx.Err() == nil {
				n := int(count.Add(1)) - 1
				if s.most > 0 && n >= s.most {
					break
				}
				at := time.Since(start)
				if s.rate > 0 {
					due := time.Duration(n) * time.Second / time.Duration(s.rate)
					if due >= limit {
						break
					}
					if wait := due - at; wait > 0 {
						time.Sleep(wait)
					}
					at = due
				} else if limit > 0 && at >= limit {
					break
				}
				status, err := w.ask(s.next(n, buf[:0]))
				end := time.Since(start)
				if err != nil || status != s.want {
					if failed++; wrong == "" {
						wrong = fmt.Sprintf("status %d, %v", status, err)
					}
					if err != nil {
						break
					}
					continue
				}
				times, done = append(times, end-at), append(done, end)
			}
			mu.Lock()
			defer mu.Unlock()
			out.times, ends = append(out.times, times...), append(ends, done...)
			out.failed += failed
			if out.wrong == "" {
				out.wrong = wrong
			}
		})
	}
	wg.Wait()
	if len(out.times) == 0 {
		return out, fmt.Errorf("%s: no good answer; the first was %s", s.name, out.wrong)
	}
	slices.Sort(out.times)
	slices.Sort(ends)
	out.took = ends[len(ends)-1]
	tenth := len(ends) / 10
	if tenth > 0 {
		out.first = ends[tenth-1]
		out.last = out.took - ends[len(ends)-tenth-1]
	}
	return out, ctx.Err()
}

// post writes a form as a request.
func post(buf []byte, addr, path, kind string, body []byte) []byte {
	buf = append(append(append(buf, "POST "...), path...), " HTTP/1.1\r\nHost: "...)
	buf = append(append(append(buf, addr...), "\r\nContent-Type: "...), kind...)
	buf = append(buf, "\r\nContent-Length: "...)
	buf = strconv.AppendInt(buf, int64(len(body)), 10)
	return append(append(buf, "\r\n\r\n"...), body...)
}

// get writes a request for a page, compressed as browsers ask for it.
func get(addr, path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\nAccept-Encoding: gzip\r\n\r\n")
}
