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

  // Waits until something has arrived and nothing more follows for a moment, or a signal ends the
  // waiting. Throws Failure if the folder itself is gone.
  void wait();

  // The complete files among those that arrived, sorted by name; the first time, all files that are
  // there. Only files with names that may hold records (see expand_path).
  std::set<std::string> take();

 private:
  bool read_events();
  void watch_below(const std::string& folder);

  std::string folder_;
  int descriptor_;
  std::unordered_map<int, std::string> folders_;  // by the number of their watch
  std::set<std::string> arrived_;
  bool is_all_new_ = true;  // all files are to be examined
};

}  // namespace cdr::cli
