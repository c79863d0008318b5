package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// importsPage lists imports and takes a file.
type importsPage struct {
	deskPage
	Runs    []*record.Import
	Working []*casework.ImportRun
}

func (s *Server) showImports(w http.ResponseWriter, r *http.Request) error {
	return s.renderImports(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderImports(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	p := &importsPage{deskPage: s.desk(r, v.lang.T("import.title"), "desk-import")}
	p.Form = f
	var err error
	if p.Runs, p.Working, err = s.house.ImportList(r.Context(), v.viewer, 50); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_imports", p)
}

// stageImport keeps an uploaded file and goes on to its preview.
func (s *Server) stageImport(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, file, err := parseUpload(v.lang, r, maxDataset, s.house.TempFile)
	if err != nil {
		return err
	}
	defer file.close()
	if f.Refused() {
		return s.renderImports(w, r, f, http.StatusRequestEntityTooLarge)
	}
	if file == nil || file.Size == 0 {
		f.Add(v.lang, "file", "invalid.required")
		return s.renderImports(w, r, f, refused)
	}
	hash, _, err := s.house.StageImport(r.Context(), v.viewer, file.file, maxDataset)
	if err != nil {
		return err
	}
	return s.redirect(w, r, previewAddress(hash, file.Name))
}

// previewPage shows what a file seems to be and asks what is to become of it.
type previewPage struct {
	deskPage
	Preview *casework.ImportPreview
	Format  string
	Formats []option
	Mapped  bool // the format needs to be told what the columns mean
	Groups  []groupView
	Columns []*columnView
	// Absent are the columns that the mapping names and the file lacks, by name.
	Absent []string
	// Also is what the mapping says besides what the form shows.
	Also []string
	// Earlier are imports whose mapping can be taken again.
	Earlier []option
}

// Action is where the form posts to. A refused form stays at that address, which
// must tell the file's name when it is asked for again.
func (p *previewPage) Action() string { return previewAddress(p.Preview.Hash, p.Preview.Name) }

// previewAddress is the address of a staged file's preview. The name goes with
// it, because nothing else keeps the ending that the file came with.
func previewAddress(hash, name string) string {
	return "/desk/import/" + hash + "?name=" + url.QueryEscape(name)
}

// ShowSheet reports whether the form asks for the sheet.
func (p *previewPage) ShowSheet() bool {
	return len(p.Preview.Sheets) > 1 || len(p.Preview.Sheets) == 1 && (p.Form.Get("sheet") != "" || p.Form.Wrong("sheet"))
}

// SheetShown is the workbook's sheet that the columns are of.
func (p *previewPage) SheetShown() string {
	if !p.ShowSheet() {
		return ""
	}
	if s := p.Form.Get("sheet"); s != "" {
		return s
	}
	return p.Preview.Sheets[0]
}

type columnView struct {
	Number   int
	Name     string
	Absent   bool // the mapping names it and the file lacks it
	Sample   []string
	Uses     []optionView
	What     []optionView // measures and attributes
	Topic    string
	Currency string
	form     Form
}

// Error returns the messages for one of the column's inputs.
func (c *columnView) Error(input string) string {
	return c.form.Error(input + "." + strconv.Itoa(c.Number))
}

// Beside are the inputs of a column that stand beside its use.
func (p *previewPage) Beside() []string { return columnInputs[1:] }

// headSpecs are the questions about a table as a whole.
func headSpecs() []spec {
	return []spec{
		{Name: "dataset", Input: inLine, Group: "table"},
		{Name: "title", Word: "table_title", Input: inLine},
		{Name: "publisher", Input: inLine},
		{Name: "url", Input: inLine},
		{Name: "terms", Input: inChoice, Options: optionsOf("terms.", false, record.TermsInternal, record.TermsCredit, record.TermsFree), Short: true},
		{Name: "credit", Input: inLine},
		{Name: "language", Input: inLine, Short: true},
		{Name: "date_format", Input: inChoice, Options: dateFormats, Short: true},
		{Name: "type", Word: "row_type", Input: inChoice, Options: optionsOf("event.type.", false, record.EventTypes()...), Short: true},
		{Name: "country_code", Input: inLine, Short: true},
		{Name: "missing", Word: "missing_cells", Input: inArea},
		{Name: "no_event", Input: inCheck},
	}
}

func dateFormats(l *lang.Printer) []option {
	out := []option{{"", "—"}}
	for _, f := range casework.DateFormats() {
		out = append(out, option{f, f})
	}
	return out
}

// runSpecs are the questions about what is imported in a format. A casefile says of
// each of its records what was decided and who sees it, and is only asked for a
// bound; documents become drafts.
func runSpecs(format string) []spec {
	seen := spec{Name: "rows", Word: "import_rows", Input: inChoice, Options: optionsOf("visibility.", false, record.Internal, record.Draft, record.Public), Short: true}
	reason := spec{Name: "reason", Word: "import_reason", Input: inLine}
	switch format {
	case casework.FormatCasefile:
		seen.Word, seen.Group = "import_most", "import"
		return []spec{seen, reason}
	case casework.FormatDocuments:
		reason.Group = "import"
		return []spec{reason}
	}
	return []spec{
		{Name: "state", Word: "import_state", Input: inChoice, Options: optionsOf("review.", false, record.Compiled, record.Suggested, record.Accepted), Short: true, Group: "import"},
		seen, reason,
	}
}

func (s *Server) previewImport(w http.ResponseWriter, r *http.Request) error {
	if id := r.URL.Query().Get("run"); id != "" {
		return s.previewAgain(w, r, id)
	}
	v := visitOf(r)
	name := baseName(r.URL.Query().Get("name"))
	p, err := s.house.PreviewImport(r.Context(), v.viewer, r.PathValue("hash"), name, casework.Layout{})
	if err != nil {
		return err
	}
	f := Form{Values: url.Values{
		"name": {name}, "format": {p.Format}, "state": {string(record.Compiled)}, "rows": {string(record.Internal)},
	}}
	if err := suggest(f, p); err != nil {
		return err
	}
	return s.renderPreview(w, r, p, f, http.StatusOK)
}

// previewAgain asks once more what an earlier run was told, with its answers, so
// that what was tried is what is imported.
func (s *Server) previewAgain(w http.ResponseWriter, r *http.Request, id string) error {
	v := visitOf(r)
	run, err := s.house.ImportJob(r.Context(), v.viewer, id)
	if err != nil {
		return err
	}
	plan := run.Plan
	if plan.Hash != r.PathValue("hash") {
		return record.ErrNotFound
	}
	f := Form{Values: url.Values{
		"name": {plan.Name}, "format": {plan.Format}, "state": {string(plan.State)}, "rows": {string(plan.Rows)}, "reason": {plan.Reason},
	}}
	if plan.Replace {
		f.Values.Set("replace", "1")
	}
	layout, err := casework.LayoutOf(plan.Mapping)
	if err != nil {
		return err
	}
	p, err := s.house.PreviewImport(r.Context(), v.viewer, plan.Hash, plan.Name, layout)
	if err != nil {
		return err
	}
	if plan.Mapping == "" {
		err = suggest(f, p)
	} else {
		err = loadMapping(&f, v.lang, p, plan.Mapping)
	}
	if err != nil {
		return err
	}
	return s.renderPreview(w, r, p, f, http.StatusOK)
}

// suggest fills in what the columns of a table seem to mean.
func suggest(f Form, p *casework.ImportPreview) error {
	m, err := casework.DraftMapping(p.Suggested, p.Header)
	if err != nil {
		return err
	}
	fillMapping(f, m)
	f.Values.Set("mapping", p.Suggested)
	f.Values.Del("loaded")
	return nil
}

// loadMapping fills in what a mapping says that was made before.
func loadMapping(f *Form, l *lang.Printer, p *casework.ImportPreview, text string) error {
	m, err := casework.ReadMapping(text, p.Header)
	if err != nil {
		return err
	}
	fillMapping(*f, m)
	f.Values.Set("mapping", text)
	f.Values.Set("loaded", "1")
	sheet := ""
	for _, name := range p.Sheets {
		if strings.EqualFold(name, m.Head.Sheet) { // as the importer compares them
			sheet = name
		}
	}
	if p.NoSheet {
		f.Add(l, "sheet", "mapping.no_sheet", "sheet", m.Head.Sheet)
	}
	f.Values.Set("sheet", sheet)
	return nil
}

func fillMapping(f Form, m casework.TableMapping) {
	head := m.Head
	for field, value := range map[string]string{
		"dataset": head.Dataset, "title": head.Title, "publisher": head.Publisher, "url": head.URL, "credit": head.Credit,
		"language": head.Language, "terms": string(head.Terms), "type": string(head.Type), "date_format": head.DateFormat,
		"country_code": head.CountryCode, "missing": head.Missing,
	} {
		f.Values.Set(field, value)
	}
	for field, on := range map[string]bool{"no_event": head.NoEvent, "without": head.Without} {
		f.Values.Del(field)
		if on {
			f.Values.Set(field, "1")
		}
	}
	fillColumns(f, m.Columns)
}

func fillColumns(f Form, columns []casework.ColumnUse) {
	for i, c := range columns {
		n := strconv.Itoa(i)
		f.Values.Set("use."+n, c.Use)
		f.Values.Set("what."+n, c.What)
		f.Values.Set("currency."+n, c.Currency)
		f.Values.Del("topic." + n)
		if c.Use == casework.UseStatement {
			f.Values.Set("topic."+n, c.What)
		}
	}
}

func (s *Server) renderPreview(w http.ResponseWriter, r *http.Request, preview *casework.ImportPreview, f Form, status int) error {
	v := visitOf(r)
	p := &previewPage{deskPage: s.desk(r, v.lang.T("import.title"), "desk-import"), Preview: preview, Format: f.Get("format")}
	for _, format := range casework.ImportFormats() {
		p.Formats = append(p.Formats, option{format.Name, v.lang.T("import.format." + format.Name)})
		if format.Name == p.Format && format.NeedsMapping {
			p.Mapped = true
		}
	}
	p.Form = f
	specs := runSpecs(p.Format)
	if p.Mapped {
		specs = append(headSpecs(), specs...)
		m, err := casework.DraftMapping(f.Values.Get("mapping"), preview.Header)
		if err != nil {
			return errBad
		}
		p.Columns = columnViews(v.lang, m.Columns, preview.Sample, f)
		for _, c := range m.Columns {
			if c.Absent {
				p.Absent = append(p.Absent, c.Column)
			}
		}
		for _, n := range m.Also {
			if n.Key != "import.also.sheet" || !p.ShowSheet() {
				p.Also = append(p.Also, noteText(v.lang, n))
			}
		}
		callColumns(v.lang, f, m.Columns)
		runs, err := s.house.Mappings(r.Context(), v.viewer)
		if err != nil {
			return err
		}
		for _, run := range runs {
			p.Earlier = append(p.Earlier, option{string(run.ID), dots(v.lang, run.Dataset, run.Name, instant(run.Started)[:len("2006-01-02")])})
		}
	}
	f.Call("sheet", v.lang.T("import.sheet"))
	f.Call("mapping_file", v.lang.T("import.mapping_text"))
	var err error
	if p.Groups, err = s.form(r.Context(), v, specs, f); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_preview", p)
}

// callColumns notes what the form calls the inputs of each column.
func callColumns(l *lang.Printer, f Form, columns []casework.ColumnUse) {
	for i, c := range columns {
		for _, input := range columnInputs {
			f.Call(input+"."+strconv.Itoa(i), c.Column)
		}
	}
	f.Call("columns", l.T("import.columns"))
	f.Call("without", l.T("import.absent"))
	f.Call("also", l.T("import.also"))
}

// noteText is what a mapping says besides, in words.
func noteText(l *lang.Printer, n casework.MappingNote) string {
	var args []any
	for name, value := range n.Args {
		args = append(args, name, value)
	}
	if n.What != "" {
		args = append(args, "what", l.T(n.What))
	}
	return l.T(n.Key, args...)
}

// columnInputs are the inputs of each column, by the beginning of their names.
var columnInputs = []string{"use", "what", "topic", "currency"}

func columnViews(l *lang.Printer, columns []casework.ColumnUse, sample [][]string, f Form) []*columnView {
	var out []*columnView
	for i, column := range columns {
		n := strconv.Itoa(i)
		c := &columnView{Number: i, Name: column.Column, Absent: column.Absent, Topic: f.Get("topic." + n), Currency: f.Get("currency." + n), form: f}
		for _, row := range sample {
			if !c.Absent && i < len(row) && len(c.Sample) < 3 && strings.TrimSpace(row[i]) != "" && !slices.Contains(c.Sample, row[i]) {
				c.Sample = append(c.Sample, clip(row[i], 80))
			}
		}
		c.Uses = append(c.Uses, optionView{option{"", l.T("import.use.none")}, f.Get("use."+n) == ""})
		for _, use := range casework.ColumnUses() {
			c.Uses = append(c.Uses, optionView{option{use, l.T("import.use." + use)}, f.Get("use."+n) == use})
		}
		what := f.Get("what." + n)
		c.What = append(c.What, optionView{option{"", "—"}, what == ""})
		for _, m := range record.Measures() {
			c.What = append(c.What, optionView{option{string(m), l.T("measure." + string(m))}, what == string(m)})
		}
		for _, a := range record.Attributes() {
			c.What = append(c.What, optionView{option{string(a), l.T("attribute." + string(a))}, what == string(a)})
		}
		out = append(out, c)
	}
	return out
}

// clip shortens a cell for a preview.
func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}

// mappingFrom writes the mapping file that the form says. whole asks that the table
// has every column, unless the mapping says which it may lack.
func mappingFrom(f *Form, l *lang.Printer, preview *casework.ImportPreview, whole bool) (string, error) {
	base := f.Values.Get("mapping")
	was, err := casework.DraftMapping(base, preview.Header)
	if err != nil {
		return "", errBad
	}
	t := typed{f: f}
	head := casework.MappingHead{
		Dataset: t.line("dataset"), Title: t.line("title"), Publisher: t.line("publisher"), URL: t.line("url"), Credit: t.line("credit"),
		Language: t.line("language"), Terms: record.Terms(t.line("terms")), Type: record.EventType(t.line("type")),
		DateFormat: t.line("date_format"), CountryCode: t.line("country_code"), Missing: t.words("missing"), NoEvent: t.check("no_event"),
		Sheet: was.Head.Sheet, Without: t.check("without"),
	}
	if _, asked := f.Values["sheet"]; asked {
		head.Sheet = t.line("sheet")
	}
	var absent []string
	for i := range was.Columns {
		n, c := strconv.Itoa(i), &was.Columns[i]
		c.Use, c.What, c.Currency = f.Get("use."+n), f.Get("what."+n), f.Get("currency."+n)
		if c.Use == casework.UseStatement {
			c.What = f.Get("topic." + n)
		}
		switch {
		case !whole || !c.Absent || c.Use == "":
		case c.Use == casework.UseKey:
			f.Add(l, "use."+n, "mapping.absent_key", "column", c.Column)
		case !head.Without:
			absent = append(absent, c.Column)
		}
	}
	if len(absent) > 0 {
		f.Add(l, "without", "mapping.absent_columns", "columns", l.List(absent))
	}
	return casework.MakeMapping(base, head, was.Columns)
}

// planImport tries an import, begins it, or gives its mapping as a file.
func (s *Server) planImport(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	name := baseName(f.Get("name"))
	do := f.Get("do")
	switch do {
	case "load": // a mapping file made earlier
		return s.previewLoaded(w, r, name, f)
	case "load_run": // the mapping of an earlier import
		run, _, err := s.house.ImportReportOf(r.Context(), v.viewer, record.ImportID(f.Get("mapping_run")), 0, 1)
		if err != nil {
			return err
		}
		f.Values.Set("mapping_file", run.Mapping)
		return s.previewLoaded(w, r, name, f)
	}
	layout, err := casework.LayoutOf(f.Values.Get("mapping"))
	if err != nil {
		return errBad
	}
	if _, asked := f.Values["sheet"]; asked {
		layout.Sheet = f.Get("sheet")
	}
	preview, err := s.house.PreviewImport(r.Context(), v.viewer, r.PathValue("hash"), name, layout)
	if err != nil {
		return err
	}
	if f.Get("sheet") != f.Get("sheet_was") {
		if err := otherSheet(f, preview); err != nil {
			return err
		}
		return s.renderPreview(w, r, preview, f, http.StatusOK)
	}
	if do == "format" {
		if _, asked := f.Values["use.0"]; !asked {
			if err := suggest(f, preview); err != nil {
				return err
			}
		}
		return s.renderPreview(w, r, preview, f, http.StatusOK)
	}
	plan := casework.ImportPlan{
		Hash: preview.Hash, Name: name, Size: preview.Size, Format: f.Get("format"), State: record.ReviewState(f.Get("state")),
		Rows: record.Visibility(f.Get("rows")), Reason: f.Get("reason"), DryRun: do != "import", Replace: f.Get("replace") != "",
	}
	if plan.Format == "csv" {
		text, err := mappingFrom(&f, v.lang, preview, do != "mapping")
		if !f.Take(v.lang, err) && err != nil {
			return err
		}
		if f.Refused() {
			return s.renderPreview(w, r, preview, f, refused)
		}
		if do == "mapping" {
			attach(w, f.Get("dataset")+".mapping.json", "application/json")
			s.send(w, r, http.StatusOK, "application/json", []byte(text))
			return nil
		}
		plan.Mapping = text
	}
	id, err := s.house.StartImport(r.Context(), v.viewer, plan)
	if f.Take(v.lang, err) {
		return s.renderPreview(w, r, preview, f, refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/import/run/"+id)
}

// otherSheet fills in the columns of a sheet that was chosen instead, as the
// mapping that was loaded names them or else as they seem to be.
func otherSheet(f Form, preview *casework.ImportPreview) error {
	loaded := f.Get("loaded") != ""
	base := preview.Suggested
	if loaded {
		base = f.Values.Get("mapping")
	}
	m, err := casework.DraftMapping(base, preview.Header)
	if err != nil {
		return errBad
	}
	fillColumns(f, m.Columns)
	if !loaded {
		f.Values.Set("mapping", base)
		f.Values.Set("date_format", m.Head.DateFormat) // dates may be written another way
	}
	return nil
}

// previewLoaded asks again with the answers of a mapping file.
func (s *Server) previewLoaded(w http.ResponseWriter, r *http.Request, name string, f Form) error {
	v := visitOf(r)
	hash, text := r.PathValue("hash"), f.Values.Get("mapping_file")
	layout, err := casework.LayoutOf(text)
	wrong, bad := errors.AsType[*casework.MappingError](err)
	if err != nil && !bad {
		return err
	}
	var preview *casework.ImportPreview
	if !bad {
		if preview, err = s.house.PreviewImport(r.Context(), v.viewer, hash, name, layout); err != nil {
			return err
		}
		err = loadMapping(&f, v.lang, preview, text)
		if wrong, bad = errors.AsType[*casework.MappingError](err); err != nil && !bad {
			return err
		}
	}
	if !bad {
		f.Values.Del("mapping_file")
		return s.renderPreview(w, r, preview, f, http.StatusOK)
	}
	for _, p := range wrong.Problems {
		f.Faults = append(f.Faults, FormFault{Field: "mapping_file", Message: p.At(v.lang.T)})
	}
	// The form stays with the mapping that it was of.
	if layout, err = casework.LayoutOf(f.Values.Get("mapping")); err != nil {
		return errBad
	}
	if _, asked := f.Values["sheet"]; asked {
		layout.Sheet = f.Get("sheet_was")
		f.Values.Set("sheet", layout.Sheet)
	}
	if preview, err = s.house.PreviewImport(r.Context(), v.viewer, hash, name, layout); err != nil {
		return err
	}
	return s.renderPreview(w, r, preview, f, refused)
}

// runPage shows how far an import is, and its report.
type runPage struct {
	deskPage
	Run *casework.ImportRun
	// Refresh is how many seconds until the page looks again, 0 when it is over.
	Refresh int
	Share   int // percent, -1 when it cannot be told
}

func (s *Server) showRun(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	run, err := s.house.ImportJob(r.Context(), v.viewer, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := &runPage{deskPage: s.desk(r, v.lang.T("import.title"), "desk-import"), Run: run, Share: -1}
	if !run.Over {
		p.Refresh = 2
		w.Header().Set("Refresh", fmt.Sprint(p.Refresh))
	}
	if run.Offset > 0 && run.Plan.Size > 0 && !strings.HasSuffix(run.Plan.Name, ".gz") {
		p.Share = int(min(run.Offset*100/run.Plan.Size, 100))
	}
	return s.render(w, r, "desk_run", p)
}

// Again is the form that begins the import after a trial, filled in as it was.
func (p *runPage) Again() string {
	return previewAddress(p.Run.Plan.Hash, p.Run.Plan.Name) + "&run=" + p.Run.ID
}

// importPage is a finished or interrupted import with its report.
type importPage struct {
	deskPage
	Run      *record.Import
	Problems []importProblem
	Next     int
}

type importProblem struct {
	Line          int
	Field, Reason string
	Refused       bool
}

const problemsShown = 200

func (s *Server) showImport(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	offset, _ := strconv.Atoi(r.URL.Query().Get("from"))
	offset = max(offset, 0)
	run, problems, err := s.house.ImportReportOf(r.Context(), v.viewer, record.ImportID(r.PathValue("id")), offset, problemsShown+1)
	if err != nil {
		return err
	}
	p := &importPage{deskPage: s.desk(r, v.lang.T("import.title"), "desk-import"), Run: run}
	for i, q := range problems {
		if i == problemsShown {
			p.Next = offset + problemsShown
			break
		}
		p.Problems = append(p.Problems, importProblem{q.Line, q.Field, casework.Problem{Key: q.Key, Args: q.Args, Reason: q.Reason}.In(v.lang.T), q.Refused})
	}
	return s.render(w, r, "desk_import", p)
}

// sendImport gives the imported file back, byte for byte.
func (s *Server) sendImport(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	run, _, err := s.house.ImportReportOf(r.Context(), v.viewer, record.ImportID(r.PathValue("id")), 0, 0)
	if err != nil {
		return err
	}
	out := &lateWriter{w: w, begin: func() { attach(w, baseName(run.Name), "") }}
	if err = s.house.ExportOriginal(r.Context(), v.viewer, run.ID, out); err == nil {
		err = out.flush()
	}
	if err != nil && out.began {
		panic(http.ErrAbortHandler)
	}
	return err
}

// sendMapping gives the mapping file an import was made with.
func (s *Server) sendMapping(w http.ResponseWriter, r *http.Request) error {
	run, _, err := s.house.ImportReportOf(r.Context(), visitOf(r).viewer, record.ImportID(r.PathValue("id")), 0, 0)
	if err != nil {
		return err
	}
	if run.Mapping == "" {
		return record.ErrNotFound
	}
	attach(w, "mapping.json", "application/json")
	s.send(w, r, http.StatusOK, "application/json", []byte(run.Mapping))
	return nil
}
