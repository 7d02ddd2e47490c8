// Fuzz target: any bytes as heap and growth profiles, whatever their first line says.
#include "legacy_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return try_format(heap_read, data, size); }
