// SPDX-License-Identifier: BSD-3-Clause
// Options as a table, parsed by CLI11.
#include "client/cli/option_parser.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace exapulse::client {

namespace {

std::string spelling(const Option& option) {
    return option.letter == '\0' ? std::string(option.name)
                                 : fmt::format("-{},{}", option.letter, option.name);
}

/// CLI11's own words are no help for a switch that was given a value.
std::string mismatch(const CLI::ArgumentMismatch& error, std::span<const std::string> words,
                     std::span<const Option> known) {
    for (const std::string& word : words) {
        const Option* option = find_option(word, known);
        if (option != nullptr && option->value.empty() && word.find('=') != std::string::npos)
            return fmt::format("{} takes no value", option->name);
    }
    return error.what();
}

/// CLI11 would take the next word for the value, a subcommand or a command perhaps.
void refuse_empty_values(std::span<const std::string> words, std::span<const Option> known) {
    for (const std::string& word : words) {
        const Option* option = word.ends_with('=') ? find_option(word, known) : nullptr;
        if (option != nullptr && attached_value(word) == "")
            throw WrongUsage(fmt::format("{} lacks its value", option->name));
    }
}

}  // namespace

OptionParser::OptionParser(std::vector<Option> known)
    : known_(std::move(known)), app_(std::make_unique<CLI::App>()) {
    app_->set_help_flag();
    app_->allow_extras();
}

OptionParser::~OptionParser() = default;

const Option& OptionParser::option(std::string_view name) const {
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [&](const Option& option) { return option.name == name; });
    assert(found != known_.end());
    return *found;
}

void OptionParser::bind(std::string_view name, bool& given) {
    app_->add_flag(spelling(option(name)), given)->disable_flag_override();
}

void OptionParser::bind(std::string_view name, std::optional<std::string>& value) {
    bind(name, [&value](const std::string& text) { value = text; });
}

void OptionParser::bind(std::string_view name,
                        const std::function<void(const std::string&)>& take) {
    app_->add_option_function(spelling(option(name)), take)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->type_name(std::string(option(name).value));
}

void OptionParser::bind(std::string_view name, const std::function<void(const Words&)>& take) {
    assert(option(name).repeats);
    app_->add_option_function(spelling(option(name)), take)
        ->delimiter(',')
        ->type_name(std::string(option(name).value));
}

void OptionParser::bind_each(std::string_view name,
                             const std::function<void(const std::string&)>& take) {
    assert(option(name).repeats);
    app_->add_option_function(spelling(option(name)), take)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->trigger_on_parse()
        ->type_name(std::string(option(name).value));
}

void OptionParser::on(std::string_view name, std::function<void()> leave) {
    app_->add_flag_callback(spelling(option(name)), std::move(leave))
        ->disable_flag_override()
        ->trigger_on_parse();
}

// As one of CLI11's subcommands this would leave the subcommand at `--` and give what follows to
// its parent (2.1.2), so each command line is an App of its own.
Words OptionParser::run(Words words, bool leading) {
    assert(app_->get_options().size() == known_.size());
    app_->prefix_command(leading);
    try {
        app_->parse(Words(words.rbegin(), words.rend()));
    } catch (const CLI::ArgumentMismatch& error) {
        throw WrongUsage(mismatch(error, words, known_));
    } catch (const CLI::ParseError& error) {
        throw WrongUsage(error.what());
    }
    return app_->remaining();
}

// CLI11 drops `--` after an option that takes several values, and would go on reading options.
Words OptionParser::parse(std::span<const std::string> words) {
    const auto end = std::find(words.begin(), words.end(), "--");
    refuse_empty_values({words.begin(), end}, known_);
    Words rest = run(Words(words.begin(), end), false);
    rest.insert(rest.end(), end, words.end());
    return rest;
}

Words OptionParser::parse_leading(std::span<const std::string> words) {
    Words rest = run(Words(words.begin(), words.end()), true);
    refuse_empty_values(words.first(words.size() - rest.size()), known_);
    return rest;
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

}  // namespace exapulse::client
