// SPDX-License-Identifier: BSD-3-Clause
// The instances of a host: found by their sockets, and named where one is missing.
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "client/exchange/instances.hpp"
#include "client/shell/prompt_text.hpp"
#include "common/file_descriptor.hpp"
#include "common/socket_path.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::client {

using Names = std::vector<std::string>;

TEST_CASE("instances are found by their sockets") {
    const test::TempDir dir;
    CHECK(instances_in(dir.path()).empty());
    CHECK(instances_in(dir / "none").empty());
    for (const std::string name : {"west", "east", "stopped", ".hidden"}) {
        std::filesystem::create_directory(dir / name);
        if (name == "stopped") continue;
        const sockaddr_un address = socket_address(dir / (name + "/exapulse.sock"));
        const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
    }
    CHECK(instances_in(dir.path()) == Names{"east", "west"});
}

TEST_CASE("where there is no socket the instances are named") {
    const Names both{"frankfurt", "london"};
    CHECK(instance_advice(default_socket_path, both) ==
          "; this host has instances, choose one with --instance or EXAPULSE_INSTANCE: frankfurt, "
          "london");
    CHECK(instance_advice(instance_socket_path("franfkurt"), both) ==
          "; did you mean the instance frankfurt?");
    CHECK(instance_advice(instance_socket_path("paris"), both) ==
          "; the instances of this host are: frankfurt, london");
    CHECK(instance_advice("/tmp/exapulse.sock", both).empty());
    CHECK(instance_advice(default_socket_path, Names{}).empty());
}

TEST_CASE("the prompt shows the instance, and what is wrong") {
    const Style style;
    HealthFeed health(style);
    static_cast<void>(health.on_event({{"type", "state"}, {"state", "up"}}, {}));
    CHECK(prompt_text(default_socket_path, health, style) == "exabgp> ");
    CHECK(prompt_text("/tmp/x.sock", health, style) == "exabgp> ");
    CHECK(prompt_text(instance_socket_path("london"), health, style) == "exabgp@london> ");
    static_cast<void>(health.on_event({{"type", "state"}, {"state", "down"}}, {}));
    CHECK(prompt_text(instance_socket_path("london"), health, style) == "exabgp@london (down)> ");
}

}  // namespace exapulse::client
