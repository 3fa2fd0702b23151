// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/access/command_pattern.hpp"

#include "common/exabgp_spelling.hpp"
#include "common/words.hpp"
#include "daemon/access/route_line.hpp"
#include "daemon/exabgp/command_line.hpp"

namespace exapulse {

namespace {

using std::string_view;

/// `*`: any characters, none too; `?`: any one.
bool glob(string_view pattern, string_view text) {
    std::size_t star = string_view::npos;
    std::size_t resume = 0;
    std::size_t p = 0;
    for (std::size_t t = 0; t < text.size();) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (star != string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == string_view::npos;
}

}  // namespace

CommandPattern::CommandPattern(std::string text) : text_(std::move(text)) {
    for (const string_view word : words(text_)) words_.emplace_back(word);
}

bool CommandPattern::fits(Words command) const {
    if (command.size() < words_.size()) return false;
    for (std::size_t i = 0; i < words_.size(); ++i)
        if (!glob(words_[i], command[i])) return false;
    return true;
}

bool CommandPattern::fits(const Request& request) const {
    if (fits(command_words(request))) return true;
    for (const Dialect dialect : {Dialect::Pipes50, Dialect::V6})
        if (const auto other = respelled(request.text(), name_of(dialect)))
            if (fits(command_words(Request(*other)))) return true;
    return fits(words(command_in(rules_of(Dialect::V4), request)));
}

}  // namespace exapulse
