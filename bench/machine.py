# SPDX-License-Identifier: Apache-2.0
"""What the benchmark runs on, and what else that machine did meanwhile."""

import os
import pathlib
import platform
import re
import resource
import subprocess
import time

TICKS = os.sysconf('SC_CLK_TCK')
QUIET_CORES = 0.4
QUIET_WAIT_S = 20
STEAL_CORES_MAX = 0.05


def cpu_times():
    """(busy, stolen) seconds of all cores since boot."""
    fields = pathlib.Path('/proc/stat').read_text().split('\n', 1)[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = (int(field) for field in fields[:8])
    return (user + nice + system + irq + softirq) / TICKS, steal / TICKS


def process_stat(pid):
    """(parent, CPU seconds with those of its dead children), or None when it has gone."""
    try:
        text = pathlib.Path(f'/proc/{pid}/stat').read_text()
    except OSError:
        return None
    fields = text.rpartition(')')[2].split()
    return int(fields[1]), sum(int(field) for field in fields[11:15]) / TICKS


def tree_cpu(roots):
    """CPU seconds of these processes and of everything below them."""
    stats = {}
    for entry in os.listdir('/proc'):
        if entry.isdigit() and (stat := process_stat(entry)):
            stats[int(entry)] = stat
    inside, grew = set(roots), True
    while grew:
        more = {pid for pid, (parent, _) in stats.items() if parent in inside} - inside
        inside |= more
        grew = bool(more)
    return sum(stats[pid][1] for pid in inside if pid in stats)


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def wait_for_quiet(most_s=QUIET_WAIT_S):
    """Waits until the rest of the machine uses less than QUIET_CORES. Returns what it used last."""
    deadline = time.monotonic() + most_s
    while True:
        began, (busy, _) = time.monotonic(), cpu_times()
        time.sleep(min(1.0, max(0.2, most_s / 4)))
        other = (cpu_times()[0] - busy) / (time.monotonic() - began)
        if other < QUIET_CORES or time.monotonic() > deadline:
            return other


def observe(work, server_pids, quiet_s=QUIET_WAIT_S):
    """Runs `work` and adds to its figures who used the cores. The processes that `work` starts and
    waits for are the load."""
    before_quiet = wait_for_quiet(quiet_s)
    began, (busy, stolen) = time.monotonic(), cpu_times()
    server, load = tree_cpu(server_pids), children_cpu()
    sample = work()
    elapsed = time.monotonic() - began
    busy_after, stolen_after = cpu_times()
    sample['server_cores'] = (tree_cpu(server_pids) - server) / elapsed
    sample['load_cores'] = (children_cpu() - load) / elapsed
    sample['other_cores'] = max(0.0, (busy_after - busy) / elapsed - sample['server_cores'] -
                                sample['load_cores'])
    sample['steal_cores'] = (stolen_after - stolen) / elapsed
    sample['disturbed'] = (before_quiet >= QUIET_CORES or sample['other_cores'] >= QUIET_CORES or
                           sample['steal_cores'] >= STEAL_CORES_MAX)
    return sample


def pss_mb(pid):
    text = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
    return int(re.search(r'^Pss:\s+(\d+) kB', text, re.M).group(1)) / 1024


def first_line(*command):
    """What a program says about its version; some say it on stderr."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return 'missing'
    return (done.stdout or done.stderr).strip().split('\n')[0]


def disk_of(folder):
    """File system, device and whether its cache must be flushed, of the disk below `folder`."""
    mounts = [line.split() for line in pathlib.Path('/proc/mounts').read_text().splitlines()]
    path = pathlib.Path(folder).resolve()
    inside = [mount for mount in mounts if path.is_relative_to(mount[1])]
    device, _, kind = max(inside, key=lambda mount: len(mount[1]))[:3]
    name = re.sub(r'p?\d+$', '', pathlib.Path(device).name)
    queue = pathlib.Path('/sys/block') / name / 'queue'
    if not queue.exists():
        return f'{kind} on {device}'
    cache = (queue / 'write_cache').read_text().strip()
    return f'{kind} on {device}, write cache "{cache}"'


def compiler_of(build):
    cache = (pathlib.Path(build) / 'CMakeCache.txt').read_text()

    def value(name):
        found = re.search(rf'^{name}:\w+=(.*)$', cache, re.M)
        return found.group(1) if found else ''
    build_type = value('CMAKE_BUILD_TYPE')
    return (f'{first_line(value("CMAKE_CXX_COMPILER"), "--version")}, {build_type} '
            f'{value("CMAKE_CXX_FLAGS_" + build_type.upper())}').strip()


def describe(build):
    cpu_info = pathlib.Path('/proc/cpuinfo').read_text()
    model = re.search(r'^model name\s*:\s*(.*)$', cpu_info, re.M)
    memory = re.search(r'^MemTotal:\s+(\d+)', pathlib.Path('/proc/meminfo').read_text(), re.M)
    return {
        'CPU': model.group(1) if model else platform.machine(),
        'cores': os.cpu_count(),
        'memory': f'{int(memory.group(1)) / 2 ** 20:.0f} GB',
        'kernel': f'{platform.system()} {platform.release()}',
        'disk': disk_of(build),
        'compiler': compiler_of(build),
        'nginx': first_line('nginx', '-v').removeprefix('nginx version: '),
        'wrk': first_line('wrk', '-v').split(' [')[0],
        'h2load': first_line('h2load', '--version'),
    }
