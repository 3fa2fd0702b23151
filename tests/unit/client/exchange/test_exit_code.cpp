// SPDX-License-Identifier: BSD-3-Clause
// Exit codes: the mapping from error codes, and the worst of several.
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "client/exchange/exit_code.hpp"

namespace exapulse::client {

TEST_SUITE("client exit code") {
    TEST_CASE("every error code has the exit code of the man page") {
        struct Row {
            ErrorCode code;
            int exit_code;
        };
        const std::array rows{Row{ErrorCode::NotSent, 4},      Row{ErrorCode::OutcomeUnknown, 3},
                              Row{ErrorCode::Denied, 5},       Row{ErrorCode::Busy, 6},
                              Row{ErrorCode::TooLong, 6},      Row{ErrorCode::BadInput, 2},
                              Row{ErrorCode::UnknownVerb, 2},  Row{ErrorCode::ExabgpFailed, 1},
                              Row{ErrorCode::UnknownPlace, 2}, Row{ErrorCode::Incomplete, 6},
                              Row{ErrorCode::LeaseOver, 2},    Row{ErrorCode::NotSaved, 3}};
        static_assert(rows.size() == error_code_names.size());
        for (const Row& row : rows) {
            CAPTURE(name_of(row.code));
            CHECK(static_cast<int>(exit_code_of(row.code)) == row.exit_code);
        }
    }

    TEST_CASE("the worse of two does not depend on their order") {
        const std::vector<int> worst_first{3, 7, 8, 4, 6, 5, 2, 1, 0};
        for (std::size_t i = 0; i < worst_first.size(); ++i) {
            for (std::size_t j = i; j < worst_first.size(); ++j) {
                const auto bad = static_cast<ExitCode>(worst_first[i]);
                const auto better = static_cast<ExitCode>(worst_first[j]);
                CAPTURE(worst_first[i]);
                CAPTURE(worst_first[j]);
                CHECK(worse(bad, better) == bad);
                CHECK(worse(better, bad) == bad);
            }
        }
    }
}

}  // namespace exapulse::client
