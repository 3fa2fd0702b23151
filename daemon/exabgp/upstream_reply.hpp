// SPDX-License-Identifier: BSD-3-Clause
// UpstreamReply: classifies one line from ExaBGP. Pure. A line may contain anything and have any
// length; what is extracted is bounded and printable.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace exapulse {

namespace reply {

struct Data {};          ///< a line of an answer
struct Done {};          ///< terminator: `done`, or its JSON form
struct Error {};         ///< terminator: `error`, or its JSON form
struct Pong {            ///< in the answer to a ping
    std::string uuid;    ///< is_uuid()
    bool active = true;  ///< false: another client's ping took over as "the" CLI
};
/// Sent by 4.2 and 5.0 when they stop cleanly: `shutdown <pid> <ppid>`.
struct Shutdown {
    std::string pid;  ///< digits
};
struct BadPong {};  ///< a pong without an is_uuid(), in the answer to a ping

}  // namespace reply

using UpstreamReply = std::variant<reply::Data, reply::Done, reply::Error, reply::Pong,
                                   reply::Shutdown, reply::BadPong>;

/// Terminators are compared as whole lines: ExaBGP truncates lines over 219 kB and appends the
/// terminator to them (`..."ipv4 undone`), so a suffix proves nothing.
[[nodiscard]] UpstreamReply classify_reply(std::string_view line);

[[nodiscard]] bool is_terminator(const UpstreamReply& reply);

/// ExaBGP's version, at most its first 128 bytes, from a line of the answer to `system version` or
/// `version`, in JSON or text; else empty.
[[nodiscard]] std::string version_in(std::string_view line);

}  // namespace exapulse
