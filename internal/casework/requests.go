package casework

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// codes are 80 random bits in four groups of four, in an alphabet without letters
// that are taken for digits when a code is copied from a screen: too many to
// guess, short enough to write down.
var codes = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func newCode() (string, error) {
	b := make([]byte, 10)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	s := codes.EncodeToString(b)
	return s[0:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16], nil
}

// hashCode forgives capitals, blanks, and the letters that look like digits.
func hashCode(code string) string {
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\t', '\r', '\n':
			return -1
		case 'o':
			return '0'
		case 'i', 'l':
			return '1'
		}
		return r
	}, strings.ToLower(code))
	sum := sha256.Sum256([]byte(clean))
	return hex.EncodeToString(sum[:])
}

// Ask takes a correction or a wish to hide from anybody and returns the code by
// which the sender follows it; the code is shown once and not kept. When a
// relative asks to hide a person, the person is hidden in the same transaction,
// before anybody decides, and public claims whose words name them are taken back if
// they have no public role.
//
// The answer does not tell whether the record exists or who may see it.
func (h *House) Ask(ctx context.Context, kind record.RequestKind, about record.Ref, page, words string, relative bool) (code string, err error) {
	code, err = newCode()
	if err != nil {
		return "", err
	}
	err = h.do(ctx, access.Anyone(), access.ActAsk, "ask", "", func(w *Work) error {
		person, err := w.concerned(&about)
		if err != nil {
			return err
		}
		id, err := w.random.id(h.now())
		if err != nil {
			return err
		}
		q := &record.Request{
			ID: record.RequestID(id), Kind: kind, About: about, Page: page, Words: strings.TrimSpace(words), Relative: relative,
			CodeHash: hashCode(code), Received: w.at, State: record.RequestOpen, Visibility: record.Internal,
		}
		w.about(q.Ref())
		if kind == record.AskHide && relative && person != nil && !person.Rec.Hidden {
			p := *person.Rec
			p.Hidden = true
			if err := w.Change(&p, person.Rev); err != nil {
				return err
			}
			if q.TakenBack, err = w.takeBackWords(&p); err != nil {
				return err
			}
		}
		return w.Create(q)
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// concerned returns the person a request is about, directly or through a part
// they had in an event, and empties a reference that leads nowhere.
func (w *Work) concerned(about *record.Ref) (*store.Item[*record.Person], error) {
	if about.IsZero() {
		return nil, nil
	}
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), *about)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		*about = record.Ref{}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var id record.PersonID
	switch r := item.Rec.(type) {
	case *record.Person:
		id = r.ID
	case *record.Involvement:
		id = r.Person
	case *record.Claim:
		if r.Subject.Kind == record.KindPerson {
			id = record.PersonID(r.Subject.ID)
		}
	}
	if id == "" {
		return nil, nil
	}
	p, err := store.One[*record.Person](w.ctx, &w.tx.Reader, access.House(), id)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// RequestStatus is what the sender of a request learns by their code.
type RequestStatus struct {
	Kind     record.RequestKind
	State    record.RequestState
	Received int64 // the day, as microseconds UTC
	// Hidden says that the person asked about is hidden at present.
	Hidden bool
	Reply  string
}

// RequestByCode returns where the request with a reply code stands, or
// [record.ErrNotFound].
func (h *House) RequestByCode(ctx context.Context, code string) (RequestStatus, error) {
	var out RequestStatus
	err := h.view(ctx, func(r *store.Reader) error {
		q, err := r.RequestByCode(ctx, hashCode(code))
		if err != nil {
			return err
		}
		out = RequestStatus{Kind: q.Rec.Kind, State: q.Rec.State, Received: dayOf(q.Rec.Received), Reply: q.Rec.Reply}
		if q.Rec.About.Kind == record.KindPerson {
			p, err := store.One[*record.Person](ctx, r, access.House(), q.Rec.About.ID)
			if err == nil {
				out.Hidden = p.Rec.Hidden
			} else if !errors.Is(err, record.ErrGone) && !errors.Is(err, record.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	return out, err
}

// dayOf drops the time of day from microseconds UTC.
func dayOf(at int64) int64 {
	return time.UnixMicro(at).UTC().Truncate(24 * time.Hour).UnixMicro()
}

// RequestItem is a request as the desk lists it.
type RequestItem struct {
	Request store.Item[*record.Request]
	About   SubjectName
	// Hidden says that the person asked about is hidden at present.
	Hidden bool
}

// Requests lists requests in a state, oldest first; the empty state is all.
func (h *House) Requests(ctx context.Context, v access.Viewer, state record.RequestState) ([]RequestItem, error) {
	if err := require(v, access.ActModerate); err != nil {
		return nil, err
	}
	var out []RequestItem
	err := h.view(ctx, func(r *store.Reader) error {
		found, err := r.Requests(ctx, v, state, 1000)
		if err != nil {
			return err
		}
		var refs []record.Ref
		var persons []record.PersonID
		for _, q := range found {
			if !q.Rec.About.IsZero() {
				refs = append(refs, q.Rec.About)
			}
			if q.Rec.About.Kind == record.KindPerson {
				persons = append(persons, record.PersonID(q.Rec.About.ID))
			}
		}
		names, err := subjectNames(ctx, r, v, refs)
		if err != nil {
			return err
		}
		people, err := store.Get[*record.Person](ctx, r, v, persons...)
		if err != nil {
			return err
		}
		for _, q := range found {
			item := RequestItem{Request: q, About: names[q.Rec.About]}
			if p, ok := people[record.PersonID(q.Rec.About.ID)]; ok {
				item.Hidden = p.Rec.Hidden
			}
			out = append(out, item)
		}
		return nil
	})
	return out, err
}

// Decide answers a request as it stood at revision rev. reply is for the sender;
// logged, if any, is the line of the public log, and must not name who asked or
// whom it is about when something was hidden.
//
// For a wish to hide a person, show says that they are shown again, which a
// request accepted as a whole rules out, as does another such request that is
// still open or was accepted, whether made about the person, their part in an
// event or a claim about them. Accepting it hides them for good: a refusal to be
// published is kept with the person's consents. Only an editor decides anew what
// was decided before; showing somebody then takes that refusal back.
func (h *House) Decide(ctx context.Context, v access.Viewer, id record.RequestID, rev int, state record.RequestState, reply string, logged record.Text, show bool) error {
	return h.do(ctx, v, access.ActModerate, "decide request", "", func(w *Work) error {
		item, err := store.One[*record.Request](ctx, &w.tx.Reader, v, id)
		if err != nil {
			return err
		}
		if state == record.RequestOpen {
			return invalid("state", "choice")
		}
		before := item.Rec.State
		if before != record.RequestOpen && !v.May(access.ActEdit) {
			// The sender was told; whoever answered does not take it back alone.
			return fmt.Errorf("a request that was decided is decided anew by an editor: %w", record.ErrForbidden)
		}
		q := *item.Rec
		q.State, q.Reply, q.Logged = state, reply, logged
		q.Review = record.Review{By: v.User, At: w.at}
		if err := w.Change(&q, rev); err != nil {
			return err
		}
		if q.Kind != record.AskHide {
			return nil
		}
		about := q.About
		person, err := w.concerned(&about)
		if err != nil || person == nil {
			return err
		}
		return w.decideHiding(*person, &q, before, show)
	})
}

// refusal is the relation under which an accepted wish to hide is kept.
const refusal = "by request"

// isRefusal reports whether a consent is a refusal to be published.
func isRefusal(c record.Consent) bool { return c.Purpose == record.ToPublish && !c.Given }

// keepsRefusals refuses to change a person so that fewer refusals stand than
// before. One that was entered by mistake is taken out by an admin; those of
// accepted requests go only when the request is decided anew.
func (w *Work) keepsRefusals(was, now *record.Person) error {
	count := func(p *record.Person, of func(record.Consent) bool) (n int) {
		for _, c := range p.Consents {
			if of(c) {
				n++
			}
		}
		return n
	}
	byRequest := func(c record.Consent) bool { return isRefusal(c) && c.Relation == refusal }
	refused := func(c record.Consent) bool { return !c.Given }
	if count(now, byRequest) < count(was, byRequest) || (count(now, refused) < count(was, refused) && !w.viewer.May(access.ActAccounts)) {
		return fmt.Errorf("a refusal stays with the person; an admin takes out one that was entered by mistake: %w", record.ErrForbidden)
	}
	return nil
}

func (w *Work) decideHiding(person store.Item[*record.Person], q *record.Request, before record.RequestState, show bool) error {
	p := *person.Rec
	switch {
	case q.State == record.RequestAccepted:
		if show {
			return invalid("show", "contradiction")
		}
		basis := record.BasisSelf
		if q.Relative {
			basis = record.BasisKin
		}
		p.Hidden = true
		if p.Visibility == record.Public {
			p.Visibility = record.Internal
		}
		if !slices.ContainsFunc(p.Consents, isRefusal) {
			p.Consents = append(append([]record.Consent(nil), p.Consents...), record.Consent{
				Purpose: record.ToPublish, Given: false, Basis: basis, Relation: refusal,
			})
		}
	case show:
		others, err := w.tx.Requests(w.ctx, access.House(), "", 100_000)
		if err != nil {
			return err
		}
		for _, o := range others {
			if o.Rec.ID == q.ID || o.Rec.Kind != record.AskHide || (o.Rec.State != record.RequestOpen && o.Rec.State != record.RequestAccepted) {
				continue
			}
			about := o.Rec.About
			other, err := w.concerned(&about)
			if err != nil {
				return err
			}
			if about == q.About || (other != nil && other.Rec.ID == p.ID) {
				return invalid("show", "other_request")
			}
		}
		p.Hidden = false
		if before == record.RequestAccepted {
			p.Consents = slices.DeleteFunc(slices.Clone(p.Consents), func(c record.Consent) bool { return isRefusal(c) && c.Relation == refusal })
		}
	default:
		return nil // as it is
	}
	if p.Hidden == person.Rec.Hidden && p.Visibility == person.Rec.Visibility && len(p.Consents) == len(person.Rec.Consents) {
		return nil
	}
	return w.Change(&p, person.Rev)
}

// CorrectionLine is a line of the public log of corrections: what was decided,
// never who asked. About is empty for whatever was asked to be hidden and for
// what is not public.
type CorrectionLine struct {
	Kind   record.RequestKind
	State  record.RequestState
	Day    int64 // microseconds UTC, without the time of day
	Logged record.Text
	About  SubjectName
}

// Corrections returns the public log, newest first.
func (h *House) Corrections(ctx context.Context) ([]CorrectionLine, error) {
	var out []CorrectionLine
	err := h.view(ctx, func(r *store.Reader) error {
		decided, err := r.Decided(ctx, 500)
		if err != nil {
			return err
		}
		var refs []record.Ref
		for _, q := range decided {
			if q.Rec.Kind == record.AskCorrect && !q.Rec.About.IsZero() {
				refs = append(refs, q.Rec.About)
			}
		}
		names, err := subjectNames(ctx, r, access.Anyone(), refs)
		if err != nil {
			return err
		}
		for _, q := range decided {
			if q.Rec.Logged.IsZero() {
				continue
			}
			line := CorrectionLine{Kind: q.Rec.Kind, State: q.Rec.State, Day: dayOf(q.Rec.Review.At), Logged: q.Rec.Logged}
			if q.Rec.Kind == record.AskCorrect {
				line.About = names[q.Rec.About]
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}
