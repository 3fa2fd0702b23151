// SPDX-License-Identifier: BSD-3-Clause
// LineCheck: finds what is wrong with a line, whichever ExaBGP reads it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/exabgp/request.hpp"

namespace exapulse {

/// The byte in `line` that would kill ExaBGP's control channel, or that reads differently to ExaBGP
/// than to a human; empty if there is none.
[[nodiscard]] std::string harm_in(std::string_view line);

/// Why an announcement or withdrawal is not one complete command, and where; empty if it is, and
/// for every other line. ExaBGP announces a part of a flow rule with open braces, and answers
/// `error` without a reason to several commands in a line, a comment after one, or a literal `\n`
/// at its end. Quotes are those of ExaBGP's tokens() (configuration/core/format.py). Each command
/// of `peer SELECTOR group A ; B` must be complete, since 6.0 splits there first.
[[nodiscard]] std::string incomplete(const Request& request);

/// The maximum length of an answer line in which ExaBGP 6 may repeat the line: the line in its
/// normal form, with what surrounds each part. 0 if it gives no reason.
[[nodiscard]] std::size_t echo_of(const Request& request);

/// The number of communities in one list that would take ExaBGP as long as all lists in the line
/// together, since the time for a list grows with the square of its length.
[[nodiscard]] std::size_t communities_in(const Request& request);

struct EchoLimits {
    std::uint64_t echo;
    std::int64_t communities;
};

/// Which limit the line exceeds, and what to do; empty if none.
[[nodiscard]] std::string excess_of(const Request& request, const EchoLimits& limits);

}  // namespace exapulse
