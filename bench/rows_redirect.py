# SPDX-License-Identifier: Apache-2.0
"""P1 to P5: redirects."""

import pathlib
import subprocess
import tempfile

from dataset import CHROME, DOMAIN, Size
from goals import PEERS
from measure import median_of, ratio, short
from processes import STOP_S, on_cores, wrk

LINKS = Size(links=1_000)
BROWSER = (f'Host: {DOMAIN}', f'User-Agent: {CHROME}', 'Referer: https://www.google.com/',
           'Accept-Language: en-US,en;q=0.9', 'Accept: text/html,application/xhtml+xml')
# h2load replaces its own headers only under their HTTP/2 names.
H2LOAD_BROWSER = (f':authority: {DOMAIN}', *(f'{name.lower()}:{value}' for name, _, value in
                                             (header.partition(':') for header in BROWSER[1:])))
OFFERED_RATE, OFFERED_CONNECTIONS, WARM_UP_S = 5_000, 64, 1


def per_core(sample):
    sample['rate_per_core'] = sample['rate'] / max(sample['server_cores'], 0.01)
    return sample


def p1(bench):
    def load(server):
        return per_core(bench.observe(
            lambda: wrk(bench, server.url('/s5?utm_source=tw'), 64,
                        headers=(*BROWSER, 'dub-no-track: 1')), [server.pid]))

    def ours():
        with bench.headwater(bench.fresh_database(LINKS)) as server:
            return load(server)

    def theirs():
        with bench.nginx(access_log=False) as server:
            return load(server)
    samples = bench.interleave({'headwater': ours, 'nginx': theirs})
    plain = ratio(samples['headwater'], samples['nginx'], 'rate')
    bench.save('P1', [ratio(samples['headwater'], samples['nginx'], 'rate_per_core')], samples,
               [f'Requests per second of the whole server: ratio {short(plain["value"])}.'])


def click_load(bench, server, connections, links=LINKS.links):
    return wrk(bench, server.url(), connections, (links, bench.seed()), 'clicks.lua')


def durable_clicks(bench, server, connections, links=LINKS.links):
    """Load of clicks; the sample proves that they were recorded and tells how they were grouped."""
    before = server.counters()
    sample = bench.observe(lambda: click_load(bench, server, connections, links), [server.pid])
    after = server.counters()
    grew = {name: after[name] - before[name] for name in ('clicks_total', 'commits_total')}
    sample['clicks_per_commit'] = grew['clicks_total'] / max(1, grew['commits_total'])
    return count_unrecorded(sample, grew['clicks_total'])


def count_unrecorded(sample, recorded):
    """Answers without a click of their own are errors; a chance repeat of a visitor is not."""
    sample['recorded_share'] = recorded / max(1, sample['count'])
    if sample['recorded_share'] < 0.99:
        sample['errors'] += sample['count'] - recorded
    return sample


def durable_row(bench, row_id, connections):
    def ours():
        with bench.headwater(bench.fresh_database(LINKS)) as server:
            return durable_clicks(bench, server, connections)

    def theirs():
        with bench.nginx(access_log=True) as server:
            return bench.observe(lambda: click_load(bench, server, connections), [server.pid])
    samples = bench.interleave({'headwater': ours, 'nginx': theirs})
    clicks = median_of(samples['headwater'], 'clicks_per_commit')
    bench.save(row_id, [ratio(samples['headwater'], samples['nginx'], 'rate')], samples,
               [f'{short(clicks)} clicks per commit.'])


def p2(bench):
    durable_row(bench, 'P2', 64)


def p3(bench):
    durable_row(bench, 'P3', 256)


def offered_load(bench, server, links):
    """h2load walks its URIs in the same order on every connection and cannot vary a header, so each
    connection is a process with a visitor and a first link of its own."""
    rate = OFFERED_RATE / OFFERED_CONNECTIONS
    with tempfile.TemporaryDirectory(dir=bench.work) as folder:
        folder = pathlib.Path(folder)
        clients = []
        for i in range(OFFERED_CONNECTIONS):
            first = i * links // OFFERED_CONNECTIONS
            uris = folder / f'{i}.uris'
            uris.write_text(''.join(server.url(f'/s{(first + n) % links}?utm_source=tw\n')
                                    for n in range(links)))
            visitor = f'x-forwarded-for: 198.51.{i}.{bench.seed() % 254 + 1}'
            headers = [f'--header={header}' for header in (*H2LOAD_BROWSER, visitor)]
            clients.append(subprocess.Popen(
                [*on_cores(bench.load_cores), 'h2load', '--h1', '-c1', '-t1', f'--rps={rate}',
                 f'-D{bench.seconds + WARM_UP_S}', f'--log-file={folder}/{i}.log',
                 f'--input-file={uris}', *headers], stdout=subprocess.DEVNULL))
        failed = sum(client.wait(bench.seconds + STOP_S) != 0 for client in clients)
        rows = [line.split('\t') for i in range(OFFERED_CONNECTIONS)
                for line in (folder / f'{i}.log').read_text().splitlines()]
    return offered_sample(bench, rows, failed)


def offered_sample(bench, rows, failed):
    """`rows` are (start in us, status, us until the end of the answer). The first second, in which
    connections and caches warm up, does not count."""
    first = min(int(row[0]) for row in rows) + WARM_UP_S * 1_000_000
    kept = [row for row in rows if first <= int(row[0]) < first + bench.seconds * 1_000_000]
    took = sorted(int(row[2]) for row in kept)
    return {'rate': len(kept) / bench.seconds, 'count': len(rows), 'p50_us': took[len(took) // 2],
            'p99_us': took[len(took) * 99 // 100], 'p999_us': took[len(took) * 999 // 1000],
            'errors': failed + sum(row[1] != '302' for row in rows)}


def p4(bench):
    each = OFFERED_RATE // OFFERED_CONNECTIONS + 2
    links = max(1_000, each * (bench.seconds + WARM_UP_S + 1))

    def ours():
        with bench.headwater(bench.fresh_database(Size(links=links))) as server:
            before = server.counters()['clicks_total']
            sample = bench.observe(lambda: offered_load(bench, server, links), [server.pid])
            return count_unrecorded(sample, server.counters()['clicks_total'] - before)

    def theirs():
        with bench.nginx(access_log=True) as server:
            return bench.observe(lambda: offered_load(bench, server, links), [server.pid])
    samples = bench.interleave({'headwater': ours, 'nginx': theirs})
    figures = []
    for key in ('p50_us', 'p99_us'):
        values = [sample[key] / 1_000 for sample in samples['headwater']]
        figures.append({'value': median_of(samples['headwater'], key) / 1_000,
                        'min': min(values), 'max': max(values)})
    yardstick = [short(median_of(samples['nginx'], key) / 1_000) for key in ('p50_us', 'p99_us')]
    offered = short(median_of(samples['headwater'], 'rate'))
    bench.save('P4', figures, samples,
               [f'{offered}/s reached the server. nginx with its buffered log, beside it: p50 '
                f'{yardstick[0]} ms, p99 {yardstick[1]} ms.'])


def p5(bench):
    if bench.load_result('P2') is None:
        p2(bench)
    base = bench.load_result('P2')
    rates = [sample['rate'] for sample in base['samples']['headwater']]
    middle = median_of(base['samples']['headwater'], 'rate')
    figures = [{'value': middle / peer, 'min': min(rates) / peer, 'max': max(rates) / peer}
               for peer in PEERS.values()]
    peers = ', '.join(f'{name} {rate:,}/s' for name, rate in PEERS.items())
    bench.save('P5', figures, {}, [f'Computed from P2, {middle:,.0f}/s, and {peers}.'],
               base['disturbed'])
