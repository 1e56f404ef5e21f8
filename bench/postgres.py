# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL that keeps its promises: fsync on, nothing tuned that Debian leaves alone
but the size of its cache and of its log."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import dataset
import processes
import sinks

START_S = 60
SETTINGS = '''
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 1GB
max_wal_size = 4GB
'''


class Cluster:
    """Its processes are pinned to `cores`. PostgreSQL refuses root, so then it runs as the user
    that its package made, in a folder which that user may reach."""

    def __init__(self, work, cores):
        self.account = pwd.getpwnam('postgres') if os.geteuid() == 0 else None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='bench-pg-', dir=self.reachable(work)))
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        data = self.folder / 'data'
        self.run([sinks.postgres_program('initdb'), '-D', str(data), '-A', 'trust', '-U',
                  'postgres', '--encoding=UTF8', '--locale=C.UTF-8'])
        with (data / 'postgresql.conf').open('a') as config:
            config.write(SETTINGS)
        self.port = processes.free_port()
        with (self.folder / 'log').open('wb') as log:
            self.process = subprocess.Popen(
                [*processes.on_cores(cores), sinks.postgres_program('postgres'), '-D', str(data),
                 '-p', str(self.port)], stdout=log, stderr=log, cwd=self.folder, **self.identity())
        self.pid = self.process.pid
        self.databases = 0
        self.wait_ready()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)  # does not wait for clients
        self.process.wait(timeout=START_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    def identity(self):
        if not self.account:
            return {}
        return {'user': self.account.pw_uid, 'group': self.account.pw_gid, 'extra_groups': []}

    def reachable(self, work):
        """`work`, or else the place for big temporary files."""
        if not self.account:
            return work
        seen = subprocess.run(['test', '-x', str(work)], check=False, **self.identity())
        return work if seen.returncode == 0 else '/var/tmp'

    def run(self, command):
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              cwd=self.folder, **self.identity())
        if done.returncode != 0:
            raise SystemExit(f'bench: {command[0]} failed:\n{done.stderr}')
        return done.stdout

    def url(self, database='postgres'):
        return f'postgres://postgres@127.0.0.1:{self.port}/{database}'

    def wait_ready(self):
        deadline = time.monotonic() + START_S
        ping = [sinks.postgres_program('pg_isready'), '-q', '-d', self.url()]
        while subprocess.run(ping, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f'bench: PostgreSQL: {(self.folder / "log").read_text()}')
            time.sleep(0.05)

    def sql(self, statement, url=None):
        return self.run([sinks.postgres_program('psql'), '-X', '-q', '-t', '-A', '-v',
                         'ON_ERROR_STOP=1', '-d', url or self.url(), '-c', statement])

    def number(self, url, statement):
        return int(self.sql(statement, url))

    def make_template(self, program, size):
        self.sql('create database seed')
        processes.create_schema(program, self.url('seed'))
        dataset.fill(sinks.PostgresSink(self.url('seed')), size)

    def fresh_database(self):
        """A copy of the template, settled on disk; the one before it is dropped."""
        self.sql(f'drop database if exists run_{self.databases} with (force)')
        self.databases += 1
        name = f'run_{self.databases}'
        self.sql(f'create database {name} template seed strategy file_copy')
        self.sql('checkpoint')
        return self.url(name)
