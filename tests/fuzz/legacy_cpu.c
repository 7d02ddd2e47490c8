// Fuzz target: any bytes as gperftools CPU profiles, whatever their first line says.
#include "legacy_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return try_format(cpu_read, data, size); }
