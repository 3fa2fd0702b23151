// SPDX-License-Identifier: BSD-3-Clause
// exapulse.toml: what is wrong is refused in one line; what is taken can be printed and read back.
#include <string>

#include "common/printable.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/config_file.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Config config;
    try {
        parse_config(fuzz::text_of(data, size), "fuzzed", config);
    } catch (const ConfigError& error) {
        const std::string_view text = error.what();
        require(printable(text) == text, "an error is one line of plain text");
        require(text.starts_with("fuzzed:"), "and says where");
        return 0;
    }
    const std::string printed = print_config(config, false);
    Config again;
    try {
        parse_config(printed, "printed", again);
    } catch (const ConfigError& error) {
        require(false, error.what());
    }
    require(print_config(again, false) == printed, "what is printed is read back");
    return 0;
}
