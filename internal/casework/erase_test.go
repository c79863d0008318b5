package casework_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Names that stand nowhere else: what is left of them after an erasure is left
// of a person.
const (
	plantedName  = "Zubaydaqq Testfallqq"
	plantedUrdu  = "زبیدہقق ٹیسٹفالقق"
	plantedOther = "Zubaydaqq Testfall-Exampleqq"
)

// planted is a house in which one person's name stands in every place there is.
type planted struct {
	*world
	person  *record.Person
	event   *record.Event
	article *record.Source
	only    *record.Source
	keepers []record.Ref // records that stay, without the name
	doomed  []record.Ref
	run     record.ImportID
}

func plant(w *world) *planted {
	w.t.Helper()
	p := &planted{world: w}
	p.person = w.person("zubaydaqq-testfallqq", plantedOther)
	// A changed name leaves the earlier one in a version.
	renamed := *p.person
	renamed.Names = []record.Name{{Text: plantedName, Lang: "en", Kind: record.NamePrimary}, {Text: plantedUrdu, Lang: "ur", Kind: record.NamePrimary}}
	renamed.Slug = "zubaydaqq-testfallqq-of-example-town"
	w.must(w.h.Save(w.ctx, w.editor, &renamed, 1, "spelled as "+plantedName+" spells it"))

	p.article, p.only = w.source("Testfall Daily"), w.source("An obituary of "+plantedName)
	p.event = w.event("killing-of-zubaydaqq-testfallqq", func(e *record.Event) {
		e.Title = record.Plain("en", "Killing of "+plantedName)
		e.Summary = record.Plain("en", "Two people were killed, among them "+plantedName+".")
	})
	toll := w.killed(p.article, p.event, 2, func(c *record.Claim) {
		c.Passage = record.Passage{Locator: "p. 1", Segments: []record.Segment{{Exact: "two, among them " + plantedName, Prefix: "said ", Suffix: " died"}}}
		c.Note = "heard from " + plantedName
	})
	quoting := w.killed(p.article, p.event, 2, func(c *record.Claim) {
		c.AttributedTo = record.Attribution{Text: "a teacher", Person: p.person.ID}
	})
	about := &record.Claim{
		ID: record.ClaimID(w.id()), Source: p.only.ID, Subject: p.person.Ref(), Kind: record.KindAttribute, Attribute: record.AttrAge,
		Value: record.Value{Text: plantedName + " was 31"}, Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
	}
	w.save(w.editor, about)
	in := &record.Involvement{
		ID: record.InvolvementID(w.id()), Event: p.event.ID, Person: p.person.ID, Role: record.RoleKilled, Detail: record.Plain("en", plantedName),
		Claims: []record.ClaimID{toll.ID}, Visibility: record.Internal,
	}
	w.save(w.editor, in)
	kin := w.person("relative", "Relative Exampleqq")
	tie := &record.Tie{ID: record.TieID(w.id()), From: p.person.Ref(), To: kin.Ref(), Kind: record.TieKin, Label: record.Plain("en", "sister of "+plantedName), Visibility: record.Internal}
	w.save(w.editor, tie)
	about2 := *kin
	about2.About = record.Plain("en", "The brother of "+strings.ToUpper(plantedName)+".")
	w.must(w.h.Save(w.ctx, w.editor, &about2, 1, ""))
	w.must(w.h.Publish(w.ctx, w.editor, refs(p.person, p.event, in), "public for a while"))
	_, err := w.h.Ask(w.ctx, record.AskCorrect, p.person.Ref(), "/people/zubaydaqq-testfallqq", "It is "+plantedName+".", false)
	w.must(err)

	for source, text := range map[record.SourceID]string{
		p.article.ID: "<p>Two people were killed, " + plantedName + " among them.</p>",
		p.only.ID:    "<p>We mourn " + plantedName + ".</p>",
	} {
		_, err := w.h.AddCapture(w.ctx, w.editor, source, "page.html", "text/html", strings.NewReader(text))
		w.must(err)
	}
	clean, err := w.h.AddCapture(w.ctx, w.editor, p.article.ID, "other.html", "text/html", strings.NewReader("<p>Nobody is named here.</p>"))
	w.must(err)
	p.run = w.importTable(plantedTable)
	_, err = w.h.MakeRelease(w.ctx, w.editor, record.Plain("en", "with "+plantedName))
	w.must(err)

	p.doomed = refs(p.person, about, in, tie, p.only)
	p.keepers = append(refs(p.event, toll, quoting, kin, p.article), record.Ref{Kind: record.KindCapture, ID: string(clean)})
	return p
}

const plantedTable = "id,date,place,killed,words\n1,2013-02-01,Example Town,4,nobody named\n" +
	"2,2013-02-02,Example Town,5,\"the family of " + plantedName + ",\nin two lines\"\n3,2013-02-03,Example Town,6,nobody either\n"

// importTable imports a table as a dataset of its own.
func (w *world) importTable(table string) record.ImportID {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "table.csv")
	w.must(os.WriteFile(file, []byte(table), 0o600))
	report, err := w.importAgain(file)
	w.must(err)
	if report.Refused > 0 || report.Rows != 3 {
		w.t.Fatalf("the table was read as %+v", report)
	}
	return report.Import
}

func (w *world) importAgain(file string) (*casework.ImportReport, error) {
	w.t.Helper()
	m := &exchange.Mapping{
		Dataset: "planted", Title: "A table made for testing", Terms: record.TermsFree, Key: "id", Type: record.TypeAttack,
		Date: exchange.DateColumn{Column: "date", Format: exchange.DateISO}, Place: exchange.PlaceColumn{Town: "place"},
		Measures:   []exchange.MeasureColumn{{Column: "killed", Measure: record.Killed}},
		Attributes: []exchange.AttributeColumn{{Column: "words", Attribute: record.AttrOther}},
	}
	r, err := exchange.Open("csv", file, exchange.Options{Mapping: m})
	if err != nil {
		return nil, err
	}
	mapping, err := json.Marshal(m)
	w.must(err)
	return w.h.Import(w.ctx, w.editor, r, casework.ImportOptions{Name: "table.csv", Hash: w.keep(file), Reason: "test", Mapping: string(mapping)})
}

func (p *planted) checkGone() {
	t := p.t
	t.Helper()
	for _, name := range []string{plantedName, plantedUrdu, plantedOther, "zubaydaqq"} {
		if files := p.grep(name); len(files) > 0 {
			t.Errorf("%q is still in %v", name, files)
		}
	}
	for _, ref := range p.doomed {
		if p.sees(access.House(), ref) {
			t.Errorf("%s is still there", ref)
		}
	}
	for _, ref := range p.keepers {
		if !p.sees(access.House(), ref) {
			t.Errorf("%s went too", ref)
		}
	}
	for _, tokens := range [][]string{{"zubaydaqq"}, {"testfallqq"}} {
		p.must(p.store.View(p.ctx, func(r *store.Reader) error {
			hits, _, err := r.Search(p.ctx, access.House(), tokens, nil, 0, 10)
			if len(hits) > 0 {
				t.Errorf("search for %v finds %v", tokens, hits)
			}
			return err
		}))
	}
	p.sound()
}

func TestErasePerson(t *testing.T) {
	p := plant(newWorld(t))
	for _, name := range []string{plantedName, plantedUrdu, plantedOther} {
		if len(p.grep(name)) == 0 {
			t.Fatalf("%q was planted nowhere", name)
		}
	}
	found, err := p.h.MentionsOf(p.ctx, p.editor, p.person.ID)
	p.must(err)
	full := map[record.Kind]int{}
	for _, m := range found {
		if m.Full {
			full[m.Ref.Kind]++
		}
	}
	if full[record.KindEvent] < 1 || full[record.KindClaim] < 2 || full[record.KindPerson] != 1 || full[record.KindRelease] != 1 {
		t.Errorf("mentions by kind: %v", full)
	}
	p.invalid(p.h.Erase(p.ctx, p.editor, p.person.Ref(), "asked by the family of "+plantedName), "reason", "a reason that names the person")
	p.must(p.h.Erase(p.ctx, p.editor, p.person.Ref(), "asked by the family"))
	p.checkGone()
	if n := p.best(p.editor, p.event.ID); n == -1 {
		t.Error("the toll went with the name")
	}
	_, err = p.h.History(p.ctx, p.editor, p.person.Ref())
	p.wants(err, record.ErrGone, "the history of somebody erased")
	p.wants(p.h.RestoreVersion(p.ctx, p.editor, p.person.Ref(), 1, 2, ""), record.ErrGone, "restoring somebody erased")
	back := *p.person
	p.wants(p.h.Save(p.ctx, p.editor, &back, 0, ""), record.ErrGone, "entering the same record again")

	// The dataset's file keeps its form: same length, same lines, other rows whole.
	var b bytes.Buffer
	p.must(p.h.ExportOriginal(p.ctx, p.editor, p.run, &b))
	if got := b.String(); len(got) != len(plantedTable) || strings.Count(got, "\n") != strings.Count(plantedTable, "\n") ||
		!strings.Contains(got, "1,2013-02-01,Example Town,4,nobody named\n") || !strings.Contains(got, "3,2013-02-03,Example Town,6") {
		t.Errorf("the file became %q", got)
	}
	// Neither the same file nor another version of it brings the row back.
	file := filepath.Join(t.TempDir(), "again.csv")
	p.must(os.WriteFile(file, []byte(plantedTable), 0o600))
	report, err := p.importAgain(file)
	p.must(err)
	if report.Unchanged != 3 {
		t.Errorf("the same file again: %+v", report)
	}
	p.checkGone()
	p.must(os.WriteFile(file, []byte(strings.Replace(plantedTable, "3,2013", "4,2013", 1)), 0o600))
	report, err = p.importAgain(file)
	p.must(err)
	if report.Unchanged != 2 || report.Created != 1 {
		t.Errorf("another version of the file: %+v", report)
	}
	p.checkGone()
	list, err := os.ReadFile(filepath.Join(p.dir, "erased.list"))
	if err != nil || !strings.Contains(string(list), "person "+string(p.person.ID)) {
		t.Errorf("the list of erasures: %q, %v", list, err)
	}
	p.must(p.h.FinishErasing(p.ctx))
}

func TestErasePersonOnPostgres(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := plant(w)
		p.must(p.h.Erase(p.ctx, p.editor, p.person.Ref(), "asked by the family"))
		p.checkGone()
	})
}

// TestEraseKeepsNamesakes leaves alone what an editor says is about somebody
// else.
func TestEraseKeepsNamesakes(t *testing.T) {
	w := newWorld(t)
	p := w.person("one", plantedName)
	other := w.person("two", plantedName)
	e := w.event("about-the-other", func(e *record.Event) { e.Title = record.Plain("en", plantedName+" opens a school") })
	w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked", e.Ref()))
	if got := standing[*record.Event](w, e.ID).Rec.Title.In("en").Text; !strings.Contains(got, plantedName) {
		t.Errorf("the namesake's event became %q", got)
	}
	if got := standing[*record.Person](w, other.ID).Rec.Names[0].Text; got != plantedName {
		t.Errorf("the namesake became %q", got)
	}
	w.sound()
}

// TestEraseSurvivesRestore restores a backup from before an erasure.
func TestEraseSurvivesRestore(t *testing.T) {
	p := plant(newWorld(t))
	var backup bytes.Buffer
	_, err := p.h.Backup(p.ctx, &backup)
	p.must(err)
	p.must(p.h.Erase(p.ctx, p.editor, p.person.Ref(), "asked by the family"))
	list, err := os.ReadFile(filepath.Join(p.dir, "erased.list"))
	p.must(err)

	file := filepath.Join(t.TempDir(), "backup.zip")
	p.must(os.WriteFile(file, backup.Bytes(), 0o600))
	b, err := casework.OpenBackup(file)
	p.must(err)
	defer b.Close()
	w := bareWorldOn(t, "")
	p.must(os.WriteFile(filepath.Join(w.dir, "erased.list"), list, 0o600))
	_, err = w.h.Restore(w.ctx, b)
	w.must(err)
	p.world = w
	p.checkGone()
}

// TestInterruptedErasure finishes at the next start what a crash left to do.
func TestInterruptedErasure(t *testing.T) {
	p := plant(newWorld(t))
	hash, _, err := p.blobs.Put(p.ctx, strings.NewReader("left behind"), -1)
	p.must(err)
	p.must(p.h.Erase(p.ctx, p.editor, p.person.Ref(), "asked by the family"))
	p.must(p.store.Write(p.ctx, func(tx *store.Tx) error { return tx.PutSetting(p.ctx, "erase.pending", []byte(hash)) }))
	p.must(os.Remove(filepath.Join(p.dir, "erased.list")))
	report, err := p.h.Check(p.ctx, nil)
	p.must(err)
	if len(report.Faults) < 2 {
		t.Errorf("check finds nothing wrong: %v", report.Faults)
	}
	p.must(p.h.FinishErasing(p.ctx))
	if _, _, err := p.blobs.Get(hash); err == nil {
		t.Error("an original is still there")
	}
	p.checkGone()
}

func TestEraseOtherKinds(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e, other := w.source("Testfall Daily"), w.event("one", at("Example", "")), w.event("two", at("Example", "some-dataset"))
		c := w.killed(s, e, 5)
		d := w.killed(w.source("Example Herald"), other, 6)
		id, err := w.h.ProposeSame(w.ctx, w.editor, e.ID, other.ID, "")
		w.must(err)
		w.must(w.h.DecideSame(w.ctx, w.editor2, id, 1, record.SameAccepted, ""))
		w.must(w.h.Erase(w.ctx, w.editor, e.Ref(), "entered by mistake"))
		if w.sees(access.House(), c.Ref()) || !w.sees(access.House(), d.Ref()) || w.best(w.editor, other.ID) != 6 {
			t.Error("the wrong claims went with an event, or its twin lost its figure")
		}
		w.sound()
		capture, err := w.h.AddCapture(w.ctx, w.editor, s.ID, "a.txt", "text/plain", strings.NewReader("some words of a page"))
		w.must(err)
		hash := standing[*record.Capture](w, capture).Rec.Hash
		w.must(w.h.Erase(w.ctx, w.editor, s.Ref(), "not ours to hold"))
		if _, _, err := w.blobs.Get(hash); err == nil || w.sees(access.House(), record.Ref{Kind: record.KindCapture, ID: string(capture)}) {
			t.Error("a copy outlives its source")
		}
		w.wants(w.h.Erase(w.ctx, w.editor, s.Ref(), "again"), record.ErrGone, "erasing twice")
		w.sound()
	})
}

// TestEraseInPackedFiles looks for a name in the files of datasets that are
// compressed: with gzip the row is blanked out, a workbook is removed.
func TestEraseInPackedFiles(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(plantedTable))
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	x := excelize.NewFile()
	for i, row := range [][]any{{"id", "date", "place", "killed", "words"}, {"1", "2013-02-01", "Example Town", 4, "nobody"}, {"2", "2013-02-02", "Example Town", 5, plantedName}} {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Write(&book); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		bytes []byte
		left  bool
	}{{"table.csv.gz", packed.Bytes(), true}, {"table.xlsx", book.Bytes(), false}} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			file := filepath.Join(t.TempDir(), test.name)
			w.must(os.WriteFile(file, test.bytes, 0o600))
			report, err := w.importAgain(file)
			w.must(err)
			if report.Created < 2 {
				t.Fatalf("%+v", report)
			}
			if len(w.grep(plantedName)) == 0 {
				t.Fatal("the name was planted nowhere")
			}
			p := w.person("p", plantedName)
			w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
			if files := w.grep(plantedName); len(files) > 0 {
				t.Errorf("the name is still in %v", files)
			}
			var b bytes.Buffer
			err = w.h.ExportOriginal(w.ctx, w.editor, report.Import, &b)
			if !test.left {
				w.wants(err, record.ErrNotFound, "the file that had to go")
			} else {
				w.must(err)
				plain, err := gzip.NewReader(&b)
				w.must(err)
				text, err := io.ReadAll(plain)
				w.must(err)
				if len(text) != len(plantedTable) || !strings.Contains(string(text), "1,2013-02-01,Example Town,4,nobody named") {
					t.Errorf("the file became %q", text)
				}
			}
			w.sound()
			_, err = w.importAgain(file)
			w.must(err)
			if files := w.grep(plantedName); len(files) > 0 {
				t.Errorf("importing again brought the name back in %v", files)
			}
			w.sound()
		})
	}
}

// TestEraseAmongMany measures an erasure in a register with a real dataset in it.
func TestEraseAmongMany(t *testing.T) {
	data := os.Getenv("GAWAH_TESTDATA")
	if data == "" {
		t.Skip("GAWAH_TESTDATA does not name a folder with datasets")
	}
	w := newWorld(t)
	file := filepath.Join(data, "ucdp-ged-pakistan/conflict_data_pak.csv.gz")
	r, err := exchange.Open("ucdp", file, exchange.Options{})
	w.must(err)
	_, err = w.h.Import(w.ctx, w.editor, r, casework.ImportOptions{Name: "ged", Hash: w.keep(file), Reason: "test"})
	w.must(err)
	p := w.person("p", plantedName)
	began := time.Now()
	w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
	t.Logf("erased in %s", time.Since(began))
	if files := w.grep(plantedName); len(files) > 0 {
		t.Errorf("the name is still in %v", files)
	}
}
