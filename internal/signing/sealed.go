package signing

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// sealedPage is how many rows of sealed names are read at once.
const sealedPage = 2000

// Sealed writes the sealed names of confirmed signatures, with the wrapped keys,
// for the holder of an offline key: first the head, then a line each, in the form
// that seal.Unseal reads. Their order is another one each time, and so are the numbers
// of the keys: both would tell who signed before whom. Which names share a key is left
// to be seen, as many as were sealed within its short life.
func (e *Engine) Sealed(ctx context.Context, petition int, title string, write func(any) error) (int64, error) {
	var wrapped map[int64][]byte
	var order []int64
	err := e.store.View(ctx, func(r *store.Reader) (err error) {
		if wrapped, err = r.Seals(ctx, petition); err != nil {
			return err
		}
		order, err = r.SealedNumbers(ctx, petition)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("write sealed names: %w", err)
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	number := make(map[int64]int64, len(wrapped))
	keys := make(map[int64][]byte, len(wrapped))
	places := rand.Perm(len(wrapped))
	for id, key := range wrapped {
		n := int64(places[len(number)]) + 1
		number[id], keys[n] = n, key
	}
	if err := write(seal.ExportHead{Format: seal.ExportFormat, Petition: petition, Title: title, Keys: keys}); err != nil {
		return 0, err
	}
	var done int64
	for part := range slices.Chunk(order, sealedPage) {
		var rows map[int64]store.Signature
		err := e.store.View(ctx, func(r *store.Reader) (err error) {
			rows, err = r.Signatures(ctx, part...)
			return err
		})
		if err != nil {
			return done, fmt.Errorf("write sealed names: %w", err)
		}
		for _, n := range part {
			s := rows[n]
			// Whoever left since is not in it any more.
			if s.State != signature.Confirmed || s.Petition != petition || s.Seal == 0 || s.Box == nil || wrapped[s.Seal] == nil {
				continue
			}
			if err := write(seal.ExportLine{Key: number[s.Seal], Box: s.Box, Country: s.Country}); err != nil {
				return done, err
			}
			done++
		}
	}
	return done, nil
}
