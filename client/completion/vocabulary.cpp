// SPDX-License-Identifier: BSD-3-Clause
// Reading help, and matching what has been typed with it.
#include "client/completion/vocabulary.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "client/view/display_width.hpp"
#include "common/exabgp_spelling.hpp"
#include "common/json_fields.hpp"
#include "common/protocol.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using nlohmann::json;

constexpr std::string_view any_peer = "*";

std::vector<std::string> strings_of(const json& object, const char* key) {
    std::vector<std::string> strings;
    if (!object.contains(key) || !object[key].is_array()) return strings;
    for (const json& value : object[key])
        if (value.is_string()) strings.push_back(value.get<std::string>());
    return strings;
}

bool is_command_word(std::string_view word) {
    return !word.empty() && std::isalpha(static_cast<unsigned char>(word.front())) != 0;
}

// "[ a | b ]": choices; anything else in brackets, or in <>, is for people.
std::vector<std::string> choices_of(std::string_view text) {
    std::vector<std::string> choices;
    for (const std::string_view word : words(text))
        if (std::isalnum(static_cast<unsigned char>(word.front())) != 0) choices.emplace_back(word);
    return choices;
}

}  // namespace

void Vocabulary::add_parts(Command command) {
    if (!command.empty()) commands_.push_back(std::move(command));
}

void Vocabulary::add(std::string_view command) {
    Command parts;
    for (const std::string_view word : words(command)) parts.push_back({{std::string(word)}});
    add_parts(std::move(parts));
}

std::string_view help_command(std::string_view dialect) {
    const auto known = parse_dialect(dialect);
    if (known == Dialect::V6) return "system help";
    if (known == Dialect::V4) return "help json";
    return "help";
}

void Vocabulary::learn(std::string_view help_line) {
    if (help_line.starts_with('{'))
        learn_json(help_line);
    else
        learn_text(help_line);
}

// 6.0 calls "peer announce route" what is typed as "peer SELECTOR announce route".
void Vocabulary::learn_json(std::string_view help_line) {
    const json help = json::parse(help_line, nullptr, false);
    if (!help.is_object() || !help.contains("commands") || !help["commands"].is_array()) return;
    for (const json& entry : help["commands"]) {
        const auto name = text_field(entry, "command");
        if (!name) continue;
        const auto parts = words(*name);
        if (parts.empty() || !is_command_word(parts.front())) continue;
        const bool selects =
            flag_field(entry, "neighbor_support").value_or(false) && parts.front() == "peer";
        Command command;
        for (const std::string_view word : parts) {
            command.push_back({{std::string(word)}});
            if (selects && command.size() == 1) command.push_back({{std::string(any_peer)}, true});
        }
        auto options = strings_of(entry, "options");
        add_other_spellings(*name, selects, options);
        if (!options.empty()) command.push_back({std::move(options)});
        add_parts(std::move(command));
    }
}

// What 4.2 and 5.0 call it is typed here as well, and sent as 6.0 wants it.
void Vocabulary::add_other_spellings(const std::string& name, bool selects,
                                     const std::vector<std::string>& options) {
    const std::string line = selects ? "peer * " + name.substr(name.find(' ') + 1) : name;
    if (const auto other = respelled(line, name_of(Dialect::Pipes50))) add(*other);
    for (const std::string& option : options)
        if (const auto other = respelled(line + " " + option, name_of(Dialect::Pipes50)))
            add(*other);
}

// "[neighbor <ip> [filters]] announce route", "show neighbor [ summary | extensive ]".
void Vocabulary::learn_text(std::string_view help_line) {
    constexpr std::string_view before_selected = "] ";
    std::string selector;
    if (help_line.starts_with('[')) {
        const auto inner = words(help_line.substr(1, help_line.find_first_of(" <") - 1));
        const auto end = help_line.find("]] ");
        if (inner.empty() || end == std::string_view::npos) return;
        selector = inner.front();
        help_line.remove_prefix(end + 1 + before_selected.size());
    }
    const auto bracket = help_line.find_first_of("[<");
    const auto parts = words(help_line.substr(0, bracket));
    const bool heading = parts.empty() ||
                         !std::all_of(parts.begin(), parts.end(), is_command_word) ||
                         help_line.find(':') != std::string_view::npos;
    if (heading) return;
    Command command;
    for (const std::string_view word : parts) command.push_back({{std::string(word)}});
    auto choices = bracket == std::string_view::npos ? std::vector<std::string>()
                                                     : choices_of(help_line.substr(bracket));

    // 4.2 and 5.0 take the command with and without a neighbor; 6.0, which puts "peer" first in
    // the name too, wants a selector.
    const bool named_twice = !selector.empty() && parts.front() == selector;
    add_other_spellings(fmt::format("{}", fmt::join(parts, " ")), named_twice, choices);
    if (!choices.empty()) command.push_back({std::move(choices)});
    if (!selector.empty()) {
        Command selected{{{selector}}, {{}, true}};
        if (named_twice) selected.back().words.emplace_back(any_peer);
        selected.insert(selected.end(), command.begin() + (named_twice ? 1 : 0), command.end());
        add_parts(std::move(selected));
    }
    if (!named_twice) add_parts(std::move(command));
}

bool Vocabulary::fits(const Part& part, std::string_view word) {
    return part.peer || std::find(part.words.begin(), part.words.end(), word) != part.words.end();
}

std::vector<const Vocabulary::Part*> Vocabulary::parts_at_end(std::string_view typed) const {
    auto before = words(typed);
    if (!before.empty() &&
        before.back().data() + before.back().size() == typed.data() + typed.size())
        before.pop_back();
    std::vector<const Part*> parts;
    for (const Command& command : commands_) {
        if (command.size() <= before.size()) continue;
        const bool leads_here =
            std::equal(before.begin(), before.end(), command.begin(),
                       [](std::string_view word, const Part& part) { return fits(part, word); });
        if (leads_here) parts.push_back(&command[before.size()]);
    }
    return parts;
}

bool Vocabulary::wants_peers(std::string_view typed) const {
    const auto parts = parts_at_end(typed);
    return std::any_of(parts.begin(), parts.end(), [](const Part* part) { return part->peer; });
}

std::vector<std::string> Vocabulary::candidates(std::string_view typed,
                                                const std::vector<std::string>& peers) const {
    const auto start = typed.find_last_of(" \t") + 1;  // npos + 1 is 0
    const std::string_view beginning = typed.substr(start);
    std::vector<std::string> found;
    const auto offer = [&](const std::vector<std::string>& words) {
        std::copy_if(words.begin(), words.end(), std::back_inserter(found),
                     [&](const std::string& word) { return word.starts_with(beginning); });
    };
    for (const Part* part : parts_at_end(typed)) {
        offer(part->words);
        if (part->peer) offer(peers);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::string common_beginning(const std::vector<std::string>& words) {
    if (words.empty()) return {};
    std::string common = words.front();
    for (const std::string& word : words) {
        const auto [end, unused] =
            std::mismatch(common.begin(), common.end(), word.begin(), word.end());
        common.erase(end, common.end());
    }
    return common;
}

std::string in_columns(const std::vector<std::string>& words, std::size_t columns) {
    constexpr std::size_t gap = 2;
    std::size_t width = 1;
    for (const std::string& word : words) width = std::max(width, display_width(word) + gap);
    const std::size_t across = std::max<std::size_t>((columns + gap) / width, 1);
    const std::size_t down = (words.size() + across - 1) / across;
    std::string text;
    for (std::size_t row = 0; row < down; ++row) {
        std::string line;
        for (std::size_t i = row; i < words.size(); i += down) {
            line += words[i];
            line.append(width - display_width(words[i]), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

}  // namespace exapulse::client
