// SPDX-License-Identifier: BSD-3-Clause
// UserAccounts: what one user's clients hold leaves room for the others, and for admins.
#include <doctest/doctest.h>

#include "daemon/clients/user_account.hpp"

using namespace exapulse;

namespace {

constexpr std::uint64_t mib = 1U << 20;

struct Accounts {
    Config config;
    UserAccounts all;

    Accounts() : all(config.limits) {
        config.limits.memory = 64 * mib;
        config.limits.clients = 3;
        config.limits.clients_per_uid = 2;
        config.limits.admin_clients = 1;
    }
};

}  // namespace

TEST_CASE("one user gets half, all users seven eighths, and an admin what is left") {
    Accounts accounts;
    const auto alice = accounts.all.of(1000, false);
    const auto bob = accounts.all.of(1001, false);
    const auto carol = accounts.all.of(1002, false);
    const auto root = accounts.all.of(0, true);
    CHECK(alice->room() == 32 * mib);
    CHECK(root->room() == 64 * mib);

    const Charge first(alice, 40 * mib);  // the last bytes came before they were counted
    CHECK(alice->room() == 0);
    CHECK(alice->shortage().find("limits.memory (64MiB)") != std::string::npos);
    CHECK(alice->shortage().find("one user") != std::string::npos);
    CHECK(bob->room() == 16 * mib);

    const Charge second(bob, 16 * mib);
    CHECK(bob->room() == 0);
    CHECK(bob->shortage().find("all clients together") != std::string::npos);
    CHECK(carol->room() == 1 * mib);  // every user's own
    CHECK(root->room() == 8 * mib);
    CHECK(accounts.all.bytes() == 56 * mib);
}

TEST_CASE("a charge ends with its owner, and may change meanwhile") {
    Accounts accounts;
    {
        Charge charge(accounts.all.of(1000, false), 5 * mib);
        charge.set(2 * mib);
        CHECK(accounts.all.of(1000, false)->bytes() == 2 * mib);
        accounts.all.tidy_up({}, [](uid_t, std::uint64_t) {});
        CHECK(accounts.all.of(1000, false)->bytes() == 2 * mib);
        // One who becomes an admin begins anew.
        CHECK(accounts.all.of(1000, true)->bytes() == 0);
        CHECK(accounts.all.bytes() == 2 * mib);
    }
    CHECK(accounts.all.bytes() == 0);
    CHECK(accounts.all.of(1000, false)->room() == 32 * mib);
}

TEST_CASE("clients are counted by user, and admins have places of their own") {
    Accounts accounts;
    const auto alice = accounts.all.of(1000, false);
    const auto bob = accounts.all.of(1001, false);
    const auto root = accounts.all.of(0, true);
    accounts.all.attach(*alice);
    CHECK(accounts.all.full(*alice, 1).empty());
    accounts.all.attach(*alice);
    CHECK(accounts.all.full(*alice, 2).find("limits.clients_per_uid (2)") != std::string::npos);
    CHECK(accounts.all.full(*bob, 2).empty());
    accounts.all.attach(*bob);
    CHECK(accounts.all.full(*bob, 3).find("limits.clients (3)") != std::string::npos);
    CHECK(accounts.all.full(*root, 3).empty());
    accounts.all.attach(*root);
    CHECK(accounts.all.full(*root, 4).find("limits.clients (3)") != std::string::npos);
    accounts.all.detach(*alice);
    CHECK(accounts.all.full(*alice, 2).empty());
}
