-- Whose a delivery is when the address it came to does not say it: connected accounts of a platform,
-- and what people decided about deliveries that nobody vouches for.

-- Directory: a signed delivery to `via_connection_id` that names this account belongs to
-- `connection_id`. Of what other connections sign, nothing follows.
create table payment_accounts (
    provider @TEXT@ not null,
    account_id @TEXT@ not null,               -- acct_..., as the processor names it
    workspace_id @TEXT@ not null,             -- whose deliveries they are
    connection_id @TEXT@ not null,            -- of that workspace
    via_connection_id @TEXT@ not null,        -- of the platform
    created_at_ms @INT64@ not null,
    primary key (provider, account_id)
) @BY_KEY@;
create index payment_accounts_by_workspace on payment_accounts (workspace_id, connection_id);

alter table inbox add column signed_at_ms @INT64@;                    -- as the signature covers it
alter table inbox add column api_version @TEXT@ not null default '';  -- '': not told
alter table inbox add column accepted_by @TEXT@ not null default '';  -- '': the signature was good
alter table inbox add column duplicates @INT64@ not null default 0;   -- derived: delivered again
-- What the health of an inbox is told from, without its bodies.
create index inbox_outcomes on inbox (workspace_id, inbox_id, state, accepted_by, duplicates,
    received_at_ms, signed_at_ms, api_version);
create index inbox_by_type on inbox (workspace_id, connection_id, event_type);

-- What the body claims, which proves nothing.
alter table quarantine add column delivery_id @TEXT@ not null default '';  -- '': no event
alter table quarantine add column event_type @TEXT@ not null default '';
alter table quarantine add column candidates @TEXT@ not null default '[]'; -- JSON: rung, workspace

-- Fact: who decided what about a delivery that was set aside, and why. One decision for each.
create table quarantine_decisions (
    workspace_id @TEXT@ not null,             -- where it was set aside
    quarantine_id @TEXT@ not null,
    decision @TEXT@ not null,                 -- assigned, dismissed
    actor @TEXT@ not null,                    -- id of the API key, "command line", or "setting"
    reason @TEXT@ not null,
    decided_at_ms @INT64@ not null,
    set_aside_for @TEXT@ not null,            -- why nobody vouched for it
    from_connection_id @TEXT@ not null,
    received_at_ms @INT64@ not null,
    body_hash @TEXT@ not null,                -- SHA-256, hex
    to_workspace_id @TEXT@ not null,          -- of assigned; else ''
    to_connection_id @TEXT@ not null,         -- likewise
    inbox_id @TEXT@ not null,                 -- likewise
    duplicate @INT64@ not null,               -- 1: the inbox had it already
    primary key (workspace_id, quarantine_id)
) @STRICT@;

-- Candidates for whose a delivery could be are looked up for every stranger that sends one.
create index payment_secrets_by_time on payment_secrets (created_at_ms, secret_hash);
create index programs_by_url on programs (url);

-- @postgres
select headwater_protect(name) from unnest(array['payment_accounts', 'quarantine_decisions']) as name;
-- @end
