// SPDX-License-Identifier: BSD-3-Clause
// DIAGNOSTICS of exapulsed(8) quotes what exapulsed says: each quotation is held to the sources.
#include <cctype>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/harness/project_file.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;
namespace fs = std::filesystem;

namespace {

/// The string literals of a source, adjacent ones joined, each ended by a LF.
std::string literals_of(const std::string& source) {
    std::string literals;
    bool joins = false;
    for (std::size_t at = 0; at < source.size(); ++at) {
        const char c = source[at];
        if (source.compare(at, 2, "//") == 0) {
            at = source.find('\n', at);
        } else if (c == '\'' && at > 0 &&
                   std::isalnum(static_cast<unsigned char>(source[at - 1]))) {
            continue;            // 16'384
        } else if (c == '\'') {  // '"' begins no literal
            at = source.find('\'', at + (source[at + 1] == '\\' ? 3 : 2));
        } else if (c == '"') {
            if (!joins) literals += '\n';
            for (++at; source[at] != '"'; ++at) {
                if (source[at] == '\\') ++at;
                literals += source[at];
            }
            joins = true;
        } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
            joins = false;
        }
        if (at == std::string::npos) break;
    }
    return literals + '\n';
}

std::string literals_of_daemon() {
    std::string literals;
    for (const std::string folder : {"daemon", "common"})
        for (const auto& entry : fs::recursive_directory_iterator(test::project_file(folder)))
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
                literals += literals_of(test::read_file(entry.path()));
    return literals;
}

/// The items of the lists: each is a log line, or its beginning.
std::vector<std::string> quotations(const std::string& page) {
    const auto begin = page.find("\n.Sh DIAGNOSTICS\n");
    std::istringstream section(page.substr(begin, page.find("\n.Sh ", begin + 1) - begin));
    std::vector<std::string> quotations;
    for (std::string line; std::getline(section, line);) {
        if (!line.starts_with(".It Li ")) continue;
        for (line.erase(0, 7); !line.empty();) {  // several messages: "A , Li B"
            const auto next = line.find(" , Li ");
            quotations.push_back(line.substr(0, next));
            line.erase(0, next == std::string::npos ? next : next + 6);
        }
    }
    return quotations;
}

/// "NAME", "(pid N)" for its number, "..."
bool is_placeholder(const std::string& word) {
    return word.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
}

/// The runs of words that must occur as they stand: between placeholders, and apart from what the
/// message begins with ("upstream:"), which may be put before it elsewhere.
std::vector<std::string> fixed_parts(std::string quotation) {
    std::erase(quotation, '"');
    std::vector<std::string> parts(1);
    std::istringstream words(quotation);
    for (std::string word; words >> word;) {
        const bool placeholder = is_placeholder(word);
        const bool ends = placeholder || word.ends_with(':');
        if (word.ends_with(':')) word.pop_back();
        if (!placeholder) parts.back().append(parts.back().empty() ? "" : " ").append(word);
        if (ends) parts.emplace_back();
    }
    std::erase(parts, "");
    return parts;
}

}  // namespace

TEST_CASE("DIAGNOSTICS of exapulsed(8) quotes only messages of exapulsed") {
    const std::string literals = literals_of_daemon();
    const auto quoted =
        quotations(test::read_file(test::project_file("packaging/man/exapulsed.8")));
    CHECK(quoted.size() >= 30);
    for (const std::string& quotation : quoted)
        for (const std::string& part : fixed_parts(quotation))
            CHECK_MESSAGE(literals.find(part) != std::string::npos,
                          "\"" << quotation << "\": nothing says \"" << part << "\"");
}
