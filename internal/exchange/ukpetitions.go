package exchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// UKPetitions is the name of the format in which the UK Parliament publishes its
// petitions: one or a page of them as JSON, in the shape of 2016 or of today, or
// the linked-data dump.
const UKPetitions = "uk-petitions"

// maxUKPetitions bounds a file of petitions, in bytes after unpacking. The whole
// dump of a parliament is five million.
const maxUKPetitions = 256 << 20

// ForeignPetition is a petition as another site published it. Times are
// microseconds UTC, 0 where not given.
type ForeignPetition struct {
	// Line is the petition's place in its file, from 1.
	Line   int
	Site   string // host name
	ID     int    // the site's own number
	URL    string
	Title  string
	Text   string // what is asked
	More   string // details
	State  string // open, closed, rejected
	Count  int64
	Opened int64
	Closed int64
	// Accounted is the sum of the site's own parts by country, which it may differ
	// from the count; HasParts says that there are any.
	Accounted int64
	HasParts  bool
	// Asked are the departments that it was put to; Response and Debate are nil where
	// there was none.
	Asked    []record.ForeignOffice
	Response *record.ForeignResponse
	Debate   *record.ForeignDebate
}

// Unaccounted is the count less the site's own parts: kept, because it says how
// far they can be trusted.
func (p *ForeignPetition) Unaccounted() int64 {
	if !p.HasParts {
		return 0
	}
	return p.Count - p.Accounted
}

// ReadUKPetitions reads a file of petitions of the UK Parliament's site. kept is
// the file without the names of private people who started them: as it came where
// it holds none. Petitions that cannot be read are problems.
func ReadUKPetitions(path string) (petitions []ForeignPetition, kept []byte, problems []Problem, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the petitions: %w", err)
	}
	defer f.Close()
	plain := bufio.NewReader(f)
	if head, _ := plain.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(plain)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("unpack the petitions: %w", err)
		}
		plain = bufio.NewReader(z)
	}
	data, err := io.ReadAll(io.LimitReader(plain, maxUKPetitions+1))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, nil, errors.New("the compressed file is cut short; download it again")
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the petitions: %w", err)
	}
	if len(data) > maxUKPetitions {
		return nil, nil, nil, fmt.Errorf("the file is larger than %d MB", maxUKPetitions>>20)
	}
	return parseUKPetitions(data)
}

// privateKeys are the fields that name the private person behind a petition.
var privateKeys = []string{"sponsorPrinted", "creator_name"}

func parseUKPetitions(data []byte) ([]ForeignPetition, []byte, []Problem, error) {
	switch first := data[:min(len(data), 4)]; {
	case bytes.HasPrefix(first, []byte("\xff\xfe")), bytes.HasPrefix(first, []byte("\xfe\xff")), len(first) > 1 && (first[0] == 0) != (first[1] == 0):
		return nil, nil, nil, errors.New("the file is in UTF-16; save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil, nil, errEmpty
	}
	kept, err := withoutKeys(data, privateKeys)
	if first := bytes.TrimSpace(data)[0]; err != nil && (first == '[' || first == '{') {
		return nil, nil, nil, errors.New("the file breaks off or is damaged: it is no whole JSON; download it again")
	}
	if err != nil {
		return nil, nil, nil, &WrongFormatError{Want: UKPetitions, Like: "something that is not JSON"}
	}
	var rows []json.RawMessage
	var site string
	var read func(json.RawMessage) (ForeignPetition, *Problem)
	switch first := bytes.TrimLeft(kept, " \t\r\n\ufeff"); {
	case len(first) > 0 && first[0] == '[':
		if err := json.Unmarshal(kept, &rows); err != nil {
			return nil, nil, nil, fmt.Errorf("read the petitions: %w", err)
		}
		read = readLinked
		if len(rows) > 0 && !bytes.Contains(rows[0], []byte(`"numberOfSignatures"`)) {
			read = func(m json.RawMessage) (ForeignPetition, *Problem) { return readUKDocument(m, site) }
		}
	default:
		var page struct {
			Links struct {
				Self string `json:"self"`
			} `json:"links"`
			Data json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(kept, &page); err != nil || len(page.Data) == 0 {
			return nil, nil, nil, &WrongFormatError{Want: UKPetitions, Like: "JSON without petitions"}
		}
		site = page.Links.Self
		if page.Data[0] == '[' {
			if err := json.Unmarshal(page.Data, &rows); err != nil {
				return nil, nil, nil, fmt.Errorf("read the petitions: %w", err)
			}
			read = func(m json.RawMessage) (ForeignPetition, *Problem) { return readUKData(m, site) }
		} else {
			rows = []json.RawMessage{kept}
			read = func(m json.RawMessage) (ForeignPetition, *Problem) { return readUKDocument(m, site) }
		}
	}
	var out []ForeignPetition
	var problems []Problem
	for i, row := range rows {
		p, problem := read(row)
		if problem != nil {
			problem.Line = i + 1
			problems = append(problems, *problem)
			continue
		}
		p.Line = i + 1
		out = append(out, p)
	}
	return out, kept, problems, nil
}

// withoutKeys copies JSON without some members of its objects, whatever depth they
// stand at. It returns the same bytes when there are none.
func withoutKeys(data []byte, keys []string) ([]byte, error) {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	var out bytes.Buffer
	e := jsontext.NewEncoder(&out, jsontext.WithIndent(""))
	dropped := false
	for {
		if kind, n := d.StackIndex(d.StackDepth()); kind == '{' && n%2 == 0 && d.PeekKind() == '"' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			key := name.String()
			if slices.Contains(keys, key) {
				v, err := d.ReadValue()
				if err != nil {
					return nil, err
				}
				dropped = dropped || string(v) != "null"
				continue
			}
			if err := e.WriteToken(jsontext.String(key)); err != nil {
				return nil, err
			}
			continue
		}
		t, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := e.WriteToken(t); err != nil {
			return nil, err
		}
	}
	if !dropped {
		return data, nil
	}
	return out.Bytes(), nil
}

// ukAttributes are the attributes that we read, of the shapes of 2016 and today.
type ukAttributes struct {
	Action     string      `json:"action"`
	Background string      `json:"background"`
	Details    string      `json:"additional_details"`
	State      string      `json:"state"`
	Count      json.Number `json:"signature_count"`
	Created    string      `json:"created_at"`
	Opened     string      `json:"opened_at"`
	OpenedThen string      `json:"open_at"` // as it was called in 2016
	Closed     string      `json:"closed_at"`
	Closing    string      `json:"closing_date"`
	Countries  []struct {
		Count json.Number `json:"signature_count"`
	} `json:"signatures_by_country"`
	Departments []struct {
		Acronym string `json:"acronym"`
		Name    string `json:"name"`
		URL     string `json:"url"`
	} `json:"departments"`
	Response *struct {
		On      string `json:"responded_on"`
		Summary string `json:"summary"`
		Details string `json:"details"`
		Created string `json:"created_at"`
		Updated string `json:"updated_at"`
	} `json:"government_response"`
	Debate *struct {
		On         string `json:"debated_on"`
		Overview   string `json:"overview"`
		Transcript string `json:"transcript_url"`
		Video      string `json:"video_url"`
		Pack       string `json:"debate_pack_url"`
		Summary    string `json:"debate_summary_url"`
		Engagement string `json:"public_engagement_url"`
	} `json:"debate"`
}

// followed reads what became of a petition: whom it was put to, what they answered,
// whether it was debated.
func (a *ukAttributes) followed(p *ForeignPetition) *Problem {
	for _, d := range a.Departments {
		p.Asked = append(p.Asked, record.ForeignOffice{Acronym: strings.TrimSpace(d.Acronym), Name: strings.TrimSpace(d.Name), URL: strings.TrimSpace(d.URL)})
	}
	if r := a.Response; r != nil {
		out := &record.ForeignResponse{Summary: foreignWords(r.Summary), Details: foreignWords(r.Details)}
		var problem *Problem
		if out.Made, problem = foreignTime("government_response", r.Created); problem != nil {
			return problem
		}
		if out.Changed, problem = foreignTime("government_response", r.Updated); problem != nil {
			return problem
		}
		on := r.On
		if on == "" && out.Made != 0 { // before the day had a field of its own
			on = time.UnixMicro(out.Made).UTC().Format(time.DateOnly)
		}
		if out.On, problem = foreignDay("government_response", on); problem != nil {
			return problem
		}
		p.Response = out
	}
	if d := a.Debate; d != nil {
		out := &record.ForeignDebate{
			Overview: foreignWords(d.Overview), Transcript: strings.TrimSpace(d.Transcript), Video: strings.TrimSpace(d.Video), Pack: strings.TrimSpace(d.Pack),
			Summary: strings.TrimSpace(d.Summary), Engagement: strings.TrimSpace(d.Engagement),
		}
		var problem *Problem
		if out.On, problem = foreignDay("debate", d.On); problem != nil {
			return problem
		}
		p.Debate = out
	}
	return nil
}

// foreignWords are words as they came, but for the ends of their lines.
func foreignWords(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// foreignDay reads a day, "2019-03-26".
func foreignDay(column, s string) (record.When, *Problem) {
	if s == "" {
		return record.When{}, nil
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return record.When{}, foreignWrong(column, "not_time", "cell", s)
	}
	d, err := edtf.Parse(s)
	if err != nil {
		return record.When{}, foreignWrong(column, "not_time", "cell", s)
	}
	return record.When{Date: d}, nil
}

func readUKDocument(row json.RawMessage, site string) (ForeignPetition, *Problem) {
	var doc struct {
		Links struct {
			Self string `json:"self"`
		} `json:"links"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(row, &doc); err != nil || len(doc.Data) == 0 {
		return ForeignPetition{}, foreignWrong("", "uk_no_data")
	}
	if doc.Links.Self != "" {
		site = doc.Links.Self
	}
	return readUKData(doc.Data, site)
}

func readUKData(row json.RawMessage, site string) (ForeignPetition, *Problem) {
	var data struct {
		ID    json.Number `json:"id"`
		Links struct {
			Self string `json:"self"`
		} `json:"links"`
		Attributes ukAttributes `json:"attributes"`
	}
	if err := json.Unmarshal(row, &data); err != nil {
		return ForeignPetition{}, unreadable(err)
	}
	if data.Links.Self != "" {
		site = data.Links.Self
	}
	a := data.Attributes
	p := ForeignPetition{Title: strings.TrimSpace(a.Action), Text: a.Background, More: a.Details, State: a.State}
	var problem *Problem
	if p.ID, problem = foreignID(data.ID.String()); problem != nil {
		return p, problem
	}
	p.Site = "petition.parliament.uk"
	if u, err := url.Parse(site); err == nil && u.Host != "" {
		p.Site = u.Host
	}
	p.URL = "https://" + p.Site + "/petitions/" + strconv.Itoa(p.ID)
	if p.Count, problem = foreignCount("signature_count", a.Count); problem != nil {
		return p, problem
	}
	for _, t := range []struct {
		to    *int64
		field string
		from  []string
	}{
		{&p.Opened, "opened_at", []string{a.Opened, a.OpenedThen, a.Created}},
		{&p.Closed, "closed_at", []string{a.Closed, a.Closing}},
	} {
		if *t.to, problem = foreignTime(t.field, t.from...); problem != nil {
			return p, problem
		}
	}
	for _, c := range a.Countries {
		n, problem := foreignCount("signatures_by_country", c.Count)
		if problem != nil {
			return p, problem
		}
		p.Accounted += n
		p.HasParts = true
	}
	if problem = a.followed(&p); problem != nil {
		return p, problem
	}
	return p, p.wrong()
}

// readLinked reads a row of the linked-data dump.
func readLinked(row json.RawMessage) (ForeignPetition, *Problem) {
	type value struct {
		Value string `json:"_value"`
	}
	var r struct {
		About      string      `json:"_about"`
		Created    value       `json:"created"`
		Identifier value       `json:"identifier"`
		Label      value       `json:"label"`
		Count      json.Number `json:"numberOfSignatures"`
		Status     string      `json:"status"`
	}
	if err := json.Unmarshal(row, &r); err != nil {
		return ForeignPetition{}, unreadable(err)
	}
	p := ForeignPetition{Site: "petition.parliament.uk", Title: strings.TrimSpace(r.Label.Value), State: r.Status}
	var problem *Problem
	if p.ID, problem = foreignID(r.Identifier.Value); problem != nil {
		return p, problem
	}
	p.URL = "https://" + p.Site + "/petitions/" + strconv.Itoa(p.ID)
	if p.Count, problem = foreignCount("numberOfSignatures", r.Count); problem != nil {
		return p, problem
	}
	if p.Opened, problem = foreignTime("created", r.Created.Value); problem != nil {
		return p, problem
	}
	return p, p.wrong()
}

func (p *ForeignPetition) wrong() *Problem {
	switch {
	case p.Title == "":
		return foreignWrong("action", "uk_no_title")
	case !slices.Contains([]string{"open", "closed", "rejected"}, p.State):
		return foreignWrong("state", "uk_state", "cell", p.State)
	}
	return nil
}

// foreignWrong is a problem of a petition whose line is filled in later.
func foreignWrong(column, key string, args ...any) *Problem {
	p := problemOf(say(key, args...), 0, column)
	return &p
}

// unreadable is a petition that is not the JSON it should be.
func unreadable(err error) *Problem {
	p := problemOf(notJSON(err), 0, "")
	return &p
}

func foreignID(s string) (int, *Problem) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, foreignWrong("id", "uk_number", "cell", s)
	}
	return n, nil
}

func foreignCount(column string, n json.Number) (int64, *Problem) {
	v, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil || v < 0 {
		return 0, foreignWrong(column, "uk_count", "cell", n)
	}
	return v, nil
}

// foreignTime reads the first time that is given: an instant, or a day, which
// ends with it.
func foreignTime(column string, texts ...string) (int64, *Problem) {
	for _, s := range texts {
		if s == "" {
			continue
		}
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t.UnixMicro(), nil
		}
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return t.AddDate(0, 0, 1).UnixMicro(), nil
		}
		return 0, foreignWrong(column, "not_time", "cell", s)
	}
	return 0, nil
}
