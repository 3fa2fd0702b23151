// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/pipe_trouble.hpp"

#include <cassert>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/upstream/link/upstream_connection.hpp"

namespace exapulse {

namespace {

/// How long pipes that somebody reads may bring no answer before a look at who that is, and until
/// the next look.
constexpr std::chrono::milliseconds first_silence{1'000}, further_silence{5'000};

}  // namespace

PipeTrouble::PipeTrouble(uv::Loop& loop, UpstreamConnection& connection, Callbacks callbacks)
    : connection_(connection),
      callbacks_(std::move(callbacks)),
      silence_(loop, [this] { on_silence(); }),
      names_check_(loop, [this] { check_names(); }) {}

void PipeTrouble::on_connected() {
    silent_before_ = false;
    if (connection_.fifo() != nullptr) silence_.start(first_silence);
}

void PipeTrouble::on_closed() {
    names_check_.stop();
    names_ = {};
}

void PipeTrouble::on_silence() {
    if (callbacks_.answers() || connection_.fifo() == nullptr) return;
    look(std::exchange(silent_before_, true) ? OtherUsers::Trouble::LongSilence
                                             : OtherUsers::Trouble::Silence);
    silence_.start(further_silence);
}

/// A set-up script, or a directory that went with a service, may have taken the pipes from ExaBGP.
void PipeTrouble::check_names() {
    const FifoLink::Names names = connection_.follow_pipes();
    if (connection_.fifo() == nullptr) return;
    const std::string in = command_pipe(connection_.chosen()->path);
    if (names.commands_replaced && !names_.commands_replaced)
        spdlog::warn(
            "upstream: {} was removed while ExaBGP reads it: exapulsed goes on with the removed "
            "one, but nobody else can open it; reload or restart ExaBGP",
            in);
    if (!names.no_answers.empty() && names.no_answers != names_.no_answers) {
        const std::string why = fmt::format(
            "ExaBGP can't answer, its pipes were replaced while it ran: {}; make the pipe, and "
            "reload or restart ExaBGP",
            names.no_answers);
        spdlog::error("upstream: {}", why);
        callbacks_.on_trouble(why);
    }
    names_ = names;
}

void PipeTrouble::look(OtherUsers::Trouble trouble) {
    const FifoLink* pipes = connection_.fifo();
    if (pipes == nullptr) return;
    const std::string why = users_.look(*pipes, connection_.chosen()->path, trouble);
    if (!why.empty() && !callbacks_.answers()) callbacks_.on_trouble(why);
}

bool PipeTrouble::shares_answers() {
    look(OtherUsers::Trouble::None);
    return users_.may_be_any();
}

std::string PipeTrouble::why_unread(TimePoint now) {
    assert(connection_.chosen());
    return users_.why_unread(connection_.chosen()->path, now);
}

}  // namespace exapulse
