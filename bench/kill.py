# SPDX-License-Identifier: Apache-2.0
"""Load that remembers every answer, a kill -9 in the middle, and the search for what was lost."""

import http.client
import json
import random
import re
import signal
import sqlite3
import threading
import time

import dataset

CLICKERS, SELLERS = 12, 8


class Client(threading.Thread):
    """Asks again and again until the server dies, and keeps what was answered."""

    def __init__(self, server, number, size, answered):
        super().__init__()
        self.connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=10)
        self.draw = random.Random(time.time_ns() + number)
        self.number, self.size, self.answered, self.count = number, size, answered, 0

    def run(self):
        try:
            while True:
                self.ask()
        except (OSError, http.client.HTTPException):
            pass  # killed

    def ask(self):
        raise NotImplementedError


class Clicker(Client):
    def ask(self):
        address = '.'.join(str(self.draw.randint(1, 220)) for _ in range(4))
        self.connection.request('GET', f'/s{self.draw.randrange(self.size.links)}', headers={
            'Host': dataset.DOMAIN, 'User-Agent': dataset.FIREFOX, 'X-Forwarded-For': address})
        answer = self.connection.getresponse()
        answer.read()
        found = re.search(r'dub_id=(\w+)', answer.headers.get('Location', ''))
        if answer.status == 302 and found:
            self.answered['clicks'].append(found.group(1))
        else:
            self.answered['errors'].append(answer.status)


class Seller(Client):
    def ask(self):
        self.count += 1
        invoice = f'kill_{self.number}_{self.count}'
        body = {'customerExternalId': f'c{self.draw.randrange(self.size.customers)}',
                'amount': 4900, 'invoiceId': invoice}
        self.connection.request('POST', '/track/sale', json.dumps(body), {
            'Content-Type': 'application/json', 'Authorization': f'Bearer {dataset.API_KEY}'})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status == 200:
            self.answered['sales'].append(invoice)
        else:
            self.answered['errors'].append(answer.status)


def load_until_killed(server, size, seconds):
    answered = {'clicks': [], 'sales': [], 'errors': []}
    clients = [Clicker(server, i, size, answered) for i in range(CLICKERS)]
    clients += [Seller(server, i, size, answered) for i in range(SELLERS)]
    for client in clients:
        client.start()
    time.sleep(seconds)
    server.stop(signal.SIGKILL)
    for client in clients:
        client.join()
    return answered


def find_lost(path, answered):
    connection = sqlite3.connect(path)
    whole = connection.execute('pragma quick_check').fetchone()[0] == 'ok'
    clicks = {row[0] for row in connection.execute('select touch_id from touches')}
    sales = {row[0] for row in connection.execute(
        "select invoice_id from conversions where kind = 'purchase'")}
    unanswered = {row[0] for row in connection.execute(
        "select key from idempotency where scope = 'invoice' and status <> 200")}
    connection.close()
    lost = sum(click not in clicks for click in answered['clicks'])
    lost += sum(sale not in sales or sale in unanswered for sale in answered['sales'])
    return {'clicks': len(answered['clicks']), 'sales': len(answered['sales']), 'lost': lost,
            'errors': len(answered['errors']) + (not whole)}
