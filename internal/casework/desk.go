package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Standing is a record as it stands, with the revision that a change has to be
// made on.
type Standing struct {
	Rec    record.Record
	Rev    int
	Level  access.Level
	Author record.UserID
	At     int64 // microseconds UTC
}

func standing[T record.Record](i store.Item[T]) Standing {
	return Standing{Rec: i.Rec, Rev: i.Rev, Level: i.Level, Author: i.Author, At: i.At}
}

// Standing returns a record for editing. Reading alone asks for no right beyond
// seeing it.
func (h *House) Standing(ctx context.Context, v access.Viewer, ref record.Ref) (Standing, error) {
	var s Standing
	err := h.view(ctx, func(r *store.Reader) error {
		i, err := store.AnyOne(ctx, r, v, ref)
		s = standing(i)
		return err
	})
	return s, err
}

// Label is how the desk names a record in a list or beside a choice.
type Label struct {
	Ref  record.Ref
	Name string
	// Lang is the language of Name, empty where it is not known.
	Lang string
	// Detail tells it from others of the same name: a date and place, a publisher.
	Detail string
	Seen   record.Visibility
	Slug   string
	// Rec is the record itself, for kinds that are called by what they say: claims,
	// parts in events, ties.
	Rec record.Record
}

// labelOf names a record in the wanted language where it can.
func labelOf(rec record.Record, tag string) Label {
	l := Label{Ref: rec.Ref(), Seen: rec.Seen(), Rec: rec}
	text := func(t record.Text) {
		lt := t.In(tag)
		l.Name, l.Lang = lt.Text, lt.Lang
	}
	switch r := rec.(type) {
	case *record.Event:
		text(r.Title)
		l.Slug = r.Slug
		l.Detail = joinDetail(r.When.Date.String(), strings.Join(r.Where.Parts(), ", "), r.Dataset)
	case *record.Person:
		l.Name, l.Slug = record.Display(r.Names, tag), r.Slug
		l.Detail = r.PublicRole.In(tag).Text
	case *record.Party:
		l.Name, l.Slug = record.Display(r.Names, tag), r.Slug
		l.Detail = r.Country
	case *record.Total:
		text(r.Title)
		l.Slug = r.Slug
		l.Detail = r.Frame.Period
	case *record.Source:
		text(r.Title)
		l.Detail = joinDetail(r.Publisher, r.Published.Date.String())
	case *record.Claim:
		l.Name = firstOf(r.Words, r.Statement.In(tag).Text, r.Value.Text, r.Passage.Quote(), r.Topic)
	case *record.Involvement:
		l.Name = firstOf(r.Detail.In(tag).Text, string(r.Role))
	case *record.Tie:
		l.Name = firstOf(r.Label.In(tag).Text, string(r.Kind))
	case *record.Import:
		l.Name, l.Detail = r.Name, r.Format
	case *record.Release:
		l.Name = strconv.Itoa(r.Number)
	case *record.Request:
		l.Name = string(r.Kind)
	case *record.Capture:
		l.Name = r.Name
	case *record.Petition:
		text(r.Title)
		l.Slug = r.Slug
	case *record.Demand:
		text(r.Text)
		l.Slug, l.Detail = r.Slug, r.Made.Date.String()
	case *record.Commitment:
		text(r.Text)
		l.Slug, l.Detail = r.Slug, r.Made.Date.String()
	case *record.Proceeding:
		text(r.Title)
		l.Slug, l.Detail = r.Slug, r.Number
	case *record.Assessment:
		text(r.Reason)
		l.Detail = r.On
	case *record.TrendStatement:
		text(r.Title)
		l.Slug = r.Slug
	case *record.Coverage:
		text(r.Title)
		l.Detail = r.Collection
	case *record.Feed:
		l.Name, l.Detail = r.Title, r.Collection
	case *record.HolidayCalendar:
		l.Name = r.Country
	}
	if l.Name == "" {
		l.Name = l.Ref.ID
	}
	return l
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func joinDetail(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// labels names the records that the viewer sees. Those that are not for the
// viewer, were erased or do not exist are missing.
func labels(ctx context.Context, r *store.Reader, v access.Viewer, tag string, refs []record.Ref) (map[record.Ref]Label, error) {
	out := make(map[record.Ref]Label, len(refs))
	for _, ref := range refs {
		if _, known := out[ref]; known || ref.IsZero() || !record.ValidID(ref.ID) {
			continue
		}
		i, err := store.AnyOne(ctx, r, v, ref)
		switch {
		case errors.Is(err, record.ErrNotFound), errors.Is(err, record.ErrGone):
			continue
		case err != nil:
			return nil, err
		}
		out[ref] = labelOf(i.Rec, tag)
	}
	return out, nil
}

// Labels names the records that the viewer sees, in the language of the tag
// where it can.
func (h *House) Labels(ctx context.Context, v access.Viewer, tag string, refs ...record.Ref) (map[record.Ref]Label, error) {
	var out map[record.Ref]Label
	err := h.view(ctx, func(r *store.Reader) (err error) {
		out, err = labels(ctx, r, v, tag, refs)
		return err
	})
	return out, err
}

// Look finds records of some kinds to choose from, by words, by a slug or by an
// identifier. The word typed last may be the beginning of one: who does not find
// what is there enters it a second time. It returns at most limit of them: what has
// the words as they stand before what has the beginning, and in each the viewer's own
// drafts, then the best kinds first.
func (h *House) Look(ctx context.Context, v access.Viewer, tag string, kinds []record.Kind, query string, limit int) ([]Label, error) {
	query = strings.TrimSpace(query)
	if query == "" {
		return nil, nil
	}
	var out []Label
	err := h.view(ctx, func(r *store.Reader) error {
		for _, k := range kinds {
			rec, err := exactly(ctx, r, v, k, query)
			if err != nil {
				return err
			}
			if rec != nil {
				out = append(out, labelOf(rec, tag))
			}
		}
		asked := askedOf(query)
		hits, begun, err := r.Find(ctx, v, asked, kinds, limit)
		if err != nil {
			return err
		}
		refs, later, err := ownDrafts(ctx, r, v, kinds, asked)
		if err != nil {
			return err
		}
		for _, hit := range hits {
			refs = append(refs, hit.Ref)
		}
		refs = append(refs, later...)
		for _, hit := range begun {
			refs = append(refs, hit.Ref)
		}
		found, err := labels(ctx, r, v, tag, refs)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			l, ok := found[ref]
			if ok && !slices.ContainsFunc(out, func(o Label) bool { return o.Ref == ref }) && len(out) < limit {
				out = append(out, l)
			}
		}
		return nil
	})
	return out, err
}

// ownDrafts finds among the latest drafts of somebody who sees nobody else's those
// that have all the words, and those in which the last of them begins one.
func ownDrafts(ctx context.Context, r *store.Reader, v access.Viewer, kinds []record.Kind, words []string) (whole, begun []record.Ref, err error) {
	const latest = 200
	if len(words) == 0 {
		return nil, nil, nil
	}
	last := len(words) - 1
	for _, k := range kinds {
		drafts, err := r.OwnDrafts(ctx, v, k, latest)
		if err != nil {
			return nil, nil, err
		}
		for _, ref := range drafts {
			i, err := store.AnyOne(ctx, r, v, ref)
			if err != nil {
				return nil, nil, err
			}
			has := tokens(i.Rec)
			switch {
			case slices.ContainsFunc(words[:last], func(w string) bool { return !slices.Contains(has, w) }):
			case slices.Contains(has, words[last]):
				whole = append(whole, ref)
			case store.MayBegin(words) && slices.ContainsFunc(has, func(w string) bool { return strings.HasPrefix(w, words[last]) }):
				begun = append(begun, ref)
			}
		}
	}
	return whole, begun, nil
}

// exactly returns the record with the identifier or slug, nil where there is
// none.
func exactly(ctx context.Context, r *store.Reader, v access.Viewer, k record.Kind, query string) (record.Record, error) {
	var rec record.Record
	var err error
	switch {
	case record.ValidID(query):
		var i store.Item[record.Record]
		i, err = store.AnyOne(ctx, r, v, record.Ref{Kind: k, ID: query})
		rec = i.Rec
	case k == record.KindEvent:
		rec, err = bySlug[*record.Event](ctx, r, v, query)
	case k == record.KindPerson:
		rec, err = bySlug[*record.Person](ctx, r, v, query)
	case k == record.KindParty:
		rec, err = bySlug[*record.Party](ctx, r, v, query)
	case k == record.KindTotal:
		rec, err = bySlug[*record.Total](ctx, r, v, query)
	}
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		return nil, nil
	}
	return rec, err
}

func bySlug[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, slug string) (record.Record, error) {
	i, err := store.BySlug[T](ctx, r, v, slug)
	if err != nil {
		return nil, err
	}
	return i.Rec, nil
}

// DeskList lists the records of a kind that the desk has a list of, a page at a
// time. after is what the page before returned as next, empty for the first; next
// is empty on the last. Rows of datasets are found by search and through their
// import, so events and sources of imports are left out.
func (h *House) DeskList(ctx context.Context, v access.Viewer, tag string, kind record.Kind, after string, limit int) (list []Label, next string, err error) {
	offset, _ := strconv.Atoi(after)
	offset = max(offset, 0)
	err = h.view(ctx, func(r *store.Reader) error {
		switch kind {
		case record.KindSource:
			got, err := r.Sources(ctx, v, offset, limit+1)
			list, next = pageOf(got, tag, offset, limit)
			return err
		case record.KindPerson:
			got, err := r.Persons(ctx, v, offset, limit+1)
			list, next = pageOf(got, tag, offset, limit)
			return err
		case record.KindParty:
			got, err := r.Parties(ctx, v, "", offset, limit+1)
			list, next = pageOf(got, tag, offset, limit)
			return err
		case record.KindTotal:
			got, err := r.Totals(ctx, v)
			list, next = pageOf(got, tag, 0, len(got))
			return err
		case record.KindEvent:
			day, id, paged := strings.Cut(after, "_")
			var cursor *store.EventCursor
			if paged {
				n, err := strconv.ParseInt(day, 10, 64)
				if err != nil {
					return fmt.Errorf("page %q: %w", after, record.ErrNotFound)
				}
				cursor = &store.EventCursor{Day: n, ID: id}
			}
			got, err := r.Events(ctx, v, store.EventFilter{Dataset: "own", Joined: true, Parts: true}, cursor, limit+1)
			if err != nil {
				return err
			}
			list, next = pageOf(got, tag, 0, limit)
			if next != "" {
				last := got[limit-1].Rec
				day := int64(store.DayUnknown)
				if d, ok := last.When.Date.Earliest(); ok {
					day = int64(d)
				}
				next = fmt.Sprintf("%d_%s", day, last.ID)
			}
			return nil
		}
		return fmt.Errorf("a list of %q: %w", kind, record.ErrNotFound)
	})
	return list, next, err
}

func pageOf[T record.Record](got []store.Item[T], tag string, offset, limit int) (list []Label, next string) {
	if len(got) > limit {
		got, next = got[:limit], strconv.Itoa(offset+limit)
	}
	for _, i := range got {
		list = append(list, labelOf(i.Rec, tag))
	}
	return list, next
}

// DeskClaim is a claim with what the desk shows around it.
type DeskClaim struct {
	Claim   *record.Claim
	Rev     int
	Author  record.UserID
	Subject Label
	Source  Label
}

func deskClaims(ctx context.Context, r *store.Reader, v access.Viewer, tag string, claims []store.Item[*record.Claim]) ([]DeskClaim, error) {
	var refs []record.Ref
	for _, c := range claims {
		refs = append(refs, c.Rec.Subject, record.Ref{Kind: record.KindSource, ID: string(c.Rec.Source)})
	}
	named, err := labels(ctx, r, v, tag, refs)
	if err != nil {
		return nil, err
	}
	out := make([]DeskClaim, 0, len(claims))
	for _, c := range claims {
		out = append(out, DeskClaim{
			Claim: c.Rec, Rev: c.Rev, Author: c.Author, Subject: named[c.Rec.Subject],
			Source: named[record.Ref{Kind: record.KindSource, ID: string(c.Rec.Source)}],
		})
	}
	return out, nil
}

// maxAround bounds what the desk lists around one record.
const maxAround = 1000

// Around is a record with what refers to it, for its page at the desk.
type Around struct {
	Standing
	Label        Label
	Claims       []DeskClaim
	Captures     []*record.Capture
	Involvements []*record.Involvement
	Ties         []*record.Tie
	Parts        []Label
	// Named holds the labels of everything the lists above refer to.
	Named map[record.Ref]Label
}

// Around returns a record and what refers to it.
func (h *House) Around(ctx context.Context, v access.Viewer, tag string, ref record.Ref) (*Around, error) {
	a := &Around{}
	err := h.view(ctx, func(r *store.Reader) error {
		i, err := store.AnyOne(ctx, r, v, ref)
		if err != nil {
			return err
		}
		a.Standing, a.Label = standing(i), labelOf(i.Rec, tag)
		if ref.Kind == record.KindSource {
			captures, err := r.CapturesOf(ctx, v, record.SourceID(ref.ID))
			if err != nil {
				return err
			}
			for _, c := range captures {
				a.Captures = append(a.Captures, c.Rec)
			}
		}
		if err := a.claims(ctx, r, v, tag, ref); err != nil {
			return err
		}
		refs, err := a.people(ctx, r, v, ref)
		if err != nil {
			return err
		}
		a.Named, err = labels(ctx, r, v, tag, refs)
		return err
	})
	return a, err
}

func (a *Around) claims(ctx context.Context, r *store.Reader, v access.Viewer, tag string, ref record.Ref) error {
	var claims []store.Item[*record.Claim]
	var err error
	switch ref.Kind {
	case record.KindSource:
		claims, err = r.ClaimsOf(ctx, v, record.SourceID(ref.ID), maxAround)
	case record.KindEvent, record.KindPerson, record.KindParty, record.KindTotal, record.KindTie:
		claims, err = r.ClaimsAbout(ctx, v, ref.ID)
	}
	if err != nil {
		return err
	}
	if ref.Kind == record.KindPerson || ref.Kind == record.KindParty {
		pointing, err := r.ClaimsPointingAt(ctx, v, ref.ID, maxAround)
		if err != nil {
			return err
		}
		claims = append(claims, pointing...)
	}
	a.Claims, err = deskClaims(ctx, r, v, tag, claims[:min(len(claims), maxAround)])
	return err
}

// people gathers involvements, ties and parts, and returns what they refer to.
func (a *Around) people(ctx context.Context, r *store.Reader, v access.Viewer, ref record.Ref) ([]record.Ref, error) {
	var refs []record.Ref
	add := func(k record.Kind, id string) {
		if id != "" {
			refs = append(refs, record.Ref{Kind: k, ID: id})
		}
	}
	var in []store.Item[*record.Involvement]
	var err error
	switch ref.Kind {
	case record.KindEvent:
		if in, err = r.InvolvementsIn(ctx, v, record.EventID(ref.ID)); err != nil {
			return nil, err
		}
		parts, err := r.Parts(ctx, v, record.EventID(ref.ID))
		if err != nil {
			return nil, err
		}
		a.Parts, _ = pageOf(parts, "", 0, len(parts))
	case record.KindPerson, record.KindParty:
		if in, err = r.InvolvementsOf(ctx, v, ref); err != nil {
			return nil, err
		}
		ties, err := r.TiesOf(ctx, v, ref.ID)
		if err != nil {
			return nil, err
		}
		for _, t := range ties {
			a.Ties = append(a.Ties, t.Rec)
			refs = append(refs, t.Rec.From, t.Rec.To)
		}
	}
	for _, i := range in[:min(len(in), maxAround)] {
		a.Involvements = append(a.Involvements, i.Rec)
		add(record.KindEvent, string(i.Rec.Event))
		add(record.KindPerson, string(i.Rec.Person))
		add(record.KindParty, string(i.Rec.Party))
	}
	return refs, nil
}

// JournalLine is one entry of the journal, for the desk.
type JournalLine struct {
	Seq     int64
	At      int64 // microseconds UTC
	Role    string
	Actor   string // the account's name, empty for the house
	Action  string
	Subject Label // its name is empty when the record is not for the viewer
	Note    string
}

// JournalPage returns the journal's latest entries before an entry's number, 0
// for the latest of all. It is for those who review: the reasons people give can
// speak of drafts.
func (h *House) JournalPage(ctx context.Context, v access.Viewer, tag string, before int64, limit int) ([]JournalLine, error) {
	if err := require(v, access.ActReview); err != nil {
		return nil, err
	}
	return h.journal(ctx, v, tag, before, limit, func(store.Line) bool { return true })
}

func (h *House) journal(ctx context.Context, v access.Viewer, tag string, before int64, limit int, keep func(store.Line) bool) ([]JournalLine, error) {
	var out []JournalLine
	err := h.view(ctx, func(r *store.Reader) error {
		lines, err := r.Journal(ctx, before, limit)
		if err != nil {
			return err
		}
		lines = slices.DeleteFunc(lines, func(l store.Line) bool { return !keep(l) })
		var refs []record.Ref
		for _, l := range lines {
			refs = append(refs, l.Subject)
		}
		named, err := labels(ctx, r, v, tag, slices.DeleteFunc(refs, func(ref record.Ref) bool {
			_, ok := record.New(ref.Kind)
			return !ok
		}))
		if err != nil {
			return err
		}
		out, err = journalLines(ctx, r, lines, named)
		return err
	})
	return out, err
}

// journalLines says who made journal entries, and calls what they are about as labels do.
func journalLines(ctx context.Context, r *store.Reader, lines []store.Line, named map[record.Ref]Label) ([]JournalLine, error) {
	who, err := accountNames(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []JournalLine
	for _, l := range lines {
		s := named[l.Subject]
		s.Ref = l.Subject
		out = append(out, JournalLine{
			Seq: l.Seq, At: l.At, Role: l.Role, Actor: who[l.Actor], Action: l.Action, Subject: s, Note: l.Note,
		})
	}
	return out, nil
}

// DeskHome is what waits at the desk. Counts stop just over
// DeskCount.
type DeskHome struct {
	Claims, Sames, Requests int
	Running                 []*record.Import
	// Mine are the records the viewer worked on last; those still drafts say so.
	Mine []Label
	// OneEditor says that nobody else could review the viewer's work.
	OneEditor bool
	// Backup is when the last backup was made, 0 when none is on record.
	Backup int64
	// Free is the disk's free share in percent, -1 where it cannot be told.
	Free int
}

// DeskHome returns what waits for a viewer.
func (h *House) DeskHome(ctx context.Context, v access.Viewer, tag string) (*DeskHome, error) {
	if !v.SignedIn() {
		return nil, fmt.Errorf("the desk: %w", record.ErrForbidden)
	}
	d := &DeskHome{Free: freeShare(h.dir)}
	err := h.view(ctx, func(r *store.Reader) error {
		if v.May(access.ActReview) {
			claims, err := r.Waiting(ctx, v, "", DeskCount+1)
			if err != nil {
				return err
			}
			sames, err := r.SamesWaiting(ctx, v, 0, DeskCount+1)
			if err != nil {
				return err
			}
			n, err := reviewers(ctx, r)
			if err != nil {
				return err
			}
			d.Claims, d.Sames, d.OneEditor = len(claims), len(sames), n <= 1
		}
		if v.May(access.ActModerate) {
			requests, err := r.Requests(ctx, v, record.RequestOpen, DeskCount+1)
			if err != nil {
				return err
			}
			d.Requests = len(requests)
		}
		if v.May(access.ActImport) {
			runs, err := r.Imports(ctx, v, 20)
			if err != nil {
				return err
			}
			for _, i := range runs {
				if i.Rec.Finished == 0 {
					d.Running = append(d.Running, i.Rec)
				}
			}
		}
		b, err := r.Setting(ctx, settingBackup)
		if err == nil && len(b) > 0 {
			d.Backup, err = strconv.ParseInt(string(b), 10, 64)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	lines, err := h.journal(ctx, v, tag, 0, 300, func(l store.Line) bool { return v.User != "" && l.Actor == v.User })
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		s := l.Subject
		if s.Name == "" || len(d.Mine) >= 12 || slices.ContainsFunc(d.Mine, func(o Label) bool { return o.Ref == s.Ref }) {
			continue
		}
		d.Mine = append(d.Mine, s)
	}
	return d, nil
}

// DeskCount is what the desk counts to.
const DeskCount = 1000

// settingBackup is when the last backup was finished, in microseconds UTC.
const settingBackup = "backup"

// NoteBackup remembers when a backup was finished, so that the desk can say how
// old the last one is.
func (h *House) NoteBackup(ctx context.Context) error {
	return h.store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutSetting(ctx, settingBackup, []byte(strconv.FormatInt(h.micros(), 10)))
	})
}

// Age returns how long ago an instant in microseconds was, by the house's clock.
func (h *House) Age(at int64) time.Duration { return h.Now().Sub(time.UnixMicro(at)) }
