package petitions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSameFileTwice counts nobody twice whose file is imported again, by whomever
// and into whichever batch, and says which lines it left out.
func TestSameFileTwice(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		const file = "name,email,city,country\nTesta Eins,,Example Town,PK\nTesta Zwei,two@people.example,Example Town,PK\nTESTA  eins,,example town,PK\nTesta Drei,,Other Town,PK\n"
		first, err := s.desk.ImportLines(s.ctx, s.owner, s.makeBatch(), strings.NewReader(file), nil)
		s.must(err)
		if first.Taken != 4 || len(first.Again) != 0 {
			t.Errorf("the first time: %+v", first)
		}
		if d := cmp.Diff([]int{4}, first.Alike); d != "" {
			t.Error(d)
		}
		before := s.exact().Paper
		// Browsers send line ends of their own.
		again, err := s.desk.ImportLines(s.ctx, s.owner, s.makeBatch(), strings.NewReader(strings.ReplaceAll(file, "\n", "\r\n")), nil)
		s.must(err)
		if d := cmp.Diff([]int{2, 4, 5}, again.Again); d != "" || again.Taken != 1 {
			t.Errorf("again: %+v %s", again, d)
		}
		if after := s.exact().Paper; after != before {
			t.Errorf("%d on paper, before %d", after, before)
		}
		other, err := s.desk.ImportLines(s.ctx, s.owner, s.makeBatch(), strings.NewReader(file+"Testa Vier,,Other Town,PK\n"), nil)
		s.must(err)
		if len(other.Again) != 0 || other.Taken != 5 {
			t.Errorf("another file: %+v", other)
		}
		if found := s.grep("testa eins"); len(found) > 0 {
			t.Errorf("what a file says is kept in %v", found)
		}
	})
}
