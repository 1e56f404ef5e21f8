-- What was spent on being found, told by files. A row is known by its day, source and campaign: the
-- last import of it counts, and the audit log keeps what it replaced.
create table spend (
    workspace_id @TEXT@ not null,
    day @TEXT@ not null,                      -- 2026-01-02, UTC
    source @TEXT@ not null,                   -- lower case
    campaign @TEXT@ not null,                 -- lower case; '': none
    amount @INT64@ not null,                  -- minor units of `currency`
    currency @TEXT@ not null,                 -- lower case
    imported_at_ms @INT64@ not null,
    primary key (workspace_id, day, source, campaign)
) @BY_KEY@;

-- @postgres
select headwater_protect('spend');
-- @end
