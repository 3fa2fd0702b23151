// SPDX-License-Identifier: BSD-3-Clause
#include "client/routes/list_routes.hpp"

#include <chrono>
#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "client/exchange/question.hpp"
#include "client/routes/routes_text.hpp"
#include "client/view/terminal.hpp"
#include "common/json_fields.hpp"
#include "common/units.hpp"

namespace exapulse::client {

ExitCode list_routes(const Arguments& arguments, const ListRoutesOptions& options) {
    using As = ListRoutesOptions::As;
    RoutesTable table;
    std::size_t shown = 0, left_out = 0;
    const auto now = std::chrono::system_clock::now();
    const Verdict verdict = ask(arguments, "sidecar routes", [&](std::string_view line) {
        const auto route = parsed(std::string(line));
        if (!options.filter.fits(route)) return;
        ++shown;
        if (options.as == As::Batch && flag_field(route, "uncertain").value_or(false))
            ++left_out;
        else if (options.as == As::Batch)
            print_answer(text_field(route, "command").value_or(""));
        else if (arguments.quiet)
            return;
        else if (options.as == As::Json)
            print_answer(line);
        else
            table.add(route, now);
    });
    if (const auto failed = failure_of(verdict, arguments)) return *failed;
    if (options.as == As::Table && !arguments.quiet && shown > 0)
        print_line(table.text(style_of_stdout()));
    flush_output();
    if (left_out > 0)
        remark(
            fmt::format("{} of unknown outcome left out; exapulse routes check shows "
                        "whether ExaBGP carried it out",
                        counted(left_out, "command")));
    if (shown == 0)
        remark(options.filter.any() ? "no such route was announced through exapulsed"
                                    : "no route was announced through exapulsed");
    return ExitCode::Done;
}

}  // namespace exapulse::client
