package petitions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// MaxReceipt bounds the scan of a receipt, and each file that comes with a reply,
// in bytes.
const MaxReceipt = 20 << 20

// codeEncoding writes the secret of a reply link so that it can be typed from
// paper: no 0, 1, 8 or 9, no capitals.
var codeEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// newCode makes the secret of a reply link, of 160 bits, and its hash.
func newCode() (secret, hash string, err error) {
	b := make([]byte, 20)
	if _, err := io.ReadFull(rand.Reader, b); err != nil {
		return "", "", fmt.Errorf("read randomness for a reply link: %w", err)
	}
	secret = strings.ToLower(codeEncoding.EncodeToString(b))
	return secret, codeHash(secret), nil
}

// codeHash is the hash of a secret as a person may type it.
func codeHash(secret string) string {
	secret = strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, secret))
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Deliver records that a petition was handed over to one of its addressees, which
// starts the clock of the answer. The caller fills in to whom, when, how, which pack
// by its hash, and until when an answer is due; identifier, petition, edition and
// our reference are given here. How many had signed is what the pack says, and
// without one what the public sees now: nobody types it. secret opens the one-time reply link:
// it is returned this once and kept only as a hash.
func (d *Desk) Deliver(ctx context.Context, v access.Viewer, id record.PetitionID, in record.Delivery) (out record.Delivery, secret string, err error) {
	did, err := d.house.NewID()
	if err != nil {
		return out, "", err
	}
	secret, hash, err := newCode()
	if err != nil {
		return out, "", err
	}
	// A scan comes by [Desk.Receipt], and a file by its hash alone from nowhere.
	in.ReceiptHash, in.Manifest, in.Count, in.Bodies, in.AsOf, in.Gone = "", "", 0, 0, 0, 0
	if in.PackHash == "" {
		shown, err := d.counted(ctx, v, id)
		if err != nil {
			return out, "", err
		}
		in.Count, in.Bodies, in.AsOf, in.Gone = shown.People(), shown.Organisations, shown.At, shown.Gone
	}
	err = d.do(ctx, v, access.ActPetition, "deliver petition", "", func(w *casework.Work) error {
		r := &w.Tx().Reader
		item, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		p := item.Rec
		switch {
		case p.Foreign != nil:
			return errForeign
		case !owns(v, p):
			return errNotOwner
		case p.Edition == 0 || p.Publication == record.PetitionStopped:
			return wrong("publication", "petition_state")
		}
		edition := p.Edition
		if in.PackHash != "" {
			pack, err := packMade(ctx, r, id, in.PackHash)
			if err != nil {
				return err
			}
			if pack == nil {
				return wrong("pack", "pack_unknown")
			}
			if pack.Addressee != "" && pack.Addressee != in.Addressee {
				return wrong("addressee", "choice")
			}
			edition, in.Manifest, in.Count, in.Bodies = pack.Edition, pack.Manifest, pack.People, pack.Bodies
			in.AsOf, in.Gone = pack.AsOf, pack.Gone
			if pack.Named > 0 {
				in.PackHash = "" // of a file that is kept nowhere; the manifest lists what was in it
			}
		}
		e, err := r.EditionOf(ctx, access.House(), id, edition)
		if err != nil {
			return err
		}
		if _, ok := addresseeOf(e.Rec, in.Addressee); !ok {
			return wrong("addressee", "choice")
		}
		before, err := r.DeliveriesOf(ctx, access.House(), id)
		if err != nil {
			return err
		}
		if in.On.IsZero() {
			today, err := edtf.NewDay(day(d.now()))
			if err != nil {
				return err
			}
			in.On = record.When{Date: today}
		}
		if err := d.past(in.On); err != nil {
			return err
		}
		in.ID, in.Petition, in.Edition, in.CodeHash = record.DeliveryID(did), id, edition, hash
		in.Reference = fmt.Sprintf("P%d/%d", p.Number, len(before)+1)
		if in.Visibility == "" {
			in.Visibility = record.Public
		}
		out = in
		return w.Create(&in)
	})
	if err != nil {
		return record.Delivery{}, "", err
	}
	return out, secret, nil
}

// counted returns a petition's numbers as the public sees them at this moment.
func (d *Desk) counted(ctx context.Context, v access.Viewer, id record.PetitionID) (signature.Snapshot, error) {
	none := signature.Snapshot{At: d.micros()}
	if d.signing == nil {
		return none, nil
	}
	p, err := d.ByID(ctx, v, id)
	if err != nil || p.Rec.Edition == 0 || p.Rec.Foreign != nil {
		return none, err
	}
	snap, err := d.signing.Snapshot(ctx, p.Rec.Number)
	if err != nil {
		return none, err
	}
	return *snap, nil
}

// day is the date of an instant in UTC.
func day(t time.Time) (year, month, day int) {
	y, m, d := t.UTC().Date()
	return y, int(m), d
}

// addresseeOf returns one of an edition's addressees.
func addresseeOf(e *record.Edition, key string) (record.Addressee, bool) {
	i := slices.IndexFunc(e.Addressees, func(a record.Addressee) bool { return a.Key == key })
	if i < 0 {
		return record.Addressee{}, false
	}
	return e.Addressees[i], true
}

// changeDelivery is how every later use case about a delivery is done.
func (d *Desk) changeDelivery(ctx context.Context, v access.Viewer, action, reason string, id record.DeliveryID, rev int, fn func(*record.Delivery) error) error {
	return d.do(ctx, v, access.ActPetition, action, reason, func(w *casework.Work) error {
		r := &w.Tx().Reader
		item, err := store.One[*record.Delivery](ctx, r, v, id)
		if err != nil {
			return err
		}
		if rev != 0 && item.Rev != rev {
			return fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrConflict)
		}
		p, err := store.One[*record.Petition](ctx, r, v, item.Rec.Petition)
		if err != nil {
			return err
		}
		if !owns(v, p.Rec) {
			return errNotOwner
		}
		next := *item.Rec
		if err := fn(&next); err != nil {
			return err
		}
		return w.Change(&next, item.Rev)
	})
}

// Receipt adds to a delivery what the addressee gave for it: a number or stamp in
// words, and a scan when there is one (nil for none).
func (d *Desk) Receipt(ctx context.Context, v access.Viewer, id record.DeliveryID, rev int, words string, scan io.Reader) error {
	if !v.May(access.ActPetition) { // before anything is kept
		return fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	hash := ""
	if scan != nil {
		var err error
		if hash, _, err = d.blobs.Put(ctx, scan, MaxReceipt); err != nil {
			return fmt.Errorf("keep the scan of a receipt: %w", err)
		}
	}
	return d.changeDelivery(ctx, v, "note receipt", "", id, rev, func(x *record.Delivery) error {
		x.Receipt = words
		if hash != "" {
			x.ReceiptHash = hash
		}
		return nil
	})
}

// past refuses a day that has not come anywhere on earth: what signers gave is kept
// from the last delivery on.
func (d *Desk) past(on record.When) error {
	if day, ok := on.Date.Latest(); ok && int64(day)*dayMicros > d.micros()+dayMicros {
		return wrong("on", "future")
	}
	return nil
}

// CorrectDelivery changes what was noted of a delivery: to whom, when, how, until
// when an answer is due, the words beside it and who sees it.
func (d *Desk) CorrectDelivery(ctx context.Context, v access.Viewer, in record.Delivery, rev int, reason string) error {
	return d.changeDelivery(ctx, v, "correct delivery", reason, in.ID, rev, func(x *record.Delivery) error {
		if err := d.past(in.On); err != nil {
			return err
		}
		x.To, x.On, x.Channel, x.Due, x.Words, x.Note, x.Receipt, x.Visibility = in.To, in.On, in.Channel, in.Due, in.Words, in.Note, in.Receipt, in.Visibility
		return nil
	})
}

// NewReplyLink replaces the reply link of a delivery: the old one opens nothing
// any more. The secret is returned this once.
func (d *Desk) NewReplyLink(ctx context.Context, v access.Viewer, id record.DeliveryID, reason string) (secret string, err error) {
	secret, hash, err := newCode()
	if err != nil {
		return "", err
	}
	err = d.changeDelivery(ctx, v, "renew reply link", reason, id, 0, func(x *record.Delivery) error {
		x.CodeHash = hash
		return nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// ReplyForm is what somebody sees who opens a reply link.
type ReplyForm struct {
	Petition  *record.Petition
	Edition   *record.Edition
	Delivery  *record.Delivery
	Addressee record.Addressee
	Demands   []petition.NumberedDemand
}

// errLink says that a reply link opens nothing, whether it never did, was used or
// was replaced.
var errLink = fmt.Errorf("this reply link is not valid any more: %w", record.ErrGone)

// OpenReply returns what a reply link is for. Looking changes nothing.
func (d *Desk) OpenReply(ctx context.Context, secret string) (*ReplyForm, error) {
	var form ReplyForm
	err := d.view(ctx, func(r *store.Reader) error {
		item, err := r.DeliveryByCode(ctx, codeHash(secret))
		if errors.Is(err, record.ErrNotFound) {
			return errLink
		}
		if err != nil {
			return err
		}
		p, err := store.One[*record.Petition](ctx, r, access.Anyone(), item.Rec.Petition)
		if err != nil {
			return errLink
		}
		e, err := r.EditionOf(ctx, access.Anyone(), p.Rec.ID, item.Rec.Edition)
		if err != nil {
			return errLink
		}
		form = ReplyForm{Petition: p.Rec, Edition: e.Rec, Delivery: item.Rec}
		form.Addressee, _ = addresseeOf(e.Rec, item.Rec.Addressee)
		form.Demands = petition.AskedOf(e.Rec.Demands, item.Rec.Addressee)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &form, nil
}

// ReplyByLink publishes an addressee's answer, unedited, and ends its link: the
// caller fills in words, sender, date and the demands it speaks to.
func (d *Desk) ReplyByLink(ctx context.Context, secret string, in record.Reply) (record.Reply, error) {
	var out record.Reply
	id, err := d.house.NewID()
	if err != nil {
		return out, err
	}
	err = d.do(ctx, access.Anyone(), access.ActAsk, "reply by link", "", func(w *casework.Work) error {
		r := &w.Tx().Reader
		item, err := r.DeliveryByCode(ctx, codeHash(secret))
		if errors.Is(err, record.ErrNotFound) {
			return errLink
		}
		if err != nil {
			return err
		}
		delivery := *item.Rec
		e, err := r.EditionOf(ctx, access.Anyone(), delivery.Petition, delivery.Edition)
		if err != nil {
			return errLink
		}
		if in.Words.IsZero() {
			return wrong("words", "required")
		}
		out = record.Reply{
			ID: record.ReplyID(id), Petition: delivery.Petition, Delivery: delivery.ID, Addressee: delivery.Addressee, Received: w.At(),
			Dated: in.Dated, Channel: record.ByLink, From: in.From, Words: in.Words, Demands: asked(e.Rec, delivery.Addressee, in.Demands),
			Verified:   "sent through the one-time link handed over with " + delivery.Reference,
			Visibility: record.Public,
		}
		if err := w.Create(&out); err != nil {
			return err
		}
		delivery.CodeHash = ""
		return w.Change(&delivery, item.Rev)
	})
	return out, err
}

// asked keeps of some keys of demands those that are asked of an addressee.
func asked(e *record.Edition, addressee string, keys []string) []string {
	var out []string
	for _, n := range petition.AskedOf(e.Demands, addressee) {
		if slices.Contains(keys, n.Demand.Key) {
			out = append(out, n.Demand.Key)
		}
	}
	return out
}

// RecordReply records an answer that came another way than by the link. The
// caller fills in addressee, when it was received, how, its words or files as they
// came, and how it was made sure that it comes from the addressee.
func (d *Desk) RecordReply(ctx context.Context, v access.Viewer, id record.PetitionID, in record.Reply) (record.Reply, error) {
	rid, err := d.house.NewID()
	if err != nil {
		return record.Reply{}, err
	}
	err = d.do(ctx, v, access.ActPetition, "record reply", "", func(w *casework.Work) error {
		r := &w.Tx().Reader
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if !owns(v, p.Rec) {
			return errNotOwner
		}
		e, err := r.EditionOf(ctx, access.House(), id, p.Rec.Edition)
		if err != nil {
			return err
		}
		if _, ok := addresseeOf(e.Rec, in.Addressee); !ok {
			return wrong("addressee", "choice")
		}
		if in.Delivery != "" {
			x, err := store.One[*record.Delivery](ctx, r, v, in.Delivery)
			if err != nil {
				return err
			}
			if x.Rec.Petition != id || x.Rec.Addressee != in.Addressee {
				return wrong("delivery", "choice")
			}
		}
		if !d.kept.all(v.User, in.Files, d.now()) {
			return wrong("files", "choice")
		}
		in.ID, in.Petition = record.ReplyID(rid), id
		if in.Received == 0 {
			in.Received = w.At()
		}
		if in.Visibility == "" {
			in.Visibility = record.Public
		}
		in.Demands = asked(e.Rec, in.Addressee, in.Demands)
		return w.Create(&in)
	})
	return in, err
}

// keptFiles are the files that came lately for answers that are being recorded. A
// reply takes no others: whoever knew the hash of an original could read it as a
// file of their own petition.
type keptFiles struct {
	mu    sync.Mutex
	files []keptFile
}

type keptFile struct {
	hash string
	by   record.UserID
	at   time.Time
}

// How many files wait for their reply, and how long.
const (
	filesKept = 200
	filesLife = time.Hour
)

func (k *keptFiles) put(hash string, by record.UserID, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.files = append(k.files, keptFile{hash, by, now})
	k.files = k.files[max(0, len(k.files)-filesKept):]
}

// all reports whether somebody handed in every one of some files.
func (k *keptFiles) all(by record.UserID, hashes []string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !slices.ContainsFunc(hashes, func(hash string) bool {
		return !slices.ContainsFunc(k.files, func(f keptFile) bool {
			return f.hash == hash && f.by == by && now.Sub(f.at) <= filesLife
		})
	})
}

// KeepReplyFile keeps a file that came with an answer, for who handed it in to
// record the answer with, and returns its SHA-256.
func (d *Desk) KeepReplyFile(ctx context.Context, v access.Viewer, r io.Reader) (string, error) {
	if !v.May(access.ActPetition) {
		return "", fmt.Errorf("%s: %w", access.ActPetition, record.ErrForbidden)
	}
	hash, _, err := d.blobs.Put(ctx, r, MaxReceipt)
	if err == nil {
		d.kept.put(hash, v.User, d.now())
	}
	return hash, err
}
