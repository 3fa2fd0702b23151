// SPDX-License-Identifier: BSD-3-Clause
#include "common/flow_rule.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/flow_component.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using std::string_view;
using Tokens = std::span<const string_view>;

constexpr std::array<string_view, 21> components{"destination",
                                                 "destination-ipv4",
                                                 "destination-ipv6",
                                                 "destination-port",
                                                 "dscp",
                                                 "flow-label",
                                                 "fragment",
                                                 "icmp-code",
                                                 "icmp-type",
                                                 "next-header",
                                                 "packet-length",
                                                 "port",
                                                 "protocol",
                                                 "rd",
                                                 "route-distinguisher",
                                                 "source",
                                                 "source-ipv4",
                                                 "source-ipv6",
                                                 "source-port",
                                                 "tcp-flags",
                                                 "traffic-class"};
/// Actions with one value or a list of values.
constexpr std::array<string_view, 6> actions{"action", "copy",       "interface-set",
                                             "mark",   "rate-limit", "redirect-to-nexthop-ietf"};
constexpr std::array<string_view, 3> bare_actions{"accept", "discard", "redirect-to-nexthop"};
/// What ends a component.
constexpr std::array<string_view, 3> ends{"{", "}", ";"};

/// `{`, `}` and `;` are words of their own, whether there are blanks around them or not.
std::vector<string_view> split(Tokens words) {
    constexpr string_view marks = "{};";
    std::vector<string_view> found;
    for (string_view word : words)
        while (!word.empty()) {
            const auto mark = std::min(word.find_first_of(marks), word.size());
            const std::size_t length = std::max<std::size_t>(mark, 1);
            found.push_back(word.substr(0, length));
            word.remove_prefix(length);
        }
    return found;
}

class FlowReader {
  public:
    explicit FlowReader(Tokens words) : words_(split(words)), rest_(words_) {}

    RouteText read() && {
        begin();
        while (!rest_.empty()) take(next());
        return {nlri(), std::move(attributes_)};
    }

  private:
    [[nodiscard]] string_view peek(std::size_t ahead = 0) const {
        return ahead < rest_.size() ? rest_[ahead] : string_view();
    }
    string_view next() {
        const string_view word = peek();
        if (!rest_.empty()) rest_ = rest_.subspan(1);
        return word;
    }

    void begin() {
        if (peek() != "flow") afi_ = next();
        safi_ = next();
        if (peek() == "route") next();
        if (peek() != "{" && peek(1) == "{") next();  // its name
    }

    void take(string_view word) {
        if (is_one_of(word, ends) || is_one_of(word, bare_actions)) {
            in_part_ = false;
        } else if (word == "then" || word == "scope") {
            skip_block();
        } else if (is_attribute(word) || is_one_of(word, actions)) {
            attributes_.push_back(take_attribute(word, rest_));
            if (word == "rate-limit" && (peek() == "bytes" || peek() == "packets")) next();
            in_part_ = false;
        } else if (is_one_of(word, components)) {
            parts_.emplace_back(word == "route-distinguisher" ? "rd" : word);
            in_part_ = true;
        } else if (word != "match" && !is_bare_attribute(word)) {
            std::string& text = in_part_ ? parts_.back() : unknown_;
            text.append(text.empty() ? "" : " ").append(word);
        }
    }

    void skip_block() {
        if (peek() != "{") return;
        int depth = 0;
        do {
            const string_view word = next();
            if (word == "{") ++depth;
            if (word == "}") --depth;
        } while (depth > 0 && !rest_.empty());
    }

    /// The values of each component, by its name. A rule may have a component twice.
    [[nodiscard]] std::map<std::string, std::string> values() const {
        std::map<std::string, std::string> values;
        for (const std::string& part : parts_) {
            const std::string text = flow_component(part);
            const auto blank = std::min(text.find(' '), text.size());
            values[text.substr(0, blank)] += text.substr(blank);
        }
        return values;
    }

    std::string nlri() {
        const auto found = values();
        std::string prefixes;
        for (const char* name : {"source", "destination"})
            if (const auto prefix = found.find(name); prefix != found.end())
                prefixes += prefix->second;
        const bool ipv6 = prefixes.find(':') != prefixes.npos;
        const bool ipv4 = prefixes.find('.') != prefixes.npos;
        const bool evident = afi_ == "ipv6" ? ipv6 && !ipv4 : !ipv6;
        // `flow route` is flow-vpn if it has a distinguisher.
        if (afi_.empty()) safi_ = found.contains("rd") ? "flow-vpn" : "flow";
        std::string text;
        if (!afi_.empty() && !evident) text.append(afi_).append(" ");
        text += safi_;
        if (!unknown_.empty()) text.append(" ").append(unknown_);
        for (const auto& [name, value] : found) text.append(" ").append(name).append(value);
        return text;
    }

    std::vector<string_view> words_;
    Tokens rest_;
    string_view afi_, safi_;
    std::vector<std::string> parts_;
    bool in_part_ = false;  // the words to come belong to the last part
    std::string unknown_;
    std::vector<RouteAttribute> attributes_;
};

}  // namespace

bool is_flow_rule(Tokens words) {
    if (words.empty()) return false;
    if (words[0] == "flow") return true;
    return words.size() > 1 && (words[0] == "ipv4" || words[0] == "ipv6") &&
           (words[1] == "flow" || words[1] == "flow-vpn");
}

RouteText read_flow_rule(Tokens words) {
    return FlowReader(words).read();
}

}  // namespace exapulse
