// SPDX-License-Identifier: BSD-3-Clause
// The command line: global options, then a subcommand with its own options.
#include "client/arguments.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <set>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "client/ip_address.hpp"
#include "client/option_parser.hpp"
#include "client/past_time.hpp"
#include "client/subcommands.hpp"
#include "common/nearest.hpp"
#include "common/socket_path.hpp"
#include "common/units.hpp"
#include "common/words.hpp"

namespace exapulse::client {

namespace {

using std::chrono::milliseconds;

// Far beyond any wait that makes sense, and far from what a steady clock's arithmetic can't hold.
constexpr milliseconds longest_time = std::chrono::hours(24 * 365 * 10);

constexpr std::string_view all_peers = "all";

using WaitKind = WaitCondition::Kind;

// --help was asked for: no error, and nothing more is looked at.
struct HelpWanted {
    std::string text;
};

template <typename... Parts>
[[noreturn]] void refuse(fmt::format_string<Parts...> format, Parts&&... parts) {
    throw WrongUsage(fmt::format(format, std::forward<Parts>(parts)...));
}

std::string suggestion(std::string_view typed, std::span<const std::string_view> known) {
    const std::string_view name = nearest(typed, known);
    return name.empty() ? "" : fmt::format("; did you mean {}?", name);
}

/// The same, or all there are where none is near.
std::string choices(std::string_view typed, std::span<const std::string_view> known) {
    const std::string near = suggestion(typed, known);
    return near.empty() ? fmt::format("; there are {}", fmt::join(known, ", ")) : near;
}

std::vector<std::string_view> names_of(std::span<const Option> options) {
    std::vector<std::string_view> names;
    for (const Option& option : options) names.push_back(option.name);
    return names;
}

[[noreturn]] void refuse_option(std::string_view typed, std::string_view where,
                                std::span<const Option> known) {
    const std::string_view name = typed.substr(0, typed.find('='));
    const std::string_view blank = where.empty() ? "" : " ";
    refuse("{}{}has no option {}{} (exapulse{}{} --help)", where.empty() ? "exapulse" : where, " ",
           name, suggestion(name, names_of(known)), blank, where);
}

/// Without a unit it is seconds, as for sleep(1) and the monitoring plugins: "10", "0.5".
std::optional<milliseconds> time_in(const std::string& text) {
    if (const auto time = parse_duration(text)) return time;
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    // NaN is below nothing; the bound keeps the conversion defined.
    if (!whole || !(seconds >= 0 && seconds < 1e12)) return std::nullopt;
    return milliseconds(std::llround(seconds * 1000));
}

milliseconds time_of(std::string_view option, const std::string& text) {
    const auto time = time_in(text);
    if (!time) refuse("{}: {} is not a time such as 500ms, 30s or 5m", option, text);
    if (*time < milliseconds(1) || *time > longest_time)
        refuse("{}: {} is not between 1ms and {}", option, text, format_duration(longest_time));
    return *time;
}

std::uint64_t number_of(std::string_view what, const std::string& text, std::string_view of_what) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number == 0)
        refuse("{}: {} is not {}, 1 or more", what, text, of_what);
    return number;
}

/// A subcommand's options and words, and what they come to.
class SubcommandLine {
  public:
    SubcommandLine(const Subcommand& subcommand, const Words& words)
        : subcommand_(subcommand),
          known_(joined(subcommand.options, global_options())),
          given_(parse_options(words, known_)) {
        if (given_.has("--help")) throw HelpWanted{help_of(subcommand)};
    }

    [[nodiscard]] const GivenOptions& given() const { return given_; }
    [[nodiscard]] bool has(std::string_view option) const { return given_.has(option); }

    [[nodiscard]] std::optional<milliseconds> time(std::string_view option) const {
        const auto text = given_.value(option);
        return text ? std::optional(time_of(option, *text)) : std::nullopt;
    }

    /// A time in the past, or one so long before now.
    [[nodiscard]] std::optional<std::chrono::system_clock::time_point> since() const {
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

    /// `pictures` are the types that tell how things are, and can't be asked for here.
    [[nodiscard]] std::vector<EventType> types(const std::set<EventType>& pictures) const {
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

    /// The words that are no options.
    [[nodiscard]] Words arguments() const {
        Words words = given_.rest();
        for (const std::string& word : words)
            if (word.size() > 1 && word.starts_with('-'))
                refuse_option(word, subcommand_.name, known_);
        words.insert(words.end(), given_.literal().begin(), given_.literal().end());
        return words;
    }

    void refuse_arguments(std::size_t beyond = 0) const {
        if (arguments().size() > beyond)
            refuse("{} takes {} argument, this is one too many: {} (exapulse {} --help)",
                   subcommand_.name, beyond == 0 ? "no" : "one", arguments()[beyond],
                   subcommand_.name);
    }

  private:
    const Subcommand& subcommand_;
    std::vector<Option> known_;
    GivenOptions given_;
};

RunOptions run_options(const SubcommandLine& line, std::span<const std::string> command) {
    RunOptions options;
    options.stop_on_error = line.has("--stop-on-error");
    options.raw = line.has("--raw");
    options.verbose = line.has("--verbose");
    options.json = line.has("--json");
    line.refuse_arguments();
    if (const auto batch = line.given().value("--batch")) {
        if (!command.empty())
            refuse("run has both --batch and a command, {}; which one?", command.front());
        options.batch = *batch;
        if (options.batch.empty()) refuse("--batch: the name of the file is empty");
        if (const auto from = line.given().value("--from"))
            options.from = number_of("--from", *from, "the number of a line");
        return options;
    }
    if (!command.empty() && command.front() == "--") command = command.subspan(1);
    if (command.empty())
        refuse("run needs a command, or --batch FILE to read commands (exapulse run --help)");
    options.command = fmt::format("{}", fmt::join(command, " "));
    options.words.assign(command.begin(), command.end());
    for (const std::string_view option : {"--stop-on-error", "--from"})
        if (line.has(option)) refuse("{} is for a batch (exapulse run --help)", option);
    return options;
}

WatchOptions watch_options(const SubcommandLine& line) {
    WatchOptions options;
    options.types = line.types({EventType::State});
    options.json = line.has("--json");
    options.exit_on_failure = line.has("--exit-on-failure");
    options.exec = line.given().value("--exec");
    if (options.exec && words(*options.exec).empty()) refuse("--exec: the command is empty");
    if (const auto time = line.time("--exec-timeout")) {
        if (!options.exec) refuse("--exec-timeout is for --exec (exapulse watch --help)");
        options.exec_timeout = *time;
    }
    if (const auto count = line.given().value("--count"))
        options.count = number_of("--count", *count, "a number of events");
    line.refuse_arguments();
    return options;
}

std::string address_of(std::string_view what, const std::string& text) {
    if (is_address_range(text))
        refuse(
            "{}: {} is a range, whose peers come and go with addresses of their own; give the "
            "address of one of them (exapulse peers shows those that are connected)",
            what, text);
    if (!is_address(text)) refuse("{}: {} is no IP address", what, text);
    return text;
}

/// As exapulsed tells it, whatever its case is here.
std::string state_of(const std::string& text) {
    std::string state = text;
    std::transform(state.begin(), state.end(), state.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::find(peer_state_names.begin(), peer_state_names.end(), state) ==
        peer_state_names.end())
        refuse("wait peer: there is no state {}{} (exapulse wait --help)", text,
               choices(state, peer_state_names));
    return state;
}

WaitOptions wait_options(const SubcommandLine& line) {
    constexpr std::array<std::string_view, 5> names{"up", "down", "restart", "peer", "no-peer"};
    WaitOptions options;
    options.any = line.has("--any");
    const Words words = line.arguments();
    std::span<const std::string> rest = words;
    const auto next = [&](std::string_view kind, std::string_view what) {
        if (rest.empty()) refuse("wait {} lacks {} (exapulse wait --help)", kind, what);
        std::string word = rest.front();
        rest = rest.subspan(1);
        return word;
    };
    while (!rest.empty()) {
        const std::string name = next("", "");
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
            refuse("wait: there is no condition {}{} (exapulse wait --help)", name,
                   choices(name, names));
        WaitCondition condition;
        condition.kind = static_cast<WaitKind>(found - names.begin());
        if (condition.kind == WaitKind::Peer || condition.kind == WaitKind::NoPeer)
            condition.address = address_of("wait " + name, next(name, "an address"));
        if (condition.kind == WaitKind::Peer)
            condition.state =
                state_of(next("peer " + condition.address, "a state, such as established"));
        options.conditions.push_back(std::move(condition));
    }
    if (options.conditions.empty())
        refuse("wait needs a condition, such as up (exapulse wait --help)");
    return options;
}

KillOptions kill_options(const SubcommandLine& line) {
    line.refuse_arguments(1);
    if (line.arguments().empty())
        refuse("kill needs the ID of a client; exapulse clients shows them");
    return {number_of("kill", line.arguments().front(), "the ID of a client")};
}

CheckOptions check_options(const SubcommandLine& line) {
    CheckOptions options{line.time("--warning"), line.time("--critical")};
    if (const auto peers = line.given().value("--peers")) {
        options.peers.emplace();
        if (*peers != all_peers)
            options.peers->count = number_of("--peers", *peers, "a number of peers, or all");
    }
    if (options.warning && options.critical && *options.warning > *options.critical)
        refuse("check: --warning is longer than --critical, so it could never come first");
    return options;
}

/// All whose words are options only.
decltype(Arguments::subcommand) plain_options(std::string_view name, const SubcommandLine& line) {
    line.refuse_arguments();
    const bool json = line.has("--json");
    if (name == "status") return StatusOptions{json};
    if (name == "ready") return ReadyOptions{};
    if (name == "alive") return AliveOptions{};
    if (name == "check") return check_options(line);
    if (name == "peers") return PeersOptions{json};
    if (name == "clients") return ClientsOptions{json};
    if (name == "history")
        return HistoryOptions{line.since(), line.types({EventType::State, EventType::Peers}), json};
    if (name == "uptime") return UptimeOptions{line.since(), json};
    throw std::logic_error("a subcommand without a parser");
}

void check_socket(const std::string& path) {
    if (const auto problem = socket_path_problem(path))
        refuse("the path of the socket {}: {}", *problem, path);
}

std::string socket_in(const CommandLineEnvironment& environment) {
    const auto is_set = [](const char* value) { return value != nullptr && *value != '\0'; };
    if (is_set(environment.socket)) return environment.socket;
    if (!is_set(environment.instance)) return std::string(default_socket_path);
    if (const auto problem = instance_name_problem(environment.instance))
        refuse("EXAPULSE_INSTANCE: {}", *problem);
    return instance_socket_path(environment.instance);
}

/// Takes what stands among the global options, wherever that is.
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

/// What follows the first word of a command is ExaBGP's, dashes or not.
void take_run(Arguments& arguments, const Subcommand& run, std::span<const std::string> words) {
    const auto known = joined(run.options, global_options());
    const std::size_t own = leading_options(words, known);
    Words options(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(own));
    std::span<const std::string> command = words.subspan(own);
    const std::string first = command.empty() ? "" : command.front();
    if (first == "-") {  // short for --batch -, which options may follow
        if (SubcommandLine(run, options).has("--batch"))
            refuse("run has both --batch and -; which one?");
        options.insert(options.end(), {"--batch", "-"});
        options.insert(options.end(), command.begin() + 1, command.end());
        command = {};
    } else if (first.starts_with('-') && first != "--") {
        refuse_option(first, run.name, known);
    }
    const SubcommandLine line(run, options);
    take_global(arguments, line.given());
    if (first == "-" && !line.arguments().empty())
        refuse("run - takes its commands from standard input, {} is one too many",
               line.arguments().front());
    arguments.subcommand = run_options(line, command);
}

const Subcommand& named(const std::string& name) {
    if (const Subcommand* subcommand = find_subcommand(name)) return *subcommand;
    std::vector<std::string_view> names;
    for (const Subcommand& other : subcommands())
        if (!other.hidden) names.push_back(other.name);
    refuse("there is no subcommand {}{} (exapulse --help)", name, suggestion(name, names));
}

void take_subcommand(Arguments& arguments, std::span<const std::string> words) {
    const std::string& name = words.front();
    words = words.subspan(1);
    const Subcommand& subcommand = named(name);
    if (name == "complete") {
        if (!words.empty() && words.front() == "--") words = words.subspan(1);
        arguments.subcommand = CompleteOptions{{words.begin(), words.end()}};
        return;
    }
    if (name == "run") return take_run(arguments, subcommand, words);
    const SubcommandLine line(subcommand, Words(words.begin(), words.end()));
    take_global(arguments, line.given());
    if (name == "watch")
        arguments.subcommand = watch_options(line);
    else if (name == "wait")
        arguments.subcommand = wait_options(line);
    else if (name == "kill")
        arguments.subcommand = kill_options(line);
    else
        arguments.subcommand = plain_options(name, line);
}

/// Of `exapulse help` and `exapulse help SUBCOMMAND`.
std::string help_on(const Words& words) {
    return words.empty() ? help_of_exapulse() : help_of(named(words.front()));
}

/// For the callers of ready and check 3 is what can't be told.
UsageError usage_error(const Words& words, const char* what) {
    const std::size_t at = leading_options(words, joined(shell_options(), global_options()));
    const std::string subcommand = at < words.size() ? words[at] : "";
    const bool check = subcommand == "check";
    return {what, check || subcommand == "ready" ? 3 : 2, check};
}

Arguments parse(const Words& words, const CommandLineEnvironment& environment) {
    std::vector<Option> known = joined(shell_options(), global_options());
    const std::size_t own = leading_options(words, known);
    const auto middle = words.begin() + static_cast<std::ptrdiff_t>(own);
    const GivenOptions given = parse_options(Words(words.begin(), middle), known);
    if (given.has("--help")) throw HelpWanted{help_of_exapulse()};
    if (given.has("--version")) throw HelpWanted{"exapulse " EXAPULSE_VERSION "\n"};

    Arguments arguments;
    arguments.socket = socket_in(environment);
    take_global(arguments, given);
    if (middle != words.end()) {
        if (middle->starts_with('-')) refuse_option(*middle, "", known);
        if (given.has("--stay")) refuse("--stay is for the shell: exapulse --stay");
        if (*middle == "help") throw HelpWanted{help_on({middle + 1, words.end()})};
        take_subcommand(arguments, std::span(words).subspan(own));
    } else if (environment.on_terminal) {
        arguments.subcommand = ShellOptions{given.has("--stay")};
    } else {
        refuse(
            "no subcommand, and the shell needs a terminal; for commands from a pipe: exapulse "
            "run - (exapulse --help)");
    }
    check_socket(arguments.socket);
    return arguments;
}

}  // namespace

ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                const CommandLineEnvironment& environment) {
    try {
        return parse(words, environment);
    } catch (const HelpWanted& help) {
        return Information{help.text};
    } catch (const WrongUsage& error) {
        return usage_error(words, error.what());
    }
}

}  // namespace exapulse::client
