// SPDX-License-Identifier: BSD-3-Clause
// identity.json: whatever stands there, exapulsed starts, and what it takes from it is an identity.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/protocol.hpp"
#include "daemon/identity/identity_store.hpp"
#include "tests/fuzz/property.hpp"

using namespace exapulse;
using fuzz::require;

namespace {

/// A folder of this process's own, gone at its end.
class Folder {
  public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "exapulse-fuzz.XXXXXX").string();
        require(mkdtemp(name.data()) != nullptr, "there is a folder to write into");
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    const std::string file = folder.path() + "/identity.json";
    std::ofstream(file, std::ios::binary) << fuzz::text_of(data, size);

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
