package web

import (
	"html"
	"strings"
	"testing"
)

// TestRowsOfTheFollowUpOnPages finds each row of the follow-up of the example, as
// docs/method.md lists them, on the pages of a site that serves it.
func TestRowsOfTheFollowUpOnPages(t *testing.T) {
	s, _, _ := followerSite(t)
	const petition = "/petitions/protect-the-hazaras-of-pakistan/demands"
	for _, row := range []struct {
		row, path string
		has       []string
		hasNot    []string
	}{
		{"P5", "/follow-up/data/proceedings.csv", []string{"Leaders of Lashkar-e-Jhangvi", "Two masterminds who escaped from prison"}, nil},
		{"P5", "/follow-up/proceedings/leaders-of-lashkar-e-jhangvi", []string{"In custody awaiting trial"}, nil},
		{"P6", "/follow-up/demands/keep-the-communities-safe", []string{
			"International Covenant on Civil and Political Rights", "Constitution of the Islamic Republic of Pakistan", "reservations",
			word("follow.practice"),
		}, nil},
		{"P7", petition, []string{
			"Keep the communities safe.", "Investigate the attacks and prosecute those responsible.", "Disband and disarm them.", "Break up their networks.",
			"Government of Pakistan", word("follow.response.not_checked"), word("follow.progress.not_assessed"),
		}, nil},
		{"P7", "/follow-up/prime-minister", []string{"That the Prime Minister come to the families", "31 January 2013", "Governor"}, nil},
		{"P8", "/follow-up/commitments/compensation-for-the-families-of-mach", []string{"2,500,000", "1,500,000", "federal share", "provincial share"}, nil},
		{"P8", "/follow-up/commitments/basic-compensation-already-promised", []string{word("follow.unidentified_kind")}, []string{"PKR"}},
		{"R3", "/events/sit-in-quetta-2013-01", []string{"would not bury the dead"}, nil},
		{"R4", "/events/alamdar-road-2013-01-10/wave", []string{"Karachi", "Lahore", "Peshawar", "Islamabad", "2,000–8,000", word("wave.held_scope")}, []string{"Australia", "planned", "10,000"}},
		{"R5", "/events/protests-2013-01", []string{"#WeAreAllHazara", "#ShiaGenocide"}, nil},
		{"R6", "/events/long-march-2013-01", []string{"40,000"}, nil},
		{"R7", "/parties/lej", []string{"banned", "Ahle Sunnat", "Al Qaeda"}, nil},
		{"R7", "/events/alamdar-road-2013-01-10/course", []string{"Warnings"}, nil},
		{"R8", "/totals/hazaras-lej", []string{"intensifying"}, nil},
		{"R9", "/follow-up/proceedings/two-masterminds", []string{"Two masterminds, not named", "maximum-security prison", "names neither"}, nil},
		{"R9", "/follow-up/demands/act-against-those-who-attack", []string{word("follow.progress.no_action_found")}, nil},
		{"R10", "/events/alamdar-road-2013-01-10/course", []string{"Prime Minister", "Compensation to the heirs by 31 January 2013.", "Measures short of what was asked"}, nil},
		{"R10", "/follow-up/commitments/partial-measures-offered", []string{"refused"}, nil},
		{"R10", "/follow-up/commitments/earlier-promises", []string{word("follow.unidentified_kind")}, nil},
		{"R11", "/parties/judiciary", []string{"silent"}, nil},
		{"R11", "/follow-up/demands/army-protection-for-quetta", []string{"military was not called"}, nil},
		{"all", "/follow-up", []string{"Government of Pakistan", word("follow.progress.not_assessed")}, nil},
	} {
		a := s.get(row.path)
		if a.StatusCode != 200 {
			t.Errorf("%s: %s answers %d", row.row, row.path, a.StatusCode)
			continue
		}
		body := html.UnescapeString(a.body)
		for _, w := range row.has {
			if !strings.Contains(body, w) {
				t.Errorf("%s: %s lacks %q", row.row, row.path, w)
			}
		}
		for _, w := range row.hasNot {
			if strings.Contains(body, w) {
				t.Errorf("%s: %s holds %q", row.row, row.path, w)
			}
		}
	}
}
