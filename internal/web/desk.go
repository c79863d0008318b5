package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// deskRoutes lists the addresses of the signed-in side.
func (s *Server) deskRoutes() []route {
	out := []route{
		{pattern: "GET /desk/sign-in", need: anyone, do: s.showSignIn},
		{pattern: "POST /desk/sign-in", need: anyone, do: s.signIn, body: maxSignIn},
		{pattern: "GET /desk/signin", need: anyone, do: s.showSignIn},
		{pattern: "GET /desk/setup", need: anyone, do: s.showSetup},
		{pattern: "POST /desk/setup", need: anyone, do: s.setUp},
		{pattern: "POST /desk/sign-out", need: signedIn, do: s.signOut},
		{pattern: "GET /desk/account", need: signedIn, do: s.showAccount},
		{pattern: "POST /desk/account/password", need: signedIn, do: s.changePassword},
		{pattern: "POST /desk/account/sign-out-everywhere", need: signedIn, do: s.signOutEverywhere},

		{pattern: "GET /desk", need: signedIn, do: s.showDesk},
		{pattern: "GET /desk/{$}", need: signedIn, do: s.showDesk},
		{pattern: "GET /desk/history/{kind}/{id}", need: signedIn, do: s.showVersions},
		{pattern: "POST /desk/history/{kind}/{id}", need: access.ActEdit, do: s.restoreVersion},
		{pattern: "POST /desk/history/{kind}/{id}/hide", need: access.ActReview, do: s.hideVersion},
		{pattern: "GET /desk/journal", need: access.ActReview, do: s.showJournal},

		{pattern: "GET /desk/sources/{id}", need: signedIn, do: s.readSource},
		{pattern: "POST /desk/sources/{id}/claims", need: access.ActEnter, do: s.makeClaim},
		{pattern: "POST /desk/sources/{id}/copies", need: access.ActEnter, do: s.addCopy, body: maxCopy + maxKept},
		{pattern: "GET /desk/copies/{hash}", need: signedIn, do: s.sendCopy},
		{pattern: "GET /desk/claims/{id}", need: signedIn, do: s.showClaim},
		{pattern: "POST /desk/claims/{id}", need: access.ActEnter, do: s.changeClaim},

		{pattern: "GET /desk/review", need: access.ActReview, do: s.showReview},
		{pattern: "POST /desk/review", need: access.ActReview, do: s.reviewMany},
		{pattern: "POST /desk/review/{id}", need: access.ActReview, do: s.reviewOne},
		{pattern: "GET /desk/same", need: access.ActReview, do: s.showSames},
		{pattern: "POST /desk/same", need: access.ActReview, do: s.proposeSame},
		{pattern: "POST /desk/same/match", need: access.ActReview, do: s.matchSames},
		{pattern: "GET /desk/same/{id}", need: access.ActReview, do: s.showSame},
		{pattern: "POST /desk/same/{id}", need: access.ActReview, do: s.decideSame},
		{pattern: "GET /desk/publish", need: access.ActPublish, do: s.showPublish},
		{pattern: "POST /desk/publish", need: access.ActPublish, do: s.publish},
		{pattern: "GET /desk/erase/{kind}/{id}", need: access.ActErase, do: s.showErase},
		{pattern: "POST /desk/erase/{kind}/{id}", need: access.ActErase, do: s.erase},

		{pattern: "GET /desk/requests", need: access.ActModerate, do: s.showRequests},
		{pattern: "GET /desk/requests/{id}", need: access.ActModerate, do: s.showRequest},
		{pattern: "POST /desk/requests/{id}", need: access.ActModerate, do: s.decideRequest},

		{pattern: "GET /desk/import", need: access.ActImport, do: s.showImports},
		{pattern: "POST /desk/import", need: access.ActImport, do: s.stageImport, body: maxDataset + maxKept},
		{pattern: "GET /desk/import/{hash}", need: access.ActImport, do: s.previewImport},
		{pattern: "POST /desk/import/{hash}", need: access.ActImport, do: s.planImport},
		{pattern: "GET /desk/import/run/{id}", need: access.ActImport, do: s.showRun},
		{pattern: "GET /desk/imports/{id}", need: access.ActImport, do: s.showImport},
		{pattern: "GET /desk/imports/{id}/dataset", need: access.ActImport, do: s.showDataset},
		{pattern: "POST /desk/imports/{id}/dataset", need: access.ActImport, do: s.actOnDataset},
		{pattern: "GET /desk/imports/{id}/original", need: access.ActImport, do: s.sendImport},
		{pattern: "GET /desk/imports/{id}/mapping", need: access.ActImport, do: s.sendMapping},

		{pattern: "GET /desk/releases", need: access.ActRelease, do: s.showReleases},
		{pattern: "POST /desk/releases", need: access.ActRelease, do: s.makeRelease},
		{pattern: "GET /desk/releases/{id}/download", need: signedIn, do: s.sendRelease},
		{pattern: "GET /desk/export", need: access.ActExport, do: s.sendExport},

		{pattern: "GET /desk/accounts", need: access.ActAccounts, do: s.showAccounts},
		{pattern: "POST /desk/accounts", need: access.ActAccounts, do: s.addAccount},
		{pattern: "POST /desk/accounts/{id}", need: access.ActAccounts, do: s.changeAccount},
	}
	if s.organising != nil {
		out = append(out, slices.Concat(s.petitionDeskRoutes(), s.deliveryRoutes(), s.signerRoutes(), s.paperRoutes(), s.voidRoutes(), s.updateRoutes(), s.houseRoutes())...)
	}
	if s.following != nil {
		out = append(out, s.followDeskRoutes()...)
		out = append(out, s.coverageDeskRoutes()...)
	}
	if s.outbox != nil {
		out = append(out, s.outboxRoutes()...)
	}
	for _, rf := range recordForms() {
		base := "/desk/" + rf.plural
		save, create, body := s.saveForm(rf), s.saveForm(rf), int64(0)
		if rf.kind == record.KindSource {
			create, body = s.saveSource, maxCopy+maxKept
		} else {
			out = append(out, route{pattern: "GET " + base + "/{id}", need: signedIn, do: s.showAround(rf)})
		}
		if rf.kind != record.KindTie && rf.kind != record.KindInvolvement {
			out = append(out, route{pattern: "GET " + base, need: signedIn, do: s.showDeskList(rf.kind)})
		}
		out = append(out,
			route{pattern: "GET " + base + "/new", need: access.ActEnter, do: s.showForm(rf)},
			route{pattern: "POST " + base + "/new", need: access.ActEnter, do: create, body: body},
			route{pattern: "GET " + base + "/{id}/edit", need: access.ActEnter, do: s.showForm(rf)},
			route{pattern: "POST " + base + "/{id}/edit", need: access.ActEnter, do: save},
		)
	}
	for i, rt := range out {
		if strings.HasPrefix(rt.pattern, "POST ") && rt.need != anyone && !strings.HasPrefix(rt.pattern, "POST /desk/account/") {
			out[i].do = s.keeping(rt.do)
		}
	}
	return out
}

// deskHomePage is what waits at the desk.
type deskHomePage struct {
	deskPage
	*casework.DeskHome
	// Alerts are what the house needs somebody to see to.
	Alerts []string
}

// The bounds beyond which the desk speaks up.
const (
	oldBackup = 7 * 24 * time.Hour
	lowDisk   = 10 // percent free
)

func (s *Server) showDesk(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	h, err := s.house.DeskHome(r.Context(), v.viewer, v.lang.Tag())
	if err != nil {
		return err
	}
	p := &deskHomePage{deskPage: s.desk(r, v.lang.T("desk.title"), "desk"), DeskHome: h}
	if v.viewer.May(access.ActReview) {
		switch {
		case h.Backup == 0:
			p.Alerts = append(p.Alerts, v.lang.T("desk.alert_no_backup"))
		case s.house.Age(h.Backup) > oldBackup:
			p.Alerts = append(p.Alerts, v.lang.T("desk.alert_backup", "n", int(s.house.Age(h.Backup).Hours()/24)))
		}
		if h.Free >= 0 && h.Free < lowDisk {
			p.Alerts = append(p.Alerts, v.lang.T("desk.alert_disk", "free", h.Free))
		}
		if h.OneEditor {
			p.Alerts = append(p.Alerts, v.lang.T("desk.alert_one_editor"))
		}
	}
	return s.render(w, r, "desk_home", p)
}

// Count writes a number of things that wait; counting stops at a limit.
func (p *deskHomePage) Count(n int) string {
	if n > casework.DeskCount {
		return p.L.T("page.over", "n", casework.DeskCount)
	}
	return p.L.Number(int64(n))
}
