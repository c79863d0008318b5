package petition

import "strings"

// Forms of Urdu verbs and words that stand by them.
var (
	urduBe     = wordSet(`ہے ہیں`)
	urduWas    = wordSet(`تھا تھی تھے تھیں`)
	urduFuture = wordSet(`گا گے گی`)
	urduNot    = wordSet(`نہیں نہ`)
	urduCan    = wordSet(`سکتا سکتے سکتی سکتیں`)
	// The past of verbs that are their own subject's, without what could be a wish too.
	urduPast = union(wordSet(`ہوا ہوئے ہوئی ہوئیں گیا گئے گئی گئیں رہا رہے رہی رہیں کیا کیے کئے کی دیا دیے دئیے دی لیا لیے لی آیا آئی تھا تھی تھے تھیں چکا چکے چکی پایا پائی`),
		formsOf(`پہنچ نکل مر مل بچ گر پڑ بیٹھ چل بھاگ جل ٹوٹ پھٹ ڈوب لوٹ اتر بن ابھر گزر بکھر اجڑ رک تھم بدل پھیل ہٹ چھپ بڑھ گھٹ کھل لڑ مڑ اٹھ کود پھنس دب لگ بہ کٹ بول ٹکرا`, "ا", "ی"))
	// Plurals of the past that a wish may look like.
	urduEither = union(wordSet(`آئے آئیں دیں لیں لائے لائیں پائے پائیں کیں بنائے لگائے اٹھائے جلائے دکھائے سنائے بتائے چلائے گرائے بچائے`),
		formsOf(`پہنچ نکل مر مل بچ گر پڑ بیٹھ چل بھاگ جل ٹوٹ پھٹ ڈوب لوٹ اتر بن گزر بکھر رک ہٹ چھپ بڑھ کھل لڑ اٹھ مار چھوڑ توڑ رکھ لکھ دیکھ روک مان سن`, "ے", "یں"))
	urduWish = union(wordSet(`کرے کریں کرو کیجیے کیجئے دیجیے دیجئے لیجیے لیجئے فرمائیے جائے جائیں دے دو لے ہو ہوں ہوجائے آئیں لائے لائیں بنائے بنائیں دلائے دلائیں فرمائے فرمائیں نبھائے نبھائیں ٹھہرائے ٹھہرائیں اٹھائے اٹھائیں کھولے پہنچائے پہنچائیں بچائے بچائیں دیں لیں`),
		formsOf(`روک رکھ چھوڑ مان سن نکال بھیج کھول مل دیکھ بدل سمجھ`, "ے", "یں"))
	urduMust = wordSet(`چاہیے چاہئے چاہئیں چاہییں چاہیئے`)
	// What is asked, by the noun before "we do".
	urduDemand = []string{"مطالبہ کرتے", "مطالبہ کرتی", "مطالبہ کرتا", "اپیل کرتے", "اپیل کرتی", "اپیل ہے", "مطالبہ ہے", "درخواست کرتے", "درخواست ہے", "گزارش کرتے", "گزارش ہے", "التجا کرتے", "التجا ہے", "کیا جائے", "کی جائے", "کیے جائیں", "کی جائیں", "دیا جائے", "دی جائے", "دیے جائیں", "دی جائیں", "ضروری ہے", "ضرورت ہے", "وقت ہے"}
	urduDuty   = []string{"فرض ہے", "ذمہ داری ہے", "ذمے داری ہے", "پابند ہے", "پابند ہیں", "ضمانت دیتا", "ضمانت دیتی", "ضمانت دیتے", "حق ہے", "حق دیتا", "لازم ہے", "واجب ہے", "پابند کرتا", "پابند بناتا", "تحفظ دیتا"}
	urduOurs   = wordSet(`ہم ہمیں ہمارا ہماری ہمارے میں مجھے`)
	urduEmpty  = wordSet(`حقیقت افسوس بدقسمتی واضح`)
	// How something stands that can be looked at.
	urduState = wordSet(`بند کھلا کھلی کھلے حراست مقیم موجود لاپتہ قید جیل رہا آزاد مفرور فرار روپوش زیر سماعت التوا التواء تعینات گھر زخمی ہسپتال اسپتال ضمانت خالی نافذ جاری معطل منجمد غائب نظربند گرفتار بحال معلوم برآمد درج شائع`)
	urduSince = []string{"اب بھی", "آج بھی", "آج تک", "اب تک", "ابھی تک", "تاحال", "تا حال", "اب", "ابھی", "اس وقت", "کئی برس سے", "برسوں سے", "سالوں سے"}
	// Whose words a sentence gives.
	urduSaid   = []string{"کا کہنا", "کے مطابق", "کی رپورٹ", "کا دعوی", "کا دعویٰ", "کا الزام", "کے بقول", "بتایا", "بتایا کہ", "نے کہا", "تصدیق کی", "تردید کی"}
	urduLaw    = []string{"قانون کے مطابق", "آئین کے مطابق", "معاہدے کے مطابق", "قوانین کے مطابق", "دستور کے مطابق", "ضمیر کے مطابق"}
	urduNumber = wordSet(`دو تین چار پانچ چھ سات آٹھ نو دس گیارہ بارہ تیرہ چودہ پندرہ سولہ سترہ اٹھارہ انیس بیس پچیس تیس پینتیس چالیس پچاس ساٹھ ستر اسی نوے سو ہزار لاکھ کروڑ دونوں تینوں چاروں درجن درجنوں سینکڑوں سیکڑوں ہزاروں لاکھوں دسیوں متعدد`)
	urduDeed   = wordSet(`ہلاک شہید زخمی قتل حملہ حملے حملوں گرفتار گرفتاری اغوا دھماکہ دھماکا دھماکے وعدہ وعدے گولی گولیاں گولیوں فائرنگ بحق تباہ مسمار معطل برطرف بری سزا فرار لاپتہ دھمکی دھمکیاں اعلان منظور ملتوی درج شائع حراست تشدد بےدخل محاصرہ آگ نذر`)
)

// union joins sets.
func union(sets ...map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, s := range sets {
		for k := range s {
			out[k] = true
		}
	}
	return out
}

func urduVerb(w string) bool {
	return urduBe[w] || urduWas[w] || urduPast[w] || urduEither[w] || urduFuture[w] || urduHabit(w)
}

// urduHabit reports whether a word has the form of what somebody does again and again.
func urduHabit(w string) bool {
	for _, e := range []string{"تا", "تے", "تی", "تیں"} {
		if len(w) > len(e)+2 && strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// urduMood reads a sentence of Urdu.
func urduMood(all []string) (m mood) {
	w := mainClause(all, "کہ", urduVerb, urduEmpty)
	if len(w) == 0 {
		return m
	}
	m.owes = holdsRun(w, urduDuty)
	m.feels = urduOurs[w[0]] && !holdsAny(w, urduDeed)
	// Somebody did something to something: the subject carries its mark. A clause
	// about those who did it says what is to become of them.
	agent := holdsAny(w[1:], map[string]bool{"نے": true}) && w[0] != "جن" && w[0] != "جس" && w[0] != "جنہوں"
	n := len(w) - 1
	last := w[n]
	before := ""
	for i := n - 1; i >= 0 && before == ""; i-- {
		if !urduNot[w[i]] {
			before = w[i]
		}
	}
	told := agent && (urduPast[last] || urduEither[last] || strings.HasSuffix(last, "ا") || strings.HasSuffix(last, "ی"))
	general := w[0] == "جو" || w[0] == "ہر" || w[0] == "جس" || w[0] == "جب"
	m.asks = !told && (holdsAny(w, urduMust) || holdsRun(w, urduDemand) || urduWish[last] && !urduPast[before])
	switch {
	case m.asks || urduFuture[last]:
	case told, urduWas[last], urduPast[last]:
		m.tells = true
	case urduBe[last] || urduNot[last]:
		switch {
		case urduCan[before]:
		case urduPast[before] || urduEither[before] && before != "دیں":
			m.tells = true
		case general:
		case urduHabit(before):
			m.tells = true
		default: // something is so
			m.tells = holdsAny(w[max(0, n-3):n], urduState) || holdsRun(w, urduSince) || counts(w, urduNumber)
		}
	case urduHabit(last):
		m.tells = !general && !urduCan[last] && holdsAny(w, urduNot)
	case urduEither[last]:
		m.tells = urduPast[before] || holdsAny(w, urduDeed) || counts(w, urduNumber) || !urduWish[last]
	}
	m.tells = m.tells || !m.asks && holdsRun(w, urduSaid) && !holdsRun(w, urduLaw)
	return m
}
