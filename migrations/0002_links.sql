-- The rest of what a link can do, and what groups links.
alter table links add column video @TEXT@;
alter table links add column password @TEXT@;
alter table links add column ios @TEXT@;                     -- destination of visitors with that system
alter table links add column android @TEXT@;
alter table links add column geo @TEXT@;                     -- JSON: country -> destination
alter table links add column folder_id @TEXT@;
alter table links add column test_variants @TEXT@;           -- JSON: [{"url", "percentage"}]
alter table links add column test_started_at_ms @INT64@;
alter table links add column test_completed_at_ms @INT64@;
alter table links add column proxy @INT64@ not null default 0;
alter table links add column rewrite @INT64@ not null default 0;
alter table links add column public_stats @INT64@ not null default 0;
-- The beginning of the URL: what links are looked up by, since whole URLs are too long for an index.
alter table links add column url_start @TEXT@ not null default '';
update links set url_start = substr(url, 1, 200);
create index links_by_url on links (workspace_id, url_start);

create table tags (
    workspace_id @TEXT@ not null,
    tag_id @TEXT@ not null,
    name @TEXT@ not null,
    color @TEXT@ not null,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, tag_id)
) @BY_KEY@;
create unique index tags_by_name on tags (workspace_id, lower(name));

create table link_tags (
    workspace_id @TEXT@ not null,
    link_id @TEXT@ not null,
    tag_id @TEXT@ not null,
    position @INT64@ not null,                -- the first tag of a link has the lowest
    primary key (workspace_id, link_id, tag_id)
) @BY_KEY@;
create index link_tags_by_tag on link_tags (workspace_id, tag_id, link_id);

create table folders (
    workspace_id @TEXT@ not null,
    folder_id @TEXT@ not null,
    name @TEXT@ not null,
    description @TEXT@,
    access_level @TEXT@,                      -- null, read or write
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, folder_id)
) @BY_KEY@;
create unique index folders_by_name on folders (workspace_id, lower(name));

-- A sale in a foreign currency asks for the newest rate of its currency, whatever the base.
create index fx_rates_by_quote on fx_rates (quote, rate_date, base);

-- @postgres
select headwater_protect('tags'), headwater_protect('link_tags'), headwater_protect('folders');
-- @end
