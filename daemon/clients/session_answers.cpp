// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_answers.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace exapulse {

void SessionAnswers::keep(Slot slot) {
    assert(head_ <= slots_.size());
    // Free slots are released when they are half of all, so that a slot moves once on average.
    if (head_ > slots_.size() / 2) {
        slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
    }
    slots_.push_back(std::move(slot));
}

void SessionAnswers::expect(CommandId id, std::size_t bytes, bool acks) {
    assert(id > last_id_);
    last_id_ = id;
    keep({id, bytes, {}, false, acks});
    bytes_ += bytes;
}

void SessionAnswers::add(std::string text) {
    bytes_ += text.size();
    text_ += text.size();
    keep({last_id_, 0, std::move(text), true, true});
}

SessionAnswers::Slot* SessionAnswers::find(CommandId id) {
    // The first one with an id is the command's, those after it are exapulsed's own.
    const auto begin = slots_.begin() + static_cast<std::ptrdiff_t>(head_);
    const auto found = std::lower_bound(begin, slots_.end(), id,
                                        [](const Slot& slot, CommandId i) { return slot.id < i; });
    return found == slots_.end() || found->id != id || found->complete ? nullptr : &*found;
}

std::string SessionAnswers::append(CommandId id, std::string_view text) {
    Slot* slot = find(id);
    if (slot == nullptr || (!slot->acks && text.starts_with("error: "))) return {};
    slot->text += text;
    bytes_ += text.size();
    text_ += text.size();
    return take_ready();
}

std::string SessionAnswers::finish(CommandId id, std::string_view text) {
    Slot* slot = find(id);
    if (slot == nullptr) return {};
    slot->complete = true;
    if (!slot->acks) text = {};
    slot->text += text;
    bytes_ += text.size();
    text_ += text.size();
    return take_ready();
}

std::string SessionAnswers::finish_all(std::string_view text) {
    for (std::size_t i = head_; i < slots_.size(); ++i) {
        Slot& slot = slots_[i];
        if (std::exchange(slot.complete, true) || !slot.acks) continue;
        slot.text += text;
        bytes_ += text.size();
        text_ += text.size();
    }
    return take_ready();
}

std::string SessionAnswers::take_ready() {
    std::string ready;
    while (!empty()) {
        Slot& head = slots_[head_];
        assert(text_ >= head.text.size());
        assert(bytes_ >= head.text.size());
        bytes_ -= head.text.size();
        text_ -= head.text.size();
        if (ready.empty())
            ready = std::exchange(head.text, {});
        else
            ready += std::exchange(head.text, {});
        if (!head.complete) break;
        assert(bytes_ >= head.bytes);
        bytes_ -= head.bytes;
        ++head_;
    }
    assert(!empty() || (bytes_ == 0 && text_ == 0));
    return ready;
}

}  // namespace exapulse
