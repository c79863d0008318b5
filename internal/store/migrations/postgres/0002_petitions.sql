-- Petitions and what belongs to them are records like any other.
create table petition (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	slug text collate "C" not null,
	number bigint not null,
	publication text collate "C" not null,
	collection text collate "C" not null,
	opens bigint not null, -- microseconds UTC, 0 at once
	closes bigint not null, -- moved on by the pauses that are over; 0 never
	outside text collate "C" not null, -- the state that another site gave its own petition, '' for ours
	count bigint not null -- signatures there
);
create unique index petition_slug on petition (slug);
create unique index petition_number on petition (number);
-- What other sites published can be many thousands; ours are few and asked for all the time.
create index petition_ours on petition (publication) where outside = '';

create table edition (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	number bigint not null,
	hash text collate "C" not null
);
create unique index edition_number on edition (petition, number);
create index edition_hash on edition (hash);

create table endorsement (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	party text collate "C" not null,
	state text collate "C" not null
);
create index endorsement_petition on endorsement (petition, id);
create index endorsement_party on endorsement (party) where party <> '';

create table batch (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	number bigint not null
);
create unique index batch_number on batch (petition, number);

create table invalidation (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	state text collate "C" not null
);
create index invalidation_petition on invalidation (petition, id);

create table delivery (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	addressee text collate "C" not null,
	code text collate "C" not null
);
create index delivery_petition on delivery (petition, id);
create index delivery_code on delivery (code) where code <> '';

create table reply (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	delivery text collate "C" not null
);
create index reply_petition on reply (petition, id);

create table petition_update (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	petition text collate "C" not null,
	number integer not null
);
create unique index petition_update_number on petition_update (petition, number);

create table remark (
	id text collate "C" primary key not null, rev bigint not null, seen bigint not null, author text collate "C" not null,
	entry bigint not null, at bigint not null, role text collate "C" not null, salt bytea not null, body bytea not null,
	about text collate "C" not null
);
create index remark_about on remark (about, id);

-- A person's signature: one row, changed in place, never in the journal. n is
-- in the order of arrival and never leaves the house. What is written when a
-- signature arrives is this row and an entry of signature_due, both at their end;
-- the index of addresses is written when a mail goes out.
create table signature (
	n        bigint primary key not null, -- from signature_next
	petition bigint not null, -- the petition's number
	edition  bigint not null,
	lang     text collate "C" not null,
	state    bigint not null, -- signature.State
	was      bigint not null, -- the state before it was withdrawn or voided
	via      bigint not null, -- signature.Via
	addr     bytea, -- keyed hash of the canonical address, 16 bytes; null on paper without one, and once destroyed
	who      bytea, -- keyed hashes of the folded name and place at that address and of the address as typed, 12 bytes
	host     bytea, -- keyed hash of the mail domain, 8 bytes
	net      bytea, -- keyed hash of the network, 8 bytes, under a key of that day
	country  text collate "C" not null, -- ISO 3166 alpha-2; '' not stated
	show     bigint not null, -- signature.Disclosure, packed
	updates  bigint not null, -- 1: mails about the petition were asked for
	second   bigint not null, -- 1: confirmed as a second name at one address
	seal     bigint not null, -- the key the box is under: 0 the petition's own
	box      bytea, -- name and town, encrypted
	mail     bytea, -- the address, encrypted
	due      bigint not null, -- when its mail is due, in minutes since 1970; 0: none, -1: none, the last could not be delivered
	tries    bigint not null, -- mails sent or tried
	hour     bigint not null, -- of receipt, in hours since 1970
	done     bigint not null, -- of the last change of state but voiding, in hours since 1970
	batch    bigint not null, -- of paper; 0: none
	voided   text collate "C" not null, -- the invalidation, or ''
	told     bigint not null, -- number of the last update sent
	leaf     bigint not null  -- 1 once its commitment is in the journal
);
create index signature_addr on signature (petition, addr) where addr is not null and (tries > 0 or state = 1);
create index signature_due on signature (due, n) where due > 0;
create index signature_failed on signature (petition) where due < 0;
create index signature_told on signature (petition, told, n) where updates = 1 and state = 1;
create index signature_batch on signature (petition, batch) where batch > 0;
create index signature_leaf on signature (petition, n) where leaf = 0 and state = 1;

-- The next number that no process has taken. Numbers are taken in blocks.
create table signature_next (one bigint primary key not null check (one = 1), next bigint not null);
insert into signature_next (one, next) values (1, 1);

-- What the rows add up to, changed in the transaction that changes them: with
-- day 0 every signature by what it is; with a day the confirmed ones by the day
-- of their confirmation, where country, second and voided say nothing.
create table tally (
	petition bigint not null,
	edition  bigint not null,
	state    bigint not null,
	was      bigint not null,
	via      bigint not null,
	country  text collate "C" not null,
	day      bigint not null, -- days since 1970
	second   bigint not null, -- 1: a second name at one address
	voided   text collate "C" not null, -- the invalidation
	count    bigint not null,
	primary key (petition, day, state, edition, was, via, country, second, voided)
) with (fillfactor = 50);

-- What the public sees of a petition's numbers.
create table shown (
	petition bigint primary key not null,
	at       bigint not null, -- microseconds UTC
	change   bigint not null, -- grows with every step
	body     bytea not null  -- signature.Snapshot as JSON
);

-- Short-lived keys, encrypted to a petition's offline recipients. The keys
-- themselves are not here nor anywhere else.
create table seal (
	id       bigint primary key not null, -- from signature_next
	petition bigint not null,
	hour     bigint not null,
	wrapped  bytea not null
);
create index seal_petition on seal (petition, id);

-- Who represents an organisation: encrypted under the petition's key and
-- destroyed with it. What proves authority is kept as a SHA-256: code of the
-- secret in a mailed link, which also withdraws, '' when none was mailed; dns of
-- what a record of the organisation's domain has to hold.
create table mandate (
	endorsement text collate "C" primary key not null,
	petition bigint not null, -- the petition's number
	box      bytea    not null,
	code     text collate "C"    not null,
	dns      text collate "C"    not null,
	domain   text collate "C"    not null, -- registrable domain of its site, '' without
	expires  bigint not null, -- hours since 1970, when it is dropped unproved; 0: proved
	tries    bigint not null, -- looks for the record
	looked   bigint not null, -- when it was last looked for, microseconds UTC; 0: never
	found    text collate "C" not null, -- what that look found: store.Found
	updates bigint not null, -- 0 not asked for, 1 asked for by an address that has not shown it, else since when they go there, microseconds UTC
	lang text collate "C" not null, -- of these
	told bigint not null, -- number of the last update that was handed over
	mail text collate "C" not null -- SHA-256 of the secret that ends them, '' where none go
);
create index mandate_mail on mandate (mail) where mail <> '';
create index mandate_petition on mandate (petition, domain);
create index mandate_code on mandate (code) where code <> '';
create index mandate_dns on mandate (dns);
create index mandate_expires on mandate (expires) where expires > 0;

-- Single-use codes printed on paper and given to trusted collectors. code is
-- the SHA-256 of what is printed.
create table code (
	code      text collate "C" primary key not null,
	petition  bigint not null,
	collector text collate "C"    not null,
	issued    bigint not null, -- hours since 1970
	used      bigint not null  -- hours since 1970; 0: not yet
);
create index code_petition on code (petition, collector);

-- Puzzles that were handed in with their solution, until they would be too old
-- anyway: each is good once. Nothing of whoever solved one is kept.
create table puzzle (
	id   bytea primary key not null,
	ends bigint not null -- hours since 1970
);
create index puzzle_ends on puzzle (ends);

-- Lines of paper that were taken, by where they stand: nothing of what stands in
-- them, and nothing that tells which signature was made of which. A line is taken
-- once, whatever becomes of its signature.
create table paper_line (
	petition bigint not null, -- the petition's number
	batch    bigint not null,
	sheet    bigint not null,
	line     bigint not null,
	primary key (petition, batch, sheet, line)
);

-- Mail that is to be sent once and survives a restart. A message that was sent
-- leaves its row, without the message, so that its fact is not told again.
create table outbox (
	id      text collate "C" primary key not null,
	fact    text collate "C" not null, -- keyed hash of what it tells whom, once; also in the Message-ID
	kind    text collate "C" not null,
	lane    bigint not null, -- 0 before everything else
	box     bytea not null, -- the message with its address, encrypted under the house's key; empty once it was sent
	host    text collate "C" not null, -- keyed hash of the recipient's mail domain, for the rate; '' once it is over
	due     bigint not null, -- microseconds UTC
	ends    bigint not null, -- not sent after this instant; 0: no end
	tries   bigint not null,
	state   text collate "C" not null, -- waiting, sending, sent, failed, kept, dropped
	owner   text collate "C" not null, -- of the lease
	leased  bigint not null, -- until when it is the owner's
	error   text collate "C" not null, -- a short code, never an address
	made    bigint not null,
	done    bigint not null, -- when it was sent, failed or dropped; 0: not yet
	petition bigint not null, -- its number, with whose signers' data it is dropped; 0: none
	subscription text collate "C" not null, -- whose holder can end it, with which it is dropped; '': none
	matter  text collate "C" not null -- what it tells of, which can be taken back, with which it is dropped; '': nothing such
);
create unique index outbox_fact on outbox (fact);
create index outbox_subscription on outbox (subscription, state) where subscription <> '';
create index outbox_matter on outbox (matter, state) where matter <> '';
create index outbox_due on outbox (state, lane, due);
create index outbox_petition on outbox (petition, state);
