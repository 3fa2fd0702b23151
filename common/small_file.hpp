// SPDX-License-Identifier: BSD-3-Clause
// A small file, read whole without trusting it to be one: never waits for a FIFO, never reads
// without bound.
#pragma once

#include <cstddef>
#include <string>
#include <sys/types.h>

namespace exapulse {

enum class SymbolicLinks { Follow, Refuse };

struct SmallFile {
    bool exists = false;  ///< there is something of that name, readable or not
    std::string problem;  ///< why `text` is empty, without the path; empty when the file was read
    std::string text;
};

/// Reads a regular file of at most `limit` bytes.
[[nodiscard]] SmallFile read_small_file(const std::string& path, std::size_t limit,
                                        SymbolicLinks links);

/// Replaces `path` and syncs it: a reader finds the old content or the new, never a mixture.
/// The new content is first written to a new file `path`.new; anything of that name that can be
/// removed is. It gets the permissions `mode`, less the umask. Returns an errno, or 0; the old
/// file is whole whenever it is not 0.
[[nodiscard]] int replace_file(const std::string& path, const std::string& text, mode_t mode);

}  // namespace exapulse
