package web

import "testing"

// A town without a point is missing from the map of a wave, and the page says so.
func TestWaveNamesTownsOffItsMap(t *testing.T) {
	s := exampleSite(t)
	s.get("/events/quetta-2013-01-10/wave").status(200).has("Not on the map", "Karachi, Pakistan", "Lahore, Pakistan").hasNot("Not on the map, as no point is recorded for them: Quetta")
	s.get("/ur/events/quetta-2013-01-10/wave").status(200).has("نقشے پر نہیں")
}
