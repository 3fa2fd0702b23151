// SPDX-License-Identifier: BSD-3-Clause
// What --help prints, for the whole and for each subcommand.
#pragma once

#include <string_view>

namespace exapulse::client {

inline constexpr std::string_view help_of_exapulse =
    R"(Talk to ExaBGP through exapulsed, which holds the one connection to it.

Usage: exapulse [--socket PATH] [--timeout TIME] SUBCOMMAND ...

Subcommands (exapulse SUBCOMMAND --help has more):
  run [--] COMMAND...   send a command to ExaBGP, spelled as its version wants
                        it, and print its answer
  run -                 the same with every line of standard input
  watch                 tell when ExaBGP comes, goes, hangs or restarts
  status                one screen: is ExaBGP well, since when, who is attached

Options, before the subcommand:
  --socket PATH         exapulsed's socket; else EXAPULSE_SOCKET, else
                        /run/exapulse/exapulse.sock
  --timeout TIME        give up after this long without a byte (default 60s);
                        for watch: the time in all (default: none)
  --version             print the version
  -h, --help            print this

Examples:
  exapulse status
  exapulse run show neighbor summary
  exapulse watch --exit-on-failure

Exit codes: 0 done, 1 ExaBGP said error, 2 usage, 3 outcome unknown, 4 not sent,
5 denied, 6 busy or over a limit, 7 timed out, 8 exapulsed not reachable.
See exapulse(1).
)";

inline constexpr std::string_view help_of_run =
    R"(Send commands to ExaBGP and print its answers.

Usage: exapulse run [-v] [--raw] [--] COMMAND...
       exapulse run [-v] [--raw] -

The words of COMMAND are joined by a blank and sent as one line. Everything
after its first word belongs to it; put -- before a first word that starts
with "-". With "-" alone every line of standard input is a command; blank lines
and lines that start with # are skipped, and a line that fails does not stop
the next ones. Answers go to stdout, errors with their line number to stderr.

The same command works on every version of ExaBGP: "announce ..." is sent as
"peer * announce ..." where ExaBGP speaks v6, "peer * announce ..." as
"announce ..." on 4.2 and 5.0, and so are others that have two names, such as
"version" and "system version". What means only nearly the same stays as it is.

Options:
  -v, --verbose         tell on stderr what was sent instead, and why
  --raw                 send every command as it is
  -h, --help            print this

Examples:
  exapulse run show neighbor summary
  exapulse run announce route 10.0.0.0/24 next-hop 192.0.2.1
  exapulse run -v 'peer * withdraw route 10.0.0.0/24'
  exapulse run --raw announce route 10.0.0.0/24 next-hop 192.0.2.1
  exapulse --timeout 5m run rib show out > routes.json
  exapulse run - < announcements.txt
)";

inline constexpr std::string_view help_of_watch =
    R"(Tell what happens to ExaBGP, as it happens.

Usage: exapulse watch [--type TYPE...] [--json] [--count N] [--exit-on-failure]

The first line is a snapshot of the state, then comes a line for every event.

Options:
  --type TYPE...        these events only: connected restarted disconnected
                        reconnected degraded failed recovered stopping lagged;
                        may be repeated, or hold several with commas
  --json                one JSON object a line, as exapulsed sends it
  --count N             end after N events; the snapshot is not counted
  --exit-on-failure     exit 4 as soon as ExaBGP has failed, or is down already
  -h, --help            print this

Examples:
  exapulse watch
  exapulse watch --type restarted --count 1 && ./announce-everything
  exapulse --timeout 1m watch --type connected,recovered --count 1
  exapulse watch --json | jq -r .type
)";

inline constexpr std::string_view help_of_status =
    R"(Print on one screen how ExaBGP and exapulsed are.

Usage: exapulse status [--json]

The exit code is 0 when exapulsed answered, whatever the state of ExaBGP.

Options:
  --json                the JSON object that exapulsed sends
  -h, --help            print this

Examples:
  exapulse status
  exapulse status --json | jq -r .state
)";

}  // namespace exapulse::client
