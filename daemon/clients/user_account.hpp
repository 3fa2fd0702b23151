// SPDX-License-Identifier: BSD-3-Clause
// UserAccount: the clients of one user and the memory used for them. Pure.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <sys/types.h>
#include <utility>

#include "daemon/config/config.hpp"
#include "daemon/system/log_budget.hpp"

namespace exapulse {

/// One user may use half of limits.memory, and all users except admins seven eighths. The first
/// 1/64 is reserved for each user, whatever the others use.
class UserAccount {
  public:
    using Limits = decltype(Config::limits);
    struct Totals {
        std::uint64_t bytes = 0;
        std::uint64_t bytes_of_users = 0;  // without admins
    };

    /// `limits` and `totals` must outlive the account and all charges to it.
    UserAccount(uid_t uid, bool admin, const Limits& limits, Totals& totals)
        : uid_(uid), admin_(admin), limits_(limits), totals_(totals) {}
    ~UserAccount() { assert(bytes_ == 0); }
    UserAccount(const UserAccount&) = delete;
    UserAccount& operator=(const UserAccount&) = delete;

    [[nodiscard]] uid_t uid() const { return uid_; }
    [[nodiscard]] bool admin() const { return admin_; }
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] std::int64_t clients() const { return clients_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

    /// How many more bytes its clients may use.
    [[nodiscard]] std::uint64_t room() const;
    /// Limits the log lines about its clients.
    [[nodiscard]] LogBudget& log() { return log_; }

    /// Names the limit that bounds room(), and what to do.
    [[nodiscard]] std::string shortage() const;

  private:
    friend class AccountRef;
    friend class Charge;
    friend class UserAccounts;
    [[nodiscard]] std::uint64_t share() const;
    [[nodiscard]] std::uint64_t held_by_all() const;
    [[nodiscard]] std::uint64_t share_of_all() const;
    void add(std::uint64_t bytes);
    void remove(std::uint64_t bytes);

    uid_t uid_;
    bool admin_;
    const Limits& limits_;
    Totals& totals_;
    LogBudget log_;
    std::int64_t clients_ = 0;
    std::uint64_t bytes_ = 0;
    std::size_t refs_ = 0;
};

/// Shares an account, which lasts as long as the last of them. One pointer, where std::shared_ptr
/// has two: each of ten thousand clients has one. Never null, except after a move.
class AccountRef {
  public:
    /// Takes over `account`, which was made with new.
    explicit AccountRef(UserAccount* account) : account_(account) {
        assert(account_ != nullptr);
        ++account_->refs_;
    }
    AccountRef(const AccountRef& other) : AccountRef(other.account_) {}
    AccountRef(AccountRef&& other) noexcept : account_(std::exchange(other.account_, nullptr)) {}
    AccountRef& operator=(AccountRef other) noexcept {
        std::swap(account_, other.account_);
        return *this;
    }
    ~AccountRef() {
        if (account_ != nullptr && --account_->refs_ == 0) delete account_;
    }

    UserAccount& operator*() const { return *account_; }
    UserAccount* operator->() const { return account_; }
    /// Whether nobody else shares the account.
    [[nodiscard]] bool is_last() const { return account_->refs_ == 1; }

  private:
    UserAccount* account_;
};

/// Bytes charged to an account until the charge is destroyed.
class Charge {
  public:
    explicit Charge(AccountRef account, std::uint64_t bytes = 0) : account_(std::move(account)) {
        set(bytes);
    }
    ~Charge() { account_->remove(bytes_); }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

    void set(std::uint64_t bytes) {
        account_->remove(bytes_);
        account_->add(bytes_ = bytes);
    }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] const AccountRef& account() const { return account_; }

  private:
    AccountRef account_;
    std::uint64_t bytes_ = 0;
};

/// The accounts of all users with clients or commands.
class UserAccounts {
  public:
    /// `limits` must outlive it. It must outlive all charges.
    explicit UserAccounts(const UserAccount::Limits& limits) : limits_(limits) {}
    ~UserAccounts() { assert(totals_.bytes == 0 && totals_.bytes_of_users == 0); }
    UserAccounts(const UserAccounts&) = delete;
    UserAccounts& operator=(const UserAccounts&) = delete;

    [[nodiscard]] AccountRef of(uid_t uid, bool admin);
    /// Names the limit that one more client would exceed, with `all` connected; else empty.
    [[nodiscard]] std::string full(const UserAccount& account, std::size_t all) const;
    void attach(UserAccount& account) { ++account.clients_; }
    void detach(UserAccount& account) {
        assert(account.clients_ > 0);
        --account.clients_;
    }

    [[nodiscard]] std::uint64_t bytes() const { return totals_.bytes; }
    /// Reports how many lines were left out of the log, and about which user.
    using OnLeftOut = std::function<void(uid_t uid, std::uint64_t lines)>;
    /// Call regularly: reports what was left out of the log, and removes the accounts of users with
    /// no clients or commands.
    void tidy_up(TimePoint now, const OnLeftOut& on_left_out);

  private:
    const UserAccount::Limits& limits_;
    UserAccount::Totals totals_;
    std::map<uid_t, AccountRef> accounts_;
};

}  // namespace exapulse
