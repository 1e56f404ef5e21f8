#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what failed in a JUnit file of ctest and, last, the line "N passed, N failed"."""

import pathlib
import re
import sys
import xml.etree.ElementTree

TAIL_LINES = 60


def skipped_on_purpose(case):
    """Disabled, or skipped by its own word; not for want of its program or of its fixture."""
    reason = case.find('skipped')
    said = '' if reason is None else reason.get('message', '')
    return case.get('status') == 'disabled' or said.startswith('SKIP')


def summary(path):
    """The lines to print and whether all is well."""
    if not pathlib.Path(path).is_file():
        return ['the tests did not run', '0 passed, 1 failed'], False
    # Output of tests may hold control characters, which XML does not allow.
    text = pathlib.Path(path).read_text(errors='replace')
    text = re.sub(r'[\x00-\x08\x0b\x0c\x0e-\x1f]', '?', text)
    lines, passed, failed = [], 0, 0
    for case in xml.etree.ElementTree.fromstring(text).iter('testcase'):
        status = case.get('status')
        if status == 'run':
            passed += 1
        elif status == 'fail' or not skipped_on_purpose(case):
            failed += 1
            output = (case.findtext('system-out') or '').strip().split('\n')
            lines += [f'--- {case.get("name")} failed', *output[-TAIL_LINES:]]
        else:
            lines.append(f'{case.get("name")}: skipped')
    return lines + [f'{passed} passed, {failed} failed'], failed == 0 and passed > 0


def main(arguments):
    if len(arguments) != 2:
        print(__doc__)
        return 2
    lines, well = summary(arguments[1])
    print('\n'.join(lines), flush=True)
    return 0 if well else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv))
