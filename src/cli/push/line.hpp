// One line on a terminal that shows the progress of a push. Nothing is shown if standard error is
// not a terminal, or is one that cannot move its cursor.
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
  // Shows another text in place of the progress.
  void show(const std::string& text);
  // Writes a line of its own to standard error.
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
