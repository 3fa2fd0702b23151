// SPDX-License-Identifier: BSD-3-Clause
#include "daemon/system/log.hpp"

#include <cerrno>
#include <memory>
#include <mutex>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "common/printable.hpp"
#include "common/secrets.hpp"
#include "daemon/system/journal.hpp"

namespace exapulse {

namespace {

/// `<N>`, the priority of syslog(3) that systemd strips from a line.
class Priority final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& out) override {
        char priority = '6';
        if (message.level == spdlog::level::debug) priority = '7';
        if (message.level == spdlog::level::warn) priority = '4';
        if (message.level >= spdlog::level::err) priority = '3';
        for (const char c : {'<', priority, '>'}) out.push_back(c);
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<Priority>();
    }
};

/// The message of a line, made printable in this one place: messages contain process names, texts
/// from ExaBGP and lines of clients, none of which may control a terminal or start a new line.
/// Passwords are masked.
class Message final : public spdlog::custom_flag_formatter {
  public:
    /// Below the length at which systemd's journal splits a line.
    static constexpr std::size_t longest = 16U << 10;

    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& out) override {
        std::string_view text(message.payload.data(), message.payload.size());
        std::string masked;
        if (may_hold_secrets(text)) text = masked = mask_secrets(text);
        for (const char c : printable_start(text, longest)) out.push_back(c);
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<Message>();
    }
};

/// Whole lines, in one write each time it is flushed. What standard error does not take is lost.
class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
  private:
    static constexpr std::size_t most_waiting = 64U << 10;

    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        waiting_.append(line.data(), line.size());
        if (waiting_.size() >= most_waiting) flush_();
    }
    void flush_() override {
        for (std::string_view rest = waiting_; !rest.empty();) {
            const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) break;
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        waiting_.clear();
    }

    std::string waiting_;
};

/// Not flushed by its own lines; nullptr before start_log().
std::shared_ptr<spdlog::logger> patient;  // NOLINT: as global as spdlog's own

}  // namespace

void log_with_next(spdlog::level::level_enum level, std::string_view text) {
    if (patient && spdlog::should_log(level)) patient->log(level, text);
}

void flush_log() {
    if (patient) patient->flush();
}

void start_log() {
    auto sink = std::make_shared<StandardError>();
    auto logger = std::make_shared<spdlog::logger>("exapulsed", sink);
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<Priority>('*').add_flag<Message>('v');
    formatter->set_pattern(journal_reads_stderr() ? "%*%v" : "%Y-%m-%d %H:%M:%S.%e %l: %v");
    logger->set_formatter(std::move(formatter));
    logger->flush_on(spdlog::level::debug);
    patient = std::make_shared<spdlog::logger>("exapulsed", std::move(sink));
    patient->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

void set_log_level(const std::string& level) {
    spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace exapulse
