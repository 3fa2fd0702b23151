// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/search_report.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "daemon/system/file_rights.hpp"
#include "daemon/upstream/link/fifo_pair.hpp"

namespace exapulse {

namespace {

constexpr Milliseconds between_looks{5'000};

void add_once(std::vector<std::string>& texts, std::string text) {
    if (std::find(texts.begin(), texts.end(), text) == texts.end())
        texts.push_back(std::move(text));
}

/// "/x/a.sock, exabgp.sock and exabgp.{in,out} in /run/exabgp, /run"
std::string describe_places(const UpstreamDiscovery& discovery) {
    std::vector<std::string> paths, names, folders;
    for (const UpstreamCandidate& candidate : discovery.distinct()) {
        const std::filesystem::path place(describe_place(candidate));
        if (candidate.found_by == "config" || candidate.found_by == "exabgp_api_socketpath") {
            paths.push_back(place.string());
            continue;
        }
        const std::string name = place.filename().string();
        add_once(names, candidate.found_by == "standard folder"
                            ? name
                            : fmt::format("{} ({})", name, candidate.found_by));
        add_once(folders, place.parent_path().string());
    }
    if (!names.empty())
        paths.push_back(
            fmt::format("{} in {}", fmt::join(names, " and "), fmt::join(folders, ", ")));
    return fmt::format("{}", fmt::join(paths, ", "));
}

}  // namespace

UpstreamLink::Failure SearchReport::nothing_found(const UpstreamDiscovery& discovery,
                                                  TimePoint now) {
    UpstreamLink::Failure failure{
        Cause::Absent, fmt::format("no ExaBGP; looked for {}", describe_places(discovery))};
    std::string hint;
    for (const UpstreamCandidate& candidate : discovery.candidates()) {
        const bool is_pair = candidate.kind == UpstreamKind::Fifo;
        const std::string first = is_pair ? command_pipe(candidate.path) : candidate.path;
        struct stat file {};
        if (!hint.empty()) break;
        if (stat(first.c_str(), &file) != 0 && errno == EACCES) {
            failure.cause = Cause::Refused;
            hint = describe_missing_rights(first, F_OK);
        } else if (is_pair && (stat(first.c_str(), &file) == 0 ||
                               stat(answer_pipe(candidate.path).c_str(), &file) == 0)) {
            if (const auto problem = fifo_pair_problem(candidate.path)) hint = problem->detail;
        }
    }
    look_at_processes(discovery, now);
    if (hint.empty()) hint = visible_.elsewhere.empty() ? visible_.hidden : visible_.elsewhere;
    if (!hint.empty()) failure.detail += "; " + hint;
    for (const std::string& problem : discovery.problems()) failure.detail += "; " + problem;
    return failure;
}

UpstreamLink::Failure SearchReport::failed(const UpstreamDiscovery& discovery,
                                           UpstreamLink::Failure failure, TimePoint now) {
    look_at_processes(discovery, now);
    if (!visible_.elsewhere.empty()) failure.detail += "; " + visible_.elsewhere;
    return failure;
}

/// Only for a search: what is configured may be one ExaBGP of several, and another is none of ours.
void SearchReport::look_at_processes(const UpstreamDiscovery& discovery, TimePoint now) {
    if (!discovery.is_search()) {
        visible_ = {};
        return;
    }
    if (looked_at_ && now - *looked_at_ < between_looks) return;
    VisibleExabgp fresh = find_visible_exabgp(discovery);
    // At first it is part of the event.
    if (looked_at_ && !fresh.elsewhere.empty() && fresh.elsewhere != visible_.elsewhere)
        spdlog::warn("upstream: {}", fresh.elsewhere);
    looked_at_ = now;
    visible_ = std::move(fresh);
}

}  // namespace exapulse
