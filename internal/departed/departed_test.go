package departed

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func all(t *testing.T, l *List, from int64) (lines []Line, end int64) {
	t.Helper()
	end, err := l.Each(from, func(x Line) error { lines = append(lines, x); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return lines, end
}

func TestAddAndRead(t *testing.T) {
	l := Open(t.TempDir())
	if got, end := all(t, l, 0); len(got) != 0 || end != 0 {
		t.Fatalf("an empty list has %v to %d", got, end)
	}
	want := []Line{
		{What: Withdrawn, Petition: 12, Rows: []int64{4711}},
		{What: Voided, Petition: 12, By: "one", Rows: []int64{1, 2, 3}},
		{What: Counted, Petition: 12, By: "one", Rows: []int64{2}},
		{What: Unsubscribed, Petition: 3, Rows: []int64{9}},
		{What: Shown, Petition: 3, By: "21", Rows: []int64{9, 10}},
		{What: Organisation, Petition: 3, By: "two"},
		{What: Destroyed, Petition: 3},
		{What: Unfollowed, By: "three"},
	}
	if err := l.Add(want[:2]...); err != nil {
		t.Fatal(err)
	}
	middle, err := l.Size()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Add(want[2:]...); err != nil {
		t.Fatal(err)
	}
	got, end := all(t, l, 0)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if size, err := l.Size(); err != nil || end != size {
		t.Errorf("read to %d of %d, %v", end, size, err)
	}
	if got, _ := all(t, l, middle); len(got) != 6 {
		t.Errorf("from the middle: %v", got)
	}
}

func TestManyRowsBecomeSeveralLines(t *testing.T) {
	l := Open(t.TempDir())
	rows := make([]int64, 2*rowsALine+1)
	for i := range rows {
		rows[i] = int64(i + 1)
	}
	if err := l.Add(Line{What: Voided, Petition: 1, By: "x", Rows: rows}); err != nil {
		t.Fatal(err)
	}
	got, _ := all(t, l, 0)
	var back []int64
	for _, x := range got {
		back = append(back, x.Rows...)
	}
	if len(got) != 3 || !cmp.Equal(rows, back) {
		t.Errorf("%d lines, %d rows", len(got), len(back))
	}
}

func TestWrongLinesAreRefused(t *testing.T) {
	l := Open(t.TempDir())
	for _, x := range []Line{
		{What: Withdrawn, Rows: []int64{1}},
		{What: Withdrawn, Petition: 1, By: "somebody", Rows: []int64{1}},
		{What: Voided, Petition: 1, Rows: []int64{1}},
		{What: Voided, Petition: 1, By: "a b", Rows: []int64{1}},
		{What: "forgotten", Petition: 1},
	} {
		if err := l.Add(x); err == nil {
			t.Errorf("%+v was added", x)
		}
	}
	if size, err := l.Size(); err != nil || size != 0 {
		t.Errorf("the list has %d bytes, %v", size, err)
	}
}

func TestCutOffLine(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir)
	if err := l.Add(Line{What: Withdrawn, Petition: 1, Rows: []int64{1}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, Name)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("withdrawn 1 23"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got, end := all(t, l, 0); len(got) != 1 || end != 14 {
		t.Errorf("%v to %d", got, end)
	}
	if err := l.Add(Line{What: Withdrawn, Petition: 1, Rows: []int64{4}}); err != nil {
		t.Fatal(err)
	}
	got, _ := all(t, l, 0)
	// The cut-off number is another row's.
	if len(got) != 2 || got[1].Rows[0] != 4 {
		t.Errorf("%v", got)
	}
}

func TestTwoAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 4 {
		l := Open(dir) // as another process would
		wg.Go(func() {
			for j := range 50 {
				if err := l.Add(Line{What: Withdrawn, Petition: i + 1, Rows: []int64{int64(j + 1)}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got, _ := all(t, Open(dir), 0); len(got) != 200 {
		t.Errorf("%d lines of 200", len(got))
	}
}

func TestMerge(t *testing.T) {
	l := Open(t.TempDir())
	if err := l.Add(Line{What: Withdrawn, Petition: 1, Rows: []int64{1}}, Line{What: Destroyed, Petition: 2}); err != nil {
		t.Fatal(err)
	}
	if err := l.Merge(strings.NewReader("withdrawn 1 1\nnonsense\nwithdrawn 1 7\nvoided\n")); err != nil {
		t.Fatal(err)
	}
	got, _ := all(t, l, 0)
	want := []Line{
		{What: Withdrawn, Petition: 1, Rows: []int64{1}},
		{What: Destroyed, Petition: 2},
		{What: Withdrawn, Petition: 1, Rows: []int64{7}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("withdrawn 1 2\nvoided 3 x 4 5\n")
	f.Add("destroyed 9\norganisation 1 y\ncounted 1 z 1")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Read(strings.NewReader(text), func(x Line) error {
			var b strings.Builder
			if err := x.text(&b); err != nil {
				t.Errorf("%+v was read and cannot be written: %v", x, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
