#include "cli/watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/failure.hpp"
#include "cli/interrupt.hpp"
#include "core/error.hpp"
#include "json/input/file.hpp"
#include "json/input/source.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t wanted_events =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
// Files that arrive shortly after one another are imported together.
constexpr int quiet_ms = 200;
constexpr int least_again_ms = 1000, most_again_ms = 60'000;

// Whether another program still has the file open for writing; its closing will then be reported.
// If the system does not say (another user's file, a network's), the file counts as complete.
bool is_being_written(const std::string& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (opened < 0) return false;
  const bool is_open = ::fcntl(opened, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
  ::fcntl(opened, F_SETLEASE, F_UNLCK);
  close_keeping_locks(opened);  // it may be the warehouse itself
  return is_open;
}

// A signal that arrives between the check and the waiting ends the waiting.
int poll_interruptible(int descriptor, int milliseconds) {
  sigset_t ours, before;
  ::sigemptyset(&ours);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ours, signal);
  ::pthread_sigmask(SIG_BLOCK, &ours, &before);
  pollfd waiting{descriptor, POLLIN, 0};
  const timespec limit{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
  const int count =
      interrupted() != 0 ? 0 : ::ppoll(&waiting, 1, milliseconds < 0 ? nullptr : &limit, &before);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return count;
}

}  // namespace

FolderWatch::FolderWatch(const std::string& folder)
    : folder_(fs::path(folder).lexically_normal().string()),
      descriptor_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      again_ms_(least_again_ms) {
  if (descriptor_ < 0)
    throw Failure("cannot watch a folder: " + reason_of(errno) +
                  "; raise fs.inotify.max_user_instances, or import from a timer");
  if (folder_.size() > 1 && folder_.back() == '/') folder_.pop_back();
  std::error_code error;
  if (!fs::is_directory(folder_, error)) {
    ::close(descriptor_);
    throw Failure("--watch: there is no folder " + folder + "; make it, or name another");
  }
  try {
    watch_below(folder_);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

FolderWatch::~FolderWatch() {
  ::close(descriptor_);
}

void FolderWatch::watch_below(const std::string& folder) {
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), wanted_events);
  if (watch < 0) {
    // The folder is already gone.
    if (errno == ENOENT || errno == ENOTDIR) return;
    throw Failure(
        folder + ": cannot be watched: " + reason_of(errno) +
        (errno == ENOSPC ? "; raise fs.inotify.max_user_watches" : "; check its permissions"));
  }
  folders_[watch] = folder;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code unknown;
    if (!name.starts_with('.') && entry->is_directory(unknown) && !entry->is_symlink(unknown))
      watch_below(folder + '/' + name);
  }
}

// Reads the events since the last time; false if there were none.
bool FolderWatch::read_events() {
  alignas(inotify_event) char buffer[1 << 16];
  bool any = false;
  for (;;) {
    const ssize_t size = ::read(descriptor_, buffer, sizeof buffer);
    if (size <= 0) return any;
    for (const char* at = buffer; at < buffer + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof *event + event->len;
      const auto folder = folders_.find(event->wd);
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        any = is_all_new_ = true;
        continue;
      }
      if (folder == folders_.end()) continue;
      if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0) {
        if (folder->second == folder_)
          throw Failure(folder_ + " is gone; nothing can arrive there any more");
        if ((event->mask & IN_IGNORED) != 0) folders_.erase(folder);
        continue;
      }
      const std::string path = folder->second + '/' + event->name;
      if ((event->mask & IN_ISDIR) != 0) {
        // Files may have arrived before the watch was set.
        watch_below(path);
        any = is_all_new_ = true;
      } else if ((event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 &&
                 may_hold_records(event->name)) {
        // Not the warehouse, which every import closes.
        arrived_.insert(path);
        any = true;
      }
    }
  }
}

void FolderWatch::wait() {
  bool any = is_all_new_ || !arrived_.empty();
  if (any || again_.empty()) again_ms_ = least_again_ms;
  while (interrupted() == 0) {
    const int limit_ms = any ? quiet_ms : again_.empty() ? -1 : again_ms_;
    const int count = poll_interruptible(descriptor_, limit_ms);
    if (count <= 0) {
      if (limit_ms < 0) continue;
      again_ms_ = any ? least_again_ms : std::min(2 * again_ms_, most_again_ms);
      return;
    }
    any = read_events() || any;
  }
}

std::set<std::string> FolderWatch::take() {
  std::set<std::string> complete;
  std::set<std::string> arrived;
  arrived.swap(arrived_);
  const bool is_all = is_all_new_;
  is_all_new_ = false;
  for (const std::string& path : std::exchange(again_, {}))
    if (std::error_code unknown; fs::exists(path, unknown) && !is_being_written(path))
      complete.insert(path);
  if (!is_all && arrived.empty()) return complete;
  try {
    for (std::string& path : expand_path(folder_).paths)
      if ((is_all || arrived.contains(path)) && !is_being_written(path))
        complete.insert(std::move(path));
  } catch (const Error&) {
    // The folder contains nothing that could hold records.
  }
  return complete;
}

}  // namespace cdr::cli
