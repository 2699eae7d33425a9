/*
 * page.c - the buddy allocator.
 *
 * Every frame, that is, page of physical memory, has one byte of state.  The
 * byte of a block's first frame says whether the block is free and its order;
 * the others say that they are not the first.  A block's buddy is the other
 * half of the block of twice the size, and found by flipping one bit of the
 * frame number: two free buddies are always merged.
 *
 * A free block holds its own list links, and after them a pattern that nobody
 * should change: whoever writes to memory after freeing it is caught when the
 * block is next taken.
 *
 * Memory becomes blocks only when those that there are do not suffice: until
 * then it is a range that nobody has touched, and costs the host nothing.
 */
#include "mm/page.h"

#include "lib/panic.h"
#include "lib/string.h"
#include "sync/atomic.h"
#include "sync/spinlock.h"

#define BOOT_MAPPED	(4UL << 30)

/* State of a frame.  Zero, as the table begins, is memory that is not ours. */
#define FRAME_FREE	0x80	/* | order: a free block begins here */
#define FRAME_USED	0x40	/* | order: an allocated block begins here */
#define FRAME_INSIDE	0x20	/* in either kind of block, not its first */

#define POISON		0xfee1deadfee1deadUL
#define POISON_WORDS	6

struct free_block {
	struct free_block *next;
	struct free_block **link;	/* what points to us */
	uint64_t	poison[POISON_WORDS];
};

static struct spinlock page_lock = SPINLOCK_INIT("page", RANK_PAGE);

/* Fixed after page_init(). */
static uint8_t *frames;
static uint64_t nr_frames;

/* page_lock: */
static struct free_block *free_lists[PAGE_MAX_ORDER + 1];
static uint64_t nr_free;
static uint64_t nr_total;
static struct untouched {
	uint64_t frame;			/* the next to become part of a block */
	uint64_t end;
} untouched[2 * BOOT_MAX_RANGES];	/* ascending */
static uint32_t nr_untouched;

static uint64_t frame_of(const void *va)
{
	return va_to_pa(va) >> PAGE_SHIFT;
}

static void block_put(uint64_t frame, unsigned int order)
{
	struct free_block *b = pa_to_va(frame << PAGE_SHIFT);

	frames[frame] = FRAME_FREE | order;
	for (int i = 0; i < POISON_WORDS; i++)
		b->poison[i] = POISON;
	b->next = free_lists[order];
	b->link = &free_lists[order];
	if (b->next)
		b->next->link = &b->next;
	free_lists[order] = b;
}

static void block_take(struct free_block *b, uint8_t new_state)
{
	for (int i = 0; i < POISON_WORDS; i++)
		if (b->poison[i] != POISON)
			panic("page %p was written to after it was freed", b);
	*b->link = b->next;
	if (b->next)
		b->next->link = b->link;
	frames[frame_of(b)] = new_state;
}

/* Free a block whose first frame has no state yet, and merge it upward. */
static void block_free(uint64_t frame, unsigned int order)
{
	uint64_t buddy;

	nr_free += 1UL << order;
	frames[frame] = FRAME_INSIDE;
	for (; order < PAGE_MAX_ORDER; order++) {
		buddy = frame ^ 1UL << order;
		if (buddy >= nr_frames || frames[buddy] != (FRAME_FREE | order))
			break;
		block_take(pa_to_va(buddy << PAGE_SHIFT), FRAME_INSIDE);
		frame &= ~(1UL << order);
	}
	block_put(frame, order);
}

/* Make blocks of [start, end): from the top, so that the lowest is on the
 * list's head and goes out first. */
static void range_add(uint64_t start, uint64_t end)
{
	unsigned int order;

	while (end > start) {
		order = __builtin_ctzl(end | 1UL << PAGE_MAX_ORDER);
		while (end - start < 1UL << order)
			order--;
		end -= 1UL << order;
		memset(frames + end, FRAME_INSIDE, 1UL << order);
		block_free(end, order);
	}
}

/* Make blocks of the lowest memory that is none yet, up to where a block of
 * the largest size ends.  False: all of it is. */
static bool grow_locked(void)
{
	const uint64_t max = 1UL << PAGE_MAX_ORDER;
	struct untouched *u = untouched;
	uint64_t start, end;

	assert(spin_held(&page_lock));
	while (u < untouched + nr_untouched && u->frame == u->end)
		u++;
	if (u == untouched + nr_untouched)
		return false;
	start = u->frame;
	end = (start + max) & -max;
	if (end > u->end)
		end = u->end;
	u->frame = end;
	nr_free -= end - start;		/* block_free() counts it again */
	range_add(start, end);
	return true;
}

/* Where the table of frames goes: the start of the first range it fits in. */
static paddr_t frames_place(const struct bootinfo *bi, size_t size)
{
	for (uint32_t i = 0; i < bi->nr_free; i++)
		if (bi->free[i].end - bi->free[i].start >= size &&
		    bi->free[i].start + size <= BOOT_MAPPED)
			return bi->free[i].start;
	panic("no room for %zu bytes about page frames: give QEMU more -m",
	      size);
}

/* Add what @bi has free in [from, to). */
static void window_add(const struct bootinfo *bi, paddr_t from, paddr_t to)
{
	uint64_t flags = spin_lock_irqsave(&page_lock);
	paddr_t start, end;

	for (uint32_t i = 0; i < bi->nr_free; i++) {
		start = bi->free[i].start < from ? from : bi->free[i].start;
		end = bi->free[i].end > to ? to : bi->free[i].end;
		if (start == va_to_pa(frames))
			start += (nr_frames + PAGE_SIZE - 1) & -PAGE_SIZE;
		if (start >= end)
			continue;
		untouched[nr_untouched++] = (struct untouched){
			.frame = start >> PAGE_SHIFT,
			.end = end >> PAGE_SHIFT,
		};
		nr_free += (end - start) >> PAGE_SHIFT;
		nr_total += (end - start) >> PAGE_SHIFT;
	}
	spin_unlock_irqrestore(&page_lock, flags);
}

void page_init(const struct bootinfo *bi)
{
	nr_frames = bi->ram_end >> PAGE_SHIFT;
	frames = pa_to_va(frames_place(bi, nr_frames));
	memset(frames, 0, nr_frames);
	window_add(bi, 0, BOOT_MAPPED);
}

void page_init_high(const struct bootinfo *bi)
{
	window_add(bi, BOOT_MAPPED, bi->ram_end);
}

/* The order of the smallest free block of at least @order; if there is none,
 * more than PAGE_MAX_ORDER. */
static unsigned int order_find(unsigned int order)
{
	while (order <= PAGE_MAX_ORDER && !free_lists[order])
		order++;
	return order;
}

void *page_alloc(unsigned int order)
{
	uint64_t flags = spin_lock_irqsave(&page_lock);
	unsigned int have = order_find(order);
	struct free_block *b = NULL;
	uint64_t frame;

	while (have > PAGE_MAX_ORDER && grow_locked())
		have = order_find(order);
	if (have <= PAGE_MAX_ORDER) {
		b = free_lists[have];
		frame = frame_of(b);
		block_take(b, FRAME_USED | order);
		while (have-- > order)
			block_put(frame + (1UL << have), have);
		nr_free -= 1UL << order;
	}
	spin_unlock_irqrestore(&page_lock, flags);
	return b;
}

void *page_alloc_zeroed(unsigned int order)
{
	void *va = page_alloc(order);

	if (va)
		memset(va, 0, PAGE_SIZE << order);
	return va;
}

void page_free(void *va, unsigned int order)
{
	uint64_t flags = spin_lock_irqsave(&page_lock);

	if (page_order(va) != order)
		panic("page_free(%p, %u): its order is %u", va, order,
		      page_order(va));
	block_free(frame_of(va), order);
	spin_unlock_irqrestore(&page_lock, flags);
}

unsigned int page_order(const void *va)
{
	uint64_t frame = frame_of(va);

	if ((uintptr_t)va % PAGE_SIZE || frame >= nr_frames ||
	    !(frames[frame] & FRAME_USED))
		panic("%p is not an allocated page", va);
	return frames[frame] & ~FRAME_USED;
}

uint64_t page_free_count(void)
{
	return read_once(nr_free);
}

uint64_t page_total_count(void)
{
	return read_once(nr_total);
}
