package web

import (
	"html"
	"net/http"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// CardView is a card as a page offers it: the picture, and the lines that put it
// on another site.
type CardView struct {
	Src     string
	Alt     string
	Snippet string
}

// cardView names the card of a page. The snippet is a link around a picture: no
// script, and no more than the picture is asked of us.
func (s *Server) cardView(r *http.Request, l *lang.Printer, card, alt, page string) CardView {
	src := l.Path() + "/cards/" + card + ".svg"
	e := html.EscapeString
	return CardView{
		Src: src, Alt: alt,
		Snippet: `<a rel="noopener" href="` + e(s.address(r, l.Path()+page)) + `"><img src="` + e(s.address(r, src)) + `" width="` + itoa(draw.CardWidth) + `" alt="` + e(alt) + `" loading="lazy"></a>`,
	}
}

// showCard answers /cards/…svg: a small picture with the public's numbers,
// whoever asks.
func (s *Server) showCard(w http.ResponseWriter, r *http.Request) error {
	if s.following == nil {
		return record.ErrNotFound
	}
	kind, name, of := strings.Cut(strings.TrimPrefix(visitOf(r).path, "/cards/"), "/")
	if !of {
		kind, name = "", kind
	}
	name, ok := strings.CutSuffix(name, ".svg")
	if !ok {
		return record.ErrNotFound
	}
	d, err := s.cardData(r, kind, name)
	if err != nil {
		return err
	}
	l := visitOf(r).lang
	d.Lang = l.Tag()
	d.Foot = l.T("card.foot", "date", l.Date(s.now().UTC().Format("2006-01-02")))
	s.openToAll(w)
	w.Header().Set("Cache-Control", "public, max-age=900")
	s.send(w, r, http.StatusOK, typeSVG, []byte(draw.Card(d, draw.Options{RTL: l.RTL(), Number: l.Number})))
	return nil
}

func (s *Server) cardData(r *http.Request, kind, name string) (draw.CardData, error) {
	ctx, l, desk := r.Context(), visitOf(r).lang, s.following
	var d draw.CardData
	switch {
	case kind == "" && name == "follow-up":
		over, err := desk.Overview(ctx, access.Anyone(), "")
		if err != nil {
			return d, err
		}
		d = summaryCard(l, over.Demands)
		d.Kicker, d.Title = l.T("nav.follow_up"), l.T("follow.title")
	case kind == "" && name == "accountability":
		a, err := desk.Accountability(ctx, access.Anyone(), followup.AccountabilityFilter{})
		if err != nil {
			return d, err
		}
		v := shareView(l, "accountability.no_conviction", a.NoConvict)
		d = draw.CardData{Kicker: l.T("nav.follow_up"), Title: l.T("accountability.no_conviction_head"), Lines: nonEmpty(v.Value, v.Of, v.Interval, v.Unknown)}
		d.States = []draw.ProgressState{{State: draw.Whole, Word: l.T("accountability.bar.some")}, {State: draw.Nothing, Word: l.T("accountability.bar.none")}, {State: draw.Unknown, Word: l.T("accountability.bar.unknown")}}
		d.Counts = []int64{int64(a.NoConvict.All - a.NoConvict.Of), int64(a.NoConvict.Of), int64(a.NoConvict.Unknown)}
	case kind == "follow-up":
		a, err := desk.Authority(ctx, access.Anyone(), name, "", 0, 0)
		if err != nil {
			return d, err
		}
		d = summaryCard(l, a.Demands)
		d.Kicker, d.Title = l.T("nav.follow_up"), plain(l, casework.Called(a.Party.Names))
	case kind == "petitions":
		m, err := desk.Matrix(ctx, access.Anyone(), name)
		if err != nil {
			return d, err
		}
		if m.Petition.Practice {
			return d, record.ErrNotFound
		}
		var demands followup.Summary
		demands.Progress = map[record.ProgressValue]int{}
		var longest followup.Silence
		for _, row := range m.Rows {
			demands.All++
			p := row.ProgressBy(record.ByOrganisation)
			if p == record.NotAssessed {
				demands.NotAssessed++
			} else {
				demands.Assessed++
				demands.Progress[p]++
			}
			if row.Silence.Started && row.Silence.Answered == "" && row.Silence.Days >= longest.Days {
				longest = row.Silence
			}
		}
		d = summaryCard(l, demands)
		d.Kicker, d.Title = l.T("petition.number", "number", itoa(m.Petition.Number)), plain(l, m.Petition.Title)
		if longest.Started {
			d.Lines = append(d.Lines, silenceWord(l, longest))
		}
	case kind == "demands":
		p, err := desk.Demand(ctx, access.Anyone(), name)
		if err != nil {
			return d, err
		}
		d = draw.CardData{Kicker: l.T("follow.demand"), Title: plain(l, p.Demand.Text)}
		d.Lines = nonEmpty(l.T("follow.card_state", "state", progressView(l, p.ProgressBy(record.ByOrganisation)).Word), stepsWord(l, p.DemandLine.Steps), dueLine(l, p.Standing), silenceWord(l, p.Silence))
		d.States, d.Counts = stepBar(l, p.StepViews)
	case kind == "commitments":
		p, err := desk.Commitment(ctx, access.Anyone(), name)
		if err != nil {
			return d, err
		}
		d = draw.CardData{Kicker: plainHTML(promisers(l, p.Links, p.Commitment)), Title: plain(l, p.Commitment.Text)}
		d.Lines = nonEmpty(l.T("follow.card_state", "state", progressView(l, p.ProgressBy(record.ByOrganisation)).Word), stepsWord(l, p.CommitmentLine.Steps), dueLine(l, p.Standing))
		for _, a := range p.Commitment.Amounts {
			d.Lines = append(d.Lines, money(l, a.Value, a.Currency, a.Per))
		}
		d.States, d.Counts = stepBar(l, p.StepViews)
	case kind == "trends":
		t, err := desk.Trend(ctx, access.Anyone(), name)
		if err != nil {
			return d, err
		}
		if t.Result == nil {
			return d, record.ErrNotFound
		}
		d = draw.CardData{Kicker: l.T("trend.title"), Title: plain(l, t.Item.Rec.Title), Lines: append([]string{findingWord(l, t.Result)}, trendWords(l, &t.Result.All, t.Params)...)}
	default:
		return d, record.ErrNotFound
	}
	return d, nil
}

func nonEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

func dueLine(l *lang.Printer, s followup.Standing) string {
	if s.Due.Day == "" {
		return ""
	}
	return l.T("follow.due_line", "date", l.Date(s.Due.Day), "how", timelyWord(l, s))
}

func summaryCard(l *lang.Printer, k followup.Summary) draw.CardData {
	d := draw.CardData{Counts: barCounts(k)}
	for _, value := range inBars {
		d.States = append(d.States, draw.ProgressState{State: patterns[value], Word: l.T("follow.progress." + string(value))})
	}
	met := ""
	if k.Assessed > 0 {
		met = l.T("follow.met_of", "n", k.Progress[record.Met], "assessed", l.Number(int64(k.Assessed)))
	}
	d.Lines = nonEmpty(l.T("follow.demands", "n", k.All), met, l.T("follow.not_assessed_share", "n", k.NotAssessed, "share", share(l, k.NotAssessed, k.All)))
	if k.All == 0 {
		d.Lines = []string{l.T("follow.demands", "n", 0)}
	}
	return d
}

// stepBar counts the steps of one demand or commitment by where they stand: the same
// steps as [stepsWord].
func stepBar(l *lang.Printer, steps []followup.StepView) ([]draw.ProgressState, []int64) {
	states := make([]draw.ProgressState, len(inBars))
	counts := make([]int64, len(inBars))
	needed := slices.ContainsFunc(steps, func(s followup.StepView) bool { return s.Step.Essential })
	for i, value := range inBars {
		states[i] = draw.ProgressState{State: patterns[value], Word: l.T("follow.progress." + string(value))}
		for _, s := range steps {
			if s.Step.Essential == needed && s.ProgressBy(record.ByOrganisation) == value {
				counts[i]++
			}
		}
	}
	return states, counts
}
