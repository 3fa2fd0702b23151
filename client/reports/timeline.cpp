// SPDX-License-Identifier: BSD-3-Clause
#include "client/reports/timeline.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

#include <fmt/format.h>

#include "client/view/time_text.hpp"

namespace exapulse::client {

namespace {

/// One that is narrower shows nothing.
constexpr std::size_t least_columns = 20;

}  // namespace

Timeline::Timeline(Time from, Time to, std::size_t columns)
    : from_(from),
      to_(std::max(to, from + std::chrono::milliseconds(1))),
      looks_(std::max(columns, least_columns), Look::Nothing),
      restarts_(looks_.size(), false) {}

/// The times beyond both ends are in the outermost columns.
std::size_t Timeline::column_of(Time time) const {
    if (time <= from_) return 0;
    const double part =
        std::chrono::duration<double>(time - from_) / std::chrono::duration<double>(to_ - from_);
    const auto column = static_cast<std::size_t>(part * static_cast<double>(looks_.size()));
    return std::min(column, looks_.size() - 1);
}

Timeline::Look Timeline::look_of(std::optional<HealthState> state) {
    if (!state) return Look::Unknown;
    switch (*state) {
        case HealthState::Up:
            return Look::Up;
        case HealthState::Degraded:
            return Look::Degraded;
        case HealthState::Connecting:
        case HealthState::Down:
            return Look::Absent;
    }
    return Look::Unknown;
}

void Timeline::add(std::optional<HealthState> state, Time from, Time to) {
    const Look look = look_of(state);
    const std::size_t last = column_of(std::max(from, to - std::chrono::microseconds(1)));
    for (std::size_t column = column_of(from); column <= last; ++column)
        looks_[column] = std::max(looks_[column], look);
}

void Timeline::add_restart(Time time) {
    restarts_[column_of(time)] = true;
}

/// They differ without colour too.
std::string Timeline::sign(Look look, const Style& style) {
    switch (look) {
        case Look::Up:
            return style.paint(Colour::Good, style.utf8 ? "█" : "#");
        case Look::Degraded:
            return style.paint(Colour::Warning, style.utf8 ? "▒" : "=");
        case Look::Absent:
            return style.paint(Colour::Bad, style.utf8 ? "▁" : "_");
        case Look::Unknown:
            return style.paint(Colour::Dim, style.utf8 ? "·" : ".");
        case Look::Nothing:
            break;
    }
    return " ";
}

std::string Timeline::text(const Style& style) const {
    std::string bar, marks;
    for (std::size_t column = 0; column < looks_.size(); ++column) {
        bar += sign(looks_[column], style);
        marks += restarts_[column] ? '^' : ' ';
    }
    const bool restarted = marks.find('^') != std::string::npos;
    marks.resize(marks.find_last_not_of(' ') + 1);

    const std::string begin = local_time(from_), end = local_time(to_);
    assert(looks_.size() >= least_columns);
    std::string axis = begin;
    if (begin.size() + end.size() < looks_.size())
        axis += std::string(looks_.size() - begin.size() - end.size(), ' ') + end;
    std::string legend = fmt::format("{} up  {} degraded  {} absent  {} not known",
                                     sign(Look::Up, style), sign(Look::Degraded, style),
                                     sign(Look::Absent, style), sign(Look::Unknown, style));
    if (restarted) legend += "  ^ restart";
    return fmt::format("{}{}\n{}\n{}", bar,
                       restarted ? "\n" + style.paint(Colour::Warning, marks) : "",
                       style.paint(Colour::Dim, axis), legend);
}

}  // namespace exapulse::client
