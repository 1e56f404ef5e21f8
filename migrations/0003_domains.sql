-- What a domain can do, and who only says that it is theirs.
alter table domains add column archived @INT64@ not null default 0;
alter table domains add column placeholder @TEXT@;
alter table domains add column expired_url @TEXT@;          -- of links that name none
alter table domains add column not_found_url @TEXT@;
alter table domains add column logo @TEXT@;
alter table domains add column asset_links @TEXT@;          -- JSON, served to Android
alter table domains add column apple_app_site_association @TEXT@;   -- JSON, served to iOS
alter table domains add column token @TEXT@ not null default '';    -- '' where no proof was asked
alter table domains add column updated_at_ms @INT64@ not null default 0;    -- 0: never

-- Domains whose owner has not shown yet that they are his. Any number of workspaces may claim one;
-- the first that proves it gets the row in `domains`.
create table domain_claims (
    workspace_id @TEXT@ not null,
    slug @TEXT@ not null,
    domain_id @TEXT@ not null,
    is_primary @INT64@ not null,
    created_at_ms @INT64@ not null,
    archived @INT64@ not null,
    placeholder @TEXT@,
    expired_url @TEXT@,
    not_found_url @TEXT@,
    logo @TEXT@,
    asset_links @TEXT@,
    apple_app_site_association @TEXT@,
    token @TEXT@ not null,                    -- must stand in the domain's TXT record
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, slug)
) @BY_KEY@;

create index domain_claims_by_slug on domain_claims (slug);

-- The last visitor of an address whom a domain sent to an app store: the app asks for it when it is
-- first opened. Each row is worth an hour.
create table deep_link_clicks (
    workspace_id @TEXT@ not null,
    domain @TEXT@ not null,
    address @INT64@ not null,                 -- salted hash of the IP
    touch_id @TEXT@ not null,
    link_id @TEXT@ not null,
    at_ms @INT64@ not null,
    primary key (workspace_id, domain, address)
) @BY_KEY@;
create index deep_link_clicks_by_time on deep_link_clicks (workspace_id, domain, at_ms);

-- @postgres
select headwater_protect('domain_claims'), headwater_protect('deep_link_clicks');
-- @end
