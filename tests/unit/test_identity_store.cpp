// SPDX-License-Identifier: BSD-3-Clause
// IdentityStore: what it remembers, and what it does with a damaged file.
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "daemon/health/identity_store.hpp"
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
