// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/identity/identity_store.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/file_descriptor.hpp"
#include "common/json.hpp"
#include "common/protocol.hpp"
#include "common/small_file.hpp"
#include "common/units.hpp"

namespace exapulse {

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// save() writes about 100 bytes.
constexpr std::size_t largest_file = 64U << 10;

constexpr Milliseconds first_pause = 1s;
constexpr Milliseconds longest_pause = 1min;

std::optional<KnownInstance> parse_known(const std::string& text) {
    const json value = json::parse(text, nullptr, false);
    if (!value.is_object()) return std::nullopt;
    const auto uuid = value.find("uuid");
    const auto seen = value.find("seen");
    if (uuid == value.end() || !uuid->is_string()) return std::nullopt;
    if (!is_uuid(uuid->get<std::string>())) return std::nullopt;
    if (seen == value.end() || !seen->is_string()) return std::nullopt;
    const auto time = parse_time(seen->get<std::string>());
    if (!time) return std::nullopt;
    return KnownInstance{uuid->get<std::string>(), *time};
}

}  // namespace

IdentityStore::IdentityStore(std::string directory)
    : path_((std::filesystem::path(std::move(directory)) / "identity.json").string()) {}

std::optional<KnownInstance> IdentityStore::load() {
    problem_.clear();
    const SmallFile file = read_small_file(path_, largest_file, SymbolicLinks::Refuse);
    if (!file.exists) return std::nullopt;
    if (lacks_resources(file.error))
        throw std::runtime_error(fmt::format("{} {}", path_, file.problem));
    if (auto known = parse_known(file.text)) return known;
    // An empty file counts as damaged too: a full disk may have truncated it.
    problem_ = fmt::format("{} {}", path_,
                           !file.problem.empty() ? file.problem
                           : file.text.empty()   ? "is empty"
                                                 : "is damaged");
    const std::string aside = path_ + ".damaged";
    if (std::rename(path_.c_str(), aside.c_str()) == 0)
        problem_ += fmt::format("; renamed to {}", aside);
    problem_ += "; a restart of ExaBGP before this start cannot be detected";
    return std::nullopt;
}

bool IdentityStore::save(const KnownInstance& known) {
    assert(is_uuid(known.uuid));  // otherwise load() would reject the file
    problem_.clear();
    const json value{{"uuid", known.uuid}, {"seen", format_time(known.seen)}};
    const std::string text = json_text(value) + "\n";
    const int error = replace_file(path_, text, 0644);
    if (error == 0) {
        unsaved_.reset();
        return true;
    }
    pause_ = unsaved_ ? std::min(pause_ * 2, longest_pause) : first_pause;
    unsaved_ = known;
    problem_ = fmt::format(
        "{} cannot be written: {}; exapulsed keeps running and retries, but until that succeeds "
        "the next start of exapulsed knows only what was saved before",
        path_, std::strerror(error));
    return false;
}

bool IdentityStore::retry() {
    return !unsaved_ || save(KnownInstance(*unsaved_));
}

}  // namespace exapulse
