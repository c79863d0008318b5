-- Petitions and what belongs to them are records like any other.
create table petition (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	slug text not null,
	number integer not null,
	publication text not null,
	collection text not null,
	opens integer not null, -- microseconds UTC, 0 at once
	closes integer not null, -- moved on by the pauses that are over; 0 never
	outside text not null, -- the state that another site gave its own petition, '' for ours
	count integer not null -- signatures there
) strict;
create unique index petition_slug on petition (slug);
create unique index petition_number on petition (number);
-- What other sites published can be many thousands; ours are few and asked for all the time.
create index petition_ours on petition (publication) where outside = '';

create table edition (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	number integer not null,
	hash text not null
) strict;
create unique index edition_number on edition (petition, number);
create index edition_hash on edition (hash);

create table endorsement (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	party text not null,
	state text not null
) strict;
create index endorsement_petition on endorsement (petition, id);
create index endorsement_party on endorsement (party) where party <> '';

create table batch (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	number integer not null
) strict;
create unique index batch_number on batch (petition, number);

create table invalidation (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	state text not null
) strict;
create index invalidation_petition on invalidation (petition, id);

create table delivery (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	addressee text not null,
	code text not null
) strict;
create index delivery_petition on delivery (petition, id);
create index delivery_code on delivery (code) where code <> '';

create table reply (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	delivery text not null
) strict;
create index reply_petition on reply (petition, id);

create table petition_update (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	petition text not null,
	number integer not null
) strict;
create unique index petition_update_number on petition_update (petition, number);

create table remark (
	id text primary key not null, rev integer not null, seen integer not null, author text not null,
	entry integer not null, at integer not null, role text not null, salt blob not null, body blob not null,
	about text not null
) strict;
create index remark_about on remark (about, id);

-- A person's signature: one row, changed in place, never in the journal. n is
-- in the order of arrival and never leaves the house. What is written when a
-- signature arrives is this row and an entry of signature_due, both at their end;
-- the index of addresses is written when a mail goes out.
create table signature (
	n        integer primary key not null, -- from signature_next
	petition integer not null, -- the petition's number
	edition  integer not null,
	lang     text not null,
	state    integer not null, -- signature.State
	was      integer not null, -- the state before it was withdrawn or voided
	via      integer not null, -- signature.Via
	addr     blob, -- keyed hash of the canonical address, 16 bytes; null on paper without one, and once destroyed
	who      blob, -- keyed hashes of the folded name and place at that address and of the address as typed, 12 bytes
	host     blob, -- keyed hash of the mail domain, 8 bytes
	net      blob, -- keyed hash of the network, 8 bytes, under a key of that day
	country  text not null, -- ISO 3166 alpha-2; '' not stated
	show     integer not null, -- signature.Disclosure, packed
	updates  integer not null, -- 1: mails about the petition were asked for
	second   integer not null, -- 1: confirmed as a second name at one address
	seal     integer not null, -- the key the box is under: 0 the petition's own
	box      blob, -- name and town, encrypted
	mail     blob, -- the address, encrypted
	due      integer not null, -- when its mail is due, in minutes since 1970; 0: none, -1: none, the last could not be delivered
	tries    integer not null, -- mails sent or tried
	hour     integer not null, -- of receipt, in hours since 1970
	done     integer not null, -- of the last change of state but voiding, in hours since 1970
	batch    integer not null, -- of paper; 0: none
	voided   text not null, -- the invalidation, or ''
	told     integer not null, -- number of the last update sent
	leaf     integer not null  -- 1 once its commitment is in the journal
) strict;
create index signature_addr on signature (petition, addr) where addr is not null and (tries > 0 or state = 1);
create index signature_due on signature (due, n) where due > 0;
create index signature_failed on signature (petition) where due < 0;
create index signature_told on signature (petition, told, n) where updates = 1 and state = 1;
create index signature_batch on signature (petition, batch) where batch > 0;
create index signature_leaf on signature (petition, n) where leaf = 0 and state = 1;

-- The next number that no process has taken. Numbers are taken in blocks.
create table signature_next (one integer primary key not null check (one = 1), next integer not null) strict;
insert into signature_next (one, next) values (1, 1);

-- What the rows add up to, changed in the transaction that changes them: with
-- day 0 every signature by what it is; with a day the confirmed ones by the day
-- of their confirmation, where country, second and voided say nothing.
create table tally (
	petition integer not null,
	edition  integer not null,
	state    integer not null,
	was      integer not null,
	via      integer not null,
	country  text not null,
	day      integer not null, -- days since 1970
	second   integer not null, -- 1: a second name at one address
	voided   text not null, -- the invalidation
	count    integer not null,
	primary key (petition, day, state, edition, was, via, country, second, voided)
) strict, without rowid;

-- What the public sees of a petition's numbers.
create table shown (
	petition integer primary key not null,
	at       integer not null, -- microseconds UTC
	change   integer not null, -- grows with every step
	body     blob not null  -- signature.Snapshot as JSON
) strict;

-- Short-lived keys, encrypted to a petition's offline recipients. The keys
-- themselves are not here nor anywhere else.
create table seal (
	id       integer primary key not null, -- from signature_next
	petition integer not null,
	hour     integer not null,
	wrapped  blob not null
) strict;
create index seal_petition on seal (petition, id);

-- Who represents an organisation: encrypted under the petition's key and
-- destroyed with it. What proves authority is kept as a SHA-256: code of the
-- secret in a mailed link, which also withdraws, '' when none was mailed; dns of
-- what a record of the organisation's domain has to hold.
create table mandate (
	endorsement text primary key not null,
	petition integer not null, -- the petition's number
	box      blob    not null,
	code     text    not null,
	dns      text    not null,
	domain   text    not null, -- registrable domain of its site, '' without
	expires  integer not null, -- hours since 1970, when it is dropped unproved; 0: proved
	tries    integer not null, -- looks for the record
	looked   integer not null, -- when it was last looked for, microseconds UTC; 0: never
	found    text not null, -- what that look found: store.Found
	updates integer not null, -- 0 not asked for, 1 asked for by an address that has not shown it, else since when they go there, microseconds UTC
	lang text not null, -- of these
	told integer not null, -- number of the last update that was handed over
	mail text not null -- SHA-256 of the secret that ends them, '' where none go
) strict;
create index mandate_mail on mandate (mail) where mail <> '';
create index mandate_petition on mandate (petition, domain);
create index mandate_code on mandate (code) where code <> '';
create index mandate_dns on mandate (dns);
create index mandate_expires on mandate (expires) where expires > 0;

-- Single-use codes printed on paper and given to trusted collectors. code is
-- the SHA-256 of what is printed.
create table code (
	code      text primary key not null,
	petition  integer not null,
	collector text    not null,
	issued    integer not null, -- hours since 1970
	used      integer not null  -- hours since 1970; 0: not yet
) strict;
create index code_petition on code (petition, collector);

-- Puzzles that were handed in with their solution, until they would be too old
-- anyway: each is good once. Nothing of whoever solved one is kept.
create table puzzle (
	id   blob primary key not null,
	ends integer not null -- hours since 1970
) strict, without rowid;
create index puzzle_ends on puzzle (ends);

-- Lines of paper that were taken, by where they stand: nothing of what stands in
-- them, and nothing that tells which signature was made of which. A line is taken
-- once, whatever becomes of its signature.
create table paper_line (
	petition integer not null, -- the petition's number
	batch    integer not null,
	sheet    integer not null,
	line     integer not null,
	primary key (petition, batch, sheet, line)
) strict, without rowid;

-- Mail that is to be sent once and survives a restart. A message that was sent
-- leaves its row, without the message, so that its fact is not told again.
create table outbox (
	id      text primary key not null,
	fact    text    not null, -- keyed hash of what it tells whom, once; also in the Message-ID
	kind    text    not null,
	lane    integer not null, -- 0 before everything else
	box     blob    not null, -- the message with its address, encrypted under the house's key; empty once it was sent
	host    text    not null, -- keyed hash of the recipient's mail domain, for the rate; '' once it is over
	due     integer not null, -- microseconds UTC
	ends    integer not null, -- not sent after this instant; 0: no end
	tries   integer not null,
	state   text    not null, -- waiting, sending, sent, failed, kept, dropped
	owner   text    not null, -- of the lease
	leased  integer not null, -- until when it is the owner's
	error   text    not null, -- a short code, never an address
	made    integer not null,
	done    integer not null, -- when it was sent, failed or dropped; 0: not yet
	petition integer not null, -- its number, with whose signers' data it is dropped; 0: none
	subscription text not null, -- whose holder can end it, with which it is dropped; '': none
	matter  text    not null -- what it tells of, which can be taken back, with which it is dropped; '': nothing such
) strict;
create unique index outbox_fact on outbox (fact);
create index outbox_subscription on outbox (subscription, state) where subscription <> '';
create index outbox_matter on outbox (matter, state) where matter <> '';
create index outbox_due on outbox (state, lane, due);
create index outbox_petition on outbox (petition, state);
