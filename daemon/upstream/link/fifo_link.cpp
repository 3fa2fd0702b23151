// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/upstream/link/fifo_link.hpp"

#include <array>
#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/units.hpp"

namespace exapulse {

namespace {

/// All reads of the one loop thread go through here: a read is consumed before the next begins.
std::array<char, 65'536> read_buffer;

/// What can be read now without waiting, at most one buffer.
std::string_view read_some(int fd) {
    const ssize_t got = read(fd, read_buffer.data(), read_buffer.size());
    return {read_buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

/// All that can be read now.
std::string read_all(int fd) {
    std::string all;
    for (auto some = read_some(fd); !some.empty(); some = read_some(fd)) all += some;
    return all;
}

bool is_empty(int fd) {
    int waiting = 0;
    return ioctl(fd, FIONREAD, &waiting) == 0 && waiting == 0;
}

bool is_at(const std::string& path, const struct stat& file) {
    struct stat found {};
    return stat(path.c_str(), &found) == 0 && found.st_dev == file.st_dev &&
           found.st_ino == file.st_ino;
}

}  // namespace

void FifoLink::open() {
    assert(visits_ == nullptr);
    if (const auto failure = open_both()) {
        tell_open(failure);
        return;
    }
    if (const std::string old = read_all(answers_.fd.get()); !old.empty())
        spdlog::info("upstream: dropped {} of answers to somebody else that {} held",
                     counted(old.size(), "byte"), answer_pipe(name_));
    visits_ = std::make_unique<uv::WriteWatch>(loop_, commands_.fd.get(), on_visit_);
    // A writer that died may have left half a line with the relay. A space, and then the probe,
    // make it a line that means nothing; an LF would make it a command.
    visits_->before_writing();
    if (::write(commands_.fd.get(), " ", 1) > 0) visits_->after_writing();

    poll_answers();
    command_poll_ = std::make_unique<uv::Poll>(loop_, commands_.fd.get(),
                                               [this](int events) { on_command_pipe(events); });
    command_poll_->start(UV_DISCONNECT);
    tell_open(std::nullopt);
}

std::optional<UpstreamLink::Failure> FifoLink::open_both() {
    if (auto problem = fifo_pair_problem(name_)) return problem;
    if (auto failure = open_answers()) return failure;
    auto commands = open_command_pipe(name_);
    if (auto* failure = std::get_if<Failure>(&commands)) return *failure;
    commands_ = std::move(std::get<FifoEnd>(commands));
    spare_.reset(fcntl(commands_.fd.get(), F_DUPFD_CLOEXEC, 0));
    return std::nullopt;
}

std::optional<UpstreamLink::Failure> FifoLink::open_answers() {
    auto answers = open_answer_pipe(name_);
    if (auto* failure = std::get_if<Failure>(&answers)) return *failure;
    if (const auto holder = lock_.take(name_, std::get<FifoEnd>(answers).file))
        return Failure{Cause::Refused, *holder};
    answer_poll_.reset();  // before what it polls
    answers_ = std::move(std::get<FifoEnd>(answers));
    return std::nullopt;
}

void FifoLink::poll_answers() {
    if (paused_) return;
    answer_poll_ =
        std::make_unique<uv::Poll>(loop_, answers_.fd.get(), [this](int) { on_answer_pipe(); });
    answer_poll_->start(UV_READABLE);
}

void FifoLink::pause_reading() {
    paused_ = true;
    answer_poll_.reset();
}

void FifoLink::resume_reading() {
    paused_ = false;
    poll_answers();
}

FifoLink::Names FifoLink::follow_names() {
    assert(commands_.fd.is_open());
    Names names;
    names.commands_replaced = !is_at(command_pipe(name_), commands_.file);
    if (is_at(answer_pipe(name_), answers_.file)) return names;
    if (const auto failure = open_answers())
        names.no_answers = failure->detail;
    else
        poll_answers();
    return names;
}

void FifoLink::on_command_pipe(int events) {
    if (events == 0)
        helper_ended();
    else
        flush();
}

void FifoLink::on_answer_pipe() {
    if (const auto bytes = read_some(answers_.fd.get()); !bytes.empty()) tell_bytes(bytes);
}

void FifoLink::write(std::string_view bytes) {
    out_ += bytes;
    flush();
}

void FifoLink::flush() {
    assert(visits_ != nullptr && command_poll_ != nullptr);
    if (is_empty(commands_.fd.get())) written_.clear();
    visits_->before_writing();
    const ssize_t left = ::write(commands_.fd.get(), out_.data(), out_.size());
    if (left > 0) {
        visits_->after_writing();
        written_.append(out_, 0, static_cast<std::size_t>(left));
        out_.erase(0, static_cast<std::size_t>(left));
        // Only what fits into the pipe can still be in it.
        const auto room = static_cast<std::size_t>(fcntl(commands_.fd.get(), F_GETPIPE_SZ));
        if (written_.size() > room) written_.erase(0, written_.size() - room);
    }
    // EPIPE needs no answer here: the poll reports that the relay has ended.
    command_poll_->start(UV_DISCONNECT | (out_.empty() ? 0 : UV_WRITABLE));
}

bool FifoLink::take_back(std::uint64_t bytes) {
    if (bytes > out_.size()) return false;
    out_.resize(out_.size() - bytes);
    return true;
}

void FifoLink::helper_ended() {
    recover_unread();
    const std::string last = read_all(answers_.fd.get());
    const std::weak_ptr<void> life = life_;
    if (!last.empty()) tell_bytes(last);
    if (!life.expired()) tell_end("ExaBGP's helper that reads the pipes is gone");
}

/// Takes back what nobody has read by now, and nobody will. It counts as ours only if it is the end
/// of what we wrote: another program may have written into the pipe as well.
void FifoLink::recover_unread() {
    assert(commands_.fd.is_open());
    spare_.reset();
    const std::string same_pipe = fmt::format("/proc/self/fd/{}", commands_.fd.get());
    const FileDescriptor reader(::open(same_pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!reader.is_open()) return;
    const std::string left = read_all(reader.get());
    if (std::string_view(written_).ends_with(left)) unread_ = left.size();
}

}  // namespace exapulse
