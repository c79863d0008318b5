package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/klauspost/compress/gzip"
)

const typeCSV = "text/csv; charset=utf-8"

// openToAll lets pages of other sites read an answer that is the public's.
func (s *Server) openToAll(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// sendCSV answers with a table. No cell is one that a spreadsheet would run.
func (s *Server) sendCSV(w http.ResponseWriter, r *http.Request, name string, rows [][]string) error {
	var b bytes.Buffer
	c := csv.NewWriter(&b)
	for _, row := range rows {
		for i := range row {
			row[i] = casework.Cell(row[i])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	return s.sendTable(w, r, name, b.Bytes())
}

// unpackFrom is from how many bytes on a table is unpacked while it is sent to those who do not take it
// packed.
const unpackFrom = 1 << 20

// sendLong answers with a table that may have hundreds of thousands of rows, as it is written: it is
// packed row by row and never held as a whole but packed. It is of one snapshot, which
// ends before anything is sent, so that a slow reader keeps nobody waiting.
func (s *Server) sendLong(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer) error) error {
	p, size, err := packAs(write)
	if err != nil {
		return err
	}
	s.nameTable(w, name)
	if acceptsGzip(r) {
		s.sendPacked(w, r, http.StatusOK, typeCSV, p)
		return nil
	}
	plain, err := gzip.NewReader(bytes.NewReader(p.body))
	if err != nil {
		return err
	}
	if size < unpackFrom {
		body, err := io.ReadAll(plain)
		if err != nil {
			return err
		}
		s.answer(w, r, http.StatusOK, typeCSV, p.tag, body)
		return nil
	}
	s.answerFrom(w, r, typeCSV, p.tag, size, plain)
	return nil
}

// packAs packs what is written, and tells how many bytes that were.
func packAs(write func(io.Writer) error) (packed, int64, error) {
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	var b bytes.Buffer
	z.Reset(&b)
	sum := sha256.New()
	size := &counter{}
	if err := write(io.MultiWriter(sum, size, z)); err != nil {
		return packed{}, 0, err
	}
	_ = z.Close() // a buffer does not fail
	return packed{b.Bytes(), validatorOf(sum.Sum(nil))}, size.n, nil
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}

func (s *Server) sendTable(w http.ResponseWriter, r *http.Request, name string, body []byte) error {
	s.nameTable(w, name)
	s.send(w, r, http.StatusOK, typeCSV, body)
	return nil
}

func (s *Server) nameTable(w http.ResponseWriter, name string) {
	s.openToAll(w)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
}

// followTables are the lists that can be had as tables.
var followTables = []string{"demands", "commitments", "assessments", "proceedings", "silence", "due"}

// showFollowCSV answers /follow-up/data/LIST.csv, the public's for everybody.
func (s *Server) showFollowCSV(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	list, ok := strings.CutSuffix(r.PathValue("list"), ".csv")
	if !ok {
		return record.ErrNotFound
	}
	if !slices.Contains(followTables, list) {
		return record.ErrNotFound
	}
	if q := r.URL.Query(); list == "assessments" && (q.Get("demand") != "" || q.Get("commitment") != "") {
		return s.assessmentCSV(w, r)
	}
	f, err := s.filterOf(r, r.URL.Query())
	if err != nil {
		return err
	}
	return s.sendLong(w, r, list, func(to io.Writer) error { return desk.CSV(r.Context(), access.Anyone(), list, f, to) })
}

// assessmentCSV is what was judged of one demand or commitment.
func (s *Server) assessmentCSV(w http.ResponseWriter, r *http.Request) error {
	list, err := s.assessmentsOf(r)
	if err != nil {
		return err
	}
	l := lang.English()
	rows := [][]string{{"on", "by", "axis", "value", "step", "addressee", "count", "happened", "reason", "looked", "one_reviewer", "state"}}
	for _, item := range list {
		a := item.Rec
		row := []string{a.On, string(a.By), string(a.Axis), string(a.Response) + string(a.Progress), a.Step, a.Addressee, "", a.Happened.Date.String(), plain(l, a.Reason), "", strconv.FormatBool(a.Review.OneReviewer), string(a.Review.State)}
		if a.Count != nil {
			row[6] = strconv.FormatInt(*a.Count, 10)
		}
		for i, k := range a.Looked {
			if i > 0 {
				row[9] += "; "
			}
			row[9] += k.On + " " + plain(l, k.Where)
		}
		rows = append(rows, row)
	}
	return s.sendCSV(w, r, "assessments", rows)
}

func float(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }

// accountCSV answers /follow-up/data/accountability.csv.
func (s *Server) accountCSV(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.followUp(); err != nil {
		return err
	}
	f, form, err := s.accountFilter(r)
	if err != nil {
		return err
	}
	if form.Refused() {
		return errBad
	}
	d, err := s.following.Accountability(r.Context(), access.Anyone(), f)
	if err != nil {
		return err
	}
	rows := [][]string{{"measure", "party", "of", "checked", "unknown", "share", "wilson_low", "wilson_high", "bound_low", "bound_high"}}
	add := func(measure, party string, k followup.Share) {
		row := []string{measure, party, itoa(k.Of), itoa(k.All), itoa(k.Unknown), "", "", "", float(k.BoundLow), float(k.BoundHigh)}
		if k.All > 0 {
			row[5], row[6], row[7] = float(k.Value), float(k.Low), float(k.High)
		}
		rows = append(rows, row)
	}
	add("no_known_conviction", "", d.NoConvict)
	add("somebody_charged", "", d.Prosecuted)
	for _, p := range d.Parties {
		add("no_known_conviction", p.Party.Slug, p.NoConvict)
	}
	return s.sendCSV(w, r, "accountability", rows)
}

// anniversaryCSV answers /follow-up/data/anniversaries.csv.
func (s *Server) anniversaryCSV(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.followUp(); err != nil {
		return err
	}
	list, err := s.following.Anniversaries(r.Context(), access.Anyone(), anniversaryDays, 100)
	if err != nil {
		return err
	}
	rows := [][]string{{"on", "years", "event", "date", "title"}}
	for _, k := range list {
		rows = append(rows, []string{k.On, itoa(k.Years), k.Event.Event.Slug, k.Event.Event.When.Date.String(), plain(lang.English(), k.Event.Event.Title)})
	}
	return s.sendCSV(w, r, "anniversaries", rows)
}

func (s *Server) showMatrixCSV(w http.ResponseWriter, r *http.Request) error {
	d, err := s.matrixOf(w, r)
	if err != nil || d == nil {
		return err
	}
	l := lang.English()
	rows := [][]string{{"demand", "text", "addressee", "response", "progress", "timeliness", "days_late", "steps_met", "steps", "silence_from", "silence_days", "last_answer", "last_looked"}}
	for _, row := range d.Rows {
		for i, c := range row.Cells {
			if c == nil {
				continue
			}
			a := d.Addressees[i]
			out := []string{
				row.Demand.Slug, plain(l, row.Demand.Text), plainHTML(officeName(l, d.Links, a.Office, a.Party, a.Person)), string(c.ResponseBy(record.ByOrganisation)),
				string(c.ProgressBy(record.ByOrganisation)), c.Timeliness, itoa(c.DaysLate), itoa(row.Steps.Met), itoa(row.Steps.All), "", "", c.Silence.Answered, c.Silence.Looked,
			}
			if c.Silence.Started {
				out[9], out[10] = c.Silence.From, itoa(c.Silence.Days)
			}
			rows = append(rows, out)
		}
	}
	return s.sendCSV(w, r, d.Petition.Slug+"-demands", rows)
}

func (s *Server) showCourseCSV(w http.ResponseWriter, r *http.Request) error {
	d, err := s.courseOf(w, r, "/course.csv")
	if err != nil || d == nil {
		return err
	}
	l := lang.English()
	rows := [][]string{{"when", "position", "kind", "record", "title"}}
	add := func(position string, list []followup.CourseEvent) {
		for _, k := range list {
			rows = append(rows, []string{k.Event.When.Date.String(), position, string(k.Event.Type), "events/" + k.Event.Slug, plain(l, k.Event.Title)})
		}
	}
	add("before", d.Before)
	rows = append(rows, []string{d.Event.Event.When.Date.String(), "attack", string(d.Event.Event.Type), "events/" + d.Event.Event.Slug, plain(l, d.Event.Event.Title)})
	add("after", d.After)
	for _, c := range d.Commitments {
		rows = append(rows, []string{c.Commitment.Made.Date.String(), "after", "commitment", "follow-up/commitments/" + c.Commitment.Slug, plain(l, c.Commitment.Text)})
	}
	for _, p := range d.Proceedings {
		for _, step := range p.Proceeding.Steps {
			rows = append(rows, []string{step.On.Date.String(), "after", string(step.Kind), "follow-up/proceedings/" + p.Proceeding.Slug, plain(l, casework.CaseText(p.Proceeding))})
		}
	}
	return s.sendCSV(w, r, d.Event.Event.Slug+"-course", rows)
}

func (s *Server) showWaveCSV(w http.ResponseWriter, r *http.Request) error {
	d, err := s.waveOf(w, r, "/wave.csv")
	if err != nil || d == nil {
		return err
	}
	l := lang.English()
	rows := [][]string{{"event", "when", "days", "town", "country", "lat", "lon", "participants_low", "participants_high", "open", "words", "rule", "counted_in", "counted_by", "title"}}
	for _, k := range d.Protests {
		row := []string{k.Event.Slug, k.Event.When.Date.String(), "", k.Event.Where.Town, k.Event.Where.Country, "", "", "", "", "", "", "", "", "", plain(l, k.Event.Title)}
		if k.Days > 0 {
			row[2] = itoa(k.Days)
		}
		if p := k.Event.Where.Point; p != nil {
			row[5], row[6] = float(p.Lat), float(p.Lon)
		}
		if c := k.Participants; c != nil {
			row[7], row[8], row[9] = strconv.FormatInt(c.Low, 10), strconv.FormatInt(c.High, 10), strconv.FormatBool(c.HighOpen)
			row[10], row[11] = strings.Join(c.Words, "; "), c.Rule
		}
		if whole, ok := gatheringOf(d, k.In); ok {
			row[12], row[13] = whole.Event.Slug, "part_of"
			if k.ByScope {
				row[13] = "place_and_days"
			}
		}
		rows = append(rows, row)
	}
	return s.sendCSV(w, r, d.Event.Event.Slug+"-wave", rows)
}

func decimalUint(n uint64) string { return strconv.FormatUint(n, 10) }
