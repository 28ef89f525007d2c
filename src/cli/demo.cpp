// cdr demo: makes a folder to explore, with the samples of all vendors, a warehouse of them, and
// queries to try. The folder appears whole or not at all.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "cli/database.hpp"
#include "cli/report.hpp"
#include "core/text.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

struct Material {
  fs::path samples, queries;
};

// The files installed beside this program, or those in the sources that it was built from. If the
// system does not say which program this is (no /proc), the files installed at the usual place.
Material find_material() {
  std::error_code error;
  std::vector<Material> places;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path folder = program.parent_path();
    places = {{folder / "../share/cdr/samples", folder / "../share/cdr/tour"},
              {folder / "../../samples", folder / "../../sql/demo/tour"}};
  }
  for (const char* root : {"/usr/local/share/cdr", "/usr/share/cdr"})
    places.push_back({fs::path(root) / "samples", fs::path(root) / "tour"});
  for (const Material& each : places)
    if (fs::is_directory(each.samples, error) && fs::is_directory(each.queries, error)) return each;
  throw Failure("the samples are not next to this program; apt-get install --reinstall cdr-tools");
}

// A folder made beside the requested one, which it becomes in one step.
class NewFolder {
 public:
  explicit NewFolder(const std::string& path) : path_(fs::absolute(path).lexically_normal()) {
    if (!path_.has_filename()) path_ = path_.parent_path();
    std::error_code error;
    const bool is_there = fs::exists(fs::symlink_status(path_, error));
    if (is_there && (!fs::is_directory(path_, error) || !fs::is_empty(path_, error)))
      throw Failure(path + ": something is already there; name a folder that is new or empty");
    std::string name =
        (path_.parent_path() / ("." + path_.filename().string() + ".XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) fail(errno);
    made_ = name;
    fs::permissions(made_, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                               fs::perms::others_read | fs::perms::others_exec);
  }
  ~NewFolder() {
    std::error_code error;
    if (!made_.empty()) fs::remove_all(made_, error);
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  const fs::path& made() const { return made_; }
  void finish() {
    std::error_code error;
    fs::rename(made_, path_, error);
    if (error) fail(error.value());
    made_.clear();
  }

 private:
  [[noreturn]] void fail(int error) const {
    throw Failure(path_.string() + ": cannot be made: " + reason_of(error) +
                  "; name a folder where you may write");
  }
  fs::path path_, made_;
};

// Makes the copies writable for their owner, however the files were installed.
void copy_files(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_directory()) {
      copy_files(entry.path(), target);
      continue;
    }
    fs::copy_file(entry.path(), target);
    fs::permissions(target, fs::perms::owner_write, fs::perm_options::add);
  }
}

}  // namespace

int demo(const DemoOptions& options) {
  const Material material = find_material();
  NewFolder folder(options.folder);
  try {
    copy_files(material.samples, folder.made() / "samples");
    copy_files(material.queries, folder.made() / "queries");
  } catch (const fs::filesystem_error& error) {
    throw Failure(options.folder + ": cannot be made: " + error.code().message() +
                  "; name a folder on a disk with space");
  }
  {
    const std::string path = (folder.made() / DatabaseOption::default_path).string();
    SQLite::Database database = open_database(path, Access::create);
    value_of(database, "SELECT cdr_init()");
    const fs::path samples = folder.made() / "samples";
    value_of(database, "SELECT cdr_import(?1)", samples.string());
    // The times of these files are in another zone than the others'. If they were read in the wrong
    // one, no call would have a waiting time.
    value_of(database, R"(SELECT cdr_import(?1, '{"zone": "America/Montevideo"}'))",
             (samples / "ucontact" / "day*.json").string());
    // The days of most calls in the samples.
    ReportOptions page;
    page.from = "2024-05-02";
    page.to = "2024-05-08";
    page.zone = "Europe/Prague";
    write_page(database, DatabaseOption::default_path, page,
               (folder.made() / "report.html").string());
  }
  folder.finish();
  const std::string name = shown(options.folder);
  std::cout
      << name
      << " now contains:\n"
         "  samples/    call detail records of four vendors; all people and numbers are invented\n"
         "  cdr.db      a warehouse of them, an ordinary SQLite file\n"
         "  report.html a page about one week of it; open it in a browser\n"
         "  queries/    ten questions, in files that explain them\n"
         "\n"
         "Try these, one after the other:\n"
         "  cd "
      << in_shell(name)
      << "\n"
         "  cdr query -f queries/01_outcomes.sql\n"
         "  cdr query -f queries/03_queues.sql\n"
         "  cdr tables\n"
         "  cdr describe interaction\n"
         "  cdr export interaction queue_visit --out day.xlsx\n"
         "  cdr report --from 2024-05-06 --zone Europe/Prague --text\n"
         "  cdr shell\n"
         "\n"
         "Then your own: cdr import --db mine.db PATH\n";
  flush_output();
  return exit_ok;
}

}  // namespace cdr::cli
