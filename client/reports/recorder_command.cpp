// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/recorder_command.hpp"

#include "client/cli/subcommand_line.hpp"
#include "client/exchange/exit_code.hpp"
#include "client/exchange/question.hpp"
#include "client/reports/recorder_text.hpp"
#include "client/view/terminal.hpp"

namespace exapulse::client {

namespace {

ExitCode execute_recorder(const Arguments& arguments, const RecorderOptions& options) {
    const Style style = style_of_stdout();
    std::size_t records = 0;
    const Verdict verdict = ask(arguments, "sidecar recorder", [&](std::string_view line) {
        ++records;
        if (arguments.quiet) return;
        options.json ? print_answer(line)
                     : print_line(recorder_text(parsed(std::string(line)), style));
    });
    flush_output();
    if (const auto failed = failure_of(verdict, arguments)) return *failed;
    if (records == 0)
        remark("the recorder is empty: nothing has happened yet, or recorder.lines is 0");
    return ExitCode::Done;
}

}  // namespace

Action recorder_command(const SubcommandWords& words) {
    RecorderOptions options;
    SubcommandLine line(words);
    line.bind("--json", options.json);
    line.read();
    return {options, execute_recorder};
}

}  // namespace exapulse::client
