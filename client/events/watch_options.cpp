// SPDX-License-Identifier: BSD-3-Clause
#include "client/events/watch_options.hpp"

#include "client/cli/option_values.hpp"
#include "client/cli/subcommand_line.hpp"
#include "common/words.hpp"

namespace exapulse::client {

WatchOptions read_watch_options(const SubcommandWords& given) {
    WatchOptions options;
    std::optional<std::chrono::milliseconds> exec_timeout;
    SubcommandLine line(given);
    line.bind("--type", options.types, {EventType::State});
    line.bind("--json", options.json);
    line.bind("--count", options.count, "a number of events");
    line.bind("--exit-on-failure", options.exit_on_failure);
    line.bind("--exec", options.exec);
    line.bind("--exec-timeout", exec_timeout);
    line.bind("--cursor", options.cursor);
    line.read();
    if (options.exec && words(*options.exec).empty()) refuse("--exec: the command is empty");
    if (exec_timeout && !options.exec)
        refuse("--exec-timeout is for --exec (exapulse watch --help)");
    options.exec_timeout = exec_timeout.value_or(default_exec_timeout);
    if (options.cursor && options.cursor->empty())
        refuse("--cursor: the name of the file is empty");
    if (options.cursor && options.types.empty()) options.types = {EventType::Restarted};
    return options;
}

}  // namespace exapulse::client
