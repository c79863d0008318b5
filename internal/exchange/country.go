package exchange

import (
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/exchange/border"
	"github.com/gawah-project/gawah/internal/record"
)

// country is what the importers know of a country: its codes, the names that
// datasets print for it, and the box of whole degrees its land lies in, widened
// by a degree. The box only serves to notice a latitude and a longitude that
// changed places; it says nothing about where a border runs.
type country struct {
	alpha2, alpha3, numeric string
	name                    string // the first of its names, lower case
	south, west             float64
	north, east             float64
	boxed                   bool
}

// countryIndex finds countries by lower-case name, ISO 3166-1 alpha-2, alpha-3
// and numeric code.
var countryIndex = sync.OnceValue(func() map[string]*country {
	index := make(map[string]*country, 1200)
	for line := range strings.Lines(countryLines) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		field := strings.SplitN(line, " ", 5)
		c := &country{alpha2: field[0], alpha3: field[1], numeric: field[2]}
		if box := strings.Split(field[3], ","); len(box) == 4 {
			c.south, _ = strconv.ParseFloat(box[0], 64)
			c.west, _ = strconv.ParseFloat(box[1], 64)
			c.north, _ = strconv.ParseFloat(box[2], 64)
			c.east, _ = strconv.ParseFloat(box[3], 64)
			c.boxed = true
		}
		c.name, _, _ = strings.Cut(field[4], "|")
		for name := range strings.SplitSeq(field[4], "|") {
			index[name] = c
		}
		// "NA" in a table of data is "not available" far more often than Namibia.
		if c.alpha2 != "NA" {
			index[strings.ToLower(c.alpha2)] = c
		}
		index[strings.ToLower(c.alpha3)] = c
		index[c.numeric] = c
		index[strings.TrimLeft(c.numeric, "0")] = c
	}
	return index
})

// findCountry returns the country of the first of the names or codes that is
// known, and nil if none is.
func findCountry(names ...string) *country {
	for _, n := range names {
		n = strings.TrimSpace(n)
		if n == "" {
			continue
		}
		if c := countryIndex()[strings.ToLower(n)]; c != nil {
			return c
		}
	}
	return nil
}

// code returns the ISO 3166-1 alpha-2 code, "" for an unknown country.
func (c *country) code() string {
	if c == nil {
		return ""
	}
	return c.alpha2
}

// countryName returns the English name of an ISO 3166-1 alpha-2 code, and the
// code itself where it is not known.
func countryName(code string) string {
	c := countryIndex()[strings.ToLower(code)]
	if c == nil {
		return code
	}
	words := strings.Fields(c.name)
	for i, w := range words {
		if w != "and" && w != "of" && w != "the" {
			first, size := utf8.DecodeRuneInString(w)
			words[i] = string(unicode.ToUpper(first)) + w[size:]
		}
	}
	return strings.Join(words, " ")
}

func (c *country) holds(p record.Point) bool {
	return p.Lat >= c.south && p.Lat <= c.north && p.Lon >= c.west && p.Lon <= c.east
}

// swapped reports whether p lies outside the country and would lie inside if
// latitude and longitude changed places.
func (c *country) swapped(p record.Point) bool {
	return c != nil && c.boxed && !c.holds(p) && c.holds(record.Point{Lat: p.Lon, Lon: p.Lat})
}

// Outside returns about how many kilometres a point lies outside of the country
// with an ISO 3166-1 alpha-2 code: 0 for one that lies inside or near its border
// or coast, that lies where borders are disputed, and for a country whose outline is
// not known. It is a reason to look again and none to refuse.
func Outside(code string, p record.Point) int {
	if code == "NA" {
		code = "NAM"
	}
	return countryIndex()[strings.ToLower(code)].outside(p)
}

// outside is [Outside] for a country, and 0 for an unknown one.
func (c *country) outside(p record.Point) int {
	if c == nil {
		return 0
	}
	return border.Outside(c.numeric, p.Lat, p.Lon)
}

// countryLines holds one country per line: alpha-2, alpha-3 and numeric code,
// the box as south,west,north,east (or "-" where it is not known), and names as
// ISO and the datasets of conflict research print them.
const countryLines = `
AD AND 020 - andorra
AE ARE 784 21,50,28,58 united arab emirates
AF AFG 004 28,59,40,77 afghanistan
AG ATG 028 - antigua & barbuda|antigua and barbuda
AI AIA 660 - anguilla
AL ALB 008 38,18,44,23 albania
AM ARM 051 37,42,43,48 armenia
AO AGO 024 -19,10,-3,26 angola
AQ ATA 010 -87,-181,-62,181 antarctica
AR ARG 032 -57,-75,-20,-52 argentina
AS ASM 016 - american samoa
AT AUT 040 45,8,51,18 austria
AU AUS 036 -45,112,-9,155 australia
AW ABW 533 - aruba
AX ALA 248 - åland islands
AZ AZE 031 37,43,43,52 azerbaijan
BA BIH 070 41,14,47,21 bosnia & herzegovina|bosnia and herzegovina|bosnia-herzegovina
BB BRB 052 - barbados
BD BGD 050 19,87,28,94 bangladesh
BE BEL 056 48,1,53,8 belgium
BF BFA 854 8,-7,17,4 burkina faso|upper volta
BG BGR 100 40,21,46,30 bulgaria
BH BHR 048 - bahrain
BI BDI 108 -6,28,-1,32 burundi
BJ BEN 204 5,-1,14,5 benin
BL BLM 652 - st. barthélemy
BM BMU 060 31,-66,34,-63 bermuda
BN BRN 096 3,113,7,117 brunei|brunei darussalam
BO BOL 068 -24,-71,-8,-56 bolivia
BQ BES 535 - caribbean netherlands
BR BRA 076 -35,-75,7,-33 brazil
BS BHS 044 22,-80,29,-76 bahamas
BT BTN 064 25,87,30,94 bhutan
BV BVT 074 - bouvet island
BW BWA 072 -28,18,-16,31 botswana
BY BLR 112 50,22,58,34 belarus
BZ BLZ 084 14,-91,20,-87 belize
CA CAN 124 40,-142,85,-51 canada
CC CCK 166 - cocos (keeling) islands
CD COD 180 -15,11,7,33 congo - kinshasa|dr congo|dr congo (zaire)|democratic republic of congo|democratic republic of the congo|congo, democratic republic of|congo kinshasa|zaire
CF CAF 140 1,13,13,29 central african republic
CG COG 178 -7,10,5,20 congo - brazzaville|congo|republic of congo|republic of the congo|congo, republic of|congo brazzaville
CH CHE 756 44,5,49,12 switzerland
CI CIV 384 3,-10,12,-1 côte d'ivoire|ivory coast|cote d'ivoire|cote d’ivoire
CK COK 184 - cook islands
CL CHL 152 -57,-77,-16,-65 chile
CM CMR 120 0,7,14,18 cameroon
CN CHN 156 17,72,55,137 china|people's republic of china
CO COL 170 -6,-80,14,-65 colombia
CR CRI 188 7,-87,13,-81 costa rica
CU CUB 192 18,-86,25,-73 cuba
CV CPV 132 - cape verde|cabo verde
CW CUW 531 - curaçao
CX CXR 162 - christmas island
CY CYP 196 33,31,37,36 cyprus
CZ CZE 203 47,11,53,20 czechia|czech republic
DE DEU 276 46,4,56,17 germany|germany (west germany)
DJ DJI 262 9,40,14,45 djibouti
DK DNK 208 53,7,59,14 denmark
DM DMA 212 - dominica
DO DOM 214 16,-73,21,-67 dominican republic
DZ DZA 012 18,-10,39,13 algeria
EC ECU 218 -6,-82,3,-74 ecuador
EE EST 233 56,22,61,30 estonia
EG EGY 818 21,23,33,38 egypt
EH ESH 732 19,-19,29,-7 western sahara
ER ERI 232 11,35,19,45 eritrea
ES ESP 724 34,-11,45,5 spain
ET ETH 231 2,31,16,49 ethiopia
FI FIN 246 58,19,72,33 finland
FJ FJI 242 -20,-181,-15,181 fiji
FK FLK 238 -54,-63,-50,-56 falkland islands
FM FSM 583 - micronesia
FO FRO 234 - faroe islands
FR FRA 250 40,-6,53,11 france
GA GAB 266 -5,7,4,16 gabon
GB GBR 826 48,-9,60,3 united kingdom|great britain|uk
GD GRD 308 - grenada
GE GEO 268 40,38,45,48 georgia
GF GUF 254 1,-56,7,-50 french guiana
GG GGY 831 - guernsey
GH GHA 288 3,-5,13,3 ghana
GI GIB 292 - gibraltar
GL GRL 304 59,-75,85,-11 greenland
GM GMB 270 12,-18,15,-12 gambia|the gambia
GN GIN 324 6,-17,14,-6 guinea
GP GLP 312 - guadeloupe
GQ GNQ 226 0,8,4,13 equatorial guinea
GR GRC 300 33,19,43,28 greece
GS SGS 239 - south georgia & south sandwich islands
GT GTM 320 12,-94,19,-87 guatemala
GU GUM 316 - guam
GW GNB 624 10,-18,14,-12 guinea-bissau
GY GUY 328 0,-63,10,-55 guyana
HK HKG 344 - hong kong sar china|hong kong
HM HMD 334 - heard & mcdonald islands
HN HND 340 11,-91,18,-82 honduras
HR HRV 191 41,12,48,21 croatia
HT HTI 332 17,-76,21,-70 haiti
HU HUN 348 44,15,50,24 hungary
ID IDN 360 -12,94,7,143 indonesia
IE IRL 372 50,-11,57,-5 ireland
IL ISR 376 28,33,35,37 israel
IM IMN 833 - isle of man
IN IND 356 6,67,37,99 india
IO IOT 086 - british indian ocean territory
IQ IRQ 368 28,37,39,50 iraq
IR IRN 364 24,43,41,65 iran|islamic republic of iran
IS ISL 352 62,-26,68,-12 iceland
IT ITA 380 35,5,49,20 italy
JE JEY 832 - jersey
JM JAM 388 16,-80,20,-75 jamaica
JO JOR 400 28,33,35,41 jordan
JP JPN 392 30,128,47,147 japan
KE KEN 404 -6,32,7,43 kenya
KG KGZ 417 38,68,45,82 kyrgyzstan|kyrgyz republic
KH KHM 116 9,101,16,109 cambodia|cambodia (kampuchea)
KI KIR 296 - kiribati
KM COM 174 - comoros
KN KNA 659 - st. kitts & nevis|saint kitts and nevis
KP PRK 408 36,123,44,132 north korea|korea, north
KR KOR 410 33,125,40,131 south korea|korea, south|republic of korea
KW KWT 414 27,45,32,50 kuwait
KY CYM 136 - cayman islands
KZ KAZ 398 39,45,57,89 kazakhstan
LA LAO 418 12,99,24,109 laos|lao people's democratic republic
LB LBN 422 32,34,36,38 lebanon
LC LCA 662 - st. lucia|saint lucia
LI LIE 438 - liechtenstein
LK LKA 144 4,78,11,83 sri lanka
LR LBR 430 3,-13,10,-6 liberia
LS LSO 426 -32,25,-27,31 lesotho
LT LTU 440 52,20,58,28 lithuania
LU LUX 442 48,4,52,8 luxembourg
LV LVA 428 54,20,59,30 latvia
LY LBY 434 18,8,35,27 libya
MA MAR 504 20,-19,37,0 morocco
MC MCO 492 - monaco
MD MDA 498 44,25,50,32 moldova
ME MNE 499 40,17,45,22 montenegro
MF MAF 663 - st. martin
MG MDG 450 -27,42,-11,52 madagascar|madagascar (malagasy)
MH MHL 584 - marshall islands
MK MKD 807 39,19,44,24 macedonia|north macedonia|macedonia, fyr
ML MLI 466 9,-14,26,6 mali
MM MMR 104 8,91,30,103 myanmar (burma)|myanmar|burma
MN MNG 496 40,86,54,121 mongolia
MO MAC 446 - macau sar china|macau|macao
MP MNP 580 - northern mariana islands
MQ MTQ 474 - martinique
MR MRT 478 13,-19,29,-3 mauritania
MS MSR 500 - montserrat
MT MLT 470 34,13,38,16 malta
MU MUS 480 - mauritius
MV MDV 462 - maldives
MW MWI 454 -18,31,-8,37 malawi
MX MEX 484 13,-119,34,-85 mexico
MY MYS 458 -1,99,8,121 malaysia
MZ MOZ 508 -28,29,-9,42 mozambique
NA NAM 516 -31,10,-15,27 namibia
NC NCL 540 -24,163,-19,169 new caledonia
NE NER 562 10,-1,25,17 niger
NF NFK 574 - norfolk island
NG NGA 566 3,1,15,16 nigeria
NI NIC 558 9,-89,17,-82 nicaragua
NL NLD 528 49,2,55,9 netherlands
NO NOR 578 57,3,82,33 norway
NP NPL 524 25,79,32,90 nepal
NR NRU 520 - nauru
NU NIU 570 - niue
NZ NZL 554 -48,165,-33,180 new zealand
OM OMN 512 15,51,28,61 oman
PA PAN 591 6,-84,11,-76 panama
PE PER 604 -20,-83,1,-67 peru
PF PYF 258 - french polynesia
PG PNG 598 -12,140,-1,158 papua new guinea
PH PHL 608 4,116,20,128 philippines
PK PAK 586 22,59,39,79 pakistan
PL POL 616 48,13,56,26 poland
PM SPM 666 - st. pierre & miquelon
PN PCN 612 - pitcairn islands
PR PRI 630 16,-69,20,-64 puerto rico
PS PSE 275 30,33,34,37 palestinian territories|palestine|state of palestine|west bank and gaza strip|palestinian territory
PT PRT 620 35,-11,44,-5 portugal
PW PLW 585 - palau
PY PRY 600 -29,-64,-18,-53 paraguay
QA QAT 634 23,49,28,53 qatar
RE REU 638 - réunion
RO ROU 642 42,19,50,31 romania
RS SRB 688 41,17,48,24 serbia|serbia (yugoslavia)|yugoslavia
RU RUS 643 40,-181,83,181 russia|russian federation|russia (soviet union)|soviet union
RW RWA 646 -4,28,0,32 rwanda
SA SAU 682 15,33,34,57 saudi arabia
SB SLB 090 -12,155,-5,164 solomon islands
SC SYC 690 - seychelles
SD SDN 729 7,20,23,40 sudan
SE SWE 752 54,10,71,25 sweden
SG SGP 702 - singapore
SH SHN 654 - st. helena
SI SVN 705 44,12,48,18 slovenia
SJ SJM 744 - svalbard & jan mayen
SK SVK 703 46,15,51,24 slovakia|slovak republic
SL SLE 694 5,-15,12,-9 sierra leone
SM SMR 674 - san marino
SN SEN 686 11,-19,18,-10 senegal
SO SOM 706 -3,39,14,53 somalia
SR SUR 740 0,-60,8,-52 suriname
SS SSD 728 2,22,14,37 south sudan
ST STP 678 - são tomé & príncipe|sao tome and principe
SV SLV 222 12,-92,16,-86 el salvador
SX SXM 534 - sint maarten
SY SYR 760 31,34,39,44 syria|syrian arab republic
SZ SWZ 748 -29,29,-24,34 swaziland|eswatini|kingdom of eswatini (swaziland)
TC TCA 796 - turks & caicos islands
TD TCD 148 6,12,25,25 chad
TF ATF 260 -51,67,-47,72 french southern territories
TG TGO 768 4,-2,13,3 togo
TH THA 764 4,96,22,107 thailand
TJ TJK 762 35,66,42,76 tajikistan
TK TKL 772 - tokelau
TL TLS 626 -11,123,-7,129 timor-leste|east timor
TM TKM 795 34,51,44,68 turkmenistan
TN TUN 788 29,6,39,13 tunisia
TO TON 776 - tonga
TR TUR 792 34,25,44,46 turkey|türkiye|turkiye
TT TTO 780 9,-63,12,-59 trinidad & tobago|trinidad and tobago
TV TUV 798 - tuvalu
TW TWN 158 20,119,27,123 taiwan
TZ TZA 834 -13,28,1,42 tanzania|united republic of tanzania
UA UKR 804 43,21,54,42 ukraine
UG UGA 800 -3,28,6,37 uganda
UM UMI 581 - u.s. outlying islands
US USA 840 17,-173,73,-65 united states|united states of america|usa
UY URY 858 -36,-60,-29,-52 uruguay
UZ UZB 860 36,54,47,75 uzbekistan
VA VAT 336 - vatican city|holy see
VC VCT 670 - st. vincent & grenadines|saint vincent and the grenadines
VE VEN 862 -1,-75,14,-58 venezuela|bolivarian republic of venezuela
VG VGB 092 - british virgin islands
VI VIR 850 - u.s. virgin islands
VN VNM 704 7,101,25,111 vietnam|vietnam (north vietnam)|viet nam
VU VUT 548 -18,165,-13,169 vanuatu
WF WLF 876 - wallis & futuna
WS WSM 882 - samoa
XK XKK 983 - kosovo
YE YEM 887 11,41,21,55 yemen|yemen (north yemen)|north yemen
YT MYT 175 - mayotte
ZA ZAF 710 -36,15,-21,34 south africa
ZM ZMB 894 -19,20,-7,35 zambia
ZW ZWE 716 -24,24,-14,34 zimbabwe|zimbabwe (rhodesia)|rhodesia
`
