# SPDX-License-Identifier: Apache-2.0
"""P10, P11, P13, P14: memory, disk, start and survival."""

import os
import random
import shutil
import sqlite3
import threading

import dataset
import kill
from measure import median_of, remove_database, short, spread
from rows_redirect import LINKS, click_load, durable_clicks
from sinks import SqliteSink

SAMPLE_S = 0.2


def many_links(bench):
    return dataset.Size(links=10_000 if bench.smoke else 1_000_000)


def big(bench):
    if bench.smoke:
        return dataset.Size(links=10_000, clicks=100_000, customers=100)
    return dataset.Size(links=1_000_000, clicks=10_000_000, customers=10_000)


def p10(bench):
    size = many_links(bench)

    def ours():
        with bench.headwater(bench.fresh_database(size)) as server:
            seen, done = [server.pss_mb()], threading.Event()

            def watch():
                while not done.wait(SAMPLE_S):
                    seen.append(server.pss_mb())
            watcher = threading.Thread(target=watch)
            watcher.start()
            sample = durable_clicks(bench, server, 256, size.links)
            done.set()
            watcher.join()
        return sample | {'pss_mb_at_start': seen[0], 'pss_mb': max(seen)}
    samples = bench.interleave({'headwater': ours})
    start = median_of(samples['headwater'], 'pss_mb_at_start')
    bench.save('P10', [spread([sample['pss_mb'] for sample in samples['headwater']])], samples,
               [f'{short(start)} MB before the load; the figure is the highest during it.'])


def checkpointed_bytes(path):
    connection = sqlite3.connect(path)
    connection.execute('pragma wal_checkpoint(truncate)').fetchall()
    connection.close()
    return path.stat().st_size


def bytes_by_table(path):
    connection = sqlite3.connect(path)
    rows = connection.execute('select name, sum(pgsize) from dbstat group by name').fetchall()
    connection.close()
    return dict(rows)


def p11(bench):
    def ours():
        path = bench.fresh_database(LINKS)
        before = checkpointed_bytes(path)
        with bench.headwater(path) as server:
            sample = bench.observe(lambda: click_load(bench, server, 64), [server.pid])
        grew = checkpointed_bytes(path) - before
        with sqlite3.connect(path) as connection:
            clicks = connection.execute('select count(*) from touches').fetchone()[0]
        return sample | {'clicks': clicks, 'bytes_per_click': grew / clicks}
    samples = bench.interleave({'headwater': ours})
    size = big(bench)
    tables = bytes_by_table(bench.seed_database(size))
    counted = ('touches', 'rollups_hour', 'rollups_day', 'link_totals')
    generated = sum(tables[name] for name in counted)
    generated /= size.clicks
    figure = spread([sample['bytes_per_click'] for sample in samples['headwater']])
    notes = [f'Of {LINKS.links:,} links within the hour, as the server wrote them: '
             f'{short(figure["value"])}. Generated, over {size.days} days and {size.links:,} links '
             f'with the rollups of each hour and day: {short(generated)}. The greater counts.']
    if generated > figure['value']:
        figure = {'value': generated, 'min': generated, 'max': generated}
    bench.save('P11', [figure], samples, notes)


def forget_pages(path):
    """Drops the file from the page cache, as after a start of the machine."""
    os.sync()
    for suffix in ('', '-wal'):
        if os.path.exists(f'{path}{suffix}'):
            descriptor = os.open(f'{path}{suffix}', os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def p13(bench):
    size = big(bench)
    path = bench.work / 'big.db'
    remove_database(path)
    shutil.copyfile(bench.seed_database(size), path)
    dataset.add_last_hour(SqliteSink(path, careful=True), size)

    def start(cold):
        def work():
            if cold:
                forget_pages(path)
            with bench.headwater(path) as server:
                return {'ready_s': server.ready_s, 'errors': 0}
        return bench.observe(work)
    samples = bench.interleave({'cold': lambda: start(True), 'warm': lambda: start(False)})
    remove_database(path)
    warm = median_of(samples['warm'], 'ready_s')
    bench.save('P13', [spread([sample['ready_s'] for sample in samples['cold']])], samples,
               [f'With the file in memory: {short(warm)} s.'])


def p14(bench):
    size = dataset.Size(links=1_000, customers=1_000)

    def ours():
        path = bench.fresh_database(size)
        seconds = random.uniform(0.5, min(bench.seconds, 3))
        with bench.headwater(path) as server:
            answered = kill.load_until_killed(server, size, seconds)
        return kill.find_lost(path, answered) | {'seconds': seconds}
    samples = bench.interleave({'headwater': ours})
    every = samples['headwater']
    lost = [sample['lost'] for sample in every]
    bench.save('P14', [{'value': sum(lost), 'min': min(lost), 'max': max(lost)}], samples,
               [f'{sum(sample["clicks"] for sample in every):,} clicks and '
                f'{sum(sample["sales"] for sample in every):,} sales were answered before '
                f'{len(every)} kills.'])
