-- What the networks said of each post, each time they were asked: their own names and numbers, nothing left out, nothing added.
create table reach_sample (
    delivery_id text not null references delivery (id),
    asked_at timestamptz not null,
    -- How long after publishing this was meant to be asked, in seconds; null: just before it was taken down.
    after_seconds integer,
    -- Given, NotGiven, Gone or Failed.
    answer text not null,
    -- {"network's name": number}; null where nothing was given.
    metrics text,
    primary key (delivery_id, asked_at)
);

-- The newest of each post, in words that all networks share, and when it is asked next. What was not given is null, never zero.
create table reach (
    delivery_id text primary key references delivery (id),
    step integer not null,
    next_at timestamptz,
    measured_at timestamptz,
    impressions bigint,
    reach bigint,
    engagements bigint,
    -- A figure was smaller than before: the network corrected itself.
    shrank boolean not null default false
);

create index reach_due on reach (next_at) where next_at is not null;

-- How an alert ended for the police: hard, soft, none or unknown.
create table outcome (
    alert_id text primary key references alert (id),
    outcome text not null,
    by_whom text not null,
    at timestamptz not null
);

-- What is known of a municipality in a period (2017, or 2017-11): null where it was not told.
create table context_figure (
    municipality text not null,
    period text not null,
    participants bigint,
    downloads bigint,
    inhabitants bigint,
    imported_at timestamptz not null,
    primary key (municipality, period)
);

-- Acknowledgements of WhatsApp messages, as counts: who gave them is not kept.
create table acknowledgement (
    channel text not null,
    post_id text not null,
    delivered bigint not null,
    seen bigint not null,
    primary key (channel, post_id)
);
