/* true.c - the shortest program: it succeeds. */
int main(void)
{
	return 0;
}
