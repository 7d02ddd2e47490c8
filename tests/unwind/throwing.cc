// C++ exceptions in flight: the unwinder of the language itself, landing pads, destructors. throwing FILE
#include <algorithm>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "snapshot.h"

#define NOINLINE __attribute__((noinline))

static volatile unsigned long sink;

struct guard {
  std::string text;
  explicit guard(const char *t) : text(t) {}
  ~guard() { sink += text.size(); }
};

NOINLINE static void thrower(int n) {
  guard g("a text that is too long to be kept within the object");
  if (n == 0) throw std::string("thrown");
  thrower(n - 1);
  sink += g.text.size();
}

NOINLINE static void catcher(int n) {
  try {
    thrower(n);
  } catch (const std::string &s) {
    sink += s.size();
  }
}

NOINLINE static void sorted(void) {
  std::vector<std::string> v;
  for (int i = 0; i < 20; i++) v.push_back(std::to_string(i * 37 % 23));
  std::function<bool(const std::string &, const std::string &)> less = [](const std::string &a, const std::string &b) {
    return a < b;
  };
  std::sort(v.begin(), v.end(), less);
  sink += v[3].size();
}

NOINLINE static void streams(void) {
  std::ostringstream o;
  std::map<std::string, double> m;
  for (int i = 0; i < 3; i++) m[std::to_string(i * 7 % 3)] = i * 0.3;
  for (const auto &e : m) o << e.first << "=" << e.second << std::hex << 255 << '\n';
  sink += o.str().size();
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  snapshot_open(argv[1]);
  snapshot_place("sort", 1);
  snapshot_on();
  sorted();
  snapshot_off();
  snapshot_place("streams", 1);
  snapshot_on();
  streams();
  snapshot_off();
  snapshot_place("exception", 1);
  snapshot_on();
  catcher(3);
  snapshot_off();
  snapshot_close();
  return 0;
}
