/* bcryptprimitives.dll for Wine, which has none: the source of random bytes that programs made with Rust ask for. */
#include <stddef.h>
unsigned char __stdcall SystemFunction036(void *bytes, unsigned long count);  /* RtlGenRandom */
int __stdcall ProcessPrng(void *bytes, size_t count) { return SystemFunction036(bytes, (unsigned long)count); }
