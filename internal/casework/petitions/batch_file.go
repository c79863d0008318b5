package petitions

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// A line of paper is recognised by where it stands: batch, sheet, line. Of what
// stands in it nothing is kept by which it could be found again, because names are
// few: whoever has a key can try them all. Only a long file as a whole is
// remembered by a keyed hash, so that it is noticed in another batch too; to try one
// name in it somebody would have to know all the others, in their order.

// markedLines is how many lines without an address a file has at least that is
// remembered as a whole.
const markedLines = 10

// maxPaperFiles bounds how many files of a petition are remembered.
const maxPaperFiles = 2000

// paperFiles is the name of the setting that holds, for a petition, into which
// batch each file was taken, by the file's mark.
func paperFiles(petition int) string { return fmt.Sprintf("paper.files.%d", petition) }

// fileMark names a file by its lines, however it was sent: folded names and places,
// addresses as typed, in their order. It is "" for a file that is too short.
func fileMark(key *seal.Petition, lines []PaperLine) string {
	var b strings.Builder
	bare := 0
	for _, l := range lines {
		fmt.Fprintf(&b, "%s\x01%s\n", lineKey(l), strings.ToLower(l.Email))
		if l.Email == "" {
			bare++
		}
	}
	if bare < markedLines {
		return ""
	}
	return hex.EncodeToString(key.File(b.String()))
}

// lineKey is what makes two lines without an address alike: folded name and place.
func lineKey(l PaperLine) string {
	return names.Fold(l.Name) + "\x01" + l.Country + "\x01" + names.Fold(l.Town)
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

// fileBatch returns the number of the batch into which a file was taken, 0 for a
// file that is not remembered.
func (d *Desk) fileBatch(ctx context.Context, petition int, mark string) (batch int, err error) {
	if mark == "" {
		return 0, nil
	}
	err = d.view(ctx, func(r *store.Reader) error {
		all, err := readFiles(ctx, r, petition)
		batch = all[mark]
		return err
	})
	return batch, err
}

// noteFile remembers into which batch a file was taken.
func (d *Desk) noteFile(ctx context.Context, petition int, mark string, batch int) error {
	if mark == "" {
		return nil
	}
	return d.store.Aside(ctx, func(tx *store.Tx) error {
		if err := tx.LockPetitions(ctx, petition); err != nil {
			return err
		}
		all, err := readFiles(ctx, &tx.Reader, petition)
		if err != nil {
			return err
		}
		if _, known := all[mark]; known || len(all) >= maxPaperFiles {
			return nil
		}
		all[mark] = batch
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

// forgetFiles forgets a petition's files of paper lines with what stood in them.
func forgetFiles(ctx context.Context, tx *store.Tx, petition int) error {
	b, err := tx.Setting(ctx, paperFiles(petition))
	if err != nil || len(b) == 0 {
		return err
	}
	return tx.PutSetting(ctx, paperFiles(petition), nil)
}

// LastSheet returns the highest number of a sheet of which lines of a batch were
// taken, 0 where there is none, to whoever works on the batch.
func (d *Desk) LastSheet(ctx context.Context, v access.Viewer, id record.BatchID) (n int, err error) {
	b, p, err := d.batch(ctx, v, id)
	if err != nil {
		return 0, err
	}
	err = d.view(ctx, func(r *store.Reader) error {
		n, err = r.LastSheet(ctx, p.Number, b.Rec.Number)
		return err
	})
	return n, err
}
