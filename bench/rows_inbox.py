# SPDX-License-Identifier: Apache-2.0
"""P17: payment deliveries, each verified and durable before its answer; their way to the books."""

import hashlib
import hmac
import json
import sqlite3
import time
import urllib.request

import dataset
from dataset import ROOT
from measure import median_of, ratio, short
from processes import raw_program, wrk

SHOP = dataset.Size(links=10, customers=10)
SECRET = 'whsec_bench_0123456789abcdef'
IN_FLIGHT = 64
UNLIMITED = ['--rate-limit-hook', '0', '--rate-limit-address', '0']
DELIVERIES_PER_SECOND = 10_000  # more than are answered
PROCESSED_IN_S = 120


def connect(server):
    """The address that a new connection delivers to."""
    request = urllib.request.Request(
        server.url('/payment-connections'), method='POST',
        data=json.dumps({'provider': 'stripe', 'secret': SECRET}).encode(),
        headers={'Authorization': f'Bearer {dataset.API_KEY}', 'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=10) as answer:
        connection = json.load(answer)
    return f'/hooks/stripe/{connection["id"]}'


def write_deliveries(path, count):
    """Completed checkouts of as many customers, signed at this moment."""
    event = json.loads((ROOT / 'testdata/stripe/checkout_completed_payment_paid.json').read_text())
    at = int(time.time())
    event['created'] = event['data']['object']['created'] = at
    with path.open('w') as out:
        for i in range(count):
            event['id'] = f'evt_bench{i}'
            session = event['data']['object']
            session['id'], session['payment_intent'] = f'cs_bench{i}', f'pi_bench{i}'
            session['customer'] = f'cus_bench{i}'
            body = json.dumps(event, separators=(',', ':'))
            mac = hmac.new(SECRET.encode(), f'{at}.{body}'.encode(), hashlib.sha256).hexdigest()
            out.write(f't={at},v1={mac}\t{body}\n')


def number(database, statement):
    with sqlite3.connect(database) as connection:
        return connection.execute(statement).fetchone()[0]


def wait_until_processed(database):
    began = time.monotonic()
    while number(database, "select count(*) from jobs where kind = 'process_inbox' "
                           "and state in ('ready', 'waiting', 'running', 'blocked')"):
        if time.monotonic() - began > PROCESSED_IN_S:
            raise SystemExit('bench: deliveries are still waiting')
        time.sleep(0.2)
    return time.monotonic() - began


def p17(bench):
    def ours():
        database = bench.fresh_database(SHOP)
        file = bench.work / 'deliveries'
        with bench.headwater(database, UNLIMITED) as server:
            path = connect(server)
            write_deliveries(file, bench.seconds * DELIVERIES_PER_SECOND)
            began = time.monotonic()
            threads = min(len(bench.load_cores), IN_FLIGHT)
            sample = bench.observe(lambda: wrk(bench, server.url(path), IN_FLIGHT,
                                               (file, threads), 'deliveries.lua'), [server.pid])
            wait_until_processed(database)
            elapsed = time.monotonic() - began
        file.unlink()
        stored = number(database, "select count(*) from inbox")
        booked = number(database, "select count(*) from conversions where kind = 'purchase'")
        sample['errors'] += max(0, min(sample['count'], stored) - booked)
        return sample | {'stored': stored, 'booked_per_s': booked / elapsed}

    def theirs():
        return bench.observe(lambda: raw_program(
            bench, 'fsync_append', '--file', bench.work / 'append', '--seconds', bench.seconds))
    samples = bench.interleave({'headwater': ours, 'fdatasync': theirs})
    (bench.work / 'append').unlink(missing_ok=True)
    answered, booked = (median_of(samples['headwater'], key) for key in ('rate', 'booked_per_s'))
    bench.save('P17', [ratio(samples['headwater'], samples['fdatasync'], 'rate')], samples,
               [f'{short(answered)} deliveries per second answered; with their way to the books, '
                f'which goes on meanwhile, {short(booked)} per second.'])
