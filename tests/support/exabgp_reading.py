# SPDX-License-Identifier: BSD-3-Clause
# Prints the command that the installed ExaBGP finds in each line of standard input, one per line,
# using its own code for the bytes of a control channel, up to the handlers, which are not run.
# Usage: exabgp_reading.py DIALECT (4.2, 5.0, v4 or v6), with the package in PYTHONPATH.
import os
import sys
from collections import defaultdict


class Proc(object):
    """A helper process whose output is `stdout`."""

    def __init__(self, stdout):
        self.stdout = stdout

    def poll(self):
        return None


class Any(object):
    """Accepts every call."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def make_silent():
    if dialect != '4.2':
        from exabgp.logger import log

        log.silence()


def lines_read(data):
    """The lines that ExaBGP's reactor gets from a helper that writes `data`, without those that it
    treats as messages for its log."""
    from exabgp.reactor.api.processes import Processes

    class Fake(Processes):
        def __init__(self):
            pass

    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    processes = Fake()
    processes.logger = Any()
    processes._process = {'helper': Proc(os.fdopen(reading, 'rb', 0))}
    processes._buffer = {}
    processes._handle_problem = lambda process: sys.exit('ExaBGP would end the helper')
    found = []
    for start in range(0, len(data), 8192):
        os.write(writing, data[start : start + 8192])
        found += [line for _, line in processes.received()]
    os.close(writing)
    return found


def command_by_table(line):
    """4.2 and 5.0: the callback that is called."""
    from exabgp.reactor.api import API

    api = API.__new__(API)
    api.logger = Any()
    called = []
    everything = {name: (lambda *args, n=name, **kwargs: called.append(n)) for name in API.functions}
    api.callback = defaultdict(lambda: everything)
    reactor = Any()
    reactor.processes = Any()
    if dialect == '4.2':
        api.text(reactor, 'helper', line)
    else:
        api.response(reactor, 'helper', line, False)
    return called[0] if called else ''


def names_of_handlers():
    """The command of each of 6.0's handlers, from its own tree."""
    from exabgp.reactor.api.dispatch import v6

    found = {}

    def walk(node, words):
        for word, below in node.items():
            below_words = words + ['…' if word == '__selector__' else word]
            if isinstance(below, dict):
                walk(below, below_words)
            else:
                found.setdefault(below, []).append(' '.join(below_words))

    walk(v6._get_v6_tree(), [])
    return found


def command_by_tree(line):
    """6.0: the handler that is chosen, if every selector matches a peer."""
    from exabgp.reactor.api import dispatch
    from exabgp.reactor.api.command import limit
    from exabgp.reactor.api.dispatch import common, v4

    limit.match_neighbors = v4.match_neighbors = lambda peers, descriptions: ['peer']
    reactor = Any()
    reactor.peers = lambda service: ['peer']
    choose = dispatch.dispatch_v4 if dialect == 'v4' else dispatch.dispatch_v6
    try:
        handler, peers, _ = choose(line, reactor, 'helper')
    except (common.UnknownCommand, common.NoMatchingPeers):
        return ''
    names = handlers.get(handler)
    if names is None:  # v4 bypasses the tree for `neighbor`
        return 'peer … ' + handler.__name__.split('_')[0]
    if len(names) > 1:  # `peer show` and `peer … show` share a handler
        names = [name for name in names if ('…' in name) == bool(peers)]
    return names[0]


dialect = sys.argv[1]
make_silent()
handlers = names_of_handlers() if dialect in ('v4', 'v6') else {}
find = command_by_tree if dialect in ('v4', 'v6') else command_by_table
for line in sys.stdin.buffer:
    read = lines_read(line)
    if not read:
        name = 'debug'
    else:
        try:
            name = find(read[0])
        except Exception as exc:  # as its log would have it
            name = 'raises ' + type(exc).__name__
    sys.stdout.buffer.write(name.encode() + b'\n')
