/* crc32.h - the checksum of zlib, Ethernet and our records. */
#pragma once

#include "abi/types.h"

/* The checksum of @len bytes at @data. */
uint32_t crc32(const void *data, size_t len);
