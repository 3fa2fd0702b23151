// SPDX-License-Identifier: BSD-3-Clause
// The mapping from exapulsed's error codes, and the order of badness.
#include "client/exchange/exit_code.hpp"

#include <algorithm>
#include <array>

namespace exapulse::client {

namespace {

constexpr std::array worst_first{
    ExitCode::OutcomeUnknown, ExitCode::TimedOut,    ExitCode::Unreachable,
    ExitCode::NotSent,        ExitCode::Limit,       ExitCode::Denied,
    ExitCode::Usage,          ExitCode::ExabgpError, ExitCode::Done,
};

}  // namespace

ExitCode exit_code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::NotSent:
            return ExitCode::NotSent;
        case ErrorCode::OutcomeUnknown:
        case ErrorCode::NotSaved:
            return ExitCode::OutcomeUnknown;
        case ErrorCode::Denied:
            return ExitCode::Denied;
        case ErrorCode::ExabgpFailed:
            return ExitCode::ExabgpError;
        case ErrorCode::Busy:
        case ErrorCode::TooLong:
        case ErrorCode::Incomplete:
            return ExitCode::Limit;
        case ErrorCode::BadInput:
        case ErrorCode::UnknownVerb:
        case ErrorCode::UnknownPlace:
        case ErrorCode::LeaseOver:
            return ExitCode::Usage;
    }
    return ExitCode::OutcomeUnknown;
}

ExitCode worse(ExitCode a, ExitCode b) {
    return *std::find_if(worst_first.begin(), worst_first.end(),
                         [&](ExitCode code) { return code == a || code == b; });
}

}  // namespace exapulse::client
