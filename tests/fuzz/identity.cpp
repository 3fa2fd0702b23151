// SPDX-License-Identifier: BSD-3-Clause
// identity.json: whatever stands there, exapulsed starts, and what it takes from it is an identity.
#include <filesystem>
#include <string>

#include "common/protocol.hpp"
#include "daemon/identity/identity_store.hpp"
#include "tests/fuzz/folder.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::Folder folder;
    const std::string file = folder / "identity.json";
    folder.write("identity.json", fuzz::text_of(data, size));

    IdentityStore store(folder.path());
    const auto known = store.load();
    require(known.has_value() == store.problem().empty(), "a file that is not taken is a problem");
    require(known.has_value() == std::filesystem::exists(file), "and is set aside");
    if (!known) return 0;
    require(is_uuid(known->uuid), "what is known is a UUID");
    require(store.save(*known), "it can be saved");
    const auto again = store.load();
    require(again && again->uuid == known->uuid && again->seen == known->seen, "and read back");
    return 0;
}
