# SPDX-License-Identifier: Apache-2.0
"""Where generated rows go: a SQLite file, or a PostgreSQL database by COPY."""

import pathlib
import sqlite3
import subprocess

from dataset import COLUMNS


def open_sink(url):
    if url.startswith('sqlite:'):
        return SqliteSink(url[len('sqlite:'):])
    return PostgresSink(url)


class SqliteSink:
    """Without journal and fsync while it fills, durable when it has finished."""

    def __init__(self, path, careful=False):
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute('pragma cache_size=-1000000')
        if not careful:
            self.connection.execute('pragma journal_mode=off').fetchall()
            self.connection.execute('pragma synchronous=off')

    def insert(self, table, rows):
        columns = COLUMNS[table].split()
        sql = (f'insert into {table} ({", ".join(columns)}) '
               f'values ({", ".join("?" * len(columns))})')
        self.connection.execute('begin')
        self.connection.executemany(sql, rows)
        self.connection.execute('commit')

    def script(self, sql):
        self.connection.executescript('begin;' + sql + 'commit;')

    def finish(self):
        self.connection.close()  # its temporary tables would be in the way
        connection = sqlite3.connect(self.path, isolation_level=None)
        for setting in ('journal_mode=wal', 'synchronous=full', 'wal_checkpoint(truncate)'):
            connection.execute(f'pragma {setting}').fetchall()
        connection.close()


class PostgresSink:
    """Works as the owner of the tables, whom Row Level Security must not bind: a superuser."""

    def __init__(self, url):
        self.command = [postgres_program('psql'), '-q', '-X', '-v', 'ON_ERROR_STOP=1', url]

    def insert(self, table, rows):
        columns = ', '.join(COLUMNS[table].split())
        copy = [*self.command, '-c', f'copy {table} ({columns}) from stdin']
        with subprocess.Popen(copy, stdin=subprocess.PIPE, text=True) as psql:
            for row in rows:
                psql.stdin.write('\t'.join('\\N' if value is None else str(value)
                                           for value in row) + '\n')
        if psql.returncode != 0:
            raise SystemExit(f'bench: psql could not copy into {table}')

    def script(self, sql):
        subprocess.run([*self.command, '-f', '-'], input=sql, text=True, check=True)

    def finish(self):
        self.script('vacuum analyze;')


def postgres_program(name):
    for version in (15, 16, 17, 18):
        path = pathlib.Path(f'/usr/lib/postgresql/{version}/bin/{name}')
        if path.exists():
            return str(path)
    raise SystemExit('bench: PostgreSQL 15 or later is missing: scripts/install-deps --bench')
