// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/cursor_file.hpp"

#include <cstddef>
#include <string_view>

#include <fmt/format.h>

#include "client/view/terminal.hpp"
#include "common/protocol.hpp"
#include "common/small_file.hpp"

namespace exapulse::client {

namespace {

/// Many times what save() writes.
constexpr std::size_t largest_cursor = 1'024;

}  // namespace

std::string CursorFile::load() const {
    const SmallFile file = read_small_file(path_, largest_cursor, SymbolicLinks::Follow);
    if (!file.exists) return {};
    std::string_view text = file.text;
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (file.problem.empty() && is_uuid(text)) return std::string(text);
    complain(fmt::format("--cursor: {} {}; it counts as no cursor, so the ExaBGP of now is handled",
                         path_, file.problem.empty() ? "holds no UUID" : file.problem));
    return {};
}

int CursorFile::save(const std::string& uuid) const {
    return replace_file(path_, uuid + "\n", 0600);
}

}  // namespace exapulse::client
