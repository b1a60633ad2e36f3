-- Whether anything confirms an alert is asked for each child alert.
create index alert_twin on alert (twin_id) where twin_id is not null;
