// SPDX-License-Identifier: BSD-3-Clause
#include "client/cli/subcommand_line.hpp"

#include <algorithm>

#include "client/cli/help.hpp"
#include "client/cli/option_values.hpp"
#include "client/cli/subcommands.hpp"

namespace exapulse::client {

using std::chrono::milliseconds;
using std::chrono::system_clock;

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
      words_(given.words),
      arguments_(given.arguments),
      parser_(joined(subcommand_.options, global_options())) {
    client::bind(parser_, global_);
    parser_.on("--help", [this] { throw HelpWanted{help_of(subcommand_)}; });
}

void SubcommandLine::bind(std::string_view option, std::optional<milliseconds>& time) {
    parser_.bind(option,
                 [option, &time](const std::string& text) { time = time_of(option, text); });
}

void SubcommandLine::bind(std::string_view option, std::optional<std::uint64_t>& number,
                          std::string_view of_what) {
    parser_.bind(option, [option, &number, of_what](const std::string& text) {
        number = number_of(option, text, of_what);
    });
}

void SubcommandLine::bind(std::string_view option, std::optional<system_clock::time_point>& since) {
    parser_.bind(option,
                 [option, &since](const std::string& text) { since = since_of(option, text); });
}

void SubcommandLine::bind(std::string_view option, std::vector<EventType>& types,
                          const std::set<EventType>& snapshots) {
    std::vector<std::string_view> known;
    for (const std::string_view name : event_type_names)
        if (!snapshots.contains(*parse_event_type(name))) known.push_back(name);
    parser_.bind(option, [this, option, &types, known](const Words& names) {
        for (const std::string& name : names) {
            if (std::find(known.begin(), known.end(), name) == known.end())
                refuse("{}: there is no event {}{} (exapulse {} --help)", option, name,
                       choices(name, known), subcommand_.name);
            types.push_back(*parse_event_type(name));
        }
    });
}

Words SubcommandLine::read(std::span<const std::string> words, std::size_t most) {
    Words rest = parser_.parse(words);
    apply(global_, arguments_);
    const auto end = std::find(rest.begin(), rest.end(), "--");
    const auto unknown = std::find_if(rest.begin(), end, [](const std::string& word) {
        return word.size() > 1 && word.starts_with('-');
    });
    if (unknown != end) refuse_option(*unknown, subcommand_.name, parser_.known());
    if (end != rest.end()) rest.erase(end);
    if (rest.size() > most)
        refuse("{} takes {} argument, unexpected: {} (exapulse {} --help)", subcommand_.name,
               most == 0 ? "no" : "one", rest[most], subcommand_.name);
    return rest;
}

Words SubcommandLine::read_leading() {
    Words rest = parser_.parse_leading(words_);
    apply(global_, arguments_);
    const std::string_view first = rest.empty() ? std::string_view() : rest.front();
    if (first.starts_with('-') && first != "-" && first != "--")
        refuse_option(first, subcommand_.name, parser_.known());
    return rest;
}

}  // namespace exapulse::client
