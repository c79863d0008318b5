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
type dataPage struct{ Page }

func (s *Server) showData(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, "data", &dataPage{s.page(r, visitOf(r).lang.T("nav.data"), "")})
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
