// SPDX-License-Identifier: BSD-3-Clause
#include "client/shell/key_buffer.hpp"

#include <algorithm>

#include "client/view/utf8.hpp"

namespace exapulse::client {

namespace {

// Nobody types this many keys between two reads; in one piece they are drawn once.
constexpr std::size_t shortest_paste = 32;

constexpr std::string_view paste_begins = "\033[200~";
constexpr std::string_view paste_ends = "\033[201~";

bool is_printing(char c) {
    return c >= ' ' && c <= '~';
}

/// How many bytes at the beginning of `keys` are whole characters beyond ASCII.
std::size_t beyond_ascii(std::string_view keys) {
    std::size_t length = 0;
    while (length < keys.size() && static_cast<unsigned char>(keys[length]) >= 0x80) {
        const auto character = decode_first(keys.substr(length));
        if (!character) break;
        length += character->bytes;
    }
    return length;
}

bool take_start(std::string& keys, std::string_view start) {
    if (!keys.starts_with(start)) return false;
    keys.erase(0, start.size());
    return true;
}

/// How much of `keys` is whole: not the beginning of paste_ends, nor that of a character.
std::size_t whole_size(std::string_view keys) {
    for (std::size_t n = std::min(keys.size(), paste_ends.size() - 1); n > 0; --n)
        if (keys.ends_with(paste_ends.substr(0, n))) return keys.size() - n;
    constexpr std::size_t longest_character = 4;
    for (std::size_t n = 1; n <= std::min(keys.size(), longest_character); ++n) {
        const auto byte = static_cast<unsigned char>(keys[keys.size() - n]);
        if ((byte & 0xC0U) == 0x80U) continue;
        return decode_first(keys.substr(keys.size() - n)) ? keys.size() : keys.size() - n;
    }
    return keys.size();
}

}  // namespace

std::optional<KeyBuffer::Key> KeyBuffer::take() {
    if (take_start(bytes_, paste_begins)) bracketed_ = true;
    if (take_start(bytes_, paste_ends)) bracketed_ = false;
    if (bytes_.empty()) return std::nullopt;
    if (auto paste = bracketed_ ? take_bracketed() : take_paste()) return *std::move(paste);
    const bool line_ends = bytes_.front() == '\r' || bytes_.front() == '\n';
    if (bracketed_ && !line_ends) return std::nullopt;  // the rest of it is still to come
    const auto first = decode_first(bytes_);
    if (!first) return std::nullopt;
    bytes_.erase(0, first->bytes);
    return first->character;
}

std::optional<KeyBuffer::Paste> KeyBuffer::take_paste() {
    const auto ascii = std::find_if_not(bytes_.begin(), bytes_.end(), is_printing);
    auto length = static_cast<std::size_t>(ascii - bytes_.begin());
    if (length < shortest_paste) length = beyond_ascii(bytes_);
    return length == 0 ? std::nullopt : std::optional(cut(length));
}

// A line of what was pasted, or the beginning of one. TAB would ask for completion.
std::optional<KeyBuffer::Paste> KeyBuffer::take_bracketed() {
    const auto end = std::min(bytes_.find(paste_ends), bytes_.find_first_of("\r\n"));
    const std::size_t size = end == std::string::npos ? whole_size(bytes_) : end;
    if (size == 0) return std::nullopt;
    Paste paste = cut(size);
    std::replace(paste.text.begin(), paste.text.end(), '\t', ' ');
    return paste;
}

KeyBuffer::Paste KeyBuffer::cut(std::size_t size) {
    Paste paste{bytes_.substr(0, size)};
    bytes_.erase(0, size);
    return paste;
}

void KeyBuffer::drop_rest_of_line() {
    const auto end = std::min(bytes_.find_first_of("\r\n"), bytes_.size());
    if (bytes_.find(paste_ends) < end) bracketed_ = false;
    bytes_.erase(0, end);
}

void KeyBuffer::clear() {
    bytes_.clear();
    bracketed_ = false;
}

}  // namespace exapulse::client
