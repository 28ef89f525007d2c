// Standard output through a pager if a person reads it: PAGER, or without that less, which shows a
// text that fits one screen and ends. PAGER= or PAGER=cat turns the pager off.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>

namespace cdr::cli {

class Pager {
 public:
  explicit Pager(bool wanted);
  ~Pager();  // waits until the reader has left
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  std::FILE* to() const { return to_; }
  bool is_on() const { return process_ > 0; }
  // Waits until the reader has left. Throws Failure if the pager did not run.
  void finish();

 private:
  int wait() noexcept;

  std::FILE* to_;
  pid_t process_ = 0;
  std::string command_;
};

}  // namespace cdr::cli
