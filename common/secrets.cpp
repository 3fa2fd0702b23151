// SPDX-License-Identifier: BSD-3-Clause
#include "common/secrets.hpp"

#include <algorithm>

namespace exapulse {

namespace {

using std::string_view;

constexpr string_view key = "password";
constexpr string_view mask = "***";

/// Its `w` is rare in commands, and memchr(3), which finds it, is quick.
constexpr std::size_t rare = key.find('w');

bool is_key_at(string_view text, std::size_t at) {
    const auto same = [](char a, char b) { return (a | 0x20) == b; };  // either case
    return text.size() - at >= key.size() &&
           std::equal(key.begin(), key.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                      [&](char in_key, char c) { return same(c, in_key); });
}

std::size_t find_key(string_view text, std::size_t from) {
    std::size_t lower = text.find('w', from + rare);
    std::size_t upper = text.find('W', from + rare);
    for (;;) {
        std::size_t& next = lower < upper ? lower : upper;
        if (next == string_view::npos) return next;
        if (is_key_at(text, next - rare)) return next - rare;
        next = text.find(text[next], next + 1);
    }
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

std::size_t after_blanks(string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) ++at;
    return at;
}

/// Where the value of the key that ends at `at` begins; `at` itself where none follows it.
std::size_t value_after(string_view text, std::size_t at) {
    std::size_t next = at;
    const bool quoted_key = next < text.size() && is_quote(text[next]);
    if (quoted_key) ++next;
    const std::size_t separator = next;
    next = after_blanks(text, next);
    const bool marked = next < text.size() && (text[next] == ':' || text[next] == '=');
    if (marked) next = after_blanks(text, next + 1);
    if (quoted_key && !marked) return at;
    return next == separator || next == text.size() ? at : next;
}

/// Where the value that begins at `at` ends.
std::size_t end_of_value(string_view text, std::size_t at) {
    if (!is_quote(text[at])) return std::min(text.find_first_of(" \t;", at), text.size());
    for (std::size_t end = at + 1; end < text.size(); ++end) {
        if (text[end] == '\\')
            ++end;
        else if (text[end] == text[at])
            return end + 1;
    }
    return text.size();
}

}  // namespace

bool may_hold_secrets(string_view text) {
    return find_key(text, 0) != string_view::npos;
}

std::string mask_secrets(string_view text) {
    std::string masked;
    std::size_t copied = 0;
    for (auto found = find_key(text, 0); found != string_view::npos;) {
        const std::size_t behind = found + key.size();
        const std::size_t value = value_after(text, behind);
        if (value != behind) {
            masked.append(text.substr(copied, value - copied)).append(mask);
            copied = end_of_value(text, value);
        }
        found = find_key(text, std::max(behind, copied));
    }
    return masked.append(text.substr(copied));
}

}  // namespace exapulse
