/* The mode is changed in the two steps of the manual, and the table of local
 * vectors masked before the APIC is enabled. */
void apic_init_core(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	base |= APIC_BASE_EN;
	wrmsr(MSR_APIC_BASE, base);
	base |= APIC_BASE_EXTD;
	wrmsr(MSR_APIC_BASE, base);
	wrmsr(X2APIC_TPR, 0);
	wrmsr(X2APIC_ESR, 0);
	for (uint32_t msr = X2APIC_LVT_LAST; msr >= X2APIC_LVT; msr--)
		wrmsr(msr, LVT_MASKED);
	wrmsr(X2APIC_SPURIOUS, VEC_SPURIOUS | SPURIOUS_ENABLE);
}
