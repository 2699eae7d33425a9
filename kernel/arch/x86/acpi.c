/*
 * acpi.c - what the firmware's tables say about the machine.
 *
 * Tables are found by following physical addresses.  An address, a length or
 * a checksum that cannot be right makes a table absent; entries are copied
 * out after their length has been held against what is left of the table.
 */
#include "arch/x86/acpi.h"

#include "lib/panic.h"
#include "lib/string.h"

#define TABLES_END	(4UL << 30)	/* the boot page tables' end */
#define TABLE_MAX	(1UL << 20)	/* no table is larger */

#define MADT_LAPIC	0
#define MADT_IOAPIC	1
#define MADT_OVERRIDE	2
#define MADT_X2APIC	9

#define CORE_ENABLED	1

struct rsdp {
	char		signature[8];
	uint8_t		checksum;	/* of the first 20 bytes */
	char		oem[6];
	uint8_t		revision;	/* below 2 it ends after rsdt */
	uint32_t	rsdt;
	uint32_t	length;
	uint64_t	xsdt;
	uint8_t		checksum_all;
	uint8_t		reserved[3];
} __attribute__((packed));
#define RSDP_V1_SIZE	20

struct table {
	char		signature[4];
	uint32_t	length;		/* with this header */
	uint8_t		revision;
	uint8_t		checksum;
	char		oem[6];
	char		oem_table[8];
	uint32_t	oem_revision;
	uint32_t	creator;
	uint32_t	creator_revision;
	uint8_t		body[];
} __attribute__((packed));

/* Where the fields that we want are, from the start of the table. */
#define MADT_ENTRIES	44
#define FADT_PM1A_CNT	64
#define FADT_PM_TMR	76

struct madt_entry {
	uint8_t		type;
	uint8_t		length;
	union {
		struct {
			uint8_t		acpi_id;
			uint8_t		apicid;
			uint32_t	flags;
		} __attribute__((packed)) lapic;
		struct {
			uint16_t	reserved;
			uint32_t	apicid;
			uint32_t	flags;
			uint32_t	acpi_id;
		} __attribute__((packed)) x2apic;
		struct {
			uint8_t		id;
			uint8_t		reserved;
			uint32_t	address;
			uint32_t	gsi_base;
		} __attribute__((packed)) ioapic;
		struct {
			uint8_t		bus;
			uint8_t		irq;
			uint32_t	gsi;
			uint16_t	flags;
		} __attribute__((packed)) override;
	};
} __attribute__((packed));

struct acpi acpi;

static bool sum_is_zero(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint8_t sum = 0;

	while (len--)
		sum += *bytes++;
	return sum == 0;
}

/* The whole and unharmed table at @pa, or NULL. */
static const struct table *table_at(paddr_t pa)
{
	const struct table *t = pa_to_va(pa);

	if (!pa || pa > TABLES_END - sizeof(*t))
		return NULL;
	if (t->length < sizeof(*t) || t->length > TABLE_MAX ||
	    t->length > TABLES_END - pa)
		return NULL;
	return sum_is_zero(t, t->length) ? t : NULL;
}

static bool table_is(const struct table *t, const char *signature)
{
	return t && !memcmp(t->signature, signature, sizeof(t->signature));
}

/* The XSDT, or the RSDT of old firmware; *@width gets its pointers' size. */
static const struct table *root_table(paddr_t pa, size_t *width)
{
	struct rsdp rsdp;
	const struct table *t = NULL;

	if (!pa || pa > TABLES_END - sizeof(rsdp))
		return NULL;
	memcpy(&rsdp, pa_to_va(pa), sizeof(rsdp));
	if (memcmp(rsdp.signature, "RSD PTR ", sizeof(rsdp.signature)) ||
	    !sum_is_zero(&rsdp, RSDP_V1_SIZE))
		return NULL;
	*width = sizeof(uint64_t);
	if (rsdp.revision >= 2 && sum_is_zero(&rsdp, sizeof(rsdp)))
		t = table_at(rsdp.xsdt);
	if (table_is(t, "XSDT"))
		return t;
	*width = sizeof(uint32_t);
	t = table_at(rsdp.rsdt);
	return table_is(t, "RSDT") ? t : NULL;
}

/* The table that the root knows under @signature, or NULL. */
static const struct table *table_find(const struct table *root, size_t width,
				      const char *signature)
{
	size_t end = root->length - sizeof(*root);

	for (size_t at = 0; at + width <= end; at += width) {
		const struct table *t;
		paddr_t pa = 0;

		memcpy(&pa, root->body + at, width);
		t = table_at(pa);
		if (table_is(t, signature))
			return t;
	}
	return NULL;
}

/* A core may be listed in both of its forms; once is enough. */
static void core_add(uint32_t apicid, uint32_t flags)
{
	if (!(flags & CORE_ENABLED))
		return;
	for (uint32_t i = 0; i < acpi.nr_cores; i++) {
		if (acpi.apicids[i] == apicid)
			return;
	}
	if (acpi.nr_cores == MAX_CORES)
		panic("more than %d cores", MAX_CORES);
	acpi.apicids[acpi.nr_cores++] = apicid;
}

static void madt_entry(const struct madt_entry *e)
{
	switch (e->type) {
	case MADT_LAPIC:
		core_add(e->lapic.apicid, e->lapic.flags);
		break;
	case MADT_X2APIC:
		core_add(e->x2apic.apicid, e->x2apic.flags);
		break;
	case MADT_IOAPIC:
		if (acpi.ioapic)
			break;
		acpi.ioapic = e->ioapic.address;
		acpi.gsi_base = e->ioapic.gsi_base;
		break;
	case MADT_OVERRIDE:
		if (e->override.irq >= ISA_IRQS)
			break;
		acpi.isa[e->override.irq].gsi = e->override.gsi;
		acpi.isa[e->override.irq].flags = e->override.flags;
		break;
	}
}

static void madt_read(const struct table *madt)
{
	const uint8_t *bytes = (const uint8_t *)madt;
	uint32_t at = MADT_ENTRIES;

	/* An entry of a length that cannot be ends the list. */
	while (at + 2 <= madt->length) {
		struct madt_entry e = { 0 };
		uint32_t len = bytes[at + 1];

		if (len < 2 || len > madt->length - at)
			break;
		memcpy(&e, bytes + at, len < sizeof(e) ? len : sizeof(e));
		madt_entry(&e);
		at += len;
	}
}

/* The port in the 32-bit field at @offset of the FADT. */
static uint16_t fadt_port(const struct table *fadt, uint32_t offset)
{
	uint32_t port = 0;

	if (offset + sizeof(port) <= fadt->length)
		memcpy(&port, (const uint8_t *)fadt + offset, sizeof(port));
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

void acpi_init(paddr_t rsdp)
{
	const struct table *root, *madt, *fadt;
	size_t width;

	for (uint32_t i = 0; i < ISA_IRQS; i++)
		acpi.isa[i].gsi = i;
	root = root_table(rsdp, &width);
	if (!root)
		panic("no ACPI tables: ev6 learns of its cores from them");
	madt = table_find(root, width, "APIC");
	if (!madt)
		panic("no MADT among the ACPI tables, so no list of cores");
	madt_read(madt);
	fadt = table_find(root, width, "FACP");
	if (!fadt)
		return;
	acpi.pm1_control = fadt_port(fadt, FADT_PM1A_CNT);
	acpi.pm_timer = fadt_port(fadt, FADT_PM_TMR);
}
