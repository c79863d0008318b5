-- One row: the end of the journal. Every writing transaction updates it first,
-- which serialises writers on PostgreSQL and costs nothing on SQLite.
create table head (
	one      integer primary key check (one = 1),
	size     integer not null, -- entries in the journal
	frontier blob    not null, -- roots of the complete subtrees, 32 bytes each
	docs     integer not null, -- search documents ever made
	change   integer not null, -- grows with every commit but those that only make records, for caches
	reach    integer not null, -- grows with every commit but those whose new records belong to each other alone
	register integer not null -- grows with every commit but those that write nothing but what is followed up
) strict;
insert into head (one, size, frontier, docs, change, reach, register) values (1, 0, x'', 0, 0, 0, 0);

create table setting (
	name  text primary key not null,
	value blob not null
) strict;

-- The journal. leaf holds no free text and no personal data and is never
-- changed; what can be erased is in entry_note and in the records themselves.
create table entry (
	seq     integer primary key not null,
	at      integer not null,
	actor   text    not null, -- account, or '' for the house
	role    text    not null,
	action  text    not null,
	kind    text    not null, -- the record it was mainly about
	subject text    not null,
	run     text    not null, -- the import it belongs to, or ''
	leaf    blob    not null, -- RFC 8785 bytes
	hashes  blob    not null  -- the tree hashes completed by this leaf
) strict;
create index entry_subject on entry (subject, seq);
-- What the journal's page lists: all but the rows of imports.
create index entry_own on entry (seq) where run = '' or kind = 'import';
create table entry_note (
	seq  integer primary key not null,
	salt blob not null,
	note text not null
) strict;

-- Versions that have been replaced. The current one is in the kind's table.
create table version (
	kind    text    not null,
	id      text    not null,
	rev     integer not null,
	seen    integer not null,
	entry   integer not null,
	at      integer not null,
	role    text    not null,
	salt    blob, -- null once erased
	body    blob, -- null once erased
	hidden  integer not null default 0, -- 1: shown to nobody but admins
	primary key (kind, id, rev)
) strict;
-- What was erased: enough to answer "gone" and to keep it from coming back.
create table gone (
	kind  text    not null,
	id    text    not null,
	slug  text    not null,
	entry integer not null,
	at    integer not null,
	primary key (kind, id)
) strict;
create index gone_slug on gone (kind, slug);
create table old_slug (
	kind text not null,
	slug text not null,
	id   text not null,
	primary key (kind, slug)
) strict;

create table source (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	type      text not null,
	outlet    text not null, -- who published, as a key
	published integer not null, -- earliest day
	terms     text not null,
	run       text not null,
	within    text not null  -- reproduced in
) strict;
create index source_run on source (run) where run <> '';
create index source_within on source (within) where within <> '' and run = '';
create index source_list on source (published, id) where run = '';

create table capture (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	source    text not null,
	hash      text not null,
	text_hash text not null
) strict;
create index capture_source on capture (source);
create index capture_hash on capture (hash);
create index capture_text on capture (text_hash) where text_hash <> '';

create table claim (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	source    text not null,
	subject   text not null,
	kind      text not null,
	measure   text not null,
	state     text not null,
	value     text not null, -- the record an attribute points at
	speaker   text not null  -- the person whom the source quotes
) strict;
create index claim_subject on claim (subject);
create index claim_source on claim (source);
create index claim_value on claim (value) where value <> '';
create index claim_speaker on claim (speaker) where speaker <> '';
-- What the public is given page by page.
create index claim_public on claim (id) where seen <= 0;
create index claim_waiting on claim (state, id) where state = 'suggested';

create table event (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug     text not null,
	type     text not null,
	status   text not null,
	earliest integer not null, -- day, or the sentinel for unknown
	latest   integer not null,
	country  text not null,
	province text not null, -- folded
	town     text not null, -- folded
	lat      real,
	lon      real,
	part_of  text not null,
	joined   text not null, -- the event on whose page this one is shown, by an accepted Same
	dataset  text not null,
	run      text not null
) strict;
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
	event text not null,
	party text not null,
	primary key (event, party)
) strict;
create index event_struck_party on event_struck (party);
create table event_response (
	event text not null,
	cause text not null,
	primary key (event, cause)
) strict;
create index event_response_cause on event_response (cause);

create table person (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	sort text not null
) strict;
create unique index person_slug on person (slug);
create index person_sort on person (sort, id);

create table party (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	sort text not null,
	kind text not null
) strict;
create unique index party_slug on party (slug);
create index party_sort on party (sort, id);

create table involvement (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	event  text not null,
	person text not null,
	party  text not null,
	part   text not null
) strict;
create index involvement_event on involvement (event);
create index involvement_person on involvement (person) where person <> '';
create index involvement_party on involvement (party, event, seen, part) where party <> '';
create index involvement_part on involvement (part, event, seen);

create table tie (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	source text not null,
	target text not null,
	kind   text not null
) strict;
create index tie_source on tie (source);
create index tie_target on tie (target);

create table total (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null
) strict;
create unique index total_slug on total (slug);

create table same (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	a     text not null,
	b     text not null,
	state text not null,
	score integer not null
) strict;
create unique index same_pair on same (a, b);
create index same_b on same (b);
create index same_waiting on same (state, score, id) where state = 'proposed';

create table request (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	about text not null,
	code  text not null,
	state text not null
) strict;
create unique index request_code on request (code);
create index request_state on request (state, id);

create table import (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	dataset text not null,
	hash    text not null
) strict;
create index import_dataset on import (dataset);

create table release (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	number integer not null
) strict;
create unique index release_number on release (number);

-- A row of an imported dataset: where it stands in the file and what became of
-- it, so that the next import of the dataset knows it again.
create table import_row (
	dataset text    not null,
	key     text    not null,
	run     text    not null,
	hash    blob    not null,
	start   integer not null, -- byte offset in the decompressed file
	length  integer not null,
	line    integer not null,
	source  text    not null,
	event   text    not null,
	claims  text    not null, -- part=id;part=id
	primary key (dataset, key)
) strict, without rowid;
create index import_row_source on import_row (source);
create table import_problem (
	run    text    not null,
	number integer not null,
	line   integer not null,
	field  text    not null,
	key    text    not null,
	args   text    not null,
	reason text    not null,
	refused integer not null,
	primary key (run, number)
) strict, without rowid;

-- What the accepted claims on a subject support, by the default rule and scope,
-- for each audience. Worked out in the transaction that changed a claim.
create table figure (
	subject  text    not null,
	measure  text    not null,
	unit     text    not null, -- a currency for money
	audience integer not null, -- 0 the public, 1 the desk
	low      integer,
	best     integer,
	high     integer,
	open     integer not null,
	approx   integer not null,
	origins  integer not null,
	status   text    not null,
	rule     text    not null,
	claims   integer not null,
	primary key (subject, measure, audience)
) strict, without rowid;

create index figure_killed on figure (audience, high, subject) where measure = 'killed';

-- The same tokens are held by FTS5 here and as a tsvector on PostgreSQL. The
-- number orders results by kind first: its upper bits are the kind's rank.
create table doc (
	number integer primary key not null,
	kind   text    not null,
	id     text    not null,
	seen   integer not null,
	tokens text    not null
) strict;
create unique index doc_record on doc (id);
-- Counting what was found asks of each document who sees it, without its words.
create index doc_seen on doc (number, seen, id);
create virtual table doc_tokens using fts5 (
	tokens, content = 'doc', content_rowid = 'number', detail = none, columnsize = 0,
	prefix = '3 4', -- short beginnings match too much to be read word by word
	tokenize = 'ascii' -- the tokens are folded already; beyond ASCII everything is part of a word
);
insert into doc_tokens (doc_tokens, rank) values ('secure-delete', 1);

create table account (
	id       text primary key not null,
	email    text    not null, -- folded
	name     text    not null,
	role     text    not null,
	password text    not null, -- argon2id, PHC form; '' until set up
	setup    text    not null, -- SHA-256 of the one-time link's secret, or ''
	setup_by integer not null, -- when the link stops working
	closed   integer not null,
	made     integer not null,
	failed   integer not null, -- refused sign-ins in a row
	locked   integer not null  -- no sign-in before this instant
) strict;
create unique index account_email on account (email);
create table session (
	token   text primary key not null, -- SHA-256 of the cookie's secret
	account text    not null,
	made    integer not null,
	used    integer not null,
	ends    integer not null
) strict;
create index session_account on session (account);

-- Background work: a row is leased by one process at a time.
create table job (
	id       text primary key not null,
	kind     text    not null,
	args     blob    not null,
	state    text    not null, -- waiting, running, done, failed
	due      integer not null,
	leased   integer not null, -- until when
	owner    text    not null,
	attempts integer not null,
	progress text    not null,
	error    text    not null,
	account  text    not null
) strict;
create index job_due on job (state, due);
