-- Derived: the hours of a UTC day together, so that long ranges read few rows. Made when the day is
-- over; of a day that is not closed the rows mean nothing.
create table rollups_day (
    workspace_id @TEXT@ not null,
    dimension @TEXT@ not null,
    value @TEXT@ not null,
    day_ms @INT64@ not null,
    clicks @INT64@ not null,
    leads @INT64@ not null,
    sales @INT64@ not null,
    sale_amount @INT64@ not null,
    primary key (workspace_id, dimension, value, day_ms)
) @BY_KEY@;

-- Days that are closed, are being closed, or were opened again. A day that has counts and no row
-- here is younger than every closed one.
create table rollup_days (
    workspace_id @TEXT@ not null,
    day_ms @INT64@ not null,
    closed @INT64@ not null,                  -- 1: the day's rows are the sums of its hours
    closer @INT64@ not null,                  -- who closes it at this moment; 0: nobody
    primary key (workspace_id, day_ms)
) @BY_KEY@;

-- @postgres
select headwater_protect('rollups_day'), headwater_protect('rollup_days');
-- @end
