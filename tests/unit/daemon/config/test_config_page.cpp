// SPDX-License-Identifier: BSD-3-Clause
// exapulse.toml(5) agrees with the table of keys: every key, its default, its bounds, and whether
// changing it requires a restart.
#include <map>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/units.hpp"
#include "daemon/config/config.hpp"
#include "tests/support/harness/project_file.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;

namespace {

struct Entry {
    std::string value;
    std::string text;
};

/// The text after `.It Va KEY Li = VALUE`, up to the next item or the end of the list.
std::map<std::string, Entry> entries_of_page() {
    constexpr std::string_view item = ".It Va ";
    constexpr std::string_view equals = " Li = ";
    constexpr std::string_view quote = "\\(dq";
    std::map<std::string, Entry> entries;
    Entry* entry = nullptr;
    std::istringstream page(test::read_file(test::project_file("packaging/man/exapulse.toml.5")));
    for (std::string line; std::getline(page, line);) {
        const auto at = line.find(equals);
        if (line.starts_with(item) && at != std::string::npos) {
            std::string value = line.substr(at + equals.size());
            for (auto mark = value.find(quote); mark != std::string::npos; mark = value.find(quote))
                value.replace(mark, quote.size(), "\"");
            entry = &entries[line.substr(item.size(), at - item.size())];
            CHECK_MESSAGE(entry->value.empty(), "twice: " << line);
            entry->value = value;
        } else if (line.starts_with(".It") || line.starts_with(".El")) {
            entry = nullptr;
        } else if (entry != nullptr) {
            entry->text += line + "\n";
        }
    }
    return entries;
}

/// "LEAST to MOST"; empty for a field without bounds.
struct Bounds {
    std::string operator()(const DurationField& field) const {
        return format_duration(field.least) + " to " + format_duration(field.most);
    }
    std::string operator()(const CountField& field) const {
        return fmt::format("{} to {}", field.least, field.most);
    }
    std::string operator()(const SizeField& field) const {
        return format_size(field.least) + " to " + format_size(field.most);
    }
    std::string operator()(const auto&) const { return {}; }
};

}  // namespace

TEST_CASE("exapulse.toml(5) agrees with every key") {
    const auto entries = entries_of_page();
    Config defaults;
    for (const ConfigKey& key : config_keys()) {
        CAPTURE(key.full_name());
        const auto entry = entries.find(key.full_name());
        REQUIRE_MESSAGE(entry != entries.end(), "the page lacks it");
        const auto& value = entry->second.value;
        const auto& text = entry->second.text;
        const ConfigField field = key.field(defaults);
        CHECK(value == format_value(field));
        CHECK((text.find("Requires a restart.") != std::string::npos) == !key.live);
        CHECK_MESSAGE(text.find(std::visit(Bounds(), field)) != std::string::npos,
                      "not " << std::visit(Bounds(), field) << ": " << text);
    }
    CHECK(entries.size() == config_keys().size());
}
