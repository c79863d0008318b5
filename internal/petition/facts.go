package petition

import (
	"regexp"
	"strings"

	"github.com/gawah-project/gawah/names"
)

// section is what a part of a text is for, as its heading says.
type section string

const (
	sectionOther    section = ""
	sectionFindings section = "findings"
	sectionDuties   section = "duties"
	sectionDemands  section = "demands"
)

// sectionWords are words of headings, folded, that tell what stands under them.
var sectionWords = map[section][]string{
	sectionFindings: {
		"findings", "facts", "background", "what happened", "the attack", "evidence",
		"حقائق", "پس منظر", "نتائج", "واقعہ", "واقعات", "یافته\u200cها", "پیشینه", "حقایق", "واقعات", "رویداد",
	},
	sectionDuties: {
		"duties", "duty", "obligations", "legal basis", "legal bases", "the law",
		"ذمہ داریاں", "ذمہ داری", "فرائض", "قانونی بنیاد", "مکلفیت\u200cها", "وظایف", "تعهدات", "مبنای حقوقی",
	},
	sectionDemands: {
		"demands", "demand", "we call on", "we demand", "our demands", "what we ask", "requests",
		"مطالبات", "مطالبہ", "ہمارے مطالبات", "خواست\u200cها", "خواسته\u200cها", "تقاضا",
	},
}

// sectionOf reads a heading.
func sectionOf(heading string) section {
	folded := " " + names.Fold(heading) + " "
	for _, s := range []section{sectionDemands, sectionDuties, sectionFindings} {
		for _, w := range sectionWords[s] {
			if strings.Contains(folded, " "+names.Fold(w)+" ") {
				return s
			}
		}
	}
	return sectionOther
}

// What a sentence does, by words that tell in most cases. The lists are short on
// purpose: a person reads the findings, and a rule that can be told in a line
// can be argued with.
var (
	// We ask, somebody must: no statement of fact.
	asksEnglish = regexp.MustCompile(`(?i)\b(we|and|also|therefore|hereby|jointly) (also |therefore |hereby |jointly |strongly |respectfully )*(urge|demand|ask|request|appeal|insist|implore|call for)\b|\bcalls? (up)?on\b|\b(must|should|shall|ought to)\b|^(please|let)\b`)
	// Whom it is written to and by whom, greetings, thanks.
	addresses = regexp.MustCompile(`(?i)^[“"]?(dear |to the |to his |to her |your excellenc|we,? the undersigned,?( organi[sz]ations)?,? (write|address|appeal|express|are writing)|respectfully|sincerely|yours |in solidarity|thank you|ہم،? زیر ?دستخط|جناب|محترم|ما،? امضا|جلالتمآب|با احترام)`)
	// Something happened or is said to have happened.
	pastEnglish = regexp.MustCompile(`(?i)\b(was|were|had|did|became|began|took|said|told|wrote|went|came|left|made|gave|found|fell|held|led|lost|met|shot|struck|fled|saw|knew|stood|won|fought|blew|burnt|hit)\b|\b(has|have) (not |never |also |consistently |repeatedly |again )*(been|become|taken|\w+ed|\w+en)\b|\b[a-z]{2,}ed\b`)
	notPast     = regexp.MustCompile(`(?i)\b(undersigned|united|indeed|need|needed|hundred|sacred|red|shed|exceed|proceed|succeed|speed|feed|seed|indebted|aforementioned|concerned)\b`)
	// Nobody did something: said in the present, and a fact all the same.
	nobody = regexp.MustCompile(`(?i)\b(no[ -]one|nobody|none of|not (a single|one))\b.*\b(is|are|has|have)\b`)
	// What a state owes, which the legal bases of a petition are for.
	owes = regexp.MustCompile(`(?i)\b(has|have|is under|are under) (an?|the) ([a-z]+ )?(duty|obligation|responsibility|right)\b|\b(obliges?|entitles?|guarantees?) |\b(is|are) (legally )?(bound|obliged|required|entitled) (to|by)\b`)
	// The place of something in a book or on the web.
	refers = regexp.MustCompile(`(?i)^(\[?\d{1,3}\]?\.? *)?(see( also)?|cf|ibid|op\. cit|source|sources|available at|retrieved from)\b[^a-z]|\b(last accessed|accessed on|available at)\b`)
	// The same in Urdu and Dari.
	refersOthers = regexp.MustCompile(`^(\[?[\d۰-۹]{1,3}\]?\.? *)?(دیکھیے|دیکھئے|دیکھیں|ماخذ|حوالہ|ایضا|بنگرید|نگاه کنید|رجوع کنید|م[أا]خذ|منبع|همان)( |:|،)|آخری بار .*دیکھا|آخرین (بازدید|دسترسی)`)
	// Who writes says what they feel, believe or are.
	ours = regexp.MustCompile(`(?i)^(we|our (hearts|thoughts|prayers|concern|grief|anger)|i)\b`)
	// Words that judge.
	judges = regexp.MustCompile(`(?i)\b(shameful|disgrace(ful)?|unacceptable|intolerable|inexcusable|unforgivable|outrageous|appalling|heartless|callous|insensitive|cowardly|barbaric|inhuman|miserabl[ey]|utterly|deserves?|insult(ing)?|mockery|justif(y|ies|ied)|rub(bed)? (more |further )?salt|looked away|turned (a blind eye|its back)|(unwilling|unable) (or|nor) (unable|unwilling)|enough|in our (view|opinion)|every reasonable|lost its way)\b`)
	// The same in Urdu and Dari.
	judgesOthers = regexp.MustCompile(`شرمناک|افسوس ?ناک|ناقابل ?(قبول|برداشت|معافی)|ہماری (نظر|رائے) میں|ظالمانہ|سفاکانہ|بزدلانہ|وحشیانہ|غیر ?انسانی|شرم[\x{200c} ]?آور|ننگین|(غیر ?قابل|ناقابل) ?قبول|نابخشودنی|[تأا]*سف[\x{200c} ]?(بار|انگیز|ناک)|ظالمانه|بزدلانه|وحشیانه|بی[\x{200c} ]?رحمانه|به (نظر|باور) ما`)
	// Something that can be looked up whoever tells it, and however.
	deed = regexp.MustCompile(`(?i)\b(kill|murder|shot|shoot|bomb|attack|injur|abduct|kidnap|arrest|detain|charg|convict|sentenc|acquit|releas|behead|burn|destroy|demolish|promis|announc|publish|report|refus|clos|paid|sign)(s|es|ed|ned|ing|t)?\b|\b(died|dead|wounded|fled|escaped)\b`)
)

// deedOthers are what can be looked up whoever tells it, in Urdu and Dari.
var deedOthers = union(urduDeed, dariDeed)

// opines reports whether a sentence tells what its authors feel or how they judge,
// and no deed that somebody could look up.
func opines(s string) bool {
	return (ours.MatchString(s) || judges.MatchString(s)) && !deed.MatchString(s)
}

// owed reports whether a sentence states a duty or a right.
func owed(s string) bool { return owes.MatchString(s) && !deed.MatchString(s) }

// asks reports whether a sentence asks for something.
func asks(s string) bool {
	m, ok := moodOf(s)
	return ok && m.asks || asksEnglish.MatchString(s)
}

// factual reports whether a sentence states a fact that somebody could check: it
// stands among the findings, or it holds a date, or it tells what happened or that
// nobody did something. What asks, addresses, questions, judges, feels, refers or
// states a duty is none; neither is what stands among demands and legal bases.
func factual(s string, in section) bool {
	if in == sectionDemands || in == sectionDuties || asks(s) || addresses.MatchString(s) ||
		strings.HasSuffix(s, "?") || strings.HasSuffix(s, "؟") || len(strings.Fields(s)) < 3 || refers.MatchString(s) {
		return false
	}
	if m, ok := moodOf(s); ok {
		if refersOthers.MatchString(s) || !dated(s) && (m.owes || m.feels || judgesOthers.MatchString(s) && !holdsAny(clauseWords(s), deedOthers)) {
			return false
		}
		return in == sectionFindings || dated(s) || m.tells
	}
	if !dated(s) && (opines(s) || owed(s)) {
		return false
	}
	return nobody.MatchString(s) || in == sectionFindings || dated(s) || pastEnglish.MatchString(notPast.ReplaceAllString(s, " "))
}

// dated reports whether a sentence holds a day, a year or a time.
func dated(s string) bool {
	ts := tokens(s)
	for i, t := range ts {
		if t.digits > 0 && isDate(s, ts, i) && !isReference(s, ts, i) {
			return true
		}
	}
	return false
}

// timeUnits follow the number of a deadline.
var timeUnits = wordSet(`hour hours day days week weeks month months year years working calendar
	گھنٹے گھنٹوں دن دنوں ہفتے ہفتوں ماہ مہینے مہینوں سال روز ساعت هفته`)

// deadline reports whether a number counts time, as what is demanded within it.
func deadline(s string, n Number) bool {
	rest := s[min(n.from+len(n.Words), len(s)):]
	ts := tokens(rest[:min(len(rest), 40)])
	return len(ts) > 0 && timeUnits[ts[0].text]
}
