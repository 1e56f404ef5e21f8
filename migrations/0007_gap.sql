-- Belongs to another neighbour.
select 1;
