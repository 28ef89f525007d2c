// One line on a terminal that shows how far a push is; nothing where standard error is no terminal,
// or one that cannot move its cursor.
//
//   [=========>          ]  45 %  2250/5000 interactions  12345 rows/s  0:12 left
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cdr::cli::push {

class Line {
 public:
  Line();
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void begin(std::size_t interactions);
  void advance(std::size_t interactions, std::uint64_t rows);
  // Instead of it.
  void show(const std::string& text);
  // A line of its own on standard error.
  void say(const std::string& text);
  void end();

 private:
  void draw() const;

  bool shown_;
  std::size_t all_ = 0, done_ = 0;
  std::uint64_t rows_ = 0;
  std::string text_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace cdr::cli::push
