package names

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"nothing but separators", " -–— … \t\n", ""},
		{"case and spaces", "  Example   TOWN ", "example town"},
		{"punctuation", "Testfall, (Example-Town): 12 killed.", "testfall example town 12 killed"},
		{"hashtag", "#ExampleTag #Two_Words", "exampletag two words"},
		{"thousands are split", "1,000", "1 000"},

		{"Latin diacritics", "José Ångström Çelik Šárka", "jose angstrom celik sarka"},
		{"decomposed", "Jose\u0301 A\u030angstro\u0308m", "jose angstrom"},
		{"strokes and ligatures", "Øyvind Łukasz Đorđe Ærø Þór ﬁeld", "oyvind lukasz dorde aero thor field"},
		{"Turkish i", "İstanbul ISPARTA Diyarbakır", "istanbul isparta diyarbakir"},
		{"sharp s", "STRASSE Straße", "strasse strasse"},
		{"full width", "Ｅｘａｍｐｌｅ　１２", "example 12"},
		{"superscript and fraction", "m² ½", "m2 1 2"},
		{"Cyrillic", "Ёлкин Ҷалол", "елкин ҷалол"},
		{"Greek", "Άλφα ΟΔΟΣ οδός", "αλφα οδοσ οδοσ"},

		{"apostrophes", "O'Brien O’Brien O`Brien O´Brien OʼBrien", "obrien obrien obrien obrien obrien"},
		{"transcription signs", "Kaʿba Qurʾan Saʻid Al-Ka'ba", "kaba quran said al kaba"},
		{"quotation marks", `"Testfall" “Testfall” «Testfall» ‘Testfall’`, "testfall testfall testfall testfall"},
		{"dashes", "Example-Town Example–Town Example‑Town Example−Town", "example town example town example town example town"},
		{"soft hyphen", "Exam\u00adple", "example"},

		{"harakat", "مُحَمَّدٌ", "محمد"},
		{"superscript alef", "رحمٰن", "رحمن"},
		{"tatweel", "محـــمد", "محمد"},
		{"yehs", "علي على علی عليّ عـلی", "علی علی علی علی علی"},
		{"yeh with hamza", "مسئول نائب", "مسیول نایب"},
		{"kafs", "كوچک ڪوچك", "کوچک کوچک"},
		{"hehs", "كويته کویتہ کويتة کوئٹہ کوئٹھ کوئٹۀ", "کویته کویته کویته کویٹه کویٹه کویٹه"},
		{"alefs", "أحمد إحمد آحمد ٱحمد احمد", "احمد احمد احمد احمد احمد"},
		{"waw with hamza", "داؤد داود", "داود داود"},
		{"decomposed hamza", "دا\u0648\u0654د ا\u0653حمد", "داود احمد"},
		{"hamza alone", "شهداء شہدا", "شهدا شهدا"},
		{"noon ghunna", "خاں خان", "خان خان"},
		{"yeh barree stays", "لڑکے لڑکی", "لڑکے لڑکی"},
		{"presentation forms", "ﻣﺤﻤﺪ ﻻﻻ ﷲ", "محمد لالا الله"},
		{"ligature of words", "ﷺ", "صلی الله علیه وسلم"},
		{"spacing haraka", "م\ufe77حمد م\ufe76حمد", "محمد محمد"},
		{"zero width non-joiner", "می\u200cشود", "میشود"},
		{"direction and order marks", "\ufeff\u200fعلی\u200e \u202bعلی\u202c \u2067علی\u2069 a\u200db\u2060c", "علی علی علی abc"},
		{"zero width space", "alpha\u200bbeta", "alpha beta"},
		{"Arabic punctuation", "علی،احمد؛حسن۔ حسین؟", "علی احمد حسن حسین"},
		{"digits", "٢٠١٣ ۲۰۱۳ २०१३ 𝟚𝟘𝟙𝟛", "2013 2013 2013 2013"},

		{"Hebrew points", "שָׁלוֹם צה״ל", "שלום צהל"},
		{"Devanagari keeps its vowels", "हिन्दी", "हिन्दी"},
		{"Devanagari nukta composes alike", "ज़ ज\u093c", "ज़ ज़"},
		{"Thai", "กำ", "ก\u0e4dา"},
		{"Hangul", "한국 \u1112\u1161\u11ab", "한국 한"},
		{"kana", "が か\u3099 ｶﾞ", "が が ガ"},
		{"Han run", "圍棋，漢字", "圍棋 漢字"},

		{"emoji", "Testfall🕯️2013", "testfall 2013"},
		{"marks alone", "\u0301 \u064e \u093f \u3099", ""},
		{"invalid bytes", "a\xffb \xe2\x80", "a b"},
		{"control characters", "a\x00b\x7fc", "a b c"},
		{"cut", strings.Repeat("A", 100) + " " + strings.Repeat("ك", 100), strings.Repeat("a", 64) + " " + strings.Repeat("ک", 64)},
		{"exactly as long as allowed", strings.Repeat("é", 64), strings.Repeat("e", 64)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := norm.NFC.String(tt.want)
			if got := Fold(tt.in); got != want {
				t.Errorf("Fold(%q)\n got %q\nwant %q", tt.in, got, want)
			}
			check(t, tt.in)
		})
	}
}

// check asserts what must hold of the key of any text.
func check(t interface{ Fatalf(string, ...any) }, s string) {
	key := Fold(s)
	if again := Fold(key); again != key {
		t.Fatalf("folding %q gives %q, and again %q", s, key, again)
	}
	// The same without the short cut for ASCII that is already folded.
	if again := string(AppendFold(nil, key)); again != key {
		t.Fatalf("folding %q gives %q, and again %q", s, key, again)
	}
	if !utf8.ValidString(key) || !norm.NFC.IsNormalString(key) {
		t.Fatalf("folding %q gives %q, which is not NFC", s, key)
	}
	tokens := Tokens(s)
	if strings.Join(tokens, " ") != key {
		t.Fatalf("the tokens of %q are %q, its key is %q", s, tokens, key)
	}
	for _, token := range tokens {
		if n := utf8.RuneCountInString(token); n == 0 || n > MaxToken {
			t.Fatalf("%q has a token of %d runes", s, n)
		}
		first, _ := utf8.DecodeRuneInString(token)
		if !unicode.In(first, unicode.L, unicode.N) {
			t.Fatalf("%q has the token %q", s, token)
		}
		for _, r := range token {
			if !unicode.In(r, unicode.L, unicode.N, unicode.M) || unicode.IsUpper(r) && unicode.ToLower(r) < utf8.RuneSelf {
				t.Fatalf("%q has the token %q with %U", s, token, r)
			}
		}
		if strings.ContainsRune(s, '\u0640') && strings.ContainsRune(token, '\u0640') {
			t.Fatalf("%q keeps a tatweel in %q", s, token)
		}
	}
	if got := string(AppendFold([]byte("dst"), s)); got != "dst"+key {
		t.Fatalf("appending the key of %q gives %q, want %q after dst", s, got, key)
	}
	set := TokenSet(s)
	if !slices.IsSorted(set) || len(slices.Compact(slices.Clone(set))) != len(set) {
		t.Fatalf("the set of %q is %q", s, set)
	}
	asked := Asked(s)
	if len(tokens) > 0 && asked[len(asked)-1] != tokens[len(tokens)-1] {
		t.Fatalf("of %q the last word asked for is not that of %q", s, asked)
	}
	if slices.Sort(asked); !slices.Equal(asked, set) {
		t.Fatalf("%q is asked for as %q", s, asked)
	}
	for _, token := range tokens {
		if _, ok := slices.BinarySearch(set, token); !ok {
			t.Fatalf("the set of %q lacks %q", s, token)
		}
	}
}

func TestTokens(t *testing.T) {
	if got := Tokens(" – "); got != nil {
		t.Errorf("no words give %q", got)
	}
	got := Tokens("Testfall und TESTFALL in Example-Town")
	if want := []string{"testfall", "und", "testfall", "in", "example", "town"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	set := TokenSet("Testfall und TESTFALL in Example-Town")
	if want := []string{"example", "in", "testfall", "town", "und"}; !slices.Equal(set, want) {
		t.Errorf("got %q", set)
	}
	asked := Asked("Testfall und TESTFALL in Example-Town")
	if want := []string{"und", "testfall", "in", "example", "town"}; !slices.Equal(asked, want) {
		t.Errorf("got %q", asked)
	}
	if got := Asked(" – "); got != nil {
		t.Errorf("no words give %q to ask for", got)
	}
}

// Every rune of Unicode folds to runes that fold to themselves, alone, inside a
// word and twice in a row.
func TestEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		for _, s := range []string{string(r), "a" + string(r) + "a", "ک" + string(r) + string(r)} {
			key := Fold(s)
			if again := string(AppendFold(nil, key)); again != key || !norm.NFC.IsNormalString(key) {
				t.Fatalf("%U: %q folds to %q, and again to %q", r, s, key, again)
			}
		}
		if p := pageOf(r); p.entries[r&pageMask].kind() == kindSimple && r >= utf8.RuneSelf {
			v := rune(p.entries[r&pageMask].value())
			if unicode.IsMark(v) || norm.NFC.QuickSpanString("a"+string(v)) != 1+utf8.RuneLen(v) {
				t.Fatalf("%U folds to %U, which may compose", r, v)
			}
		}
	}
}

// Canonically equivalent texts have one key.
func TestEquivalentTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "text")
		key := Fold(s)
		// The compatibility forms are left out: they turn a spacing mark into a space
		// with a mark, which splits a word that the original does not split.
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if f := form.String(s); Fold(f) != key {
				t.Fatalf("%q folds to %q, %q to %q", s, key, f, Fold(f))
			}
		}
		if up := strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf {
				return unicode.ToUpper(r)
			}
			return r
		}, s); Fold(up) != key {
			t.Fatalf("%q folds to %q, %q to %q", s, key, up, Fold(up))
		}
	})
}

var texts = rapid.StringOf(rapid.OneOf(
	rapid.RuneFrom(nil, unicode.Latin, unicode.Arabic, unicode.P, unicode.Mn),
	rapid.RuneFrom([]rune("abcXYZ019 -'’\u200c\u200f\u0640يىئكةۀہھأإآؤءے")),
	rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.M, unicode.Cf, unicode.Zs),
	rapid.Rune(),
))

func TestAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { check(t, texts.Draw(t, "text")) })
}

// The key of two texts with a space between them is the two keys with a space.
func TestConcatenation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		want := slices.Concat(Tokens(a), Tokens(b))
		if got := Tokens(a + " " + b); !slices.Equal(got, want) {
			t.Fatalf("%q and %q: %q, want %q", a, b, got, want)
		}
	})
}

func TestDigitsHaveTheirValue(t *testing.T) {
	// Each set of ten counts up from its zero; a wrong range would break the run.
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Nd, r) {
			continue
		}
		if got := digitValue(r); got != byte(n%10) {
			t.Fatalf("%U has the value %d, want %d", r, got, n%10)
		}
		n++
	}
	for r, want := range map[rune]byte{'7': 7, '٣': 3, '۹': 9, '৪': 4, '߀': 0} {
		if digitValue(r) != want {
			t.Errorf("%c is %d, want %d", r, digitValue(r), want)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	for i := range pages {
		pages[i].Store(nil)
	}
	const text = "مُحَمَّد José 한국 圍棋 हिन्दी"
	want := make(chan string, 8)
	for range cap(want) {
		go func() { want <- Fold(text) }()
	}
	for range cap(want) {
		if got := <-want; got != "محمد jose 한국 圍棋 हिन्दी" {
			t.Errorf("got %q", got)
		}
	}
}

func TestASCIIWithoutAllocation(t *testing.T) {
	buf := make([]byte, 0, 1024)
	const text = "Two blasts in Example Town's market: \"12 killed\", says Testfall."
	if n := testing.AllocsPerRun(100, func() { buf = AppendFold(buf[:0], text) }); n != 0 {
		t.Errorf("appending allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = Fold("already folded") }); n != 0 {
		t.Errorf("folding a folded text allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = Tokens(text) }); n > 3 {
		t.Errorf("tokens allocate %v times", n)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{
		"", "Example-Town", "O’Brien", "مُحَمَّدٌ", "می\u200cشود", "ﷺ", "한국", "ｶﾞ", "กำ", "\xff\u0301a",
		"ẞ İ ŉ ǰ ΐ", "\u0f77\u0f79", "a\u0328\u0301\u0323", "\u1100\u1161\u11a8", "\U0001d15e", strings.Repeat("が", 70),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

var corpus = map[string]string{
	"ASCII":   strings.Repeat("Two blasts struck a market in Example Town on Thursday evening; officials said at least 12 people were killed. ", 20),
	"English": strings.Repeat("“Two blasts struck a market”, said Example Town’s mayor José Testfall – at least 12 people were killed. ", 20),
	"Urdu":    strings.Repeat("مثال شہر کے بازار میں جمعرات کی شام دو دھماکے ہوئے، حکام کے مطابق کم از کم ۱۲ افراد جاں بحق ہوئے۔ ", 20),
	"Harakat": strings.Repeat("مُحَمَّدٌ عَلِيٌّ أَحْمَدُ ", 60),
	"Hangul":  strings.Repeat("예시 마을의 시장에서 두 번의 폭발이 있었다. ", 40),
}

func BenchmarkAppendFold(b *testing.B) {
	for _, name := range []string{"ASCII", "English", "Urdu", "Harakat", "Hangul"} {
		b.Run(name, func(b *testing.B) {
			text := corpus[name]
			buf := make([]byte, 0, 2*len(text))
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				buf = AppendFold(buf[:0], text)
			}
		})
	}
}

func BenchmarkTokens(b *testing.B) {
	for _, name := range []string{"ASCII", "English", "Urdu"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(corpus[name])))
			b.ReportAllocs()
			for b.Loop() {
				Tokens(corpus[name])
			}
		})
	}
}

// BenchmarkName folds a text as short as most of an import are.
func BenchmarkName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Fold("Muḥammad ʿAlī Testfall")
	}
}

func BenchmarkPage(b *testing.B) {
	for b.Loop() {
		buildPage(0x600)
	}
}
