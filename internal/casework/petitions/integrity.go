package petitions

import "github.com/gawah-project/gawah/internal/record"

// BatchStatement is one closed batch of paper as the integrity statement has it in
// public: its numbers, and what its sample says. Who collected where stays in the
// house.
type BatchStatement struct {
	Number  int `json:"number"`
	Lines   int `json:"lines"`
	Legible int `json:"legible"`
	// Repeated and Counted are absent where either is small, which Withheld says.
	Repeated  int  `json:"repeated,omitempty"`
	Counted   int  `json:"counted,omitempty"`
	Withheld  bool `json:"withheld,omitempty"`
	Suspected int  `json:"suspected"`
	Sampled   int  `json:"sampled"`
	Valid     int  `json:"valid"`
	// Low and High are the 95 % Wilson interval of the share of valid lines; absent
	// without a sample.
	Low  *float64 `json:"valid_share_low,omitempty"`
	High *float64 `json:"valid_share_high,omitempty"`
}

// paperStatement is what is public of batches. One that is worked on is left out:
// its numbers move.
func paperStatement(batches []Batch) (out []BatchStatement) {
	for _, b := range batches {
		if !b.Rec.Closed {
			continue
		}
		out = append(out, batchStatement(b.Rec))
	}
	return out
}

func batchStatement(b *record.Batch) BatchStatement {
	s := BatchStatement{
		Number: b.Number, Lines: b.Lines, Legible: b.Legible, Repeated: b.Repeated, Counted: b.Counted, Withheld: b.Withheld, Suspected: b.Suspected,
		Sampled: b.Sampled, Valid: b.Valid,
	}
	if s.Sampled > 0 {
		i := Wilson(s.Valid, s.Sampled)
		s.Low, s.High = &i.Low, &i.High
	}
	return s
}
