// Feeds the files of folders to a fuzz target, for machines without libFuzzer and for every test run. What goes wrong
// ends the program: the last name printed is the file that did it.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EXIT_SKIPPED = 77 };

// A buffer of exactly the file's size, so that a sanitizer sees a read behind it.
static int feed(const char *path) {
  int rc = -1;
  uint8_t *data = NULL;
  FILE *f = fopen(path, "rb");
  if (!f || fseek(f, 0, SEEK_END)) goto done;
  long size = ftell(f);
  if (size < 0 || fseek(f, 0, SEEK_SET)) goto done;
  data = malloc(size ? (size_t)size : 1);
  if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) goto done;
  LLVMFuzzerTestOneInput(data, (size_t)size);
  rc = 0;
done:
  if (rc) perror(path);
  if (f) fclose(f);
  free(data);
  return rc;
}

int main(int argc, char **argv) {
  unsigned passed = 0, failed = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
  for (int i = 1; i < argc; i++) {
    struct dirent **entry = NULL;
    int n = scandir(argv[i], &entry, NULL, alphasort);
    for (int k = 0; k < n; k++) {
      struct buf path = {0};
      buf_addf(&path, "%s/%s", argv[i], entry[k]->d_name);
      if (entry[k]->d_name[0] != '.' && !path.failed) {
        puts(entry[k]->d_name);
        if (feed(path.data)) failed++;
        else passed++;
      }
      buf_release(&path);
      free(entry[k]);
    }
    free(entry);
  }
  if (passed + failed == 0) {
    puts("skipped: no corpus");
    return EXIT_SKIPPED;
  }
  printf("%u passed, %u failed\n", passed, failed);
  return failed ? 1 : 0;
}
