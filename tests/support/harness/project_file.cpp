// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/project_file.hpp"

namespace exapulse::test {

std::string project_file(std::string_view name) {
    return std::string(EXAPULSE_PROJECT) + "/" + std::string(name);
}

}  // namespace exapulse::test
