// SPDX-License-Identifier: BSD-3-Clause
// Verb: the first words of a line, split at compile time. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace exapulse {

/// The words of a line, as split by tokens().
using Words = std::span<const std::string_view>;

/// Its words are separated by single spaces; `…` stands for one or more words.
class Verb {
  public:
    /// Implicit, so that a table of verbs is a list of literals.
    constexpr Verb(const char* text) : text_(text) {
        for (std::string_view rest = text_; !rest.empty(); ++count_) {
            const auto end = std::min(rest.find(' '), rest.size());
            words_.at(count_) = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

    [[nodiscard]] constexpr std::string_view text() const { return text_; }
    [[nodiscard]] constexpr Words words() const { return {words_.data(), count_}; }
    [[nodiscard]] constexpr std::string_view first() const { return words_[0]; }

    /// With SELECTOR for `…`.
    [[nodiscard]] std::string for_people() const {
        std::string text;
        for (const std::string_view word : words()) {
            if (!text.empty()) text += ' ';
            text += word == "…" ? "SELECTOR" : word;
        }
        return text;
    }

    /// Whether `line` begins with these words.
    [[nodiscard]] bool begins(Words line) const {
        const bool first_is = count_ == 0 || (!line.empty() && line.front() == first());
        return first_is && begins(line, words());
    }

  private:
    static bool begins(Words line, Words verb) {
        for (; !verb.empty(); line = line.subspan(1), verb = verb.subspan(1)) {
            if (line.empty()) return false;
            if (verb.front() == "…") {
                for (std::size_t skip = 1; skip < line.size(); ++skip)
                    if (begins(line.subspan(skip), verb.subspan(1))) return true;
                return false;
            }
            if (line.front() != verb.front()) return false;
        }
        return true;
    }

    std::string_view text_;
    std::array<std::string_view, 4> words_{};
    std::size_t count_ = 0;
};

[[nodiscard]] inline bool begins_with_any(Words line, std::span<const Verb> verbs) {
    return std::any_of(verbs.begin(), verbs.end(),
                       [&](const Verb& verb) { return verb.begins(line); });
}

}  // namespace exapulse
