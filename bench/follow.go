package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// followSpec is the load on the pages of following up, and the register it meets.
type followSpec struct {
	nation
	rate, seconds int
	server        string        // a PostgreSQL server to measure on too, "" for none
	every         time.Duration // an assessment is published so often; 0 never
}

func followFlags(fs *flag.FlagSet) *followSpec {
	spec := &followSpec{}
	fs.IntVar(&spec.demands, "demands", 5000, "`N` demands in the generated register")
	fs.IntVar(&spec.steps, "steps", 10, "`N` steps of each demand")
	fs.IntVar(&spec.judged, "judged", 40, "`N` assessments of each demand")
	fs.IntVar(&spec.nation.events, "attacks", 10_000, "`N` events in the register of what was asked")
	fs.IntVar(&spec.rate, "follow-rate", 100, "`N` requests a second for pages of following up")
	fs.DurationVar(&spec.every, "change", 3*time.Second, "publish an assessment so `OFTEN` beside the readers; 0 for never")
	return spec
}

func runFollow(ctx context.Context, args []string) error {
	fs, s := flags("follow")
	spec := followFlags(fs)
	fs.IntVar(&spec.seconds, "seconds", 60, "measure for so many `SECONDS`")
	fs.StringVar(&spec.server, "db", "", "also measure PostgreSQL, with -alone instead of SQLite: the `ADDRESS` of a server on which databases may be made and dropped")
	alone := fs.Int("alone", 0, "instead, what `N` requests cost in processor time, one at a time and without a network")
	only := fs.String("only", "", "with -alone, only this `KIND` of page")
	profile := fs.String("cpuprofile", "", "with -alone, write a profile of the processor's time to this `FILE`")
	dearest := fs.Int("dearest", 0, "with -alone, also list the `N` requests that took most")
	heap := fs.String("heapprofile", "", "with -alone, write a profile of what is live in the end to this `FILE`")
	_ = fs.Parse(args) // exits on errors
	if *alone > 0 {
		return s.followAlone(ctx, *spec, *alone, *dearest, *only, *profile, *heap)
	}
	fmt.Printf("Measured %s on %s.\n\n", time.Now().UTC().Format(time.DateOnly), machine(ctx, spec.server))
	t := &table{}
	if err := s.measureFollow(ctx, t, *spec); err != nil {
		return err
	}
	t.print()
	return nil
}

// measureFollow fills the table about following up, on SQLite, and on PostgreSQL where a
// server is named.
func (s *shared) measureFollow(ctx context.Context, t *table, spec followSpec) (err error) {
	gawah, err := s.binary(ctx)
	if err != nil {
		return err
	}
	from, err := s.nationDir(ctx, spec.nation)
	if err != nil {
		return err
	}
	dir, remove, err := s.scratch()
	if err != nil {
		return err
	}
	defer joinClose(&err, remove)
	data := filepath.Join(dir, "data")
	if err := copyRegister(from, data); err != nil {
		return fmt.Errorf("copy the register: %w", err)
	}
	if err := followOn(ctx, t, gawah, data, "", spec); err != nil || spec.server == "" {
		return err
	}
	db, drop, err := freshDatabase(ctx, spec.server)
	if err != nil {
		return err
	}
	defer joinClose(&err, drop)
	moved := filepath.Join(dir, "moved")
	if err := moveRegister(ctx, gawah, from, moved, db); err != nil {
		return err
	}
	return followOn(ctx, t, gawah, moved, db, spec)
}

// moveRegister takes a register to a PostgreSQL database as an operator would: by a
// backup. The database then looks over its tables, as it does by itself within minutes.
func moveRegister(ctx context.Context, gawah, from, to, db string) error {
	file := to + ".backup"
	for _, args := range [][]string{{"backup", file, "--data", from}, {"restore", file, "--data", to, "--db", db}} {
		if out, err := exec.CommandContext(ctx, gawah, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("gawah %s: %w: %s", args[0], err, out)
		}
	}
	return admin(ctx, db, "vacuum analyze")
}

// followOn measures one engine: what is overdue, and then pages at the rate while
// assessments are published.
func followOn(ctx context.Context, t *table, gawah, data, db string, spec followSpec) (err error) {
	engine, more := "SQLite", []string(nil)
	if db != "" {
		engine, more = "PostgreSQL", []string{"--db", db}
	}
	h, err := openHouseAt(ctx, data, db)
	if err != nil {
		return err
	}
	defer joinClose(&err, h.close)
	if err := h.overdue(ctx, t, engine, spec); err != nil {
		return err
	}
	srv, err := serve(ctx, gawah, data, more...)
	if err != nil {
		return err
	}
	defer joinClose(&err, srv.stop)
	if err := srv.settle(ctx); err != nil {
		return err
	}
	stop := h.publishBeside(ctx, spec)
	r := newReader(spec.nation)
	names := make([]string, len(followKinds))
	for i := range names {
		names[i] = followKinds[i].name
	}
	kinds, err := send(ctx, srv.url, spec.rate, spec.seconds, names, r.next)
	published, stopErr := stop()
	if err := errors.Join(err, stopErr); err != nil {
		return err
	}
	peak, _ := highWater(srv.process.Process.Pid) // stays 0 where /proc does not tell
	all := latencies{name: "all of them"}
	for _, k := range kinds {
		all.times, all.failed = append(all.times, k.times...), all.failed+k.failed
	}
	slices.Sort(all.times)
	for _, k := range append(kinds, all) {
		t.row(engine+", "+k.name, "p99 ≤ 100 ms", fmt.Sprintf("p50 %s, p95 %s, p99 %s, longest %s", ms(k.at(0.5)), ms(k.at(0.95)), ms(k.at(0.99)), ms(k.at(1))),
			fmt.Sprintf("%d of %d failed", k.failed, len(k.times)+k.failed))
	}
	t.row(engine+", published beside them", "", fmt.Sprintf("%d assessments in %d s", published, spec.seconds), fmt.Sprintf("the server held at most %d MB", peak>>20))
	return wholeTable(ctx, t, engine, srv.url, spec)
}

// wholeTable takes the largest table that there is, by itself: every assessment.
func wholeTable(ctx context.Context, t *table, engine, base string, spec followSpec) error {
	began := time.Now()
	status, err := fetch(ctx, http.DefaultClient, base+"/follow-up/data/assessments.csv")
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("take the table of all assessments: status %d: %w", status, errors.Join(err))
	}
	t.row(fmt.Sprintf("%s, one table of all %d assessments, by itself", engine, spec.assessments()), "", ms(time.Since(began)), "")
	return nil
}

// overdue measures what is overdue of everything: from nothing, with the database's pages at
// hand, kept, and after one assessment was published.
func (h *house) overdue(ctx context.Context, t *table, engine string, spec followSpec) error {
	what := fmt.Sprintf("%s, overdue of %d demands with %d steps and %d assessments", engine, spec.demands, spec.demands*spec.steps, spec.assessments())
	late := 0
	due := func(d *followup.Desk) (time.Duration, error) {
		began := time.Now()
		_, n, err := d.Due(ctx, access.Anyone(), followup.Late, 0, 50)
		late = n
		return time.Since(began), err
	}
	fresh := func() *followup.Desk {
		return followup.New(followup.Config{House: h.House, Store: h.store, Blobs: h.blobs})
	}
	used := processorTime()
	cold, err := due(fresh())
	if err != nil {
		return err
	}
	// Of this process: a server's database has its own.
	used = processorTime() - used
	t.row(what+", from nothing", "≤ 1 s", ms(cold), fmt.Sprintf("%s of processor time; %d clocks are late", ms(used), late))
	var warm []time.Duration
	var desk *followup.Desk
	used = processorTime()
	for range 5 {
		desk = fresh()
		took, err := due(desk)
		if err != nil {
			return err
		}
		warm = append(warm, took)
	}
	slices.Sort(warm)
	t.row(what+", with warm pages", "≤ 1 s", ms(warm[len(warm)/2]), fmt.Sprintf("of five runs %s to %s; %s of processor time each", ms(warm[0]), ms(warm[len(warm)-1]), ms((processorTime()-used)/5)))
	kept, err := due(desk)
	if err != nil {
		return err
	}
	t.row(what+", kept", "", ms(kept), "")
	p, err := h.publisher(ctx, spec)
	if err != nil {
		return err
	}
	if err := p.publish(ctx); err != nil {
		return err
	}
	moved, err := due(desk)
	if err != nil {
		return err
	}
	t.row(what+", after one assessment was published", "≤ 1 s", ms(moved), "")
	return nil
}

// publisher publishes assessments of demands, one after the other.
type publisher struct {
	maker   *nationMaker
	demands []record.Ref
	n       int
}

func (h *house) publisher(ctx context.Context, spec followSpec) (*publisher, error) {
	p := &publisher{maker: &nationMaker{house: h, ctx: ctx, nation: spec.nation, maker: newMaker(seed + 700)}}
	err := h.store.View(ctx, func(r *store.Reader) error {
		return store.Each(ctx, r, access.House(), func(d store.Item[*record.Demand]) error {
			p.demands = append(p.demands, d.Rec.Ref())
			return nil
		})
	})
	return p, err
}

func (p *publisher) publish(ctx context.Context) error {
	p.n++
	a := p.maker.assessment(p.demands[p.n*997%len(p.demands)], p.n, p.n%p.maker.judged)
	a.Axis, a.Response, a.Looked, a.Claims = record.AxisProgress, "", nil, nil
	a.Progress, a.On = record.NoActionFound, time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	a.Looked = []record.Looked{{On: a.On, Where: p.maker.text("The office's site")}}
	return errors.Join(p.maker.err, p.maker.Do(ctx, access.House(), access.ActEdit, "generate", "made for testing", func(w *casework.Work) error { return w.Create(a) }))
}

// publishBeside publishes an assessment again and again, in this process and not the
// server's. The function returned ends it and returns how many were published.
func (h *house) publishBeside(ctx context.Context, spec followSpec) func() (int, error) {
	if spec.every <= 0 {
		return func() (int, error) { return 0, nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	n := 0
	go func() {
		p, err := h.publisher(ctx, spec)
		for at := time.Now(); err == nil; at = at.Add(spec.every) {
			if err = sleepUntil(ctx, at.Add(spec.every)); err != nil {
				break
			}
			if err = p.publish(ctx); err == nil {
				n++
			}
		}
		done <- err
	}()
	return func() (int, error) {
		cancel()
		err := <-done
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		return n, err
	}
}

// followKinds are the kinds of public page of following up with their share of a hundred.
var followKinds = []struct {
	name  string
	share int
	path  func(*reader) string
}{
	{"overview", 6, (*reader).overview},
	{"filtered list", 12, (*reader).list},
	{"authority", 8, func(r *reader) string { return "/follow-up/" + officeSlug(r.some(r.offices())) }},
	{"demand", 20, func(r *reader) string { return "/follow-up/demands/" + askedSlug(r.some(r.demands)) }},
	{"commitment", 6, func(r *reader) string { return "/follow-up/commitments/" + promisedSlug(r.some(r.commitments())) }},
	{"proceeding", 5, func(r *reader) string { return "/follow-up/proceedings/" + caseSlug(r.some(r.cases())) }},
	{"matrix", 4, func(r *reader) string { return "/petitions/" + petitionSlug(r.some(r.petitions())) + "/demands" }},
	{"silence", 3, func(r *reader) string { return r.of("/follow-up/silence", "", "page=2", "page=7") }},
	{"accountability", 3, (*reader).account},
	{"anniversaries", 2, func(*reader) string { return "/follow-up/anniversaries" }},
	{"course", 4, func(r *reader) string { return "/events/" + slug(r.some(r.events)) + "/course" }},
	{"wave", 2, func(*reader) string { return "/events/" + slug(0) + "/wave" }},
	{"coverage", 2, func(*reader) string { return "/events/" + slug(0) + "/coverage" }},
	{"trends", 1, func(*reader) string { return "/trends" }},
	{"trend", 2, func(r *reader) string { return "/trends/" + trendSlug(r.some(statements)) }},
	{"feed", 6, (*reader).feed},
	{"card", 5, (*reader).card},
	{"table", 4, (*reader).table},
	{"API", 5, (*reader).api},
}

// reader chooses which pages are asked for: a few demands, offices and attacks much more
// often than others, one in five in Urdu or Dari.
type reader struct {
	nation
	r *rand.Rand
}

func newReader(z nation) *reader {
	return &reader{z, rand.New(rand.NewPCG(seed+900, 1))}
}

func (r *reader) next() (kind int, path string) {
	n := r.r.IntN(100)
	for kind = range followKinds {
		if n -= followKinds[kind].share; n < 0 {
			break
		}
	}
	path = followKinds[kind].path(r)
	if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/feeds/") || strings.Contains(path, ".csv") {
		return kind, path
	}
	switch r.r.IntN(10) {
	case 0:
		return kind, "/ur" + path
	case 1:
		return kind, "/fa" + path
	}
	return kind, path
}

// some is a number below n, the small ones more often.
func (r *reader) some(n int) int {
	if n < 2 {
		return 0
	}
	return int(rand.NewZipf(r.r, 1.05, 20, uint64(n-1)).Uint64())
}

// of adds one of some queries to an address.
func (r *reader) of(path string, queries ...string) string {
	if q := queries[r.r.IntN(len(queries))]; q != "" {
		return path + "?" + q
	}
	return path
}

func (r *reader) overview() string {
	return r.of("/follow-up", "", "", "", "by=families", "by=authority", "of=commitments", "page=2", "page=40")
}

func (r *reader) list() string {
	q := url.Values{}
	states := []string{"silent", "overdue", "long_overdue", "met", "stalled", "not_assessed"}
	switch r.r.IntN(5) {
	case 0:
		q.Set("party", officeSlug(r.some(r.offices())))
	case 1:
		q.Set("state", states[r.r.IntN(len(states))])
	case 2:
		q.Set("q", name(uint64(r.some(2000)))+name(uint64(r.some(2000))/29))
	case 3:
		q.Set("attack", slug(r.some(r.events)))
	case 4:
		q.Set("of", "commitments")
		q.Set("party", officeSlug(r.some(r.offices())))
	}
	if r.r.IntN(4) == 0 {
		q.Set("state", states[r.r.IntN(len(states))])
	}
	return "/follow-up?" + q.Encode()
}

func (r *reader) account() string {
	from := 2005 + r.some(15)
	return r.of("/follow-up/accountability", "", "", fmt.Sprintf("from=%d-01-01&to=%d-12-31", from, from+4), "country=PK")
}

func (r *reader) feed() string {
	return r.of("/feeds/"+[]string{
		"follow-up.atom", "follow-up/" + officeSlug(r.some(r.offices())) + ".atom", "petitions/" + petitionSlug(r.some(r.petitions())) + ".atom",
	}[r.r.IntN(3)], "")
}

func (r *reader) card() string {
	return "/cards/" + []string{
		"follow-up", "accountability", "follow-up/" + officeSlug(r.some(r.offices())), "petitions/" + petitionSlug(r.some(r.petitions())),
		"demands/" + askedSlug(r.some(r.demands)), "commitments/" + promisedSlug(r.some(r.commitments())), "trends/" + trendSlug(r.some(statements)),
		"coverage/" + slug(0),
	}[r.r.IntN(8)] + ".svg"
}

func (r *reader) table() string {
	return []string{
		"/follow-up/data/demands.csv?party=" + officeSlug(r.some(r.offices())), "/follow-up/data/demands.csv", "/follow-up/data/commitments.csv",
		"/follow-up/data/silence.csv", "/follow-up/data/proceedings.csv", "/follow-up/data/due.csv?state=overdue", "/follow-up/data/accountability.csv",
		"/follow-up/data/anniversaries.csv", "/follow-up/data/assessments.csv?demand=" + askedSlug(r.some(r.demands)),
		"/petitions/" + petitionSlug(r.some(r.petitions())) + "/demands.csv", "/events/" + slug(r.some(r.events)) + "/course.csv",
		"/events/" + slug(0) + "/wave.csv", "/events/" + slug(0) + "/coverage.csv", "/trends/" + trendSlug(r.some(statements)) + "/bins.csv",
	}[r.r.IntN(14)]
}

func (r *reader) api() string {
	return "/api/v1/" + []string{
		"demands", "demands?page=20", "demands/" + askedSlug(r.some(r.demands)), "commitments", "commitments/" + promisedSlug(r.some(r.commitments())),
		"assessments?demand=" + askedSlug(r.some(r.demands)), "proceedings", "proceedings/" + caseSlug(r.some(r.cases())), "trends", "trends/" + trendSlug(r.some(statements)),
	}[r.r.IntN(10)]
}
