package followup

import (
	"cmp"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// dateless is the date of an attack where none is needed: only checks need it.
var dateless edtf.Date

// latestFirst orders by when something was made, what is undated last, then by
// identifier.
func latestFirst(a, b record.When, idA, idB string) int {
	x, okX := a.Date.Latest()
	y, okY := b.Date.Latest()
	okX, okY = okX && !a.IsZero(), okY && !b.IsZero()
	switch {
	case okX != okY && okX:
		return -1
	case okX != okY:
		return 1
	}
	return cmp.Or(cmp.Compare(y, x), cmp.Compare(idB, idA))
}

// compareDue orders clocks by their day.
func compareDue(a, b DueLine) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Of.ID, b.Of.ID), cmp.Compare(a.Step, b.Step))
}

// page cuts a page out of a list.
func page[T any](list []T, offset, limit int) []T {
	if offset < 0 {
		offset = 0
	}
	if offset >= len(list) {
		return nil
	}
	list = list[offset:]
	if limit >= 0 && limit < len(list) {
		list = list[:limit]
	}
	return list
}

// pageOf cuts a page out of those of a list that are let through, and counts them. Lines
// are large, and those of other pages are not copied.
func pageOf[T any](list []T, through func(*T) bool, offset, limit int) (out []T, n int) {
	for i := range list {
		if !through(&list[i]) {
			continue
		}
		if n >= offset && (limit < 0 || n < offset+limit) {
			out = append(out, list[i])
		}
		n++
	}
	return out, n
}

// made is when a petition was published, as far as its record says.
func made(p *record.Petition) record.When {
	if p.Opens == 0 {
		return record.When{}
	}
	date, err := edtf.Parse(time.UnixMicro(p.Opens).UTC().Format(time.DateOnly))
	if err != nil {
		return record.When{}
	}
	return record.When{Date: date}
}
