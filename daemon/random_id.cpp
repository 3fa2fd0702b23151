// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/random_id.hpp"

#include <array>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

#include <fmt/format.h>

namespace exapulse {

namespace {

std::array<unsigned char, 16> random_bytes() {
    std::array<unsigned char, 16> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw std::system_error(errno, std::generic_category(), "getrandom");
    return bytes;
}

}  // namespace

std::string random_uuid() {
    auto bytes = random_bytes();
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += fmt::format("{:02x}", bytes[i]);
    }
    return text;
}

std::string random_token() {
    std::string text = "exapulse-";
    for (const unsigned char byte : random_bytes()) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace exapulse
