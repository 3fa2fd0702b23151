// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/visible_exabgp.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/directory_entries.hpp"
#include "common/user_name.hpp"
#include "daemon/exabgp/exabgp_program.hpp"
#include "daemon/system/process_table.hpp"
#include "daemon/upstream/link/running_exabgp.hpp"

namespace exapulse {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_traces = 256U << 10;
constexpr std::size_t most_named = 8;

/// The texts of a file of /proc that ends each with a NUL.
std::vector<std::string> texts_in(const std::string& path) {
    const std::string all = read_small_file(path, longest_traces, SymbolicLinks::Refuse).text;
    std::vector<std::string> texts;
    for (std::size_t begin = 0; begin < all.size();) {
        const auto end = std::min(all.find('\0', begin), all.size());
        texts.push_back(all.substr(begin, end - begin));
        begin = end + 1;
    }
    return texts;
}

std::vector<std::string> open_paths_of(const std::string& process) {
    std::vector<std::string> paths;
    std::error_code hidden, gone;
    for (const fs::path& entry : directory_entries(process + "/fd", hidden))
        paths.push_back(fs::read_symlink(entry, gone).string());
    return paths;
}

ProcessTraces traces_of(const std::string& process, std::vector<std::string> arguments) {
    ProcessTraces traces;
    traces.arguments = std::move(arguments);
    for (const std::string& text : texts_in(process + "/environ"))
        if (const auto at = text.find('='); at != text.npos)
            traces.environment[text.substr(0, at)] = text.substr(at + 1);
    std::error_code hidden;
    traces.directory = fs::read_symlink(process + "/cwd", hidden).string();
    traces.open_paths = open_paths_of(process);
    struct stat found {};
    if (stat(process.c_str(), &found) == 0) traces.uid = found.st_uid;
    return traces;
}

bool exists(const UpstreamCandidate& place) {
    struct stat found {};
    if (place.kind == UpstreamKind::Socket)
        return stat(place.path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
    for (const char* end : {".in", ".out"})
        if (stat((place.path + end).c_str(), &found) != 0 || !S_ISFIFO(found.st_mode)) return false;
    return true;
}

bool is_searched(const UpstreamDiscovery& discovery, const UpstreamCandidate& place) {
    std::error_code ignored;
    return std::any_of(discovery.candidates().begin(), discovery.candidates().end(),
                       [&](const UpstreamCandidate& candidate) {
                           if (candidate.kind != place.kind) return false;
                           if (candidate.path == place.path) return true;
                           const bool pipes = place.kind == UpstreamKind::Fifo;
                           const std::string end = pipes ? ".in" : "";
                           return fs::equivalent(candidate.path + end, place.path + end, ignored);
                       });
}

ExabgpNames names_in(const std::string& path) {
    return names_in_env_file(UpstreamDiscovery::read_env_file(path).text);
}

/// The ExaBGP that the process is, or is a helper of.
pid_t exabgp_of(pid_t pid) {
    try {
        const auto start = process_start(pid);
        if (start && is_exabgp(texts_in(fmt::format("/proc/{}/cmdline", start->parent))))
            return start->parent;
    } catch (const ProcUnreadable&) {
        // Without a descriptor no parent is seen.
    }
    return pid;
}

std::string describe_elsewhere(const std::string& process, const UpstreamCandidate& place) {
    const bool pipes = place.kind == UpstreamKind::Fifo;
    return fmt::format("{} has its {} {}: write {} = \"{}\" below [upstream] in the configuration",
                       process, pipes ? "pipes" : "socket", describe_place(place),
                       pipes ? "fifo" : "socket", place.path);
}

std::string describe_hidden(const std::string& process, const ProcessTraces& traces) {
    const std::string proposed = proposed_pipes(traces);
    if (!proposed.empty() && exists({UpstreamKind::Fifo, proposed, ""}))
        return fmt::format(
            "{} runs, and does not look for pipes where they are, {}.{{in,out}}: make them in "
            "/run/exabgp before it starts",
            process, proposed);
    std::string text = fmt::format(
        "{} runs, and no socket or pipes of it are found: without exabgp.api.cli, or "
        "without pipes made before it starts, ExaBGP has none (its log says so)",
        process);
    if (traces.environment.empty() && traces.uid != geteuid())
        text +=
            fmt::format("; running as {}, exapulsed would see more of it", user_name(traces.uid));
    return text;
}

/// The place that the process has taken, as far as this host shows it: the first that exists.
std::optional<UpstreamCandidate> place_of(const ProcessTraces& traces) {
    for (UpstreamCandidate& place : likely_places(traces, names_in))
        if (exists(place)) return std::move(place);
    return std::nullopt;
}

/// Calls `visit(pid, arguments)` for each process.
void for_each_process(const auto& visit) {
    std::error_code error;
    for (const fs::path& entry : directory_entries("/proc", error)) {
        const std::string name = entry.filename();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || end != name.data() + name.size()) continue;
        visit(pid, texts_in(entry.string() + "/cmdline"));
    }
}

}  // namespace

VisibleExabgp find_visible_exabgp(const UpstreamDiscovery& discovery) {
    std::vector<std::string> elsewhere;
    std::string hidden;
    bool is_found = false;
    for_each_process([&](pid_t pid, const std::vector<std::string>& arguments) {
        if (!is_exabgp(arguments) || elsewhere.size() == most_named) return;
        const ProcessTraces traces = traces_of(fmt::format("/proc/{}", pid), arguments);
        const std::string process = fmt::format("an ExaBGP (pid {})", exabgp_of(pid));
        const auto place = place_of(traces);
        is_found |= place.has_value();
        if (!place && hidden.empty()) hidden = describe_hidden(process, traces);
        if (!place || is_searched(discovery, *place)) return;
        std::string text = describe_elsewhere(process, *place);
        if (std::find(elsewhere.begin(), elsewhere.end(), text) == elsewhere.end())
            elsewhere.push_back(std::move(text));
    });
    return {fmt::format("{}", fmt::join(elsewhere, "; ")), is_found ? "" : hidden};
}

}  // namespace exapulse
