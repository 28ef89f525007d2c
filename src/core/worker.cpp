#include "core/worker.hpp"

#include <chrono>
#include <system_error>

namespace cdr {

bool Worker::has_thread() {
  if (thread_.joinable() || cannot_begin_) return thread_.joinable();
  try {
    thread_ = std::thread(&Worker::loop, this);
  } catch (const std::system_error&) {
    cannot_begin_ = true;  // the host may run out of threads, or forbid them
  }
  return thread_.joinable();
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

void Worker::Job::run() noexcept {
  try {
    work();
  } catch (...) {
    error = std::current_exception();
  }
}

void Worker::forget() {
  std::unique_lock lock(mutex_);
  jobs_.clear();
  waiting_ = 0;
  unwanted_.is_so = true;
  changed_.wait(lock, [this] { return !busy_; });
  unwanted_.is_so = false;
}

Worker::Pending Worker::add(std::shared_ptr<Job> job) {
  Pending pending(*this, job);
  if (at_once_ || !has_thread()) {
    job->run();
    job->is_done = true;
    return pending;
  }
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    waiting_ = jobs_.size();
  }
  changed_.notify_all();
  return pending;
}

void Worker::Pending::get() {
  constexpr std::chrono::milliseconds pause(10);
  const std::shared_ptr<Job> job = std::move(job_);
  {
    std::unique_lock lock(worker_->mutex_);
    while (!worker_->changed_.wait_for(lock, pause, [&] { return job->is_done; })) {
      lock.unlock();
      check_stop();
      lock.lock();
    }
  }
  if (job->error) std::rethrow_exception(job->error);
}

// The lock is held before and after the call, but not while the job runs.
void Worker::do_first(std::unique_lock<std::mutex>& lock) {
  const std::shared_ptr<Job> job = std::move(jobs_.front());
  jobs_.pop_front();
  waiting_ = jobs_.size();
  lock.unlock();
  job->run();
  lock.lock();
  job->is_done = true;
  changed_.notify_all();
}

void Worker::do_waiting() {
  std::unique_lock lock(mutex_);
  while (!jobs_.empty()) do_first(lock);
}

void Worker::loop() {
  // The C++ library allocates a few bytes for each thread when it first throws. If there is no
  // memory for them, it ends the process. This call makes it allocate them now.
  static_cast<void>(std::uncaught_exceptions());
  const StopScope scope(unwanted_);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (ends_) return;
    busy_ = true;
    do_first(lock);
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace cdr
