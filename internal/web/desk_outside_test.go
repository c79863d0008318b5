package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// TestPointOutside saves an event whose point lies in another part of the world
// than its country: that is no fault, and the desk says so until it is put right.
func TestPointOutside(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	path := "/desk/events/" + newEventOf(v, "Testfall", "2013-01-10")
	edit := v.get(path + "/edit").status(200).whole().form(path + "/edit")
	v.post(path+"/edit", filled(edit, "where.lat", "20.5", "where.lon", "64.25")).status(303)
	v.get(path).status(200).whole().has("km outside of Pakistan")
	edit = v.get(path + "/edit").status(200).whole().has("km outside of Pakistan").form(path + "/edit")
	v.post(path+"/edit", filled(edit, "where.lat", "30.2", "where.lon", "67.0")).status(303)
	v.get(path).status(200).whole().hasNot("km outside of")
}
