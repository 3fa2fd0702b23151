// SPDX-License-Identifier: BSD-3-Clause
// Each of daemon/uv may be destroyed in its own callback, whose captures live until it returns.
#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "common/file_descriptor.hpp"
#include "daemon/uv/after_read.hpp"
#include "daemon/uv/closing_watch.hpp"
#include "daemon/uv/folder_watch.hpp"
#include "daemon/uv/next_turn.hpp"
#include "daemon/uv/pipe.hpp"
#include "daemon/uv/poll.hpp"
#include "daemon/uv/process_watch.hpp"
#include "daemon/uv/signal.hpp"
#include "daemon/uv/timer.hpp"
#include "daemon/uv/turn_end.hpp"
#include "daemon/uv/write_watch.hpp"
#include "tests/support/harness/temp_dir.hpp"

using namespace exapulse;

namespace {

/// Holds one of daemon/uv, and makes the callback that destroys it.
template <class Watch>
class Victim {
  public:
    template <class... Arguments>
    explicit Victim(Arguments&&... arguments)
        : watch_(std::make_unique<Watch>(std::forward<Arguments>(arguments)..., callback())) {}

    [[nodiscard]] Watch& operator*() { return *watch_; }
    [[nodiscard]] int calls() const { return calls_; }
    [[nodiscard]] bool intact() const { return intact_; }

  private:
    [[nodiscard]] auto callback() {
        return [this, captured = std::make_shared<int>()](auto&&...) {
            // Not in the callback's own memory, which is what is in question.
            Victim& victim = *this;
            const std::weak_ptr<int> still_there = captured;
            ++victim.calls_;
            victim.watch_.reset();
            victim.intact_ = !still_there.expired();
        };
    }

    int calls_ = 0;
    bool intact_ = false;
    std::unique_ptr<Watch> watch_;
};

template <class Watch>
void check(const Victim<Watch>& victim) {
    CHECK(victim.calls() == 1);
    CHECK(victim.intact());
}

/// A file that is open for writing.
struct File {
    test::TempDir dir;
    std::string path = dir / "file";
    FileDescriptor fd{open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
};

/// Ends the pipe in the call that a test is about.
class PipeOwner final : public uv::Pipe::Owner {
  public:
    enum class Call { Connection, Read, Sent };
    PipeOwner(uv::Loop& loop, Call last) : pipe(std::make_unique<uv::Pipe>(loop)), last_(last) {
        pipe->set_owner(*this);
    }

    void on_connection(std::error_code) override {
        if (last_ == Call::Read) pipe->start_reading();
        called(Call::Connection);
    }
    void on_read(std::string_view, std::error_code) override { called(Call::Read); }
    void on_sent() override { called(Call::Sent); }

    std::unique_ptr<uv::Pipe> pipe;
    int calls = 0;

  private:
    void called(Call call) {
        if (call != last_) return;
        ++calls;
        pipe.reset();
    }
    Call last_;
};

/// Listens on a socket file; `peer` is the other end of it.
struct Listening {
    test::TempDir dir;
    std::string path = dir / "socket";
    FileDescriptor fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};

    Listening() {
        const sockaddr_un at = address();
        REQUIRE(bind(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
        REQUIRE(listen(fd.get(), 1) == 0);
    }
    [[nodiscard]] sockaddr_un address() const {
        sockaddr_un made{};
        made.sun_family = AF_UNIX;
        path.copy(static_cast<char*>(made.sun_path), sizeof made.sun_path - 1);
        return made;
    }
};

}  // namespace

TEST_CASE("a timer, a turn of the loop and its end may be destroyed in their own call") {
    uv::Loop loop;
    Victim<uv::Timer> timer(loop);
    Victim<uv::NextTurn> next_turn(loop);
    Victim<uv::AfterRead> after_read(loop);
    Victim<uv::TurnEnd> turn_end(loop);
    (*timer).start(std::chrono::milliseconds(1));
    (*next_turn).ask();
    (*after_read).start();
    loop.run();
    check(timer);
    check(next_turn);
    check(after_read);
    check(turn_end);
}

TEST_CASE("a signal may be destroyed in its own call") {
    uv::Loop loop;
    Victim<uv::Signal> signal(loop, SIGUSR1);
    raise(SIGUSR1);
    loop.run();
    check(signal);
}

TEST_CASE("a poll may be destroyed in its own call") {
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    const FileDescriptor out(ends[0]), in(ends[1]);
    uv::Loop loop;
    Victim<uv::Poll> poll(loop, out.get());
    (*poll).start(UV_READABLE);
    REQUIRE(write(in.get(), "x", 1) == 1);
    loop.run();
    check(poll);
}

TEST_CASE("the watches of files may be destroyed in their own call") {
    SUBCASE("of a directory") {
        const test::TempDir dir;
        uv::Loop loop;
        Victim<uv::FolderWatch> watch(loop, dir.path());
        REQUIRE_FALSE((*watch).problem());
        // Two changes at once: the second must find nobody.
        std::ofstream(dir / "one");
        std::ofstream(dir / "other");
        loop.run();
        check(watch);
    }
    SUBCASE("of writes") {
        const File file;
        uv::Loop loop;
        Victim<uv::WriteWatch> watch(loop, file.fd.get());
        REQUIRE((*watch).works());
        REQUIRE(write(file.fd.get(), "x", 1) == 1);
        loop.run();
        check(watch);
    }
    SUBCASE("of a closing") {
        File file;
        uv::Loop loop;
        Victim<uv::ClosingWatch> watch(loop, file.fd.get());
        file.fd.reset();
        loop.run();
        check(watch);
    }
}

TEST_CASE("the watch of a process may be destroyed in its own call") {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    REQUIRE(child > 0);
    {
        uv::Loop loop;
        Victim<uv::ProcessWatch> watch(loop, child);
        loop.run();
        check(watch);
    }
    waitpid(child, nullptr, 0);
}

TEST_CASE("a pipe may be destroyed in each call to its owner") {
    using Call = PipeOwner::Call;
    const Listening server;
    SUBCASE("it has connected, or could not") {
        uv::Loop loop;
        PipeOwner connects(loop, Call::Connection), fails(loop, Call::Connection);
        connects.pipe->connect(server.path);
        fails.pipe->connect(server.path + ".none");
        loop.run();
        CHECK(connects.calls == 1);
        CHECK(fails.calls == 1);
    }
    SUBCASE("it reads, and it has sent what the kernel did not take at once") {
        uv::Loop loop;
        PipeOwner reads(loop, Call::Read), sends(loop, Call::Sent);
        for (PipeOwner* owner : {&reads, &sends}) owner->pipe->connect(server.path);
        const FileDescriptor first(accept4(server.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
        const FileDescriptor second(accept4(server.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
        REQUIRE(second.is_open());
        REQUIRE(write(first.get(), "x", 1) == 1);
        // Queued: the connection is not established for libuv before the loop runs.
        sends.pipe->write(std::string(1'000, 'x'));
        loop.run();
        CHECK(reads.calls == 1);
        CHECK(sends.calls == 1);
    }
}
