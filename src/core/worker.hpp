// A second thread for work that touches no database: reading ahead, compressing, mapping. It starts
// with the first work, and ends with the call that made the worker. If the system cannot create
// a thread, the work is done at once instead.
//
//   Worker worker;
//   Worker::Pending done = worker.run([&] { … });   // one after the other, in this order
//   done.get();                                     // throws what the work threw
//
// Long work regularly gives way to work that was requested meanwhile, and calls check_stop()
// to see whether it is still wanted. A thread that waits for it asks the host by the same call.
//
// Not std::future: a std::packaged_task that is dropped before it ran allocates an exception for
// its future, in a noexcept destructor. Here run() allocates, and nothing after it does.
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
    void run() noexcept;       // keeps what it threw
    std::exception_ptr error;  // what it threw
    bool is_done = false;
  };
  template <class Work>
  struct JobOf;

 public:
  Worker() = default;
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Work that was handed over.
  class Pending {
   public:
    Pending() = default;
    bool valid() const { return job_ != nullptr; }
    // Waits until it is done, and throws what it threw; or what check_stop() throws meanwhile. Then
    // it is no longer valid. Not after forget().
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
  // From now on the work is done at once, by whoever hands it over: for work that would be over
  // before a thread has woken. Not while there is work.
  void set_at_once(bool at_once) { at_once_ = at_once; }
  // For the work itself to call: does first what waits.
  void give_way() {
    if (waiting_.load(std::memory_order_relaxed) != 0) do_waiting();
  }
  // Drops what has not begun, and ends what has: call it before what the work uses goes.
  void forget();

 private:
  // What the thread's work asks.
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
  std::atomic<std::size_t> waiting_ = 0;  // of them
  Unwanted unwanted_;
  bool busy_ = false, ends_ = false;
  bool at_once_ = false, cannot_begin_ = false;
  std::thread thread_;  // last: it uses the others
};

template <class Work>
struct Worker::JobOf : Job {
  explicit JobOf(Work given) : todo(std::move(given)) {}
  void work() override { todo(); }
  Work todo;
};

}  // namespace cdr
