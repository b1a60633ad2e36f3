-- Why it goes there, in the words of the router. What follows an opening goes where that went.
alter table delivery add column reason text;

-- The network makes a link of a part of it; what that costs is counted by month.
alter table post add column has_link boolean not null default false;

create index post_linked on post (channel, created_at) where has_link;
