-- The programme's ways in: applications, who brought whom, codes, and the token of a page that is
-- shown inside of the merchant's.
alter table enrollments add column referred_by_partner_id @TEXT@;

alter table discounts add column coupon_test_id @TEXT@;
alter table discounts add column description @TEXT@;

-- Evidence: the code that came with a lead or a sale beside its metadata.
alter table conversions add column told_code @TEXT@ not null default '';

-- Fact: who asked to take part, with what they said. The review is written into it once.
create table partner_applications (
    workspace_id @TEXT@ not null,
    application_id @TEXT@ not null,
    program_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    group_id @TEXT@ not null,
    form_data @TEXT@ not null,                -- JSON: [{"label", "value"}]
    verdict @TEXT@ not null,                  -- '' while nobody decided, approved, rejected
    rejection_reason @TEXT@,
    rejection_note @TEXT@,
    reapply_at_ms @INT64@,                    -- null: never; of a rejected one
    fraud_flag @TEXT@,                        -- why it looks like one; of a rejected one
    created_at_ms @INT64@ not null,
    reviewed_at_ms @INT64@,
    primary key (workspace_id, application_id)
) @BY_KEY@;
create index partner_applications_by_partner
    on partner_applications (workspace_id, partner_id, application_id);
create index partner_applications_waiting
    on partner_applications (workspace_id, program_id, application_id) where verdict = '';

create table discount_codes (
    workspace_id @TEXT@ not null,
    discount_code_id @TEXT@ not null,
    program_id @TEXT@ not null,
    code @TEXT@ not null,                     -- as its owner wrote it
    code_folded @TEXT@ not null,              -- lower case: what look-ups compare
    discount_id @TEXT@,
    partner_id @TEXT@ not null,
    link_id @TEXT@ not null,
    disabled_at_ms @INT64@,
    deleted_at_ms @INT64@,                    -- its row tells whom it was; others may have the code
    created_at_ms @INT64@ not null,
    primary key (workspace_id, discount_code_id)
) @BY_KEY@;
create unique index discount_codes_by_code on discount_codes (workspace_id, code_folded)
    where deleted_at_ms is null;
create index discount_codes_by_partner on discount_codes (workspace_id, partner_id);
create index discount_codes_by_discount on discount_codes (workspace_id, discount_id)
    where discount_id is not null;

create table embed_tokens (
    workspace_id @TEXT@ not null,
    token_hash @TEXT@ not null,               -- SHA-256, hex
    program_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    expires_at_ms @INT64@ not null,
    primary key (workspace_id, token_hash)
) @BY_KEY@;
-- Whoever shows a token does not say whose it is.
create index embed_tokens_by_hash on embed_tokens (token_hash);
create index embed_tokens_expired on embed_tokens (workspace_id, expires_at_ms);

-- @postgres
select headwater_protect(name)
from unnest(array['partner_applications', 'discount_codes', 'embed_tokens']) as name;
-- @end
