// The second thread of a call that writes: its work ends when the call ends.
#include "core/worker.hpp"

#include <doctest/doctest.h>

#include "core/stop.hpp"

using namespace cdr;

namespace {

// A host that wants the work to end, but not at once.
class Impatient : public StopCheck {
 public:
  void check() override {
    if (left_-- == 0) throw Stopped();
  }

 private:
  int left_ = 3;
};

// Ends only when it is asked to stop. Otherwise the test would not end.
void work_forever() {
  while (true) {
    check_stop();
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("worker: who waits may stop waiting, and the work ends") {
  Worker worker;
  {
    Impatient host;
    const StopScope scope(host);
    Worker::Pending pending = worker.run(work_forever);
    CHECK_THROWS_AS(pending.get(), Stopped);
    CHECK(!pending.valid());
  }
  worker.forget();
  // Work that starts after forget() is done.
  bool done = false;
  worker
      .run([&done] {
        check_stop();
        done = true;
      })
      .get();
  CHECK(done);
}

TEST_CASE("worker: work ends with its worker") {
  bool ended = false;
  {
    Worker worker;
    std::atomic<bool> began = false;
    const Worker::Pending pending = worker.run([&] {
      began = true;
      try {
        work_forever();
      } catch (const Stopped&) {
        ended = true;
        throw;
      }
    });
    while (!began) std::this_thread::yield();
  }
  CHECK(ended);
}
