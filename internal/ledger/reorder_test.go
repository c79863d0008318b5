package ledger

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// general is the canonical form by the general way.
func general(t interface{ Fatalf(string, ...any) }, b []byte) ([]byte, bool) {
	c := jsontext.Value(bytes.Clone(b))
	if err := c.Canonicalize(); err != nil {
		return nil, false
	}
	return c, true
}

// anyValue draws what a record could hold, and a good deal that none does.
func anyValue(depth int) *rapid.Generator[any] {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z<>&"\\/\n\t\x00-\x1f\x{7f}\x{2028}\x{2029}\x{fffd}گواہ]{0,12}`))
	leaf := []*rapid.Generator[any]{
		text.AsAny(), rapid.Int64().AsAny(), rapid.Int32().AsAny(), rapid.Float64().AsAny(), rapid.Float64Range(-180, 180).AsAny(),
		rapid.Bool().AsAny(), rapid.Just[any](nil),
	}
	if depth == 0 {
		return rapid.OneOf(leaf...)
	}
	key := rapid.OneOf(rapid.StringMatching(`[a-z_0-9]{0,6}`), rapid.String())
	return rapid.OneOf(append(leaf,
		rapid.SliceOfN(anyValue(depth-1), 0, 4).AsAny(), rapid.MapOfN(key, anyValue(depth-1), 0, 6).AsAny())...)
}

// TestReorderIsGeneral holds the fast way against the general one.
func TestReorderIsGeneral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := json.Marshal(anyValue(4).Draw(t, "value"))
		if err != nil {
			t.Skip("not for JSON")
		}
		got, ok := reorder(nil, b)
		if !ok {
			return
		}
		if want, _ := general(t, b); !bytes.Equal(got, want) {
			t.Fatalf("of %s\n got %s\nwant %s", b, got, want)
		}
	})
}

// TestReorderKnowsRecords checks that what records hold takes the fast way.
func TestReorderKnowsRecords(t *testing.T) {
	for _, in := range []any{
		struct {
			B    string         `json:"b"`
			A    []int64        `json:"a"`
			AB   map[string]any `json:"ab"`
			None []int          `json:"none"`
		}{"<a> & \"b\" \u2028 گواہ \x01 \n", []int64{-1, 0, 999_999_999_999_999, 1_780_000_000_000_000, 1 << 53, -1 << 53}, map[string]any{"z": 66.991, "y": map[string]any{}}, nil},
		[]any{},
		map[string]any{},
		"", 0, true, nil, 34.821865, -1e-7, 1e21,
	} {
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := reorder(nil, b)
		want, _ := general(t, b)
		if !ok || !bytes.Equal(got, want) {
			t.Errorf("of %s\n got %s %v\nwant %s", b, got, ok, want)
		}
	}
}

// TestReorderRefuses checks that it does not guess.
func TestReorderRefuses(t *testing.T) {
	for _, in := range []string{
		``, `{`, `[`, `"`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,"a":2}`, `{"a\u0062":1}`, `{"é":1}`, `{"a b!":1}`, `12345678901234567`, `9007199254740993`, `00000000000000001a`, `-0`, `1.0`, `1E5`,
		`"\/"`, `"\u00e9"`, `"\u000a"`, `"\u001F"`, `tru`, `-`, `nil`, `1 `, `"a`, `"a\`, `"a\u00`,
	} {
		if got, ok := reorder(nil, []byte(in)); ok {
			t.Errorf("of %q it made %q", in, got)
		}
	}
}

// FuzzReorder holds the fast way against the general one on any valid input.
func FuzzReorder(f *testing.F) {
	f.Add([]byte(`{"b":[1,-2.5,{"a":"\u003c","A":null}],"a":"x\\y"}`))
	f.Add([]byte(`{"a":{"c":1,"b":2},"aa":3,"a_":4}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := reorder(nil, b)
		if !ok || bytes.ContainsAny(b, " \t\r\n") || !json.Valid(b) {
			return // it may take anything for JSON, because encoding/json wrote it
		}
		if want, valid := general(t, b); valid && !bytes.Equal(got, want) {
			t.Fatalf("of %q\n got %q\nwant %q", b, got, want)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	v := map[string]any{
		"visibility": "internal", "id": "01a20063-bc4f-7190-a4af-2ddaa85e05f1", "review": map[string]any{"state": "compiled"},
		"passage": map[string]any{"locator": "columns low, best, high", "segments": []any{map[string]any{"exact": strings.Repeat("words ", 20)}}},
		"kind":    "measure", "best": 12, "high": 14, "low": 10, "subject": map[string]any{"kind": "event", "id": "01a20063-bc4f-788c-80c9-55894dca663e"},
	}
	text, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("fast", func(b *testing.B) {
		for b.Loop() {
			reorder(make([]byte, 0, len(text)), text)
		}
	})
	b.Run("general", func(b *testing.B) {
		for b.Loop() {
			general(b, text)
		}
	})
}
