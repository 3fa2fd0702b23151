// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/exabgp/upstream_reply.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/protocol.hpp"
#include "common/words.hpp"

namespace exapulse {

namespace {

using nlohmann::json;

/// The object in `line`; a discarded value for anything else.
json object_in(std::string_view line) {
    if (!line.starts_with('{')) return json(json::value_t::discarded);
    json value = json::parse(line, nullptr, false);
    return value.is_object() ? value : json(json::value_t::discarded);
}

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// `pong UUID active=true`
UpstreamReply text_pong(std::string_view line) {
    const auto parts = words(line);
    if (parts.size() < 2) return reply::Data{};
    const bool replaced = parts.size() > 2 && parts[2] == "active=false";
    return reply::Pong{std::string(parts[1]), !replaced};
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

UpstreamReply shutdown_notice(std::string_view line) {
    const auto parts = words(line);
    if (parts.size() != 3 || !is_number(parts[1]) || !is_number(parts[2])) return reply::Data{};
    return reply::Shutdown{std::string(parts[1])};
}

}  // namespace

UpstreamReply classify_reply(std::string_view line) {
    if (line == line_done) return reply::Done{};
    if (line == line_error) return reply::Error{};
    if (line.starts_with("pong ")) return text_pong(line);
    if (line.starts_with("shutdown ")) return shutdown_notice(line);
    // Route lines come in their thousands and are objects too: look for the keys before parsing.
    const std::string_view head = line.substr(0, 16);
    if (head.find("\"pong\"") == head.npos && head.find("\"answer\"") == head.npos)
        return reply::Data{};

    const json object = object_in(line);
    if (object.is_discarded()) return reply::Data{};
    if (std::string uuid = text_of(object, "pong"); !uuid.empty()) {
        const auto active = object.find("active");
        return reply::Pong{std::move(uuid), active == object.end() || *active != false};
    }
    const std::string answer = text_of(object, "answer");
    if (answer == line_done) return reply::Done{};
    if (answer == line_error) return reply::Error{};
    return reply::Data{};
}

bool is_terminator(const UpstreamReply& reply) {
    return std::holds_alternative<reply::Done>(reply) ||
           std::holds_alternative<reply::Error>(reply);
}

std::string version_in(std::string_view line) {
    constexpr std::string_view text_form = "exabgp ";
    if (line.starts_with(text_form)) return std::string(line.substr(text_form.size()));
    const json object = object_in(line);
    return object.is_discarded() ? std::string() : text_of(object, "version");
}

}  // namespace exapulse
