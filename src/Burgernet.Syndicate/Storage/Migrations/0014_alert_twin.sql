-- What confirms an alert is looked up at each of its updates.
create index alert_twin on alert (twin_id) where twin_id is not null;
