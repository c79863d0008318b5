package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// datasetPage shows what withdrawing, returning or erasing a dataset would touch,
// and asks for it.
type datasetPage struct {
	deskPage
	Run  *record.Import
	Plan *casework.DatasetPlan
	Acts []casework.DatasetAct
}

func (s *Server) showDataset(w http.ResponseWriter, r *http.Request) error {
	return s.renderDataset(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderDataset(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	run, _, err := s.house.ImportReportOf(r.Context(), v.viewer, record.ImportID(r.PathValue("id")), 0, 0)
	if err != nil {
		return err
	}
	p := &datasetPage{deskPage: s.desk(r, v.lang.T("dataset.title"), "desk-import"), Run: run}
	p.Form = f
	if p.Plan, err = s.house.PlanDataset(r.Context(), v.viewer, run.Dataset); err != nil {
		return err
	}
	switch {
	case p.Plan.Act != "":
	case p.Plan.Withdrawn:
		p.Acts = []casework.DatasetAct{casework.ReturnDataset, casework.EraseDataset}
	default:
		p.Acts = []casework.DatasetAct{casework.WithdrawDataset, casework.EraseDataset}
	}
	return s.renderStatus(w, r, status, "desk_dataset", p)
}

// actOnDataset begins what was asked for; it is done in the background.
func (s *Server) actOnDataset(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	run, _, err := s.house.ImportReportOf(r.Context(), v.viewer, record.ImportID(r.PathValue("id")), 0, 0)
	if err != nil {
		return err
	}
	act, ok := casework.ParseDatasetAct(f.Get("act"))
	if !ok {
		f.Add(v.lang, "act", "invalid.required")
	}
	if f.Get("reason") == "" {
		f.Add(v.lang, "reason", "invalid.required")
	}
	if act == casework.EraseDataset && f.Get("confirm") != run.Dataset {
		f.Add(v.lang, "confirm", "invalid.confirm")
	}
	if f.Refused() {
		return s.renderDataset(w, r, f, refused)
	}
	err = s.house.BeginDataset(r.Context(), v.viewer, run.Dataset, act, f.Get("reason"))
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/import?done=dataset_begun")
	case f.Take(v.lang, err):
		return s.renderDataset(w, r, f, refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "act", "error.conflict")
		return s.renderDataset(w, r, f, http.StatusConflict)
	}
	return err
}

// CitedBy lists the kinds of records that cite the dataset, in a fixed order.
func (p *datasetPage) CitedBy() []record.Kind {
	return slices.Sorted(maps.Keys(p.Plan.CitedBy))
}

// CitedTimes is how many records of a kind cite it.
func (p *datasetPage) CitedTimes(k record.Kind) int { return p.Plan.CitedBy[k] }
