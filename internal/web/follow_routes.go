package web

// followRoutes are the public addresses of following up. What is worked out for
// today is good until a day changes somewhere: see [route.daily].
func (s *Server) followRoutes() []route {
	return []route{
		{pattern: "GET /follow-up", need: anyone, do: s.showFollowUp, keep: true, long: true, daily: true},
		{pattern: "GET /follow-up/{party}", need: anyone, do: s.showAuthority, keep: true, daily: true},
		{pattern: "GET /follow-up/demands/{slug}", need: anyone, do: s.showDemand, keep: true, daily: true},
		{pattern: "GET /follow-up/commitments/{slug}", need: anyone, do: s.showCommitment, keep: true, daily: true},
		{pattern: "GET /follow-up/proceedings/{slug}", need: anyone, do: s.showProceeding, keep: true, still: true, daily: true},
		{pattern: "GET /follow-up/accountability", need: anyone, do: s.showAccountability, keep: true, still: true, long: true, daily: true},
		{pattern: "GET /follow-up/silence", need: anyone, do: s.showSilence, keep: true, long: true, daily: true},
		{pattern: "GET /follow-up/anniversaries", need: anyone, do: s.showAnniversaries, keep: true, still: true, daily: true},
		{pattern: "GET /follow-up/data/accountability.csv", need: anyone, do: s.accountCSV, keep: true, still: true, long: true, daily: true},
		{pattern: "GET /follow-up/data/anniversaries.csv", need: anyone, do: s.anniversaryCSV, keep: true, still: true, daily: true},
		{pattern: "GET /follow-up/data/{list}", need: anyone, do: s.showFollowCSV, keep: true, long: true, daily: true},
		{pattern: "GET /petitions/{slug}/demands", need: anyone, do: s.showMatrix, keep: true, daily: true},
		{pattern: "GET /petitions/{slug}/demands.csv", need: anyone, do: s.showMatrixCSV, keep: true, daily: true},
		{pattern: "GET /events/{slug}/course", need: anyone, do: s.showCourse, keep: true, daily: true},
		{pattern: "GET /events/{slug}/course.csv", need: anyone, do: s.showCourseCSV, keep: true, daily: true},
		{pattern: "GET /events/{slug}/wave", need: anyone, do: s.showWave, keep: true},
		{pattern: "GET /events/{slug}/wave.csv", need: anyone, do: s.showWaveCSV, keep: true},
		{pattern: "GET /trends", need: anyone, do: s.showTrends, keep: true, still: true},
		{pattern: "GET /trends/{slug}", need: anyone, do: s.showTrend, keep: true, still: true},
		{pattern: "GET /trends/{slug}/bins.csv", need: anyone, do: s.showTrendCSV, keep: true, still: true},
		{pattern: "GET /trends/{slug}/input.tsv", need: anyone, do: s.showTrendInput, keep: true, still: true},
		{pattern: "GET /trends/{slug}/result.json", need: anyone, do: s.showTrendResult, keep: true, still: true},

		{pattern: "GET /cards/accountability.svg", need: anyone, do: s.showCard, keep: true, still: true, daily: true},
		{pattern: "GET /cards/trends/{name}", need: anyone, do: s.showCard, keep: true, still: true, daily: true},
		{pattern: "GET /cards/{kind}/{name}", need: anyone, do: s.showCard, keep: true, daily: true},
		{pattern: "GET /cards/{name}", need: anyone, do: s.showCard, keep: true, daily: true},

		{pattern: "GET /feeds/follow-up.atom", need: anyone, do: s.showFollowFeed, keep: true, daily: true},
		{pattern: "GET /feeds/follow-up/{name}", need: anyone, do: s.showPartyFeed, keep: true, daily: true},
		{pattern: "GET /feeds/follow-up/demands/{name}", need: anyone, do: s.showDemandFeed, keep: true, daily: true},
		{pattern: "GET /feeds/follow-up/commitments/{name}", need: anyone, do: s.showCommitmentFeed, keep: true, daily: true},
		{pattern: "GET /feeds/follow-up/proceedings/{name}", need: anyone, do: s.showCaseFeed, keep: true, daily: true},
		{pattern: "GET /feeds/trends.atom", need: anyone, do: s.showTrendsFeed, keep: true, still: true},
		{pattern: "GET /feeds/trends/{name}", need: anyone, do: s.showTrendFeed, keep: true, still: true},
		{pattern: "GET /feeds/petitions/{name}", need: anyone, do: s.showPetitionFollowFeed, keep: true, daily: true},
		{pattern: "GET /feeds/events/{name}", need: anyone, do: s.showAttackFeed, keep: true, daily: true},

		{pattern: "GET /api/v1/demands", need: anyone, do: s.apiDemands, keep: true, long: true, daily: true},
		{pattern: "GET /api/v1/demands/{slug}", need: anyone, do: s.apiDemandBySlug, keep: true, daily: true},
		{pattern: "GET /api/v1/commitments", need: anyone, do: s.apiCommitments, keep: true, long: true, daily: true},
		{pattern: "GET /api/v1/commitments/{slug}", need: anyone, do: s.apiCommitmentBySlug, keep: true, daily: true},
		{pattern: "GET /api/v1/assessments", need: anyone, do: s.apiAssessments, keep: true, long: true},
		{pattern: "GET /api/v1/proceedings", need: anyone, do: s.apiProceedings, keep: true, still: true, long: true},
		{pattern: "GET /api/v1/proceedings/{slug}", need: anyone, do: s.apiProceedingBySlug, keep: true, still: true},
		{pattern: "GET /api/v1/trends", need: anyone, do: s.apiTrends, keep: true, still: true},
		{pattern: "GET /api/v1/trends/{slug}", need: anyone, do: s.apiTrendBySlug, keep: true, still: true},
	}
}
