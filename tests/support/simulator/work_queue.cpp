// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/simulator/work_queue.hpp"

namespace exapulse::test {

void WorkQueue::forget() {
    waiting_.clear();
    current_.reset();
}

void WorkQueue::finish_silently() {
    current_.reset();
    for (; !waiting_.empty(); waiting_.pop_front()) static_cast<void>(waiting_.front()());
}

WorkQueue::Clock::time_point WorkQueue::due() const {
    if (is_idle()) return Clock::time_point::max();
    return current_ ? due_ : Clock::time_point::min();
}

std::optional<WorkQueue::Bit> WorkQueue::next(Clock::time_point now) {
    for (;;) {
        if (is_idle()) return std::nullopt;
        if (!current_) begin(now);
        if (now < due_) return std::nullopt;
        auto& steps = current_->steps;
        if (step_ < steps.size()) {
            Bit bit{std::move(steps[step_].bytes)};
            if (++step_ < steps.size())
                due_ = now + steps[step_].delay;
            else
                bit.answers = current_->answers;
            return bit;
        }
        const auto then = current_->then;
        current_.reset();
        if (then != Reaction::Then::Stay) return Bit{{}, then};
    }
}

void WorkQueue::begin(Clock::time_point now) {
    const Work work = std::move(waiting_.front());
    waiting_.pop_front();
    current_ = work();
    step_ = 0;
    due_ = current_->steps.empty() ? now : now + current_->steps.front().delay;
}

}  // namespace exapulse::test
