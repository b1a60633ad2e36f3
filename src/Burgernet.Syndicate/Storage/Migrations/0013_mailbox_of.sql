-- Whose numbers they are: another server, user or folder under the same source counts anew. Null: from before this was kept.
alter table mailbox add column place text;
