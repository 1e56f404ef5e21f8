#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants one violation at a time in a small clean tree; tools/tidy.py must report that one."""

import pathlib
import re
import sys
import tempfile
import unittest

import tidy

SPDX = '// SPDX-License-Identifier: Apache-2.0\n'
HEAD = SPDX + '// Says what it is for.\n#pragma once\n'


def cpp(body):
    return SPDX + body + '\n'


def hpp(body):
    return HEAD + body + '\n'


CLEAN = {
    'src/base/error.hpp': hpp('namespace hw {\nstruct Error {};\n}\n'
                              'namespace hw::net {\nstruct Error {};\n}'),
    'src/base/log.cpp': cpp('''#include "base/error.hpp"
namespace hw {
constexpr const char* kName = "time(nullptr) in a string, select x from y too";
const std::map<std::string, int> kTable = {{"a", 1}, {"b'", 2}};
static_assert(sizeof(int) == 4);
__extension__ using Wide = unsigned __int128;
// rand() and 'quotes" in a comment; it's fine
int f(Foo x = {}, int y = 10'000'000) { return y; }
void declared(std::function<void()> call);
Foo::Foo() : a_(1), b_{2} { f({}, '"'); }
}  // namespace hw'''),
    'src/store/links.cpp': cpp('''#include <sqlite3.h>
#include "store/tx.hpp"
const char* const kFind = R"sql(select id from links where id = $1)sql";
std::chrono::steady_clock::time_point deadline();'''),
    'src/store/tx.hpp': hpp('#include "base/error.hpp"'),
    'src/core/track.cpp': cpp('#include "store/tx.hpp"\nbool is_double(int);'),
    'src/core/track_test.cpp': cpp('#include "core/track.hpp"\n#include "tests/fixture.hpp"\n'
                                   'std::mt19937_64 generator(1);'),
    'src/core/track.hpp': hpp('// tidy: double ok: a share of one, not an amount\n'
                              'double share();'),
    'src/net/exchange.cpp': cpp('#include <boost/asio.hpp>\n#include "jobs/x.hpp"\n'
                                'void f() { try { co_await x; } catch (const Fault& fault) {} }'),
    'src/net/currency.cpp': cpp('const char* const kNoCurrency = "X' 'XX";'),
    'src/app/main.cpp': cpp('#include "net/server.hpp"\nauto t = std::chrono::system_clock::now();'
                            .replace('auto t', 'const auto t')),
    'migrations/0001_init.sql': '-- now() in a comment\ncreate table a (b int);\n',
    'tests/x_test.cpp': cpp('const auto* kSql = "select a from b";'),
    'docs/colours.css': 'a { color: #' '123; }\n',
    'README.md': 'A network/work place with this.library and 3# of things.\n',
}

# (rule, path, text, line). Each is added to the clean tree alone; line 0: any.
PLANTED = [
    ('include', 'src/base/a.hpp', hpp('#include "store/tx.hpp"'), 4),
    ('include', 'src/store/a.hpp', hpp('#include "core/a.hpp"'), 4),
    ('include', 'src/core/a.hpp', hpp('#include "api/a.hpp"'), 4),
    ('include', 'src/api/a.hpp', hpp('#include "jobs/a.hpp"'), 4),
    ('include', 'src/jobs/a.hpp', hpp('#include "connectors/a.hpp"'), 4),
    ('include', 'src/connectors/a.hpp', hpp('#include "api/a.hpp"'), 4),
    ('include', 'src/net/a.hpp', hpp('#include "app/a.hpp"'), 4),
    ('include', 'src/net/b.hpp', hpp('#include "session.hpp"'), 4),
    ('include', 'src/net/b.hpp', hpp('#include "tests/fixture.hpp"'), 4),
    ('include', 'src/core/a_test.cpp', cpp('#include "net/a.hpp"'), 2),
    ('library', 'src/core/a.hpp', hpp('#include <boost/json.hpp>'), 4),
    ('library', 'src/core/a.hpp', hpp('boost::json::value f();'), 4),
    ('library', 'src/api/a.hpp', hpp('#include <boost/beast/http.hpp>'), 4),
    ('library', 'src/jobs/a.hpp', hpp('#include <curl/curl.h>'), 4),
    ('library', 'src/base/a.hpp', hpp('#include <openssl/ssl.h>'), 4),
    ('library', 'src/core/a.hpp', hpp('#include <openssl/evp.h>'), 4),
    ('library', 'src/api/a.hpp', hpp('#include <sqlite3.h>'), 4),
    ('library', 'src/jobs/a.hpp', hpp('#include <libpq-fe.h>'), 4),
    ('library', 'src/jobs/a.cpp', cpp('void f() { co_return; }'), 2),
    ('clock', 'src/net/a.cpp', cpp('auto f() { return std::chrono::system_clock::now(); }'), 2),
    ('clock', 'src/core/a.hpp', hpp('std::chrono::steady_clock::time_point f();'), 4),
    ('clock', 'src/base/a.cpp', cpp('long f() { return time(nullptr); }'), 2),
    ('clock', 'src/store/a.cpp', cpp('void f() { clock_gettime(0, x); }'), 2),
    ('clock', 'src/store/a.cpp', cpp('const char* const k = "update a set b = now()";'), 2),
    ('sql-clock', 'migrations/0002_a.sql', 'create table a (b int default current_timestamp);\n',
     1),
    ('braced-try', 'src/core/a.cpp', cpp('A f() {\n    return A{.a = 1, .b = HW_TRY(g())};\n}'), 3),
    ('random', 'src/net/a.cpp', cpp('int f() { return rand(); }'), 2),
    ('random', 'src/base/a.cpp', cpp('std::random_device f();'), 2),
    ('random', 'src/core/a.hpp', hpp('std::mt19937 f();'), 4),
    ('sql', 'src/net/a.cpp', cpp('const char* const k =\n    "select a "\n    "from b";'), 3),
    ('sql', 'src/net/a.cpp', cpp('const char* const k = R"(\n  insert into a values (1))";'), 2),
    ('sql', 'src/jobs/a.cpp', cpp('void f() { run("update jobs set state = $1"); }'), 2),
    ('sql', 'src/app/a.cpp', cpp('void f() { run("delete from jobs"); }'), 2),
    ('sql', 'src/app/a.cpp', cpp('void f() { run("pragma journal_mode"); }'), 2),
    ('double', 'src/base/money.hpp', hpp('double f();'), 4),
    ('double', 'src/base/fx_rate.hpp', hpp('float f();'), 4),
    ('double', 'src/store/a.hpp', hpp('float f();'), 4),
    ('double', 'src/core/a.hpp', hpp('constexpr auto kShare = 0.5;'), 4),
    ('double', 'src/api/a_test.cpp', cpp('auto f() { return value.as_double(); }'), 2),
    ('double', 'src/connectors/stripe/a.hpp', hpp('double f();'), 4),
    ('unordered', 'src/core/a.hpp', hpp('std::unordered_map<int, int> f();'), 4),
    ('one-type', 'src/store/tx.hpp',
     hpp('namespace hw {\nstruct A;\nstruct B final : A {\n};\n}\n'
         'namespace hw {\nclass Error {\n};\n}'), 10),
    ('untested', 'src/core/a.cpp', cpp(''), 1),
    ('untested', 'src/api/a.cpp', cpp(''), 1),
    ('function-length', 'src/net/a.cpp', cpp('void f() {\n' + 'g();\n' * 69 + '}'), 2),
    ('function-length', 'src/net/a.hpp',
     hpp('namespace hw {\nclass A : B {\n public:\n  template <class T>\n  A(T t = {}) : a_(t) {\n'
         + 'g();\n' * 69 + '}\n};\n}'), 8),
    ('function-length', 'tools/a.py', 'def f():\n' + '    g()\n' * 70, 1),
    ('file-length', 'src/net/a.cpp', SPDX + '\n' * 500, 501),
    ('file-length', 'tools/a.py', '\n' * 501, 501),
    ('line-length', 'src/net/a.cpp', cpp('// ' + 'x' * 98), 2),
    ('line-length', 'scripts/run', '#!/bin/bash\n# ' + 'x' * 99 + '\n', 2),
    ('name', 'src/net/http_util.cpp', cpp(''), 1),
    ('name', 'src/net/manager.hpp', hpp(''), 1),
    ('name', 'web/src/helpers/x.ts', '', 1),
    ('name', 'src/net/impl.hpp', hpp(''), 1),
    ('header', 'src/net/a.hpp', SPDX + '#pragma once\n', 2),
    ('header', 'src/net/a.hpp', SPDX + '// a word\n#pragma once\n', 2),
    ('header', 'src/net/a.hpp', SPDX + '// Says what it is for.\n', 1),
    ('spdx', 'src/net/a.hpp', '//\n// Says what it is for.\n#pragma once\n', 1),
    ('spdx', 'tests/a.cpp', 'int f();\n', 1),
    ('unfinished', 'docs/a.md', 'Text.\nFIX' 'ME later\n', 2),
    ('unfinished', 'src/net/a.cpp', cpp('// TO' 'DO: more'), 2),
    ('unfinished', 'web/a.ts', '// X' 'XX\n', 1),
    ('catch', 'src/core/a.hpp', hpp('inline void f() { try { g(); } catch (...) {} }'), 4),
    ('global', 'src/net/a.cpp', cpp('namespace {\nstd::atomic<int> counter = 0;\n}'), 3),
    ('global', 'src/net/a.cpp', cpp('static std::mutex lock;'), 2),
    ('global', 'src/net/a.cpp', cpp('const char* name = "x";'), 2),
    ('global', 'src/net/a.cpp', cpp('void f() {}\nthread_local std::vector<int> kept{1, 2};'), 3),
    ('sleep', 'src/net/a_test.cpp', cpp('void f() { std::this_thread::sleep_for(x); }'), 2),
    ('sleep', 'tests/a.cpp', cpp('void f() { usleep(3); }'), 2),
    ('sleep', 'tests/a.cpp', cpp('void f() { ::sleep(3); }'), 2),
    ('sleep', 'tests/a.py', 'time.sleep(1)\n', 1),
    ('sleep', 'tests/node/a.mjs', 'await page.waitForTimeout(100);\n', 1),
    ('issue', 'docs/a.md', 'See (#' '12).\n', 1),
    ('issue', 'src/net/a.cpp', cpp('// from issue' ' 12'), 2),
    ('private', 'docs/a.md', 'see ../sha' 'red/spec\n', 1),
    ('private', 'scripts/a', 'cd /wo' 'rk/main\n', 1),
    ('private', 'docs/a.md', 'written by a helper ses' 'sion\n', 1),
    ('private', 'docs/a.md', 'found in .lib' 'rary/x\n', 1),
    ('private', 'docs/a.md', 'in /tmp/w' 't/net\n', 1),
    ('registry', 'docs/a.md', 'https://registry.npm' 'js.org/x\n', 1),
    ('mark', 'src/core/a.hpp', hpp('// tidy: catch ok: because it is so'), 4),
    ('mark', 'src/core/a.hpp', hpp('// tidy: double ok: a reason for nothing'), 4),
    ('mark', 'src/core/a.hpp', hpp('double f();  // tidy: double ok:'), 4),
]


def reported(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return tidy.check(root)


class TidyTest(unittest.TestCase):
    def test_clean_tree_has_no_findings(self):
        self.assertEqual(reported(CLEAN), [])

    def test_each_planted_violation_is_the_one_that_is_reported(self):
        for rule, path, text, line in PLANTED:
            with self.subTest(rule=rule, path=path, text=text[-80:]):
                found = reported({**CLEAN, path: text})
                if rule not in ('untested',) and re.match(r'src/(core|api)/a\.cpp', path):
                    found = [each for each in found if each.rule != 'untested']
                self.assertEqual([(each.rule, each.path, each.line) for each in found],
                                 [(rule, path, line)], found)

    def test_every_rule_has_a_plant(self):
        source = pathlib.Path(tidy.__file__).read_text()
        rules = set(re.findall(r"(?:add|each|excusable)\([^()]*?,\s*'([a-z-]+)',", source))
        rules |= {'unfinished', 'private', 'registry', 'issue', 'sql-clock'}
        self.assertEqual(rules - {rule for rule, *_ in PLANTED}, set())
        self.assertEqual({rule for rule, *_ in PLANTED} - rules, set())

    def test_excuses_are_counted(self):
        line = 'double f{}();  // tidy: double ok: a share of one, not money\n'
        text = hpp(''.join(line.format(number) for number in range(tidy.MARKS_MAX)))
        found = reported({**CLEAN, 'src/core/a.hpp': text})
        self.assertEqual([each.rule for each in found], ['mark'])

    def test_generated_files_may_be_long(self):
        text = '# Generated by tools/x.py.\n' + '\n' * 600
        self.assertEqual(reported({**CLEAN, 'tools/a.py': text}), [])


if __name__ == '__main__':
    sys.exit(unittest.main())
