-- One row: the end of the journal. Every writing transaction updates it first,
-- which serialises writers on PostgreSQL and costs nothing on SQLite.
create table head (
	one      bigint primary key check (one = 1),
	size     bigint not null, -- entries in the journal
	frontier bytea    not null, -- roots of the complete subtrees, 32 bytes each
	docs     bigint not null, -- search documents ever made
	change   bigint not null, -- grows with every commit but those that only make records, for caches
	reach    bigint not null, -- grows with every commit but those whose new records belong to each other alone
	register bigint not null -- grows with every commit but those that write nothing but what is followed up
);
insert into head (one, size, frontier, docs, change, reach, register) values (1, 0, '', 0, 0, 0, 0);

create table setting (
	name  text collate "C" primary key not null,
	value bytea not null
);

-- The journal. leaf holds no free text and no personal data and is never
-- changed; what can be erased is in entry_note and in the records themselves.
create table entry (
	seq     bigint primary key not null,
	at      bigint not null,
	actor   text collate "C"    not null, -- account, or '' for the house
	role    text collate "C"    not null,
	action  text collate "C"    not null,
	kind    text collate "C"    not null, -- the record it was mainly about
	subject text collate "C"    not null,
	run     text collate "C"    not null, -- the import it belongs to, or ''
	leaf    bytea    not null, -- RFC 8785 bytes
	hashes  bytea    not null  -- the tree hashes completed by this leaf
);
create index entry_subject on entry (subject, seq);
-- What the journal's page lists: all but the rows of imports.
create index entry_own on entry (seq) where run = '' or kind = 'import';
create table entry_note (
	seq  bigint primary key not null,
	salt bytea not null,
	note text collate "C" not null
);

-- Versions that have been replaced. The current one is in the kind's table.
create table version (
	kind    text collate "C"    not null,
	id      text collate "C"    not null,
	rev     bigint not null,
	seen    bigint not null,
	entry   bigint not null,
	at      bigint not null,
	role    text collate "C"    not null,
	salt    bytea, -- null once erased
	body    bytea, -- null once erased
	hidden  bigint not null default 0, -- 1: shown to nobody but admins
	primary key (kind, id, rev)
);
-- What was erased: enough to answer "gone" and to keep it from coming back.
create table gone (
	kind  text collate "C"    not null,
	id    text collate "C"    not null,
	slug  text collate "C"    not null,
	entry bigint not null,
	at    bigint not null,
	primary key (kind, id)
);
create index gone_slug on gone (kind, slug);
create table old_slug (
	kind text collate "C" not null,
	slug text collate "C" not null,
	id   text collate "C" not null,
	primary key (kind, slug)
);

create table source (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	type      text collate "C" not null,
	outlet    text collate "C" not null, -- who published, as a key
	published bigint not null, -- earliest day
	terms     text collate "C" not null,
	run       text collate "C" not null,
	within    text collate "C" not null  -- reproduced in
);
create index source_run on source (run) where run <> '';
create index source_within on source (within) where within <> '' and run = '';
create index source_list on source (published, id) where run = '';

create table capture (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	source    text collate "C" not null,
	hash      text collate "C" not null,
	text_hash text collate "C" not null
);
create index capture_source on capture (source);
create index capture_hash on capture (hash);
create index capture_text on capture (text_hash) where text_hash <> '';

create table claim (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	source    text collate "C" not null,
	subject   text collate "C" not null,
	kind      text collate "C" not null,
	measure   text collate "C" not null,
	state     text collate "C" not null,
	value     text collate "C" not null, -- the record an attribute points at
	speaker   text collate "C" not null  -- the person whom the source quotes
);
create index claim_subject on claim (subject);
create index claim_source on claim (source);
create index claim_value on claim (value) where value <> '';
create index claim_speaker on claim (speaker) where speaker <> '';
-- What the public is given page by page.
create index claim_public on claim (id) where seen <= 0;
create index claim_waiting on claim (state, id) where state = 'suggested';

create table event (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	slug     text collate "C" not null,
	type     text collate "C" not null,
	status   text collate "C" not null,
	earliest bigint not null, -- day, or the sentinel for unknown
	latest   bigint not null,
	country  text collate "C" not null,
	province text collate "C" not null, -- folded
	town     text collate "C" not null, -- folded
	lat      double precision,
	lon      double precision,
	part_of  text collate "C" not null,
	joined   text collate "C" not null, -- the event on whose page this one is shown, by an accepted Same
	dataset  text collate "C" not null,
	run      text collate "C" not null
);
create unique index event_slug on event (slug);
-- Lists are walked by date, newest first. The columns after the first two let a
-- filter pass over an entry without fetching its row.
create index event_date on event (earliest, id, latest, seen, type, country, province, town, dataset, joined, part_of);
create index event_public on event (earliest, id, latest, type, country, province, town, dataset, joined, part_of) where seen <= 0;
create index event_country on event (country, earliest, id, latest, seen, type, province, town, dataset, joined, part_of) where country <> '';
create index event_province on event (province, earliest, id, latest, seen, type, joined, part_of) where province <> '';
create index event_town on event (town, earliest, id, latest, seen, type, joined, part_of) where town <> '';
create index event_type on event (type, earliest, id, latest, seen, country, province, town, dataset, joined, part_of);
create index event_dataset on event (dataset, earliest, id, latest, seen, type, country, joined, part_of);
create index event_recent on event (entry) where dataset = '';
create index event_part on event (part_of) where part_of <> '';
create index event_joined on event (joined) where joined <> '';
create table event_struck (
	event text collate "C" not null,
	party text collate "C" not null,
	primary key (event, party)
);
create index event_struck_party on event_struck (party);
create table event_response (
	event text collate "C" not null,
	cause text collate "C" not null,
	primary key (event, cause)
);
create index event_response_cause on event_response (cause);

create table person (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	slug text collate "C" not null,
	sort text collate "C" not null
);
create unique index person_slug on person (slug);
create index person_sort on person (sort, id);

create table party (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	slug text collate "C" not null,
	sort text collate "C" not null,
	kind text collate "C" not null
);
create unique index party_slug on party (slug);
create index party_sort on party (sort, id);

create table involvement (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	event  text collate "C" not null,
	person text collate "C" not null,
	party  text collate "C" not null,
	part   text collate "C" not null
);
create index involvement_event on involvement (event);
create index involvement_person on involvement (person) where person <> '';
create index involvement_party on involvement (party, event, seen, part) where party <> '';
create index involvement_part on involvement (part, event, seen);

create table tie (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	source text collate "C" not null,
	target text collate "C" not null,
	kind   text collate "C" not null
);
create index tie_source on tie (source);
create index tie_target on tie (target);

create table total (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	slug text collate "C" not null
);
create unique index total_slug on total (slug);

create table same (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	a     text collate "C" not null,
	b     text collate "C" not null,
	state text collate "C" not null,
	score bigint not null
);
create unique index same_pair on same (a, b);
create index same_b on same (b);
create index same_waiting on same (state, score, id) where state = 'proposed';

create table request (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	about text collate "C" not null,
	code  text collate "C" not null,
	state text collate "C" not null
);
create unique index request_code on request (code);
create index request_state on request (state, id);

create table import (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	dataset text collate "C" not null,
	hash    text collate "C" not null
);
create index import_dataset on import (dataset);

create table release (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	number bigint not null
);
create unique index release_number on release (number);

-- A row of an imported dataset: where it stands in the file and what became of
-- it, so that the next import of the dataset knows it again.
create table import_row (
	dataset text collate "C"    not null,
	key     text collate "C"    not null,
	run     text collate "C"    not null,
	hash    bytea    not null,
	start   bigint not null, -- byte offset in the decompressed file
	length  bigint not null,
	line    bigint not null,
	source  text collate "C"    not null,
	event   text collate "C"    not null,
	claims  text collate "C"    not null, -- part=id;part=id
	primary key (dataset, key)
);
create index import_row_source on import_row (source);
create table import_problem (
	run    text collate "C"    not null,
	number bigint not null,
	line   bigint not null,
	field  text collate "C"    not null,
	key    text collate "C"    not null,
	args   text collate "C"    not null,
	reason text collate "C"    not null,
	refused bigint not null,
	primary key (run, number)
);

-- What the accepted claims on a subject support, by the default rule and scope,
-- for each audience. Worked out in the transaction that changed a claim.
create table figure (
	subject  text collate "C"    not null,
	measure  text collate "C"    not null,
	unit     text collate "C"    not null, -- a currency for money
	audience bigint not null, -- 0 the public, 1 the desk
	low      bigint,
	best     bigint,
	high     bigint,
	open     bigint not null,
	approx   bigint not null,
	origins  bigint not null,
	status   text collate "C"    not null,
	rule     text collate "C"    not null,
	claims   bigint not null,
	primary key (subject, measure, audience)
);

create index figure_killed on figure (audience, high, subject) where measure = 'killed';

-- The same tokens are held as a tsvector here and by FTS5 on SQLite. The
-- number orders results by kind first: its upper bits are the kind's rank.
create table doc (
	number bigint primary key not null,
	kind   text collate "C"    not null,
	id     text collate "C"    not null,
	seen   bigint not null,
	tokens tsvector not null
);
create unique index doc_record on doc (id);
create index doc_tokens on doc using gin (tokens) with (fastupdate = on, gin_pending_list_limit = 1024);

create table account (
	id       text collate "C" primary key not null,
	email    text collate "C"    not null, -- folded
	name     text collate "C"    not null,
	role     text collate "C"    not null,
	password text collate "C"    not null, -- argon2id, PHC form; '' until set up
	setup    text collate "C"    not null, -- SHA-256 of the one-time link's secret, or ''
	setup_by bigint not null, -- when the link stops working
	closed   bigint not null,
	made     bigint not null,
	failed   bigint not null, -- refused sign-ins in a row
	locked   bigint not null  -- no sign-in before this instant
);
create unique index account_email on account (email);
create table session (
	token   text collate "C" primary key not null, -- SHA-256 of the cookie's secret
	account text collate "C"    not null,
	made    bigint not null,
	used    bigint not null,
	ends    bigint not null
);
create index session_account on session (account);

-- Background work: a row is leased by one process at a time.
create table job (
	id       text collate "C" primary key not null,
	kind     text collate "C"    not null,
	args     bytea    not null,
	state    text collate "C"    not null, -- waiting, running, done, failed
	due      bigint not null,
	leased   bigint not null, -- until when
	owner    text collate "C"    not null,
	attempts bigint not null,
	progress text collate "C"    not null,
	error    text collate "C"    not null,
	account  text collate "C"    not null
);
create index job_due on job (state, due);
