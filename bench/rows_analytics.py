# SPDX-License-Identifier: Apache-2.0
"""P15: what a dashboard asks for, over ten million clicks, from the rollups."""

import http.client
import time

import dataset
from measure import median_of, short, spread
from rows_state import big

QUESTIONS = ['groupBy=count', 'groupBy=timeseries', 'groupBy=countries', 'groupBy=devices',
             'groupBy=browsers', 'groupBy=referers', 'groupBy=timeseries&country=DE',
             f'groupBy=timeseries&linkId={dataset.link_id(0)}']
REPEATS = 20


def ask(connection, question):
    started = time.perf_counter()
    connection.request('GET', f'/analytics?event=composite&interval=all&{question}',
                       headers={'Authorization': f'Bearer {dataset.API_KEY}'})
    answer = connection.getresponse()
    body = answer.read()
    took_ms = (time.perf_counter() - started) * 1_000
    good = answer.status == 200 and answer.getheader('X-Headwater-Partial') is None and body
    return took_ms, 0 if good else 1


def p15(bench):
    path = bench.seed_database(big(bench))

    def ours():
        with bench.headwater(path) as server:
            host, port = server.url().removeprefix('http://').split(':')
            connection = http.client.HTTPConnection(host, int(port))
            slowest, errors = {}, 0
            for question in QUESTIONS:
                answers = [ask(connection, question) for _ in range(REPEATS)]
                errors += sum(failed for _, failed in answers)
                slowest[question] = sorted(took for took, _ in answers)[REPEATS // 2]
        return slowest | {'slowest_ms': max(slowest.values()), 'errors': errors}
    samples = bench.interleave({'headwater': ours})
    every = samples['headwater']
    notes = ['Median of each question, ms: ' + ', '.join(
        f'{question} {short(median_of(every, question))}' for question in QUESTIONS) + '.']
    bench.save('P15', [spread([sample['slowest_ms'] for sample in every])], samples, notes)
