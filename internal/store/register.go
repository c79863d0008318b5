package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// inChunks gathers what where finds for long lists of identifiers.
func inChunks[T record.Record, ID ~string](ctx context.Context, r *Reader, v access.Viewer, column string, ids []ID, more string) ([]Item[T], error) {
	var out []Item[T]
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		got, err := where[T](ctx, r, v, "t."+column+" in ("+in+") "+more, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
		ids = ids[n:]
	}
	return out, nil
}

// ClaimsAbout returns the claims whose subject is one of the records.
func (r *Reader) ClaimsAbout(ctx context.Context, v access.Viewer, subjects ...string) ([]Item[*record.Claim], error) {
	return inChunks[*record.Claim](ctx, r, v, "subject", subjects, "order by t.id")
}

// MeasuresAbout returns the measure claims among them, which is all that figures
// need.
func (r *Reader) MeasuresAbout(ctx context.Context, v access.Viewer, subjects ...string) ([]Item[*record.Claim], error) {
	return inChunks[*record.Claim](ctx, r, v, "subject", subjects, "and t.kind = 'measure' order by t.id")
}

// ClaimsPointingAt returns the attribute claims whose value is the record.
func (r *Reader) ClaimsPointingAt(ctx context.Context, v access.Viewer, id string, limit int) ([]Item[*record.Claim], error) {
	return where[*record.Claim](ctx, r, v, fmt.Sprintf("t.value = $1 and t.value <> '' order by t.id desc limit %d", limit), id)
}

// ClaimsOf returns the claims a source makes, at most limit.
func (r *Reader) ClaimsOf(ctx context.Context, v access.Viewer, source record.SourceID, limit int) ([]Item[*record.Claim], error) {
	return where[*record.Claim](ctx, r, v, fmt.Sprintf("t.source = $1 order by t.id limit %d", limit), string(source))
}

// Claims returns claims in the order of identifiers, after the one given.
func (r *Reader) Claims(ctx context.Context, v access.Viewer, after record.ClaimID, limit int) ([]Item[*record.Claim], error) {
	return where[*record.Claim](ctx, r, v, fmt.Sprintf("t.id > $1 order by t.id limit %d", limit), string(after))
}

// Waiting returns suggested claims in the order of entry, after the one with the
// identifier after.
func (r *Reader) Waiting(ctx context.Context, v access.Viewer, after record.ClaimID, limit int) ([]Item[*record.Claim], error) {
	return where[*record.Claim](ctx, r, v, fmt.Sprintf("t.state = 'suggested' and t.id > $1 order by t.id limit %d", limit), string(after))
}

// CapturesOf returns the preserved copies of the sources.
func (r *Reader) CapturesOf(ctx context.Context, v access.Viewer, sources ...record.SourceID) ([]Item[*record.Capture], error) {
	return inChunks[*record.Capture](ctx, r, v, "source", sources, "order by t.id")
}

// SourcesWithin returns the sources reproduced in a source, at most limit.
func (r *Reader) SourcesWithin(ctx context.Context, v access.Viewer, source record.SourceID, limit int) ([]Item[*record.Source], error) {
	return where[*record.Source](ctx, r, v, fmt.Sprintf("t.within = $1 and t.within <> '' and t.run = '' order by t.id limit %d", limit), string(source))
}

// Sources lists the house's own sources (not dataset rows), newest first.
func (r *Reader) Sources(ctx context.Context, v access.Viewer, offset, limit int) ([]Item[*record.Source], error) {
	return where[*record.Source](ctx, r, v, fmt.Sprintf("t.run = '' order by t.published desc, t.id desc limit %d offset %d", limit, offset))
}

// InvolvementsIn returns who had a part in the events.
func (r *Reader) InvolvementsIn(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Involvement], error) {
	return inChunks[*record.Involvement](ctx, r, v, "event", events, "order by t.id")
}

// InvolvementsOf returns what a person or party had a part in.
func (r *Reader) InvolvementsOf(ctx context.Context, v access.Viewer, ref record.Ref) ([]Item[*record.Involvement], error) {
	column := "person"
	if ref.Kind == record.KindParty {
		column = "party"
	}
	return where[*record.Involvement](ctx, r, v, "t."+column+" = $1 and t."+column+" <> '' order by t.id limit 5000", ref.ID)
}

// TiesOf returns the ties of a person or party, in both directions.
func (r *Reader) TiesOf(ctx context.Context, v access.Viewer, id string) ([]Item[*record.Tie], error) {
	return where[*record.Tie](ctx, r, v, "(t.source = $1 or t.target = $1) order by t.id limit 1000", id)
}

// Persons lists people by name.
func (r *Reader) Persons(ctx context.Context, v access.Viewer, offset, limit int) ([]Item[*record.Person], error) {
	return where[*record.Person](ctx, r, v, fmt.Sprintf("1 = 1 order by t.sort, t.id limit %d offset %d", limit, offset))
}

// Parties lists parties by name, of one kind or of all.
func (r *Reader) Parties(ctx context.Context, v access.Viewer, kind record.PartyKind, offset, limit int) ([]Item[*record.Party], error) {
	return where[*record.Party](ctx, r, v, fmt.Sprintf("($1 = '' or t.kind = $1) order by t.sort, t.id limit %d offset %d", limit, offset), string(kind))
}

// Totals lists the totals.
func (r *Reader) Totals(ctx context.Context, v access.Viewer) ([]Item[*record.Total], error) {
	return where[*record.Total](ctx, r, v, "1 = 1 order by t.slug limit 500")
}

// Parts returns the events that are part of the events.
func (r *Reader) Parts(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Event], error) {
	return inChunks[*record.Event](ctx, r, v, "part_of", events, "and t.part_of <> '' order by t.earliest, t.id")
}

// JoinedTo returns the events shown on the pages of the events.
func (r *Reader) JoinedTo(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Event], error) {
	return inChunks[*record.Event](ctx, r, v, "joined", events, "and t.joined <> '' order by t.id")
}

// Root returns the event on whose page an event is shown: itself unless an
// accepted Same has joined it to another.
func (r *Reader) Root(ctx context.Context, event record.EventID) (record.EventID, error) {
	var joined string
	if _, err := r.one(ctx, []any{&joined}, "select joined from event where id = $1", string(event)); err != nil {
		return event, err
	}
	if joined != "" {
		return record.EventID(joined), nil
	}
	return event, nil
}

// responsesOfOne is how many responses are read for an event, in the mean of those asked
// about together.
const responsesOfOne = 500

// Responses returns the events in response to any of the events, in time. With more than
// 256 of them it goes from one part of them to the next, and an event that answers several may come twice.
func (r *Reader) Responses(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Event], error) {
	var out []Item[*record.Event]
	for some := range slices.Chunk(events, chunk) {
		in, args := list(nil, some)
		got, err := where[*record.Event](ctx, r, v, fmt.Sprintf("t.id in (select event from event_response where cause in (%s)) order by t.earliest, t.id limit %d", in, responsesOfOne*len(some)), args...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
	}
	return out, nil
}

// Sames returns the proposals that concern an event.
func (r *Reader) Sames(ctx context.Context, v access.Viewer, event record.EventID) ([]Item[*record.Same], error) {
	return where[*record.Same](ctx, r, v, "(t.a = $1 or t.b = $1) order by t.id limit 1000", string(event))
}

// SamesWaiting returns open proposals, the likeliest first.
func (r *Reader) SamesWaiting(ctx context.Context, v access.Viewer, offset, limit int) ([]Item[*record.Same], error) {
	return where[*record.Same](ctx, r, v, fmt.Sprintf("t.state = 'proposed' order by t.score desc, t.id limit %d offset %d", limit, offset))
}

// SamePair returns what was said about two events, in either order.
func (r *Reader) SamePair(ctx context.Context, v access.Viewer, a, b record.EventID) ([]Item[*record.Same], error) {
	return where[*record.Same](ctx, r, v, "((t.a = $1 and t.b = $2) or (t.a = $2 and t.b = $1))", string(a), string(b))
}

// Requests lists requests from the public in a state, oldest first.
func (r *Reader) Requests(ctx context.Context, v access.Viewer, state record.RequestState, limit int) ([]Item[*record.Request], error) {
	return where[*record.Request](ctx, r, v, fmt.Sprintf("($1 = '' or t.state = $1) order by t.id limit %d", limit), string(state))
}

// RequestByCode returns the request whose reply code has the hash.
func (r *Reader) RequestByCode(ctx context.Context, codeHash string) (Item[*record.Request], error) {
	got, err := where[*record.Request](ctx, r, access.House(), "t.code = $1", codeHash)
	if err == nil && len(got) == 0 {
		err = fmt.Errorf("request: %w", record.ErrNotFound)
	}
	if err != nil {
		return Item[*record.Request]{}, err
	}
	return got[0], nil
}

// Decided returns decided requests that have a line for the public log, newest
// first.
func (r *Reader) Decided(ctx context.Context, limit int) ([]Item[*record.Request], error) {
	return where[*record.Request](ctx, r, access.House(), fmt.Sprintf("t.state <> 'open' order by t.at desc, t.id desc limit %d", limit))
}

// Imports lists the runs of importers, newest first.
func (r *Reader) Imports(ctx context.Context, v access.Viewer, limit int) ([]Item[*record.Import], error) {
	return where[*record.Import](ctx, r, v, fmt.Sprintf("1 = 1 order by t.id desc limit %d", limit))
}

// Releases lists the frozen releases, newest first.
func (r *Reader) Releases(ctx context.Context, v access.Viewer) ([]Item[*record.Release], error) {
	return where[*record.Release](ctx, r, v, "1 = 1 order by t.number desc")
}

// EventFilter restricts a list of events. Zero fields do not restrict.
type EventFilter struct {
	Types    []record.EventType
	From, To *int64 // days; an event whose span touches them is in
	Country  string
	Province string // folded
	Town     string // folded
	Struck   record.PartyID
	Party    record.PartyID // with any involvement
	// Dataset is "" for all, "own" for events the house entered, else a
	// dataset's name.
	Dataset string
	// MinKilled restricts to events whose figure reaches the number.
	MinKilled int64
	Tokens    []string
	// Joined also lists events that are shown on another one's page.
	Joined bool
	// Parts also lists events that are part of another.
	Parts bool
}

// EventCursor is where a page of a list begins: after the event with this day
// and identifier.
type EventCursor struct {
	Day int64
	ID  string
}

// Events lists events newest first.
func (r *Reader) Events(ctx context.Context, v access.Viewer, f EventFilter, after *EventCursor, limit int) ([]Item[*record.Event], error) {
	if keys, ok, err := r.amongDocs(ctx, v, f); ok || err != nil {
		if err != nil {
			return nil, err
		}
		return r.eventsOf(ctx, v, keys, after, limit)
	}
	cond, args, err := r.eventCond(ctx, v, f)
	if err != nil {
		return nil, err
	}
	if after != nil {
		args = append(args, after.Day, after.ID)
		// The first part alone says where to begin in the index.
		cond += fmt.Sprintf(" and t.earliest <= $%d and (t.earliest < $%d or t.id < $%d)", len(args)-1, len(args)-1, len(args))
	}
	return where[*record.Event](ctx, r, v, fmt.Sprintf("%s order by t.earliest desc, t.id desc limit %d", cond, limit), args...)
}

// CountEvents counts the events of a list up to limit.
func (r *Reader) CountEvents(ctx context.Context, v access.Viewer, f EventFilter, limit int) (int, error) {
	if keys, ok, err := r.amongDocs(ctx, v, f); ok || err != nil {
		return min(len(keys), limit), err
	}
	if n, ok, err := r.countFromDocs(ctx, v, f, limit); ok || err != nil {
		return n, err
	}
	cond, args, err := r.eventCond(ctx, v, f)
	if err != nil {
		return 0, err
	}
	seen, args := r.sees(v, "t", "author", args)
	order := ""
	if f.From != nil {
		// No index says when events ended, so those before the time asked for are only
		// passed by: from the newest on, they come last.
		order = "order by t.earliest desc, t.id desc"
	}
	var n int
	_, err = r.one(ctx, []any{&n}, fmt.Sprintf("select count(*) from (select 1 as x from event t where %s and %s %s limit %d) as c", seen, cond, order, limit), args...)
	return n, err
}

// few is up to how many events a filter by another table is turned into a list
// of identifiers: below it the events are fetched and sorted, above it events are
// walked by date and each is asked, which soon finds a page of them. No planner
// can know which is better before it knows the parameters.
const few = 500

// upToFew reads the identifiers a query gives; ok is false where there are more
// than few.
func (r *Reader) upToFew(ctx context.Context, column, from string, args ...any) (ids []string, ok bool, err error) {
	ids, err = r.inOneRow(ctx, fmt.Sprintf("select %s as value %s limit %d", column, from, few+1), args...)
	if err != nil {
		return nil, false, fmt.Errorf("read a filter's list: %w", err)
	}
	return ids, len(ids) <= few, nil
}

// inOneRow reads the values of a query, which hold no comma and come in no order, as
// one row: each row of thousands would cost the driver as much as finding it.
func (r *Reader) inOneRow(ctx context.Context, query string, args ...any) ([]string, error) {
	var all string
	if _, err := r.one(ctx, []any{&all}, "select coalesce(string_agg(c.value, ','), '') from ("+query+") as c", args...); err != nil || all == "" {
		return nil, err
	}
	return strings.Split(all, ","), nil
}

// parameter is the number of a parameter in a statement.
var parameter = regexp.MustCompile(`\$[0-9]+`)

// shift renumbers the parameters of a part of a statement to stand behind others.
func shift(part string, behind int) string {
	return parameter.ReplaceAllStringFunc(part, func(p string) string {
		n, err := strconv.Atoi(p[1:])
		if err != nil {
			return p
		}
		return "$" + strconv.Itoa(n+behind)
	})
}

// someDocs is up to how many documents SQLite gathers to look which events are
// among them. Beyond it events are asked in turn, of which a page is then soon
// found.
const someDocs = 2500

// listedEvent names an event by its identifier where thousands are asked for: the
// index holds what a list asks of them. SQLite's planner would take the rows.
const listedEvent = "event t indexed by event_listed"

// wordPlan is how a list's words are looked for.
type wordPlan struct {
	asking
	// ids are the documents found, on SQLite and where there are at most someDocs;
	// wide says that there are more.
	ids  []string
	wide bool
}

// planWords decides how a list's words are looked for, once for each snapshot: a
// page counts its list and reads it.
func (r *Reader) planWords(ctx context.Context, v access.Viewer, tokens []string) (wordPlan, error) {
	kinds := []record.Kind{record.KindEvent}
	key := wordsKey(v, tokens, kinds)
	if p, ok := r.plans[key]; ok {
		return p, nil
	}
	p, err := r.planAfresh(ctx, v, key, tokens, kinds)
	if err != nil {
		return p, err
	}
	if r.before == nil { // what is read does not change
		if r.plans == nil {
			r.plans = map[string]wordPlan{}
		}
		r.plans[key] = p
	}
	return p, nil
}

func (r *Reader) planAfresh(ctx context.Context, v access.Viewer, key string, tokens []string, kinds []record.Kind) (p wordPlan, err error) {
	if c, ok := r.frequent.get(key); ok && c.wide {
		return wordPlan{asking: c.asking, wide: true}, nil
	}
	if r.dialect != sqlite {
		p.asking, _, err = r.asked(ctx, v, tokens, kinds)
		return p, err
	}
	// Most words are in some document as they are.
	p.tokens = tokens
	if err := r.gather(ctx, v, &p, kinds); err != nil || p.wide || len(p.ids) > 0 {
		if p.wide {
			r.frequent.put(key, frequentWords{asking: p.asking, wide: true})
		}
		return p, err
	}
	if p.asking, _, err = r.asked(ctx, v, tokens, kinds); err != nil || !p.beginning {
		return p, err
	}
	err = r.gather(ctx, v, &p, kinds)
	return p, err
}

// gather reads the documents that a plan asks for. Where these are too many it is
// wide, and asks for the mark of what is public if that spares it anything.
func (r *Reader) gather(ctx context.Context, v access.Viewer, p *wordPlan, kinds []record.Kind) error {
	from, _, args := r.matching(access.House(), p.asking, kinds)
	from = r.bySeen(from, p.asking)
	found, err := r.inOneRow(ctx, fmt.Sprintf("select d.seen || ' ' || d.id as value %s limit %d", from, someDocs+1), args...)
	if err != nil {
		return fmt.Errorf("read the documents that hold words: %w", err)
	}
	public := 0
	for _, f := range found {
		number, id, _ := strings.Cut(f, " ")
		level, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("read who sees a document: %w", err)
		}
		if access.Level(level) == access.LevelPublic {
			public++
		}
		if access.Level(level) <= v.Sees() {
			p.ids = append(p.ids, id)
		}
	}
	if len(found) > someDocs {
		p.wide, p.ids = true, nil
		p.mark = v.Sees() == access.LevelPublic && public < len(found)
	}
	return nil
}

// amongDocs returns the places in a list, newest first, of the events of it that
// hold the words asked for. ok is false where these are not to be found by their
// documents: on PostgreSQL, without words, or where too many hold them.
func (r *Reader) amongDocs(ctx context.Context, v access.Viewer, f EventFilter) (keys []EventCursor, ok bool, err error) {
	if r.dialect != sqlite || len(f.Tokens) == 0 {
		return nil, false, nil
	}
	plan, err := r.planWords(ctx, v, f.Tokens)
	if err != nil || plan.wide {
		return nil, false, err
	}
	b, err := json.Marshal(f)
	if err != nil {
		return nil, false, fmt.Errorf("name the list: %w", err)
	}
	name := fmt.Sprint(v.Sees(), v.User, " ", string(b))
	if keys, ok := r.listed[name]; ok {
		return keys, true, nil
	}
	ids, err := json.Marshal(plan.ids)
	if err != nil {
		return nil, false, fmt.Errorf("list the documents: %w", err)
	}
	f.Tokens = nil
	cond, args, err := r.eventCond(ctx, v, f)
	if err != nil {
		return nil, false, err
	}
	seen, args := r.sees(v, "t", "author", args)
	args = append(args, string(ids))
	found, err := r.inOneRow(ctx, fmt.Sprintf("select t.earliest || ' ' || t.id as value from json_each($%d) as j cross join "+listedEvent+" on t.id = j.value where %s and %s", len(args), seen, cond), args...)
	if err != nil {
		return nil, false, fmt.Errorf("read the events that hold words: %w", err)
	}
	keys = make([]EventCursor, len(found))
	for i, f := range found {
		day, id, _ := strings.Cut(f, " ")
		if keys[i].Day, err = strconv.ParseInt(day, 10, 64); err != nil {
			return nil, false, fmt.Errorf("read the day of an event: %w", err)
		}
		keys[i].ID = id
	}
	slices.SortFunc(keys, func(a, b EventCursor) int { return b.compare(a) })
	if r.before == nil {
		if r.listed == nil {
			r.listed = map[string][]EventCursor{}
		}
		r.listed[name] = keys
	}
	return keys, true, nil
}

// compare orders by date and, on one day, by identifier.
func (c EventCursor) compare(other EventCursor) int {
	return cmp.Or(cmp.Compare(c.Day, other.Day), cmp.Compare(c.ID, other.ID))
}

// eventsOf reads the events of a list from its places.
func (r *Reader) eventsOf(ctx context.Context, v access.Viewer, keys []EventCursor, after *EventCursor, limit int) ([]Item[*record.Event], error) {
	if after != nil {
		keys = slices.DeleteFunc(slices.Clone(keys), func(k EventCursor) bool { return k.compare(*after) >= 0 })
	}
	keys = keys[:min(len(keys), limit)]
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	found, err := Get[*record.Event](ctx, r, v, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Item[*record.Event], 0, len(ids))
	for _, id := range ids {
		if e, ok := found[id]; ok {
			out = append(out, e)
		}
	}
	return out, nil
}

func (r *Reader) countDocs(ctx context.Context, from string, args []any, limit int) (n int, err error) {
	if _, err = r.one(ctx, []any{&n}, fmt.Sprintf("select count(*) from (select 1 as x %s limit %d) as c", from, limit), args...); err != nil {
		return 0, fmt.Errorf("count documents: %w", err)
	}
	return n, nil
}

// countFromDocs counts the events of a list whose words are common by going
// through their documents, which come to the limit soon. ok is false where the
// list is better counted by its events: on PostgreSQL, without words or with
// rarer ones, and where another filter leaves few events.
func (r *Reader) countFromDocs(ctx context.Context, v access.Viewer, f EventFilter, limit int) (n int, ok bool, err error) {
	if r.dialect != sqlite || len(f.Tokens) == 0 || f.Town != "" || f.Province != "" || f.Struck != "" || f.Party != "" || f.MinKilled > 0 {
		return 0, false, nil
	}
	plan, err := r.planWords(ctx, v, f.Tokens)
	if err != nil || !plan.wide {
		return 0, false, err
	}
	from, _, fargs := r.matching(v, plan.asking, []record.Kind{record.KindEvent})
	from = r.bySeen(from, plan.asking)
	f.Tokens = nil
	cond, args, err := r.eventCond(ctx, v, f)
	if err != nil {
		return 0, false, err
	}
	seen, args := r.sees(v, "t", "author", args)
	joined := strings.Replace(shift(from, len(args)), " where ", " cross join "+listedEvent+" on t.id = d.id where ", 1)
	n, err = r.countDocs(ctx, joined+" and "+seen+" and "+cond, append(args, fargs...), limit)
	return n, true, err
}

func (r *Reader) eventCond(ctx context.Context, v access.Viewer, f EventFilter) (string, []any, error) {
	var args []any
	var cond []string
	add := func(format string, value any) {
		args = append(args, value)
		cond = append(cond, fmt.Sprintf(format, len(args)))
	}
	switch {
	case len(f.Types) == 1:
		add("t.type = $%d", string(f.Types[0]))
	case len(f.Types) > 1:
		var in string
		in, args = list(args, f.Types)
		// The concatenation keeps the index on types out of it, from which
		// several types would not come in the order of dates.
		cond = append(cond, "t.type || '' in ("+in+")")
	}
	if f.From != nil {
		add("t.latest >= $%d", *f.From)
	}
	if f.To != nil {
		add("t.earliest <= $%d", *f.To)
		cond = append(cond, fmt.Sprintf("t.earliest > %d", int64(DayUnknown)))
	}
	if f.Country != "" {
		add("t.country = $%d and t.country <> ''", f.Country)
	}
	if f.Province != "" {
		add("t.province = $%d and t.province <> ''", f.Province)
	}
	if f.Town != "" {
		add("t.town = $%d and t.town <> ''", f.Town)
	}
	switch f.Dataset {
	case "":
	case "own":
		cond = append(cond, "t.dataset = ''")
	default:
		add("t.dataset = $%d", f.Dataset)
	}
	// either adds a filter by another table in the form that suits how many rows
	// it has there: column and list say which events, one asks about one event.
	// Both have parameters of their own, which go behind the others.
	either := func(column, those string, listArgs []any, one string, oneArgs []any) error {
		ids, isFew, err := r.upToFew(ctx, column, those, listArgs...)
		switch {
		case err != nil:
			return err
		case len(ids) == 0:
			cond = append(cond, "1 = 0")
			return nil
		case isFew:
			var in string
			in, args = list(args, ids)
			cond = append(cond, "t.id in ("+in+")")
			return nil
		}
		// As a value and not as "exists", which PostgreSQL would answer for all
		// events at once.
		cond = append(cond, "(select 1 "+shift(one, len(args))+" limit 1) = 1")
		args = append(args, oneArgs...)
		return nil
	}
	if f.Struck != "" {
		from, fargs := "from event_struck s where s.party = $1", []any{string(f.Struck)}
		if err := either("s.event", from, fargs, from+" and s.event = t.id", fargs); err != nil {
			return "", nil, err
		}
	}
	if f.Party != "" {
		seen, fargs := r.sees(v, "i", "author", []any{string(f.Party)})
		from := "from involvement i where i.party = $1 and i.party <> '' and " + seen
		if err := either("i.event", from, fargs, from+" and i.event = t.id", fargs); err != nil {
			return "", nil, err
		}
	}
	if f.MinKilled > 0 {
		from, fargs := "from figure f where f.measure = 'killed' and f.high >= $1 and f.audience = $2", []any{f.MinKilled, audience(v)}
		if err := either("f.subject", from, fargs, from+" and f.subject = t.id", fargs); err != nil {
			return "", nil, err
		}
	}
	if len(f.Tokens) > 0 {
		plan, err := r.planWords(ctx, v, f.Tokens)
		if err != nil {
			return "", nil, err
		}
		probe, pargs := r.holding(v, plan.asking)
		if plan.wide {
			cond = append(cond, "(select 1 "+shift(probe+" and d.id = t.id", len(args))+" limit 1) = 1")
			args = append(args, pargs...)
		} else {
			from, _, fargs := r.matching(v, plan.asking, []record.Kind{record.KindEvent})
			if err := either("d.id", from, fargs, probe+" and d.id = t.id", pargs); err != nil {
				return "", nil, err
			}
		}
	}
	// What an event belongs to stands for it in a list only where the viewer
	// sees that; otherwise the event stands for itself.
	standsIn := func(column string) {
		c := "t." + column + " = ''"
		if v.Sees() < access.LevelDraft {
			var seen string
			seen, args = r.sees(v, "o", "author", args)
			// As a value, for the reason above.
			c = "(" + c + " or (select 1 from event o where o.id = t." + column + " and " + seen + " limit 1) is null)"
		}
		cond = append(cond, c)
	}
	if !f.Joined {
		standsIn("joined")
	}
	if !f.Parts {
		standsIn("part_of")
	}
	if len(cond) == 0 {
		cond = []string{"1 = 1"}
	}
	return strings.Join(cond, " and "), args, nil
}

func audience(v access.Viewer) int {
	if v.Sees() == access.LevelPublic {
		return 0
	}
	return 1
}
