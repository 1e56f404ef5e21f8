-- Fact: how attribution worked for a workspace when that changed. The last row is what it knows;
-- its first one was told to nobody.
create table status_alerts (
    workspace_id @TEXT@ not null,
    alert_id @TEXT@ not null,
    status @TEXT@ not null,                   -- working, issues, not_working
    previous @TEXT@ not null,                 -- '': the first
    rule @TEXT@ not null,                     -- as core/client_health.hpp has it
    message @TEXT@ not null,
    at_ms @INT64@ not null,
    primary key (workspace_id, alert_id)
) @BY_KEY@;

-- @postgres
select headwater_protect('status_alerts');
-- @end

-- Derived from mrr_movements, so that nobody has to walk all of them: what they add up to. A
-- workspace without a row in mrr_books is summed up with its next movement.
create table mrr_books (
    workspace_id @TEXT@ not null,
    is_test @INT64@ not null,
    customers @INT64@ not null,               -- who pay now
    primary key (workspace_id, is_test)
) @BY_KEY@;

create table mrr_months (
    workspace_id @TEXT@ not null,
    is_test @INT64@ not null,
    month @TEXT@ not null,                    -- 2026-01, UTC
    currency @TEXT@ not null,
    kind @INT64@ not null,                    -- as core/mrr_book.hpp counts them
    amount @INT64@ not null,
    movements @INT64@ not null,
    primary key (workspace_id, is_test, month, currency, kind)
) @BY_KEY@;

create table mrr_sources (
    workspace_id @TEXT@ not null,
    is_test @INT64@ not null,
    source @TEXT@ not null,
    currency @TEXT@ not null,
    amount @INT64@ not null,
    primary key (workspace_id, is_test, source, currency)
) @BY_KEY@;

-- @postgres
select headwater_protect(name) from unnest(array['mrr_books', 'mrr_months', 'mrr_sources']) as name;
-- @end
