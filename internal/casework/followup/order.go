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
func compareDue(a, b *DueLine) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Of.ID, b.Of.ID), cmp.Compare(a.Step, b.Step))
}

// compareSilences orders silences by their length, the longest first.
func compareSilences(a, b *SilenceLine) int {
	return cmp.Or(cmp.Compare(b.Silence.Days, a.Silence.Days), cmp.Compare(a.Of.ID, b.Of.ID), cmp.Compare(a.Addressee, b.Addressee))
}

// values are the lines of one page, for those who may do with them as they like.
func values[T any](lines []*T) []T {
	out := make([]T, len(lines))
	for i, l := range lines {
		out[i] = *l
	}
	return out
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

// pageOf cuts a page out of those of a list that are let through, and counts them.
func pageOf[T any](list []*T, through func(*T) bool, offset, limit int) (out []*T, n int) {
	for _, l := range list {
		if !through(l) {
			continue
		}
		if n >= offset && (limit < 0 || n < offset+limit) {
			out = append(out, l)
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
