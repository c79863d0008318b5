package petition

import "strings"

// dariStems are past stems of Dari verbs; dariRoots those of the present, which wishes
// and commands are made from.
const (
	dariStems = `شد کرد داد گفت بود گردید گشت کشت رسید آمد رفت گرفت ساخت گذاشت گریخت یافت ماند خواند نوشت نمود ورزید افتاد باخت کشید برد خورد زد انداخت پرداخت پوشید شکست بست نشست ایستاد سوخت فروخت ریخت پذیرفت دوید ترسید شنید دید دانست خواست داشت گشود افزود ربود سپرد بخشید خرید پرید پیوست برخاست فرستاد آورد سرود سوزاند کوچید گنجاند رساند کشاند شناخت یافت جنگید پرسید چسپاند نامید درید ترکید تپید راند خوابید گزید افراشت پنداشت برداشت باخت شتافت آموخت دوخت تاخت نواخت افروخت`
	dariRoots = `کن شو ده ساز گرد گیر باش بخش پذیر یاب رو آی آور آر نمای فرمای سپار سپر گذار خواه بین شنو نویس خوان پرداز رسان دار کش زن بر ایست نشین گزار گشای دان گو گوی آزمای آزار باز مان بند رس`
)

// Forms of Dari verbs and words that stand by them.
var (
	// Somebody else did it, or it has been done.
	dariPast = union(formsOf(dariStems, "", "ند", "ه", "هاند", "هاست", "هبود", "هبودند"), prefixed("ن", formsOf(dariStems, "", "ند", "ه", "هاند", "هاست", "هبود", "هبودند")),
		prefixed("می", formsOf(dariStems, "", "ند")), prefixed("نمی", formsOf(dariStems, "", "ند")))
	dariPart = union(formsOf(dariStems, "ه"), prefixed("ن", formsOf(dariStems, "ه")))
	// We did it, or have done.
	dariWeDid = union(formsOf(dariStems, "یم", "هایم", "م", "هام"), prefixed("ن", formsOf(dariStems, "یم", "هایم", "م", "هام")))
	// It does; we do.
	dariWish = func() map[string]bool {
		bare := formsOf(dariRoots, "د", "ند", "ید", "یم", "")
		for _, past := range strings.Fields("شد کرد داد بود زد برد") {
			delete(bare, past)
		}
		plain := map[string]bool{}
		for k := range formsOf("کن شو ده ساز گرد گیر باش بخش پذیر یاب آور نمای فرمای", "د", "ند", "ید") {
			plain[k] = true
		}
		return union(plain, prefixed("ب", bare), prefixed("بی", bare), prefixed("ن", formsOf(dariRoots, "د", "ند", "ید")), prefixed("نی", formsOf(dariRoots, "د", "ند", "ید")), wordSet(`باد مباد بادا باشند`))
	}()
	dariBe     = wordSet(`است اند هست هستند نیست نیستند`)
	dariMust   = wordSet(`باید بایست میباید نباید بایستی خواهان`)
	dariDemand = []string{"میخواهیم", "تقاضا میکنیم", "تقاضا داریم", "درخواست میکنیم", "درخواست داریم", "خواستاریم", "خواستار هستیم", "لازم است", "ضروری است", "وقت آن است", "تقاضا میشود", "درخواست میشود", "فرا میخوانیم", "مطالبه میکنیم"}
	dariDuty   = []string{"مکلف است", "موظف است", "وظیفه دارد", "وظیفه دارند", "متعهد است", "تضمین میکند", "تضمین میکنند", "حق دارد", "حق دارند", "مکلف به", "موظف به", "وظیفه است", "وجیبه", "مکلفیت دارد", "ملزم است", "حق میدهد", "ملزم میسازد", "مکلف میسازد"}
	dariOurs   = wordSet(`ما من`)
	dariEmpty  = wordSet(`حقیقت واقعیت متاسفانه روشن`)
	dariState  = wordSet(`بسته باز زندانی بازداشت بازداشتاند زندان آزاد فراری متواری ناپدید مستقر بیخانه ویران خالی زخمی شفاخانه معلوم مشخص برحال جاری نافذ معطل لادرک زنده گرفتار`)
	dariSince  = []string{"هنوز", "اکنون", "تا امروز", "تا کنون", "تاکنون", "تا هنوز", "حالا", "امروز", "فعلا", "تا حال", "سالهاست", "هنوز هم", "از آن زمان"}
	dariSaid   = []string{"به گفته", "به گزارش", "بنا بر گزارش", "بر اساس گزارش", "بر پایه گزارش", "به نقل از", "میگوید", "میگویند", "گفت", "گفتند", "گفته است", "گفتهاند", "اعلام کرد", "اعلام کردند", "تایید کرد", "رد کرد", "ادعا میکند", "ادعا کرد", "خبر داد", "خبر دادند"}
	dariNumber = wordSet(`دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هژده هجده نزده نوزده بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد دوصد سهصد پنجصد هزار لک میلیون ملیون میلیارد دهها صدها هزاران چندین هردو`)
	dariDeed   = wordSet(`کشته کشتند کشت کشتار قتل حمله حملات حملهها زخمی بازداشت دستگیر ربود ربوده ربودند انفجار انتحاری وعده وعدههای تیرباران تیراندازی آتش تهدید زندانی محاکمه اعدام برائت فرار ویران سوخت سوخته جان شکنجه ناپدید گروگان اعلام نشر محاصره`)
)

func prefixed(by string, set map[string]bool) map[string]bool {
	out := make(map[string]bool, len(set))
	for k := range set {
		out[by+k] = true
	}
	return out
}

func dariVerb(w string) bool {
	return dariBe[w] || dariPast[w] || dariWeDid[w] || dariPresent(w) || w == "دارد" || w == "دارند" || w == "داریم"
}

// dariPresent reports whether a word tells what is going on: "میکند", "نمیروند".
func dariPresent(w string) bool {
	rest, ok := strings.CutPrefix(w, "نمی")
	if !ok {
		rest, ok = strings.CutPrefix(w, "می")
	}
	return ok && len(rest) > 4 && strings.HasSuffix(rest, "د") || ok && strings.HasSuffix(rest, "یم")
}

// dariMood reads a sentence of Dari.
func dariMood(all []string) (m mood) {
	w := mainClause(all, "که", dariVerb, dariEmpty)
	if len(w) == 0 {
		return m
	}
	n := len(w) - 1
	last, before := w[n], ""
	if n > 0 {
		before = w[n-1]
	}
	we := dariWeDid[last] || strings.HasSuffix(last, "یم") || strings.HasSuffix(last, "ایم")
	m.owes = holdsRun(w, dariDuty)
	m.feels = (we || dariOurs[w[0]] || len(w) > 1 && w[0] == "قلب" && w[1] == "ما") && !holdsAny(w, dariDeed)
	general := w[0] == "هر" || w[0] == "هرکه" || w[0] == "آنکه" || w[0] == "کسی" || w[0] == "آنان"
	perfect := dariPast[last] || dariBe[last] && dariPart[before] || (last == "بود" || last == "بودند") && n > 0
	future := strings.HasPrefix(before, "خواه") || strings.HasPrefix(before, "نخواه")
	m.asks = holdsAny(w, dariMust) || holdsRun(w, dariDemand) || dariWish[last] && !perfect
	switch {
	case m.asks, future:
	case perfect:
		m.tells = true
	case dariWeDid[last]:
		m.tells = holdsAny(w, dariDeed)
	case general || strings.HasPrefix(last, "میتوان") || strings.HasPrefix(last, "نمیتوان"):
	case dariPresent(last) && !we:
		m.tells = true
	case dariBe[last] || strings.HasSuffix(last, "اند") || last == "دارد" || last == "دارند" || last == "ندارد" || last == "ندارند":
		m.tells = holdsAny(w[max(0, n-3):], dariState) || holdsRun(w, dariSince) || counts(w, dariNumber)
	}
	m.tells = m.tells || !m.asks && !we && holdsRun(w, dariSaid)
	return m
}
