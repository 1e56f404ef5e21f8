# SPDX-License-Identifier: Apache-2.0
"""P9: page views, each durable before its answer."""

import subprocess

from dataset import Size
from measure import median_of
from processes import wrk

CONNECTIONS = 64
UMAMI_PER_CORE = 386 / 1.35  # measured once on a machine of this kind; not installed here


def make_token(bench, database):
    made = subprocess.run([bench.program, 'tokens', 'create', '--kind', 'public', '--database',
                           f'sqlite:{database}'], capture_output=True, text=True, check=True)
    return made.stdout.strip()


def p9(bench):
    def ours():
        database = bench.fresh_database(Size(links=1))
        token = make_token(bench, database)
        with bench.headwater(database, ['--rate-limit-ingest', '0']) as server:
            sample = bench.observe(lambda: wrk(bench, server.url('/api/ingest'), CONNECTIONS,
                                               (token, bench.seed()), 'pages.lua'), [server.pid])
        sample['rate_per_core'] = sample['rate'] / max(sample['server_cores'], 0.01)
        return sample
    samples = bench.interleave({'headwater': ours})
    rates = [sample['rate_per_core'] for sample in samples['headwater']]
    middle = median_of(samples['headwater'], 'rate_per_core')
    figure = {'value': middle / UMAMI_PER_CORE, 'min': min(rates) / UMAMI_PER_CORE,
              'max': max(rates) / UMAMI_PER_CORE}
    bench.save('P9', [figure], samples, [f'{middle:,.0f}/s per core.'])
