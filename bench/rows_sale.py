# SPDX-License-Identifier: Apache-2.0
"""P6 to P8: sales."""

import sqlite3

import dataset
import postgres
from measure import median_of, ratio, short
from processes import raw_program, wrk

SHOP = dataset.Size(links=1_000, customers=10_000)
IN_FLIGHT = 64
POSTGRES_CONNECTIONS = 8


def sale_load(bench, server, connections):
    return wrk(bench, server.url(), connections, (dataset.API_KEY, SHOP.customers, bench.seed()),
               'sales.lua')


def sales(bench, server, connections, pids=()):
    before = server.counters()
    sample = bench.observe(lambda: sale_load(bench, server, connections), [server.pid, *pids])
    after = server.counters()
    sample['sales_per_commit'] = ((after['use_cases_total'] - before['use_cases_total']) /
                                  max(1, after['commits_total'] - before['commits_total']))
    return sample


def count_missing(sample, stored):
    """Every answered sale must be a row; the connections' last ones may have gone unanswered."""
    sample['stored'] = stored
    sample['errors'] += max(0, sample['count'] - stored)
    return sample


def stored_in_sqlite(path):
    with sqlite3.connect(path) as connection:
        return connection.execute(
            "select count(*) from conversions where kind = 'purchase'").fetchone()[0]


def raw_sqlite(bench):
    path = bench.fresh_database(SHOP)
    sample = bench.observe(lambda: raw_program(
        bench, 'raw_sale_sqlite', '--database', path, '--seconds', bench.seconds, '--customers',
        SHOP.customers, '--seed', bench.seed(), '--group', IN_FLIGHT))
    return count_missing(sample, stored_in_sqlite(path))


def p6(bench):
    def ours():
        path = bench.fresh_database(SHOP)
        with bench.headwater(path) as server:
            sample = sales(bench, server, IN_FLIGHT)
        return count_missing(sample, stored_in_sqlite(path))
    samples = bench.interleave({'headwater': ours, 'raw SQLite': lambda: raw_sqlite(bench)})
    grouped = median_of(samples['headwater'], 'sales_per_commit')
    bench.save('P6', [ratio(samples['headwater'], samples['raw SQLite'], 'rate')], samples,
               [f'{short(grouped)} sales per commit.'])


STORED = "select count(*) from conversions where kind = 'purchase'"


def p7(bench):
    with postgres.Cluster(bench.work, bench.server_cores) as cluster:
        cluster.make_template(bench.program, SHOP)

        def ours():
            url = cluster.fresh_database()
            options = ['--writers', str(POSTGRES_CONNECTIONS)]
            with bench.headwater(url, options) as server:
                sample = sales(bench, server, IN_FLIGHT, [cluster.pid])
            return count_missing(sample, cluster.number(url, STORED))

        def theirs(cores):
            url = cluster.fresh_database()
            sample = bench.observe(lambda: raw_program(
                bench, 'raw_sale_postgres', '--database', url, '--seconds', bench.seconds,
                '--customers', SHOP.customers, '--seed', bench.seed(), '--connections',
                POSTGRES_CONNECTIONS, cores=cores), [cluster.pid])
            return count_missing(sample, cluster.number(url, STORED))
        samples = bench.interleave({'headwater': ours,
                                    'raw libpq': lambda: theirs(bench.server_cores),
                                    'raw libpq apart': lambda: theirs(bench.load_cores)})
    apart = ratio(samples['headwater'], samples['raw libpq apart'], 'rate')
    bench.save('P7', [ratio(samples['headwater'], samples['raw libpq'], 'rate')], samples,
               ['The client, Headwater or raw, shares two cores with PostgreSQL. Against a raw '
                f'client with the other two for itself: {short(apart["value"])}.'])


def p8(bench):
    def ours():
        with bench.headwater(bench.fresh_database(SHOP)) as server:
            return sales(bench, server, 1)

    def theirs():
        return bench.observe(lambda: raw_program(
            bench, 'fsync_append', '--file', bench.work / 'append', '--seconds', bench.seconds))
    samples = bench.interleave({'headwater': ours, 'fdatasync': theirs})
    (bench.work / 'append').unlink(missing_ok=True)
    p50 = [short(median_of(each, 'p50_us')) for each in samples.values()]
    p99 = short(median_of(samples['headwater'], 'p99_us'))
    bench.save('P8', [ratio(samples['headwater'], samples['fdatasync'], 'p50_us')], samples,
               [f'A sale takes p50 {p50[0]} us, p99 {p99} us; the append takes p50 {p50[1]} us.'])
