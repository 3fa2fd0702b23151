// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/clients/session_input.hpp"

#include <cassert>
#include <utility>

namespace exapulse {

void SessionInput::add(std::string_view bytes) {
    bytes_.erase(0, std::exchange(taken_, 0));
    bytes_ += bytes;
}

void SessionInput::handle(std::size_t most, const LineFramer::Sink& sink) {
    framer_.set_limit(most);
    taken_ += framer_.feed(std::string_view(bytes_).substr(taken_), sink);
    assert(taken_ <= bytes_.size());
}

void SessionInput::drop() {
    bytes_.clear();
    taken_ = 0;
}

}  // namespace exapulse
