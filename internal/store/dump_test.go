package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

// fill writes something into every table that a dump holds.
func fill(f *fixture) (*record.Person, *record.Event) {
	e, s, p := f.event("Attack on Testfall <&\u2028>", record.Public), f.source("Eleven killed \"so far\"", record.Public), f.person("Zzperson مثال", record.Internal)
	e.Where.Point = &record.Point{Lat: 30.25, Lon: -66.125}
	party := f.party("Testfall Group", record.Public)
	e.Struck, e.ResponseTo = []record.Struck{{Party: party.ID}}, []record.EventID{record.EventID(f.id())}
	f.insert(party, p, s, e, f.claim(s.ID, e.Ref(), "eleven were killed", record.Public),
		&record.Capture{ID: record.CaptureID(f.id()), Source: s.ID, Hash: "aa", Visibility: record.Internal},
		&record.Involvement{ID: record.InvolvementID(f.id()), Event: e.ID, Party: party.ID, Visibility: record.Public},
		&record.Tie{ID: record.TieID(f.id()), From: p.Ref(), To: party.Ref(), Visibility: record.Internal},
		&record.Total{ID: record.TotalID(f.id()), Slug: "all", Visibility: record.Public},
		&record.Same{ID: record.SameID(f.id()), A: e.ID, B: record.EventID(f.id()), State: record.SameProposed, Score: 77, Visibility: record.Internal},
		&record.Request{ID: record.RequestID(f.id()), CodeHash: "code", Visibility: record.Internal},
		&record.Import{ID: record.ImportID(f.id()), Dataset: "testfall", Hash: "bb", Visibility: record.Internal},
		&record.Release{ID: record.ReleaseID(f.id()), Number: 1, Visibility: record.Public})
	f.insert(followRecords(f, "one", e.ID, party.ID, p.ID, record.Public)...)
	old := f.party("Its forerunner", record.Public)
	old.Successor = party.ID
	threat := f.event("A threat", record.Public)
	threat.Warnings = []record.Warning{{Attack: e.ID}}
	f.insert(old, threat)
	petition := &record.Petition{ID: record.PetitionID(f.id()), Number: 3, Slug: "testfall", Opens: 5, Closes: 1 << 50, Visibility: record.Public}
	delivery := &record.Delivery{ID: record.DeliveryID(f.id()), Petition: petition.ID, Visibility: record.Public}
	f.insert(petition, delivery,
		&record.Edition{ID: record.EditionID(f.id()), Petition: petition.ID, Number: 1, Visibility: record.Public},
		&record.Endorsement{ID: record.EndorsementID(f.id()), Petition: petition.ID, Visibility: record.Public},
		&record.Batch{ID: record.BatchID(f.id()), Petition: petition.ID, Number: 1, Visibility: record.Internal},
		&record.Invalidation{ID: record.InvalidationID(f.id()), Petition: petition.ID, Visibility: record.Internal},
		&record.Reply{ID: record.ReplyID(f.id()), Petition: petition.ID, Delivery: delivery.ID, Visibility: record.Public},
		&record.Update{ID: record.UpdateID(f.id()), Petition: petition.ID, Number: 1, Visibility: record.Public},
		&record.Remark{ID: record.RemarkID(f.id()), About: petition.Ref(), Visibility: record.Internal})
	p.Slug = "zzperson-b"
	if err := f.update(p, 2); err != nil {
		f.t.Fatal(err)
	}
	gone := f.event("Erased earlier", record.Public)
	f.insert(gone)
	n := int64(11)
	f.write(func(ctx context.Context, t *Tx) error {
		t.Head.Frontier = []byte{0, 1, 254, 255}
		return errors.Join(
			t.Erase(ctx, gone.Ref(), t.Head.Size, 5),
			journal(ctx, t, "erase", gone.Ref(), ""),
			t.PutFigures(ctx, string(e.ID), []FigureRow{{Subject: string(e.ID), Measure: record.Money, Unit: "PKR", Best: &n, Status: "provisional"}}, true),
			t.PutSetting(ctx, "key", []byte{0, 255}),
			t.PutAccount(ctx, Account{ID: testUser, Email: "testfall@example.org", Closed: true}),
			t.PutSession(ctx, Session{Token: "secret", Account: testUser, Ends: 9}),
			t.PutRow(ctx, &RowState{Dataset: "testfall", Key: "1", Source: s.ID, Event: e.ID, Claims: map[string]record.ClaimID{}}, nil, false),
			t.PutProblem(ctx, "run", 1, RowProblem{Line: 2, Key: "problem.low_above_high", Args: map[string]string{"low": "9", "high": "4"}}),
			t.PutMandate(ctx, Mandate{Endorsement: "e", Petition: 3, Box: []byte{0, 1}, DNS: "d", Expires: 9}),
			t.AddCodes(ctx, 3, "north", 10, []string{"hash"}),
			takeLine(ctx, t, 3, PaperLine{Batch: 1, Sheet: 2, Line: 3}),
			t.exec(ctx, "update signature_next set next = 9 where one = 1"),
			t.exec(ctx, "insert into seal (id, petition, hour, wrapped) values (1, 3, 10, $1)", []byte{7, 0}),
			t.exec(ctx, "insert into signature (n, petition, edition, lang, state, was, via, addr, who, host, net, country, show, updates, second, seal, box, mail, "+
				"due, tries, hour, done, batch, voided, told, leaf) values (1, 3, 1, 'en', 1, 0, 0, $1, $1, null, null, 'PK', 0, 0, 0, 1, $1, null, 0, 1, 10, 11, 0, '', 0, 0)", []byte{0, 9}),
			t.exec(ctx, "insert into tally (petition, edition, state, was, via, country, day, second, voided, count) values (3, 1, 1, 0, 0, 'PK', 0, 0, '', 1)"),
			t.exec(ctx, "insert into feed_state (feed, next, etag, modified, failures, error, polled, items, first, moved, leased, owner) values ('f', 1, '', '', 0, '', 2, 3, 2, '', 0, '')"),
			t.exec(ctx, "insert into feed_item (feed, guid, day, title, url, tokens, kept) values ('f', $1, '2026-01-01', 't', 'u', ' t ', 1)", []byte{1, 0}),
			t.exec(ctx, "insert into follower (id, kind, target, lang, addr, box, code, confirmed, expires, told) values ('i', 'demand', 't', 'en', $1, $1, 'c', 1, 0, 2)", []byte{3, 0}),
			t.exec(ctx, "insert into follow_fact (n, fact, kind, of_kind, of_id, step, day) values (1, 'f', 'overdue', 'demand', 't', 's', '2026-01-01')"),
			t.exec(ctx, "insert into reminded (fact, at) values ('overdue', 1)"),
			t.exec(ctx, "insert into shown (petition, at, change, body) values (3, 4, 5, $1)", []byte("{}")),
		)
	})
	f.write(func(ctx context.Context, t *Tx) error {
		_, err := t.AddMail(ctx, Mail{ID: "m", Fact: "f", Kind: "k", Box: []byte{1}, Host: "h", State: MailWaiting})
		return err
	})
	return p, e
}

func dump(t *testing.T, s *Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Dump(t.Context(), &b); err != nil {
		t.Fatalf("dump: %v", err)
	}
	return b.Bytes()
}

// comparableDump sorts the words of search documents, whose order a tsvector does
// not keep, and drops the line that sums up the others.
func comparableDump(b []byte) []string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	docs := slices.Index(lines, `{"table":"doc","columns":["number","kind","id","seen","tokens"]}`)
	for i := docs + 1; i < len(lines)-1; i++ {
		j := strings.LastIndex(lines[i], ",\"")
		words := strings.Fields(strings.Trim(lines[i][j+1:], `"]`))
		slices.Sort(words)
		lines[i] = lines[i][:j] + strings.Join(words, " ")
	}
	return lines[:len(lines)-1]
}

func TestDumpAndRestore(t *testing.T) {
	engines := map[string]func(testing.TB) string{"SQLite": testdb.SQLite, "PostgreSQL": testdb.Postgres}
	for from, source := range engines {
		for to, target := range engines {
			t.Run(from+" to "+to, func(t *testing.T) {
				a := open(t, source(t))
				fill(a)
				first := dump(t, a.Store)
				if bytes.Contains(first, []byte("secret")) {
					t.Error("a session is in the dump")
				}
				for _, tab := range dumped() {
					if i := bytes.Index(first, []byte(fmt.Sprintf(`{"table":%q,`, tab.name))); i < 0 || !bytes.HasPrefix(first[i+bytes.IndexByte(first[i:], '\n')+1:], []byte("[")) {
						t.Errorf("nothing of the table %s is tested", tab.name)
					}
				}
				b := open(t, target(t))
				if err := b.Restore(t.Context(), bytes.NewReader(first), nil); err != nil {
					t.Fatalf("restore: %v", err)
				}
				if d := cmp.Diff(comparableDump(first), comparableDump(dump(t, b.Store))); d != "" {
					t.Errorf("another dump (-first +second):\n%s", d)
				}
				b.view(func(ctx context.Context, r *Reader) error {
					for word, want := range map[string]int{"testfall": 2, "مثال": 0} {
						if _, n, err := r.Search(ctx, access.Anyone(), []string{word}, nil, 0, 10); n != want || err != nil {
							t.Errorf("search %q finds %d (%v)", word, n, err)
						}
					}
					_, n, err := r.Search(ctx, reader, []string{"مثال"}, []record.Kind{record.KindPerson}, 0, 10)
					if n != 1 {
						t.Errorf("inside, search finds %d", n)
					}
					return err
				})
				b.next = 900_000
				b.insert(b.event("The house goes on", record.Public))
				if err := b.Restore(t.Context(), bytes.NewReader(first), nil); !errors.Is(err, ErrNotEmpty) {
					t.Errorf("into a database in use: %v", err)
				}
			})
		}
	}
}

// takeLine takes a line of paper that was not taken before.
func takeLine(ctx context.Context, t *Tx, petition int, l PaperLine) error {
	if ok, err := t.TakeLine(ctx, petition, l); err != nil || !ok {
		return errors.Join(err, errors.New("the line was taken before"))
	}
	if ok, err := t.TakeLine(ctx, petition, l); err != nil || ok {
		return errors.Join(err, errors.New("the line was taken twice"))
	}
	return nil
}

// TestDumpHoldsAllTables compares what is dumped with the schema.
func TestDumpHoldsAllTables(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	var want, got []string
	f.view(func(ctx context.Context, r *Reader) error {
		rows, err := r.query(ctx, "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table' and m.name not in ('migration', 'session', 'job', 'follow_move', 'puzzle') "+
			"and substr(m.name, 1, 10) <> 'doc_tokens' and substr(m.name, 1, 7) <> 'sqlite_'")
		if err != nil {
			return err
		}
		return scan(rows, func() error {
			var table, col string
			err := rows.Scan(&table, &col)
			want = append(want, table+"."+col)
			return err
		})
	})
	for _, tab := range dumped() {
		for _, c := range tab.columns {
			got = append(got, tab.name+"."+c.name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("columns (-schema +dump):\n%s", d)
	}
}

// TestRestoreLeavesOutWhatWasErased restores a backup from before an erasure.
func TestRestoreLeavesOutWhatWasErased(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		a := open(t, testdb.SQLite(t))
		p, e := fill(a)
		erased := map[record.Ref]bool{p.Ref(): true, e.Ref(): true}
		err := f.Restore(t.Context(), bytes.NewReader(dump(t, a.Store)), func(ref record.Ref) bool { return erased[ref] })
		if err != nil {
			t.Fatal(err)
		}
		after := dump(t, f.Store)
		for _, words := range []string{"zzperson", "Zzperson", "Attack on Testfall"} {
			if bytes.Contains(after, []byte(words)) {
				t.Errorf("%q came back", words)
			}
		}
		f.view(func(ctx context.Context, r *Reader) error {
			for ref := range erased {
				if _, err := AnyOne(ctx, r, access.House(), ref); !errors.Is(err, record.ErrGone) {
					t.Errorf("%s: %v, want gone", ref.Kind, err)
				}
				figs, err := r.Figures(ctx, access.House(), ref.ID)
				if len(figs) > 0 || err != nil {
					t.Errorf("figures: %v %v", figs, err)
				}
			}
			n := 0
			_, err := r.one(ctx, []any{&n}, "select count(*) from entry_note n join entry e on e.seq = n.seq where e.subject = $1", string(p.ID))
			if n != 0 {
				t.Errorf("%d notes about the person", n)
			}
			return err
		})
	})
}

func TestRestoreRefusesDamage(t *testing.T) {
	a := open(t, testdb.SQLite(t))
	fill(a)
	good := dump(t, a.Store)
	all, err := a.dialect.migrations()
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, replacement string) []byte {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("the dump has no %s", old)
		}
		return bytes.Replace(good, []byte(old), []byte(replacement), 1)
	}
	lastLine := bytes.LastIndexByte(good[:len(good)-1], '\n') + 1
	cases := map[string]struct {
		data []byte
		want error
	}{
		"empty":              {nil, ErrDamaged},
		"another file":       {[]byte("id,name\n1,Testfall\n"), nil},
		"a picture":          {[]byte("\x89PNG\r\n\x1a\n"), nil},
		"without its end":    {good[:lastLine], ErrDamaged},
		"a changed number":   {edit(`"testfall@example.org"`, `"testfall@example.com"`), ErrDamaged},
		"a lost row":         {append(slices.Clone(good[:lastLine]), edit(`"party":2`, `"party":3`)[lastLine:]...), ErrDamaged},
		"more after the end": {append(slices.Clone(good), "\n"...), ErrDamaged},
		"a newer schema":     {edit(all[len(all)-1].name, "0999_later.sql"), ErrNewer},
		"a newer format":     {edit(`"format":1`, `"format":2`), ErrNewer},
		"a strange table":    {edit(`"table":"setting"`, `"table":"sqlite_schema"`), ErrDamaged},
		"a strange column":   {edit(`["name","value"]`, `["name","value) select 1; --"]`), ErrDamaged},
		"a table twice":      {edit(`{"table":"account"`, `{"table":"setting"`), ErrDamaged},
		"a word as a number": {edit(`[1,`, `["x",`), ErrDamaged},
		"too few values":     {edit(`["key",`, `[`), ErrDamaged},
		"an endless line":    {append(slices.Clone(good[:lastLine]), bytes.Repeat([]byte("["), 1<<20)...), ErrDamaged},
	}
	for i := range 40 {
		n := (i*7919 + 13) % len(good)
		cases[fmt.Sprintf("cut at %d", n)] = struct {
			data []byte
			want error
		}{good[:n], nil}
		flipped := slices.Clone(good)
		flipped[n] ^= 1
		cases[fmt.Sprintf("one bit changed at %d", n)] = struct {
			data []byte
			want error
		}{flipped, nil}
	}
	onBoth(t, func(t *testing.T, f *fixture) {
		for name, tt := range cases {
			err := f.Restore(t.Context(), bytes.NewReader(tt.data), nil)
			if err == nil || (tt.want != nil && !errors.Is(err, tt.want)) {
				t.Fatalf("%s: %v, want %v", name, err, tt.want)
			}
			if strings.Contains(err.Error(), "Testfall") {
				t.Errorf("%s: the error repeats what the backup holds: %v", name, err)
			}
		}
		// After all that the database is as empty as it was.
		if err := f.Restore(t.Context(), bytes.NewReader(good), nil); err != nil {
			t.Errorf("the undamaged one: %v", err)
		}
	})
}

// TestDumpIsOneMoment dumps while others write: what is in must belong together.
func TestDumpIsOneMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		var before []record.Record
		for range 400 { // more than is buffered before the first write
			before = append(before, f.event("Before", record.Public))
		}
		f.insert(before...)
		w := &writeThen{fn: func() { f.insert(f.event("During", record.Public)) }}
		if err := f.Dump(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(w.Bytes(), []byte("During")) || !strings.Contains(w.String(), `"event":400,`) {
			t.Error("the dump mixes two moments")
		}
	})
}

// writeThen calls fn at the first write.
type writeThen struct {
	bytes.Buffer
	fn func()
}

func (w *writeThen) Write(b []byte) (int, error) {
	if w.fn != nil {
		w.fn()
		w.fn = nil
	}
	return w.Buffer.Write(b)
}

// TestRestoreFillsLaterColumns restores a record from a dump that was written before its table got a
// column as if it had been saved since.
func TestRestoreFillsLaterColumns(t *testing.T) {
	body, err := json.Marshal(&record.Petition{ID: "p", Number: 3, Foreign: &record.ForeignPetition{State: "closed", Response: &record.ForeignResponse{Summary: "We saw it."}}})
	if err != nil {
		t.Fatal(err)
	}
	names, args, err := withLater("petition", []string{"id", "body", "number"}, []any{"p", body, int64(3)})
	if err != nil || len(names) != len(args) {
		t.Fatalf("%v %v: %v", names, args, err)
	}
	got := map[string]any{}
	for i, n := range names {
		got[n] = args[i]
	}
	if got["outside_answered"] != 1 || got["outside"] != "closed" || got["number"] != int64(3) || len(got) != len(tables[record.KindPetition].columns)+2 {
		t.Errorf("restored %v", got)
	}
	if _, _, err := withLater("petition", []string{"id", "body"}, []any{"p", []byte("{")}); !errors.Is(err, ErrDamaged) {
		t.Errorf("half a record: %v", err)
	}
}
