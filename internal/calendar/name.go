package calendar

import (
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// The names of months as pages print them, by calendar and language. Solar Hijri
// months bear the Afghan names; the Iranian ones are under "fa-IR".
var names = map[record.DateSystem]map[string][12]string{
	record.Gregorian: {
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		"ur": {"جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر"},
		"fa": {"جنوری", "فبروری", "مارچ", "اپریل", "می", "جون", "جولای", "اگست", "سپتمبر", "اکتوبر", "نومبر", "دسمبر"},
	},
	record.SolarHijri: {
		"en":    {"Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sunbula", "Mizan", "Aqrab", "Qaws", "Jadi", "Dalw", "Hoot"},
		"ur":    {"حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبلہ", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"},
		"fa":    {"حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"},
		"fa-IR": {"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"},
	},
	record.Islamic: {
		"en": {"Muharram", "Safar", "Rabi al-awwal", "Rabi al-thani", "Jumada al-awwal", "Jumada al-thani", "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah"},
		"ur": {"محرم", "صفر", "ربیع الاول", "ربیع الثانی", "جمادی الاول", "جمادی الثانی", "رجب", "شعبان", "رمضان", "شوال", "ذوالقعدہ", "ذوالحجہ"},
		"fa": {"محرم", "صفر", "ربیع\u200cالاول", "ربیع\u200cالثانی", "جمادی\u200cالاول", "جمادی\u200cالثانی", "رجب", "شعبان", "رمضان", "شوال", "ذی\u200cالقعده", "ذی\u200cالحجه"},
	},
}

// Other spellings that are read, by month; the printed names are read too.
var spellings = map[record.DateSystem][12][]string{
	record.Gregorian: {
		{"jan", "ژانویه"},
		{"feb", "فوریه", "فرورى"},
		{"mar", "مارس"},
		{"apr", "آوریل"},
		{"مه"},
		{"jun", "ژوئن"},
		{"jul", "ژوئیه", "جولای", "جولایی"},
		{"aug", "اوت", "آگست"},
		{"sep", "sept", "سپتامبر"},
		{"oct", "اکتبر"},
		{"nov", "نوامبر"},
		{"dec", "دسامبر", "دیسمبر"},
	},
	record.SolarHijri: {
		{"farvardin", "فروردین"},
		{"sowr", "saur", "sawar", "thawr", "ordibehesht", "اردیبهشت"},
		{"jowza", "jauza", "khordad", "خرداد"},
		{"sartan", "tir", "تیر"},
		{"assad", "mordad", "amordad", "مرداد"},
		{"sonbola", "sunbola", "sonbula", "sumbula", "shahrivar", "شهریور"},
		{"meezan", "mehr", "مهر"},
		{"akrab", "aban", "آبان"},
		{"qows", "qaus", "azar", "آذر"},
		{"jady", "jaddi", "dey", "dai", "دی"},
		{"dalv", "dalwa", "bahman", "بهمن"},
		{"hut", "hoot", "hout", "esfand", "اسفند"},
	},
	record.Islamic: {
		{"moharram", "muharam", "محرم الحرام"},
		{"صفر المظفر"},
		{"rabi al-awal", "rabi ul-awwal", "rabi ul-awal", "rabi i", "rabi 1", "ربیع الاوّل"},
		{"rabi ul-thani", "rabi ul-sani", "rabi us-sani", "rabi al-sani", "rabi al-akhir", "rabi ul-akhir", "rabi ii", "rabi 2", "ربیع الآخر"},
		{"jumada al-ula", "jumada al-awal", "jumada ul-awwal", "jumadi ul-awwal", "jamadi ul-awwal", "jamadi ul-awal", "jumada i", "jumada 1", "جمادی الاولی"},
		{"jumada al-akhira", "jumada al-akhirah", "jumada ul-thani", "jumadi us-sani", "jamadi us-sani", "jamadi ul-sani", "jumada ii", "jumada 2", "جمادی الآخر", "جمادی الآخره"},
		{"rajab al-murajjab", "رجب المرجب"},
		{"shaaban", "shabaan", "شعبان المعظم"},
		{"ramadhan", "ramazan", "ramzan", "رمضان المبارک"},
		{"shawal", "shavval", "شوال المکرم"},
		{"dhul qadah", "dhu al-qidah", "dhul qidah", "zulqada", "zul qadah", "zilqad", "ziqad", "zeeqad", "ذیقعده", "ذی القعده", "ذوالقعده", "ذیقعد"},
		{"dhul hijjah", "dhul hijja", "dhu al-hijja", "zulhijja", "zul hijjah", "zilhaj", "zilhij", "zilhajj", "ذیحجه", "ذی الحجه", "ذوالحجه", "ذی الحج"},
	},
}

// named is where a folded name leads.
type named struct {
	system record.DateSystem
	month  int
}

var byName = func() map[string]named {
	out := map[string]named{}
	for system, langs := range names {
		for _, list := range langs {
			for i, name := range list {
				out[fold(name)] = named{system, i + 1}
			}
		}
		for i, list := range spellings[system] {
			for _, name := range list {
				out[fold(name)] = named{system, i + 1}
			}
		}
	}
	return out
}()

// MonthName returns the name of a month in a language: Urdu, Persian with the Afghan
// names (or the Iranian ones for "fa-IR"), English for every other; "" for a month that does not exist.
func MonthName(system record.DateSystem, month int, lang string) string {
	if month < 1 || month > 12 {
		return ""
	}
	if lunar(system) {
		system = record.Islamic
	}
	langs := names[system]
	if list, ok := langs[lang]; ok {
		return list[month-1]
	}
	primary, _, _ := strings.Cut(lang, "-")
	if list, ok := langs[primary]; ok {
		return list[month-1]
	}
	return langs["en"][month-1]
}

// Text writes d for people, day, month and year in this order as all three
// languages have it, with Latin digits.
func (d Date) Text(lang string) string {
	return strconv.Itoa(d.Day) + " " + MonthName(d.System, d.Month, lang) + " " + strconv.Itoa(d.Year)
}
