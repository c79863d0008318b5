package names

// variants unifies letters that Unicode keeps apart and that people, keyboards
// and fonts use for one another in the same name. Keys are decomposed and case
// folded; a letter with hamza above or below has lost it by then.
var variants = func() map[rune]string {
	m := map[rune]string{
		// Latin letters whose stroke or ligature is not a mark in Unicode.
		'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ħ': "h", 'ŧ': "t", 'ŋ': "n",
		'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th",
	}
	for to, from := range map[string][]rune{
		"": {
			0x0640,         // tatweel, which only stretches the line
			0x0621, 0x0674, // hamza standing alone, which spelling drops freely
		},
		"ا": {0x0671, 0x0672, 0x0673}, // alef wasla, alefs with wavy hamza
		"ی": {
			0x064a, 0x0649, // Arabic yeh, alef maksura
			0x0620, 0x063d, 0x063e, 0x063f, // Kashmiri yeh, yehs with dots or strokes
			0x06cd, 0x06ce, 0x06d0, 0x06d1, // Pashto and Kurdish yehs
		},
		"ک": {0x0643, 0x06aa, 0x063b, 0x063c}, // Arabic kaf, swash kaf, kafs with dots
		"گ": {0x06ab},                         // Pashto gaf
		"ه": {
			0x0629, 0x06c3, // teh marbuta and its Urdu form
			0x06be, 0x06c1, 0x06d5, 0x06ff, // do-chashmi heh, goal heh, ae, heh with inverted v
		},
		"ن": {0x06ba}, // noon ghunna: خاں and خان are one name
	} {
		for _, r := range from {
			m[r] = to
		}
	}
	return m
}()
