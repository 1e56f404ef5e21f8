# SPDX-License-Identifier: Apache-2.0
"""P16: the queue of background work, with one job and with a hundred in a commit."""

import dataset
import postgres
from measure import median_of, ratio, short
from processes import raw_program

# As they tell it, on machines and with numbers of workers of their own; one thread here.
PUBLISHED = ('Published elsewhere, jobs per second: River 46,000 (2,000 workers, 8 cores), '
             'Graphile Worker 15,600 (184,000 in batches; enqueue 172,000), Oban 16,700, goqite '
             'on SQLite 18,500 messages put; bare SQLite from Python with every commit on disk: '
             'enqueue 8,100, claim and complete 3,700, by a hundred 188,000 and 51,400.')
SHOP = dataset.Size(links=10, customers=10)
WORKS = (('drain', 1), ('drain', 100), ('enqueue', 1), ('enqueue', 100))


def name_of(engine, side, work, batch):
    return f'{engine} {side} {work} {batch}'


def variants(bench, engine, fresh_url, pids):
    """Both sides of every work, next to each other."""
    def run(side, work, batch):
        url = fresh_url()
        return bench.observe(lambda: raw_program(
            bench, 'queue', '--database', url, '--side', side, '--work', work, '--batch', batch,
            '--seconds', bench.seconds), pids)
    return {name_of(engine, side, work, batch):
            lambda side=side, work=work, batch=batch: run(side, work, batch)
            for work, batch in WORKS for side in ('ours', 'raw')}


def figures(samples, engine):
    return [ratio(samples[name_of(engine, 'ours', work, batch)],
                  samples[name_of(engine, 'raw', work, batch)], 'rate')
            for work, batch in WORKS]


def rates(samples, engine):
    told = ', '.join(
        f'{work} {batch}: {short(median_of(samples[name_of(engine, "ours", work, batch)], "rate"))}'
        for work, batch in WORKS)
    return f'Jobs per second on {engine}, one thread: {told}.'


def p16(bench):
    sqlite = variants(bench, 'SQLite', lambda: f'sqlite:{bench.fresh_database(SHOP)}', ())
    with postgres.Cluster(bench.work, bench.server_cores) as cluster:
        cluster.make_template(bench.program, SHOP)
        both = sqlite | variants(bench, 'PostgreSQL', cluster.fresh_database, [cluster.pid])
        samples = bench.interleave(both)
    bench.save('P16', figures(samples, 'SQLite') + figures(samples, 'PostgreSQL'), samples,
               [rates(samples, 'SQLite'), rates(samples, 'PostgreSQL'), PUBLISHED])
