// SPDX-License-Identifier: BSD-3-Clause
// Folder: a directory of a fuzzer's own, in memory where the host has that, gone at its end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/fuzz/property.hpp"

namespace exapulse::fuzz {

class Folder {
  public:
    Folder() : path_(below() / "exapulse-fuzz.XXXXXX") {
        require(mkdtemp(path_.data()) != nullptr, "there is a folder to write into");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string operator/(std::string_view name) const {
        return path_ + '/' + std::string(name);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

    void write(std::string_view name, std::string_view content) const {
        std::ofstream(*this / name, std::ios::binary) << content;
    }
    [[nodiscard]] std::string read(std::string_view name) const {
        std::ifstream file(*this / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// Removes all that is in it.
    void clear() const {
        for (const auto& entry : std::filesystem::directory_iterator(path_))
            std::filesystem::remove_all(entry.path());
    }

  private:
    [[nodiscard]] static std::filesystem::path below() {
        const std::filesystem::path memory = "/dev/shm";
        return std::filesystem::is_directory(memory) ? memory
                                                     : std::filesystem::temp_directory_path();
    }

    std::string path_;
};

}  // namespace exapulse::fuzz
