// One line on a terminal that shows the progress of an import. Nothing is shown if standard error
// is not a terminal, or is one that cannot move its cursor.
//
//   [=========>          ]  45 %  3/12 files  123456 records  85.2 MB/s  0:12 left
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace cdr::cli {

class Progress {
 public:
  Progress(std::size_t files, std::uint64_t bytes);
  ~Progress();  // removes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // From now until end(), so many files with that total size are read.
  void begin(std::size_t files, std::uint64_t bytes);
  void end();
  // Writes a line of its own to standard error.
  void say(const std::string& line);

  // The parts of the line. The last parts are left out if it would be wider than `width`.
  struct Look {
    std::size_t files_done = 0, files = 0;
    std::uint64_t bytes_done = 0, bytes = 0, records = 0;
    double seconds = 0;
  };
  static std::string line(const Look& look, std::size_t width);

 private:
  void draw();
  void redraw_until_stopped();
  Look look() const;

  bool shown_;
  double started_;
  Look look_;                       // of the files that are done
  std::size_t files_now_ = 0;       // being read
  std::uint64_t bytes_now_ = 0;     // of them
  std::uint64_t bytes_before_ = 0;  // read_progress, when it began
  std::uint64_t records_before_;    // read_progress, when the import began
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace cdr::cli
