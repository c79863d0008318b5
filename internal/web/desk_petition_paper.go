package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// paperRoutes lists the addresses of what comes on paper.
func (s *Server) paperRoutes() []route {
	const at = " /desk/petitions/{id}"
	return []route{
		{pattern: "GET" + at + "/paper", need: signedIn, do: s.showPaper},
		{pattern: "POST" + at + "/paper", need: access.ActSigners, do: s.makeBatch},
		{pattern: "GET" + at + "/paper/{batch}", need: access.ActSigners, do: s.showBatch},
		{pattern: "POST" + at + "/paper/{batch}/lines", need: access.ActSigners, do: s.addLines},
		{pattern: "POST" + at + "/paper/{batch}/csv", need: access.ActSigners, do: s.importLines, body: maxLinesFile + maxKept},
		{pattern: "POST" + at + "/paper/{batch}/scans", need: access.ActSigners, do: s.addScan, body: petitions.MaxScan + maxKept},
		{pattern: "GET" + at + "/paper/{batch}/scans/{hash}", need: access.ActSigners, do: s.sendScan},
		{pattern: "POST" + at + "/paper/{batch}/work", need: access.ActSigners, do: s.workBatch},
		{pattern: "POST" + at + "/codes", need: access.ActSigners, do: s.issueCodes},
		{pattern: "POST" + at + "/codes/revoke", need: access.ActSigners, do: s.revokeCodes},
	}
}

// maxLinesFile bounds a file of lines in bytes.
const maxLinesFile = 8 << 20

// paperPage lists batches of sheets and single-use codes.
type paperPage struct {
	deskPetitionPage
	Batches []petitions.Batch
	Codes   []petitions.CodeCount
	Works   bool // the viewer works on paper, and does not only count it
}

// Day writes an hour since 1970 as its day.
func (p *paperPage) Day(hour int64) string {
	return time.Unix(hour*3600, 0).UTC().Format(time.DateOnly)
}

func (s *Server) paperOf(r *http.Request) (*paperPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "paper")
	if err != nil {
		return nil, err
	}
	p := &paperPage{deskPetitionPage: base, Works: v.viewer.May(access.ActSigners) && base.Owns() && base.P.Edition > 0}
	if p.Batches, err = s.organising.Batches(r.Context(), v.viewer, base.P.ID); err != nil {
		return nil, err
	}
	p.Codes, err = s.organising.Codes(r.Context(), v.viewer, base.P.ID)
	return p, err
}

func (s *Server) showPaper(w http.ResponseWriter, r *http.Request) error {
	p, err := s.paperOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_paper", p)
}

// paperRefused shows a page again with what was typed and what is wrong with it;
// any other error is returned.
func (s *Server) paperRefused(w http.ResponseWriter, r *http.Request, f Form, err error) error {
	v := visitOf(r)
	if err != nil && !f.Take(v.lang, err) {
		return err
	}
	p, err := s.paperOf(r)
	if err != nil {
		return err
	}
	p.Form = f
	return s.renderStatus(w, r, refused, "desk_paper", p)
}

// makeBatch begins a batch of sheets.
func (s *Server) makeBatch(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	base, err := s.petitionAt(r, "paper")
	if err != nil {
		return err
	}
	t := typed{&f, v.lang}
	form := petitions.BatchForm{Lang: f.Get("lang"), Collector: f.Get("collector"), Note: t.words("note"), Received: t.date("received", noDate)}
	form.Place.Town, form.Place.Country = f.Get("town"), upper(f.Get("country"))
	if n := t.number("edition"); n != nil {
		form.Edition = int(min(max(*n, -1), 1<<20))
	}
	if f.Refused() || f.Get("again") != "" {
		return s.paperRefused(w, r, f, nil)
	}
	id, err := s.organising.MakeBatch(r.Context(), v.viewer, base.P.ID, form)
	if err != nil {
		return s.paperRefused(w, r, f, err)
	}
	return s.redirect(w, r, base.Base()+"/paper/"+string(id)+"?done=saved")
}

// lineCount is how many lines a form offers at a time.
const lineCount = 10

// batchPage is one batch with the form for its lines.
type batchPage struct {
	deskPetitionPage
	B   *record.Batch
	At  int // its revision
	All []int
	// Result is what became of the lines that were just sent.
	Result *petitions.PaperResult
	// Wrong are the messages about lines by their place, and Faults the same in the
	// order of the lines, which are numbered as the form or the file numbers them.
	Wrong  map[int]string
	Faults []lineFault
	// A file of lines that was looked at and not taken yet.
	Header []string
	Fields []petitions.SheetField
	Sheet  string
	First  []string // its first lines as they are
	Share  string   // what a checked sample says
	// Sheets is the highest number of a sheet of which lines were taken.
	Sheets int
}

// lineFault says what is wrong with a line.
type lineFault struct {
	At    int
	Words string
}

// Line is what was typed into a box of a line.
func (p *batchPage) Line(i int, name string) string {
	if all := p.Form.Values[name]; i < len(all) {
		return all[i]
	}
	return ""
}

// Levels are what a signer on paper may allow, the safest first.
func (p *batchPage) Levels() []string {
	return []string{signature.Count.String(), signature.Initials.String(), signature.Name.String()}
}

// Mapped is the heading chosen for a field.
func (p *batchPage) Mapped(field petitions.SheetField) string {
	return p.Form.Get("map." + string(field))
}

func (s *Server) batchOf(r *http.Request) (*batchPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "paper")
	if err != nil {
		return nil, err
	}
	all, err := s.organising.Batches(r.Context(), v.viewer, base.P.ID)
	if err != nil {
		return nil, err
	}
	p := &batchPage{deskPetitionPage: base, Fields: petitions.SheetFields()}
	for i := range lineCount {
		p.All = append(p.All, i)
	}
	for _, b := range all {
		if string(b.Rec.ID) == r.PathValue("batch") {
			p.B, p.At = b.Rec, b.Rev
		}
	}
	if p.B == nil {
		return nil, record.ErrNotFound
	}
	if v.viewer.May(access.ActSigners) && base.Owns() {
		p.Sheets, err = s.organising.LastSheet(r.Context(), v.viewer, p.B.ID)
		// Nobody works on the paper of a petition whose data is destroyed.
		if _, over := errors.AsType[*record.Invalid](err); err != nil && !over {
			return nil, err
		}
	}
	if p.B.Sampled > 0 {
		share := petitions.Wilson(p.B.Valid, p.B.Sampled)
		p.Share = v.lang.T("desk.paper.share", "low", percent(share.Low), "high", percent(share.High))
	}
	return p, nil
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + " %" }

// Places lists lines of a file by where they stand in it, the first two hundred.
func (p *batchPage) Places(lines []int) string {
	const most = 200
	var out []string
	for i, n := range lines {
		if i == most {
			out = append(out, "…")
			break
		}
		out = append(out, p.L.Number(int64(n)))
	}
	return p.L.List(out)
}

// BatchPath is the batch's address.
func (p *batchPage) BatchPath(path string) string {
	return p.Under("/paper/" + string(p.B.ID) + path)
}

func (s *Server) showBatch(w http.ResponseWriter, r *http.Request) error {
	p, err := s.batchOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_batch", p)
}

// addLines takes the lines that were typed. What is wrong with one keeps it in the
// form; the others are taken and leave it.
func (s *Server) addLines(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.batchOf(r)
	if err != nil {
		return err
	}
	p.Form = f
	if f.Get("again") != "" {
		return s.render(w, r, "desk_batch", p)
	}
	sheet, first := 0, 1
	t := typed{&f, v.lang}
	if n := t.number("sheet"); n != nil {
		sheet = placeOf(*n)
		if n := t.number("line"); n != nil {
			first = placeOf(*n)
		}
	}
	if sheet < 0 {
		f.Add(v.lang, "sheet", "invalid.number")
	}
	if first < 1 {
		f.Add(v.lang, "line", "invalid.number")
	}
	if f.Refused() {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_batch", p)
	}
	var lines []petitions.PaperLine
	var at []int // of each line given, its place in the form
	for i := range lineCount {
		l := petitions.PaperLine{
			Name: strings.TrimSpace(p.Line(i, "name")), Email: strings.TrimSpace(p.Line(i, "email")), Country: upper(strings.TrimSpace(p.Line(i, "country"))),
			Town: strings.TrimSpace(p.Line(i, "town")), Illegible: f.Is("illegible", strconv.Itoa(i)), Updates: f.Is("updates", strconv.Itoa(i)),
		}
		l.Show.Organiser, _ = signature.ParseLevel(p.Line(i, "show"))
		l.Show.Addressee = l.Show.Organiser
		if sheet > 0 {
			l.Sheet, l.Line = sheet, first+i
		}
		if l.Name == "" && l.Email == "" && !l.Illegible {
			continue
		}
		lines, at = append(lines, l), append(at, i)
	}
	if len(lines) == 0 {
		f.Add(v.lang, "name", "desk.paper.no_lines")
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_batch", p)
	}
	result, err := s.organising.AddLines(r.Context(), v.viewer, p.B.ID, lines)
	if f.Take(v.lang, err) {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_batch", p)
	}
	if err != nil {
		return err
	}
	return s.showResult(w, r, f, result, at)
}

// placeOf is the number of a sheet or a line as it was typed, -1 for none that a
// sheet or a line can have.
func placeOf(n int64) int {
	if n < 0 || n > 1_000_000 {
		return -1
	}
	return int(n)
}

// showResult shows the batch after lines were taken, with those that were not.
func (s *Server) showResult(w http.ResponseWriter, r *http.Request, f Form, result petitions.PaperResult, at []int) error {
	v := visitOf(r)
	p, err := s.batchOf(r)
	if err != nil {
		return err
	}
	if at != nil {
		for _, list := range [][]int{result.Again, result.Differ, result.Unsure, result.Own} {
			for k, n := range list {
				list[k] = at[n-1] + 1 // as the form numbers them
			}
		}
	}
	p.Result, p.Wrong = &result, map[int]string{}
	for _, problem := range result.Problems {
		var one Form
		one.Take(v.lang, problem.Err)
		words := ""
		for _, fault := range one.Faults {
			words = strings.TrimSpace(words + " " + fault.Message)
		}
		i := problem.At - 1
		if at != nil && i >= 0 && i < len(at) {
			i = at[i]
		}
		p.Wrong[i] = words
		p.Faults = append(p.Faults, lineFault{i + 1, words})
	}
	if at != nil {
		kept := map[string][]string{}
		for i := range lineCount {
			if _, bad := p.Wrong[i]; bad {
				for _, name := range []string{"name", "email", "country", "town", "show"} {
					if all := f.Values[name]; i < len(all) {
						for len(kept[name]) < i {
							kept[name] = append(kept[name], "")
						}
						kept[name] = append(kept[name], all[i])
					}
				}
			}
		}
		p.Form = Form{Values: kept}
		if first, _ := strconv.Atoi(f.Get("line")); f.Get("sheet") != "" {
			if p.Form.Values.Set("sheet", f.Get("sheet")); len(kept) == 1 {
				first = max(first, 1) + lineCount // the lines that come next
			}
			p.Form.Values.Set("line", strconv.Itoa(max(first, 1)))
		}
	}
	return s.render(w, r, "desk_batch", p)
}

// importLines looks at a file of lines first, and takes it when its columns were
// agreed with.
func (s *Server) importLines(w http.ResponseWriter, r *http.Request) error {
	return s.withFile(w, r, maxLinesFile, func(f Form, u *upload) error {
		v := visitOf(r)
		p, err := s.batchOf(r)
		if err != nil {
			return err
		}
		refuse := func(err error) error {
			if errors.Is(err, petitions.ErrSheet) {
				f.Add(v.lang, "file", "desk.paper.not_a_table")
			} else if !f.Refused() && !f.Take(v.lang, err) {
				return err
			}
			p.Form = f
			return s.renderStatus(w, r, refused, "desk_batch", p)
		}
		text := []byte(f.Values.Get("csv"))
		if u != nil {
			if text, err = io.ReadAll(u.file); err != nil {
				return fmt.Errorf("read a file of lines: %w", err)
			}
		}
		if len(text) == 0 && !f.Refused() {
			f.Add(v.lang, "file", "invalid.required")
		}
		if f.Refused() {
			return refuse(nil)
		}
		header, err := petitions.SheetHeader(bytes.NewReader(text))
		if err != nil {
			return refuse(err)
		}
		if f.Get("do") != "take" {
			guess := petitions.GuessSheet(header)
			for field, heading := range guess {
				f.Values.Set("map."+string(field), heading)
			}
			if p.Sheets == 0 && f.Get("sheet") == "" {
				f.Values.Set("sheet", "1")
			}
			p.Form, p.Header, p.Sheet, p.First = f, header, string(text), firstLines(string(text), 6)
			return s.render(w, r, "desk_batch", p)
		}
		m := petitions.SheetMap{}
		for _, field := range p.Fields {
			if heading := f.Get("map." + string(field)); heading != "" {
				m[field] = heading
			}
		}
		sheet := 0
		t := typed{&f, v.lang}
		if n := t.number("sheet"); n != nil {
			sheet = placeOf(*n)
		}
		var result petitions.PaperResult
		if !f.Refused() {
			result, err = s.organising.ImportLines(r.Context(), v.viewer, p.B.ID, bytes.NewReader(text), m, sheet)
		}
		if err != nil || f.Refused() {
			p.Header, p.Sheet, p.First = header, string(text), firstLines(string(text), 6)
			return refuse(err)
		}
		return s.showResult(w, r, f, result, nil)
	})
}

// firstLines are the first lines of a text, each cut to what a page can show.
func firstLines(text string, n int) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if len(out) == n {
			break
		}
		if r := []rune(strings.TrimRight(line, "\r")); len(r) > 200 {
			line = string(r[:200]) + "…"
		}
		out = append(out, line)
	}
	return out
}

// addScan keeps a scan of the sheets.
func (s *Server) addScan(w http.ResponseWriter, r *http.Request) error {
	return s.withFile(w, r, petitions.MaxScan, func(f Form, u *upload) error {
		v := visitOf(r)
		p, err := s.batchOf(r)
		if err != nil {
			return err
		}
		if u == nil && !f.Refused() {
			f.Add(v.lang, "scan", "invalid.required")
		}
		if !f.Refused() {
			err = s.organising.AddScan(r.Context(), v.viewer, p.B.ID, u.reader())
			if err == nil {
				return s.redirect(w, r, p.Base()+"/paper/"+string(p.B.ID)+"?done=saved")
			}
		}
		if !f.Refused() && !f.Take(v.lang, err) {
			return err
		}
		for i := range f.Faults {
			f.Faults[i].Field = "scan"
		}
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_batch", p)
	})
}

// sendScan sends a scan to an owner of the petition.
func (s *Server) sendScan(w http.ResponseWriter, r *http.Request) error {
	p, err := s.batchOf(r)
	if err != nil {
		return err
	}
	b, kind, err := s.organising.Scan(r.Context(), visitOf(r).viewer, p.B.ID, r.PathValue("hash"))
	if err != nil {
		return err
	}
	attach(w, fmt.Sprintf("sheet-%d-%d-%.8s", p.P.Number, p.B.Number, r.PathValue("hash")), kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}

// workBatch draws a sample, notes what came of it, or closes the batch.
func (s *Server) workBatch(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.batchOf(r)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil || rev < 1 {
		return errBad
	}
	t := typed{&f, v.lang}
	count := func(name string) int {
		n := t.number(name)
		if n == nil {
			f.Add(v.lang, name, "invalid.required")
			return 0
		}
		return int(min(max(*n, -1), 1<<30))
	}
	ctx, id := r.Context(), p.B.ID
	switch f.Get("do") {
	case "draw":
		if n := count("sample"); !f.Refused() {
			err = s.organising.DrawSample(ctx, v.viewer, id, rev, n)
		}
	case "record":
		if sampled, valid := count("sampled"), count("valid"); !f.Refused() {
			err = s.organising.RecordSample(ctx, v.viewer, id, rev, sampled, valid)
		}
	case "back":
		// Who asks for it is in no address and in no log.
		if f.Get("back_note") == "" {
			f.Add(v.lang, "back_note", "invalid.required")
			break
		}
		if err = s.organising.WithdrawLine(ctx, v.viewer, id, f.Get("back_name"), f.Get("back_note")); errors.Is(err, record.ErrNotFound) {
			f.Add(v.lang, "back_name", "desk.paper.back_none")
			err = nil
		}
	case "close":
		err = s.organising.CloseBatch(ctx, v.viewer, id, rev)
	default:
		return errBad
	}
	if errors.Is(err, record.ErrConflict) {
		f.Add(v.lang, "sample", "error.conflict_again")
	}
	if f.Refused() || f.Take(v.lang, err) {
		f.dedupe()
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_batch", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, p.Base()+"/paper/"+string(id)+"?done=saved")
}

// codesPage is a sheet of single-use codes to be printed. It is shown once: the
// house keeps only hashes.
type codesPage struct {
	deskPetitionPage
	Collector string
	Codes     []string
	// Ways says in every language of the site where a code signs: who gets the
	// sheet may read another than who prints it.
	Ways []codeWay
}

type codeWay struct{ Lang, Dir, Words string }

// issueCodes makes single-use codes and shows the sheet to print.
func (s *Server) issueCodes(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	base, err := s.petitionAt(r, "paper")
	if err != nil {
		return err
	}
	t := typed{&f, v.lang}
	n := t.number("codes")
	if n == nil && !f.Refused() {
		f.Add(v.lang, "codes", "invalid.required")
	}
	if f.Refused() || f.Get("again") != "" {
		return s.paperRefused(w, r, f, nil)
	}
	codes, err := s.organising.IssueCodes(r.Context(), v.viewer, base.P.ID, f.Get("code_collector"), int(min(max(*n, 0), petitions.MaxCodes+1)))
	if f.Take(v.lang, err) {
		for i := range f.Faults {
			if f.Faults[i].Field == "collector" {
				f.Faults[i].Field = "code_collector"
			}
		}
		return s.paperRefused(w, r, f, nil)
	}
	if err != nil {
		return err
	}
	p := &codesPage{deskPetitionPage: base, Collector: f.Get("code_collector"), Codes: codes}
	for _, l := range lang.All() {
		at := s.address(r, l.Path()+"/petitions/"+base.P.Slug+"/sign?code")
		p.Ways = append(p.Ways, codeWay{l.Tag(), l.Dir(), l.T("paper.code_signs", "address", at)})
	}
	return s.render(w, r, "desk_codes", p)
}

// revokeCodes ends a collector's codes that were not used.
func (s *Server) revokeCodes(w http.ResponseWriter, r *http.Request) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	base, err := s.petitionAt(r, "paper")
	if err != nil {
		return err
	}
	if _, err := s.organising.RevokeCodes(r.Context(), visitOf(r).viewer, base.P.ID, f.Get("code_collector")); err != nil {
		return s.paperRefused(w, r, f, err)
	}
	return s.redirect(w, r, base.Base()+"/paper?done=saved")
}
