package casework

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// releaseTries is how often a release is written from a snapshot before it is
// written while nobody else may write.
const releaseTries = 3

// errMoved says that a release would hold what was changed or taken back since it
// was written.
var errMoved = errors.New("the register was changed meanwhile")

// MakeRelease freezes the public record as a numbered archive that stays as it
// is: the flat tables with their codebook, and the same as JSON and GeoJSON, each
// with what it could not hold.
//
// All of it is read from one snapshot, the one after as many journal entries as
// the release names. Where a record was changed, hidden or erased before the
// release was entered, the archive is written again; what was only added since is
// for the next release.
func (h *House) MakeRelease(ctx context.Context, v access.Viewer, note record.Text) (record.Release, error) {
	if err := require(v, access.ActRelease); err != nil {
		return record.Release{}, err
	}
	for range releaseTries {
		p := &releasing{house: h}
		if err := h.view(ctx, func(r *store.Reader) error { return p.plan(ctx, r) }); err != nil {
			return record.Release{}, err
		}
		// A crash from here on leaves a file that an erasure looks through and that is
		// swept like an upload nobody imported.
		var out record.Release
		err := h.noteStaged(ctx, p.hash)
		if err == nil {
			out, err = p.enter(ctx, v, note)
		}
		if err == nil {
			return out, nil
		}
		if err = errors.Join(err, h.dropRelease(ctx, p.hash)); !errors.Is(err, errMoved) {
			return record.Release{}, err
		}
	}
	// The register does not stand still long enough: while this is written, it does.
	p := &releasing{house: h}
	var out record.Release
	err := h.do(ctx, v, access.ActRelease, "make release", "", func(w *Work) error {
		err := p.plan(ctx, &w.tx.Reader)
		if err == nil {
			out, err = p.create(w, note)
		}
		return err
	})
	if err != nil {
		return record.Release{}, errors.Join(err, h.dropRelease(ctx, p.hash))
	}
	return out, nil
}

// releasing is one release on its way: an archive written from a snapshot, to be
// entered while that still holds.
type releasing struct {
	house  *House
	number int
	// entries is the length of the journal that the archive follows from.
	entries int64
	hash    string
	size    int64
}

// plan writes the archive from a snapshot.
func (p *releasing) plan(ctx context.Context, r *store.Reader) error {
	all, err := r.Releases(ctx, access.House())
	if err != nil {
		return err
	}
	p.number = 1
	if len(all) > 0 {
		p.number = all[0].Rec.Number + 1
	}
	// The number of a withdrawn release is not given again.
	err = r.Gone(ctx, func(ref record.Ref) error {
		if ref.Kind == record.KindRelease {
			p.number++
		}
		return nil
	})
	if err != nil {
		return err
	}
	head, err := r.HeadOf(ctx)
	if err != nil {
		return err
	}
	p.entries = head.Size
	pr, pw := io.Pipe()
	written := make(chan struct{})
	go func() {
		defer close(written)
		pw.CloseWithError(p.house.writeRelease(ctx, r, p.number, pw))
	}()
	p.hash, p.size, err = p.house.blobs.Put(ctx, pr, -1)
	_ = pr.Close()
	<-written // the snapshot is read by one goroutine
	if err != nil {
		return fmt.Errorf("write a release: %w", err)
	}
	return nil
}

// enter makes the archive a release, or fails with errMoved.
func (p *releasing) enter(ctx context.Context, v access.Viewer, note record.Text) (record.Release, error) {
	// Most of what was entered meanwhile is looked at before anybody has to wait.
	seen := p.entries
	err := p.house.view(ctx, func(r *store.Reader) (err error) {
		seen, err = p.unmoved(ctx, r, seen)
		return err
	})
	if err != nil {
		return record.Release{}, err
	}
	var out record.Release
	err = p.house.do(ctx, v, access.ActRelease, "make release", "", func(w *Work) error {
		if _, err := p.unmoved(ctx, &w.tx.Reader, seen); err != nil {
			return err
		}
		var err error
		out, err = p.create(w, note)
		return err
	})
	return out, err
}

// unmoved reads the entries from one on and fails with errMoved when one of them
// did anything but add records. It returns where the journal ends.
func (p *releasing) unmoved(ctx context.Context, r *store.Reader, from int64) (int64, error) {
	err := r.Entries(ctx, from, func(e store.Entry) error {
		from = e.Seq + 1
		var leaf ledger.Leaf
		if err := json.Unmarshal(e.Leaf, &leaf); err != nil {
			return fmt.Errorf("read journal entry %d: %w", e.Seq, err)
		}
		for _, w := range leaf.Writes {
			switch {
			case w.Kind == kindSignature || w.Kind == string(kindAccount) || w.Kind == string(kindSetting):
			case w.Rev != 1 || w.Kind == string(record.KindRelease):
				return errMoved
			}
		}
		return nil
	})
	return from, err
}

func (p *releasing) create(w *Work, note record.Text) (record.Release, error) {
	id, err := w.random.id(w.house.now())
	if err != nil {
		return record.Release{}, err
	}
	out := record.Release{
		ID: record.ReleaseID(id), Number: p.number, Hash: p.hash, Size: p.size, Made: w.at, Entries: p.entries, Note: note, Visibility: record.Public,
	}
	staged, err := stagedFiles(w.ctx, &w.tx.Reader)
	if err != nil {
		return record.Release{}, err
	}
	if _, ok := staged[p.hash]; ok {
		delete(staged, p.hash)
		if err := putStaged(w.ctx, w.tx, staged); err != nil {
			return record.Release{}, err
		}
	}
	return out, w.Create(&out)
}

// dropRelease removes an archive that became no release, unless the same bytes
// became one meanwhile.
func (h *House) dropRelease(ctx context.Context, hash string) error {
	if hash == "" {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	return h.view(ctx, func(r *store.Reader) error {
		released, err := releasedBlobs(ctx, r)
		if err != nil || released[hash] {
			return err
		}
		return h.blobs.Remove(hash)
	})
}

// writeRelease writes the archive from a snapshot. Its members are named in a
// fixed order and carry no time of their own but the day of the release.
func (h *House) writeRelease(ctx context.Context, r *store.Reader, number int, w io.Writer) error {
	z := zip.NewWriter(w)
	made := h.Now().Truncate(24 * time.Hour)
	member := func(name string, method uint16) (io.Writer, error) {
		return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: made})
	}
	losses := map[string]exchange.LossReport{}
	for _, format := range []string{"csv", "json", "geojson"} {
		f, err := exportFormat(format)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("gawah-%d%s", number, f.Extension)
		if f.Media == "application/zip" {
			name = fmt.Sprintf("gawah-%d-tables.zip", number)
		}
		method := zip.Deflate
		if f.Media == "application/zip" {
			method = zip.Store
		}
		m, err := member(name, method)
		if err != nil {
			return err
		}
		if losses[format], err = h.exportFrom(ctx, r, access.Anyone(), format, number, m); err != nil {
			return err
		}
	}
	for _, format := range []string{"csv", "json", "geojson"} {
		m, err := member("losses-"+format+".txt", zip.Deflate)
		if err != nil {
			return err
		}
		for _, l := range losses[format].Items {
			if _, err := fmt.Fprintf(m, "%s\t%s\t%s\n", l.Record, l.Field, l.What); err != nil {
				return err
			}
		}
	}
	return z.Close()
}
