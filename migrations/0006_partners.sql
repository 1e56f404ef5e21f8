-- Who is owed what: the partner programme, its commissions and the books behind them.
create table programs (
    workspace_id @TEXT@ not null,
    program_id @TEXT@ not null,
    name @TEXT@ not null,
    slug @TEXT@ not null,
    domain @TEXT@,                            -- of partner links
    url @TEXT@,                               -- where partner links lead
    min_payout_amount @INT64@ not null,       -- reporting currency
    created_at_ms @INT64@ not null,
    primary key (workspace_id, program_id)
) @BY_KEY@;
create unique index programs_by_slug on programs (workspace_id, slug);

create table rewards (
    workspace_id @TEXT@ not null,
    reward_id @TEXT@ not null,
    program_id @TEXT@ not null,
    event @TEXT@ not null,                    -- click, lead, sale, referral
    is_percentage @INT64@ not null,
    amount @INT64@ not null,                  -- minor units, or hundredths of a percent
    max_duration_months @INT64@,              -- 0: the first only; null: for ever
    spend_limit @INT64@,
    spend_limit_interval @TEXT@ not null,     -- allTime, day, week, month; '' without a limit
    modifiers @TEXT@ not null,                -- JSON, see store/rewards.cpp
    description @TEXT@ not null,
    tooltip @TEXT@ not null,
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, reward_id)
) @BY_KEY@;

create table discounts (
    workspace_id @TEXT@ not null,
    discount_id @TEXT@ not null,
    program_id @TEXT@ not null,
    is_percentage @INT64@ not null,
    amount @INT64@ not null,
    max_duration_months @INT64@,
    provider @TEXT@ not null,                 -- stripe, shopify, custom
    coupon_id @TEXT@,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, discount_id)
) @BY_KEY@;

create table partner_groups (
    workspace_id @TEXT@ not null,
    group_id @TEXT@ not null,
    program_id @TEXT@ not null,
    name @TEXT@ not null,
    slug @TEXT@ not null,                     -- "default" is where partners begin
    color @TEXT@,
    holding_period_days @INT64@ not null,
    click_reward_id @TEXT@,
    lead_reward_id @TEXT@,
    sale_reward_id @TEXT@,
    referral_reward_id @TEXT@,
    discount_id @TEXT@,
    link_hosts @TEXT@ not null,               -- JSON: hosts that partner links may lead to; []: the program's
    default_links @TEXT@ not null,            -- JSON: [{"domain", "url"}], made for every new partner
    created_at_ms @INT64@ not null,
    primary key (workspace_id, group_id)
) @BY_KEY@;
create unique index partner_groups_by_slug on partner_groups (workspace_id, program_id, slug);

create table partners (
    workspace_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    name @TEXT@ not null,
    username @TEXT@,
    email @TEXT@,
    email_folded @TEXT@,                      -- lower case
    image @TEXT@,
    country @TEXT@,
    company_name @TEXT@,
    description @TEXT@,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, partner_id)
) @BY_KEY@;
create unique index partners_by_email on partners (workspace_id, email_folded)
    where email_folded is not null;

-- A partner in a programme.
create table enrollments (
    workspace_id @TEXT@ not null,
    program_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    enrollment_id @TEXT@ not null,
    group_id @TEXT@ not null,
    status @TEXT@ not null,                   -- pending, approved, rejected, invited, declined, deactivated, banned, archived
    tenant_id @TEXT@,                         -- the merchant's own id of the partner
    banned_at_ms @INT64@,
    banned_reason @TEXT@,
    created_at_ms @INT64@ not null,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, program_id, partner_id)
) @BY_KEY@;
create unique index enrollments_by_tenant_id on enrollments (workspace_id, program_id, tenant_id)
    where tenant_id is not null;
create index enrollments_by_group on enrollments (workspace_id, program_id, group_id);

create index links_by_partner on links (workspace_id, partner_id) where partner_id is not null;

-- Sales that found their customer, or another link, after they were told.
create index attributions_changed on attributions (workspace_id, customer_id, conversion_id)
    where seq > 1;

-- Fact: what an event of a partner's link was worth when it was credited, and by which rule. What
-- became of it since is in conversions (refunds), reviews and payouts; the postings follow from all.
create table commissions (
    workspace_id @TEXT@ not null,
    commission_id @TEXT@ not null,
    program_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- click, lead, sale, referral, custom
    link_id @TEXT@,
    customer_id @TEXT@,
    conversion_id @TEXT@,
    invoice_id @TEXT@,
    reward_id @TEXT@,
    modifier_id @TEXT@ not null,              -- '' when the base paid
    max_duration_months @INT64@,              -- of the reward, then
    quantity @INT64@ not null,
    amount @INT64@ not null,                  -- of the sale; 0 for the others. Reporting currency
    earnings @INT64@ not null,                -- negative: a clawback
    currency @TEXT@ not null,
    description @TEXT@,
    metadata @TEXT@,                          -- JSON
    user_id @TEXT@,                           -- who made it by hand
    occurred_at_ms @INT64@ not null,
    matures_at_ms @INT64@ not null,           -- end of the holding period
    created_at_ms @INT64@ not null,
    primary key (workspace_id, commission_id)
) @BY_KEY@;
create index commissions_by_partner on commissions (workspace_id, partner_id, commission_id);
create index commissions_by_conversion on commissions (workspace_id, conversion_id)
    where conversion_id is not null;
create index commissions_by_customer on commissions (workspace_id, customer_id, partner_id)
    where customer_id is not null;

-- One commission per business event, for ever: sale:<conversion>, lead:<partner>:<customer>,
-- click:<link>:<day>.
create table commission_keys (
    workspace_id @TEXT@ not null,
    key @TEXT@ not null,
    commission_id @TEXT@ not null,
    primary key (workspace_id, key)
) @BY_KEY@;

-- Decision: append-only; the highest `seq` of a subject stands.
create table commission_reviews (
    workspace_id @TEXT@ not null,
    commission_id @TEXT@ not null,
    seq @INT64@ not null,
    verdict @TEXT@ not null,                  -- none, hold, refunded, duplicate, fraud, canceled, amended
    amount @INT64@,                           -- amended: the sale amount, and what it earns
    earnings @INT64@,
    reason @TEXT@ not null,
    decided_by @TEXT@ not null,
    decided_at_ms @INT64@ not null,
    primary key (workspace_id, commission_id, seq)
) @BY_KEY@;

-- Derived from the facts and decisions above and below: where a commission stands.
create table commission_states (
    workspace_id @TEXT@ not null,
    commission_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    status @TEXT@ not null,                   -- pending, hold, processed, paid, refunded, duplicate, fraud, canceled
    amount @INT64@ not null,
    earnings @INT64@ not null,
    due @INT64@ not null,                     -- what the next payout takes: negative, to be taken back
    payout_id @TEXT@,                         -- the one that pays it
    paid_at_ms @INT64@,
    updated_at_ms @INT64@ not null,
    primary key (workspace_id, commission_id)
) @BY_KEY@;
create index commission_states_pending on commission_states (workspace_id, commission_id)
    where status = 'pending';
create index commission_states_due on commission_states (workspace_id, partner_id, commission_id)
    where due <> 0;

-- Fact: money that went back to a buyer. It names the payment as its teller knows it, so it may come
-- before the sale: invoice:<id> or conversion:<id>.
create table refunds (
    workspace_id @TEXT@ not null,
    payment_alias @TEXT@ not null,
    refund_key @TEXT@ not null,               -- of whoever tells it, once for ever
    amount @INT64@ not null,                  -- minor units of `currency`
    currency @TEXT@ not null,                 -- of the sale; '' when the teller did not say
    reason @TEXT@ not null,
    at_ms @INT64@ not null,
    primary key (workspace_id, payment_alias, refund_key)
) @BY_KEY@;

-- Fact: a buyer's bank asks the money back. A verdict (won, lost) outranks `open`, whatever comes
-- first.
create table disputes (
    workspace_id @TEXT@ not null,
    payment_alias @TEXT@ not null,
    dispute_key @TEXT@ not null,
    state @TEXT@ not null,                    -- open, won, lost
    at_ms @INT64@ not null,
    primary key (workspace_id, payment_alias, dispute_key, state)
) @BY_KEY@;

create table payouts (
    workspace_id @TEXT@ not null,
    payout_id @TEXT@ not null,
    program_id @TEXT@ not null,
    partner_id @TEXT@ not null,
    amount @INT64@ not null,
    currency @TEXT@ not null,
    description @TEXT@,
    period_start_ms @INT64@ not null,
    period_end_ms @INT64@ not null,
    created_at_ms @INT64@ not null,
    primary key (workspace_id, payout_id)
) @BY_KEY@;
create index payouts_by_partner on payouts (workspace_id, partner_id, payout_id);

-- What a payout pays of a commission: positive, or the negative carry of one that was paid before.
create table payout_items (
    workspace_id @TEXT@ not null,
    payout_id @TEXT@ not null,
    commission_id @TEXT@ not null,
    amount @INT64@ not null,
    primary key (workspace_id, payout_id, commission_id)
) @BY_KEY@;
create index payout_items_by_commission on payout_items (workspace_id, commission_id);

-- Decision: append-only; the highest `seq` stands.
create table payout_steps (
    workspace_id @TEXT@ not null,
    payout_id @TEXT@ not null,
    seq @INT64@ not null,
    status @TEXT@ not null,                   -- pending, processing, processed, sent, completed, failed, canceled
    reason @TEXT@ not null,
    trace_id @TEXT@,                          -- of the bank or provider
    decided_by @TEXT@ not null,
    decided_at_ms @INT64@ not null,
    primary key (workspace_id, payout_id, seq)
) @BY_KEY@;

-- The books: transactions whose postings sum to zero per currency. Append-only.
create table ledger_transactions (
    workspace_id @TEXT@ not null,
    ledger_id @TEXT@ not null,
    kind @TEXT@ not null,                     -- what made it necessary: accrual, maturity, refund, review, payout, ...
    commission_id @TEXT@,
    payout_id @TEXT@,
    at_ms @INT64@ not null,
    primary key (workspace_id, ledger_id)
) @BY_KEY@;

create table postings (
    workspace_id @TEXT@ not null,
    ledger_id @TEXT@ not null,
    position @INT64@ not null,
    account @TEXT@ not null,                  -- expense:commissions, partner:<id>:payable, ...
    amount @INT64@ not null,                  -- minor units, positive: to the account
    currency @TEXT@ not null,
    commission_id @TEXT@,
    primary key (workspace_id, ledger_id, position)
) @BY_KEY@;
create index postings_by_account on postings (workspace_id, account, ledger_id);
create index postings_by_commission on postings (workspace_id, commission_id)
    where commission_id is not null;

-- Derived: what each account holds. `slot` as in link_totals.
create table ledger_balances (
    workspace_id @TEXT@ not null,
    account @TEXT@ not null,
    currency @TEXT@ not null,
    slot @INT64@ not null,
    balance @INT64@ not null,
    primary key (workspace_id, account, currency, slot)
) @BY_KEY@;

-- The chain: each seal hashes its transaction, with all postings, and the seal before it. Made
-- after the commit, so that transactions of a workspace do not wait for each other.
create table ledger_seals (
    workspace_id @TEXT@ not null,
    seq @INT64@ not null,
    ledger_id @TEXT@ not null,
    hash @TEXT@ not null,                     -- SHA-256, hex
    sealed_at_ms @INT64@ not null,
    primary key (workspace_id, seq)
) @BY_KEY@;
create unique index ledger_seals_by_transaction on ledger_seals (workspace_id, ledger_id);

-- What statements are signed with (Ed25519). Made once, never changed.
create table signing_keys (
    workspace_id @TEXT@ not null,
    seed @BLOB@ not null,                     -- the secret
    created_at_ms @INT64@ not null,
    primary key (workspace_id)
) @BY_KEY@;

-- @postgres
select headwater_protect(name) from unnest(array['programs', 'rewards', 'discounts', 'partner_groups',
    'partners', 'enrollments', 'commissions', 'commission_keys', 'commission_reviews',
    'commission_states', 'payouts', 'payout_items', 'payout_steps', 'refunds',
    'disputes', 'ledger_transactions',
    'postings', 'ledger_balances', 'ledger_seals', 'signing_keys']) as name;
-- @end
