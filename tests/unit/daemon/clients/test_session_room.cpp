// SPDX-License-Identifier: BSD-3-Clause
// SessionRoom: which limit stops a client, and what each client may use all the same.
#include <doctest/doctest.h>

#include "daemon/clients/session_room.hpp"

using namespace exapulse;

namespace {

constexpr std::uint64_t one_mib = 1U << 20;

struct Client {
    Config config;
    UserAccounts accounts{config.limits};
    SessionAnswers answers;
    Charge memory;
    std::uint64_t unread = 0;

    explicit Client(bool admin = false) : memory(accounts.of(admin ? 0 : 1000, admin)) {
        config.limits.memory = 64 * one_mib;
        config.limits.client_pending = 2;
        config.limits.client_backlog = one_mib;
        config.limits.line_length = 65'536;
    }
    [[nodiscard]] SessionRoom room() const { return {memory, answers, unread}; }
    [[nodiscard]] std::string why_not(std::size_t bytes) const {
        std::string why;
        return room().may_expect(bytes, why) ? "" : why;
    }
};

bool names(const std::string& text, const char* limit) {
    return text.find(limit) != std::string::npos;
}

}  // namespace

TEST_CASE("a client may have client_pending commands waiting, of client_backlog bytes") {
    Client client;
    CHECK(client.why_not(2 * one_mib).empty());  // a single line is always allowed
    client.answers.expect(1, one_mib - 10);
    CHECK(client.why_not(10).empty());
    CHECK(names(client.why_not(11), "limits.client_backlog (1MiB)"));
    client.answers.expect(2, 5);
    CHECK(names(client.why_not(1), "limits.client_pending (2)"));
    CHECK_FALSE(client.room().must_read());  // refusals may wait as well
    client.answers.expect(3, 5);
    CHECK(client.room().must_read());
}

TEST_CASE("half a backlog unread stops a client's lines, a whole one its answers") {
    Client client;
    client.unread = one_mib / 2 - 1;
    CHECK_FALSE(client.room().must_read());
    client.unread = one_mib / 2;
    CHECK(client.room().must_read());
    CHECK(client.room().has_room_for_events(one_mib / 2 - 1));
    CHECK_FALSE(client.room().has_room_for_events(one_mib / 2));
    CHECK(names(client.room().shortage_for_events(one_mib / 2), "limits.client_backlog (1MiB)"));
    CHECK_FALSE(client.room().full());
    client.unread = one_mib;
    CHECK(client.room().full());
}

TEST_CASE("where the user has no memory left, a client may still use a little") {
    Client client;
    client.memory.set(32 * one_mib);
    CHECK(client.room().short_of_memory());
    CHECK(client.room().has_room_for_line(4'096));
    CHECK_FALSE(client.room().has_room_for_line(4'097));
    CHECK(names(client.why_not(4'097), "limits.memory (64MiB)"));
    CHECK(client.room().longest_line(0) == 4'096);
    CHECK(client.room().longest_line(10'000) == 10'000);  // kept already
    client.unread = 65'536;
    CHECK(client.room().has_room_for_events(100));
    CHECK_FALSE(client.room().full());
    client.unread = 65'537;
    CHECK_FALSE(client.room().has_room_for_events(100));
    CHECK(names(client.room().shortage_for_events(100), "limits.memory (64MiB)"));
    CHECK(client.room().full());
    client.memory.set(0);
    CHECK(client.room().longest_line(0) == 65'536);
    CHECK(client.room().has_room_for_events(100));
}

TEST_CASE("an admin with a small client is never short of memory") {
    Client admin(true);
    const Charge others(admin.accounts.of(0, true), 64 * one_mib);
    CHECK_FALSE(admin.room().short_of_memory());
    admin.memory.set(65'537);
    CHECK(admin.room().short_of_memory());
}
