// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/policy.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/ip_address.hpp"
#include "daemon/access/route_line.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

const CommandPattern* fitting(const std::vector<CommandPattern>& patterns, const Request& request) {
    const auto found = std::find_if(patterns.begin(), patterns.end(),
                                    [&](const CommandPattern& p) { return p.fits(request); });
    return found == patterns.end() ? nullptr : &*found;
}

/// Whether the line begins as one with a selector and has none that is certain.
bool has_unclear_selector(const Request& request) {
    const Words words = request.words();
    if (request.selector().selector && request.selector().problem.empty()) return false;
    return !words.empty() && (words[0] == "neighbor" || (words[0] == "peer" && words.size() > 1 &&
                                                         request.rule().verb.words().size() != 2));
}

bool is_part_of_group(const Request& request) {
    const Words command = command_words(request);
    return !command.empty() && command[0] == "group";
}

/// Why a command reaches other peers than those of the rule.
std::string excess_peers(const AccessRule& rule, const Request& request) {
    const auto& selector = request.selector().selector;
    const std::string only = fmt::format("it allows the peers {}", fmt::join(rule.peers, ", "));
    if (!selector) return only + ", and the command names none";
    if (!selector->for_routes() && selector->action != "teardown")
        return fmt::format("{}, and '{:.40}' can't be limited to them", only, selector->action);
    for (const PeerTerm& term : selector->terms) {
        const bool known =
            std::any_of(rule.peers.begin(), rule.peers.end(), [&](const std::string& peer) {
                return !term.any_address() && same_address(peer, term.address);
            });
        if (!known) return fmt::format("{}, not '{:.60}'", only, term.text());
    }
    return {};
}

std::string excess_prefix(const AccessRule& rule, const Request& request) {
    const RouteLine route = read_route(request);
    const std::string only =
        fmt::format("it allows the prefixes {}", fmt::join(rule.prefix_texts, ", "));
    if (!route.prefix) return fmt::format("{}, and {}", only, route.problem);
    const bool inside = std::any_of(rule.prefixes.begin(), rule.prefixes.end(),
                                    [&](const IpPrefix& p) { return p.contains(*route.prefix); });
    return inside ? std::string() : fmt::format("{}, not {:.60}", only, route.text);
}

/// Why the rule does not allow the line; empty when it does.
std::string objection(const AccessRule& rule, Role needed, const Request& request) {
    if (needed > rule.role)
        return fmt::format("it gives the role {}, and this needs {}", name_of(rule.role),
                           name_of(needed));
    if (!forwards(request.rule())) return {};
    const bool by_words = !rule.allow.empty() || !rule.deny.empty();
    if (by_words && has_unclear_selector(request))
        return "the peers that the line names can't be told for certain";
    if (const auto* pattern = fitting(rule.deny, request))
        return fmt::format("it denies '{}'", pattern->text());
    if (needed == rule.role && !rule.allow.empty() && fitting(rule.allow, request) == nullptr)
        return "its `allow` does not have the command";
    if (needed < Role::Operate) return {};
    const bool narrow = !rule.deny.empty() || !rule.prefixes.empty() || !rule.peers.empty();
    if (narrow && is_part_of_group(request)) return "what is in a group can't be told for certain";
    if (!rule.peers.empty()) {
        if (has_unclear_selector(request))
            return "the peers that the line names can't be told for certain";
        if (std::string why = excess_peers(rule, request); !why.empty()) return why;
    }
    return rule.prefixes.empty() ? std::string() : excess_prefix(rule, request);
}

}  // namespace

bool Caller::in(gid_t group) const {
    return gid == group || std::find(groups.begin(), groups.end(), group) != groups.end();
}

const Principal* AccessPolicy::find(const std::vector<Principal>& list,
                                    const Caller& caller) const {
    const auto names = [&](const Principal& principal) {
        switch (principal.kind) {
            case Principal::Kind::Everyone:
                return true;
            case Principal::Kind::User:
                return caller.uid == principal.id;
            case Principal::Kind::Group:
                return caller.in(principal.id);
            case Principal::Kind::SocketGroup:
                return caller.in(socket_group_);
        }
        return false;
    };
    const auto found = std::find_if(list.begin(), list.end(), names);
    return found == list.end() ? nullptr : &*found;
}

Grant AccessPolicy::grant_of(const Caller& caller) const {
    const auto from_list = [&](Role role, const std::vector<Principal>& list) {
        const Principal* found = find(list, caller);
        return found == nullptr
                   ? Grant{}
                   : Grant{role, fmt::format("access.{}: {}", name_of(role), found->text)};
    };
    if (Grant grant = from_list(Role::Admin, lists_.admin); grant.role != Role::None) return grant;
    Grant limited;
    std::vector<std::string_view> names;
    for (const auto& rule : lists_.rules) {
        if (find(rule->who, caller) == nullptr) continue;
        limited.role = std::max(limited.role, rule->role);
        limited.rules.push_back(rule);
        names.push_back(rule->name);
    }
    if (limited.limited()) {
        limited.source = fmt::format("access.rule: {}", fmt::join(names, ", "));
        return limited;
    }
    if (Grant grant = from_list(Role::Operate, lists_.operate); grant.role != Role::None)
        return grant;
    return from_list(Role::Observe, lists_.observe);
}

std::string denial(const Grant& grant, Role needed, std::string_view verb, const Request& request) {
    if (!grant.limited()) {
        if (grant.role >= needed) return {};
        return fmt::format(
            "'{}' needs the role {}, you have {}; who has which is access.{} in the "
            "configuration of exapulsed",
            verb, name_of(needed), grant.role == Role::None ? "none" : name_of(grant.role),
            name_of(needed));
    }
    if (needed == Role::None) return {};
    std::vector<std::string> reasons;
    for (const auto& rule : grant.rules) {
        std::string why = objection(*rule, needed, request);
        if (why.empty()) return {};
        reasons.push_back(fmt::format("rule {}: {}", rule->name, why));
    }
    return fmt::format("'{}' is not allowed: {}", verb, fmt::join(reasons, "; "));
}

}  // namespace exapulse
