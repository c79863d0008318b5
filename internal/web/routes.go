package web

import (
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
)

// Two rights that are no use case: to read what anybody may read, and to be
// signed in at all.
const (
	anyone   access.Action = "anyone"
	signedIn access.Action = "signed in"
)

// route is one address: its pattern, the right it takes and what it does. What
// do returns as an error becomes a page.
type route struct {
	pattern string
	need    access.Action
	do      func(w http.ResponseWriter, r *http.Request) error
	// keep lets the answer be kept in memory for readers without an account.
	keep bool
	// single says that the answer shows one event and what belongs to it.
	single bool
	// still says that the answer shows no demand, commitment or assessment, and stays as it is
	// while nothing else is written.
	still bool
	// daily says that the answer is worked out for today, and is good until a day
	// changes somewhere: see [nextDay].
	daily bool
	// minutely says that the answer shows what changes without a commit to the record,
	// such as a count of signatures, and is good for a minute at most.
	minutely bool
	// long says that the answer may take long to make, and waits for others of its
	// kind: see [keep].
	long bool
	// body is the greatest size of a request's body in bytes, 0 for maxForm.
	body int64
	// front lets the answer be kept before all layers: see [front].
	front bool
}

// routes lists every address of the site. Languages are not in it: /ur/events is
// /events in Urdu.
func (s *Server) routes() []route {
	public := []route{
		// The record.
		{pattern: "GET /{$}", need: anyone, do: s.showHome, keep: true, minutely: true},
		{pattern: "GET /events", need: anyone, do: s.showEvents, keep: true, long: true},
		{pattern: "GET /events.csv", need: anyone, do: s.showEventsCSV, keep: true, long: true},
		{pattern: "GET /events/{slug}", need: anyone, do: s.showEvent, keep: true, single: true},
		{pattern: "GET /events/{slug}/figure/{measure}", need: anyone, do: s.showCited, keep: true},
		{pattern: "GET /people", need: anyone, do: s.showPeople, keep: true},
		{pattern: "GET /people/{slug}", need: anyone, do: s.showPerson, keep: true},
		{pattern: "GET /parties", need: anyone, do: s.showParties, keep: true},
		{pattern: "GET /parties/{slug}", need: anyone, do: s.showParty, keep: true},
		{pattern: "GET /sources", need: anyone, do: s.showSources, keep: true},
		{pattern: "GET /sources/{id}", need: anyone, do: s.showSource, keep: true},
		{pattern: "GET /totals", need: anyone, do: s.showTotals, keep: true},
		{pattern: "GET /totals/{slug}", need: anyone, do: s.showTotal, keep: true, long: true},
		{pattern: "GET /method", need: anyone, do: s.showMethod, keep: true},
		{pattern: "GET /search", need: anyone, do: s.showSearch, keep: true, long: true},
		{pattern: "GET /history/{kind}/{id}", need: anyone, do: s.showHistory, keep: true},
		{pattern: "GET /corrections", need: anyone, do: s.showCorrections, keep: true},
		{pattern: "GET /data", need: anyone, do: s.showData, keep: true},

		// Correct or hide this.
		{pattern: "GET /ask", need: anyone, do: s.showAsk},
		{pattern: "POST /ask", need: access.ActAsk, do: s.ask, body: 160 << 10},
		{pattern: "GET /ask/status", need: anyone, do: s.askStatus},
		{pattern: "POST /ask/status", need: access.ActAsk, do: s.askStatus, body: 4 << 10},

		// Feeds and data, the public's for everybody.
		{pattern: "GET /feeds/events.atom", need: anyone, do: s.showEventsFeed, keep: true},
		{pattern: "GET /feeds/changes.atom", need: anyone, do: s.showChangesFeed, keep: true},
		{pattern: "GET /feeds/corrections.atom", need: anyone, do: s.showCorrectionsFeed, keep: true},
		{pattern: "GET /api/v1/events", need: anyone, do: s.apiEvents, keep: true, long: true},
		{pattern: "GET /api/v1/events/{slug}", need: anyone, do: s.apiEventBySlug, keep: true},
		{pattern: "GET /api/v1/figures", need: anyone, do: s.apiFigures, keep: true, long: true},
		{pattern: "GET /api/v1/claims", need: anyone, do: s.apiClaimList, keep: true, long: true},
		{pattern: "GET /api/v1/sources", need: anyone, do: s.apiSources, keep: true, long: true},
		{pattern: "GET /api/v1/sources/{id}", need: anyone, do: s.apiSourceByID, keep: true},
		{pattern: "GET /api/v1/parties", need: anyone, do: s.apiParties, keep: true},
		{pattern: "GET /api/v1/people", need: anyone, do: s.apiPeople, keep: true},
		{pattern: "GET /api/v1/totals", need: anyone, do: s.apiTotals, keep: true},
		{pattern: "GET /api/v1/totals/{slug}", need: anyone, do: s.apiTotalBySlug, keep: true, long: true},
		{pattern: "GET /api/v1/search", need: anyone, do: s.apiSearch, keep: true, long: true},
		{pattern: "GET /api/v1/openapi.json", need: anyone, do: s.showOpenAPI},

		// For machines that keep house.
		{pattern: "GET /healthz", need: anyone, do: s.showHealth},
		{pattern: "GET /robots.txt", need: anyone, do: s.showRobots},
		{pattern: "GET /sitemap.xml", need: anyone, do: s.showSitemap, keep: true, long: true},
		{pattern: "GET /favicon.svg", need: anyone, do: s.showFavicon},
		{pattern: "GET /static/", need: anyone, do: s.showStatic},
	}
	return slices.Concat(public, s.coverageRoutes(), s.petitionRoutes(), s.followRoutes(), s.followerRoutes(), s.bodyUpdatesRoutes(), s.linkRoutes(), s.deskRoutes())
}
