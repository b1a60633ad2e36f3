-- A claim is ours alone until lease_until; after that others may ask after it. The number of attempts is the fencing
-- token: whoever comes back late with an older number changes nothing.
alter table delivery add column lease_owner text;
alter table delivery add column lease_until timestamptz;

-- How often the account's own posts were read back completely without this one.
alter table delivery add column absent_reads integer not null default 0;
alter table delivery add column unknown_since timestamptz;
alter table delivery add column says_duplicate boolean not null default false;
alter table delivery add column verify_at timestamptz;

-- The words take the place of the opening's instead of being a post of their own.
alter table delivery add column in_place boolean not null default false;
alter table delivery add column photo_ids text;

create index delivery_unknown on delivery (channel, due_at) where state = 'Unknown';
create index delivery_unverified on delivery (channel, verify_at) where verify_at is not null;

-- Every attempt and what came of it. Nothing here is ever changed: evidence from a worker that had lost its claim
-- counts too.
create table attempt (
    delivery_id text not null references delivery (id),
    number integer not null,
    owner text not null,
    at timestamptz not null,
    outcome text not null,
    reason text,
    post_id text,
    url text,
    primary key (delivery_id, number, owner, at)
);

-- What is left of an account's allowance, by kind of request, as the network last said.
create table allowance (
    channel text not null,
    kind text not null,
    remaining integer not null,
    resets_at timestamptz not null,
    primary key (channel, kind)
);

alter table channel add column paused_at timestamptz;
alter table channel add column paused_by text;

-- The longest that a new post took to show in the account's own posts, in milliseconds.
alter table channel add column listing_lag integer;

-- Whether a photo belongs to it, since when good answers of its source no longer show it, and when it comes down by itself.
alter table alert add column photo boolean not null default false;
alter table alert add column absent_since timestamptz;
alter table alert add column ends_at timestamptz;

-- Who did what by hand, when and why.
create table audit (
    id text primary key,
    at timestamptz not null,
    by_whom text not null,
    action text not null,
    subject text not null,
    reason text
);

-- When people were last told of a cause, by mail or webhook; the notice itself may come and go.
create table told (
    cause text primary key,
    at timestamptz not null
);
