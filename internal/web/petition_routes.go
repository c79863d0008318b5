package web

import "github.com/gawah-project/gawah/internal/access"

// petitionRoutes are the public addresses of petitions. What is the same for
// everybody is answered by the [front].
func (s *Server) petitionRoutes() []route {
	return []route{
		{pattern: "GET /petitions", need: anyone, do: s.showPetitions, front: true},
		{pattern: "GET /petitions.json", need: anyone, do: s.showPetitionsJSON, front: true},
		{pattern: "GET /petitions.csv", need: anyone, do: s.showPetitionsCSV, front: true},
		{pattern: "GET /petitions/{slug}", need: anyone, do: s.showPetition, front: true},
		{pattern: "GET /petitions/{slug}/count.json", need: anyone, do: s.showPetitionCount, front: true},
		{pattern: "GET /petitions/{slug}/integrity", need: anyone, do: s.showIntegrity, front: true},
		{pattern: "GET /petitions/{slug}/integrity.json", need: anyone, do: s.showIntegrityJSON, front: true},
		{pattern: "GET /petitions/{slug}/badge.svg", need: anyone, do: s.showBadge, front: true},
		{pattern: "GET /petitions/{slug}/versions/{n}", need: anyone, do: s.showPetitionVersion, front: true},
		{pattern: "GET /petitions/{slug}/compare", need: anyone, do: s.showPetitionCompare, front: true},
		{pattern: "GET /petitions/{slug}/to/{key}", need: anyone, do: s.showAddressee, front: true},
		{pattern: "GET /sitemaps/petitions/{part}", need: anyone, do: s.showPetitionSitemap, keep: true, long: true},
		{pattern: "GET /petitions/{slug}/names", need: anyone, do: s.showNames},
		{pattern: "GET /petitions/{slug}/updates.atom", need: anyone, do: s.showUpdatesFeed},
		{pattern: "GET /feeds/petitions.atom", need: anyone, do: s.showPetitionsFeed},
		{pattern: "GET /api/v1/osdi/petitions", need: anyone, do: s.showOSDIPetitions},
		{pattern: "GET /api/v1/osdi/petitions/{slug}", need: anyone, do: s.showOSDIPetition},

		// Signing. No session matters here, and nothing of it stays in a cache.
		{pattern: "GET /petitions/{slug}/sign", need: anyone, do: s.showSign, front: true},
		{pattern: "POST /petitions/{slug}/sign", need: access.ActSign, do: s.sign, body: signForm},
		{pattern: "GET /petitions/{slug}/sign/thanks", need: anyone, do: s.showThanks, front: true},
		{pattern: "GET /petitions/{slug}/confirm", need: anyone, do: s.showOwn},
		{pattern: "POST /petitions/{slug}/confirm", need: access.ActSign, do: s.confirm, body: signForm},
		{pattern: "GET /petitions/{slug}/withdraw", need: anyone, do: s.showWithdraw},
		{pattern: "POST /petitions/{slug}/withdraw", need: access.ActSign, do: s.withdraw, body: signForm},
		{pattern: "GET /petitions/{slug}/withdraw/code", need: anyone, do: s.showUnlinked},
		{pattern: "POST /petitions/{slug}/withdraw/code", need: access.ActSign, do: s.withdrawCode, body: signForm},
		{pattern: "POST /petitions/{slug}/change", need: access.ActSign, do: s.changeOwn, body: signForm},
		{pattern: "GET /petitions/{slug}/unsubscribe", need: anyone, do: s.showUnsubscribe},
		{pattern: "POST /petitions/{slug}/unsubscribe", need: access.ActSign, do: s.unsubscribe, body: signForm},

		// Organisations, and those who are asked.
		{pattern: "GET /petitions/{slug}/sign/organisation", need: anyone, do: s.showBodySign},
		{pattern: "POST /petitions/{slug}/sign/organisation", need: access.ActSign, do: s.bodySign, body: signForm},
		{pattern: "GET /petitions/{slug}/sign/organisation/prove", need: anyone, do: s.showBodyRecord},
		{pattern: "GET /petitions/{slug}/sign/organisation/prove/{code}", need: anyone, do: s.showBodyRecord},
		{pattern: "POST /petitions/{slug}/sign/organisation/prove", need: access.ActSign, do: s.bodyProof, body: signForm},
		{pattern: "GET /petitions/{slug}/organisation/{secret}", need: anyone, do: s.showBodyLink},
		{pattern: "POST /petitions/{slug}/organisation/{secret}", need: access.ActSign, do: s.bodyLink, body: signForm},
		{pattern: "GET /petitions/{slug}/reply", need: anyone, do: s.showReply},
		{pattern: "POST /petitions/{slug}/reply", need: access.ActAsk, do: s.takeReply, body: 256 << 10},
	}
}
