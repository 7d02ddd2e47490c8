volatile int sink2;
namespace shapes {
template <int N> struct Box { int v; __attribute__((always_inline)) int grow(int k) { sink2 = k; return v * N + k; } int far(int k); };
template <int N> __attribute__((noinline)) int Box<N>::far(int k) { auto f = [k, this](int x) { sink2 = x; return grow(x) + k; }; return f(k) + f(v); }
struct Local { int operator()(int x) const { return Box<3>{x}.far(x); } };
}
extern "C" int start(int x) { shapes::Box<5> b{x}; return b.far(x) + shapes::Local()(x); }
