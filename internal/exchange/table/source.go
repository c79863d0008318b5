package table

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// source is the decompressed byte stream of a file, with limits.
type source struct {
	under      *counter
	br         *bufio.Reader
	compressed bool
}

// counter counts what is read from the underlying file.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// newSource recognises gzip and undoes it.
func newSource(r io.Reader, opts Options) (*source, error) {
	s := &source{under: &counter{r: r}}
	br := bufio.NewReaderSize(s.under, firstBuffer)
	head, err := br.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(head) < 3 || head[0] != 0x1f || head[1] != 0x8b || head[2] != 8 {
		s.br = br
		return s, nil
	}
	s.compressed = true
	z, err := gzip.NewReader(br)
	if err != nil {
		return nil, fmt.Errorf("damaged gzip header: %w", err)
	}
	limit := opts.MaxBytes
	if limit <= 0 {
		limit = defaultMaxGzip
	}
	s.br = bufio.NewReaderSize(&inflater{z: z, in: s.under, limit: limit, ratio: opts.MaxRatio}, firstBuffer)
	return s, nil
}

// peek returns the first bytes, up to one buffer, without consuming them.
func (s *source) peek() ([]byte, error) {
	head, err := s.br.Peek(firstBuffer)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	return head, nil
}

func (s *source) discard(n int)              { s.br.Discard(n) }
func (s *source) Read(p []byte) (int, error) { return s.br.Read(p) }
func (s *source) consumed() int64            { return s.under.n }

// inflater decompresses and stops at the limits that make a small file with a
// huge content harmless.
type inflater struct {
	z            *gzip.Reader
	in           *counter
	n            int64
	limit, ratio int64
}

func (g *inflater) Read(p []byte) (int, error) {
	if g.n >= g.limit {
		// One byte more than allowed must exist before the file is refused.
		var one [1]byte
		if n, err := io.ReadFull(g.z, one[:]); n == 0 {
			return 0, gzipError(err)
		}
		return 0, fmt.Errorf("the compressed file holds more than %s: %w", bytesText(g.limit), ErrTooLarge)
	}
	if int64(len(p)) > g.limit-g.n {
		p = p[:g.limit-g.n]
	}
	n, err := g.z.Read(p)
	g.n += int64(n)
	if g.n > ratioGrace && g.n/max(g.in.n, 1) > g.ratio {
		return n, fmt.Errorf("the compressed file expands more than %d times, as decompression bombs do: %w", g.ratio, ErrTooLarge)
	}
	return n, gzipError(err)
}

// cutError is told of a compressed file that ends too early.
type cutError struct{}

func (cutError) Error() string { return "the compressed file is cut short" }
func (cutError) Unwrap() error { return io.ErrUnexpectedEOF }

func gzipError(err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return cutError{}
	}
	return fmt.Errorf("the compressed file is damaged: %w", err)
}
