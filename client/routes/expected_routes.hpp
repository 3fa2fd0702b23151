// SPDX-License-Identifier: BSD-3-Clause
// ExpectedRoutes: the ledger of exapulsed as the routes that each peer is to be sent. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "client/routes/comparable_attributes.hpp"
#include "client/routes/rib_peers.hpp"
#include "client/routes/route_key.hpp"

namespace exapulse::client {

/// One small record for each route, whose texts are shared where they are equal.
class ExpectedRoutes {
  public:
    using Index = std::uint32_t;

    struct Entry {
        std::uint64_t number;
        const std::string *nlri, *text;  // the text of its RouteKey
        Index terms, attributes;         // of terms() and attributes()
        std::optional<Index> before;     // the entry of the same route with the next lower number
        std::uint16_t kind, family;      // of names()
        bool exact, withdrawn, everyone;
        bool may_be_absent;  // a watchdog, or ExaBGP's splitting, decides what becomes of it
    };

    /// Takes a line of `sidecar routes`, which come in the order of announcement. False: it is no
    /// line of that answer.
    bool add(const nlohmann::json& line);
    /// Takes one whose outcome is unknown as if it were certain. False: it is no route.
    bool add_uncertain(const nlohmann::json& line);

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] const std::string& name(std::uint16_t number) const { return names_[number]; }
    [[nodiscard]] const ComparableAttributes& attributes_of(const Entry& entry) const {
        return attributes_[entry.attributes];
    }
    [[nodiscard]] const std::vector<PeerTerms>& terms() const { return terms_; }
    /// The newest entry of a route; those before it are in `before`. `text`: that of its RouteKey.
    [[nodiscard]] std::optional<Index> newest(const std::string& text) const;
    /// The highest number of an entry; 0: there is none.
    [[nodiscard]] std::uint64_t last_number() const { return last_number_; }
    /// It is a part of what a route with `split` was made into.
    [[nodiscard]] bool made_by_split(const IpPrefix& prefix) const;

  private:
    bool expect(const nlohmann::json& line, std::uint64_t number, const std::string& nlri);
    [[nodiscard]] std::uint16_t name_number(const std::string& name);
    [[nodiscard]] Index terms_of(const std::string& peers);
    [[nodiscard]] Index attributes_in(const std::string& command, bool& has_watchdog);

    std::vector<Entry> entries_;
    std::unordered_map<std::string, Index> newest_;  // by the text of their RouteKey
    std::deque<std::string> nlris_;                  // that differ from that text
    std::vector<std::string> names_;
    std::map<std::string, std::uint16_t> name_numbers_;
    std::vector<PeerTerms> terms_;
    std::unordered_map<std::string, Index> terms_by_text_;
    std::vector<ComparableAttributes> attributes_;
    std::unordered_map<std::string, Index> attributes_by_text_;
    std::vector<IpPrefix> split_;
    std::uint64_t last_number_ = 0;
};

}  // namespace exapulse::client
