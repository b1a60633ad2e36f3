-- The photo that goes with the words, where the channel may show it: where it is fetched, and what it shows in words.
alter table post add column photo_url text;
alter table post add column photo_alt text;
