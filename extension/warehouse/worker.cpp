#include "extension/warehouse/worker.hpp"

#include <system_error>

namespace cdr::ext {

Worker::Worker() {
  try {
    thread_ = std::thread(&Worker::loop, this);
  } catch (const std::system_error&) {
    // The host may run out of threads, or forbid them: run() does without.
  }
}

Worker::~Worker() {
  forget();
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Worker::forget() {
  std::unique_lock lock(mutex_);
  tasks_.clear();
  waiting_ = 0;
  changed_.wait(lock, [this] { return !busy_; });
}

std::future<void> Worker::add(std::packaged_task<void()> task) {
  std::future<void> done = task.get_future();
  if (!thread_.joinable()) {
    task();
    return done;
  }
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    waiting_ = tasks_.size();
  }
  changed_.notify_all();
  return done;
}

std::packaged_task<void()> Worker::take() {
  std::packaged_task<void()> task = std::move(tasks_.front());
  tasks_.pop_front();
  waiting_ = tasks_.size();
  return task;
}

void Worker::do_waiting() {
  std::unique_lock lock(mutex_);
  while (!tasks_.empty()) {
    std::packaged_task<void()> task = take();
    lock.unlock();
    task();
    task = {};
    lock.lock();
  }
}

void Worker::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !tasks_.empty(); });
    if (ends_) return;
    std::packaged_task<void()> task = take();
    busy_ = true;
    lock.unlock();
    task();
    task = {};  // with all that it holds, before anybody is told
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace cdr::ext
