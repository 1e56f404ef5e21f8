-- Headwater's tables. Tokens: @INT64@ @TEXT@ (compared bytewise) @BLOB@ @STRICT@ (strict table) @BY_KEY@ (strict, clustered by
-- its key). Blocks between "-- @sqlite" or "-- @postgres" and "-- @end" are for one engine.
-- Times are milliseconds UTC. Money is minor units at the ISO 4217 exponent. JSON is text.
-- Every tenant table's key begins with workspace_id.

create table workspaces (
    workspace_id @TEXT@ primary key,
    slug @TEXT@ not null unique,
    name @TEXT@ not null,
    currency @TEXT@ not null,                 -- reporting currency, lower case
    publishable_key @TEXT@ unique,
    allowed_hostnames @TEXT@ not null,        -- JSON array of host patterns
    created_at_ms @INT64@ not null
) @STRICT@;

-- Directory: the hash of a key names its workspace.
create table api_keys (
    key_hash @TEXT@ primary key,              -- SHA-256, hex
    workspace_id @TEXT@ not null,
    api_key_id @TEXT@ not null,
    name @TEXT@ not null,
    display @TEXT@ not null,                  -- first and last characters, for people
    scopes @TEXT@ not null,                   -- space separated
    created_at_ms @INT64@ not null,
    expires_at_ms @INT64@
) @STRICT@;
create index api_keys_by_workspace on api_keys (workspace_id, api_key_id);

-- Directory: a host name belongs to one workspace.
create table domains (
    slug @TEXT@ primary key,                  -- lower case, punycode, no port
    workspace_id @TEXT@ not null,
    domain_id @TEXT@ not null,
    is_primary @INT64@ not null,
    created_at_ms @INT64@ not null
) @STRICT@;
create index domains_by_workspace on domains (workspace_id, slug);

create table links (
    workspace_id @TEXT@ not null,
    link_id @TEXT@ not null,
    domain @TEXT@ not null,
    key @TEXT@ not null,                      -- as its owner wrote it
    key_folded @TEXT@ not null,               -- what look-ups compare
    url @TEXT@ not null,
    external_id @TEXT@,
    tenant_id @TEXT@,
    program_id @TEXT@,
    partner_id @TEXT@,
    track_conversion @INT64@ not null,
    archived @INT64@ not null,
    disabled_at_ms @INT64@,
    expires_at_ms @INT64@,
    expired_url @TEXT@,
    title @TEXT@,
    description @TEXT@,
    image @TEXT@,
    comments @TEXT@,
    do_index @INT64@ not null,
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, link_id)
) @BY_KEY@;
create unique index links_by_key on links (workspace_id, domain, key_folded);
create unique index links_by_external_id on links (workspace_id, external_id)
    where external_id is not null;

-- Derived: what a link earned. `slot` spreads concurrent writers over rows (PostgreSQL); readers
-- sum over it.
create table link_totals (
    workspace_id @TEXT@ not null,
    link_id @TEXT@ not null,
    slot @INT64@ not null,
    clicks @INT64@ not null,
    leads @INT64@ not null,
    conversions @INT64@ not null,
    sales @INT64@ not null,
    sale_amount @INT64@ not null,           -- reporting currency
    last_click_at_ms @INT64@ not null,      -- 0: never
    last_lead_at_ms @INT64@ not null,
    last_conversion_at_ms @INT64@ not null,
    primary key (workspace_id, link_id, slot)
) @BY_KEY@;

-- Fact: one observed contact. Keyed by its time-ordered id only: a second index on this table costs
-- four times the writer (docs/decisions/0003).
create table touches (
    workspace_id @TEXT@ not null,
    touch_id @TEXT@ not null,                 -- click id
    at_ms @INT64@ not null,
    link_id @TEXT@ not null,
    visitor @INT64@ not null,               -- salted hash of IP and user agent
    trigger_kind @TEXT@ not null,             -- link, qr, pageview, deeplink
    url @TEXT@ not null,                      -- where the visitor was sent
    referer @TEXT@ not null,                  -- host, or (direct)
    referer_url @TEXT@ not null,
    country @TEXT@ not null,
    region @TEXT@ not null,
    city @TEXT@ not null,
    continent @TEXT@ not null,
    device @TEXT@ not null,
    browser @TEXT@ not null,
    os @TEXT@ not null,
    user_agent @TEXT@ not null,
    bot @INT64@ not null,
    counted @INT64@ not null,                 -- 1: it was added to the counts
    primary key (workspace_id, touch_id)
) @BY_KEY@;

-- One click per visitor and link per hour, across nodes. SQLite has one process and derives this in
-- memory from the touches of the last hour.
create table recent_clicks (
    workspace_id @TEXT@ not null,
    link_id @TEXT@ not null,
    visitor @INT64@ not null,
    touch_id @TEXT@ not null,
    at_ms @INT64@ not null,
    primary key (workspace_id, link_id, visitor)
) @BY_KEY@;

create table customers (
    workspace_id @TEXT@ not null,
    customer_id @TEXT@ not null,
    external_id @TEXT@ not null,
    name @TEXT@ not null,
    email @TEXT@,
    avatar @TEXT@,
    country @TEXT@,
    touch_id @TEXT@,                          -- the click the customer came from
    link_id @TEXT@,                           -- and its link
    clicked_at_ms @INT64@,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, customer_id)
) @BY_KEY@;
create unique index customers_by_external_id on customers (workspace_id, external_id);

-- Derived: what a customer bought.
create table customer_totals (
    workspace_id @TEXT@ not null,
    customer_id @TEXT@ not null,
    sales @INT64@ not null,
    sale_amount @INT64@ not null,           -- reporting currency
    first_sale_at_ms @INT64@ not null,
    primary key (workspace_id, customer_id)
) @BY_KEY@;

-- Derived: the first sale of a customer on a link, which is what counts as a conversion.
create table customer_links (
    workspace_id @TEXT@ not null,
    customer_id @TEXT@ not null,
    link_id @TEXT@ not null,
    conversion_id @TEXT@ not null,
    primary key (workspace_id, customer_id, link_id)
) @BY_KEY@;

-- Fact: something worth attributing. Never updated.
create table conversions (
    workspace_id @TEXT@ not null,
    conversion_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- lead, purchase
    event_name @TEXT@ not null,
    customer_id @TEXT@,
    external_customer_id @TEXT@ not null,     -- as told; '' when nobody was named
    occurred_at_ms @INT64@ not null,
    amount @INT64@ not null,                -- original
    currency @TEXT@ not null,                 -- original, lower case; '' for leads
    converted_amount @INT64@,               -- reporting currency; null: no rate yet
    converted_currency @TEXT@,
    fx_rate @TEXT@,                           -- decimal @TEXT@; null when no conversion was needed
    fx_date @TEXT@,
    fx_source @TEXT@,
    payment_processor @TEXT@ not null,
    invoice_id @TEXT@,
    metadata @TEXT@,                          -- JSON
    told_click_id @TEXT@ not null,            -- evidence in the request
    told_lead_event @TEXT@ not null,
    quantity @INT64@ not null,
    source @TEXT@ not null,                   -- api, direct (lead made by a direct sale)
    primary key (workspace_id, conversion_id)
) @BY_KEY@;
create index conversions_by_customer on conversions (workspace_id, customer_id, kind, conversion_id);

-- One payment, one conversion, for ever: every name a payment is known by.
create table payment_aliases (
    workspace_id @TEXT@ not null,
    alias @TEXT@ not null,                    -- invoice:<id>, refused:<content hash>
    conversion_id @TEXT@ not null,
    primary key (workspace_id, alias)
) @BY_KEY@;

-- One lead per customer and event name, for ever.
create table lead_keys (
    workspace_id @TEXT@ not null,
    customer_id @TEXT@ not null,
    event_key @TEXT@ not null,                -- lower case, spaces as '-'
    conversion_id @TEXT@ not null,
    primary key (workspace_id, customer_id, event_key)
) @BY_KEY@;

-- Decision: append-only, the highest `seq` is the current one.
create table attributions (
    workspace_id @TEXT@ not null,
    conversion_id @TEXT@ not null,
    seq @INT64@ not null,
    rung @TEXT@ not null,                     -- orphan: nothing was found
    confidence @TEXT@ not null,               -- certain, identified, inferred, none
    customer_id @TEXT@,
    touch_id @TEXT@,
    link_id @TEXT@,
    partner_id @TEXT@,
    window_ms @INT64@,                      -- null: no window
    rule_version @INT64@ not null,
    decided_by @TEXT@ not null,               -- engine or a person
    decided_at_ms @INT64@ not null,
    reason @TEXT@ not null,                   -- why an orphan is one; else ''
    evidence @TEXT@ not null,                 -- JSON: the candidates
    primary key (workspace_id, conversion_id, seq)
) @BY_KEY@;
create index attributions_orphans on attributions (workspace_id, conversion_id) where rung = 'orphan';

-- The first answer to a request that may be told twice.
create table idempotency (
    workspace_id @TEXT@ not null,
    scope @TEXT@ not null,                    -- invoice, or the operation of an Idempotency-Key
    key @TEXT@ not null,
    request_hash @TEXT@ not null,
    status @INT64@ not null,
    answer @TEXT@ not null,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, scope, key)
) @BY_KEY@;

-- Every request to /track/*, with its outcome.
create table conversion_log (
    workspace_id @TEXT@ not null,
    log_id @TEXT@ not null,
    at_ms @INT64@ not null,
    method @TEXT@ not null,
    path @TEXT@ not null,
    status @INT64@ not null,
    reason @TEXT@ not null,                   -- '' when accepted
    conversion_id @TEXT@,
    request_id @TEXT@ not null,
    request_body @TEXT@ not null,
    response_body @TEXT@ not null,
    primary key (workspace_id, log_id)
) @BY_KEY@;

-- Journal of what happened, for those who must be told.
create table outbox (
    workspace_id @TEXT@ not null,
    event_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- lead.created, sale.created
    subject_id @TEXT@ not null,
    at_ms @INT64@ not null,
    primary key (workspace_id, event_id)
) @BY_KEY@;

create table jobs (
    workspace_id @TEXT@ not null,
    job_id @TEXT@ not null,
    kind @TEXT@ not null,
    subject_id @TEXT@ not null,
    payload @TEXT@ not null,
    state @TEXT@ not null,                    -- ready, done, dead
    attempts @INT64@ not null,
    run_at_ms @INT64@ not null,             -- also the end of the lease while it runs
    lease @TEXT@ not null,                    -- fence: only its holder may finish the job
    last_error @TEXT@ not null,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, job_id)
) @BY_KEY@;
create index jobs_due on jobs (workspace_id, run_at_ms) where state = 'ready';
create index jobs_ended on jobs (run_at_ms) where state <> 'ready';

create table avatars (
    workspace_id @TEXT@ not null,
    customer_id @TEXT@ not null,
    content_type @TEXT@ not null,
    image @BLOB@ not null,
    primary key (workspace_id, customer_id)
) @BY_KEY@;

-- Derived: counts per hour and dimension. `slot` as in link_totals.
create table rollups_hour (
    workspace_id @TEXT@ not null,
    dimension @TEXT@ not null,
    value @TEXT@ not null,
    hour_ms @INT64@ not null,
    slot @INT64@ not null,
    clicks @INT64@ not null,
    leads @INT64@ not null,
    sales @INT64@ not null,
    sale_amount @INT64@ not null,
    primary key (workspace_id, dimension, value, hour_ms, slot)
) @BY_KEY@;

create table audit_log (
    workspace_id @TEXT@ not null,
    audit_id @TEXT@ not null,
    at_ms @INT64@ not null,
    actor @TEXT@ not null,
    action @TEXT@ not null,
    subject_id @TEXT@ not null,
    detail @TEXT@ not null,
    primary key (workspace_id, audit_id)
) @BY_KEY@;

-- Not of a tenant.
create table fx_rates (
    rate_date @TEXT@ not null,                -- YYYY-MM-DD
    base @TEXT@ not null,
    quote @TEXT@ not null,
    rate @TEXT@ not null,                     -- decimal @TEXT@, quote per base
    source @TEXT@ not null,
    primary key (base, quote, rate_date)
) @BY_KEY@;

create table salts (
    day @TEXT@ primary key,                   -- YYYY-MM-DD
    salt @TEXT@ not null
) @STRICT@;

create table setup_tokens (
    token_hash @TEXT@ primary key,
    expires_at_ms @INT64@ not null,
    used_at_ms @INT64@
) @STRICT@;

-- @postgres
-- Row Level Security: a transaction sees the workspace that it named when it began. "*" is the
-- operator. The program works as a role that does not own the tables, so that the policy binds it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'headwater_app') then
        create role headwater_app nologin;
    end if;
exception when duplicate_object or unique_violation or insufficient_privilege then null;
end $$;

create function headwater_protect(name text) returns void language plpgsql as $$
begin
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
        'create policy tenant on %I using (workspace_id = current_setting(''headwater.workspace_id'', true)'
        ' or current_setting(''headwater.workspace_id'', true) = ''*'')', name);
end $$;

select headwater_protect(table_name::text) from information_schema.columns
where table_schema = 'public' and column_name = 'workspace_id';

do $$
begin
    grant usage on schema public to headwater_app;
    grant select, insert, update, delete on all tables in schema public to headwater_app;
    alter default privileges in schema public
        grant select, insert, update, delete on tables to headwater_app;
exception when undefined_object then null;
end $$;
-- @end
