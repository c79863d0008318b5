package casework

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// MaxReviewed is how many claims one decision may be about.
const MaxReviewed = 1000

// SubjectName is a record as a list names it: enough to print a link. It is the
// zero value when the viewer may not know of the record.
type SubjectName struct {
	Ref   record.Ref
	Title record.Text
	Slug  string
}

// QueueItem is a claim that waits for a reviewer.
type QueueItem struct {
	Claim   store.Item[*record.Claim]
	Source  *record.Source
	Subject SubjectName
	// Mine says that the viewer entered it, so somebody else has to decide.
	Mine bool
}

// Review decides about a claim as it stood at revision rev. Nobody decides about
// their own entry, except the only reviewer of a house, whose decision is marked
// so. A claim that no longer counts takes back the public accusations that
// rested on it.
func (h *House) Review(ctx context.Context, v access.Viewer, id record.ClaimID, rev int, state record.ReviewState, reason string) error {
	return h.do(ctx, v, access.ActReview, "review claim", reason, func(w *Work) error {
		item, err := store.One[*record.Claim](ctx, &w.tx.Reader, v, id)
		if err != nil {
			return err
		}
		if item.Rev != rev {
			return fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrConflict)
		}
		n, err := reviewers(ctx, &w.tx.Reader)
		if err != nil {
			return err
		}
		return w.review(item, state, reason, n)
	})
}

// errOwnWork and errState say why a claim was not decided; ReviewMany passes
// over such claims.
var (
	errOwnWork = fmt.Errorf("somebody else has to decide about one's own entry: %w", record.ErrForbidden)
	errState   = &record.Invalid{Fields: []record.FieldError{{Field: "review", Key: "invalid.review_state"}}}
)

func (w *Work) review(item store.Item[*record.Claim], state record.ReviewState, reason string, reviewers int) error {
	if !item.Rec.Review.State.CanBecome(state) {
		return errState
	}
	author := item.Author
	if own, err := w.wrote(item); err != nil {
		return err
	} else if own {
		author = w.viewer.User
	}
	ok, only := w.viewer.MayReview(author, reviewers)
	if !ok {
		return errOwnWork
	}
	c := *item.Rec
	c.Review = record.Review{State: state, By: w.viewer.User, At: w.at, Reason: reason, OneReviewer: only}
	return w.Change(&c, item.Rev)
}

// wrote reports whether any version of a claim is the viewer's own wording:
// whoever rewrites another's claim does not review it either.
func (w *Work) wrote(item store.Item[*record.Claim]) (bool, error) {
	if w.viewer.User == "" || item.Rev == 1 {
		return false, nil
	}
	past, err := w.tx.History(w.ctx, access.House(), item.Rec.Ref())
	if err != nil {
		return false, err
	}
	for _, p := range past {
		if p.Actor == w.viewer.User && (p.Action == "make claim" || p.Action == "change claim") {
			return true, nil
		}
	}
	return false, nil
}

// ReviewMany decides about several claims under one reason, in one transaction. seen
// has the revision at which each was read. Claims that were changed since, that
// cannot go to that state from theirs, and the viewer's own are left as they are; n
// is how many were decided.
func (h *House) ReviewMany(ctx context.Context, v access.Viewer, seen map[record.ClaimID]int, state record.ReviewState, reason string) (n int, err error) {
	if len(seen) > MaxReviewed {
		return 0, &record.Invalid{Fields: []record.FieldError{{Field: "claims", Key: "invalid.many", Args: map[string]string{"limit": fmt.Sprint(MaxReviewed)}}}}
	}
	ids := slices.Sorted(maps.Keys(seen))
	err = h.do(ctx, v, access.ActReview, "review claims", reason, func(w *Work) error {
		items, err := store.Get[*record.Claim](ctx, &w.tx.Reader, v, ids...)
		if err != nil {
			return err
		}
		count, err := reviewers(ctx, &w.tx.Reader)
		if err != nil {
			return err
		}
		for _, id := range ids {
			item, ok := items[id]
			if !ok || item.Rev != seen[id] {
				continue
			}
			switch err := w.review(item, state, reason, count); {
			case errors.Is(err, errOwnWork), errors.Is(err, errState):
			case err != nil:
				return err
			default:
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// weaken notes that a claim counts for less than before: accusations that rest
// on it are looked at again before the work ends.
func (w *Work) weaken(c *record.Claim) {
	for _, ref := range []record.Ref{c.Subject, c.Value.Ref} {
		switch ref.Kind {
		case record.KindEvent, record.KindPerson:
			w.weaker[ref] = true
		}
	}
}

// reground makes public accusations internal that no longer have the ground the
// house asks for.
func (w *Work) reground() error {
	var events []record.EventID
	found := map[record.InvolvementID]store.Item[*record.Involvement]{}
	gather := func(items []store.Item[*record.Involvement], err error) error {
		for _, i := range items {
			found[i.Rec.ID] = i
		}
		return err
	}
	if err := w.regroundProceedings(); err != nil {
		return err
	}
	for ref := range w.weaker {
		if ref.Kind == record.KindEvent {
			events = append(events, record.EventID(ref.ID))
		} else if err := gather(w.tx.InvolvementsOf(w.ctx, access.House(), ref)); err != nil {
			return err
		}
	}
	clear(w.weaker)
	if err := gather(w.tx.InvolvementsIn(w.ctx, access.House(), events...)); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if err := w.ungroundOne(found[id]); err != nil {
			return err
		}
	}
	return nil
}

// ungroundOne takes back one accusation unless it has its ground.
func (w *Work) ungroundOne(item store.Item[*record.Involvement]) error {
	i := item.Rec
	if i.Visibility != record.Public || i.Person == "" || !i.Role.Accuses() {
		return nil
	}
	ok, err := w.grounded(i)
	if err != nil || ok {
		return err
	}
	back := *i
	back.Visibility = record.Internal
	return w.Change(&back, item.Rev)
}

// Queue returns suggested claims in the order of entry, after the one with the
// identifier after, which is empty for the first page.
func (h *House) Queue(ctx context.Context, v access.Viewer, after record.ClaimID, limit int) ([]QueueItem, error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, err
	}
	var out []QueueItem
	err := h.view(ctx, func(r *store.Reader) error {
		claims, err := r.Waiting(ctx, v, after, limit)
		if err == nil {
			out, err = queueItems(ctx, r, v, claims)
		}
		return err
	})
	return out, err
}

// QueueItem returns one claim as the queue shows it, also where it no longer waits.
func (h *House) QueueItem(ctx context.Context, v access.Viewer, id record.ClaimID) (*QueueItem, error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, err
	}
	var out []QueueItem
	err := h.view(ctx, func(r *store.Reader) error {
		claim, err := store.One[*record.Claim](ctx, r, v, id)
		if err == nil {
			out, err = queueItems(ctx, r, v, []store.Item[*record.Claim]{claim})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}

func queueItems(ctx context.Context, r *store.Reader, v access.Viewer, claims []store.Item[*record.Claim]) ([]QueueItem, error) {
	var sources []record.SourceID
	var subjects []record.Ref
	for _, c := range claims {
		sources = append(sources, c.Rec.Source)
		subjects = append(subjects, c.Rec.Subject)
	}
	found, err := store.Get[*record.Source](ctx, r, v, sources...)
	if err != nil {
		return nil, err
	}
	names, err := subjectNames(ctx, r, v, subjects)
	if err != nil {
		return nil, err
	}
	var out []QueueItem
	for _, c := range claims {
		q := QueueItem{Claim: c, Subject: names[c.Rec.Subject], Mine: v.User != "" && c.Author == v.User}
		if s, ok := found[c.Rec.Source]; ok {
			q.Source = s.Rec
		}
		out = append(out, q)
	}
	return out, nil
}

// subjectNames returns what to call records, for the viewer; those the viewer
// may not know of are missing.
func subjectNames(ctx context.Context, r *store.Reader, v access.Viewer, refs []record.Ref) (map[record.Ref]SubjectName, error) {
	byKind := map[record.Kind][]string{}
	for _, ref := range refs {
		if !slices.Contains(byKind[ref.Kind], ref.ID) {
			byKind[ref.Kind] = append(byKind[ref.Kind], ref.ID)
		}
	}
	out := map[record.Ref]SubjectName{}
	add := func(rec record.Record) { out[rec.Ref()] = nameOf(rec) }
	for kind, ids := range byKind {
		var err error
		switch kind {
		case record.KindEvent:
			err = namesOf[*record.Event](ctx, r, v, ids, add)
		case record.KindPerson:
			err = namesOf[*record.Person](ctx, r, v, ids, add)
		case record.KindParty:
			err = namesOf[*record.Party](ctx, r, v, ids, add)
		case record.KindTotal:
			err = namesOf[*record.Total](ctx, r, v, ids, add)
		case record.KindSource:
			err = namesOf[*record.Source](ctx, r, v, ids, add)
		case record.KindClaim:
			err = namesOf[*record.Claim](ctx, r, v, ids, add)
		case record.KindInvolvement:
			err = namesOf[*record.Involvement](ctx, r, v, ids, add)
		case record.KindTie:
			err = namesOf[*record.Tie](ctx, r, v, ids, add)
		case record.KindCapture:
			err = namesOf[*record.Capture](ctx, r, v, ids, add)
		case record.KindPetition:
			err = namesOf[*record.Petition](ctx, r, v, ids, add)
		case record.KindEdition:
			err = namesOf[*record.Edition](ctx, r, v, ids, add)
		case record.KindEndorsement:
			err = namesOf[*record.Endorsement](ctx, r, v, ids, add)
		case record.KindDelivery:
			err = namesOf[*record.Delivery](ctx, r, v, ids, add)
		case record.KindReply:
			err = namesOf[*record.Reply](ctx, r, v, ids, add)
		case record.KindUpdate:
			err = namesOf[*record.Update](ctx, r, v, ids, add)
		case record.KindBatch:
			err = namesOf[*record.Batch](ctx, r, v, ids, add)
		case record.KindInvalidation:
			err = namesOf[*record.Invalidation](ctx, r, v, ids, add)
		case record.KindDemand:
			err = namesOf[*record.Demand](ctx, r, v, ids, add)
		case record.KindCommitment:
			err = namesOf[*record.Commitment](ctx, r, v, ids, add)
		case record.KindAssessment:
			err = namesOf[*record.Assessment](ctx, r, v, ids, add)
		case record.KindProceeding:
			err = namesOf[*record.Proceeding](ctx, r, v, ids, add)
		case record.KindCoverage:
			err = namesOf[*record.Coverage](ctx, r, v, ids, add)
		case record.KindFeed:
			err = namesOf[*record.Feed](ctx, r, v, ids, add)
		case record.KindTrendStatement:
			err = namesOf[*record.TrendStatement](ctx, r, v, ids, add)
		case record.KindHolidayCalendar:
			err = namesOf[*record.HolidayCalendar](ctx, r, v, ids, add)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func namesOf[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, ids []string, fn func(record.Record)) error {
	found, err := store.Get[T](ctx, r, v, ids...)
	for _, item := range found {
		fn(item.Rec)
	}
	return err
}

// nameOf is what a list calls a record.
func nameOf(rec record.Record) SubjectName {
	s := SubjectName{Ref: rec.Ref()}
	switch r := rec.(type) {
	case *record.Event:
		s.Title, s.Slug = r.Title, r.Slug
	case *record.Total:
		s.Title, s.Slug = r.Title, r.Slug
	case *record.Person:
		s.Title, s.Slug = namesText(r.Names), r.Slug
	case *record.Party:
		s.Title, s.Slug = namesText(r.Names), r.Slug
	case *record.Source:
		s.Title = r.Title
	case *record.Claim:
		words := r.Words
		if words == "" {
			words = r.Value.Text
		}
		if words == "" {
			words = r.Passage.Quote()
		}
		if s.Title = r.Statement; s.Title.IsZero() {
			s.Title = record.Plain(r.Language, words)
		}
	case *record.Involvement:
		s.Title = r.Group.Name
	case *record.Tie:
		s.Title = r.Label
	case *record.Capture:
		s.Title = record.Plain("", r.Name)
	case *record.Petition:
		s.Title, s.Slug = r.Title, r.Slug
	case *record.Edition:
		for _, t := range r.Texts {
			s.Title = append(s.Title, record.LangText{Lang: t.Lang, Text: t.Title})
		}
	case *record.Endorsement:
		s.Title = namesText(r.Names)
	case *record.Delivery:
		s.Title = record.Plain("", r.Reference)
	case *record.Reply:
		s.Title = r.Words
	case *record.Update:
		s.Title = r.Words
	case *record.Batch:
		s.Title = record.Plain("", fmt.Sprint(r.Number))
	case *record.Invalidation:
		s.Title = r.Summary
	case *record.Demand:
		s.Title, s.Slug = r.Text, r.Slug
	case *record.Commitment:
		s.Title, s.Slug = r.Text, r.Slug
	case *record.Assessment:
		s.Title = r.Reason
	case *record.Proceeding:
		s.Title, s.Slug = r.Title, r.Slug
	case *record.Coverage:
		s.Title = r.Title
	case *record.Feed:
		s.Title = record.Plain("", r.Title)
	case *record.TrendStatement:
		s.Title, s.Slug = r.Title, r.Slug
	case *record.HolidayCalendar:
		s.Title = record.Plain("", r.Country)
	}
	return s
}

// namesText is a name in each of its languages.
func namesText(names []record.Name) record.Text {
	var t record.Text
	for _, n := range names {
		if !slices.ContainsFunc(t, func(l record.LangText) bool { return l.Lang == n.Lang }) {
			t = append(t, record.LangText{Lang: n.Lang, Text: record.Display(names, n.Lang)})
		}
	}
	return t
}
