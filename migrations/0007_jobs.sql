-- The queue of background work: who may be attempted now, in which order, and whom it depends on.
--   ready      may be attempted
--   waiting    becomes ready at run_at_ms
--   running    under a lease
--   blocked    behind another job of its order_key
--   done, discarded   ended; deleted after a while
--   dead       given up; kept until somebody retries or discards it
alter table jobs add column priority @INT64@ not null default 0;      -- smaller goes first
alter table jobs add column order_key @TEXT@ not null default '';     -- '': in any order
alter table jobs add column order_seq @INT64@ not null default 0;     -- among the blocked of a key
alter table jobs add column dedupe_key @TEXT@;                        -- null: may be there again
alter table jobs add column destination @TEXT@ not null default '';   -- '': depends on nobody
alter table jobs add column lease_ms @INT64@ not null default 0;      -- unless it is extended
alter table jobs add column beat @INT64@ not null default 0;          -- how often it was extended
alter table jobs add column note @TEXT@ not null default '';          -- why it was discarded

-- Until now a ready job had its time, and so had one under a lease.
update jobs set state = 'waiting' where state = 'ready';

drop index jobs_due;
drop index jobs_ended;
create index jobs_ready on jobs (workspace_id, destination, priority, run_at_ms)
    where state = 'ready';
create index jobs_waiting on jobs (run_at_ms) where state = 'waiting';
create index jobs_by_state on jobs (state, workspace_id, job_id)
    where state not in ('ready', 'done');
create index jobs_ended on jobs (run_at_ms) where state in ('done', 'discarded');
create unique index jobs_by_dedupe_key on jobs (workspace_id, dedupe_key)
    where dedupe_key is not null;
-- At most one of each order_key is at its turn.
create unique index jobs_at_turn on jobs (workspace_id, order_key)
    where order_key <> '' and state in ('ready', 'waiting', 'running', 'dead');
create index jobs_blocked on jobs (workspace_id, order_key, order_seq) where state = 'blocked';

-- What stands between jobs and whom they depend on. A destination without a row is well.
create table job_destinations (
    workspace_id @TEXT@ not null,
    destination @TEXT@ not null,
    paused @INT64@ not null,                  -- 1: by a person
    paused_reason @TEXT@ not null,
    failures @INT64@ not null,                -- in a row
    open_until_ms @INT64@ not null,           -- let alone until then; 0: not
    last_error @TEXT@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, destination)
) @BY_KEY@;

-- @postgres
select headwater_protect('job_destinations');
-- @end
