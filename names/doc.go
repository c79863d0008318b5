// Package names makes the names of people and places comparable across scripts
// and spellings.
//
// What it does today is folding: [Fold] turns a text into a search key, so that
// a name is found however it was typed. "Qur’an" and "Quran", "José" and "jose",
// "كويته" typed on an Arabic keyboard and "کویتہ" typed on an Urdu one give the
// same key. A text and a query that go through the same Fold match; nothing else
// is promised about the key, and it is not meant to be shown.
//
// The folding, in the order of its effects:
//
//   - Compatibility forms become plain letters (NFKC): ligatures, full-width
//     letters, Arabic presentation forms as they come out of PDF files.
//   - Case is folded by the Unicode rules: STRASSE and Straße are one.
//   - Marks of the Latin, Greek, Cyrillic, Arabic, Hebrew and Syriac scripts go:
//     diacritics, harakat, points. Vowel signs of scripts that cannot be read
//     without them (Devanagari, Thai, Thaana …) stay, as do kana voicing marks.
//     A few Latin letters without a decomposition follow their common
//     transcription: ø o, ł l, đ d, ı i, æ ae, œ oe, ð d, þ th, ħ h, ŋ n.
//   - Letters that Arabic, Persian, Urdu, Pashto and Kurdish keyboards encode
//     differently become one: the alefs ا, the yehs and alef maksura ی, the kafs
//     ک, the hehs and teh marbuta ه; ؤ is و, ګ is گ, noon ghunna ں is ن, and a
//     hamza standing alone goes. Yeh barree ے stays apart from ی.
//   - Every decimal digit becomes ASCII.
//   - Tatweel, zero-width non-joiner and joiner, direction marks, byte order
//     marks, soft hyphens and other invisible formatting go without a trace.
//   - Apostrophes, quotation marks and the ʿayn and hamza signs of transcription
//     go without a trace, too: O’Brien and OBrien, Ka'ba and Kaʿba are one.
//   - Everything else that is neither letter nor digit separates words: dashes,
//     punctuation, symbols, underscores, the zero-width space, bytes that are no
//     UTF-8. A hashtag keeps its word and loses its sign.
//
// Limits. Folding does not know languages: Turkish ı and i, German ö and o,
// Russian й and и meet, which finds too much rather than too little. It does not
// transliterate (Quetta and کوئٹہ stay apart), does not know sounds (Hussain and
// Hossein stay apart), does not split words written without spaces (Chinese,
// Thai), and does not join what a typist split. Numbers are split at their
// separators: 1,000 is "1 000".
package names
