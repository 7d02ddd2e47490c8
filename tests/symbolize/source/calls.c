volatile int sink;
static inline __attribute__((always_inline)) int twice(int x) {
  sink = x;
  return x * 2;
}
static inline __attribute__((always_inline)) int four(int x) {
  int y = twice(x);
  sink = y;
  return twice(y);
}
__attribute__((noinline)) static int cold(int x) {
  for (int i = 0; i < x; i++) sink += four(i);
  return x;
}
int entry(int x) {
  if (x > 3) return cold(x);
  return four(x) + 1;
}
