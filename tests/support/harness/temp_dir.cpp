// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/harness/temp_dir.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace exapulse::test {

TempDir::TempDir() : path_("/tmp/exapulse.XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp " + path_);
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
}

std::string TempDir::write(std::string_view name, std::string_view content) const {
    const std::string path = *this / name;
    std::ofstream file(path, std::ios::binary);
    file << content << std::flush;
    if (!file) throw std::runtime_error("can't write " + path);
    return path;
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("can't read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace exapulse::test
