// SPDX-License-Identifier: BSD-3-Clause
// IdentityStore and UpstreamDiscovery: the pure parts that look at files.
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "daemon/identity_store.hpp"
#include "daemon/upstream_discovery.hpp"
#include "tests/support/temp_dir.hpp"

using namespace exapulse;
namespace fs = std::filesystem;

TEST_CASE("what is saved is loaded") {
    const test::TempDir dir;
    IdentityStore store(dir.path());
    CHECK_FALSE(store.load());
    CHECK(store.problem().empty());
    const WallTime seen(std::chrono::microseconds(1'700'000'000'123'456));
    CHECK(store.save({"A", seen}));
    CHECK(store.save({"B", seen}));
    const auto known = IdentityStore(dir.path()).load();
    REQUIRE(known);
    CHECK(known->uuid == "B");
    CHECK(known->seen == seen);
    CHECK(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a damaged file is set aside, reported, and does not come back") {
    for (const char* content :
         {"", "{", "[]", "{\"uuid\":\"A\"}", "{\"uuid\":7,\"seen\":\"x\"}", "\xff\xfe garbage",
          "{\"uuid\":\"\",\"seen\":\"2023-11-14T22:13:20.000000Z\"}"}) {
        CAPTURE(std::string(content));
        const test::TempDir dir;
        const fs::path file = fs::path(dir.path()) / "identity.json";
        std::ofstream(file) << content;
        IdentityStore store(dir.path());
        CHECK_FALSE(store.load());
        CHECK_FALSE(store.problem().empty());
        CHECK(fs::exists(file.string() + ".damaged"));
        CHECK_FALSE(store.load());
        CHECK(store.problem().empty());
    }
}

TEST_CASE("a place that can't be written is reported and leaves the old file whole") {
    const test::TempDir dir;
    IdentityStore store(dir.path());
    REQUIRE(store.save({"A", WallTime()}));
    fs::create_directory(fs::path(dir.path()) / "identity.json.new");
    CHECK_FALSE(store.save({"B", WallTime()}));
    CHECK(store.problem().find("identity.json") != std::string::npos);
    CHECK(IdentityStore(dir.path()).load()->uuid == "A");

    IdentityStore nowhere("/nonexistent/folder");
    CHECK_FALSE(nowhere.save({"A", WallTime()}));
    CHECK(nowhere.problem().find("No such file") != std::string::npos);
}

namespace {

UpstreamDiscovery::Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto found = values.find(name);
        if (found == values.end()) return std::nullopt;
        return found->second;
    };
}

}  // namespace

TEST_CASE("the socket is looked for in the order of ExaBGP's own CLI") {
    const UpstreamDiscovery discovery(
        "", environment({{"exabgp_api_socketpath", "/x/a.sock"}, {"exabgp_api_socketname", "lab"}}),
        42, "");
    std::vector<std::string> paths;
    for (const auto& candidate : discovery.candidates()) paths.push_back(candidate.path);
    CHECK(paths == std::vector<std::string>{"/x/a.sock", "/run/exabgp/lab.sock", "/run/42/lab.sock",
                                            "/run/lab.sock", "/var/run/exabgp/lab.sock",
                                            "/var/run/42/lab.sock", "/var/run/lab.sock"});
    CHECK(discovery.candidates()[0].found_by == "exabgp_api_socketpath");

    const UpstreamDiscovery configured(
        "/y.sock", environment({{"exabgp_api_socketpath", "/x/a.sock"}}), 42, "");
    REQUIRE(configured.candidates().size() == 1);
    CHECK(configured.candidates()[0].found_by == "config");
}

TEST_CASE("only a socket is taken for ExaBGP's, and never exapulsed's own") {
    const test::TempDir dir;
    const std::string path = dir / "exabgp.sock";
    const UpstreamDiscovery discovery(path, environment({}), 0, "");
    CHECK(discovery.find() == nullptr);
    std::ofstream(path) << "a file";
    CHECK(discovery.find() == nullptr);
    fs::remove(path);
    REQUIRE(mknod(path.c_str(), S_IFSOCK | 0600, 0) == 0);
    REQUIRE(discovery.find() != nullptr);
    CHECK(discovery.find()->path == path);

    const std::string link = dir / "link.sock";
    fs::create_symlink(path, link);
    CHECK(UpstreamDiscovery(link, environment({}), 0, path).find() == nullptr);
}

TEST_CASE("folders to watch: the nearest that exist, each once") {
    const test::TempDir dir;
    const UpstreamDiscovery discovery(dir.path() + "/not/yet/there/exabgp.sock", environment({}), 0,
                                      "");
    CHECK(discovery.folders_to_watch() ==
          std::vector<std::string>{fs::canonical(dir.path()).string()});
}
