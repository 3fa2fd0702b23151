// SPDX-License-Identifier: BSD-3-Clause
// Request: a client's line, parsed once for all checks of it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/peer_selector.hpp"
#include "daemon/exabgp/shared_state.hpp"
#include "daemon/exabgp/verb.hpp"

namespace exapulse {

struct DialectRules;

/// What every ExaBGP reads in the line. Checks that depend on the connected ExaBGP use the same
/// parse when it is the line's turn: see guard_against(). Not copyable or movable, since all parts
/// are views into the text.
class Request {
  public:
    explicit Request(std::string_view text);
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    [[nodiscard]] const std::string& text() const { return text_; }  ///< without LF
    [[nodiscard]] Words words() const { return words_; }             ///< its tokens()
    /// The rule for the longest verb that it begins with; by default, to forward it.
    [[nodiscard]] const CommandRule& rule() const { return rule_; }
    [[nodiscard]] const SelectorReading& selector() const { return selector_; }
    /// The bytes it has allocated.
    [[nodiscard]] std::size_t memory() const {
        return text_.capacity() + words_.capacity() * sizeof(std::string_view);
    }

  private:
    friend std::string_view command_in(const DialectRules& rules, const Request& request);

    std::string text_;
    std::vector<std::string_view> words_;
    const CommandRule& rule_;
    SelectorReading selector_;
    // What command_in() found last, and by whose rules: they are the same until ExaBGP changes.
    mutable const DialectRules* found_by_ = nullptr;
    mutable std::string_view found_;
};

}  // namespace exapulse
