// SPDX-License-Identifier: BSD-3-Clause
// HiddenHistory: exapulsed, started anew while history.db can't be read.
#pragma once

#include <csignal>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "tests/integration/service.hpp"

namespace exapulse::test {

class HiddenHistory {
  public:
    /// Stops exapulsed, and starts it with a directory in the place of history.db.
    explicit HiddenHistory(Service& service) : file_(service.dir() / "state/history.db") {
        service.process().signal(SIGTERM);
        REQUIRE(service.process().wait_exit());
        std::filesystem::rename(file_, file_ + ".old");
        std::filesystem::create_directory(file_);
        service.start();
        service.await("up");
    }
    /// The file is there again, as it was.
    void show() {
        std::filesystem::remove(file_);
        std::filesystem::rename(file_ + ".old", file_);
    }

  private:
    std::string file_;
};

}  // namespace exapulse::test
