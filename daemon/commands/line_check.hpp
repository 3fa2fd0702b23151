// SPDX-License-Identifier: BSD-3-Clause
// LineCheck: what is wrong with a line whichever ExaBGP reads it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// The byte in `line` that would kill ExaBGP's control channel, or that is one thing for ExaBGP and
/// another for who reads it; empty when there is none.
[[nodiscard]] std::string harm_in(std::string_view line);

/// Why an announcement or withdrawal is not one whole command, and where; empty when it is, and for
/// every other line. ExaBGP announces a part of a flow rule whose braces are open, or says `error`
/// without a reason: to several commands in a line, a comment behind one, a literal `\n` at its
/// end. Quotes are those that ExaBGP's tokens() (configuration/core/format.py) takes for quotes.
/// Each command of `peer SELECTOR group A ; B` has to be whole, since 6.0 splits there first.
[[nodiscard]] std::string incomplete(const Request& request);

/// The most bytes of one answer line in which ExaBGP 6 may repeat the line: the line in its normal
/// form, with what surrounds each part. 0 where it gives no reason.
[[nodiscard]] std::size_t echo_of(const Request& request);

/// How many communities a list would have that takes ExaBGP as long as all the lists of the line:
/// the time for each grows with the square of its length.
[[nodiscard]] std::size_t communities_in(const Request& request);

struct EchoLimits {
    std::uint64_t echo;
    std::int64_t communities;
};

/// Which limit the line exceeds, and what to do; empty when none.
[[nodiscard]] std::string excess_of(const Request& request, const EchoLimits& limits);

}  // namespace exapulse
