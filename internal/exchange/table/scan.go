package table

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// scanner cuts a byte stream into records and cells. It is a hand-written RFC
// 4180 scanner because the records must be recoverable byte for byte and
// encoding/csv folds line ends inside cells.
//
// Rules beyond RFC 4180:
//   - A record ends with LF or CR LF; a CR elsewhere is text. In a file without
//     any LF (cr set), CR ends records.
//   - A quotation mark inside an unquoted cell, or text after the closing one, is
//     a stray quote: the cell is taken as printed up to the next separator or
//     line end.
//   - A stray quote in a quoted cell that already spans lines means that the
//     opening quotation mark was never meant to span them; so does a cell that is
//     still open at the end of the file or at the size limit. The record is then
//     cut at the first line end after that opening mark, and the lines after it
//     are read afresh: a quote left open costs one row, not the rest of the file.
//
// Reading lines afresh is paid from a budget proportional to the input, so that a
// file made of such cases is still read in linear time; when the budget is used
// up, quoted cells may not span lines until it has recovered.
type scanner struct {
	in    io.Reader
	buf   []byte
	r, w  int
	err   error // first error of in, io.EOF included
	delim byte
	cr    bool
	max   int
	line  int64    // physical line at r
	wide  Encoding // UTF-16 form of the original stream, empty if bytes are as stored
	over  bool     // inside a physical line that exceeded max

	eaten int64 // bytes consumed
	debt  int64 // bytes looked at and given back
	rec   record
	raw   []byte // re-encoded record of a wide stream
}

// span is one cell within a record.
type span struct {
	start, end int
	escaped    bool // contains doubled quotation marks to be halved
}

type record struct {
	raw          []byte // as in the file
	text         []byte // as scanned: equals raw unless the stream is wide
	spans        []span
	problems     []Problem
	cells        int // number of cells, spans beyond maxCells not kept
	refused      bool
	continuation bool
}

const (
	firstBuffer = 256 << 10
	debtGrace   = 64 << 20

	// maxCells and maxProblems bound what one record can make the reader hold.
	maxCells    = 1 << 16
	maxProblems = 20
)

func newScanner(in io.Reader, delim byte, limit int) *scanner {
	return &scanner{in: in, delim: delim, max: limit, line: 1, buf: make([]byte, firstBuffer)}
}

type status int

const (
	complete status = iota // a whole record was found
	partial                // the data end inside the record
	broken                 // a quote left open: cut the record at its first line end
)

// next returns the next record, or the error that ended the stream.
func (s *scanner) next() (*record, error) {
	if s.over {
		return s.nextPiece()
	}
	rec := &s.rec
	for {
		b := s.buf[s.r:s.w]
		if len(b) == 0 {
			if s.err != nil {
				return nil, s.err
			}
			s.fill()
			continue
		}
		atEnd := s.err == io.EOF
		n, open, st := s.parse(b, atEnd)
		if st == complete && n > s.max {
			st = partial
		}
		if st == partial && len(b) <= s.max {
			if s.err == nil {
				s.fill()
				continue
			}
			if !atEnd {
				return nil, s.err // damaged input: an incomplete record is not delivered
			}
		}
		rec.refused, rec.continuation = false, false
		if st == complete {
			if rec.cells > maxCells {
				rec.refused = true
				rec.spans = rec.spans[:0]
				s.problem(b, Problem{Code: ProblemTooLong, Variant: VariantCells, Value: strconv.Itoa(maxCells)}, 0, fmt.Sprintf("the record has %d cells; at most %d are read", rec.cells, maxCells))
			}
			return s.emit(n), nil
		}
		s.cut(b, n, open, st)
		return rec, nil
	}
}

// cut delivers the part of b that can be told to belong to a record that could not
// be completed. open is the position of the quotation mark left open, or -1; seen
// is how far the scan went.
func (s *scanner) cut(b []byte, seen, open int, st status) {
	rec := &s.rec
	rec.refused = true
	rec.problems = rec.problems[:0]
	if open >= 0 {
		column := len(rec.spans) + 1
		end, found := s.lineEnd(b[open:])
		end += open
		if found && end <= s.max || !found && len(b) <= s.max && s.err != nil {
			reason := "a quotation mark opened here is not closed before the end of the file"
			if st == broken {
				reason = "a quotation mark opened here is not closed"
			} else if seen > s.max {
				reason = fmt.Sprintf("a quotation mark opened here is not closed within %s", bytesText(int64(s.max)))
			}
			s.problem(b, Problem{Code: ProblemOpenQuote, Column: column}, open, reason)
			s.cell(span{start: open, end: s.trimEnd(b, open, end)})
			s.debt += int64(max(0, seen-end))
			s.emit(end)
			return
		}
	}
	n := s.pieceEnd(b)
	s.problem(b, Problem{Code: ProblemTooLong, Value: bytesText(int64(s.max))}, 0, fmt.Sprintf("the record is longer than %s", bytesText(int64(s.max))))
	rec.spans, rec.cells = rec.spans[:0], 0
	s.over = true
	s.emit(n)
}

// nextPiece delivers a further piece of an overlong record, up to the next line end.
func (s *scanner) nextPiece() (*record, error) {
	for {
		b := s.buf[s.r:s.w]
		end, found := s.lineEnd(b)
		switch {
		case found && end <= s.max:
			s.over = false
		case len(b) >= s.max:
			end = s.pieceEnd(b)
		case s.err == nil:
			s.fill()
			continue
		case len(b) == 0:
			return nil, s.err
		default:
			end = len(b)
			s.over = false
		}
		rec := &s.rec
		rec.spans, rec.cells, rec.problems = rec.spans[:0], 0, rec.problems[:0]
		rec.refused, rec.continuation = true, true
		s.problem(b, Problem{Code: ProblemTooLong, Value: bytesText(int64(s.max))}, 0, fmt.Sprintf("continues a record longer than %s", bytesText(int64(s.max))))
		return s.emit(end), nil
	}
}

// pieceEnd returns where to cut an overlong line: at the limit, but in converted
// UTF-16 never inside a character, which could not be converted back in halves.
func (s *scanner) pieceEnd(b []byte) int {
	n := min(len(b), s.max)
	for s.wide != "" && n < len(b) && n > 1 && b[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// emit consumes n bytes as the current record.
func (s *scanner) emit(n int) *record {
	b := s.buf[s.r : s.r+n]
	s.r += n
	s.eaten += int64(n)
	if s.cr {
		s.line += int64(bytes.Count(b, []byte{'\r'}))
	} else {
		s.line += int64(bytes.Count(b, []byte{'\n'}))
	}
	s.rec.text, s.rec.raw = b, b
	if s.wide != "" {
		s.raw = narrow(s.raw[:0], b, s.wide)
		s.rec.raw = s.raw
	}
	return &s.rec
}

// fill reads more input behind the unread bytes, moving or growing the buffer.
func (s *scanner) fill() {
	if s.r > 0 {
		copy(s.buf, s.buf[s.r:s.w])
		s.w -= s.r
		s.r = 0
	}
	if s.w == len(s.buf) {
		size := min(2*len(s.buf), max(s.max, firstBuffer)+firstBuffer)
		if size <= s.w {
			size = s.w + firstBuffer
		}
		grown := make([]byte, size)
		copy(grown, s.buf[:s.w])
		s.buf = grown
	}
	// The buffer is filled as far as possible: every record cut off by its end is
	// scanned again from its start.
	n, err := io.ReadFull(s.in, s.buf[s.w:])
	s.w += n
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	s.err = err
}

// lineEnd returns the position after the first line end in b, or len(b).
func (s *scanner) lineEnd(b []byte) (int, bool) {
	nl := byte('\n')
	if s.cr {
		nl = '\r'
	}
	if i := bytes.IndexByte(b, nl); i >= 0 {
		return i + 1, true
	}
	return len(b), false
}

// trimEnd returns end without the line end that stands before it.
func (s *scanner) trimEnd(b []byte, start, end int) int {
	if s.cr {
		if end > start && b[end-1] == '\r' {
			end--
		}
		return end
	}
	if end > start && b[end-1] == '\n' {
		end--
		if end > start && b[end-1] == '\r' {
			end--
		}
	}
	return end
}

// cell adds a cell to the record.
func (s *scanner) cell(c span) {
	s.rec.cells++
	if s.rec.cells <= maxCells {
		s.rec.spans = append(s.rec.spans, c)
	}
}

// problem records something wrong at position pos of the record b.
func (s *scanner) problem(b []byte, p Problem, pos int, reason string) {
	if len(s.rec.problems) == maxProblems {
		return
	}
	nl := []byte{'\n'}
	if s.cr {
		nl[0] = '\r'
	}
	before := b[:pos]
	p.Line, p.Byte, p.Reason = s.line+int64(bytes.Count(before, nl)), pos-bytes.LastIndexByte(before, nl[0]), reason
	s.rec.problems = append(s.rec.problems, p)
}

// parse scans one record at the start of b. It returns the number of bytes looked
// at (for a complete record: its length), and the position of a quotation mark
// still open, or -1.
func (s *scanner) parse(b []byte, atEnd bool) (n, open int, st status) {
	rec := &s.rec
	rec.spans, rec.cells, rec.problems = rec.spans[:0], 0, rec.problems[:0]
	single := s.debt > debtGrace+4*s.eaten
	delim, lf, cr := s.delim, byte('\n'), byte('\r')
	if s.cr {
		lf, cr = '\r', 0
	}
	i := 0
	for {
		start := i
		quoted := i < len(b) && b[i] == '"'
		if quoted {
			escaped := false
			for i++; ; i += 2 {
				j := bytes.IndexByte(b[i:], '"')
				if j < 0 {
					if !atEnd && !single {
						return len(b), start, partial
					}
					if single {
						if _, found := s.lineEnd(b[start:]); !found && !atEnd {
							return len(b), start, partial
						}
					}
					return len(b), start, broken
				}
				i += j
				if i+1 == len(b) {
					if !atEnd {
						return len(b), start, partial
					}
					break
				}
				if b[i+1] != '"' {
					break
				}
				escaped = true
			}
			if single {
				if _, found := s.lineEnd(b[start:i]); found {
					return i, start, broken
				}
			}
			// b[i] is a quotation mark not followed by another.
			next := i + 1
			switch {
			case next == len(b):
				s.cell(span{start + 1, i, escaped})
				return next, -1, complete
			case b[next] == delim:
				s.cell(span{start + 1, i, escaped})
				i = next + 1
				continue
			case b[next] == lf:
				s.cell(span{start + 1, i, escaped})
				return next + 1, -1, complete
			case b[next] == cr && cr != 0:
				if next+1 == len(b) && !atEnd {
					return len(b), start, partial
				}
				if next+1 < len(b) && b[next+1] == lf {
					s.cell(span{start + 1, i, escaped})
					return next + 2, -1, complete
				}
			}
			if _, found := s.lineEnd(b[start:i]); found {
				return next, start, broken
			}
			s.problem(b, Problem{Code: ProblemStrayQuote, Variant: VariantAfter, Column: rec.cells + 1}, i, "text follows a closing quotation mark")
			i = next
		}
		for i < len(b) && b[i] != delim && b[i] != lf && (b[i] != '"' || quoted) {
			i++
		}
		if i < len(b) && b[i] == '"' {
			s.problem(b, Problem{Code: ProblemStrayQuote, Column: rec.cells + 1}, i, "a quotation mark stands inside a cell that is not quoted")
			for i < len(b) && b[i] != delim && b[i] != lf {
				i++
			}
		}
		if i == len(b) {
			if !atEnd {
				return i, -1, partial
			}
			s.cell(span{start: start, end: i})
			return i, -1, complete
		}
		if b[i] == delim {
			s.cell(span{start: start, end: i})
			i++
			continue
		}
		s.cell(span{start: start, end: s.trimEnd(b, start, i+1)})
		return i + 1, -1, complete
	}
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

func hasByte(b []byte, c byte) bool { return bytes.IndexByte(b, c) >= 0 }
