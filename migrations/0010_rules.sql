-- What is not taken on trust, what happens by itself, and what is paid for a deed: fraud rules,
-- workflows, bounties.
alter table partners add column email_normal @TEXT@;  -- as base/email_address.hpp has it
create index partners_by_email_normal on partners (workspace_id, email_normal)
    where email_normal is not null;

-- By what else a partner is known: `payout` (a digest of the payout method), `visitor` (the salted
-- hash of a partner's own visit).
create table partner_identities (
    workspace_id @TEXT@ not null,
    kind @TEXT@ not null,
    value @TEXT@ not null,
    partner_id @TEXT@ not null,
    primary key (workspace_id, kind, value, partner_id)
) @BY_KEY@;
create index partner_identities_by_partner on partner_identities (workspace_id, partner_id, kind);

-- The first customer that a partner brought of each e-mail domain.
create table partner_email_domains (
    workspace_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    domain @TEXT@ not null,
    customer_id @TEXT@ not null,
    primary key (workspace_id, partner_id, domain)
) @BY_KEY@;

create index enrollments_banned on enrollments (workspace_id, partner_id) where status = 'banned';

-- Settings; a rule without a row is as core/fraud_rules.cpp has it.
create table fraud_rules (
    workspace_id @TEXT@ not null,
    rule @TEXT@ not null,
    enabled @INT64@ not null,
    config @TEXT@ not null,                   -- JSON, see store/fraud_rules.cpp
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, rule)
) @BY_KEY@;

-- What a person decides about: the hits of one rule on one partner until then.
create table fraud_groups (
    workspace_id @TEXT@ not null,
    group_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    rule @TEXT@ not null,
    status @TEXT@ not null,                   -- pending, resolved
    resolution @TEXT@ not null,               -- '' while pending; released, fraud, expired
    events @INT64@ not null,
    first_event_at_ms @INT64@ not null,
    last_event_at_ms @INT64@ not null,
    expires_at_ms @INT64@,                    -- null: never
    resolved_at_ms @INT64@,
    resolved_by @TEXT@,
    settled_through @TEXT@,                   -- resolved: the last event whose commission knows; null: all do
    primary key (workspace_id, group_id)
) @BY_KEY@;
create unique index fraud_groups_pending on fraud_groups (workspace_id, partner_id, rule)
    where status = 'pending';
create index fraud_groups_due on fraud_groups (workspace_id, expires_at_ms)
    where status = 'pending' and expires_at_ms is not null;
create index fraud_groups_unsettled on fraud_groups (workspace_id, settled_through)
    where settled_through is not null;

-- Fact: a rule found this.
create table fraud_events (
    workspace_id @TEXT@ not null,
    event_id @TEXT@ not null,
    group_id @TEXT@ not null,
    rule @TEXT@ not null,
    partner_id @TEXT@ not null,
    commission_id @TEXT@ not null,
    customer_id @TEXT@,
    evidence_key @TEXT@ not null,             -- what it is about: what a person has cleared is not told again
    evidence @TEXT@ not null,                 -- JSON
    at_ms @INT64@ not null,
    primary key (workspace_id, event_id)
) @BY_KEY@;
create index fraud_events_by_group on fraud_events (workspace_id, group_id, event_id);
create index fraud_events_by_evidence on fraud_events (workspace_id, partner_id, rule, evidence_key);
create unique index fraud_events_by_commission on fraud_events (workspace_id, commission_id, rule);

-- @postgres
select headwater_protect(name) from unnest(array['partner_identities', 'partner_email_domains',
    'fraud_rules', 'fraud_groups', 'fraud_events']) as name;
-- @end

-- Something that happens by itself when an event finds a partner in a certain state.
create table workflows (
    workspace_id @TEXT@ not null,
    workflow_id @TEXT@ not null,
    program_id @TEXT@ not null,
    name @TEXT@ not null,
    trigger_kind @TEXT@ not null,             -- partnerEnrolled, leadRecorded, saleRecorded, commissionRecorded, scheduled
    conditions @TEXT@ not null,               -- JSON, see store/workflows.cpp
    action_kind @TEXT@ not null,              -- awardBounty, moveGroup, sendCampaign
    action_subject_id @TEXT@ not null,        -- the bounty, group or campaign
    disabled_at_ms @INT64@,
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, workflow_id)
) @BY_KEY@;
create index workflows_by_trigger on workflows (workspace_id, trigger_kind) where disabled_at_ms is null;

-- Fact: what a workflow did. Once for a partner and what it is about, for ever.
create table workflow_runs (
    workspace_id @TEXT@ not null,
    workflow_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    subject_id @TEXT@ not null,               -- as workflows.action_subject_id was
    run_id @TEXT@ not null,
    trigger_kind @TEXT@ not null,
    detail @TEXT@ not null,                   -- what was done, for people
    at_ms @INT64@ not null,
    primary key (workspace_id, workflow_id, partner_id, subject_id)
) @BY_KEY@;
create index workflow_runs_by_workflow on workflow_runs (workspace_id, workflow_id, run_id);

create table bounties (
    workspace_id @TEXT@ not null,
    bounty_id @TEXT@ not null,
    program_id @TEXT@ not null,
    name @TEXT@ not null,
    description @TEXT@,
    kind @TEXT@ not null,                     -- submission: partners tell; performance: a workflow does
    reward_amount @INT64@,                    -- reporting currency; null: told at each approval
    group_ids @TEXT@ not null,                -- JSON; []: every group
    submissions_max @INT64@ not null,         -- of one partner
    starts_at_ms @INT64@ not null,
    ends_at_ms @INT64@,
    archived_at_ms @INT64@,
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, bounty_id)
) @BY_KEY@;

create table bounty_submissions (
    workspace_id @TEXT@ not null,
    submission_id @TEXT@ not null,
    bounty_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    period_number @INT64@ not null,           -- counts a partner's submissions to the bounty
    status @TEXT@ not null,                   -- draft, submitted, approved, rejected
    description @TEXT@,
    urls @TEXT@ not null,                     -- JSON
    files @TEXT@ not null,                    -- JSON: [{"url", "fileName", "size"}]
    performance_count @INT64@,
    social_metric_count @INT64@,
    commission_id @TEXT@,                     -- what its approval paid
    rejection_reason @TEXT@,
    rejection_note @TEXT@,
    created_at_ms @INT64@ not null,
    completed_at_ms @INT64@,
    reviewed_at_ms @INT64@,
    primary key (workspace_id, submission_id)
) @BY_KEY@;
create unique index bounty_submissions_by_bounty
    on bounty_submissions (workspace_id, bounty_id, partner_id, period_number);

-- @postgres
select headwater_protect(name) from unnest(array['workflows', 'workflow_runs', 'bounties',
    'bounty_submissions']) as name;
-- @end
