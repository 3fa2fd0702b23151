// SPDX-License-Identifier: BSD-3-Clause
// The table of subcommands.
#include "client/cli/subcommands.hpp"

#include <algorithm>
#include <array>

#include "client/completion/complete_command.hpp"
#include "client/events/wait_command.hpp"
#include "client/events/watch_command.hpp"
#include "client/hold/hold_command.hpp"
#include "client/reports/access_command.hpp"
#include "client/reports/alive_command.hpp"
#include "client/reports/check_command.hpp"
#include "client/reports/clients_command.hpp"
#include "client/reports/history_command.hpp"
#include "client/reports/peers_command.hpp"
#include "client/reports/ready_command.hpp"
#include "client/reports/recorder_command.hpp"
#include "client/reports/status_command.hpp"
#include "client/reports/uptime_command.hpp"
#include "client/routes/routes_command.hpp"
#include "client/run/kill_command.hpp"
#include "client/run/run_command.hpp"

namespace exapulse::client {

namespace {

constexpr Option help_option{.name = "--help", .letter = 'h', .help = "print this"};
constexpr Option json_option{.name = "--json", .help = "one line of JSON instead of the table"};

constexpr std::array global_option_table{
    Option{.name = "--socket",
           .value = "PATH",
           .values = Values::Socket,
           .help = "exapulsed's socket; else EXAPULSE_SOCKET, else that of\n"
                   "EXAPULSE_INSTANCE, else /run/exapulse/exapulse.sock"},
    Option{.name = "--instance",
           .value = "NAME",
           .values = Values::Instance,
           .help = "the exapulsed of this name, where a host has several:\n"
                   "/run/exapulse/NAME/exapulse.sock"},
    Option{.name = "--timeout",
           .letter = 't',
           .value = "TIME",
           .values = Values::Time,
           .help = "give up after this long without a byte (default 60s);\n"
                   "for watch and wait: the time in all (default: none)"},
    Option{.name = "--quiet", .letter = 'q', .help = "print only errors; use the exit code"},
    help_option,
};

constexpr std::array run_options{
    Option{.name = "--batch",
           .letter = 'b',
           .value = "FILE",
           .values = Values::File,
           .help = "every line of FILE is a command; -: standard input"},
    Option{.name = "--from",
           .value = "LINE",
           .values = Values::Number,
           .help = "of a batch: skip the lines before this one, to resume a\n"
                   "batch that was interrupted"},
    Option{.name = "--stop-on-error",
           .help = "of a batch: stop after the first command that fails"},
    Option{.name = "--json", .help = "one JSON object per command, with its answer and verdict"},
    Option{.name = "--verbose",
           .letter = 'v',
           .help = "show on stderr what was sent instead, and why"},
    Option{.name = "--raw", .help = "send every command as it is"},
    Option{.name = "--keep",
           .letter = 'k',
           .help = "routes announced come back after a restart of ExaBGP;\n"
                   "done means that this is on disk"},
    Option{.name = "--ttl",
           .value = "TIME",
           .values = Values::Time,
           .help = "routes announced are kept, and withdrawn after TIME if\n"
                   "they were not announced again"},
    Option{.name = "--owner",
           .value = "NAME",
           .help = "routes announced bear this name in exapulse routes"},
};

constexpr std::array hold_options{
    Option{.name = "--routes",
           .value = "FILE",
           .values = Values::File,
           .help = "hold the commands of FILE as well, one per line;\n"
                   "# starts a comment"},
    Option{.name = "--ttl",
           .value = "TIME",
           .values = Values::Time,
           .help = "exapulsed withdraws what was not renewed for TIME\n"
                   "(default 15s, at least 1s)"},
    Option{.name = "--grace",
           .value = "TIME",
           .values = Values::Time,
           .help = "exapulsed withdraws TIME after the connection has ended\n"
                   "(default 5s)"},
    Option{
        .name = "--owner", .value = "NAME", .help = "the routes bear this name in exapulse routes"},
    Option{.name = "--check",
           .value = "COMMAND",
           .values = Values::ShellCommand,
           .help = "announce only while COMMAND, run with /bin/sh, exits\n"
                   "with 0; what it prints to stdout is dropped"},
    Option{.name = "--interval",
           .value = "TIME",
           .values = Values::Time,
           .help = "of checks: from start to start (default 5s)"},
    Option{.name = "--check-timeout",
           .value = "TIME",
           .values = Values::Time,
           .help = "kill a check that runs for longer, it has failed\n"
                   "(default 2s)"},
    Option{.name = "--rise",
           .value = "N",
           .values = Values::Number,
           .help = "announce after N successes in a row (default 3)"},
    Option{.name = "--fall",
           .value = "N",
           .values = Values::Number,
           .help = "withdraw after N failures in a row (default 2)"},
    Option{.name = "--down",
           .value = "COMMAND",
           .help = "announce this while the check fails, instead of\n"
                   "withdrawing; may be repeated",
           .repeats = true},
    Option{.name = "--exec",
           .value = "COMMAND",
           .values = Values::ShellCommand,
           .help = "run COMMAND with /bin/sh when the state changes;\n"
                   "EXAPULSE_HOLD_STATE is up or down"},
    Option{.name = "--exec-timeout",
           .value = "TIME",
           .values = Values::Time,
           .help = "terminate a COMMAND of --exec that runs for longer\n"
                   "(default 5m)"},
    Option{.name = "--json", .help = "one JSON object per change"},
};

constexpr std::array watch_options{
    Option{.name = "--type",
           .value = "TYPE...",
           .values = Values::EventTypes,
           .help = "only these events: connected restarted disconnected\n"
                   "reconnected degraded failed recovered stopping lagged\n"
                   "peers peer-up peer-down contended uncontended gap store\n"
                   "replaying replayed expired;\n"
                   "may be repeated, or hold several with commas",
           .repeats = true},
    Option{.name = "--json", .help = "one JSON object per line, as exapulsed sends it"},
    Option{.name = "--count",
           .value = "N",
           .values = Values::Number,
           .help = "exit after N events; the snapshot is not counted"},
    Option{.name = "--exit-on-failure",
           .help = "exit 4 as soon as ExaBGP has failed, or is down already"},
    Option{.name = "--exec",
           .value = "COMMAND",
           .values = Values::ShellCommand,
           .help = "run COMMAND with /bin/sh for each event, one at a time\n"
                   "and in order; EXAPULSE_* variables say what happened"},
    Option{.name = "--exec-timeout",
           .value = "TIME",
           .values = Values::Time,
           .help = "terminate a COMMAND that runs for longer (default 5m)"},
    Option{.name = "--cursor",
           .value = "FILE",
           .values = Values::File,
           .help = "miss nothing: go on behind what FILE says was handled;\n"
                   "without --type of restarts only"},
};

constexpr std::array wait_options{
    Option{.name = "--any", .help = "succeed when any condition holds; else all must hold"},
};

constexpr std::array json_only{json_option};

constexpr std::array check_options{
    Option{.name = "--warning",
           .letter = 'w',
           .value = "TIME",
           .values = Values::Time,
           .help = "WARNING when the last pong took longer"},
    Option{.name = "--critical",
           .letter = 'c',
           .value = "TIME",
           .values = Values::Time,
           .help = "CRITICAL when the last pong took longer"},
    Option{.name = "--peers",
           .value = "N|all",
           .values = Values::PeerCount,
           .help = "WARNING when fewer than N peers, or not all, are\n"
                   "established, CRITICAL when none is"},
};

constexpr std::array history_options{
    Option{.name = "--since",
           .value = "TIME",
           .values = Values::Time,
           .help = "how long ago, such as 90m or 30d, or since when:\n"
                   "10:00, 2026-11-26, \"2026-11-26 10:00\" (default: all)"},
    Option{.name = "--type",
           .value = "TYPE...",
           .values = Values::EventTypes,
           .help = "only these events, as for watch except peers",
           .repeats = true},
    Option{.name = "--peer",
           .value = "ADDRESS",
           .values = Values::Peer,
           .help = "only events of this peer, or commands that name it"},
    Option{.name = "--commands",
           .help = "commands of clients instead: who sent which, and how it\n"
                   "ended (needs the role admin, and history.commands)"},
    Option{.name = "--user", .value = "USER", .help = "only commands of this user, by name or uid"},
    Option{.name = "--json", .help = "one JSON object per line, as from watch --json"},
};

constexpr std::array uptime_options{
    Option{.name = "--since",
           .value = "TIME",
           .values = Values::Time,
           .help = "how long ago or since when, as for history"},
    Option{.name = "--peer",
           .value = "ADDRESS",
           .values = Values::Peer,
           .help = "of this peer instead of ExaBGP, or of all"},
    json_option,
};

constexpr std::array routes_options{
    Option{.name = "--kept", .help = "only those that come back after a restart of ExaBGP"},
    Option{.name = "--remembered",
           .help = "only those that were not kept, and are lost since\n"
                   "ExaBGP restarted"},
    Option{.name = "--owner",
           .value = "OWNER",
           .help = "only those of OWNER: a user, a uid, or the name that\n"
                   "the client gave them"},
    Option{.name = "--peer",
           .value = "ADDRESS",
           .values = Values::Peer,
           .help = "only those that go to this peer"},
    Option{.name = "--all", .help = "of withdraw and forget: every route"},
    Option{.name = "--yes", .help = "of withdraw and forget: do not ask"},
    Option{.name = "--json", .help = "one JSON object per line"},
    Option{.name = "--repair", .help = "of check: announce again what is missing or different"},
};

constexpr std::array recorder_options{
    Option{.name = "--json", .help = "one JSON object per line"},
};

constexpr std::array shell_option_table{
    Option{.name = "--stay", .help = "of the shell: do not exit when ExaBGP has failed"},
    Option{.name = "--version", .help = "print the version"},
};

constexpr std::array subcommand_table{
    Subcommand{.name = "run",
               .summary = "send a command to ExaBGP as its version spells it, or a batch",
               .usage = "run [OPTIONS] [--] COMMAND...\n"
                        "run [OPTIONS] --batch FILE",
               .text =
                   R"(Send commands to ExaBGP and print its answers.

The words of COMMAND are joined by a space and sent as one line. Everything
after its first word belongs to it; put -- before a first word that starts
with "-". A batch has one command per line; empty lines and lines that start
with # are skipped, and a line that fails does not stop the next ones unless
--stop-on-error is given. "run -" is short for "run --batch -". Answers go to
stdout, errors with their line number to stderr. A batch that ends early says
with which --from to resume it.

The same command works on every version of ExaBGP: "announce ..." is sent as
"peer * announce ..." where ExaBGP speaks v6, "peer * announce ..." as
"announce ..." on 4.2 and 5.0, and likewise others that have two names, such as
"version" and "system version". Commands that mean only nearly the same
are sent as they are.
)",
               .options = run_options,
               .examples =
                   "exapulse run show neighbor summary\n"
                   "exapulse run announce route 10.0.0.0/24 next-hop 192.0.2.1\n"
                   "exapulse run -v 'peer * withdraw route 10.0.0.0/24'\n"
                   "exapulse run --raw 'peer * announce route 10.0.0.0/24 next-hop 192.0.2.1'\n"
                   "exapulse run --timeout 5m rib show out > routes.json\n"
                   "exapulse run --keep announce route 10.0.0.0/24 next-hop 192.0.2.1\n"
                   "exapulse run --batch routes.txt --stop-on-error\n"
                   "exapulse run --batch routes.txt --from 2\n"
                   "generate-routes | exapulse run --batch - --json > results.json\n",
               .read = run_command},
    Subcommand{.name = "hold",
               .summary = "announce routes for as long as this command lives, or a check passes",
               .usage = "hold [OPTIONS] [--] announce ...\n"
                        "hold [OPTIONS] --routes FILE",
               .text =
                   R"(Announce routes, and withdraw them when this command ends.

They are kept: a new ExaBGP gets them again. When this command is killed or
hangs, exapulsed withdraws them. With --check they are announced after --rise
successes in a row and withdrawn after --fall failures; the first check runs at
once, and those before the first decision follow every second. While exapulsed
or ExaBGP is away it waits, and announces again what is to be announced.

Each change is one line on stdout. SIGTERM and Ctrl-C withdraw, a second one
leaves that to exapulsed.
)",
               .options = hold_options,
               .examples =
                   "exapulse hold announce route 192.0.2.53/32 next-hop 192.0.2.1\n"
                   "exapulse hold --check ./healthy --rise 1 --routes routes.txt\n"
                   "exapulse hold --routes routes.txt --owner anycast-dns --exec ./log-event\n",
               .read = hold_command},
    Subcommand{.name = "watch",
               .summary = "show events of ExaBGP and its peers as they happen",
               .usage = "watch [OPTIONS]",
               .text = "Show events of ExaBGP and its peers as they happen.\n\n"
                       "The first line is a snapshot of the state, followed by one line per "
                       "event.\n",
               .options = watch_options,
               .examples =
                   "exapulse watch\n"
                   "exapulse watch --type restarted --count 1 && ./announce-everything\n"
                   "exapulse watch --type failed,peer-down --exec ./page-somebody\n"
                   "exapulse watch --cursor routes.cursor --exec ./announce-everything\n"
                   "exapulse watch --cursor hook.cursor --type failed --exec ./page-somebody\n"
                   "exapulse watch --exec ./log-event --exec-timeout 10s\n"
                   "exapulse watch --json | jq --unbuffered -r .type\n",
               .read = watch_command},
    Subcommand{.name = "wait",
               .summary = "return when ExaBGP is up, down or restarted, or a peer established",
               .usage = "wait [OPTIONS] CONDITION...",
               .text = R"(Wait until all conditions hold, or one of them with --any.

Conditions:
  up                    ExaBGP answers
  down                  ExaBGP has failed: it missed too many pings in a row
  restart               ExaBGP restarts after the start of this wait
  peer ADDRESS STATE    the peer is in STATE: established, down (anything else),
                        idle, active, connect, opensent or openconfirm
  no-peer ADDRESS       ExaBGP has no such peer

If exapulsed stops in the meantime, wait waits for it too. If it is unreachable
at the start, that is an error (exit 8), unless --timeout says how long to try.
)",
               .options = wait_options,
               .examples = "exapulse wait up --timeout 30s\n"
                           "exapulse wait peer 192.0.2.1 established --timeout 2m\n"
                           "exapulse wait --any down restart && ./page-somebody\n",
               .read = wait_command},
    Subcommand{.name = "status",
               .summary = "show the state of ExaBGP and exapulsed",
               .usage = "status [OPTIONS]",
               .text = "Print the state of ExaBGP and exapulsed on one screen.\n\n"
                       "The exit code is 0 when exapulsed answered, whatever the state of "
                       "ExaBGP.\n",
               .options = json_only,
               .examples = "exapulse status\n"
                           "exapulse status --json | jq -r .state\n",
               .read = status_command},
    Subcommand{.name = "ready",
               .summary = "exit 0 when ExaBGP is up, for containers and load balancers",
               .usage = "ready [OPTIONS]",
               .text = "Report by the exit code whether ExaBGP is up.\n\n"
                       "0 up, 1 degraded (a ping was missed), 2 down or not reached yet, 3 "
                       "exapulsed\nnot reachable or silent, or wrong usage. With -q nothing is "
                       "printed.\n--timeout is 5s by default.\n",
               .options = {},
               .examples = "exapulse ready -q\n"
                           "exapulse ready --timeout 2s || echo not ready\n",
               .read = ready_command},
    Subcommand{.name = "alive",
               .summary = "exit 0 when exapulsed answers, whatever the state of ExaBGP",
               .usage = "alive [OPTIONS]",
               .text = "Report by the exit code whether exapulsed itself answers.\n\n"
                       "For the liveness probe of its container: it succeeds while ExaBGP is down "
                       "or\nhangs, and while exapulsed has too many clients. --timeout is 5s by "
                       "default.\n",
               .options = {},
               .examples = "exapulse alive -q\n"
                           "exapulse alive --timeout 2s || echo exapulsed hangs\n",
               .read = alive_command},
    Subcommand{.name = "check",
               .summary = "check ExaBGP as a monitoring plugin, with performance data",
               .usage = "check [OPTIONS]",
               .text =
                   "Print one line for Nagios-compatible monitoring, with performance data.\n\n"
                   "The exit code is 0 OK (up), 1 WARNING (degraded, or the connection was lost\n"
                   "just now), 2 CRITICAL (down, or no exapulsed), 3 UNKNOWN (no permission, "
                   "wrong\nusage). --timeout is 10s by default.\n",
               .options = check_options,
               .examples = "exapulse check\n"
                           "exapulse check -w 500ms -c 2s -t 5s\n"
                           "exapulse check --peers all\n",
               .read = check_command},
    Subcommand{.name = "peers",
               .summary = "the peers of ExaBGP: state, since when, routes",
               .usage = "peers [OPTIONS]",
               .text = "Print a table of ExaBGP's peers.\n",
               .options = json_only,
               .examples = "exapulse peers\n"
                           "exapulse peers --json | jq -r '.peers[].address'\n",
               .read = peers_command},
    Subcommand{.name = "clients",
               .summary = "list the clients of exapulsed",
               .usage = "clients [OPTIONS]",
               .text = "Print a table of the clients that are attached to exapulsed.\n",
               .options = json_only,
               .examples = "exapulse clients\n"
                           "exapulse clients --json | jq '.[] | select(.backlog > 0)'\n",
               .read = clients_command},
    Subcommand{.name = "access",
               .summary = "what you may do, and which rule says so",
               .usage = "access [OPTIONS]",
               .text = "Print your role, the rules that limit it, and the verbs you may use.\n",
               .options = json_only,
               .examples = "exapulse access\n"
                           "exapulse access --json | jq -r .role\n",
               .read = access_command},
    Subcommand{.name = "kill",
               .summary = "disconnect a client",
               .usage = "kill [OPTIONS] ID",
               .text = "Close the connection of the client with this ID (see exapulse clients).\n\n"
                       "Its waiting commands are dropped; one that ExaBGP has already is "
                       "executed.\n",
               .options = {},
               .examples = "exapulse kill 17\n",
               .read = kill_command},
    Subcommand{.name = "history",
               .summary = "list past events of ExaBGP and its peers",
               .usage = "history [OPTIONS]",
               .text = "Print the events that exapulsed remembers, oldest first.\n\n"
                       "On a terminal a bar at the end shows how ExaBGP was over that time.\n",
               .options = history_options,
               .examples = "exapulse history --since 24h\n"
                           "exapulse history --since '2026-11-01 10:00'\n"
                           "exapulse history --type restarted,failed\n"
                           "exapulse history --peer 192.0.2.1 --since 7d\n"
                           "exapulse history --commands --since 24h --user alice\n"
                           "exapulse history --json | jq -r .time\n",
               .read = history_command},
    Subcommand{.name = "uptime",
               .summary = "show the availability of ExaBGP or its peers, and restarts by cause",
               .usage = "uptime [OPTIONS]",
               .text = "Print availability, restarts by cause and the longest outage.\n",
               .options = uptime_options,
               .examples = "exapulse uptime\n"
                           "exapulse uptime --since 30d --json\n"
                           "exapulse uptime --since 30d --peer 192.0.2.1\n"
                           "exapulse uptime --peer all\n",
               .read = uptime_command},
    Subcommand{
        .name = "routes",
        .summary = "what was announced through exapulsed: show, withdraw, replay it",
        .usage = "routes [list|export] [OPTIONS] [PREFIX]\n"
                 "routes replay|keep|withdraw|forget [OPTIONS] [PREFIX]\n"
                 "routes import FILE\n"
                 "routes check [--peer ADDRESS] [--json] [--repair]",
        .text = R"(Print the routes that clients of exapulsed announced and nobody withdrew: the
peers, the owner, since when, whether it is kept, so that it comes back after a
restart of ExaBGP, and its lease. PREFIX: only routes whose text contains it.

  export    the commands that announce them, one per line
  import    announce and keep what FILE, of export, has; -: standard input
  replay    announce them again, as they were announced
  keep      have them come back after a restart of ExaBGP from now on
  withdraw  withdraw them, whoever announced them; on a terminal it asks before
            more than ten
  forget    take them out of the list, whatever ExaBGP has of them
  check     compare them with what ExaBGP sends its peers (Adj-RIB-Out): exit 0
            when all is there, 1 when something is missing or different; what
            others announce is extra, and no error
)",
        .options = routes_options,
        .examples = "exapulse routes\n"
                    "exapulse routes --kept 203.0.113.0/24\n"
                    "exapulse routes replay --remembered\n"
                    "exapulse routes withdraw --owner anycast-dns\n"
                    "exapulse routes export > routes.txt\n"
                    "exapulse routes --json | jq -r .command\n"
                    "exapulse routes check\n"
                    "exapulse routes check --repair --peer 127.0.0.1\n",
        .read = routes_command},
    Subcommand{.name = "recorder",
               .summary = "the newest lines to and from ExaBGP, to find a fault",
               .usage = "recorder [OPTIONS]",
               .text = "Print the newest lines that exapulsed sent to ExaBGP and received from it, "
                       "and\nwhat happened to the connection, oldest first. Passwords are "
                       "masked.\n\n> sent to ExaBGP, < received, * what happened; 3/17 belongs to "
                       "command 17 of\nsession 3.\n",
               .options = recorder_options,
               .examples = "exapulse recorder\n"
                           "exapulse recorder --json | jq -r 'select(.kind == \"state\").text'\n",
               .read = recorder_command},
    Subcommand{.name = "complete",
               .summary = "print completion candidates",
               .usage = "complete -- WORD...",
               .text = "Print the candidates for the last WORD of a command line, one per line.\n",
               .options = {},
               .examples = "exapulse complete -- wat\n",
               .read = complete_command,
               .hidden = true},
};

}  // namespace

std::span<const Subcommand> subcommands() {
    return subcommand_table;
}

const Subcommand* find_subcommand(std::string_view name) {
    const auto all = subcommands();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Subcommand& subcommand) {
        return subcommand.name == name;
    });
    return found == all.end() ? nullptr : &*found;
}

std::span<const Option> global_options() {
    return global_option_table;
}

std::span<const Option> shell_options() {
    return shell_option_table;
}

}  // namespace exapulse::client
