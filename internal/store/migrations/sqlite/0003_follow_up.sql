-- Following up: what is asked, promised, judged and prosecuted are records like any
-- other.
create table demand (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	of_id text not null, -- petition, event or source
	of_key text not null,
	attack text not null,
	made integer not null, -- latest day
	plan text not null
) strict;
create unique index demand_slug on demand (slug);
create index demand_of on demand (of_id, of_key);
create index demand_attack on demand (attack) where attack <> '';
create index demand_made on demand (made, id);

create table commitment (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	attack text not null,
	made_in text not null,
	made integer not null,
	plan text not null,
	money integer not null, -- how many amounts it names
	offer text not null, -- how it was answered, '' when it was no offer
	replaces text not null
) strict;
create unique index commitment_slug on commitment (slug);
create index commitment_attack on commitment (attack) where attack <> '';
create index commitment_in on commitment (made_in) where made_in <> '';
create index commitment_made on commitment (made, id);
create index commitment_replaces on commitment (replaces) where replaces <> '';

create table assessment (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	of_id text not null,
	step text not null,
	addressee text not null,
	axis text not null,
	assessor text not null,
	value text not null,
	held_on text not null, -- the day for which it holds
	happened text not null, -- the date of what it judges, EDTF
	looked text not null, -- the last day on which somebody searched, ''
	state text not null
) strict;
create index assessment_of on assessment (of_id, step, axis, held_on);
create index assessment_state on assessment (state, id) where state = 'suggested';
-- All that the standing of every demand is worked out from, without reading a body.
create index assessment_now on assessment (of_id, step, addressee, axis, assessor, value, held_on, happened, looked, id, seen) where state = 'accepted';

create table proceeding (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	person text not null,
	party text not null,
	belongs text not null, -- the party the accused are said to belong to
	court text not null
) strict;
create unique index proceeding_slug on proceeding (slug);
create index proceeding_person on proceeding (person) where person <> '';
create index proceeding_party on proceeding (party) where party <> '';
create index proceeding_belongs on proceeding (belongs) where belongs <> '';

create table coverage (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	event text not null,
	collection text not null,
	tool text not null
) strict;
create index coverage_event on coverage (event, id);
create index coverage_collection on coverage (collection, id);

create table feed (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	url text not null,
	collection text not null,
	paused integer not null
) strict;
create index feed_url on feed (url);
create index feed_collection on feed (collection);

create table trend_statement (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	input text not null,
	made integer not null
) strict;
create unique index trend_statement_slug on trend_statement (slug);
create index trend_statement_made on trend_statement (made, id);

create table holiday_calendar (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	country text not null
) strict;
create index holiday_calendar_country on holiday_calendar (country);

-- What the records above refer to, for finding them from there. part is why: asked,
-- by, to, owner, position, accused, court, belongs, attack, event, link.
create table follow_link (
	kind text not null,
	id text not null,
	part text not null,
	target text not null,
	primary key (id, part, target)
) strict, without rowid;
create index follow_link_target on follow_link (target, kind, part, id);

-- Which events announced a later attack.
create table event_warning (
	event text not null,
	attack text not null,
	primary key (event, attack)
) strict, without rowid;
create index event_warning_attack on event_warning (attack);

-- Which offices another one took over from.
create table party_successor (
	party text primary key not null,
	successor text not null
) strict;
create index party_successor_to on party_successor (successor);

-- Every day by which something is due: of a demand or commitment (step '') and of
-- their steps. work_country is set where the day was worked out from working days.
create table follow_due (
	kind text not null,
	id text not null,
	step text not null,
	day text not null,
	zone text not null,
	long integer not null,
	work_country text not null,
	primary key (id, step)
) strict, without rowid;
create index follow_due_day on follow_due (day, id, step);
create index follow_due_country on follow_due (work_country) where work_country <> '';

-- What is polled changes too often for versions and says nothing that is not in the feed itself.
create table feed_state (
	feed text primary key not null,
	next integer not null, -- microseconds UTC, when it is polled again
	etag text not null,
	modified text not null,
	failures integer not null, -- in a row
	error text not null, -- a short code, '' when the last poll was well
	polled integer not null, -- when it was last, 0 never
	items integer not null, -- kept of it
	first integer not null, -- when it was first polled well, 0 never
	moved text not null, -- where it says it has moved to for good, ''
	leased integer not null, -- until when a poll of it is somebody's
	owner text not null
) strict;
create index feed_state_next on feed_state (next);

create table feed_item (
	feed text not null,
	guid blob not null, -- SHA-256 of the item's identifier, its first 16 bytes
	day text not null, -- YYYY-MM-DD UTC
	title text not null,
	url text not null,
	tokens text not null, -- folded, separated and surrounded by single spaces
	kept integer not null, -- microseconds UTC, when the poll was that read it first
	primary key (feed, guid)
) strict, without rowid;
create index feed_item_day on feed_item (feed, day);

-- Who asked to be told about a record by mail. The address is encrypted under the
-- house's key; who it is nobody can ask of the table.
create table follower (
	id text primary key not null,
	kind text not null,
	target text not null,
	lang text not null,
	addr blob not null, -- keyed hash of the address, so that nobody follows twice
	box blob not null, -- the address, encrypted
	code text not null, -- SHA-256 of the secret in the links, which confirms and ends
	confirmed integer not null, -- microseconds UTC, 0 not yet
	expires integer not null, -- microseconds UTC, when it is dropped unconfirmed; 0 never
	told integer not null -- the last number in follow_fact that was told
) strict;
create unique index follower_addr on follower (target, addr);
create unique index follower_code on follower (code);
create index follower_target on follower (target, confirmed);
create index follower_expires on follower (expires) where expires > 0;
create index follower_told on follower (told, id) where confirmed > 0;

-- What followers are told, in the order in which it was noticed.
create table follow_fact (
	n integer primary key not null,
	fact text not null, -- the same each time it is found
	kind text not null, -- assessment, commitment or overdue
	of_kind text not null, -- the record that it is about
	of_id text not null,
	step text not null,
	day text not null -- on which it was due
) strict;
create unique index follow_fact_fact on follow_fact (fact);

-- Facts about which reminders were written, so that each is told once.
create table reminded (
	fact text primary key not null,
	at integer not null
) strict;

-- What changed of that on which the standing of demands and commitments rests, and
-- in which order: whoever keeps where all of them stand works out again only what moved.
create table follow_move (
	id text primary key not null,
	kind text not null,
	n integer not null
) strict;
create index follow_move_n on follow_move (n);
