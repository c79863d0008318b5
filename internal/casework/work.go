package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Work is one use case on its way: a transaction, on whose behalf it runs, and
// what it has written so far. It ends as one journal entry.
type Work struct {
	house  *House
	tx     *store.Tx
	ctx    context.Context
	viewer access.Viewer
	random *randomness
	at     int64

	action  string
	subject record.Ref
	run     record.ImportID
	note    string

	writes []ledger.Write
	// levels caches the effective levels of records this work has written or
	// looked up.
	levels map[record.Ref]access.Level
	// stale are the events whose figures have to be worked out again; fresh those
	// made in this work, of which nothing is kept yet.
	stale map[record.EventID]bool
	fresh map[record.EventID]bool
	// weaker are the events and people about whom a claim counts for less now.
	weaker map[record.Ref]bool
}

// Do runs a use case of another room in one transaction and journals it under the
// action's name, as every change is: fn writes through [Work.Create] and
// [Work.Change] and reads through [Work.Tx]. need is the right it takes, note the
// reason in the person's words.
func (h *House) Do(ctx context.Context, v access.Viewer, need access.Action, action, note string, fn func(*Work) error) error {
	return h.do(ctx, v, need, action, note, fn)
}

// View runs fn on a snapshot of the database, for reading in another room of use
// cases.
func (h *House) View(ctx context.Context, fn func(*store.Reader) error) error { return h.view(ctx, fn) }

// Tx is the transaction this work is done in.
func (w *Work) Tx() *store.Tx { return w.tx }

// At is the instant of this work in microseconds UTC.
func (w *Work) At() int64 { return w.at }

// Viewer is on whose behalf this work is done.
func (w *Work) Viewer() access.Viewer { return w.viewer }

// do runs a use case in one transaction and journals it under the action's name.
// note is the reason in the person's words; it is kept in the erasable part.
func (h *House) do(ctx context.Context, v access.Viewer, need access.Action, action, note string, fn func(*Work) error) error {
	if err := require(v, need); err != nil {
		return err
	}
	if len(note) > record.MaxText {
		return &record.Invalid{Fields: []record.FieldError{{Field: "reason", Key: "invalid.long"}}}
	}
	return h.store.Write(ctx, func(tx *store.Tx) error {
		w := h.work(ctx, tx, v, action, note)
		if err := fn(w); err != nil {
			return err
		}
		if err := w.reground(); err != nil {
			return err
		}
		if err := w.refigure(); err != nil {
			return err
		}
		return w.enter()
	})
}

func (h *House) work(ctx context.Context, tx *store.Tx, v access.Viewer, action, note string) *Work {
	return &Work{
		house: h, tx: tx, ctx: ctx, viewer: v, random: newRandomness(), at: h.micros(), action: action, note: note,
		levels: map[record.Ref]access.Level{}, stale: map[record.EventID]bool{}, fresh: map[record.EventID]bool{},
		weaker: map[record.Ref]bool{},
	}
}

// about names the record that the entry is mainly about.
func (w *Work) about(ref record.Ref) { w.subject = ref }

// version makes the bytes, salt and hash of a record's version.
func (w *Work) version(r record.Record, rev int, author record.UserID) (*store.Version, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	level, err := w.level(r)
	if err != nil {
		return nil, err
	}
	body, err := ledger.Canonical(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Ref(), err)
	}
	salt, err := w.random.bytes(ledger.SaltSize)
	if err != nil {
		return nil, err
	}
	ref := r.Ref()
	w.writes = append(w.writes, ledger.Write{Kind: string(ref.Kind), ID: ref.ID, Rev: rev, Hash: ledger.Hex(ledger.Commit(salt, body))})
	w.levels[ref] = level
	if w.subject.IsZero() {
		w.subject = ref
	}
	return &store.Version{
		Record: r, Rev: rev, Level: level, Author: author, Entry: w.tx.Head.Size, At: w.at, Role: string(w.viewer.Role),
		Salt: salt, Body: body, Tokens: tokens(r),
	}, nil
}

// Commit enters hashes of what is kept in no version: of signatures, which are
// about a petition. They stand for nothing that check could look up.
func (w *Work) Commit(about record.Ref, hashes [][32]byte) {
	w.about(about)
	for _, h := range hashes {
		w.writes = append(w.writes, ledger.Write{Kind: kindSignature, Hash: ledger.Hex(h)})
	}
}

// kindSignature is the kind of a commitment to a signature in a leaf.
const kindSignature = "signature"

// Create writes the first version of a record.
func (w *Work) Create(r record.Record) error {
	gone, err := w.tx.IsGone(w.ctx, r.Ref())
	if err != nil {
		return err
	}
	if gone {
		return fmt.Errorf("%s was erased and stays so: %w", r.Ref(), record.ErrGone)
	}
	v, err := w.version(r, 1, w.viewer.User)
	if err != nil {
		return err
	}
	if err := w.tx.Insert(w.ctx, v); err != nil {
		return err
	}
	if e, ok := r.(*record.Event); ok {
		w.fresh[e.ID] = true
	}
	return w.touch(r)
}

// Change writes the next version of a record. rev is the revision the change was
// made on; when somebody else has changed the record since, nothing is written
// and the error is [record.ErrConflict].
func (w *Work) Change(r record.Record, rev int) error {
	old, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), r.Ref())
	if err != nil {
		return err
	}
	if old.Rev != rev {
		return fmt.Errorf("%s: %w", r.Ref(), record.ErrConflict)
	}
	v, err := w.version(r, rev+1, old.Author)
	if err != nil {
		return err
	}
	// Making something public, as most changes do, leaves its words alone; an
	// importer may have added some that are not in the record.
	v.SameTokens = slices.Equal(v.Tokens, tokens(old.Rec))
	if err := w.tx.Update(w.ctx, v); err != nil {
		return err
	}
	// Whatever changes in a claim may take ground from an accusation: whom it
	// quotes, what it repeats, whether it counts.
	if c, ok := old.Rec.(*record.Claim); ok {
		w.weaken(c)
	}
	if err := w.touch(old.Rec); err != nil {
		return err
	}
	if err := w.touch(r); err != nil {
		return err
	}
	if v.Level == old.Level {
		return nil
	}
	if err := w.relevel(r.Ref()); err != nil {
		return err
	}
	if e, ok := r.(*record.Event); ok {
		// Who sees an event decides whether it can be the page of others.
		return w.rejoin(e.ID)
	}
	return nil
}

// touch notes which figures depend on a record.
func (w *Work) touch(r record.Record) error {
	switch r := r.(type) {
	case *record.Claim:
		if r.Kind == record.KindMeasure && r.Subject.Kind == record.KindEvent {
			w.stale[record.EventID(r.Subject.ID)] = true
		}
	case *record.Event:
		if r.PartOf != "" {
			w.stale[r.PartOf] = true
		}
	case *record.Source:
		// Its publisher or date may have changed, and with them whose voice its
		// claims are. A source just made has no claims yet.
		if len(w.writes) > 0 && w.writes[len(w.writes)-1].Rev == 1 {
			return nil
		}
		claims, err := w.tx.ClaimsOf(w.ctx, access.House(), r.ID, 100_000)
		if err != nil {
			return err
		}
		for _, c := range claims {
			// A source found to be a reprint is no origin of its own any more.
			w.weaken(c.Rec)
			if err := w.touch(c.Rec); err != nil {
				return err
			}
		}
	}
	return nil
}

// enter appends the journal entry for everything written.
func (w *Work) enter() error {
	if len(w.writes) == 0 {
		return nil
	}
	leaf := ledger.Leaf{
		Action: w.action, Actor: string(w.viewer.User), Role: string(w.viewer.Role), At: w.at, Run: string(w.run), Writes: w.writes,
	}
	e := &store.Entry{
		Seq: w.tx.Head.Size, At: w.at, Actor: w.viewer.User, Role: string(w.viewer.Role), Action: w.action,
		Subject: w.subject, Run: w.run, Note: w.note,
	}
	if w.note != "" {
		salt, err := w.random.bytes(ledger.SaltSize)
		if err != nil {
			return err
		}
		e.NoteSalt = salt
		leaf.Note = ledger.Hex(ledger.Commit(salt, []byte(w.note)))
	}
	var err error
	if e.Leaf, err = ledger.Canonical(leaf); err != nil {
		return err
	}
	f, err := ledger.ParseFrontier(w.tx.Head.Size, w.tx.Head.Frontier)
	if err != nil {
		return err
	}
	e.Hashes = f.Append(e.Leaf)
	if err := w.tx.Append(w.ctx, e); err != nil {
		return err
	}
	w.tx.Head.Size, w.tx.Head.Frontier = f.Size, f.Bytes()
	w.writes, w.subject = nil, record.Ref{}
	return nil
}
