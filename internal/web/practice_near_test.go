package web

import "testing"

// What only who sits at this machine is shown is not kept for others who ask under its name.
func TestWhatIsNearIsNotKeptForOthers(t *testing.T) {
	s, _, _ := followerSite(t)
	for _, path := range []string{"/petitions/protect-the-hazaras-of-pakistan/demands", "/petitions/protect-the-hazaras-of-pakistan/demands.csv"} {
		s.get(path).status(200)
		for _, header := range [][]string{{"X-Forwarded-For", "203.0.113.7"}, {"Via", "1.1 proxy"}} {
			s.get(path, header...).status(404)
		}
		s.get(path).status(200)
	}
}
