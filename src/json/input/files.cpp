// Finds the files that a path means. In a glob, '*', '?' and '[…]' mean the same as in the shell,
// and '**' means folders of any depth.
#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <compare>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "core/text.hpp"
#include "json/input/file.hpp"
#include "json/input/source.hpp"

namespace cdr {
namespace {

constexpr std::string_view endings[] = {".json", ".ndjson", ".jsonl", ".txt", ".csv"};
constexpr std::string_view compressions[] = {"", ".gz", ".zst"};

bool ends_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

constexpr std::string_view not_looked_into =
    "its name does not end in .json, .ndjson, .jsonl, .txt or .csv (also with .gz or .zst), or in "
    ".zip";

}  // namespace

bool may_hold_records(std::string_view name) {
  constexpr std::string_view archive = ".zip";
  if (name.size() > archive.size() && ends_ignoring_case(name, archive)) return true;
  for (const std::string_view compression : compressions) {
    if (!ends_ignoring_case(name, compression)) continue;
    const std::string_view rest = name.substr(0, name.size() - compression.size());
    for (const std::string_view ending : endings)
      if (rest.size() > ending.size() && ends_ignoring_case(rest, ending)) return true;
  }
  return false;
}

namespace {

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty() || folder.back() == '/') return folder + name;
  return folder + '/' + name;
}

struct FolderId {
  dev_t device;
  ino_t inode;
  auto operator<=>(const FolderId&) const = default;
};

// The kind of thing that has a name.
struct Found {
  enum class Kind { folder, other, nothing, unknown } kind;
  FolderId folder{};  // of a folder
  int error = 0;      // why it is unknown
};
Found look_at(const std::string& path) {  // "" = the current folder
  struct stat status {};
  if (uninterrupted([&] { return ::stat(path.empty() ? "." : path.c_str(), &status); }) != 0)
    return {is_absence(errno) ? Found::Kind::nothing : Found::Kind::unknown, {}, errno};
  if (!S_ISDIR(status.st_mode)) return {Found::Kind::other};
  return {Found::Kind::folder, {status.st_dev, status.st_ino}};
}
// The same for a link itself, which exists whether or not its target does.
Found look_at_link(const std::string& path) {
  struct stat status {};
  if (uninterrupted([&] { return ::lstat(path.c_str(), &status); }) == 0)
    return {Found::Kind::other};
  return {is_absence(errno) ? Found::Kind::nothing : Found::Kind::unknown, {}, errno};
}

Problem unopened(const std::string& path, int error) {
  return {ProblemCode::unreadable, path, 0, 0, {}, opening_failure(error).message};
}

// Collects the problems of names and folders that could not be read, one for each.
class Unread {
 public:
  void add(Problem problem) {
    if (told_.insert(problem.file).second) problems_.push_back(std::move(problem));
  }
  // Adds the path if its kind is unknown. Returns the kind.
  Found::Kind add_unknown(const std::string& path, const Found& found) {
    if (found.kind == Found::Kind::unknown) add(unopened(path, found.error));
    return found.kind;
  }
  std::vector<Problem> take() { return std::move(problems_); }

 private:
  std::vector<Problem> problems_;
  std::set<std::string> told_;
};

struct Name {
  std::string text;
  bool is_file;  // it certainly is a regular file
};

// The names in a folder, sorted by bytes, so that the file system's order does not decide which of
// two links to a folder is followed. If only a part of the names can be read, returns that part and
// adds the folder to `unread`.
std::vector<Name> names_in(const std::string& folder, Unread& unread) {
  std::vector<Name> names;
  const auto close = [](DIR* opened) { ::closedir(opened); };
  DIR* list = nullptr;
  do {
    list = ::opendir(folder.empty() ? "." : folder.c_str());
  } while (list == nullptr && errno == EINTR);
  const std::unique_ptr<DIR, decltype(close)> opened(list, close);
  for (;;) {
    if (list != nullptr) check_stop();
    errno = list == nullptr ? errno : 0;
    const dirent* const entry = list == nullptr ? nullptr : ::readdir(list);
    if (entry == nullptr && errno == EINTR) continue;
    if (entry == nullptr && errno == ENOMEM) throw std::bad_alloc();
    if (entry == nullptr && errno != 0)
      unread.add({ProblemCode::unreadable,
                  folder.empty() ? "." : folder,
                  0,
                  0,
                  {},
                  "the folder cannot be listed: " + reason_of(errno)});
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.push_back({std::string(name), entry->d_type == DT_REG});
  }
  std::sort(names.begin(), names.end(),
            [](const Name& a, const Name& b) { return a.text < b.text; });
  return names;
}

// Everything below a folder that is not hidden. Links may form circles, so each folder is entered
// only once.
struct Below {
  std::vector<std::string> folders;  // the folder itself first
  std::vector<std::string> files;    // with names that say that they may hold records
  std::vector<std::string> others;
};
Below look_below(const std::string& root, Unread& unread) {
  Below found;
  std::set<FolderId> entered;
  const auto enter = [&](const std::string& path) {
    const Found at = look_at(path);
    if (at.kind == Found::Kind::folder && entered.insert(at.folder).second)
      found.folders.push_back(path);
    return unread.add_unknown(path, at);
  };
  enter(root);
  for (std::size_t next = 0; next < found.folders.size(); ++next) {
    const std::string folder = found.folders[next];
    for (const Name& name : names_in(folder, unread)) {
      if (name.text.front() == '.') continue;
      std::string path = joined(folder, name.text);
      const auto kind = name.is_file ? Found::Kind::other : enter(path);
      // A FIFO, a dangling link and the like are included: the reader reports why they cannot be
      // read.
      if (kind == Found::Kind::other || kind == Found::Kind::nothing)
        (may_hold_records(name.text) ? found.files : found.others).push_back(std::move(path));
    }
  }
  return found;
}

bool is_pattern(std::string_view part) {
  return part.find_first_of("*?[") != part.npos;
}

// The paths that a glob matches, including folders. Applies the glob's parts from the left, each to
// all matches so far.
std::vector<std::string> matches(std::string_view pattern, Unread& unread) {
  std::vector<std::string> found = {pattern.starts_with('/') ? "/" : ""};
  while (!pattern.empty()) {
    const std::size_t slash = std::min(pattern.find('/'), pattern.size());
    const std::string part(pattern.substr(0, slash));
    pattern.remove_prefix(std::min(slash + 1, pattern.size()));
    if (part.empty()) continue;
    std::vector<std::string> next;
    for (const std::string& base : found) {
      if (part == "**") {
        const auto below = look_below(base, unread).folders;
        next.insert(next.end(), below.begin(), below.end());
      } else if (!is_pattern(part)) {
        std::string path = joined(base, part);
        if (unread.add_unknown(path, look_at_link(path)) == Found::Kind::other)
          next.push_back(std::move(path));
      } else if (unread.add_unknown(base, look_at(base)) == Found::Kind::folder) {
        for (const Name& name : names_in(base, unread))
          if (::fnmatch(part.c_str(), name.text.c_str(), FNM_PERIOD) == 0)
            next.push_back(joined(base, name.text));
      }
    }
    found = std::move(next);
  }
  return found;
}

std::vector<std::string> files_matching(std::string_view pattern, Unread& unread,
                                        std::vector<std::string>& others) {
  std::vector<std::string> files;
  for (std::string& path : matches(pattern, unread)) {
    const auto kind = unread.add_unknown(path, look_at(path));
    if (kind == Found::Kind::folder) {
      Below below = look_below(path, unread);
      for (std::string& file : below.files) files.push_back(std::move(file));
      for (std::string& other : below.others) others.push_back(std::move(other));
    } else if (kind != Found::Kind::unknown) {
      (may_hold_records(path) ? files : others).push_back(std::move(path));
    }
  }
  return files;
}

}  // namespace

Expansion expand_path(std::string_view path) {
  const std::string named(path);
  if (named.empty()) throw Error("a path is empty; name a file, a folder or a glob", ErrorCode::io);
  const bool pattern = is_pattern(named);
  // A pattern may be longer than a name can be.
  const auto is_unknown = [&](const Found& found) {
    return found.kind == Found::Kind::unknown && !(pattern && found.error == ENAMETOOLONG);
  };
  const Found at = look_at(named);
  if (is_unknown(at)) return {{}, {unopened(named, at.error)}, {}};
  const bool folder = at.kind == Found::Kind::folder;
  // A name that exists means itself, even if it looks like a glob. A missing name that is not a
  // glob is returned too; the reader reports it.
  if (!folder) {
    const Found link = look_at_link(named);
    if (is_unknown(link)) return {{}, {unopened(named, link.error)}, {}};
    if (!pattern || link.kind == Found::Kind::other) return {{named}, {}, {}};
  }
  Unread unread;
  Expansion expansion;
  std::vector<std::string> others;
  if (folder) {
    Below below = look_below(named, unread);
    expansion.paths = std::move(below.files);
    others = std::move(below.others);
  } else {
    expansion.paths = files_matching(named, unread, others);
  }
  expansion.unread = unread.take();
  std::vector<std::string>& files = expansion.paths;
  if (files.empty() && expansion.unread.empty()) {
    const Problem problem{ProblemCode::no_files,
                          named,
                          0,
                          0,
                          "",
                          folder ? "the folder has no file that could hold records"
                                 : "no file that could hold records matches"};
    throw Error(problem.text(), ErrorCode::io);
  }
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  for (std::string& other : others)
    expansion.passed_over.push_back(
        {ProblemCode::passed_over, std::move(other), 0, 0, {}, std::string(not_looked_into)});
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return expansion;
}

}  // namespace cdr
