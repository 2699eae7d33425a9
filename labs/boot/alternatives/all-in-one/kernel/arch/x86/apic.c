/* The interrupt command is put together in a variable first. */
static void icr_write(uint32_t apicid, uint64_t command)
{
	uint64_t icr = apicid;

	icr <<= 32;
	icr |= command;
	ipi_fence();
	wrmsr(X2APIC_ICR, icr);
}

void apic_send_ipi(uint32_t apicid, uint8_t vector)
{
	uint64_t icr = apicid;

	icr = icr << 32 | vector;
	ipi_fence();
	wrmsr(X2APIC_ICR, icr);
}
