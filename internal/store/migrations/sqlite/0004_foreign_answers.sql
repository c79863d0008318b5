-- Whether a petition that another site published was answered there, so that lists find it. Answers to
-- our own are in reply.
alter table petition add column outside_answered integer not null default 0;
update petition set outside_answered = 1 where outside <> '' and json_extract(cast(body as text), '$.foreign.response') is not null;
