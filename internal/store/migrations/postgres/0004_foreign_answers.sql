-- Whether a petition that another site published was answered there, so that lists find it. Answers to
-- our own are in reply.
alter table petition add column outside_answered bigint not null default 0;
update petition set outside_answered = 1 where outside <> '' and convert_from(body, 'UTF8')::json #> '{foreign,response}' is not null;
