// SPDX-License-Identifier: BSD-3-Clause
// ExabgpProcesses: which processes are ExaBGP's, who reads its pipes, and how that is told.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/words.hpp"
#include "daemon/identity/pipe_company.hpp"

using namespace exapulse;

namespace {

ProcessInfo process(pid_t pid, pid_t parent, const std::string& name, const std::string& line) {
    ProcessInfo made{{pid, parent, 1}, name, {}};
    for (const std::string_view word : words(line)) made.arguments.emplace_back(word);
    return made;
}

const ProcessInfo daemon_42 =
    process(10, 1, "exabgp", "/usr/bin/python3 /usr/sbin/exabgp /etc/exabgp/exabgp.conf");
const ProcessInfo helper_42 = process(11, 10, "python3", "/usr/bin/python3 /usr/sbin/exabgp");
const ProcessInfo healthcheck =
    process(12, 10, "python3", "python3 -m exabgp healthcheck --cmd true");
const ProcessInfo socat = process(13, 10, "socat", "socat PIPE:/run/exabgp/exabgp.in -");
const ProcessInfo systemd = process(1, 0, "systemd", "/sbin/init");
const std::string command_pipe = "/run/exabgp/exabgp.in";

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("ExaBGP is recognised by its arguments, however it is started") {
    for (const char* line : {
             "/usr/bin/python3 /usr/sbin/exabgp --root /tmp exabgp.conf",
             "/usr/bin/python3 /usr/sbin/exabgp",
             "/usr/bin/python3.12 -m exabgp.application.main server exabgp.conf",
             "/usr/bin/python3.12 /usr/lib/exabgp/src/exabgp/application/main.py",
             "python3 -m exabgp server /etc/exabgp.conf",
             "python3 -W ignore -u /usr/local/bin/exabgp server x",
             "python3 /usr/lib/python3/dist-packages/exabgp/__main__.py",
             "pypy3 exabgp.pyz server x",
             "exabgp exabgp.conf",
         }) {
        CAPTURE(line);
        CHECK(is_exabgp(process(9, 1, "python3", line)));
    }
    for (const char* line : {
             "",
             "/usr/sbin/exapulsed --fifo /run/exabgp/exabgp",
             "python3 -m exabgp healthcheck --cmd true",
             "python3 /usr/sbin/exabgp cli",
             "python3 /usr/bin/exabgpcli show neighbor",
             "/usr/bin/exabgp-healthcheck",
             "vi /etc/exabgp/exabgp.conf",
             "python3 /etc/exabgp/announce.py",
             "python3 -c exabgp",
             "tail -f /var/log/exabgp.log",
             "/sbin/init",
         }) {
        CAPTURE(line);
        CHECK_FALSE(is_exabgp(process(9, 1, "python3", line)));
    }
}

TEST_CASE("a daemon has one helper among its children") {
    const ExabgpProcesses processes({systemd, daemon_42, helper_42, healthcheck, socat});
    REQUIRE(processes.daemons().size() == 1);
    CHECK(processes.daemons()[0].start == daemon_42.start);
    REQUIRE(processes.helper_of(daemon_42));
    CHECK(processes.helper_of(daemon_42)->start == helper_42.start);
    REQUIRE(processes.daemon_of(helper_42));
    CHECK(processes.daemon_of(helper_42)->start == daemon_42.start);
    CHECK_FALSE(processes.daemon_of(socat));
    CHECK_FALSE(processes.daemon_of(healthcheck));
    // A helper that has lost its daemon belongs to nobody.
    CHECK_FALSE(
        processes.daemon_of(process(14, 1, "python3", "/usr/bin/python3 /usr/sbin/exabgp")));
}

TEST_CASE("readers of the pipe: helpers, rivals that only read, and holders") {
    const ProcessInfo holder = process(20, 1, "sleep", "sleep 1000");
    const ExabgpProcesses processes({systemd, daemon_42, helper_42, socat, holder});
    const auto readers = readers_among(processes, {{11, true, true},
                                                   {13, true, false},
                                                   {20, true, true},
                                                   {1, false, true},
                                                   {99, true, true}});
    REQUIRE(readers.helpers.size() == 1);
    CHECK(readers.helpers[0].start.pid == 11);
    REQUIRE(readers.rivals.size() == 1);
    CHECK(readers.rivals[0].start.pid == 13);
    REQUIRE(readers.holders.size() == 1);
    CHECK(readers.holders[0].start.pid == 20);
}

TEST_CASE("a missing answer is explained by who reads the commands") {
    const ExabgpProcesses processes({systemd, daemon_42, helper_42, socat});
    CHECK(explain_silence({}, processes, command_pipe).empty());
    CHECK(explain_silence({{helper_42}, {}, {}}, processes, command_pipe).empty());

    const std::string alone = explain_silence({{}, {socat}, {}}, processes, command_pipe);
    CHECK(holds(alone, "socat (pid 13), started by the configuration of exabgp (pid 10)"));
    CHECK(holds(alone, "ExaBGP is not seen to"));
    CHECK(holds(explain_silence({{helper_42}, {socat}, {}}, processes, command_pipe),
                "as well as ExaBGP"));
    CHECK(holds(explain_silence({{}, {}, {systemd}}, processes, command_pipe),
                "only systemd (pid 1) has /run/exabgp/exabgp.in open"));
    CHECK(holds(explain_silence({{helper_42}, {}, {systemd}}, processes, command_pipe),
                "as well as ExaBGP"));
    const ProcessInfo evil = process(13, 1, "a\x1b[2Jb", "x");
    CHECK(holds(explain_silence({{}, {evil}, {}}, processes, command_pipe), "a\\x1b[2Jb (pid 13)"));
}

TEST_CASE("a running ExaBGP that reads no pipe is explained") {
    CHECK(holds(explain_unread({daemon_42, {}, false}, command_pipe), "exabgp.api.cli is false"));
    CHECK(holds(explain_unread({daemon_42, helper_42, false}, command_pipe), "reads other pipes"));
    CHECK(holds(explain_unread({daemon_42, helper_42, true}, command_pipe), "restart ExaBGP"));
}
