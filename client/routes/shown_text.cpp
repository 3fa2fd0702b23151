// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/shown_text.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "common/ip_prefix.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::string_view;

/// The words of a route, from its type on: `mup-isd 10.0.1.0/24 rd 100:100`.
class TypedRoute {
  public:
    explicit TypedRoute(std::vector<string_view> words) : words_(std::move(words)) {}

    [[nodiscard]] string_view type() const { return word(0); }
    /// What follows the type.
    [[nodiscard]] string_view subject() const { return word(1); }
    /// What follows `name`; empty: it has no such part.
    [[nodiscard]] string_view value(string_view name) const {
        const auto found = std::find(words_.begin(), words_.end(), name);
        return word(static_cast<std::size_t>(found - words_.begin()) + 1);
    }
    [[nodiscard]] bool has_all(std::initializer_list<string_view> names) const {
        return std::all_of(names.begin(), names.end(),
                           [&](string_view name) { return !value(name).empty(); });
    }

  private:
    [[nodiscard]] string_view word(std::size_t index) const {
        return index < words_.size() ? words_[index] : string_view();
    }

    std::vector<string_view> words_;
};

string_view before_slash(string_view text) {
    return text.substr(0, text.find('/'));
}

string_view from_slash(string_view text) {
    return text.substr(std::min(text.find('/'), text.size()));
}

std::string shown_endpoint(string_view address, string_view teid_and_bits) {
    const auto prefix = IpPrefix::parse(address);
    const string_view teid = before_slash(teid_and_bits), bits = from_slash(teid_and_bits);
    // A shorter one is shown as the number that its bits make.
    if (!prefix || bits != "/32") return {};
    return fmt::format("{}:{}:{}:", prefix->first.bits + 32, before_slash(address), teid);
}

std::string shown_mup(const TypedRoute& route) {
    const string_view rd = route.value("rd"), subject = route.subject();
    if (rd.empty()) return {};
    const std::string type(
        route.type().substr(std::min(route.type().size(), route.type().find('-') + 1)));
    const std::string start = fmt::format("mup:{}::{}", type, rd);
    if (type == "isd") return fmt::format("{}:{}", start, subject);
    if (type == "dsd") return fmt::format("{}:{}", start, before_slash(subject));
    if (type == "t2st" && route.has_all({"teid"})) {
        const std::string endpoint = shown_endpoint(subject, route.value("teid"));
        return endpoint.empty() ? std::string() : fmt::format("{}:{}", start, endpoint);
    }
    return type == "t1st" ? fmt::format("{}:{}", start, subject) : std::string();
}

std::string shown_mvpn(const TypedRoute& route) {
    const bool discovery = route.type() == "source-ad";
    const string_view source = route.value(route.type() == "shared-join" ? "rp" : "source");
    if (source.empty() || !route.has_all({"rd", "group"})) return {};
    std::string text =
        fmt::format("mvpn:{}::{}", discovery ? "sourcead" : route.type(), route.value("rd"));
    if (!discovery) text.append(":").append(route.value("source-as"));
    return fmt::format("{}:{}:{}", text, before_slash(source), before_slash(route.value("group")));
}

}  // namespace

std::string shown_text(string_view nlri) {
    std::vector<string_view> parts = words(nlri);
    const bool by_family = !parts.empty() && (parts[0] == "ipv4" || parts[0] == "ipv6");
    if (by_family) parts.erase(parts.begin());
    if (parts.size() < 2) return {};
    const string_view family = parts[0];
    const TypedRoute route({parts.begin() + 1, parts.end()});
    if (family == "mup") return shown_mup(route);
    return family == "mcast-vpn" ? shown_mvpn(route) : std::string();
}

}  // namespace exapulse::client
