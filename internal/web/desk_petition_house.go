package web

import (
	"context"
	"io"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// packDesk is what the page of deliveries asks about packs of documents.
type packDesk interface {
	MakePack(ctx context.Context, v access.Viewer, id record.PetitionID, audience record.Audience, addressee, lang string) (hash string, err error)
	OpenPack(ctx context.Context, v access.Viewer, id record.PetitionID, hash string) (io.ReadSeekCloser, error)
}

// packs returns who makes packs, or nil.
func (s *Server) packs() packDesk {
	d, _ := any(s.organising).(packDesk)
	return d
}
