package petitions

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// PackFormat names the form of a pack in its manifest. A change of what the
// files hold or are called changes it.
const PackFormat = "gawah-pack/2"

// PackOrder says for whom a pack is made.
type PackOrder struct {
	Audience  record.Audience
	Addressee string // key, for a pack for an addressee
	Lang      string // of the letter; the original's when the edition has no such text
	// Names lists the people who let the addressee see their name or initials. Without
	// it an addressee gets organisations and counts. To others it changes nothing: an
	// archive gets whom everybody may read anyway, and the press nobody.
	Names bool
}

// PackFile is one file of a pack, as its manifest lists it.
type PackFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
}

// Pack is a pack as it was made.
type Pack struct {
	Hash     string // SHA-256 of the whole ZIP
	Manifest string // SHA-256 of manifest.json
	Size     int64
	Name     string // a file name to offer
	People   int64  // counted, as the pack says
	Bodies   int64
	Named    int // people it names
	Files    []PackFile
	PDF      bool
}

// packManifest is manifest.json. It says nothing of when the pack was made: the
// same head and the same numbers give the same bytes.
type packManifest struct {
	Format   string `json:"format"`
	Petition struct {
		Number int         `json:"number"`
		Slug   string      `json:"slug"`
		Title  record.Text `json:"title"`
		URL    string      `json:"url,omitempty"`
	} `json:"petition"`
	Edition struct {
		Number int    `json:"number"`
		Hash   string `json:"hash"`
		// Struck says that somebody was erased from the text since: edition.json does
		// not give the hash any more.
		Struck bool `json:"struck,omitempty"`
	} `json:"edition"`
	Audience  record.Audience `json:"audience"`
	Addressee string          `json:"addressee,omitempty"`
	Lang      string          `json:"lang"`
	// Journal is the end of the house's journal that the records were read at.
	Journal struct {
		Size int64  `json:"size"`
		Root string `json:"root"` // RFC 6962, base64
	} `json:"journal"`
	Counts struct {
		AsOf          string `json:"as_of"` // RFC 3339, UTC
		People        int64  `json:"people"`
		Paper         int64  `json:"of_these_on_paper"`
		Organisations int64  `json:"organisations"`
		Named         int    `json:"people_named_here"`
	} `json:"counts"`
	Files []PackFile `json:"files"`
}

// Letter is what a printed letter is made from.
type Letter struct {
	Page      *Page
	Edition   *record.Edition
	Text      record.EditionText
	Audience  record.Audience
	Addressee *record.Addressee // nil but in a pack for one
	// Demands are those of the addressee, with their numbers in the whole, or all.
	Demands []petition.NumberedDemand
	Bodies  []*record.Endorsement // confirmed and not only of an original
	Numbers *signature.Snapshot
	URL     string
}

// Printer writes a letter as one HTML document that needs nothing from elsewhere.
// The same letter gives the same bytes.
type Printer interface {
	Letter(ctx context.Context, l *Letter) ([]byte, error)
	// Card draws a small picture of the petition and its count, as SVG.
	Card(ctx context.Context, l *Letter) ([]byte, error)
}

// PDF prints an HTML document, so that the same document gives the same bytes. It
// returns [ErrNoPDF] where that cannot be done.
type PDF interface {
	PDF(ctx context.Context, html []byte) ([]byte, error)
}

// ErrNoPDF means that nothing here can write PDF; the letter is then in the pack
// as HTML with print styles alone.
var ErrNoPDF = errors.New("nothing here can write PDF")

// ErrNoPrinter means that nobody has said how a letter is printed.
var ErrNoPrinter = errors.New("nothing here can print a letter")

// SetPrinter says how letters are printed, and how as PDF; the latter may be nil.
func (d *Desk) SetPrinter(p Printer, pdf PDF) {
	d.printing.Lock()
	defer d.printing.Unlock()
	d.printer, d.pdf = p, pdf
}

func (d *Desk) press() (Printer, PDF) {
	d.printing.Lock()
	defer d.printing.Unlock()
	return d.printer, d.pdf
}

// MakePack makes a pack as [Desk.BuildPack] does, with organisations and counts
// for an addressee, and returns its hash, by which [Desk.OpenPack] finds it.
func (d *Desk) MakePack(ctx context.Context, v access.Viewer, id record.PetitionID, audience record.Audience, addressee, lang string) (hash string, err error) {
	p, err := d.BuildPack(ctx, v, id, PackOrder{Audience: audience, Addressee: addressee, Lang: lang})
	if err != nil {
		return "", err
	}
	return p.Hash, nil
}

// BuildPack puts together what is handed over: the letter, the claims behind
// every number, who signed as far as they let this audience see it, what became of
// everything received, and a manifest with the hash of each file. A pack that
// names people is kept in memory for a while and never on disk, so that nobody who
// withdraws stays in a file of ours; any other is kept with the originals.
func (d *Desk) BuildPack(ctx context.Context, v access.Viewer, id record.PetitionID, o PackOrder) (Pack, error) {
	if !v.May(access.ActPetition) {
		return Pack{}, fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	m, err := d.gather(ctx, v, id, o)
	if err != nil {
		return Pack{}, err
	}
	files, err := d.files(ctx, m)
	if err != nil {
		return Pack{}, err
	}
	out := Pack{
		People: m.manifest.Counts.People, Bodies: m.manifest.Counts.Organisations, Named: len(m.people),
		Name: fmt.Sprintf("petition-%d-edition-%d-%s.zip", m.letter.Page.Petition.Number, m.letter.Edition.Number, cmp.Or(o.Addressee, string(o.Audience))),
	}
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		out.Files = append(out.Files, PackFile{Name: f.name, Size: int64(len(f.data)), Hash: hex.EncodeToString(sum[:])})
		out.PDF = out.PDF || strings.HasSuffix(f.name, ".pdf")
	}
	m.manifest.Files = out.Files
	manifest, err := indented(m.manifest)
	if err != nil {
		return Pack{}, err
	}
	sum := sha256.Sum256(manifest)
	out.Manifest = hex.EncodeToString(sum[:])
	files = append([]packPart{{"manifest.json", manifest}}, files...)
	data, err := zipped(files, time.UnixMicro(m.letter.Edition.Made).UTC().Truncate(24*time.Hour))
	if err != nil {
		return Pack{}, err
	}
	whole := sha256.Sum256(data)
	out.Hash, out.Size = hex.EncodeToString(whole[:]), int64(len(data))
	if out.Named > 0 {
		d.packs.put(out.Hash, id, data, d.now())
	} else if _, _, err := d.blobs.Put(ctx, bytes.NewReader(data), -1); err != nil {
		return Pack{}, fmt.Errorf("keep a pack: %w", err)
	}
	err = d.remember(ctx, id, madePack{
		Hash: out.Hash, Manifest: out.Manifest, Edition: m.letter.Edition.Number, Addressee: o.Addressee,
		People: out.People, Bodies: out.Bodies, AsOf: cmp.Or(m.letter.Numbers.At, d.micros()), Gone: m.letter.Numbers.Gone, Named: out.Named, At: d.micros(),
	})
	if err != nil {
		return Pack{}, err
	}
	return out, nil
}

// OpenPack returns a pack that was made of a petition: just now, or one that was
// handed over. One that named people is gone after a while ([record.ErrGone]).
func (d *Desk) OpenPack(ctx context.Context, v access.Viewer, id record.PetitionID, hash string) (io.ReadSeekCloser, error) {
	if !v.May(access.ActPetition) {
		return nil, fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	if data := d.packs.get(hash, id, d.now()); data != nil {
		return struct {
			io.ReadSeeker
			io.Closer
		}{bytes.NewReader(data), io.NopCloser(nil)}, nil
	}
	known := false
	err := d.view(ctx, func(r *store.Reader) error {
		if _, err := store.One[*record.Petition](ctx, r, v, id); err != nil {
			return err
		}
		made, err := packMade(ctx, r, id, hash)
		if err != nil {
			return err
		}
		if made != nil && made.Named > 0 {
			return fmt.Errorf("the pack was not kept, because it named people: %w", record.ErrGone)
		}
		list, err := r.DeliveriesOf(ctx, v, id)
		known = made != nil || slices.ContainsFunc(list, func(x store.Item[*record.Delivery]) bool { return hash != "" && x.Rec.PackHash == hash })
		return err
	})
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fmt.Errorf("the pack: %w", record.ErrNotFound)
	}
	f, _, err := d.blobs.Get(hash)
	return f, err
}

// packShelf keeps for a while the packs that name people.
type packShelf struct {
	mu    sync.Mutex
	packs []shelved
}

type shelved struct {
	hash     string
	petition record.PetitionID
	data     []byte
	at       time.Time
}

// How many packs are kept in memory, and how long.
const (
	packsKept = 8
	packsLife = 15 * time.Minute
)

func (s *packShelf) put(hash string, petition record.PetitionID, data []byte, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packs = slices.DeleteFunc(s.packs, func(p shelved) bool { return p.hash == hash || now.Sub(p.at) > packsLife })
	s.packs = append(s.packs, shelved{hash, petition, data, now})
	if len(s.packs) > packsKept {
		s.packs = slices.Delete(s.packs, 0, len(s.packs)-packsKept)
	}
}

func (s *packShelf) get(hash string, petition record.PetitionID, now time.Time) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.packs {
		if p.hash == hash && p.petition == petition && now.Sub(p.at) <= packsLife {
			return p.data
		}
	}
	return nil
}

// material is everything that goes into a pack.
type material struct {
	letter   Letter
	manifest packManifest
	people   []signing.Signer
	others   int64 // people who are counted and not named here
	sources  map[record.SourceID]*record.Source
	lang     string
	journal  *packJournal // of an archive
}

// gather reads everything from one snapshot of the register, and the numbers as
// the public sees them.
func (d *Desk) gather(ctx context.Context, v access.Viewer, id record.PetitionID, o PackOrder) (*material, error) {
	switch {
	case !slices.Contains([]record.Audience{record.ForAddressee, record.ForPress, record.ForArchive}, o.Audience):
		return nil, wrong("audience", "choice")
	case (o.Audience == record.ForAddressee) != (o.Addressee != ""):
		return nil, wrong("addressee", "required")
	}
	m := &material{}
	var petitionNumber int
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if item.Rec.Foreign != nil {
			return errForeign
		}
		if !owns(v, item.Rec) {
			return errNotOwner
		}
		petitionNumber = item.Rec.Number
		// Whoever makes it, a pack holds what is public.
		page, err := pageOf(ctx, r, access.Anyone(), item)
		if err != nil {
			return err
		}
		e := page.Edition()
		if e == nil {
			return wrong("publication", "petition_state")
		}
		m.letter = Letter{Page: page, Edition: e, Audience: o.Audience, URL: d.url}
		m.letter.Text = e.Texts[0]
		for _, t := range e.Texts {
			if t.Lang == o.Lang {
				m.letter.Text = t
			}
		}
		m.lang = m.letter.Text.Lang
		m.letter.Demands = petition.Flatten(e.Demands)
		if o.Audience == record.ForAddressee {
			a, ok := addresseeOf(e, o.Addressee)
			if !ok {
				return wrong("addressee", "choice")
			}
			m.letter.Addressee, m.letter.Demands = &a, petition.AskedOf(e.Demands, o.Addressee)
		}
		for _, b := range page.Bodies {
			if b.State == record.EndorsementConfirmed && b.Role != record.RoleOriginal {
				m.letter.Bodies = append(m.letter.Bodies, b)
			}
		}
		var ids []record.SourceID
		for _, c := range e.Cited {
			for _, k := range c.Claims {
				ids = append(ids, k.Source)
			}
			if c.Source != "" {
				ids = append(ids, c.Source)
			}
		}
		found, err := store.Get[*record.Source](ctx, r, access.Anyone(), ids...)
		if err != nil {
			return err
		}
		m.sources = map[record.SourceID]*record.Source{}
		for id, s := range found {
			m.sources[id] = s.Rec
		}
		head, err := r.HeadOf(ctx)
		if err != nil {
			return err
		}
		frontier, err := ledger.ParseFrontier(head.Size, head.Frontier)
		if err != nil {
			return err
		}
		m.manifest.Journal.Size = head.Size
		if head.Size > 0 {
			m.manifest.Journal.Root = frontier.Root().String()
		}
		if o.Audience == record.ForArchive {
			m.journal, err = journalOf(ctx, r, id, head.Size, m.manifest.Journal.Root)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	m.letter.Numbers = &signature.Snapshot{Petition: petitionNumber}
	if d.signing != nil {
		if m.letter.Numbers, err = d.signing.Snapshot(ctx, petitionNumber); err != nil {
			return nil, err
		}
		if m.people, m.others, err = d.named(ctx, petitionNumber, o); err != nil {
			return nil, err
		}
	}
	d.describe(m, o)
	return m, nil
}

// named lists the people whom an audience may see, by name, country and town: the
// order in which they signed is nobody's business.
func (d *Desk) named(ctx context.Context, number int, o PackOrder) (list []signing.Signer, others int64, err error) {
	to := signature.ToPublic
	switch {
	case o.Audience == record.ForPress, o.Audience == record.ForAddressee && !o.Names:
		return nil, 0, nil
	case o.Audience == record.ForAddressee:
		to = signature.ToAddressee
	}
	others, err = d.signing.Signers(ctx, number, to, func(s signing.Signer) error {
		// Town, way and edition tell more than was asked for.
		list = append(list, signing.Signer{Name: s.Name, Country: s.Country, Initials: s.Initials})
		return nil
	})
	slices.SortFunc(list, func(a, b signing.Signer) int {
		return cmp.Or(strings.Compare(a.Country, b.Country), strings.Compare(a.Name, b.Name))
	})
	return list, others, err
}

func (d *Desk) describe(m *material, o PackOrder) {
	x := &m.manifest
	p, e, n := m.letter.Page.Petition, m.letter.Edition, m.letter.Numbers
	x.Format = PackFormat
	x.Petition.Number, x.Petition.Slug, x.Petition.Title = p.Number, p.Slug, p.Title
	if d.url != "" {
		x.Petition.URL = d.url + "/petitions/" + p.Slug
	}
	x.Edition.Number, x.Edition.Hash, x.Edition.Struck = e.Number, e.Hash, e.Struck
	x.Audience, x.Addressee, x.Lang = o.Audience, o.Addressee, m.lang
	if n.At > 0 {
		x.Counts.AsOf = n.When().Truncate(time.Minute).Format(time.RFC3339)
	}
	x.Counts.People, x.Counts.Paper, x.Counts.Organisations, x.Counts.Named = n.People(), n.Paper, int64(len(m.letter.Bodies)), len(m.people)
}

// packPart is a file on its way into a pack.
type packPart struct {
	name string
	data []byte
}

// zipped writes a ZIP whose bytes depend on nothing but the files and a day.
func zipped(files []packPart, day time.Time) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: day})
		if err != nil {
			return nil, fmt.Errorf("write a pack: %w", err)
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, fmt.Errorf("write a pack: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write a pack: %w", err)
	}
	return out.Bytes(), nil
}

func indented(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write a pack: %w", err)
	}
	return out.Bytes(), nil
}
