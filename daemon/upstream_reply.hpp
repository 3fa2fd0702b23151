// SPDX-License-Identifier: BSD-3-Clause
// UpstreamReply: what one line from ExaBGP is. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace exapulse {

/// The grammar ExaBGP speaks on its socket (`exabgp_api_version`).
enum class Dialect { V4, V6 };

[[nodiscard]] constexpr std::string_view name_of(Dialect dialect) {
    return dialect == Dialect::V6 ? "v6" : "v4";
}

namespace reply {

struct Data {};   ///< a line of an answer
struct Done {};   ///< terminator: `done`, or its JSON form
struct Error {};  ///< terminator: `error`, or its JSON form
struct Pong {     ///< the answer to a ping; also a line of that answer
    std::string uuid;
    bool active = true;  ///< false: another client's ping took over as "the" CLI
};

}  // namespace reply

using UpstreamReply = std::variant<reply::Data, reply::Done, reply::Error, reply::Pong>;

/// Terminators are compared as whole lines: ExaBGP cuts lines over 219 kB and glues the
/// terminator on (`..."ipv4 undone`), so a suffix proves nothing.
[[nodiscard]] UpstreamReply classify_reply(std::string_view line);

[[nodiscard]] bool is_terminator(const UpstreamReply& reply);

/// The only thing ExaBGP echoes is a bad version: `system api version TOKEN`. The form of the
/// echo tells the dialect: JSON in v6 (`{"error": "Invalid version: TOKEN"}`), text in v4
/// (`error: invalid version: TOKEN`).
[[nodiscard]] std::string echo_command(std::string_view token);
[[nodiscard]] bool is_echo(std::string_view line, std::string_view token);
[[nodiscard]] Dialect dialect_of_echo(std::string_view line);

/// ExaBGP's version from a line of the answer to `system version`, in JSON or text; else empty.
[[nodiscard]] std::string version_in(std::string_view line);

}  // namespace exapulse
