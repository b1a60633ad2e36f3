-- Since when a source gives errors instead of answers; a restart of the program does not begin that anew.
alter table source add column failing_since timestamptz;
update source set failing_since = last_error_at;
