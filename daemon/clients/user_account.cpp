// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/user_account.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "common/units.hpp"

namespace exapulse {

namespace {

std::uint64_t left_of(std::uint64_t share, std::uint64_t held) {
    return share - std::min(share, held);
}

}  // namespace

std::uint64_t UserAccount::share() const {
    return admin_ ? limits_.memory : limits_.memory / 2;
}

std::uint64_t UserAccount::held_by_all() const {
    return admin_ ? totals_.bytes : totals_.bytes_of_users;
}

std::uint64_t UserAccount::share_of_all() const {
    return admin_ ? limits_.memory : limits_.memory / 8 * 7;
}

std::uint64_t UserAccount::room() const {
    return std::max(left_of(limits_.memory / 64, bytes_),
                    std::min(left_of(share(), bytes_), left_of(share_of_all(), held_by_all())));
}

std::string UserAccount::shortage() const {
    const std::string limit = format_size(limits_.memory);
    if (left_of(share(), bytes_) <= left_of(share_of_all(), held_by_all()))
        return fmt::format(
            "your clients hold {} of the {} bytes that one user may have of limits.memory ({}); "
            "read answers, or close clients",
            bytes_, share(), limit);
    return fmt::format(
        "all clients together hold {} of the {} bytes that limits.memory ({}) allows; try again, "
        "or raise it",
        held_by_all(), share_of_all(), limit);
}

void UserAccount::add(std::uint64_t bytes) {
    bytes_ += bytes;
    totals_.bytes += bytes;
    if (!admin_) totals_.bytes_of_users += bytes;
}

void UserAccount::remove(std::uint64_t bytes) {
    assert(bytes_ >= bytes);
    assert(totals_.bytes >= bytes);
    assert(admin_ || totals_.bytes_of_users >= bytes);
    bytes_ -= bytes;
    totals_.bytes -= bytes;
    if (!admin_) totals_.bytes_of_users -= bytes;
}

AccountRef UserAccounts::of(uid_t uid, bool admin) {
    const auto found = accounts_.find(uid);
    if (found != accounts_.end() && found->second->admin() == admin) return found->second;
    // A user who has become an admin gets a new account; the old one lasts as long as its charges.
    AccountRef fresh(new UserAccount(uid, admin, limits_, totals_));
    accounts_.insert_or_assign(uid, fresh);
    return fresh;
}

std::string UserAccounts::full(const UserAccount& account, std::size_t all) const {
    constexpr std::string_view advice = "close some (`sidecar clients` shows them) or raise it";
    const std::int64_t kept = account.admin() ? limits_.admin_clients : 0;
    if (all >= static_cast<std::size_t>(limits_.clients + kept))
        return fmt::format("{} attached already, limits.clients ({}); {}", counted(all, "client"),
                           limits_.clients, advice);
    if (account.clients() >= limits_.clients_per_uid + kept)
        return fmt::format("{} of uid {} attached already, limits.clients_per_uid ({}); {}",
                           counted(static_cast<std::uint64_t>(account.clients()), "client"),
                           account.uid(), limits_.clients_per_uid, advice);
    return {};
}

void UserAccounts::tidy_up(TimePoint now, const OnLeftOut& on_left_out) {
    for (const auto& [uid, account] : accounts_)
        if (const auto lines = account->log().sum(now); lines > 0) on_left_out(uid, lines);
    std::erase_if(accounts_, [&](const auto& entry) {
        return entry.second.is_last() && entry.second->log().whole(now);
    });
}

}  // namespace exapulse
