// SPDX-License-Identifier: BSD-3-Clause
// A library for LD_PRELOAD: the wall clock of the program is off by as many nanoseconds as the file
// named by EXAPULSE_WALL_CLOCK says, an int64 that may change at any time.
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

const volatile std::int64_t* map_offset() {
    static const std::int64_t none = 0;
    const char* path = std::getenv("EXAPULSE_WALL_CLOCK");
    const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return &none;
    void* memory = mmap(nullptr, sizeof(none), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return memory == MAP_FAILED ? &none : static_cast<const volatile std::int64_t*>(memory);
}

using ClockGettime = int (*)(clockid_t, timespec*);

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    static const auto real = reinterpret_cast<ClockGettime>(dlsym(RTLD_NEXT, "clock_gettime"));
    static const volatile std::int64_t* offset = map_offset();
    constexpr std::int64_t second = 1'000'000'000;
    const int result = real(clock, time);
    if (result != 0 || clock != CLOCK_REALTIME) return result;
    const std::int64_t now = time->tv_sec * second + time->tv_nsec + *offset;
    time->tv_sec = now / second;
    time->tv_nsec = now % second;
    return 0;
}

extern "C" int gettimeofday(timeval* time, void*) noexcept {
    timespec now{};
    const int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1'000;
    return result;
}

extern "C" std::time_t time(std::time_t* result) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != nullptr) *result = now.tv_sec;
    return now.tv_sec;
}
