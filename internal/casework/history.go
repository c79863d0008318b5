package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// VersionView is one version of a record in its history.
type VersionView struct {
	Rev int
	At  int64 // microseconds UTC; to the public the day only
	// Role is of whoever wrote it. Action, Actor and Note are for the desk.
	Role, Action, Actor, Note string
	// Erased versions have no content left. Hidden ones show theirs to admins only.
	Erased, Hidden bool
	// Changes is what differs from the version before it that the viewer sees; nil
	// for the first one, and beside an erased one.
	Changes []Change
}

// Change is one field that differs. Field is its path in the record's JSON form
// ("where.town", "title.en"), Old and New what stood and stands there, blank for
// nothing. Of a list they hold what was taken away and what was added.
type Change struct {
	Field, Old, New string
}

// History returns the versions of a record that the viewer may see, newest
// first. What a version depended on and is hidden or erased by now takes the
// version with it.
func (h *House) History(ctx context.Context, v access.Viewer, ref record.Ref) ([]VersionView, error) {
	var out []VersionView
	err := h.view(ctx, func(r *store.Reader) error {
		past, err := r.History(ctx, v, ref)
		if err != nil {
			return err
		}
		if past, err = pastSeen(ctx, r, v, ref, past); err != nil {
			return err
		}
		public := v.Sees() == access.LevelPublic
		var actors map[record.UserID]string
		if !public {
			if actors, err = accountNames(ctx, r); err != nil {
				return err
			}
		}
		for i, p := range past {
			view := VersionView{Rev: p.Rev, At: p.At, Role: p.Role, Erased: p.Body == nil && !p.Hidden, Hidden: p.Hidden}
			if !public {
				view.Action, view.Note, view.Actor = p.Action, p.Note, actors[p.Actor]
			}
			// A hidden version is passed over: what it said is in no comparison either.
			before := i + 1
			for before < len(past) && past[before].Hidden && past[before].Body == nil {
				before++
			}
			if before < len(past) && p.Body != nil && past[before].Body != nil {
				changes, err := diff(past[before].Body, p.Body)
				if err != nil {
					return fmt.Errorf("%s: %w", ref, err)
				}
				if public {
					changes = slices.DeleteFunc(changes, func(c Change) bool { return !publicField(ref.Kind, c.Field) })
				}
				view.Changes = changes
			}
			out = append(out, view)
		}
		return nil
	})
	return out, err
}

// publicFields lists the fields whose changes the public may see. A field that
// is not here (notes, consents, who reviewed) stays inside, and so does any
// field added to a record later until somebody decides otherwise.
var publicFields = map[record.Kind][]string{
	record.KindEvent: {
		"slug", "title", "summary", "type", "subtype", "status", "when", "when_claims", "where", "where_claims", "struck", "part_of",
		"response_to", "warnings", "dataset", "visibility",
	},
	record.KindClaim: {
		"source", "passage", "subject", "kind", "measure", "form", "operator", "low", "high", "best", "unit", "words", "scope",
		"scope_printed", "attribute", "value", "topic", "statement", "stance", "as_of", "attributed_to", "derived_from", "supersedes",
		"role", "reliability", "language", "review.state", "review.one_reviewer", "visibility",
	},
	record.KindPerson: {"slug", "names", "vital", "born", "died", "age", "sex", "about", "public_role", "visibility"},
	record.KindParty:  {"slug", "names", "kind", "open", "country", "about", "successor", "abolished", "abolished_claims", "url", "visibility"},
	record.KindSource: {
		"type", "title", "publisher", "outlet", "author", "language", "translator", "published", "url", "locator", "accessed",
		"reproduced_in", "derived_from", "summary", "terms", "credit", "reliability", "visibility",
	},
	record.KindCapture:     {"source", "hash", "size", "media", "text_hash", "method", "url", "visibility"},
	record.KindInvolvement: {"event", "person", "party", "group", "role", "status", "reply", "official", "detail", "claims", "visibility"},
	record.KindTie:         {"from", "to", "kind", "label", "when", "claims", "visibility"},
	record.KindTotal:       {"slug", "title", "summary", "frame", "visibility"},
	record.KindPetition: {
		"number", "slug", "title", "tags", "publication", "rejection", "collection", "opens", "closes", "goals", "signers", "pace",
		"edition", "reconsent", "original", "practice", "foreign", "visibility",
	},
	record.KindEndorsement: {"petition", "edition", "lang", "names", "party", "country", "site", "capacity", "role", "state", "source", "visibility"},
	record.KindDelivery:    {"petition", "edition", "addressee", "to", "on", "channel", "reference", "receipt", "manifest", "count", "organisations", "due", "words", "visibility"},
	record.KindReply:       {"petition", "delivery", "addressee", "received", "dated", "channel", "from", "words", "files", "demands", "source", "verified", "visibility"},
	record.KindUpdate:      {"petition", "number", "kind", "words", "made", "visibility"},
	record.KindDemand: {
		"slug", "text", "of", "key", "attack", "by", "by_text", "made", "addressees", "bases", "due", "plan", "steps", "positions",
		"commitments", "pauses", "letters", "claims", "visibility",
	},
	record.KindCommitment: {
		"slug", "text", "by", "unidentified", "to", "to_text", "attack", "in", "made", "written", "due", "conditions", "amounts", "offer",
		"plan", "steps", "replaces", "claims", "visibility",
	},
	record.KindAssessment: {
		"of", "step", "addressee", "axis", "by", "response", "progress", "count", "on", "happened", "reason", "claims", "replies", "events",
		"looked", "right_of_reply", "original", "review.state", "review.one_reviewer", "visibility",
	},
	record.KindProceeding: {
		"slug", "events", "person", "party", "group", "of", "official", "reply", "title", "jurisdiction", "court", "country", "number",
		"steps", "looked", "claims", "visibility",
	},
	record.KindCoverage: {
		"event", "title", "collection", "query", "language", "tool", "source", "file", "made", "days", "visibility",
	},
	record.KindTrendStatement: {
		"slug", "title", "frame", "params", "input", "events", "version", "result", "statement", "claims", "made", "visibility",
	},
	record.KindHolidayCalendar: {"country", "weekends", "holidays", "visibility"},
	record.KindRelease:         {"number", "hash", "size", "made", "entries", "note", "visibility"},
}

// PublicFields lists the fields of a kind of record whose changes the public may
// see, by their paths in the JSON form.
func PublicFields(kind record.Kind) []string { return slices.Clone(publicFields[kind]) }

func publicField(kind record.Kind, field string) bool {
	for _, f := range publicFields[kind] {
		if field == f || strings.HasPrefix(field, f+".") {
			return true
		}
	}
	return false
}

// diff compares two versions of a record field by field. It is pure: the same
// bytes give the same changes, in the order of the fields' paths.
func diff(old, fresh []byte) ([]Change, error) {
	a, err := flatten(old)
	if err != nil {
		return nil, err
	}
	b, err := flatten(fresh)
	if err != nil {
		return nil, err
	}
	paths := make([]string, 0, len(a)+len(b))
	for p := range a {
		paths = append(paths, p)
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	var out []Change
	for _, p := range paths {
		gone, added := a[p].without(b[p]), b[p].without(a[p])
		switch {
		case len(gone)+len(added) > 0:
			out = append(out, Change{p, strings.Join(gone, "; "), strings.Join(added, "; ")})
		case !slices.Equal(a[p].items, b[p].items):
			// The same things in another order.
			out = append(out, Change{p, strings.Join(a[p].items, "; "), strings.Join(b[p].items, "; ")})
		}
	}
	return out, nil
}

// field is what stands at a path: one item, or those of a list.
type field struct{ items []string }

// without returns the items that other does not hold, each as often as it is
// missing there.
func (f field) without(other field) []string {
	left := map[string]int{}
	for _, s := range other.items {
		left[s]++
	}
	var out []string
	for _, s := range f.items {
		if left[s] > 0 {
			left[s]--
			continue
		}
		out = append(out, s)
	}
	return out
}

// flatten turns a version into its fields by path. Objects are walked into; a
// list of texts by language becomes a field for each language; any other list is
// one field with an item for each element.
func flatten(body []byte) (map[string]field, error) {
	var v any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode a version: %w", err)
	}
	out := map[string]field{}
	walk(out, "", v)
	return out, nil
}

func walk(out map[string]field, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			p := k
			if path != "" {
				p = path + "." + k
			}
			walk(out, p, x)
		}
	case []any:
		if texts, ok := byLanguage(v); ok {
			for lang, s := range texts {
				p := path
				if lang != "" {
					p += "." + lang
				}
				out[p] = field{append(out[p].items, s)}
			}
			return
		}
		f := field{}
		for _, x := range v {
			f.items = append(f.items, compact(x))
		}
		if len(f.items) > 0 {
			out[path] = f
		}
	case nil:
	default:
		if s := compact(v); s != "" {
			out[path] = field{append(out[path].items, s)}
		}
	}
}

// byLanguage reads a [record.Text]: a list of nothing but lang and text.
func byLanguage(list []any) (map[string]string, bool) {
	if len(list) == 0 {
		return nil, false
	}
	out := map[string]string{}
	for _, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			return nil, false
		}
		text, ok := m["text"].(string)
		if !ok {
			return nil, false
		}
		lang, _ := m["lang"].(string)
		if _, twice := out[lang]; twice {
			return nil, false
		}
		for k := range m {
			if k != "lang" && k != "text" {
				return nil, false
			}
		}
		out[lang] = text
	}
	return out, true
}

// compact writes a value for people: an object as its values, the plain text
// first.
func compact(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case []any:
		parts := make([]string, 0, len(v))
		for _, x := range v {
			parts = append(parts, compact(x))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			if k != "text" && k != "exact" {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		var head string
		for _, k := range []string{"text", "exact"} {
			if s, ok := v[k].(string); ok {
				head += s
			}
		}
		parts := make([]string, 0, len(keys))
		for _, k := range keys {
			if s := compact(v[k]); s != "" {
				parts = append(parts, k+": "+s)
			}
		}
		switch {
		case len(parts) == 0:
			return head
		case head == "":
			return strings.Join(parts, ", ")
		}
		return head + " (" + strings.Join(parts, ", ") + ")"
	}
	return fmt.Sprint(v)
}

// RestoreVersion makes an earlier version of a record the current one again, as
// a new version. current is the revision the viewer saw as the present one.
//
// What was decided since stays decided: who may see the record, where a claim's
// review stands, a person's consents and refusals, that a person is hidden, of
// which type a source is and whether it makes an accusation official. A source's
// sensitivity and terms become the stricter of then and now.
// An erased or hidden version cannot be restored, and copies, imports, releases, proposals
// and requests have no earlier versions to go back to.
func (h *House) RestoreVersion(ctx context.Context, v access.Viewer, ref record.Ref, rev, current int, reason string) error {
	err := h.do(ctx, v, access.ActEdit, "restore "+string(ref.Kind), reason, func(w *Work) error { return w.restore(ref, rev, current) })
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

func (w *Work) restore(ref record.Ref, rev, current int) error {
	switch ref.Kind {
	case record.KindCapture, record.KindImport, record.KindRelease, record.KindRequest, record.KindSame,
		record.KindPetition, record.KindEdition, record.KindEndorsement, record.KindBatch, record.KindInvalidation,
		record.KindDelivery, record.KindReply, record.KindUpdate, record.KindRemark, record.KindTrendStatement,
		record.KindDemand, record.KindCommitment, record.KindAssessment, record.KindProceeding, record.KindHolidayCalendar:
		// What a petition was is in its editions; what was decided about it is
		// undone by deciding anew. What is followed up goes back by its own use cases, which
		// ask for review and for the ground of an accusation again.
		return fmt.Errorf("a %s is not restored to an earlier version: %w", ref.Kind, record.ErrForbidden)
	}
	item, err := store.AnyOne(w.ctx, &w.tx.Reader, w.viewer, ref)
	if err != nil {
		return err
	}
	past, err := w.tx.History(w.ctx, w.viewer, ref)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(past, func(p store.Past) bool { return p.Rev == rev })
	if i < 0 || rev == item.Rev {
		return fmt.Errorf("version %d of %s: %w", rev, ref, record.ErrNotFound)
	}
	if past[i].Hidden {
		// Also an admin, who can read it, shows it first, with a reason.
		return fmt.Errorf("version %d of %s is hidden: %w", rev, ref, record.ErrForbidden)
	}
	if past[i].Body == nil {
		return fmt.Errorf("version %d of %s was erased: %w", rev, ref, record.ErrGone)
	}
	rec, ok := record.New(ref.Kind)
	if !ok {
		return fmt.Errorf("kind %q: %w", ref.Kind, record.ErrNotFound)
	}
	if err := json.Unmarshal(past[i].Body, rec); err != nil {
		return fmt.Errorf("decode version %d of %s: %w", rev, ref, err)
	}
	if rec, err = withVisibility(rec, ownVisibility(item.Rec)); err != nil {
		return err
	}
	switch now := item.Rec.(type) {
	case *record.Claim:
		rec.(*record.Claim).Review = now.Review
	case *record.Person:
		p := rec.(*record.Person)
		p.Hidden, p.Consents = now.Hidden, now.Consents
	case *record.Source:
		s := rec.(*record.Source)
		s.Type = now.Type
		s.Sensitivity = stricter(s.Sensitivity, now.Sensitivity, record.Open, record.Restricted, record.Confidential)
		s.Terms = stricter(s.Terms, now.Terms, record.TermsFree, record.TermsCredit, record.TermsInternal)
	case *record.Involvement:
		rec.(*record.Involvement).Official = now.Official
	}
	if err := w.allow(rec, current); err != nil {
		return err
	}
	return w.rewrite(rec, current)
}

// stricter returns whichever of two values comes later in the order given.
func stricter[T comparable](a, b T, order ...T) T {
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

// ownVisibility is the visibility a record is set to, which for a hidden person
// is not who may see them.
func ownVisibility(rec record.Record) record.Visibility {
	if p, ok := rec.(*record.Person); ok {
		return p.Visibility
	}
	return rec.Seen()
}
