// Fuzz target: any bytes as Go's counting profiles, whatever their first line says.
#include "legacy_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return try_format(count_read, data, size); }
