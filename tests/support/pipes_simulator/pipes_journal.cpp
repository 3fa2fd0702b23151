// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/pipes_simulator/pipes_journal.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace exapulse::test {

namespace {

constexpr std::string_view kind_received = "received";
constexpr std::string_view kind_killed = "killed";
constexpr std::string_view kind_answered = "answered";

}  // namespace

PipesJournal::PipesJournal(const std::string& path) {
    if (path.empty()) return;
    file_.reset(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file_.is_open()) throw std::system_error(errno, std::generic_category(), "open " + path);
}

void PipesJournal::received(std::string_view line) {
    append(kind_received, line);
}

void PipesJournal::killed(std::string_view whom) {
    append(kind_killed, whom);
}

void PipesJournal::answered(std::string_view line) {
    append(kind_answered, line);
}

void PipesJournal::append(std::string_view kind, std::string_view text) {
    if (!file_.is_open()) return;
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const std::string entry = fmt::format("{} {} {}\n", now.count(), kind, text);
    if (write(file_.get(), entry.data(), entry.size()) != static_cast<ssize_t>(entry.size()))
        throw std::system_error(errno, std::generic_category(), "write to the journal");
}

PipesJournal::Content PipesJournal::read(const std::string& path) {
    Content content;
    std::ifstream file(path, std::ios::binary);
    std::chrono::steady_clock::rep time = 0;
    std::string kind, text;
    while (file >> time >> kind && file.ignore(1) && std::getline(file, text)) {
        if (file.eof()) break;  // it is being written
        using Time = std::chrono::steady_clock::time_point;
        if (kind == kind_received)
            content.lines.push_back({Time(Time::duration(time)), text});
        else if (kind == kind_answered)
            content.answered.push_back({Time(Time::duration(time)), text});
        else
            ++content.killed;
    }
    return content;
}

}  // namespace exapulse::test
