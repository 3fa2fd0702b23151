// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/status_report.hpp"

#include <nlohmann/json.hpp>

#include "common/json.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::ordered_json;

ordered_json or_null(const std::string& text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json pid_or_null(pid_t pid) {
    return pid == 0 ? ordered_json(nullptr) : ordered_json(pid);
}

/// Adds the fields that status and snapshot share, after those that `line` already has.
void add_status(ordered_json& line, const StatusReport& report) {
    ordered_json searched = ordered_json::array();
    for (const UpstreamCandidate& candidate : report.searched)
        searched.push_back(candidate.kind == UpstreamKind::Fifo ? candidate.path + ".in"
                                                                : candidate.path);
    const auto& upstream = report.upstream;
    const auto path_of = [&](UpstreamKind kind) {
        return or_null(upstream && upstream->kind == kind ? upstream->path : "");
    };

    line["since"] = format_time(report.since);
    line["version"] = or_null(report.version);
    line["dialect"] = or_null(report.dialect ? std::string(name_of(*report.dialect)) : "");
    line["identity"] = {
        {"method", or_null(report.identity ? std::string(name_of(*report.identity)) : "")},
        {"evidence", or_null(report.identity_evidence)},
        {"blind", or_null(report.identity ? std::string(blind_spot(*report.identity)) : "")}};
    line["upstream"] = {{"socket", path_of(UpstreamKind::Socket)},
                        {"fifo", path_of(UpstreamKind::Fifo)},
                        {"found_by", or_null(upstream ? upstream->found_by : "")},
                        {"searched", searched},
                        {"detail", or_null(report.detail)}};
    line["ready"] = report.ready;
    line["contended"] = nullptr;
    if (const auto& contention = report.contention)
        line["contended"] = {{"since", format_time(contention->since)},
                             {"last", format_time(contention->last)},
                             {"by", or_null(contention->by)}};
    line["missed"] = report.missed;
    line["of"] = report.of;
    line["last_pong"] = or_null(report.last_pong ? format_time(*report.last_pong) : "");
    line["away_since"] = or_null(report.away_since ? format_time(*report.away_since) : "");
    line["latency_ms"] = report.latency
                             ? ordered_json(static_cast<double>(report.latency->count()) / 1000)
                             : ordered_json(nullptr);
    line["interval_ms"] = report.interval.count();
    line["clients"] = report.clients;
    line["subscribers"] = report.subscribers;
    line["queue"] = {
        {"waiting", report.waiting}, {"in_flight", report.in_flight}, {"slow", report.slow}};
    const auto& kept = report.store.kept;
    line["history"] = {{"store", name_of(report.store.state)},
                       {"detail", or_null(report.store.problem)},
                       {"since", or_null(kept ? format_time(kept->since) : "")},
                       {"events", kept ? ordered_json(kept->events) : ordered_json(nullptr)},
                       {"waiting", report.store.waiting},
                       {"bytes", report.store.bytes}};
    line["routes"] = {
        {"announced", report.routes},
        {"kept", report.routes_kept},
        {"gone", report.routes_gone},
        {"uncertain", report.routes_uncertain},
        {"replaying", report.replaying ? ordered_json{{"routes", report.replaying->total},
                                                      {"answered", report.replaying->answered}}
                                       : ordered_json(nullptr)}};
    line["exapulsed"] = EXAPULSE_VERSION;
    line["pid"] = report.pid;
    line["started"] = format_time(report.started);
}

}  // namespace

std::string format_status(const StatusReport& report, const EventPlace& place) {
    ordered_json line{{"state", name_of(report.state)}, {"uuid", or_null(report.uuid)}};
    add_status(line, report);
    line["seq"] = place.seq;
    line["boot"] = place.boot;
    return json_text(line);
}

std::string format_snapshot(const StatusReport& report, const EventPlace& place, WallTime time) {
    Event event;
    event.state = report.state;
    event.uuid = report.uuid;
    event.time = time;
    ordered_json line = json_of(event, place);
    add_status(line, report);
    line["peers"] = report.peers ? json_of(*report.peers) : ordered_json(nullptr);
    return json_text(line);
}

std::string format_clients(const std::vector<ClientReport>& clients) {
    ordered_json list = ordered_json::array();
    for (const ClientReport& client : clients)
        list.push_back({{"id", client.id},
                        {"pid", pid_or_null(client.peer.pid)},
                        {"uid", client.peer.uid},
                        {"user", or_null(client.user)},
                        {"gid", client.peer.gid},
                        {"process", or_null(client.process)},
                        {"since", format_time(client.since)},
                        {"commands", client.commands},
                        {"pending", client.pending},
                        {"subscribed", client.subscribed},
                        {"backlog", client.backlog},
                        {"dropped", client.dropped}});
    return json_text(list);
}

}  // namespace exapulse
