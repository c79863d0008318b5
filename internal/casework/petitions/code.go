package petitions

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// CodeCount is how many single-use codes a collector was given and how many of
// them were used.
type CodeCount = store.CodeCount

// codeLetters are those of a printed code: digits and letters that are not taken
// for others (Crockford's base 32).
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// MaxCodes is how many codes are printed at once.
const MaxCodes = 1000

// codeLength is in letters, of which the last is made from the others: 55 random
// bits, which nobody guesses over a network.
const codeLength = 12

// checkLetter is the last letter of a code whose others are given, so that no one
// wrong letter and no two that changed places make another code: the sum, in the
// field of 32 elements (x⁵ + x² + 1), of the letters' values times 2, 4, 8 …
func checkLetter(code string) byte {
	sum := 0
	for i := len(code) - 1; i >= 0; i-- {
		sum = twice(sum ^ strings.IndexByte(codeLetters, code[i]))
	}
	return codeLetters[sum]
}

// twice multiplies by x in that field.
func twice(v int) int {
	if v <<= 1; v >= 32 {
		v ^= 0b100101
	}
	return v
}

// CodeHash is what a printed code is known by, "" for what cannot be one. How it
// is typed does not matter: capitals, spaces, hyphens, an O for a zero.
func CodeHash(typed string) string {
	if len(typed) > 100 {
		return ""
	}
	code := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\u00a0', '\u2010', '\u2011', '\u2013':
			return -1
		case 'o', 'O':
			return '0'
		case 'i', 'I', 'l', 'L':
			return '1'
		}
		switch {
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		case r >= '۰' && r <= '۹': // as Persian and Urdu keyboards type digits
			r = '0' + r - '۰'
		case r >= '٠' && r <= '٩':
			r = '0' + r - '٠'
		}
		return r
	}, typed)
	if len(code) != codeLength || strings.Trim(code, codeLetters) != "" || checkLetter(code[:codeLength-1]) != code[codeLength-1] {
		return ""
	}
	return hashSecret(code)
}

// IssueCodes makes n single-use codes for a collector to hand out on paper. They
// are returned once, to be printed; the house keeps only their hashes.
func (d *Desk) IssueCodes(ctx context.Context, v access.Viewer, id record.PetitionID, collector string, n int) ([]string, error) {
	p, err := d.papers(ctx, v, id)
	if err != nil {
		return nil, err
	}
	collector, key := cleanTitle(collector)
	switch {
	case key != "":
		return nil, wrong("collector", key, "limit", fmt.Sprint(maxTitle))
	case n < 1 || n > MaxCodes:
		return nil, wrong("codes", "many", "limit", fmt.Sprint(MaxCodes))
	}
	codes, hashes := make([]string, n), make([]string, n)
	for i := range codes {
		code := printedCode()
		codes[i], hashes[i] = code[:4]+"-"+code[4:8]+"-"+code[8:], hashSecret(code)
	}
	err = d.do(ctx, v, access.ActSigners, "issue codes", "", func(w *casework.Work) error {
		if err := w.Tx().AddCodes(ctx, p.Number, collector, hourOf(w.At()), hashes); err != nil {
			return err
		}
		return d.remark(w, id, fmt.Sprintf("%d single-use codes were issued to %s", n, collector))
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func printedCode() string {
	b := make([]byte, codeLength-1)
	rand.Read(b) // never fails
	for i := range b {
		b[i] = codeLetters[b[i]%32]
	}
	return string(append(b, checkLetter(string(b))))
}

// remark adds to a petition's log within a use case.
func (d *Desk) remark(w *casework.Work, id record.PetitionID, words string) error {
	rid, err := d.house.NewID()
	if err != nil {
		return err
	}
	return w.Create(&record.Remark{
		ID: record.RemarkID(rid), About: record.Ref{Kind: record.KindPetition, ID: string(id)}, Words: words, By: w.Viewer().User, Made: w.At(), Visibility: record.Internal,
	})
}

// Codes counts a petition's single-use codes by collector, for its owners and
// moderators.
func (d *Desk) Codes(ctx context.Context, v access.Viewer, id record.PetitionID) (out []CodeCount, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		if err := d.mayVoid(v, p.Rec); err != nil {
			return err
		}
		out, err = r.Codes(ctx, p.Rec.Number)
		return err
	})
	return out, err
}

// RevokeCodes ends a collector's codes that were not used yet, and returns how
// many those were.
func (d *Desk) RevokeCodes(ctx context.Context, v access.Viewer, id record.PetitionID, collector string) (n int64, err error) {
	p, err := d.papers(ctx, v, id)
	if err != nil {
		return 0, err
	}
	if collector == "" {
		return 0, wrong("collector", "required")
	}
	err = d.do(ctx, v, access.ActSigners, "revoke codes", "", func(w *casework.Work) error {
		if n, err = w.Tx().DropCodes(ctx, p.Number, collector); err != nil || n == 0 {
			return err
		}
		return d.remark(w, id, fmt.Sprintf("%d unused codes of %s were revoked", n, collector))
	})
	return n, err
}
