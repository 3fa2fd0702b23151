// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDiscovery: where ExaBGP is looked for, and what is taken for it.
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "daemon/upstream/upstream_discovery.hpp"
#include "tests/support/temp_dir.hpp"

using namespace exapulse;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<std::string>;

UpstreamDiscovery::Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto found = values.find(name);
        if (found == values.end()) return std::nullopt;
        return found->second;
    };
}

Paths paths_of(const std::vector<UpstreamCandidate>& candidates) {
    Paths paths;
    for (const auto& candidate : candidates) paths.push_back(candidate.path);
    return paths;
}

}  // namespace

TEST_CASE("ExaBGP is looked for in the order of its own CLI, sockets before pipes") {
    const UpstreamDiscovery discovery({},
                                      environment({{"exabgp_api_socketpath", "/x/a.sock"},
                                                   {"exabgp_api_socketname", "lab"},
                                                   {"exabgp_api_pipename", "tubes"}}),
                                      42, "");
    CHECK(paths_of(discovery.candidates()) ==
          Paths{"/x/a.sock", "/run/exabgp/lab.sock", "/run/42/lab.sock", "/run/lab.sock",
                "/var/run/exabgp/lab.sock", "/var/run/42/lab.sock", "/var/run/lab.sock",
                "/run/exabgp/tubes", "/run/42/tubes", "/run/tubes", "/var/run/exabgp/tubes",
                "/var/run/42/tubes", "/var/run/tubes"});
    CHECK(discovery.candidates()[0].found_by == "exabgp_api_socketpath");
    CHECK(discovery.candidates()[6].kind == UpstreamKind::Socket);
    CHECK(discovery.candidates()[7].kind == UpstreamKind::Fifo);
    // ExaBGP reads the name with dots first.
    const UpstreamDiscovery dotted(
        {}, environment({{"exabgp.api.pipename", "a"}, {"exabgp_api_pipename", "b"}}), 42, "");
    CHECK(dotted.candidates()[6].path == "/run/exabgp/a");
}

TEST_CASE("what is configured is all there is") {
    const auto variables = environment({{"exabgp_api_socketpath", "/x/a.sock"}});
    const UpstreamDiscovery socket({"/y.sock", ""}, variables, 42, "");
    REQUIRE(socket.candidates().size() == 1);
    CHECK(socket.candidates()[0] == UpstreamCandidate{UpstreamKind::Socket, "/y.sock", "config"});
    for (const char* name : {"/run/exabgp/exabgp", "/run/exabgp/exabgp.in"}) {
        const UpstreamDiscovery pipes({"", name}, variables, 42, "");
        REQUIRE(pipes.candidates().size() == 1);
        CHECK(pipes.candidates()[0] ==
              UpstreamCandidate{UpstreamKind::Fifo, "/run/exabgp/exabgp", "config"});
    }
    CHECK(paths_of(UpstreamDiscovery({"/y.sock", "/p"}, variables, 42, "").candidates()) ==
          Paths{"/y.sock", "/p"});
}

TEST_CASE("only a socket is taken for ExaBGP's, and never exapulsed's own") {
    const test::TempDir dir;
    const std::string path = dir / "exabgp.sock";
    const UpstreamDiscovery discovery({path, ""}, environment({}), 0, "");
    CHECK(discovery.present().empty());
    std::ofstream(path) << "a file";
    CHECK(discovery.present().empty());
    fs::remove(path);
    REQUIRE(mknod(path.c_str(), S_IFSOCK | 0600, 0) == 0);
    CHECK(paths_of(discovery.present()) == Paths{path});

    const std::string link = dir / "link.sock";
    fs::create_symlink(path, link);
    CHECK(UpstreamDiscovery({link, ""}, environment({}), 0, path).present().empty());
}

TEST_CASE("pipes that are configured are always tried: the attempt says what is wrong with them") {
    const test::TempDir dir;
    CHECK(paths_of(UpstreamDiscovery({"", dir / "exabgp"}, environment({}), 0, "").present()) ==
          Paths{dir / "exabgp"});
}

TEST_CASE("folders to watch: the nearest that exist, each once") {
    const test::TempDir dir;
    const UpstreamDiscovery discovery({dir.path() + "/not/yet/there/exabgp.sock", ""},
                                      environment({}), 0, "");
    CHECK(discovery.folders_to_watch() == Paths{fs::canonical(dir.path()).string()});
}
