/* Asks the instruction itself. */
static void cpu_require_x2apic(void)
{
	uint32_t have = cpuid(1, 0).ecx;

	if (have & ECX1_X2APIC)
		return;
	panic("ev6 needs x2APIC: start QEMU with -cpu max,+x2apic; without "
	      "KVM that takes QEMU 9.0 or newer");
}
