/* yes.c - the same line for ever, or until nobody wants to read it. */
#include "stdio.h"

int main(int argc, char *argv[])
{
	while (printf("%s\n", argc > 1 ? argv[1] : "y") > 0)
		;
	return 0;
}
