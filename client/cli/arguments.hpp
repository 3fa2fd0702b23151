// SPDX-License-Identifier: BSD-3-Clause
// Arguments: the command line as values. Pure.
#pragma once

#include <any>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/exchange/endpoint.hpp"

namespace exapulse::client {

struct Arguments;

/// Of a subcommand that has none of its own.
struct NoOptions {};

/// What a command line asks for: the options of a subcommand, and the function that executes it.
class Action {
  public:
    Action() = default;
    /// `how` returns what to exit with, as ExitCode or a code of its own.
    template <typename Options, typename Code>
    Action(Options options, Code (*how)(const Arguments&, const Options&))
        : options_(std::move(options)),
          execute_([how](const Arguments& arguments, const std::any& any) {
              return static_cast<int>(how(arguments, std::any_cast<const Options&>(any)));
          }) {}

    /// nullptr when the subcommand has others.
    template <typename Options>
    [[nodiscard]] const Options* options() const {
        return std::any_cast<Options>(&options_);
    }

    [[nodiscard]] int execute(const Arguments& arguments) const {
        return execute_(arguments, options_);
    }

  private:
    std::any options_;
    std::function<int(const Arguments&, const std::any&)> execute_;
};

struct Arguments : Endpoint {
    bool quiet = false;  // no output but errors
    Action action;
};

/// What --help and --version ask for.
struct Information {
    std::string text;
};

struct UsageError {
    std::string text;       // one line
    int exit_code = 2;      // ready and check have their own codes, in which 2 means something else
    bool of_check = false;  // whose caller reads standard output only
};

using ParsedArguments = std::variant<Arguments, Information, UsageError>;

/// What the command line depends on beside its words.
struct CommandLineEnvironment {
    const char* socket = nullptr;    // EXAPULSE_SOCKET, null when it is not set
    bool on_terminal = false;        // a person types and reads
    const char* instance = nullptr;  // EXAPULSE_INSTANCE, null when it is not set
};

/// `words`: the command line without the program's name.
[[nodiscard]] ParsedArguments parse_arguments(const std::vector<std::string>& words,
                                              const CommandLineEnvironment& environment);

}  // namespace exapulse::client
