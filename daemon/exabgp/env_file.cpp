// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/env_file.hpp"

#include "common/lower_case.hpp"

namespace exapulse {

namespace {

constexpr std::string_view spaces = " \t\r\n\f\v";

std::string_view strip(std::string_view text, std::string_view what) {
    const auto begin = text.find_first_not_of(what);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

}  // namespace

std::string unquoted(std::string_view value) {
    return std::string(strip(strip(value, spaces), "'\""));
}

ExabgpNames names_in_env_file(std::string_view text) {
    ExabgpNames names;
    bool in_api = false;
    bool in_option = false;
    std::size_t indent = 0;  // of the last option or section
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));

        const std::string_view bare = strip(line, spaces);
        if (bare.empty() || bare.front() == '#' || bare.front() == ';') continue;
        const std::size_t own_indent = line.find_first_not_of(spaces);
        if (in_option && own_indent > indent) continue;
        indent = own_indent;
        if (bare.front() == '[') {
            in_api = bare.substr(0, bare.find(']') + 1) == "[exabgp.api]";
            in_option = false;
            continue;
        }
        in_option = true;
        const auto delimiter = bare.find_first_of("=:");
        if (!in_api || delimiter == bare.npos) continue;
        const std::string name = lower_case(strip(bare.substr(0, delimiter), spaces));
        if (name == "socketname") names.socket = unquoted(bare.substr(delimiter + 1));
        if (name == "pipename") names.pipes = unquoted(bare.substr(delimiter + 1));
    }
    return names;
}

}  // namespace exapulse
