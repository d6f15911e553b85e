// The hold model on std::priority_queue: pop the earliest event, schedule the same id again.
// Prints millions of operations a second of CPU time, the hash of the order of pops, and the final clock.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <vector>

struct Event {
  int64_t time;
  int64_t sequence;
  int32_t id;
};

struct Later {
  bool operator()(const Event& x, const Event& y) const {
    return x.time != y.time ? x.time > y.time : x.sequence > y.sequence;
  }
};

int main(int argc, char** argv) {
  const int pending = argc > 1 ? std::atoi(argv[1]) : 1000;
  const int operations = argc > 2 ? std::atoi(argv[2]) : 5000000;
  const int mask = 65535;
  std::vector<int32_t> increments(mask + 1);
  uint32_t x = 12345;
  for (auto& increment : increments) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    increment = 1 + static_cast<int32_t>(x % 20000);
  }
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  int64_t sequence = 0;
  for (int id = 0; id < pending; id++) {
    queue.push({increments[sequence & mask], sequence, id});
    sequence++;
  }
  uint32_t hash = 0;
  int64_t now = 0;
  const auto started = std::clock();
  for (int i = 0; i < operations; i++) {
    const Event event = queue.top();
    queue.pop();
    now = event.time;
    hash = hash * 31 + static_cast<uint32_t>(event.id);
    queue.push({now + increments[sequence & mask], sequence, event.id});
    sequence++;
  }
  const double took = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  std::printf("%.3f %u %lld\n", operations / took / 1e6, hash, static_cast<long long>(now));
}
