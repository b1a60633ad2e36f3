-- Which reports were mailed, by the period they are about (2026-11-16/2026-11-22).
create table report_mail (
    period text primary key,
    mailed_at timestamptz not null
);
