-- What a list asks of an event, by its identifier: thousands that hold a word are
-- read from a few dozen pages, and not each from the page that holds its body.
create index event_listed on event (id, earliest, latest, seen, type, country, province, town, dataset, joined, part_of);
