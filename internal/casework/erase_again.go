package casework

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// struckSetting holds what an erasure remembers of rows and files that became no
// record and so cannot be frozen: a key, and a keyed hash of each. A name is never
// kept in this way: names are so few that anybody could find one from its hash.
const struckSetting = "erase.struck"

// struckSize is how much of a hash is kept, in bytes.
const struckSize = 16

// struckRows knows rows and files again that spoke of somebody who was erased. The
// zero value knows none.
type struckRows struct {
	key    []byte
	hashes map[[struckSize]byte]bool
}

func struckRowsOf(ctx context.Context, r *store.Reader) (struckRows, error) {
	kept, err := r.Setting(ctx, struckSetting)
	if err != nil || len(kept) < sha256.Size {
		return struckRows{}, err
	}
	s := struckRows{kept[:sha256.Size], map[[struckSize]byte]bool{}}
	for hash := range slices.Chunk(kept[sha256.Size:], struckSize) {
		if len(hash) == struckSize {
			s.hashes[[struckSize]byte(hash)] = true
		}
	}
	return s, nil
}

// struckBytes and struckKey are what is hashed of a row or file: its bytes, by
// their SHA-256, wherever they stand; and its identifier in a dataset, by which a
// newer version of the file has the row, mended.
func struckBytes(hash []byte) string        { return "bytes\x00" + string(hash) }
func struckKey(dataset, key string) string  { return "key\x00" + dataset + "\x00" + key }
func struckFile(hexadecimal string) string  { return "file\x00" + hexadecimal }
func (s struckRows) knows(what string) bool { return len(s.hashes) > 0 && s.hashes[s.hash(what)] }
func (s struckRows) file(hash string) bool  { return s.knows(struckFile(hash)) }
func (s struckRows) row(dataset string, row *exchange.Row) bool {
	return s.knows(struckBytes(row.Hash[:])) || (!row.Refused && s.knows(struckKey(dataset, row.Key)))
}

func (s struckRows) hash(what string) [struckSize]byte {
	h := hmac.New(sha256.New, s.key)
	_, _ = io.WriteString(h, what)
	return [struckSize]byte(h.Sum(nil))
}

// rememberStruck keeps the hashes of what the erasure found, in the transaction.
func (e *erasure) rememberStruck(w *Work) error {
	if len(e.struck) == 0 {
		return nil
	}
	known, err := struckRowsOf(w.ctx, &w.tx.Reader)
	if err != nil {
		return err
	}
	if known.key == nil {
		known = struckRows{make([]byte, sha256.Size), map[[struckSize]byte]bool{}}
		if _, err := rand.Read(known.key); err != nil {
			return fmt.Errorf("make the key of an erasure: %w", err)
		}
	}
	for _, what := range e.struck {
		known.hashes[known.hash(what)] = true
	}
	var hashes []string
	for hash := range known.hashes {
		hashes = append(hashes, string(hash[:]))
	}
	slices.Sort(hashes) // no order in which people were erased
	return w.tx.PutSetting(w.ctx, struckSetting, []byte(string(known.key)+strings.Join(hashes, "")))
}

// strikeUnread remembers the rows on some lines of a dataset's file that became no
// record, because they were refused or held nothing to take in: read again, they
// would bring the name back, in the file, in the report or as a record.
func (e *erasure) strikeUnread(ctx context.Context, hash string, runs []store.Item[*record.Import], lines map[int]bool) error {
	if len(lines) == 0 {
		return nil
	}
	for _, run := range runs {
		var o exchange.Options
		if run.Rec.Mapping != "" {
			m, err := exchange.DecodeMapping(strings.NewReader(run.Rec.Mapping))
			if err != nil {
				return fmt.Errorf("read the mapping of import %s: %w", run.Rec.ID, err)
			}
			o.Mapping = m
		} else if slices.ContainsFunc(exchange.Formats(), func(f exchange.Format) bool { return f.Name == run.Rec.Format && f.NeedsMapping }) {
			continue // nobody can say what its identifiers are; its rows are known by their bytes
		}
		err := e.house.onDisk(ctx, hash, run.Rec.Name, func(path string) error {
			rows, err := exchange.Open(run.Rec.Format, path, o)
			if err != nil {
				return fmt.Errorf("read the file of import %s again: %w", run.Rec.ID, err)
			}
			defer rows.Close()
			for {
				row, err := rows.Next()
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return nil //nolint:nilerr // the import ended here, too
				}
				if !lines[row.Line] {
					continue
				}
				e.struck = append(e.struck, struckBytes(row.Hash[:]))
				if row.Key == "" {
					continue
				}
				// The identifier may be that of another row, which was taken in.
				err = e.house.view(ctx, func(r *store.Reader) error {
					known, err := r.Rows(ctx, run.Rec.Dataset, []string{row.Key})
					if err == nil && len(known) == 0 {
						e.struck = append(e.struck, struckKey(run.Rec.Dataset, row.Key))
					}
					return err
				})
				if err != nil {
					return err
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
