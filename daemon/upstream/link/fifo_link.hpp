// SPDX-License-Identifier: BSD-3-Clause
// FifoLink: the channel to ExaBGP 4.2 and 5.0, a pair of named pipes.
#pragma once

#include <cassert>
#include <memory>
#include <string>

#include "daemon/upstream/link/fifo_lock.hpp"
#include "daemon/upstream/link/fifo_pair.hpp"
#include "daemon/upstream/link/upstream_link.hpp"
#include "daemon/uv/poll.hpp"
#include "daemon/uv/write_watch.hpp"

namespace exapulse {

/// ExaBGP's helper, the relay, has NAME.in open for as long as it lives; the kernel notifies the
/// writer when that ends. What the dead relay had not read is taken out of the pipe again: the next
/// one would execute it, long after the client was told that it is lost.
class FifoLink final : public UpstreamLink {
  public:
    /// `lock` must outlive the link. `on_visit` is called when take_visit() has something to
    /// report.
    FifoLink(uv::Loop& loop, std::string name, FifoLock& lock, Callbacks callbacks,
             std::function<void()> on_visit)
        : UpstreamLink(std::move(callbacks)),
          loop_(loop),
          name_(std::move(name)),
          lock_(lock),
          on_visit_(std::move(on_visit)) {}

    void open() override;
    void write(std::string_view bytes) override;
    [[nodiscard]] std::uint64_t unsent() const override { return out_.size() + unread_; }
    void pause_reading() override;
    void resume_reading() override;
    bool take_back(std::uint64_t bytes) override;
    [[nodiscard]] bool failed() const override { return false; }

    /// ExaBGP's helper has ended, whoever still holds the pipes open: ends the link, once its last
    /// answers were reported.
    void helper_ended();

    /// What has become of the pipes' names since they were opened.
    struct Names {
        bool commands_replaced = false;  ///< NAME.in is another pipe, or none; ExaBGP reads the old
        std::string no_answers;          ///< why ExaBGP can't answer: what is wrong with NAME.out
    };

    /// ExaBGP opens NAME.out by its name for each line of an answer: one that was made anew is read
    /// from now on. NAME.in it keeps open, and so do we.
    [[nodiscard]] Names follow_names();

    /// Whether opens and writes of NAME.in by others are seen, and those since the last call.
    [[nodiscard]] bool sees_visits() const {
        assert(visits_ != nullptr);
        return visits_->works();
    }
    [[nodiscard]] uv::WriteWatch::Visit take_visit() {
        assert(visits_ != nullptr);
        return visits_->take_visit();
    }

    /// The pipes that are open, as fstat(2) describes them.
    [[nodiscard]] const struct stat& command_file() const { return commands_.file; }
    [[nodiscard]] const struct stat& answer_file() const { return answers_.file; }
    [[nodiscard]] int command_fd() const { return commands_.fd.get(); }

  private:
    [[nodiscard]] std::optional<Failure> open_both();
    [[nodiscard]] std::optional<Failure> open_answers();
    void poll_answers();
    void on_command_pipe(int events);
    void on_answer_pipe();
    void flush();
    void recover_unread();

    uv::Loop& loop_;
    std::string name_;
    FifoLock& lock_;
    std::function<void()> on_visit_;
    FifoEnd commands_, answers_;
    FileDescriptor spare_;      // closed by recover_unread(), which needs one where none is free
    std::string out_;           // not written yet
    std::string written_;       // since the pipe was last seen empty
    std::uint64_t unread_ = 0;  // of written_: what a relay that died had not read
    bool paused_ = false;       // answers stay in the pipe
    std::unique_ptr<uv::Poll> command_poll_, answer_poll_;
    std::unique_ptr<uv::WriteWatch> visits_;                 // of NAME.in, once it is open
    std::shared_ptr<void> life_ = std::make_shared<char>();  // expires with the link
};

}  // namespace exapulse
