// SPDX-License-Identifier: BSD-3-Clause
// Options as a table, parsed by CLI11.
#include "client/cli/option_parser.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace exapulse::client {

namespace {

std::string spelling(const Option& option) {
    return option.letter == '\0' ? std::string(option.name)
                                 : fmt::format("-{},{}", option.letter, option.name);
}

}  // namespace

std::optional<std::string> GivenOptions::value(std::string_view name) const {
    const auto found = given_.find(name);
    if (found == given_.end() || found->second.empty()) return std::nullopt;
    return found->second.back();
}

Words GivenOptions::values(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? Words() : found->second;
}

GivenOptions parse_options(const Words& all, std::span<const Option> known) {
    const auto end = std::find(all.begin(), all.end(), "--");
    const Words words(all.begin(), end);
    for (const std::string& word : words) {
        const Option* option = find_option(word, known);
        if (option != nullptr && option->value.empty() && word.find('=') != std::string::npos)
            throw WrongUsage(fmt::format("{} takes no value", option->name));
    }
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<Words> lists(known.size());
    std::vector<std::string> texts(known.size());
    std::vector<const CLI::Option*> options;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i].value.empty()) {
            options.push_back(app.add_flag(spelling(known[i])));
            continue;
        }
        auto* option = known[i].repeats
                           ? app.add_option(spelling(known[i]), lists[i])->delimiter(',')
                           : app.add_option(spelling(known[i]), texts[i])
                                 ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        option->type_name(std::string(known[i].value));
        options.push_back(option);
    }
    try {
        app.parse(Words(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& error) {
        throw WrongUsage(error.what());
    }
    GivenOptions given;
    for (std::size_t i = 0; i < known.size(); ++i)
        if (options[i]->count() > 0)
            given.given_.emplace(known[i].name, known[i].repeats ? lists[i] : Words{texts[i]});
    given.rest_ = app.remaining();
    if (end != all.end()) given.literal_.assign(end + 1, all.end());
    return given;
}

const Option* find_option(std::string_view word, std::span<const Option> known) {
    const std::string_view name = word.substr(0, word.find('='));
    const bool is_short = word.size() >= 2 && word[0] == '-' && word[1] != '-';
    const auto found = std::find_if(known.begin(), known.end(), [&](const Option& option) {
        if (!is_short) return option.name == name;
        return option.letter == word[1] && (word.size() == 2 || !option.value.empty());
    });
    return found == known.end() ? nullptr : &*found;
}

std::optional<std::string_view> attached_value(std::string_view word) {
    if (!word.starts_with("--"))
        return word.size() > 2 ? std::optional(word.substr(2)) : std::nullopt;
    const auto equals = word.find('=');
    return equals == std::string_view::npos ? std::nullopt : std::optional(word.substr(equals + 1));
}

std::vector<Option> joined(std::span<const Option> own, std::span<const Option> others) {
    std::vector<Option> all(own.begin(), own.end());
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

std::size_t leading_options(std::span<const std::string> words, std::span<const Option> known) {
    std::size_t count = 0;
    while (count < words.size()) {
        const Option* option = find_option(words[count], known);
        if (option == nullptr) break;
        const bool takes_next = !option->value.empty() && !attached_value(words[count]);
        count += takes_next ? 2 : 1;
    }
    return std::min(count, words.size());
}

}  // namespace exapulse::client
