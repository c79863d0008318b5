package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
)

// puzzlePage is how long a form is kept that says whether there is a puzzle: the
// house's rules are no record, so that nothing else tells that they changed.
const puzzlePage = 10 * time.Second

// puzzleView is a puzzle as the script of the form gets it.
type puzzleView struct {
	Puzzle string `json:"puzzle"`
	Bits   int    `json:"bits"`
	Parts  int    `json:"parts"`
}

// showPuzzle gives a puzzle to the form's script. It is outside the addresses of
// petitions because those who ask for one page there at the same moment share the
// answer. Where none is asked for, there is no content.
func (s *Server) showPuzzle(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || s.signing == nil || number < 1 {
		return record.ErrNotFound
	}
	puzzle, bits := s.signing.Puzzle(number)
	if puzzle == "" {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	b, err := json.Marshal(puzzleView{puzzle, bits, signing.PuzzleParts})
	if err != nil {
		return fmt.Errorf("write a puzzle: %w", err)
	}
	s.send(w, r, http.StatusOK, typeJSON, b)
	return nil
}

// challenge gives the form what its script needs, where the house asks for work.
func (s *Server) challenge(w http.ResponseWriter, r *http.Request, p *signPage, number int) {
	if s.signing == nil || !p.Open {
		return
	}
	turnsAt(r, s.now().Add(puzzlePage).UnixMicro())
	if p.Code || !s.signing.Challenged(number) {
		return
	}
	p.Puzzle, p.Scripts = "/puzzle/"+strconv.Itoa(number), []string{"sign.js"}
	// The one page whose script asks for something: of this site, as everything.
	w.Header().Set("Content-Security-Policy", policy+"; connect-src 'self'")
}
