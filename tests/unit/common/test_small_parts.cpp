// SPDX-License-Identifier: BSD-3-Clause
// Small pure parts: words, nearest names, socket paths, errors on the wire, shared values,
// back-off.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "common/nearest.hpp"
#include "common/protocol.hpp"
#include "common/socket_path.hpp"
#include "common/words.hpp"
#include "daemon/routes/shared_values.hpp"
#include "daemon/upstream/link/reconnect_backoff.hpp"

using namespace exapulse;
using namespace std::chrono_literals;

TEST_CASE("words are separated as ExaBGP separates them") {
    using Words = std::vector<std::string_view>;
    CHECK(words("  a \t b\r\v\fc ") == Words{"a", "b", "c"});
    CHECK(words("").empty());
    CHECK(words(" \t ").empty());
}

TEST_CASE("the nearest name, or none if none is near") {
    constexpr std::array<std::string_view, 3> names{"status", "subscribe", "version"};
    CHECK(nearest("statsu", names) == "status");
    CHECK(nearest("subscribr", names) == "subscribe");
    CHECK(nearest("banana", names).empty());
}

TEST_CASE("a socket path of 107 bytes fits, one more does not") {
    CHECK_FALSE(socket_path_problem("/" + std::string(106, 'x')));
    const auto problem = socket_path_problem("/" + std::string(107, 'x'));
    REQUIRE(problem);
    CHECK(problem->find("108 bytes") != std::string::npos);
    CHECK(socket_path_problem(""));
    CHECK(socket_path_problem(std::string("/a\0b", 4)));
}

TEST_CASE("the unit that serves a socket") {
    CHECK(unit_that_serves(default_socket_path) == "exapulsed");
    CHECK(unit_that_serves(instance_socket_path("edge-1")) == "exapulsed@edge-1");
    CHECK(unit_that_serves("/run/exapulse/a/b/exapulse.sock") == "exapulsed");
    CHECK(unit_that_serves("/tmp/exapulse.sock") == "exapulsed");
}

TEST_CASE("errors on the wire are parsed; ExaBGP's own have no code") {
    for (std::size_t i = 0; i < error_code_names.size(); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        const std::string line = format_error(code, "what: happened\nhere");
        CHECK(line.find('\n') == std::string::npos);
        const auto read = parse_error(line);
        REQUIRE(read);
        CHECK(read->code == code);
        CHECK(read->what == R"(what: happened\nhere)");
    }
    CHECK_FALSE(parse_error("error: Could not parse route: route bad"));
    CHECK_FALSE(parse_error("error"));
    CHECK_FALSE(parse_error("not-sent: x"));
}

TEST_CASE("equal values are one object while somebody holds it, and are forgotten after that") {
    SharedValues<std::string> names;
    const auto held = names.of("dns");
    CHECK(names.of("dns") == held);
    CHECK(*names.of("other") == "other");
    for (int i = 0; i < 10'000; ++i) CHECK(*names.of(std::to_string(i)) == std::to_string(i));
    CHECK(names.size() < 200);
    CHECK(names.of("dns") == held);
    std::vector<std::shared_ptr<const std::string>> many;
    for (int i = 0; i < 1'000; ++i) many.push_back(names.of(std::to_string(i)));
    CHECK(names.size() >= 1'001);
    CHECK(names.of("7") == many[7]);
}

TEST_CASE("the back-off doubles from 100 ms to 5 s, with jitter") {
    ReconnectBackoff backoff(42);
    Milliseconds most = 100ms;
    for (int i = 0; i < 20; ++i) {
        const Milliseconds delay = backoff.next();
        CAPTURE(delay.count());
        CHECK(delay <= most);
        CHECK(delay > most * 7 / 10);
        most = std::min<Milliseconds>(most * 2, 5s);
    }
    backoff.retry_soon();
    CHECK(backoff.next() <= 10ms);
    backoff.reset();
    CHECK(backoff.next() > 70ms);
}

TEST_CASE("the back-off of pipes doubles from 100 ms to 0.5 s, with jitter") {
    ReconnectBackoff backoff(42);
    Milliseconds most = 100ms;
    for (int i = 0; i < 20; ++i) {
        const Milliseconds delay = backoff.next(ReconnectBackoff::longest_on_pipes);
        CAPTURE(delay.count());
        CHECK(delay <= most);
        CHECK(delay > most * 7 / 10);
        most = std::min<Milliseconds>(most * 2, 500ms);
    }
    CHECK(backoff.next() > 3s);
}
