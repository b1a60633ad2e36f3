-- Sending, Mailed, or Unknown: it may have gone out before the program stopped. A row begins with the attempt.
alter table report_mail rename column mailed_at to at;
alter table report_mail add column state text not null default 'Mailed';
