# SPDX-License-Identifier: Apache-2.0
"""P15: what a dashboard asks for, over ten million clicks of 10,000 links, from the rollups."""

import http.client
import time

import dataset
from measure import median_of, short, spread

SUBJECTS = ['groupBy=count', 'groupBy=timeseries', 'groupBy=countries', 'groupBy=devices',
            'groupBy=browsers', 'groupBy=referers', 'groupBy=top_links',
            'groupBy=timeseries&country=DE', f'groupBy=timeseries&linkId={dataset.link_id(0)}']
QUESTIONS = [f'interval={interval}&{subject}' for interval in ('all', '30d')
             for subject in SUBJECTS]
REPEATS = 20


def ask(connection, question):
    started = time.perf_counter()
    connection.request('GET', f'/analytics?event=composite&{question}',
                       headers={'Authorization': f'Bearer {dataset.API_KEY}'})
    answer = connection.getresponse()
    body = answer.read()
    took_ms = (time.perf_counter() - started) * 1_000
    good = answer.status == 200 and answer.getheader('X-Headwater-Partial') is None and body
    return took_ms, 0 if good else 1


def size_of(bench):
    if bench.smoke:
        return dataset.Size(links=1_000, clicks=100_000, customers=100)
    return dataset.Size(links=10_000, clicks=10_000_000, customers=10_000)


def p15(bench):
    path = bench.seed_database(size_of(bench))

    def ours():
        with bench.headwater(path) as server:
            host, port = server.url().removeprefix('http://').split(':')
            connection = http.client.HTTPConnection(host, int(port))
            slowest, errors = {}, 0
            for question in QUESTIONS:
                answers = [ask(connection, question) for _ in range(REPEATS)]
                errors += sum(failed for _, failed in answers)
                slowest[question] = sorted(took for took, _ in answers)[REPEATS // 2]
        by_link = {question: took for question, took in slowest.items() if 'top_links' in question}
        return slowest | {'links_ms': max(by_link.values()), 'errors': errors, 'slowest_ms': max(
            took for question, took in slowest.items() if question not in by_link)}
    samples = bench.interleave({'headwater': ours})
    every = samples['headwater']
    notes = ['Median of each question, ms: ' + ', '.join(
        f'{question} {short(median_of(every, question))}' for question in QUESTIONS) + '.']
    bench.save('P15', [spread([sample[key] for sample in every]) for key in (
        'slowest_ms', 'links_ms')], samples, notes)
