// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/routes_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/routes/routes_text.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

ExitCode execute_routes(const Arguments& arguments, const RoutesOptions& options) {
    RoutesTable table;
    std::size_t shown = 0;
    const auto now = std::chrono::system_clock::now();
    const Verdict verdict = ask(arguments, "sidecar routes", [&](std::string_view line) {
        const auto route = parsed(std::string(line));
        if (!fits(route, options)) return;
        ++shown;
        if (arguments.quiet) return;
        options.json ? print_answer(line) : table.add(route, now);
    });
    if (const auto failed = failure_of(verdict, arguments)) return *failed;
    if (!options.json && !arguments.quiet && shown > 0) print_line(table.text(style_of_stdout()));
    flush_output();
    if (shown == 0)
        remark("no such route was announced through exapulsed since ExaBGP has started");
    return ExitCode::Done;
}

}  // namespace

Action routes_command(const SubcommandWords& words) {
    RoutesOptions options;
    SubcommandLine line(words);
    line.bind("--owner", options.owner);
    line.bind("--peer", options.peer);
    line.bind("--kept", options.kept);
    line.bind("--json", options.json);
    Words rest = line.read(1);
    if (!rest.empty()) options.prefix = rest.front();
    return {options, execute_routes};
}

}  // namespace exapulse::client
