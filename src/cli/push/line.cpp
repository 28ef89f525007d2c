#include "cli/push/line.hpp"

#include <unistd.h>

#include <cstdio>
#include <vector>

#include "cli/terminal.hpp"
#include "core/text.hpp"

namespace cdr::cli::push {
namespace {

constexpr std::size_t bar_width = 20;

void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

Line::Line()
    : shown_(is_capable_terminal(STDERR_FILENO)), began_(std::chrono::steady_clock::now()) {}

Line::~Line() {
  end();
}

void Line::begin(std::size_t interactions) {
  all_ = interactions;
  began_ = std::chrono::steady_clock::now();
  text_.clear();
  draw();
}

void Line::advance(std::size_t interactions, std::uint64_t rows) {
  done_ += interactions;
  rows_ = rows;
  text_.clear();
  draw();
}

void Line::show(const std::string& text) {
  text_ = text;
  draw();
}

void Line::say(const std::string& text) {
  write((shown_ ? "\r\x1b[K" : "") + shown(text) + '\n');
}

void Line::end() {
  if (shown_) write("\r\x1b[K");
}

void Line::draw() const {
  if (!shown_) return;
  std::vector<std::string> parts;
  if (!text_.empty()) {
    parts.push_back(text_);
  } else {
    const double part = all_ == 0 ? 0 : static_cast<double>(done_) / static_cast<double>(all_);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    const auto filled = static_cast<std::size_t>(part * bar_width);
    std::string bar(filled, '=');
    if (filled < bar_width) bar += '>';
    bar.resize(bar_width, ' ');
    char percent[32];
    std::snprintf(percent, sizeof percent, "] %3.0f %%", part * 100);
    parts.push_back('[' + bar + percent);
    parts.push_back(std::to_string(done_) + '/' + std::to_string(all_) + " interactions");
    if (seconds > 0)
      parts.push_back(std::to_string(static_cast<long long>(static_cast<double>(rows_) / seconds)) +
                      " rows/s");
    if (part > 0) {
      const auto left = static_cast<long long>(seconds / part - seconds);
      char clock[32];
      std::snprintf(clock, sizeof clock, "%lld:%02lld left", left / 60, left % 60);
      parts.push_back(clock);
    }
  }
  const std::size_t width = terminal_width(STDERR_FILENO);
  std::string text;
  for (const std::string& each : parts) {
    if (text.size() + each.size() + 2 > width) break;
    if (!text.empty()) text += "  ";
    text += each;
  }
  write('\r' + text + "\x1b[K");
}

}  // namespace cdr::cli::push
