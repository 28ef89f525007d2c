// ClickHouse over HTTP: one statement per request, compressed rows, and repeated attempts if the
// server is busy or goes away.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cdr::cli::push {

struct Access {
  std::string user, password;
  std::string authorities;  // a file of certificates to trust instead of the system's; "" = those
};

class Server {
 public:
  // http://host:port or https://…, with a path if a proxy needs one. Throws Failure for any other
  // URL.
  Server(const std::string& url, const Access& access);
  ~Server();
  Server(Server&&) noexcept;

  const std::string& name() const { return url_; }

  // Runs a statement. It is run again if the connection is lost or the server asks for it, because
  // every statement of a push may be run twice. Returns the rows of the answer, each split into its
  // values, of which \N is NULL. Throws Failure.
  std::vector<std::vector<std::string>> run(const std::string& sql) const;
  // The one value of the answer; "" if there is none.
  std::string value(const std::string& sql) const;
  // Sends INSERT … FORMAT RowBinary, and the rows.
  void insert(const std::string& sql, std::string_view rows) const;

  // The number of compressed bytes that were sent.
  std::uint64_t bytes_sent() const { return bytes_sent_; }

  // Called with the reason whenever a statement is tried again.
  std::function<void(const std::string&)> on_wait;

 private:
  struct Answer;
  std::string request(const std::string& sql, std::string_view rows, bool has_rows) const;
  Answer send(const std::string& target, std::string_view body, bool is_compressed) const;

  std::string url_;
  Access access_;
  struct Free {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Free> handle_;
  mutable std::uint64_t bytes_sent_ = 0;
};

}  // namespace cdr::cli::push
