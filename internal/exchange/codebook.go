package exchange

import "strings"

// codebookLine explains one column of the flat tables.
type codebookLine struct{ file, name, kind, meaning string }

// codebook lists the columns of the flat tables in their order: it is what the
// files are written by, so the two cannot disagree.
func codebook() []codebookLine {
	var lines []codebookLine
	add := func(file, text string) {
		for line := range strings.Lines(text) {
			f := strings.SplitN(strings.TrimSpace(line), "|", 3)
			if len(f) == 3 {
				lines = append(lines, codebookLine{file, f[0], f[1], f[2]})
			}
		}
	}
	add("events.csv", `event_id|id|identifier that never changes
slug|text|readable end of the event's address
address|url|page of the event
title|text|name of the event
summary|text|account in the publisher's own words
type|code|attack, threat, protest, sit_in, negotiation, announcement, visit, court_step, escape, burial, clash or other
subtype|text|more on the type
status|code|planned, held or cancelled
date|edtf|when it happened, as exactly as is known
earliest|date|first day the date can mean
latest|date|last day the date can mean
date_printed|text|the date in words, where it was given so
site|text|building, street or quarter
town|text|town or village
district|text|district
province|text|province
country|code|ISO 3166-1 alpha-2
latitude|number|degrees north, WGS 84
longitude|number|degrees east, WGS 84
place_precision|code|how exact the point is: site, town, near (about 25 km), district, province, country, fuzzy or unknown
part_of|id|the event this one is a part of
dataset|text|the dataset the event is a row of, blank for the publisher's own
claims|integer|how many claims on the event are in claims.csv
`)
	for _, m := range mainMeasures {
		name, words := string(m), strings.ToLower(measureLabel(m))
		add("events.csv", name+"_low|integer|lowest number of "+words+" that the claims support\n"+
			name+"_best|integer|the number of "+words+" that most origins support; blank where they support no single one\n"+
			name+"_high|integer|highest number of "+words+" stated\n"+
			name+"_open|0/1|1 if a claim has no upper bound, so that the truth may lie above\n"+
			name+"_status|code|corroborated, provisional, disputed or compiled\n"+
			name+"_origins|integer|independent origins of the figure; datasets are none\n"+
			name+"_rule|code|the rule, with its version, that made the figure of the claims\n")
	}
	add("figures.csv", `event_id|id|the event
slug|text|readable end of the event's address
measure|code|what is counted
unit|code|currency of a sum of money
scope_area|code|kind of place counted over; blank is the event's own extent
scope_place|text|the place counted over
scope_period|edtf|the time counted over; blank is the event's own
scope_counted|code|who is counted; blank is everybody
scope_attackers|code|whether attackers are included or excluded; blank is not stated
low|integer|lowest number that the claims support
best|integer|the number most origins support; blank where they support no single one
high|integer|highest number stated
open|0/1|1 if a claim has no upper bound
below|0/1|1 if low is 0 only because no claim states a lower bound
approx|0/1|1 if a number is known only as about that many
status|code|corroborated, provisional, disputed, compiled or none
origins|integer|independent origins; datasets are none
rule|code|the rule, with its version
claims_used|integer|how many claims the figure rests on, those that may not be passed on included
`)
	add("claims.csv", `claim_id|id|identifier that never changes
event_id|id|the event the claim is about
slug|text|readable end of the event's address
kind|code|measure (a number), attribute (a property) or statement
measure|code|what is counted
form|code|incident (the whole event), component (a part of it), aggregate (many events) or named_list
operator|code|exact, at_least, more_than, at_most, less_than, about, range, words, superlative, trend or proportion
low|integer|lower bound the words give; "more than 100" is 101
best|integer|point the source stands by within a range
high|integer|upper bound; blank is none stated
open|0/1|1 if nothing bounds the number above
unit|code|currency of a sum of money
words|text|the number as printed, where it is not plain digits
scope_area|code|kind of place counted over; blank is the event's own extent
scope_place|text|the place counted over
scope_period|edtf|the time counted over
scope_counted|code|who is counted; blank is everybody
scope_attackers|code|whether attackers are included or excluded
scope_printed|text|the extent as printed
attribute|code|the property an attribute claim states
value|text|what it is said to be
value_date|edtf|the date it states
value_latitude|number|degrees north of the place it states
value_longitude|number|degrees east of the place it states
topic|text|what a statement is about
statement|text|the statement in the publisher's own words
stance|code|asserts, alleges, denies, opinion, demands, promises, foresees or threatens
as_of|edtf|the time the claim holds for
attributed_to|text|whom the source quotes
unattributed|0/1|1 if the source hides behind "reportedly"
role|code|reported, or compiled_… for a dataset editor's judgement, which corroborates nothing
review|code|compiled (accepted with its dataset), accepted, suggested, rejected or retracted
supersedes|ids|earlier claims of the same source that this one replaces, joined by spaces
quote|text|the words the claim rests on
locator|text|where in the source they stand
language|tag|language of the words quoted, when it is not the source's
source_id|id|the source
source_type|code|article, report, statement, petition, video, photo, post, testimony, document, dataset, dataset_row or other
source_title|text|its title
publisher|text|who published it
author|text|who wrote it
published|edtf|when
url|url|its address
source_locator|text|what finds it where an address does not
accessed|edtf|when it was last read
source_language|tag|its language
reproduced_in|id|the source it is printed in
terms|code|free, or credit: name the source wherever its figures are shown
credit|text|the line to show
`)
	add("losses.csv", `slug|text|the event, blank for what the tables hold of no event
field|text|what is concerned
what|text|what the tables could not hold
`)
	return lines
}
