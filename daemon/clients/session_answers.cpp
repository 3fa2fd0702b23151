// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_answers.hpp"

#include <utility>

namespace exapulse {

void SessionAnswers::expect(CommandId id, std::size_t bytes) {
    places_[id] = gone_ + slots_.size();
    slots_.push_back({id, bytes, {}, false});
    bytes_ += bytes;
}

void SessionAnswers::add(std::string text) {
    bytes_ += text.size();
    text_ += text.size();
    slots_.push_back({0, 0, std::move(text), true});
}

SessionAnswers::Slot* SessionAnswers::find(CommandId id) {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &slots_[found->second - gone_];
}

std::string SessionAnswers::append(CommandId id, std::string_view text) {
    Slot* slot = find(id);
    if (slot == nullptr) return {};
    slot->text += text;
    bytes_ += text.size();
    text_ += text.size();
    return take_ready();
}

std::string SessionAnswers::finish(CommandId id, std::string_view text) {
    Slot* slot = find(id);
    if (slot == nullptr) return {};
    places_.erase(id);
    slot->complete = true;
    slot->text += text;
    bytes_ += text.size();
    text_ += text.size();
    return take_ready();
}

std::string SessionAnswers::finish_all(std::string_view text) {
    for (Slot& slot : slots_) {
        if (std::exchange(slot.complete, true)) continue;
        slot.text += text;
        bytes_ += text.size();
        text_ += text.size();
    }
    places_.clear();
    return take_ready();
}

std::string SessionAnswers::take_ready() {
    std::string ready;
    while (!slots_.empty()) {
        Slot& head = slots_.front();
        bytes_ -= head.text.size();
        text_ -= head.text.size();
        ready += std::exchange(head.text, {});
        if (!head.complete) break;
        bytes_ -= head.bytes;
        slots_.pop_front();
        ++gone_;
    }
    return ready;
}

}  // namespace exapulse
