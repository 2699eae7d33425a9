/* false.c - a program that fails: its status goes all the way out of QEMU. */
int main(void)
{
	return 1;
}
