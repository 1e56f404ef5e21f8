-- Who is told of events, and what became of telling them.
create table webhooks (
    workspace_id @TEXT@ not null,
    webhook_id @TEXT@ not null,
    name @TEXT@ not null,
    url @TEXT@ not null,
    secret @TEXT@ not null,                   -- whsec_...
    previous_secret @TEXT@,                   -- also signs until previous_until_ms
    previous_until_ms @INT64@,
    events @TEXT@ not null,                   -- JSON array of names
    wants_clicks @INT64@ not null,            -- 1: link.clicked is one of them
    link_scope @TEXT@ not null,               -- of link.clicked: workspace, links, folders
    scope_ids @TEXT@ not null,                -- JSON array of their ids
    disabled_at_ms @INT64@,
    disabled_reason @TEXT@ not null,
    failures @INT64@ not null,                -- attempts that failed in a row
    failing_since_ms @INT64@,
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, webhook_id)
) @BY_KEY@;
create unique index webhooks_by_url on webhooks (workspace_id, url);
-- Every batch of clicks asks for these, and most workspaces have none.
create index webhooks_for_clicks on webhooks (workspace_id) where wants_clicks = 1;

-- The body that subscribers get, byte for byte; null: nobody had subscribed.
alter table outbox add column payload @TEXT@;

-- One event on its way to one endpoint. Derived from its attempts.
create table deliveries (
    workspace_id @TEXT@ not null,
    webhook_id @TEXT@ not null,
    delivery_id @TEXT@ not null,
    event_id @TEXT@ not null,
    event @TEXT@ not null,                    -- its name
    job_id @TEXT@ not null,
    state @TEXT@ not null,                    -- waiting, delivered, dead
    attempts @INT64@ not null,
    last_status @INT64@,                      -- null: no answer
    last_error @TEXT@ not null,
    last_at_ms @INT64@,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, webhook_id, delivery_id)
) @BY_KEY@;
create index deliveries_by_state on deliveries (workspace_id, webhook_id, state, delivery_id);

create table delivery_attempts (
    workspace_id @TEXT@ not null,
    delivery_id @TEXT@ not null,
    number @INT64@ not null,                  -- from 1
    at_ms @INT64@ not null,
    duration_ms @INT64@ not null,
    status @INT64@,                           -- null: no answer
    error @TEXT@ not null,                    -- why it failed; empty: it did not
    response @TEXT@ not null,                 -- the beginning of the answer's body
    primary key (workspace_id, delivery_id, number)
) @BY_KEY@;

-- @postgres
select headwater_protect('webhooks'), headwater_protect('deliveries'),
    headwater_protect('delivery_attempts');
-- @end
