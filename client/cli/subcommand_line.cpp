// SPDX-License-Identifier: BSD-3-Clause
#include "client/cli/subcommand_line.hpp"

#include <algorithm>

#include "client/cli/help.hpp"
#include "client/cli/option_values.hpp"
#include "client/cli/past_time.hpp"
#include "client/cli/subcommands.hpp"
#include "common/socket_path.hpp"

namespace exapulse::client {

using std::chrono::milliseconds;

namespace {

std::vector<std::string_view> names_of(std::span<const Option> options) {
    std::vector<std::string_view> names;
    for (const Option& option : options) names.push_back(option.name);
    return names;
}

}  // namespace

void refuse_option(std::string_view typed, std::string_view where, std::span<const Option> known) {
    const std::string_view name = typed.substr(0, typed.find('='));
    const std::string_view blank = where.empty() ? "" : " ";
    refuse("{}{}has no option {}{} (exapulse{}{} --help)", where.empty() ? "exapulse" : where, " ",
           name, suggestion(name, names_of(known)), blank, where);
}

SubcommandLine::SubcommandLine(const SubcommandWords& given)
    : subcommand_(given.subcommand),
      known_(joined(subcommand_.options, global_options())),
      given_(parse_options(Words(given.words.begin(), given.words.end()), known_)) {
    if (given_.has("--help")) throw HelpWanted{help_of(subcommand_)};
    take_global(given.arguments, given_);
}

std::optional<milliseconds> SubcommandLine::time(std::string_view option) const {
    const auto text = given_.value(option);
    return text ? std::optional(time_of(option, *text)) : std::nullopt;
}

std::optional<std::chrono::system_clock::time_point> SubcommandLine::since() const {
    const auto text = given_.value("--since");
    if (!text) return std::nullopt;
    const auto now = std::chrono::system_clock::now();
    if (time_in(*text)) return now - time_of("--since", *text);
    const auto since = parse_past_time(*text, now);
    if (!since)
        refuse(
            "--since: {} is neither a time before now such as 90m or 24h, nor one such as "
            "10:00, 2026-11-26, \"2026-11-26 10:00\" or 2026-11-26T10:00:00Z",
            *text);
    if (*since > now) refuse("--since: {} is still to come", *text);
    return since;
}

std::vector<EventType> SubcommandLine::types(const std::set<EventType>& pictures) const {
    std::vector<std::string_view> known;
    for (const std::string_view name : event_type_names)
        if (!pictures.contains(*parse_event_type(name))) known.push_back(name);
    std::vector<EventType> types;
    for (const std::string& name : given_.values("--type")) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            refuse("--type: there is no event {}{} (exapulse {} --help)", name,
                   choices(name, known), subcommand_.name);
        types.push_back(*parse_event_type(name));
    }
    return types;
}

Words SubcommandLine::arguments() const {
    Words words = given_.rest();
    for (const std::string& word : words)
        if (word.size() > 1 && word.starts_with('-')) refuse_option(word, subcommand_.name, known_);
    words.insert(words.end(), given_.literal().begin(), given_.literal().end());
    return words;
}

void SubcommandLine::refuse_arguments(std::size_t most) const {
    if (arguments().size() > most)
        refuse("{} takes {} argument, this is one too many: {} (exapulse {} --help)",
               subcommand_.name, most == 0 ? "no" : "one", arguments()[most], subcommand_.name);
}

void check_socket(const std::string& path) {
    if (const auto problem = socket_path_problem(path))
        refuse("the path of the socket {}: {}", *problem, path);
}

void take_global(Arguments& arguments, const GivenOptions& given) {
    if (given.has("--quiet")) arguments.quiet = true;
    if (const auto timeout = given.value("--timeout"))
        arguments.timeout = time_of("--timeout", *timeout);
    const auto socket = given.value("--socket");
    const auto instance = given.value("--instance");
    if (socket && instance) refuse("--socket and --instance both name a socket; give one of them");
    if (socket) arguments.socket = *socket;
    if (instance) {
        if (const auto problem = instance_name_problem(*instance))
            refuse("--instance: {}", *problem);
        arguments.socket = instance_socket_path(*instance);
    }
    if (socket || instance) check_socket(arguments.socket);
}

}  // namespace exapulse::client
