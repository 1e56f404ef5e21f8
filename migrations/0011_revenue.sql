-- Revenue told by payment webhooks and revenue events, the whole ladder, and its repair.

-- What a conversion of money is called by now: `kind` is derived (a subscription's first payment may
-- be told before its trial), the rest are facts.
create table revenues (
    workspace_id @TEXT@ not null,
    conversion_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- purchase, subscription, renewal, upgrade, downgrade
    source @TEXT@ not null,                   -- webhook, revenue
    subscription_id @TEXT@,
    processor_customer_id @TEXT@ not null,    -- '' when nobody was named
    is_test @INT64@ not null,
    primary key (workspace_id, conversion_id)
) @BY_KEY@;

-- Fact: what was told about the person behind a conversion and the way they came. Append-only.
create table conversion_evidence (
    workspace_id @TEXT@ not null,
    conversion_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- click, slug, code, visitor, session, email, customer
    value @TEXT@ not null,                    -- e-mails as SHA-256 of their normal form
    primary key (workspace_id, conversion_id, kind, value)
) @BY_KEY@;
create index conversion_evidence_by_value on conversion_evidence (workspace_id, kind, value, conversion_id);

-- The link of a decision without proof that it was the same person: reported by itself, never
-- counted as a sale of the link, never paid. `link_id` is null then.
alter table attributions add column inferred_link_id @TEXT@;

-- Derived: what links earned by such decisions.
create table inferred_totals (
    workspace_id @TEXT@ not null,
    link_id @TEXT@ not null,
    sales @INT64@ not null,
    sale_amount @INT64@ not null,             -- reporting currency
    primary key (workspace_id, link_id)
) @BY_KEY@;

-- Settings; a workspace without a row has the defaults of store/attribution_policies.hpp.
create table attribution_policies (
    workspace_id @TEXT@ not null,
    policy @TEXT@ not null,                   -- JSON, see store/attribution_policies.cpp
    updated_at_ms @INT64@ not null,
    primary key (workspace_id)
) @BY_KEY@;

create index payment_aliases_by_conversion on payment_aliases (workspace_id, conversion_id);
create index customers_by_email on customers (workspace_id, lower(email)) where email is not null;

-- Fact: a change of what a customer pays per month. Append-only, once per key for ever.
create table mrr_movements (
    workspace_id @TEXT@ not null,
    movement_key @TEXT@ not null,
    subscription_id @TEXT@ not null,
    customer_key @TEXT@ not null,
    delta @INT64@ not null,                   -- minor units per month
    currency @TEXT@ not null,
    at_ms @INT64@ not null,
    source @TEXT@ not null,
    conversion_id @TEXT@,
    is_test @INT64@ not null,
    primary key (workspace_id, movement_key)
) @BY_KEY@;
create index mrr_movements_by_customer on mrr_movements (workspace_id, customer_key, at_ms, movement_key);

-- One application of the automatic repair or of a replay, and what it decided; undone at most once.
create table repairs (
    workspace_id @TEXT@ not null,
    repair_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- fix, replay
    actor @TEXT@ not null,
    at_ms @INT64@ not null,
    conversions @INT64@ not null,
    undone_at_ms @INT64@,
    undone_by @TEXT@,
    primary key (workspace_id, repair_id)
) @BY_KEY@;

create table repair_items (
    workspace_id @TEXT@ not null,
    repair_id @TEXT@ not null,
    conversion_id @TEXT@ not null,
    seq_before @INT64@ not null,              -- the decision that stood before
    seq_after @INT64@ not null,               -- the one that the repair made
    primary key (workspace_id, repair_id, conversion_id)
) @BY_KEY@;

-- @postgres
select headwater_protect('revenues');
select headwater_protect('conversion_evidence');
select headwater_protect('inferred_totals');
select headwater_protect('attribution_policies');
select headwater_protect('mrr_movements');
select headwater_protect('repairs');
select headwater_protect('repair_items');
-- @end
