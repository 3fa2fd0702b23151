// SPDX-License-Identifier: BSD-3-Clause
// UpstreamCandidate: one place where ExaBGP may be reached. Pure.
#pragma once

#include <string>

namespace exapulse {

/// What ExaBGP is reached by: the socket of 6.0, or the pipes of 4.2 and 5.0.
enum class UpstreamKind { Socket, Fifo };

/// One place where ExaBGP may be, and what says so.
struct UpstreamCandidate {
    UpstreamKind kind;
    std::string path;      ///< of pipes without their .in and .out
    std::string found_by;  ///< "config", "standard folder", a variable, or ExaBGP's own file

    bool operator==(const UpstreamCandidate&) const = default;
};

/// "/run/exabgp/exabgp.{in,out}", or the path of the socket.
[[nodiscard]] inline std::string describe_place(const UpstreamCandidate& candidate) {
    return candidate.kind == UpstreamKind::Fifo ? candidate.path + ".{in,out}" : candidate.path;
}

}  // namespace exapulse
