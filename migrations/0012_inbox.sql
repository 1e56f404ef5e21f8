-- Payments as processors tell them: what arrived, what it says, and what was booked for it.

-- Directory: deliveries arrive at /hooks/<provider>/<connection>, and that names the workspace.
create table payment_connections (
    connection_id @TEXT@ primary key,         -- 128 random bits, or as a seed file names it
    workspace_id @TEXT@ not null,
    provider @TEXT@ not null,                 -- stripe
    mode @TEXT@ not null,                     -- live, test
    thin_at_ms @INT64@,                       -- when a thin event came last: it says nothing
    created_at_ms @INT64@ not null,
    deleted_at_ms @INT64@
) @STRICT@;
create index payment_connections_by_workspace on payment_connections (workspace_id, connection_id);

-- Directory: a signing secret belongs to one connection of the server.
create table payment_secrets (
    secret_hash @TEXT@ primary key,           -- SHA-256, hex
    workspace_id @TEXT@ not null,
    connection_id @TEXT@ not null,
    secret @TEXT@ not null,
    until_ms @INT64@,                         -- null: the one that is in use
    created_at_ms @INT64@ not null
) @STRICT@;
create index payment_secrets_by_connection on payment_secrets (workspace_id, connection_id);

-- Fact: a delivery whose signature was good, byte for byte. Its state is derived.
create table inbox (
    workspace_id @TEXT@ not null,
    inbox_id @TEXT@ not null,
    connection_id @TEXT@ not null,
    delivery_id @TEXT@ not null,              -- the processor's own: the id of the event
    event_type @TEXT@ not null,
    body @BLOB@ not null,
    headers @TEXT@ not null,                  -- JSON
    received_at_ms @INT64@ not null,
    state @TEXT@ not null,                    -- received, processed, ignored, dead
    reason @TEXT@ not null,                   -- why ignored or dead; else ''
    settled_at_ms @INT64@,
    primary key (workspace_id, inbox_id)
) @STRICT@;
create unique index inbox_by_delivery on inbox (workspace_id, connection_id, delivery_id);
create index inbox_by_connection on inbox (workspace_id, connection_id, inbox_id);

-- What nobody vouches for: kept for a while, so that a wrong secret loses no sale.
create table quarantine (
    workspace_id @TEXT@ not null,
    quarantine_id @TEXT@ not null,
    connection_id @TEXT@ not null,
    body @BLOB@ not null,
    body_bytes @INT64@ not null,
    headers @TEXT@ not null,                  -- JSON
    address @INT64@ not null,                 -- salted hash of the sender's IP
    received_at_ms @INT64@ not null,
    reason @TEXT@ not null,
    primary key (workspace_id, quarantine_id)
) @STRICT@;
create index quarantine_by_connection
    on quarantine (workspace_id, connection_id, quarantine_id, body_bytes);
create index quarantine_by_time on quarantine (workspace_id, received_at_ms);

-- Fact: what a delivery says of one payment, subscription or customer.
create table payment_facts (
    workspace_id @TEXT@ not null,
    provider @TEXT@ not null,
    fact_key @TEXT@ not null,                 -- the event's id
    kind @TEXT@ not null,
    anchor_id @TEXT@ not null,                -- the object that it is about
    object_ids @TEXT@ not null,               -- JSON: the objects that it ties together
    at_ms @INT64@ not null,
    fields @TEXT@ not null,                   -- JSON, see store/payment_facts.cpp
    inbox_id @TEXT@ not null,
    primary key (workspace_id, provider, fact_key)
) @BY_KEY@;
create index payment_facts_by_anchor on payment_facts (workspace_id, provider, anchor_id);

-- Derived: the objects that facts tie together, under the smallest id of them.
create table payment_objects (
    workspace_id @TEXT@ not null,
    provider @TEXT@ not null,
    object_id @TEXT@ not null,
    aggregate_id @TEXT@ not null,
    primary key (workspace_id, provider, object_id)
) @BY_KEY@;
create index payment_objects_by_aggregate
    on payment_objects (workspace_id, provider, aggregate_id, object_id);

-- Fact: what was told to the books of revenue and MRR. The rows of one key add up.
create table payment_bookings (
    workspace_id @TEXT@ not null,
    provider @TEXT@ not null,
    booking_key @TEXT@ not null,              -- sale:<payment>, mrr:<movement>
    seq @INT64@ not null,                     -- from 1
    amount @INT64@ not null,                  -- minor units
    currency @TEXT@ not null,
    told @TEXT@ not null,                     -- sale: a digest of what was told; mrr: the customer
    conversion_id @TEXT@,
    at_ms @INT64@ not null,
    primary key (workspace_id, provider, booking_key, seq)
) @BY_KEY@;

-- @postgres
select headwater_protect(name) from unnest(array['payment_connections', 'payment_secrets', 'inbox',
    'quarantine', 'payment_facts', 'payment_objects', 'payment_bookings']) as name;
-- @end
