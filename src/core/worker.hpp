// A second thread for work that touches no database: reading ahead, compressing, mapping. The
// thread starts with the first work, and ends when the Worker is destroyed. If the system cannot
// create a thread, run() does the work at once instead.
//
//   Worker worker;
//   Worker::Pending done = worker.run([&] { … });   // jobs run one at a time, in this order
//   done.get();                                     // throws what the work threw
//
// Long work regularly calls give_way(), so that work requested meanwhile is done first, and
// check_stop(), which ends work that is no longer wanted. A thread that waits in get() calls
// check_stop() too, which asks the host whether to stop.
//
// std::future is not used: a std::packaged_task that is destroyed before it has run allocates an
// exception for its future, in a noexcept destructor. Here only run() allocates.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "core/stop.hpp"

namespace cdr {

class Worker {
  struct Job {
    virtual ~Job() = default;
    virtual void work() = 0;
    void run() noexcept;       // calls work(), and keeps what it throws
    std::exception_ptr error;  // what work() threw
    bool is_done = false;
  };
  template <class Work>
  struct JobOf;

 public:
  Worker() = default;
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Work that was given to run().
  class Pending {
   public:
    Pending() = default;
    bool valid() const { return job_ != nullptr; }
    // Waits until the work is done. Throws what the work threw, or what check_stop() throws during
    // the wait. Afterwards this object is no longer valid. Must not be called after forget().
    void get();

   private:
    friend class Worker;
    Pending(Worker& worker, std::shared_ptr<Job> job) : worker_(&worker), job_(std::move(job)) {}
    Worker* worker_ = nullptr;
    std::shared_ptr<Job> job_;
  };

  template <class Work>
  Pending run(Work work) {
    return add(std::make_shared<JobOf<Work>>(std::move(work)));
  }
  // With true, run() does the work itself from now on: for work that takes less time than a thread
  // needs to wake. Must not be called while there is work.
  void set_at_once(bool at_once) { at_once_ = at_once; }
  // Called by the work itself: does the waiting work first.
  void give_way() {
    if (waiting_.load(std::memory_order_relaxed) != 0) do_waiting();
  }
  // Drops work that has not begun, and stops work that has. Call it before anything that the work
  // uses is destroyed.
  void forget();

 private:
  // The check of the thread's work.
  class Unwanted : public StopCheck {
   public:
    void check() override {
      if (is_so.load(std::memory_order_relaxed)) throw Stopped();
    }
    std::atomic<bool> is_so = false;
  };

  Pending add(std::shared_ptr<Job> job);
  bool has_thread();
  void loop();
  void do_waiting();
  void do_first(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> jobs_;
  std::atomic<std::size_t> waiting_ = 0;  // the size of jobs_
  Unwanted unwanted_;
  bool busy_ = false, ends_ = false;
  bool at_once_ = false, cannot_begin_ = false;
  std::thread thread_;  // last, because it uses the others
};

template <class Work>
struct Worker::JobOf : Job {
  explicit JobOf(Work given) : todo(std::move(given)) {}
  void work() override { todo(); }
  Work todo;
};

}  // namespace cdr
