// SPDX-License-Identifier: BSD-3-Clause
// UpstreamReply: what one line from ExaBGP is. Pure. A line may hold anything and be of any length:
// what is taken from it is bounded and printable.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace exapulse {

namespace reply {

struct Data {};          ///< a line of an answer
struct Done {};          ///< terminator: `done`, or its JSON form
struct Error {};         ///< terminator: `error`, or its JSON form
struct Pong {            ///< the answer to a ping; also a line of that answer
    std::string uuid;    ///< is_uuid()
    bool active = true;  ///< false: another client's ping took over as "the" CLI
};
/// 4.2 and 5.0 say it when they end cleanly: `shutdown <pid> <ppid>`.
struct Shutdown {
    std::string pid;  ///< digits
};
struct BadPong {};  ///< a pong that names nobody: no is_uuid(); also a line of that answer

}  // namespace reply

using UpstreamReply = std::variant<reply::Data, reply::Done, reply::Error, reply::Pong,
                                   reply::Shutdown, reply::BadPong>;

/// Terminators are compared as whole lines: ExaBGP cuts lines over 219 kB and glues the
/// terminator on (`..."ipv4 undone`), so a suffix proves nothing.
[[nodiscard]] UpstreamReply classify_reply(std::string_view line);

[[nodiscard]] bool is_terminator(const UpstreamReply& reply);

/// ExaBGP's version from a line of the answer to `system version` or `version`, in JSON or text;
/// else empty. Its start, when it is beyond 128 bytes.
[[nodiscard]] std::string version_in(std::string_view line);

}  // namespace exapulse
