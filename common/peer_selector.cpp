// SPDX-License-Identifier: BSD-3-Clause
#include "common/peer_selector.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace exapulse {

namespace {

constexpr std::array<std::string_view, peer_filter_count> filter_names{
    "local-ip", "local-as", "peer-as", "router-id", "family-allowed"};

/// The words of a line one by one, split as by formated() in ExaBGP's configuration/core/format.py:
/// a comma is a separate word, an opening bracket ends a word, a closing one starts one.
class SelectorWords {
  public:
    explicit SelectorWords(std::string_view line) : line_(line) {}

    /// Empty at the end.
    std::string_view next() {
        auto start = at_;
        while (start < line_.size() && is_whitespace(line_[start])) ++start;
        if (start == line_.size()) return {};
        auto end = start;
        while (end < line_.size() && continues(start, end)) ++end;
        at_ = end;
        return line_.substr(start, end - start);
    }

  private:
    static bool is_whitespace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r' && c != '\n') || (c >= '\x1c' && c <= '\x1f');
    }

    /// Whether the character at `at` belongs to the word that starts at `start`.
    [[nodiscard]] bool continues(std::size_t start, std::size_t at) const {
        const char c = line_[at];
        if (at == start) return true;
        const char before = line_[at - 1];
        return !is_whitespace(c) && c != ',' && c != ']' && c != ')' && before != ',' &&
               before != '[' && before != '(';
    }

    std::string_view line_;
    std::size_t at_ = 0;
};

bool is_plain(std::string_view word) {
    return !word.empty() && word.find_first_of("[](),;{}\"'") == std::string_view::npos;
}

bool is_keyword(std::string_view word) {
    return word == "neighbor" || word == "peer";
}

/// Whether 6.0 reads the word as the start of a selector, rather than as an unknown command.
bool starts_selector(std::string_view word) {
    return word == "*" || word == "[" || word.find_first_of(".:") != std::string_view::npos;
}

class Reader {
  public:
    explicit Reader(std::string_view line) : line_(line), words_(line) {}

    SelectorReading read() {
        keyword_ = words_.next();
        if (!is_keyword(keyword_)) return {};
        selector_.peer = keyword_ == "peer";
        word_ = words_.next();
        if (word_.empty() || (selector_.peer && !starts_selector(word_))) return {};
        selector_.bracketed = word_ == "[";
        if (selector_.bracketed) word_ = words_.next();
        while (read_term() && read_separator()) {
        }
        if (!problem_.empty()) return {std::nullopt, problem_};
        if (selector_.action.empty()) return {};
        finish();
        return {std::move(selector_), {}};
    }

  private:
    /// From the address, which is word_, to the word after the filters.
    bool read_term() {
        if (word_ == "]" && selector_.terms.empty()) return fail("it names no peer");
        if (word_.empty()) return selector_.bracketed ? fail("its bracket is not closed") : false;
        if (!is_plain(word_) || parse_peer_filter(word_) || is_keyword(word_))
            return fail(fmt::format("an address is expected instead of '{:.40}'", word_));
        if (++count_ > most_selector_terms) return fail_at_limit();
        PeerTerm term{word_};
        for (word_ = words_.next(); const auto filter = parse_peer_filter(word_);
             word_ = words_.next()) {
            const std::string_view value = words_.next();
            if (!is_plain(value)) return fail(fmt::format("{} has no value", word_));
            if (++count_ > most_selector_terms) return fail_at_limit();
            term.filters.emplace_back(*filter, value);
        }
        selector_.terms.push_back(std::move(term));
        return true;
    }

    /// From the word after a term, which is word_, to the next address; false at the end.
    bool read_separator() {
        if (selector_.bracketed) return read_separator_in_bracket();
        if (is_keyword(word_)) return fail(fmt::format("a comma is missing before '{}'", word_));
        if (word_ != ",") {
            selector_.action = word_;
            return false;
        }
        word_ = words_.next();
        if (word_ == keyword_) {
            word_ = words_.next();
            return !word_.empty();
        }
        if (word_ == "," || parse_peer_filter(word_))
            return fail("a comma has no address after it");  // all peers for 4.2 and 5.0
        if (is_keyword(word_)) return fail("it has both neighbor and peer");
        if (starts_selector(word_))
            return fail(fmt::format("'{}' is missing before '{:.40}'", keyword_, word_));
        selector_.trailing_comma = true;
        selector_.action = word_;
        return false;
    }

    bool read_separator_in_bracket() {
        if (word_ == ",") {
            word_ = words_.next();
            if (word_ == ",") return fail("a comma has no address after it");
            if (word_ != "]") return true;
            selector_.trailing_comma = true;
        }
        if (word_.empty()) return fail("its bracket is not closed");
        if (word_ != "]") return fail(fmt::format("a comma is missing before '{:.40}'", word_));
        selector_.action = words_.next();
        return false;
    }

    void finish() {
        const auto offset = [&](std::string_view word) {
            return static_cast<std::size_t>(word.data() - line_.data());
        };
        const std::size_t start = offset(keyword_), action = offset(selector_.action);
        selector_.command = line_.substr(action);
        selector_.object = words_.next();
        std::string_view text = line_.substr(start, action - start);
        while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
        selector_.text = text;
    }

    bool fail(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }
    bool fail_at_limit() {
        return fail(fmt::format("it has more than {} addresses and filters; use several commands",
                                most_selector_terms));
    }

    std::string_view line_;
    SelectorWords words_;
    std::string_view keyword_, word_;
    PeerSelector selector_;
    std::size_t count_ = 0;
    std::string problem_;
};

}  // namespace

std::string_view name_of(PeerFilter filter) {
    return filter_names.at(static_cast<std::size_t>(filter));
}

std::optional<PeerFilter> parse_peer_filter(std::string_view word) {
    const auto found = std::find(filter_names.begin(), filter_names.end(), word);
    if (found == filter_names.end()) return std::nullopt;
    return static_cast<PeerFilter>(found - filter_names.begin());
}

std::string PeerTerm::text() const {
    std::string text(address);
    for (const auto& [filter, value] : filters)
        text += fmt::format(" {} {}", name_of(filter), value);
    return text;
}

SelectorReading read_selector(std::string_view line) {
    return Reader(line).read();
}

bool accepts(SelectorGrammar grammar, const PeerSelector& selector) {
    const bool star = std::any_of(selector.terms.begin(), selector.terms.end(),
                                  [](const PeerTerm& term) { return term.any_address(); });
    if (star && !selector.everyone()) return false;
    const bool as_neighbor = !selector.peer && !selector.bracketed;
    const bool as_peer =
        selector.peer &&
        (selector.bracketed || (selector.terms.size() == 1 && !selector.trailing_comma));
    switch (grammar) {
        case SelectorGrammar::Neighbor:
            return as_neighbor && !star;
        case SelectorGrammar::Either:
            return as_peer || selector.bracketed || (as_neighbor && !selector.trailing_comma);
        case SelectorGrammar::Peer:
            return as_peer;
    }
    return false;
}

std::optional<std::string> spelled(SelectorGrammar grammar, const std::vector<PeerTerm>& terms) {
    const bool in_peers = grammar == SelectorGrammar::Peer;
    if (std::any_of(terms.begin(), terms.end(), [](const auto& term) { return term.everyone(); }))
        return grammar == SelectorGrammar::Neighbor ? "" : in_peers ? "peer *" : "neighbor *";
    std::vector<std::string> parts;
    for (const PeerTerm& term : terms) {
        if (term.any_address()) return std::nullopt;
        parts.push_back(term.text());
    }
    if (!in_peers) return fmt::format("neighbor {}", fmt::join(parts, ", neighbor "));
    if (parts.size() > 1) return fmt::format("peer [{}]", fmt::join(parts, ", "));
    if (!starts_selector(terms.front().address)) return std::nullopt;
    return fmt::format("peer {}", parts.front());
}

}  // namespace exapulse
