// SPDX-License-Identifier: BSD-3-Clause
// Reads and replaces small files. Reading does not rely on them being small regular files: it never
// waits for a FIFO, and never reads without bound.
#pragma once

#include <cstddef>
#include <string>
#include <sys/types.h>

namespace exapulse {

enum class SymbolicLinks { Follow, Refuse };

struct SmallFile {
    bool exists = false;  ///< something of that name exists, readable or not
    std::string problem;  ///< why `text` is empty, without the path; empty if the file was read
    std::string text;
    int error = 0;  ///< the errno if it could not be opened or read
};

/// Reads a regular file of at most `limit` bytes.
[[nodiscard]] SmallFile read_small_file(const std::string& path, std::size_t limit,
                                        SymbolicLinks links);

/// Replaces `path` and syncs it: a reader gets the old content or the new, never a mixture. The new
/// content is first written to `path`.new, after removing anything of that name. It gets the
/// permissions `mode`, less the umask. Returns an errno, or 0; on an error the old file is intact.
[[nodiscard]] int replace_file(const std::string& path, const std::string& text, mode_t mode);

}  // namespace exapulse
