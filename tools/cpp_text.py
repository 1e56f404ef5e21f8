# SPDX-License-Identifier: Apache-2.0
"""C++ source as tools/tidy.py sees it: code without comments and literals, the literals, scopes.

This is a reader of our own style, not a compiler: it knows where strings, comments, functions and
namespace-scope statements begin and end, and that is all.
"""

import bisect
import re

TOKEN = re.compile(
    r'R"(?P<delimiter>[^()\\\s]{0,16})\((?P<raw>.*?)\)(?P=delimiter)"'
    r'|"(?P<string>(?:\\.|[^"\\\n])*)"'
    r"|(?P<number>\b\d[\w.]*(?:'[\w.]+)+)"
    r"|'(?:\\.|[^'\\\n])+'"
    r'|(?P<comment>//[^\n]*|/\*.*?\*/)',
    re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.M)
MARK = re.compile(r'tidy: ?([\w-]+) ok:?(.*)')
LABEL = re.compile(r'^\s*(?:(?:public|private|protected)\s*:\s*)+')
TYPE_HEAD = re.compile(r'^(?:typedef\s+|static\s+|constexpr\s+|inline\s+)*'
                       r'(?:class|struct|union|enum)\b')
NOT_A_VARIABLE = re.compile(
    r'^(?:using|typedef|template|static_assert|friend|class|struct|enum|union|namespace|concept'
    r'|asm|extern\s*"")\b|^extern\s*""|^[A-Z][A-Z0-9_]*\s*\(|\boperator\b')


class CppText:
    """One source file, read once."""

    def __init__(self, text):
        self.lines = text.split('\n')
        self._newlines = [match.start() for match in re.finditer('\n', text)]
        self.comments = {}  # line -> text of the comments on it
        self.strings = []   # (line, text), adjacent literals joined
        self._string_end = -1
        self._text = text
        self.code = TOKEN.sub(self._blank, text)
        self.code_lines = self.code.split('\n')
        self.marks = {}  # (line, rule) -> reason, from "tidy: RULE ok: reason"
        for line, comment in self.comments.items():
            for rule, reason in MARK.findall(comment):
                self.marks[line, rule] = reason.strip()
        self.functions = []   # (first line, last line)
        self.statements = []  # (line, text) at namespace scope
        self._read_scopes(DIRECTIVE.sub(lambda m: '\n' * m.group().count('\n'), self.code))

    def line_of(self, offset):
        return bisect.bisect_left(self._newlines, offset) + 1

    def _blank(self, match):
        line = self.line_of(match.start())
        newlines = '\n' * match.group().count('\n')
        if match.group('number'):
            return match.group().replace("'", '')
        if match.group('comment'):
            for number, part in enumerate(match.group().split('\n')):
                self.comments[line + number] = self.comments.get(line + number, '') + part
            return newlines
        text = match.group('raw') if match.group('raw') is not None else match.group('string')
        if text is None:
            return "' '"
        between = self._text[max(self._string_end, 0):match.start()]
        if self._string_end >= 0 and not between.strip():
            first, before = self.strings[-1]
            self.strings[-1] = (first, before + text)
        else:
            self.strings.append((line, text))
        self._string_end = match.end()
        return '""' + newlines

    def _read_scopes(self, code):
        line = 1
        stack = [('namespace', 1, 0, 0)]  # kind, line, outer parentheses, where its head starts
        parens = head = 0
        for match in re.finditer(r'[{}();\n]', code):
            char, at = match.group(), match.start()
            kind = stack[-1][0]
            if char == '\n':
                line += 1
            elif char == '(':
                parens += 1
            elif char == ')':
                parens -= 1
            elif char == '{':
                outer = kind in ('namespace', 'class') and parens == 0
                stack.append((scope_kind(code[head:at]) if outer else 'block', line, parens, head))
                parens, head = 0, at + 1
            elif char == '}' and len(stack) > 1:
                kind, first, parens, head = stack.pop()
                if kind == 'function':
                    self.functions.append((first, line))
                if kind not in ('block', 'value'):
                    head = at + 1
            elif char == ';' and parens == 0 and kind in ('namespace', 'class', 'function'):
                statement = code[head:at]
                if kind == 'namespace' and statement.strip():
                    start = line - statement.lstrip().count('\n')
                    self.statements.append((start, ' '.join(statement.split())))
                head = at + 1


def scope_kind(head):
    """What the brace after `head`, at namespace or class scope, opens."""
    head = LABEL.sub('', head).strip()
    head = re.sub(r'\[\[.*?\]\]|\balignas\s*\([^)]*\)', '', head, flags=re.S).strip()
    if head.startswith(','):  # the rest of a constructor's initialisers
        return 'function' if head[-1] in ')}' else 'value'
    head = without_template(head)
    if not head:
        return 'function'
    if re.match(r'(?:inline\s+)?namespace\b|extern\s*""', head):
        return 'namespace'
    if TYPE_HEAD.match(head) and '(' not in head:
        return 'class'
    plain = without_nested(re.sub(r'\boperator\s*[^\s(\w]+', 'operator', head), '(', ')')
    return 'function' if '(' in head and '=' not in plain else 'value'


def without_template(text):
    while re.match(r'template\s*<', text):
        depth = 0
        for at, char in enumerate(text):
            depth += {'<': 1, '>': -1}.get(char, 0)
            if char == '>' and depth == 0:
                break
        text = text[at + 1:].strip()
    return text


def without_nested(text, opening, closing):
    pattern = re.compile(f'\\{opening}[^\\{opening}\\{closing}]*\\{closing}')
    while pattern.search(text):
        text = pattern.sub('', text)
    return text


def is_mutable_global(statement):
    """True for a variable at namespace scope that someone could change."""
    statement = re.sub(r'\[\[.*?\]\]|\b__extension__\b', '', statement).strip()
    if NOT_A_VARIABLE.search(statement):
        return False
    declaration = re.split(r'[={]', without_nested(statement, '<', '>'))[0].strip()
    if '(' in declaration or not re.fullmatch(r'[\w:\s*&\[\]]+', declaration):
        return False
    if len(re.findall(r'\w+', declaration)) < 2 or re.search(r'\bconstexpr\b', declaration):
        return False
    if not re.search(r'\bconst\b', declaration):
        return True
    return '*' in declaration.rsplit('const', 1)[1]
