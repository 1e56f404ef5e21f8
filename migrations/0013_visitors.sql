-- What websites and shops tell of their visitors: page views, events, who somebody is, revenue.

-- Directory: a token belongs to one workspace. `public` ones stand in web pages and tell no revenue.
create table ingest_tokens (
    token_hash @TEXT@ primary key,            -- SHA-256, hex
    workspace_id @TEXT@ not null,
    token_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- public, secret, test
    name @TEXT@ not null,
    display @TEXT@ not null,                  -- first and last characters, for people
    created_at_ms @INT64@ not null,
    revoked_at_ms @INT64@                     -- kept, so that nobody makes it again
) @STRICT@;
create index ingest_tokens_by_workspace on ingest_tokens (workspace_id, token_id);

-- Derived: everybody whose pages were told. Also the lock under which their sessions are merged.
create table visitors (
    workspace_id @TEXT@ not null,
    fingerprint @TEXT@ not null,              -- first-party id, or a hash of that day
    first_seen_at_ms @INT64@ not null,
    last_seen_at_ms @INT64@ not null,
    primary key (workspace_id, fingerprint)
) @BY_KEY@;

-- Derived: page views and events of a visitor less than 30 minutes apart, by their own time.
create table sessions (
    workspace_id @TEXT@ not null,
    fingerprint @TEXT@ not null,
    started_at_ms @INT64@ not null,
    ended_at_ms @INT64@ not null,
    page_views @INT64@ not null,
    events @INT64@ not null,
    primary key (workspace_id, fingerprint, started_at_ms)
) @BY_KEY@;

-- Fact: a page was seen, or something was done on it. The id comes from what was told, so telling it
-- again changes nothing.
create table page_views (
    workspace_id @TEXT@ not null,
    page_view_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- pageview, event
    at_ms @INT64@ not null,
    fingerprint @TEXT@ not null,              -- '': nobody is to know
    session_id @TEXT@ not null,               -- as told; may be ''
    url @TEXT@ not null,
    path @TEXT@ not null,
    referrer @TEXT@ not null,
    source @TEXT@ not null,                   -- utm_source, or the referrer's host, or (direct)
    utm_source @TEXT@ not null,
    utm_medium @TEXT@ not null,
    utm_campaign @TEXT@ not null,
    utm_term @TEXT@ not null,
    utm_content @TEXT@ not null,
    title @TEXT@ not null,
    locale @TEXT@ not null,
    event_name @TEXT@ not null,
    event_data @TEXT@,                        -- JSON
    click_id @TEXT@ not null,                 -- of a link click, from the URL or the cookie
    via @TEXT@ not null,                      -- a link's key in the URL
    network_click @TEXT@ not null,            -- gclid:..., of an advertising network
    country @TEXT@ not null,
    device @TEXT@ not null,
    browser @TEXT@ not null,
    os @TEXT@ not null,
    bot @INT64@ not null,
    is_test @INT64@ not null,
    primary key (workspace_id, page_view_id)
) @BY_KEY@;
create index page_views_by_visitor on page_views (workspace_id, fingerprint, at_ms);

-- Fact: this was seen together with that visitor.
create table identities (
    workspace_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- session, customer, email, address, click, visitor
    value @TEXT@ not null,                    -- customers by external id, e-mails as SHA-256 of their
                                              -- normal form, addresses as touches.visitor in decimal
    fingerprint @TEXT@ not null,
    at_ms @INT64@ not null,                   -- the first time
    primary key (workspace_id, kind, value, fingerprint)
) @BY_KEY@;
create index identities_by_visitor on identities (workspace_id, fingerprint, kind, value);

-- The link clicks of a salted address, in workspaces that have ingest tokens.
create table visitor_clicks (
    workspace_id @TEXT@ not null,
    visitor @INT64@ not null,                 -- as in touches
    touch_id @TEXT@ not null,
    primary key (workspace_id, visitor, touch_id)
) @BY_KEY@;

-- Fact: a revenue event as it was told first. Once per key for ever.
create table revenue_events (
    workspace_id @TEXT@ not null,
    payment_processor @TEXT@ not null,        -- '' when not told
    transaction_id @TEXT@ not null,
    event_type @TEXT@ not null,               -- purchase, subscription, renewal, upgrade, downgrade, churn, refund
    customer_id @TEXT@ not null,              -- the merchant's own
    subscription_id @TEXT@ not null,
    amount @INT64@ not null,                  -- minor units; negative for refunds
    currency @TEXT@ not null,                 -- lower case
    mrr_impact @INT64@,                       -- minor units per month
    fingerprint @TEXT@ not null,
    session_id @TEXT@ not null,
    is_recurring @INT64@ not null,
    metadata @TEXT@,                          -- JSON
    occurred_at_ms @INT64@ not null,
    told_at_ms @INT64@ not null,
    is_test @INT64@ not null,
    warnings @TEXT@ not null,                 -- JSON: what looked wrong and was taken all the same
    primary key (workspace_id, payment_processor, transaction_id, event_type)
) @BY_KEY@;
create index revenue_events_by_subscription
    on revenue_events (workspace_id, subscription_id, occurred_at_ms) where subscription_id <> '';
create index revenue_events_by_transaction
    on revenue_events (workspace_id, transaction_id);

-- @postgres
select headwater_protect(name) from unnest(array['ingest_tokens', 'visitors', 'sessions',
    'page_views', 'identities', 'visitor_clicks', 'revenue_events']) as name;
-- @end
