package web

import (
	"net/http"

	"github.com/gawah-project/gawah/internal/figure"
)

// plainPage is a page of the catalogue's sentences.
type plainPage struct {
	Page
	Lede string
}

// dataPage says where the record can be had as data.
type dataPage struct {
	Page
	// API are the lists of the data interface, Tables what can be had as CSV: the
	// addresses, and in words what stands there.
	API, Tables []Holding
}

// dataLists are the lists of the data interface, with the key of what stands there.
var dataLists = [][2]string{
	{"/events", "nav.events"},
	{"/claims", "claim.claims"},
	{"/sources", "nav.sources"},
	{"/people", "nav.people"},
	{"/parties", "nav.parties"},
	{"/totals", "nav.totals"},
	{"/demands", "follow.list.demands"},
	{"/commitments", "follow.list.commitments"},
	{"/proceedings", "accountability.cases"},
	{"/trends", "trend.title"},
}

// dataTables are the tables that can be had whole, likewise.
var dataTables = [][2]string{
	{"/events.csv", "nav.events"},
	{"/follow-up/data/demands.csv", "follow.list.demands"},
	{"/follow-up/data/commitments.csv", "follow.list.commitments"},
	{"/follow-up/data/assessments.csv", "data.assessments"},
	{"/follow-up/data/silence.csv", "follow.silence.page"},
	{"/follow-up/data/due.csv", "follow.overdue_head"},
	{"/follow-up/data/proceedings.csv", "accountability.cases"},
	{"/follow-up/data/accountability.csv", "accountability.title"},
	{"/follow-up/data/anniversaries.csv", "anniversary.title"},
	{"/petitions.csv", "nav.petitions"},
}

func (s *Server) showData(w http.ResponseWriter, r *http.Request) error {
	l := visitOf(r).lang
	p := &dataPage{Page: s.page(r, l.T("nav.data"), "")}
	for _, k := range dataLists {
		p.API = append(p.API, Holding{Href: "/api/v1" + k[0], Words: l.T(k[1])})
	}
	for _, k := range dataTables {
		p.Tables = append(p.Tables, Holding{Href: k[0], Words: l.T(k[1])})
	}
	return s.render(w, r, "data", p)
}

// methodPage says how numbers come about.
type methodPage struct {
	Page
	Rules   []RuleView
	Status  []Term
	Reasons []Term
}

// RuleView is a rule in words, with its table of words.
type RuleView struct {
	Name, Text string
	Default    bool
	Table      string
	Words      []figure.Word
	AtLeast    bool
}

// Term is a word of the record and what it means.
type Term struct{ Word, Text string }

func (s *Server) showMethod(w http.ResponseWriter, r *http.Request) error {
	l := visitOf(r).lang
	p := &methodPage{Page: s.page(r, l.T("method.title"), "method")}
	for _, rule := range figure.Rules() {
		v := RuleView{Name: string(rule), Text: l.T("method.rule." + rule.Name()), Default: rule == figure.Default}
		if t, ok := figure.Words(rule); ok {
			v.Table, v.Words, v.AtLeast = t.Name, t.Words, t.AtLeast
		}
		p.Rules = append(p.Rules, v)
	}
	for _, st := range figure.Statuses() {
		p.Status = append(p.Status, Term{l.T("figure.status." + string(st)), l.T("method.status." + string(st))})
	}
	for _, reason := range figure.Reasons() {
		p.Reasons = append(p.Reasons, Term{string(reason), l.T("figure.reason." + string(reason))})
	}
	return s.render(w, r, "method", p)
}
