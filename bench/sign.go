package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
)

// signSpec is what signing is measured with.
type signSpec struct {
	connections int
	seconds     int
	server      string // a PostgreSQL server, "" for none
	many        int    // signatures in the sustained run, 0 to leave it out
	peer        bool
}

func runSign(ctx context.Context, args []string) (err error) {
	fs, s := flags("sign")
	spec := signSpec{}
	fs.IntVar(&spec.connections, "connections", 64, "`N` connections that sign at once")
	fs.IntVar(&spec.seconds, "seconds", 10, "`SECONDS` of each measurement")
	fs.StringVar(&spec.server, "db", "", "also measure PostgreSQL: the `ADDRESS` of a server on which databases may be made and dropped")
	fs.IntVar(&spec.many, "many", 1_000_000, "`N` signatures in the sustained run, 0 to leave it out")
	fs.BoolVar(&spec.peer, "peer", true, "measure PocketBase beside it")
	_ = fs.Parse(args) // exits on errors
	dir, remove, err := s.scratch()
	if err != nil {
		return err
	}
	defer joinClose(&err, remove)
	fmt.Printf("Measured %s on %s.\n\n", time.Now().UTC().Format(time.DateOnly), machine(ctx, spec.server))
	t := &table{}
	if err := s.measureSign(ctx, t, dir, spec); err != nil {
		return err
	}
	t.print()
	return nil
}

// measureSign fills the table about signatures.
func (s *shared) measureSign(ctx context.Context, t *table, dir string, spec signSpec) error {
	gawah, err := s.binary(ctx)
	if err != nil {
		return err
	}
	limit := time.Duration(spec.seconds) * time.Second
	rate, err := s.signSQLite(ctx, t, gawah, filepath.Join(dir, "one"), spec, limit)
	if err != nil {
		return err
	}
	if spec.peer {
		if err := s.measurePeer(ctx, t, dir, spec, limit, rate); err != nil {
			return err
		}
	}
	if spec.many > 0 {
		if err := signMany(ctx, t, gawah, filepath.Join(dir, "many"), spec); err != nil {
			return err
		}
	}
	if spec.server != "" {
		return signPostgres(ctx, t, gawah, dir, spec, limit)
	}
	return nil
}

// signSQLite measures one server on SQLite, and returns its signatures a second.
func (s *shared) signSQLite(ctx context.Context, t *table, gawah, data string, spec signSpec, limit time.Duration) (rate float64, err error) {
	if rate, err = signAlone(ctx, t, gawah, data, spec, limit); err != nil {
		return 0, err
	}
	site, err := startSite(ctx, gawah, data, "")
	if err != nil {
		return 0, err
	}
	defer joinClose(&err, site.stop)
	site.serial = 100
	for _, p := range []struct{ name, path, target string }{
		{"count.json", site.path + "/count.json", "≥ 40,000/s"},
		{"petition page", site.path, "≥ 15,000/s"},
	} {
		got, err := drive(ctx, site.addr, limit, site.reading(p.name, p.path, spec.connections))
		if err != nil {
			return 0, err
		}
		t.streamed(p.name, p.target, got[0], "")
	}

	slow, reads := site.signing(32), site.reading("reads", site.path+"/count.json", spec.connections)
	page := site.reading("pages", site.path, 16)
	slow.rate, reads.rate, page.rate = 700, 9_000, 1_000
	mixed, err := drive(ctx, site.addr, limit, slow, reads, page)
	if err != nil {
		return 0, err
	}
	for i, name := range []string{"700 signatures/s beside 10,000 reads/s", "9,000 counts/s beside them", "1,000 pages/s beside them"} {
		t.streamed(name, "p99 ≤ 50 ms", mixed[i], "")
	}

	pressed, err := site.tokens(ctx, 200_000)
	if err != nil {
		return 0, err
	}
	confirmed, err := drive(ctx, site.addr, limit, site.confirming(pressed, spec.connections))
	if err != nil {
		return 0, err
	}
	t.streamed("confirmations, SQLite", "≥ 4,000/s", confirmed[0], "")
	peak, _ := highWater(site.process.Process.Pid)
	t.row("peak memory of the server", "≤ 300 MB", fmt.Sprintf("%d MB", peak>>20), "")
	return rate, site.exact(ctx, int64(len(confirmed[0].times)))
}

// signAlone measures signing and nothing else, and then a bare loop of what was
// written.
func signAlone(ctx context.Context, t *table, gawah, data string, spec signSpec, limit time.Duration) (rate float64, err error) {
	site, err := startSite(ctx, gawah, data, "")
	if err != nil {
		return 0, err
	}
	// Connections, prepared statements and caches are there before anything counts.
	_, err = drive(ctx, site.addr, time.Second, site.signing(spec.connections))
	var signed []streamed
	if err == nil {
		signed, err = drive(ctx, site.addr, limit, site.signing(spec.connections))
	}
	if err := errors.Join(err, site.stop()); err != nil {
		return 0, err
	}
	rate = signed[0].perSec()
	t.streamed("signatures, SQLite", "≥ 8,000/s, p99 ≤ 60 ms", signed[0], "")
	group, err := meanGroup(site.log.String())
	if err != nil {
		return 0, err
	}
	bare, rows, err := bareSignatures(ctx, filepath.Join(data, "gawah.db"), filepath.Join(data, "bare.db"), group, 100_000)
	if err != nil {
		return 0, err
	}
	t.row(fmt.Sprintf("bare loop of %d of the same rows, %.0f in each transaction", rows, group), "half of it is enough", fmt.Sprintf("%.0f/s", bare), fmt.Sprintf("signing is %.0f %% of it", 100*rate/bare))
	return rate, nil
}

// streamed adds a stream to the table.
func (t *table) streamed(name, target string, s streamed, beside string) {
	if s.failed > 0 {
		beside = strings.TrimSpace(fmt.Sprintf("%s; %d failed, the first with %s", beside, s.failed, s.wrong))
	}
	t.row(name, target, fmt.Sprintf("%.0f/s, p50 %s, p99 %s", s.perSec(), ms(s.at(0.5)), ms(s.at(0.99))), beside)
}

// site is a running server with the practice petition open.
type site struct {
	*server
	data, db string
	addr     string
	path     string // of the petition
	number   int
	hidden   string // the form's hidden fields, encoded
	serial   int    // makes the addresses of each run others
}

func startSite(ctx context.Context, gawah, data, db string) (*site, error) {
	args := []string{"--example", "quetta"}
	if db != "" {
		args = append(args, "--db", db)
	}
	srv, err := serve(ctx, gawah, data, args...)
	if err != nil {
		return nil, err
	}
	s := &site{server: srv, data: data, db: db, addr: strings.TrimPrefix(srv.url, "http://")}
	if err := s.find(ctx); err != nil {
		return nil, errors.Join(err, srv.stop())
	}
	return s, nil
}

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	formAction  = regexp.MustCompile(`"(/petitions/[a-z0-9-]+)/sign"`)
)

// find looks for the petition that is open, as somebody would who signs.
func (s *site) find(ctx context.Context) error {
	list, err := s.read(ctx, "/petitions.json")
	if err != nil {
		return err
	}
	var all struct {
		Data []struct {
			ID         int
			Attributes struct{ State string }
		}
	}
	if err := json.Unmarshal(list, &all); err != nil {
		return fmt.Errorf("read the list of petitions: %w", err)
	}
	for _, p := range all.Data {
		page, err := s.read(ctx, fmt.Sprintf("/petitions/%d/sign", p.ID))
		if err != nil {
			return err
		}
		m := formAction.FindSubmatch(page)
		if m == nil {
			continue
		}
		v := url.Values{}
		for _, h := range hiddenField.FindAllSubmatch(page, -1) {
			v.Set(string(h[1]), string(h[2]))
		}
		s.number, s.path, s.hidden = p.ID, string(m[1]), v.Encode()
		return nil
	}
	return errors.New("no petition can be signed here")
}

func (s *site) read(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", path, answer.Status)
	}
	return b, err
}

var towns = []string{"PK", "PK", "PK", "AF", "AU", "GB", "DE", "US", "CA", "SE", "NO", "IR"}

// signing are people who sign, all different. A third lets the organiser see the
// name, a third everybody the initials, a third nobody anything.
func (s *site) signing(connections int) stream {
	s.serial++
	serial := strconv.Itoa(s.serial)
	levels := []string{
		"disclosure_public=count&disclosure_organiser=name&disclosure_addressee=count",
		"disclosure_public=initials&disclosure_organiser=initials&disclosure_addressee=initials", "disclosure=count",
	}
	return stream{name: "signatures", connections: connections, want: http.StatusOK, next: func(n int, buf []byte) []byte {
		id := strconv.Itoa(n)
		body := s.hidden + "&name=Testfall+" + string(rune('A'+n%26)) + string(rune('a'+n/26%26)) + "&email=signer" + id + "." + serial + "%40mail" +
			strconv.Itoa(n%200) + ".example&country=" + towns[n%len(towns)] + "&city=Example+Town&" + levels[n%3] + "&consent=yes"
		return post(buf, s.addr, s.path+"/sign", "application/x-www-form-urlencoded", []byte(body))
	}}
}

func (s *site) reading(name, path string, connections int) stream {
	request := get(s.addr, path)
	return stream{name: name, connections: connections, want: http.StatusOK, next: func(int, []byte) []byte { return request }}
}

func (s *site) confirming(tokens []string, connections int) stream {
	return stream{name: "confirmations", connections: connections, want: http.StatusOK, most: len(tokens), next: func(n int, buf []byte) []byte {
		return post(buf, s.addr, s.path+"/confirm", "application/x-www-form-urlencoded", []byte("t="+tokens[n]))
	}}
}

// target is the database of the site.
func (s *site) target() string {
	if s.db != "" {
		return s.db
	}
	return filepath.Join(s.data, "gawah.db")
}

// tokens makes the links that mails would carry, for at most so many signatures
// that wait.
func (s *site) tokens(ctx context.Context, most int) (tokens []string, err error) {
	keys, err := seal.Open(filepath.Join(s.data, "keys"))
	if err != nil {
		return nil, err
	}
	db, err := openBare(s.target())
	if err != nil {
		return nil, err
	}
	defer joinClose(&err, db.Close)
	rows, err := db.QueryContext(ctx, "select n from signature where state = 0 order by n limit "+strconv.Itoa(most))
	if err != nil {
		return nil, err
	}
	defer joinClose(&err, rows.Close)
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		tokens = append(tokens, keys.House().Token(n, s.number, seal.ForOwn))
	}
	return tokens, rows.Err()
}

// exact waits until the public count is what was confirmed, and fails when it is
// not within two seconds: the count is live.
func (s *site) exact(ctx context.Context, want int64) error {
	var got struct {
		Count int64 `json:"signature_count"`
	}
	for start := time.Now(); time.Since(start) < 2*time.Second; time.Sleep(20 * time.Millisecond) {
		b, err := s.read(ctx, s.path+"/count.json")
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &got); err != nil {
			return err
		}
		if got.Count == want {
			return nil
		}
	}
	return fmt.Errorf("the count is %d where %d were confirmed", got.Count, want)
}

var groups = regexp.MustCompile(`groups=(\d+) requests=(\d+)`)

// meanGroup is how many requests the server committed at once, as it says when it
// ends.
func meanGroup(log string) (float64, error) {
	m := groups.FindStringSubmatch(log)
	if m == nil {
		return 0, errors.New("the server did not say how it grouped signatures")
	}
	g, _ := strconv.ParseFloat(m[1], 64)
	r, _ := strconv.ParseFloat(m[2], 64)
	if g == 0 {
		return 0, errors.New("the server committed no signatures")
	}
	return r / g, nil
}

// bareSignatures writes rows of one database into a fresh one with the same
// schema: one goroutine, one prepared statement, one row at a time, and as many
// rows in each transaction.
func bareSignatures(ctx context.Context, from, to string, group float64, most int) (perSec float64, rows int, err error) {
	in, err := openBare(from)
	if err != nil {
		return 0, 0, err
	}
	defer joinClose(&err, in.Close)
	w, err := readTable(ctx, in, "signature", "select * from signature where state = 0 order by n limit "+strconv.Itoa(most), store.IsPostgres(from))
	if err != nil {
		return 0, 0, err
	}
	if len(w.rows) == 0 {
		return 0, 0, errors.New("no signature is left that waits")
	}
	commits := max(1, int(float64(len(w.rows))/group))
	took, err := (shape{tables: []written{w}, rows: len(w.rows), commits: commits}).write(ctx, to)
	return float64(len(w.rows)) / took.Seconds(), len(w.rows), err
}

// signMany signs until there are many.
func signMany(ctx context.Context, t *table, gawah, data string, spec signSpec) (err error) {
	s, err := startSite(ctx, gawah, data, "")
	if err != nil {
		return err
	}
	defer joinClose(&err, s.stop)
	people := s.signing(spec.connections)
	people.most = spec.many
	got, err := drive(ctx, s.addr, 0, people)
	if err != nil {
		return err
	}
	peak, _ := highWater(s.process.Process.Pid)
	tenth := float64(len(got[0].times) / 10)
	first, last := tenth/got[0].first.Seconds(), tenth/got[0].last.Seconds()
	t.streamed(fmt.Sprintf("%d signatures without a pause", spec.many), "last tenth ≥ 80 % of the first", got[0],
		fmt.Sprintf("first tenth %.0f/s, last %.0f/s: %.0f %%; %d MB", first, last, 100*last/first, peak>>20))
	return nil
}

// signPostgres measures one server, and then two, on a PostgreSQL database.
func signPostgres(ctx context.Context, t *table, gawah, dir string, spec signSpec, limit time.Duration) (err error) {
	db, drop, err := freshDatabase(ctx, spec.server)
	if err != nil {
		return err
	}
	defer joinClose(&err, drop)
	data := filepath.Join(dir, "pg")
	s, err := startSite(ctx, gawah, data, db)
	if err != nil {
		return err
	}
	defer joinClose(&err, s.stop)
	if _, err := drive(ctx, s.addr, time.Second, s.signing(spec.connections)); err != nil {
		return err
	}
	got, err := drive(ctx, s.addr, limit, s.signing(spec.connections))
	if err != nil {
		return err
	}
	t.streamed("signatures, PostgreSQL", "≥ 3,000/s", got[0], "")

	other, err := startSite(ctx, gawah, data, db)
	if err != nil {
		return err
	}
	defer joinClose(&err, other.stop)
	other.serial = 1000
	had, err := countRows(ctx, db)
	if err != nil {
		return err
	}
	var two [2][]streamed
	errs := make(chan error, 2)
	for i, at := range []*site{s, other} {
		go func() {
			got, err := drive(ctx, at.addr, limit, at.signing(spec.connections/2))
			two[i] = got
			errs <- err
		}()
	}
	if err := errors.Join(<-errs, <-errs); err != nil {
		return err
	}
	taken := int64(len(two[0][0].times) + len(two[1][0].times))
	have, err := countRows(ctx, db)
	if err != nil {
		return err
	}
	if have-had != taken {
		return fmt.Errorf("two processes took %d signatures and %d rows were added", taken, have-had)
	}
	t.row("signatures, two processes on one PostgreSQL", "none lost, none doubled", fmt.Sprintf("%.0f/s", two[0][0].perSec()+two[1][0].perSec()), fmt.Sprintf("%d taken, %d rows", taken, have-had))

	// Both are asked to confirm the same links at once.
	tokens, err := s.tokens(ctx, 20_000)
	if err != nil {
		return err
	}
	for i, at := range []*site{s, other} {
		go func() {
			got, err := drive(ctx, at.addr, 0, at.confirming(tokens, spec.connections/2))
			two[i] = got
			errs <- err
		}()
	}
	if err := errors.Join(<-errs, <-errs); err != nil {
		return err
	}
	for _, at := range []*site{s, other} {
		if err := at.exact(ctx, int64(len(tokens))); err != nil {
			return err
		}
	}
	t.row("confirmations of the same links in two processes", "one exact count", fmt.Sprintf("%.0f/s", two[0][0].perSec()+two[1][0].perSec()), fmt.Sprintf("%d links, count %d in both", len(tokens), len(tokens)))
	return nil
}

func countRows(ctx context.Context, target string) (n int64, err error) {
	db, err := openBare(target)
	if err != nil {
		return 0, err
	}
	defer joinClose(&err, db.Close)
	err = db.QueryRowContext(ctx, "select count(*) from signature").Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return n, err
}

// measurePeer measures PocketBase creating one plain record, under the same load.
func (s *shared) measurePeer(ctx context.Context, t *table, dir string, spec signSpec, limit time.Duration, rate float64) (err error) {
	cache, err := s.cacheDir()
	if err != nil {
		return err
	}
	peer, err := filepath.Abs(filepath.Join(cache, "peer"))
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", peer, ".")
	build.Dir, build.Env, build.Stderr = "peer", append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build PocketBase (leave it out with -peer=false): %w", err)
	}
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	p := &server{url: "http://" + addr, log: &strings.Builder{}}
	p.process = exec.CommandContext(ctx, peer, filepath.Join(dir, "peer"), addr)
	p.process.Stdout, p.process.Stderr = io.Discard, p.log
	if err := p.process.Start(); err != nil {
		return fmt.Errorf("start PocketBase: %w", err)
	}
	defer func() {
		_ = p.process.Process.Kill()
		_ = p.process.Wait()
	}()
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if status, err := fetch(ctx, http.DefaultClient, p.url+"/api/health"); err == nil && status == http.StatusOK {
			break
		}
		if time.Since(start) > time.Minute || ctx.Err() != nil {
			return fmt.Errorf("PocketBase does not answer: %s", p.log)
		}
	}
	people := stream{name: "records", connections: spec.connections, want: http.StatusOK, next: func(n int, buf []byte) []byte {
		id := strconv.Itoa(n)
		body := `{"name":"Testfall ` + string(rune('A'+n%26)) + `","email":"signer` + id + `@mail` + strconv.Itoa(n%200) + `.example","country":"` + towns[n%len(towns)] + `","city":"Example Town"}`
		return post(buf, addr, "/api/collections/signatures/records", "application/json", []byte(body))
	}}
	if _, err := drive(ctx, addr, time.Second, people); err != nil {
		return err
	}
	got, err := drive(ctx, addr, limit, people)
	if err != nil {
		return err
	}
	t.streamed("PocketBase, one plain record each", "signing is twice as fast", got[0], fmt.Sprintf("signing is %.1f times as fast", rate/got[0].perSec()))
	return nil
}
