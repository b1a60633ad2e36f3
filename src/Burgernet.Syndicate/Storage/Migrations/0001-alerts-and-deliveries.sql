-- One text for SQLite and PostgreSQL. Times are UTC; enumerations stand as their English names.

create table source (
    name text primary key,
    baseline_at timestamptz,
    last_good_at timestamptz,
    last_error_at timestamptz,
    last_error text
);

create table alert (
    id text primary key,
    source text not null,
    source_id text not null,
    kind text not null,
    episode integer not null,
    category text not null,
    phase text not null,
    exercise boolean not null,
    mirror boolean not null,
    twin_id text references alert (id),
    title text,
    text text not null,
    municipality text,
    municipalities text not null,
    latitude double precision,
    longitude double precision,
    radius double precision,
    outcome text,
    issued_at timestamptz not null,
    accepted_at timestamptz not null,
    closed_at timestamptz,
    not_after timestamptz not null,
    revision integer not null,
    snapshot text not null,
    note text,
    unique (source, source_id, kind, episode)
);

create index alert_issued on alert (issued_at);

-- What was ever said, by key: this is what makes "seen before" survive a restart.
create table alert_message (
    alert_id text not null references alert (id),
    key text not null,
    content_hash text not null,
    phase text not null,
    sent_at timestamptz not null,
    received_at timestamptz not null,
    title text,
    text text not null,
    primary key (alert_id, key)
);

-- The short code readers see; unique for ever, so that a post can be recognised on any network.
create table reference (
    code text primary key,
    alert_id text not null references alert (id),
    revision integer not null,
    operation text not null,
    unique (alert_id, revision, operation)
);

-- The exact words, once per channel however many targets share them.
create table post (
    reference text not null references reference (code),
    channel text not null,
    text text not null,
    created_at timestamptz not null,
    primary key (reference, channel)
);

create table delivery (
    id text primary key,
    alert_id text not null references alert (id),
    reference text not null,
    channel text not null,
    target text not null,
    address text not null,
    operation text not null,
    revision integer not null,
    state text not null,
    priority integer not null,
    position integer not null,
    standalone boolean not null,
    attempts integer not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    not_after timestamptz,
    intent_at timestamptz,
    published_at timestamptz,
    verified_at timestamptz,
    post_id text,
    url text,
    error text,
    foreign key (reference, channel) references post (reference, channel),
    unique (alert_id, revision, operation, channel, target)
);

create index delivery_due on delivery (channel, priority, due_at, position) where state = 'Pending';
create index delivery_expiring on delivery (not_after) where state in ('Pending', 'Planned');
create index delivery_of_target on delivery (alert_id, channel, target);

-- Never two under way for one target, whatever the code believes.
create unique index delivery_in_flight on delivery (channel, target) where state = 'Sending';

create table channel (
    name text primary key,
    next_at timestamptz,
    stopped_at timestamptz,
    stopped_reason text
);

-- Records that could not be trusted. The content is kept for the person who looks.
create table quarantine (
    source text not null,
    content_hash text not null,
    source_id text,
    reason text not null,
    content text not null,
    received_at timestamptz not null,
    primary key (source, content_hash)
);

-- What a person must know, each once. A notice may lie in the future and be withdrawn before it is due.
create table notice (
    cause text primary key,
    at timestamptz not null,
    alert_id text,
    channel text,
    text text not null
);
