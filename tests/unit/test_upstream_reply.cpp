// SPDX-License-Identifier: BSD-3-Clause
// What one line from ExaBGP is.
#include <doctest/doctest.h>

#include "daemon/exabgp/upstream_reply.hpp"

using namespace exapulse;

namespace {

enum class Is { Data, Done, Error, Pong };

Is kind_of(std::string_view line) {
    return static_cast<Is>(classify_reply(line).index());
}

}  // namespace

TEST_CASE("lines are told apart as whole lines") {
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

TEST_CASE("a pong says who answers, and whether we are still the one who asks") {
    const auto json = std::get<reply::Pong>(classify_reply(R"({"pong": "abc", "active": false})"));
    CHECK(json.uuid == "abc");
    CHECK_FALSE(json.active);
    const auto text = std::get<reply::Pong>(classify_reply("pong abc active=true"));
    CHECK(text.uuid == "abc");
    CHECK(text.active);
}

TEST_CASE("only a whole notice with two pids says that ExaBGP ends") {
    CHECK(std::get<reply::Shutdown>(classify_reply("shutdown 8291 8164")).pid == "8291");
    for (const char* line : {"shutdown", "shutdown in progress", "shutdown 1", "shutdown 1 2 3",
                             "shutdown -1 2", " shutdown 1 2"})
        CHECK_MESSAGE(std::holds_alternative<reply::Data>(classify_reply(line)), line);
}

TEST_CASE("the version is found in either dialect") {
    CHECK(version_in(R"({"version": "6.0.0-x", "application": "exabgp"})") == "6.0.0-x");
    CHECK(version_in("exabgp 6.0.0-x") == "6.0.0-x");
    CHECK(version_in("done").empty());
}
