-- What was pushed to us, by the sender's own id: the same again is known, whatever it says.
create table receipt (
    source text not null,
    id text not null,
    received_at timestamptz not null,
    primary key (source, id)
);

create index receipt_received on receipt (received_at);
