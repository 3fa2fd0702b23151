// SPDX-License-Identifier: BSD-3-Clause
// FlightRecorder: what is kept of what passed, and how it is shown.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "daemon/recorder/record_text.hpp"
#include "daemon/recorder/recorder_files.hpp"
#include "tests/support/harness/temp_dir.hpp"

namespace exapulse::test {

namespace {

using Texts = std::vector<std::string>;

const TimePoint at{std::chrono::hours(1)};
const Moment later{at + std::chrono::seconds(2), WallTime(std::chrono::seconds(1'000'000))};

Texts texts(const FlightRecorder& recorder) {
    Texts all;
    for (auto number = recorder.begin(); number != recorder.end(); ++number)
        all.emplace_back(recorder.at(number).text);
    return all;
}

nlohmann::json json_of(const FlightRecorder& recorder, std::uint64_t number) {
    return nlohmann::json::parse(format_record(recorder.at(number), later));
}

}  // namespace

TEST_CASE("the newest lines are kept, in order, and no more than the limit") {
    FlightRecorder recorder({3, 16});
    CHECK(recorder.begin() == recorder.end());
    for (const char* text : {"a", "b", "", "d", "e"}) recorder.note(RecordKind::Sent, at, text);
    CHECK(texts(recorder) == Texts{"", "d", "e"});
    CHECK(recorder.begin() == 2);
    CHECK(recorder.end() == 5);
    CHECK(recorder.lines() == 5);
    recorder.note(RecordKind::State, at, "up");
    CHECK(texts(recorder) == Texts{"d", "e", "up"});
    CHECK(recorder.lines() == 5);
}

TEST_CASE("a long line is cut, and says how long it was") {
    FlightRecorder recorder({2, 4});
    recorder.note(RecordKind::Received, at, "12345");
    recorder.note(RecordKind::Received, at, "1234");
    CHECK(texts(recorder) == Texts{"1234", "1234"});
    const auto cut = json_of(recorder, 0);
    CHECK(cut["cut"] == true);
    CHECK(cut["bytes"] == 5);
    CHECK(json_of(recorder, 1)["cut"] == false);
    const std::string file = describe_records(recorder, "heading", later);
    CHECK(file.find(" < 1234... (5 bytes)\n") != std::string::npos);
    CHECK(file.find(" < 1234\n") != std::string::npos);
}

TEST_CASE("a line received belongs to a command once that is known") {
    FlightRecorder recorder({2, 16});
    recorder.attribute({1, 1});  // nothing has come yet
    recorder.note(RecordKind::Received, at, "done");
    recorder.note(RecordKind::Sent, at, "version", {4, 9});
    recorder.attribute({3, 17});
    CHECK(json_of(recorder, 0)["session"] == 3);
    CHECK(json_of(recorder, 0)["command"] == 17);
    CHECK(json_of(recorder, 1)["session"] == 4);
    recorder.note(RecordKind::State, at, "up");
    recorder.attribute({5, 5});  // its line is no longer kept
    CHECK(json_of(recorder, 1)["session"] == 4);
    CHECK(json_of(recorder, 2)["session"].is_null());
}

TEST_CASE("new limits keep the newest records") {
    FlightRecorder recorder({3, 4});
    for (const char* text : {"a", "b", "c", "dddddd"}) recorder.note(RecordKind::Sent, at, text);
    recorder.set_limits({5, 8});
    CHECK(texts(recorder) == Texts{"b", "c", "dddd"});
    CHECK(recorder.at(3).length == 6);
    recorder.note(RecordKind::Sent, at, "eeeeee");
    CHECK(texts(recorder) == Texts{"b", "c", "dddd", "eeeeee"});
    recorder.set_limits({2, 2});
    CHECK(texts(recorder) == Texts{"dd", "ee"});
    recorder.note(RecordKind::Sent, at, "f");
    CHECK(texts(recorder) == Texts{"ee", "f"});
    recorder.set_limits({0, 2});
    CHECK(texts(recorder).empty());
    recorder.note(RecordKind::Received, at, "g");
    recorder.attribute({1, 1});
    CHECK(texts(recorder).empty());
    recorder.set_limits({2, 2});
    recorder.note(RecordKind::Sent, at, "h");
    CHECK(texts(recorder) == Texts{"h"});
}

TEST_CASE("a record is shown with its time and without secrets or control characters") {
    FlightRecorder recorder({4, 64});
    recorder.note(RecordKind::Sent, at, "peer create x { md5-password \"hunter 2\"; }", {3, 17});
    recorder.note(RecordKind::Received, at, "\x1b[2J\xff");
    recorder.note(RecordKind::State, at + std::chrono::seconds(1), "failed");
    recorder.note(RecordKind::Sent, at, "a\nb", {std::uint64_t{1} << 63 | 1000, 18});
    const auto sent = json_of(recorder, 0);
    CHECK(sent["time"] == "1970-01-12T13:46:38.000000Z");
    CHECK(sent["kind"] == "sent");
    CHECK(sent["text"] == "peer create x { md5-password ***; }");
    CHECK(json_of(recorder, 2)["time"] == "1970-01-12T13:46:39.000000Z");
    CHECK(json_of(recorder, 3)["session"].is_null());
    const std::string file = describe_records(recorder, "a\x07heading", later);
    CHECK(file.starts_with("a\\x07heading\n> sent to ExaBGP"));
    for (const char* line :
         {"1970-01-12T13:46:38.000000Z > 3/17 peer create x { md5-password ***; }\n",
          " < \\x1b[2J\\xff\n", " * failed\n", " > -/18 a\\nb\n"})
        CHECK_MESSAGE(file.find(line) != std::string::npos, file);
    CHECK(file.find("hunter") == std::string::npos);
}

TEST_CASE("a password is masked that the limit cuts") {
    const std::string line = "peer create x { md5-password \"hunter 2\"; }";
    for (std::size_t length = 1; length <= line.size(); ++length) {
        FlightRecorder recorder({1, length});
        recorder.note(RecordKind::Sent, at, line);
        CHECK(format_record(recorder.at(0), later).find("hunter") == std::string::npos);
    }
}

TEST_CASE("the newest dumps are kept, and nothing else is touched") {
    TempDir dir;
    static_cast<void>(dir.write("identity.json", "{}"));
    const RecorderFiles files(dir.path());
    for (int i = 0; i < 4; ++i) {
        const auto written =
            files.write(std::to_string(i), later.wall + std::chrono::seconds(i), 2);
        CHECK(written.problem.empty());
        CHECK(read_file(written.path) == std::to_string(i));
    }
    CHECK(read_file(dir / "recorder-19700112T134642Z.txt") == "2");
    CHECK(read_file(dir / "recorder-19700112T134643Z.txt") == "3");
    CHECK(read_file(dir / "identity.json") == "{}");
    CHECK_FALSE(std::filesystem::exists(dir / "recorder-19700112T134641Z.txt"));
    const auto failed = RecorderFiles(dir / "absent").write("x", later.wall, 1);
    CHECK(failed.problem == "No such file or directory");
}

}  // namespace exapulse::test
