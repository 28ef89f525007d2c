#include "cli/push/http.hpp"

#include <curl/curl.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "cli/failure.hpp"
#include "cli/interrupt.hpp"
#include "core/text.hpp"

namespace cdr::cli::push {
namespace {

using std::chrono::milliseconds;

// The number of attempts for a statement. The pause doubles after each attempt.
constexpr int most_attempts = 10;
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{20'000};
constexpr milliseconds longest_asked_pause{60'000};
constexpr long connect_seconds = 20;
// A server that has been silent for this long is considered lost.
constexpr long silent_seconds = 300;

// The length to which an error's first line is cut when it is quoted.
constexpr std::size_t longest_quote = 300;

std::string quoted_error(std::string_view text) {
  text = trim(text.substr(0, text.find('\n')));
  std::string quote(text.substr(0, longest_quote));
  if (text.size() > longest_quote) quote += "…";
  return quote;
}

// Transient errors of ClickHouse: too many simultaneous queries, a socket's timeout, a network
// error, too many parts, memory in use by others, a table that is being changed.
constexpr std::array passing_codes{202, 209, 210, 252, 241, 473, 999};

std::optional<int> code_of(std::string_view text) {
  const std::size_t at = text.find("Code: ");
  if (at == text.npos) return std::nullopt;
  int code = 0;
  const char* begin = text.data() + at + 6;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), code);
  return error == std::errc{} && end != begin ? std::optional(code) : std::nullopt;
}

bool is_passing_status(long status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

bool is_passing(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

std::string compressed(std::string_view data) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16, memory = 8;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw std::bad_alloc();
  std::string result(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int code = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::bad_alloc();
  return result;
}

std::string escaped(std::string_view text) {
  constexpr char hex[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_' || c == '.')
      result += c;
    else
      (result += '%').append({hex[byte >> 4], hex[byte & 15]});
  }
  return result;
}

// TabSeparated: \t \n \\ and others are escaped; \N (NULL) stays as it is.
std::string unescaped(std::string_view text) {
  if (text == "\\N") return std::string(text);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 't':
        result += '\t';
        break;
      case 'n':
        result += '\n';
        break;
      case 'r':
        result += '\r';
        break;
      case '0':
        result += '\0';
        break;
      default:
        result += c;
    }
  }
  return result;
}

template <class Work>
void for_each_piece(std::string_view text, char separator, Work&& work) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    work(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void begin_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
      throw Failure("libcurl cannot be used; install libcurl4 again");
  });
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* to) {
  try {
    static_cast<std::string*>(to)->append(data, size);
    return size;
  } catch (...) {
    return 0;
  }
}

int on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return interrupted();
}

// Ctrl-C ends the pause.
void pause_for(milliseconds time) {
  constexpr milliseconds step{50};
  for (milliseconds waited{0}; waited < time && interrupted() == 0; waited += step)
    std::this_thread::sleep_for(std::min(step, time - waited));
}

}  // namespace

struct Server::Answer {
  CURLcode code = CURLE_OK;
  std::string curl_text;
  long status = 0;
  milliseconds asked_pause{0};
  std::string body;
};

void Server::Free::operator()(void* handle) const {
  curl_easy_cleanup(handle);
}

Server::Server(const std::string& url, const Access& access) : url_(url), access_(access) {
  const std::size_t scheme = url.find("://");
  const std::string_view word = std::string_view(url).substr(0, std::min(scheme, url.size()));
  if (scheme == url.npos || (word != "http" && word != "https") || url.size() == scheme + 3)
    throw Failure("--url: expected http://HOST:PORT or https://HOST:PORT, found '" + url + "'",
                  exit_usage);
  const std::size_t host = scheme + 3;
  if (url.find('@', host) < url.find('/', host))
    throw Failure(
        "--url: it contains a user and a password, which everybody who lists the processes can "
        "see; give --user, and the password by --password-file or CDR_CLICKHOUSE_PASSWORD",
        exit_usage);
  if (url.find_first_of("?#", host) != url.npos)
    throw Failure("--url: expected no '?' or '#' in it, found '" + url + "'", exit_usage);
  while (url_.ends_with('/')) url_.pop_back();
  begin_curl();
  handle_.reset(curl_easy_init());
  if (!handle_) throw std::bad_alloc();
}

Server::~Server() = default;
Server::Server(Server&&) noexcept = default;

Server::Answer Server::send(const std::string& target, std::string_view body,
                            bool is_compressed) const {
  void* const curl = handle_.get();
  Answer answer;
  std::array<char, CURL_ERROR_SIZE> text{};
  curl_easy_reset(curl);  // connections stay open
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text.data());
  curl_easy_setopt(curl, CURLOPT_URL, target.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, silent_seconds);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "cdr/" CDR_VERSION);
  if (!access_.user.empty()) curl_easy_setopt(curl, CURLOPT_USERNAME, access_.user.c_str());
  if (!access_.user.empty() || !access_.password.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    if (access_.user.empty()) curl_easy_setopt(curl, CURLOPT_USERNAME, "default");
    curl_easy_setopt(curl, CURLOPT_PASSWORD, access_.password.c_str());
  }
  if (!access_.authorities.empty())
    curl_easy_setopt(curl, CURLOPT_CAINFO, access_.authorities.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");
  headers = curl_slist_append(headers, "Content-Type: application/octet-stream");
  if (is_compressed) headers = curl_slist_append(headers, "Content-Encoding: gzip");
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(headers, curl_slist_free_all);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  answer.code = curl_easy_perform(curl);
  answer.curl_text = text[0] != 0 ? text.data() : curl_easy_strerror(answer.code);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_off_t seconds = 0;
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
  answer.asked_pause = std::min(milliseconds(seconds * 1000), longest_asked_pause);
  bytes_sent_ += body.size();
  return answer;
}

std::string Server::request(const std::string& sql, std::string_view rows, bool has_rows) const {
  std::string target =
      url_ + "/?wait_end_of_query=1&max_query_size=16777216&max_ast_elements=1000000";
  if (has_rows) target += "&query=" + escaped(sql);
  const std::string packed = has_rows ? compressed(rows) : std::string();
  static thread_local std::minstd_rand random{std::random_device{}()};
  milliseconds pause = first_pause;
  for (int attempt = 1;; ++attempt) {
    Answer answer = send(target, has_rows ? packed : sql, has_rows);
    if (interrupted() != 0) throw Failure("interrupted; run the same command again to continue");
    const bool is_done = answer.code == CURLE_OK && answer.status == 200;
    const std::optional<int> code = code_of(answer.body);
    if (is_done) return std::move(answer.body);
    std::string what;
    bool may_pass = false;
    if (answer.code != CURLE_OK) {
      what = answer.curl_text;
      may_pass = is_passing(answer.code);
    } else {
      const std::string said = quoted_error(answer.body);
      what = "the server answers with status " + std::to_string(answer.status) +
             (said.empty() ? "" : ": " + said);
      may_pass = is_passing_status(answer.status) ||
                 (code && std::find(passing_codes.begin(), passing_codes.end(), *code) !=
                              passing_codes.end());
    }
    if (answer.code == CURLE_SSL_CONNECT_ERROR && what.find("wrong version number") != what.npos)
      throw Failure(url_ + ": " + what +
                    "; it does not speak TLS at this port: give the port of https, or http:// "
                    "where nobody can listen");
    if (answer.code == CURLE_PEER_FAILED_VERIFICATION && what.find("target host name") != what.npos)
      throw Failure(url_ + ": " + what +
                    "; the certificate is for another host: give --url with the host that it "
                    "names");
    if (answer.code == CURLE_PEER_FAILED_VERIFICATION || answer.code == CURLE_SSL_CACERT_BADFILE)
      throw Failure(url_ + ": " + what +
                    "; if the server's certificate is signed by an authority of your own, name its "
                    "file with --ca-file");
    if (answer.status == 401 || answer.status == 403 || code == 192 || code == 193 || code == 516)
      throw Failure(
          url_ + ": " + what +
          "; give --user, and the password by --password-file or CDR_CLICKHOUSE_PASSWORD");
    if (!may_pass) throw Failure(url_ + ": " + what);
    if (attempt == most_attempts)
      throw Failure(url_ + ": " + what + "; it was tried " + std::to_string(most_attempts) +
                    " times: when the server can be reached, run the same command again to "
                    "continue");
    // The random part keeps many sites that lost one server from all coming back at once.
    const milliseconds spread(
        std::uniform_int_distribution<std::int64_t>(0, pause.count() / 4)(random));
    const milliseconds wait = std::max(pause + spread, answer.asked_pause);
    if (on_wait) on_wait(url_ + ": " + what + "; trying again");
    pause_for(wait);
    pause = std::min(pause * 2, longest_pause);
  }
}

std::vector<std::vector<std::string>> Server::run(const std::string& sql) const {
  const std::string text = request(sql, {}, false);
  std::vector<std::vector<std::string>> rows;
  std::string_view lines = text;
  if (lines.ends_with('\n')) lines.remove_suffix(1);
  if (lines.empty()) return rows;
  for_each_piece(lines, '\n', [&](std::string_view line) {
    std::vector<std::string>& row = rows.emplace_back();
    for_each_piece(line, '\t', [&](std::string_view cell) { row.push_back(unescaped(cell)); });
  });
  return rows;
}

std::string Server::value(const std::string& sql) const {
  auto rows = run(sql);
  return rows.empty() || rows[0].empty() ? std::string() : std::move(rows[0][0]);
}

void Server::insert(const std::string& sql, std::string_view rows) const {
  if (!rows.empty()) request(sql, rows, true);
}

}  // namespace cdr::cli::push
