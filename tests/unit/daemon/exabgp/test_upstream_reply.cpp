// SPDX-License-Identifier: BSD-3-Clause
// What one line from ExaBGP is.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "common/protocol.hpp"
#include "daemon/exabgp/upstream_reply.hpp"

using namespace exapulse;

namespace {

enum class Is { Data, Done, Error, Pong };

Is kind_of(std::string_view line) {
    return static_cast<Is>(classify_reply(line).index());
}

}  // namespace

TEST_CASE("lines are classified as a whole") {
    struct Row {
        const char* line;
        Is is;
    };
    for (const Row& row : {
             Row{"done", Is::Done},
             Row{"error", Is::Error},
             Row{R"({ "answer": "done", "message": "command completed" })", Is::Done},
             Row{R"({ "answer": "error", "message": "this command does not support json output" })",
                 Is::Error},
             Row{R"({"pong": "5db94e54", "active": true})", Is::Pong},
             Row{"pong 5db94e54 active=true", Is::Pong},
             // What only looks like it.
             Row{"", Is::Data},
             Row{" done", Is::Data},
             Row{"done ", Is::Data},
             Row{"Done", Is::Data},
             Row{"error: Could not parse route", Is::Data},
             Row{R"(..."family": "ipv4 undone)", Is::Data},
             Row{R"({"error": "Invalid version: x"})", Is::Data},
             Row{R"({ "answer": "maybe" })", Is::Data},
             Row{R"({"pong": 7})", Is::Data},
             Row{R"({"pong": "cut)", Is::Data},
             Row{"pong", Is::Data},
             Row{R"([{"pong": "in a list"}])", Is::Data},
         }) {
        CAPTURE(std::string(row.line));
        CHECK(kind_of(row.line) == row.is);
    }
}

TEST_CASE("a pong has the UUID, and whether we are still the active client") {
    const auto json = std::get<reply::Pong>(classify_reply(R"({"pong": "abc", "active": false})"));
    CHECK(json.uuid == "abc");
    CHECK_FALSE(json.active);
    const auto text = std::get<reply::Pong>(classify_reply("pong abc active=true"));
    CHECK(text.uuid == "abc");
    CHECK(text.active);
}

TEST_CASE("a pong without a UUID is a bad pong, whatever it has instead") {
    const std::string longest(64, 'a');
    CHECK(is_uuid("5db94e54-0c1f-4b8e-a1d5-26c5f9b0c7de"));
    CHECK(is_uuid(longest));
    for (const std::string& uuid :
         {std::string(), longest + "a", std::string(1U << 20, 'a'), std::string("new\nline"),
          std::string("\x1b[2J"), std::string("\xff\xfe"), std::string("a b"),
          std::string("\0", 1)}) {
        CAPTURE(uuid.substr(0, 80));
        CHECK_FALSE(is_uuid(uuid));
        const std::string json =
            nlohmann::json(uuid).dump(-1, ' ', true, nlohmann::json::error_handler_t::ignore);
        for (const std::string& line :
             {"pong " + uuid + " active=true", R"({"pong": ")" + uuid + R"(", "active": true})",
              R"({"pong": )" + json + R"(, "active": true})"}) {
            const UpstreamReply reply = classify_reply(line);
            if (const auto* pong = std::get_if<reply::Pong>(&reply)) CHECK(is_uuid(pong->uuid));
            if (uuid.size() > 64) CHECK(std::holds_alternative<reply::BadPong>(reply));
        }
    }
    CHECK(std::holds_alternative<reply::BadPong>(classify_reply("pong \xff\xfe active=true")));
    CHECK(std::holds_alternative<reply::BadPong>(classify_reply("{\"pong\": \"\xff\"}")));
    CHECK(std::holds_alternative<reply::BadPong>(classify_reply(R"({"pong": "a\nb"})")));
}

TEST_CASE("only a complete notice with two pids means that ExaBGP stops") {
    CHECK(std::get<reply::Shutdown>(classify_reply("shutdown 8291 8164")).pid == "8291");
    for (const char* line : {"shutdown", "shutdown in progress", "shutdown 1", "shutdown 1 2 3",
                             "shutdown -1 2", " shutdown 1 2", "shutdown 12345678901 2"})
        CHECK_MESSAGE(std::holds_alternative<reply::Data>(classify_reply(line)), line);
}

TEST_CASE("the version is found in either dialect") {
    CHECK(version_in(R"({"version": "6.0.0-x", "application": "exabgp"})") == "6.0.0-x");
    CHECK(version_in("exabgp 6.0.0-x") == "6.0.0-x");
    CHECK(version_in("done").empty());
}

TEST_CASE("a version is printable and short, whatever ExaBGP says") {
    CHECK(version_in("exabgp 4.2.21\x1b[2J") == R"(4.2.21\x1b[2J)");
    CHECK(version_in(R"({"version": "6\n0"})") == R"(6\n0)");
    CHECK(version_in("exabgp " + std::string(1U << 20, '4')).size() < 200);
    CHECK(version_in(R"({"version": ")" + std::string(1U << 20, '4') + "\"}").empty());
}
