// SPDX-License-Identifier: BSD-3-Clause
// UpstreamDiscovery: where ExaBGP is looked for, and what is taken for it.
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "daemon/upstream/link/upstream_discovery.hpp"
#include "tests/support/harness/temp_dir.hpp"

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

/// Environment files by path; no other exists.
UpstreamDiscovery::ReadFile files(std::map<std::string, std::string> texts) {
    return [texts = std::move(texts)](const std::string& path) -> SmallFile {
        const auto found = texts.find(path);
        if (found == texts.end()) return {};
        if (found->second == "unreadable") return {true, "cannot be read", ""};
        return {true, "", found->second};
    };
}

/// A search for which nothing but these variables and files exists.
UpstreamDiscovery search(std::map<std::string, std::string> variables,
                         std::map<std::string, std::string> texts = {}) {
    return {{}, environment(std::move(variables)), 42, "", files(std::move(texts))};
}

Paths paths_of(const std::vector<UpstreamCandidate>& candidates) {
    Paths paths;
    for (const auto& candidate : candidates) paths.push_back(candidate.path);
    return paths;
}

}  // namespace

TEST_CASE("ExaBGP is looked for in the order of its own CLI, sockets before pipes") {
    const UpstreamDiscovery discovery = search({{"exabgp_api_socketpath", "/x/a.sock"},
                                                {"exabgp_api_socketname", "lab"},
                                                {"exabgp_api_pipename", "'tubes'"}});
    CHECK(paths_of(discovery.candidates()) == Paths{"/x/a.sock",
                                                    "/run/exabgp/lab.sock",
                                                    "/run/42/lab.sock",
                                                    "/run/lab.sock",
                                                    "/var/run/exabgp/lab.sock",
                                                    "/var/run/42/lab.sock",
                                                    "/var/run/lab.sock",
                                                    "/usr/local/run/exabgp/lab.sock",
                                                    "/usr/local/run/42/lab.sock",
                                                    "/usr/local/run/lab.sock",
                                                    "/usr/local/var/run/exabgp/lab.sock",
                                                    "/usr/local/var/run/42/lab.sock",
                                                    "/usr/local/var/run/lab.sock",
                                                    "/run/exabgp/tubes",
                                                    "/run/42/tubes",
                                                    "/run/tubes",
                                                    "/var/run/exabgp/tubes",
                                                    "/var/run/42/tubes",
                                                    "/var/run/tubes",
                                                    "/usr/local/run/exabgp/tubes",
                                                    "/usr/local/run/42/tubes",
                                                    "/usr/local/run/tubes",
                                                    "/usr/local/var/run/exabgp/tubes",
                                                    "/usr/local/var/run/42/tubes",
                                                    "/usr/local/var/run/tubes"});
    CHECK(discovery.candidates()[0].found_by == "exabgp_api_socketpath");
    CHECK(discovery.candidates()[1].found_by == "exabgp_api_socketname");
    CHECK(discovery.candidates()[12].kind == UpstreamKind::Socket);
    CHECK(discovery.candidates()[13].kind == UpstreamKind::Fifo);
    // ExaBGP reads the name with dots first.
    CHECK(search({{"exabgp.api.pipename", "a"}, {"exabgp_api_pipename", "b"}})
              .candidates()[12]
              .path == "/run/exabgp/a");
    const auto rooted = search({{"EXABGP_ROOT", "/opt/x/"}}).candidates();
    CHECK(rooted[6].path == "/opt/x/run/exabgp/exabgp.sock");
    CHECK(rooted[6].found_by == "standard folder");
}

TEST_CASE("names come from ExaBGP's environment files; variables override them") {
    constexpr const char* debian = "/etc/exabgp/exabgp.env";
    constexpr const char* pip = "/usr/local/etc/exabgp/exabgp.env";
    const std::string lab = "[exabgp.api]\npipename = 'lab'\nsocketname = 'six'\n";
    const auto first_pipes = [](const UpstreamDiscovery& discovery) {
        for (const UpstreamCandidate& candidate : discovery.candidates())
            if (candidate.kind == UpstreamKind::Fifo) return candidate;
        return UpstreamCandidate{};
    };
    const UpstreamDiscovery one = search({}, {{debian, lab}});
    CHECK(one.candidates()[0] ==
          UpstreamCandidate{UpstreamKind::Socket, "/run/exabgp/six.sock", debian});
    CHECK(first_pipes(one) == UpstreamCandidate{UpstreamKind::Fifo, "/run/exabgp/lab", debian});
    CHECK(one.candidates().size() == 24);

    const UpstreamDiscovery over = search({{"exabgp_api_pipename", "v"}}, {{debian, lab}});
    CHECK(first_pipes(over) ==
          UpstreamCandidate{UpstreamKind::Fifo, "/run/exabgp/v", "exabgp_api_pipename"});
    CHECK(over.candidates()[0].path == "/run/exabgp/six.sock");

    // Two installations: which of them runs is not known.
    const UpstreamDiscovery two = search({}, {{debian, "[exabgp.api]\nack = true\n"}, {pip, lab}});
    CHECK(two.candidates().size() == 48);
    CHECK(first_pipes(two).path == "/run/exabgp/exabgp");
    CHECK(two.candidates().back() ==
          UpstreamCandidate{UpstreamKind::Fifo, "/usr/local/var/run/lab", pip});

    const UpstreamDiscovery named =
        search({{"EXABGP_ENVFILE", "/my.env"}}, {{debian, ""}, {"/my.env", lab}});
    CHECK(first_pipes(named).found_by == "/my.env");
    CHECK(named.candidates().size() == 24);

    const UpstreamDiscovery unreadable = search({}, {{debian, "unreadable"}});
    CHECK(first_pipes(unreadable).path == "/run/exabgp/exabgp");
    CHECK(unreadable.problems() == Paths{"/etc/exabgp/exabgp.env cannot be read"});
    // Not a name: it would lead elsewhere.
    CHECK(first_pipes(search({}, {{debian, "[exabgp.api]\npipename = '/a/b'\n"}})).path ==
          "/run/exabgp/exabgp");
}

TEST_CASE("an environment file that appears or changes is read at the next refresh") {
    std::string text = "[exabgp.api]\nsocketname = a\n";
    UpstreamDiscovery discovery({}, environment({}), 42, "", [&](const std::string&) {
        return SmallFile{!text.empty(), "", text};
    });
    CHECK(discovery.candidates()[0].path == "/run/exabgp/a.sock");
    text = "";
    discovery.refresh();
    CHECK(discovery.candidates()[0].path == "/run/exabgp/exabgp.sock");
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
