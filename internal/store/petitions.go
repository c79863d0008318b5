package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// PetitionByNumber returns the petition with a public number.
func (r *Reader) PetitionByNumber(ctx context.Context, v access.Viewer, number int) (Item[*record.Petition], error) {
	got, err := where[*record.Petition](ctx, r, v, "t.number = $1", number)
	if err == nil && len(got) == 0 {
		err = fmt.Errorf("petition: %w", record.ErrNotFound)
	}
	if err != nil {
		return Item[*record.Petition]{}, err
	}
	return got[0], nil
}

// LastPetitionNumber returns the highest number that a petition of this house has,
// whoever may see it, or 0. Those read from elsewhere keep the numbers they have
// there, where these are free.
func (r *Reader) LastPetitionNumber(ctx context.Context) (n int, err error) {
	_, err = r.one(ctx, []any{&n}, "select coalesce(max(number), 0) from petition where outside = ''")
	return n, err
}

// PetitionFilter says which petitions a list holds. Its zero value means all.
type PetitionFilter struct {
	// State is one of the states that a reader may ask for: open, closed,
	// rejected, waiting (for its opening), published (whatever the clock says),
	// stopped, draft, review; "" is any.
	State string
	// Now is the instant at which opening and closing are judged, microseconds UTC.
	Now int64
	// Tokens have to stand in the petition, the last one perhaps as a beginning.
	Tokens []string
	// Ours leaves out petitions that another site published, Theirs all others.
	Ours, Theirs bool
	// Delivered, Answered and Unanswered ask whether it was handed over, and whether
	// somebody answered, here or on the site that published it.
	Delivered, Answered, Unanswered bool
	// Recent sorts by when a petition opened, not by its signatures elsewhere and its number.
	Recent bool
}

// petitionStates are the conditions of the states. $1 is the instant.
var petitionStates = map[string]string{
	"open": "(t.outside = 'open' or (t.outside = '' and t.publication = 'published' and (t.collection = 'paused' or " +
		"(t.collection = 'open' and t.opens <= $1 and (t.closes = 0 or t.closes > $1)))))",
	"closed": "(t.outside = 'closed' or (t.outside = '' and t.publication = 'published' and (t.collection = 'closed' or " +
		"(t.collection = 'open' and t.closes <> 0 and t.closes <= $1))))",
	"waiting":   "(t.outside = '' and t.publication = 'published' and (t.collection = 'not_open' or (t.collection = 'open' and t.opens > $1)))",
	"rejected":  "(t.outside = 'rejected' or (t.outside = '' and t.publication = 'rejected'))",
	"published": "(t.outside = '' and t.publication = 'published')",
	"stopped":   "(t.outside = '' and t.publication = 'stopped')",
	"draft":     "(t.outside = '' and t.publication = 'draft')",
	"review":    "(t.outside = '' and t.publication = 'review')",
}

func (r *Reader) petitionCond(ctx context.Context, v access.Viewer, f PetitionFilter) (string, []any, error) {
	args := []any{f.Now}
	cond := []string{"cast($1 as bigint) is not null"}
	if f.State != "" {
		c, ok := petitionStates[f.State]
		if !ok {
			return "", nil, fmt.Errorf("petitions in the state %q: %w", f.State, record.ErrNotFound)
		}
		cond = append(cond, c)
	}
	const replied = "(t.outside_answered = 1 or exists (select 1 from reply y where y.petition = t.id and y.seen = 0))"
	if f.Delivered {
		cond = append(cond, "exists (select 1 from delivery y where y.petition = t.id and y.seen = 0)")
	}
	if f.Answered {
		cond = append(cond, replied)
	}
	if f.Unanswered {
		cond = append(cond, "not "+replied)
	}
	if f.Ours {
		cond = append(cond, "t.outside = ''")
	}
	if f.Theirs {
		cond = append(cond, "t.outside <> ''")
	}
	if len(f.Tokens) > 0 {
		// A petition is found by its own words and by those of its editions.
		hits, _, err := r.Search(ctx, v, f.Tokens, []record.Kind{record.KindPetition, record.KindEdition}, 0, SearchLimit)
		if err != nil {
			return "", nil, err
		}
		ids := []string{""}
		for _, h := range hits {
			ids = append(ids, h.Ref.ID)
		}
		var either []string
		for len(ids) > 0 {
			n := min(len(ids), chunk)
			var in string
			in, args = list(args, ids[:n])
			either = append(either, "t.id in ("+in+") or t.id in (select e.petition from edition e where e.id in ("+in+"))")
			ids = ids[n:]
		}
		cond = append(cond, "("+strings.Join(either, " or ")+")")
	}
	return strings.Join(cond, " and "), args, nil
}

// Petitions lists petitions: those of this house first, then those read from
// elsewhere by their signatures there.
func (r *Reader) Petitions(ctx context.Context, v access.Viewer, f PetitionFilter, offset, limit int) ([]Item[*record.Petition], error) {
	cond, args, err := r.petitionCond(ctx, v, f)
	if err != nil {
		return nil, err
	}
	order := "case when t.outside = '' then 0 else 1 end, t.count desc, t.number desc"
	if f.Recent {
		order = "t.opens desc, t.number desc"
	}
	return where[*record.Petition](ctx, r, v, fmt.Sprintf("%s order by %s limit %d offset %d", cond, order, limit, offset), args...)
}

// CountPetitions counts what [Reader.Petitions] would list.
func (r *Reader) CountPetitions(ctx context.Context, v access.Viewer, f PetitionFilter) (n int, err error) {
	cond, args, err := r.petitionCond(ctx, v, f)
	if err != nil {
		return 0, err
	}
	seen, args := r.sees(v, "t", "author", args)
	_, err = r.one(ctx, []any{&n}, "select count(*) from petition t where "+seen+" and "+cond, args...)
	return n, err
}

// EditionOf returns an edition of a petition by its number, 0 for the latest.
func (r *Reader) EditionOf(ctx context.Context, v access.Viewer, petition record.PetitionID, number int) (Item[*record.Edition], error) {
	cond, args := "t.petition = $1 and t.number = $2", []any{string(petition), number}
	if number == 0 {
		cond, args = "t.petition = $1 order by t.number desc limit 1", args[:1]
	}
	got, err := where[*record.Edition](ctx, r, v, cond, args...)
	if err == nil && len(got) == 0 {
		err = fmt.Errorf("edition: %w", record.ErrNotFound)
	}
	if err != nil {
		return Item[*record.Edition]{}, err
	}
	return got[0], nil
}

// EditionsOf returns a petition's editions, newest first.
func (r *Reader) EditionsOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Edition], error) {
	return where[*record.Edition](ctx, r, v, "t.petition = $1 order by t.number desc", string(petition))
}

// EndorsementsOf returns the organisations under a petition in the order in
// which they came.
func (r *Reader) EndorsementsOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Endorsement], error) {
	return where[*record.Endorsement](ctx, r, v, "t.petition = $1 order by t.id", string(petition))
}

// DeliveriesOf returns the deliveries of a petition in their order.
func (r *Reader) DeliveriesOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Delivery], error) {
	return where[*record.Delivery](ctx, r, v, "t.petition = $1 order by t.id", string(petition))
}

// DeliveryByCode returns the delivery whose reply link has the hash, whoever
// sees it: the link is the permission.
func (r *Reader) DeliveryByCode(ctx context.Context, codeHash string) (Item[*record.Delivery], error) {
	got, err := where[*record.Delivery](ctx, r, access.House(), "t.code = $1 and t.code <> ''", codeHash)
	if err == nil && len(got) == 0 {
		err = fmt.Errorf("delivery: %w", record.ErrNotFound)
	}
	if err != nil {
		return Item[*record.Delivery]{}, err
	}
	return got[0], nil
}

// RepliesOf returns what addressees answered to a petition, in order.
func (r *Reader) RepliesOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Reply], error) {
	return where[*record.Reply](ctx, r, v, "t.petition = $1 order by t.id", string(petition))
}

// UpdatesOf returns what the organisers of a petition told about it, in order.
func (r *Reader) UpdatesOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Update], error) {
	return where[*record.Update](ctx, r, v, "t.petition = $1 order by t.number", string(petition))
}

// UpdatesAfter returns what was told about any petition in journal entries after
// one, in the order in which it was told.
func (r *Reader) UpdatesAfter(ctx context.Context, v access.Viewer, entry int64) ([]Item[*record.Update], error) {
	return where[*record.Update](ctx, r, v, "t.entry > $1 order by t.entry", entry)
}

// BatchesOf returns the paper batches of a petition in their order.
func (r *Reader) BatchesOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Batch], error) {
	return where[*record.Batch](ctx, r, v, "t.petition = $1 order by t.number", string(petition))
}

// InvalidationsOf returns the invalidations of a petition in their order.
func (r *Reader) InvalidationsOf(ctx context.Context, v access.Viewer, petition record.PetitionID) ([]Item[*record.Invalidation], error) {
	return where[*record.Invalidation](ctx, r, v, "t.petition = $1 order by t.id", string(petition))
}

// RemarksAbout returns the house's remarks about a record, oldest first.
func (r *Reader) RemarksAbout(ctx context.Context, v access.Viewer, id string) ([]Item[*record.Remark], error) {
	return where[*record.Remark](ctx, r, v, "t.about = $1 order by t.id", id)
}

// JournalOf returns the journal's entries about some records, newest first,
// before an entry's number (0: from the newest).
func (r *Reader) JournalOf(ctx context.Context, before int64, limit int, refs ...record.Ref) ([]Line, error) {
	if before == 0 {
		before = 1 << 62
	}
	var out []Line
	for len(refs) > 0 {
		n := min(len(refs), chunk)
		ids := make([]string, n)
		for i, ref := range refs[:n] {
			ids[i] = ref.ID
		}
		in, args := list([]any{before}, ids)
		rows, err := r.query(ctx, fmt.Sprintf("select e.seq, e.at, e.actor, e.role, e.action, e.kind, e.subject, e.run, coalesce(n.note, '') "+
			"from entry e left join entry_note n on n.seq = e.seq where e.seq < $1 and e.subject in ("+in+") order by e.seq desc limit %d", limit), args...)
		if err != nil {
			return nil, fmt.Errorf("read the journal about records: %w", err)
		}
		err = scan(rows, func() error {
			var l Line
			if err := rows.Scan(&l.Seq, &l.At, &l.Actor, &l.Role, &l.Action, &l.Subject.Kind, &l.Subject.ID, &l.Run, &l.Note); err != nil {
				return err
			}
			out = append(out, l)
			return nil
		})
		if err != nil {
			return nil, r.dialect.fault(err)
		}
		refs = refs[n:]
	}
	slices.SortFunc(out, func(a, b Line) int { return cmp.Compare(b.Seq, a.Seq) })
	return out[:min(len(out), limit)], nil
}

// Accusations returns the involvements in a role that says that someone did
// wrong, each person and party once.
func (r *Reader) Accusations(ctx context.Context, v access.Viewer, limit int) ([]Item[*record.Involvement], error) {
	var roles []record.InvolvementRole
	for _, role := range record.InvolvementRoles() {
		if role.Accuses() {
			roles = append(roles, role)
		}
	}
	in, args := list(nil, roles)
	// Of each the one that most may see: a dataset names one group in thousands of rows.
	return where[*record.Involvement](ctx, r, v, fmt.Sprintf("t.part in ("+in+") and (t.person <> '' or t.party <> '') and not exists ("+
		"select 1 from involvement o where o.person = t.person and o.party = t.party and o.part in ("+in+") and (o.seen < t.seen or (o.seen = t.seen and o.id < t.id))) "+
		"order by t.id limit %d", limit), args...)
}
