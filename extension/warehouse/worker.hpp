// A second thread for what touches no database: reading ahead, compressing, mapping. It lives as
// long as the call that made it. Where no thread is to be had, the work is done at once instead.
//
//   Worker worker;
//   std::future<void> done = worker.run([&] { … });   // one after the other, in this order
//   done.get();                                       // throws what the work threw
#pragma once

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
  // Drops what has not begun, and waits for what has: call it before what the work uses goes.
  void forget();

 private:
  std::future<void> add(std::packaged_task<void()> task);
  void loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::packaged_task<void()>> tasks_;
  bool busy_ = false, ends_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace cdr::ext
