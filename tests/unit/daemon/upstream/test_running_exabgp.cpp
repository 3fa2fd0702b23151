// SPDX-License-Identifier: BSD-3-Clause
// What a process shows: whether it is ExaBGP, and where it has its socket and pipes.
#include <algorithm>

#include <doctest/doctest.h>

#include "daemon/exabgp/exabgp_program.hpp"
#include "daemon/upstream/link/running_exabgp.hpp"

using namespace exapulse;

namespace {

using CommandLine = std::vector<std::string>;

ExabgpNames no_file(const std::string&) {
    return {};
}

bool offers(const std::vector<UpstreamCandidate>& places, UpstreamKind kind,
            const std::string& path) {
    return std::any_of(places.begin(), places.end(), [&](const UpstreamCandidate& place) {
        return place.kind == kind && place.path == path;
    });
}

}  // namespace

TEST_CASE("an ExaBGP that serves is known by its arguments, and its tools are not taken for it") {
    for (const CommandLine& words :
         {CommandLine{"/usr/bin/python3", "/usr/sbin/exabgp", "/etc/exabgp/exabgp.conf"},
          CommandLine{"python3.12", "/usr/local/bin/exabgp", "server", "exabgp.conf"},
          CommandLine{"python3", "-m", "exabgp", "x.conf"},
          CommandLine{"python3", "-u", "-X", "dev", "-m", "exabgp.application.main", "server",
                      "x.conf"},
          CommandLine{"/opt/pypy3", "/opt/exabgp/src/exabgp/application/main.py", "--env-file",
                      "e"},
          CommandLine{"/usr/sbin/exabgp", "--root", "/x", "exabgp.conf"}, CommandLine{"exabgp"}}) {
        CAPTURE(words[0]);
        CHECK(is_exabgp(words));
    }
    for (const CommandLine& words :
         {CommandLine{}, CommandLine{"/usr/bin/vim", "/etc/exabgp/exabgp.conf"},
          CommandLine{"exabgpcli"}, CommandLine{"python3", "/usr/bin/exabgpcli"},
          CommandLine{"python3", "/usr/bin/exabgp", "cli"},
          CommandLine{"python3", "-m", "exabgp", "healthcheck", "--cmd", "true"},
          CommandLine{"python3", "-m", "exabgp.application.healthcheck"},
          CommandLine{"python3", "-c", "exabgp"}, CommandLine{"python3", "/etc/exabgp/announce.py"},
          CommandLine{"exabgp", "--run", "healthcheck"}, CommandLine{"exapulse", "run"}}) {
        CAPTURE(words.size());
        CHECK_FALSE(is_exabgp(words));
    }
}

TEST_CASE("where an ExaBGP is: what it has open, was told, or takes from its installation") {
    ProcessTraces process;
    process.arguments = {"python3", "/opt/lab/sbin/exabgp", "x.conf"};
    process.uid = 7;
    CHECK(offers(likely_places(process, no_file), UpstreamKind::Fifo, "/opt/lab/run/exabgp"));
    CHECK(offers(likely_places(process, no_file), UpstreamKind::Socket,
                 "/opt/lab/var/run/7/exabgp.sock"));
    CHECK(likely_places(process, no_file)[0].path == "/run/exabgp/exabgp.sock");

    process.open_paths = {"/dev/null", "pipe:[17]", "/srv/p.in", "/srv/old.in (deleted)"};
    CHECK(likely_places(process, no_file)[0] ==
          UpstreamCandidate{UpstreamKind::Fifo, "/srv/p", "fd"});
    process.open_paths.clear();

    process.environment = {{"exabgp_cli_pipe", "/a/"},
                           {"exabgp_api_pipename", "'lab'"},
                           {"exabgp_cli_socket", "/b/"},
                           {"exabgp.api.socketname", "s"}};
    CHECK(likely_places(process, no_file)[0].path == "/b/s.sock");
    CHECK(likely_places(process, no_file)[1].path == "/a/lab");
    CHECK(offers(likely_places(process, no_file), UpstreamKind::Fifo, "/opt/lab/run/lab"));
    process.environment.clear();

    process.environment = {{"EXABGP_ROOT", "/r"}};
    CHECK(offers(likely_places(process, no_file), UpstreamKind::Fifo, "/r/run/exabgp"));
    process.arguments = {"python3", "/opt/x/src/exabgp/application/main.py"};
    process.environment.clear();
    CHECK(offers(likely_places(process, no_file), UpstreamKind::Fifo, "/opt/x/run/exabgp"));
    process.arguments = {"python3", "bin/exabgp"};
    process.directory = "/home/alice/exabgp";
    CHECK(offers(likely_places(process, no_file), UpstreamKind::Fifo,
                 "/home/alice/exabgp/run/exabgp"));
    CHECK(proposed_pipes(process) == "/home/alice/exabgp/run/exabgp");
    process.directory = "/";
    process.environment = {{"PWD", "/srv/lab"}};
    CHECK(proposed_pipes(process) == "/srv/lab/run/exabgp");
}

TEST_CASE("an ExaBGP's environment file: the one it was told, else that of its installation") {
    ProcessTraces process;
    process.arguments = {"python3", "/opt/lab/bin/exabgp", "--env-file", "/e.env", "x.conf"};
    const auto names_in = [](const std::string& path) {
        if (path == "/e.env") return ExabgpNames{std::nullopt, "told"};
        if (path == "/opt/lab/etc/exabgp/exabgp.env") return ExabgpNames{"own", "own"};
        return ExabgpNames{};
    };
    CHECK(offers(likely_places(process, names_in), UpstreamKind::Fifo, "/run/told"));
    CHECK(offers(likely_places(process, names_in), UpstreamKind::Socket, "/run/exabgp.sock"));
    process.arguments[2] = "-d";
    process.arguments.erase(process.arguments.begin() + 3);
    CHECK(offers(likely_places(process, names_in), UpstreamKind::Socket, "/run/own.sock"));
    process.environment = {{"exabgp_api_pipename", "variable"}};
    CHECK(offers(likely_places(process, names_in), UpstreamKind::Fifo, "/run/variable"));
}
