// Standard output, by way of a pager where a person reads it: what PAGER says, else less, which
// shows what fits one screen and ends. PAGER= or PAGER=cat is none.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>

namespace cdr::cli {

class Pager {
 public:
  explicit Pager(bool wanted);
  ~Pager();  // when the reader has left
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  std::FILE* to() const { return to_; }
  bool is_on() const { return process_ > 0; }
  // Waits until the reader has left. Throws Failure when the pager did not run.
  void finish();

 private:
  int wait() noexcept;

  std::FILE* to_;
  pid_t process_ = 0;
  std::string command_;
};

}  // namespace cdr::cli
