// SPDX-License-Identifier: BSD-3-Clause
#include "tests/integration/service.hpp"

#include <csignal>

#include <doctest/doctest.h>

namespace exapulse::test {

Json Subscription::next(TestClient::Timeout timeout) {
    const auto line = client_.read_line(timeout);
    return line ? Json::parse(*line) : Json{{"type", ""}};
}

Json Subscription::next(std::string_view type, TestClient::Timeout timeout) {
    for (;;) {
        Json event = next(timeout);
        if (event["type"] == type || event["type"] == "") return event;
    }
}

std::vector<std::string> Subscription::types(std::size_t count) {
    std::vector<std::string> types;
    while (types.size() < count) types.push_back(next()["type"]);
    return types;
}

Service::Service(const std::string& upstream, Options options)
    : socket_(dir_ / "exapulse.sock"), options_(std::move(options)) {
    dir_.write("exapulse.toml", options_.config);
    argv_ = {require_environment("EXAPULSED"),
             "--config",
             config_file(),
             "--socket",
             socket_,
             "--state-dir",
             dir_ / "state",
             "--log-level",
             "debug"};
    if (!upstream.empty()) argv_.insert(argv_.end(), {"--upstream", upstream});
    if (!options_.interval.empty()) argv_.insert(argv_.end(), {"--interval", options_.interval});
    argv_.insert(argv_.end(), options_.flags.begin(), options_.flags.end());
    argv_.insert(argv_.begin(), options_.wrapper.begin(), options_.wrapper.end());
    start();
}

Service::~Service() {
    if (!process_->is_running()) return;
    process_->signal(SIGTERM);
    // A sanitizer's or assertion's finding at the end is a finding.
    const auto status = process_->wait_exit();
    CHECK_MESSAGE(status.value_or(-1) == 0, "exapulsed ended badly:\n" << log());
}

void Service::start() {
    process_ = std::make_unique<ChildProcess>(argv_, options_.process);
    const auto served = eventually(
        [&] { return TestClient::try_connect(socket_).has_value() || !process_->is_running(); });
    REQUIRE_MESSAGE(served.held, "exapulsed does not serve:\n" << log());
    REQUIRE_MESSAGE(process_->is_running(), "exapulsed has ended:\n" << log());
}

void Service::restart(int number) {
    process_->signal(number);
    REQUIRE(process_->wait_exit());
    start();
}

std::vector<TestClient> Service::clients(std::size_t count) const {
    std::vector<TestClient> attached;
    REQUIRE(eventually([&] {
        attached.push_back(client());
        if (attached.back().command("sidecar version").terminator != "done") attached.pop_back();
        return attached.size() == count;
    }));
    return attached;
}

Subscription Service::subscribe(std::string_view types) const {
    TestClient stream = client();
    stream.send_line("sidecar subscribe " + std::string(types));
    return Subscription(std::move(stream));
}

Json Service::status() const {
    const Answer answer = client().command("sidecar status");
    REQUIRE(answer.terminator == "done");
    REQUIRE(answer.lines.size() == 1);
    return Json::parse(answer.lines[0]);
}

Outcome Service::logs(std::string_view text) const {
    return eventually([&] { return log().find(text) != std::string::npos; });
}

Outcome Service::explains(std::string_view part) const {
    return eventually([&] {
        const Json detail = status()["upstream"]["detail"];
        return detail.is_string() && detail.get<std::string>().find(part) != std::string::npos;
    });
}

void Service::await(std::string_view state) const {
    const auto reached = eventually([&] { return status()["state"] == state; });
    REQUIRE_MESSAGE(reached.held, "never " << state << ":\n" << log());
}

Service::Run Service::run(std::vector<std::string> arguments, std::string_view input) const {
    arguments.insert(arguments.begin(), {require_environment("EXAPULSE"), "--socket", socket_});
    ChildProcess exapulse(arguments);
    exapulse.write_stdin(input);
    exapulse.close_stdin();
    const auto status = exapulse.wait_exit(std::chrono::seconds(60));
    REQUIRE_MESSAGE(status, "exapulse does not end: " << exapulse.stderr_text());
    return {*status, exapulse.stdout_text(), exapulse.stderr_text()};
}

}  // namespace exapulse::test
