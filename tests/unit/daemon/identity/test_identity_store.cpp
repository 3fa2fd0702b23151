// SPDX-License-Identifier: BSD-3-Clause
// IdentityStore: what it remembers, and what it does with a damaged file.
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "daemon/identity/identity_store.hpp"
#include "tests/support/harness/descriptor_limit.hpp"
#include "tests/support/harness/temp_dir.hpp"

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

TEST_CASE("a damaged file is renamed, reported, and not loaded again") {
    for (const char* content :
         {"", "{", "[]", "{\"uuid\":\"A\"}", "{\"uuid\":7,\"seen\":\"x\"}", "\xff\xfe garbage",
          "{\"uuid\":\"\",\"seen\":\"2023-11-14T22:13:20.000000Z\"}",
          "{\"uuid\":\"A\\nB\",\"seen\":\"2023-11-14T22:13:20.000000Z\"}"}) {
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

TEST_CASE("a file that can't be read for want of descriptors is left as it is") {
    const test::TempDir dir;
    IdentityStore store(dir.path());
    REQUIRE(store.save({"A", WallTime()}));
    bool refused = false;
    {
        const test::DescriptorLimit limit(0);
        try {
            static_cast<void>(store.load());
        } catch (const std::runtime_error&) {
            refused = true;
        }
    }
    CHECK(refused);
    CHECK(store.load()->uuid == "A");
}

TEST_CASE("a failed write is reported and leaves the old file intact") {
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

TEST_CASE("anything else in the file's place is renamed: never waited for, followed or loaded") {
    const test::TempDir dir;
    const std::string file = dir / "identity.json";
    const std::string good = R"({"uuid":"A","seen":"2023-11-14T22:13:20.000000Z"})";
    std::string problem;
    SUBCASE("a FIFO") {
        REQUIRE(mkfifo(file.c_str(), 0600) == 0);
        problem = "is not a regular file";
    }
    SUBCASE("a directory") {
        fs::create_directory(file);
        problem = "is not a regular file";
    }
    SUBCASE("a symbolic link, even to a good file") {
        fs::create_symlink(dir.write("elsewhere.json", good), file);
        problem = "is a symbolic link";
    }
    SUBCASE("an endless device") {
        fs::create_symlink("/dev/zero", file);
        problem = "is a symbolic link";
    }
    SUBCASE("a huge file with a valid start") {
        dir.write("identity.json", good + std::string(64U << 10, ' '));
        problem = "is larger than 65536 bytes";
    }
    IdentityStore store(dir.path());
    CHECK_FALSE(store.load());
    CHECK(store.problem().find(file + " " + problem) == 0);
    CHECK(fs::exists(fs::symlink_status(file + ".damaged")));
    REQUIRE(store.save({"B", WallTime()}));
    CHECK(fs::is_regular_file(fs::symlink_status(file)));
    CHECK(IdentityStore(dir.path()).load()->uuid == "B");
}

TEST_CASE("whatever is in the way of a save is neither waited for nor written through") {
    const test::TempDir dir;
    const std::string fresh = dir / "identity.json.new";
    const std::string precious = dir.write("precious", "precious");
    SUBCASE("a FIFO") {
        REQUIRE(mkfifo(fresh.c_str(), 0600) == 0);
    }
    SUBCASE("a symbolic link") {
        fs::create_symlink(precious, fresh);
    }
    SUBCASE("a hard link") {
        fs::create_hard_link(precious, fresh);
    }
    IdentityStore store(dir.path());
    CHECK(store.save({"A", WallTime()}));
    CHECK(IdentityStore(dir.path()).load()->uuid == "A");
    CHECK(test::read_file(precious) == "precious");
    CHECK_FALSE(fs::exists(fs::symlink_status(fresh)));
}

TEST_CASE("a failed save is retried at growing intervals, with the newest content") {
    const test::TempDir dir;
    const fs::path state = fs::path(dir.path()) / "state";
    IdentityStore store(state.string());
    CHECK(store.retry());
    CHECK_FALSE(store.retry_in());
    CHECK_FALSE(store.save({"A", WallTime()}));
    CHECK(store.retry_in() == Milliseconds(1'000));
    CHECK_FALSE(store.retry());
    CHECK(store.retry_in() == Milliseconds(2'000));
    CHECK_FALSE(store.save({"B", WallTime()}));
    for (int i = 0; i < 10; ++i) CHECK_FALSE(store.retry());
    CHECK(store.retry_in() == Milliseconds(60'000));
    fs::create_directory(state);
    CHECK(store.retry());
    CHECK_FALSE(store.retry_in());
    CHECK(store.problem().empty());
    CHECK(IdentityStore(state.string()).load()->uuid == "B");
}
