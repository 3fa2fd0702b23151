// SPDX-License-Identifier: BSD-3-Clause
// Completion: first where the last word is, then what fits there.
#include "client/completion/completion.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "client/events/wait_command.hpp"
#include "common/printable.hpp"
#include "common/protocol.hpp"

namespace exapulse::client {

namespace {

struct Named {
    std::string_view name;
    std::string_view description;
};

constexpr std::array event_descriptions{
    Named{"connected", "the first ExaBGP answers"},
    Named{"restarted", "ExaBGP is, or may be, a new process: its routes are forgotten"},
    Named{"disconnected", "the connection to ExaBGP is lost"},
    Named{"reconnected", "the same ExaBGP is back"},
    Named{"degraded", "a ping went unanswered"},
    Named{"failed", "ExaBGP has missed too many pings"},
    Named{"recovered", "it answers pings again"},
    Named{"stopping", "exapulsed stops"},
    Named{"lagged", "events were lost, the reader was too slow"},
    Named{"peers", "the list of peers was learned"},
    Named{"peer-up", "a BGP session is established"},
    Named{"peer-down", "a BGP session is lost"},
    Named{"contended", "another program writes into ExaBGP's pipes"},
    Named{"uncontended", "none does any more"},
    Named{"gap", "events are missing, exapulsed no longer keeps them"},
    Named{"store", "the file of the history can't be written, or can again"},
    Named{"expired", "routes whose lease is over are withdrawn"},
    Named{"replaying", "kept routes are announced to a new ExaBGP"},
    Named{"replayed", "it has answered all of them"},
};

constexpr std::array wait_conditions{
    Named{"up", "ExaBGP answers"},
    Named{"down", "ExaBGP has failed: it missed too many pings"},
    Named{"restart", "ExaBGP restarts, counted from now"},
    Named{"peer", "ADDRESS STATE: the peer is in STATE"},
    Named{"no-peer", "ADDRESS: ExaBGP has no such peer"},
};

constexpr std::array route_actions{
    Named{"list", "the routes as a table"},
    Named{"check", "compare them with what ExaBGP sends its peers"},
    Named{"replay", "announce them again, as they were announced"},
    Named{"keep", "have them come back after a restart of ExaBGP"},
    Named{"withdraw", "withdraw them, whoever announced them"},
    Named{"forget", "take them out of the list"},
    Named{"export", "the commands that announce them"},
    Named{"import", "FILE: announce and keep what export wrote"},
};

Candidates peer_states() {
    Candidates candidates;
    for (const std::string_view name : peer_state_names)
        candidates.push_back({std::string(name), name == peer_established ? "routes are exchanged"
                                                 : name == peer_down ? "any state but established"
                                                                     : ""});
    return candidates;
}

Candidates from(std::span<const Named> names) {
    Candidates candidates;
    for (const Named& named : names)
        candidates.push_back({std::string(named.name), std::string(named.description)});
    return candidates;
}

Candidates ask(const std::function<Candidates()>& source) {
    return source ? source() : Candidates();
}

/// What fits beside a candidate: the first part of what --help says.
std::string_view gist(std::string_view help) {
    help = help.substr(0, help.find_first_of(";\n"));
    return help.substr(0, help.find_last_not_of(",:") + 1);
}

/// Whether what follows the options is a command to ExaBGP.
bool takes_command(std::string_view subcommand) {
    return subcommand == "run" || subcommand == "hold";
}

/// Takes one word before the last.
void take_word(TypedLine& line, const std::string& word) {
    if (line.value_of) {
        line.given[std::string(line.value_of->name)] = word;
        line.value_of.reset();
        return;
    }
    if (!line.options_ended && word.starts_with('-') && word != "-") {
        if (word == "--") line.options_ended = true;
        const Option* option = find_option(word, line.known);
        if (option == nullptr) return;  // a mistake, which is reported when the line is run
        const auto value = attached_value(word);
        if (value || option->value.empty())
            line.given[std::string(option->name)] = value.value_or("");
        else
            line.value_of = *option;
        return;
    }
    if (line.subcommand != nullptr) {
        line.arguments.push_back(word);
        if (takes_command(line.subcommand->name)) line.options_ended = true;
        return;
    }
    line.subcommand = find_subcommand(word);
    line.unknown_subcommand = line.subcommand == nullptr;
    if (!line.unknown_subcommand) line.known = joined(line.subcommand->options, global_options());
}

/// Of a list with commas only the last item is typed yet; the others are not offered again.
Candidates event_types(std::string_view typed) {
    const auto comma = typed.rfind(',');
    const std::string before(typed.substr(0, comma == typed.npos ? 0 : comma + 1));
    Candidates candidates;
    for (const std::string_view name : event_type_names) {
        const std::string item = std::string(name) + ",";
        if (name == name_of(EventType::State) || ("," + before).find("," + item) != before.npos)
            continue;
        const auto* found = std::find_if(event_descriptions.begin(), event_descriptions.end(),
                                         [&](const Named& named) { return named.name == name; });
        candidates.push_back({before + std::string(name), found == event_descriptions.end()
                                                              ? ""
                                                              : std::string(found->description)});
    }
    return candidates;
}

Completion values_of(const Option& option, std::string_view typed, const LiveNames& live) {
    switch (option.values) {
        case Values::EventTypes:
            return {.candidates = event_types(typed)};
        case Values::Peer:
            return {.candidates = ask(live.peers)};
        case Values::PeerCount:
            return {.candidates = {{"all", "every peer of ExaBGP"}}};
        case Values::Instance:
            return {.candidates = ask(live.instances)};
        case Values::File:
        case Values::Socket:
        case Values::ShellCommand:
            return {.candidates = {}, .files = true};
        case Values::None:
        case Values::Time:
        case Values::Number:
            break;
    }
    return {};
}

Candidates options_left(const TypedLine& line) {
    Candidates candidates;
    for (const Option& option : line.known)
        if (option.repeats || !line.given.contains(option.name))
            candidates.push_back({std::string(option.name), std::string(gist(option.help))});
    return candidates;
}

Candidates subcommands_listed() {
    Candidates candidates;
    for (const Subcommand& subcommand : subcommands())
        if (!subcommand.hidden)
            candidates.push_back({std::string(subcommand.name), std::string(subcommand.summary)});
    return candidates;
}

/// The conditions of `wait` are sentences of one to three words.
Candidates wait_words(const std::vector<std::string>& arguments, const LiveNames& live) {
    std::size_t at = 0;
    while (at < arguments.size()) {
        const std::size_t length = arguments[at] == "peer" ? 3 : arguments[at] == "no-peer" ? 2 : 1;
        const std::size_t have = arguments.size() - at;
        if (have < length) return have == 1 ? ask(live.peers) : peer_states();
        at += length;
    }
    Candidates candidates = from(wait_conditions);
    std::erase_if(candidates, [&](const Candidate& candidate) {  // twice would be no news
        return !candidate.word.ends_with("peer") &&
               std::find(arguments.begin(), arguments.end(), candidate.word) != arguments.end();
    });
    return candidates;
}

/// As the first word of a command.
bool may_announce(std::string_view word) {
    return word == "announce" || word == "peer" || word == "neighbor";
}

/// Then it is one that TAB asks for; else an empty word asks for an option.
bool takes_argument(const TypedLine& line, const LiveNames& live) {
    const std::string_view name = line.subcommand->name;
    return name == "wait" || ((name == "kill" || name == "routes") && line.arguments.empty()) ||
           (takes_command(name) && live.commands);
}

Candidates arguments_of(const TypedLine& line, const LiveNames& live) {
    const std::string_view name = line.subcommand->name;
    if (name == "wait") return wait_words(line.arguments, live);
    if (name == "kill" && line.arguments.empty()) return ask(live.clients);
    if (name == "routes" && line.arguments.empty()) return from(route_actions);
    if (takes_command(name) && live.commands && !line.given.contains("--batch")) {
        std::vector<std::string> words = line.arguments;
        words.push_back(line.last);
        Candidates candidates = live.commands(words);
        if (name == "hold" && line.arguments.empty())
            std::erase_if(candidates,
                          [](const Candidate& candidate) { return !may_announce(candidate.word); });
        return candidates;
    }
    return {};
}

/// What fits at the last word, whatever has been typed of it.
Completion everything(const TypedLine& line, const LiveNames& live) {
    const bool hidden = line.subcommand != nullptr && line.subcommand->hidden;
    if (line.unknown_subcommand || hidden || line.given.contains("--help") ||
        line.given.contains("--version"))
        return {};
    if (line.value_of) return values_of(*line.value_of, line.last, live);
    if (!line.options_ended && line.last.starts_with('-')) {
        const auto equals = line.last.find('=');
        if (equals == std::string::npos) return {.candidates = options_left(line)};
        const Option* option = find_option(line.last, line.known);
        if (option == nullptr) return {};
        Completion completion = values_of(*option, line.last.substr(equals + 1), live);
        for (Candidate& candidate : completion.candidates)
            candidate.word.insert(0, line.last, 0, equals + 1);
        return completion;
    }
    if (line.subcommand == nullptr) return {.candidates = subcommands_listed()};
    if (line.subcommand->name == "routes" && line.arguments == std::vector<std::string>{"import"})
        return {.candidates = {}, .files = true};
    Candidates candidates = arguments_of(line, live);
    if (line.last.empty() && !line.options_ended && !takes_argument(line, live))
        candidates = options_left(line);
    return {.candidates = std::move(candidates)};
}

}  // namespace

TypedLine read_typed_line(std::span<const std::string> words) {
    TypedLine line;
    line.known = joined(global_options(), shell_options());
    if (words.empty()) return line;
    for (const std::string& word : words.first(words.size() - 1)) take_word(line, word);
    line.last = words.back();
    return line;
}

Completion complete(const TypedLine& line, const LiveNames& live) {
    Completion completion = everything(line, live);
    std::erase_if(completion.candidates, [&](const Candidate& candidate) {
        return !candidate.word.starts_with(line.last);
    });
    return completion;
}

std::string completion_lines(const Completion& completion) {
    std::string text = completion.files ? ":files\n" : "";
    for (const Candidate& candidate : completion.candidates) {
        text += printable(candidate.word);
        if (!candidate.description.empty()) text += "\t" + printable(candidate.description);
        text += '\n';
    }
    return text;
}

}  // namespace exapulse::client
