# SPDX-License-Identifier: Apache-2.0
"""Data for benchmarks: one workspace with links, clicks and customers, and every count derived.

The rows are those that the server would have written, so that `headwater verify` agrees with them.
"""

import dataclasses
import hashlib
import pathlib
import random
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORKSPACE = 'ws_1'
DOMAIN = 'go.test'
API_KEY = 'dub_benchbenchbenchbenchbenc'
LANDING = 'https://shop.example/landing?utm_source=tw'
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
BATCH = 50_000

CHROME = ('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
          'Chrome/126.0.0.0 Safari/537.36')
SAFARI = ('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, '
          'like Gecko) Version/17.5 Mobile/15E148 Safari/604.1')
FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
EDGE = CHROME + ' Edg/126.0.0.0'
OPERA = CHROME + ' OPR/112.0.0.0'
MAC = ('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) '
       'Version/17.5 Safari/605.1.15')
ANDROID = ('Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) '
           'Chrome/126.0.0.0 Mobile Safari/537.36')
SAMSUNG = ('Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) '
           'SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36')
IPAD = ('Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) '
        'Version/17.5 Mobile/15E148 Safari/604.1')

# Each with its weight: few of them are most of the visits, as everywhere.
AGENTS = [(28, 'Desktop', 'Chrome', 'Windows', CHROME),
          (26, 'Mobile', 'Mobile Safari', 'iOS', SAFARI),
          (22, 'Mobile', 'Chrome Mobile', 'Android', ANDROID),
          (8, 'Desktop', 'Safari', 'Mac OS', MAC), (6, 'Desktop', 'Edge', 'Windows', EDGE),
          (4, 'Mobile', 'Samsung Internet', 'Android', SAMSUNG),
          (3, 'Desktop', 'Firefox', 'Linux', FIREFOX), (2, 'Tablet', 'Safari', 'iOS', IPAD),
          (1, 'Desktop', 'Opera', 'Windows', OPERA)]
CONTINENTS = {
    'NA': 'US CA MX GT CR PA DO', 'SA': 'BR AR CL CO PE EC UY',
    'EU': 'DE FR GB NL IT ES PL SE CH AT BE PT CZ DK NO FI IE RO GR HU UA',
    'AS': 'JP IN CN KR ID SG VN TH PH MY TR IL AE SA PK BD HK TW',
    'AF': 'ZA NG EG KE MA', 'OC': 'AU NZ'}
HOME = {'US': ('US-CA', 'San Francisco', 300), 'DE': ('DE-BE', 'Berlin', 90),
        'GB': ('GB-ENG', 'London', 80), 'IN': ('IN-MH', 'Mumbai', 80),
        'FR': ('FR-IDF', 'Paris', 60), 'JP': ('JP-13', 'Tokyo', 50),
        'BR': ('BR-SP', 'Sao Paulo', 50), 'CA': ('CA-ON', 'Toronto', 40),
        'NL': ('NL-NH', 'Amsterdam', 30), 'AU': ('AU-NSW', 'Sydney', 30)}


def places():
    for continent, countries in CONTINENTS.items():
        for country in countries.split():
            region, city, weight = HOME.get(country, (f'{country}-1', f'{country} City', 5))
            yield weight, country, region, city, continent


PLACES = list(places())
REFERRERS = [(40, '(direct)', ''), (25, 'google.com', 'https://www.google.com/'),
             (10, 't.co', 'https://t.co/8kDq1uX0pB'), (7, 'facebook.com', 'https://facebook.com/'),
             (5, 'linkedin.com', 'https://www.linkedin.com/feed/'),
             (4, 'instagram.com', 'https://l.instagram.com/'),
             (3, 'youtube.com', 'https://www.youtube.com/'),
             (2, 'news.example', 'https://news.example/a/17'),
             (2, 'bing.com', 'https://www.bing.com/'), (1, 'reddit.com', 'https://www.reddit.com/'),
             (1, 'mail.example', 'https://mail.example/inbox')]
PROFILE_BITS = 12


def weighted(draw, rows):
    return draw.choices(rows, [row[0] for row in rows])[0][1:]


def profiles():
    """What visits look like, as often as they do: the columns from trigger_kind to counted."""
    draw = random.Random(1)
    for i in range(1 << PROFILE_BITS):
        place = PLACES[i][1:] if i < len(PLACES) else weighted(draw, PLACES)
        yield ('qr' if i % 16 == 0 else 'link', LANDING, *weighted(draw, REFERRERS), *place,
               *weighted(draw, AGENTS), 0, 1)


PROFILES = list(profiles())

BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
TRIPLES = [a + b + c for a in BASE62 for b in BASE62 for c in BASE62]
CLICK_RANDOM_BITS = 50

COLUMNS = {
    'workspaces': 'workspace_id slug name currency publishable_key allowed_hostnames created_at_ms',
    'api_keys': 'key_hash workspace_id api_key_id name display scopes created_at_ms expires_at_ms',
    'domains': 'slug workspace_id domain_id is_primary created_at_ms',
    'links': 'workspace_id link_id domain key key_folded url track_conversion archived do_index '
             'created_at_ms updated_at_ms',
    'touches': 'workspace_id touch_id at_ms link_id visitor trigger_kind url referer referer_url '
               'country region city continent device browser os user_agent bot counted',
    'customers': 'workspace_id customer_id external_id name email country touch_id link_id '
                 'clicked_at_ms created_at_ms',
    'conversions': 'workspace_id conversion_id kind event_name customer_id external_customer_id '
                   'occurred_at_ms amount currency payment_processor told_click_id '
                   'told_lead_event quantity source',
    'attributions': 'workspace_id conversion_id seq rung confidence customer_id touch_id link_id '
                    'rule_version decided_by decided_at_ms reason evidence',
    'lead_keys': 'workspace_id customer_id event_key conversion_id',
    'outbox': 'workspace_id event_id kind subject_id at_ms',
}


@dataclasses.dataclass(frozen=True)
class Size:
    links: int = 1_000
    clicks: int = 0
    customers: int = 0
    days: int = 30

    def name(self):
        return f'l{self.links}-c{self.clicks}-k{self.customers}-d{self.days}'


def fingerprint():
    """Changes when a database made earlier would look otherwise today."""
    digest = hashlib.sha256(pathlib.Path(__file__).read_bytes())
    for migration in sorted((ROOT / 'migrations').glob('*.sql')):
        digest.update(migration.read_bytes())
    return digest.hexdigest()[:12]


def now_ms():
    return time.time_ns() // 1_000_000


def click_id(at_ms, random_bits):
    high, low = divmod(at_ms << CLICK_RANDOM_BITS | random_bits, 62 ** 9)
    first, high = divmod(high, 62 ** 6)
    middle, last = divmod(low, 62 ** 3)
    return (BASE62[first] + TRIPLES[high // 238_328] + TRIPLES[high % 238_328] +
            TRIPLES[middle // 238_328] + TRIPLES[middle % 238_328] + TRIPLES[last])


def link_id(number):
    return f'link_{number:026d}'


def tenant_rows():
    key_hash = hashlib.sha256(API_KEY.encode()).hexdigest()
    yield 'workspaces', [(WORKSPACE, 'shop', 'Shop', 'usd', None, '[]', 0)]
    yield 'api_keys', [(key_hash, WORKSPACE, 'key_1', 'bench', 'dub_..', 'apis.all', 0, None)]
    yield 'domains', [(DOMAIN, WORKSPACE, 'dom_1', 1, 0)]


def link_rows(size, at_ms):
    for i in range(size.links):
        yield (WORKSPACE, link_id(i), DOMAIN, f's{i}', f's{i}', LANDING, 1, 0, 0, at_ms, at_ms)


def touch_rows(size, span, count, origins):
    """`count` clicks spread over `span` = (from, to). Few links have most of them: a click goes to
    one of the first n links as often as to one of the next n*n. `origins` takes the clicks that
    customers come from."""
    draw = random.Random(span[0])
    start, length = span[0], span[1] - span[0]
    every = max(1, count // size.customers) if size.customers else 0
    visits, bits, uniform = PROFILES, draw.getrandbits, draw.random
    for i in range(count):
        at_ms = start + i * length // count
        touch_id = click_id(at_ms, bits(CLICK_RANDOM_BITS))
        link = f'link_{int(size.links ** uniform()) - 1:026d}'
        if every and i % every == 0 and len(origins) < size.customers:
            origins.append((touch_id, link, at_ms))
        yield (WORKSPACE, touch_id, at_ms, link, bits(64) - (1 << 63),
               *visits[bits(PROFILE_BITS)])


def customer_rows(origins):
    for i, (touch, link, at_ms) in enumerate(origins):
        yield (WORKSPACE, f'cus_{i:026d}', f'c{i}', f'Customer {i}', f'c{i}@example.com', 'DE',
               touch, link, at_ms, at_ms + 60_000)


def lead_rows(origins):
    for i, (touch, _, at_ms) in enumerate(origins):
        yield (WORKSPACE, f'ld_{i:026d}', 'lead', 'Sign up', f'cus_{i:026d}', f'c{i}',
               at_ms + 60_000, 0, '', 'custom', touch, '', 1, 'api')


def attribution_rows(origins):
    for i, (touch, link, at_ms) in enumerate(origins):
        evidence = (f'{{"candidates":[{{"rung":"click_id","verdict":"taken","touchId":"{touch}",'
                    f'"linkId":"{link}","touchedAtMs":{at_ms},"leadId":null}}],"leftOut":0}}')
        yield (WORKSPACE, f'ld_{i:026d}', 1, 'click_id', 'certain', f'cus_{i:026d}', touch, link,
               1, 'engine', at_ms + 60_000, '', evidence)


def lead_key_rows(origins):
    for i in range(len(origins)):
        yield (WORKSPACE, f'cus_{i:026d}', 'sign-up', f'ld_{i:026d}')


def outbox_rows(origins):
    for i, (_, _, at_ms) in enumerate(origins):
        yield (WORKSPACE, f'evt_{i:026d}', 'lead.created', f'ld_{i:026d}', at_ms + 60_000)


DIMENSIONS = {'all': "''", 'country': 'country', 'device': 'device', 'browser': 'browser',
              'os': 'os', 'referer': 'referer', 'trigger': 'trigger_kind'}

SUM_FACTS = '''
create temp table bench_hours as
select at_ms - at_ms % 3600000 as hour_ms, country, device, browser, os, referer, trigger_kind,
    count(*) as clicks, 0 as leads
from touches group by 1, 2, 3, 4, 5, 6, 7
union all
select c.occurred_at_ms - c.occurred_at_ms % 3600000, t.country, t.device, t.browser, t.os,
    t.referer, t.trigger_kind, 0, count(*)
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
    join touches t on t.workspace_id = a.workspace_id and t.touch_id = a.touch_id
where c.kind = 'lead' group by 1, 2, 3, 4, 5, 6, 7;
create temp table bench_links as
select link_id, at_ms - at_ms % 3600000 as hour_ms, count(*) as clicks, 0 as leads,
    max(at_ms) as last_click, 0 as last_lead
from touches group by 1, 2
union all
select a.link_id, c.occurred_at_ms - c.occurred_at_ms % 3600000, 0, count(*), 0,
    max(c.occurred_at_ms)
from conversions c
    join attributions a on a.workspace_id = c.workspace_id and a.conversion_id = c.conversion_id
where c.kind = 'lead' group by 1, 2;
insert into link_totals (workspace_id, link_id, slot, clicks, leads, conversions, sales,
    sale_amount, last_click_at_ms, last_lead_at_ms, last_conversion_at_ms)
select 'ws_1', link_id, 0, sum(clicks), sum(leads), 0, 0, 0, max(last_click), max(last_lead), 0
from bench_links group by link_id order by link_id;
'''

SUM_DIMENSION = '''
insert into rollups_hour (workspace_id, dimension, value, hour_ms, slot, clicks, leads, sales,
    sale_amount)
select 'ws_1', '{name}', {column}, hour_ms, 0, sum(clicks), sum(leads), 0, 0
from {table} group by 3, 4 order by 3, 4;
'''


# As the server does it: every day but today and yesterday.
CLOSE_DAYS = '''
insert into rollups_day (workspace_id, dimension, value, day_ms, clicks, leads, sales, sale_amount)
select workspace_id, dimension, value, hour_ms - hour_ms % {day}, sum(clicks), sum(leads),
    sum(sales), sum(sale_amount)
from rollups_hour where hour_ms < {end} group by 1, 2, 3, 4 order by 1, 2, 3, 4;
insert into rollup_days (workspace_id, day_ms, closed, closer)
select workspace_id, day_ms, 1, 0 from rollups_day where dimension = 'all';
'''


def close_days_sql(until_ms):
    return CLOSE_DAYS.format(day=DAY_MS, end=until_ms - until_ms % DAY_MS - DAY_MS)


def derive_sql():
    parts = [SUM_FACTS, SUM_DIMENSION.format(name='link', column='link_id', table='bench_links')]
    parts += [SUM_DIMENSION.format(name=name, column=column, table='bench_hours')
              for name, column in DIMENSIONS.items()]
    return ''.join(parts)


def fill(sink, size):
    """Writes everything into a fresh database whose tables exist."""
    until_ms = now_ms()
    start_ms = until_ms - size.days * DAY_MS
    for table, rows in tenant_rows():
        sink.insert(table, rows)
    sink.insert('links', link_rows(size, start_ms))
    origins = []
    count = max(size.clicks, size.customers)
    sink.insert('touches', touch_rows(size, (start_ms, until_ms - HOUR_MS), count, origins))
    sink.insert('customers', customer_rows(origins))
    sink.insert('conversions', lead_rows(origins))
    sink.insert('attributions', attribution_rows(origins))
    sink.insert('lead_keys', lead_key_rows(origins))
    sink.insert('outbox', outbox_rows(origins))
    if count:
        sink.script(derive_sql() + close_days_sql(until_ms))
    sink.finish()


def add_last_hour(sink, size):
    """Clicks of the last hour at the usual rate, because the server reads those when it starts.
    Their counts are not derived."""
    until_ms = now_ms()
    count = size.clicks // (size.days * 24)
    one_visit = dataclasses.replace(size, customers=0)
    sink.insert('touches', touch_rows(one_visit, (until_ms - HOUR_MS, until_ms), count, []))
    sink.finish()
