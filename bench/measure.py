# SPDX-License-Identifier: Apache-2.0
"""A run of the benchmark: where its files are, interleaved rounds, medians, results as JSON."""

import dataclasses
import datetime
import json
import os
import pathlib
import random
import shutil
import statistics

import dataset
import goals
import machine
import processes
import sinks


@dataclasses.dataclass
class Bench:
    """Options and folders of one run, and how a row measures."""
    build: pathlib.Path
    seconds: int
    rounds: int
    smoke: bool
    server_cores: list
    load_cores: list

    def __post_init__(self):
        self.out = dataset.ROOT / 'build' / 'bench' / ('smoke' if self.smoke else '.')
        self.work = self.out / 'work'
        self.data = self.out / 'data'
        self.program = self.build / 'headwater'
        for folder in (self.work, self.data):
            folder.mkdir(parents=True, exist_ok=True)

    def seed_database(self, size):
        """A SQLite file of that size. Made once, because a big one takes minutes."""
        path = self.data / f'{size.name()}-{dataset.fingerprint()}.db'
        if not path.exists():
            print(f'  generating {size.name()} ...', flush=True)
            unfinished = path.with_suffix('.unfinished')
            remove_database(unfinished)
            processes.create_schema(self.program, f'sqlite:{unfinished}')
            dataset.fill(sinks.SqliteSink(unfinished), size)
            unfinished.rename(path)
        return path

    def fresh_database(self, size):
        """A copy to work on; the one before it is deleted."""
        path = self.work / 'run.db'
        remove_database(path)
        shutil.copyfile(self.seed_database(size), path)
        return path

    def headwater(self, database, options=()):
        url = database if '://' in str(database) else f'sqlite:{database}'
        return processes.Headwater(self.program, url, self.server_cores,
                                   self.work / 'headwater.log', options)

    def nginx(self, access_log):
        return processes.Nginx(self.work / 'nginx', self.server_cores, access_log)

    def observe(self, work, server_pids=()):
        os.sync()  # what the run before left to write is not this one's
        return machine.observe(work, server_pids, 0.2 if self.smoke else machine.QUIET_WAIT_S)

    @staticmethod
    def seed():
        """Tells runs apart, so that no invoice and no visitor comes twice."""
        return random.getrandbits(24)

    def interleave(self, variants):
        """A B A B ...: from {name: function that samples} to {name: [sample, ...]}."""
        samples = {name: [] for name in variants}
        for round_number in range(1, self.rounds + 1):
            for name, run in variants.items():
                sample = run()
                samples[name].append(sample)
                print(f'  round {round_number} {name}: {in_words(sample)}', flush=True)
        return samples

    def save(self, row_id, figures, samples, notes=(), disturbed=0):
        row = goals.ROWS[row_id]
        for figure, goal in zip(figures, row.goals, strict=True):
            figure |= {'label': goal.label, 'goal': goal.value, 'compare': goal.compare,
                       'met': goal.met(figure['value'])}
        every = [sample for variant in samples.values() for sample in variant]
        result = {'row': row_id, 'measured_at': datetime.datetime.now(datetime.UTC).isoformat(
                      timespec='seconds'),
                  'seconds': self.seconds, 'rounds': self.rounds, 'smoke': self.smoke,
                  'machine': machine.describe(self.build), 'figures': figures,
                  'disturbed': disturbed + sum(bool(sample.get('disturbed')) for sample in every),
                  'errors': sum(sample.get('errors', 0) for sample in every),
                  'notes': list(notes), 'samples': samples}
        (self.out / f'{row_id}.json').write_text(json.dumps(result, indent=1) + '\n')
        for figure in figures:
            print(f'  {row_id} {figure_in_words(figure)}')
        if result['disturbed']:
            print(f'  {row_id} DISTURBED: {result["disturbed"]} runs had other load or lost time '
                  'to other machines')
        if result['errors']:
            print(f'  {row_id} ERRORS: {result["errors"]} requests were not answered '
                  'as they should')
        return result

    def load_result(self, row_id):
        path = self.out / f'{row_id}.json'
        return json.loads(path.read_text()) if path.exists() else None


def remove_database(path):
    for suffix in ('', '-wal', '-shm', '-journal'):
        pathlib.Path(f'{path}{suffix}').unlink(missing_ok=True)


def median_of(samples, key):
    return statistics.median(sample[key] for sample in samples)


def spread(values):
    return {'value': statistics.median(values), 'min': min(values), 'max': max(values)}


def ratio(ours, theirs, key):
    """Ratio of the medians; min and max are those of the rounds."""
    rounds = [a[key] / b[key] for a, b in zip(ours, theirs, strict=True)]
    return {'value': median_of(ours, key) / median_of(theirs, key), 'min': min(rounds),
            'max': max(rounds)}


def short(number):
    if number == 0 or abs(number) >= 100:
        return f'{number:,.0f}'
    return f'{number:.3g}'


def in_words(sample):
    shown = [f'{key} {short(value)}' for key, value in sample.items()
             if isinstance(value, (int, float)) and not isinstance(value, bool)]
    return ', '.join(shown) + ('  DISTURBED' if sample.get('disturbed') else '')


def figure_in_words(figure):
    return (f'{figure["label"]}: {short(figure["value"])} (rounds {short(figure["min"])} to '
            f'{short(figure["max"])}), goal {figure["compare"]} {short(figure["goal"])}: '
            f'{"met" if figure["met"] else "MISSED"}')

