package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/signature"
)

// Signature is a row of the table of signatures. Minutes, hours and days count
// from 1970.
type Signature struct {
	N        int64
	Petition int
	Edition  int
	Lang     string
	State    signature.State
	Was      signature.State
	Via      signature.Via
	// Addr, Who and Host are keyed hashes under the petition's key, Net one under a
	// key of its day; nil where there is none or it was destroyed.
	Addr, Who, Host, Net []byte
	Country              string
	Show                 signature.Disclosure
	Updates              bool
	Second               bool
	// Seal is the number of the short-lived key that Box is under, 0 the
	// petition's own.
	Seal      int64
	Box, Mail []byte
	Due       int64 // minutes; 0 none
	Tries     int
	Hour      int64
	Done      int64 // hours
	Batch     int
	Voided    string
	Told      int64
	Leaf      bool
}

// Tally returns the tallies that the row is counted in.
func (s *Signature) Tally() (all TallyKey, day TallyKey, hasDay bool) {
	all = TallyKey{
		Petition: s.Petition, Edition: s.Edition, State: s.State, Via: s.Via, Country: s.Country, Voided: s.Voided,
	}
	if s.State == signature.Voided || s.State == signature.Withdrawn {
		all.Was = s.Was
	}
	if s.State == signature.Confirmed {
		all.Second = s.Second
		return all, TallyKey{Petition: s.Petition, Edition: s.Edition, State: s.State, Via: s.Via, Day: s.Done / 24}, true
	}
	return all, TallyKey{}, false
}

// TallyKey is what the signatures of one tally have in common. With Day it is
// the tally of a day, which has no Country, Was, Second and Voided.
type TallyKey struct {
	Petition, Edition int
	State, Was        signature.State
	Via               signature.Via
	Country           string
	Day               int64
	Second            bool
	Voided            string
}

func (k TallyKey) compare(o TallyKey) int {
	return cmp.Or(cmp.Compare(k.Petition, o.Petition), cmp.Compare(k.Day, o.Day), cmp.Compare(k.State, o.State), cmp.Compare(k.Edition, o.Edition),
		cmp.Compare(k.Was, o.Was), cmp.Compare(k.Via, o.Via), cmp.Compare(k.Country, o.Country), cmp.Compare(flag(k.Second), flag(o.Second)), cmp.Compare(k.Voided, o.Voided))
}

// Tallies are changes of tallies that belong to one transaction.
type Tallies map[TallyKey]int64

// Add counts a row with a weight of 1, or takes it out with -1.
func (d Tallies) Add(s *Signature, weight int64) {
	all, day, hasDay := s.Tally()
	d[all] += weight
	if hasDay {
		d[day] += weight
	}
}

const signatureColumns = "n, petition, edition, lang, state, was, via, addr, who, host, net, country, show, updates, second, seal, box, mail, due, tries, hour, done, batch, voided, told, leaf"

const signatureWidth = 26

func (s *Signature) values(args []any) []any {
	return append(args, s.N, s.Petition, s.Edition, s.Lang, int(s.State), int(s.Was), int(s.Via), null(s.Addr), null(s.Who), null(s.Host), null(s.Net),
		s.Country, s.Show.Packed(), flag(s.Updates), flag(s.Second), s.Seal, null(s.Box), null(s.Mail), s.Due, s.Tries, s.Hour, s.Done, s.Batch, s.Voided, s.Told, flag(s.Leaf))
}

// null is b as a parameter for a column that may be null.
func null(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

func scanSignature(rows *sql.Rows) (s Signature, err error) {
	var show int
	err = rows.Scan(&s.N, &s.Petition, &s.Edition, &s.Lang, &s.State, &s.Was, &s.Via, &s.Addr, &s.Who, &s.Host, &s.Net, &s.Country, &show,
		&s.Updates, &s.Second, &s.Seal, &s.Box, &s.Mail, &s.Due, &s.Tries, &s.Hour, &s.Done, &s.Batch, &s.Voided, &s.Told, &s.Leaf)
	s.Show = signature.Unpack(show)
	return s, err
}

func (r *Reader) signatures(ctx context.Context, rest string, args ...any) (out []Signature, err error) {
	rows, err := r.query(ctx, "select "+signatureColumns+" from signature where "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read signatures: %w", err)
	}
	err = scan(rows, func() error {
		s, err := scanSignature(rows)
		out = append(out, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read signatures: %w", r.dialect.fault(err))
	}
	return out, nil
}

// Aside runs fn in a writing transaction that leaves the head as it is: for what
// is in no record and no journal, such as signatures and their mail. Caches of
// pages survive it. On PostgreSQL others may write at the same time; what must
// not meet is locked by [Tx.LockPetitions] or by the rows themselves.
func (s *Store) Aside(ctx context.Context, fn func(*Tx) error) error {
	return s.transact(ctx, true, func(c conn) error {
		t := &Tx{slabs: map[string]*slab{}}
		t.Reader = Reader{conn: c, dialect: s.dialect, before: t.flush}
		if err := fn(t); err != nil {
			return err
		}
		return t.flush(ctx)
	})
}

// TakeNumbers takes count numbers for signatures and sealing keys, which nobody
// else will ever get, and returns the first.
func (s *Store) TakeNumbers(ctx context.Context, count int64) (first int64, err error) {
	err = s.transact(ctx, true, func(c conn) error {
		return c.QueryRowContext(ctx, "update signature_next set next = next + $1 where one = 1 returning next - $1", count).Scan(&first)
	})
	if err != nil {
		return 0, fmt.Errorf("take numbers for signatures: %w", s.dialect.fault(err))
	}
	return first, nil
}

// SkipNumbers leaves out count numbers, for ever. A database that was restored
// skips many, so that no link made after the backup fits a signature made after
// the restore.
func (t *Tx) SkipNumbers(ctx context.Context, count int64) error {
	if err := t.exec(ctx, "update signature_next set next = next + $1 where one = 1", count); err != nil {
		return fmt.Errorf("skip numbers of signatures: %w", err)
	}
	return nil
}

// LockPetitions makes the transaction the only one that changes the state of
// signatures of these petitions. It comes before everything else in the
// transaction.
func (t *Tx) LockPetitions(ctx context.Context, petitions ...int) error {
	if t.dialect == sqlite {
		return nil
	}
	slices.Sort(petitions)
	for _, p := range slices.Compact(petitions) {
		if _, err := t.run(ctx, "select pg_advisory_xact_lock($1, $2)", []any{lockSignatures, p}); err != nil {
			return fmt.Errorf("wait for the signatures of petition %d: %w", p, err)
		}
	}
	return nil
}

// lockSignatures tells these locks from those of other programs on the database.
const lockSignatures = 0x67617761

// groupSizes are the numbers of rows for which an insert is prepared.
var groupSizes = [...]int{128, 32, 8, 1}

// AddSignatures adds rows, which have numbers already, and counts nothing.
func (t *Tx) AddSignatures(ctx context.Context, rows []Signature) error {
	var args []any
	for len(rows) > 0 {
		n := fit(len(rows))
		args = args[:0]
		for i := range n {
			args = rows[i].values(args)
		}
		if _, err := t.run(ctx, signatureInserts[t.dialect][n], args); err != nil {
			return fmt.Errorf("add signatures: %w", err)
		}
		rows = rows[n:]
	}
	return nil
}

func fit(rows int) int {
	for _, n := range groupSizes {
		if n <= rows {
			return n
		}
	}
	return 1
}

var signatureInserts = inserts("insert into signature ("+signatureColumns+") values ", signatureWidth, "")

var tallyUpserts = inserts("insert into tally (petition, edition, state, was, via, country, day, second, voided, count) values ", 10,
	" on conflict (petition, day, state, edition, was, via, country, second, voided) do update set count = tally.count + excluded.count")

// inserts writes a statement for each engine and each of groupSizes.
func inserts(head string, width int, tail string) [2]map[int]string {
	var out [2]map[int]string
	for _, d := range []dialect{sqlite, postgres} {
		out[d] = map[int]string{}
		for _, n := range groupSizes {
			out[d][n] = head + rowMarks(d, n, width) + tail
		}
	}
	return out
}

// within writes marks for the values of a list, filled up to a power of two by
// repeating the last, and appends them to args. The list comes after all other
// parameters that are numbered lower: SQLite counts it itself ([rowMarks]).
func within[T any](d dialect, args []any, values []T) (string, []any) {
	n := 1
	for n < len(values) {
		n *= 2
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if d == sqlite {
			b.WriteByte('?')
		} else {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(len(args) + 1))
		}
		args = append(args, values[min(i, len(values)-1)])
	}
	return b.String(), args
}

// Count changes tallies. All transactions change them in one order, so that two
// never wait for each other.
func (t *Tx) Count(ctx context.Context, d Tallies) error {
	keys := slices.SortedFunc(maps.Keys(d), TallyKey.compare)
	keys = slices.DeleteFunc(keys, func(k TallyKey) bool { return d[k] == 0 })
	var args []any
	for len(keys) > 0 {
		n := fit(len(keys))
		args = args[:0]
		for _, k := range keys[:n] {
			args = append(args, k.Petition, k.Edition, int(k.State), int(k.Was), int(k.Via), k.Country, k.Day, flag(k.Second), k.Voided, d[k])
		}
		if _, err := t.run(ctx, tallyUpserts[t.dialect][n], args); err != nil {
			return fmt.Errorf("count signatures: %w", err)
		}
		keys = keys[n:]
	}
	return nil
}

// Signatures returns the rows with these numbers; others are missing.
func (r *Reader) Signatures(ctx context.Context, numbers ...int64) (map[int64]Signature, error) {
	out := make(map[int64]Signature, len(numbers))
	for part := range slices.Chunk(numbers, chunk) {
		in, args := within(r.dialect, nil, part)
		rows, err := r.signatures(ctx, "n in ("+in+")", args...)
		if err != nil {
			return nil, err
		}
		for _, s := range rows {
			out[s.N] = s
		}
	}
	return out, nil
}

// known is what the index of addresses holds. Its words stand in every query
// that is to use it.
const known = "addr is not null and (tries > 0 or state = 1)"

// Standing is a confirmed signature of an address.
type Standing struct {
	N       int64
	Edition int
	Addr    string
	Who     string
}

// Standing returns the confirmed signatures of addresses, given by keyed hash.
func (r *Reader) Standing(ctx context.Context, petition int, addrs [][]byte) ([]Standing, error) {
	var out []Standing
	for part := range slices.Chunk(addrs, chunk) {
		in, args := within(r.dialect, []any{petition}, part)
		rows, err := r.query(ctx, "select n, edition, addr, who from signature where petition = $1 and addr in ("+in+") and "+known+" and state = 1 order by n", args...)
		if err != nil {
			return nil, fmt.Errorf("look for signatures of an address: %w", err)
		}
		err = scan(rows, func() error {
			var s Standing
			var addr, who []byte
			if err := rows.Scan(&s.N, &s.Edition, &addr, &who); err != nil {
				return err
			}
			s.Addr, s.Who = string(addr), string(who)
			out = append(out, s)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for signatures of an address: %w", r.dialect.fault(err))
		}
	}
	return out, nil
}

// TallyOf returns what a petition's rows add up to.
func (r *Reader) TallyOf(ctx context.Context, petition int) (signature.Tally, error) {
	var t signature.Tally
	rows, err := r.query(ctx, "select edition, state, was, via, country, day, second, voided, count from tally where petition = $1 and count <> 0", petition)
	if err != nil {
		return t, fmt.Errorf("read the tallies of petition %d: %w", petition, err)
	}
	err = scan(rows, func() error {
		var p signature.Part
		var day int64
		if err := rows.Scan(&p.Edition, &p.State, &p.Was, &p.Via, &p.Country, &day, &p.Second, &p.Voided, &p.Count); err != nil {
			return err
		}
		if day > 0 {
			t.Days = append(t.Days, signature.DayPart{Edition: p.Edition, Day: day, Count: p.Count})
			return nil
		}
		t.Parts = append(t.Parts, p)
		return nil
	})
	if err != nil {
		return t, fmt.Errorf("read the tallies of petition %d: %w", petition, r.dialect.fault(err))
	}
	return t, nil
}

// Tallies returns all tallies that are not 0.
func (r *Reader) Tallies(ctx context.Context) (Tallies, error) {
	return r.tallies(ctx, "select petition, edition, state, was, via, country, day, second, voided, count from tally where count <> 0")
}

// Recount returns what the tallies have to be, from the rows.
func (r *Reader) Recount(ctx context.Context) (Tallies, error) {
	return r.tallies(ctx, `select petition, edition, state, case when state in (2, 3) then was else 0 end, via, country, 0,
		case when state = 1 then second else 0 end, voided, count(*)
		from signature group by 1, 2, 3, 4, 5, 6, 8, 9
		union all select petition, edition, state, 0, via, '', done / 24, 0, '', count(*)
		from signature where state = 1 group by 1, 2, 3, 5, 7`)
}

func (r *Reader) tallies(ctx context.Context, query string) (Tallies, error) {
	rows, err := r.query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	out := Tallies{}
	err = scan(rows, func() error {
		var k TallyKey
		var n int64
		err := rows.Scan(&k.Petition, &k.Edition, &k.State, &k.Was, &k.Via, &k.Country, &k.Day, &k.Second, &k.Voided, &n)
		out[k] += n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", r.dialect.fault(err))
	}
	return out, nil
}

// Shown returns a petition's snapshot as JSON with its change, false before the
// first.
func (r *Reader) Shown(ctx context.Context, petition int) (body []byte, change int64, ok bool, err error) {
	ok, err = r.one(ctx, []any{&body, &change}, "select body, change from shown where petition = $1", petition)
	if err != nil {
		err = fmt.Errorf("read what is shown of petition %d: %w", petition, err)
	}
	return body, change, ok, err
}

// ShownChanges returns the change of every petition's snapshot.
func (r *Reader) ShownChanges(ctx context.Context) (map[int]int64, error) {
	rows, err := r.query(ctx, "select petition, change from shown")
	if err != nil {
		return nil, fmt.Errorf("read what is shown: %w", err)
	}
	out := map[int]int64{}
	err = scan(rows, func() error {
		var p int
		var change int64
		err := rows.Scan(&p, &change)
		out[p] = change
		return err
	})
	return out, r.dialect.fault(err)
}

// PutShown replaces the snapshot that was made as change by the next one, of the
// instant at. false means that another process has been faster.
func (t *Tx) PutShown(ctx context.Context, petition int, change, at int64, body []byte) (bool, error) {
	query, args := "update shown set at = $2, change = $3 + 1, body = $4 where petition = $1 and change = $3", []any{petition, at, change, body}
	if change == 0 {
		query, args = "insert into shown (petition, at, change, body) values ($1, $2, 1, $3) on conflict (petition) do nothing", []any{petition, at, body}
	}
	n, err := t.execCount(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("show the numbers of petition %d: %w", petition, err)
	}
	return n == 1, nil
}

// AddSeal stores a wrapped key under a number from [Store.TakeNumbers]. One that is
// there already is the same one: a commit took effect and its answer was lost.
func (t *Tx) AddSeal(ctx context.Context, id int64, petition int, hour int64, wrapped []byte) error {
	if _, err := t.run(ctx, "insert into seal (id, petition, hour, wrapped) values ($1, $2, $3, $4) on conflict (id) do nothing", []any{id, petition, hour, wrapped}); err != nil {
		return fmt.Errorf("store a wrapped key: %w", err)
	}
	return nil
}

// Seals returns a petition's wrapped keys by number.
func (r *Reader) Seals(ctx context.Context, petition int) (map[int64][]byte, error) {
	rows, err := r.query(ctx, "select id, wrapped from seal where petition = $1", petition)
	if err != nil {
		return nil, fmt.Errorf("read wrapped keys: %w", err)
	}
	out := map[int64][]byte{}
	err = scan(rows, func() error {
		var id int64
		var wrapped []byte
		err := rows.Scan(&id, &wrapped)
		out[id] = wrapped
		return err
	})
	return out, r.dialect.fault(err)
}
