// SPDX-License-Identifier: BSD-3-Clause
#include "tests/promises/subscribers.hpp"

#include <random>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/support/harness/test_client.hpp"

namespace exapulse::test {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds look_around = 100ms;

std::string text_in(const nlohmann::json& event, const char* key) {
    const auto value = event.find(key);
    return value != event.end() && value->is_string() ? value->get<std::string>() : std::string();
}

class Subscriber {
  public:
    Subscriber(const Setting& setting, Reading reading, std::uint64_t seed)
        : setting_(setting), reading_(reading), random_(seed) {}

    std::vector<Stream> run() {
        while (!setting_.over) {
            auto client = TestClient::try_connect(setting_.socket);
            if (!client || !begin(*client)) {
                std::this_thread::sleep_for(5ms);
                continue;
            }
            read(*client);
            if (stream().events.empty()) streams_.pop_back();
        }
        return std::move(streams_);
    }

  private:
    [[nodiscard]] Stream& stream() { return streams_.back(); }
    [[nodiscard]] bool comes_back() const {
        return reading_ == Reading::Prompt || reading_ == Reading::Fickle;
    }

    bool begin(TestClient& client) {
        streams_.emplace_back();
        if (comes_back()) stream().since = place_;
        const auto& since = stream().since;
        const bool sent = client.send_line(
            since ? fmt::format("sidecar subscribe since {} {}", since->boot, since->seq)
                  : "sidecar subscribe");
        if (!sent) streams_.pop_back();
        return sent;
    }

    void read(TestClient& client) {
        std::chrono::milliseconds stay = 1h;
        if (reading_ == Reading::Fickle) stay = std::chrono::milliseconds(random_() % 3'000);
        if (reading_ == Reading::Belatedly) wait(20s);
        const auto until = steady_clock::now() + stay;
        while (!setting_.over && steady_clock::now() < until) {
            const auto line = client.read_line(look_around);
            if (line && !take(*line, client)) return;
            if (!line && client.at_eof(0ms)) return;
            if (reading_ == Reading::Slow) std::this_thread::sleep_for(50ms);
        }
    }

    /// False if the stream is of no use.
    bool take(const std::string& line, TestClient& client) {
        if (const auto event = parse_event(line)) {
            stream().events.push_back(*event);
            place_ = {event->boot, event->seq};
            return true;
        }
        const auto error = exapulse::parse_error(line);
        if (!error) return line == line_error && stream().since_time;
        // Unknown, or out of reach while the history can't be read: all there is, then.
        stream().unknown_place = error->code == ErrorCode::UnknownPlace;
        stream().since_time = true;
        return stream().since && client.send_line("sidecar subscribe since 2000-01-01T00:00:00Z");
    }

    void wait(std::chrono::milliseconds time) const {
        const auto until = steady_clock::now() + time;
        while (!setting_.over && steady_clock::now() < until) std::this_thread::sleep_for(10ms);
    }

    const Setting& setting_;
    Reading reading_;
    std::mt19937_64 random_;
    std::vector<Stream> streams_;
    std::optional<Stream::Place> place_;  // the last event of all streams
};

}  // namespace

std::optional<SeenEvent> parse_event(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto type = parse_event_type(text_in(json, "type"));
    const auto state = parse_health_state(text_in(json, "state"));
    if (!type || !json.contains("seq")) return std::nullopt;
    SeenEvent event;
    event.at = steady_clock::now();
    event.boot = text_in(json, "boot");
    event.seq = json["seq"].get<std::uint64_t>();
    event.type = *type;
    event.state = state.value_or(HealthState::Connecting);
    event.uuid = text_in(json, "uuid");
    event.previous = text_in(json, "previous");
    event.cause = text_in(json, "cause");
    if (const auto dropped = json.find("dropped"); dropped != json.end() && dropped->is_number())
        event.dropped = dropped->get<std::uint64_t>();
    return event;
}

std::vector<Stream> subscribe(const Setting& setting, Reading reading, std::uint64_t seed) {
    return Subscriber(setting, reading, seed).run();
}

std::vector<SeenEvent> read_history(const std::string& socket) {
    TestClient client = TestClient::connect_when_served(socket);
    std::vector<SeenEvent> events;
    for (const std::string& line : client.command("sidecar history", 60s).lines)
        if (const auto event = parse_event(line)) events.push_back(*event);
    return events;
}

}  // namespace exapulse::test
