-- Customers as their owner keeps them.
alter table customers add column stripe_customer_id @TEXT@;
alter table customers add column subscription_canceled_at_ms @INT64@;
create unique index customers_by_stripe_id on customers (workspace_id, stripe_customer_id)
    where stripe_customer_id is not null;
