# SPDX-License-Identifier: Apache-2.0
"""P18: a thousand webhook endpoints, and the same when one of them accepts and never answers."""

import asyncio
import contextlib
import json
import statistics
import subprocess
import time
import urllib.request

import dataset
from measure import remove_database, short, spread
from processes import create_schema, free_port

WORKSPACES, ENDPOINTS_OF_EACH = 50, 20
SALES_PER_S = 20  # each is told to every endpoint of its workspace
SETTLED_S = 60    # by when all that answer have been told


def address(number):
    """Each endpoint is a host of its own, as merchants' are."""
    return f'127.1.{number // 250}.{number % 250 + 1}'


def key_of(workspace):
    return f'dub_benchwebhooks{workspace:08d}'


def shop(number, port):
    first = number * ENDPOINTS_OF_EACH
    return {'id': f'ws_{number}', 'slug': f'shop-{number}', 'name': f'Shop {number}',
            'apiKeys': [{'key': key_of(number)}], 'domains': [f'go{number}.test'],
            'links': [{'id': f'link_{number}', 'domain': f'go{number}.test', 'key': 'a',
                       'url': 'https://shop.example/', 'trackConversion': True}],
            'webhooks': [{'name': f'Endpoint {e}', 'events': ['sale.created'],
                          'url': f'http://{address(e)}:{port}/hook'}
                         for e in range(first, first + ENDPOINTS_OF_EACH)]}


def seeded(bench, port):
    database = bench.work / 'webhooks.db'
    remove_database(database)
    create_schema(bench.program, f'sqlite:{database}')
    world = bench.work / 'webhooks.json'
    world.write_text(json.dumps({'workspaces': [shop(w, port) for w in range(WORKSPACES)]}))
    subprocess.run([bench.program, 'seed', world, '--database', f'sqlite:{database}'], check=True,
                   stdout=subprocess.DEVNULL)
    return database


class Endpoints:
    """All of them. What a sale is called tells when it was made."""

    def __init__(self, dead):
        self.dead, self.delays_ms, self.servers, self.silent = dead, [], [], set()

    async def listen(self, port):
        for number in range(WORKSPACES * ENDPOINTS_OF_EACH):
            self.servers.append(await asyncio.start_server(
                lambda reader, writer, number=number: self.answer(number, reader, writer),
                address(number), port))

    async def answer(self, number, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while number != self.dead:
                head = await reader.readuntil(b'\r\n\r\n')
                length = int(head.lower().split(b'content-length:')[1].split(b'\r\n')[0])
                body = json.loads(await reader.readexactly(length))
                told_ns = int(body['data']['sale']['invoiceId'])
                self.delays_ms.append((time.time_ns() - told_ns) / 1e6)
                writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
            self.silent.add(writer)


def post(server, workspace, path, body):
    request = urllib.request.Request(
        server.url(path), method='POST', data=json.dumps(body).encode(),
        headers={'Authorization': f'Bearer {key_of(workspace)}',
                 'Content-Type': 'application/json', 'User-Agent': dataset.CHROME})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def make_buyer(server, workspace):
    click = post(server, workspace, '/track/click',
                 {'domain': f'go{workspace}.test', 'key': 'a', 'url': 'https://shop.example/'})
    post(server, workspace, '/track/lead', {'clickId': click['clickId'], 'eventName': 'Sign up',
                                            'customerExternalId': 'buyer'})


def sell(server, workspace):
    post(server, workspace, '/track/sale',
         {'customerExternalId': 'buyer', 'amount': 1000, 'invoiceId': str(time.time_ns())})


async def tell(server, endpoints, seconds):
    """Sales at a steady rate, then until every endpoint that answers has been told of each."""
    began = time.monotonic()
    sales = seconds * SALES_PER_S
    for i in range(sales):
        await asyncio.sleep(max(0, began + i / SALES_PER_S - time.monotonic()))
        await asyncio.to_thread(sell, server, i % WORKSPACES)
    to_dead = 0 if endpoints.dead is None else sum(i % WORKSPACES == 0 for i in range(sales))
    expected = sales * ENDPOINTS_OF_EACH - to_dead
    deadline = time.monotonic() + SETTLED_S
    while len(endpoints.delays_ms) < expected and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return max(0, expected - len(endpoints.delays_ms))


async def observed(bench, server, port, dead):
    endpoints = Endpoints(dead)
    await endpoints.listen(port)
    for workspace in range(WORKSPACES):
        await asyncio.to_thread(make_buyer, server, workspace)
    missing = await tell(server, endpoints, bench.seconds)
    for one in endpoints.servers:
        one.close()
    delays = sorted(endpoints.delays_ms)
    return {'count': len(delays), 'p50_ms': statistics.median(delays),
            'p99_ms': delays[int(len(delays) * 0.99)], 'max_ms': delays[-1], 'errors': missing}


def p18(bench):
    def run(dead):
        port = free_port()
        database = seeded(bench, port)
        with bench.headwater(database, ['--allow-private', '127.0.0.0/8']) as server:
            return bench.observe(lambda: asyncio.run(observed(bench, server, port, dead)),
                                 [server.pid])
    samples = bench.interleave({'all answer': lambda: run(None), 'one never does': lambda: run(0)})
    rounds = [dead['p99_ms'] / well['p99_ms'] for well, dead in
              zip(samples['all answer'], samples['one never does'], strict=True)]
    of_all, of_healthy = (statistics.median(sample['p99_ms'] for sample in samples[name])
                          for name in samples)
    figure = spread(rounds) | {'value': of_healthy / of_all}
    bench.save('P18', [figure], samples,
               [f'From the sale to its arrival, p99: {short(of_all)} ms when all answer, '
                f'{short(of_healthy)} ms for the others when one does not.'])
