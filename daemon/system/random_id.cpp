// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/random_id.hpp"

#include <array>
#include <cerrno>
#include <sys/random.h>
#include <system_error>
#include <uuid/uuid.h>

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
    uuid_t made{};
    std::array<char, UUID_STR_LEN> text{};
    uuid_generate_random(made);
    uuid_unparse_lower(made, text.data());
    return text.data();
}

std::string random_token() {
    std::string text = "exapulse-";
    for (const unsigned char byte : random_bytes()) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace exapulse
