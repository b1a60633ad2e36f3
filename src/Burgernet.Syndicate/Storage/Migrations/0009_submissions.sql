-- What was sent to us to be posted, as it was read and judged, and what became of it.
create table submission (
    source text not null,
    id text not null,
    sender text not null,
    subject text not null,
    sent_at timestamptz not null,
    received_at timestamptz not null,
    decision text not null,
    kind text not null,
    reason text not null,
    original text not null,
    -- What would be posted; a person may change it, and the number counts how often.
    municipalities text not null,
    title text,
    text text not null,
    edition integer not null default 1,
    edited_by text,
    state text not null,
    -- When it goes out by itself unless somebody stops it, or when it is given up.
    due_at timestamptz,
    reminded_at timestamptz,
    decided_at timestamptz,
    decided_by text,
    note text,
    alert_id text references alert (id),
    primary key (source, id)
);

create index submission_waiting on submission (due_at) where state = 'Waiting';
create index submission_received on submission (received_at);

-- Consent is to these exact posts: the hash is of all of them, and an edit makes a new edition.
create table approval (
    source text not null,
    id text not null,
    edition integer not null,
    posts_hash text not null,
    by_whom text not null,
    at timestamptz not null,
    primary key (source, id, edition, posts_hash, by_whom),
    foreign key (source, id) references submission (source, id)
);

-- How far each mailbox has been read.
create table mailbox (
    source text primary key,
    uid_validity bigint not null,
    uid bigint not null
);

-- What sessions and forms are sealed with.
create table protection_key (
    id text primary key,
    xml text not null
);

-- The actie that this lets pass first.
alter table delivery add column waits_for text references alert (id);

create index delivery_waiting on delivery (waits_for) where waits_for is not null;
create index alert_not_urgent on alert (not_after) where kind = 'Burgernetmail';

-- One alert may come by several ways; these tell that it is the same one.
alter table alert add column words_hash text;

create index alert_words on alert (words_hash, source) where words_hash is not null;
create index alert_source_id on alert (source_id, source);
create index alert_circle on alert (latitude, longitude, source) where latitude is not null;
