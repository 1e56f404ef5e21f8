# SPDX-License-Identifier: Apache-2.0
"""The programs of a benchmark: the server, nginx and the load generators."""

import functools
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

import machine

START_S = 60
STOP_S = 60  # a program that runs this much longer than it should has failed
BENCH = pathlib.Path(__file__).resolve().parent


def free_port():
    with socket.socket() as any_socket:
        any_socket.bind(('127.0.0.1', 0))
        return any_socket.getsockname()[1]


def on_cores(cores):
    return ['taskset', '-c', ','.join(str(core) for core in cores)] if cores else []


class Server:
    """A child that listens on 127.0.0.1, and its end."""

    def __init__(self, command, log):
        self.log = pathlib.Path(log)
        with self.log.open('wb') as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_for(self, path, status):
        deadline = time.monotonic() + START_S
        while not self.answers(path, status):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f'bench: {self.log.name} did not start:\n{self.log.read_text()}')
            time.sleep(0.001)

    def answers(self, path, status):
        try:
            return self.get(path).status == status
        except OSError:
            return False

    def get(self, path):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=5)
        try:
            connection.request('GET', path)
            answer = connection.getresponse()
            answer.text = answer.read().decode()
            return answer
        finally:
            connection.close()

    def url(self, path=''):
        return f'http://127.0.0.1:{self.port}{path}'

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(timeout=START_S)


@functools.cache
def no_rate_limit(program):
    """Requests are counted, and never too many. Programs of before did not count them."""
    known = subprocess.run([str(program), 'serve', '--help'], capture_output=True, text=True,
                           check=True).stdout
    names = ('--rate-limit-key', '--rate-limit-track', '--rate-limit-analytics')
    return [part for name in names if name in known for part in (name, '1000000000')]


class Headwater(Server):
    def __init__(self, program, database, cores=(), log='headwater.log', options=()):
        self.port = free_port()
        threads = ['--threads', str(len(cores)), '--pin-threads'] if cores else []
        self.began = time.monotonic()
        super().__init__([*on_cores(cores), str(program), 'serve', '--database', database,
                          '--listen', f'127.0.0.1:{self.port}', '--trusted-proxy', '127.0.0.1',
                          *no_rate_limit(program), '--log-level', 'warn', *threads, *options], log)
        self.wait_for('/readyz', 200)
        self.ready_s = time.monotonic() - self.began

    def counters(self):
        """The unlabelled figures of /metrics."""
        return {name.removeprefix('headwater_'): int(value) for name, value in
                re.findall(r'^(headwater_\w+) (\d+)$', self.get('/metrics').text, re.M)}

    def pss_mb(self):
        return machine.pss_mb(self.pid)


def create_schema(program, database):
    log = pathlib.Path(program).parent / 'create_schema.log'
    with Headwater(program, database, log=log):
        pass


NGINX = '''
{user}
daemon off;
worker_processes {workers};
worker_cpu_affinity {affinity};
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log {access_log};
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} reuseport backlog=4096;
        location / {{ return 302 https://shop.example/landing?utm_source=tw; }}
    }}
}}
'''


class Nginx(Server):
    """The yardstick: answers everything with one redirect."""

    def __init__(self, folder, cores, access_log):
        self.port = free_port()
        folder = pathlib.Path(folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        log = f'{folder}/access.log combined buffer=64k flush=1s' if access_log else 'off'
        config = folder / 'nginx.conf'
        config.write_text(NGINX.format(
            user='user root;' if os.geteuid() == 0 else '', workers=len(cores), folder=folder,
            affinity=' '.join(f'{1 << core:b}' for core in cores), access_log=log, port=self.port))
        super().__init__(['nginx', '-p', str(folder), '-c', str(config)], folder / 'start.log')
        self.wait_for('/', 302)


def in_us(text):
    number, unit = re.fullmatch(r'([\d.]+)(us|ms|s|m)', text).groups()
    return float(number) * {'us': 1, 'ms': 1_000, 's': 1_000_000, 'm': 60_000_000}[unit]


def wrk(bench, url, connections, arguments=(), script=None, headers=()):
    """One closed-loop run. Threads never outnumber connections."""
    threads = min(len(bench.load_cores), connections)
    command = [*on_cores(bench.load_cores), 'wrk', f'-t{threads}', f'-c{connections}',
               f'-d{bench.seconds}s', '--latency']
    if script:
        command += ['-s', str(BENCH / script)]
    for header in headers:
        command += ['-H', header]
    done = subprocess.run([*command, url, '--', *(str(each) for each in arguments)],
                          capture_output=True, text=True, check=True,
                          timeout=bench.seconds + STOP_S)
    text = done.stdout
    errors = sum(int(count) for count in re.findall(r'Non-2xx or 3xx responses: (\d+)', text))
    for counts in re.findall(r'Socket errors: (.*)', text):
        errors += sum(int(count) for count in re.findall(r'\d+', counts))
    return {'rate': float(re.search(r'Requests/sec:\s+([\d.]+)', text).group(1)),
            'count': int(re.search(r'(\d+) requests in', text).group(1)),
            'p50_us': in_us(re.search(r'^ +50%\s+(\S+)', text, re.M).group(1)),
            'p99_us': in_us(re.search(r'^ +99%\s+(\S+)', text, re.M).group(1)), 'errors': errors}


def raw_program(bench, name, *arguments, cores=None):
    """One of our own yardsticks; each prints its figures as JSON."""
    done = subprocess.run([*on_cores(cores or bench.server_cores), str(bench.build / name),
                           *(str(each) for each in arguments)],
                          capture_output=True, text=True, check=False,
                          timeout=bench.seconds + STOP_S)
    if done.returncode != 0:
        raise SystemExit(f'bench: {name} failed:\n{done.stderr}')
    return json.loads(done.stdout) | {'errors': 0}
