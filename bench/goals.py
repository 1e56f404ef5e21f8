# SPDX-License-Identifier: Apache-2.0
"""What the server has to reach, row by row. bench/report prints the rows in this order."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Goal:
    label: str
    compare: str  # '>=' or '<='
    value: float

    def met(self, measured):
        return measured >= self.value if self.compare == '>=' else measured <= self.value


@dataclasses.dataclass(frozen=True)
class Row:
    work: str
    against: str
    goals: tuple


ROWS = {
    'P1': Row('redirect, click not recorded (`dub-no-track`)',
              'nginx `return 302`, no log, per server core',
              (Goal('ratio', '>=', 0.55),)),
    'P2': Row('redirect with a durable click, 64 connections',
              'nginx 302 with buffered access log (not durable)',
              (Goal('ratio', '>=', 0.15),)),
    'P3': Row('redirect with a durable click, 256 connections',
              'nginx 302 with buffered access log (not durable)',
              (Goal('ratio', '>=', 0.22),)),
    'P4': Row('redirect with a durable click, 5,000/s offered', '',
              (Goal('p50, ms', '<=', 2.0), Goal('p99, ms', '<=', 10.0))),
    'P5': Row('redirect with a durable click, 64 connections',
              'link shorteners as measured once on a machine of this kind (not installed here)',
              (Goal('times YOURLS + MariaDB', '>=', 20.0), Goal('times Kutt + SQLite', '>=', 60.0),
               Goal('times Kutt + Redis, which lost 10 %', '>=', 8.0))),
    'P6': Row('POST /track/sale, known customer, 64 in flight',
              'the same statements on one bare SQLite connection, 64 sales per commit',
              (Goal('ratio', '>=', 0.5),)),
    'P7': Row('the same on PostgreSQL',
              'the same statements by libpq pipeline, 8 connections, one transaction each',
              (Goal('ratio', '>=', 0.4),)),
    'P8': Row('one POST /track/sale in flight, p50', 'p50 of one fdatasync of a 4 KB append',
              (Goal('times', '<=', 8.0),)),
    'P9': Row('page-view ingest, durable, per server core',
              'Umami as measured once on a machine of this kind (not installed here)',
              (Goal('times', '>=', 25.0),)),
    'P10': Row('memory: 1 million links, 256 connections under load', '',
               (Goal('PSS, MB', '<=', 250.0),)),
    'P11': Row('disk per click, rollups and indexes included', '',
               (Goal('bytes', '<=', 500.0),)),
    'P12': Row('growth: P2 and P6 at 100 million clicks', 'at 1 million clicks', ()),
    'P13': Row('start to ready, 10 million clicks, 1 million links', '',
               (Goal('seconds, file not in memory', '<=', 1.0),)),
    'P14': Row('answered clicks and sales lost on kill -9', '', (Goal('lost', '<=', 0),)),
    'P15': Row('dashboard query over 10 million clicks', '',
               (Goal('ms, the slowest by what visitors have in common', '<=', 20),
                Goal('ms, the best of 10,000 links', '<=', 20))),
    'P16': Row('queue: claim and complete, enqueue, in commits of 1 and of 100 jobs',
               '`update ... returning` and `delete`, `insert`, by bare SQLite and libpq',
               tuple(Goal(f'{engine}, {work}', '>=', goal)
                     for engine in ('SQLite', 'PostgreSQL')
                     for work, goal in (('claim and complete 1', 0.5),
                                        ('claim and complete 100', 0.2), ('enqueue 1', 0.5),
                                        ('enqueue 100', 0.1)))),
    'P17': Row('payment deliveries: verified, durable, answered, 64 in flight',
               'fdatasyncs of a 4 KB append, one after the other',
               (Goal('ratio', '>=', 1.0),)),
    'P18': Row('webhooks to 999 endpoints while one more accepts and never answers, p99',
               'p99 of the same when all 1,000 answer', (Goal('times', '<=', 2.0),)),
}

# Requests per second with a click recorded; Linux VM of 4 EPYC cores, server on two of them, wrk
# with 32 connections on the other two. Kutt behind Redis failed to store 10 % of its visits.
PEERS = {'YOURLS + MariaDB': 1_419, 'Kutt + SQLite': 407, 'Kutt + Redis': 4_959}
