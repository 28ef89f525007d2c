// Watches a folder and the folders below it for files that arrive: files that were closed after
// writing, and files that were moved there.
#pragma once

#include <set>
#include <string>
#include <unordered_map>

namespace cdr::cli {

class FolderWatch {
 public:
  // Throws Failure if there is no such folder, or the system gives no more watches.
  explicit FolderWatch(const std::string& folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Waits until something has arrived and nothing more follows for a moment, a file that is offered
  // again is due, or a signal ends the waiting. Throws Failure if the folder itself is gone.
  void wait();

  // The complete files among those that arrived, sorted by name; the first time, all files that are
  // there. Only files with names that may hold records (see expand_path).
  std::set<std::string> take();
  // The next take() gives it once more, unless it is gone by then. If nothing arrives, that is
  // after a second, then after two, four and so on up to a minute.
  void offer_again(const std::string& path) { again_.insert(path); }

 private:
  bool read_events();
  void watch_below(const std::string& folder);

  std::string folder_;
  int descriptor_;
  std::unordered_map<int, std::string> folders_;  // by the number of their watch
  std::set<std::string> arrived_;
  std::set<std::string> again_;
  int again_ms_;            // how long they wait
  bool is_all_new_ = true;  // all files are to be examined
};

}  // namespace cdr::cli
