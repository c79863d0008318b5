package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/trend"
)

// nation is how large a register of what was asked is: of the size of a whole
// country's, unless a run asks for less.
type nation struct {
	demands, steps, judged int // steps and assessments of each demand
	events                 int
}

func (z nation) assessments() int { return z.demands * z.judged }

// What else a national register holds, for each of its demands.
const (
	demandsPerOffice     = 100
	demandsPerPetition   = 25 // of which every other demand is
	demandsPerCommitment = 10
	demandsPerCase       = 5
	gatherings           = 60 // in response to one attack
	coveredDays          = 90
	statements           = 5
	nationPerEntry       = 1000 // records that are entered in one go
)

// nationVersion changes when national registers are generated in another way.
const nationVersion = 1

// nationDir returns a data directory with a public register of the size, made for
// testing, entered through casework as a casefile is, and kept for later runs.
func (s *shared) nationDir(ctx context.Context, z nation) (string, error) {
	cache, err := s.cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, fmt.Sprintf("nation-%d-demands-%d-steps-%d-judged-%d-events-v%d", z.demands, z.steps, z.judged, z.events, nationVersion))
	if h, err := openHouse(ctx, dir, true); err == nil {
		return dir, h.close()
	}
	// Missing, half done, or of another schema.
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	fmt.Fprintf(os.Stderr, "making a register of %d demands with %d assessments, once, in %s\n", z.demands, z.assessments(), dir)
	h, err := openHouse(ctx, dir, false)
	if err != nil {
		return "", err
	}
	n := &nationMaker{house: h, ctx: ctx, nation: z, maker: newMaker(seed + 500)}
	err = n.fill()
	if err == nil {
		_, err = h.RefigureAll(ctx, access.House())
	}
	if err := errors.Join(err, h.close()); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, complete), nil, 0o600)
}

// nationMaker enters a national register.
type nationMaker struct {
	*house
	*maker
	nation
	ctx    context.Context
	batch  []record.Record
	err    error // the first; nothing is entered after it
	claim  record.ClaimID
	events []record.EventID
}

func (n *nationMaker) id() string {
	id, err := n.NewID()
	n.err = errors.Join(n.err, err)
	return id
}

// add enters a record with others.
func (n *nationMaker) add(r record.Record) {
	if n.batch = append(n.batch, r); len(n.batch) >= nationPerEntry {
		n.flush()
	}
}

func (n *nationMaker) flush() {
	if n.err != nil || len(n.batch) == 0 {
		return
	}
	n.err = n.Do(n.ctx, access.House(), access.ActEdit, "generate", "made for testing", func(w *casework.Work) error {
		for _, r := range n.batch {
			if err := w.Create(r); err != nil {
				return fmt.Errorf("%s: %w", r.Ref(), err)
			}
		}
		return nil
	})
	n.batch = n.batch[:0]
}

func (n *nationMaker) text(format string, args ...any) record.Text {
	return record.Plain("en", fmt.Sprintf(format, args...))
}

func (n *nationMaker) fill() error {
	var offices, groups []record.PartyID
	for i := range max(1, n.demands/demandsPerOffice) {
		offices = append(offices, n.party(officeSlug(i), record.Office, "Test Office"))
	}
	for i := range 20 {
		groups = append(groups, n.party(fmt.Sprintf("test-group-%d", i), record.Community, "Test Group"))
	}
	source := &record.Source{
		ID: record.SourceID(n.id()), Type: record.TypeArticle, Title: n.text("Test report"), Publisher: "Test Herald", Language: "en",
		Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public, URL: "https://example.org/report",
	}
	n.add(source)
	n.attacks(groups)
	n.flush()
	claim := &record.Claim{
		ID: record.ClaimID(n.id()), Source: source.ID, Subject: record.Ref{Kind: record.KindEvent, ID: string(n.events[0])}, Kind: record.KindStatement, Topic: "justice",
		Statement: n.text("It was said."), Stance: record.Asserts, Role: record.Reported, Language: "en", Review: record.Review{State: record.Accepted},
		Visibility: record.Public, AsOf: record.On("2024-01-10"),
	}
	n.claim = claim.ID
	n.add(claim)
	n.wave(source.ID)
	n.cases(offices, groups)
	promised := n.commitments(offices)
	n.flush()
	judged := n.asked(offices, promised)
	n.flush()
	n.judge(judged)
	n.flush()
	if n.err != nil {
		return fmt.Errorf("enter a national register: %w", n.err)
	}
	return n.tested()
}

func officeSlug(i int) string     { return fmt.Sprintf("test-office-%d", i) }
func askedSlug(i int) string      { return fmt.Sprintf("test-demand-%d", i) }
func promisedSlug(i int) string   { return fmt.Sprintf("test-commitment-%d", i) }
func caseSlug(i int) string       { return fmt.Sprintf("test-case-%d", i) }
func petitionSlug(i int) string   { return fmt.Sprintf("test-petition-%d", i) }
func trendSlug(i int) string      { return fmt.Sprintf("test-trend-%d", i) }
func (z nation) offices() int     { return max(1, z.demands/demandsPerOffice) }
func (z nation) petitions() int   { return max(1, z.demands/2/demandsPerPetition) }
func (z nation) commitments() int { return max(1, z.demands/demandsPerCommitment) }
func (z nation) cases() int       { return max(1, z.demands/demandsPerCase) }

func (n *nationMaker) party(slug string, kind record.PartyKind, called string) record.PartyID {
	p := &record.Party{
		ID: record.PartyID(n.id()), Slug: slug, Kind: kind, Visibility: record.Public, Country: "PK",
		Names: []record.Name{{Lang: "en", Text: called + " " + title(n.words(1)), Kind: record.NamePrimary}},
	}
	n.add(p)
	return p.ID
}

// attacks makes the events, over twenty years, each on a community.
func (n *nationMaker) attacks(groups []record.PartyID) {
	first := time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n.nation.events {
		s := n.spot()
		e := &record.Event{
			ID: record.EventID(n.id()), Slug: slug(i), Title: n.text("Test attack %d in %s", i, s.town), Summary: n.text("Made for testing. %s", n.words(20)),
			Type: record.TypeAttack, Status: record.Held, When: record.On(first.AddDate(0, 0, i*7300/n.nation.events).Format(time.DateOnly)),
			Where:  record.Place{Town: s.town, District: s.district, Province: s.province, Country: "PK", Precision: record.PreciseTown, Point: &record.Point{Lat: s.lat, Lon: s.lon}},
			Struck: []record.Struck{{Party: groups[i%len(groups)]}}, Visibility: record.Public,
		}
		n.events = append(n.events, e.ID)
		n.add(e)
	}
}

// wave makes what followed the first attack: gatherings with numbers, and what
// was written about it.
func (n *nationMaker) wave(source record.SourceID) {
	for i := range gatherings {
		s := n.spot()
		e := &record.Event{
			ID: record.EventID(n.id()), Slug: fmt.Sprintf("test-protest-%d", i), Title: n.text("Test protest %d in %s", i, s.town), Type: record.TypeProtest,
			Status: record.Held, When: record.On(fmt.Sprintf("2005-01-%02d", 2+i%20)), ResponseTo: []record.EventID{n.events[0]}, Visibility: record.Public,
			Where: record.Place{Town: s.town, Country: "PK", Precision: record.PreciseTown, Point: &record.Point{Lat: s.lat, Lon: s.lon}},
		}
		c := &record.Claim{
			ID: record.ClaimID(n.id()), Source: source, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Participants, Form: record.Incident,
			Role: record.Reported, Words: "hundreds", Review: record.Review{State: record.Accepted}, Visibility: record.Public, AsOf: e.When,
		}
		c.Bounds(record.Between, int64(100+i), int64(500+10*i))
		n.add(e)
		n.add(c)
	}
	for k := range 2 {
		s := &record.Coverage{
			ID: record.CoverageID(n.id()), Event: n.events[0], Title: n.text("Test collection %d", k), Collection: fmt.Sprintf("Test collection %d", k), Query: "test",
			Language: "en", Tool: record.ToolOther, Visibility: record.Public,
		}
		for i := range coveredDays {
			day := time.Date(2004, 12, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)
			s.Days = append(s.Days, record.DayCount{Day: day.Format(time.DateOnly), Matched: int64(n.r.IntN(40)), All: 1000})
		}
		n.add(s)
	}
}

// cases makes proceedings about attacks.
func (n *nationMaker) cases(offices, groups []record.PartyID) {
	for i := range n.nation.cases() {
		p := &record.Proceeding{
			ID: record.ProceedingID(n.id()), Slug: caseSlug(i), Title: n.text("Test case %d", i), Events: []record.EventID{n.events[i%len(n.events)]},
			Group: record.Group{Name: n.text("persons nobody named")}, Court: offices[i%len(offices)], Country: "PK", Claims: []record.ClaimID{n.claim},
			Looked: []record.Looked{{On: "2025-03-01", Where: n.text("The court's list")}}, Visibility: record.Public,
		}
		for k, kind := range []record.StepKind{record.StepComplaint, record.StepArrest, record.StepCharge}[:1+i%3] {
			p.Steps = append(p.Steps, record.ChainStep{Kind: kind, On: record.On(fmt.Sprintf("2025-0%d-05", 1+k)), Claims: []record.ClaimID{n.claim}})
		}
		n.add(p)
	}
}

// due is a day for the nth due date, some of them past.
func (n *nationMaker) due(i int) record.Due {
	return record.Due{Day: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%1200).Format(time.DateOnly), Zone: "Asia/Karachi", Origin: record.DueHouse}
}

func (n *nationMaker) commitments(offices []record.PartyID) []record.CommitmentID {
	var out []record.CommitmentID
	for i := range n.nation.commitments() {
		c := &record.Commitment{
			ID: record.CommitmentID(n.id()), Slug: promisedSlug(i), Text: n.text("Test commitment %d: %s", i, n.words(8)), By: []record.Promiser{{Party: offices[i%len(offices)]}},
			Attack: n.events[i%len(n.events)], Made: record.On("2023-12-01"), Due: n.due(i * 7), Claims: []record.ClaimID{n.claim}, Visibility: record.Public,
			Amounts: []record.Amount{{Value: int64(100_000 * (1 + i%9)), Currency: "PKR", Per: record.InAll, Claims: []record.ClaimID{n.claim}}},
		}
		out = append(out, c.ID)
		n.add(c)
	}
	return out
}

// asked makes the demands, every other one of a petition.
func (n *nationMaker) asked(offices []record.PartyID, promised []record.CommitmentID) []record.Ref {
	var petitions []*record.Petition
	opens := time.Date(2023, 11, 20, 0, 0, 0, 0, time.UTC).UnixMicro()
	for i := range n.petitions() {
		text := fmt.Sprintf("Test petition %d", i)
		p := &record.Petition{
			ID: record.PetitionID(n.id()), Slug: petitionSlug(i), Number: i + 1, Title: record.Plain("en", text), Publication: record.PetitionPublished,
			Collection: record.CollectClosed, Signers: record.SignBoth, Pace: record.PaceSteps, KeepDays: 180, Visibility: record.Public, Opens: opens, Edition: 1,
			Texts: []record.PetitionText{{Lang: "en", Title: text, Body: "Made for testing."}},
			Addressees: []record.Addressee{
				{Key: "one", Party: offices[i%len(offices)], Office: n.text("Test office"), Country: "PK", Lang: "en"},
				{Key: "two", Party: offices[(i+1)%len(offices)], Office: n.text("Another test office"), Country: "PK", Lang: "en"},
			},
		}
		for k := range demandsPerPetition {
			p.Demands = append(p.Demands, record.PetitionDemand{Key: fmt.Sprintf("demand-%d", k), Text: n.text("Test demand %d of %d", k, i), Addressee: []string{"one", "two"}})
		}
		e := &record.Edition{
			ID: record.EditionID(n.id()), Petition: p.ID, Number: 1, Made: opens, Texts: []record.EditionText{{Lang: "en", Title: text, Source: "Made for testing."}},
			Addressees: p.Addressees, Demands: p.Demands, Visibility: record.Public,
		}
		hash, err := petition.Hash(e)
		n.err = errors.Join(n.err, err)
		e.Hash = hash
		n.add(p)
		n.add(e)
		n.add(&record.Delivery{
			ID: record.DeliveryID(n.id()), Petition: p.ID, Edition: 1, Addressee: "one", On: record.On("2024-01-02"), Channel: record.ByHand, Reference: "test", Visibility: record.Public,
		})
		if i%3 == 0 {
			n.add(&record.Reply{
				ID: record.ReplyID(n.id()), Petition: p.ID, Addressee: "one", Received: opens + int64(90*24*time.Hour/time.Microsecond), Channel: record.ByPost,
				Words: n.text("It is under consideration."), Visibility: record.Public,
			})
		}
		petitions = append(petitions, p)
	}
	var out []record.Ref
	for i := range n.demands {
		d := &record.Demand{
			ID: record.DemandID(n.id()), Slug: askedSlug(i), Text: n.text("Test demand %d: %s", i, n.words(10)), Of: record.Ref{Kind: record.KindEvent, ID: string(n.events[i%len(n.events)])},
			Attack: n.events[i%len(n.events)], Made: record.On("2023-12-01"), Due: n.due(i), Visibility: record.Public,
			Addressees: []record.DemandAddressee{{Key: "one", Party: offices[i%len(offices)], Zone: "Asia/Karachi"}},
			Letters:    []record.SentLetter{{Addressee: "one", On: "2024-01-02", Channel: record.ByPost, Subject: "Asked"}},
		}
		if of := i / 2 / demandsPerPetition; i%2 == 0 && of < len(petitions) {
			p := petitions[of]
			d.Of, d.Key, d.Letters, d.Addressees = p.Ref(), fmt.Sprintf("demand-%d", i/2%demandsPerPetition), nil, nil
			for _, a := range p.Addressees {
				d.Addressees = append(d.Addressees, record.DemandAddressee{Key: a.Key, Party: a.Party, Office: a.Office, Country: a.Country, Zone: "Asia/Karachi", Lang: a.Lang})
			}
		}
		if i%demandsPerCommitment == 1 {
			d.Commitments = []record.CommitmentLink{{Commitment: promised[i/demandsPerCommitment%len(promised)], How: record.LinkBeyond}}
		}
		for k := range n.steps {
			d.Steps = append(d.Steps, record.Step{Key: fmt.Sprintf("step-%d", k), Kind: record.StepOwn, Text: n.text("Test step %d", k), Essential: k%3 > 0, Due: n.due(i + 31*k)})
		}
		out = append(out, d.Ref())
		n.add(d)
	}
	return out
}

// judge enters the assessments, of steps and of responses.
func (n *nationMaker) judge(of []record.Ref) {
	for i, ref := range of {
		for k := range n.judged {
			n.add(n.assessment(ref, i, k))
		}
	}
}

// assessment is the kth assessment of the ith demand.
func (n *nationMaker) assessment(ref record.Ref, i, k int) *record.Assessment {
	values := record.ProgressValues()[2:]
	a := &record.Assessment{
		ID: record.AssessmentID(n.id()), Of: ref, Step: fmt.Sprintf("step-%d", k%max(1, n.steps)), Axis: record.AxisProgress, By: record.Assessors()[k%3],
		Progress: values[(i+k)%len(values)], On: fmt.Sprintf("2025-%02d-%02d", 1+k%12, 1+i%28), Reason: n.text("As sources say: %s.", n.words(6)),
		Claims: []record.ClaimID{n.claim}, Review: record.Review{State: record.Accepted}, Visibility: record.Public,
	}
	if k == n.judged-1 && i%2 == 0 {
		a.Step, a.Axis, a.Progress, a.Response, a.Claims = "", record.AxisResponse, "", record.NoneFound, nil
		a.Looked = []record.Looked{{On: a.On, Where: n.text("The office's site")}}
	}
	return a
}

// tested publishes statements about whether attacks are increasing.
func (n *nationMaker) tested() error {
	desk := followup.New(followup.Config{House: n.House, Store: n.store, Blobs: n.blobs})
	for i := range statements {
		from := 2005 + 3*i
		p := trend.Defaults(fmt.Sprintf("%d-01-01", from), fmt.Sprintf("%d-12-31", from+5))
		p.Boundary, p.Ground, p.Why = fmt.Sprintf("%d-01-01", from+3), trend.GroundLaw, "a day that was made for testing"
		_, err := desk.MakeTrend(n.ctx, access.House(), &record.TrendStatement{
			Slug: trendSlug(i), Title: n.text("Test trend %d", i), Frame: record.Frame{Country: "PK"}, Visibility: record.Public,
		}, p, "made for testing")
		if err != nil {
			return fmt.Errorf("publish a test about the numbers: %w", err)
		}
	}
	return nil
}
