/* libc_malloc - blocks of every size are aligned, do not overlap, keep their
 * contents through realloc(), and can be had again after free(). */
#include "test.h"

#define NR	200

static uint8_t *block[NR];
static size_t size[NR];

static size_t size_of(size_t i)
{
	return i < 150 ? i * 11 : (i - 149) * 5000;
}

static int wrong_bytes(int i)
{
	int wrong = 0;

	for (size_t n = 0; n < size[i]; n++)
		wrong += block[i][n] != (uint8_t)i;
	return wrong;
}

static int fill_all(void)
{
	int bad = 0;

	for (int i = 0; i < NR; i++) {
		size[i] = size_of(i);
		block[i] = malloc(size[i]);
		bad += !block[i] || (uintptr_t)block[i] % 16;
		if (block[i])
			memset(block[i], i, size[i]);
	}
	return bad;
}

/* Grow each and fill it to its new end, which is in nobody's way. */
static int grow_all(void)
{
	int wrong = 0;

	for (int i = 0; i < NR; i++) {
		block[i] = realloc(block[i], size[i] + 13);
		wrong += wrong_bytes(i);
		size[i] += 13;
		memset(block[i], i, size[i]);
	}
	for (int i = 0; i < NR; i++)
		wrong += wrong_bytes(i);
	return wrong;
}

static int wrong_alignments(void)
{
	int wrong = 0;
	void *p;

	for (size_t align = 1; align <= 65536; align *= 2) {
		p = aligned_alloc(align, 100);
		wrong += !p || (uintptr_t)p % align;
		if (p)
			memset(p, 1, 100);
		p = realloc(p, 1000);
		wrong += !p || *(char *)p != 1;
		free(p);
	}
	return wrong;
}

TEST(libc_malloc)
{
	uint32_t *zeros;
	int wrong = 0;

	CHECK_EQ(fill_all(), 0, "blocks-aligned");
	for (int i = 0; i < NR; i++)
		wrong += wrong_bytes(i);
	CHECK_EQ(wrong, 0, "blocks-apart");
	CHECK_EQ(grow_all(), 0, "realloc-keeps");
	for (int i = 0; i < NR; i++)
		free(block[i]);
	for (int round = 0; round < 20000; round++)
		free(malloc(50000));
	zeros = calloc(100, 4);
	for (int i = 0; i < 100; i++)
		wrong += zeros[i];
	CHECK_EQ(wrong, 0, "calloc-clears");
	free(zeros);
	CHECK_EQ(wrong_alignments(), 0, "aligned");
	CHECK(!malloc(SIZE_MAX) && errno == ENOMEM, "too-much");
	CHECK(!calloc(SIZE_MAX / 2, 4) && errno == ENOMEM, "overflow");
	CHECK(!aligned_alloc(4096, SIZE_MAX - 100), "aligned-overflow");
	free(NULL);
}
