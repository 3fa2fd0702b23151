// SPDX-License-Identifier: BSD-3-Clause
// AccessPolicy: which role each caller has, and what the rules that name them allow. Pure: names of
// users and groups have been looked up before.
#pragma once

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/ip_prefix.hpp"
#include "common/protocol.hpp"
#include "daemon/access/command_pattern.hpp"
#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// Who is at the other end of a connection, as the kernel says; see unix(7).
struct Caller {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups{};  ///< the supplementary ones

    [[nodiscard]] bool in(gid_t group) const;
};

/// One entry of a list of users and groups.
struct Principal {
    enum class Kind { Everyone, User, Group, SocketGroup };
    Kind kind = Kind::User;
    id_t id = 0;       ///< of a user or a group
    std::string text;  ///< as the configuration has it
};

struct AccessRule {
    std::string name;
    std::vector<Principal> who;
    Role role = Role::Operate;
    std::vector<CommandPattern> allow{};  ///< empty: all that the role may
    std::vector<CommandPattern> deny{};
    std::vector<std::string> prefix_texts{};
    std::vector<IpPrefix> prefixes{};  ///< empty: any
    std::vector<std::string> peers{};  ///< addresses; empty: any
};

/// What a caller may do: all that `role` may, or where there are rules, what one of them allows.
struct Grant {
    Role role = Role::None;
    std::string source;  ///< what gave the role, for people; empty where there is none
    std::vector<std::shared_ptr<const AccessRule>> rules{};

    [[nodiscard]] bool limited() const { return !rules.empty(); }
    [[nodiscard]] bool admin() const { return role == Role::Admin && !limited(); }

    friend bool operator==(const Grant&, const Grant&) = default;
};

class AccessPolicy {
  public:
    struct Lists {
        std::vector<Principal> observe, operate, admin;
        std::vector<std::shared_ptr<const AccessRule>> rules;
    };

    /// Nobody may do anything.
    AccessPolicy() = default;
    AccessPolicy(Lists lists, gid_t socket_group)
        : lists_(std::move(lists)), socket_group_(socket_group) {}

    /// Whoever is in the list `admin` is an admin; else whoever some rule names has what those
    /// rules allow and nothing else; else the other lists decide.
    [[nodiscard]] Grant grant_of(const Caller& caller) const;

  private:
    [[nodiscard]] const Principal* find(const std::vector<Principal>& list,
                                        const Caller& caller) const;

    Lists lists_;
    gid_t socket_group_ = static_cast<gid_t>(-1);
};

/// Why the line, whose verb is `verb` and needs `needed`, is denied; empty when it may pass.
[[nodiscard]] std::string denial(const Grant& grant, Role needed, std::string_view verb,
                                 const Request& request);

}  // namespace exapulse
