-- Never used: what was told is what is not owed any more.
drop table told;

-- The ways in which people are told, as the workers that run have them. A worker says every minute that it still does.
create table notifier (
    name text primary key,
    renewed_at timestamptz not null,
    attempts integer not null,
    next_at timestamptz
);

-- Notices that people have still to be told of, one row for each way. What is withdrawn is owed to nobody.
create table untold (
    notifier text not null,
    cause text not null references notice (cause) on delete cascade,
    topic text not null,
    at timestamptz not null,
    primary key (cause, notifier)
);

create index untold_topic on untold (notifier, topic, at);

-- When a topic may be told of again; during an attempt, when others may take it over.
create table telling (
    notifier text not null,
    topic text not null,
    next_at timestamptz not null,
    told_at timestamptz,
    primary key (notifier, topic)
);
