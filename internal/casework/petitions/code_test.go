package petitions

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

func TestCodes(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		codes, err := s.desk.IssueCodes(s.ctx, s.owner, s.petition.ID, "North hall", 40)
		s.must(err)
		seen := map[string]bool{}
		for _, c := range codes {
			if len(c) != 14 || seen[c] || CodeHash(c) == "" {
				t.Errorf("%q is no code, or twice", c)
			}
			seen[c] = true
		}
		if found := s.grep(codes[0]); len(found) != 0 {
			t.Errorf("a code stands in %v", found)
		}
		if found := s.grep(strings.ReplaceAll(codes[0], "-", "")); len(found) != 0 {
			t.Errorf("a code stands in %v", found)
		}
		// Eight people with one code at once.
		var counted atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				f := s.form("Somebody Else", "")
				f.Code = CodeHash(codes[0])
				taken, err := s.signing.Accept(s.ctx, f)
				if err == nil && taken.State == signature.Confirmed {
					counted.Add(1)
					return
				}
				s.refuses(err, "code", "a code that is used by another")
			})
		}
		wg.Wait()
		if counted.Load() != 1 {
			t.Errorf("one code counted %d times", counted.Load())
		}
		got := s.exact()
		if got.Codes != 1 || got.Confirmed != 1 || got.Received != 1 {
			t.Errorf("%+v", got)
		}
		list, err := s.desk.Codes(s.ctx, s.moderator, s.petition.ID)
		s.must(err)
		if len(list) != 1 || list[0] != (CodeCount{Collector: "North hall", Issued: 40, Used: 1}) {
			t.Errorf("%+v", list)
		}
		n, err := s.desk.RevokeCodes(s.ctx, s.owner, s.petition.ID, "North hall")
		s.must(err)
		if n != 39 {
			t.Errorf("%d were revoked", n)
		}
		f := s.form("Somebody Else", "")
		f.Code = CodeHash(codes[1])
		_, err = s.signing.Accept(s.ctx, f)
		s.refuses(err, "code", "a revoked code")
		log, err := s.desk.Log(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		var words string
		for _, l := range log {
			words += l.Words
		}
		if !strings.Contains(words, "40 single-use codes") || !strings.Contains(words, "39 unused codes") {
			t.Errorf("the log says %q", words)
		}
	})
}

func TestIssueCodesRefuses(t *testing.T) {
	s := newStand(t, "")
	for _, n := range []int{0, -1, MaxCodes + 1} {
		_, err := s.desk.IssueCodes(s.ctx, s.owner, s.petition.ID, "x", n)
		s.refuses(err, "codes", "a strange number")
	}
	_, err := s.desk.IssueCodes(s.ctx, s.owner, s.petition.ID, " ", 1)
	s.refuses(err, "collector", "nobody")
	p := s.publish(func(p *record.Petition) { p.Destroyed = 1 })
	_, err = s.desk.IssueCodes(s.ctx, s.owner, p.ID, "x", 1)
	s.refuses(err, "petition", "a petition whose data is gone")
}

func TestCodeHash(t *testing.T) {
	last := string(checkLetter("0123456789A"))
	want := CodeHash("0123-4567-89A" + last)
	if want == "" {
		t.Fatal("not a code")
	}
	for _, same := range []string{"0123456789a", " o123 4567 89A ", "OI23‑4567‑89a", "۰۱۲۳-۴۵۶۷-۸۹A", "0l23456789A"} {
		if CodeHash(same+last) != want {
			t.Errorf("%q is another code", same)
		}
	}
	for _, none := range []string{"", "0123-4567-89A", "0123-4567-89A" + last + "C", "0123-4567-89U*", strings.Repeat("0", 200)} {
		if CodeHash(none) != "" {
			t.Errorf("%q is a code", none)
		}
	}
}

// TestCodeSlips finds every wrong letter, and every two that changed places.
func TestCodeSlips(t *testing.T) {
	code := printedCode()
	for i := range code {
		for _, c := range []byte(codeLetters) {
			b := []byte(code)
			if b[i] = c; c != code[i] && CodeHash(string(b)) != "" {
				t.Errorf("%s for %s is a code", b, code)
			}
		}
		for k := range i {
			b := []byte(code)
			if b[i], b[k] = b[k], b[i]; b[i] != b[k] && CodeHash(string(b)) != "" {
				t.Errorf("%s for %s is a code", b, code)
			}
		}
	}
}
