package petitions

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Files of paper lines that were imported are remembered by a keyed hash of what
// they say, so that the same file taken twice does not count anybody twice. What
// stood in them is not kept.

// paperFiles is the name of the setting that holds, for a petition, how many lines
// of each file were taken, by the file's mark.
func paperFiles(petition int) string { return fmt.Sprintf("paper.files.%d", petition) }

// maxPaperFiles bounds how many files of a petition are remembered.
const maxPaperFiles = 2000

// fileMark names a file by its lines, however it was sent: folded names and places,
// addresses as typed, in their order.
func (d *Desk) fileMark(lines []PaperLine) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%s\x00%s\n", lineKey(l), strings.ToLower(l.Email))
	}
	return hex.EncodeToString(d.keys.House().Tag("paper file", []byte(b.String()))[:16])
}

// lineKey is what makes two lines without an address alike: folded name and place.
func lineKey(l PaperLine) string {
	return names.Fold(l.Name) + "\x00" + l.Country + "\x00" + names.Fold(l.Town)
}

// sameLines returns the lines without an address that say what an earlier one says.
func sameLines(lines []PaperLine) (out []int) {
	seen := map[string]bool{}
	for _, l := range lines {
		if l.Email != "" || l.Illegible {
			continue
		}
		if k := lineKey(l); seen[k] {
			out = append(out, l.At)
		} else {
			seen[k] = true
		}
	}
	return out
}

// fileDone returns how many lines of a file were taken before.
func (d *Desk) fileDone(ctx context.Context, petition int, mark string) (n int, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		all, err := readFiles(ctx, r, petition)
		n = all[mark]
		return err
	})
	return n, err
}

// noteFile remembers that so many lines of a file were taken.
func (d *Desk) noteFile(ctx context.Context, petition int, mark string, done int) error {
	return d.store.Aside(ctx, func(tx *store.Tx) error {
		all, err := readFiles(ctx, &tx.Reader, petition)
		if err != nil {
			return err
		}
		if _, known := all[mark]; !known && len(all) >= maxPaperFiles {
			return nil
		}
		all[mark] = max(all[mark], done)
		b, err := json.Marshal(all)
		if err != nil {
			return fmt.Errorf("remember a file of paper lines: %w", err)
		}
		return tx.PutSetting(ctx, paperFiles(petition), b)
	})
}

func readFiles(ctx context.Context, r *store.Reader, petition int) (map[string]int, error) {
	all := map[string]int{}
	b, err := r.Setting(ctx, paperFiles(petition))
	if err != nil || len(b) == 0 {
		return all, err
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("read which files of paper lines were taken: %w", err)
	}
	return all, nil
}
