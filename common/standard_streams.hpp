// SPDX-License-Identifier: BSD-3-Clause
// Standard streams that were closed when the process started.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace exapulse {

/// Opens /dev/null for each closed standard stream: otherwise the next socket would get its number,
/// and output would go there. It is opened in the wrong mode, so that reading or writing still
/// fails. Call before anything else is opened.
inline void occupy_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) < 0)
            static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

}  // namespace exapulse
