#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules that a compiler does not hold: layers, clocks, SQL, money, sizes, names.

Usage: tools/tidy.py [ROOT]     exit 0: clean, 1: findings (file:line: [rule] text), 2: usage
A line may be excused with a comment on it or just above it, `// tidy: RULE ok: reason`, where
RULE is one of MARKABLE below. docs/decisions/0001-lint.md tells why each rule exists.
"""

import ast
import collections
import pathlib
import re
import subprocess
import sys

from cpp_text import CppText, is_mutable_global

Finding = collections.namedtuple('Finding', 'path line rule text')

LEFT_OF = {
    'base': set(),
    'store': {'base'},
    'core': {'base', 'store'},
    'connectors': {'base', 'store', 'core'},
    'api': {'base', 'store', 'core'},
    'jobs': {'base', 'store', 'core'},
    'net': {'base', 'store', 'core', 'connectors', 'api', 'jobs'},
    'app': {'base', 'store', 'core', 'connectors', 'api', 'jobs', 'net'},
}

# A `catch` belongs to the transaction runner or to the edge of a task, nowhere else.
CATCH_ALLOWED = {
    'src/app/doctor.cpp': 'edge of a check: a fault is what it reports',
    'src/app/main.cpp': 'edge of the process: the exit code says what went wrong',
    'src/jobs/periodic.cpp': 'edge of a periodic task: a fault becomes a retry',
    'src/jobs/runner.cpp': 'edge of a job: a fault becomes a retry',
    'src/net/exchange.cpp': 'edge of a request: a fault becomes 500 or 503',
    'src/net/io_thread.cpp': 'edge of a coroutine: a connection ends alone',
    'src/store/db.cpp': 'edge of a task: a callback that throws leaves the database thread alone',
    'src/store/postgres_engine.cpp': 'the transaction runner of PostgreSQL: retries',
    'src/store/sqlite_log_syncer.cpp': 'edge of the sync: a fault is what its commits answer',
    'src/store/sqlite_checkpointer.cpp': 'edge of a checkpoint: the log keeps what is not copied',
    'src/store/sqlite_engine.cpp': 'the transaction runner of SQLite: a savepoint rolls back alone',
}

MARKABLE = {'clock', 'random', 'sql', 'double', 'unordered', 'global', 'sleep'}
MARKS_MAX = 20  # excuses per rule in the whole tree; more means that the rule is wrong

LINE_COLUMNS_MAX, FILE_LINES_MAX, FUNCTION_LINES_MAX = 100, 500, 70
TEST_FUNCTION_LINES_MAX = 100  # a table of cases is one function, and its rows are data

# header -> modules that may include it. In tests beside the sources, Boost.JSON is free.
LIBRARIES = [
    (re.compile(r'sqlite3\.h$|(?:postgresql/)?libpq'), {'store'}, 'SQLite and libpq'),
    (re.compile(r'boost/json'), {'api', 'connectors', 'store'}, 'Boost.JSON'),
    (re.compile(r'boost/(?:asio|beast)|openssl/(?:ssl|tls1)\.h$|curl/|sys/socket\.h$'), {'net'},
     'Asio, Beast, TLS, libcurl and sockets'),
    (re.compile(r'openssl/'), {'base', 'net'}, 'OpenSSL'),
]
TOKENS = [
    (re.compile(r'\bboost::json\b'), {'api', 'connectors', 'store'}, 'Boost.JSON'),
    (re.compile(r'\bboost::(?:asio|beast)\b|\bco_(?:await|return|yield)\b'), {'net'},
     'Asio, Beast and coroutines'),
]
# steady_clock measures how long to wait and never reaches a row, so the modules that wait have it.
STEADY_CLOCK_MODULES = {'store', 'jobs', 'net', 'app'}
STEADY_CLOCK = re.compile(r'\bsteady_clock\b')
CLOCK = re.compile(r'\b(?:system_clock|high_resolution_clock|utc_clock|file_clock)\b'
                   r'|\b(?:gettimeofday|clock_gettime|timespec_get)\b'
                   r'|(?<![\w.>])(?:std::|::)?time\s*\(\s*(?:NULL|nullptr|0|&\w+)?\s*\)')
RANDOM = re.compile(r'\b(?:random_device|mt19937(?:_64)?|default_random_engine|minstd_rand0?'
                    r'|getrandom|getentropy|arc4random\w*|RAND_(?:priv_)?bytes|randombytes\w*'
                    r'|srand|rand_r|[de]rand48)\b|(?<![\w.>])(?:std::)?rand\s*\(\s*\)')
SQL = re.compile(
    r'^\s*(?:--[^\n]*\n\s*)*(?:select\b.+\bfrom\s+\w|select\s+(?:\$\d|\w+\s*\()|insert\s+(?:or\s+'
    r'\w+\s+)?into\s+\w|update\s+\w+\s+(?:as\s+\w+\s+)?set\s|delete\s+from\s+\w|with\s+\w+\s*'
    r'(?:\([^)]*\)\s*)?as\s*\(|(?:create|drop|alter)\s+(?:temp(?:orary)?\s+|unique\s+)?(?:table'
    r'|index|view|trigger|role|schema|database)\s|begin\s*(?:;|$|immediate|transaction|isolation)'
    r'|(?:savepoint|release|rollback\s+to|truncate)\s+\w+\s*;?\s*$|pragma\s+\w|set\s+local\s)',
    re.I | re.S)
SQL_CLOCK = re.compile(r"\bnow\s*\(\s*\)|\bcurrent_(?:timestamp|date|time)\b|\brandom\s*\(\s*\)"
                       r"|\bclock_timestamp\b|\bunixepoch\s*\(|'now'|\bgen_random_uuid\b", re.I)
# Definitions at the outermost level of a namespace, which our formatting does not indent.
NAMESPACE = re.compile(r'namespace ([\w:]+) \{')
TYPE = re.compile(r'(?:struct|class|enum class) (\w+)\b[^;]*\{')
FLOATING = re.compile(r'\b(?:float|double|as_double|get_double|stof|stod|strtod|strtof|atof)\b'
                      r'|(?<![\w.])\d+\.\d+(?:[eE][-+]?\d+)?[fL]?(?![\w.])')
MONEY_PATHS = re.compile(r'src/(?:base/(?:money|fx)[^/]*|(?:store|core|api|connectors)/.*)$')
# A member of a braced list, or a later element of one.
BRACED_TRY = re.compile(r'(?:^|[\s{(,])\.\w+ = HW_(?:TRY|CHECK)\(|[{]\s*HW_TRY\(')
UNORDERED = re.compile(r'\bunordered_\w+')
CATCH = re.compile(r'\bcatch\s*\(')
SLEEP = {'cpp': re.compile(r'\b(?:sleep_for|sleep_until|nanosleep)\b|\bu?sleep\s*\('),
         'py': re.compile(r'\btime\.sleep\s*\('),
         'js': re.compile(r'\bwaitForTimeout\s*\(|\bsetTimeout\s*\(\s*resolve\b')}
BANNED_NAME = re.compile(r'(?:^|[_.\-/])(managers?|helpers?|utils?|common|impl|handlers?)'
                         r'(?=[_.\-/]|$)', re.I)
# Three X are also ISO 4217 for "no currency", so outside of comments they are free.
UNFINISHED = re.compile(r'\b(?:FIX' r'ME|TO' r'DO)\b|(?://|#|--|\*)[^\n"\']*\bX' r'XX\b')
ISSUE = re.compile(r'(?:^|[\s(\[])#\d{1,5}(?=[\s.,;:)\]]|$)|\bGH-\d+|\bissues?[ /]#?\d+', re.I)
PRIVATE = re.compile(r'\.\./sha' r'red\b|(?<!\w)\.lib' r'rary\b|(?<![\w.])/wo' r'rk/'
                     r'|/tmp/(?:wt|brief)\b|\bhelper\s+ses' r'sions?\b', re.I)
REGISTRY = re.compile(r'\bregistry\.[\w-]+\.\w+|\bnpm' r'js\.(?:org|com)|\bpypi\.org'
                      r'|\bpythonho' r'sted|\bcrates\.io|\bproxy\.golang\.org'
                      r'|\bdeb\.debian\.org|\bghcr\.io', re.I)
SPDX = 'SPDX-License-Identifier: Apache-2.0'

CPP, OTHER_CODE = {'.cpp', '.hpp'}, {'.py', '.sh', '.cmake'}
SCRIPTS = {'.js', '.mjs', '.ts', '.tsx'}
COLOUR_SYNTAX = SCRIPTS | {'.css', '.html', '.svg', '.json', '.jsx'}  # a colour looks like an issue
SKIPPED_FOLDERS = {'.git', 'build', 'node_modules', 'dist', '__pycache__', '.deps'}
NOT_OURS = {'LICENSE', 'package-lock.json'}


def tracked_files(root):
    """Every file that belongs to the project, new ones included; by walking where git is absent."""
    if (root / '.git').exists():
        listed = subprocess.run(['git', '-C', str(root), 'ls-files', '-co', '--exclude-standard',
                                 '-z'], capture_output=True, text=True, check=True).stdout
        return sorted(path for path in set(listed.split('\0')) if path and (root / path).is_file())
    found = []
    for path in root.rglob('*'):
        relative = path.relative_to(root)
        if path.is_file() and not SKIPPED_FOLDERS & set(relative.parts):
            found.append(relative.as_posix())
    return sorted(found)


class Tidy:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = tracked_files(self.root)
        self.findings = []
        self.marks = collections.Counter()  # rule -> excuses in the tree
        self.used_marks = set()             # (path, line, rule)
        self.types = {}  # where each is defined

    def add(self, path, line, rule, text):
        self.findings.append(Finding(path, line, rule, text))

    def run(self):
        for path in self.paths:
            data = (self.root / path).read_bytes()
            self.check_name(path)
            if b'\0' in data[:8192]:
                continue
            text = data.decode('utf-8', 'replace')
            name = pathlib.PurePosixPath(path)
            if name.name not in NOT_OURS:
                self.check_words(path, text)
            generated = re.search(r'@generated|generated by', text[:400], re.I)
            if name.suffix in CPP | OTHER_CODE or text.startswith('#!'):
                self.check_sizes(path, text, bool(generated))
            if name.suffix in CPP:
                self.check_cpp(path, text, CppText(text), bool(generated))
            elif path.startswith('tests/') and name.suffix in SCRIPTS | {'.py'}:
                self.check_script_sleeps(path, text)
            elif path.startswith('migrations/'):
                self.check_sql_clock(path, 1, text)
        self.check_untested()
        return sorted(self.findings)

    # --- any text file

    def check_name(self, path):
        found = BANNED_NAME.search(path)
        if found:
            self.add(path, 1, 'name', f'"{found.group(1)}" says nothing; name the file after what '
                     'it holds')

    def check_words(self, path, text):
        rules = [('unfinished', UNFINISHED, 'finish it or delete it; open work does not live in '
                  'comments'),
                 ('private', PRIVATE, 'a path or word of one machine; the project speaks of itself '
                  'only'),
                 ('registry', REGISTRY, 'name packages, not the host that serves them')]
        if pathlib.PurePosixPath(path).suffix not in COLOUR_SYNTAX and 'testdata/' not in path:
            rules.append(('issue', ISSUE, 'an issue number; write the reason itself'))
        for rule, pattern, fix in rules:
            for match in pattern.finditer(text):
                line = text.count('\n', 0, match.start() + len(match.group()) -
                                  len(match.group().lstrip())) + 1
                self.add(path, line, rule, f'"{match.group().strip()}": {fix}')

    def check_sizes(self, path, text, generated):
        lines = text.split('\n')
        if generated:
            return
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_COLUMNS_MAX:
                self.add(path, number, 'line-length',
                         f'{len(line)} columns; wrap at {LINE_COLUMNS_MAX}')
        count = len(lines) - (lines[-1] == '')
        if count > FILE_LINES_MAX:
            self.add(path, FILE_LINES_MAX + 1, 'file-length',
                     f'{count} lines; split the file, {FILE_LINES_MAX} is the limit')
        if path.endswith('.py'):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.check_function(path, node.lineno, node.end_lineno)

    def check_function(self, path, first, last):
        most = TEST_FUNCTION_LINES_MAX if path.endswith('_test.cpp') else FUNCTION_LINES_MAX
        if last - first + 1 > most:
            self.add(path, first, 'function-length', f'{last - first + 1} lines; split the '
                     f'function, {most} is the limit')

    def check_script_sleeps(self, path, text):
        pattern = SLEEP['py' if path.endswith('.py') else 'js']
        for number, line in enumerate(text.split('\n'), 1):
            if pattern.search(line):
                self.add(path, number, 'sleep', 'wait for a condition, not for a duration')

    def check_untested(self):
        for path in self.paths:
            tested = re.match(r'src/(?:core|api)/.*\.cpp$', path)
            if tested and not path.endswith('_test.cpp'):
                if path[:-4] + '_test.cpp' not in self.paths:
                    self.add(path, 1, 'untested', f'write {path[:-4]}_test.cpp beside it')

    # --- C++

    def check_cpp(self, path, text, cpp, generated):
        parts = path.split('/')
        module = parts[1] if parts[0] == 'src' and len(parts) > 2 else None
        is_test = path.endswith('_test.cpp') or parts[0] == 'tests'
        self.check_head(path, cpp)
        if not generated:
            for first, last in cpp.functions:
                self.check_function(path, first, last)
        if is_test:
            self.each(path, cpp, 'sleep', SLEEP['cpp'],
                      'wait for a condition (tests/wait_for.hpp), not for a duration')
        if module is not None:
            self.check_includes(path, module, cpp, is_test)
            self.check_sources(path, module, cpp, is_test)
        if module is not None and not is_test:
            self.check_statements(path, module, cpp)
        if module is not None and path.endswith('.hpp'):
            self.check_types(path, cpp)
        if MONEY_PATHS.match(path):
            self.each(path, cpp, 'double', FLOATING,
                      'no floating point where money passes; use hw::Money or integers')
        if module == 'core':
            self.each(path, cpp, 'unordered', UNORDERED,
                      'its order differs from run to run; use a sorted container')
        self.check_marks(path, cpp)

    def check_types(self, path, cpp):
        space = ''
        for number, line in enumerate(cpp.code_lines, 1):
            if opened := NAMESPACE.match(line):
                space = opened.group(1)
            if defined := TYPE.match(line):
                first = self.types.setdefault((space, defined.group(1)), path)
                if first != path:
                    self.add(path, number, 'one-type', f'{defined.group(1)} is also defined in '
                             f'{first}: a program that has both is broken')

    def each(self, path, cpp, rule, pattern, fix):
        for number, line in enumerate(cpp.code_lines, 1):
            match = pattern.search(line)
            if match and not line.lstrip().startswith('#include'):
                self.excusable(path, cpp, number, rule, f'"{match.group().strip()}": {fix}')

    def excusable(self, path, cpp, line, rule, text):
        near = line
        while near == line or cpp.lines[near - 1].lstrip().startswith('//'):
            if rule in MARKABLE and (near, rule) in cpp.marks:
                self.used_marks.add((path, near, rule))
                return
            near -= 1
            if near == 0:
                break
        self.add(path, line, rule, text)

    def check_head(self, path, cpp):
        if cpp.lines[0] != '// ' + SPDX:
            self.add(path, 1, 'spdx', f'the first line must be "// {SPDX}"')
        if not path.endswith('.hpp'):
            return
        about = []
        for line in cpp.lines[1:]:
            if not line.startswith('//'):
                break
            about.append(line[2:].strip())
        if not re.search(r'\w.*[.:)]$', ' '.join(about)):
            self.add(path, 2, 'header', 'say in a sentence, on line 2, what the header is for')
        if '#pragma once' not in cpp.code_lines:
            self.add(path, 1, 'header', 'add #pragma once after the sentence')

    def check_includes(self, path, module, cpp, is_test):
        allowed = LEFT_OF.get(module, set()) | {module}
        for number, line in enumerate(cpp.lines, 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
            if not found:
                continue
            name = found.group(2)
            if found.group(1) == '"':
                target = name.split('/')[0]
                if target == 'tests' and is_test or target in allowed:
                    continue
                what = 'may not include' if target in LEFT_OF else 'cannot tell the module of'
                self.add(path, number, 'include', f'{module} {what} "{name}"; allowed: ' +
                         ', '.join(f'{each}/' for each in sorted(allowed)))
                continue
            for pattern, modules, what in LIBRARIES:
                if pattern.match(name):
                    free = is_test and what == 'Boost.JSON'
                    if module not in modules and not free:
                        self.add(path, number, 'library', f'{what} only in '
                                 f'{", ".join(sorted(modules))}; move <{name}> there')
                    break

    def check_sources(self, path, module, cpp, is_test):
        for pattern, modules, what in TOKENS:
            if module not in modules and not (is_test and what == 'Boost.JSON'):
                self.each(path, cpp, 'library', pattern,
                          f'{what} only in {", ".join(sorted(modules))}')
        if module == 'app' or is_test:
            return
        self.each(path, cpp, 'clock', CLOCK, 'take time from hw::Env (base/env.hpp)')
        self.each(path, cpp, 'random', RANDOM, 'take randomness from hw::Env (base/env.hpp)')
        if module not in STEADY_CLOCK_MODULES:
            self.each(path, cpp, 'clock', STEADY_CLOCK, 'waiting belongs to store, jobs and net; '
                      'take time from hw::Env (base/env.hpp)')

    def check_statements(self, path, module, cpp):
        for line, text in cpp.strings:
            if module != 'store' and SQL.match(text):
                self.excusable(path, cpp, line, 'sql', 'SQL lives in src/store; call a function '
                               'there')
            elif module == 'store' and SQL.match(text):
                self.check_sql_clock(path, line, text, cpp)
        for line, statement in cpp.statements:
            if is_mutable_global(statement):
                self.excusable(path, cpp, line, 'global', f'"{statement[:60]}" is a mutable '
                               'global; make it const or pass it in')
        self.each(path, cpp, 'braced-try', BRACED_TRY, 'g++ 12 leaks the members before it; put '
                  'the value into a variable first')
        if path not in CATCH_ALLOWED:
            self.each(path, cpp, 'catch', CATCH, 'faults are caught by the transaction runner and '
                      'at the edge of a task; see CATCH_ALLOWED in tools/tidy.py')

    def check_sql_clock(self, path, line, text, cpp=None):
        for match in SQL_CLOCK.finditer(re.sub(r'--[^\n]*', '', text)):
            fix = f'"{match.group()}" in SQL: pass time and randomness as parameters'
            if cpp is None:
                self.add(path, line, 'sql-clock', fix)
            else:
                self.excusable(path, cpp, line, 'clock', fix)

    def check_marks(self, path, cpp):
        for (line, rule), reason in cpp.marks.items():
            self.marks[rule] += 1
            if rule not in MARKABLE:
                self.add(path, line, 'mark', f'"{rule}" cannot be excused; can be: ' +
                         ', '.join(sorted(MARKABLE)))
            elif len(reason) < 8:
                self.add(path, line, 'mark', f'give the reason: // tidy: {rule} ok: why')
            elif (path, line, rule) not in self.used_marks:
                self.add(path, line, 'mark', f'nothing to excuse for "{rule}" here; delete it')
            elif self.marks[rule] > MARKS_MAX:
                self.add(path, line, 'mark', f'more than {MARKS_MAX} excuses for "{rule}": mend '
                         'the code or the rule')


def check(root):
    return Tidy(root).run()


def main(arguments):
    if len(arguments) > 2 or arguments[1:2] in (['-h'], ['--help']):
        print(__doc__)
        return 0 if len(arguments) == 2 else 2
    root = arguments[1] if len(arguments) == 2 else pathlib.Path(__file__).resolve().parent.parent
    findings = check(root)
    for finding in findings:
        print(f'{finding.path}:{finding.line}: [{finding.rule}] {finding.text}')
    if findings:
        print(f'{len(findings)} findings')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
