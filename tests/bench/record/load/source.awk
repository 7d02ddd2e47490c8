# Writes `n` C functions that keep a compiler busy.
BEGIN {
	for (i = 0; i < n; i++) {
		printf "struct s%d { int a[16]; double b; struct s%d *next; };\n", i, i
		printf "double f%d(struct s%d *s, int n) {\n  double v = 0;\n", i, i
		for (k = 0; k < 12; k++) {
			printf "  for (int i = %d; i < n; i += %d) {\n", k, k + 1
			printf "    if (s->a[i & 15] > %d) v += s->b * s->a[(i * %d) & 15]; else s->a[i & 15] ^= i << %d;\n", k * i, k + 3, k
			printf "    switch (s->a[%d] & 7) { case 0: v *= 2; break; case 1: v -= i; break; case 2: s = s->next; break; default: v++; }\n  }\n", k
		}
		printf "  return v;\n}\n"
	}
}
