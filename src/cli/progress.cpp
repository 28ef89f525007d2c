#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <vector>

#include "cli/terminal.hpp"
#include "core/text.hpp"
#include "json/input/progress.hpp"

namespace cdr::cli {
namespace {

// The line is drawn at most ten times a second.
constexpr std::chrono::milliseconds pause{100};
constexpr std::size_t bar_width = 20;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void show(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string bar(double part) {
  const auto filled = static_cast<std::size_t>(part * bar_width);
  std::string text(filled, '=');
  if (filled < bar_width) text += '>';
  text.resize(bar_width, ' ');
  return '[' + text + ']';
}

std::string rounded(const char* format, double number) {
  char text[32];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string clock(double seconds) {
  const long long whole = std::llround(seconds);
  char text[64];
  if (whole < 3600)
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  return text;
}

}  // namespace

std::string Progress::line(const Look& look, std::size_t width) {
  const double part =
      look.bytes == 0 ? 0 : static_cast<double>(look.bytes_done) / static_cast<double>(look.bytes);
  const double speed = look.seconds > 0 ? static_cast<double>(look.bytes_done) / look.seconds : 0;
  std::vector<std::string> parts{
      bar(part) + rounded(" %3.0f %%", part * 100),
      std::to_string(look.files_done) + '/' + std::to_string(look.files) + " files",
      std::to_string(look.records) + " records", rounded("%.1f MB/s", speed / 1e6)};
  if (speed > 0)
    parts.push_back(clock(static_cast<double>(look.bytes - look.bytes_done) / speed) + " left");
  std::string text;
  for (const std::string& each : parts) {
    if (text.size() + each.size() + 2 > width) break;
    if (!text.empty()) text += "  ";
    text += each;
  }
  return text;
}

Progress::Progress(std::size_t files, std::uint64_t bytes)
    : shown_(is_capable_terminal(STDERR_FILENO)),
      started_(now()),
      records_before_(read_progress.records) {
  look_.files = files;
  look_.bytes = bytes;
  if (!shown_) return;
  draw();
  // Signals go to the main thread, so that they end what it waits for.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { redraw_until_stopped(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Progress::~Progress() {
  if (!shown_) return;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stop_.notify_one();
  thread_.join();
  show("\r\x1b[K");
}

void Progress::begin(std::size_t files, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  files_now_ = files;
  bytes_now_ = bytes;
  bytes_before_ = read_progress.bytes;
}

void Progress::end() {
  const std::lock_guard lock(mutex_);
  look_.files_done += files_now_;
  look_.bytes_done += bytes_now_;
  files_now_ = 0;
  bytes_now_ = 0;
}

void Progress::say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  show((shown_ ? "\r\x1b[K" : "") + cdr::shown(line) + '\n');
}

Progress::Look Progress::look() const {
  Look now_seen = look_;
  now_seen.bytes_done += std::min(read_progress.bytes - bytes_before_, bytes_now_);
  now_seen.bytes_done = std::min(now_seen.bytes_done, now_seen.bytes);
  now_seen.records = read_progress.records - records_before_;
  now_seen.seconds = now() - started_;
  return now_seen;
}

void Progress::draw() {
  show('\r' + line(look(), terminal_width(STDERR_FILENO)) + "\x1b[K");
}

void Progress::redraw_until_stopped() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, pause, [this] { return stopped_; })) draw();
}

}  // namespace cdr::cli
