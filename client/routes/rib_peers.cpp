// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/rib_peers.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "client/exchange/question.hpp"
#include "common/ip_address.hpp"
#include "common/json_fields.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;
using std::string_view;

/// How the configuration calls what a selector calls otherwise.
constexpr std::array<std::pair<string_view, string_view>, 4> filter_names{
    {{"local-address", "local-ip"},
     {"local-as", "local-as"},
     {"peer-as", "peer-as"},
     {"router-id", "router-id"}}};

/// A term, or what follows `neighbor`: an address and filters, each with a value.
RibPeer peer_of(const std::vector<string_view>& parts) {
    RibPeer peer{std::string(parts.front())};
    if (parts.size() > 1) peer.filters.emplace();
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2)
        peer.filters->emplace_back(parts[i], parts[i + 1]);
    return peer;
}

const std::string* value_of(const RibPeer& peer, const std::string& filter) {
    if (!peer.filters) return nullptr;
    const auto found = std::find_if(peer.filters->begin(), peer.filters->end(),
                                    [&](const auto& one) { return one.first == filter; });
    return found == peer.filters->end() ? nullptr : &found->second;
}

string_view without_semicolon(string_view word) {
    if (word.ends_with(';')) word.remove_suffix(1);
    return word;
}

/// 6.0 shows peers in two ways: one that has not been tried yet has all at the top.
struct Field {
    const char *side, *name, *alone;
    string_view filter;
};
constexpr std::array fields{Field{"local", "address", "local-address", "local-ip"},
                            Field{"local", "as", "local-as", "local-as"},
                            Field{"peer", "as", "peer-as", "peer-as"},
                            Field{"local", "id", "router-id", "router-id"}};

std::optional<std::string> text_of_field(const json& object, const char* name) {
    if (auto text = text_field(object, name)) return text;
    const auto number = number_field(object, name);
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

RibPeer peer_in(const json& shown) {
    const auto address = text_field(object_field(shown, "peer"), "address");
    RibPeer peer{address ? *address : text_field(shown, "peer-address").value_or("")};
    peer.filters.emplace();
    for (const Field& field : fields) {
        auto value = text_of_field(object_field(shown, field.side), field.name);
        if (!value) value = text_of_field(shown, field.alone);
        if (value) peer.filters->emplace_back(field.filter, *value);
    }
    const json families = object_field(object_field(shown, "local"), "families");
    if (!families.empty()) peer.families.emplace();
    for (const auto& [family, enabled] : families.items())
        if (enabled == true) peer.families->insert(family);
    return peer;
}

}  // namespace

RibPeer peer_named(string_view name) {
    auto parts = words(name);
    if (!parts.empty() && parts.front() == "neighbor") parts.erase(parts.begin());
    return parts.empty() ? RibPeer() : peer_of(parts);
}

bool same_peer(const RibPeer& a, const RibPeer& b) {
    if (!same_address(a.address, b.address)) return false;
    if (!a.filters) return true;
    return std::all_of(a.filters->begin(), a.filters->end(), [&](const auto& filter) {
        const std::string* other = value_of(b, filter.first);
        return other == nullptr || *other == filter.second;
    });
}

void ConfigurationReader::read(string_view line) {
    const auto parts = words(line);
    if (parts.empty()) return;
    if (parts[0] == "neighbor" && parts.size() > 1) {
        peers_.push_back({std::string(parts[1]), {}, {}, {}});
        peers_.back().filters.emplace();
        in_families_ = false;
        return;
    }
    if (peers_.empty()) return;
    RibPeer& peer = peers_.back();
    if (parts[0] == "}") in_families_ = false;
    if (parts[0] == "family") {
        in_families_ = true;
        peer.families.emplace();
        return;
    }
    if (parts.size() != 2) return;
    const string_view value = without_semicolon(parts[1]);
    if (in_families_) peer.families->insert(std::string(parts[0]).append(" ").append(value));
    if (parts[0] == "adj-rib-out") peer.shown = value == "true";
    for (const auto& [name, filter] : filter_names)
        if (parts[0] == name) peer.filters->emplace_back(filter, value);
}

std::optional<std::vector<RibPeer>> read_peer_show(string_view line) {
    const json shown = parsed(std::string(line));
    if (!shown.is_array()) return std::nullopt;
    std::vector<RibPeer> peers;
    for (const json& one : shown) peers.push_back(peer_in(one));
    return peers;
}

PeerTerms::PeerTerms(string_view text) {
    while (!text.empty() && text != "*") {
        const auto end = std::min(text.find(','), text.size());
        if (const auto parts = words(text.substr(0, end)); !parts.empty())
            terms_.push_back(peer_of(parts));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

PeerTerms::Match PeerTerms::match(const RibPeer& peer) const {
    if (everyone()) return Match::Yes;
    Match best = Match::No;
    for (const RibPeer& term : terms_) {
        if (term.address != "*" && !same_address(term.address, peer.address)) continue;
        if (!term.filters) return Match::Yes;
        if (!peer.filters) {
            best = Match::Perhaps;
            continue;
        }
        const bool all =
            std::all_of(term.filters->begin(), term.filters->end(), [&](const auto& filter) {
                const std::string* value = value_of(peer, filter.first);
                return value != nullptr && *value == filter.second;
            });
        if (all) return Match::Yes;
    }
    return best;
}

std::vector<std::string> PeerTerms::addresses() const {
    std::vector<std::string> found;
    for (const RibPeer& term : terms_) found.push_back(term.address);
    return found;
}

}  // namespace exapulse::client
