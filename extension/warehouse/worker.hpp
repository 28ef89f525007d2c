// A second thread for what touches no database: reading ahead, compressing, mapping. It lives as
// long as the call that made it. Where no thread is to be had, the work is done at once instead.
//
//   Worker worker;
//   std::future<void> done = worker.run([&] { … });   // one after the other, in this order
//   done.get();                                       // throws what the work threw
//
// Work that takes long gives way now and then to what is asked for meanwhile.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace cdr::ext {

class Worker {
 public:
  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  template <class Work>
  std::future<void> run(Work work) {
    return add(std::packaged_task<void()>(std::move(work)));
  }
  // For the work itself to call: does first what waits.
  void give_way() {
    if (waiting_.load(std::memory_order_relaxed) != 0) do_waiting();
  }
  // Drops what has not begun, and waits for what has: call it before what the work uses goes.
  void forget();

 private:
  std::future<void> add(std::packaged_task<void()> task);
  void loop();
  void do_waiting();
  std::packaged_task<void()> take();  // with the lock

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::packaged_task<void()>> tasks_;
  std::atomic<std::size_t> waiting_ = 0;  // of them
  bool busy_ = false, ends_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace cdr::ext
