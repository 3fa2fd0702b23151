// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/upstream_reply.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/printable.hpp"
#include "common/protocol.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using nlohmann::json;

/// The longest line that is parsed: ten times what ExaBGP writes. A longer line is data, however it
/// begins.
constexpr std::size_t longest_parsed = 1'024;

constexpr std::size_t longest_version = 128;
/// Those of Linux have 7 digits at most.
constexpr std::size_t longest_pid = 10;

/// Route lines are objects too, and there may be thousands, so the key is checked where ExaBGP puts
/// it before anything is parsed.
bool begins_with_key(std::string_view line, std::string_view quoted_key) {
    return line.starts_with('{') && line.substr(0, 16).find(quoted_key) != line.npos;
}

/// The object in `line`; a discarded value for anything else.
json object_in(std::string_view line) {
    if (line.size() > longest_parsed) return json(json::value_t::discarded);
    return json::parse(line, nullptr, false);
}

std::string text_of(const json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

UpstreamReply pong_of(std::string uuid, bool active) {
    if (!is_uuid(uuid)) return reply::BadPong{};
    return reply::Pong{std::move(uuid), active};
}

/// `pong UUID active=true`
UpstreamReply text_pong(std::string_view line) {
    if (line.size() > longest_parsed) return reply::BadPong{};
    const auto parts = words(line);
    if (parts.size() < 2) return reply::Data{};
    const bool replaced = parts.size() > 2 && parts[2] == "active=false";
    return pong_of(std::string(parts[1]), !replaced);
}

UpstreamReply json_pong(std::string_view line) {
    if (line.size() > longest_parsed) return reply::BadPong{};
    const json object = object_in(line);
    if (object.is_discarded() && line.ends_with('}')) return reply::BadPong{};  // not UTF-8, say
    std::string uuid = text_of(object, "pong");
    if (uuid.empty()) return reply::Data{};
    const auto active = object.find("active");
    return pong_of(std::move(uuid), active == object.end() || *active != false);
}

UpstreamReply json_terminator(std::string_view line) {
    const std::string answer = text_of(object_in(line), "answer");
    if (answer == line_done) return reply::Done{};
    if (answer == line_error) return reply::Error{};
    return reply::Data{};
}

bool is_pid(std::string_view text) {
    return !text.empty() && text.size() <= longest_pid &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

UpstreamReply shutdown_notice(std::string_view line) {
    if (line.size() > longest_parsed) return reply::Data{};
    const auto parts = words(line);
    if (parts.size() != 3 || !is_pid(parts[1]) || !is_pid(parts[2])) return reply::Data{};
    return reply::Shutdown{std::string(parts[1])};
}

}  // namespace

UpstreamReply classify_reply(std::string_view line) {
    if (line == line_done) return reply::Done{};
    if (line == line_error) return reply::Error{};
    if (line.starts_with("pong ")) return text_pong(line);
    if (line.starts_with("shutdown ")) return shutdown_notice(line);
    if (begins_with_key(line, "\"pong\"")) return json_pong(line);
    if (begins_with_key(line, "\"answer\"")) return json_terminator(line);
    return reply::Data{};
}

bool is_terminator(const UpstreamReply& reply) {
    return std::holds_alternative<reply::Done>(reply) ||
           std::holds_alternative<reply::Error>(reply);
}

std::string version_in(std::string_view line) {
    constexpr std::string_view text_form = "exabgp ";
    if (line.starts_with(text_form))
        return printable_start(line.substr(text_form.size()), longest_version);
    if (!begins_with_key(line, "\"version\"")) return {};
    return printable_start(text_of(object_in(line), "version"), longest_version);
}

}  // namespace exapulse
